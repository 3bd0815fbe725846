package account

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Details are what may be changed of an account. The username stays.
type Details struct {
	Name      string
	Email     string
	Telephone string
}

func (n Details) tidy() Details {
	return Details{strings.Join(strings.Fields(n.Name), " "), strings.TrimSpace(n.Email), strings.TrimSpace(n.Telephone)}
}

// Amend changes the details of an account. version is the one that was on the
// page. The fields of its problems are "name", "email" and "telephone".
func Amend(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID, n Details, version int64) error {
	return change(ctx, d, s, id, "account.amend", []string{"name", "email", "telephone"}, func(ctx context.Context, tx *db.Tx, a Account) error {
		if a.Name != n.tidy().Name {
			tx.TouchAll(0) // the live list shows the names of lead workers, and they can lead anywhere
		}
		return amend(ctx, tx, id, n, version)
	})
}

func amend(ctx context.Context, tx *db.Tx, id ref.AccountID, n Details, version int64) error {
	n = n.tidy()
	if err := fault.Refused(checkDetails(n.Name, n.Email, n.Telephone)); err != nil {
		return err
	}
	done, err := tx.Exec(ctx, `UPDATE account SET name = $2, email = $3, telephone = $4, version = version + 1 WHERE id = $1 AND version = $5`,
		id, n.Name, n.Email, n.Telephone, version)
	if err == nil && done.RowsAffected() == 0 {
		err = fault.Changed()
	}
	return err
}

// Disable stops an account at once: it can neither sign in nor go on with what it
// has open (ASVS 7.4.2). Its grants stay, for the day it is enabled again.
func Disable(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID) error {
	return change(ctx, d, s, id, "account.disable", nil, func(ctx context.Context, tx *db.Tx, a Account) error {
		if a.Disabled() {
			return fault.Changed()
		}
		if err := voidLinks(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE account SET disabled_at = $2, session_epoch = session_epoch + 1, version = version + 1 WHERE id = $1`, id, tx.Now())
		return err
	})
}

// Enable lets an account be used again. Sessions from before stay ended.
func Enable(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID) error {
	return change(ctx, d, s, id, "account.enable", nil, func(ctx context.Context, tx *db.Tx, a Account) error {
		if !a.Disabled() {
			return fault.Changed()
		}
		_, err := tx.Exec(ctx, `UPDATE account SET disabled_at = NULL, session_epoch = session_epoch + 1, version = version + 1 WHERE id = $1`, id)
		return err
	})
}

// EndSessions signs an account out everywhere.
func EndSessions(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID) error {
	return change(ctx, d, s, id, "account.end_sessions", nil, func(ctx context.Context, tx *db.Tx, _ Account) error {
		_, err := tx.Exec(ctx, `UPDATE account SET session_epoch = session_epoch + 1, version = version + 1 WHERE id = $1`, id)
		return err
	})
}

// change is what an administrator does to somebody else's account.
func change(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID, command string, fields []string,
	do func(ctx context.Context, tx *db.Tx, a Account) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		a, err := mustManage(ctx, tx, id)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: command, Object: "account", ObjectID: int64(id), Fields: fields})
		return true, do(ctx, tx, a)
	})
	return err
}

// AmendOwn changes one's own e-mail address and telephone number. The name is the
// administrator's to change, since signatures and minutes carry it.
func AmendOwn(ctx context.Context, d *db.DB, s db.Submission, email, telephone string, version int64) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		id := ref.AccountID(tx.Actor().Account)
		a, err := Get(ctx, tx, id)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "account.amend_own", Object: "account", ObjectID: int64(id), Fields: []string{"email", "telephone"}})
		return true, amend(ctx, tx, id, Details{Name: a.Name, Email: email, Telephone: telephone}, version)
	})
	return err
}

// ChangeOwnPassword changes one's own password, ends all one's sessions, and
// gives the epoch of those that begin from now on. Wrong tries count like those
// of signing in. The fields of its problems are "current" and "password".
func ChangeOwnPassword(ctx context.Context, d *db.DB, s db.Submission, t Try, password string) (epoch int64, err error) {
	id := ref.AccountID(s.Account())
	type person struct {
		credentials
		words []string
	}
	p, err := db.View(ctx, d, authz.Actor{Account: s.Account()}, "account", func(ctx context.Context, q *db.ReadTx) (p person, seen audit.Seen, err error) {
		a, err := Get(ctx, q, id)
		if err != nil {
			return p, seen, err
		}
		t.Username = a.Username
		if p.credentials, err = loadCredentials(ctx, q, a.Username, t.Device); err != nil {
			return p, seen, err
		}
		p.words = []string{a.Username, a.Name}
		held, err := Grants(ctx, q, id)
		for _, g := range held {
			p.words = append(p.words, g.AgencyName)
		}
		return p, audit.Nobody(), err
	})
	if err != nil {
		return 0, err
	}
	if problem := CheckPassword(password, p.words...); problem != "" {
		return 0, fault.Refuse("password", "", problem)
	}
	try, err := count(ctx, d, t, p.credentials)
	if err != nil {
		return 0, err
	}
	right, err := matches(ctx, t.Password, p.hash)
	if err == nil && !right {
		err = fault.Refuse("current", "", "This is not your password now")
	}
	if err != nil {
		return 0, err
	}
	made, err := hash(ctx, password)
	if err != nil {
		return 0, err
	}
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (epoch int64, err error) {
		if err := Forgive(ctx, tx, try); err != nil {
			return 0, err
		}
		if err := tx.Lock(ctx, "account", int64(id)); err != nil {
			return 0, err
		}
		var now string
		if err := tx.QueryRow(ctx, `SELECT password_hash, session_epoch + 1 FROM account WHERE id = $1`, id).Scan(&now, &epoch); err != nil {
			return 0, err
		}
		if now != p.hash { // somebody else set another one in between
			return 0, fault.Changed()
		}
		return epoch, setPassword(ctx, tx, id, made, false)
	})
}

// SetPassword sets the password of an account for the command line and the
// demonstration, which act as the application itself. mustChange has the person
// choose another one before anything else.
func SetPassword(ctx context.Context, d *db.DB, id ref.AccountID, password string, mustChange bool) error {
	made, err := hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		a, err := Get(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if problem := CheckPassword(password, a.Username, a.Name); problem != "" {
			return false, fault.Refuse("password", "", problem)
		}
		return true, setPassword(ctx, tx, id, made, mustChange)
	})
	return err
}
