package ui_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScriptsInBrowser uses the small scripts as a person would.
func TestScriptsInBrowser(t *testing.T) {
	t.Parallel()
	address := serveGallery(t)
	ctx := browser(t)

	// Leaving a form with something typed asks first; the browser's question
	// would stop the test, so the page is only asked whether it would ask.
	const wouldAsk = `(() => { const e = new Event("beforeunload", {cancelable: true}); window.dispatchEvent(e); return e.defaultPrevented })()`

	do(t, ctx, chromedp.Navigate(address+"/forms"))
	if !eval[bool](t, ctx, wouldAsk) {
		t.Error("a form that came back with errors can be left without a question")
	}

	// A further row: empty, without the error of the one before, with names
	// and ids of its own, and the focus in it.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("button[name=_add]").click()`))
	got := eval[[]string](t, ctx, `(() => { const rows = document.querySelectorAll("[data-add] > fieldset"), row = rows[1], box = row.querySelector("input");
		return [String(rows.length), box.name, box.id, box.value, row.querySelector("label").htmlFor, String(row.querySelectorAll("[class*=error]").length),
			row.querySelector("legend").textContent, String(document.activeElement === box), String(box.hasAttribute("aria-describedby"))] })()`)
	want := []string{"2", "aliases.1.name", "field-aliases.1.name", "", "field-aliases.1.name", "0", "Alias 2", "true", "false"}
	if !slices.Equal(got, want) {
		t.Errorf("the second row is %q, want %q", got, want)
	}

	// The further question of a radio shows only while its radio is chosen.
	const shown = `getComputedStyle(document.getElementById("reveal-field-where-2")).display`
	if d := eval[string](t, ctx, shown); d == "none" {
		t.Error("the question of the chosen radio is hidden")
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById("field-where").click()`))
	if d := eval[string](t, ctx, shown); d != "none" {
		t.Error("the question of another radio is shown")
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("form[data-guard]").dispatchEvent(new Event("submit"))`))
	if eval[bool](t, ctx, wouldAsk) {
		t.Error("sending the form asks whether to leave it")
	}

	// One box for all rows.
	do(t, ctx, chromedp.Navigate(address+"/list"))
	const boxes = `(() => { const m = document.querySelector("[data-select-all] input");
		return [m.ariaLabel, String(m.indeterminate), String(document.querySelectorAll("tbody .iom-pick :checked").length)] })()`
	if got := eval[[]string](t, ctx, boxes); !slices.Equal(got, []string{"Choose all people", "true", "1"}) {
		t.Errorf("with one row chosen: %q", got)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-select-all] input").click()`))
	if got := eval[[]string](t, ctx, boxes); !slices.Equal(got, []string{"Choose all people", "false", "50"}) {
		t.Errorf("with all chosen: %q", got)
	}
	for _, fault := range eval[[]string](t, ctx, "window.faults") {
		t.Error(fault)
	}
}
