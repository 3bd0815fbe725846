// Package contact keeps the contact and event log: visits, appointments, calls,
// each with what came of it (R33, R143, R188).
package contact

import (
	"slices"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Kind is how somebody was in touch.
type Kind string

// The kinds.
const (
	HomeVisit     Kind = "home visit"
	OfficeVisit   Kind = "office visit"
	Supervision   Kind = "supervision session"
	Telephone     Kind = "telephone"
	PrisonVisit   Kind = "prison visit"
	VideoLink     Kind = "video link"
	KeyWork       Kind = "key-work session"
	MeetAtGate    Kind = "meet at the gate"
	PoliceContact Kind = "police contact"
	CallToPolice  Kind = "call to police"
	Other         Kind = "other"
)

// Kinds in the order in which they are offered.
var Kinds = []Kind{HomeVisit, OfficeVisit, Supervision, KeyWork, Telephone, VideoLink, PrisonVisit, MeetAtGate, PoliceContact, CallToPolice, Other}

// Word is the kind with a capital.
func (k Kind) Word() string {
	if k == "" {
		return ""
	}
	return string(k[0]-'a'+'A') + string(k[1:])
}

// Outcome is what came of the contact.
type Outcome string

// The first four are those of an appointment (R143).
const (
	Attended         Outcome = "attended and stayed"
	LeftEarly        Outcome = "left early"
	DidNotAttend     Outcome = "did not attend"
	RefusedTreatment Outcome = "refused treatment"
	Seen             Outcome = "seen"
	NotSeen          Outcome = "not seen"
	NoAppointment    Outcome = "not an appointment"
)

// Outcomes in the order in which they are offered.
var Outcomes = []Outcome{Attended, LeftEarly, DidNotAttend, RefusedTreatment, Seen, NotSeen, NoAppointment}

// Word is the outcome with a capital.
func (o Outcome) Word() string {
	if o == "" {
		return ""
	}
	return string(o[0]-'a'+'A') + string(o[1:])
}

// Missed says that the person was expected and was not there throughout: left
// early or did not attend. Refusing treatment is no breach (R142).
func (o Outcome) Missed() bool { return o == DidNotAttend || o == LeftEarly }

// WasSeen says that somebody saw the person.
func (o Outcome) WasSeen() bool {
	return slices.Contains([]Outcome{Attended, LeftEarly, RefusedTreatment, Seen}, o)
}

// New is a contact to be logged.
type New struct {
	Nominal     ref.NominalID
	Kind        Kind
	HeldOn      clock.Date
	At          string // 15:04; empty when not known
	Outcome     Outcome
	Excused     bool // an absence with an acceptable reason
	Agency      ref.AgencyID
	JointAgency ref.AgencyID // of a joint visit; 0: none (R188)
	ForceNumber string       // of the officer, as on the paper form
	Log         string
	Result      string
	Source      string
	Planned     ref.PlannedID // that it is logged for; 0: the plan of that day and kind, if there is one
}

// Contact is a contact as it was logged.
type Contact struct {
	ID              ref.ContactID `db:"id"`
	Nominal         ref.NominalID `db:"nominal_id"`
	Kind            Kind          `db:"kind"`
	HeldOn          clock.Date    `db:"held_on"`
	At              string        `db:"at_time"`
	Outcome         Outcome       `db:"outcome"`
	Excused         bool          `db:"excused"`
	Agency          ref.AgencyID  `db:"agency_id"`
	AgencyName      string        `db:"agency_name"`
	JointAgencyName string        `db:"joint_agency_name"` // empty: not a joint visit
	ForceNumber     string        `db:"force_number"`
	Log             string        `db:"log"`
	Result          string        `db:"result"`
	Source          string        `db:"source"`
	RecordedAt      time.Time     `db:"recorded_at"`
	By              string        `db:"by_name"`
}

// IsVisit says that this is a home visit at which the person was seen: what
// counts against the standard of a rating (R49). A call at an empty address does
// not; that is our reading, since the guide speaks of visits done.
func (c Contact) IsVisit() bool { return c.Kind == HomeVisit && c.Outcome.WasSeen() }

// Missed says that the person was expected, was not there throughout and had no acceptable
// reason: what can be a breach (R142, R143).
func (c Contact) Missed() bool { return c.Outcome.Missed() && !c.Excused }
