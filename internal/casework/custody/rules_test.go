package custody

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/platform/clock"
)

var day = clock.MustISO

func TestOverlap(t *testing.T) {
	t.Parallel()
	none := clock.Date{}
	for _, c := range []struct {
		name           string
		a, b, from, to clock.Date
		want           bool
	}{
		{"apart", day("2026-01-01"), day("2026-01-10"), day("2026-01-11"), day("2026-01-20"), false},
		{"released and received again on one day", day("2026-01-01"), day("2026-01-10"), day("2026-01-10"), none, false},
		{"one inside the other", day("2026-01-01"), day("2026-01-10"), day("2026-01-03"), day("2026-01-04"), true},
		{"the first still goes on", day("2026-01-01"), none, day("2026-02-01"), day("2026-02-03"), true},
		{"received on the same day", day("2026-01-01"), day("2026-01-01"), day("2026-01-01"), none, true},
		{"both go on", day("2026-01-01"), none, day("2025-01-01"), none, true},
	} {
		if got := Overlap(c.a, c.b, c.from, c.to); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
		if got := Overlap(c.from, c.to, c.a, c.b); got != c.want {
			t.Errorf("%s, the other way round: %t", c.name, got)
		}
	}
}

// Two spells share time exactly when some night falls in both.
func TestOverlapIsASharedNight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := day("2026-01-01")
		from1, from2 := rapid.IntRange(0, 20).Draw(t, "from1"), rapid.IntRange(0, 20).Draw(t, "from2")
		nights1, nights2 := rapid.IntRange(1, 10).Draw(t, "nights1"), rapid.IntRange(1, 10).Draw(t, "nights2")
		shared := false
		for n := range 40 {
			shared = shared || n >= from1 && n < from1+nights1 && n >= from2 && n < from2+nights2
		}
		got := Overlap(start.AddDays(from1), start.AddDays(from1+nights1), start.AddDays(from2), start.AddDays(from2+nights2))
		if got != shared {
			t.Fatalf("overlap %t, shared nights %t", got, shared)
		}
	})
}

func TestTwelveWeeksIsEightyFourDays(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	for release, want := range map[string]bool{"2026-08-24": true, "2026-08-25": false, "2026-05-01": true} {
		if got := WithinLiveList(day(release), today); got != want {
			t.Errorf("release on %s: %t", release, got)
		}
	}
	if WithinLiveList(clock.Date{}, today) {
		t.Error("no release date counts as close")
	}
}

func TestMoveAndReleaseKeepTheirOrder(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	s := Spell{ReceivedOn: day("2026-03-02"), Prison: "LWI"}
	for name, c := range map[string]struct {
		move NewMove
		last clock.Date
		want string
	}{
		"fine":                {NewMove{"BZI", day("2026-03-02"), "prison"}, clock.Date{}, ""},
		"to the same prison":  {NewMove{"LWI", day("2026-04-02"), "prison"}, clock.Date{}, "prison"},
		"before reception":    {NewMove{"BZI", day("2026-03-01"), "prison"}, clock.Date{}, "moved_on"},
		"before the last one": {NewMove{"BZI", day("2026-04-01"), "prison"}, day("2026-04-02"), "moved_on"},
		"in the future":       {NewMove{"BZI", day("2026-06-02"), "prison"}, clock.Date{}, "moved_on"},
		"without a source":    {NewMove{"BZI", day("2026-04-01"), " "}, clock.Date{}, "source"},
	} {
		problems := CheckMove(c.move, s, c.last, today)
		switch {
		case c.want == "" && len(problems) > 0, c.want != "" && (len(problems) != 1 || problems[0].Field != c.want):
			t.Errorf("%s: %+v", name, problems)
		}
	}
	released := Notified{Day: day("2026-04-30"), NotifiedBy: "prison", Source: "prison"}
	if p := CheckRelease(released, s, day("2026-05-01"), today); len(p) != 1 || p[0].Field != "day" {
		t.Errorf("released before the last move: %+v", p)
	}
	if p := CheckRelease(released, s, day("2026-04-30"), today); len(p) != 0 {
		t.Errorf("released on the day of a move: %+v", p)
	}
}

func TestRegisterIsWhole(t *testing.T) {
	t.Parallel()
	all, err := establishments()
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.code] || e.code == "" || e.name == "" {
			t.Errorf("line %+v", e)
		}
		seen[e.code] = true
		if e.active {
			open++
		}
	}
	if len(all) != 173 || open < 100 || !seen["LWI"] {
		t.Errorf("%d establishments, %d open", len(all), open)
	}
}
