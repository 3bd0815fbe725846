package account

import (
	"context"
	"time"

	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
)

// Purge is the daily job that removes what signing in leaves behind.
const Purge job.Kind = "account.purge"

// How long that is kept (docs/operations.md): a failed try counts for a day, a link
// works for a day; the rest of the time is for looking into what happened.
const (
	triesKept = 30 * 24 * time.Hour
	linksKept = 30 * 24 * time.Hour // after it ran out, used or not
)

// PurgeOld is the worker of Purge. Each run is in the log, also one that found nothing.
func PurgeOld(ctx context.Context, t job.Task) error {
	_, err := db.Write(ctx, t.DB, t.Submission(), func(ctx context.Context, tx *db.Tx) (bool, error) {
		for object, step := range map[string]struct {
			sql  string
			kept time.Duration
		}{
			"sign-in tries": {`DELETE FROM sign_in_failure WHERE at < $1`, triesKept},
			"password links": {`WITH old AS (SELECT id FROM password_link WHERE expires_at < $1),
				uses AS (DELETE FROM password_link_use WHERE link_id IN (SELECT id FROM old))
				DELETE FROM password_link WHERE id IN (SELECT id FROM old)`, linksKept},
		} {
			if _, err := tx.Exec(ctx, step.sql, tx.Now().Add(-step.kept)); err != nil {
				return false, err
			}
			tx.Record(audit.Event{Operation: audit.Erase, Command: "account.purge", Object: object})
		}
		return true, nil
	})
	return err
}

// EmailOf is the address that an account has now, empty when it has none or is
// disabled.
func EmailOf(ctx context.Context, q db.Querier, id int64) (address string, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce(max(email), '') FROM account WHERE id = $1 AND disabled_at IS NULL`, id).Scan(&address)
	return address, err
}
