package ui

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/platform/clock"
)

// Days to places, by hand: ten days, then thirty; a span over the second half of those.
func TestTimescaleIsToScale(t *testing.T) {
	t.Parallel()
	day := clock.MustISO
	scale := Timescale{Today: day("2026-01-11"), Spans: []Span{
		{Key: "A", From: day("2026-01-01"), To: day("2026-01-10")},
		{Key: "B", From: day("2026-01-11"), To: day("2026-02-09")},
		{Key: "C", From: day("2026-01-26"), To: day("2026-02-09"), Row: 1},
	}}
	for i, want := range []Place{{0, 25}, {25, 75}, {62.5, 37.5}} {
		if got := scale.Lay()[i]; got != want {
			t.Errorf("span %d: %+v, want %+v", i, got, want)
		}
	}
	if at, ok := scale.Mark(); !ok || at != 26.25 { // the middle of the eleventh day of forty
		t.Errorf("today at %v", at)
	}
	for _, outside := range []string{"2025-12-31", "2026-02-10"} {
		scale.Today = day(outside)
		if _, ok := scale.Mark(); ok {
			t.Errorf("%s is marked", outside)
		}
	}
	if places := (Timescale{}).Lay(); len(places) != 0 {
		t.Errorf("nothing is laid as %+v", places)
	}
}

// Whatever the days: a span's width is its share of the days, nothing leaves the drawing,
// and what follows on in time follows on in the drawing, without a gap.
func TestTimescaleHoldsForAllDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := clock.NewDate(2015, 2, 1).AddDays(rapid.IntRange(0, 5000).Draw(t, "first"))
		scale, total := Timescale{}, 0
		for _, n := range rapid.SliceOfN(rapid.IntRange(1, 4000), 1, 6).Draw(t, "lengths") {
			scale.Spans = append(scale.Spans, Span{From: at, To: at.AddDays(n - 1)})
			at, total = at.AddDays(n), total+n
		}
		end := 0.0
		for i, p := range scale.Lay() {
			share := 100 * float64(scale.Spans[i].To.DaysSince(scale.Spans[i].From)+1) / float64(total)
			if math.Abs(p.Width-share) > 1e-9 || math.Abs(p.X-end) > 1e-9 || p.X+p.Width > 100+1e-9 {
				t.Fatalf("span %d of %d days: %+v, want from %v with %v", i, total, p, end, share)
			}
			end = p.X + p.Width
		}
		scale.Today = at.AddDays(-1)
		if mark, ok := scale.Mark(); !ok || mark <= 0 || mark >= 100 {
			t.Fatalf("the last day is at %v, %t", mark, ok)
		}
	})
}

// The security policy refuses style attributes, and the table says what the drawing says.
func TestTimescaleSaysTheSameInWords(t *testing.T) {
	t.Parallel()
	day := clock.MustISO
	var b bytes.Buffer
	scale := Timescale{ID: "p", Caption: "Sentence", Today: day("2026-01-12"), Spans: []Span{
		{Key: "A", Name: "Custody", From: day("2026-01-01"), To: day("2026-01-10"), Fill: Solid},
		{Key: "B", Name: "Licence", From: day("2026-01-11"), To: day("2026-02-09"), Fill: Hatch},
	}}
	if err := TimescaleBar(scale).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Contains(page, "style=") || strings.Contains(page, "<style") {
		t.Error("the drawing has a style")
	}
	for _, want := range []string{"A. Custody", "B. Licence", "10 days", "30 days", "Over", "Now: day 2 of 30", "url(#p-hatch)", `width="25.000%"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}
