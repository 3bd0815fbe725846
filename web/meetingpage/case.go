package meetingpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/casework/action"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// caseView is one case on the sheet with what the meeting can record of it.
type caseView struct {
	meeting.Case
	person frame.Person
	owners []ui.Option // of a new action
	leads  []account.Person
	visits rag.Settings
	today  clock.Date

	runs, decides, contributes bool

	sent   *form.Form // the block that was sent and not accepted; nil on GET
	block  string     // which one
	stale  bool
	hidden ui.FormHidden
}

// CasePage is one case on the sheet.
func CasePage(c *page.Ctx) error { return drawCase(c, nil, "", false) }

// drawCase draws the case, with the block that was sent as it was typed.
func drawCase(c *page.Ctx, sent *form.Form, block string, stale bool) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (caseView, audit.Seen, error) {
		return readCase(ctx, q, id, n)
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	v.sent, v.block, v.stale, v.hidden = sent, block, stale, c.Hidden()
	chrome := c.Chrome(v.person.Name()+", record sheet", sent)
	chrome.Wide = true
	chrome.Crumbs = []ui.Link{{Text: "Meetings", Href: "/meetings"}, {Text: caption(v.Meeting), Href: at(id, "")}, {Text: "Record sheet", Href: at(id, sheetPart)}, {Text: v.person.Name()}}
	switch {
	case stale:
		return c.Stale(casePage(chrome, v))
	case sent != nil:
		return c.Redraw(casePage(chrome, v))
	}
	return c.Render(casePage(chrome, v))
}

func caseOf(c *page.Ctx) (ref.MeetingID, ref.NominalID, error) {
	id, err := idOf(c)
	if err != nil {
		return 0, 0, err
	}
	n, err := page.ID[ref.NominalID](c, "nominal")
	return id, n, err
}

func readCase(ctx context.Context, q *db.ReadTx, id ref.MeetingID, n ref.NominalID) (caseView, audit.Seen, error) {
	v := caseView{today: q.Today()}
	var err error
	if v.Case, err = meeting.CaseOf(ctx, q, id, n); err != nil {
		return v, audit.Nobody(), err
	}
	if v.person, err = frame.Load(ctx, q, n); err != nil {
		return v, audit.Nobody(), err
	}
	actor := q.Actor()
	open := v.Meeting.State() == meeting.StateOpen
	v.runs = open && actor.MayIn(authz.RunMeetings, int64(v.Area))
	v.decides = open && actor.MayIn(authz.Decide, int64(v.Area))
	v.contributes = open && (v.Standing.Guest || actor.MayIn(authz.Contribute, int64(v.Area)))
	if v.decides {
		if err := v.offer(ctx, q); err != nil {
			return v, audit.Nobody(), err
		}
	}
	return v, v.person.Seen(), nil
}

// offer fills in what the forms offer to choose from.
func (v *caseView) offer(ctx context.Context, q db.Querier) error {
	agencies, err := agency.Current(ctx, q, q.Today())
	if err != nil {
		return err
	}
	people, err := account.People(ctx, q, v.Area, action.Owners()...)
	if err != nil {
		return err
	}
	for _, a := range agencies {
		v.owners = append(v.owners, ui.Option{Value: ref.Text(a.ID) + "-0", Text: a.Name + ": nobody named yet"})
		for _, p := range people {
			if p.Agency == a.ID {
				v.owners = append(v.owners, ui.Option{Value: ref.Text(a.ID) + "-" + ref.Text(p.ID), Text: a.Name + ": " + p.Name})
			}
		}
	}
	days, err := area.Number(ctx, q, v.Area, area.AmberVisitDays)
	if err != nil {
		return err
	}
	v.visits = rag.Settings{AmberVisitDays: days}
	v.leads, err = registration.Leaders(ctx, q, v.Area)
	return err
}

// prev and next are the neighbours in the running order; empty at the ends.
func (v caseView) prev() string {
	if v.At == 0 {
		return ""
	}
	return caseAt(v.Meeting.ID, v.Order[v.At-1].Nominal, "")
}

func (v caseView) next() string {
	if v.At+1 == len(v.Order) {
		return ""
	}
	return caseAt(v.Meeting.ID, v.Order[v.At+1].Nominal, "")
}

// running is the running order beside the case.
func (v caseView) running() []ui.NavItem {
	var items []ui.NavItem
	for i, l := range v.Order {
		item := ui.NavItem{Text: l.Name, Href: caseAt(v.Meeting.ID, l.Nominal, ""), Current: i == v.At}
		if l.Done {
			item.Number = "done"
		}
		items = append(items, item)
	}
	return items
}

// post is the address of a block of this case.
func (v caseView) post(block string) string { return caseAt(v.Meeting.ID, v.Item.Nominal, block) }

// changed is what the record has since the last meeting, in one line.
func (v caseView) changed() string {
	if v.Before == nil {
		return "What the record holds"
	}
	return "Since the meeting of " + v.Before.HeldOn.Long()
}

// shortNews is how much of what changed is shown at once.
const shortNews = 6

// recent are the latest ratings, for the history on the sheet.
func (v caseView) recent() []review.Rating { return v.Ratings[:min(len(v.Ratings), 5)] }
