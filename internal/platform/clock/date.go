package clock

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// Date is a legal day in London, without a time. The zero Date means that no
// date is known; Postgres holds it as NULL.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate makes a Date. Out-of-range days carry over, as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return fromUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the legal day of a moment.
func DateOf(at time.Time) Date {
	year, month, day := at.In(London).Date()
	return Date{year, month, day}
}

// ParseISO reads 2006-01-02.
func ParseISO(text string) (Date, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("clock: %q is not a date as 2006-01-02", text)
	}
	return fromUTC(at), nil
}

// MustISO reads 2006-01-02 and panics on anything else: for constants.
func MustISO(text string) Date {
	d, err := ParseISO(text)
	if err != nil {
		panic(err)
	}
	return d
}

func fromUTC(at time.Time) Date {
	year, month, day := at.Date()
	return Date{year, month, day}
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsZero says that no date is known.
func (d Date) IsZero() bool { return d == Date{} }

// Start is the first moment of the day in London.
func (d Date) Start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, London) }

// At is a moment of the day in London.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, London)
}

// AddDays is the day so many days later, or earlier when negative.
func (d Date) AddDays(days int) Date { return NewDate(d.Year, d.Month, d.Day+days) }

// AddMonths is the same day so many months later or earlier. Where the month is
// shorter it is the last day of that month: 31 January and one month is 28 or
// 29 February.
func (d Date) AddMonths(months int) Date {
	first := NewDate(d.Year, d.Month+time.Month(months), 1)
	last := NewDate(first.Year, first.Month+1, 0).Day
	return Date{first.Year, first.Month, min(d.Day, last)}
}

// Before says that d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.compare(other) < 0 }

// After says that d is a later day than other.
func (d Date) After(other Date) bool { return d.compare(other) > 0 }

func (d Date) compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// DaysSince counts the days from other to d; negative when d is earlier.
func (d Date) DaysSince(other Date) int { return int(d.utc().Sub(other.utc()).Hours() / 24) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AgeOn is how many birthdays someone born on d has had by the other day. One
// born on 29 February has the birthday on 1 March in other years, as the law of
// England and Wales counts it.
func (d Date) AgeOn(on Date) int {
	age := on.Year - d.Year
	if NewDate(on.Year, d.Month, d.Day).After(on) {
		age--
	}
	return age
}

// String is the day as 2006-01-02; empty when no date is known.
func (d Date) String() string { return d.format(time.DateOnly) }

// Long is the day as 2 January 2006.
func (d Date) Long() string { return d.format("2 January 2006") }

// Short is the day as 2 Jan 2006. A list shows hundreds of them, so that it is put
// together by hand.
func (d Date) Short() string {
	if d.Year < 1000 || d.Year > 9999 { // unknown, or a year that is not written with four digits
		return d.format("2 Jan 2006")
	}
	text := strconv.AppendInt(make([]byte, 0, len("31 Dec 2026")), int64(d.Day), 10)
	text = append(append(append(text, ' '), d.Month.String()[:3]...), ' ')
	return string(strconv.AppendInt(text, int64(d.Year), 10))
}

// Typed is the day as people type it into a form: 2/1/2006.
func (d Date) Typed() string { return d.format("2/1/2006") }

func (d Date) format(layout string) string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// ScanDate reads a date column; NULL is the zero Date.
func (d *Date) ScanDate(v pgtype.Date) error {
	if !v.Valid {
		*d = Date{}
		return nil
	}
	if v.InfinityModifier != pgtype.Finite {
		return fmt.Errorf("clock: an infinite date")
	}
	*d = fromUTC(v.Time)
	return nil
}

// DateValue writes a date column; the zero Date is NULL.
func (d Date) DateValue() (pgtype.Date, error) {
	return pgtype.Date{Time: d.utc(), Valid: !d.IsZero()}, nil
}

// MarshalText makes Date a plain ISO string in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO string; empty is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseISO(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
