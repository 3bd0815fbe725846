package meetingpage

import (
	"context"
	"strconv"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

type showView struct {
	meeting   meeting.Meeting
	standing  meeting.Standing
	attendees []meeting.Attendee
	items     []meeting.Item
	listed    bool // the actor may see the agenda
	missing   int
	agreed    bool // the chair has agreed the agenda
	sent      bool // it has been sent
	today     clock.Date
	deadline  meeting.Deadline // for circulation, of a closed one
}

// Show is a meeting with what comes next.
func Show(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (showView, audit.Seen, error) {
		v, err := readShow(ctx, q, id)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome(v.meeting.Kind.Title()+" of "+v.meeting.HeldOn.Long(), nil)
	chrome.Back = ui.Link{Text: "Back to meetings", Href: "/meetings"}
	return c.Render(showPage(chrome, v))
}

// readShow counts cases and names none.
func readShow(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (showView, error) {
	v := showView{today: q.Today()}
	var err error
	if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
		return v, err
	}
	if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
		return v, err
	}
	if v.attendees, err = meeting.Attendees(ctx, q, id); err != nil {
		return v, err
	}
	v.listed = v.standing.Signed || v.standing.Runs
	if v.listed && v.meeting.CancelledAt == nil {
		if _, v.items, err = meeting.Items(ctx, q, id); err != nil {
			return v, err
		}
	}
	if _, v.agreed, err = meeting.AgreedCopy(ctx, q, id); err != nil {
		return v, err
	}
	if _, v.sent, err = meeting.SentCopy(ctx, q, id); err != nil {
		return v, err
	}
	deadlines, err := meeting.Deadlines(ctx, q, []meeting.Meeting{v.meeting})
	if err != nil {
		return v, err
	}
	v.deadline = deadlines[id]
	if v.meeting.State() == meeting.StateOpen && v.standing.Signed {
		gaps, err := meeting.Missing(ctx, q, v.meeting)
		v.missing = len(gaps)
		return v, err
	}
	return v, nil
}

// next is the one thing that this person does next.
func (v showView) next() ui.Link {
	m, s := v.meeting, v.standing
	signs := s.Attends && !s.Signed && (m.State() == meeting.StatePlanned || m.State() == meeting.StateOpen)
	switch {
	case m.State() == meeting.StateCancelled:
		return ui.Link{}
	case signs:
		return ui.Link{Text: "Sign the confidentiality statement", Href: at(m.ID, "sign")}
	case m.State() == meeting.StatePlanned && s.Runs && !m.HeldOn.After(v.today):
		return ui.Link{Text: "Open the meeting", Href: at(m.ID, "open")}
	case m.State() == meeting.StatePlanned && v.listed:
		return ui.Link{Text: "Look at the agenda", Href: at(m.ID, agendaPart)}
	case !s.Signed:
		return ui.Link{}
	case m.State() == meeting.StateOpen && s.Runs && v.missing == 0:
		return ui.Link{Text: "Close the meeting", Href: at(m.ID, "close")}
	case m.State() == meeting.StateOpen:
		return ui.Link{Text: "Go to the record sheet", Href: at(m.ID, sheetPart)}
	case m.State() == meeting.StateClosed && s.Chairs:
		return ui.Link{Text: "Approve the minutes", Href: at(m.ID, minutesPart)}
	}
	return ui.Link{Text: "Read the minutes", Href: at(m.ID, minutesPart)}
}

// steps are the parts of a meeting in order, and how each stands.
func (v showView) steps() []ui.Task {
	m := v.meeting
	signed, called := 0, 0
	for _, a := range v.attendees {
		if a.SignedAt != nil {
			signed++
		}
		if a.State != "" {
			called++
		}
	}
	tasks := []ui.Task{
		{Name: "Agenda", Href: v.agendaHref(), Hint: "Built from the rules, kept as it stands when the meeting opens", Status: v.agendaStatus()},
		{Name: "Attendance", Href: v.attendanceHref(), Hint: "Members, guests for named cases, roll-call", Status: of(called, len(v.attendees), "called")},
		{Name: "Confidentiality", Href: v.signHref(), Hint: "Signed by every attendee before any case opens (R61)", Status: of(signed, len(v.attendees), "signed")},
	}
	sheet := ui.Task{Name: "Record sheet", Hint: "One case at a time", Status: "When the meeting is open"}
	if v.standing.Runs && m.State() == meeting.StatePlanned && !m.HeldOn.After(v.today) {
		sheet.Href, sheet.Status, sheet.Colour = at(m.ID, "open"), "Open the meeting", "blue"
	}
	minutes := ui.Task{Name: "Minutes", Hint: "Drafted from what was recorded, approved by the chair", Status: "When the meeting is closed"}
	if m.OpenedAt != nil {
		sheet.Href, sheet.Status, sheet.Colour = at(m.ID, sheetPart), "Open", "green"
		minutes.Href = at(m.ID, minutesPart)
	}
	if m.State() == meeting.StateOpen && v.standing.Signed {
		sheet.Status, sheet.Colour = count(v.missing, "thing missing", "things missing"), "yellow"
		if v.missing == 0 {
			sheet.Status, sheet.Colour = "Nothing missing", "green"
		}
	}
	if m.ClosedAt != nil {
		sheet.Status, sheet.Colour = "Closed", ""
		minutes.Status, minutes.Colour = "To approve", "yellow"
	}
	if m.ApprovedAt != nil {
		minutes.Status, minutes.Colour = "Approved", ""
	}
	tasks = append(tasks, sheet, minutes)
	if m.ClosedAt != nil && v.standing.Runs {
		circulation := ui.Task{Name: "Circulation", Hint: "Plans and actions within two days (R64), minutes when they are approved",
			Href: at(m.ID, circulationPart), Status: v.deadline.Words(v.today)}
		if v.deadline.On.IsZero() {
			circulation.Colour = "yellow"
		}
		if v.deadline.On.IsZero() && v.deadline.Late(v.today) > 0 {
			circulation.Colour = "red"
		}
		tasks = append(tasks, circulation)
	}
	return tasks
}

func (v showView) agendaHref() string {
	if v.listed {
		return at(v.meeting.ID, agendaPart)
	}
	return ""
}

func (v showView) agendaStatus() string {
	if !v.listed {
		return "After signing"
	}
	off := len(meeting.LeftOffOf(v.items))
	text := count(len(v.items)-off, "case", "cases")
	if off > 0 {
		text += ", " + strconv.Itoa(off) + " left off"
	}
	switch {
	case v.sent:
		text += ", sent"
	case v.agreed:
		text += ", agreed"
	}
	return text
}

func (v showView) attendanceHref() string {
	if v.standing.Runs {
		return at(v.meeting.ID, attendancePart)
	}
	return ""
}

func (v showView) signHref() string {
	if v.standing.Attends {
		return at(v.meeting.ID, "sign")
	}
	return ""
}

func of(n, all int, what string) string {
	return strconv.Itoa(n) + " of " + strconv.Itoa(all) + " " + what
}

// moment is a time as it is shown.
func moment(m meeting.Meeting) (opened, closed, approved, cancelled string) {
	const layout = "2 January 2006, 15:04"
	if m.OpenedAt != nil {
		opened = m.OpenedAt.In(clock.London).Format(layout) + " by " + m.OpenedBy
	}
	if m.ClosedAt != nil {
		closed = m.ClosedAt.In(clock.London).Format(layout) + " by " + m.ClosedBy
	}
	if m.ApprovedAt != nil {
		approved = m.ApprovedAt.In(clock.London).Format(layout) + " by " + m.ApprovedBy
	}
	if m.CancelledAt != nil {
		cancelled = m.CancelledAt.In(clock.London).Format(layout) + " by " + m.CancelledBy
	}
	return opened, closed, approved, cancelled
}

// signed counts who has signed.
func (v showView) signed() int {
	n := 0
	for _, a := range v.attendees {
		if a.SignedAt != nil {
			n++
		}
	}
	return n
}
