package tests

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// crawled is what somebody can reach from the home page by following links.
type crawled struct {
	pages map[string]*webtest.Answer
	order []string
}

// most is how many pages one crawl takes at most: more would be a page that links
// to ever new addresses of itself.
const most = 1500

// alike is how many pages are taken that differ by their ids alone: more than there
// are people, or meetings at which something was done, fewer than the meetings that a
// series plans ahead.
const alike = 15

var numbered = regexp.MustCompile(`/[0-9]+`)

// crawl follows every link from the starts on. Of pages that differ by the question
// alone, a few are taken.
func crawl(t *testing.T, c *webtest.Client, starts ...string) crawled {
	t.Helper()
	found := crawled{pages: map[string]*webtest.Answer{}}
	asked, kinds := map[string]int{}, map[string]int{}
	todo := slices.Clone(starts)
	for len(todo) > 0 {
		at, _, _ := strings.Cut(todo[0], "#")
		todo = todo[1:]
		path, _, questions := strings.Cut(at, "?")
		if at == "" || found.pages[at] != nil || !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "/static/") {
			continue
		}
		if asked[path]++; questions && asked[path] > 8 {
			continue
		}
		kind := numbered.ReplaceAllString(path, "/N")
		if kinds[kind]++; kinds[kind] > alike {
			continue
		}
		if len(found.pages) == most {
			t.Errorf("more than %d pages, most of them of %s", most, commonest(kinds))
			return found
		}
		a := c.Get(at)
		found.pages[at] = a
		found.order = append(found.order, at)
		todo = append(todo, a.Links()...)
		if a.Location != "" {
			todo = append(todo, a.Location)
		}
	}
	return found
}

// commonest are the three kinds of address that were asked for most often.
func commonest(kinds map[string]int) string {
	all := slices.Collect(maps.Keys(kinds))
	slices.SortFunc(all, func(a, b string) int { return kinds[b] - kinds[a] })
	var most []string
	for _, kind := range all[:min(len(all), 3)] {
		most = append(most, fmt.Sprintf("%s (%d)", kind, kinds[kind]))
	}
	return strings.Join(most, ", ")
}

// reader is somebody whose pages are crawled, and the canaries that they must never meet.
type reader struct {
	role     authz.Role
	relation string
	never    []string
}

// readers stands for docs/permissions.md: people of another area are met by nobody
// of this one, an excluded or restricted person not at all, and each category of
// information by those alone who read it.
var readers = []reader{
	{authz.Coordinator, own, []string{"elsewhere"}},
	{authz.Chair, own, []string{"elsewhere", "drugtest", "equality"}},
	{authz.Police, own, []string{"elsewhere", "drugtest", "equality"}},
	{authz.Probation, own, []string{"elsewhere", "equality"}},
	{authz.Partner, own, []string{"elsewhere", "drugtest", "equality", "intelligence"}},
	{authz.Guest, own, []string{"elsewhere", "drugtest", "equality", "intelligence", "restricted", "drafted"}},
	{authz.Analyst, own, []string{"plain", "restricted", "drafted", "elsewhere"}},
	{authz.Auditor, own, []string{"plain", "restricted", "drafted", "elsewhere"}},
	{authz.Administrator, own, []string{"plain", "restricted", "drafted", "elsewhere"}},
	{authz.Coordinator, excluded, []string{"elsewhere", "plainzqfamily", "plainzqgiven", "plainzqcontact", "plainzqneed", "drafted", "restricted"}},
	{authz.Police, unnamed, []string{"elsewhere", "restricted"}},
	{authz.Coordinator, other, []string{"plain", "restricted", "drafted"}},
	{authz.Guest, other, []string{"plain", "restricted", "drafted", "elsewhere"}},
	{authz.Coordinator, past, []string{"plainzqneed", "plainzqintelligence", "plainzqaction", "plainzqwarning", "restricted", "drafted", "elsewhere"}},
}

// Nobody meets what is hidden from them on any page that links lead to, search and
// print included; no page holds what was typed as anything but text; none but the
// person's own mark stands in an address or in the log; every page has its headers;
// and reading changes nothing (security.md 12, 27, 28, 30, 31, 38).
func TestWhatIsHiddenIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.state(t)
	t.Run("readers", func(t *testing.T) {
		for _, r := range readers {
			t.Run(fmt.Sprintf("%s, %s", r.role, r.relation), func(t *testing.T) {
				t.Parallel()
				w.crawledBy(t, r)
			})
		}
	})
	w.unchanged(t, before, "reading")
	if i := strings.Index(w.Log(), "Zq"); i >= 0 {
		t.Errorf("the log holds what was typed: …%.200s", w.Log()[max(0, i-100):])
	}
}

func (w *world) crawledBy(t *testing.T, r reader) {
	c := w.As(t, w.actor(r.role, r.relation))
	starts := []string{"/"}
	if r.role.Has(authz.ReadOwnCases) {
		starts = append(starts, search(t, c))
	}
	all := crawl(t, c, starts...)
	if len(all.pages) < 3 {
		t.Errorf("only %d pages: the crawl looks in the wrong place", len(all.pages))
	}
	met := map[string]bool{}
	for _, at := range all.order {
		a := all.pages[at]
		if a.Status != http.StatusOK && a.Status != http.StatusSeeOther {
			t.Errorf("a link leads to %s, which answers %d", at, a.Status)
		}
		if strings.Contains(at, "Zq") || strings.Contains(strings.ToLower(at), "zq") {
			t.Errorf("the address %s holds what was typed", at)
		}
		headers(t, at, a)
		asText(t, at, a)
		for _, mark := range r.never {
			if strings.Contains(a.Body, "Zq"+mark) || strings.Contains(a.Body, "zq"+mark+"qz") {
				t.Errorf("%s shows %s", at, mark)
			}
		}
		for _, mark := range []string{"plain", "restricted"} {
			met[mark] = met[mark] || strings.Contains(a.Body, "Zq"+mark+"zqfamilyqz")
		}
	}
	if r.relation == own && r.role.Has(authz.ReadCases) && (!met["plain"] || !met["restricted"]) {
		t.Errorf("somebody who may read them did not meet both people on %d pages", len(all.pages))
	}
	t.Logf("%d pages", len(all.pages))
}

// search looks for everybody who was born on the day and gives the address of the answer.
func search(t *testing.T, c *webtest.Client) string {
	t.Helper()
	a := c.Submit("/search", "/search", url.Values{"born": {born.Typed()}})
	return a.Must(http.StatusSeeOther).Location
}

// asText fails when something that was typed stands in the page as more than text.
func asText(t *testing.T, at string, a *webtest.Answer) {
	t.Helper()
	if strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") && strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") {
		return // a file that no browser shows as a page
	}
	for _, live := range []string{"<script>alert(1)", "canary 49"} {
		if strings.Contains(a.Body, live) {
			t.Errorf("%s: what was typed is not only text", at)
		}
	}
	for _, n := range a.All("script") {
		if webtest.Attr(n, "nonce") == "" {
			t.Errorf("%s has a script without a nonce", at)
		}
	}
}

// headers are on every answer, errors included.
func headers(t *testing.T, at string, a *webtest.Answer) {
	t.Helper()
	policy := a.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'nonce-", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: the Content-Security-Policy lacks %s: %s", at, part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("%s: the Content-Security-Policy allows what is unsafe: %s", at, policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", at, name, got, want)
		}
	}
	if !regexp.MustCompile(`max-age=\d{8}`).MatchString(a.Header.Get("Strict-Transport-Security")) {
		t.Errorf("%s: no Strict-Transport-Security", at)
	}
	if !strings.HasPrefix(at, "/static/") && a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s may be kept: Cache-Control is %q", at, a.Header.Get("Cache-Control"))
	}
}

// state is what each table holds, but for those of reading itself: the log, sessions,
// what was looked for, the keys of forms, and which case of a meeting is open on the
// screen with what is being typed there. A row that is written again as it was
// changes it too.
func (w *world) state(t *testing.T) map[string]string {
	t.Helper()
	var each []string
	for _, table := range lines(t, w.super, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
		AND relname NOT IN ('log_event', 'session', 'unsent_form', 'stored_search', 'form_use', 'meeting_case_opened', 'sheet_draft')`) {
		written := `max(x.xmin::text::bigint)` // each row that is written has the number of its transaction
		if table == "live_list" {
			written = `sum(hashtextextended(x::text, 0))` // a summary, which may be made again
		}
		each = append(each, `SELECT '`+table+`: ' || count(*) || ' rows, ' || coalesce(`+written+`, 0) FROM `+table+` x`)
	}
	all := map[string]string{}
	for _, line := range lines(t, w.super, strings.Join(each, " UNION ALL ")) {
		table, held, _ := strings.Cut(line, ": ")
		all[table] = held
	}
	return all
}

// unchanged fails when a table holds something else than before.
func (w *world) unchanged(t *testing.T, before map[string]string, what string) {
	t.Helper()
	for table, held := range w.state(t) {
		if held != before[table] {
			t.Errorf("%s changed %s: %s, then %s", what, table, before[table], held)
		}
	}
}
