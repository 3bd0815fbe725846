package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// trips counts the round trips of a database.
type trips struct{ n int }

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n++
	return ctx
}
func (c *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n++
	return ctx
}
func (c *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// asked runs fn in a view that shows nobody, and counts its round trips, the end of
// the view among them.
func asked(t *testing.T, fn func(ctx context.Context, q db.Querier) error) (int, error) {
	t.Helper()
	c := &trips{}
	d, err := db.Open(t.Context(), db.Options{URL: testdb.New(t).URL(migrate.App), Tracer: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	before := c.n
	_, err = db.View(t.Context(), d, authz.Actor{Account: db.SystemAccount}, "test", func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
		return true, audit.Nobody(), fn(ctx, q)
	})
	return c.n - before, err
}

// next answers n+1, by a query of its own.
func next(ctx context.Context, q db.Querier, n int) (answer int, err error) {
	err = q.QueryRow(ctx, `SELECT $1::int + 1`, n).Scan(&answer)
	return answer, err
}

// times asks so many times in turn, so that the answer is n.
func times(into *int, n int) db.Step {
	return func(ctx context.Context, q db.Querier) (err error) {
		for range n {
			if *into, err = next(ctx, q, *into); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestWhatIsAskedTogetherTakesAsManyTripsAsTheLongestStep(t *testing.T) {
	t.Parallel()
	var a, b, c, d, e int
	n, err := asked(t, func(ctx context.Context, q db.Querier) error {
		return db.Together(ctx, q, times(&a, 1), times(&b, 3), times(&c, 0),
			func(ctx context.Context, q db.Querier) error { return db.Together(ctx, q, times(&d, 2), times(&e, 3)) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := []int{a, b, c, d, e}; !slices.Equal(got, []int{1, 3, 0, 2, 3}) {
		t.Errorf("the answers are %v, want 1 3 0 2 3", got)
	}
	if n != 4 { // the first with the beginning of the view, the end by itself
		t.Errorf("%d round trips, want 4", n)
	}
}

// TestAnswersThatAreLeftUnreadDisturbNobody: a step may leave a batch in the middle.
func TestAnswersThatAreLeftUnreadDisturbNobody(t *testing.T) {
	t.Parallel()
	var after, beside int
	leaves := func(ctx context.Context, q db.Querier) error {
		b := &pgx.Batch{}
		for n := range 3 {
			b.Queue(`SELECT $1::int`, n)
		}
		if err := q.SendBatch(ctx, b).QueryRow().Scan(&after); err != nil {
			return err
		}
		return times(&after, 1)(ctx, q)
	}
	if _, err := asked(t, func(ctx context.Context, q db.Querier) error {
		return db.Together(ctx, q, leaves, times(&beside, 2), func(ctx context.Context, q db.Querier) error {
			_, err := q.Query(ctx, `SELECT 7`)
			return err
		}, times(&beside, 0))
	}); err != nil {
		t.Fatal(err)
	}
	if after != 1 || beside != 2 {
		t.Errorf("%d and %d, want 1 and 2", after, beside)
	}
}

func TestAFaultEndsAllThatIsAskedTogether(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, step := range map[string]db.Step{
		"of the step":     func(context.Context, db.Querier) error { return broken },
		"after an answer": func(ctx context.Context, q db.Querier) error { _, _ = next(ctx, q, 1); return broken },
		"of Postgres": func(ctx context.Context, q db.Querier) error {
			_, err := next(ctx, q, 2147483647)
			if err != nil {
				return broken
			}
			return nil
		},
	} {
		var before, behind int
		var ended error
		_, err := asked(t, func(ctx context.Context, q db.Querier) error {
			return db.Together(ctx, q, times(&before, 1), step, func(ctx context.Context, q db.Querier) error {
				ended = times(&behind, 9)(ctx, q)
				return ended
			})
		})
		if !errors.Is(err, broken) || behind > 1 {
			t.Errorf("%s: %v, and %d answers behind it", name, err, behind)
		}
		if name != "of the step" && ended == nil {
			t.Errorf("%s: the step behind was not told", name)
		}
	}
}

// TestAPanicOfAStepIsOnesOwn: it comes out where the steps were started, and the
// connection can be used again.
func TestAPanicOfAStepIsOnesOwn(t *testing.T) {
	t.Parallel()
	b := open(t)
	view := func(fn func(ctx context.Context, q db.Querier) error) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = errors.New("panicked")
			}
		}()
		_, err = db.View(t.Context(), b.d, b.actor(t), "test", func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
			return true, audit.Nobody(), fn(ctx, q)
		})
		return err
	}
	var n int
	for range 20 {
		if err := view(func(ctx context.Context, q db.Querier) error {
			return db.Together(ctx, q, times(&n, 2), func(ctx context.Context, q db.Querier) error {
				_, _ = next(ctx, q, 1)
				panic("of the step")
			})
		}); err == nil || err.Error() != "panicked" {
			t.Fatalf("the panic came out as %v", err)
		}
		n = 0
		if err := view(func(ctx context.Context, q db.Querier) error { return db.Together(ctx, q, times(&n, 2)) }); err != nil || n != 2 {
			t.Fatalf("after a panic: %d, %v", n, err)
		}
		n = 0
	}
}
