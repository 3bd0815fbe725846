package browsertest

import (
	"context"

	"github.com/chromedp/chromedp"
)

// fill puts a value into the control of that name in the form that posts to an
// address ending as given (any form when empty), the way a person would: text is
// put in, radios and checkboxes are clicked, an option is chosen by its value or
// by the words that it shows. It answers what went wrong.
const fill = `(ending, name, wanted) => {
	const forms = [...document.querySelectorAll("main form")].filter((f) => !ending || new URL(f.action).pathname.endsWith(ending));
	if (!forms.length) return "there is no form for " + ending;
	for (const form of forms) {
		const controls = [...form.elements].filter((e) => e.name === name && e.type !== "hidden");
		if (!controls.length) continue;
		const first = controls[0];
		const changed = (e) => { e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); };
		const says = (e) => (e.labels && e.labels[0] ? e.labels[0].textContent : "").trim().replace(/\s+/g, " ");
		if (first.type === "radio" || first.type === "checkbox") {
			const hit = controls.find((e) => e.value === wanted) || controls.find((e) => says(e) === wanted) || controls.find((e) => says(e).includes(wanted));
			if (!hit) return name + " offers " + controls.map((e) => e.value).join(", ") + " and not " + wanted;
			if (!hit.checked) hit.click();
			return "";
		}
		if (first.tagName === "SELECT") {
			const all = [...first.options];
			const hit = all.find((o) => o.value === wanted) || all.find((o) => o.text.trim() === wanted) || all.find((o) => o.text.includes(wanted));
			if (!hit) return name + " offers " + all.map((o) => o.text.trim()).join(", ") + " and not " + wanted;
			first.value = hit.value;
			changed(first);
			return "";
		}
		first.focus();
		first.value = wanted;
		changed(first);
		return "";
	}
	return "no control is called " + name + " but " + [...new Set(forms.flatMap((f) => [...f.elements].map((e) => e.name)).filter((n) => n && n[0] !== "_"))].join(", ");
}`

// Fill puts values into the first form of the page that has the control: pairs of
// the control's name and the value.
func (p *Tab) Fill(pairs ...string) *Tab {
	p.t.Helper()
	return p.FillIn("", pairs...)
}

// FillIn does so in the form that posts to an address with that ending.
func (p *Tab) FillIn(ending string, pairs ...string) *Tab {
	p.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if problem := call[string](p, fill, ending, pairs[i], pairs[i+1]); problem != "" {
			p.Fatalf("%s", problem)
		}
	}
	return p
}

// mark finds what a person would press: a button or a link in the page's main part
// (or, failing that, anywhere) that shows the words, and marks it.
const mark = `(words, ending) => {
	const says = (e) => (e.innerText || e.textContent || "").trim().replace(/\s+/g, " ");
	const all = (where) => [...where.querySelectorAll("button, a[href], input[type=submit]")].filter((e) => e.checkVisibility() &&
		(!ending || e.form && new URL(e.form.action).pathname.endsWith(ending)));
	for (const where of [document.querySelector("main") || document.body, document.body]) {
		const found = all(where).find((e) => says(e) === words) || all(where).find((e) => says(e).startsWith(words)) || all(where).find((e) => says(e).includes(words));
		if (found) { document.querySelectorAll("[data-pressed]").forEach((e) => e.removeAttribute("data-pressed")); found.setAttribute("data-pressed", ""); return ""; }
	}
	return "nothing to press shows " + words + " but " + all(document.querySelector("main") || document.body).map(says).join(" | ");
}`

// Press presses the button or follows the link that shows the words, and waits for
// the page that it leads to.
func (p *Tab) Press(words string) *Tab {
	p.t.Helper()
	return p.PressIn("", words)
}

// PressIn presses a button of the form that posts to an address with that ending.
func (p *Tab) PressIn(ending, words string) *Tab {
	p.t.Helper()
	if problem := call[string](p, mark, words, ending); problem != "" {
		p.Fatalf("%s", problem)
	}
	p.follow("pressing "+words, p.clicked(mark, words, ending))
	return p
}

// How often, and for how long each time, what was marked is looked for.
const (
	looks   = 6
	oneLook = patience / looks
)

// clicked marks with the function what is to be pressed, and clicks it. When a part of
// the page is drawn anew the mark goes with what it was on: it is then looked for once
// more, as a person would.
func (p *Tab) clicked(find string, args ...any) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		for range looks {
			once, cancel := context.WithTimeout(ctx, oneLook)
			none, err = chromedp.Click(chromedp.CSS(`[data-pressed]`))(once, target)
			cancel()
			if err == nil || ctx.Err() != nil {
				return none, err
			}
			if problem := call[string](p, find, args...); problem != "" {
				p.Fatalf("%s", problem)
			}
		}
		return none, err
	}
}

// Offers says whether something to press shows the words.
func (p *Tab) Offers(words string) bool {
	p.t.Helper()
	return call[string](p, mark, words, "") == ""
}

// Link is the address of the first link whose address matches the pattern, a
// regular expression; empty when there is none.
func (p *Tab) Link(pattern string) string {
	p.t.Helper()
	return call[string](p, `(pattern) => {
		const hit = [...document.querySelectorAll("a[href]")].find((a) => new RegExp(pattern).test(a.getAttribute("href")));
		return hit ? hit.getAttribute("href") : "";
	}`, pattern)
}

// button finds the first button that sends the form with that ending, and marks it.
const button = `(ending) => {
	const form = [...document.querySelectorAll("main form")].find((f) => new URL(f.action).pathname.endsWith(ending));
	for (let d = form && form.closest("details"); d; d = d.parentElement.closest("details")) d.open = true; // as a person opens it
	const found = form && [...form.querySelectorAll("button, input[type=submit]")].find((e) => e.type === "submit" && e.checkVisibility());
	if (!found) return "there is no form to send to " + ending + " but " + [...document.querySelectorAll("main form")].map((f) => new URL(f.action).pathname).join(", ");
	document.querySelectorAll("[data-pressed]").forEach((e) => e.removeAttribute("data-pressed"));
	found.setAttribute("data-pressed", "");
	return "";
}`

// Send sends the form that posts to an address with that ending, by its first button.
func (p *Tab) Send(ending string) *Tab {
	p.t.Helper()
	if problem := call[string](p, button, ending); problem != "" {
		p.Fatalf("%s", problem)
	}
	p.follow("sending "+ending, p.clicked(button, ending))
	return p
}

// Forms are the addresses to which the forms of the page's main part post that match
// the pattern, a regular expression.
func (p *Tab) Forms(pattern string) []string {
	p.t.Helper()
	return call[[]string](p, `(pattern) => [...document.querySelectorAll("main form")].map((f) => new URL(f.action).pathname)
		.filter((a) => new RegExp(pattern).test(a))`, pattern)
}

// Typed is what stands in the control of that name: its text, or the choice made.
func (p *Tab) Typed(name string) string {
	p.t.Helper()
	return call[string](p, `(name) => {
		const all = [...document.querySelectorAll("main form")].flatMap((f) => [...f.elements]).filter((e) => e.name === name);
		const one = all.find((e) => e.type !== "radio" && e.type !== "checkbox" || e.checked);
		return one ? one.value : "";
	}`, name)
}
