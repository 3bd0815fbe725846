package recall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"iom/internal/casework/law"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// CheckNew says what keeps a decision in principle from being recorded, given the
// sentence, its last day (zero: not known) and the recalls before it.
func CheckNew(n New, of sentence.Sentence, ends clock.Date, before []Recall, now time.Time) []fault.Problem {
	all := law.Papers{Decided: n.DecidedAt}.Check(now)
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	day := clock.DateOf(n.DecidedAt)
	switch {
	case of.Kind != sentence.Custody:
		add("sentence", "R135", "Only somebody released from a custodial sentence can be recalled")
	case len(all) > 0:
	case day.Before(of.ImposedOn):
		add("decided_at", "R138", "The decision cannot be before the sentence")
	case !ends.IsZero() && day.After(ends):
		add("decided_at", "R137", "The sentence ended on "+ends.Long()+". Nobody can be recalled after that")
	}
	if strings.TrimSpace(n.DecidedBy) == "" {
		add("decided_by", "R138", "Enter who took the decision")
	}
	if strings.TrimSpace(n.Reason) == "" {
		add("reason", "R138", "Enter why the person is recalled")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "R138", "Enter the source: who or what this comes from")
	}
	if slices.ContainsFunc(before, Recall.Open) {
		add("decided_at", "R138", "Another recall is under way: record its return to custody, or that it is not carried on")
	}
	return all
}

// CheckStep says what keeps a step from being recorded. Each happens once, in order.
func CheckStep(r Recall, n NewStep, now time.Time) []fault.Problem {
	one := func(field, rule, text string) []fault.Problem {
		return []fault.Problem{{Field: field, Rule: rule, Text: text}}
	}
	if !slices.Contains(Steps, n.Step) {
		return one("step", "R138", "Choose what has happened")
	}
	if r.WithdrawnAt != nil {
		return one("step", "R138", "This recall is not carried on")
	}
	if r.Spell != 0 && n.Step == Withdrawn {
		return one("step", "R138", "The person is back in custody on this recall")
	}
	if strings.TrimSpace(n.Source) == "" {
		return one("source", "R138", "Enter the source: who or what this comes from")
	}
	if n.At.IsZero() || n.At.After(now) {
		return one("at", "R138", "The time must be in the past")
	}
	p := r.Papers()
	missing, done := "", false
	switch n.Step {
	case Sent:
		done, p.Sent = !p.Sent.IsZero(), n.At
	case Received:
		if p.Sent.IsZero() {
			missing = "Record first when the papers were sent"
		}
		done, p.Received = !p.Received.IsZero(), n.At
	case Revoked:
		if p.Received.IsZero() {
			missing = "Record first when PPCS had received the papers"
		}
		done, p.Executed = !p.Executed.IsZero(), n.At
	case Withdrawn:
		if strings.TrimSpace(n.Note) == "" {
			return one("note", "R138", "Enter why the recall is not carried on")
		}
		if n.At.Before(r.DecidedAt) {
			return one("at", "R138", "This cannot be before the decision in principle")
		}
		return nil
	}
	switch {
	case done:
		return one("step", "R138", "This is recorded already")
	case missing != "":
		return one("step", "R139", missing)
	}
	if wrong := p.Check(now); len(wrong) > 0 {
		return one("at", wrong[0].Rule, wrong[0].Text)
	}
	return nil
}

// Next is the step that the recall waits for; empty when it waits for the return.
func (r Recall) Next() Step {
	switch {
	case !r.Open() || r.RevokedAt != nil:
		return ""
	case r.SentAt == nil:
		return Sent
	case r.ReceivedAt == nil:
		return Received
	}
	return Revoked
}

// Countdown is what the clock of the recall says at a moment: until when, and whether
// that is past. ok is false when no clock is running (R138, R139).
func (r Recall) Countdown(now time.Time) (text string, late, ok bool) {
	var due time.Time
	what := ""
	switch r.Next() {
	case Sent:
		due, what = r.Papers().SendBy(), "Part A and papers to PPCS"
	case Revoked:
		due, what = r.Papers().ProcessBy(), "PPCS to process the papers"
	default:
		return "", false, false
	}
	by := " by " + clock.DateOf(due).Short() + " at " + due.In(clock.London).Format("15:04")
	if now.After(due) {
		return what + by + ": " + span(now.Sub(due)) + " late", true, true
	}
	return what + by + ": " + span(due.Sub(now)) + " left", false, true
}

// span is a time in hours and minutes, in words. Part of a minute counts as one.
func span(d time.Duration) string {
	minutes := int((d + time.Minute - 1) / time.Minute)
	hours := minutes / 60
	minutes %= 60
	plural := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case hours >= 48:
		return plural(hours/24, "day")
	case hours == 0:
		return plural(minutes, "minute")
	case minutes == 0:
		return plural(hours, "hour")
	}
	return plural(hours, "hour") + " " + plural(minutes, "minute")
}

// Advice is the law of the day of the decision, by the answers given so far (R135, R136).
func (r Recall) Advice(of sentence.Sentence, born clock.Date) (law.RecallAdvice, []fault.Problem) {
	return law.Advise(law.Recall{On: clock.DateOf(r.DecidedAt), Sentenced: of.ImposedOn, Born: born, Answers: r.Answers(),
		Term: law.Term{Years: of.Years, Months: of.Months, Weeks: of.Weeks, Days: of.Days}})
}

// CheckKind says what keeps answers and kind from being recorded: an answer rests on
// evidence, and a kind that the law does not come to needs its reason. kind may be empty
// while PPCS has not decided.
func CheckKind(replies map[law.QuestionID]Reply, kind law.RecallKind, advised law.RecallKind, reason, source string) []fault.Problem {
	var all []fault.Problem
	for _, q := range law.RecallQuestions {
		reply, ok := replies[q.ID]
		if ok && reply.Answer != law.NotKnown && strings.TrimSpace(reply.Evidence) == "" {
			all = append(all, fault.Problem{Field: "evidence-" + string(q.ID), Rule: "R136", Text: "Enter what this answer rests on"})
		}
	}
	if kind != "" && !slices.Contains(law.RecallKinds, kind) {
		all = append(all, fault.Problem{Field: "kind", Rule: "R135", Text: "Choose the kind of recall"})
	}
	if kind != "" && kind != advised && strings.TrimSpace(reason) == "" {
		text := "By these answers the law of the day comes to a " + string(advised) + ": enter why PPCS decided otherwise"
		if advised == "" {
			text = "By these answers the law of the day does not say which recall it is: enter what PPCS based its decision on"
		}
		all = append(all, fault.Problem{Field: "kind_reason", Rule: "R136", Text: text})
	}
	if strings.TrimSpace(source) == "" {
		all = append(all, fault.Problem{Field: "source", Rule: "R136", Text: "Enter the source: who or what this comes from"})
	}
	return all
}

// CheckReturn says what keeps a return to custody from being recorded.
func CheckReturn(r Recall, on, ends clock.Date) []fault.Problem {
	one := func(field, rule, text string) []fault.Problem {
		return []fault.Problem{{Field: field, Rule: rule, Text: text}}
	}
	switch {
	case !r.Open():
		return one("returned_on", "R138", "This recall is over, or not carried on")
	case r.Kind == "":
		return one("returned_on", "R135", "Record first which kind of recall it is")
	case on.IsZero():
		return one("returned_on", "R137", "Enter the day of return to custody")
	case on.Before(clock.DateOf(r.DecidedAt)):
		return one("returned_on", "R137", "The return cannot be before the decision to recall")
	case !ends.IsZero() && on.After(ends):
		return one("returned_on", "R137", "The sentence ended on "+ends.Long()+". Nobody can be recalled after that")
	}
	return nil
}

// AtLarge are the days between the revocation of the licence and the return to custody,
// neither counted. The prison reckons them; this is what to expect.
func AtLarge(revoked, returned clock.Date) int {
	if revoked.IsZero() || returned.IsZero() {
		return 0
	}
	return max(0, returned.DaysSince(revoked)-1)
}

// Release is the end of the recall by the law, with the day of return counted and never
// after the end of the sentence (R136, R137); ok is false while it cannot be said.
func (r Recall) Release(ends clock.Date) (out law.Rerelease, ok bool) {
	if r.Kind == "" || r.ReturnedOn.IsZero() || ends.IsZero() {
		return out, false
	}
	out, problems := law.Return{Kind: r.Kind, On: r.ReturnedOn, Expiry: ends, Rule: ruleOf(r)}.Release()
	return out, len(problems) == 0
}

// PartBDue is when the Part B risk report is due; zero where none is (R140).
func (r Recall) PartBDue() clock.Date {
	return law.Return{Kind: r.Kind, On: r.ReturnedOn}.PartBDue()
}

// ruleOf is the law under which a kind of recall stands on the day of its decision.
func ruleOf(r Recall) law.RuleSet {
	on := clock.DateOf(r.DecidedAt)
	if !r.Kind.Fixed() {
		return law.RecallStandard
	}
	for _, rule := range []law.RuleSet{law.Recall56, law.RecallYoung, law.Recall48, law.Recall2024, law.Recall2015} {
		if rule.InForce(on) && (rule.Recall == r.Kind.Days() || rule.Short == r.Kind.Days()) {
			return rule
		}
	}
	return law.Recall2015
}
