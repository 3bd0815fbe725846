package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/fault"
)

// Submission is who asks for a write, and the one-time key of the form, so that a
// form sent twice is done once.
type Submission struct {
	account int64
	form    string
	key     string
	request string
	held    string
}

// FromForm is a submission of a form that carries a one-time key (a UUID). The
// same key of the same account and form is answered with the first result.
func FromForm(actor authz.Actor, form, key, request string) Submission {
	return Submission{account: actor.Account, form: form, key: key, request: request}
}

// Held is a submission that writes nothing, whatever command it is given to: it is
// refused with the text that says why. Thereby the page of any form draws itself
// again with what was typed.
func Held(actor authz.Actor, why string) Submission {
	return Submission{account: actor.Account, held: why}
}

// Once is a submission that comes from no form: the command line, the
// demonstration, background work.
func Once(account int64) Submission { return Submission{account: account} }

// Key is the one-time key of the form; empty when it comes from none.
func (s Submission) Key() string { return s.key }

// Account is who asks.
func (s Submission) Account() int64 { return s.account }

// Write does something. fn runs in one transaction under the actor's scope, with
// the actor's grants as they are now; whatever it writes commits together with the
// events that it recorded, and a write that recorded none, and goes on with no
// draft that the log has (Tx.Continue), does not commit. The
// result of a form is kept under its key, and a repeat answers with it.
func Write[R any](ctx context.Context, d *DB, s Submission, fn func(ctx context.Context, tx *Tx) (R, error)) (R, error) {
	if s.held != "" {
		var none R
		return none, fault.Refuse("", "", s.held)
	}
	result, err := write(ctx, d, s, fn)
	if err != nil {
		var none R
		return none, down(err)
	}
	return result, nil
}

func write[R any](ctx context.Context, d *DB, s Submission, fn func(ctx context.Context, tx *Tx) (R, error)) (result R, err error) {
	conn, err := d.acquire(ctx)
	if err != nil {
		return result, err
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return result, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(context.WithoutCancel(ctx))
		}
	}()
	now := d.clock.Now()
	t := &Tx{ReadTx: ReadTx{tx: tx, now: now}}
	who, err := standing(ctx, tx, s.account, t.Today())
	if err != nil {
		return result, err
	}
	if who.Disabled || len(who.Actor.Grants) == 0 {
		return result, fault.Denied("This account may not do anything at present")
	}
	t.actor = who.Actor
	if _, err = tx.Exec(ctx, setting, settings(t.actor, stamp(now))...); err != nil {
		return result, err
	}
	if s.key != "" {
		first, repeated, err := useKey[R](ctx, t, s)
		if err != nil || repeated {
			_ = tx.Rollback(context.WithoutCancel(ctx))
			return first, err
		}
	}
	if result, err = fn(ctx, t); err != nil {
		return result, err
	}
	if len(t.touched) > 0 && d.summarise != nil {
		if err = d.summarise(ctx, t, t.touched); err != nil {
			return result, fmt.Errorf("db: summary: %w", err)
		}
	}
	for _, area := range t.widely {
		if d.later == nil {
			break
		}
		if err = d.later(ctx, t, area); err != nil {
			return result, fmt.Errorf("db: summaries of area %d: %w", area, err)
		}
	}
	if len(t.events) == 0 && !t.continues {
		err = errors.New("db: a write recorded no event")
		return result, err
	}
	if err = finish(ctx, t, s, result); err != nil {
		return result, err
	}
	return result, tx.Commit(ctx)
}

// useKey takes the key of a form, or gives the first result of the one who took
// it. Two at once: the second waits for the first to commit.
func useKey[R any](ctx context.Context, t *Tx, s Submission) (first R, repeated bool, err error) {
	tag, err := t.Exec(ctx, `INSERT INTO form_use (account_id, form, key, recorded_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		s.account, s.form, s.key, t.now)
	if err != nil || tag.RowsAffected() == 1 {
		return first, false, err
	}
	var stored []byte
	err = t.QueryRow(ctx, `SELECT result FROM form_use WHERE account_id = $1 AND form = $2 AND key = $3`, s.account, s.form, s.key).Scan(&stored)
	if err != nil {
		return first, true, err
	}
	return first, true, json.Unmarshal(stored, &first)
}

// finish writes the events and the result of the form in one round trip.
func finish[R any](ctx context.Context, t *Tx, s Submission, result R) error {
	batch := &pgx.Batch{}
	for _, e := range t.events {
		queueEvent(batch, s.account, stamp(t.now), s.request, e)
	}
	if s.key != "" {
		stored, err := json.Marshal(result)
		if err != nil {
			return err
		}
		batch.Queue(`UPDATE form_use SET result = $4 WHERE account_id = $1 AND form = $2 AND key = $3`, s.account, s.form, s.key, stored)
	}
	return t.SendBatch(ctx, batch).Close()
}

const insertEvent = `INSERT INTO log_event (at, account_id, operation, command, area_id, nominals, listed, object, object_id, fields, reason, outcome, request)
	VALUES ($1::text::timestamptz, $2, $3, $4, nullif($5::bigint, 0), $6, $7, $8, nullif($9::bigint, 0), $10, $11, $12, $13)`

func queueEvent(b *pgx.Batch, account int64, at, request string, e audit.Event) {
	b.Queue(insertEvent, at, account, string(e.Operation), e.Command, e.Area, list(e.Nominals), e.Listed, e.Object, e.ObjectID,
		list(e.Fields), e.Reason, outcome(e), request)
}

// list is never nil: an empty array, not NULL.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func outcome(e audit.Event) string {
	if e.Refused {
		return "refused"
	}
	return "done"
}
