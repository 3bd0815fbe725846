package livelist

import (
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

func day(text string) clock.Date { return clock.MustISO(text) }

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
