// Package db is the only way to Postgres. A write commits only together with its
// event in the log; a read of people is logged before its answer is given; and
// every transaction tells Postgres who acts, so that row-level security applies.
// The pool itself is not exported.
package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// acquireWithin bounds how long a request waits for a connection: past it the
// answer is 503, quickly (security.md 48).
const acquireWithin = 3 * time.Second

// statements is how many plans a connection keeps: more than the application has
// statements, since one that is forgotten is planned again.
const statements = 1024

// Options are what the database needs from the rooms above it; cmd wires them in.
type Options struct {
	URL   string // of the role iom_app, or iom_jobs for background work
	Clock clock.Clock
	// Summarise recomputes the summary rows of nominals that a transaction touched,
	// within that transaction, before it commits.
	Summarise func(ctx context.Context, tx *Tx, nominals []int64) error
	// SummariseLater has a job recompute the summaries of a whole area (0: of all),
	// for Tx.TouchAll.
	SummariseLater func(ctx context.Context, tx *Tx, area int64) error
	MaxConns       int32 // 0: 16
	// Hurried gives up waiting for the disk at each commit. Never for a scheme: a
	// crash would lose what was acknowledged. For making the demonstration.
	Hurried bool
	// Tracer is told of every statement, with its values. For measuring made-up
	// people alone.
	Tracer pgx.QueryTracer
}

// DB is the application's database.
type DB struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	summarise func(ctx context.Context, tx *Tx, nominals []int64) error
	later     func(ctx context.Context, tx *Tx, area int64) error
	log       *consultations
}

// Querier is what a query needs: both kinds of transaction give it.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	// Now is the time of the transaction: one moment for all that it does.
	Now() time.Time
	// Today is the legal day of that moment.
	Today() clock.Date
	// Actor is who acts.
	Actor() authz.Actor
}

// Open connects to the database. It fails when the database cannot be reached.
func Open(ctx context.Context, o Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("the database's address is wrong: %w", err)
	}
	config.MaxConns = 16
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	config.MinConns = min(2, config.MaxConns)
	config.ConnConfig.RuntimeParams["application_name"] = "iom"
	config.ConnConfig.RuntimeParams["statement_timeout"] = "15000"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "20000"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// Policies make plans costly to find and hardly depend on the values asked for:
	// each statement is planned once for each connection. Compiling them never pays.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.ConnConfig.RuntimeParams["jit"] = "off"
	config.ConnConfig.StatementCacheCapacity = statements
	config.ConnConfig.Tracer = o.Tracer
	if o.Hurried {
		config.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	d := &DB{pool: pool, clock: o.Clock, summarise: o.Summarise, later: o.SummariseLater}
	if d.clock == nil {
		d.clock = clock.System{}
	}
	d.log = newConsultations(d)
	return d, nil
}

// Close waits for the log and closes all connections.
func (d *DB) Close() {
	d.log.close()
	d.pool.Close()
}

// Ready says whether the database answers.
func (d *DB) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, acquireWithin)
	defer cancel()
	return d.pool.Ping(ctx)
}

// Clock is the application's clock.
func (d *DB) Clock() clock.Clock { return d.clock }

// down turns a lost or unreachable database into a fault that says so; other
// errors stay as they are.
func down(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57": // connection, resources, shutdown
			return fault.Down(err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) || errors.Is(err, errBusy) {
		return fault.Down(err)
	}
	var net interface{ Timeout() bool }
	if errors.As(err, &net) && !errors.Is(err, context.Canceled) {
		return fault.Down(err)
	}
	if isLost(err) {
		return fault.Down(err)
	}
	return err
}

// Violates says whether the error is a violation of the named constraint or index.
func Violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}
