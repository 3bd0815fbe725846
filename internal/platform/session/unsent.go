package session

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// What is kept of forms that were sent after their session had ended.
const (
	UnsentFor   = time.Hour // how long one waits for its sender
	UnsentLimit = 1 << 20   // bytes of a form, in the encoding it was sent in
	unsentMost  = 20        // of one account; the oldest give way
)

// ErrTooLarge says that a form is over UnsentLimit.
var ErrTooLarge = errors.New("session: the form is too large to be kept")

// Unsent is a form that was sent after its session had ended.
type Unsent struct {
	Path   string // where it was sent to, with the question of the address
	Values url.Values
}

// BrowserKey opens what was kept for one browser. It is in a cookie of that
// browser alone; the database has only what cannot be turned back into it.
type BrowserKey string

// NewBrowserKey is 256 random bits.
func NewBrowserKey() BrowserKey {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	return BrowserKey(base64.RawURLEncoding.EncodeToString(b[:]))
}

// WellFormed says whether the key can be one of ours.
func (k BrowserKey) WellFormed() bool { return wellFormed(string(k)) }

// derive makes one of the two values that the key stands for.
func (k BrowserKey) derive(what string) []byte {
	raw, _ := base64.RawURLEncoding.DecodeString(string(k)) // see WellFormed
	value, err := hkdf.Key(sha256.New, raw, nil, "iom unsent form: "+what, 32)
	if err != nil { // only when more is asked for than the hash can give
		panic(err)
	}
	return value
}

func (k BrowserKey) browser() []byte { return k.derive("browser") }

func (k BrowserKey) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.derive("seal"))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// bound is what a sealed form is tied to: another account, an account whose
// sessions were all ended meanwhile, another row or a later end do not open it.
func bound(id string, account, epoch int64, expires time.Time) []byte {
	return fmt.Appendf(nil, "%s %d %d %d", id, account, epoch, expires.Unix())
}

// KeepUnsent seals a form to an account, in the epoch of its sessions, and to a
// browser. It gives the id under which the form is asked for, or ErrTooLarge.
func (m *Manager) KeepUnsent(ctx context.Context, key BrowserKey, account, epoch int64, u Unsent) (id string, err error) {
	body := u.Values.Encode()
	if len(body) > UnsentLimit {
		return "", ErrTooLarge
	}
	aead, err := key.aead()
	if err != nil {
		return "", err
	}
	now := m.clock.Now().Truncate(time.Second)
	expires := now.Add(UnsentFor)
	id = newID()
	sealed := aead.Seal(nil, nil, []byte(u.Path+"\n"+body), bound(id, account, epoch, expires))
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	_, err = m.pool.Exec(ctx, `WITH over AS (
			DELETE FROM unsent_form WHERE id IN (
				SELECT id FROM unsent_form WHERE expires_at <= $6 UNION
				(SELECT id FROM unsent_form WHERE account_id = $3 ORDER BY expires_at DESC OFFSET $7)))
		INSERT INTO unsent_form (id, browser, account_id, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		id, key.browser(), account, sealed, expires, now, unsentMost-1)
	return id, err
}

// Unsent opens a form for an account, in the epoch of its sessions, from the
// browser that sent it. There is none for anybody else, nor for anybody later.
func (m *Manager) Unsent(ctx context.Context, key BrowserKey, id string, account, epoch int64) (u Unsent, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	var sealed []byte
	var expires time.Time
	err = m.pool.QueryRow(ctx, `SELECT sealed, expires_at FROM unsent_form WHERE id = $1 AND browser = $2 AND account_id = $3 AND expires_at > $4`,
		id, key.browser(), account, m.clock.Now()).Scan(&sealed, &expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, false, nil
	}
	if err != nil {
		return u, false, err
	}
	aead, err := key.aead()
	if err != nil {
		return u, false, err
	}
	plain, err := aead.Open(nil, nil, sealed, bound(id, account, epoch, expires))
	if err != nil { // sealed in an earlier epoch, or tampered with: the same to us
		return u, false, nil
	}
	path, body, _ := strings.Cut(string(plain), "\n")
	u = Unsent{Path: path}
	u.Values, err = url.ParseQuery(body)
	return u, err == nil, err
}

// DropUnsent removes a form that was shown: it is shown once.
func (m *Manager) DropUnsent(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitAtMost)
	defer cancel()
	_, err := m.pool.Exec(ctx, `DELETE FROM unsent_form WHERE id = $1`, id)
	return err
}

// ForgetUnsent removes all that was kept for a browser.
func (m *Manager) ForgetUnsent(ctx context.Context, key BrowserKey) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitAtMost)
	defer cancel()
	_, err := m.pool.Exec(ctx, `DELETE FROM unsent_form WHERE browser = $1`, key.browser())
	return err
}

// newID is a random UUID (version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
