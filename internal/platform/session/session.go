// Package session remembers who is signed in. A session ends after 15 minutes
// without a request and after 12 hours in any case. Only a hash of its token is
// stored, and one that was ended stays ended, also for a request that is still
// under way. All times are those of the application's clock.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"iom/internal/platform/clock"
)

// How long a session lasts (ASVS 7.3).
const (
	Idle     = 15 * time.Minute
	Absolute = 12 * time.Hour
	// touchEvery is how often use is written down: a write in every request costs a
	// third of the throughput. The idle time is counted from the last touch.
	touchEvery = time.Minute
)

// Options of a manager.
type Options struct {
	// Insecure is for serving without TLS on loopback: the cookie then has a name
	// without the prefix that only secure cookies may have.
	Insecure bool
	// Tracer is told of every statement, with its values. For measuring alone.
	Tracer pgx.QueryTracer
}

// Manager keeps the sessions, and the forms that came too late for theirs, in
// Postgres, through a pool of its own as the role iom_sessions, which sees nothing
// else.
type Manager struct {
	scs   *scs.SessionManager
	pool  *pgxpool.Pool
	clock clock.Clock
	store *store
}

// New connects as iom_sessions.
func New(ctx context.Context, url string, c clock.Clock, o Options) (*Manager, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database's address for sessions is wrong: %w", err)
	}
	config.MaxConns = 8
	config.ConnConfig.RuntimeParams["application_name"] = "iom sessions"
	config.ConnConfig.RuntimeParams["statement_timeout"] = "5000"
	config.ConnConfig.Tracer = o.Tracer
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	m := &Manager{pool: pool, clock: c, store: &store{pool: pool, clock: c}, scs: scs.New()}
	m.scs.Store = m.store
	m.scs.Codec = codec{}
	m.scs.Lifetime = Absolute
	m.scs.Cookie = scs.SessionCookie{Name: cookieName(o.Insecure), Path: "/", HttpOnly: true, Secure: !o.Insecure, SameSite: http.SameSiteLaxMode}
	return m, nil
}

func cookieName(insecure bool) string {
	if insecure {
		return "iom"
	}
	return "__Host-iom"
}

// Close closes the connections.
func (m *Manager) Close() { m.pool.Close() }

// Current is the session of a request.
type Current struct {
	Account int64
	Display int64  // what the session shows, and nothing else; 0: it is one of a person who works
	Epoch   int64  // of the account's sessions when this one began
	CSRF    string // that every form of this session carries
	Former  string // that of the session before, of the same account in the same browser; empty when there was none
	Hash    string // names the session in the log; the token cannot be found from it
}

// The keys of what a session holds.
const (
	keyAccount = "account"
	keyEpoch   = "epoch"
	keyCSRF    = "csrf"
	keyFormer  = "former"
	keyBegan   = "began" // seconds since 1970, as is keySeen
	keySeen    = "seen"
	keyDisplay = "display"
)

// Current is who is signed in; ok is false when nobody is, or no longer. It
// notes, at most once a minute, that the session is in use.
func (m *Manager) Current(ctx context.Context) (c Current, ok bool) {
	c, ok = m.Watching(ctx)
	if !ok {
		return c, false
	}
	now := m.clock.Now()
	if now.Sub(time.Unix(m.scs.GetInt64(ctx, keySeen), 0)) >= touchEvery {
		m.scs.Put(ctx, keySeen, now.Unix())
	}
	return c, true
}

// Watching is Current for what a page asks by itself, without anybody touching it:
// it does not count as use, so that a page that is left open does not keep its
// session alive (ASVS 7.3).
func (m *Manager) Watching(ctx context.Context) (c Current, ok bool) {
	account := m.scs.GetInt64(ctx, keyAccount)
	if account == 0 || !m.lasts(m.scs.GetInt64(ctx, keyBegan), m.scs.GetInt64(ctx, keySeen), m.scs.GetInt64(ctx, keyDisplay)) {
		return Current{}, false
	}
	hash := sha256.Sum256([]byte("log:" + m.scs.Token(ctx)))
	return Current{
		Account: account, Epoch: m.scs.GetInt64(ctx, keyEpoch), CSRF: m.scs.GetString(ctx, keyCSRF),
		Former: m.scs.GetString(ctx, keyFormer), Display: m.scs.GetInt64(ctx, keyDisplay), Hash: hex.EncodeToString(hash[:8]),
	}, true
}

// Presented is the session whose token the browser sent, whether it still goes on
// or has run out within the last day. One that was ended, by signing out or
// otherwise, says nothing any more.
func (m *Manager) Presented(ctx context.Context) (c Current, ok bool, err error) {
	data, found, err := m.store.presented(ctx, presented(ctx))
	if err != nil || !found {
		return c, false, err
	}
	_, values, err := codec{}.Decode(data)
	if err != nil {
		return c, false, err
	}
	c.Account, _ = values[keyAccount].(int64)
	c.Epoch, _ = values[keyEpoch].(int64)
	c.CSRF, _ = values[keyCSRF].(string)
	c.Display, _ = values[keyDisplay].(int64)
	return c, c.Account != 0, nil
}

// lasts says whether a session that began, and was last used, at these seconds is
// still good. A display is looked at and not used: for it only the twelve hours count.
func (m *Manager) lasts(began, seen, display int64) bool {
	now := m.clock.Now()
	return now.Sub(time.Unix(began, 0)) < Absolute && (display != 0 || now.Sub(time.Unix(seen, 0)) < Idle)
}

// Display gives the session up for showing one thing on a screen: a new token, for
// twelve hours from now, however long nobody touches it. What it may show is for
// the pages to say, which find the number of the display in Current.
func (m *Manager) Display(ctx context.Context, display int64) error {
	if err := m.scs.RenewToken(ctx); err != nil {
		return err
	}
	m.scs.Put(ctx, keyDisplay, display)
	m.scs.Put(ctx, keyBegan, m.clock.Now().Unix())
	return nil
}

// BeginDisplay begins a session that shows one thing and nothing else, in the name of an
// account that is not signed in here. A session that the browser presented ends. It is a
// display before it is anything: a failure leaves no session behind that could do more.
func (m *Manager) BeginDisplay(ctx context.Context, account, epoch, display int64) error {
	if err := m.Begin(ctx, account, epoch); err != nil {
		return err
	}
	m.scs.Put(ctx, keyDisplay, display)
	return nil
}

// Still asks the store once more whether the session of a request that is long
// under way is good: not ended meanwhile, not idle for too long.
func (m *Manager) Still(ctx context.Context) (bool, error) {
	data, found, err := m.store.FindCtx(ctx, m.scs.Token(ctx))
	if err != nil || !found {
		return false, err
	}
	_, values, err := m.scs.Codec.Decode(data)
	if err != nil {
		return false, err
	}
	began, _ := values[keyBegan].(int64)
	seen, _ := values[keySeen].(int64)
	display, _ := values[keyDisplay].(int64)
	return m.lasts(began, seen, display), nil
}

// Begin signs an account in, under a new token. epoch is that of the account's
// sessions: a session of an earlier one counts for nothing. The one that the
// browser had before ends.
func (m *Manager) Begin(ctx context.Context, account, epoch int64) error {
	if err := m.store.purge(ctx); err != nil {
		return err
	}
	before, known, err := m.Presented(ctx)
	if err != nil {
		return err
	}
	if known {
		if err := m.store.DeleteCtx(ctx, presented(ctx)); err != nil {
			return err
		}
	}
	if err := m.scs.Clear(ctx); err != nil {
		return err
	}
	if err := m.scs.RenewToken(ctx); err != nil {
		return err
	}
	now := m.clock.Now().Unix()
	m.scs.Put(ctx, keyAccount, account)
	m.scs.Put(ctx, keyEpoch, epoch)
	m.scs.Put(ctx, keyCSRF, rand.Text())
	if known && before.Account == account && before.Epoch == epoch {
		m.scs.Put(ctx, keyFormer, before.CSRF)
	}
	m.scs.Put(ctx, keyBegan, now)
	m.scs.Put(ctx, keySeen, now)
	return nil
}

// Renew gives the session a new token and another epoch, and leaves everything
// else, its end included: after a change of password the person stays signed in
// here, and nowhere else (ASVS 7.2.4).
func (m *Manager) Renew(ctx context.Context, epoch int64) error {
	if err := m.scs.RenewToken(ctx); err != nil {
		return err
	}
	m.scs.Put(ctx, keyEpoch, epoch)
	return nil
}

// End signs out, for good; a session that has run out is ended too.
func (m *Manager) End(ctx context.Context) error {
	if m.scs.Token(ctx) != "" {
		return m.scs.Destroy(ctx)
	}
	_, known, err := m.Presented(ctx)
	if err != nil || !known {
		return err
	}
	return m.store.DeleteCtx(ctx, presented(ctx))
}

// hashOf is what is stored of a token.
func hashOf(token string) []byte {
	hash := sha256.Sum256([]byte(token))
	return hash[:]
}

// wellFormed says whether a token can be one of ours: 32 random bytes.
func wellFormed(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) == 32
}
