package meetingpage

import (
	"context"
	"strconv"
	"time"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

const circulationPart = "circulation"

type circulateView struct {
	meeting    meeting.Meeting
	standing   meeting.Standing
	deadline   meeting.Deadline
	candidates []meeting.Candidate
	sent       []meeting.Circulation
	form       *form.Form
	hidden     ui.FormHidden
	again      func() ui.FormHidden
	today      clock.Date
}

// Circulation is what went out after a meeting and to whom, and the form to circulate.
func Circulation(c *page.Ctx) error {
	f := c.Form()
	decodeCirculation(f)
	return drawCirculation(c, f)
}

// Circulate sends plans and actions, or the minutes.
func Circulate(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	kind, purpose, to := decodeCirculation(f)
	if f.OK() {
		_, err := meeting.Circulate(c.Context(), c.DB, c.Submission(), id, kind, purpose, to)
		if err == nil {
			return c.SeeOther(at(id, circulationPart), "Circulated. The messages are on their way")
		}
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	return drawCirculation(c, f)
}

func decodeCirculation(f *form.Form) (kind, purpose string, to []ref.AccountID) {
	kind = f.Choice("kind", "What is circulated", form.Required, meeting.Plans, meeting.MinutesPapers)
	purpose = f.Prose("purpose", "Purpose", form.Optional)
	for _, id := range f.IDs("recipient", "Recipients") {
		to = append(to, ref.AccountID(id))
	}
	return kind, purpose, to
}

// CirculateAgain has one message tried anew.
func CirculateAgain(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	message := f.ID("message", "The message", form.Required)
	if f.OK() {
		err := meeting.SendAgain(c.Context(), c.DB, c.Submission(), id, message)
		if err == nil {
			return c.SeeOther(at(id, circulationPart), "The message is tried again")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	decodeCirculation(form.Blank())
	return drawCirculation(c, f)
}

func drawCirculation(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (circulateView, audit.Seen, error) {
		v := circulateView{form: f, today: q.Today(), again: func() ui.FormHidden { return c.Hidden() }}
		var err error
		if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		if v.sent, err = meeting.Circulations(ctx, q, v.meeting); err != nil { // for those who run it
			return v, audit.Nobody(), err
		}
		if v.candidates, err = meeting.Candidates(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		deadlines, err := meeting.Deadlines(ctx, q, []meeting.Meeting{v.meeting})
		v.deadline = deadlines[id]
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	if !f.IsSubmitted() {
		f.Set("purpose", "To carry out the plans and actions that the meeting agreed")
		f.Set("kind", v.next())
		var all []string
		for _, x := range v.candidates {
			if x.State != "absent" {
				all = append(all, ref.Text(x.Account))
			}
		}
		f.Set("recipient", all...)
	}
	v.hidden = c.Hidden()
	chrome := c.Chrome("Circulation", f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f.IsSubmitted() {
		return c.Redraw(circulatePage(chrome, v))
	}
	return c.Render(circulatePage(chrome, v))
}

// kinds are what can go out now, each with when it went out last.
func (v circulateView) kinds() []ui.Option {
	options := []ui.Option{{Value: meeting.Plans, Text: "The updated plans and actions", Hint: "They need nobody’s approval (R64)" + v.wentOut(meeting.Plans)}}
	if v.meeting.ApprovedAt != nil {
		options = append(options, ui.Option{Value: meeting.MinutesPapers, Text: "The minutes, version " + strconv.Itoa(v.meeting.MinutesVersion),
			Hint: "Approved by " + v.meeting.ApprovedBy + " (R59)" + v.wentOut(meeting.MinutesPapers)})
	}
	return options
}

// last is the latest circulation of a kind, of minutes that of the version that stands;
// ok is false when there was none.
func (v circulateView) last(kind string) (last meeting.Circulation, ok bool) {
	for _, c := range v.sent {
		if c.Kind == kind && (kind == meeting.Plans || c.Version == v.meeting.MinutesVersion) && (!ok || c.At.After(last.At)) {
			last, ok = c, true
		}
	}
	return last, ok
}

func (v circulateView) wentOut(kind string) string {
	if c, ok := v.last(kind); ok {
		return ". Circulated on " + stamp(c.At)
	}
	return ""
}

// next is what the page offers first: the plans, and the minutes once only they have not
// gone out.
func (v circulateView) next() string {
	_, plans := v.last(meeting.Plans)
	_, minutes := v.last(meeting.MinutesPapers)
	if plans && !minutes && v.meeting.ApprovedAt != nil {
		return meeting.MinutesPapers
	}
	return meeting.Plans
}

// recipients are the people to choose from, with how each would get it.
func (v circulateView) recipients() []ui.Option {
	var options []ui.Option
	for _, c := range v.candidates {
		hint := c.AgencyName + ". "
		switch {
		case !c.Signed && c.Because == "has an action":
			hint += "Has an action. Was not at the meeting: no case, and a link to the application"
		case !c.Signed:
			hint += "Has not signed the statement: gets no case"
		case c.Address == "":
			hint += "No address: reads it here"
		case c.Secure:
			hint += "By mail, with the file"
		default:
			hint += "By mail, a link only: not a secure domain"
		}
		if c.Because == "guest" {
			hint += ". Guest: the named cases alone"
		}
		options = append(options, ui.Option{Value: ref.Text(c.Account), Text: c.Name, Hint: hint})
	}
	return options
}

// mailWords say what has become of a message.
func mailWords(s mail.Status) (text, colour string) {
	switch s.State {
	case mail.Sent:
		return "Sent on " + stamp(s.Since), "green"
	case mail.Failed:
		if s.Code != 0 {
			return "Refused by the mail server (" + strconv.Itoa(s.Code) + ") on " + stamp(s.Since), "red"
		}
		return "Not sent: no usable address, the account is disabled, or nothing may be sent to it any more", "red"
	case mail.Unknown:
		return "Not known whether it arrived, " + stamp(s.Since), "orange"
	}
	if s.Tries == 0 {
		return "Waiting since " + stamp(s.Since), "blue"
	}
	return "Waiting since " + stamp(s.Since) + ": the mail server could not take it, tried " + count(s.Tries, "time", "times"), "yellow"
}

// may says that somebody can have the message tried again.
func mayAgain(s mail.Status) bool { return s.State == mail.Failed || s.State == mail.Unknown }

// openedWords say whether a recipient has opened it here.
func openedWords(r meeting.Received) string {
	switch {
	case r.ReadAt != nil && r.TakenAt != nil:
		return "Read on " + stamp(*r.ReadAt) + ", file taken on " + stamp(*r.TakenAt)
	case r.ReadAt != nil:
		return "Read on " + stamp(*r.ReadAt)
	case r.TakenAt != nil:
		return "File taken on " + stamp(*r.TakenAt)
	}
	return "Not opened yet"
}

func stamp(t time.Time) string { return t.In(clock.London).Format("2 January 2006, 15:04") }

type receivedView struct {
	meeting     meeting.Meeting
	circulation meeting.Circulation
	signed      bool
	parcel      meeting.Parcel
	hidden      [2]ui.FormHidden
}

func circulationOf(c *page.Ctx) (id ref.MeetingID, of ref.CirculationID, err error) {
	if id, err = idOf(c); err != nil {
		return 0, 0, err
	}
	of, err = page.ID[ref.CirculationID](c, "circulation")
	return id, of, err
}

// Received is what was circulated to somebody, before it is opened: no case is on it.
func Received(c *page.Ctx) error { return drawReceived(c, nil) }

func drawReceived(c *page.Ctx, f *form.Form) error {
	id, of, err := circulationOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (receivedView, audit.Seen, error) {
		var v receivedView
		var err error
		if v.meeting, v.circulation, err = meeting.ReceivedBy(ctx, q, id, of); err != nil {
			return v, audit.Nobody(), err
		}
		s, err := meeting.StandingIn(ctx, q, v.meeting)
		v.signed = s.Signed || s.Reads
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	v.hidden = [2]ui.FormHidden{c.Hidden(), c.Hidden()}
	v.hidden[0].Extra = []ui.Hidden{{Name: "as", Value: "page"}}
	v.hidden[1].Extra = []ui.Hidden{{Name: "as", Value: "file"}}
	chrome := c.Chrome(meeting.CirculationTitle(v.circulation.Kind)+" of "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f != nil {
		return c.Redraw(receivedPage(chrome, v))
	}
	return c.Render(receivedPage(chrome, v))
}

// OpenReceived writes down that a recipient opens it, and gives the page or the file.
func OpenReceived(c *page.Ctx) error {
	id, of, err := circulationOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	as := c.R.PostFormValue("as") // of the button that was pressed: no field of the page
	file := as == "file"
	if !file && as != "page" {
		f.Fail("as", "Choose to open it here or to download it")
		return drawReceived(c, f)
	}
	if err := meeting.OpenReceived(c.Context(), c.DB, c.Submission(), id, of, file); err != nil {
		return err
	}
	if !file {
		return c.SeeOther(meeting.ReceivedPath(id, of)+"/copy", "")
	}
	v, err := parcelOf(c, id, of)
	if err != nil {
		return signFirst(c, id, err)
	}
	return download(c, v.parcel, v.meeting, v.circulation.By)
}

// ReceivedCopy is what was circulated, as far as the reader may see it now.
func ReceivedCopy(c *page.Ctx) error {
	id, of, err := circulationOf(c)
	if err != nil {
		return err
	}
	v, err := parcelOf(c, id, of)
	if err == errNotOpened {
		return c.SeeOther(meeting.ReceivedPath(id, of), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	chrome := c.Chrome(meeting.CirculationTitle(v.circulation.Kind)+" of "+v.meeting.HeldOn.Long(), nil)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	return c.Render(copyPage(chrome, v))
}

// errNotOpened leads whoever comes straight to the copy to the page that opens it.
var errNotOpened = fault.Refuse("", "", "Open it first")

func parcelOf(c *page.Ctx, id ref.MeetingID, of ref.CirculationID) (receivedView, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (receivedView, audit.Seen, error) {
		var v receivedView
		var err error
		if v.meeting, v.circulation, err = meeting.ReceivedBy(ctx, q, id, of); err != nil {
			return v, audit.Nobody(), err
		}
		if has, err := meeting.HasOpened(ctx, q, of); err != nil || !has {
			return v, audit.Nobody(), orNotOpened(err)
		}
		v.parcel, err = meeting.ParcelOf(ctx, q, v.circulation)
		return v, audit.Listed(v.parcel.Nominals()), err
	})
}

func orNotOpened(err error) error {
	if err == nil {
		return errNotOpened
	}
	return err
}
