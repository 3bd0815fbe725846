package contact

import (
	"slices"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// OutcomesOf are the outcomes that fit a kind of contact.
func OutcomesOf(k Kind) []Outcome {
	switch k {
	case HomeVisit, PrisonVisit, MeetAtGate:
		return []Outcome{Seen, NotSeen, Attended, LeftEarly, DidNotAttend, RefusedTreatment}
	case CallToPolice:
		return []Outcome{NoAppointment}
	case PoliceContact:
		return []Outcome{NoAppointment, Seen, NotSeen, Attended, DidNotAttend}
	case OfficeVisit, Supervision, KeyWork, VideoLink:
		return []Outcome{Attended, LeftEarly, DidNotAttend, RefusedTreatment, NoAppointment}
	}
	return Outcomes
}

// Check says what keeps a contact from being logged.
func Check(n New, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if !slices.Contains(Kinds, n.Kind) {
		add("kind", "R33", "Choose the kind of contact")
	}
	switch {
	case n.HeldOn.IsZero():
		add("held_on", "R33", "Enter the date of the contact")
	case n.HeldOn.After(today):
		add("held_on", "R33", "The date of the contact must be today or in the past")
	}
	switch {
	case !slices.Contains(Outcomes, n.Outcome):
		add("outcome", "R143", "Choose what came of the contact")
	case slices.Contains(Kinds, n.Kind) && !slices.Contains(OutcomesOf(n.Kind), n.Outcome):
		add("outcome", "R143", "“"+n.Outcome.Word()+"” does not fit a "+string(n.Kind)+". Choose another outcome")
	}
	if n.Excused && !n.Outcome.Missed() && n.Outcome != NotSeen {
		add("excused", "R143", "Only an absence can have an acceptable reason. Untick this or change the outcome")
	}
	if n.Agency == 0 {
		add("agency", "R33", "Choose the agency that had the contact")
	}
	if n.JointAgency != 0 && n.JointAgency == n.Agency {
		add("joint_agency", "R188", "A joint visit is of two agencies: choose another one, or none")
	}
	if strings.TrimSpace(n.Log) == "" {
		add("log", "R33", "Write what happened")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "R33", "Enter the source: who or what this comes from")
	}
	return all
}

// Rate is how somebody kept appointments over a time.
type Rate struct {
	Attended int // stayed, or refused treatment, which is no breach (R142)
	Missed   int // did not attend or left early, without an acceptable reason
	Excused  int // left out of the rate
}

// Counted are the appointments that the rate is of.
func (r Rate) Counted() int { return r.Attended + r.Missed }

// Percent is the rate in whole per cent, rounded down so that 100 means all; ok is
// false when there was no appointment to count.
func (r Rate) Percent() (percent int, ok bool) {
	if r.Counted() == 0 {
		return 0, false
	}
	return r.Attended * 100 / r.Counted(), true
}

// Appointment is what the rate looks at.
type Appointment struct {
	Outcome Outcome `db:"outcome"`
	Excused bool    `db:"excused"`
}

// RateOf counts appointments (R84, R224). Visits that were only seen or not seen,
// and what was no appointment, are no part of it.
func RateOf(all []Appointment) Rate {
	var r Rate
	for _, a := range all {
		switch {
		case a.Outcome == Attended || a.Outcome == RefusedTreatment:
			r.Attended++
		case a.Outcome.Missed() && a.Excused:
			r.Excused++
		case a.Outcome.Missed():
			r.Missed++
		}
	}
	return r
}
