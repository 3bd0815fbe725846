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
	fn func(ctx context.Context, q *ReadTx) (R, audit.Seen, error)) (R, audit.Seen, error) {
	var none R
	conn, err := d.acquire(ctx)
	if err != nil {
		return none, audit.Seen{}, err
	}
	defer conn.Release()
	now := d.clock.Now()
	// One round trip begins the snapshot and says who acts.
	open := &pgx.Batch{}
	open.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	open.Queue(setting, settings(actor, stamp(now))...)
	if err := conn.SendBatch(ctx, open).Close(); err != nil {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		return none, audit.Seen{}, err
	}
	answer, seen, err := fn(ctx, &ReadTx{tx: conn.Conn(), now: now, actor: actor})
	// Nothing was written, so a rollback ends the snapshot as well as a commit would.
	if _, end := conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
		err = end
	}
	if err != nil {
		return none, audit.Seen{}, err
	}
	return answer, seen, nil
}
