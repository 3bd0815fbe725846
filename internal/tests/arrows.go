// Package tests holds checks on the project as a whole. It has no part in the service.
package tests

import (
	"path"
	"slices"
	"strings"
)

// caseworkOrder is the order of the rooms of casework, highest first. A room may use those below it, and of those beside
// it only what beside names.
var caseworkOrder = [][]string{
	{"meeting"},
	{"transfer"},
	{"escalation"},
	{"registration"},
	{"review"},
	{"referral"},
	{"breach"},
	{"recall", "condition"},
	{"need", "plan", "action", "contact", "custody", "sentence", "link", "intelligence", "drugtest"},
	{"nominal"},
	{"account"},
	{"area", "agency"},
	{"ref", "rag", "law"},
}

// beside are the arrows between rooms of one height: an action serves an objective of the plan, and both are about a need.
var beside = map[string][]string{
	"action": {"plan", "need"},
	"plan":   {"need"},
	// The dates of a sentence are those that the prison notified, and those of the law beside them.
	"sentence": {"custody"},
}

// platformArrows are the arrows between rooms of the platform, which knows nothing of offender management.
var platformArrows = map[string][]string{
	"clock":         {},
	"fault":         {},
	"authz":         {"clock"},
	"audit":         {"authz", "clock", "fault"},
	"db":            {"audit", "authz", "clock", "fault"},
	"session":       {"clock", "db", "fault"},
	"job":           {"audit", "authz", "clock", "db", "fault"},
	"mail":          {"audit", "authz", "clock", "db", "fault", "job"},
	"mail/smtptest": {},
	"pdf":           {},
	"pdf/pdftest":   {},
	"live":          {},
	"migrate":       {},
	"pgserver":      {},
	"testdb":        {"migrate", "pgserver"},
}

// servingPlatform is what casework, insight and pages may use of the platform: neither servers nor migrations.
var servingPlatform = []string{
	"internal/platform/clock", "internal/platform/fault", "internal/platform/authz", "internal/platform/audit",
	"internal/platform/db", "internal/platform/live", "internal/platform/mail", "internal/platform/job", "internal/platform/pdf",
}

// A room is a package, or a pattern for several, and what it may import of this project, as patterns too.
type room struct {
	name string
	may  []string
}

// rooms are all packages but those of casework and platform, whose arrows follow from the tables above. The first that
// fits counts. A star stands for one element of a path.
var rooms = []room{
	{"migrations", nil},
	{"internal/tests", nil},
	{"internal/insight/*", append([]string{"internal/casework/*"}, servingPlatform...)},
	{"internal/demo", append([]string{"internal/casework/*", "internal/insight/*", "internal/platform/migrate"}, servingPlatform...)},
	{"web/static", nil},
	{"web/form", []string{"internal/platform/clock", "internal/platform/fault"}},
	{"web/ui", []string{"web/form", "web/static", "internal/platform/clock", "internal/casework/ref", "internal/casework/rag"}},
	{"web/page", append([]string{"web/ui", "web/form", "web/static", "internal/platform/session",
		"internal/casework/ref", "internal/casework/account"}, servingPlatform...)},
	{"web/browsertest", nil},
	{"web/webtest", []string{"web", "web/*", "internal/casework/*", "internal/insight/*", "internal/platform/*"}},
	{"web/*page/frame", pageMay},
	{"web/*page", append([]string{"web/*page/frame"}, pageMay...)},
	{"web", append([]string{"web/*", "web/*page/frame", "internal/casework/*", "internal/insight/*", "internal/platform/session"},
		servingPlatform...)},
	{"internal/bench", []string{"web", "web/page", "internal/insight/livelist", "internal/casework/*", "internal/platform/*"}},
	{"cmd/iom", []string{"web", "web/*", "internal/demo", "internal/insight/*", "internal/casework/*", "internal/platform/*", "internal/platform/mail/smtptest",
		"migrations"}},
}

// pageMay is what the pages of a noun are made from. Pages of different nouns know each other by addresses alone.
var pageMay = append([]string{"web/ui", "web/form", "web/page", "internal/casework/*", "internal/insight/*",
	"internal/platform/session"}, servingPlatform...)

// testRooms serve tests alone: nothing that is delivered may import them.
var testRooms = []string{"internal/platform/testdb", "internal/platform/pdf/pdftest", "internal/casework/fixture", "web/webtest", "web/browsertest",
	"internal/tests"}

// mayImport says which packages a package may import, as patterns. It is not known when no table names it.
func mayImport(from string) (may []string, known bool) {
	if name, inside := strings.CutPrefix(from, "internal/platform/"); inside {
		below, known := platformArrows[name]
		for _, other := range below {
			may = append(may, "internal/platform/"+other)
		}
		if name == "migrate" || name == "testdb" {
			may = append(may, "migrations")
		}
		return may, known
	}
	if name, inside := strings.CutPrefix(from, "internal/casework/"); inside {
		return caseworkMay(name)
	}
	for _, candidate := range rooms {
		if matches(candidate.name, from) {
			return candidate.may, true
		}
	}
	return nil, false
}

func caseworkMay(name string) (may []string, known bool) {
	if name == "fixture" { // makes a small scheme for tests through all rooms
		return append([]string{"internal/casework/*", "internal/insight/livelist", "internal/platform/testdb",
			"internal/platform/migrate"}, servingPlatform...), true
	}
	level := slices.IndexFunc(caseworkOrder, func(names []string) bool { return slices.Contains(names, name) })
	if level < 0 {
		return nil, false
	}
	for _, lower := range append([][]string{beside[name]}, caseworkOrder[level+1:]...) {
		for _, other := range lower {
			may = append(may, "internal/casework/"+other)
		}
	}
	return append(may, servingPlatform...), true
}

// allowed says whether one package may import another.
func allowed(from, to string) bool {
	may, known := mayImport(from)
	if !known {
		return false
	}
	if slices.Contains(testRooms, to) && !slices.Contains(testRooms, from) {
		return false
	}
	return slices.ContainsFunc(may, func(pattern string) bool { return matches(pattern, to) })
}

// allowedInTests says the same of a package's tests, which may use what makes tests, and packages of any height below
// the web, but must not pull the platform up into casework or casework up into the web.
func allowedInTests(from, to string) bool {
	switch {
	case from == to, from == "internal/tests", slices.Contains(testRooms, from), allowed(from, to):
		return true
	case strings.HasPrefix(from, "internal/platform/"), strings.HasPrefix(from, "migrations"):
		return strings.HasPrefix(to, "internal/platform/") || to == "migrations"
	case strings.HasPrefix(from, "internal/"):
		return strings.HasPrefix(to, "internal/") || to == "migrations"
	}
	return !strings.HasPrefix(to, "cmd/")
}

func matches(pattern, name string) bool {
	fits, err := path.Match(pattern, name)
	return fits && err == nil
}
