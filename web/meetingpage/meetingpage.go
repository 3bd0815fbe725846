// Package meetingpage is the pages of a meeting: planned, agreed, attended,
// signed for, written on the sheet case by case, closed, and minuted.
package meetingpage

import (
	"strconv"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/web/page"
	"iom/web/ui"
)

// at is the address of a page of a meeting, as at(7, "agenda").
func at(id ref.MeetingID, rest string) string {
	if rest == "" {
		return "/meetings/" + ref.Text(id)
	}
	return "/meetings/" + ref.Text(id) + "/" + rest
}

// caseAt is the address of a case on the sheet, or of a form on its page.
func caseAt(id ref.MeetingID, n ref.NominalID, rest string) string {
	path := at(id, "sheet/"+ref.Text(n))
	if rest == "" {
		return path
	}
	return path + "/" + rest
}

func idOf(c *page.Ctx) (ref.MeetingID, error) { return page.ID[ref.MeetingID](c, "id") }

// signFirst leads whoever has not signed for the meeting to its confidentiality
// statement (R62); any other error stays what it is.
func signFirst(c *page.Ctx, id ref.MeetingID, err error) error {
	if meeting.IsUnsigned(err) {
		return c.SeeOther(at(id, "sign"), "")
	}
	return err
}

// seen is whom a list of cases shows.
func seen(items []meeting.Item) audit.Seen {
	ids := make([]ref.NominalID, len(items))
	for i, item := range items {
		ids[i] = item.Nominal
	}
	return audit.Listed(ids)
}

// The parts of a meeting, by the last part of their address.
const (
	overviewPart   = ""
	agendaPart     = "agenda"
	attendancePart = "attendance"
	sheetPart      = "sheet"
	minutesPart    = "minutes"

	orderPart       = "agenda/order"
	frequenciesPart = "agenda/frequencies"
)

// nav are the parts of a meeting that there are by now, for this person.
func nav(m meeting.Meeting, s meeting.Standing, current string) []ui.NavItem {
	items := []ui.NavItem{{Text: "Meeting", Href: at(m.ID, "")}, {Text: "Agenda", Href: at(m.ID, agendaPart)}}
	if s.Runs {
		items = append(items, ui.NavItem{Text: "Attendance", Href: at(m.ID, attendancePart)})
	}
	if m.CancelledAt == nil {
		items = append(items, ui.NavItem{Text: "Written updates", Href: at(m.ID, updatesPart)})
		if s.Attends {
			items = append(items, ui.NavItem{Text: "Papers", Href: at(m.ID, papersPart)})
		}
	}
	if m.OpenedAt != nil {
		items = append(items, ui.NavItem{Text: "Record sheet", Href: at(m.ID, sheetPart)}, ui.NavItem{Text: "Minutes", Href: at(m.ID, minutesPart)})
	}
	if m.ClosedAt != nil && s.Runs {
		items = append(items, ui.NavItem{Text: "Circulation", Href: at(m.ID, circulationPart)})
	}
	if m.Kind == meeting.Practitioners && !s.Guest {
		items = append(items, ui.NavItem{Text: "Diary of the week", Href: at(m.ID, diaryPart)})
	}
	for i := range items {
		items[i].Current = items[i].Href == at(m.ID, current)
	}
	return items
}

// caption is where and when a meeting is held.
func caption(m meeting.Meeting) string {
	return m.AreaName + ", " + m.HeldOn.Long() + " at " + m.Starts
}

// chairs names who is in the chair.
func chairs(m meeting.Meeting) string {
	if m.JointName == "" {
		return m.ChairName
	}
	return m.ChairName + " and " + m.JointName
}

func stateTag(s meeting.State) (text, colour string) {
	switch s {
	case meeting.StatePlanned:
		return "Planned", "blue"
	case meeting.StateOpen:
		return "Open", "green"
	case meeting.StateClosed:
		return "Closed, minutes to approve", "yellow"
	case meeting.StateApproved:
		return "Minutes approved", "grey"
	}
	return "Cancelled", "red"
}

// since says since when a rule has put a case on the agenda or, for what falls due
// between this meeting and the next, from when it does.
func since(r meeting.Reason, heldOn clock.Date) string {
	if r.Since.After(heldOn) {
		return "from " + r.Since.Long()
	}
	return "since " + r.Since.Long()
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
