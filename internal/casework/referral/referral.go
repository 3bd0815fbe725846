// Package referral is the form of Appendix 2 of the guide, from the day on which
// somebody starts it to what the meeting decides: sections saved one by one,
// submitted when complete, amended afterwards only with old and new kept.
package referral

import (
	"time"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// State is where a referral stands.
type State string

// The life of a referral: started, then submitted or withdrawn; once submitted
// it is decided at a meeting, and a deferred one comes back to the next (R9).
const (
	Started   State = "started"
	Submitted State = "submitted"
	Deferred  State = "deferred"
	Withdrawn State = "withdrawn"
	Adopted   State = "adopted"
	Rejected  State = "rejected"
)

// Undecided says that a meeting has still to decide.
func (s State) Undecided() bool { return s == Submitted || s == Deferred }

// Open says that the referral can still be added to.
func (s State) Open() bool { return s == Started || s.Undecided() }

// Word is the state as it is shown.
func (s State) Word() string {
	return map[State]string{Started: "Not submitted", Submitted: "Awaiting decision", Deferred: "Deferred", Withdrawn: "Withdrawn",
		Adopted: "Adopted", Rejected: "Rejected"}[s]
}

// Summary is a referral as a list shows it.
type Summary struct {
	ID             ref.ReferralID
	Nominal        ref.NominalID
	Name           nominal.Name
	Born           clock.Date
	Area           ref.AreaID
	AreaName       string
	Agency         ref.AgencyID
	AgencyName     string
	State          State
	StartedAt      time.Time
	StartedByName  string
	SavedAt        time.Time // the latest save of a section
	SubmittedAt    time.Time // zero: not submitted
	ProposedRating rag.Rating
	TimesDeferred  int
	DecidedAt      time.Time // of the latest decision; zero: none
}

// Referral is the whole of one.
type Referral struct {
	Summary
	SubmittedByName string
	WithdrawnAt     time.Time
	WithdrawnByName string
	WithdrawnReason string
	Form            Form
	Versions        map[Section]Stamp // of each section that was saved
	Decisions       []Decided
}

// Version of a section; 0 when it was never saved.
func (r Referral) Version(s Section) int64 { return r.Versions[s].Version }

// Stamp is who saved a version of a section and when.
type Stamp struct {
	Version int64
	At      time.Time
	ByName  string
	Reason  string // of an amendment
}

// Decided is a decision of a meeting on a referral (R9).
type Decided struct {
	ID        int64
	Meeting   ref.MeetingID
	HeldOn    clock.Date
	Outcome   State // Adopted, Rejected or Deferred
	Reason    string
	Chair     ref.AccountID
	ChairName string
	AgreedBy  string
	At        time.Time
}

// Source is how facts that come from a referral name it.
func Source(id ref.ReferralID) string { return "referral " + ref.Text(id) }
