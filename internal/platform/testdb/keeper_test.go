package testdb

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/migrations"
)

// ownHome is a home apart from the one that all other tests share. A server is stopped and gone before its test ends.
func ownHome(t *testing.T) home {
	t.Helper()
	shared, err := defaultHome()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(shared.dir), "iom-testdb-test-")
	if err != nil {
		t.Fatal(err)
	}
	made := home{dir: dir, idle: 200 * time.Millisecond}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		made.awaitKeeper(t)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return made
}

// awaitKeeper returns when the home's keeper has ended: the kernel gives us its lock then.
func (h home) awaitKeeper(t *testing.T) {
	t.Helper()
	lock, err := h.lock("keeper", syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	lock.Close()
}

func mustJoin(t *testing.T, place home) *member {
	t.Helper()
	joined, err := place.join(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(joined.leave) // should the test fail before it leaves
	return joined
}

func TestProgramsThatStartAtOnceShareOneServerWhichStopsAfterThem(t *testing.T) {
	t.Parallel()
	place := ownHome(t)
	members := make([]*member, 3)
	var together sync.WaitGroup
	for i := range members {
		together.Go(func() { members[i], _ = place.join(t.Context()) })
	}
	together.Wait()
	for _, joined := range members {
		if joined != nil {
			t.Cleanup(joined.leave)
		}
		if joined == nil || joined.url != members[0].url {
			t.Fatal("a program could not join, or joined another server")
		}
	}
	members[1].leave()
	members[2].leave()
	var one int
	if err := members[0].pool.QueryRow(t.Context(), "SELECT 1").Scan(&one); err != nil {
		t.Errorf("the server does not serve the last of its users: %v", err)
	}
	members[0].leave()
	place.awaitKeeper(t)
	if left, _ := filepath.Glob(place.path("run-*")); len(left) > 0 {
		t.Errorf("the keeper left %v", left)
	}
	if _, err := os.Stat(place.path("url")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the keeper left the server's address (%v)", err)
	}
}

func TestAKilledKeeperIsReplaced(t *testing.T) {
	t.Parallel()
	place := ownHome(t)
	before := mustJoin(t, place)
	text, err := os.ReadFile(place.path("keeper"))
	if err != nil {
		t.Fatal(err)
	}
	process, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(process, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	place.awaitKeeper(t)
	after := mustJoin(t, place)
	if after.url == before.url {
		t.Error("the server of the killed keeper is taken for alive")
	}
	before.leave()
	after.leave()
}

func TestTemplatesAndDatabasesThatNobodyNeedsAreRemoved(t *testing.T) {
	t.Parallel()
	joined := mustJoin(t, ownHome(t))
	ended := exec.Command("/bin/true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	const unused, used = "00000000000000aa", "00000000000000bb"
	orphan, ours := databaseName(ended.Process.Pid, 1), databaseName(os.Getpid(), 1)
	for _, name := range []string{templateName(unused), templateName(used), orphan, ours} {
		if _, err := joined.pool.Exec(t.Context(), "CREATE DATABASE "+name+" STRATEGY file_copy"); err != nil {
			t.Fatal(err)
		}
	}
	other, err := pgx.Connect(t.Context(), joined.url) // another program, with other migrations
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(t.Context())
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock_shared($1)", lockKey(used)); err != nil {
		t.Fatal(err)
	}
	if err := joined.prepareTemplates(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := joined.pool.Query(t.Context(), "SELECT datname::text FROM pg_database WHERE datname LIKE 'iom%' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{emptyTemplate, templateName(used), templateName(migrations.Hash()), ours}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("there are\n%v, and there should be\n%v", got, want)
	}
}
