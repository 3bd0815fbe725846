// Package registration is somebody's time on the scheme: adopted at a meeting,
// with a lead worker and the adoption lines done one by one, reviewed, and in the
// end deregistered at a meeting, after which every marker that was put up has to
// come down again. A person can be registered again later by a new referral; the
// earlier registration stays as it was.
package registration

import (
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Current is a registration that is not ended, with what stands on it now.
type Current struct {
	ID             ref.RegistrationID
	Nominal        ref.NominalID
	Area           ref.AreaID
	Referral       ref.ReferralID
	BeganOn        clock.Date
	BeganAt        time.Time
	Rating         rag.Rating
	RatingID       ref.RatingID
	RatedOn        clock.Date
	Ratified       bool // rated at a meeting, or ratified since
	LeadAccount    ref.AccountID
	LeadName       string
	LeadAgency     ref.AgencyID
	LeadAgencyName string
	LeadCapacity   string
	Proposed       bool // a proposal to deregister waits for a meeting
}

// Registration is one time on the scheme, current or past.
type Registration struct {
	ID         ref.RegistrationID
	Nominal    ref.NominalID
	Area       ref.AreaID
	AreaName   string
	Referral   ref.ReferralID
	BeganOn    clock.Date
	BeganAt    time.Time
	EndedAt    *time.Time // nil: current
	ClosedAt   *time.Time // after deregistration: when no marker was left (R36)
	AdoptedAt  ref.MeetingID
	AdoptedFor string // the meeting's reason
	ChairName  string
}

// State is where a registration stands, in a word.
func (r Registration) State() string {
	switch {
	case r.EndedAt == nil:
		return "registered"
	case r.ClosedAt == nil:
		return "deregistered, markers to remove"
	}
	return "closed"
}

// EndedOn is the legal day of the end; zero while it lasts.
func (r Registration) EndedOn() clock.Date {
	if r.EndedAt == nil {
		return clock.Date{}
	}
	return clock.DateOf(*r.EndedAt)
}

// Lead is a lead worker as chosen (R10): a person, the agency acted for, and in
// which capacity.
type Lead struct {
	Account  ref.AccountID
	Agency   ref.AgencyID
	Capacity string // one of Capacities
}

// LeadWorker is one line of the history of lead workers.
type LeadWorker struct {
	ID             int64
	Registration   ref.RegistrationID
	Account        ref.AccountID
	Name           string
	Agency         ref.AgencyID
	AgencyName     string
	Capacity       string
	FromOn         clock.Date
	Reason         string
	RecordedAt     time.Time
	RecordedByName string
}

// Outcome of a review row of the form (R34).
const (
	Keep = "retain"
	Drop = "drop"
)

// ReviewRow is a row of the form's Review part: retain or drop (R34).
type ReviewRow struct {
	ID             int64
	Registration   ref.RegistrationID
	ReviewedOn     clock.Date
	Outcome        string
	Justification  string
	Meeting        ref.MeetingID // 0: not at a meeting
	RecordedAt     time.Time
	RecordedByName string
}

// Proposal is a proposal to deregister.
type Proposal struct {
	ID             int64
	Registration   ref.RegistrationID
	Nominal        ref.NominalID
	Area           ref.AreaID
	Name           string // of the nominal
	Reason         string
	Criteria       []string
	ProposedAt     time.Time
	ProposedBy     ref.AccountID
	ProposedByName string
	// What became of it: "" waits, Keep (a meeting retained) or Drop (deregistered).
	Outcome    string
	Answer     string // the meeting's reason for retaining
	AnsweredAt ref.MeetingID
	AnsweredOn clock.Date
}

// Deregistration is the decision that ended a registration (R85, R86).
type Deregistration struct {
	Registration   ref.RegistrationID
	Meeting        ref.MeetingID
	ChairName      string
	AgreedBy       string
	Justification  string
	Reasons        string
	Criteria       []string
	ExitOfficer    string
	ExitAgency     ref.AgencyID
	ExitAgencyName string
	ExitPlan       string
	DecidedOn      clock.Date
	RecordedAt     time.Time
	RecordedByName string
}
