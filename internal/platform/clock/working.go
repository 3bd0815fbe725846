package clock

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
)

// englandAndWales knows the bank holidays of England and Wales.
var englandAndWales = func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(gb.Holidays...)
	return c
}()

// IsWorkingDay says that the day is neither at a weekend nor a bank holiday of
// England and Wales.
func (d Date) IsWorkingDay() bool {
	return englandAndWales.IsWorkday(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, London))
}

// WorkingDayBefore is the last working day before d.
func (d Date) WorkingDayBefore() Date {
	for d = d.AddDays(-1); !d.IsWorkingDay(); d = d.AddDays(-1) {
	}
	return d
}
