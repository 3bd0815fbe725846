package condition

import (
	"time"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Step is how a set of requirements came to be (R132).
type Step string

// The steps. The supervisor proposes before release, the governor sets, and amends or
// removes when the supervisor asks.
const (
	Proposed Step = "proposed"
	SetUp    Step = "set"
	Amended  Step = "amended"
)

// Steps in their order.
var Steps = []Step{Proposed, SetUp, Amended}

// Word is the step as it is shown.
func (s Step) Word() string {
	switch s {
	case Proposed:
		return "Proposed by the supervisor"
	case SetUp:
		return "Set by the governor"
	case Amended:
		return "Amended or removed by the governor, on request"
	}
	return string(s)
}

// Chosen is one of the ten in a set, with what fills its brackets (R131).
type Chosen struct {
	Number   int
	Brackets []string
	Why      string // needed for 9 and 10 (R134)
	Limbs    Limbs  // of 9 (R141)
}

// Text is the wording of the list with its brackets filled; nothing else of it can differ.
func (c Chosen) Text() string {
	r, ok := law.RequirementNumbered(c.Number)
	if !ok {
		return ""
	}
	text, _ := r.Filled(c.Brackets)
	return text
}

// LeftOut is one of the first eight that was left out (R129), or one that was in force and removed (R132).
type LeftOut struct {
	Number int
	Reason string
}

// Limbs are the two halves of what drug testing needs, both of them (R141): a propensity to
// misuse specified Class A or Class B drugs, and that the misuse caused or contributed to an
// offence or is likely to.
type Limbs struct {
	Propensity, Contribution                 law.Answer
	PropensityEvidence, ContributionEvidence string
}

// Set is the requirements of a supervision as a whole, as they were proposed, set or amended.
type Set struct {
	ID          int64          `db:"id"`
	Nominal     ref.NominalID  `db:"nominal_id"`
	Sentence    ref.SentenceID `db:"sentence_id"`
	Step        Step           `db:"step"`
	DoneBy      string         `db:"done_by"`
	DoneOn      clock.Date     `db:"done_on"`
	From        clock.Date     `db:"from_on"` // zero: proposed only
	RequestedBy string         `db:"requested_by"`
	RequestedOn clock.Date     `db:"requested_on"`
	Why         string         `db:"why"`
	Source      string         `db:"source"`
	RecordedAt  time.Time      `db:"recorded_at"`
	By          string         `db:"by_name"`

	Chosen  []Chosen  `db:"-"`
	LeftOut []LeftOut `db:"-"`
}

// Has says that a requirement is in the set.
func (s Set) Has(number int) bool {
	_, ok := s.Numbered(number)
	return ok
}

// Numbered is a requirement of the set by its number.
func (s Set) Numbered(number int) (Chosen, bool) {
	for _, c := range s.Chosen {
		if c.Number == number {
			return c, true
		}
	}
	return Chosen{}, false
}

// Outcome is what the supervisor made of a court's recommendation (R133).
type Outcome string

// The outcomes; a disagreement goes to PPCS.
const (
	Agreed    Outcome = "agreed"
	Disagreed Outcome = "disagreed"
)

// Outcomes in their order.
var Outcomes = []Outcome{Agreed, Disagreed}

// Word is the outcome as it is shown.
func (o Outcome) Word() string {
	if o == Disagreed {
		return "Disagreed, and referred to PPCS"
	}
	return "Agreed"
}

// Recommendation is an amendment of the requirements that a court recommended (R133).
type Recommendation struct {
	ID            int64          `db:"id"`
	Nominal       ref.NominalID  `db:"nominal_id"`
	Sentence      ref.SentenceID `db:"sentence_id"`
	Court         string         `db:"court"`
	RecommendedOn clock.Date     `db:"recommended_on"`
	Recommends    string         `db:"recommends"`
	ConsideredBy  string         `db:"considered_by"`
	ConsideredOn  clock.Date     `db:"considered_on"`
	Outcome       Outcome        `db:"outcome"`
	Reason        string         `db:"reason"`
	ReferredOn    clock.Date     `db:"referred_on"` // to PPCS; zero: agreed
	Source        string         `db:"source"`
	RecordedAt    time.Time      `db:"recorded_at"`
	By            string         `db:"by_name"`
}
