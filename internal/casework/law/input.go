package law

import (
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// Kind is what sort of custodial sentence a court passed.
type Kind string

// The kinds. The first two are covered; of the others the official dates are asked.
const (
	Standard    Kind = "standard determinate sentence"
	Section250  Kind = "detention under section 250 (under 18)"
	Extended    Kind = "extended sentence"
	Concern     Kind = "sentence for an offender of particular concern"
	Life        Kind = "life or another indeterminate sentence"
	Training    Kind = "detention and training order"
	InDefault   Kind = "imprisonment in default or for contempt"
	SupDefault  Kind = "committal for breach of supervision"
	OtherCustod Kind = "another custodial sentence"
)

// Kinds in the order in which they are offered.
var Kinds = []Kind{Standard, Section250, Extended, Concern, Life, Training, InDefault, SupDefault, OtherCustod}

// Answer is what is known of a question.
type Answer string

// The answers. The zero value is not known.
const (
	NotKnown Answer = ""
	Met      Answer = "met"
	NotMet   Answer = "not met"
)

// Word is the answer as it is shown.
func (a Answer) Word() string {
	switch a {
	case Met:
		return "Met"
	case NotMet:
		return "Not met"
	}
	return "Not known"
}

// QuestionID names a question for storage.
type QuestionID string

// Question is something that the law turns on and that no date tells.
type Question struct {
	ID      QuestionID
	Text    string // as a condition, to be answered with met, not met or not known
	Assumed string // what the dates take for granted while it is not known
	Law     string
}

// Questions about the offence, for the day of release.
var (
	AskPlus = Question{"two-thirds", "The sentence is one of those served to two-thirds (SDS+): seven years or more passed since 1 April 2020, or four years or more since 28 June 2022, for a listed offence",
		"not a sentence served to two-thirds (SDS+)", "Criminal Justice Act 2003 section 244ZA"}
	AskExcluded40 = Question{"excluded-40", "The offence is excluded from release at 40% (sexual, violent for four years or more, domestic abuse, national security, terrorism)",
		"no offence excluded from release at 40%", "SI 2024/844 article 3 and Schedule"}
	AskExcludedLater = Question{"excluded-40-later", "The offence is one of those excluded from release at 40% since 16 December 2024",
		"no offence excluded from 40% since 16 December 2024", "SI 2024/1331 article 3"}
	AskExcludedThird = Question{"excluded-third", "The offence is excluded from release at one-third, or the sentence would be an SDS+ if it were passed today",
		"no offence excluded from release at one-third", "Sentencing Act 2026 section 23"}
	AskSection250 = Question{"section-250", "The sentence is detention under section 250, which children get, and not a standard sentence",
		"under 18 when sentenced, but not detained under section 250, which would keep release at 40%", "Sentencing Act 2026 section 23"}
	AskSexOffender = Question{"registered", "The person is subject to the notification requirements of the Sexual Offences Act 2003",
		"not a registered sex offender", "Criminal Justice Act 2003 section 246(4)"}
)

// ReleaseQuestions are those that Dates may ask.
var ReleaseQuestions = []Question{AskPlus, AskExcluded40, AskExcludedLater, AskExcludedThird, AskSection250, AskSexOffender}

// Input is one sentence as it was passed, and what moves its dates. Numbers are days.
type Input struct {
	Kind        Kind
	Sentenced   clock.Date
	Offence     clock.Date // zero: not known. Over a period: its last day
	Term        Term
	Consecutive bool       // several terms, one after another
	Born        clock.Date // zero: taken as an adult

	Remand     int // in custody before sentence, and to count
	TaggedBail int // credited for tagged bail, already halved
	Added      int // added for offences against discipline, less those given back
	AtLarge    int // unlawfully at large before release
	AtLater    int // unlawfully at large after release, while recalled

	Answers map[QuestionID]Answer
}

// mostDays is more than any adjustment of a determinate sentence.
const mostDays = 20000

// check says what is wrong with the entries themselves.
func (in Input) check() []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if in.Kind == "" {
		add("kind", "R122", "Choose the kind of custodial sentence")
	}
	if in.Sentenced.IsZero() {
		add("sentenced", "R122", "Enter the day of the sentence")
	}
	if in.Term.IsZero() && in.Kind != Life {
		add("term", "R122", "Enter the length of the sentence")
	}
	if in.Term.Years > maxYears || in.Term.Months > maxMonths || in.Term.Weeks > maxWeeks || in.Term.Days > maxDays ||
		min(in.Term.Years, in.Term.Months, in.Term.Weeks, in.Term.Days) < 0 {
		add("term", "R122", "The length of the sentence is not possible")
	}
	if !in.Offence.IsZero() && in.Offence.After(in.Sentenced) {
		add("offence", "R122", "The offence cannot be later than the sentence for it")
	}
	if !in.Born.IsZero() && (!in.Born.Before(in.Sentenced) || !in.Offence.IsZero() && in.Born.After(in.Offence)) {
		add("born", "R123", "The date of birth must be before the offence and the sentence")
	}
	for _, n := range []struct {
		field, what string
		days        int
	}{
		{"remand", "Days on remand", in.Remand}, {"tagged_bail", "Days credited for tagged bail", in.TaggedBail},
		{"added", "Added days", in.Added}, {"ual", "Days unlawfully at large", in.AtLarge}, {"ual_later", "Days unlawfully at large after release", in.AtLater},
	} {
		if n.days < 0 || n.days > mostDays {
			add(n.field, "R126", n.what+" must be a number from 0 to 20,000")
		}
	}
	return all
}

// uncovered says why the law of these sentences is not held here; empty when it is.
func (in Input) uncovered() string {
	switch {
	case in.Kind == Life:
		return "A life or other indeterminate sentence has no automatic release"
	case in.Kind != Standard && in.Kind != Section250:
		return "The dates of this kind of sentence, " + string(in.Kind) + ", are not computed here"
	case in.Consecutive:
		return "The dates of several terms, one after another, are not computed here"
	case in.Sentenced.Before(commencement2003):
		return "Sentences passed before 4 April 2005 stand under older law, which is not held here"
	case in.Sentenced.Before(laspo) && in.Offence.IsZero():
		return "The day of the offence is not known, and decides which law the sentence stands under"
	case in.Sentenced.Before(laspo) && in.Offence.Before(commencement2003):
		return "A sentence passed before 3 December 2012 for an offence before 4 April 2005 stands under older law, which is not held here"
	case in.Offence.IsZero() && !in.Sentenced.Before(oraCommencement) && under(twoYears, in.Sentenced, in.Term.Length(in.Sentenced)):
		return "The day of the offence is not known, and decides whether there is a licence and supervision"
	}
	return ""
}

// deductions are the days that count as served.
func (in Input) deductions() int { return in.Remand + in.TaggedBail }

// is says that a condition is known to be met.
func (in Input) is(q Question) bool { return in.Answers[q.ID] == Met }
