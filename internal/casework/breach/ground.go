package breach

import (
	"slices"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// Ground is what somebody can break, and the sentence to which it belongs.
type Ground struct {
	Of       law.BreachOf
	Sentence ref.SentenceID
}

// Grounds are those in force on a day, by the dates in force: licence from release to its
// end, supervision until the repeal, an order until it ends or was ended.
func Grounds(d sentence.Dates, on clock.Date) []Ground {
	var all []Ground
	for _, g := range d.Groups {
		s := g.Sentences[0]
		release, ends := d.In(g, custody.ConditionalRelease), d.In(g, custody.LicenceEnd)
		out := release.Day
		if d.HasStatus && d.Status.Standing == sentence.Licence && !d.Status.From.Before(s.ImposedOn) && d.Status.From.Before(out) {
			out = d.Status.From // released earlier, on curfew for one
		}
		if !ends.Day.IsZero() && !on.After(ends.Day) && !on.Before(out) && !on.Before(s.ImposedOn) {
			all = append(all, Ground{law.OfLicence, s.ID})
		}
		if len(supervised(d, s.ID, on)) == 0 {
			all = append(all, Ground{law.OfSupervision, s.ID})
		}
	}
	for _, s := range d.Sentences {
		if of, ok := ofOrder(s.Kind); ok && len(inOrder(d, s, on)) == 0 {
			all = append(all, Ground{of, s.ID})
		}
	}
	return all
}

// kindOf is the kind of sentence that has what was broken.
func kindOf(of law.BreachOf) sentence.Kind {
	switch of {
	case law.OfCommunity:
		return sentence.CommunityOrder
	case law.OfSuspended:
		return sentence.Suspended
	}
	return sentence.Custody
}

func ofOrder(k sentence.Kind) (law.BreachOf, bool) {
	switch k {
	case sentence.CommunityOrder:
		return law.OfCommunity, true
	case sentence.Suspended:
		return law.OfSuspended, true
	}
	return "", false
}

// onGround says why a day is not one of the licence, the supervision or the order that is said
// to have been broken on it.
func onGround(of law.BreachOf, d sentence.Dates, s sentence.Sentence, on clock.Date) []fault.Problem {
	switch {
	case s.Kind != kindOf(of) && kindOf(of) == sentence.Custody:
		return one("sentence", ruleOf(of), "Choose a custodial sentence: a "+string(of)+" follows no other")
	case s.Kind != kindOf(of):
		return one("sentence", ruleOf(of), "Choose a sentence that is a "+string(kindOf(of)))
	case on.Before(s.ImposedOn):
		return one("breached_on", ruleOf(of), "The breach cannot be before the sentence was imposed on "+s.ImposedOn.Long())
	}
	switch of {
	case law.OfSupervision:
		return supervised(d, s.ID, on)
	case law.OfLicence:
		return onLicence(d, s.ID, on)
	}
	return inOrder(d, s, on)
}

func onLicence(d sentence.Dates, id ref.SentenceID, on clock.Date) []fault.Problem {
	g, _ := d.GroupOf(id)
	switch ends := d.In(g, custody.LicenceEnd).Day; {
	case ends.IsZero() && g.Computed():
		return one("sentence", "R178", "By the law this sentence has no licence. Where there is one, record first its end as it was notified")
	case !ends.IsZero() && on.After(ends):
		return one("breached_on", "R178", "The licence ended on "+ends.Long()+": the breach must have begun by then")
	}
	return nil
}

// supervised is R144 with the repeal: a breach that began before it is kept.
func supervised(d sentence.Dates, id ref.SentenceID, on clock.Date) []fault.Problem {
	days, ok := d.Supervised(id)
	if !ok {
		return one("sentence", "R144", "No post-sentence supervision is known after this sentence. Where there was one, record first its end as it was notified")
	}
	return law.SupervisionCase{BreachedOn: on}.Check(days.Begins, days.Meant)
}

func inOrder(d sentence.Dates, s sentence.Sentence, on clock.Date) []fault.Problem {
	ends := s.OrderEnds
	if i := slices.IndexFunc(d.Ends, func(e sentence.End) bool { return e.Sentence == s.ID }); i >= 0 {
		ends = d.Ends[i].On
	}
	switch {
	case on.Before(s.ImposedOn):
		return one("breached_on", "R178", "The breach cannot be before the sentence was imposed on "+s.ImposedOn.Long())
	case !ends.IsZero() && on.After(ends):
		return one("breached_on", "R178", "The order ended on "+ends.Long()+": the breach must have begun by then")
	}
	return nil
}

// ruleOf is the rule about a breach of something.
func ruleOf(of law.BreachOf) string {
	if of == law.OfSupervision {
		return "R144"
	}
	return "R178"
}

func one(field, rule, text string) []fault.Problem {
	return []fault.Problem{{Field: field, Rule: rule, Text: text}}
}
