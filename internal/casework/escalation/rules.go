package escalation

import (
	"slices"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// New is an escalation to be raised.
type New struct {
	Area     ref.AreaID    // of an issue that is about nobody in particular
	Nominal  ref.NominalID // 0: about nobody in particular; else the area is the person's
	Group    ref.AreaID    // 0: the only one that there is for the area
	Meeting  ref.MeetingID // 0: between meetings
	Kind     Kind
	Issue    string
	Tried    string // what the members tried; only what they cannot resolve is escalated (R59)
	AnswerBy clock.Date
}

// Check says what keeps an escalation from being raised. groups are those that can
// be asked.
func Check(n New, groups []ref.AreaID, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, rule, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if !slices.Contains(Kinds, n.Kind) {
		say("kind", "R59", "Choose what the issue is about")
	}
	if strings.TrimSpace(n.Issue) == "" {
		say("issue", "R60", "Enter the issue")
	}
	if strings.TrimSpace(n.Tried) == "" {
		say("tried", "R59", "Enter what the members of the meeting have tried: only what they cannot resolve is escalated")
	}
	if !slices.Contains(groups, n.Group) {
		say("group", "R181", "Choose the delivery group that is asked")
	}
	switch {
	case n.AnswerBy.IsZero():
		say("answer_by", "R60", "Enter by when an answer is asked for")
	case !n.AnswerBy.After(today):
		say("answer_by", "R60", "The day by which an answer is asked for must be later than today")
	}
	return wrong
}

// Report is what was heard from the delivery group.
type Report struct {
	Kind       EntryKind // of Reports
	Text       string
	AnsweredBy string     // of an answer: who gave it for the group
	AnsweredOn clock.Date // of an answer
}

// CheckReport says what keeps a report from being recorded.
func CheckReport(e Escalation, r Report, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: "R60", Text: text})
	}
	switch e.State() {
	case Closed:
		say("", "The escalation is closed")
		return wrong
	case Answered:
		say("", "The delivery group has answered: the next meeting closes the escalation, or asks again")
		return wrong
	}
	if !slices.Contains(Reports, r.Kind) {
		say("what", "Choose what was heard from the delivery group")
	}
	if strings.TrimSpace(r.Text) == "" {
		say("text", "Enter what was heard from the delivery group")
	}
	if r.Kind != Answer {
		return wrong
	}
	if strings.TrimSpace(r.AnsweredBy) == "" {
		say("answered_by", "Enter who answered for the delivery group")
	}
	switch {
	case r.AnsweredOn.IsZero():
		say("answered_on", "Enter the date of the answer")
	case r.AnsweredOn.After(today):
		say("answered_on", "The date of the answer must be today or in the past")
	case r.AnsweredOn.Before(clock.DateOf(e.RaisedAt)):
		say("answered_on", "The answer cannot be earlier than the escalation, "+clock.DateOf(e.RaisedAt).Long())
	}
	return wrong
}

// Settlement is what a meeting makes of an escalation: it is content and closes it,
// or it asks again.
type Settlement struct {
	Kind     EntryKind // Closing or AskedAgain
	Outcome  string
	AnswerBy clock.Date // of what is asked again
}

// CheckSettlement says what keeps a meeting from settling an escalation.
func CheckSettlement(e Escalation, s Settlement, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: "R60", Text: text})
	}
	if e.State() == Closed {
		say("", "The escalation is closed")
		return wrong
	}
	if s.Kind != Closing && s.Kind != AskedAgain {
		say("settle", "Choose whether the meeting closes the escalation or asks again")
	}
	if strings.TrimSpace(s.Outcome) == "" {
		say("outcome", "Enter what the meeting makes of it")
	}
	if s.Kind == AskedAgain && !s.AnswerBy.After(today) {
		say("again_by", "Enter by when an answer is asked for now: a day later than today")
	}
	return wrong
}
