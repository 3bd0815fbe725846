package pgserver

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestANewFolderBecomesADurableClosedCluster(t *testing.T) {
	t.Parallel()
	if _, err := pattern(); err != nil { // makes base
		t.Fatal(err)
	}
	dir := filepath.Join(base, "new", "database")
	server := started(t, dir)
	url := server.URL("postgres", Superuser)
	for setting, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"listen_addresses": "", "server_encoding": "UTF8", "TimeZone": "UTC", "unix_socket_permissions": "0700",
	} {
		if got := query(t, url, "SHOW "+setting); got != want {
			t.Errorf("%s is %q and should be %q", setting, got, want)
		}
	}
	for _, name := range []string{dir, filepath.Join(dir, "run"), filepath.Join(dir, "data")} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has the mode %o, so others can enter it", name, info.Mode().Perm())
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner == 0 {
			t.Errorf("%s belongs to root", name)
		}
	}
	if got := query(t, url, "SHOW server_version_num"); !strings.HasPrefix(got, strconv.Itoa(server.Major())) {
		t.Errorf("version %s is taken for %d", got, server.Major())
	}
}

func TestStopKeepsTheDataAndFreesTheFolder(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	first := started(t, dir)
	write(t, first.URL("postgres", Superuser))
	open, err := pgx.Connect(t.Context(), first.URL("postgres", Superuser)) // does not keep the server from stopping
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close(t.Context())
	for range 2 {
		if err := first.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	<-first.Done()
	second := started(t, dir)
	if got := query(t, second.URL("postgres", Superuser), "SELECT n::text FROM fact"); got != "42" {
		t.Errorf("the fact is now %s", got)
	}
}

func TestTwoAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	started(t, dir)
	if _, err := Start(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second start gives %v", err)
	}
}

// The lock comes before everything else: two that start on a new folder must not both make a cluster.
func TestTheLockIsForOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := takeLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := takeLock(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("a second taker gets %v", err)
	}
	first.Close()
	if second, err := takeLock(dir); err != nil {
		t.Errorf("the lock is not let go of: %v", err)
	} else {
		second.Close()
	}
}

func TestAFolderServedByAnotherProcessIsRefused(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	startHost(t, dir)
	if _, err := Start(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a start beside it gives %v", err)
	}
}

// The machine's process is killed: its server must go too, and the next start must have every committed row.
func TestTheServerDiesWithItsParentAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	parent, url := startHost(t, dir)
	write(t, url)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	server := started(t, dir) // waits for the old server, which it would find running for ever if it had survived
	if got := query(t, server.URL("postgres", Superuser), "SELECT n::text FROM fact"); got != "42" {
		t.Errorf("the fact is now %s", got)
	}
}

func TestAKilledServerIsNoticedAndRecovers(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	server := started(t, dir)
	write(t, server.URL("postgres", Superuser))
	if err := server.process.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-server.Done()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err != nil {
		t.Fatalf("nothing stale was left, so this test proves nothing: %v", err)
	}
	again := started(t, dir)
	if got := query(t, again.URL("postgres", Superuser), "SELECT n::text FROM fact"); got != "42" {
		t.Errorf("the fact is now %s", got)
	}
}

// After the restart of a container, the number in postmaster.pid may be that of a process that is something else.
func TestAReusedProcessNumberDoesNotPreventTheStart(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	who, err := runAs()
	if err != nil {
		t.Fatal(err)
	}
	bystander := who.command(t.Context(), "/bin/cat") // of the same user, else PostgreSQL would pay it no heed
	wait, err := bystander.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wait.Close(); _ = bystander.Wait() })
	file := filepath.Join(dir, "data", "postmaster.pid")
	text := strconv.Itoa(bystander.Process.Pid) + "\n" + filepath.Join(dir, "data") +
		"\n1700000000\n5432\n/nowhere\n\n  1  1\nready\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	started(t, dir)
}

func TestALongPathGetsAShortSocketFolderThatGoesAgain(t *testing.T) {
	t.Parallel()
	source := copied(t)
	dir := filepath.Join(base, strings.Repeat("x", 120))
	if err := os.Rename(source, dir); err != nil {
		t.Fatal(err)
	}
	server := started(t, dir)
	if got := query(t, server.URL("postgres", Superuser), "SELECT 'here'"); got != "here" {
		t.Errorf("the server answers %q", got)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there (%v)", server.socket, err)
	}
}

// Personal data must not reach the log of PostgreSQL: not through a value in a message, a detail, or a statement.
func TestTheLogHoldsNothingThatWasTyped(t *testing.T) {
	t.Parallel()
	dir := copied(t)
	var reported bytes.Buffer
	log := slog.New(slog.NewTextHandler(&reported, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := Start(t.Context(), Options{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	connection, err := pgx.Connect(t.Context(), server.URL("postgres", Superuser))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"CREATE TABLE person (name text PRIMARY KEY)", "INSERT INTO person VALUES ('canary')",
		"INSERT INTO person VALUES ('canary')", "SELECT 'canary'::int", "SELECT canary",
		"DO $$ BEGIN RAISE WARNING 'canary'; END $$",
	} {
		_, _ = connection.Exec(t.Context(), statement)
	}
	_, _ = connection.Exec(t.Context(), "SELECT $1::text::int", "canary")
	connection.Close(t.Context())
	if err := server.Stop(); err != nil { // and with it the last write to the log
		t.Fatal(err)
	}
	if !strings.Contains(reported.String(), "ready to accept connections") {
		t.Fatal("nothing is reported, so this test proves nothing")
	}
	if strings.Contains(reported.String(), "canary") {
		t.Errorf("the log holds what was typed:\n%s", reported.String())
	}
}
