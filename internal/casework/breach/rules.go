package breach

import (
	"slices"
	"strings"

	"iom/internal/casework/contact"
	"iom/internal/casework/law"
	"iom/internal/casework/recall"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// CheckNew says what keeps a breach from being recorded, given what is known of the sentences,
// the breaches before it and the contact from which it comes (nil: from none).
func CheckNew(n New, d sentence.Dates, before []Breach, from *contact.Contact, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	known := slices.Contains(law.BreachOfs, n.Of)
	if !known {
		add("of", "R178", "Choose what was broken")
	}
	if !slices.Contains(law.BreachTypes, n.Type) {
		add("type", "R178", "Choose how it was broken")
	}
	i := slices.IndexFunc(d.Sentences, func(s sentence.Sentence) bool { return s.ID == n.Sentence })
	if i < 0 {
		add("sentence", ruleOf(n.Of), "Choose the sentence")
	}
	switch {
	case n.BreachedOn.IsZero():
		add("breached_on", "R179", "Enter the first day of the breach")
	case n.BreachedOn.After(today):
		add("breached_on", "R179", "The first day of the breach must be today or in the past")
	case known && i >= 0:
		all = append(all, onGround(n.Of, d, d.Sentences[i], n.BreachedOn)...)
	}
	if strings.TrimSpace(n.What) == "" {
		add("what", "R178", "Write what happened")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "R178", "Enter the source: who or what this comes from")
	}
	if from != nil {
		all = append(all, checkContact(n, before, *from)...)
	}
	if n.Order != 0 {
		all = append(all, checkOrder(n, before)...)
	}
	return all
}

// checkContact is about the appointment that was missed: who left early or did not attend
// without an acceptable reason is in breach, and who refused treatment is not (R142, R143).
func checkContact(n New, before []Breach, from contact.Contact) []fault.Problem {
	switch {
	case from.Outcome == contact.RefusedTreatment:
		return one("contact", "R142", "Refusing treatment is not a breach: the condition is to attend and to stay")
	case !from.Outcome.Missed():
		return one("contact", "R142", "Choose an appointment that was missed or left early")
	case from.Excused:
		return one("contact", "R142", "The absence had an acceptable reason: it is not a breach")
	case n.Type != law.BrokeAppointment:
		return one("type", "R143", "A missed contact is a breach by appointment: choose that, or leave out the contact")
	case n.BreachedOn.After(from.HeldOn):
		return one("breached_on", "R142", "The breach cannot begin after the missed contact on "+from.HeldOn.Long())
	case slices.ContainsFunc(before, func(b Breach) bool { return b.Contact == n.Contact && b.Of == n.Of && b.Sentence == n.Sentence }):
		return one("contact", "R142", "A breach is recorded already from this contact")
	}
	return nil
}

// checkOrder is about the supervision default order that was broken: one of the same
// supervision, on a day on which it ran (R147).
func checkOrder(n New, before []Breach) []fault.Problem {
	earlier, ok := byOrder(before, n.Order)
	order, _ := earlier.DefaultOrder()
	switch {
	case n.Of != law.OfSupervision:
		return one("order", "R147", "Only a breach of supervision can be one of a supervision default order: leave this empty")
	case !ok || earlier.Sentence != n.Sentence:
		return one("order", "R147", "Choose a supervision default order of this sentence")
	case n.BreachedOn.Before(order.On) || n.BreachedOn.After(earlier.OrderRan()):
		return one("breached_on", "R147", "The supervision default order ran from "+order.On.Long()+" to "+earlier.OrderRan().Long())
	}
	return nil
}

// CheckStep says what keeps a step from being recorded. Steps follow in the order of their days.
func CheckStep(b Breach, n NewStep, recalls []recall.Recall, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	rule := ruleOf(b.Of)
	if text := b.refuses(n.Step); text != "" {
		add("step", rule, text)
	}
	all = append(all, checkDay(b, "happened_on", n.On, today)...)
	switch {
	case n.ListedOn.IsZero() && n.Step == Listed:
		add("listed_on", rule, "Enter the day of the hearing")
	case n.ListedOn.IsZero():
	case !n.Step.Waits():
		add("listed_on", rule, "Only court proceedings have a hearing to come: leave this empty")
	case n.ListedOn.Before(n.On):
		add("listed_on", rule, "The hearing cannot be before this day")
	}
	switch {
	case n.Step == Decided && !slices.Contains(OutcomesOf(b.Of), n.Outcome):
		add("outcome", rule, "Choose what the court decided")
	case n.Step != Decided && n.Outcome != "":
		add("outcome", rule, "Only a decision of the court has an outcome: leave this empty")
	}
	if n.Recall != 0 {
		switch i := slices.IndexFunc(recalls, func(r recall.Recall) bool { return r.ID == n.Recall }); {
		case n.Step != Recalled:
			add("recall", rule, "Only a decision to recall is about a recall: leave this empty")
		case i < 0 || recalls[i].Sentence != b.Sentence:
			add("recall", rule, "Choose a recall from the licence of the same sentence")
		}
	}
	if n.Step == NoAction && strings.TrimSpace(n.Note) == "" {
		add("note", rule, "Enter why no further action is taken")
	}
	if order, ok := b.DefaultOrder(); ok && n.Step == Completed && n.On.After(order.OrderEnds) {
		add("happened_on", "R148", "The order ended on "+order.OrderEnds.Long()+": it was completed by then, or not at all")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", rule, "Enter the source: who or what this comes from")
	}
	return all
}

// refuses says why a step does not follow; empty when it does.
func (b Breach) refuses(s Step) string {
	next := b.Next()
	switch {
	case slices.Contains(next, s) && s != Heard:
		return ""
	case len(next) == 0:
		return "This breach has been dealt with: nothing follows"
	case b.has(s) && s != Listed:
		return "This is recorded already"
	case s == Decided && (b.Of == law.OfCommunity || b.Of == law.OfSuspended):
		return "Record first when the breach proceedings were begun"
	case s == Completed && b.Of == law.OfSupervision:
		return "The court has made no supervision default order"
	}
	return "Choose what has become of the breach"
}

// checkDay is about the day of a step or a hearing.
func checkDay(b Breach, field string, on, today clock.Date) []fault.Problem {
	last, ok := b.last()
	switch {
	case on.IsZero():
		return one(field, ruleOf(b.Of), "Enter the day on which this happened")
	case on.After(today):
		return one(field, ruleOf(b.Of), "The day must be today or in the past")
	case on.Before(b.BreachedOn):
		return one(field, ruleOf(b.Of), "This cannot be before the breach began on "+b.BreachedOn.Long())
	case ok && on.Before(last.On):
		return one(field, ruleOf(b.Of), "This cannot be before what is recorded last, on "+last.On.Long())
	}
	return nil
}

// CheckHearing says what keeps a finding and a sanction of the magistrates' court from being
// recorded: a hearing without information laid by probation, and what the law does not allow
// (R144-R148), given the days of supervision as they were meant before the repeal.
func CheckHearing(b Breach, n NewHearing, days law.Supervision, today clock.Date) []fault.Problem {
	switch {
	case b.Of != law.OfSupervision:
		return one("finding", "R144", "Only a breach of supervision is heard so")
	case b.has(Heard):
		return one("finding", "R144", "The hearing is recorded already")
	case b.has(NoAction):
		return one("finding", "R144", "This breach has been dealt with: nothing follows")
	case !b.has(Laid):
		return one("heard_on", "R144", "Record first when probation laid the information before the court")
	}
	all := checkDay(b, "heard_on", n.Case.HeardOn, today)
	seen := len(all) > 0
	if n.Case.Finding == "" {
		all = append(all, fault.Problem{Field: "finding", Rule: "R144", Text: "Choose what the court found"})
	}
	for _, p := range n.of(b).Check(days.Begins, days.Meant) {
		switch {
		case p.Field == "heard_on" && seen, p.Field == "finding" && n.Case.Finding == "":
			continue // said above
		case p.Field == "fine" && n.Case.Fine == 0:
			p.Text = "Enter the fine in pounds"
		}
		all = append(all, p)
	}
	if strings.TrimSpace(n.Source) == "" {
		all = append(all, fault.Problem{Field: "source", Rule: "R144", Text: "Enter the source: who or what this comes from"})
	}
	return all
}

// of is the case of a breach as it was heard.
func (n NewHearing) of(b Breach) law.SupervisionCase {
	c := n.Case
	c.BreachedOn, c.OfOrder = b.BreachedOn, b.Order != 0
	return c
}
