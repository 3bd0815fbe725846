package livelist

import (
	"slices"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
)

// rated is one line of the rating's history of a registration.
type rated struct {
	rating    rag.Rating
	on        clock.Date
	atMeeting bool
}

// facts is what the summary of a registration is made from.
type facts struct {
	Registration ref.RegistrationID
	Nominal      ref.NominalID
	Area         ref.AreaID
	BeganOn      clock.Date
	Family       string
	Given        string
	Born         clock.Date
	Warnings     []string
	Ratings      []rag.Rating // oldest first, with the three beside
	RatedOn      []clock.Date
	AtMeeting    []bool
	Ratified     bool // the latest was ratified by a meeting
	LeadAccount  *ref.AccountID
	LeadName     string
	LeadAgency   *ref.AgencyID
	AgencyName   string
	Status       string
	StatusEnds   clock.Date
	Prison       string
	ReleaseOn    clock.Date
	MAPPA        int
	Groups       []ref.GroupID
	ActionDues   []clock.Date
	LastContact  clock.Date
	LastVisit    clock.Date
	Proposed     bool
	LinesMissing int
}

func (f facts) history() []rated {
	all := make([]rated, len(f.Ratings))
	for i, r := range f.Ratings {
		all[i] = rated{r, f.RatedOn[i], f.AtMeeting[i]}
	}
	return all
}

// summarise makes the row. ok is false for a registration without a rating, which
// the adoption never leaves behind.
func summarise(f facts, s rag.Settings) (r Row, ok bool) {
	history := f.history()
	if len(history) == 0 {
		return Row{}, false
	}
	now := history[len(history)-1]
	r = Row{
		Registration: f.Registration, Nominal: f.Nominal, Area: f.Area, RegisteredOn: f.BeganOn,
		Rating: now.rating, Rank: now.rating.Rank(), RatedOn: now.on, Ratified: now.atMeeting || f.Ratified,
		SortName: strings.ToLower(f.Family + " " + f.Given), Family: f.Family, Given: f.Given, Born: f.Born, Warnings: full(f.Warnings),
		LeadAccount: f.LeadAccount, LeadName: f.LeadName, LeadAgency: f.LeadAgency, AgencyName: f.AgencyName,
		Status: f.Status, StatusEnds: f.StatusEnds, Prison: f.Prison, ReleaseOn: f.ReleaseOn, MAPPA: f.MAPPA, Groups: full(f.Groups),
		ActionDues: full(f.ActionDues), Open: len(f.ActionDues), LastContact: f.LastContact, LastVisit: f.LastVisit, Proposed: f.Proposed,
		LinesMissing: f.LinesMissing,
	}
	r.ReviewedOn = reviewedOn(history)
	r.ReviewDue = review.DueOn(r.Rating, later(r.ReviewedOn, f.BeganOn))
	if r.Open > 0 {
		r.NextAction = f.ActionDues[0]
	}
	r.VisitDue = visitDue(history, f.LastVisit, s)
	return r, true
}

// full is never nil: an empty array, not NULL.
func full[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func later(a, b clock.Date) clock.Date {
	if a.IsZero() || b.After(a) {
		return b
	}
	return a
}

// reviewedOn is the day of the last rating at a meeting; zero when there was none.
func reviewedOn(history []rated) clock.Date {
	for _, h := range slices.Backward(history) {
		if h.atMeeting {
			return h.on
		}
	}
	return clock.Date{}
}

// visitDue is the last day on which the next home visit meets the standard of the
// rating held now (R42, R44, R47); zero while wanted or in prison. Our reading of
// what the guide leaves open:
//
//   - The time runs from the last visit; with none since the person came under a
//     rating that asks for visits (adopted, released, found), from that day.
//   - A rating given again at a review starts no new time.
//   - A stricter rating shortens the time that is running, but not to before the
//     day on which it was given: nobody is late by a standard that did not hold.
func visitDue(history []rated, lastVisit clock.Date, s rag.Settings) clock.Date {
	now := history[len(history)-1]
	if now.rating.Standard() == "" {
		return clock.Date{}
	}
	owed, held := now.on, now.on
	same := true
	for _, h := range slices.Backward(history) {
		if h.rating.Standard() == "" {
			break
		}
		owed = h.on
		if same = same && h.rating == now.rating; same {
			held = h.on
		}
	}
	return later(now.rating.VisitDue(later(lastVisit, owed), s), held)
}
