package law

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/platform/clock"
)

func drawDay(t *rapid.T, from string, days int) clock.Date {
	return day(from).AddDays(rapid.IntRange(0, days).Draw(t, "day after "+from))
}

func drawTerm(t *rapid.T) Term {
	term := Term{Months: rapid.IntRange(0, 150).Draw(t, "months"), Days: rapid.IntRange(0, 40).Draw(t, "days")}
	if term.IsZero() {
		term.Days = 1
	}
	return term
}

// drawInput is a sentence from 2012 to 2027 with what moves its dates.
func drawInput(t *rapid.T) Input {
	in := Input{Kind: rapid.SampledFrom([]Kind{Standard, Standard, Section250}).Draw(t, "kind"), Sentenced: drawDay(t, "2012-12-03", 5400), Term: drawTerm(t),
		Remand: rapid.IntRange(0, 400).Draw(t, "remand"), Added: rapid.IntRange(0, 60).Draw(t, "added"), AtLarge: rapid.IntRange(0, 200).Draw(t, "at large"),
		Answers: map[QuestionID]Answer{}}
	in.Offence = in.Sentenced.AddDays(-rapid.IntRange(0, 900).Draw(t, "offence"))
	if rapid.Bool().Draw(t, "birthday known") {
		in.Born = in.Sentenced.AddDays(-rapid.IntRange(14*365, 40*365).Draw(t, "age"))
	}
	for _, q := range []Question{AskExcluded40, AskExcludedLater, AskExcludedThird} {
		in.Answers[q.ID] = rapid.SampledFrom([]Answer{NotKnown, Met, NotMet}).Draw(t, string(q.ID))
	}
	return in
}

func reckon(t *rapid.T, in Input, on clock.Date) Computed {
	c, ok := Dates(in, on).(Computed)
	if !ok {
		t.Fatalf("%+v gives %+v", in, Dates(in, on))
	}
	return c
}

// R125: licence and supervision are exactly 12 calendar months, for everybody who has
// supervision and was not moved to the day of a tranche.
func TestLicenceAndSupervisionAreTwelveMonthsByR125(t *testing.T) {
	t.Parallel()
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Term = Term{Days: rapid.IntRange(2, 728).Draw(t, "term")}
		in.Sentenced = drawDay(t, "2015-02-01", 3500) // to 2 September 2024: half-way
		in.Offence, in.Born, in.Added = in.Sentenced, clock.Date{}, 0
		c := reckon(t, in, day("2024-09-09"))
		if c.Supervision.State != RunsToEnd {
			t.Fatalf("no supervision: %+v", c.Supervision)
		}
		if c.Supervision.Ends != c.Release.On.AddMonths(12) || c.Supervision.Begins != c.Expiry.On.AddDays(1) || c.Supervision.Begins.After(c.Supervision.Ends) {
			t.Fatalf("released %s, sentence ends %s, supervision %s to %s", c.Release.On, c.Expiry.On, c.Supervision.Begins, c.Supervision.Ends)
		}
		seen++
	})
	if seen == 0 {
		t.Error("no sentence with supervision was drawn")
	}
}

// Release lies between sentence and expiry, and nobody walks out after the legal day.
func TestDaysAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		c := reckon(t, in, drawDay(t, "2012-12-03", 5400))
		if c.Release.On.Before(in.Sentenced) || c.Release.On.After(c.Expiry.On) {
			t.Fatalf("sentenced %s, released %s, expires %s", in.Sentenced, c.Release.On, c.Expiry.On)
		}
		if c.Practical.On.After(c.Release.On) || !c.Practical.On.IsWorkingDay() || c.Release.On.DaysSince(c.Practical.On) > 4 {
			t.Fatalf("legal %s, practical %s", c.Release.On, c.Practical.On)
		}
		if !c.FinalThird.On.IsZero() && (c.FinalThird.On.Before(c.Release.On) || c.FinalThird.On.After(c.Expiry.On.AddDays(1))) {
			t.Fatalf("final third %s of %s to %s", c.FinalThird.On, c.Release.On, c.Expiry.On)
		}
		if !c.Curfew.On.IsZero() && !c.Curfew.On.Before(c.Release.On) {
			t.Fatalf("curfew %s, release %s", c.Curfew.On, c.Release.On)
		}
		if c.Supervision.State == EndedByTheRepeal && c.Supervision.Ends.After(supervisionRepeal) {
			t.Fatalf("%+v", c.Supervision)
		}
	})
}

// A longer term never gives an earlier release, more remand never a later one, more time at large never an earlier one.
func TestReleaseFollowsWhatMovesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in, on := drawInput(t), drawDay(t, "2012-12-03", 5400)
		base, more := reckon(t, in, on), rapid.IntRange(1, 500).Draw(t, "more")
		longer, remanded, absent := in, in, in
		longer.Term.Days += more
		remanded.Remand += more
		absent.AtLarge += more
		if got := reckon(t, longer, on); got.Release.On.Before(base.Release.On) {
			t.Fatalf("%d days more: %s, before %s (%s, %s)", more, got.Release.On, base.Release.On, base.Release.Rule.ID, got.Release.Rule.ID)
		}
		if got := reckon(t, remanded, on); got.Release.On.After(base.Release.On) || got.Expiry.On.After(base.Expiry.On) {
			t.Fatalf("%d days of remand more: %s, after %s", more, got.Release.On, base.Release.On)
		}
		if got := reckon(t, absent, on); got.Release.On.Before(base.Release.On) || got.Expiry.On.Before(base.Expiry.On) {
			t.Fatalf("%d days at large more: %s, before %s", more, got.Release.On, base.Release.On)
		}
	})
}

// No change of the law made the release of anybody later, the exclusions of December 2024 aside.
func TestLaterLawIsNeverHarsher(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		delete(in.Answers, AskExcludedLater.ID)
		previous := reckon(t, in, in.Sentenced).Release.On
		for _, on := range []string{"2024-09-10", "2024-12-16", "2026-10-01", "2027-06-08"} {
			got := reckon(t, in, day(on)).Release.On
			if got.After(previous) {
				t.Fatalf("by the law of %s released %s, before that %s", on, got, previous)
			}
			previous = got
		}
	})
}

// R137: no recall passes the end of the sentence, and none ends before its first day.
func TestNoRecallPassesTheEndByR137(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Return{Kind: rapid.SampledFrom(RecallKinds).Draw(t, "kind"), On: drawDay(t, "2015-02-01", 4000), AtLarge: rapid.IntRange(0, 90).Draw(t, "at large"),
			FromHDC: rapid.Bool().Draw(t, "from curfew")}
		r.Expiry = r.On.AddDays(rapid.IntRange(0, 400).Draw(t, "left"))
		r.Requisite = r.On.AddDays(rapid.IntRange(-50, 500).Draw(t, "requisite"))
		length := rapid.IntRange(1, 6000).Draw(t, "length")
		ends := []func() (Rerelease, bool){
			func() (Rerelease, bool) { out, problems := r.Release(); return out, len(problems) == 0 },
			func() (Rerelease, bool) { out, problems := r.Converted(length); return out, len(problems) == 0 },
		}
		for i, end := range ends {
			out, ok := end()
			if !ok && (i == 0 || !r.On.After(fifty6Commencement)) {
				t.Fatalf("refused: %+v", r)
			}
			if ok && (out.On.After(r.Expiry) || out.On.Before(r.On) || out.Practical.After(out.On)) {
				t.Fatalf("%+v gives %+v", r, out)
			}
		}
	})
}
