package history

import (
	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
)

// Held is a rating and the day from which it was held.
type Held struct {
	From   clock.Date
	Rating rag.Rating
}

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
// are in the order of time; visits are the days on which the person was seen.
//
// The reading is that of the live list: the time runs from the last visit or, with
// none, from the day on which the person came under a rating that asks for visits;
// a stricter rating shortens it, but nobody is late before the day it was given.
func VisitsKept(ratings []Held, visits []clock.Date, from, to clock.Date, s rag.Settings) Kept {
	var k Kept
	for day := from; !day.After(to); day = day.AddDays(1) {
		due := dueOn(ratings, visits, day, s)
		if due.IsZero() {
			continue
		}
		k.Days++
		if !day.After(due) {
			k.InTime++
		}
	}
	for _, v := range visits {
		if !v.Before(from) && !v.After(to) {
			k.Visits++
		}
	}
	return k
}

// dueOn is the last day for the next visit as it stood at the end of a day; zero
// when the rating then held asked for none, or there was none.
func dueOn(ratings []Held, visits []clock.Date, day clock.Date, s rag.Settings) clock.Date {
	var rating rag.Rating
	var owed, held clock.Date
	for _, h := range ratings {
		if h.From.After(day) {
			break
		}
		if h.Rating.Standard() == "" {
			rating, owed = h.Rating, clock.Date{}
			continue
		}
		if owed.IsZero() {
			owed = h.From
		}
		if h.Rating != rating {
			held = h.From
		}
		rating = h.Rating
	}
	if rating.Standard() == "" {
		return clock.Date{}
	}
	for _, v := range visits {
		if !v.After(day) && v.After(owed) {
			owed = v
		}
	}
	due := rating.VisitDue(owed, s)
	if held.After(due) {
		return held
	}
	return due
}
