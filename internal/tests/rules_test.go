package tests

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/rules.md says where each rule of the guide is held. It is kept honest here:
// every rule stands in it once, what it names is there, and a test of a rule that is
// done says which rule it proves.

const rulesFile = root + "/docs/rules.md"

// allRules is how many rules the guide gives.
const allRules = 227

var ruleRow = regexp.MustCompile(`^\| R(\d+) \| (.+) \| (.*) \| (.*) \| (.*) \| (.+) \|$`)

func TestEveryRuleIsListedAndWhatItNamesExists(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	functions, tests := declared(t)
	sql := migrationsText(t)
	next := 1
	for line := range strings.Lines(string(content)) {
		cells := ruleRow.FindStringSubmatch(strings.TrimSpace(line))
		if cells == nil {
			continue
		}
		if cells[1] != fmt.Sprint(next) {
			t.Fatalf("R%s stands where R%d is expected", cells[1], next)
		}
		next++
		rule := "R" + cells[1]
		for _, name := range names(cells[3]) {
			if !functions[name] {
				t.Errorf("%s names the function %s, which does not exist", rule, name)
			}
		}
		for _, name := range names(cells[4]) {
			if !strings.Contains(sql, name) {
				t.Errorf("%s names the constraint %s, which no migration has", rule, name)
			}
		}
		for _, name := range names(cells[5]) {
			if _, ok := tests[name]; !ok {
				t.Errorf("%s names the test %s, which does not exist", rule, name)
			}
		}
		state, _, _ := strings.Cut(cells[6], ":")
		if !slices.Contains([]string{"done", "part", "later"}, state) {
			t.Errorf("%s has the state %q", rule, cells[6])
		}
		if state == "done" && len(names(cells[5])) == 0 {
			t.Errorf("%s is done without a test", rule)
		}
		if state == "done" && !slices.ContainsFunc(names(cells[5]), func(name string) bool { return mentions(tests[name], rule) }) {
			t.Errorf("%s is done, and none of its tests names it: %s", rule, cells[5])
		}
	}
	if next != allRules+1 {
		t.Errorf("%d rules are listed, not %d", next-1, allRules)
	}
}

// mentions says that a text names the rule, R7 and not R70.
func mentions(text, rule string) bool {
	return regexp.MustCompile(`\b` + rule + `\b`).MatchString(text)
}

// names are what stands between backquotes.
func names(cell string) []string {
	var all []string
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			all = append(all, part)
		}
	}
	return all
}

// declared are the functions of the project, as package.Name or package.Type.Name,
// and its tests with what stands in them and above them.
func declared(t *testing.T) (functions map[string]bool, tests map[string]string) {
	t.Helper()
	functions, tests = map[string]bool{}, map[string]string{}
	walk := func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, content, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			full := strings.TrimSuffix(file.Name.Name, "_test") + "." + receiver(f) + f.Name.Name
			if strings.HasSuffix(name, "_test.go") {
				from := f.Pos()
				if f.Doc != nil {
					from = f.Doc.Pos()
				}
				tests[full] = string(content[set.Position(from).Offset:set.Position(f.End()).Offset])
			} else {
				functions[full] = true
			}
		}
		return nil
	}
	for _, top := range []string{"internal", "web"} {
		if err := filepath.WalkDir(root+"/"+top, walk); err != nil {
			t.Fatal(err)
		}
	}
	return functions, tests
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

func migrationsText(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(root + "/migrations/*.up.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations are found: %v", err)
	}
	var b strings.Builder
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(content)
	}
	return b.String()
}
