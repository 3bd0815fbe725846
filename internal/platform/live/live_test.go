package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/live"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// patience bounds every wait, so that a fault is a failed test and not a hanging one.
const patience = 20 * time.Second

type bench struct {
	t    *testing.T
	url  string
	conn *pgx.Conn
}

func open(t *testing.T) *bench {
	t.Helper()
	database := testdb.New(t)
	conn, err := pgx.Connect(t.Context(), database.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &bench{t: t, url: database.URL(migrate.App), conn: conn}
}

// process is what one process of the application has.
func (b *bench) process() *live.Hub {
	b.t.Helper()
	h, err := live.Listen(b.t.Context(), b.url, slog.New(slog.DiscardHandler))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(h.Close)
	return h
}

func (b *bench) change(topic, item int64, kind string) {
	b.t.Helper()
	if err := live.Notify(b.t.Context(), b.conn, topic, item, kind); err != nil {
		b.t.Fatal(err)
	}
}

func follow(t *testing.T, h *live.Hub, topic int64) *live.Follower {
	t.Helper()
	f, _, ok := h.Follow(topic, 0)
	if !ok {
		t.Fatal("nothing can be followed")
	}
	return f
}

func next(t *testing.T, f *live.Follower) (live.Push, bool) {
	t.Helper()
	select {
	case p, ok := <-f.Pushes():
		return p, ok
	case <-time.After(patience):
		t.Fatal("nothing came")
		return live.Push{}, false
	}
}

// A change reaches those who follow its topic in every process, at the commit and
// not before; a transaction that is rolled back says nothing.
func TestAChangeReachesEveryProcess(t *testing.T) {
	t.Parallel()
	b := open(t)
	here, there := follow(t, b.process(), 7), follow(t, b.process(), 7)
	tx, err := b.conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := live.Notify(t.Context(), tx, 7, 1, "undone"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.change(8, 2, "elsewhere")
	b.change(7, 3, "note")
	for where, f := range map[string]*live.Follower{"here": here, "there": there} {
		if p, ok := next(t, f); !ok || p.Item != 3 || p.Kind != "note" || p.Seq == 0 {
			t.Errorf("%s: %+v, %v", where, p.Change, ok)
		}
	}
}

// Who comes back with the last change that was heard of has nothing to catch up
// with; with an earlier one, or to a process that has heard of none, has.
func TestWhoComesBackKnowsWhetherToCatchUp(t *testing.T) {
	t.Parallel()
	b := open(t)
	h := b.process()
	f := follow(t, h, 7)
	b.change(7, 1, "note")
	first, _ := next(t, f)
	if _, current, _ := h.Follow(7, first.Seq); !current {
		t.Error("nothing has changed since, and yet there is something to catch up with")
	}
	b.change(7, 1, "note")
	next(t, f)
	if _, current, _ := h.Follow(7, first.Seq); current {
		t.Error("a change was missed unnoticed")
	}
	if _, current, _ := b.process().Follow(7, first.Seq); current {
		t.Error("a process that has heard of nothing says that there was nothing")
	}
}

// A connection that is lost is made again, and everybody is told to catch up.
func TestALostConnectionIsMadeAgain(t *testing.T) {
	t.Parallel()
	b := open(t)
	f := follow(t, b.process(), 7)
	if _, err := b.conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE application_name = 'iom live' AND datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	if p, ok := next(t, f); !ok || p.Kind != live.CatchUp {
		t.Fatalf("%+v, %v: want to be told to catch up", p.Change, ok)
	}
	b.change(7, 1, "note")
	if p, ok := next(t, f); !ok || p.Kind != "note" {
		t.Errorf("%+v, %v after the connection was made again", p.Change, ok)
	}
}

// A follower that does not read is let go, and holds up nobody.
func TestASlowFollowerIsLetGo(t *testing.T) {
	t.Parallel()
	b := open(t)
	h := b.process()
	slow, quick := follow(t, h, 7), follow(t, h, 7)
	const changes = 40
	for i := range int64(changes) {
		b.change(7, i, "note")
		if p, ok := next(t, quick); !ok || p.Item != i {
			t.Fatalf("change %d: %+v, %v", i, p.Change, ok)
		}
	}
	read := 0
	for range slow.Pushes() {
		read++
	}
	if read == 0 || read >= changes || h.Followers(7) != 1 {
		t.Errorf("the slow one was kept for %d of %d changes, %d still follow", read, changes, h.Followers(7))
	}
}

// A process that stops lets its followers go at once and takes no more.
func TestDrain(t *testing.T) {
	t.Parallel()
	b := open(t)
	h := b.process()
	f := follow(t, h, 7)
	h.Drain()
	if _, ok := next(t, f); ok {
		t.Error("a follower was not let go")
	}
	if _, _, ok := h.Follow(7, 0); ok {
		t.Error("a process that stops takes a follower")
	}
	f.Leave() // once more is no fault
}

// Many followers of one account ask once for each push, and again at the next.
func TestOnceForEachPush(t *testing.T) {
	t.Parallel()
	b := open(t)
	h := b.process()
	all := make([]*live.Follower, 50)
	for i := range all {
		all[i] = follow(t, h, 7)
	}
	for round := 1; round <= 2; round++ {
		b.change(7, 1, "note")
		var mu sync.Mutex
		asked := map[int64]int{}
		var group sync.WaitGroup
		for i, f := range all {
			p, _ := next(t, f)
			account := int64(i % 2)
			group.Go(func() {
				_ = p.Once(account, func() error {
					mu.Lock()
					defer mu.Unlock()
					asked[account]++
					return nil
				})
			})
		}
		group.Wait()
		if got := fmt.Sprint(asked); got != "map[0:1 1:1]" {
			t.Errorf("round %d: asked %s", round, got)
		}
	}
}
