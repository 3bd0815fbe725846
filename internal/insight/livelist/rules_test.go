package livelist

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

func day(text string) clock.Date { return clock.MustISO(text) }

// TestWhenAVisitIsDue: expected days counted by hand from R42 (weekly), R44 and
// R45 (14 days) and R47 (monthly), and from our reading in visitDue.
func TestWhenAVisitIsDue(t *testing.T) {
	t.Parallel()
	at := func(r rag.Rating, on string) rated { return rated{rating: r, on: day(on)} }
	for name, c := range map[string]struct {
		history []rated
		visit   string
		want    string // empty: none is due
	}{
		"adopted at RED, no visit yet":           {[]rated{at(rag.Red, "2026-06-01")}, "", "2026-06-08"},
		"visited at RED":                         {[]rated{at(rag.Red, "2026-06-01")}, "2026-06-05", "2026-06-12"},
		"a visit before adoption does not count": {[]rated{at(rag.Amber, "2026-06-01")}, "2026-05-20", "2026-06-15"},
		"AMBER again at a review: time runs on":  {[]rated{at(rag.Amber, "2026-03-01"), at(rag.Amber, "2026-06-01")}, "2026-05-25", "2026-06-08"},
		"AMBER again, never visited":             {[]rated{at(rag.Amber, "2026-03-01"), at(rag.Amber, "2026-06-01")}, "", "2026-03-15"},
		"GREEN to RED, visited two days before":  {[]rated{at(rag.Green, "2026-05-01"), at(rag.Red, "2026-06-01")}, "2026-05-30", "2026-06-06"},
		"GREEN to RED, visited long before":      {[]rated{at(rag.Green, "2026-05-01"), at(rag.Red, "2026-06-01")}, "2026-05-10", "2026-06-01"},
		"RED to GREEN":                           {[]rated{at(rag.Red, "2026-05-01"), at(rag.Green, "2026-06-01")}, "2026-05-30", "2026-06-30"},
		"GREEN at the end of a month":            {[]rated{at(rag.Green, "2026-01-01")}, "2026-01-31", "2026-02-28"},
		"wanted":                                 {[]rated{at(rag.Red, "2026-05-01"), at(rag.RedAlert, "2026-06-01")}, "2026-05-30", ""},
		"in prison":                              {[]rated{at(rag.Red, "2026-05-01"), at(rag.Prison, "2026-06-01")}, "2026-05-30", ""},
		"released: time starts anew":             {[]rated{at(rag.Red, "2025-12-01"), at(rag.Prison, "2026-01-01"), at(rag.Red, "2026-06-01")}, "2025-12-20", "2026-06-08"},
		"found again, RED twice":                 {[]rated{at(rag.RedAlert, "2026-05-01"), at(rag.Red, "2026-06-01"), at(rag.Red, "2026-06-10")}, "", "2026-06-08"},
	} {
		var visit clock.Date
		if c.visit != "" {
			visit = day(c.visit)
		}
		if got := visitDue(c.history, visit, rag.DefaultSettings).String(); got != c.want {
			t.Errorf("%s: due %q, want %q", name, got, c.want)
		}
	}
	if got := visitDue([]rated{at(rag.Amber, "2026-06-01")}, clock.Date{}, rag.Settings{AmberVisitDays: 10}); got != day("2026-06-11") {
		t.Errorf("an area with 10 days at AMBER: %s", got)
	}
}

// TestAVisitIsDueWithinTheStandard: whatever the history, a visit today is never
// due again later than the rating held asks, nor on a day before the rating held
// was given.
func TestAVisitIsDueWithinTheStandard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := day("2026-01-01")
		var history []rated
		for range rapid.IntRange(1, 8).Draw(t, "ratings") {
			on = on.AddDays(rapid.IntRange(0, 60).Draw(t, "days"))
			history = append(history, rated{rating: rapid.SampledFrom(rag.Ratings).Draw(t, "rating"), on: on})
		}
		last := history[len(history)-1]
		visit := on.AddDays(rapid.IntRange(-100, 30).Draw(t, "visit"))
		due := visitDue(history, visit, rag.DefaultSettings)
		most := map[rag.Rating]int{rag.Red: 7, rag.Amber: 14, rag.Green: 31}[last.rating]
		if most == 0 {
			if !due.IsZero() {
				t.Fatalf("%s: a visit is due on %s", last.rating, due)
			}
			return
		}
		if due.After(later(visit, last.on).AddDays(most)) || due.Before(visit) {
			t.Fatalf("%+v, visited %s: due %s", history, visit, due)
		}
	})
}

// TestTheTabs: R117, 12 weeks are 84 days.
func TestTheTabs(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	for _, c := range []struct {
		rating  rag.Rating
		release string
		custody bool
	}{
		{rag.Prison, "", true},
		{rag.Prison, "2026-08-25", true},  // 85 days
		{rag.Prison, "2026-08-24", false}, // 84 days
		{rag.Prison, "2026-05-01", false}, // should be out
		{rag.Red, "", false},
		{rag.Red, "2026-12-01", false}, // in custody, and not yet rated PRISON
		{rag.RedAlert, "", false},
	} {
		r := Row{Rating: c.rating}
		if c.release != "" {
			r.ReleaseOn = day(c.release)
		}
		if got := r.InCustody(today); got != c.custody {
			t.Errorf("%s, release %q: custody %v", c.rating, c.release, got)
		}
	}
}

func TestOverdueCountsDaysThatHavePassed(t *testing.T) {
	t.Parallel()
	r := Row{ActionDues: []clock.Date{day("2026-05-01"), day("2026-05-31"), day("2026-06-01"), day("2026-06-02")}}
	for on, want := range map[string]int{"2026-05-01": 0, "2026-05-02": 1, "2026-06-01": 2, "2026-06-02": 3, "2027-01-01": 4} {
		if got := r.Overdue(day(on)); got != want {
			t.Errorf("on %s: %d overdue, want %d", on, got, want)
		}
	}
}
