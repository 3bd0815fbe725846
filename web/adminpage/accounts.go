// Package adminpage is where administrators look after accounts and what they are
// granted, areas with their settings and priority groups, and agencies. It shows
// no case.
package adminpage

import (
	"context"
	"net/url"
	"slices"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// Index leads to the parts of administration.
func Index(c *page.Ctx) error {
	view, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v indexView, seen audit.Seen, err error) {
		seen = audit.Nobody()
		accounts, err := account.All(ctx, q)
		if err != nil {
			return v, seen, err
		}
		grants, err := account.CurrentGrants(ctx, q)
		if err != nil {
			return v, seen, err
		}
		for _, a := range accounts {
			switch {
			case a.Disabled():
			case len(grants[a.ID]) == 0:
				v.NoRole++
			case !a.HasPassword:
				v.NoPassword++
			}
		}
		v.Accounts = len(accounts)
		tree, err := area.Tree(ctx, q)
		if err != nil {
			return v, seen, err
		}
		v.Areas = len(tree)
		agencies, err := agency.Current(ctx, q, q.Today())
		v.Agencies = len(agencies)
		return v, seen, err
	})
	if err != nil {
		return err
	}
	return c.Render(indexPage(c.Chrome("Administration", nil), view))
}

type indexView struct{ Accounts, NoRole, NoPassword, Areas, Agencies int }

// listed is one account of the list.
type listed struct {
	account.Account
	Grants []account.Grant
}

// State is how the account stands, in a word.
func (l listed) State() string {
	switch {
	case l.Disabled():
		return "Disabled"
	case len(l.Grants) == 0:
		return "No role"
	case !l.HasPassword:
		return "No password yet"
	}
	return "In use"
}

// stateColour is the colour of that word.
func stateColour(state string) string {
	switch state {
	case "Disabled", "Ended", "Lapsed":
		return "grey"
	case "No role", "No password yet", "Starts later":
		return "yellow"
	}
	return "green"
}

var states = []string{"In use", "No role", "No password yet", "Disabled"}

type listView struct {
	Accounts []listed
	Total    int
	Areas    []area.Area
	Agencies []agency.Agency
	Applied  []ui.Applied
}

// Accounts lists who can sign in. Its filter holds no names, so that none stands
// in an address.
func Accounts(c *page.Ctx) error {
	f := form.Submitted(c.R.URL.Query())
	role := f.Choice("role", "Role", form.Optional, roleValues()...)
	at := ref.AreaID(f.ID("area", "Area", form.Optional))
	of := ref.AgencyID(f.ID("agency", "Agency", form.Optional))
	state := f.Choice("state", "State", form.Optional, states...)
	view, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v listView, seen audit.Seen, err error) {
		seen = audit.Nobody()
		if v.Areas, err = area.Tree(ctx, q); err != nil {
			return v, seen, err
		}
		if v.Agencies, err = agency.All(ctx, q); err != nil {
			return v, seen, err
		}
		accounts, err := account.All(ctx, q)
		if err != nil {
			return v, seen, err
		}
		grants, err := account.CurrentGrants(ctx, q)
		v.Total = len(accounts)
		for _, a := range accounts {
			l := listed{a, grants[a.ID]}
			if (state == "" || l.State() == state) && l.holds(role, at, of) {
				v.Accounts = append(v.Accounts, l)
			}
		}
		return v, seen, err
	})
	if err != nil {
		return err
	}
	view.Applied = applied(c.R.URL.Query(), view, role, at, of, state)
	chrome := c.Chrome("Accounts", nil)
	chrome.Wide = true
	return c.Render(accountsPage(chrome, view, f))
}

// holds says whether one grant of the account fits everything that was asked for.
func (l listed) holds(role string, at ref.AreaID, of ref.AgencyID) bool {
	if role == "" && at == 0 && of == 0 {
		return true
	}
	return slices.ContainsFunc(l.Grants, func(g account.Grant) bool {
		return (role == "" || string(g.Role) == role) && (at == 0 || g.Area == at) && (of == 0 || g.Agency == of)
	})
}

func applied(query url.Values, v listView, role string, at ref.AreaID, of ref.AgencyID, state string) (all []ui.Applied) {
	add := func(name, text string) {
		rest := url.Values{}
		for key, values := range query {
			if key != name {
				rest[key] = values
			}
		}
		all = append(all, ui.Applied{Text: text, Without: "/admin/accounts?" + rest.Encode()})
	}
	if role != "" {
		add("role", authz.Role(role).Word())
	}
	if a, ok := area.Find(v.Areas, at); ok {
		add("area", a.Path)
	}
	for _, a := range v.Agencies {
		if a.ID == of && of != 0 {
			add("agency", a.Name)
		}
	}
	if state != "" {
		add("state", state)
	}
	return all
}

func roleValues() []string {
	values := make([]string, len(authz.Roles))
	for i, r := range authz.Roles {
		values[i] = string(r)
	}
	return values
}

// roleOptions are the roles with what each may do.
func roleOptions(hints bool) []ui.Option {
	options := make([]ui.Option, len(authz.Roles))
	for i, r := range authz.Roles {
		options[i] = ui.Option{Value: string(r), Text: r.Word()}
		if hints {
			options[i].Hint = roleHints[r]
		}
	}
	return options
}

var roleHints = map[authz.Role]string{
	authz.Coordinator:   "Runs the meetings and keeps the records of the area; reads everything in it",
	authz.Chair:         "Chairs the meetings and decides; approves the minutes",
	authz.Police:        "Records contacts, custody and intelligence; can raise RED ALERT. Only in a police agency",
	authz.Probation:     "Records contacts, custody and sentences; reads health and drug tests. Only in a probation agency",
	authz.Partner:       "A core member of another agency: refers, records contacts, has actions",
	authz.Guest:         "Sees only the cases that they are invited for",
	authz.Analyst:       "Reads numbers, and nobody's identity",
	authz.Auditor:       "Reads the log",
	authz.Administrator: "Looks after accounts and settings, and sees no case",
}

func areaOptions(all []area.Area) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, a := range all {
		options[i] = ui.Option{Value: ref.Text(a.ID), Text: a.Path}
		if a.Kind == area.Force {
			options[i].Text += " (whole force)"
		}
	}
	return options
}

func agencyOptions(all []agency.Agency) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, a := range all {
		options[i] = ui.Option{Value: ref.Text(a.ID), Text: a.Name}
	}
	return options
}
