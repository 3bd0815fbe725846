package sentence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"iom/internal/casework/law"
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

func (t Term) withoutLife() Term { t.Life = false; return t }

// IsZero says that no length was given.
func (t Term) IsZero() bool { return t == Term{} }

// Check says what keeps a sentence from being recorded.
func Check(s New, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R19", Text: text})
	}
	if s.Type.Kind() == "" {
		add("type", "Choose the type of sentence")
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
	all = append(all, checkTerm(s)...)
	all = append(all, checkOrder(s)...)
	if strings.TrimSpace(s.Source) == "" {
		add("source", "Enter the source: who or what these dates come from")
	}
	return all
}

// checkTerm is about the length, and about what only custody has.
func checkTerm(s New) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R122", Text: text})
	}
	custody := s.Type.Kind() == Custody
	life := s.Type.Custodial() == law.Life
	switch {
	case life && !s.Term.withoutLife().IsZero():
		add("years", "A life sentence has no length in years, months, weeks or days: leave those empty")
	case custody && !life && s.Term.withoutLife().IsZero():
		add("years", "Enter the length of the custodial sentence")
	}
	for _, n := range []struct {
		field, what string
		days        int
	}{{"remand", "Days on remand", s.Remand}, {"tagged_bail", "Days credited for tagged bail", s.TaggedBail}} {
		switch {
		case n.days < 0 || n.days > mostDaysMoved:
			add(n.field, n.what+" must be a whole number from 0 to 20,000")
		case n.days > 0 && !custody:
			add(n.field, "Only a custodial sentence has days that count as served: leave this empty")
		}
	}
	switch {
	case s.Relation != "" && !slices.Contains(Relations, s.Relation):
		add("relation", "Choose how the sentence stands to others")
	case s.related() && !custody:
		add("relation", "Only custodial sentences are concurrent or consecutive")
	case s.related() && s.Related == 0:
		add("related", "Choose the sentence to which this one is "+string(s.Relation))
	case !s.related() && s.Related != 0:
		add("relation", "Choose whether this sentence is concurrent or consecutive to the other one")
	}
	return all
}

// checkOrder is about the end of an order in the community.
func checkOrder(s New) []fault.Problem {
	var text string
	switch kind := s.Type.Kind(); {
	case s.OrderEnds.IsZero() && (kind == Suspended || kind == CommunityOrder):
		text = "Enter the day on which the order ends"
	case !s.OrderEnds.IsZero() && !kind.Order():
		text = "Only a suspended sentence, a community order or a youth order has an end of its own: leave this empty"
	case !s.OrderEnds.IsZero() && s.OrderEnds.Before(s.ImposedOn):
		text = "The order cannot end before it was imposed"
	default:
		return nil
	}
	return []fault.Problem{{Field: "order_ends_on", Rule: "R208", Text: text}}
}

// CheckAdjustment says what keeps days that move the dates from being recorded (R126).
func CheckAdjustment(n NewAdjustment, of Sentence, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R126", Text: text})
	}
	if of.Kind != Custody {
		add("", "Only the dates of a custodial sentence are moved")
	}
	if !slices.Contains(AllMoves, n.Moves) {
		add("kind", "Choose what moves the dates")
	}
	if n.Days < 1 || n.Days > mostDaysMoved {
		add("days", "Days must be a whole number from 1 to 20,000")
	}
	switch {
	case n.Dated.IsZero():
		add("dated", "Enter the date of the decision")
	case n.Dated.After(today):
		add("dated", "The date of the decision must be today or in the past")
	case n.Dated.Before(of.ImposedOn):
		add("dated", "The date of the decision cannot be before the sentence was imposed on "+of.ImposedOn.Long())
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
	}
	return all
}

// CheckEnd says what keeps the early end of an order from being recorded (R208).
func CheckEnd(n NewEnd, of Sentence, ended bool, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R208", Text: text})
	}
	switch {
	case !of.Kind.Order():
		add("", "Only an order in the community ends early")
	case ended:
		add("", "The early end of this order is recorded already. Mark that as entered in error first")
	case !slices.Contains(EarlyEnds, n.How):
		add("how", "Choose how the order ended")
	case n.How == Activated && of.Kind != Suspended:
		add("how", "Only a suspended sentence is activated")
	}
	switch {
	case n.On.IsZero():
		add("ended_on", "Enter the date on which the order ended")
	case n.On.After(today):
		add("ended_on", "The date on which the order ended must be today or in the past")
	case n.On.Before(of.ImposedOn):
		add("ended_on", "The order cannot have ended before it was imposed on "+of.ImposedOn.Long())
	case !of.OrderEnds.IsZero() && n.On.After(of.OrderEnds):
		add("ended_on", "The order was over on "+of.OrderEnds.Long()+": an early end is before that")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
	}
	return all
}

// CheckTag says what keeps electronic monitoring from being recorded (R120).
func CheckTag(n NewTag) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R120", Text: text})
	}
	if !slices.Contains(Tags, n.Kind) {
		add("kind", "Choose the kind of electronic monitoring")
	}
	if n.Starts.IsZero() {
		add("starts_on", "Enter the date on which it starts")
	}
	if !n.Ends.IsZero() && n.Ends.Before(n.Starts) {
		add("ends_on", "The end cannot be before the start")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
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
