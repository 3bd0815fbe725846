package ui_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"iom/web/static"
)

// policy is the strictest that pages are served with; one line more in a page
// than it allows shows as a violation.
const policy = "default-src 'none'; script-src 'nonce-n0nce'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// serveGallery gives the address of the gallery under that policy.
func serveGallery(t *testing.T) string {
	t.Helper()
	if !strings.Contains(static.Path("app.css"), "app.") || static.Path("app.css") == static.Prefix+"app.css" {
		t.Fatal("the assets are not built: run make assets")
	}
	pages := gallery()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("/{name}", func(w http.ResponseWriter, r *http.Request) {
		p, ok := pages[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := p.Render(r.Context(), w); err != nil {
			t.Error(err)
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// browser starts one Chromium for a test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has gone
		cancel()
	})
	if err := chromedp.Do(ctx, watch); err != nil { // the first call starts it, and must have no time limit
		t.Fatal(err)
	}
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval gives the value of an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// watch collects the refusals of the policy and the errors of scripts.
func watch(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `window.faults = [];
		addEventListener("securitypolicyviolation", (e) => faults.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
		addEventListener("error", (e) => faults.push(e.message));`})
	return chromedp.Void{}, err
}

const axeRules = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html).join(" | ")))`

// TestGalleryInBrowser: no page breaks the policy, fails the accessibility
// rules, or needs sideways scrolling at 320 pixels.
func TestGalleryInBrowser(t *testing.T) {
	t.Parallel()
	address := serveGallery(t)
	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("the assets are not built: run make assets")
	}
	ctx := browser(t)
	for name := range gallery() {
		do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address+"/"+name), chromedp.Evaluate[chromedp.Void](string(axe)))
		if !eval[bool](t, ctx, `document.body.classList.contains("govuk-frontend-supported")`) {
			t.Errorf("%s: the script did not run", name)
		}
		for _, fault := range eval[[]string](t, ctx, axeRules) {
			t.Errorf("%s: accessibility: %s", name, fault)
		}
		shot(t, ctx, name, "1280")
		do(t, ctx, chromedp.EmulateViewport(320, 640))
		if width := eval[int](t, ctx, "document.documentElement.scrollWidth"); width > 320 {
			t.Errorf("%s is %d pixels wide at 320", name, width)
		}
		shot(t, ctx, name, "320")
		for _, fault := range eval[[]string](t, ctx, "window.faults") {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// shot keeps a picture, and a print at the desktop's width, when somebody
// wants to look at them (IOM_GALLERY).
func shot(t *testing.T, ctx context.Context, name, width string) {
	t.Helper()
	folder := os.Getenv("IOM_GALLERY")
	if folder == "" {
		return
	}
	keep := func(file string, take chromedp.Action[[]byte]) {
		content, err := chromedp.Run(ctx, take)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, file), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	keep(name+"-"+width+".png", chromedp.FullScreenshot(100))
	if width == "1280" {
		keep(name+".pdf", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	}
}
