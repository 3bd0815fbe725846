package clock

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAddMonthsClampsToTheLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2020-02-29", 12, "2021-02-28"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-05-31", -3, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
	} {
		if got := MustISO(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestAgeOnCountsBirthdays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, on string
		want     int
	}{
		{"2008-11-22", "2026-11-21", 17},
		{"2008-11-22", "2026-11-22", 18},
		{"2008-02-29", "2026-02-28", 17},
		{"2008-02-29", "2026-03-01", 18},
	} {
		if got := MustISO(c.born).AgeOn(MustISO(c.on)); got != c.want {
			t.Errorf("born %s on %s: %d, want %d", c.born, c.on, got, c.want)
		}
	}
}

// Bank holidays of England and Wales in 2026: Good Friday 3 April, Easter
// Monday 6 April, Boxing Day in lieu Monday 28 December.
func TestWorkingDayBeforeSkipsWeekendsAndBankHolidays(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]string{
		"2026-11-23": "2026-11-20",
		"2026-04-07": "2026-04-02",
		"2026-12-29": "2026-12-24",
		"2026-11-25": "2026-11-24",
	} {
		if got := MustISO(on).WorkingDayBefore().String(); got != want {
			t.Errorf("working day before %s = %s, want %s", on, got, want)
		}
	}
}

func TestDateOfIsTheDayInLondon(t *testing.T) {
	t.Parallel()
	// 23:30 UTC on 30 June is half past midnight on 1 July in London.
	at := NewDate(2026, 6, 30).utc().Add(23*60*60*1e9 + 30*60*1e9)
	if got := DateOf(at).String(); got != "2026-07-01" {
		t.Errorf("got %s", got)
	}
}

func TestDaysSinceUndoesAddDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := NewDate(rapid.IntRange(1950, 2080).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
		n := rapid.IntRange(-20000, 20000).Draw(t, "n")
		to := from.AddDays(n)
		if to.DaysSince(from) != n || to.Before(from) != (n < 0) {
			t.Fatalf("%s + %d = %s", from, n, to)
		}
		if want := to.At(12, 0).Format("2 Jan 2006"); to.Short() != want {
			t.Fatalf("%s in short is %q, want %q", to, to.Short(), want)
		}
		if to.After(from) != (n > 0) {
			t.Fatalf("%s after %s must be %v", to, from, n > 0)
		}
		text, _ := to.MarshalText()
		var back Date
		if err := back.UnmarshalText(text); err != nil || back != to {
			t.Fatalf("%s came back as %s: %v", to, back, err)
		}
	})
}
