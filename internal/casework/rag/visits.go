package rag

import "iom/internal/platform/clock"

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
