package law

import (
	"slices"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// Mark is what a day of a sentence is called.
type Mark string

// The marks.
const (
	CRD          Mark = "conditional release date (CRD)"
	ARD          Mark = "automatic release date (ARD)"
	SLED         Mark = "sentence and licence expiry date (SLED)"
	SED          Mark = "sentence expiry date (SED)"
	Practical    Mark = "practical release day"
	BeforeFriday Mark = "release day by the Friday scheme"
	HDCED        Mark = "home detention curfew eligibility date (HDCED)"
	SupervisedTo Mark = "supervision end (TUSED)"
	FinalThirdOn Mark = "final third of the licence begins"
	WeeksBefore  Mark = "12 weeks before release"
	MonthsBefore Mark = "12 months before release"
)

// Short is the abbreviation that prisons use: CRD, ARD, SLED, SED.
func (m Mark) Short() string {
	if open := strings.LastIndex(string(m), "("); open >= 0 {
		return strings.TrimSuffix(string(m)[open+1:], ")")
	}
	return string(m)
}

// Word is the mark with a capital.
func (m Mark) Word() string {
	if m == "" {
		return ""
	}
	return strings.ToUpper(string(m[:1])) + string(m[1:])
}

// Day is a computed day and where it comes from.
type Day struct {
	Mark Mark
	On   clock.Date // zero: there is none, and Why says so
	Why  string     // how it was counted, in words
	Rule RuleSet
}

// Result is what Dates answers: Computed, NotCovered or Wrong, and nothing else. Only
// Computed has days in it, so that no page can take the others for a date.
type Result interface{ result() }

// NotCovered says that the dates of a sentence are not computed here.
type NotCovered struct {
	Why string // one sentence
	Ask string // what to do instead
}

// Wrong says that the entries contradict each other or are missing.
type Wrong struct{ Problems []fault.Problem }

// Computed are the days of one sentence, by the law of a day.
type Computed struct {
	Input  Input
	On     clock.Date // the day on whose law we looked
	Length int        // days of the sentence

	Release      Day // legal day: CRD or ARD, not moved for weekends
	Practical    Day // working day on which somebody walks out
	BeforeFriday Day // earlier day that the Friday scheme allows; zero when the same
	Expiry       Day // SLED, or SED where there is no licence
	Licence      Day // end of the licence; its zero On where there is none
	Supervision  Supervision
	Curfew       Day // HDCED; its zero On where nobody is eligible, and Why
	FinalThird   Day // of the licence; its zero On where there is none
	Weeks        Day // 12 weeks before release (R116, R117)
	Months       Day // 12 months before release

	Assumed []Question // what was taken for granted because it is not known
}

func (Computed) result()   {}
func (NotCovered) result() {}
func (Wrong) result()      {}

// official is what to do where nothing is computed.
const official = "Enter the dates that the prison or the probation service has notified"

// Dates computes the days of a sentence by the law of a day (R122-R126). The law of a
// day before the sentence was passed cannot govern it: then the day of the sentence counts.
func Dates(in Input, on clock.Date) Result {
	if problems := in.check(); len(problems) > 0 {
		return Wrong{problems}
	}
	if why := in.uncovered(); why != "" {
		return NotCovered{Why: why, Ask: official}
	}
	on = later(on, in.Sentenced)
	c := Computed{Input: in, On: on, Length: in.Term.Length(in.Sentenced)}
	r := release(in, on, c.Length)
	lic := licence(in, r, c.Length)
	c.Release = Day{Mark: CRD, On: r.on, Why: r.why, Rule: r.rule}
	c.Expiry = Day{Mark: SLED, On: expiry(in, c.Length), Why: expiryWhy(in, c.Length), Rule: OneTerm}
	if lic.none {
		c.Release.Mark, c.Expiry.Mark = ARD, SED
		c.Licence = Day{Mark: SLED, Why: lic.rule.Name, Rule: lic.rule}
		c.FinalThird = Day{Mark: FinalThirdOn, Why: "There is no licence", Rule: LastThird}
	} else {
		c.Licence = Day{Mark: SLED, On: c.Expiry.On, Why: "The licence ends with the sentence", Rule: lic.rule}
		c.FinalThird = Day{Mark: FinalThirdOn, On: FinalThird(c.Release.On, c.Licence.On), Why: "Last third of the licence, release and end counted", Rule: LastThird}
	}
	c.Practical = practical(c.Release.On)
	c.BeforeFriday = beforeFriday(c.Practical.On)
	c.Supervision = supervision(in, on, c.Length, r, lic)
	c.Curfew = curfew(in, on, r)
	c.Weeks = Day{Mark: WeeksBefore, On: c.Release.On.AddDays(-84), Why: "84 days before the legal day of release", Rule: TwelveWeeks}
	c.Months = Day{Mark: MonthsBefore, On: c.Release.On.AddMonths(-12), Why: "The same day of the year before the legal day of release", Rule: TwelveMonths}
	c.Assumed = assumed(in, on, c)
	return c
}

// Days are all days that there are, in the order of time. Days of planning that were
// over before the sentence began are left out.
func (c Computed) Days() []Day {
	var all []Day
	for _, d := range []Day{c.Months, c.Weeks, c.Curfew, c.BeforeFriday, c.Release, c.Practical, c.FinalThird, c.Expiry, c.Supervision.Day()} {
		if !d.On.IsZero() && !d.On.Before(c.Input.Sentenced) {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Day) int { return a.On.DaysSince(b.On) })
	return all
}

// RuleSet names the law that made the dates: of the release and, where there is no
// licence, of that.
func (c Computed) RuleSet() string { return c.joined(func(r RuleSet) string { return r.Name }) }

// Law names the Acts and instruments behind RuleSet.
func (c Computed) Law() string { return c.joined(func(r RuleSet) string { return r.Law }) }

func (c Computed) joined(of func(RuleSet) string) string {
	if c.Licence.On.IsZero() {
		return of(c.Release.Rule) + "; " + of(c.Licence.Rule)
	}
	return of(c.Release.Rule)
}

// expiry is the last day of the sentence: remand and tagged bail bring it forward,
// time unlawfully at large puts it back, added days leave it. It is never before the sentence.
func expiry(in Input, length int) clock.Date {
	return firstExpiry(in, length).AddDays(in.AtLater)
}

// firstExpiry is the same as it stands at the first release.
func firstExpiry(in Input, length int) clock.Date {
	return later(in.Sentenced, in.Sentenced.AddDays(length-1-in.deductions()+in.AtLarge))
}

func expiryWhy(in Input, length int) string {
	return count(length, "day") + " from and including the day of the sentence" + adjusted(in.deductions(), 0, in.AtLarge+in.AtLater)
}

// adjusted says in words what moved a day.
func adjusted(deducted, added, atLarge int) string {
	text := ""
	if deducted > 0 {
		text += ", less " + count(deducted, "day") + " of remand and tagged bail"
	}
	if added > 0 {
		text += ", and " + count(added, "added day")
	}
	if atLarge > 0 {
		text += ", and " + count(atLarge, "day") + " unlawfully at large"
	}
	return text
}

// FinalThird is the first day of the last third of a licence or an order, whose first
// and last days are given. Where the days do not divide by three the last third is the shorter.
func FinalThird(from, to clock.Date) clock.Date {
	return to.AddDays(1 - (to.DaysSince(from)+1)/3)
}

// assumed are the questions that bear on the dates and have no answer.
func assumed(in Input, on clock.Date, c Computed) []Question {
	var all []Question
	add := func(q Question, bears bool) {
		if bears && in.Answers[q.ID] == NotKnown {
			all = append(all, q)
		}
	}
	long := !under(Term{Years: 7}, in.Sentenced, c.Length) && !in.Sentenced.Before(TwoThirds.From) ||
		!under(fourYears, in.Sentenced, c.Length) && !in.Sentenced.Before(day("2022-06-28"))
	add(AskPlus, long)
	rule := c.Release.Rule.ID
	add(AskExcluded40, rule == Forty.ID || rule == FortyKept.ID)
	add(AskExcludedLater, (rule == Forty.ID || rule == FortyKept.ID) && !on.Before(moreExclusions) && !c.Release.On.Before(moreExclusions))
	add(AskExcludedThird, rule == Third.ID)
	add(AskSection250, rule == Third.ID && !in.Born.IsZero() && in.Born.AgeOn(in.Sentenced) < 18)
	add(AskSexOffender, !c.Curfew.On.IsZero())
	return all
}
