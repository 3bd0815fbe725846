package meeting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// TestDaysOfASeries: R52, R53, R54, by hand from a calendar and the list of bank
// holidays of England and Wales.
func TestDaysOfASeries(t *testing.T) {
	t.Parallel()
	nth := func(n int, w time.Weekday) meeting.Rhythm {
		return meeting.Rhythm{Every: meeting.MonthByWeekday, Nth: n, Weekday: w}
	}
	day := func(n int) meeting.Rhythm { return meeting.Rhythm{Every: meeting.MonthByDay, MonthDay: n} }
	weeks := func(n int, w time.Weekday) meeting.Rhythm {
		return meeting.Rhythm{Every: meeting.Weeks, Weeks: n, Weekday: w}
	}
	for name, c := range map[string]struct {
		rhythm   meeting.Rhythm
		from, to string
		want     string
	}{
		"R52 the first Tuesday":                                                           {nth(1, time.Tuesday), "2026-06-01", "2026-08-31", "2026-06-02 2026-07-07 2026-08-04"},
		"R52 the first Monday of May is a bank holiday":                                   {nth(1, time.Monday), "2026-05-01", "2026-06-30", "2026-05-05 2026-06-01"},
		"R52 the last Monday of August is one, and the working day after is in September": {nth(5, time.Monday), "2026-08-01", "2026-09-30", "2026-08-28 2026-09-28"},
		"R52 the last Friday of March 2029 is Good Friday, Easter Monday is in April":     {nth(5, time.Friday), "2029-03-01", "2029-04-30", "2029-03-29 2029-04-27"},
		"R52 day 31 or the last, never in the next month":                                 {day(31), "2026-01-01", "2026-05-31", "2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29"},
		"R52 day 25 at Christmas":                                                         {day(25), "2026-12-01", "2026-12-31", "2026-12-29"},
		"R52 none before the first day":                                                   {day(10), "2026-06-11", "2026-07-31", "2026-07-10"},
		"R53 every Friday, at Christmas the day before":                                   {weeks(1, time.Friday), "2026-12-14", "2027-01-10", "2026-12-18 2026-12-24 2026-12-31 2027-01-08"},
		"R53 every Monday, at Easter the day after":                                       {weeks(1, time.Monday), "2026-03-30", "2026-04-19", "2026-03-30 2026-04-07 2026-04-13"},
		"R54 every second Thursday":                                                       {weeks(2, time.Thursday), "2026-06-01", "2026-07-05", "2026-06-04 2026-06-18 2026-07-02"},
	} {
		var got []string
		for _, d := range (meeting.Terms{Rhythm: c.rhythm, From: clock.MustISO(c.from)}).Days(clock.MustISO(c.from), clock.MustISO(c.to)) {
			got = append(got, d.On.String())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

// bankHoliday says by what the law and proclamations gave, written out for some years,
// whether the day is one in England and Wales.
var bankHolidays = strings.Fields(`2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
	2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
	2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28`)

// TestEveryMonthAndEveryWeekHasItsMeeting: R52, R53, R54. Whatever the rhythm, no day
// is at a weekend or a bank holiday, each month or week that it names has one and none
// has two, in order, and any part of the range gives the same days.
func TestEveryMonthAndEveryWeekHasItsMeeting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := meeting.Rhythm{Every: rapid.SampledFrom([]meeting.Every{meeting.MonthByWeekday, meeting.MonthByDay, meeting.Weeks}).Draw(t, "every"),
			Nth: rapid.IntRange(1, 5).Draw(t, "nth"), Weekday: time.Weekday(rapid.IntRange(1, 5).Draw(t, "weekday")),
			MonthDay: rapid.IntRange(1, 31).Draw(t, "day"), Weeks: rapid.IntRange(1, 8).Draw(t, "weeks")}
		terms := meeting.Terms{Rhythm: r, From: clock.NewDate(2024, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "from"))}
		from, to := clock.NewDate(2025, 1, 1), clock.NewDate(2027, 12, 31)
		days := terms.Days(from, to)
		months, weeks := map[string]int{}, map[int]int{}
		monday := clock.NewDate(2024, 12, 30)
		for i, d := range days {
			if w := d.On.Weekday(); w == time.Saturday || w == time.Sunday || slices.Contains(bankHolidays, d.On.String()) {
				t.Fatalf("%s: %s is no working day", r, d.On)
			}
			if i > 0 && !d.On.After(days[i-1].On) {
				t.Fatalf("%s: %s after %s", r, d.On, days[i-1].On)
			}
			if i > 0 && d.Slot == days[i-1].Slot {
				t.Fatalf("%s: %s twice", r, d.Slot)
			}
			due := d.Due.Weekday() != time.Saturday && d.Due.Weekday() != time.Sunday && !slices.Contains(bankHolidays, d.Due.String())
			if due != (d.On == d.Due) {
				t.Fatalf("%s: due %s, held %s", r, d.Due, d.On)
			}
			months[d.On.String()[:7]]++
			weeks[d.On.DaysSince(monday)/7]++
		}
		if r.Every != meeting.Weeks {
			if len(months) != 36 || len(days) != 36 {
				t.Fatalf("%s: %d meetings in %d of 36 months", r, len(days), len(months))
			}
		} else {
			first := days[0].On.DaysSince(monday) / 7
			for i := range days {
				if weeks[first+i*r.Weeks] != 1 {
					t.Fatalf("%s: week %d has %d meetings", r, first+i*r.Weeks, weeks[first+i*r.Weeks])
				}
			}
			if last := first + len(days)*r.Weeks; last < 156 { // the next one would be in these three years
				t.Fatalf("%s: the days end in week %d", r, last)
			}
		}
		a := from.AddDays(rapid.IntRange(0, 1000).Draw(t, "a"))
		b := a.AddDays(rapid.IntRange(0, 90).Draw(t, "b"))
		want := slices.DeleteFunc(slices.Clone(days), func(d meeting.Day) bool { return d.On.Before(a) || d.On.After(b) })
		if got := terms.Days(a, b); !slices.Equal(got, want) {
			t.Fatalf("%s from %s to %s: %v, want %v", r, a, b, got, want)
		}
	})
}

// TestWhatASeriesNeeds: a rhythm (R52-R54), a place (R52), a chair who may chair (R55)
// and members who work there (R56).
func TestWhatASeriesNeeds(t *testing.T) {
	t.Parallel()
	good := meeting.Terms{Rhythm: meeting.Rhythm{Every: meeting.Weeks, Weeks: 1, Weekday: time.Friday}, From: today, Starts: "09:30", Place: "Hub", Chair: 3, Members: []ref.AccountID{7}}
	for name, c := range map[string]struct {
		change func(*meeting.Terms)
		want   string
	}{
		"whole":                      {func(*meeting.Terms) {}, ""},
		"no rhythm":                  {func(t *meeting.Terms) { t.Every = "" }, "R54 every"},
		"every 9 weeks":              {func(t *meeting.Terms) { t.Weeks = 9 }, "R54 weeks"},
		"on Saturdays":               {func(t *meeting.Terms) { t.Weekday = time.Saturday }, "R53 weekday"},
		"the sixth of a month":       {func(t *meeting.Terms) { t.Every, t.Nth = meeting.MonthByWeekday, 6 }, "R52 nth"},
		"on day 0":                   {func(t *meeting.Terms) { t.Every = meeting.MonthByDay }, "R52 month_day"},
		"from no day":                {func(t *meeting.Terms) { t.From = clock.Date{} }, "R52 from"},
		"nowhere":                    {func(t *meeting.Terms) { t.Place = "  " }, "R52 place"},
		"at no time":                 {func(t *meeting.Terms) { t.Starts = "9" }, "R52 starts"},
		"with an end":                {func(t *meeting.Terms) { t.Ends = "11:15" }, ""},
		"ending before it starts":    {func(t *meeting.Terms) { t.Ends = "09:15" }, "R52 ends"},
		"chaired by who may not":     {func(t *meeting.Terms) { t.Chair = 7 }, "R55 chair"},
		"chaired jointly by oneself": {func(t *meeting.Terms) { t.Joint = 3 }, "R55 joint"},
		"with somebody from outside": {func(t *meeting.Terms) { t.Members = []ref.AccountID{7, 8} }, "R56 member"},
	} {
		n := good
		c.change(&n)
		var got []string
		for _, p := range meeting.CheckTerms(meeting.Practitioners, n, []ref.AccountID{3, 4}, []ref.AccountID{3, 4, 7}) {
			got = append(got, p.Rule+" "+p.Field)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The rhythm in words.
func TestRhythmInWords(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]meeting.Rhythm{
		"The second Tuesday of every month":      {Every: meeting.MonthByWeekday, Nth: 2, Weekday: time.Tuesday},
		"The last Friday of every month":         {Every: meeting.MonthByWeekday, Nth: 5, Weekday: time.Friday},
		"Day 15 of every month":                  {Every: meeting.MonthByDay, MonthDay: 15},
		"Day 31 of every month, or its last day": {Every: meeting.MonthByDay, MonthDay: 31},
		"Every Thursday":                         {Every: meeting.Weeks, Weeks: 1, Weekday: time.Thursday},
		"Every second Thursday":                  {Every: meeting.Weeks, Weeks: 2, Weekday: time.Thursday},
		"Every 4 weeks on a Monday":              {Every: meeting.Weeks, Weeks: 4, Weekday: time.Monday},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
