package law

import (
	"fmt"
	"regexp"
	"strings"

	"iom/internal/platform/fault"
)

// Requirement is one of the ten of post-sentence supervision (R128). The words are
// fixed; only what stands in square brackets is filled in (R131). The guide gives
// the list; the statutory wording and all of its brackets are in PI 29/2014, which was
// not at hand.
type Requirement struct {
	Number int
	Text   string // with brackets
	Usual  bool   // one of the eight that apply in virtually all cases (R129)
}

// Requirements are the ten, and no others: additional conditions for the protection
// of the public belong to a licence (R129).
var Requirements = []Requirement{
	{1, "Be of good behaviour", true},
	{2, "Not commit any offence", true},
	{3, "Keep in touch with the supervisor", true},
	{4, "Receive visits from the supervisor", true},
	{5, "Reside at the approved address [address] and get permission beforehand for one or more nights away", true},
	{6, "Only undertake approved work and notify changes", true},
	{7, "Not travel outside the British Isles", true},
	{8, "Participate in activities as directed by the supervisor", true},
	{9, "Undertake drug testing", false},
	{10, "Attend drug appointments [with whom and where]", false},
}

var bracket = regexp.MustCompile(`\[([^\]]*)\]`)

// Brackets are what has to be filled in, in the order of the text.
func (r Requirement) Brackets() []string {
	var all []string
	for _, found := range bracket.FindAllStringSubmatch(r.Text, -1) {
		all = append(all, found[1])
	}
	return all
}

// Filled is the text with its brackets filled, each by one value.
func (r Requirement) Filled(values []string) (string, []fault.Problem) {
	want := r.Brackets()
	if len(values) != len(want) {
		return "", []fault.Problem{{Field: "requirements", Rule: "R131", Text: fmt.Sprintf("Requirement %d has %s to fill in", r.Number, count(len(want), "place"))}}
	}
	i := -1
	var all []fault.Problem
	text := bracket.ReplaceAllStringFunc(r.Text, func(string) string {
		i++
		value := strings.TrimSpace(values[i])
		if value == "" || strings.ContainsAny(value, "[]") {
			all = append(all, fault.Problem{Field: "requirements", Rule: "R131", Text: fmt.Sprintf("Enter the %s of requirement %d", want[i], r.Number)})
		}
		return value
	})
	if len(all) > 0 {
		return "", all
	}
	return text, nil
}

// RequirementNumbered is one of the ten by its number.
func RequirementNumbered(number int) (Requirement, bool) {
	if number < 1 || number > len(Requirements) {
		return Requirement{}, false
	}
	return Requirements[number-1], true
}
