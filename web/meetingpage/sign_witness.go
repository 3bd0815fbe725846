package meetingpage

import (
	"context"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type witnessView struct {
	meeting   meeting.Meeting
	statement meeting.Statement
	signers   []ui.Option // who has not signed
	stale     bool
	form      *form.Form
	hidden    ui.FormHidden
}

// WitnessPage is the statement on the device of who runs the meeting, for an attendee
// who signs there.
func WitnessPage(c *page.Ctx) error {
	f := c.Form()
	declareWitness(f)
	return drawWitness(c, f, false)
}

func declareWitness(f *form.Form) (who ref.AccountID, as string) {
	return ref.AccountID(f.ID("account", "Who signs", form.Required)), f.Line("signed_as", "Name", form.Required)
}

// Witness takes the signature.
func Witness(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	who, as := declareWitness(f)
	if f.OK() {
		err := meeting.Witness(c.Context(), c.DB, c.Submission(), id, c.Version(), who, as)
		if err == nil {
			return c.SeeOther(at(id, "witness"), "Signature of "+as+" witnessed")
		}
		if fault.KindOf(err) == fault.Stale {
			return drawWitness(c, f, true)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawWitness(c, f, false)
}

func drawWitness(c *page.Ctx, f *form.Form, stale bool) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (witnessView, audit.Seen, error) {
		v, err := readWitness(ctx, q, id)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	v.form, v.stale = f, stale
	v.hidden = c.Hidden(v.statement.ID)
	if f.IsSubmitted() && !stale {
		v.hidden = c.Hidden(c.Version()) // the statement that was read
	}
	chrome := c.Chrome("Sign on this device", f)
	chrome.Back = ui.Link{Text: "Back to attendance", Href: at(id, attendancePart)}
	switch {
	case stale:
		return c.Stale(witnessPage(chrome, v))
	case f.IsSubmitted():
		return c.Redraw(witnessPage(chrome, v))
	}
	return c.Render(witnessPage(chrome, v))
}

func readWitness(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (v witnessView, err error) {
	if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
		return v, err
	}
	if err := db.Must(q, authz.RunMeetings, int64(v.meeting.Area)); err != nil {
		return v, err
	}
	if v.statement, err = meeting.StatementFor(ctx, q, v.meeting.Area); err != nil {
		return v, err
	}
	all, err := meeting.Attendees(ctx, q, id)
	for _, a := range all {
		if a.SignedAt == nil && int64(a.Account) != q.Actor().Account {
			v.signers = append(v.signers, ui.Option{Value: ref.Text(a.Account), Text: a.Name + ", " + a.AgencyName})
		}
	}
	return v, err
}

// mayStill says that a signature is taken now.
func (v witnessView) mayStill() bool {
	s := v.meeting.State()
	return s == meeting.StatePlanned || s == meeting.StateOpen
}

func (v witnessView) why() string {
	if v.meeting.CancelledAt != nil {
		return "The meeting was cancelled."
	}
	return "The meeting has been closed. No signature is taken any more."
}
