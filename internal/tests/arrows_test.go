package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "iom/"

const root = "../.."

// imported lists what each package imports of this project: in its own files, or in its tests. The files are read here
// rather than by `go list`, so that the go command knows of them and does not answer from its cache when they change.
func imported(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	walk := func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") != tests {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), root+"/")
		found[from] = append(found[from], ours(file)...)
		return nil
	}
	for _, top := range []string{"cmd", "internal", "web", "migrations"} {
		if err := filepath.WalkDir(root+"/"+top, walk); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// ours are the imports of a file that belong to this project, less its name.
func ours(file *ast.File) []string {
	var found []string
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if to, inside := strings.CutPrefix(name, module); err == nil && inside {
			found = append(found, to)
		}
	}
	return found
}

// Every arrow between packages points down, as the tables in arrows.go have it.
func TestEveryArrowPointsDown(t *testing.T) {
	t.Parallel()
	arrows := imported(t, false)
	if len(arrows["internal/platform/testdb"]) == 0 {
		t.Fatal("no arrows are found, so this test proves nothing")
	}
	for from, tos := range arrows {
		if _, known := mayImport(from); !known {
			t.Errorf("%s has no place in the tables of internal/tests/arrows.go", from)
			continue
		}
		for _, to := range tos {
			if !allowed(from, to) {
				t.Errorf("%s must not import %s", from, to)
			}
		}
	}
}

func TestTestsKeepToTheirFloor(t *testing.T) {
	t.Parallel()
	for from, tos := range imported(t, true) {
		for _, to := range tos {
			if !allowedInTests(from, to) {
				t.Errorf("the tests of %s must not import %s", from, to)
			}
		}
	}
}

func TestTheTablesTellGoodFromBad(t *testing.T) {
	t.Parallel()
	for _, arrow := range []struct {
		from, to string
		good     bool
	}{
		{"internal/casework/meeting", "internal/casework/review", true},
		{"internal/casework/review", "internal/casework/meeting", false},
		{"internal/casework/need", "internal/casework/action", false}, // beside it
		{"internal/casework/account", "internal/casework/area", true},
		{"internal/casework/area", "internal/casework/agency", false},
		{"internal/casework/rag", "internal/platform/clock", true},
		{"internal/casework/nominal", "internal/insight/livelist", false},
		{"internal/casework/nominal", "internal/platform/pgserver", false},
		{"internal/casework/nominal", "web/ui", false},
		{"internal/casework/unheardof", "internal/platform/clock", false},
		{"internal/platform/db", "internal/casework/ref", false},
		{"internal/platform/clock", "internal/platform/db", false},
		{"internal/insight/livelist", "internal/casework/review", true},
		{"internal/insight/home", "internal/insight/livelist", false},
		{"web/ui", "internal/platform/db", false},
		{"web/ui", "internal/casework/rag", true},
		{"web/meetingpage", "web/ui", true},
		{"web/meetingpage", "web/nominalpage", false},
		{"web/actionpage", "web/nominalpage/frame", true},
		{"web/meetingpage", "web", false},
		{"web", "web/meetingpage", true},
		{"internal/demo", "web", false},
		{"cmd/iom", "internal/platform/pgserver", true},
		{"cmd/iom", "internal/platform/testdb", false},
		{"web", "internal/casework/fixture", false},
		{"internal/insight/livelist", "cmd/iom", false},
	} {
		if got := allowed(arrow.from, arrow.to); got != arrow.good {
			t.Errorf("%s importing %s: allowed is %v", arrow.from, arrow.to, got)
		}
	}
	for _, arrow := range []struct {
		from, to string
		good     bool
	}{
		{"internal/casework/nominal", "internal/casework/fixture", true},
		{"internal/casework/nominal", "web/webtest", false},
		{"internal/platform/db", "internal/platform/testdb", true},
		{"internal/platform/db", "internal/casework/fixture", false},
		{"web/meetingpage", "web/webtest", true},
		{"web/ui", "cmd/iom", false},
	} {
		if got := allowedInTests(arrow.from, arrow.to); got != arrow.good {
			t.Errorf("the tests of %s importing %s: allowed is %v", arrow.from, arrow.to, got)
		}
	}
}

// The top of the project holds what everybody expects there, and nothing else.
func TestNothingElseLiesAtTheTop(t *testing.T) {
	t.Parallel()
	expected := []string{"cmd", "internal", "web", "migrations", "docs", "Makefile", "go.mod", "go.sum", "README.md",
		"bin", "data"} // the last two are made here and never committed
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		byproduct := slices.Contains([]string{".test", ".prof"}, filepath.Ext(name))
		if !strings.HasPrefix(name, ".") && !byproduct && !slices.Contains(expected, name) {
			t.Errorf("%s does not belong at the top of the project", name)
		}
	}
}
