// Package page is what every handler works with: who asks, the database under
// that person's scope, the form that was sent, and the few ways to answer. A
// handler returns an error; one place turns errors into pages.
package page

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/live"
	"iom/internal/platform/session"
	"iom/web/form"
)

// App is what all requests share.
type App struct {
	DB       *db.DB
	Sessions *session.Manager
	Log      *slog.Logger
	Live     *live.Hub      // what has changed; without it nothing can be followed
	Demo     bool           // the demonstration scheme: every page says so
	Insecure bool           // served without TLS on loopback: cookies have no __Host- prefix
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed; nobody's when empty
}

// Ctx is one request.
type Ctx struct {
	App
	R     *http.Request
	Actor authz.Actor // empty on a public page
	Route string      // method and pattern, as "GET /nominals/{id}"
	Nonce string      // of this answer's Content-Security-Policy
	// Display is what the session was given up for showing; 0 for people who work.
	Display int64

	w       http.ResponseWriter
	watched bool   // the page asks by itself
	request string // id, for the log
	csrf    string
	former  string // the token of the session before
	form    *form.Form
	epoch   int64    // of the account's sessions
	held    string   // why the form is drawn again and nothing written; empty as a rule
	resumed *resumed // the form that comes back after signing in; nil as a rule
}

// Handler answers one request.
type Handler func(c *Ctx) error

// Context is that of the request.
func (c *Ctx) Context() context.Context { return c.R.Context() }

// Now is the present moment by the application's clock.
func (c *Ctx) Now() time.Time { return c.DB.Clock().Now() }

// Today is the legal day in London.
func (c *Ctx) Today() clock.Date { return clock.Today(c.DB.Clock()) }

// RequestID is what the log knows the request by.
func (c *Ctx) RequestID() string { return c.request }

// Param is a part of the address by its name in the pattern.
func (c *Ctx) Param(name string) string { return chi.URLParam(c.R, name) }

// Query is a value after the question mark of the address.
func (c *Ctx) Query(name string) string { return c.R.URL.Query().Get(name) }

// ID reads an id of the address. What is no id is not found.
func ID[T ~int64](c *Ctx, name string) (T, error) {
	id, ok := ref.Parse[T](c.Param(name))
	if !ok {
		return 0, fault.Missing()
	}
	return id, nil
}

// View asks a question in the name of this route. The answer comes back only
// when the consultation is in the log.
func View[R any](c *Ctx, fn func(ctx context.Context, q *db.ReadTx) (R, audit.Seen, error)) (R, error) {
	return db.View(c.Context(), c.DB, c.Actor, c.Route, fn)
}

// Form is what was typed: sent with a POST, blank otherwise.
func (c *Ctx) Form() *form.Form {
	if c.form == nil {
		if c.R.Method == http.MethodPost {
			c.form = form.Submitted(c.R.PostForm)
		} else {
			c.form = form.Blank()
		}
	}
	return c.form
}

// Submission is the form's one-time key and who sends it. A form without a key
// has none that works, so that it cannot be sent twice unnoticed.
func (c *Ctx) Submission() db.Submission {
	if c.held != "" {
		return db.Held(c.Actor, c.held)
	}
	return db.FromForm(c.Actor, c.R.Method+" "+c.R.URL.Path, c.key(), c.request)
}

// Version is the version of what the form edits. A form that lost it counts as
// stale, never as the newest.
func (c *Ctx) Version() int64 {
	n, err := strconv.ParseInt(c.R.PostFormValue("_version"), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// key is the form's one-time key; one of the wrong shape is replaced, which
// makes the submission a new one.
func (c *Ctx) key() string {
	if k := c.R.PostFormValue("_key"); isUUID(k) {
		return k
	}
	return newKey()
}

// newKey is a random UUID (version 4).
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if r != '-' {
				return false
			}
		case (r < '0' || r > '9') && (r < 'a' || r > 'f'):
			return false
		}
	}
	return true
}
