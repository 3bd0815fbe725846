package meeting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Address is where a calendar program finds the meetings of an account without signing
// in. It opens nothing else.
type Address struct {
	ID    int64
	Since time.Time
}

// addressHash is what is kept of an address's token.
func addressHash(token string) []byte {
	sum := sha256.Sum256([]byte("calendar:" + token))
	return sum[:]
}

// AddressOf is the address that the actor's calendar has now; ok is false when it has
// none.
func AddressOf(ctx context.Context, q db.Querier) (a Address, ok bool, err error) {
	err = q.QueryRow(ctx, `SELECT a.id, a.recorded_at FROM calendar_address a WHERE a.account_id = $1
		AND NOT EXISTS (SELECT FROM calendar_address_end e WHERE e.address_id = a.id) ORDER BY a.id DESC LIMIT 1`, q.Actor().Account).Scan(&a.ID, &a.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

// MakeAddress makes an address for the calendar of who asks, and ends the one before.
// The token is given this once and not kept: a form sent twice is refused.
func MakeAddress(ctx context.Context, d *db.DB, s db.Submission) (token string, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // crypto/rand does not fail
	token = base64.RawURLEncoding.EncodeToString(random[:])
	kept, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) ([]byte, error) {
		if !tx.Actor().May(authz.AttendMeetings) {
			return nil, fault.Denied("")
		}
		if err := endAddresses(ctx, tx); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, `INSERT INTO calendar_address (account_id, token_hash, recorded_at, recorded_by) VALUES ($1, $2, $3, $1)`,
			tx.Actor().Account, addressHash(token), tx.Now())
		tx.Record(audit.Event{Operation: audit.Alter, Command: "account.make calendar address", Object: "account", ObjectID: tx.Actor().Account})
		return addressHash(token), err
	})
	if err != nil {
		return "", err
	}
	if string(kept) != string(addressHash(token)) {
		return "", fault.Refuse("", "", "This address was shown once already and cannot be shown again. Make another one")
	}
	return token, nil
}

// EndAddress ends the address of who asks, at once.
func EndAddress(ctx context.Context, d *db.DB, s db.Submission) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "account.end calendar address", Object: "account", ObjectID: tx.Actor().Account})
		return true, endAddresses(ctx, tx)
	})
	return err
}

func endAddresses(ctx context.Context, tx *db.Tx) error {
	if err := tx.Lock(ctx, "calendar address", tx.Actor().Account); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO calendar_address_end (address_id, recorded_at, recorded_by)
		SELECT a.id, $2, $1 FROM calendar_address a WHERE a.account_id = $1
			AND NOT EXISTS (SELECT FROM calendar_address_end e WHERE e.address_id = a.id)`, tx.Actor().Account, tx.Now())
	return err
}

// CalendarAt is the calendar behind an address. It is fault.Missing for an address that
// never was, that has ended, or whose account may not attend meetings any more: one
// answer for all of them.
func CalendarAt(ctx context.Context, d *db.DB, token, origin string) ([]byte, error) {
	account, err := db.View(ctx, d, authz.Actor{}, "calendar", func(ctx context.Context, q *db.ReadTx) (id int64, _ audit.Seen, err error) {
		err = q.QueryRow(ctx, `SELECT a.account_id FROM calendar_address a WHERE a.token_hash = $1
			AND NOT EXISTS (SELECT FROM calendar_address_end e WHERE e.address_id = a.id)`, addressHash(token)).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			err = fault.Missing()
		}
		return id, audit.Nobody(), err
	})
	if err != nil {
		return nil, err
	}
	who, err := d.StandingOf(ctx, account)
	if err != nil {
		return nil, err
	}
	if who.Disabled || who.System || !who.Actor.May(authz.AttendMeetings) {
		return nil, fault.Missing()
	}
	return db.View(ctx, d, who.Actor, "calendar", func(ctx context.Context, q *db.ReadTx) ([]byte, audit.Seen, error) {
		all, err := ForCalendar(ctx, q)
		return Subscription(all, origin, q.Now()), audit.Nobody(), err
	})
}
