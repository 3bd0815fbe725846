package account

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Try is one try to sign in.
type Try struct {
	Username string
	Password string
	Source   string // the address of the connection, without its port
	Device   string // what the browser keeps from signing in before; may be empty
}

// Signed is an account whose password was right.
type Signed struct {
	Account ref.AccountID
	Epoch   int64  // of its sessions
	Device  string // for the browser to keep; empty when it has one already
	Next    Step
}

// Step is what comes after the password.
type Step int

// The steps. A second factor is one more, between ChangePassword and Enter: NextStep
// answers it for an account that has one enrolled (and for one that must enrol),
// the page keeps the account in a session that is not signed in yet, and only
// session.Manager.Begin, called when no step is left, signs in.
const (
	ChangePassword Step = iota + 1 // somebody else chose the password: a new one first
	Enter                          // nothing is left: the session begins
)

// NextStep is what an account has to do before it is let in.
func NextStep(mustChange bool) Step {
	if mustChange {
		return ChangePassword
	}
	return Enter
}

// wrong is the one answer to a name that is not known, a password that is not
// right, an account without a password and one that is disabled.
func wrong() error {
	return fault.Refuse("", "", "The username or the password is not right")
}

// credentials are what a try is held against. They are empty for a name that is
// not known.
type credentials struct {
	account    ref.AccountID
	hash       string
	disabled   bool
	mustChange bool
	epoch      int64
	known      bool // the device, for this account
}

// SignIn finds out whether the password is right. A refusal says the same, after
// about the same time, whether the name is known or not (ASVS 6.3.8); too many
// tries have to wait. The session itself is the page's to begin.
func SignIn(ctx context.Context, d *db.DB, t Try) (Signed, error) {
	t.Username = CanonicalUsername(t.Username)
	c, err := db.View(ctx, d, authz.Actor{}, "sign-in", func(ctx context.Context, q *db.ReadTx) (credentials, audit.Seen, error) {
		c, err := loadCredentials(ctx, q, t.Username, t.Device)
		return c, audit.Nobody(), err
	})
	if err != nil {
		return Signed{}, err
	}
	try, err := count(ctx, d, t, c)
	if err != nil {
		return Signed{}, err
	}
	right, err := matches(ctx, t.Password, c.hash)
	if err != nil {
		return Signed{}, err
	}
	if !right || c.disabled {
		if err := refuse(ctx, d, c); err != nil {
			return Signed{}, err
		}
		return Signed{}, wrong()
	}
	return admit(ctx, d, t, c, try)
}

// refuse puts a try that was not right into the log, alike for every name.
func refuse(ctx context.Context, d *db.DB, c credentials) error {
	_, err := db.Write(ctx, d, db.Once(db.SystemAccount), func(_ context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Consult, Command: "account.sign_in", Object: "account", ObjectID: int64(c.account), Refused: true})
		return true, nil
	})
	return err
}

func loadCredentials(ctx context.Context, q db.Querier, username, device string) (c credentials, err error) {
	err = q.QueryRow(ctx, `SELECT a.id, a.password_hash, a.disabled_at IS NOT NULL, a.must_change_password, a.session_epoch,
			EXISTS (SELECT FROM known_device k WHERE k.account_id = a.id AND k.device_hash = $2)
		FROM account a WHERE a.username = $1 AND a.kind = 'person'`, username, deviceHash(device)).
		Scan(&c.account, &c.hash, &c.disabled, &c.mustChange, &c.epoch, &c.known)
	if errors.Is(err, pgx.ErrNoRows) {
		return credentials{}, nil
	}
	return c, err
}

// admit takes the try off the count and lets the person go on. Somebody without a
// role today is told so, now that it is known to be them.
func admit(ctx context.Context, d *db.DB, t Try, c credentials, try int64) (Signed, error) {
	signed := Signed{Account: c.account, Epoch: c.epoch, Next: NextStep(c.mustChange)}
	device := t.Device
	if !wellFormedSecret(device) {
		device = newSecret()
		signed.Device = device
	}
	_, err := db.Write(ctx, d, db.Once(int64(c.account)), func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := Forgive(ctx, tx, try); err != nil {
			return false, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO known_device (account_id, device_hash, recorded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			c.account, deviceHash(device), tx.Now()); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Consult, Command: "account.sign_in", Object: "account", ObjectID: int64(c.account)})
		return true, nil
	})
	if fault.KindOf(err) == fault.Forbidden {
		return Signed{}, fault.Refuse("", "", "Your account has no role in any area today. Ask your administrator")
	}
	return signed, err
}

// SignOut records that somebody signed out.
func SignOut(ctx context.Context, d *db.DB, s db.Submission) error {
	_, err := db.Write(ctx, d, s, func(_ context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Consult, Command: "account.sign_out", Object: "account", ObjectID: tx.Actor().Account})
		return true, nil
	})
	if fault.KindOf(err) == fault.Forbidden { // whoever has no role any more may still go
		return nil
	}
	return err
}
