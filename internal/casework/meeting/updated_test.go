package meeting_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/action"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// R70: risk factors and interventions are updated each month. Of a meeting on 4 June
// with the next on 2 July, by hand: what was updated on 1 June is a month old on
// 1 July, before the next; on 2 June it is so on the day of the next.
func TestWhatHasNotBeenUpdatedForAMonth(t *testing.T) {
	t.Parallel()
	on, next := clock.NewDate(2026, 6, 4), clock.NewDate(2026, 7, 2)
	for _, c := range []struct {
		what  string
		last  clock.Date
		stale bool
	}{
		{"R70 never", clock.Date{}, true},
		{"R70 a month before the meeting", clock.NewDate(2026, 5, 4), true},
		{"R70 on 1 June", clock.NewDate(2026, 6, 1), true},
		{"R70 on 2 June", clock.NewDate(2026, 6, 2), false},
		{"R70 on the day of the meeting", on, false},
	} {
		if got := meeting.NotUpdated(meeting.Updated{RisksOn: c.last, InterventionsOn: on}, on, next); (len(got) == 1 && got[0].What == "Risk factors" && got[0].Last == c.last) != c.stale {
			t.Errorf("%s: %v", c.what, got)
		}
		if got := meeting.NotUpdated(meeting.Updated{RisksOn: on, InterventionsOn: c.last}, on, next); (len(got) == 1 && got[0].What == "Interventions") != c.stale {
			t.Errorf("%s, interventions: %v", c.what, got)
		}
	}
}

// Property, R70: what is updated at every meeting is never stale; what is passed over at
// one is named there whenever the days from its update to the next meeting are more than
// any month has.
func TestUpdatedAtEachMeetingIsNeverStale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := today.AddDays(rapid.IntRange(0, 400).Draw(t, "on"))
		next := on.AddDays(rapid.IntRange(1, 40).Draw(t, "next"))
		last := on.AddDays(-rapid.IntRange(0, 60).Draw(t, "before"))
		got := len(meeting.NotUpdated(meeting.Updated{RisksOn: last, InterventionsOn: on}, on, next))
		switch gone := next.DaysSince(last); {
		case last == on && got != 0:
			t.Fatalf("updated at the meeting of %s, and stale", on)
		case last != on && gone > 31 && got != 1:
			t.Fatalf("%d days from %s to %s, and not stale", gone, last, next)
		case gone <= 28 && got != 0:
			t.Fatalf("%d days from %s to %s, and stale", gone, last, next)
		}
	})
}

// R70: the sheet and the closing name the cases of the meeting whose risk factors or
// interventions nobody has updated; updating them at the meeting, or before it, is
// enough. A case that was left off, that is only referred or that is discussed by
// practitioners is not among them.
func TestCasesNotUpdatedThisMonth(t *testing.T) {
	t.Parallel()
	s := lay(t) // 1 June 2026
	ctx := t.Context()
	both, _ := s.Registered(t, s.East, "Alder", "Al", rag.Red)
	left, _ := s.Registered(t, s.East, "Beech", "Bo", rag.Red)
	s.referred("Newby")
	s.Clock.Set(clock.NewDate(2026, 8, 3).At(9, 0))
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	must(t, meeting.LeaveOff(ctx, s.DB, s.as(authz.Coordinator), s.id, left, "In hospital"))
	s.open()
	named := func() string {
		t.Helper()
		all, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (map[ref.NominalID][]meeting.Stale, error) {
			m, items, err := meeting.Items(ctx, q, s.id)
			if err != nil {
				return nil, err
			}
			return meeting.NotUpdatedOf(ctx, q, m, items)
		})
		must(t, err)
		var got []string
		for n, stale := range all {
			for _, x := range stale {
				got = append(got, fmt.Sprintf("%d %s %s", n, x.What, cmp.Or(x.Last.String(), "never")))
			}
		}
		slices.Sort(got)
		return strings.Join(got, "; ")
	}
	if got, want := named(), fmt.Sprintf("%[1]d Interventions never; %[1]d Risk factors 2026-06-01", both); got != want {
		t.Errorf("R70 at the opening %s, want %s", got, want)
	}
	must(t, meeting.Assess(ctx, s.DB, s.as(authz.Coordinator), s.id, both, need.Assessment{Pathway: need.Accommodation, Level: need.Red, Needs: "Sofa surfing"}))
	if got, want := named(), fmt.Sprintf("%d Interventions never", both); got != want {
		t.Errorf("R70 assessed %s, want %s", got, want)
	}
	must(t, meeting.SetAction(ctx, s.DB, s.as(authz.Coordinator), s.id, both, action.New{Text: "Ring the landlord", Pathway: string(need.Accommodation), Agency: s.Police,
		DueOn: clock.NewDate(2026, 8, 20)}))
	if got := named(); got != "" {
		t.Errorf("R70 updated %s", got)
	}
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "The RED was not there"))
	s.Clock.Advance(31 * 24 * time.Hour) // 3 September: a month after, the next on 5 October
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	want := fmt.Sprintf("%[1]d Interventions 2026-08-03; %[1]d Risk factors 2026-08-03; %[2]d Interventions never; %[2]d Risk factors 2026-06-01", both, left)
	if got := named(); got != want {
		t.Errorf("R70 a month later %s, want %s", got, want)
	}
	must(t, meeting.Assess(ctx, s.DB, s.as(authz.Coordinator), s.id, left, need.Assessment{Pathway: need.Accommodation, Level: need.Green}))
	s.weekly(true)
	if got := named(); got != "" {
		t.Errorf("R70 of a practitioners' meeting %s", got)
	}
}
