package meetingpage

import (
	"context"
	"slices"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type apologiesView struct {
	meeting    meeting.Meeting
	standing   meeting.Standing
	me         meeting.Attendee
	colleagues []ui.Option
	updates    int // that are owed then, and not written
	form       *form.Form
	hidden     ui.FormHidden
}

// Apologies is where an attendee says beforehand that they cannot come.
func Apologies(c *page.Ctx) error {
	f := c.Form()
	declareApology(f)
	return drawApologies(c, f)
}

func declareApology(f *form.Form) meeting.Apology {
	return meeting.Apology{Instead: ref.AccountID(f.ID("instead", "Who comes instead", form.Optional)), Note: f.Line("note", "Note", form.Optional)}
}

// Apologise sends the apologies, or takes them back.
func Apologise(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	a := declareApology(f)
	back := f.Choice("come", "Answer", form.Optional, "yes") == "yes"
	if f.OK() {
		notice := "Your apologies are recorded"
		if back {
			notice, err = "You are expected at the meeting", meeting.Come(c.Context(), c.DB, c.Submission(), id)
		} else {
			err = meeting.Apologise(c.Context(), c.DB, c.Submission(), id, a)
		}
		if err := f.Take(err); err != nil {
			return err
		}
		if f.OK() {
			return c.SeeOther(at(id, apologiesPart), notice)
		}
	}
	return drawApologies(c, f)
}

func drawApologies(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (apologiesView, audit.Seen, error) {
		v, err := readApologies(ctx, q, id)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	v.form, v.hidden = f, c.Hidden()
	chrome := c.Chrome("Apologies for "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f.IsSubmitted() {
		return c.Redraw(apologiesPage(chrome, v))
	}
	return c.Render(apologiesPage(chrome, v))
}

func readApologies(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (v apologiesView, err error) {
	if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
		return v, err
	}
	if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
		return v, err
	}
	all, err := meeting.Attendees(ctx, q, id)
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(all, func(a meeting.Attendee) bool { return int64(a.Account) == q.Actor().Account })
	if i < 0 {
		return v, nil
	}
	v.me = all[i]
	u, err := meeting.UpdatesOf(ctx, q, id)
	if err != nil && !meeting.IsUnsigned(err) && fault.KindOf(err) != fault.Forbidden {
		return v, err
	}
	v.updates = u.Missing()
	if v.me.Guest {
		return v, nil
	}
	people, err := meeting.Colleagues(ctx, q, v.meeting, v.me.Account, v.me.Agency)
	for _, p := range people {
		v.colleagues = append(v.colleagues, ui.Option{Value: ref.Text(p.ID), Text: p.Name})
	}
	return v, err
}

// may says that the person can still say something.
func (v apologiesView) may() bool {
	return v.standing.Attends && v.meeting.State() == meeting.StatePlanned
}

func (v apologiesView) why() string {
	if !v.standing.Attends {
		return "You are not on the list of attendees of this meeting, so nobody expects you."
	}
	return "The meeting is not planned any more. Whoever runs it records who was there."
}

// comeBack are the inputs of the button that takes the apologies back.
func (v apologiesView) comeBack() ui.FormHidden {
	return ui.FormHidden{CSRF: v.hidden.CSRF, Key: v.hidden.Key, Extra: []ui.Hidden{{Name: "come", Value: "yes"}}}
}

// apology is what the person has said, a sentence each.
func (v apologiesView) apology() []string {
	said := []string{"You have sent your apologies."}
	if v.me.InsteadName != "" {
		said = append(said, v.me.InsteadName+" comes instead.")
	}
	if v.me.Note != "" {
		said = append(said, "Your note: "+v.me.Note)
	}
	return said
}

// alone says why nobody can be sent instead; empty where somebody can.
func (v apologiesView) alone() string {
	if v.me.Guest {
		return "A guest is invited by name and sends nobody else."
	}
	if len(v.colleagues) == 0 {
		return "Nobody else of " + v.me.AgencyName + " works in this area, so nobody can come instead of you."
	}
	return ""
}
