package need

import (
	"slices"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// Check says what keeps an assessment from being recorded. A red or amber level
// wants its needs in words; an assessment is never dated in the future.
func Check(a Assessment, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R22", Text: text})
	}
	if !slices.Contains(Pathways, a.Pathway) {
		add("pathway", "Choose one of the nine pathways")
	}
	if !slices.Contains(Levels, a.Level) {
		add("level", "Choose red, amber or green for this pathway")
	}
	if strings.TrimSpace(a.Needs) == "" && (a.Level == Red || a.Level == Amber) {
		add("needs", "Describe the need: a red or amber pathway needs a reason")
	}
	if a.On.IsZero() {
		add("on", "Enter the date of the assessment")
	} else if a.On.After(today) {
		add("on", "The date of the assessment must be today or in the past")
	}
	if strings.TrimSpace(a.Source) == "" {
		add("source", "Enter the source: who or what this assessment comes from")
	}
	return all
}
