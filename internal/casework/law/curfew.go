package law

import "iom/internal/platform/clock"

// Limits of home detention curfew, in days.
const (
	curfewLeastCustody = 42 // shorter custody has no curfew
	curfewFirst        = 14 // served in prison whatever the sentence
	curfewLeast        = 28 // of custody, before adjustments
)

// curfew is the first day on which home detention curfew is possible (R120). It moves
// neither release nor what follows from it. Whether somebody is suitable, and the exclusions of section
// 246(4) other than the one asked, are for the prison.
func curfew(in Input, on clock.Date, r released) Day {
	d := eligible(in, on, r)
	switch {
	case d.On.IsZero():
		return d
	case !d.On.Before(r.on):
		return noCurfew(d.Rule, "Release comes before anybody would be eligible")
	case !on.Before(adultCurfewEnds) && !d.On.Before(adultCurfewEnds) && in.Kind != Section250:
		return noCurfew(CurfewEnded, "No adult becomes eligible from 2 September 2026 on")
	}
	return d
}

func noCurfew(rule RuleSet, why string) Day { return Day{Mark: HDCED, Why: why, Rule: rule} }

// eligible follows the changes of release: who was eligible before one came stays so.
func eligible(in Input, on clock.Date, r released) Day {
	progressed := r.rule.ID == Third.ID && in.Kind != Section250
	if progressed && r.before == nil {
		return noCurfew(CurfewEnded, "Not for a sentence released at one-third")
	}
	if r.before == nil {
		return counted(in, on, r)
	}
	old := eligible(in, on, *r.before)
	if progressed || old.On.IsZero() || old.On.Before(r.began) {
		return old
	}
	d := counted(in, on, r)
	if d.On.Before(r.began) && !d.On.IsZero() {
		d.On, d.Why = r.began, "The change of release to "+r.rule.Share.word()+" came on this day"
	}
	return d
}

// counted is the day without regard to changes of release.
func counted(in Input, on clock.Date, r released) Day {
	half := Fraction{r.rule.Share.Num, 2 * r.rule.Share.Den}.OfDays(in.Term.Length(in.Sentenced))
	law := Curfew180
	if !on.Before(longCurfew) {
		law = Curfew365
	}
	switch {
	case in.is(AskSexOffender):
		return noCurfew(law, "Not for registered sex offenders")
	case in.is(AskPlus):
		return noCurfew(law, "Not for a sentence served to two-thirds (SDS+)")
	case r.count < curfewLeastCustody:
		return noCurfew(law, "Not for less than six weeks in custody")
	case r.on.Before(in.Sentenced.AddDays(curfewFirst)):
		return noCurfew(law, "Release comes within 14 days of the sentence")
	}
	at := func(middle, off int) clock.Date {
		d := in.Sentenced.AddDays(r.count - off - in.deductions())
		if r.count < middle {
			d = in.Sentenced.AddDays(max(curfewLeast, half) - in.deductions())
		}
		return later(d, in.Sentenced.AddDays(curfewFirst)).AddDays(in.AtLarge)
	}
	d := Day{Mark: HDCED, On: at(360, 180), Rule: Curfew180, Why: "Half of custody, at least 28 days, or 180 days before release; at least 14 days after the sentence"}
	if !on.Before(longCurfew) && !d.On.Before(longCurfew) {
		d.On, d.Rule, d.Why = at(730, 365), Curfew365, "Half of custody, at least 28 days, or 365 days before release; at least 14 days after the sentence"
		if d.On.Before(longCurfew) {
			d.On, d.Why = longCurfew, "365 days before release would be earlier than 3 June 2025, when this law began"
		}
	}
	d.On = d.On.AddDays(r.added)
	return d
}
