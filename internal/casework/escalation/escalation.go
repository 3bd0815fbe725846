// Package escalation is what the members of the meeting cannot resolve and take to
// the Local IOM Delivery Group: the issue, what was tried, by when an answer is
// asked for, what the group answered, and what the meeting made of it (R59, R60).
// It is about one person's case, or about a gap that is nobody's in particular.
package escalation

import (
	"slices"
	"time"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Kind is what sort of issue it is.
type Kind string

// The kinds in the guide's words: the chair escalates "resource and/or service
// provision issues", and the delivery groups are where to "escalate particular
// issues around tackling offending".
const (
	Resource  Kind = "resource"
	Service   Kind = "service provision"
	Offending Kind = "tackling offending"
)

// Kinds in the order in which they are offered.
var Kinds = []Kind{Resource, Service, Offending}

// Word is the kind with a capital.
func (k Kind) Word() string {
	if k == "" {
		return ""
	}
	return string(k[0]-'a'+'A') + string(k[1:])
}

// State is where an escalation stands.
type State string

// Open: an answer is waited for. Answered: the meeting has not yet looked at the
// answer. Closed: it has, and is content.
const (
	Open     State = "open"
	Answered State = "answered"
	Closed   State = "closed"
)

// EntryKind is what became of an escalation.
type EntryKind string

// The entries. The first three are recorded between meetings or at one, in the
// delivery group's name; the last two are the meeting's.
const (
	Acknowledged EntryKind = "acknowledged"
	Progress     EntryKind = "progress"
	Answer       EntryKind = "answered"
	AskedAgain   EntryKind = "asked again"
	Closing      EntryKind = "closed"
)

// Reports are what is heard from the delivery group, in the order in which it is
// offered.
var Reports = []EntryKind{Acknowledged, Progress, Answer}

// Entry is a line of what became of an escalation.
type Entry struct {
	ID         int64         `db:"id"`
	Escalation int64         `db:"escalation_id"`
	Kind       EntryKind     `db:"kind"`
	Text       string        `db:"text"`
	AnsweredBy string        `db:"answered_by"` // who answered for the group; of an answer
	AnsweredOn clock.Date    `db:"answered_on"` // of an answer
	AnswerBy   clock.Date    `db:"answer_by"`   // of what is asked again
	Meeting    ref.MeetingID `db:"meeting_id"`  // 0: between meetings
	HeldOn     clock.Date    `db:"held_on"`     // of the meeting
	At         time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// Escalation is one with all that became of it, the earliest first.
type Escalation struct {
	ID        ref.EscalationID `db:"id"`
	Area      ref.AreaID       `db:"area_id"`
	AreaName  string           `db:"area_name"`
	Group     ref.AreaID       `db:"group_id"`
	GroupName string           `db:"group_name"`
	Nominal   ref.NominalID    `db:"nominal_id"` // 0: about nobody in particular
	Meeting   ref.MeetingID    `db:"meeting_id"` // 0: raised between meetings
	HeldOn    clock.Date       `db:"held_on"`    // of that meeting
	Kind      Kind             `db:"kind"`
	Issue     string           `db:"issue"`
	Tried     string           `db:"tried"`
	Asked     clock.Date       `db:"answer_by"` // by when an answer was asked for at first
	RaisedAt  time.Time        `db:"recorded_at"`
	RaisedBy  string           `db:"by_name"`
	Entries   []Entry          `db:"-"`
}

// State is where it stands after its entries. What is asked again is open again.
func (e Escalation) State() State {
	state := Open
	for _, x := range e.Entries {
		switch x.Kind {
		case Answer:
			state = Answered
		case AskedAgain:
			state = Open
		case Closing:
			return Closed
		}
	}
	return state
}

// AnswerBy is by when an answer is asked for now.
func (e Escalation) AnswerBy() clock.Date {
	for _, x := range slices.Backward(e.Entries) {
		if x.Kind == AskedAgain {
			return x.AnswerBy
		}
	}
	return e.Asked
}

// Last is the latest entry of a kind; ok is false when there is none.
func (e Escalation) Last(k EntryKind) (last Entry, ok bool) {
	for _, x := range slices.Backward(e.Entries) {
		if x.Kind == k {
			return x, true
		}
	}
	return Entry{}, false
}

// Version changes with each entry: a form that was drawn before the last one does
// not decide over it.
func (e Escalation) Version() int64 {
	if len(e.Entries) == 0 {
		return 0
	}
	return e.Entries[len(e.Entries)-1].ID
}

// Overdue says that an answer was asked for by a day that has passed.
func (e Escalation) Overdue(today clock.Date) bool {
	return e.State() == Open && e.AnswerBy().Before(today)
}

// Returns says whether the escalation comes back to a meeting of the day, and since
// when it waits for one: with its answer, or because the answer is overdue (R60).
func (e Escalation) Returns(on clock.Date) (since clock.Date, ok bool) {
	switch {
	case e.State() == Answered:
		last, _ := e.Last(Answer)
		return last.AnsweredOn, true
	case e.Overdue(on):
		return e.AnswerBy(), true
	}
	return clock.Date{}, false
}

// ReturnText says why it comes back.
func (e Escalation) ReturnText() string {
	if e.State() == Answered {
		return e.GroupName + " Delivery Group has answered an escalation (" + string(e.Kind) + ")"
	}
	return e.GroupName + " Delivery Group was asked for an answer by " + e.AnswerBy().Long() + " (" + string(e.Kind) + ")"
}

// GroupsFor are the areas whose Local IOM Delivery Group can be asked about an
// issue of an area: each area right below the force has one (R181), so that a hub
// asks that of the area above it. The force itself may ask any.
func GroupsFor(tree []area.Area, of ref.AreaID) []area.Area {
	at, ok := area.Find(tree, of)
	if !ok {
		return nil
	}
	if at.Depth == 0 {
		var all []area.Area
		for _, a := range tree {
			if a.Depth == 1 {
				all = append(all, a)
			}
		}
		return all
	}
	for at.Depth > 1 {
		if at, ok = area.Find(tree, at.Parent); !ok {
			return nil
		}
	}
	return []area.Area{at}
}
