package browsertest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// faults are what a page complained of: errors of scripts, the console, and
// refusals of its own Content-Security-Policy.
type faults struct {
	sync.Mutex
	heard []string
}

// documentRefused is what the console says of an answer of 4xx: a form that was
// not accepted is no fault of the page.
var documentRefused = regexp.MustCompile(`the server responded with a status of 4\d\d`)

func (f *faults) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			said = string(e.Entry.Source) + ": " + e.Entry.Text + " " + e.Entry.URL
		}
		if documentRefused.MatchString(e.Entry.Text) && !strings.Contains(e.Entry.URL, "/static/") {
			return
		}
	case *runtime.EventExceptionThrown:
		said = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			said = "console: " + string(e.Type)
			for _, arg := range e.Args {
				said += " " + arg.Description
			}
		}
	}
	if said != "" {
		f.Lock()
		f.heard = append(f.heard, said)
		f.Unlock()
	}
}

func (f *faults) take() []string {
	f.Lock()
	defer f.Unlock()
	all := f.heard
	f.heard = nil
	return all
}

var figures = regexp.MustCompile(`/([0-9]+|[0-9a-f]{8}-[0-9a-f-]{27})\b`)

// check holds the page to what every page must be: no error, no refusal of the
// policy, no violation of the rules of accessibility.
func (p *Tab) check() {
	p.t.Helper()
	at := p.Path()
	for _, fault := range p.faults.take() {
		p.t.Errorf("%s: %s", at, fault)
	}
	kind := figures.ReplaceAllString(at, "/…") + " " + strconv.FormatInt(p.status, 10)
	if p.Visited[kind] {
		return
	}
	p.Visited[kind] = true
	for _, violation := range p.violations() {
		p.t.Errorf("%s: accessibility: %s", kind, violation)
	}
	for _, fault := range p.faults.take() {
		p.t.Errorf("%s: %s", at, fault)
	}
}

const rules = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html).join(" | ")))`

// violations asks axe-core about the page.
func (p *Tab) violations() []string {
	p.t.Helper()
	script, err := axe()
	if err != nil {
		p.t.Fatalf("the assets are not built, run make assets: %v", err)
	}
	if _, err := value(p.ctx, chromedp.Evaluate[chromedp.Void](script)); err != nil {
		p.Fatalf("axe-core cannot be loaded: %v", err)
	}
	return eval[[]string](p, rules)
}

// Fits fails when the page has to be scrolled sideways in a window that is so many
// pixels wide: 320 is a page of 1280 at 400% (WCAG 1.4.10).
func (p *Tab) Fits(width int64) *Tab {
	p.t.Helper()
	resize := func(width, height int64) {
		if _, err := value(p.ctx, chromedp.EmulateViewport(width, height)); err != nil {
			p.Fatalf("the window cannot be made %d wide: %v", width, err)
		}
	}
	resize(width, 700)
	if wide := eval[int64](p, `document.documentElement.scrollWidth`); wide > width {
		p.t.Errorf("%s is %d wide in a window of %d", p.Path(), wide, width)
	}
	resize(1280, 900)
	return p
}

// axe is the text of axe-core, found from wherever the test runs.
var axe = sync.OnceValues(func() (string, error) {
	const name = "web/assets/node_modules/axe-core/axe.min.js"
	var err error
	for up := "."; len(up) < 30; up = filepath.Join(up, "..") {
		var content []byte
		if content, err = os.ReadFile(filepath.Join(up, name)); err == nil {
			return string(content), nil
		}
	}
	return "", err
})

// picture keeps what the page looks like when a test has failed, in the folder
// named by IOM_PICTURES or the one for temporary files.
func (p *Tab) picture() {
	folder := os.Getenv("IOM_PICTURES")
	if folder == "" {
		folder = os.TempDir()
	}
	content, err := value(p.ctx, chromedp.FullScreenshot(90))
	if err != nil {
		return
	}
	name := filepath.Join(folder, strings.ReplaceAll(p.t.Name(), "/", "_")+".jpg")
	if os.WriteFile(name, content, 0o600) == nil {
		p.t.Logf("what the page looked like: %s", name)
	}
}
