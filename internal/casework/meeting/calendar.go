package meeting

import (
	"context"
	"net/url"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Span is the moments at which a meeting starts and ends by the clocks of London, also on
// the night on which they change.
func (m Meeting) Span() (start, end time.Time) {
	from, err := time.Parse("15:04", m.Starts)
	if err != nil { // held by a constraint
		return m.HeldOn.Start(), m.HeldOn.Start()
	}
	start = m.HeldOn.At(from.Hour(), from.Minute())
	to, err := time.Parse("15:04", endOf(m.Kind, m.Starts, m.Ends))
	if err != nil {
		return start, start
	}
	if end = m.HeldOn.At(to.Hour(), to.Minute()); !end.After(start) { // an hour that the clocks leave out
		end = start.Add(to.Sub(from))
	}
	return start, end
}

// Hours are when a meeting starts and ends, in words.
func (m Meeting) Hours() string { return m.Starts + " to " + endOf(m.Kind, m.Starts, m.Ends) }

// sequence tells a calendar which of two files about the meeting is the later one: it
// grows with each change, and with the cancellation.
func (m Meeting) sequence() int {
	n := int(m.Version) - 1
	if m.CancelledAt != nil {
		n++
	}
	return n
}

// CalendarFile is a meeting as a file that a calendar takes (RFC 5545): to be put in, to
// be brought up to date, or to be taken out when the meeting was cancelled. It is
// published and not requested, since it is fetched from the page and no answer is
// expected by mail. It says what, when and where, and leads to the meeting; it names
// nobody and no case. origin is that of the site.
func CalendarFile(m Meeting, origin string, now time.Time) []byte {
	method := ics.MethodPublish
	if m.CancelledAt != nil {
		method = ics.MethodCancel
	}
	cal := newCalendar(method)
	addEvent(cal, m, origin, now)
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

// Subscription is what a calendar program gets that asks an address of its own: the
// meetings of the last three months and all that are planned. Those cancelled are in it,
// so that they are taken out.
func Subscription(meetings []Meeting, origin string, now time.Time) []byte {
	cal := newCalendar(ics.MethodPublish)
	cal.SetXWRCalName("IOM meetings")
	cal.SetRefreshInterval("PT4H", ics.WithValue("DURATION"))
	cal.SetXPublishedTTL("PT4H")
	for _, m := range meetings {
		addEvent(cal, m, origin, now)
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

func newCalendar(method ics.Method) *ics.Calendar {
	cal := ics.NewCalendar()
	cal.SetProductId("-//IOM casework//Meetings//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(method)
	return cal
}

// addEvent writes times in UTC, which every program reads alike: a meeting at 10:00 in
// London is 09:00 in summer.
func addEvent(cal *ics.Calendar, m Meeting, origin string, now time.Time) {
	host := "localhost"
	if u, err := url.Parse(origin); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	e := cal.AddEvent("meeting-" + ref.Text(m.ID) + "@" + host)
	e.SetDtStampTime(now)
	start, end := m.Span()
	e.SetStartAt(start)
	e.SetEndAt(end)
	e.SetSummary(plainLine(m.Kind.Title() + ", " + m.AreaName))
	e.SetLocation(plainLine(m.Place))
	e.SetURL(origin + "/meetings/" + ref.Text(m.ID))
	e.SetClass(ics.ClassificationPrivate)
	// RFC 5546 wants an organizer; ours has no address to answer to, and no name.
	e.SetOrganizer("invalid:nomail", ics.WithCN("IOM casework"))
	e.SetSequence(m.sequence())
	e.SetStatus(ics.ObjectStatusConfirmed)
	if m.CancelledAt != nil {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
}

// plainLine is a text without the characters that a calendar file cannot hold.
func plainLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
}

// ForCalendar are the meetings that the actor's calendar shows: those to which the actor
// is invited, and of who runs meetings those of the areas. The right to each lasts as
// long as a role in its area does.
func ForCalendar(ctx context.Context, q db.Querier) ([]Meeting, error) {
	actor := q.Actor()
	areas := []int64{}
	for _, g := range actor.Grants {
		if g.Role.Has(authz.AttendMeetings) {
			areas = append(areas, g.Areas...)
		}
	}
	return meetings(ctx, q, ` AND (m.area_id = ANY ($4) OR EXISTS (SELECT FROM meeting_attendee t WHERE t.meeting_id = m.id AND t.account_id = $2))
		AND EXISTS (SELECT FROM area_under u WHERE u.area_id = m.area_id AND u.under_id = ANY ($5))
		AND m.held_on >= $6 ORDER BY m.held_on, m.starts, m.id LIMIT 2000`,
		actor.AreasFor(authz.RunMeetings), areas, q.Today().AddMonths(-3))
}

// day0 is before every meeting.
var day0 = clock.Date{Year: 1, Month: 1, Day: 1}
