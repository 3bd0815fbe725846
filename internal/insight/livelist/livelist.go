// Package livelist answers who is on the scheme now. Each current registration
// has one summary row, recomputed in the transaction that changed what it sums up,
// so that the page reads one table with an index for each order. What depends on
// the day (overdue, late, the age, the tab) is worked out when the page is read,
// so that nothing has to run overnight.
package livelist

import (
	"slices"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// ReleaseDays is how long before release a PRISON case is moved from the custody
// tab to the live one: 12 weeks (R117).
const ReleaseDays = 12 * 7

// Row is the summary of one registration.
type Row struct {
	Registration ref.RegistrationID
	Nominal      ref.NominalID
	Area         ref.AreaID
	Rating       rag.Rating
	Rank         int // 1 is RED ALERT, 5 is PRISON
	RatedOn      clock.Date
	Ratified     bool // at a meeting, or by one since
	SortName     string
	Family       string
	Given        string
	Born         clock.Date
	Warnings     []string
	LeadAccount  *ref.AccountID
	LeadName     string
	LeadAgency   *ref.AgencyID
	AgencyName   string
	Status       string        // statutory status; empty: none recorded
	StatusEnds   clock.Date    // end of licence or order that is in force
	StatusByLaw  bool          // that end was worked out and not notified
	FinalThird   clock.Date    // first day of the last third of the licence or the order
	Prison       string        // empty in the community
	ReleaseOn    clock.Date    // the date in force; zero: none, or not in custody
	ReleaseByLaw bool          // that date was worked out and not notified
	MAPPA        int           // 0: none
	Groups       []ref.GroupID // also those that have ended since
	RegisteredOn clock.Date
	ReviewedOn   clock.Date
	ReviewDue    clock.Date
	Open         int
	ActionDues   []clock.Date // of the open actions, the earliest first
	NextAction   clock.Date
	LastContact  clock.Date
	LastVisit    clock.Date
	VisitDue     clock.Date // zero: none is due, in prison or wanted
	Proposed     bool
	LinesMissing int // of the adoption checklist (R32)
}

// Name is the name as it stands in a list: family name first.
func (r Row) Name() string {
	if r.Given == "" {
		return r.Family
	}
	return r.Family + ", " + r.Given
}

// InCustody says on which tab the case stands: PRISON until 12 weeks before
// release is custody, everything else is live (R117). Without a release date a
// PRISON case stays on the custody tab.
func (r Row) InCustody(today clock.Date) bool {
	return r.Rating == rag.Prison && (r.ReleaseOn.IsZero() || r.ReleaseOn.After(today.AddDays(ReleaseDays)))
}

// Overdue counts the open actions whose due date has passed (R78).
func (r Row) Overdue(today clock.Date) int {
	n, _ := slices.BinarySearchFunc(r.ActionDues, today, func(due, day clock.Date) int { return due.DaysSince(day) })
	return n
}

// VisitLate says that the home visit that the rating asks for is overdue.
func (r Row) VisitLate(today clock.Date) bool {
	return !r.VisitDue.IsZero() && r.VisitDue.Before(today)
}

// ReviewLate says that the review should have been by now.
func (r Row) ReviewLate(today clock.Date) bool {
	return !r.ReviewDue.IsZero() && r.ReviewDue.Before(today)
}
