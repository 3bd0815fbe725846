package history

import (
	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

// Kept is how home visits stood against the standard, counted in days (R49).
type Kept struct {
	Days   int // on which the rating held asked for visits
	InTime int // of those, on which no visit was overdue
	Visits int
}

// Percent is the share of days in time, rounded down so that 100 means all; ok is
// false when no day asked for visits.
func (k Kept) Percent() (percent int, ok bool) {
	if k.Days == 0 {
		return 0, false
	}
	return k.InTime * 100 / k.Days, true
}

// VisitsKept measures home visits from a day to a day, both included, against the
// minimum for the rating held on each day (R42, R44, R47, R49). ratings and visits
// are in the order of time; visits are the days on which the person was seen. On
// each day the next visit is due as rag.NextVisit says, which is the reading of the
// live list too.
func VisitsKept(ratings []rag.Held, visits []clock.Date, from, to clock.Date, s rag.Settings) Kept {
	var (
		k    Kept
		last clock.Date
		held = 0 // how many ratings were given by the day
		made = 0 // likewise visits
	)
	for day := from; !day.After(to); day = day.AddDays(1) {
		for ; held < len(ratings) && !ratings[held].From.After(day); held++ {
		}
		for ; made < len(visits) && !visits[made].After(day); made++ {
			last = visits[made]
			if !last.Before(from) {
				k.Visits++
			}
		}
		due := rag.NextVisit(ratings[:held], last, s)
		if due.IsZero() {
			continue
		}
		k.Days++
		if !day.After(due) {
			k.InTime++
		}
	}
	return k
}
