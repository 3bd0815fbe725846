package migrations

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func files(pairs ...string) fstest.MapFS {
	made := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		made[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return made
}

func TestHashTellsNamesAndBytesApart(t *testing.T) {
	t.Parallel()
	base := files("0001_a.up.sql", "one", "0002_b.up.sql", "two")
	if hash(base) != hash(files("0002_b.up.sql", "two", "0001_a.up.sql", "one")) {
		t.Error("the order in which files are given changes the hash")
	}
	others := map[string]fstest.MapFS{
		"another byte":       files("0001_a.up.sql", "onE", "0002_b.up.sql", "two"),
		"another name":       files("0001_c.up.sql", "one", "0002_b.up.sql", "two"),
		"a file less":        files("0001_a.up.sql", "one"),
		"bodies exchanged":   files("0001_a.up.sql", "two", "0002_b.up.sql", "one"),
		"a byte moved along": files("0001_a.up.sql", "onet", "0002_b.up.sql", "wo"),
	}
	for what, other := range others {
		if hash(other) == hash(base) {
			t.Errorf("%s does not change the hash", what)
		}
	}
}

func TestLatestIsTheHighestNumber(t *testing.T) {
	t.Parallel()
	if got := latest(files("0009_a.up.sql", "", "0010_b.up.sql", "", "0010_b.down.sql", "")); got != 10 {
		t.Errorf("the latest of 9 and 10 is %d", got)
	}
	if got := latest(files()); got != 0 {
		t.Errorf("the latest of nothing is %d", got)
	}
}

// Numbers run from 1 without a gap or a repeat, and every step up has its step down.
func TestFilesAreNumberedInPairs(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^(\d{4}_[a-z0-9_]+)\.(up|down)\.sql$`)
	up, down := map[string]bool{}, map[string]bool{}
	for _, name := range names(FS) {
		match := pattern.FindStringSubmatch(name)
		switch {
		case match == nil:
			t.Errorf("%s is not named like 0001_words.up.sql", name)
		case match[2] == "up":
			up[match[1]] = true
		default:
			down[match[1]] = true
		}
	}
	for name := range up {
		if !down[name] {
			t.Errorf("%s has no step down", name)
		}
	}
	if int(Latest()) != len(up) || len(up) != len(down) {
		t.Errorf("%d files up, %d down, and the latest number is %d", len(up), len(down), Latest())
	}
}

// A file runs as one transaction, which is what makes it safe to try a failed migration again.
func TestFilesHoldNoTransactionOfTheirOwn(t *testing.T) {
	t.Parallel()
	control := regexp.MustCompile(`(?im)^\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|END)\s*;|\bCONCURRENTLY\b|\bVACUUM\b`)
	for _, name := range names(FS) {
		body, err := FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := control.FindString(withoutBodies(string(body))); found != "" {
			t.Errorf("%s holds %q", name, strings.TrimSpace(found))
		}
	}
}

// withoutBodies leaves out comments and what stands between dollar quotes, where BEGIN and END mean something else.
func withoutBodies(sql string) string {
	sql = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(sql, "")
	return regexp.MustCompile(`(?s)\$\$.*?\$\$|\$body\$.*?\$body\$|\$function\$.*?\$function\$`).ReplaceAllString(sql, "")
}
