package meeting_test

import (
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// TestHowLongAMeetingUsuallyTakes: R52. Two hours, R53 one hour, and never into the next
// day, where nobody says otherwise.
func TestHowLongAMeetingUsuallyTakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         meeting.Kind
		starts, want string
	}{
		{meeting.Operational, "10:00", "12:00"}, {meeting.Operational, "09:45", "11:45"}, {meeting.Operational, "21:59", "23:59"}, {meeting.Operational, "22:00", "23:59"},
		{meeting.Practitioners, "09:30", "10:30"}, {meeting.Practitioners, "23:15", "23:59"}, {meeting.Operational, "", ""}, {meeting.Operational, "9", ""},
	} {
		if got := c.kind.UsualEnd(c.starts); got != c.want {
			t.Errorf("a %s meeting from %q ends at %q, want %q", c.kind, c.starts, got, c.want)
		}
	}
}

// TestWhenAMeetingEndsForACalendar: R52. By the clocks of London: 10:00 is 09:00 UTC in
// summer, and a meeting over the night on which they change ends at the hour that was
// said. On 29 March 2026 the clocks leave out 01:00 to 02:00, on 25 October they have it
// twice.
func TestWhenAMeetingEndsForACalendar(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind         meeting.Kind
		on           clock.Date
		starts, ends string
		from, to     string
	}{
		"as was said, in summer":        {meeting.Operational, clock.NewDate(2026, 6, 2), "10:00", "13:30", "20260602T090000Z", "20260602T123000Z"},
		"as was said, in winter":        {meeting.Operational, clock.NewDate(2026, 12, 1), "10:00", "13:30", "20261201T100000Z", "20261201T133000Z"},
		"nothing was said":              {meeting.Operational, clock.NewDate(2026, 6, 2), "10:00", "", "20260602T090000Z", "20260602T110000Z"},
		"nothing said by practitioners": {meeting.Practitioners, clock.NewDate(2026, 6, 2), "09:30", "", "20260602T083000Z", "20260602T093000Z"},
		"the clocks go forward":         {meeting.Operational, clock.NewDate(2026, 3, 29), "00:30", "02:30", "20260329T003000Z", "20260329T013000Z"},
		"the clocks go back":            {meeting.Operational, clock.NewDate(2026, 10, 25), "00:30", "02:30", "20261024T233000Z", "20261025T023000Z"},
		"an end that is left out":       {meeting.Operational, clock.NewDate(2026, 3, 29), "00:50", "01:20", "20260329T005000Z", "20260329T012000Z"},
	} {
		m := meeting.Meeting{ID: 7, AreaName: "East", Kind: c.kind, HeldOn: c.on, Starts: c.starts, Ends: c.ends, Version: 1, Place: "Hub"}
		_, all := events(t, meeting.CalendarFile(m, "https://iom.example.org", stamp))
		e := all["meeting-7@iom.example.org"]
		if from, to := property(e, ics.ComponentPropertyDtStart), property(e, ics.ComponentPropertyDtEnd); from != c.from || to != c.to {
			t.Errorf("%s: %s to %s, want %s to %s", name, from, to, c.from, c.to)
		}
		if start, end := m.Span(); !end.After(start) {
			t.Errorf("%s: it ends at %s, not after %s", name, end, start)
		}
	}
}

// TestTheEndIsKept: R52. A meeting planned by itself and those of a series have the end
// that was said, a change keeps what it was, and moving the end of a meeting of a series
// needs a reason as moving its start does.
func TestTheEndIsKept(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	ctx, co := t.Context(), d.as(authz.Coordinator)
	first := d.get(d.slots()[0].Meeting)
	if first.Hours() != "10:00 to 12:00" {
		t.Errorf("a meeting of a series without an end is %s", first.Hours())
	}
	terms := d.terms(1, time.Tuesday)
	terms.From, terms.Ends = clock.NewDate(2026, 7, 1), "12:45"
	must(t, meeting.ChangeSeries(ctx, d.DB, co, d.id, 1, terms, "The agenda has grown"))
	if june, july := d.get(d.slots()[0].Meeting), d.get(d.slots()[1].Meeting); june.Ends != "12:00" || july.Ends != "12:45" {
		t.Errorf("after the change June ends at %s and July at %s, want 12:00 and 12:45", june.Ends, july.Ends)
	}
	july := d.get(d.slots()[1].Meeting)
	change := meeting.New{HeldOn: july.HeldOn, Starts: july.Starts, Ends: "15:00", Place: july.Place, Chair: july.Chair}
	if err := meeting.Change(ctx, d.DB, co, july.ID, july.Version, change); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "reason" {
		t.Errorf("another end without a reason: %v", err)
	}
	change.Reason = "Two referrals more"
	must(t, meeting.Change(ctx, d.DB, co, july.ID, july.Version, change))
	if n := d.scan(`SELECT count(*) FROM meeting_change WHERE meeting_id = $1 AND ends = '12:45'`, july.ID); n != 1 {
		t.Errorf("the end before the change is kept %d times", n)
	}
	alone, err := meeting.Plan(ctx, d.DB, co, meeting.New{Area: d.East, Kind: meeting.Practitioners, HeldOn: clock.NewDate(2026, 6, 5), Starts: "14:00", Ends: "14:20",
		Place: "Hub", Chair: d.account(authz.Chair)})
	must(t, err)
	if m := d.get(alone); m.Hours() != "14:00 to 14:20" {
		t.Errorf("a meeting planned by itself is %s", m.Hours())
	}
}
