package condition

import (
	"slices"
	"strconv"
	"strings"

	"iom/internal/casework/law"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// CheckSet says what keeps requirements from being proposed, set or amended, given the
// sentence, its supervision and the sets before (R128, R129, R131, R132, R134).
func CheckSet(n NewSet, of sentence.Sentence, supervision Period, before []Set, today clock.Date) []fault.Problem {
	var all problems
	if supervision.None != "" {
		all.add("number", "R128", supervision.None)
		return all
	}
	last, standing := Latest(before)
	all.step(n, standing)
	all.days(n, of, supervision, last, today)
	all.choice(n, last)
	all.needs(n.Why, "why", "R134", "Enter why they are necessary and proportionate, and for rehabilitation")
	all.needs(n.Source, "source", "R132", noSource)
	return all
}

// step checks that what is recorded follows on what was recorded, and who did it (R132).
func (p *problems) step(n NewSet, standing bool) {
	switch {
	case !slices.Contains(Steps, n.Step):
		p.add("step", "R132", "Choose what is recorded")
	case n.Step == Amended && !standing:
		p.add("step", "R132", "Nothing has been set yet that could be amended")
	case n.Step == Proposed && standing:
		p.add("step", "R132", "The requirements have been set already")
	case n.Step == SetUp && standing:
		p.add("step", "R132", "The requirements have been set already: record an amendment")
	}
	p.needs(n.DoneBy, "done_by", "R132", "Enter who proposed or set them")
	if n.Step == Amended {
		p.needs(n.RequestedBy, "requested_by", "R132", "Enter the supervisor who asked for the amendment")
	}
}

// days checks the days of a set. Nothing happens from the day of the repeal on.
func (p *problems) days(n NewSet, of sentence.Sentence, supervision Period, last Set, today clock.Date) {
	repeal := law.SupervisionRepealed.From
	repealed := "Supervision was repealed on " + repeal.Long() + ": nothing can be set from that day on"
	switch {
	case n.DoneOn.IsZero():
		p.add("done_on", "R132", "Enter the day on which they were proposed or set")
	case n.DoneOn.After(today):
		p.add("done_on", "R132", "The day on which they were proposed or set must be today or in the past")
	case n.DoneOn.Before(of.ImposedOn):
		p.add("done_on", "R132", "This cannot be before the sentence of "+of.ImposedOn.Long())
	case !n.DoneOn.Before(repeal):
		p.add("done_on", "R128", repealed)
	}
	if n.Step == Amended {
		switch {
		case n.RequestedOn.IsZero():
			p.add("requested_on", "R132", "Enter the day on which the supervisor asked")
		case n.RequestedOn.After(n.DoneOn):
			p.add("requested_on", "R132", "The supervisor asks before the governor amends")
		}
	}
	if n.Step == Proposed {
		return // in force is what the governor sets
	}
	switch {
	case n.From.IsZero():
		p.add("from_on", "R132", "Enter the day from which they are in force")
	case !n.From.Before(repeal):
		p.add("from_on", "R128", repealed)
	case n.From.Before(n.DoneOn):
		p.add("from_on", "R132", "They cannot be in force before the governor set them")
	case n.From.Before(supervision.Begins):
		p.add("from_on", "R132", "Supervision begins on "+supervision.Begins.Long())
	case !supervision.Last.IsZero() && n.From.After(supervision.Last):
		p.add("from_on", "R132", "Supervision ended on "+supervision.Last.Long())
	case n.From.Before(last.From):
		p.add("from_on", "R132", "The requirements before these are in force from "+last.From.Long())
	}
}

// choice checks the requirements themselves: of the ten, each once, with its brackets filled
// and nothing else changed (R128, R131), none of the first eight missing without a reason (R129).
func (p *problems) choice(n NewSet, last Set) {
	seen := map[int]bool{}
	for _, c := range n.Chosen {
		r, ok := law.RequirementNumbered(c.Number)
		if !ok || seen[c.Number] {
			p.add("number", "R128", "Choose the requirements from the ten, each once")
			return
		}
		seen[c.Number] = true
		if _, wrong := r.Filled(c.Brackets); len(wrong) > 0 {
			field := "number"
			for i, value := range c.Brackets {
				if strings.TrimSpace(value) == "" || strings.ContainsAny(value, "[]") {
					field = BracketField(c.Number, i)
					break
				}
			}
			p.add(field, "R131", wrong[0].Text)
		}
		if !r.Usual {
			p.needs(c.Why, WhyField(c.Number), "R134", "Enter why requirement "+strconv.Itoa(c.Number)+" is necessary and proportionate, and for rehabilitation")
		}
		if c.Number == drugTesting {
			*p = append(*p, c.Limbs.check()...)
		}
	}
	if len(Missing(n.Chosen, last)) > 0 {
		p.needs(n.LeftOutWhy, "left_out_why", "R129", "Enter why a requirement is left out or removed: the first eight apply in virtually all cases")
	}
}

// drugTesting is the requirement of drug testing, which needs both limbs of R141.
const drugTesting = 9

// Missing are the requirements that need a reason for not being chosen: one of the first
// eight (R129), or one that was in force before (R132).
func Missing(chosen []Chosen, last Set) []int {
	var all []int
	for _, r := range law.Requirements {
		in := slices.ContainsFunc(chosen, func(c Chosen) bool { return c.Number == r.Number })
		if !in && (r.Usual || last.Has(r.Number)) {
			all = append(all, r.Number)
		}
	}
	return all
}

// Latest is the last set that the governor set or amended; ok is false where there is none.
// before is in the order of SetsOf, the latest first.
func Latest(before []Set) (last Set, ok bool) {
	for _, s := range before {
		if s.Step != Proposed {
			return s, true
		}
	}
	return Set{}, false
}

// InForce is the set that is in force on a day; ok is false where none is. An amendment takes
// the place of what was set before from its own day on, and nothing outlasts supervision, which the repeal stops.
func InForce(all []Set, supervision Period, on clock.Date) (in Set, ok bool) {
	if !supervision.Holds(on) {
		return Set{}, false
	}
	for _, s := range all {
		if s.Step != Proposed && !on.Before(s.From) {
			return s, true
		}
	}
	return Set{}, false
}

// Late says that requirements were proposed when the licence had begun: the supervisor
// proposes before release, together with the licence conditions (R132).
func Late(s Set, licence Period) bool {
	return s.Step == Proposed && !licence.Begins.IsZero() && !s.DoneOn.Before(licence.Begins)
}

// Until is the last day of a set with what ended it, in words: an amendment, the end of
// supervision, or the repeal. Empty where no end is known.
func Until(s Set, all []Set, supervision Period) string {
	if s.Step == Proposed {
		return ""
	}
	for i := len(all) - 1; i >= 0; i-- { // the earliest first
		if next := all[i]; next.Step == Amended && next.ID > s.ID {
			return next.From.Long() + ", when it was amended"
		}
	}
	switch {
	case !supervision.Stopped.IsZero():
		return supervision.Stopped.Long() + ": the repeal ended it"
	case !supervision.Last.IsZero():
		return supervision.Last.Long() + ", the end of supervision"
	}
	return ""
}

// CheckRecommendation says what keeps a court's recommendation from being recorded (R133).
func CheckRecommendation(n NewRecommendation, supervision Period, today clock.Date) []fault.Problem {
	var all problems
	if supervision.None != "" {
		all.add("recommends", "R133", supervision.None)
		return all
	}
	all.needs(n.Court, "court", "R133", "Enter the court")
	all.needs(n.Recommends, "recommends", "R133", "Enter what the court recommended")
	all.needs(n.ConsideredBy, "considered_by", "R133", "Enter who considered it")
	all.needs(n.Reason, "reason", "R133", "Enter why")
	all.needs(n.Source, "source", "R133", noSource)
	switch {
	case n.RecommendedOn.IsZero():
		all.add("recommended_on", "R133", "Enter the day of the recommendation")
	case !supervision.Holds(n.RecommendedOn):
		all.add("recommended_on", "R133", "A court recommends an amendment while supervision runs: from "+supervision.Begins.Long()+" to "+supervision.Ends().Long())
	}
	switch {
	case n.ConsideredOn.IsZero():
		all.add("considered_on", "R133", "Enter the day on which it was considered")
	case n.ConsideredOn.After(today):
		all.add("considered_on", "R133", "The day on which it was considered must be today or in the past")
	case n.ConsideredOn.Before(n.RecommendedOn):
		all.add("considered_on", "R133", "It cannot have been considered before it was made")
	}
	switch {
	case !slices.Contains(Outcomes, n.Outcome):
		all.add("outcome", "R133", "Choose whether the supervisor agreed")
	case n.Outcome == Agreed && !n.ReferredOn.IsZero():
		all.add("referred_on", "R133", "Only a disagreement is referred to PPCS: leave this empty")
	case n.Outcome == Agreed:
	case n.ReferredOn.IsZero():
		all.add("referred_on", "R133", "A disagreement is referred to PPCS: enter the day")
	case n.ReferredOn.After(today):
		all.add("referred_on", "R133", "The day of the referral must be today or in the past")
	case n.ReferredOn.Before(n.ConsideredOn):
		all.add("referred_on", "R133", "It cannot have been referred before it was considered")
	}
	return all
}
