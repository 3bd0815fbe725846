package pgserver

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refused expects Start to fail with words that tell the reader what is the matter and what to do.
func refused(t *testing.T, dir string, words ...string) {
	t.Helper()
	server, err := Start(t.Context(), Options{Dir: dir})
	if err == nil {
		_ = server.Stop()
		t.Fatalf("%s is accepted", dir)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is longer than a line: %v", err)
	}
}

func TestDataOfAnotherVersionIsRefused(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "made by PostgreSQL 9", "postgresql-9", "restore a backup")
}

func TestAFolderWithOtherThingsIsRefused(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "letter.txt", "choose an empty folder")
	refused(t, filepath.Dir(dir), "choose an empty folder")
	if after, err := os.Stat(filepath.Dir(dir)); err != nil || after.Mode() != before.Mode() {
		t.Errorf("the refused folder was changed (%v)", err)
	}
}

func TestAFileInPlaceOfTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(copied(t), "lock")
	refused(t, file, "cannot be made", file)
	refused(t, "", "none was named")
}

func TestDataThatIsNoClusterIsRefused(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	if err := os.Remove(filepath.Join(dir, "data", "PG_VERSION")); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "holds no PostgreSQL cluster")
}

// A start that was interrupted while it made the cluster is made good by the next one.
func TestAnInterruptedStartIsMadeGood(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	if err := os.Rename(filepath.Join(dir, "data"), filepath.Join(dir, "data.new")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "data.new", "PG_VERSION")); err != nil {
		t.Fatal(err)
	}
	server := started(t, dir)
	if got := query(t, server.URL("postgres", Superuser), "SELECT 'here'"); got != "here" {
		t.Errorf("the server answers %q", got)
	}
}

func TestDamagedDataIsReportedInPostgresWords(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	if err := os.Remove(filepath.Join(dir, "data", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "PostgreSQL did not start", "pg_control")
}

func TestACancelledStartLeavesNoServer(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled start gives %v", err)
	}
	started(t, dir)
}

// Only root can meet this: its server runs as somebody else, who has to get to the folder.
func TestAnAccountThatCannotEnterIsToldWhichFolderIsClosed(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(copied(t), "closed")
	dir := filepath.Join(closed, "below")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.Chmod(closed, 0o700)); err != nil {
		t.Fatal(err)
	}
	who, err := runAs()
	if err != nil {
		t.Fatal(err)
	}
	if who.change == nil { // then the server is this user, and nothing stands in its way
		if err := who.reach(dir); err != nil {
			t.Error(err)
		}
		return
	}
	if err := errors.Join(os.Chmod(filepath.Dir(closed), 0o711), os.Chmod(base, 0o711)); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "cannot enter "+closed+":", "chmod o+x "+closed)
}

func TestAFolderThatCannotBeWrittenIsReported(t *testing.T) {
	t.Parallel()
	// /proc can be written by nobody, not even by root, whom modes do not stop.
	refused(t, "/proc/iom", "cannot be made", "/proc/iom")
}

func TestWithoutPostgreSQLTheErrorSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	for _, installed := range [][]installation{nil, {{bin: "/usr/lib/postgresql/14/bin", major: 14}}} {
		_, err := chooseFrom(installed, filepath.Join(t.TempDir(), "data"))
		if !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "apt-get install postgresql") {
			t.Errorf("with %v installed the error is %v", installed, err)
		}
	}
}

func TestTheNewestIsChosenUnlessTheDataIsOlder(t *testing.T) {
	t.Parallel()
	installed := []installation{{"/a", 15}, {"/b", 17}, {"/c", 16}, {"/d", 14}}
	data := filepath.Join(t.TempDir(), "data")
	if got, err := chooseFrom(installed, data); err != nil || got.major != 17 {
		t.Errorf("for new data %v is chosen (%v)", got, err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("16\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := chooseFrom(installed, data); err != nil || got.bin != "/c" {
		t.Errorf("for data of version 16 %v is chosen (%v)", got, err)
	}
}

// Programs outside Debian's folders are asked for their version.
func TestTheVersionIsAskedOfTheProgram(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "postgres")
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) 16.4 (made by hand)'\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := version(program); got != 16 {
		t.Errorf("16.4 is taken for %d", got)
	}
	if got := version("/bin/true"); got != 0 {
		t.Errorf("a program that says nothing is taken for version %d", got)
	}
}
