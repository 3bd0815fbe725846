package condition

import (
	"strings"

	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// freshDays is how long before a start an explanation still counts as given at that start.
// The guide says "at the outset of the licence period, and again at the start of the
// supervision period depending on the time elapsed", and names no time: this is our
// reading, so that nobody hears the same twice within four weeks (R130).
const freshDays = 28

// Owed says which explanation is owed on a day, given the days of those before, and since
// when (R130). Supervision comes before the licence: the two never run together.
func Owed(licence, supervision Period, explained []clock.Date, today clock.Date) (text string, since clock.Date, owed bool) {
	for _, p := range []struct {
		Period
		what string
	}{
		{supervision, "Supervision began: explain the requirements and the consequences of breach again"},
		{licence, "Licence began: explain the conditions and the consequences of breach"},
	} {
		if p.Holds(today) && !given(explained, p.Begins.AddDays(-freshDays), today) {
			return p.what, p.Begins, true
		}
	}
	return "", clock.Date{}, false
}

// given says that one was explained between two days, both counted.
func given(explained []clock.Date, from, to clock.Date) bool {
	for _, day := range explained {
		if !day.Before(from) && !day.After(to) {
			return true
		}
	}
	return false
}

// CheckExplained says what keeps an explanation from being recorded.
func CheckExplained(n NewExplanation, of sentence.Sentence, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R130", Text: text})
	}
	switch {
	case of.Kind != sentence.Custody:
		add("explained_on", "Only a custodial sentence has a licence or supervision")
	case n.On.IsZero():
		add("explained_on", "Enter the day on which it was explained")
	case n.On.After(today):
		add("explained_on", "The day on which it was explained must be today or in the past")
	case n.On.Before(of.ImposedOn):
		add("explained_on", "It cannot have been explained before the sentence of "+of.ImposedOn.Long())
	}
	if strings.TrimSpace(n.ExplainedBy) == "" {
		add("explained_by", "Enter who explained it")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", noSource)
	}
	return all
}
