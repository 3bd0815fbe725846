package rag

import (
	"slices"

	"iom/internal/platform/clock"
)

// Settings are what the guide leaves open and an area chooses.
type Settings struct {
	AmberVisitDays int // the guide says "bi-weekly"; only 14 days fits between weekly and monthly (R45)
}

// DefaultSettings are the readings that docs/rules.md argues for.
var DefaultSettings = Settings{AmberVisitDays: 14}

// VisitDue is the last day on which the next home visit meets the standard of the
// rating: 7 days after the last one at RED (R42), 14 or as set at AMBER (R44, R45),
// a calendar month at GREEN (R47). The zero Date where the guide sets no home
// visit: wanted, or in prison. from is the last visit or, without one, the day on
// which the rating began.
func (r Rating) VisitDue(from clock.Date, s Settings) clock.Date {
	switch r {
	case Red:
		return from.AddDays(7)
	case Amber:
		return from.AddDays(s.AmberVisitDays)
	case Green:
		return from.AddMonths(1)
	}
	return clock.Date{}
}

// Standard says in words how often a home visit is due; empty where none is.
func (r Rating) Standard() string {
	switch r {
	case Red:
		return "weekly"
	case Amber:
		return "bi-weekly"
	case Green:
		return "monthly"
	}
	return ""
}

// Held is a rating and the day from which it was held.
type Held struct {
	From   clock.Date
	Rating Rating
}

// NextVisit is the last day on which the next home visit meets the standard of the
// rating held now, the last of ratings, which are in the order of time (R42, R44,
// R47, R49); the zero Date while wanted, in prison or not rated. lastVisit is the
// day on which the person was last seen at home; zero: never. Our reading of what
// the guide leaves open:
//
//   - The time runs from the last visit; with none since the person came under a
//     rating that asks for visits (adopted, released, found), from that day.
//   - A rating given again at a review starts no new time.
//   - A stricter rating shortens the time that is running, but not to before the
//     day on which it was given: nobody is late by a standard that did not hold.
func NextVisit(ratings []Held, lastVisit clock.Date, s Settings) clock.Date {
	if len(ratings) == 0 {
		return clock.Date{}
	}
	now := ratings[len(ratings)-1]
	if now.Rating.Standard() == "" {
		return clock.Date{}
	}
	owed, held := now.From, now.From
	same := true
	for _, h := range slices.Backward(ratings) {
		if h.Rating.Standard() == "" {
			break
		}
		owed = h.From
		if same = same && h.Rating == now.Rating; same {
			held = h.From
		}
	}
	if lastVisit.After(owed) {
		owed = lastVisit
	}
	if due := now.Rating.VisitDue(owed, s); due.After(held) {
		return due
	}
	return held
}
