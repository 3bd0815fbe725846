package tests

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"iom/internal/platform/authz"
	"iom/web"
)

var update = flag.Bool("update", false, "write the golden lists anew; look at the difference before committing it")

const routesFile = "testdata/routes.golden"

// Every address with who may ask and which legal operation it is stands in a
// golden file, so that a change of either is seen by whoever reads the commit
// (security.md 1).
func TestRoutesAreThoseOfTheGoldenList(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, r := range web.Routes() {
		b.WriteString(r.String() + "\n")
	}
	got := b.String()
	if *update {
		if err := os.WriteFile(routesFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(routesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range missing(got, string(want)) {
		t.Errorf("not in the golden list: %s", line)
	}
	for _, line := range missing(string(want), got) {
		t.Errorf("in the golden list only: %s", line)
	}
	if t.Failed() {
		t.Log("when the change is meant: go test ./internal/tests -run Routes -update, and a row in testdata/matrix.md")
	}
}

// missing are the lines of one text that the other has not.
func missing(of, in string) []string {
	known := strings.Split(in, "\n")
	return slices.DeleteFunc(strings.Split(of, "\n"), func(line string) bool { return slices.Contains(known, line) })
}

// What answers somebody who has not signed in, written by hand; with /healthz,
// /readyz and /static/ it is at most eight (security.md 2).
var publicPages = []string{
	"GET /sign-in", "POST /sign-in", "GET /set-password/{token}", "POST /set-password/{token}", "GET /calendar/{token}",
}

func TestPublicPagesAreFew(t *testing.T) {
	t.Parallel()
	if n := len(publicPages) + len([]string{"/healthz", "/readyz", "/static/"}); n > 8 {
		t.Errorf("%d public addresses", n)
	}
	var got []string
	for _, r := range web.Routes() {
		if r.Permission == "" {
			got = append(got, r.Method+" "+r.Pattern)
		}
	}
	same(t, "public pages", got, slices.Clone(publicPages)...)
}

// A permission that no role has would shut an address for good, and one that is
// misspelt would do so unnoticed.
func TestEveryRouteIsForSomebody(t *testing.T) {
	t.Parallel()
	for _, r := range web.Routes() {
		if r.Permission != "" && !slices.ContainsFunc(authz.Roles, func(role authz.Role) bool { return role.Has(r.Permission) }) {
			t.Errorf("%s %s: no role has the permission %q", r.Method, r.Pattern, r.Permission)
		}
		if r.Method == "GET" && (r.Operation == "collect" || r.Operation == "alter" || r.Operation == "erase" || r.Operation == "combine") {
			t.Errorf("GET %s declares the operation %q, which changes something", r.Pattern, r.Operation)
		}
	}
}
