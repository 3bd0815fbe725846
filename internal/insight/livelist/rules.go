package livelist

import (
	"slices"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

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
	Prison       string
	MAPPA        int
	Groups       []ref.GroupID
	ActionDues   []clock.Date
	LastContact  clock.Date
	LastVisit    clock.Date
	Proposed     bool
	LinesMissing int

	Dates sentence.Dates `db:"-"` // asked of the room that knows which date is in force
}

func (f facts) held() []rag.Held {
	all := make([]rag.Held, len(f.Ratings))
	for i, r := range f.Ratings {
		all[i] = rag.Held{From: f.RatedOn[i], Rating: r}
	}
	return all
}

// summarise makes the row. ok is false for a registration without a rating, which
// the adoption never leaves behind.
func summarise(f facts, s rag.Settings) (r Row, ok bool) {
	held := f.held()
	if len(held) == 0 {
		return Row{}, false
	}
	now := held[len(held)-1]
	r = Row{
		Registration: f.Registration, Nominal: f.Nominal, Area: f.Area, RegisteredOn: f.BeganOn,
		Rating: now.Rating, Rank: now.Rating.Rank(), RatedOn: now.From, Ratified: f.AtMeeting[len(held)-1] || f.Ratified,
		SortName: strings.ToLower(f.Family + " " + f.Given), Family: f.Family, Given: f.Given, Born: f.Born, Warnings: full(f.Warnings),
		LeadAccount: f.LeadAccount, LeadName: f.LeadName, LeadAgency: f.LeadAgency, AgencyName: f.AgencyName,
		Status: string(f.Dates.Status.Standing), StatusEnds: f.Dates.Status.Ends, StatusByLaw: f.Dates.Status.EndsInForce.IsComputed(),
		FinalThird: f.Dates.Status.FinalThird, Prison: f.Prison, ReleaseOn: f.Dates.Release.Day, ReleaseByLaw: f.Dates.Release.IsComputed(), MAPPA: f.MAPPA, Groups: full(f.Groups),
		ActionDues: full(f.ActionDues), Open: len(f.ActionDues), LastContact: f.LastContact, LastVisit: f.LastVisit, Proposed: f.Proposed,
		LinesMissing: f.LinesMissing,
	}
	r.ReviewedOn = f.reviewedOn()
	r.ReviewDue = review.DueOn(r.Rating, later(r.ReviewedOn, f.BeganOn))
	if r.Open > 0 {
		r.NextAction = f.ActionDues[0]
	}
	r.VisitDue = rag.NextVisit(held, f.LastVisit, s)
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
func (f facts) reviewedOn() clock.Date {
	for i, atMeeting := range slices.Backward(f.AtMeeting) {
		if atMeeting {
			return f.RatedOn[i]
		}
	}
	return clock.Date{}
}
