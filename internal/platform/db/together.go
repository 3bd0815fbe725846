package db

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Step is one of several questions that are asked together.
type Step func(ctx context.Context, q Querier) error

// Into is the step that puts what a query about something answers where it belongs.
func Into[R, ID any](into *R, query func(ctx context.Context, q Querier, of ID) (R, error), of ID) Step {
	return func(ctx context.Context, q Querier) (err error) {
		*into, err = query(ctx, q, of)
		return err
	}
}

// Maybe is Into for a query that may find nothing, and says so.
func Maybe[R, ID any](into *R, found *bool, query func(ctx context.Context, q Querier, of ID) (R, bool, error), of ID) Step {
	return func(ctx context.Context, q Querier) (err error) {
		*into, *found, err = query(ctx, q, of)
		return err
	}
}

// Together takes steps that do not need each other's answers, and asks what they all
// ask in one round trip, then what they ask next in another: as many as the longest
// of them has questions, not as all have. The steps are plain code; each waits where
// it asks while the others go on. Only one runs at a time, in their order, so that
// they need no locks. The first fault ends them all. A step may itself use Together.
func Together(ctx context.Context, q Querier, steps ...Step) error {
	all := make([]*asker, len(steps))
	for i, step := range steps {
		all[i] = newAsker(ctx, q, step)
		defer all[i].stop()
	}
	var open pgx.BatchResults // what the last round trip brought
	for {
		batch, err := goOn(all)
		if open != nil {
			if closed := open.Close(); err == nil {
				err = closed
			}
		}
		if err != nil || batch.Len() == 0 {
			return err
		}
		open = q.SendBatch(ctx, batch)
		for _, a := range all {
			a.answers.from = open
		}
	}
}

// goOn lets each step go on to its next question and gathers what they ask; nothing
// is left to ask when all are done.
func goOn(all []*asker) (*pgx.Batch, error) {
	batch := &pgx.Batch{}
	for _, a := range all {
		asked, more := a.next() // one that is done asks nothing
		if a.err == nil && !more {
			a.err = a.answers.Close()
		}
		if a.err != nil {
			return batch, a.err
		}
		batch.QueuedQueries = append(batch.QueuedQueries, asked...)
	}
	return batch, nil
}

// asker is what one step asks, in place of the transaction: each question waits for
// the round trip in which it goes.
type asker struct {
	Querier
	next    func() (asked []*pgx.QueuedQuery, more bool)
	stop    func()
	wait    func(asked []*pgx.QueuedQuery) bool // false: there will be no answer
	answers *answers
	err     error
}

func newAsker(ctx context.Context, q Querier, step Step) *asker {
	a := &asker{Querier: q, answers: &answers{}}
	a.next, a.stop = iter.Pull(func(yield func([]*pgx.QueuedQuery) bool) {
		a.wait = yield
		a.err = step(ctx, a)
	})
	return a
}

// SendBatch waits for the answers to all of a batch.
func (a *asker) SendBatch(_ context.Context, b *pgx.Batch) pgx.BatchResults {
	_ = a.answers.Close() // what the step left unread would be taken for its next answers
	a.answers = &answers{left: b.QueuedQueries}
	if !a.wait(b.QueuedQueries) {
		return failed{errGivenUp}
	}
	return a.answers
}

// Query waits for the answer to one question.
func (a *asker) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return a.SendBatch(ctx, one(sql, args)).Query()
}

// QueryRow is Query for one row.
func (a *asker) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return a.SendBatch(ctx, one(sql, args)).QueryRow()
}

func one(sql string, args []any) *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue(sql, args...)
	return b
}

// answers are those to one step, out of all that a round trip brings.
type answers struct {
	from pgx.BatchResults
	left []*pgx.QueuedQuery // unread
}

var errRead = errors.New("db: all answers are read")

// take says whether an answer is left, and counts it as read.
func (a *answers) take() bool {
	if len(a.left) == 0 {
		return false
	}
	a.left = a.left[1:]
	return true
}

// Exec, Query and QueryRow read the next answer.
func (a *answers) Exec() (pgconn.CommandTag, error) {
	if !a.take() {
		return pgconn.CommandTag{}, errRead
	}
	return a.from.Exec()
}

// Query reads the next answer.
func (a *answers) Query() (pgx.Rows, error) {
	if !a.take() {
		return nil, errRead
	}
	return a.from.Query()
}

// QueryRow reads the next answer, which is one row.
func (a *answers) QueryRow() pgx.Row {
	if !a.take() {
		return failed{errRead}
	}
	return a.from.QueryRow()
}

// Close passes over what was not read. A batch with functions of its own for the
// answers has them called.
func (a *answers) Close() (err error) {
	for err == nil && len(a.left) > 0 {
		if fn := a.left[0].Fn; fn != nil {
			err = fn(a)
		} else {
			_, err = a.Exec()
		}
	}
	a.left = nil
	return err
}

// Tx is of batches that begin a transaction, which no question does.
func (a *answers) Tx() pgx.Tx { return nil }

var errGivenUp = errors.New("db: a question that was asked together with others was given up")

// failed is the answer to what could not be asked.
type failed struct{ err error }

func (f failed) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, f.err }
func (f failed) Query() (pgx.Rows, error)         { return nil, f.err }
func (f failed) QueryRow() pgx.Row                { return f }
func (f failed) Scan(...any) error                { return f.err }
func (f failed) Close() error                     { return f.err }
func (f failed) Tx() pgx.Tx                       { return nil }
