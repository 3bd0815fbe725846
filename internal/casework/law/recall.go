package law

import (
	"fmt"
	"time"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// RecallKind is a kind of recall to prison.
type RecallKind string

// The kinds. Both are open to short sentences (R135).
const (
	StandardRecall RecallKind = "standard recall"
	FixedTerm14    RecallKind = "fixed-term recall of 14 days"
	FixedTerm28    RecallKind = "fixed-term recall of 28 days"
	FixedTerm56    RecallKind = "fixed-term recall of 56 days"
)

// RecallKinds in the order in which they are offered.
var RecallKinds = []RecallKind{FixedTerm14, FixedTerm28, FixedTerm56, StandardRecall}

// Days is how long a fixed-term recall lasts; 0 for a standard one.
func (k RecallKind) Days() int {
	switch k {
	case FixedTerm14:
		return 14
	case FixedTerm28:
		return 28
	case FixedTerm56:
		return 56
	}
	return 0
}

// Fixed says that the recall ends by itself.
func (k RecallKind) Fixed() bool { return k.Days() > 0 }

// NeedsPartB says whether a Part B risk report is due on day 28: not for a
// fixed-term recall (R140).
func (k RecallKind) NeedsPartB() bool { return k == StandardRecall }

func fixedOf(days int) RecallKind {
	for _, k := range RecallKinds {
		if k.Days() == days && days > 0 {
			return k
		}
	}
	panic(fmt.Sprintf("law: no fixed-term recall has %d days", days))
}

// Questions of recall, as conditions that keep somebody from release at the end of a
// fixed term.
var (
	AskSerious = Question{"charged-serious", "Recalled because of a charge with a serious offence: murder, or one listed in Schedule 18 to the Sentencing Code",
		"", "Criminal Justice Act 2003 section 255A(4A)"}
	AskCharged = Question{"charged", "Recalled because of a new charge, not yet convicted",
		"", "Criminal Justice Act 2003 section 255A"}
	AskMAPPA = Question{"mappa-level", "Managed at MAPPA level 2 or 3",
		"", "Criminal Justice Act 2003 section 325"}
	AskMAPPA4 = Question{"mappa-category-4", "MAPPA category 4: a terrorist or terrorist-risk offender",
		"", "Criminal Justice Act 2003 section 325(2)(aa) and (c)"}
	AskTerrorism = Question{"terrorism", "The sentence is for a terrorism or national-security offence",
		"", "Criminal Justice Act 2003 section 247A(2)"}
	AskSchedule = Question{"schedule-19aa", "The sentence is for an offence listed in Schedule 19AA",
		"", "Criminal Justice Act 2003 Schedule 19AA"}
	AskForeign = Question{"foreign-power", "At risk of taking part in foreign-power threat activity",
		"", "Criminal Justice Act 2003 section 255A"}
	AskBoard = Question{"section-244zb", "The case was referred to the Parole Board under section 244ZB",
		"", "Criminal Justice Act 2003 section 244ZB"}
	AskSpecial = Question{"special-sentence", "Repatriated for murder, an offender of particular concern, or discretionary conditional release",
		"", "Criminal Justice Act 2003 section 255A"}
	AskHarm = Question{"serious-harm", "Would present a risk of serious harm to the public if released at the end of the fixed term",
		"", "Criminal Justice Act 2003 section 255A(4)"}
)

// RecallQuestions are all that may be asked about a recall.
var RecallQuestions = []Question{AskSerious, AskCharged, AskMAPPA, AskMAPPA4, AskTerrorism, AskSchedule, AskForeign, AskBoard, AskSpecial, AskHarm}

// Asked is a question with its answer.
type Asked struct {
	Question Question
	Answer   Answer
}

// Recall is a recall to be decided.
type Recall struct {
	On        clock.Date // day of the decision to recall
	Sentenced clock.Date
	Term      Term
	Born      clock.Date // zero: taken as an adult
	Answers   map[QuestionID]Answer
}

// RecallVerdict is what the law makes of a recall.
type RecallVerdict string

// The verdicts.
const (
	ToBeFixed    RecallVerdict = "fixed term"
	ToBeStandard RecallVerdict = "standard"
	ToBeAsked    RecallVerdict = "not known yet"
)

// RecallAdvice is the law of a recall on its day. It advises: PPCS decides.
type RecallAdvice struct {
	Verdict RecallVerdict
	Fixed   RecallKind // how long a fixed-term recall would be
	Rule    RuleSet
	Asked   []Asked // what the rule asks, in its order
	Why     string
}

// Kind is the recall that the advice comes to; empty while it is not known.
func (a RecallAdvice) Kind() RecallKind {
	switch a.Verdict {
	case ToBeFixed:
		return a.Fixed
	case ToBeStandard:
		return StandardRecall
	}
	return ""
}

// test is one way to a fixed term: open to some, and closed by any of its questions.
type test struct {
	open      bool
	closed    string // why it is not open
	questions []Question
}

// Advise says which recall the law of the day provides for (R135, R136). A person is recalled
// for a fixed term when one of two tests is passed: the list of the day, where no
// exclusion is met, or, until 30 March 2026 and for those under 18 since, that there is no
// risk of serious harm. An answer that is not known is never taken for "not met".
func Advise(r Recall) (RecallAdvice, []fault.Problem) {
	if problems := r.check(); len(problems) > 0 {
		return RecallAdvice{}, problems
	}
	length := r.Term.Length(r.Sentenced)
	short := under(twelveMonths, r.Sentenced, length)
	adult := r.Born.IsZero() || r.Born.AgeOn(r.On) >= 18
	harm := test{open: true, questions: []Question{AskHarm}}

	var rule RuleSet
	var tests []test
	switch {
	case !r.On.Before(fifty6Commencement) && adult:
		rule = Recall56
		tests = []test{{open: true, questions: []Question{AskMAPPA, AskMAPPA4, AskCharged, AskTerrorism, AskForeign, AskBoard, AskSpecial}}}
	case !r.On.Before(fifty6Commencement):
		rule = RecallYoung
		tests = []test{{open: short, closed: "the sentence is not under 12 months", questions: []Question{AskSerious, AskMAPPA}}, harm}
	case Recall48.InForce(r.On):
		rule = Recall48
		list := test{open: adult && under(fourYears, r.Sentenced, length), closed: "the sentence is not under four years",
			questions: []Question{AskSchedule, AskTerrorism, AskMAPPA4, AskCharged, AskMAPPA}}
		if !adult {
			list.closed = "under 18"
		}
		tests = []test{list, harm}
	case Recall2024.InForce(r.On):
		rule = Recall2024
		list := test{open: adult && short, closed: "the sentence is not under 12 months", questions: []Question{AskSerious, AskMAPPA}}
		if !adult {
			list.closed = "under 18"
		}
		tests = []test{list, harm}
	default:
		rule = Recall2015
		tests = []test{harm}
	}
	a := RecallAdvice{Rule: rule, Fixed: fixedOf(rule.Recall)}
	if short {
		a.Fixed = fixedOf(rule.Short)
	}
	a.decide(r, tests)
	return a, nil
}

// decide puts the tests one after the other.
func (a *RecallAdvice) decide(r Recall, tests []test) {
	a.Verdict, a.Why = ToBeStandard, ""
	for _, t := range tests {
		if !t.open {
			a.add("Not by the list of the day: " + t.closed)
			continue
		}
		outcome := NotMet
		for _, q := range t.questions {
			answer := r.Answers[q.ID]
			a.Asked = append(a.Asked, Asked{q, answer})
			switch {
			case answer == Met && outcome != Met:
				outcome = Met
				a.add("Excluded: " + lower(q.Text))
			case answer == NotKnown && outcome == NotMet:
				outcome = NotKnown
			}
		}
		if outcome == NotMet {
			a.Verdict, a.Why = ToBeFixed, "No exclusion is met"
			return
		}
		if outcome == NotKnown {
			a.Verdict = ToBeAsked
		}
	}
	if a.Verdict == ToBeAsked {
		a.add("It is not known whether every exclusion is out of the question")
	}
}

func (a *RecallAdvice) add(text string) {
	if a.Why != "" {
		a.Why += ". "
	}
	a.Why += text
}

func lower(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' { // MAPPA
		return s
	}
	return string(s[0]|0x20) + s[1:]
}

func (r Recall) check() []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R136", Text: text})
	}
	if r.Sentenced.IsZero() || r.Term.IsZero() {
		add("sentenced", "The sentence and its length are needed")
	}
	switch {
	case r.On.IsZero():
		add("recalled_on", "Enter the day of the decision to recall")
	case r.On.Before(oraCommencement):
		add("recalled_on", "Recalls before 1 February 2015 stand under older law, which is not held here")
	case r.On.Before(r.Sentenced):
		add("recalled_on", "The recall cannot be before the sentence")
	}
	return all
}

// Rerelease is the end of a recall.
type Rerelease struct {
	Automatic bool       // a fixed-term recall: released on On without a decision
	On        clock.Date // legal day; for a standard recall the last possible one
	Practical clock.Date // working day before, where On is none
	Capped    bool       // the end of the sentence came first (R137)
	Why       string
	Rule      RuleSet
}

// Return is a return to custody on a recall.
type Return struct {
	Kind      RecallKind
	Rule      RuleSet
	On        clock.Date // day of return to custody, which counts
	Expiry    clock.Date // end of the sentence
	AtLarge   int        // days unlawfully at large since the return
	FromHDC   bool       // recalled while on home detention curfew
	Requisite clock.Date // then: the day of release had there been no curfew
}

// Release is the end of a recall (R136, R137): the fixed term with the day of return
// counted, for a recall from curfew not before the day on which release was due anyway,
// and never after the end of the sentence. A standard recall has no end but that, unless the
// Parole Board or the Secretary of State releases before.
func (r Return) Release() (Rerelease, []fault.Problem) {
	switch {
	case r.On.IsZero():
		return Rerelease{}, []fault.Problem{{Field: "returned_on", Rule: "R137", Text: "Enter the day of return to custody"}}
	case r.Expiry.IsZero():
		return Rerelease{}, []fault.Problem{{Field: "expiry", Rule: "R137", Text: "The end of the sentence is needed"}}
	case r.On.After(r.Expiry):
		return Rerelease{}, []fault.Problem{{Field: "returned_on", Rule: "R137", Text: "The sentence ended on " + r.Expiry.Long() + ". Nobody can be recalled after that"}}
	case r.AtLarge < 0 || r.AtLarge > mostDays:
		return Rerelease{}, []fault.Problem{{Field: "ual", Rule: "R137", Text: "Days unlawfully at large must be a number from 0 to 20,000"}}
	}
	out := Rerelease{On: r.Expiry, Rule: r.Rule, Why: "To the end of the sentence, unless the Parole Board or the Secretary of State releases before"}
	if days := r.Kind.Days(); days > 0 {
		out.Automatic = true
		out.On = r.On.AddDays(days - 1 + r.AtLarge)
		out.Why = count(days, "day") + " with the day of return counted" + adjusted(0, 0, r.AtLarge)
		if r.FromHDC && r.Requisite.After(out.On) {
			out.On, out.Why = r.Requisite, "Recalled from home detention curfew: not before release was due anyway"
		}
		out.cap(r.Expiry)
	}
	out.Practical = practical(out.On).On
	return out, nil
}

func (r *Rerelease) cap(expiry clock.Date) {
	if r.On.After(expiry) {
		r.On, r.Capped = expiry, true
		r.Why += "; the sentence ends before that"
	}
}

// Converted is the end of a standard recall that was running on 31 March 2026 and
// became one of 56 days: not before the day of its tranche, by the length of the sentence. Asking
// whether an exclusion keeps it standard is for Advise, with the day of 31 March 2026.
func (r Return) Converted(length int) (Rerelease, []fault.Problem) {
	if r.On.After(fifty6Commencement) {
		return Rerelease{}, []fault.Problem{{Field: "returned_on", Rule: "R136", Text: "Only recalls that were running on 31 March 2026 were converted"}}
	}
	r.Kind, r.Rule = FixedTerm56, Recall56
	out, problems := r.Release()
	if len(problems) > 0 {
		return out, problems
	}
	t := Recall56.tranche(r.On, length)
	if !out.Capped && out.On.Before(t.From) {
		out.On = t.From
		out.Why += "; that day was past, and " + t.Name + " was released on " + t.From.Long()
		out.cap(r.Expiry)
	}
	out.Practical = practical(out.On).On
	return out, nil
}

// papersWithin is how long there is for the papers, and again for PPCS (R138, R139).
const papersWithin = 24 * time.Hour

// Papers is the clock of a recall. Zero moments have not come yet.
type Papers struct {
	Decided  time.Time // decision in principle
	Sent     time.Time // Part A and all papers to PPCS
	Received time.Time // by PPCS, complete
	Executed time.Time // processed by PPCS
}

// SendBy is when Part A and the papers are due at PPCS: 24 hours, by the clock and
// not by working days, from the decision in principle (R138). Zero without one.
func (p Papers) SendBy() time.Time { return after(p.Decided) }

// ProcessBy is when PPCS is due to have processed them: 24 hours from having all of
// them (R139). Zero before that.
func (p Papers) ProcessBy() time.Time { return after(p.Received) }

func after(from time.Time) time.Time {
	if from.IsZero() {
		return time.Time{}
	}
	return from.Add(papersWithin)
}

// SentLate says that the papers went after their time, or have not gone and it is past.
func (p Papers) SentLate(now time.Time) bool { return late(p.SendBy(), p.Sent, now) }

// ProcessedLate says the same of PPCS.
func (p Papers) ProcessedLate(now time.Time) bool { return late(p.ProcessBy(), p.Executed, now) }

func late(due, done, now time.Time) bool {
	if due.IsZero() {
		return false
	}
	if done.IsZero() {
		return now.After(due)
	}
	return done.After(due)
}

// Check says what is wrong with the order of the moments.
func (p Papers) Check(now time.Time) []fault.Problem {
	var all []fault.Problem
	previous := time.Time{}
	for _, m := range []struct {
		field, rule, what string
		at                time.Time
	}{
		{"decided_at", "R138", "decision in principle", p.Decided},
		{"sent_at", "R138", "sending of the papers", p.Sent},
		{"received_at", "R139", "receipt by PPCS", p.Received},
		{"executed_at", "R139", "processing by PPCS", p.Executed},
	} {
		switch {
		case m.at.IsZero():
			continue
		case m.at.After(now):
			all = append(all, fault.Problem{Field: m.field, Rule: m.rule, Text: "The time of the " + m.what + " must be in the past"})
		case m.at.Before(previous):
			all = append(all, fault.Problem{Field: m.field, Rule: m.rule, Text: "The " + m.what + " cannot be before the step that it follows"})
		}
		previous = m.at
	}
	if p.Decided.IsZero() {
		all = append(all, fault.Problem{Field: "decided_at", Rule: "R138", Text: "Enter when the decision in principle was taken"})
	}
	return all
}

// PartBDue is the day of the Part B risk report, the 28th of the recall with the day
// of return counted; zero where none is needed (R140).
func (r Return) PartBDue() clock.Date {
	if !r.Kind.NeedsPartB() || r.On.IsZero() {
		return clock.Date{}
	}
	return r.On.AddDays(27)
}
