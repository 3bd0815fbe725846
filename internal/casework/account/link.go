package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// How long a link works: one that an administrator hands over, and one that a
// person is led to straight after signing in.
const (
	LinkLasts     = 24 * time.Hour
	ownLinkLasts  = 15 * time.Minute
	linkUnusable  = "This link does not work. A link works once, for 24 hours, and only the latest one made for you. Ask your administrator for another"
	linkShownOnce = "This link was shown once already and cannot be shown again. Make another one"
)

// Link is a way to set a password, for the one person it is handed to. Its token
// is shown once and not kept.
type Link struct {
	Token   string
	Expires time.Time
}

// Path is the address of the link on this site.
func (l Link) Path() string { return "/set-password/" + l.Token }

// newSecret is 256 random bits.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func linkHash(token string) []byte {
	sum := sha256.Sum256([]byte("link:" + token))
	return sum[:]
}

// IssueLink makes a link with which the person sets a password: nobody else sees
// or chooses it (ASVS 6.4.6). The links made before stop working; the password
// there is keeps working until the link is used.
func IssueLink(ctx context.Context, d *db.DB, s db.Submission, id ref.AccountID) (Link, error) {
	token := newSecret()
	// What a form's result keeps is not the token, so a form sent twice cannot be
	// answered with it.
	made, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (madeLink, error) {
		if _, err := mustManage(ctx, tx, id); err != nil {
			return madeLink{}, err
		}
		return insertLink(ctx, tx, id, token, LinkLasts)
	})
	if err != nil {
		return Link{}, err
	}
	if string(made.Hash) != string(linkHash(token)) {
		return Link{}, fault.Refuse("", "", linkShownOnce)
	}
	return Link{Token: token, Expires: made.Expires}, nil
}

// OwnLink is for a person whose password was right but has to be changed before
// anything else (Step ChangePassword).
func OwnLink(ctx context.Context, d *db.DB, id ref.AccountID) (Link, error) {
	token := newSecret()
	made, err := db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (madeLink, error) {
		return insertLink(ctx, tx, id, token, ownLinkLasts)
	})
	return Link{Token: token, Expires: made.Expires}, err
}

type madeLink struct {
	Hash    []byte
	Expires time.Time
}

func insertLink(ctx context.Context, tx *db.Tx, id ref.AccountID, token string, lasts time.Duration) (madeLink, error) {
	made := madeLink{Hash: linkHash(token), Expires: tx.Now().Add(lasts)}
	_, err := tx.Exec(ctx, `INSERT INTO password_link (account_id, token_hash, expires_at, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
		id, made.Hash, made.Expires, tx.Now(), tx.Actor().Account)
	tx.Record(audit.Event{Operation: audit.Alter, Command: "account.link", Object: "account", ObjectID: int64(id)})
	return made, err
}

// LinkOwner is whose link it is.
type LinkOwner struct {
	Account  ref.AccountID
	Username string
	Name     string
	agencies []string
}

// OpenLink says whose link it is, if it works; otherwise the refusal says no more
// than that it does not.
func OpenLink(ctx context.Context, d *db.DB, token string) (LinkOwner, error) {
	return db.View(ctx, d, authz.Actor{}, "set-password", func(ctx context.Context, q *db.ReadTx) (LinkOwner, audit.Seen, error) {
		owner, err := findLink(ctx, q, token)
		return owner, audit.Nobody(), err
	})
}

func findLink(ctx context.Context, q db.Querier, token string) (o LinkOwner, err error) {
	err = q.QueryRow(ctx, `
		SELECT a.id, a.username, a.name,
			ARRAY(SELECT y.name FROM access_grant g JOIN agency y ON y.id = g.agency_id WHERE g.account_id = a.id AND g.revoked_at IS NULL)
		FROM password_link l JOIN account a ON a.id = l.account_id
		WHERE l.token_hash = $1 AND l.expires_at > $2 AND a.disabled_at IS NULL
			AND NOT EXISTS (SELECT FROM password_link_use u WHERE u.link_id = l.id)
			AND NOT EXISTS (SELECT FROM password_link later WHERE later.account_id = l.account_id AND later.id > l.id)`,
		linkHash(token), q.Now()).Scan(&o.Account, &o.Username, &o.Name, &o.agencies)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Refuse("", "", linkUnusable)
	}
	return o, err
}

// UseLink sets the password of the link's owner, once. It ends all their
// sessions (ASVS 7.4.3). The field of its problem is "password".
func UseLink(ctx context.Context, d *db.DB, token, password string) (LinkOwner, error) {
	owner, err := OpenLink(ctx, d, token)
	if err != nil {
		return LinkOwner{}, err
	}
	if problem := CheckPassword(password, append(owner.agencies, owner.Username, owner.Name)...); problem != "" {
		return owner, fault.Refuse("password", "", problem)
	}
	made, err := hash(ctx, password)
	if err != nil {
		return owner, err
	}
	_, err = db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := tx.Lock(ctx, "account", int64(owner.Account)); err != nil {
			return false, err
		}
		if _, err := findLink(ctx, tx, token); err != nil { // another request may have used it meanwhile
			return false, err
		}
		return true, setPassword(ctx, tx, owner.Account, made, false)
	})
	return owner, err
}

// voidLinks uses up whatever links an account has.
func voidLinks(ctx context.Context, tx *db.Tx, id ref.AccountID) error {
	_, err := tx.Exec(ctx, `INSERT INTO password_link_use (link_id, recorded_at)
		SELECT l.id, $2 FROM password_link l WHERE l.account_id = $1 AND NOT EXISTS (SELECT FROM password_link_use u WHERE u.link_id = l.id)`, id, tx.Now())
	return err
}

// setPassword keeps a new hash, uses up the links of the account and ends all its
// sessions.
func setPassword(ctx context.Context, tx *db.Tx, id ref.AccountID, made string, mustChange bool) error {
	if err := voidLinks(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE account SET password_hash = $2, must_change_password = $3, session_epoch = session_epoch + 1, version = version + 1
		WHERE id = $1`, id, made, mustChange)
	tx.Record(audit.Event{Operation: audit.Alter, Command: "account.set_password", Object: "account", ObjectID: int64(id), Fields: []string{"password"}})
	return err
}
