package history

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

var start = clock.MustISO("2026-01-01")

func days(all ...int) []clock.Date {
	made := make([]clock.Date, len(all))
	for i, d := range all {
		made[i] = start.AddDays(d)
	}
	return made
}

// Home visits against the minimum for the rating held on each day (R49). Expected
// values are counted by hand on a calendar: day 0 is 1 January 2026.
func TestVisitsKept(t *testing.T) {
	t.Parallel()
	from := func(day int, r rag.Rating) rag.Held { return rag.Held{From: start.AddDays(day), Rating: r} }
	held := func(r rag.Rating) []rag.Held { return []rag.Held{from(0, r)} }
	for _, c := range []struct {
		name    string
		ratings []rag.Held
		visits  []clock.Date
		last    int // the last day measured
		want    Kept
	}{
		{"RED, visited every 7 days", held(rag.Red), days(7, 14, 21), 27, Kept{28, 28, 3}},
		{"RED, visited on day 8: day 8 is no longer in doubt, since the visit is that day's", held(rag.Red), days(8), 8, Kept{9, 9, 1}},
		{"RED, visited on day 9: late on day 8 only", held(rag.Red), days(9), 9, Kept{10, 9, 1}},
		{"RED, never visited: in time for days 0 to 7", held(rag.Red), nil, 13, Kept{14, 8, 0}},
		{"AMBER, never visited: days 0 to 14", held(rag.Amber), nil, 20, Kept{21, 15, 0}},
		{"GREEN, never visited: to 1 February, which is day 31", held(rag.Green), nil, 40, Kept{41, 32, 0}},
		{"wanted and in prison ask for none", []rag.Held{from(0, rag.RedAlert), from(5, rag.Prison)}, nil, 30, Kept{0, 0, 0}},
		{"released on day 10 to RED: due by day 17", []rag.Held{from(0, rag.Prison), from(10, rag.Red)}, nil, 20, Kept{11, 8, 0}},
		{"AMBER made RED on day 10: the week since day 0 is over, so due that very day", []rag.Held{from(0, rag.Amber), from(10, rag.Red)}, nil, 12, Kept{13, 11, 0}},
		{"RED again at a review starts no new time", []rag.Held{from(0, rag.Red), from(6, rag.Red)}, nil, 9, Kept{10, 8, 0}},
		{"visited before the first day measured: due by day 4, late on 5 and 6", []rag.Held{from(-30, rag.Amber)}, days(-10), 6, Kept{7, 5, 0}},
		{"not yet rated", []rag.Held{from(5, rag.Red)}, nil, 6, Kept{2, 2, 0}},
	} {
		if got := VisitsKept(c.ratings, c.visits, start, start.AddDays(c.last), rag.DefaultSettings); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// One visit more never makes the record worse, and a visit each day keeps it whole.
func TestMoreVisitsAreNeverWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ratings []rag.Held
		at := 0
		for range rapid.IntRange(1, 5).Draw(t, "ratings") {
			ratings = append(ratings, rag.Held{From: start.AddDays(at), Rating: rapid.SampledFrom(rag.Ratings).Draw(t, "rating")})
			at += rapid.IntRange(1, 20).Draw(t, "for")
		}
		seen := map[int]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "visits") {
			seen[rapid.IntRange(0, 60).Draw(t, "visit")] = true
		}
		list := func() (all []clock.Date) {
			for d := range 61 {
				if seen[d] {
					all = append(all, start.AddDays(d))
				}
			}
			return all
		}
		end := start.AddDays(60)
		before := VisitsKept(ratings, list(), start, end, rag.DefaultSettings)
		seen[rapid.IntRange(0, 60).Draw(t, "one more")] = true
		after := VisitsKept(ratings, list(), start, end, rag.DefaultSettings)
		if after.InTime < before.InTime || after.Days != before.Days || before.InTime > before.Days {
			t.Fatalf("before %+v, after %+v", before, after)
		}
		for d := range 61 {
			seen[d] = true
		}
		if daily := VisitsKept(ratings, list(), start, end, rag.DefaultSettings); daily.InTime != daily.Days {
			t.Fatalf("visited every day: %+v", daily)
		}
	})
}
