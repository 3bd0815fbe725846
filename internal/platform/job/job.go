// Package job is background work: what has to be done, but not while somebody waits
// for a page. It is River on the application's own Postgres, behind few words.
//
// A job is a kind and two numbers: the area that it is for and the record that it is
// about. Nothing else fits into it, so that nothing that was typed lies in the queue;
// what more a worker needs it looks up. It is asked for in the transaction that
// causes it, and is there if and only if that commits:
//
//	const Circulate job.Kind = "minutes.circulate"
//
//	db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
//		…
//		return true, job.Enqueue(ctx, tx, job.Job{Kind: Circulate, Area: int64(area), ID: int64(meeting)})
//	})
//
// Who does it is wired by cmd, in a Plan:
//
//	plan.Do(meeting.Circulate, meeting.SendMinutes)
//	plan.Daily(account.Purge, 3, 30, account.PurgeOld)
//
// A worker gets a Task: the job, a database that Postgres knows as iom_jobs, and the
// system account of the job's area as its actor. It reads and writes with db.View and
// db.Write like a page, so that row-level security and the log hold for it too:
//
//	func SendMinutes(ctx context.Context, t job.Task) error {
//		_, err := db.Write(ctx, t.DB, t.Submission(), …)
//		return err
//	}
//
// One process does a job, however many run. A worker that fails is asked again after
// growing pauses. It can also be asked again after it did its work, when the process
// dies between the two: a worker first looks whether what it has to do is done.
package job

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"iom/internal/platform/db"
)

// Kind names a sort of work, as "minutes.circulate": the noun, a dot, the verb.
type Kind string

// Job is something to be done in the background.
type Job struct {
	Kind Kind
	Area int64 // the job acts within it and what is below; 0 is the application as a whole
	ID   int64 // of the record that it is about; 0 when it is about none
}

// arguments are a job as it lies in the queue. A constraint holds that there is
// nothing else.
type arguments struct {
	kind Kind
	Area int64 `json:"area"`
	ID   int64 `json:"id"`
}

// Kind is what River calls it.
func (a arguments) Kind() string { return string(a.kind) }

// Enqueue has a job done as soon as the transaction has committed.
func Enqueue(ctx context.Context, tx *db.Tx, j Job) error { return EnqueueAt(ctx, tx, tx.Now(), j) }

// EnqueueAt has a job done at a moment of the application's clock, or as soon as the
// transaction has committed when that has passed.
func EnqueueAt(ctx context.Context, tx *db.Tx, at time.Time, j Job) error {
	_, err := asking.InsertTx(context.WithValue(ctx, momentsKey{}, moments{now: tx.Now(), at: at}), within{tx},
		arguments{kind: j.Kind, Area: j.Area, ID: j.ID}, nil)
	return err
}

const oldest = `SELECT min(created_at) FROM river_job WHERE kind = $1 AND state IN ('available', 'scheduled', 'retryable', 'running')`

// Waiting says since when the oldest job of a kind waits, or is under way; ok is
// false when there is none.
func Waiting(ctx context.Context, q db.Querier, k Kind) (since time.Time, ok bool, err error) {
	return ReadWaiting(q.QueryRow(ctx, oldest, string(k)))
}

// QueueWaiting asks the same in a batch.
func QueueWaiting(b *pgx.Batch, k Kind) { b.Queue(oldest, string(k)) }

// ReadWaiting reads the answer.
func ReadWaiting(row pgx.Row) (since time.Time, ok bool, err error) {
	var at *time.Time
	if err := row.Scan(&at); err != nil || at == nil {
		return time.Time{}, false, err
	}
	return *at, true, nil
}

// asking puts jobs into the queue within somebody's transaction and works none.
var asking = func() *river.Client[pgx.Tx] {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Hooks: []rivertype.Hook{&ourTime{}}})
	if err != nil {
		panic(err) // a configuration without values cannot be wrong
	}
	return client
}()

// momentsKey carries the moments of a job through River to ourTime.
type momentsKey struct{}

type moments struct{ now, at time.Time }

// ourTime has jobs dated by the application's clock and not by Postgres.
type ourTime struct{ river.HookDefaults }

// InsertBegin is called by River before a job is written.
func (*ourTime) InsertBegin(ctx context.Context, p *rivertype.JobInsertParams) error {
	m, ok := ctx.Value(momentsKey{}).(moments)
	if !ok {
		return errors.New("job: no moment was given")
	}
	p.CreatedAt, p.ScheduledAt, p.State = &m.now, &m.at, rivertype.JobStateAvailable
	if m.at.After(m.now) {
		p.State = rivertype.JobStateScheduled
	}
	return nil
}

// within lets River write inside a transaction of ours, and no more than that: when
// it ends is not for River to say.
type within struct{ tx *db.Tx }

var errNotRivers = errors.New("job: the transaction is not River's to begin or to end")

// Exec, Query, QueryRow and SendBatch are what River needs.
func (w within) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return w.tx.Exec(ctx, sql, args...)
}

// Query runs a query.
func (w within) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return w.tx.Query(ctx, sql, args...)
}

// QueryRow runs a query for one row.
func (w within) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return w.tx.QueryRow(ctx, sql, args...)
}

// SendBatch sends several statements at once.
func (w within) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return w.tx.SendBatch(ctx, b)
}

// The rest of pgx.Tx is refused.

// Begin is refused.
func (within) Begin(context.Context) (pgx.Tx, error) { return nil, errNotRivers }

// Commit is refused.
func (within) Commit(context.Context) error { return errNotRivers }

// Rollback is refused.
func (within) Rollback(context.Context) error { return errNotRivers }

// CopyFrom is refused.
func (within) CopyFrom(context.Context, pgx.Identifier, []string, pgx.CopyFromSource) (int64, error) {
	return 0, errNotRivers
}

// Prepare is refused.
func (within) Prepare(context.Context, string, string) (*pgconn.StatementDescription, error) {
	return nil, errNotRivers
}

// LargeObjects are not used.
func (within) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Conn is not given away.
func (within) Conn() *pgx.Conn { return nil }
