package browsertest

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience bounds every step, so that a fault shows as a failed test and not as a
// hanging one.
const patience = time.Minute

// Tab is what one person has open. Its methods fail the test when something is
// not as it should be.
type Tab struct {
	// Visited are the addresses that were seen, with figures in place of ids, and
	// the status: each is checked for accessibility once.
	Visited map[string]bool

	t      testing.TB
	ctx    context.Context
	base   string
	status int64
	faults faults
}

// Open starts a tab with no cookies, for pages at base.
func Open(t testing.TB, base string) *Tab {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	tab := &Tab{Visited: map[string]bool{}, t: t, ctx: ctx, base: base}
	t.Cleanup(func() {
		if t.Failed() {
			tab.picture()
		}
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	if err := chromedp.Listen(ctx, tab.faults.hear); err != nil {
		t.Fatal(err)
	}
	return tab
}

// Go opens an address of the site, which may be a whole one.
func (p *Tab) Go(path string) *Tab {
	p.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = p.base + path
	}
	p.follow("opening "+path, chromedp.Navigate(path))
	return p
}

// Back goes to the page before, as the browser's Back button does.
func (p *Tab) Back() *Tab {
	p.t.Helper()
	p.follow("going back", chromedp.NavigateBack())
	return p
}

// follow runs a step that leads to another page, and checks that page.
func (p *Tab) follow(what string, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.Fatalf("%s: %v", what, err)
	}
	p.arrived(response)
	p.check()
}

func (p *Tab) arrived(response *network.Response) {
	p.status = 0
	if response != nil {
		p.status = response.Status
	}
}

// Path is the address of the page, without the site.
func (p *Tab) Path() string {
	p.t.Helper()
	at, err := value(p.ctx, chromedp.Location())
	if err != nil {
		p.Fatalf("where is the page: %v", err)
	}
	u, err := url.Parse(at)
	if err != nil {
		p.Fatalf("where is the page: %v", err)
	}
	return u.Path
}

// Status is the status of the answer that the page came with.
func (p *Tab) Status() int64 { return p.status }

// Text is what the page's main part shows, white space folded.
func (p *Tab) Text() string {
	p.t.Helper()
	return eval[string](p, `(document.querySelector("main") || document.body).innerText.replace(/\s+/g, " ")`)
}

// Has fails unless the page shows the texts.
func (p *Tab) Has(texts ...string) *Tab {
	p.t.Helper()
	shown := p.Text()
	for _, text := range texts {
		if !strings.Contains(strings.ToLower(shown), strings.ToLower(text)) {
			p.Fatalf("does not show %q", text)
		}
	}
	return p
}

// Lacks fails when the page shows one of the texts.
func (p *Tab) Lacks(texts ...string) *Tab {
	p.t.Helper()
	shown := p.Text()
	for _, text := range texts {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(text)) {
			p.Fatalf("shows %q", text)
		}
	}
	return p
}

// Fatalf fails the test with a word on where the browser was and what it showed.
func (p *Tab) Fatalf(format string, args ...any) {
	p.t.Helper()
	at, _ := value(p.ctx, chromedp.Location())
	shown, _ := value(p.ctx, chromedp.Evaluate[string](`(document.querySelector("main") || document.body).innerText`))
	p.t.Logf("at %s (status %d) the page shows: %s", at, p.status, strings.Join(strings.Fields(shown), " "))
	p.t.Fatalf(format, args...)
}

// eval gives the value of an expression in the page.
func eval[T any](p *Tab, expression string) T {
	p.t.Helper()
	v, err := value(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%.120s: %v", expression, err)
	}
	return v
}

// call evaluates a function of the page with arguments.
func call[T any](p *Tab, function string, args ...any) T {
	p.t.Helper()
	written := make([]string, len(args))
	for i, a := range args {
		text, err := json.Marshal(a)
		if err != nil {
			p.t.Fatal(err)
		}
		written[i] = string(text)
	}
	return eval[T](p, "("+function+")("+strings.Join(written, ",")+")")
}
