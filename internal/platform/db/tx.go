package db

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

var errBusy = errors.New("db: no free connection in time")

// connection is what a transaction runs on: a connection on which it was begun.
type connection interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// ReadTx is a transaction that can only read. It is READ ONLY in Postgres too.
type ReadTx struct {
	tx    connection
	now   time.Time
	actor authz.Actor
}

// Query, QueryRow and SendBatch run within the transaction.
func (t *ReadTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.tx.Query(ctx, sql, args...)
}

// QueryRow runs a query for one row.
func (t *ReadTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.tx.QueryRow(ctx, sql, args...)
}

// SendBatch sends several queries in one round trip.
func (t *ReadTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.tx.SendBatch(ctx, b)
}

// Now is the moment of the transaction.
func (t *ReadTx) Now() time.Time { return t.now }

// Today is the legal day of that moment.
func (t *ReadTx) Today() clock.Date { return clock.DateOf(t.now) }

// Actor is who acts.
func (t *ReadTx) Actor() authz.Actor { return t.actor }

// Tx is a transaction that writes. The actor in it was loaded within it, so that
// check and act are one.
type Tx struct {
	ReadTx
	events    []audit.Event
	touched   []int64
	continues bool
	widely    []int64 // areas, for TouchAll
}

// Exec writes.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return t.tx.Exec(ctx, sql, args...)
}

// Record adds an event to the log, which commits together with the write.
func (t *Tx) Record(e audit.Event) { t.events = append(t.events, e) }

// Continue says that this write goes on with a draft whose beginning the actor has
// in the log already, so that what is typed makes one event at the start and one
// at the end, and not one for each pause. The database is asked whether it is so:
// a draft of somebody else, or one that no event began, is refused.
func (t *Tx) Continue(ctx context.Context, draft int64) error {
	if err := t.QueryRow(ctx, `SELECT draft_logged($1)`, draft).Scan(&t.continues); err != nil {
		return err
	}
	if !t.continues {
		return errors.New("db: the log has no beginning of this draft")
	}
	return nil
}

// Touch says that the summary of a nominal must be recomputed before the commit.
func (t *Tx) Touch(nominal int64) {
	if !slices.Contains(t.touched, nominal) {
		t.touched = append(t.touched, nominal)
	}
}

// TouchAll says that the summaries of everybody in an area and below it no longer
// hold, after a change of a setting or of a worker's name. They are recomputed
// later, by a job that commits together with the write. Area 0 is every area.
func (t *Tx) TouchAll(area int64) {
	if !slices.Contains(t.widely, area) {
		t.widely = append(t.widely, area)
	}
}

// Lock makes transactions that lock the same thing wait for each other.
func (t *Tx) Lock(ctx context.Context, noun string, id int64) error {
	_, err := t.tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext($1), ($2::bigint % 2147483647)::int)`, noun, id)
	return err
}

// Must says whether the actor has the permission in the area; the error is a
// fault that names no one.
func Must(q Querier, p authz.Permission, area int64) error {
	if q.Actor().MayIn(p, area) {
		return nil
	}
	return fault.Denied("Your role in this area does not allow this")
}

// acquire waits a bounded time for a connection.
func (d *DB) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, acquireWithin)
	defer cancel()
	conn, err := d.pool.Acquire(bounded)
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		return nil, errBusy
	}
	return conn, err
}

// isLost says that the connection broke under a statement.
func isLost(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &op) ||
		err.Error() == "conn closed"
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.999999Z07:00") }
