// Package escalationpage is the pages of what is taken to the Local IOM Delivery
// Group: the list, one escalation with what became of it, and raising one (R59, R60).
package escalationpage

import (
	"context"
	"slices"
	"strconv"

	"iom/internal/casework/area"
	"iom/internal/casework/escalation"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// listView is the escalations of one state in the reader's areas.
type listView struct {
	state   escalation.State
	tabs    []ui.NavItem
	rows    []escalation.Escalation
	names   map[ref.NominalID]nominal.Name
	areas   []ui.Option // to choose from; fewer than two: no choice
	form    *form.Form
	today   clock.Date
	mayOpen bool // may raise one
}

// List is the escalations that are open, answered, or closed.
func List(c *page.Ctx) error {
	state := escalation.State(c.Query("show"))
	if state != escalation.Answered && state != escalation.Closed {
		state = escalation.Open
	}
	chosen, _ := ref.Parse[ref.AreaID](c.Query("area"))
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (listView, audit.Seen, error) {
		return readList(ctx, q, state, chosen)
	})
	if err != nil {
		return err
	}
	v.form = form.Blank()
	v.form.Set("area", ref.Text(chosen))
	v.form.ID("area", "Area", form.Optional)
	return c.Render(listPage(c.Chrome("Escalations", nil), v))
}

func readList(ctx context.Context, q *db.ReadTx, state escalation.State, chosen ref.AreaID) (listView, audit.Seen, error) {
	v := listView{state: state, today: q.Today(), mayOpen: q.Actor().May(authz.RunMeetings)}
	all, err := escalation.List(ctx, q)
	if err != nil {
		return v, audit.Nobody(), err
	}
	tree, err := area.Tree(ctx, q)
	if err != nil {
		return v, audit.Nobody(), err
	}
	for _, a := range tree {
		if slices.ContainsFunc(all, func(e escalation.Escalation) bool { return e.Area == a.ID }) {
			v.areas = append(v.areas, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
		}
	}
	if chosen != 0 {
		all = slices.DeleteFunc(all, func(e escalation.Escalation) bool { return e.Area != chosen && e.Group != chosen })
	}
	for _, s := range []struct {
		state escalation.State
		text  string
	}{{escalation.Open, "Open"}, {escalation.Answered, "Answered"}, {escalation.Closed, "Closed"}} {
		href := "/escalations?show=" + string(s.state)
		if chosen != 0 {
			href += "&area=" + ref.Text(chosen)
		}
		v.tabs = append(v.tabs, ui.NavItem{Text: s.text, Href: href, Current: s.state == state,
			Number: strconv.Itoa(len(escalation.InState(all, s.state, v.today)))})
	}
	v.rows = escalation.InState(all, state, v.today)
	ids := []ref.NominalID{}
	for _, e := range v.rows {
		if e.Nominal != 0 {
			ids = append(ids, e.Nominal)
		}
	}
	v.names, err = nominal.Names(ctx, q, ids)
	return v, audit.Listed(ids), err
}

// about says whom or what an escalation is about.
func (v listView) about(e escalation.Escalation) string {
	if e.Nominal == 0 {
		return "Nobody in particular"
	}
	return v.names[e.Nominal].Sorted()
}

func at(id ref.EscalationID) string { return "/escalations/" + ref.Text(id) }

// short is the beginning of the issue, as the text of a link.
func short(text string) string {
	const most = 90
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

func groupName(e escalation.Escalation) string { return e.GroupName + " Local IOM Delivery Group" }
