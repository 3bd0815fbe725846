package adminpage

import (
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/web/ui"
)

func stateOptions() []ui.Option {
	options := make([]ui.Option, len(states))
	for i, s := range states {
		options[i] = ui.Option{Value: s, Text: s}
	}
	return options
}

func passwordWord(a account.Account) string {
	switch {
	case !a.HasPassword:
		return "Not set yet"
	case a.MustChange:
		return "Set by somebody else; to be changed at the next sign-in"
	}
	return "Set"
}

func detailLinks(o one) []ui.Link {
	if !o.Manages {
		return nil
	}
	return []ui.Link{{Text: "Change", Href: accountPath(o.ID) + "/details"}}
}

func endRolePath(o one, g account.Grant) templ.SafeURL {
	return templ.SafeURL(accountPath(o.ID) + "/roles/" + ref.Text(g.ID) + "/end")
}

func dayOf(at time.Time) clock.Date { return clock.DateOf(at) }

func parentName(tree []area.Area, a area.Area) string {
	parent, _ := area.Find(tree, a.Parent)
	return parent.Name
}

// source says whose choice a setting is.
func (v areaView) source(key area.Key) string {
	h := v.held(key)
	switch h.Area {
	case 0:
		return "Nobody has chosen yet."
	case v.ID:
		return "Chosen here by " + h.By + " on " + clock.DateOf(h.At).Long() + "."
	}
	return "Chosen for " + h.In + " by " + h.By + " on " + clock.DateOf(h.At).Long() + "."
}
