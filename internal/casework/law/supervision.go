package law

import "iom/internal/platform/clock"

// Supervised or not, and what became of it.
const (
	NoSupervision    SupervisionState = "none"
	RunsToEnd        SupervisionState = "to its end"
	EndedByTheRepeal SupervisionState = "ended by the repeal"
)

// SupervisionState says what the law of a day makes of post-sentence supervision.
type SupervisionState string

// Supervision is post-sentence supervision: what tops up a licence to 12 months.
type Supervision struct {
	State  SupervisionState
	Begins clock.Date // day after the sentence ends; zero: it never began
	Ends   clock.Date // last day; where the repeal ended it, the day of the repeal; zero: it never began
	Meant  clock.Date // last day by the law before the repeal; zero: it never applied
	Why    string
	Rule   RuleSet
}

// Day is the end as a day of the sentence.
func (s Supervision) Day() Day { return Day{Mark: SupervisedTo, On: s.Ends, Why: s.Why, Rule: s.Rule} }

// supervision finds post-sentence supervision (R122-R125). It goes from the end of the
// sentence to 12 calendar months after the end of the custodial period, added days aside,
// so that licence and supervision together are exactly 12 months. Where the tranche of release at 40%
// came after that end, the 12 months still run from it. From 11 May 2026 there is no
// supervision: also requirements that had been imposed ended on that day. What was over by
// then stays as history.
func supervision(in Input, on clock.Date, length int, r released, lic licensed) Supervision {
	if r.rule.ID == Third.ID && r.before != nil {
		r = *r.before // what the repeal took away is what release at 40% would have brought
	}
	none := func(why string) Supervision { return Supervision{State: NoSupervision, Why: why, Rule: Supervised} }
	switch {
	case in.Offence.IsZero() || in.Offence.Before(oraCommencement):
		if !under(twoYears, in.Sentenced, length) {
			return none("The sentence is not under two years")
		}
		return none("The offence was before 1 February 2015")
	case length <= 1:
		return none("A sentence of one day has no supervision")
	case !under(twoYears, in.Sentenced, length):
		return none("The sentence is not under two years")
	case !in.Born.IsZero() && in.Born.AgeOn(r.custody) < 18:
		return none("Under 18 at the end of the custodial period")
	case lic.none:
		return none(lic.rule.Name)
	case !in.Sentenced.Before(supervisionRepeal):
		return Supervision{State: NoSupervision, Why: "Supervision was repealed before the sentence", Rule: SupervisionRepealed}
	case length-r.count >= 365:
		return none("The licence is 12 months or more by itself")
	}
	s := Supervision{State: RunsToEnd, Begins: expiry(in, length).AddDays(1), Rule: Supervised,
		Why: "12 calendar months from the end of the custodial period on " + r.custody.Long() + ", added days aside" + adjusted(0, 0, in.AtLater)}
	s.Ends = r.custody.AddMonths(12).AddDays(in.AtLater)
	s.Meant = s.Ends
	if s.Ends.Before(s.Begins) {
		return none("The licence is 12 months or more by itself")
	}
	if on.Before(supervisionRepeal) || s.Ends.Before(supervisionRepeal) {
		return s
	}
	s.State, s.Rule = EndedByTheRepeal, SupervisionRepealed
	if s.Begins.Before(supervisionRepeal) {
		s.Ends = supervisionRepeal
		s.Why = "The repeal ended it on 11 May 2026; it would have gone on to " + s.Meant.Long()
	} else {
		s.Begins, s.Ends = clock.Date{}, clock.Date{}
		s.Why = "The repeal of 11 May 2026 came before it began; it would have gone on to " + s.Meant.Long()
	}
	return s
}
