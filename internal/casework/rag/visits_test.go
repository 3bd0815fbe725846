package rag_test

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

// TestWhenAVisitIsDue: expected days counted by hand from R42 (weekly), R44 and
// R45 (14 days) and R47 (monthly), and from our reading in NextVisit.
func TestWhenAVisitIsDue(t *testing.T) {
	t.Parallel()
	at := func(r rag.Rating, on string) rag.Held { return rag.Held{From: clock.MustISO(on), Rating: r} }
	for name, c := range map[string]struct {
		history []rag.Held
		visit   string
		want    string // empty: none is due
	}{
		"adopted at RED, no visit yet":           {[]rag.Held{at(rag.Red, "2026-06-01")}, "", "2026-06-08"},
		"visited at RED":                         {[]rag.Held{at(rag.Red, "2026-06-01")}, "2026-06-05", "2026-06-12"},
		"a visit before adoption does not count": {[]rag.Held{at(rag.Amber, "2026-06-01")}, "2026-05-20", "2026-06-15"},
		"AMBER again at a review: time runs on":  {[]rag.Held{at(rag.Amber, "2026-03-01"), at(rag.Amber, "2026-06-01")}, "2026-05-25", "2026-06-08"},
		"AMBER again, never visited":             {[]rag.Held{at(rag.Amber, "2026-03-01"), at(rag.Amber, "2026-06-01")}, "", "2026-03-15"},
		"GREEN to RED, visited two days before":  {[]rag.Held{at(rag.Green, "2026-05-01"), at(rag.Red, "2026-06-01")}, "2026-05-30", "2026-06-06"},
		"GREEN to RED, visited long before":      {[]rag.Held{at(rag.Green, "2026-05-01"), at(rag.Red, "2026-06-01")}, "2026-05-10", "2026-06-01"},
		"RED to GREEN":                           {[]rag.Held{at(rag.Red, "2026-05-01"), at(rag.Green, "2026-06-01")}, "2026-05-30", "2026-06-30"},
		"GREEN at the end of a month":            {[]rag.Held{at(rag.Green, "2026-01-01")}, "2026-01-31", "2026-02-28"},
		"wanted":                                 {[]rag.Held{at(rag.Red, "2026-05-01"), at(rag.RedAlert, "2026-06-01")}, "2026-05-30", ""},
		"in prison":                              {[]rag.Held{at(rag.Red, "2026-05-01"), at(rag.Prison, "2026-06-01")}, "2026-05-30", ""},
		"released: time starts anew":             {[]rag.Held{at(rag.Red, "2025-12-01"), at(rag.Prison, "2026-01-01"), at(rag.Red, "2026-06-01")}, "2025-12-20", "2026-06-08"},
		"found again, RED twice":                 {[]rag.Held{at(rag.RedAlert, "2026-05-01"), at(rag.Red, "2026-06-01"), at(rag.Red, "2026-06-10")}, "", "2026-06-08"},
	} {
		var visit clock.Date
		if c.visit != "" {
			visit = clock.MustISO(c.visit)
		}
		if got := rag.NextVisit(c.history, visit, rag.DefaultSettings).String(); got != c.want {
			t.Errorf("%s: due %q, want %q", name, got, c.want)
		}
	}
	if got := rag.NextVisit([]rag.Held{at(rag.Amber, "2026-06-01")}, clock.Date{}, rag.Settings{AmberVisitDays: 10}); got != clock.MustISO("2026-06-11") {
		t.Errorf("an area with 10 days at AMBER: %s", got)
	}
}

// TestAVisitIsDueWithinTheStandard: whatever the history, a visit today is never
// due again later than the rating held asks, nor on a day before the rating held
// was given.
func TestAVisitIsDueWithinTheStandard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := clock.MustISO("2026-01-01")
		var history []rag.Held
		for range rapid.IntRange(1, 8).Draw(t, "ratings") {
			on = on.AddDays(rapid.IntRange(0, 60).Draw(t, "days"))
			history = append(history, rag.Held{From: on, Rating: rapid.SampledFrom(rag.Ratings).Draw(t, "rating")})
		}
		last := history[len(history)-1]
		visit := on.AddDays(rapid.IntRange(-100, 30).Draw(t, "visit"))
		due := rag.NextVisit(history, visit, rag.DefaultSettings)
		most := map[rag.Rating]int{rag.Red: 7, rag.Amber: 14, rag.Green: 31}[last.Rating]
		if most == 0 {
			if !due.IsZero() {
				t.Fatalf("%s: a visit is due on %s", last.Rating, due)
			}
			return
		}
		if due.After(latest(visit, last.From).AddDays(most)) || due.Before(visit) {
			t.Fatalf("%+v, visited %s: due %s", history, visit, due)
		}
	})
}

func latest(a, b clock.Date) clock.Date {
	if a.After(b) {
		return a
	}
	return b
}
