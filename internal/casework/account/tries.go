package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// count writes a try down as failed before its password is looked at, so that
// many at once are counted too; admit takes the right one off again. It refuses
// when those before were too many. It does the same for names that are not known.
func count(ctx context.Context, d *db.DB, t Try, c credentials) (try int64, err error) {
	name := usernameHash(t.Username)
	return db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (id int64, err error) {
		if err := tx.Lock(ctx, "sign-in "+name, 1); err != nil {
			return 0, err
		}
		wait, err := waiting(ctx, tx, name, t, c.known)
		if err != nil {
			return 0, err
		}
		if wait > 0 {
			return 0, fault.Refuse("", "", waitText(wait))
		}
		var device []byte
		if c.known {
			device = deviceHash(t.Device)
		}
		err = tx.QueryRow(ctx, `INSERT INTO sign_in_failure (username_hash, device, source, at) VALUES ($1, $2, $3, $4) RETURNING id`,
			name, device, t.Source, tx.Now()).Scan(&id)
		tx.Record(audit.Event{Operation: audit.Consult, Command: "account.try", Object: "account", ObjectID: int64(c.account)})
		return id, err
	})
}

// waiting is how long the next try has to wait.
func waiting(ctx context.Context, q db.Querier, name string, t Try, known bool) (time.Duration, error) {
	if known {
		return tally(ctx, q, ofKnownDevice, `username_hash = $2 AND device = $3`, name, deviceHash(t.Device))
	}
	forAccount, err := tally(ctx, q, ofAccount, `username_hash = $2 AND device IS NULL`, name)
	if err != nil {
		return 0, err
	}
	forSource, err := tally(ctx, q, ofSource, `source = $2 AND device IS NULL`, t.Source)
	return max(forAccount, forSource), err
}

// tally is how long the tries of one bucket make the next one wait.
func tally(ctx context.Context, q db.Querier, b bucket, where string, args ...any) (time.Duration, error) {
	tries := Tries{}
	var last *time.Time
	err := q.QueryRow(ctx, `SELECT count(*), max(at) FROM sign_in_failure WHERE succeeded_at IS NULL AND at > $1 AND `+where,
		append([]any{q.Now().Add(-b.counts)}, args...)...).Scan(&tries.Count, &last)
	if last != nil {
		tries.Last = *last
	}
	return b.wait(tries, q.Now()), err
}

// codeTries stands for every one-time code among the tries: no username has it, since it
// is not a hash.
const codeTries = "one-time code"

// CountCode writes a try of a one-time code down as failed before the code is looked up,
// so that many at once are counted too; Forgive takes the right one off again. It refuses
// when those before from the same source were too many.
func CountCode(ctx context.Context, d *db.DB, source string) (try int64, err error) {
	return db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (id int64, err error) {
		if err := tx.Lock(ctx, "code from "+source, 1); err != nil {
			return 0, err
		}
		forCodes, err := tally(ctx, tx, ofCode, `username_hash = $2 AND source = $3`, codeTries, source)
		if err != nil {
			return 0, err
		}
		forSource, err := tally(ctx, tx, ofSource, `source = $2 AND device IS NULL`, source)
		if err != nil {
			return 0, err
		}
		if wait := max(forCodes, forSource); wait > 0 {
			return 0, fault.Refuse("code", "", waitText(wait))
		}
		err = tx.QueryRow(ctx, `INSERT INTO sign_in_failure (username_hash, source, at) VALUES ($1, $2, $3) RETURNING id`, codeTries, source, tx.Now()).Scan(&id)
		tx.Record(audit.Event{Operation: audit.Consult, Command: "account.try code", Object: "account"})
		return id, err
	})
}

// Forgive takes a try that was right off the count.
func Forgive(ctx context.Context, tx *db.Tx, try int64) error {
	_, err := tx.Exec(ctx, `UPDATE sign_in_failure SET succeeded_at = $2 WHERE id = $1`, try, tx.Now())
	return err
}

// usernameHash stands for the name typed, which is not kept: people type
// passwords into that box.
func usernameHash(username string) string {
	sum := sha256.Sum256([]byte("username:" + username))
	return hex.EncodeToString(sum[:])
}

// deviceHash is what is kept of what a browser keeps.
func deviceHash(device string) []byte {
	sum := sha256.Sum256([]byte("device:" + device))
	return sum[:]
}

// wellFormedSecret says whether text can be one that newSecret made.
func wellFormedSecret(text string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && len(raw) == 32
}
