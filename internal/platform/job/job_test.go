package job_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// shop is a database with two areas under a force, the application's connections to
// it, and a clock that is set by hand.
type shop struct {
	database    *testdb.DB
	raw         *pgx.Conn
	app         *db.DB
	clock       *clock.Manual
	force       int64
	east, north int64
}

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{database: testdb.New(t), clock: clock.NewManual(time.Date(2026, 6, 1, 9, 0, 0, 0, clock.London))}
	var err error
	if s.raw, err = pgx.Connect(t.Context(), s.database.URL("postgres")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.raw.Close(context.Background()) })
	s.force = s.one(t, `INSERT INTO area (kind, name, recorded_at, recorded_by) VALUES ('force', 'Sussex', now(), 1) RETURNING id`)
	s.east = s.one(t, `INSERT INTO area (parent_id, kind, name, recorded_at, recorded_by) VALUES ($1, 'area', 'East', now(), 1) RETURNING id`, s.force)
	s.north = s.one(t, `INSERT INTO area (parent_id, kind, name, recorded_at, recorded_by) VALUES ($1, 'area', 'North', now(), 1) RETURNING id`, s.force)
	s.app = s.connect(t, migrate.App)
	return s
}

func (s *shop) connect(t *testing.T, role string) *db.DB {
	t.Helper()
	return s.connectBy(t, role, s.clock)
}

func (s *shop) connectBy(t *testing.T, role string, c clock.Clock) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: s.database.URL(role), Clock: c, MaxConns: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func (s *shop) one(t *testing.T, sql string, args ...any) (n int64) {
	t.Helper()
	if err := s.raw.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// work starts a process that does the plan.
func (s *shop) work(t *testing.T, plan *job.Plan, log *slog.Logger) *job.Runner {
	t.Helper()
	r, err := job.Start(t.Context(), job.Options{URL: s.database.URL(migrate.Jobs), DB: s.connect(t, migrate.Jobs), Plan: plan, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return r
}

// ask writes a setting and asks for a job in one transaction; fail rolls both back.
func (s *shop) ask(t *testing.T, at time.Time, j job.Job, fail error) {
	t.Helper()
	_, err := db.Write(t.Context(), s.app, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test.ask"})
		if err := job.EnqueueAt(ctx, tx, at, j); err != nil {
			return false, err
		}
		return true, fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
}

func settle(t *testing.T, r *job.Runner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := r.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

const greet job.Kind = "test.greet"

func TestAJobIsThereIfAndOnlyIfItsWriteCommitted(t *testing.T) {
	t.Parallel()
	s := open(t)
	var done []job.Job
	plan := &job.Plan{}
	plan.Do(greet, func(_ context.Context, task job.Task) error {
		done = append(done, task.Job)
		return nil
	})
	r := s.work(t, plan, nil)
	want := job.Job{Kind: greet, Area: s.east, ID: 17}
	s.ask(t, s.clock.Now(), job.Job{Kind: greet, Area: s.east, ID: 99}, errors.New("no"))
	s.ask(t, s.clock.Now(), want, nil)
	settle(t, r)
	if len(done) != 1 || done[0] != want {
		t.Errorf("done: %+v, want %+v alone", done, want)
	}
}

func TestAJobActsAsItsAreaUnderThePoliciesAndInTheLog(t *testing.T) {
	t.Parallel()
	s := open(t)
	plan := &job.Plan{}
	var areas []int64
	var whole bool
	plan.Do(greet, func(ctx context.Context, task job.Task) error {
		areas, whole = task.Actor.Grants[0].Areas, task.Actor.Grants[0].Whole
		_, err := db.Write(ctx, task.DB, task.Submission(), func(_ context.Context, tx *db.Tx) (string, error) {
			tx.Record(audit.Event{Operation: audit.Alter, Command: "test.greet", Area: task.Area})
			var role string
			return role, tx.QueryRow(ctx, `SELECT current_user`).Scan(&role)
		})
		return err
	})
	r := s.work(t, plan, nil)
	s.ask(t, s.clock.Now(), job.Job{Kind: greet, Area: s.north}, nil)
	settle(t, r)
	if len(areas) != 1 || areas[0] != s.north || whole {
		t.Errorf("the job for North acts in %v (everywhere: %v)", areas, whole)
	}
	if n := s.one(t, `SELECT count(*) FROM log_event e JOIN account a ON a.id = e.account_id
		WHERE e.command = 'test.greet' AND a.kind = 'system' AND a.name = 'Background work, North'`); n != 1 {
		t.Errorf("%d lines in the log under the area's own name, want 1", n)
	}
	// The force's own account covers what is below it.
	s.ask(t, s.clock.Now(), job.Job{Kind: greet, Area: s.force}, nil)
	settle(t, r)
	if len(areas) != 3 || !whole {
		t.Errorf("the job for the force acts in %v (everywhere: %v), want all three", areas, whole)
	}
}

func TestTheQueueTakesIdsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, args := range []string{`{"area": 1, "id": 2, "name": "x"}`, `{"area": "Yew", "id": 2}`, `{"area": 1}`, `{"id": 1}`, `[]`, `"x"`} {
		if _, err := s.raw.Exec(t.Context(), `INSERT INTO river_job (kind, max_attempts, args) VALUES ('test.greet', 1, $1::text::jsonb)`, args); err == nil {
			t.Errorf("the queue took %s", args)
		}
	}
	if _, err := s.raw.Exec(t.Context(), `INSERT INTO river_job (kind, max_attempts, args) VALUES ('test.greet', 1, '{"area": 1, "id": 2}')`); err != nil {
		t.Error(err)
	}
}

func TestAJobIsDueByTheApplicationsClock(t *testing.T) {
	t.Parallel()
	s := open(t)
	done := 0
	plan := &job.Plan{}
	plan.Do(greet, func(context.Context, job.Task) error { done++; return nil })
	r := s.work(t, plan, nil)
	s.ask(t, s.clock.Now().Add(48*time.Hour), job.Job{Kind: greet}, nil)
	s.clock.Advance(47 * time.Hour)
	settle(t, r)
	if done != 0 {
		t.Error("done an hour early")
	}
	s.clock.Advance(time.Hour)
	settle(t, r)
	if done != 1 {
		t.Errorf("done %d times at its moment, want once", done)
	}
}

func TestTwoProcessesDoEachJobOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	const jobs = 200
	var times [jobs]atomic.Int32
	by := [2]atomic.Int32{}
	plan := func(process int) *job.Plan {
		p := &job.Plan{}
		p.Do(greet, func(_ context.Context, task job.Task) error {
			times[task.ID].Add(1)
			by[process].Add(1)
			return nil
		})
		return p
	}
	one, _ := s.work(t, plan(0), nil), s.work(t, plan(1), nil)
	for i := range jobs {
		s.ask(t, s.clock.Now(), job.Job{Kind: greet, ID: int64(i)}, nil)
	}
	settle(t, one)
	for i := range times {
		if n := times[i].Load(); n != 1 {
			t.Errorf("job %d was done %d times", i, n)
		}
	}
	if by[0].Load() == 0 || by[1].Load() == 0 {
		t.Errorf("the two processes did %d and %d: one of them sleeps", by[0].Load(), by[1].Load())
	}
}

// buffer is a log that several goroutines write.
type buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestAFailedJobIsTriedAgainAfterGrowingPauses(t *testing.T) {
	t.Parallel()
	s := open(t)
	var at []time.Time
	plan := &job.Plan{}
	plan.Do(greet, func(_ context.Context, task job.Task) error {
		at = append(at, s.clock.Now())
		switch len(at) {
		case 1:
			return errors.New("canary-of-a-failure")
		case 2:
			panic("canary-of-a-panic")
		}
		return nil
	})
	var log buffer
	r := s.work(t, plan, slog.New(slog.NewTextHandler(&log, nil)))
	start := s.clock.Now()
	s.ask(t, start, job.Job{Kind: greet}, nil)
	// By hand: at once, 10 seconds after the first failure, 20 after the second.
	for _, after := range []time.Duration{0, 9 * time.Second, time.Second, 19 * time.Second, time.Second, time.Hour} {
		s.clock.Advance(after)
		settle(t, r)
	}
	want := []time.Duration{0, 10 * time.Second, 30 * time.Second}
	if len(at) != len(want) {
		t.Fatalf("tried at %v, want %d tries", at, len(want))
	}
	for i := range want {
		if got := at[i].Sub(start); got != want[i] {
			t.Errorf("try %d after %s, want %s", i+1, got, want[i])
		}
	}
	if !strings.Contains(log.String(), "canary-of-a-failure") || !strings.Contains(log.String(), "canary-of-a-panic") {
		t.Errorf("the program's log does not say what failed: %s", log.String())
	}
	if n := s.one(t, `SELECT count(*) FROM river_job j WHERE j::text LIKE '%canary%'`); n != 0 {
		t.Error("the queue keeps what failed, where the log alone should")
	}
}

func TestLaterIsNoFailure(t *testing.T) {
	t.Parallel()
	s := open(t)
	asked := 0
	plan := &job.Plan{}
	plan.Do(greet, func(_ context.Context, task job.Task) error {
		asked++
		if task.Try != 1 {
			t.Errorf("try %d: a pause that the worker wanted counts as a failure", task.Try)
		}
		if asked <= 30 {
			return job.Later(time.Minute)
		}
		return nil
	})
	r := s.work(t, plan, nil)
	s.ask(t, s.clock.Now(), job.Job{Kind: greet}, nil)
	for range 35 {
		settle(t, r)
		s.clock.Advance(time.Minute)
	}
	if asked != 31 {
		t.Errorf("asked %d times, want 31: more pauses than there are tries, and the end", asked)
	}
}

func TestADailyJobRunsOnceADayHoweverManyProcesses(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ran []clock.Date
	var mu sync.Mutex
	plan := func() *job.Plan {
		p := &job.Plan{}
		p.Daily(greet, 3, 30, func(context.Context, job.Task) error {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, clock.Today(s.clock))
			return nil
		})
		return p
	}
	one := s.work(t, plan(), nil)
	_ = s.work(t, plan(), nil)
	settle(t, one)
	if len(ran) != 0 {
		t.Error("it ran at nine in the morning")
	}
	// Three days of summer, and those around 25 October 2026, when summer time ends in London.
	for _, first := range []clock.Date{clock.NewDate(2026, 6, 2), clock.NewDate(2026, 10, 24)} {
		s.clock.Set(first.AddDays(-1).At(12, 0))
		settle(t, one)
		for day := first; day.Before(first.AddDays(3)); day = day.AddDays(1) {
			before := len(ran)
			s.clock.Set(day.At(3, 29))
			settle(t, one)
			if len(ran) != before {
				t.Fatalf("%s: it ran before half past three", day)
			}
			s.clock.Set(day.At(3, 30))
			settle(t, one)
			if len(ran) != before+1 || ran[before] != day {
				t.Fatalf("%s: it ran %d times", day, len(ran)-before)
			}
		}
	}
	// The programs are down for three days: what was missed is done once.
	before := len(ran)
	s.clock.Set(clock.NewDate(2026, 11, 2).At(8, 0))
	settle(t, one)
	if len(ran) != before+1 {
		t.Errorf("after three days it ran %d times, want once", len(ran)-before)
	}
}

func TestAStopLetsAJobFinish(t *testing.T) {
	t.Parallel()
	s := open(t)
	begun, finish := make(chan bool), make(chan bool)
	finished := false
	plan := &job.Plan{}
	plan.Do(greet, func(context.Context, job.Task) error {
		close(begun)
		<-finish
		finished = true
		return nil
	})
	r := s.work(t, plan, nil)
	s.ask(t, s.clock.Now(), job.Job{Kind: greet}, nil)
	<-begun
	stopped := make(chan error)
	go func() { stopped <- r.Stop(context.Background()) }()
	s.ask(t, s.clock.Now(), job.Job{Kind: greet, ID: 2}, nil)
	select {
	case <-stopped:
		t.Fatal("it stopped in the middle of a job")
	default:
	}
	close(finish)
	if err := <-stopped; err != nil || !finished {
		t.Errorf("stopped with %v, finished: %v", err, finished)
	}
	if n := s.one(t, `SELECT count(*) FROM river_job WHERE state = 'completed'`); n != 1 {
		t.Errorf("%d jobs are kept as done, want 1: the other waits for the next start", n)
	}
}

func TestAStopThatTakesTooLongCancelsTheJobWhichIsDoneAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	begun := make(chan bool, 2)
	var again atomic.Bool
	plan := &job.Plan{}
	plan.Do(greet, func(ctx context.Context, task job.Task) error {
		begun <- true
		if again.Load() {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	})
	r := s.work(t, plan, nil)
	s.ask(t, s.clock.Now(), job.Job{Kind: greet}, nil)
	<-begun
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Stop(over); err != nil {
		t.Fatal(err)
	}
	again.Store(true)
	s.clock.Advance(time.Hour)
	settle(t, s.work(t, plan, nil))
	if n := s.one(t, `SELECT count(*) FROM river_job WHERE state = 'completed'`); n != 1 {
		t.Error("the job that was cancelled was not done again")
	}
}

// On the machine's own clock nobody calls Settle: River's own leader finds what is due.
func TestOnTheMachinesClockJobsAreDoneByThemselves(t *testing.T) {
	t.Parallel()
	s := open(t)
	app := s.connectBy(t, migrate.App, clock.System{})
	done := make(chan int64, 2)
	plan := &job.Plan{}
	plan.Do(greet, func(_ context.Context, task job.Task) error { done <- task.ID; return nil })
	r, err := job.Start(t.Context(), job.Options{URL: s.database.URL(migrate.Jobs), DB: s.connectBy(t, migrate.Jobs, clock.System{}), Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	start := time.Now()
	if _, err := db.Write(t.Context(), app, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test.ask"})
		return true, errors.Join(job.Enqueue(ctx, tx, job.Job{Kind: greet, ID: 1}), job.EnqueueAt(ctx, tx, tx.Now().Add(2*time.Second), job.Job{Kind: greet, ID: 2}))
	}); err != nil {
		t.Fatal(err)
	}
	if id := <-done; id != 1 {
		t.Errorf("job %d came first", id)
	}
	if id := <-done; id != 2 || time.Since(start) < 2*time.Second {
		t.Errorf("job %d came after %s", id, time.Since(start))
	}
}

func TestWaitingSaysSinceWhen(t *testing.T) {
	t.Parallel()
	s := open(t)
	plan := &job.Plan{}
	plan.Do(greet, func(context.Context, job.Task) error { return nil })
	waiting := func() (since time.Time, ok bool) {
		system, err := s.app.StandingOf(t.Context(), db.SystemAccount)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.View(t.Context(), s.app, system.Actor, "test", func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
			var err error
			since, ok, err = job.Waiting(ctx, q, greet)
			return true, audit.Nobody(), err
		}); err != nil {
			t.Fatal(err)
		}
		return since, ok
	}
	if _, ok := waiting(); ok {
		t.Error("something waits in an empty queue")
	}
	asked := s.clock.Now()
	s.ask(t, asked, job.Job{Kind: greet}, nil)
	s.clock.Advance(time.Hour)
	if since, ok := waiting(); !ok || !since.Equal(asked) {
		t.Errorf("waiting since %s (%v), want %s", since, ok, asked)
	}
	settle(t, s.work(t, plan, nil))
	if _, ok := waiting(); ok {
		t.Error("what is done waits")
	}
}

func TestAnUnknownAreaHasNoBackground(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.app.BackgroundOf(t.Context(), 4711); fault.KindOf(err) != fault.NotFound {
		t.Errorf("%v, want not found", err)
	}
}
