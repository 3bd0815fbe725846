package rag_test

import (
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/rag"
)

// TestTheFiveLevels: R38, in the order of the guide's table, each with its aim, and
// none of them a level of a need (R23).
func TestTheFiveLevels(t *testing.T) {
	t.Parallel()
	want := []struct {
		text, aim string
	}{
		{"RED ALERT", "Wanted for arrest"},
		{"RED", "Catch and control"},
		{"AMBER", "Reduce reoffending and rehabilitate"},
		{"GREEN", "Monitor, maintain and rehabilitate"},
		{"PRISON", "In custody"},
	}
	if len(rag.Ratings) != len(want) {
		t.Fatalf("%d ratings", len(rag.Ratings))
	}
	for i, w := range want {
		r, ok := rag.Parse(w.text)
		if !ok || r != rag.Ratings[i] || r.Rank() != i+1 || r.Aim() != w.aim || r.Word() != w.text {
			t.Errorf("%s: %q, rank %d, %q", w.text, r, r.Rank(), r.Aim())
		}
	}
	for _, other := range []string{"", "red", "amber", "green", "Red", "RED ", "BLUE"} {
		if r, ok := rag.Parse(other); ok {
			t.Errorf("%q is read as %s", other, r)
		}
	}
}

// TestWhatTheGuideSaysOfEachLevel: the characteristics of Appendix 1 (R39, R41, R43,
// R46) and its approach (R40, R42, R44, R47, R48), by words that the rules name.
func TestWhatTheGuideSaysOfEachLevel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule  string
		lines []string
		want  []string
	}{
		{"R39", rag.RedAlert.Characteristics(), []string{"wanted by police"}},
		{"R41", rag.Red.Characteristics(), []string{"intelligence", "fixed-term recall", "change in circumstances", "disengaged from supervision or treatment"}},
		{"R43", rag.Amber.Characteristics(), []string{"no relevant intelligence", "no significant change", "compliance or engagement varies"}},
		{"R46", rag.Green.Characteristics(), []string{"no relevant intelligence", "stable", "suitable for multi-agency", "needs multi-agency monitoring"}},
		{"R40", rag.RedAlert.Approach(), []string{"brief police", "intelligence", "wanted alert"}},
		{"R42", rag.Red.Approach(), []string{"weekly diary", "electronic monitoring", "one home visit a week", "police tasking", "supervision agreed at the weekly"}},
		{"R44", rag.Amber.Approach(), []string{"weekly diary", "bi-weekly", "supervision agreed at the monthly"}},
		{"R47", rag.Green.Approach(), []string{"monthly home visit", "supervision agreed at the monthly", "exit planning"}},
		{"R48", rag.Prison.Approach(), []string{"pre-release plan starts three months before", "prison visit", "liaison with the prison"}},
	} {
		if len(c.lines) != len(c.want) {
			t.Errorf("%s: %q, want %d lines", c.rule, c.lines, len(c.want))
		}
		for _, words := range c.want {
			if !slices.ContainsFunc(c.lines, func(line string) bool { return strings.Contains(strings.ToLower(line), words) }) {
				t.Errorf("%s: nothing says %q: %q", c.rule, words, c.lines)
			}
		}
	}
}
