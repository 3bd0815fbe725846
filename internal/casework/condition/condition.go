// Package condition keeps the conditions of a licence and the requirements of post-sentence
// supervision: who proposed and who set them, from when to when they hold, that they were
// explained, and what a court recommended (R127-R134, R141).
//
// What was set is never changed: a condition ends by a row of its own, and an amendment
// is an end and a new condition that names the old one. The requirements of supervision
// are the ten of law.Requirements and nothing else, and stand as a whole each time.
package condition

import (
	"slices"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Kind is what a condition is about, so that a breach can name one. The list is closed.
type Kind string

// Standard conditions are given to everybody, the others to some (R127).
const (
	Standard    Kind = "standard"
	Curfew      Kind = "curfew"
	Exclusion   Kind = "exclusion zone"
	NoContact   Kind = "no contact"
	Residence   Kind = "residence"
	Programme   Kind = "programme"
	DrugTesting Kind = "drug testing"
	DrugTalks   Kind = "drug appointments"
	Monitoring  Kind = "electronic monitoring"
	Possessions Kind = "possessions"
	Disclosure  Kind = "disclosure"
	Other       Kind = "other"
)

// Kinds that are entered in the words of the licence; Standard stands last, for a standard
// condition that the licence words otherwise than Standards.
var Kinds = []Kind{Curfew, Exclusion, NoContact, Residence, Programme, DrugTesting, DrugTalks, Monitoring, Possessions, Disclosure, Other, Standard}

// Word is the kind as it is shown.
func (k Kind) Word() string {
	switch k {
	case Standard:
		return "Standard condition, worded otherwise"
	case Curfew:
		return "Curfew"
	case Exclusion:
		return "Exclusion zone"
	case NoContact:
		return "No contact with somebody"
	case Residence:
		return "Residence"
	case Programme:
		return "Programme or activities"
	case DrugTesting:
		return "Drug testing"
	case DrugTalks:
		return "Drug appointments"
	case Monitoring:
		return "Electronic monitoring"
	case Possessions:
		return "Possession or inspection of things"
	case Disclosure:
		return "Disclosure of information"
	case Other:
		return "Another condition"
	}
	return string(k)
}

// Standards are the standard conditions to be ticked. The order that makes them was not
// read: this is the wording that the Ministry of Justice's own services for licences and
// recalls list. A licence that words one otherwise is recorded in its own words.
var Standards = []string{
	"Be of good behaviour and not behave in a way which undermines the purpose of the licence period",
	"Not commit any offence",
	"Keep in touch with the supervising officer in accordance with instructions given by the supervising officer",
	"Receive visits from the supervising officer in accordance with instructions given by the supervising officer",
	"Reside permanently at an address approved by the supervising officer and obtain the prior permission of the supervising officer for any stay of one or more nights at a different address",
	"Not undertake work, or a particular type of work, unless it is approved by the supervising officer and notify the supervising officer in advance of any proposal to undertake work or a particular type of work",
	"Not travel outside the United Kingdom, the Channel Islands or the Isle of Man except with the prior permission of the supervising officer or for the purposes of immigration deportation or removal",
	"Tell the supervising officer if you use a name which is different to the name or names which appear on your licence",
	"Tell the supervising officer if you change or add any contact details, including phone number or email",
}

// Condition is one condition of a licence, with how it ended.
type Condition struct {
	ID           ref.ConditionID `db:"id"`
	Nominal      ref.NominalID   `db:"nominal_id"`
	Sentence     ref.SentenceID  `db:"sentence_id"`
	Kind         Kind            `db:"kind"`
	Words        string          `db:"words"`
	Propensity   string          `db:"propensity"` // evidence of the limbs of R141; of drug testing only
	Contribution string          `db:"contribution"`
	From         clock.Date      `db:"from_on"`
	SetBy        string          `db:"set_by"` // the governor
	SetOn        clock.Date      `db:"set_on"`
	Amends       ref.ConditionID `db:"amends_id"` // 0: set anew
	Source       string          `db:"source"`
	RecordedAt   time.Time       `db:"recorded_at"`
	By           string          `db:"by_name"`

	EndID     int64           `db:"end_id"`   // 0: not ended
	EndedOn   clock.Date      `db:"ended_on"` // first day on which it no longer holds; zero: not ended
	EndedBy   string          `db:"ended_by"`
	EndedWhy  string          `db:"ended_why"`
	AmendedBy ref.ConditionID `db:"amended_by"` // the condition that took its place; 0: none
}

// Ended says that it was removed or amended.
func (c Condition) Ended() bool { return !c.EndedOn.IsZero() }

// Holds says that it is in force on a day, given the last day of the licence (zero: not known).
func (c Condition) Holds(on, ends clock.Date) bool {
	return !on.Before(c.From) && (c.EndedOn.IsZero() || on.Before(c.EndedOn)) && (ends.IsZero() || !on.After(ends))
}

// Find is the condition with an id.
func Find(all []Condition, id ref.ConditionID) (Condition, bool) {
	i := slices.IndexFunc(all, func(c Condition) bool { return c.ID == id })
	if i < 0 {
		return Condition{}, false
	}
	return all[i], true
}

// Explanation is that the conditions or requirements, and the consequences of breach, were
// explained to the person (R130).
type Explanation struct {
	ID          int64          `db:"id"`
	Nominal     ref.NominalID  `db:"nominal_id"`
	Sentence    ref.SentenceID `db:"sentence_id"`
	On          clock.Date     `db:"explained_on"`
	ExplainedBy string         `db:"explained_by"`
	Note        string         `db:"note"`
	Source      string         `db:"source"`
	RecordedAt  time.Time      `db:"recorded_at"`
	By          string         `db:"by_name"`
}
