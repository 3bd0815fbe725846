package web

import (
	"strings"
	"testing"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/web/page"
)

// A route that says too little about itself keeps the application from starting
// (security.md 1).
func TestABadRouteIsRefused(t *testing.T) {
	t.Parallel()
	good := Route{Method: "GET", Pattern: "/nominals/{id}", Permission: authz.ReadCases, Operation: audit.Consult, handler: page.NotFound}
	if err := check([]Route{good}); err != nil {
		t.Fatalf("a good route is refused: %v", err)
	}
	bad := func(change func(*Route)) []Route {
		r := good
		change(&r)
		return []Route{r}
	}
	for name, c := range map[string]struct {
		routes []Route
		says   string
	}{
		"without a permission":            {bad(func(r *Route) { r.Permission = "" }), "no permission"},
		"without a legal operation":       {bad(func(r *Route) { r.Operation = "" }), "no legal operation"},
		"without a handler":               {bad(func(r *Route) { r.handler = nil }), "no handler"},
		"twice":                           {[]Route{good, good}, "twice"},
		"public but not on the list":      {bad(func(r *Route) { r.Permission, r.Operation = "", audit.None }), "list of public pages"},
		"public by another method":        {bad(func(r *Route) { r.Method, r.Pattern, r.Permission, r.Operation = "PUT", "/sign-in", "", audit.None }), "list of public pages"},
		"a second route after a good one": {append([]Route{good}, bad(func(r *Route) { r.Pattern, r.Permission = "/x", "" })...), "no permission"},
	} {
		err := check(c.routes)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("a route %s: %v, want an error with %q", name, err, c.says)
		}
	}
}

func TestTheRoutesOfTheProductPass(t *testing.T) {
	t.Parallel()
	if err := check(Routes()); err != nil {
		t.Error(err)
	}
}
