package db

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
)

// View answers a question. fn runs in one READ ONLY snapshot under the actor's
// scope and says whom it showed; the consultation is in the log, durably, before
// View returns the answer. With the log down there is no answer (fault.Down).
// page names what was looked at, as "nominal.overview".
func View[R any](ctx context.Context, d *DB, actor authz.Actor, page string,
	fn func(ctx context.Context, q *ReadTx) (R, audit.Seen, error)) (R, error) {
	var none R
	answer, seen, err := view(ctx, d, actor, fn)
	if err != nil {
		return none, down(err)
	}
	if event, ok := seen.Consultation(page); ok {
		if err := d.log.write(ctx, actor.Account, event); err != nil {
			return none, err
		}
	}
	return answer, nil
}

func view[R any](ctx context.Context, d *DB, actor authz.Actor,
	fn func(ctx context.Context, q *ReadTx) (R, audit.Seen, error)) (answer R, seen audit.Seen, err error) {
	var none R
	conn, err := d.acquire(ctx)
	if err != nil {
		return none, audit.Seen{}, err
	}
	defer conn.Release()
	now := d.clock.Now()
	first := &pgx.Batch{} // begins the snapshot and says who acts
	first.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	first.Queue(setting, settings(actor, stamp(now))...)
	tx := &opening{Conn: conn.Conn(), first: first}
	// Nothing is written, so a rollback ends the snapshot as well as a commit would.
	// It comes also after a panic: the connection goes back to the others.
	defer func() {
		if tx.first != nil { // nothing was asked
			return
		}
		if _, end := conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
			err = end
		}
	}()
	answer, seen, err = fn(ctx, &ReadTx{tx: tx, now: now, actor: actor})
	if err != nil {
		return none, audit.Seen{}, err
	}
	return answer, seen, nil
}
