package db

import (
	"context"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/fault"
)

// consultations writes the log of views. Requests that come in while one commit
// is under way share the next one, and each waits until its own event is on disk:
// one durable commit for many views, and none is answered unlogged.
type consultations struct {
	d       *DB
	waiting chan consultation
	stop    chan struct{}
	stopped sync.WaitGroup
}

type consultation struct {
	account int64
	at      string
	event   audit.Event
	done    chan error
}

// batchMost bounds one commit.
const batchMost = 256

func newConsultations(d *DB) *consultations {
	c := &consultations{d: d, waiting: make(chan consultation, batchMost), stop: make(chan struct{})}
	c.stopped.Add(1)
	go c.run()
	return c
}

func (c *consultations) close() {
	close(c.stop)
	c.stopped.Wait()
}

// write returns when the event is on disk. The request may be gone by then: what
// was asked for is logged all the same.
func (c *consultations) write(ctx context.Context, account int64, e audit.Event) error {
	entry := consultation{account: account, at: stamp(c.d.clock.Now()), event: e, done: make(chan error, 1)}
	select {
	case c.waiting <- entry:
	case <-c.stop:
		return fault.Down(errBusy)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-entry.done:
		return err
	case <-c.stop:
		return fault.Down(errBusy)
	}
}

func (c *consultations) run() {
	defer c.stopped.Done()
	for {
		select {
		case <-c.stop:
			return
		case firstOne := <-c.waiting:
			batch := []consultation{firstOne}
			for len(batch) < batchMost {
				select {
				case next := <-c.waiting:
					batch = append(batch, next)
					continue
				default:
				}
				break
			}
			err := c.commit(batch)
			for _, entry := range batch {
				entry.done <- err
			}
		}
	}
}

// commit writes the events of a batch in one transaction. The policy of the log
// lets an account write only under its own name, so each event is preceded by the
// setting that says whose it is.
func (c *consultations) commit(batch []consultation) error {
	ctx, cancel := context.WithTimeout(context.Background(), acquireWithin)
	defer cancel()
	conn, err := c.d.acquire(ctx)
	if err != nil {
		return fault.Down(err)
	}
	defer conn.Release()
	b := &pgx.Batch{}
	for _, entry := range batch {
		b.Queue(`SELECT set_config('app.account', $1, true)`, strconv.FormatInt(entry.account, 10))
		queueEvent(b, entry.account, entry.at, "", entry.event)
	}
	// A batch without an explicit BEGIN is one implicit transaction.
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return fault.Down(err)
	}
	return nil
}
