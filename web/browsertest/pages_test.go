package browsertest_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/demo"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
	"iom/web/browsertest"
	"iom/web/webtest"
)

// Every page of a demonstration that links lead to answers whoever was shown the
// link, has no fault of accessibility, script or policy, and needs no scrolling
// sideways at 320 px: as each role, one page of each kind.
func TestEveryPageOfTheDemonstration(t *testing.T) {
	t.Parallel()
	today := clock.NewDate(2026, 11, 22)
	database := testdb.New(t)
	made, err := demo.Make(t.Context(), database.URL(migrate.App), demo.Options{People: 8, Months: 5, Today: today, Seed: 7, Summarise: livelist.Refresh})
	if err != nil {
		t.Fatal(err)
	}
	time := clock.NewManual(today.At(9, 0))
	opened, err := db.Open(t.Context(), db.Options{URL: database.URL(migrate.App), Clock: time, MaxConns: 4, Summarise: livelist.Refresh})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	site := webtest.Over(t, &fixture.Scheme{DB: opened, TestDB: database, Clock: time})

	roles, kinds := map[string]bool{}, map[string]bool{}
	for _, who := range made {
		if roles[who.Role] {
			continue
		}
		roles[who.Role] = true
		client := site.Stranger(t)
		client.Submit("/sign-in", "/sign-in", url.Values{"username": {who.Username}, "password": {who.Password}}).Must(http.StatusSeeOther)
		var tab *browsertest.Tab // for those of the role's pages that no other role has shown
		seen := map[string]bool{}
		for todo := []string{"/"}; len(todo) > 0; todo = todo[1:] {
			at, kind := todo[0], kindOf(todo[0])
			if !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "/static/") || seen[kind] {
				continue
			}
			seen[kind] = true
			a := client.Get(at)
			if a.Status == http.StatusSeeOther { // to the confidentiality statement, before a meeting's cases
				todo = append(todo, a.Location)
				continue
			}
			if a.Status != http.StatusOK {
				t.Errorf("%s: a link leads to %s, which answers %d", who.Role, at, a.Status)
				continue
			}
			todo = append(todo, a.Links()...)
			if kinds[kind] {
				continue
			}
			kinds[kind] = true
			if a.Header.Get("Content-Disposition") != "" { // a file to keep, no page
				continue
			}
			if tab == nil {
				tab = browsertest.Open(t, site.URL).Go("/sign-in").Fill("username", who.Username, "password", who.Password).Press("Sign in")
			}
			tab.Go(at).Fits(320)
		}
		t.Logf("%s: %d kinds of pages", who.Role, len(seen))
	}
	if len(roles) != 9 || len(kinds) < 70 {
		t.Errorf("%d roles met %d kinds of pages: links lead to fewer than there are", len(roles), len(kinds))
	}
}

var (
	numbers = regexp.MustCompile(`/([0-9]+|[0-9a-f]{8}-[0-9a-f-]{27})\b`)
	words   = regexp.MustCompile(`(/needs/|/checklist/N/|/facts/).*`)
)

// kindOf is an address with the ids taken out, and of its questions those that make
// another page of it.
func kindOf(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	kind := words.ReplaceAllString(numbers.ReplaceAllString(u.Path, "/N"), "${1}…")
	if strings.HasSuffix(u.Path, "/error") {
		kind += "/error"
	}
	for _, name := range []string{"tab", "print", "list", "show", "in"} {
		kind += "?" + u.Query().Get(name)
	}
	return kind
}
