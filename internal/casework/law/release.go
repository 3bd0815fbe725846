package law

import (
	"fmt"

	"iom/internal/platform/clock"
)

// released is the day of release and how the law came to it.
type released struct {
	on       clock.Date
	notAdded clock.Date // the same without added days
	custody  clock.Date // end of the custodial period: notAdded, but never moved by a tranche
	count    int        // days of the share in custody, before adjustments
	added    int        // added days that could be served before the sentence ends
	rule     RuleSet
	why      string
	began    clock.Date // first day of the rule for a sentence passed before it; zero for others
	before   *released  // what the law was until then; nil for others
}

// served is the day on which a share of the sentence has been served. It is never
// before the day of the sentence: who has been on remand for longer is released at
// once. Added days never hold anybody past the end of the sentence.
func served(in Input, length int, rule RuleSet) released {
	n := rule.Share.OfDays(length)
	bare := in.Sentenced.AddDays(n - 1 - in.deductions() + in.AtLarge)
	added := min(in.Added, firstExpiry(in, length).DaysSince(bare))
	r := released{
		on: later(in.Sentenced, bare.AddDays(added)), notAdded: later(in.Sentenced, bare),
		custody: later(in.Sentenced, bare), count: n, added: added, rule: rule,
		why: fmt.Sprintf("%s of %s is %s (part of a day counts whole), the day of the sentence counted%s",
			rule.Share.word(), count(length, "day"), count(n, "day"), adjusted(in.deductions(), added, in.AtLarge)),
	}
	if bare.AddDays(added).Before(in.Sentenced) {
		r.why += ". More than that was served before: release on the day of the sentence"
	}
	return r
}

func (f Fraction) word() string {
	switch f {
	case Fraction{1, 2}:
		return "Half"
	case Fraction{2, 5}:
		return "40%"
	case Fraction{1, 3}:
		return "One-third"
	case Fraction{2, 3}:
		return "Two-thirds"
	}
	return fmt.Sprintf("%d/%d", f.Num, f.Den)
}

// release applies the changes of the law one after the other, each to what the one
// before it made of the sentence.
func release(in Input, on clock.Date, length int) released {
	r := served(in, length, HalfWay)
	switch {
	case in.is(AskPlus):
		r = served(in, length, TwoThirds)
	case !on.Before(fortyCommencement):
		r = forty(in, on, length, r)
	}
	if !on.Before(thirdCommencement) {
		r = third(in, length, r)
	}
	return r
}

// forty is release at 40% from 10 September 2024: at once for sentences passed since,
// and for those passed before whose half was still to come, on or after the day of their tranche. The
// change never made anybody's release later.
func forty(in Input, on clock.Date, length int, half released) released {
	kept := half
	if !in.Sentenced.Before(fortyCommencement) || half.on.After(fortyCommencement) {
		kept = served(in, length, HalfWayKept)
	}
	if in.is(AskExcluded40) {
		return kept
	}
	r := served(in, length, Forty)
	if in.Sentenced.Before(fortyCommencement) {
		if !half.on.After(fortyCommencement) {
			return half
		}
		t := Forty.tranche(in.Sentenced, length)
		r.began, r.before = t.From, &half
		if r.on.Before(t.From) {
			r.on, r.notAdded = t.From, t.From
			r.why += "; that day was past, and " + t.Name + " began on " + t.From.Long()
		}
		if half.on.Before(r.on) {
			return half
		}
	}
	if in.is(AskExcludedLater) && !on.Before(moreExclusions) && !r.on.Before(moreExclusions) {
		return kept
	}
	return r
}

// third is the progression model from 1 October 2026: one-third, or half instead of
// two-thirds. To sentences passed before it comes on the day of their tranche, and
// only where release, added days aside, was not earlier.
func third(in Input, length int, before released) released {
	rule := Third
	if in.is(AskPlus) {
		rule = HalfOfPlus
	}
	if in.Kind == Section250 || in.is(AskExcludedThird) {
		if before.rule.ID == Forty.ID && !before.on.Before(thirdCommencement) {
			before.rule = FortyKept
		}
		return before
	}
	r := served(in, length, rule)
	if !in.Sentenced.Before(thirdCommencement) {
		return r
	}
	t := rule.tranche(in.Sentenced, length)
	if before.notAdded.Before(t.From) {
		return before
	}
	r.began, r.before = t.From, &before
	if r.notAdded.Before(t.From) {
		r.notAdded, r.on = t.From, earlier(t.From.AddDays(in.Added), firstExpiry(in, length))
		r.why += "; that day was past, and " + t.Name + " of the progression model begins on " + t.From.Long()
	}
	return r
}

// licensed says whether there is a licence, and by which rule.
type licensed struct {
	none bool
	rule RuleSet
}

// licence finds whether release is on licence (R122, R123).
func licence(in Input, r released, length int) licensed {
	short := under(twelveMonths, in.Sentenced, length)
	switch {
	case length <= 1:
		return licensed{true, NoLicenceOneDay}
	case short && !in.Born.IsZero() && in.Born.AgeOn(r.on) < 18:
		return licensed{true, NoLicenceUnder18}
	case !short:
		return licensed{false, LongLicence}
	case !in.Offence.IsZero() && !in.Offence.Before(oraCommencement):
		return licensed{false, ShortLicence}
	case r.rule.ID == Third.ID:
		return licensed{false, ThirdOnLicence}
	}
	return licensed{true, NoLicenceBefore2015}
}
