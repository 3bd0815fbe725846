package browsertest

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"
)

// soon waits until the page shows all the words, wherever in its main part, text
// that was typed into a field included.
const soon = `(words, most) => new Promise((done) => {
	const shows = () => {
		const main = document.querySelector("main") || document.body;
		if (!main) return words;
		const text = (main.innerText + " " + [...main.querySelectorAll("textarea")].map((t) => t.value).join(" ")).replace(/\s+/g, " ").toLowerCase();
		return words.filter((w) => !text.includes(w.toLowerCase()));
	};
	const end = (missing) => { watch.disconnect(); clearTimeout(late); done(missing); };
	const watch = new MutationObserver(() => { if (!shows().length) end([]); });
	const late = setTimeout(() => end(shows()), most);
	watch.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
	if (!shows().length) end([]);
})`

// Soon waits until the page shows the texts, which come by themselves. The page may
// lead to another meanwhile.
func (p *Tab) Soon(texts ...string) *Tab {
	p.t.Helper()
	wanted, err := json.Marshal(texts)
	if err != nil {
		p.t.Fatal(err)
	}
	until := time.Now().Add(patience)
	for {
		most := strconv.FormatInt(max(0, time.Until(until).Milliseconds()/2), 10)
		missing, err := value(p.ctx, chromedp.Evaluate[[]string]("("+soon+")("+string(wanted)+","+most+")", chromedp.EvalAwaitPromise))
		switch {
		case err == nil && len(missing) == 0:
			return p
		case err == nil:
			p.Fatalf("does not come to show %q", missing)
		case time.Now().After(until):
			p.Fatalf("waiting for %q: %v", texts, err)
		}
	}
}

// submit sends a form that does not lead away from the page.
const submit = `(ending) => {
	const form = [...document.querySelectorAll("main form")].find((f) => new URL(f.action).pathname.endsWith(ending));
	if (!form) return "there is no form for " + ending;
	form.requestSubmit();
	return "";
}`

// Keep sends the form that posts to an address with that ending, which a script of
// the page does without leaving it.
func (p *Tab) Keep(ending string) *Tab {
	p.t.Helper()
	if problem := call[string](p, submit, ending); problem != "" {
		p.Fatalf("%s", problem)
	}
	return p
}

// Check holds the page, as it has become, to what every page must be.
func (p *Tab) Check() *Tab {
	p.t.Helper()
	clear(p.Visited)
	p.check()
	return p
}

// Tick ticks or clears the first box of the page whose label says the words.
func (p *Tab) Tick(words string) *Tab {
	p.t.Helper()
	if !call[bool](p, `(words) => {
		const label = [...document.querySelectorAll("label")].find((l) => l.innerText.includes(words));
		label?.querySelector("input")?.click();
		return label !== undefined;
	}`, words) {
		p.Fatalf("no box says %q", words)
	}
	return p
}
