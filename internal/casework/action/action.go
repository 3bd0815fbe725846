// Package action is what agencies promise to do about a nominal: who, what, by
// when, and for which pathway of the plan (R73-R78). An action is set, progressed,
// carried over and discharged; what happened to it is appended and never changed.
package action

import (
	"strings"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Action is one action as it stands now.
type Action struct {
	ID                ref.ActionID
	Nominal           ref.NominalID
	Area              ref.AreaID
	Registration      ref.RegistrationID // 0: set before adoption
	Text              string
	Pathway           string
	Objective         ref.ObjectiveID // 0: none
	ObjectiveText     string
	Meeting           ref.MeetingID // where it was set; 0: between meetings
	Agency            ref.AgencyID
	AgencyName        string
	Account           ref.AccountID // 0: the agency has named nobody yet (R75)
	AccountName       string
	DueOn             clock.Date
	Carried           int // how often it was carried over (R74)
	DischargeProposed bool
	DischargedAt      *time.Time
	Version           int64
	SetAt             time.Time
	SetBy             string
}

// Short is the beginning of the text, on one line: for lists.
func (a Action) Short() string { return Shorten(a.Text) }

// Shorten is the beginning of a long text, on one line of at most 80 characters.
func Shorten(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= 80 {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:79])) + "…"
}

// Open says that the action is neither completed nor discharged.
func (a Action) Open() bool { return a.DischargedAt == nil }

// State is the word of R74, with "carried over" for an open action that was.
func (a Action) State() string {
	switch {
	case !a.Open():
		return "discharged"
	case a.DischargeProposed:
		return "discharge proposed"
	case a.Carried > 0:
		return "carried over"
	}
	return "open"
}

// DaysOver counts the days since the due date: 0 when it is due today, negative
// when it is due later.
func (a Action) DaysOver(today clock.Date) int { return today.DaysSince(a.DueOn) }

// Overdue says that the due date has passed and the action is still open (R78).
func (a Action) Overdue(today clock.Date) bool { return a.Open() && a.DaysOver(today) > 0 }

// New is an action to be set.
type New struct {
	Nominal   ref.NominalID
	Text      string
	Pathway   string          // one of need.Pathways; may be empty when an objective is given
	Objective ref.ObjectiveID // 0: none
	Agency    ref.AgencyID
	Account   ref.AccountID // 0: unassigned
	DueOn     clock.Date
	Meeting   ref.MeetingID // 0: between meetings
}

// Kind is what can happen to an action.
type Kind string

// The kinds, in the order in which a list offers them.
const (
	KindProgress Kind = "progress"
	KindPropose  Kind = "discharge proposed"
	KindAssign   Kind = "assigned"
	KindCarry    Kind = "carried over"
	KindEnd      Kind = "discharged"
)

// Kinds are all of them.
var Kinds = []Kind{KindProgress, KindPropose, KindAssign, KindCarry, KindEnd}

// Change is one thing done to one action or to several at once.
type Change struct {
	Kind    Kind
	Text    string        // the note; required for everything but KindAssign
	DueOn   clock.Date    // of KindCarry: the new due date
	Agency  ref.AgencyID  // of KindAssign; 0 keeps the agency
	Account ref.AccountID // of KindAssign; 0: nobody in person
	Meeting ref.MeetingID // 0: between meetings
}

// Entry is one line of an action's history.
type Entry struct {
	ID         int64
	Kind       string
	Text       string
	AgencyName string
	OwnerName  string
	DueOn      clock.Date
	Meeting    ref.MeetingID // 0: between meetings
	HeldOn     clock.Date    // of that meeting
	At         time.Time
	By         string
}
