package meeting

import (
	"strconv"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Every is by what a series repeats itself.
type Every string

// The three ways that schemes use (R52-R54).
const (
	MonthByWeekday Every = "month by weekday" // the second Tuesday of every month
	MonthByDay     Every = "month by day"     // the 15th of every month
	Weeks          Every = "weeks"            // every Thursday, or every second Thursday
)

// LastInMonth stands for the last of a weekday in a month.
const LastInMonth = 5

// Rhythm is when a series meets, before bank holidays.
type Rhythm struct {
	Every    Every
	Nth      int          // of the weekday in the month, 1 to 4, or LastInMonth
	Weekday  time.Weekday // Monday to Friday; not of MonthByDay
	MonthDay int          // 1 to 31: in a shorter month its last day
	Weeks    int          // 1 to 8: every so many weeks
}

// Terms are what a series is from a day on.
type Terms struct {
	Rhythm
	From    clock.Date
	Starts  string // 15:04
	Ends    string // 15:04; empty: as long as its kind usually takes (UsualEnd)
	Place   string
	Chair   ref.AccountID
	Joint   ref.AccountID   // 0: nobody (R55)
	Members []ref.AccountID // core members of its meetings, beside the chairs (R56)
}

// Series is the meetings of one kind that an area holds at regular intervals.
type Series struct {
	ID       ref.SeriesID
	Area     ref.AreaID // the node; its meetings are for the leaves under it
	AreaName string
	Kind     Kind
	Version  int64  // of the terms
	Reason   string // of their latest change
	Terms
	ChairName, JointName string
	LastOn               clock.Date // zero: it goes on
	EndReason            string
}

// Ended says whether the series meets no more after the day.
func (s Series) Ended(on clock.Date) bool { return !s.LastOn.IsZero() && s.LastOn.Before(on) }

// Day is one day of a series.
type Day struct {
	Slot string     // the month or week for which it stands: 2026-07 or 2026-W27
	Due  clock.Date // by the rhythm alone
	On   clock.Date // Due, or the working day to which it moves
}

// Days are those of the terms from one day to another, both included, in order. A
// day that is at a weekend or a bank holiday moves to the next working day; where
// that would be in another month, or of a weekly series in another week, it moves
// to the last working day before. So there is one in every month or week that the
// rhythm names, and never two (R52, R53).
func (t Terms) Days(from, to clock.Date) []Day {
	if from.Before(t.From) {
		from = t.From
	}
	var days []Day
	for _, due := range t.dues(from, to) {
		if due.Before(t.From) {
			continue
		}
		on := t.workingDay(due)
		if !on.Before(from) && !on.After(to) {
			days = append(days, Day{Slot: t.slot(due), Due: due, On: on})
		}
	}
	return days
}

// Days are those of the series as long as it goes on.
func (s Series) Days(from, to clock.Date) []Day {
	if s.Ended(to) {
		to = s.LastOn
	}
	return s.Terms.Days(from, to)
}

// dues are the days by the rhythm alone in the months or weeks from one day's to
// another's.
func (t Terms) dues(from, to clock.Date) []clock.Date {
	var dues []clock.Date
	if t.Every == Weeks {
		first := t.From
		for first.Weekday() != t.Weekday {
			first = first.AddDays(1)
		}
		step := 7 * t.Weeks
		if since := from.DaysSince(first) - 7; since > 0 {
			first = first.AddDays(since / step * step)
		}
		for due := first; due.DaysSince(to) < 7; due = due.AddDays(step) {
			dues = append(dues, due)
		}
		return dues
	}
	for month := clock.NewDate(from.Year, from.Month, 1); !month.After(to); month = month.AddMonths(1) {
		dues = append(dues, t.inMonth(month))
	}
	return dues
}

// inMonth is the day of a monthly rhythm in the month that begins on the day given.
func (r Rhythm) inMonth(first clock.Date) clock.Date {
	last := first.AddMonths(1).AddDays(-1)
	switch {
	case r.Every == MonthByDay:
		return clock.NewDate(first.Year, first.Month, min(r.MonthDay, last.Day))
	case r.Nth == LastInMonth:
		for last.Weekday() != r.Weekday {
			last = last.AddDays(-1)
		}
		return last
	}
	for first.Weekday() != r.Weekday {
		first = first.AddDays(1)
	}
	return first.AddDays(7 * (r.Nth - 1))
}

// workingDay is the day on which a meeting that is due on a day can be held.
func (r Rhythm) workingDay(due clock.Date) clock.Date {
	for on := due; r.slot(on) == r.slot(due); on = on.AddDays(1) {
		if on.IsWorkingDay() {
			return on
		}
	}
	return due.WorkingDayBefore()
}

// slot names the month or the week of a day.
func (r Rhythm) slot(on clock.Date) string {
	if r.Every == Weeks {
		year, week := on.At(12, 0).ISOWeek()
		return pad(year, 4) + "-W" + pad(week, 2)
	}
	return pad(on.Year, 4) + "-" + pad(int(on.Month), 2)
}

func pad(n, width int) string {
	text := strconv.Itoa(n)
	for len(text) < width {
		text = "0" + text
	}
	return text
}

// ordinals are the words for the n-th of a weekday in a month.
var ordinals = []string{1: "first", 2: "second", 3: "third", 4: "fourth", LastInMonth: "last"}

// Ordinal is the word for the n-th of a weekday in a month.
func Ordinal(nth int) string {
	if nth < 1 || nth > LastInMonth {
		return ""
	}
	return ordinals[nth]
}

// String is the rhythm in words, as a line of a list has it.
func (r Rhythm) String() string {
	switch {
	case r.Every == MonthByWeekday:
		return "The " + Ordinal(r.Nth) + " " + r.Weekday.String() + " of every month"
	case r.Every == MonthByDay && r.MonthDay > 28:
		return "Day " + strconv.Itoa(r.MonthDay) + " of every month, or its last day"
	case r.Every == MonthByDay:
		return "Day " + strconv.Itoa(r.MonthDay) + " of every month"
	case r.Weeks == 1:
		return "Every " + r.Weekday.String()
	case r.Weeks == 2:
		return "Every second " + r.Weekday.String()
	}
	return "Every " + strconv.Itoa(r.Weeks) + " weeks on a " + r.Weekday.String()
}
