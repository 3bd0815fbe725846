package meetingpage

import (
	"context"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type signView struct {
	meeting   meeting.Meeting
	standing  meeting.Standing
	statement meeting.Statement
	receipt   meeting.Attendee // of who has signed
	stale     bool
	form      *form.Form
	hidden    ui.FormHidden
}

// SignPage is the confidentiality statement of the meeting, or the receipt of who
// has signed it.
func SignPage(c *page.Ctx) error { return drawSign(c, c.Form(), false) }

// Sign puts the name under the statement.
func Sign(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	as := f.Line("signed_as", "Your name", form.Required)
	if f.OK() {
		sign, done, next := meeting.Sign, "Confidentiality statement signed", ""
		if c.R.PostFormValue("to") == toRead {
			sign, done, next = meeting.Accept, "Confidentiality statement accepted", minutesPart
		}
		err := sign(c.Context(), c.DB, c.Submission(), id, c.Version(), as)
		if err == nil {
			return c.SeeOther(at(id, next), done)
		}
		if fault.KindOf(err) == fault.Stale {
			return drawSign(c, f, true)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawSign(c, f, false)
}

func drawSign(c *page.Ctx, f *form.Form, stale bool) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (signView, audit.Seen, error) {
		v := signView{form: f, stale: stale}
		var err error
		if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		if !v.standing.Signed && !v.standing.Reads {
			v.statement, err = meeting.StatementFor(ctx, q, v.meeting.Area)
			return v, audit.Nobody(), err
		}
		v.statement.Text, v.receipt, _, err = meeting.SignedBy(ctx, q, id)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	if !f.IsSubmitted() {
		f.Line("signed_as", "Your name", form.Required)
	}
	v.hidden = c.Hidden(v.statement.ID)
	if f.IsSubmitted() && !stale {
		v.hidden = c.Hidden(c.Version()) // of the words that were read, not of those of now
	}
	chrome := c.Chrome("Confidentiality statement", f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	switch {
	case stale:
		return c.Stale(signPage(chrome, v))
	case f.IsSubmitted():
		return c.Redraw(signPage(chrome, v))
	}
	return c.Render(signPage(chrome, v))
}

// paragraphs are the statement as it is shown.
func paragraphs(text string) []string { return strings.Split(text, "\n\n") }

// mayStill says that a signature is taken now.
func (v signView) mayStill() bool {
	s := v.meeting.State()
	return v.standing.Attends && !v.standing.Signed && (s == meeting.StatePlanned || s == meeting.StateOpen)
}

// mayRead says that the statement is accepted now, to read the closed meeting.
func (v signView) mayRead() bool {
	s := v.standing
	return s.Attends && !s.Guest && !s.Signed && !s.Reads && v.meeting.ClosedAt != nil
}

// toRead marks the form with which the statement is accepted after the closing.
const toRead = "read"

// reading are the inputs of that form.
func (v signView) reading() ui.FormHidden {
	h := v.hidden
	h.Extra = []ui.Hidden{{Name: "to", Value: toRead}}
	return h
}

// before is the heading over the statement.
func (v signView) before() string {
	if v.mayRead() {
		return "Before you read what this meeting recorded"
	}
	return "Before you open any case of this meeting"
}

// mayApologise says that the person can say now that they cannot come, or that they
// can after all.
func (v signView) mayApologise() bool {
	return v.standing.Attends && v.meeting.State() == meeting.StatePlanned
}

// why says why no signature is taken.
func (v signView) why() string {
	switch {
	case !v.standing.Attends:
		return "You are not on the list of attendees of this meeting, so you cannot sign for it. Ask the co-ordinator to invite you."
	case v.meeting.State() == meeting.StateCancelled:
		return "The meeting was cancelled."
	}
	return "The meeting has been closed. No signature is taken any more, and its cases stay closed to who has not signed."
}

func (v signView) signed() string {
	text := "Signed as "
	if v.standing.Reads {
		text = "Accepted, to read the minutes of the closed meeting, as "
	}
	text += v.receipt.SignedAs + " on " + v.receipt.SignedAt.In(clock.London).Format("2 January 2006 at 15:04")
	if v.receipt.Witness != "" {
		text += ", witnessed by " + v.receipt.Witness
	}
	return text
}

// StatementPage is the form for the area's own words.
func StatementPage(c *page.Ctx) error { return drawStatement(c, c.Form()) }

// SaveStatement gives the area of the meeting new words to sign.
func SaveStatement(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	m, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, audit.Seen, error) {
		m, err := meeting.Get(ctx, q, id)
		return m, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	f := c.Form()
	text := f.Prose("text", "Statement", form.Required)
	if f.OK() {
		err := meeting.Restate(c.Context(), c.DB, c.Submission(), m.Area, text)
		if err == nil {
			return c.SeeOther(at(id, "sign"), "Statement changed")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawStatement(c, f)
}

func drawStatement(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	m, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, audit.Seen, error) {
		m, err := meeting.Get(ctx, q, id)
		if err != nil {
			return m, audit.Nobody(), err
		}
		statement, err := meeting.StatementFor(ctx, q, m.Area)
		if !f.IsSubmitted() {
			f.Set("text", statement.Text)
			f.Prose("text", "Statement", form.Required)
		}
		return m, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome("Change the confidentiality statement", f)
	chrome.Back = ui.Link{Href: at(id, "sign")}
	if f.IsSubmitted() {
		return c.Redraw(statementPage(chrome, m, f, c.Hidden()))
	}
	return c.Render(statementPage(chrome, m, f, c.Hidden()))
}
