package escalationpage

import (
	"context"
	"strings"

	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// oneView is one escalation with what can be done about it.
type oneView struct {
	escalation escalation.Escalation
	person     string
	may        bool              // the reader runs its meetings
	sitting    []meeting.Meeting // open meetings at which the reader can settle it, if it is not closed
	tell       *form.Form
	settle     *form.Form
	hidden     ui.FormHidden
	stale      bool
	today      clock.Date
}

// Show is one escalation.
func Show(c *page.Ctx) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	return c.Render(onePage(v.chrome(c, nil), v))
}

// Tell records what was heard from the delivery group.
func Tell(c *page.Ctx) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	f := c.Form()
	r := decodeReport(f, c.Today())
	v.tell = f
	if f.OK() {
		err = escalation.Tell(c.Context(), c.DB, c.Submission(), v.escalation.ID, c.Version(), r)
		if err == nil {
			return c.SeeOther(at(v.escalation.ID), "Recorded")
		}
	}
	return v.again(c, f, err, func(v *oneView) { v.tell = f })
}

// Settle records what an open meeting makes of it.
func Settle(c *page.Ctx) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	f := c.Form()
	at0, s := decodeSettlement(f)
	v.settle = f
	if f.OK() {
		err = meeting.SettleEscalation(c.Context(), c.DB, c.Submission(), at0, v.escalation.ID, c.Version(), s)
		if err == nil {
			return c.SeeOther(at(v.escalation.ID), "Recorded for the meeting")
		}
	}
	return v.again(c, f, err, func(v *oneView) { v.settle = f })
}

// again draws the page once more with what was typed: after a refusal, or because
// somebody recorded something since the page was opened.
func (v oneView) again(c *page.Ctx, f *form.Form, err error, put func(v *oneView)) error {
	if fault.KindOf(err) == fault.Stale {
		now, err := readOne(c)
		if err != nil {
			return err
		}
		put(&now)
		now.stale = true
		return c.Stale(onePage(now.chrome(c, nil), now))
	}
	if err := f.Take(err); err != nil {
		return err
	}
	v.hidden = c.Hidden(max(c.Version(), 0))
	return c.Redraw(onePage(v.chrome(c, f), v))
}

func (v oneView) chrome(c *page.Ctx, f *form.Form) ui.Chrome {
	chrome := c.Chrome("Escalation: "+short(v.escalation.Issue), f)
	chrome.Back = ui.Link{Text: "Back to escalations", Href: "/escalations"}
	return chrome
}

func readOne(c *page.Ctx) (oneView, error) {
	id, err := page.ID[ref.EscalationID](c, "id")
	if err != nil {
		return oneView{}, err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v oneView, seen audit.Seen, err error) {
		seen, v.today = audit.Nobody(), q.Today()
		if v.escalation, err = escalation.Get(ctx, q, id); err != nil {
			return v, seen, err
		}
		may := q.Actor().MayIn(authz.RunMeetings, int64(v.escalation.Area))
		if n := v.escalation.Nominal; n != 0 {
			names, err := nominal.Names(ctx, q, []ref.NominalID{n})
			if err != nil {
				return v, seen, err
			}
			v.person, seen = names[n].Sorted(), audit.Opened(n, v.escalation.Area)
			_, err = nominal.Must(ctx, q, n, authz.RunMeetings)
			may = err == nil
		}
		if v.may = may; may {
			v.sitting, err = meeting.Sitting(ctx, q, v.escalation)
		}
		return v, seen, err
	})
	v.tell, v.settle = form.Blank(), form.Blank()
	decodeReport(v.tell, v.today)
	if len(v.sitting) == 1 {
		v.settle.Set("meeting", ref.Text(v.sitting[0].ID))
	}
	decodeSettlement(v.settle)
	v.hidden = c.Hidden(v.escalation.Version())
	return v, err
}

// tells says whether the form for what was heard from the delivery group stands there.
// What was typed stays, even when somebody else has recorded the answer meanwhile.
func (v oneView) tells() bool {
	return v.may && (v.escalation.State() == escalation.Open || v.tell.IsSubmitted())
}

// settles says whether the form for what a meeting makes of it stands there. What was
// typed stays, even when somebody else has closed it meanwhile.
func (v oneView) settles() bool {
	return v.may && (v.settle.IsSubmitted() || len(v.sitting) > 0 && v.escalation.State() != escalation.Closed)
}

func decodeReport(f *form.Form, today clock.Date) escalation.Report {
	kinds := []string{}
	for _, k := range escalation.Reports {
		kinds = append(kinds, string(k))
	}
	r := escalation.Report{Kind: escalation.EntryKind(f.Choice("what", "What was heard", form.Required, kinds...))}
	answered := form.Need(r.Kind == escalation.Answer)
	r.Text = f.Prose("text", "In their words", form.Required)
	r.AnsweredBy = f.Line("answered_by", "Who answered for the group", answered)
	r.AnsweredOn = f.PastDate("answered_on", "Date of the answer", answered, today)
	return r
}

func decodeSettlement(f *form.Form) (ref.MeetingID, escalation.Settlement) {
	id := ref.MeetingID(f.ID("meeting", "Meeting", form.Required))
	s := escalation.Settlement{Kind: escalation.EntryKind(f.Choice("settle", "What the meeting does", form.Required, string(escalation.Closing), string(escalation.AskedAgain)))}
	s.Outcome = f.Prose("outcome", "Outcome", form.Required)
	s.AnswerBy = f.Date("again_by", "Answer asked for by", form.Need(s.Kind == escalation.AskedAgain))
	return id, s
}

func (v oneView) reports() []ui.Option {
	return []ui.Option{{Value: string(escalation.Acknowledged), Text: "The group has taken note"}, {Value: string(escalation.Progress), Text: "How it gets on"},
		{Value: string(escalation.Answer), Text: "The group’s answer", Reveal: answered(v.tell)}}
}

func (v oneView) settlements() []ui.Option {
	return []ui.Option{{Value: string(escalation.Closing), Text: "Closes it"},
		{Value: string(escalation.AskedAgain), Text: "Asks again", Reveal: againBy(v.settle)}}
}

func (v oneView) meetings() (all []ui.Option) {
	for _, m := range v.sitting {
		all = append(all, ui.Option{Value: ref.Text(m.ID), Text: m.AreaName + ", " + m.HeldOn.Long()})
	}
	return all
}

func (v oneView) stateText() (text, colour string) {
	switch v.escalation.State() {
	case escalation.Open:
		return "Open", "blue"
	case escalation.Answered:
		return "Answered, for the next meeting", "yellow"
	}
	return "Closed", "grey"
}

// entries are what became of it as a timeline, the latest first.
func (v oneView) entries() []ui.Entry {
	titles := map[escalation.EntryKind]string{escalation.Acknowledged: "Taken note of", escalation.Progress: "Progress", escalation.Answer: "Answered",
		escalation.AskedAgain: "Asked again", escalation.Closing: "Closed"}
	var all []ui.Entry
	e := v.escalation
	for i := len(e.Entries) - 1; i >= 0; i-- {
		x := e.Entries[i]
		entry := ui.Entry{Title: titles[x.Kind], By: x.By, When: x.At.In(clock.London).Format("2 January 2006, 15:04"), Stamp: x.At.UTC().Format("2006-01-02T15:04:05Z")}
		if x.Meeting != 0 {
			entry.Title += " by the meeting of " + x.HeldOn.Long()
		}
		lines := []string{x.Text}
		if x.Kind == escalation.Answer {
			lines = append(lines, "Answered on "+x.AnsweredOn.Long()+" by "+x.AnsweredBy)
		}
		if x.Kind == escalation.AskedAgain {
			lines = append(lines, "Answer asked for by "+x.AnswerBy.Long())
		}
		entry.Text = strings.Join(lines, "\n")
		all = append(all, entry)
	}
	raised := ui.Entry{Title: "Raised", By: e.RaisedBy, When: e.RaisedAt.In(clock.London).Format("2 January 2006, 15:04"), Stamp: e.RaisedAt.UTC().Format("2006-01-02T15:04:05Z")}
	if e.Meeting != 0 {
		raised.Title += " at the meeting of " + e.HeldOn.Long()
	}
	return append(all, raised)
}

func raisedOn(e escalation.Escalation) clock.Date { return clock.DateOf(e.RaisedAt) }
