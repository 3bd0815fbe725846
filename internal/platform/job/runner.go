package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

const (
	// longestJob bounds one try.
	longestJob = 10 * time.Minute
	// abandonedAfter is when a job whose process died is given to another.
	abandonedAfter = 15 * time.Minute
	// atOnce is how many jobs one process does at the same time.
	atOnce = 4
)

// Options are what a Runner needs.
type Options struct {
	URL  string // of the role iom_jobs
	DB   *db.DB // opened for the same role; its clock says when a job is due
	Plan *Plan
	Log  *slog.Logger
}

// Runner does jobs until it is stopped.
type Runner struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool // River's own
	d      *db.DB
	plan   *Plan
	log    *slog.Logger
}

// Start begins to do jobs. Several processes may, each job is done by one of them.
func Start(ctx context.Context, o Options) (*Runner, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("the address of the database for background work is wrong: %w", err)
	}
	config.MaxConns = 4 // one of them listens
	config.ConnConfig.RuntimeParams["application_name"] = "iom jobs"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	r := &Runner{pool: pool, d: o.DB, plan: o.Plan, log: o.Log}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if err := r.start(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("background work cannot start: %w", err)
	}
	return r, nil
}

func (r *Runner) start(ctx context.Context) error {
	workers := river.NewWorkers()
	for kind, work := range r.plan.workers {
		river.AddWorkerArgs(workers, arguments{kind: kind}, &worker{runner: r, kind: kind, work: work})
	}
	config := &river.Config{
		// River's own lines say what a job did to the queue; what went wrong in it we log ourselves.
		Logger:               slog.New(slog.DiscardHandler),
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: atOnce}},
		Workers:              workers,
		JobTimeout:           longestJob,
		RescueStuckJobsAfter: abandonedAfter,
		ReindexerIndexNames:  []string{}, // the role does not own the tables; autovacuum is enough for a queue of this size
		RetryPolicy:          retrying{r.d.Clock()},
	}
	if _, real := r.d.Clock().(clock.System); !real {
		// A clock that is set by hand stands still: nobody can lead by it, and whoever moves it calls Settle.
		config.Test.Time = setClock{r.d.Clock()}
		config.LeaderElectionDisabled = true
		config.FetchCooldown, config.FetchPollInterval = 5*time.Millisecond, 20*time.Millisecond
	}
	var err error
	if r.client, err = river.NewClient(riverpgxv5.New(r.pool), config); err != nil {
		return err
	}
	for kind := range r.plan.daily {
		if err := r.planNext(ctx, kind); err != nil {
			return err
		}
	}
	return r.client.Start(context.WithoutCancel(ctx)) // Stop ends it, not the context
}

// planNext puts the next run of a daily job into the queue, unless it is there.
func (r *Runner) planNext(ctx context.Context, k Kind) error {
	_, err := r.client.Insert(ctx, arguments{kind: k}, &river.InsertOpts{
		ScheduledAt: r.plan.daily[k].next(r.d.Clock().Now()),
		UniqueOpts:  river.UniqueOpts{ByPeriod: 24 * time.Hour},
	})
	return err
}

// Stop lets jobs under way finish and takes no others. When the context ends first
// they are cancelled, and done again when the program runs again.
func (r *Runner) Stop(ctx context.Context) error {
	defer r.pool.Close()
	err := r.client.Stop(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.client.StopAndCancel(last); err != nil {
		return fmt.Errorf("background work did not stop: %w", err)
	}
	return nil
}

// Settle returns when every job is done that is due by the clock, those included that
// others ask for meanwhile. It is for tests, which move the clock and want to see
// what comes of it.
func (r *Runner) Settle(ctx context.Context) error {
	ended, forget := r.client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed, river.EventKindJobSnoozed, river.EventKindJobCancelled)
	defer forget()
	// Another process may do a job: then there is no event here.
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		now := r.d.Clock().Now()
		if _, err := r.pool.Exec(ctx, `UPDATE river_job SET state = 'available' WHERE state IN ('scheduled', 'retryable') AND scheduled_at <= $1`, now); err != nil {
			return err
		}
		var left bool
		if err := r.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM river_job WHERE state = 'running' OR (state = 'available' AND scheduled_at <= $1))`, now).
			Scan(&left); err != nil || !left {
			return err
		}
		select {
		case <-ended:
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// worker is a Worker as River knows one.
type worker struct {
	river.WorkerDefaults[arguments]
	runner *Runner
	kind   Kind
	work   Worker
}

// errLogged is what River keeps of a failure. What it was stands in the program's
// log, and not in a table that is read by more people.
var errLogged = errors.New("failed: see the program's log")

// Work does one job.
func (w *worker) Work(ctx context.Context, j *river.Job[arguments]) (err error) {
	r := w.runner
	log := r.log.With("job", w.kind, "area", j.Args.Area, "id", j.Args.ID, "try", j.Attempt)
	defer func() {
		if p := recover(); p != nil {
			log.Error("a job panicked", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errLogged
		}
	}()
	if _, daily := r.plan.daily[w.kind]; daily {
		if err := r.planNext(ctx, w.kind); err != nil {
			log.Error("the next run of a daily job could not be planned", "error", err)
			return errLogged
		}
	}
	err = w.do(ctx, j)
	var wait later
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wait):
		return river.JobSnooze(max(0, wait.after))
	case ctx.Err() != nil:
		log.Warn("a job was cut short and will be done again", "error", err)
		return ctx.Err()
	case j.Attempt >= j.MaxAttempts:
		log.Error("a job failed for the last time", "error", err)
	default:
		log.Warn("a job failed and will be tried again", "error", err)
	}
	return errLogged
}

func (w *worker) do(ctx context.Context, j *river.Job[arguments]) error {
	who, err := w.runner.d.BackgroundOf(ctx, j.Args.Area)
	if err != nil {
		return err
	}
	return w.work(ctx, Task{Job: Job{Kind: w.kind, Area: j.Args.Area, ID: j.Args.ID}, DB: w.runner.d, Actor: who.Actor, Try: j.Attempt})
}

// retrying says when a job that failed is tried again.
type retrying struct{ clock clock.Clock }

// NextRetry is that moment.
func (p retrying) NextRetry(j *rivertype.JobRow) time.Time {
	return p.clock.Now().Add(pause(len(j.Errors) + 1))
}

// setClock is a clock that is set by hand, for River.
type setClock struct{ clock.Clock }

// NowOrNil is the time that it is set to.
func (s setClock) NowOrNil() *time.Time {
	now := s.Now()
	return &now
}
