package sentence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// String is the length as a court would say it: 2 years and 6 months.
func (t Term) String() string {
	if t.Life {
		return "life"
	}
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{t.Years, "year"}, {t.Months, "month"}, {t.Weeks, "week"}, {t.Days, "day"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.unit)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.unit))
		}
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// IsZero says that no length was given.
func (t Term) IsZero() bool { return t == Term{} }

// Check says what keeps a sentence from being recorded.
func Check(s New, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R19", Text: text})
	}
	if !slices.Contains(Kinds, s.Kind) {
		add("kind", "Choose the kind of sentence")
	}
	switch {
	case s.ImposedOn.IsZero():
		add("imposed_on", "Enter the date on which the sentence was imposed")
	case s.ImposedOn.After(today):
		add("imposed_on", "The date of the sentence must be today or in the past")
	}
	if s.OffenceOn.After(s.ImposedOn) && !s.OffenceOn.IsZero() && !s.ImposedOn.IsZero() {
		add("offence_on", "The offence cannot be later than the sentence for it")
	}
	if strings.TrimSpace(s.Court) == "" {
		add("court", "Enter the court")
	}
	if strings.TrimSpace(s.Offence) == "" {
		add("offence", "Enter the index offence")
	}
	if s.Kind == Custody && s.Term.IsZero() {
		add("years", "Enter the length of the custodial sentence, or tick life")
	}
	if s.Term.Life && s.Term != (Term{Life: true}) {
		add("life", "A life sentence has no length in years, months, weeks or days: leave those empty")
	}
	for _, d := range []struct {
		field, what string
		day         clock.Date
	}{{"led", "licence end date (LED)", s.LED}, {"sed", "sentence end date (SED)", s.SED}} {
		if !d.day.IsZero() && !s.ImposedOn.IsZero() && d.day.Before(s.ImposedOn) {
			add(d.field, "The "+d.what+" cannot be before the sentence was imposed")
		}
	}
	if strings.TrimSpace(s.Source) == "" {
		add("source", "Enter the source: who or what these dates come from")
	}
	return all
}

// CheckStatus says what keeps a statutory status from being recorded.
func CheckStatus(s NewStatus, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R208", Text: text})
	}
	if !slices.Contains(Standings, s.Standing) {
		add("status", "Choose the statutory status")
	}
	switch {
	case s.From.IsZero():
		add("from_on", "Enter the date from which this holds")
	case s.From.After(today):
		add("from_on", "The date from which this holds must be today or in the past")
	}
	if !s.Ends.IsZero() && !s.From.IsZero() && s.Ends.Before(s.From) {
		add("ends_on", "The end cannot be before the beginning")
	}
	if !s.Ends.IsZero() && !s.Standing.Statutory() {
		add("ends_on", "Only statutory supervision or bail has an end date: leave this empty")
	}
	if strings.TrimSpace(s.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
	}
	return all
}

// percent is a score as these instruments give it.
var percent = regexp.MustCompile(`^(100|[0-9]{1,2})(\.[0-9]{1,2})?%?$`)

// CheckScore says what keeps a score from being recorded. The named instruments
// give a percentage; another one may give anything.
func CheckScore(s NewScore, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R4", Text: text})
	}
	if !slices.Contains(ScoreTypes, s.Type) {
		add("type", "Choose the kind of score")
	}
	value := strings.TrimSpace(s.Value)
	switch {
	case value == "":
		add("value", "Enter the score")
	case s.Type != "other" && (!percent.MatchString(value) || strings.HasPrefix(value, "100.") && strings.Trim(value, "10.%") != ""):
		add("value", "Enter the score as a percentage from 0 to 100, such as 74")
	}
	switch {
	case s.On.IsZero():
		add("scored_on", "Enter the date of the score")
	case s.On.After(today):
		add("scored_on", "The date of the score must be today or in the past")
	}
	if strings.TrimSpace(s.Source) == "" {
		add("source", "Enter the source: who or what this score comes from")
	}
	return all
}
