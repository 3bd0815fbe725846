package meetingpage

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type agendaView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	items    []meeting.Item
	rule     string      // show only the cases of this rule
	others   []ui.Option // people of the area who are not on the agenda
	form     *form.Form
	hidden   ui.FormHidden
}

// Agenda is each case of the meeting with the rules that put it there.
func Agenda(c *page.Ctx) error { return drawAgenda(c, c.Form()) }

// AddCase puts a case on the agenda by hand.
func AddCase(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	n, why := decodeAdd(f)
	if f.OK() {
		err := meeting.Add(c.Context(), c.DB, c.Submission(), id, n, why)
		if err == nil {
			return c.SeeOther(at(id, agendaPart), "Case added to the agenda")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawAgenda(c, f)
}

func decodeAdd(f *form.Form) (ref.NominalID, string) {
	return ref.NominalID(f.ID("case", "Case", form.Required)), f.Prose("reason", "Reason", form.Required)
}

func drawAgenda(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (agendaView, audit.Seen, error) {
		v := agendaView{rule: c.Query("rule"), form: f}
		var err error
		if v.meeting, v.items, err = meeting.Items(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		if v.mayAdd() {
			v.others, err = others(ctx, q, v)
		}
		return v, seen(v.items), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	if !f.IsSubmitted() {
		decodeAdd(f)
	}
	v.hidden = c.Hidden()
	chrome := c.Chrome("Agenda of "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f.IsSubmitted() {
		return c.Redraw(agendaPage(chrome, v))
	}
	return c.Render(agendaPage(chrome, v))
}

func (v agendaView) mayAdd() bool {
	s := v.meeting.State()
	return v.standing.Runs && (s == meeting.StatePlanned || s == meeting.StateOpen)
}

// others are the people of the meeting's area who are not on the agenda, by name.
func others(ctx context.Context, q db.Querier, v agendaView) ([]ui.Option, error) {
	ids, err := meeting.PeopleOf(ctx, q, v.meeting)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(n ref.NominalID) bool {
		return slices.ContainsFunc(v.items, func(i meeting.Item) bool { return i.Nominal == n })
	})
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, n := range ids {
		options = append(options, ui.Option{Value: ref.Text(n), Text: names[n].Sorted()})
	}
	slices.SortFunc(options, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	return options, nil
}

// counts lead to the cases of one rule.
func (v agendaView) counts() []ui.Count {
	all := []ui.Count{{Number: len(v.items), Text: "all", Href: at(v.meeting.ID, agendaPart), Current: v.rule == ""}}
	for _, n := range meeting.Counts(v.items) {
		all = append(all, ui.Count{Number: n.Cases, Text: meeting.Heading(n.Rule), Href: at(v.meeting.ID, agendaPart) + "?rule=" + n.Rule, Current: v.rule == n.Rule})
	}
	return all
}

// shown are the cases of the rule that was asked for.
func (v agendaView) shown() []meeting.Item {
	if v.rule == "" {
		return v.items
	}
	var some []meeting.Item
	for _, i := range v.items {
		if i.Has(v.rule) {
			some = append(some, i)
		}
	}
	return some
}

// href is where a case leads: its place on the sheet once the meeting is open.
func (v agendaView) href(i meeting.Item) string {
	switch {
	case v.meeting.OpenedAt != nil:
		return caseAt(v.meeting.ID, i.Nominal, "")
	case i.Registration == 0 && i.Referral != 0 && !v.standing.Guest:
		return "/referrals/" + ref.Text(i.Referral)
	}
	return "/nominals/" + ref.Text(i.Nominal)
}

func ragOf(i meeting.Item) ui.RAG {
	if i.Rating == "" {
		return ui.RAG{Word: "Not registered"}
	}
	return ui.RAG{Code: string(i.Rating)}
}
