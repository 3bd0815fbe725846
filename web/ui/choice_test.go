package ui_test

import (
	"slices"
	"testing"

	"iom/web/form"
	"iom/web/ui"
)

// checkedValues are those of the boxes and buttons that are on.
func checkedValues(t *testing.T, markup string) []string {
	t.Helper()
	var on []string
	for _, n := range every(parse(t, rawHTML(markup)), "input") {
		if has(n, "checked") {
			on = append(on, attr(n, "value"))
		}
	}
	return on
}

// TestUnansweredIsNeverNo: a question without an answer has no button on, even
// where a choice carries the empty value.
func TestUnansweredIsNeverNo(t *testing.T) {
	t.Parallel()
	f := form.Field{Name: "mappa", Label: "MAPPA?"}
	if on := checkedValues(t, render(t, ui.YesNo(f, ui.Opt{}))); len(on) != 0 {
		t.Errorf("on without an answer: %q", on)
	}
	if on := checkedValues(t, render(t, ui.Radios(f, []ui.Option{{Value: "", Text: "None"}, {Value: "1", Text: "One"}}, ui.Opt{}))); len(on) != 0 {
		t.Errorf("the empty choice is on without an answer: %q", on)
	}
	f.Value = "no"
	if on := checkedValues(t, render(t, ui.YesNo(f, ui.Opt{}))); !slices.Equal(on, []string{"no"}) {
		t.Errorf("answered no, on: %q", on)
	}
	if got := text(parse(t, around(ui.SummaryList(), ui.SummaryRow("MAPPA", "", ui.Link{})))); got != "MAPPANot recorded" {
		t.Errorf("an empty answer reads %q", got)
	}
}

// TestCheckboxesKeepAllThatWasChosen: each value that was sent is on again.
func TestCheckboxesKeepAllThatWasChosen(t *testing.T) {
	t.Parallel()
	f := form.Field{Name: "p", Label: "P", Value: "1", Values: []string{"1", "3"}}
	if on := checkedValues(t, render(t, ui.Checkboxes(f, options("A", "B", "C"), ui.Opt{}))); !slices.Equal(on, []string{"1", "3"}) {
		t.Errorf("on: %q", on)
	}
}

// TestSelectKeepsTheChoice: the chosen line is selected, and the first line is
// always "no answer".
func TestSelectKeepsTheChoice(t *testing.T) {
	t.Parallel()
	root := parse(t, ui.Select(form.Field{Name: "s", Label: "S", Value: "2"}, options("A", "B"), ui.Opt{Empty: "Any"}))
	lines := every(root, "option")
	if len(lines) != 3 || attr(lines[0], "value") != "" || text(lines[0]) != "Any" {
		t.Fatalf("first of %d lines: %q", len(lines), text(lines[0]))
	}
	for i, n := range lines {
		if has(n, "selected") != (i == 2) {
			t.Errorf("line %d selected: %v", i, has(n, "selected"))
		}
	}
}

// TestFormCarriesWhatACommandNeeds: the token, the one-time key, the version.
func TestFormCarriesWhatACommandNeeds(t *testing.T) {
	t.Parallel()
	root := parse(t, ui.Form("/x", ui.FormHidden{CSRF: "tok", Key: "k", Version: "7", Extra: []ui.Hidden{{Name: "section", Value: "risks"}}}))
	want := map[string]string{"_csrf": "tok", "_key": "k", "_version": "7", "section": "risks"}
	for _, n := range every(root, "input") {
		if want[attr(n, "name")] != attr(n, "value") {
			t.Errorf("%s is %q", attr(n, "name"), attr(n, "value"))
		}
		delete(want, attr(n, "name"))
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if f := every(root, "form")[0]; attr(f, "method") != "post" || attr(f, "action") != "/x" || !has(f, "novalidate") {
		t.Errorf("form: %v", f.Attr)
	}
}
