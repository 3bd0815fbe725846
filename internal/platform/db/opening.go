package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// opening is a connection whose transaction begins in the same round trip as the
// first batch that is asked in it, and in one of its own before anything else.
type opening struct {
	*pgx.Conn
	first *pgx.Batch // what begins the transaction; nil once it was sent
}

// begin sends what begins the transaction by itself, unless it was sent.
func (o *opening) begin(ctx context.Context) error {
	if o.first == nil {
		return nil
	}
	first := o.first
	o.first = nil
	return o.Conn.SendBatch(ctx, first).Close()
}

func (o *opening) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := o.begin(ctx); err != nil {
		return nil, err
	}
	return o.Conn.Query(ctx, sql, args...)
}

func (o *opening) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if err := o.begin(ctx); err != nil {
		return failed{err}
	}
	return o.Conn.QueryRow(ctx, sql, args...)
}

func (o *opening) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if err := o.begin(ctx); err != nil {
		return pgconn.CommandTag{}, err
	}
	return o.Conn.Exec(ctx, sql, args...)
}

func (o *opening) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if o.first == nil {
		return o.Conn.SendBatch(ctx, b)
	}
	first := o.first.QueuedQueries
	o.first = nil
	results := o.Conn.SendBatch(ctx, &pgx.Batch{QueuedQueries: append(first, b.QueuedQueries...)})
	for range first {
		if _, err := results.Exec(); err != nil {
			return failed{errors.Join(err, results.Close())}
		}
	}
	return results
}
