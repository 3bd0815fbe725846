package law

import (
	"testing"

	"pgregory.net/rapid"
)

// R126 rests on how the law counts: the checks of PSI 03/2015 section 5.5.
func TestALengthIsCountedAsR126Needs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		term, from, end string
		days            int
	}{
		{"6m", "2025-01-01", "2025-06-30", 181},
		{"3m", "2021-01-01", "2021-03-31", 90},
		{"3m", "2020-11-30", "2021-02-28", 91},
		{"3m", "2020-11-29", "2021-02-28", 92},
		{"2m", "2020-12-31", "2021-02-28", 60},
		{"2m", "2019-12-31", "2020-02-29", 61},
		{"3m", "2021-02-28", "2021-05-27", 89},
		{"1y", "2020-02-29", "2021-02-28", 366},
		{"1y6m", "2018-01-01", "2019-06-30", 546},
		{"1y", "2025-03-01", "2026-02-28", 365},
		{"1y", "2019-03-01", "2020-02-29", 366},
		{"1d", "2026-05-01", "2026-05-01", 1},
		{"2w", "2026-05-01", "2026-05-14", 14},
		{"18m15d", "2024-09-20", "2026-04-03", 561},
		{"1m1w", "2026-05-01", "2026-06-07", 38},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		from := day(c.from)
		if end, days := term.End(from), term.Length(from); end != day(c.end) || days != c.days {
			t.Errorf("%s from %s ends %s after %d days, want %s after %d", c.term, c.from, end, days, c.end, c.days)
		}
	}
}

// R123 and R124 turn on "under": exactly the term is not under it.
func TestExactlyTwelveMonthsIsNotUnderTwelve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		term string
		want bool
	}{{"12m", false}, {"1y", false}, {"365d", false}, {"364d", true}, {"11m", true}, {"52w", true}, {"366d", false}} {
		term, _ := ParseTerm(c.term)
		if got := under(twelveMonths, day("2025-05-10"), term.Length(day("2025-05-10"))); got != c.want {
			t.Errorf("%s is under 12 months: %t", c.term, got)
		}
	}
}

func TestParseTerm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Term{
		"1y6m": {Years: 1, Months: 6}, "18m": {Months: 18}, "18m15d": {Months: 18, Days: 15}, "1d": {Days: 1},
		" 2Y 3w ": {Years: 2, Weeks: 3}, "0y6m": {Months: 6}, "1y2m3w4d": {1, 2, 3, 4},
	} {
		if got, err := ParseTerm(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0d", "18", "m", "6m1y", "1y1y", "-6m", "1.5y", "18 months", "100y", "99999m", "1y;", "٣m", "life"} {
		if got, err := ParseTerm(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestTermInWords(t *testing.T) {
	t.Parallel()
	for term, want := range map[Term]string{
		{Months: 18}: "18 months", {Years: 1, Days: 1}: "1 year and 1 day", {1, 2, 3, 4}: "1 year, 2 months, 3 weeks and 4 days",
	} {
		if got := term.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func FuzzParseTerm(f *testing.F) {
	for _, text := range []string{"1y6m", "18m", "18m15d", "1d", "6w", "", "99999d", "1Y 6 M"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		term, err := ParseTerm(text)
		if err != nil {
			return
		}
		if again, err := ParseTerm(term.String()); err != nil || again != term {
			t.Errorf("%q is %+v, prints %q, and is read as %+v: %v", text, term, term, again, err)
		}
		if term.Length(day("2026-01-31")) < 1 {
			t.Errorf("%q has no days", text)
		}
	})
}

// A term that is longer by a day ends a day later, from every day.
func TestADayMoreEndsADayLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, term := drawDay(t, "2005-04-04", 9000), drawTerm(t)
		more := term
		more.Days++
		if more.End(from).DaysSince(term.End(from)) != 1 {
			t.Fatalf("%s from %s", term, from)
		}
	})
}
