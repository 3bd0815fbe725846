// Package law is the law of determinate sentences in England and Wales, as pure
// functions: from a sentence and its adjustments to the day of release, the ends of
// licence, sentence and supervision, home detention curfew, recall and the breach of
// supervision (R122-R126, R128, R129, R131, R135-R140, R144-R148).
//
// The operational guide of 2016 states law that has been replaced since: release at
// half, post-sentence supervision, recall for 14 or 28 days. So nothing here is a
// constant of the guide. Every rule is a RuleSet: data that says in words what it is,
// from which day to which it is law, which day of a case it looks at, and which Act or
// instrument made it. Each day that comes out carries the rule set that made it, so
// that a page can show where it comes from.
//
// The package knows no database and no clock; "today" is an argument. A prison sets
// the legal dates: what is computed here is a check and a help in planning. A date
// notified by the prison or the probation service always wins over it.
//
// # Where the sources leave doubt
//
//   - The guide speaks of offences "after" 1 February 2015. The statute, and this
//     package, say on or after.
//   - The day on which post-sentence supervision ended, 11 May 2026, and the
//     commencement of release at one-third, 1 October 2026, were read from the Ministry of
//     Justice's own calculator and not from the commencement regulations.
//   - That calculator asks for an age over 18 at half of the sentence before it gives
//     post-sentence supervision; section 256AA leaves out only those under 18 at the end of the
//     custodial period, and so does this package.
//   - Conditions of recall between the orders of 2024 and 2025 are read from the text
//     of section 255A; the first day of the 2024 order, 2 April 2024, from its draft.
//   - Which instrument made SDS+ (SI 2020/158, section 244ZA), and the bar of curfew for registered
//     sex offenders (section 246(4)), are cited without having been read; their effect is the calculator's.
//   - Supervision counts its 12 months from the end of the custodial period, also where the tranche of release
//     at 40% let the person out a few days later. So does the calculator.
//   - Time unlawfully at large is a number of days. Where somebody was at large on the very
//     day of a change of the law, the prison's reckoning can differ.
//   - A sentence under 18 that is said to be a standard one is reckoned as one, as the Ministry's
//     calculator does; that nearly all of them are detention under section 250 or training orders is
//     said as an assumption.
//   - The final third is the last third of the licence, or of an order. The national
//     framework that suspends supervision in it was not readable.
//
// # What is not covered
//
// Extended and life sentences, offenders of particular concern, detention and training
// orders, several consecutive terms, imprisonment in default, and sentences under the
// law before 2005 give NotCovered, which has no date in it and asks for the official
// one. Terrorism and national-security sentences are not recognised by themselves: a
// question asks.
package law

import (
	"iom/internal/platform/clock"
)

// Looks is the day of a case that decides whether a rule set applies to it.
type Looks string

// The days that rule sets look at.
const (
	AtSentence Looks = "day of sentence"
	AtOffence  Looks = "day of the offence"
	AtRelease  Looks = "day of release"
	AtRecall   Looks = "day of recall"
	AtBreach   Looks = "day of the breach"
	AnyDay     Looks = "any day"
)

// Fraction is a share of a sentence, exact.
type Fraction struct{ Num, Den int }

// OfDays is the share of so many days, rounded up to a whole day: part of a day is
// served as a day.
func (f Fraction) OfDays(days int) int { return (days*f.Num + f.Den - 1) / f.Den }

// Tranche is a group of sentences, by length, to which new law comes on a day of its
// own when they were passed before it. Of several the first that fits counts.
type Tranche struct {
	Name  string
	Under Term       // shorter than this; zero: UpTo decides
	UpTo  int        // days of the sentence, at most; both zero: all that are left
	From  clock.Date // first day of the new law for these
}

// fits says that a sentence of so many days from a day on is in the tranche.
func (t Tranche) fits(sentenced clock.Date, days int) bool {
	switch {
	case !t.Under.IsZero():
		return under(t.Under, sentenced, days)
	case t.UpTo > 0:
		return days <= t.UpTo
	}
	return true
}

// RuleSet is a rule of law as data, or of practice where Law is empty.
type RuleSet struct {
	ID       string     // short and lasting, to be stored beside a date
	Name     string     // as it is shown
	From     clock.Date // first day on which it is law, or on which what we hold begins: 4 April 2005; zero for practice
	To       clock.Date // last day on which it is law; zero: it still is
	Looks    Looks
	Law      string   // Act and section, or instrument; empty for practice
	Source   string   // where we read it
	Share    Fraction // of the sentence to be served in custody; zero where the rule is not about that
	Recall   int      // days of a fixed-term recall, for 12 months or more
	Short    int      // the same for a sentence under 12 months
	Tranches []Tranche
}

// InForce says that the rule set is law on a day.
func (r RuleSet) InForce(on clock.Date) bool {
	return !on.Before(r.From) && (r.To.IsZero() || !on.After(r.To))
}

// Period says from when to when it is law, in words.
func (r RuleSet) Period() string {
	switch {
	case r.Law == "":
		return "practice, not law"
	case r.To.IsZero():
		return "law from " + r.From.Long()
	}
	return "law from " + r.From.Long() + " to " + r.To.Long()
}

// tranche is the one that a sentence belongs to.
func (r RuleSet) tranche(sentenced clock.Date, days int) Tranche {
	for _, t := range r.Tranches {
		if t.fits(sentenced, days) {
			return t
		}
	}
	return Tranche{Name: "all", From: r.From}
}

// Find is the rule set with an ID, as it was stored beside a date.
func Find(id string) (r RuleSet, ok bool) {
	for _, r := range RuleSets {
		if r.ID == id {
			return r, true
		}
	}
	return RuleSet{}, false
}

// under says that a sentence of so many days is shorter than a term that would begin
// on the same day. Exactly the term is not under it: the 365 days of 12 months are
// not under 12 months.
func under(limit Term, sentenced clock.Date, days int) bool {
	return days < sentenced.AddMonths(12*limit.Years+limit.Months).AddDays(7*limit.Weeks+limit.Days).DaysSince(sentenced)
}

var (
	twelveMonths = Term{Months: 12}
	twoYears     = Term{Years: 2}
	fourYears    = Term{Years: 4}
)

// later is the later of two days.
func later(a, b clock.Date) clock.Date {
	if b.After(a) {
		return b
	}
	return a
}

// earlier is the earlier of two days.
func earlier(a, b clock.Date) clock.Date {
	if b.Before(a) {
		return b
	}
	return a
}
