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

const noSource = "Enter the source: who or what this comes from"

// problems gathers what is wrong, each at its field.
type problems []fault.Problem

func (p *problems) add(field, rule, text string) {
	*p = append(*p, fault.Problem{Field: field, Rule: rule, Text: text})
}

// needs adds a problem where a text is empty.
func (p *problems) needs(value, field, rule, text string) {
	if strings.TrimSpace(value) == "" {
		p.add(field, rule, text)
	}
}

// CheckNew says what keeps conditions from being recorded, given the sentence, its licence
// and the conditions before (R127).
func CheckNew(n New, of sentence.Sentence, licence Period, before []Condition, today clock.Date) []fault.Problem {
	var all problems
	if licence.None != "" {
		all.add("standard", "R127", licence.None)
		return all
	}
	if len(n.Standard) == 0 && n.Kind == "" && strings.TrimSpace(n.Words) == "" {
		all.add("standard", "R127", "Tick a standard condition, or enter one in the words of the licence")
	}
	for _, words := range n.Standard {
		if !slices.Contains(Standards, words) {
			all.add("standard", "R127", "Choose the standard conditions from the list")
			break
		}
	}
	if n.Kind != "" || strings.TrimSpace(n.Words) != "" {
		if !slices.Contains(Kinds, n.Kind) {
			all.add("kind", "R127", "Choose what the condition is about")
		}
		all.needs(n.Words, "words", "R127", "Enter the words of the licence")
		if n.Kind == DrugTesting {
			all = append(all, n.Limbs.check()...)
		}
	}
	all.setting(n.SetBy, n.SetOn, n.From, of, licence, today)
	for _, words := range append(slices.Clone(n.Standard), n.Words) {
		if words != "" && slices.ContainsFunc(before, func(c Condition) bool { return c.Sentence == of.ID && c.Words == words && !c.Ended() }) {
			field := "standard"
			if words == n.Words {
				field = "words"
			}
			all.add(field, "R127", "This condition is recorded already: “"+short(words)+"”")
		}
	}
	all.needs(n.Source, "source", "R127", noSource)
	return all
}

// setting checks who set conditions, when, and from which day they hold.
func (p *problems) setting(by string, on, from clock.Date, of sentence.Sentence, licence Period, today clock.Date) {
	p.needs(by, "set_by", "R127", "Enter the governor who set the condition")
	switch {
	case on.IsZero():
		p.add("set_on", "R127", "Enter the day on which the governor set it")
	case on.After(today):
		p.add("set_on", "R127", "The day on which the governor set it must be today or in the past")
	case on.Before(of.ImposedOn):
		p.add("set_on", "R127", "It cannot have been set before the sentence of "+of.ImposedOn.Long())
	}
	switch {
	case from.IsZero():
		p.add("from_on", "R127", "Enter the day from which it is in force")
	case from.Before(on):
		p.add("from_on", "R127", "A condition cannot be in force before the governor set it")
	case !licence.Last.IsZero() && from.After(licence.Last):
		p.add("from_on", "R127", "The licence ends on "+licence.Last.Long()+": nothing is in force after that")
	}
}

// CheckAmendment says what keeps a condition from being amended: it ends, and another one
// takes its place (R127).
func CheckAmendment(c Condition, n Amendment, of sentence.Sentence, licence Period, today clock.Date) []fault.Problem {
	var all problems
	if c.Ended() {
		all.add("words", "R127", "This condition ended on "+c.EndedOn.Long()+". Record a new one")
		return all
	}
	all.needs(n.Words, "words", "R127", "Enter the words of the licence")
	if n.Words == c.Words {
		all.add("words", "R127", "These are the words as they stand. Change them, or end the condition")
	}
	if c.Kind == DrugTesting {
		all = append(all, n.Limbs.check()...)
	}
	all.setting(n.SetBy, n.SetOn, n.From, of, licence, today)
	if !n.From.IsZero() && n.From.Before(c.From) {
		all.add("from_on", "R127", "The condition itself is in force from "+c.From.Long())
	}
	all.needs(n.Why, "why", "R127", "Enter why the condition is amended")
	all.needs(n.Source, "source", "R127", noSource)
	return all
}

// CheckEnd says what keeps a condition from being removed (R127).
func CheckEnd(c Condition, n NewEnd, today clock.Date) []fault.Problem {
	var all problems
	switch {
	case c.Ended():
		all.add("ended_on", "R127", "This condition ended on "+c.EndedOn.Long()+" already")
	case n.On.IsZero():
		all.add("ended_on", "R127", "Enter the day from which it no longer holds")
	case n.On.After(today):
		all.add("ended_on", "R127", "The day from which it no longer holds must be today or in the past")
	case n.On.Before(c.From):
		all.add("ended_on", "R127", "The condition itself is in force from "+c.From.Long())
	}
	all.needs(n.EndedBy, "ended_by", "R127", "Enter who removed it")
	all.needs(n.Why, "why", "R127", "Enter why it was removed")
	all.needs(n.Source, "source", "R127", noSource)
	return all
}

// check says which limb of R141 is not there. Drug testing needs both, each with what it rests on.
func (l Limbs) check() []fault.Problem {
	var all problems
	for _, limb := range []struct {
		field    string
		answer   law.Answer
		evidence string
		missing  string
	}{
		{"propensity", l.Propensity, l.PropensityEvidence, "Drug testing needs a propensity to misuse specified Class A or Class B drugs"},
		{"contribution", l.Contribution, l.ContributionEvidence, "Drug testing needs that the misuse caused or contributed to an offence, or is likely to"},
	} {
		if limb.answer != law.Met {
			all.add(limb.field, "R141", limb.missing)
		} else {
			all.needs(limb.evidence, limb.field+"_evidence", "R141", "Enter what this answer rests on")
		}
	}
	return all
}

// short is the beginning of a text, for a message.
func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return text
}

// BracketField is the name of the field that fills a bracket of a requirement, WhyField of
// the one that says why it is necessary.
func BracketField(number, i int) string {
	return "bracket-" + strconv.Itoa(number) + "-" + strconv.Itoa(i)
}

// WhyField is described with BracketField.
func WhyField(number int) string { return "why-" + strconv.Itoa(number) }
