package page

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"

	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/session"
	"iom/web/ui"
)

// bodyLimit is more than any form of ours holds. A text of a megabyte still gets
// its error at the field.
const bodyLimit = 8 << 20

// Signed serves a page for people who are signed in and have the permission.
func (a App) Signed(route string, p authz.Permission, h Handler) http.HandlerFunc {
	return a.signed(route, p, h, false)
}

func (a App) signed(route string, p authz.Permission, h Handler, watched bool) http.HandlerFunc {
	return a.serve(route, func(c *Ctx) error {
		c.watched = watched
		ok, err := c.signedIn()
		if err != nil || !ok {
			return err
		}
		if !c.Actor.May(p) {
			return fault.Denied("")
		}
		if c.resumed != nil {
			c.held = signedOutBefore
			return h(c)
		}
		return c.guarded(h)
	})
}

// Public serves one of the few pages that need no signing in.
func (a App) Public(route string, h Handler) http.HandlerFunc {
	return a.serve(route, func(c *Ctx) error {
		c.csrf = c.visitorToken()
		return c.guarded(h)
	})
}

// serve gives a request its context, and turns what the handler returns, or a
// panic, into a page.
func (a App) serve(route string, h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &Ctx{App: a, R: r, Route: route, w: w, Nonce: token(), request: token()}
		c.resumed, _ = r.Context().Value(resumedKey{}).(*resumed)
		harden(w.Header(), c.Nonce)
		defer func() {
			if cause := recover(); cause != nil {
				a.Log.Error("panic", "request", c.request, "route", route, "stack", string(debug.Stack()))
				c.fail(errors.New("panic"))
			}
		}()
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		if err := h(c); err != nil {
			c.fail(err)
		}
	}
}

// guarded reads the form of a POST and refuses one without the session's token,
// then calls the handler.
func (c *Ctx) guarded(h Handler) error {
	if c.R.Method == http.MethodPost {
		if err := c.R.ParseForm(); err != nil {
			return fault.Refuse("", "", "What was sent is too large or cannot be read")
		}
		switch {
		case c.carries(c.csrf):
		case c.carries(c.former) && !slices.Contains(neverKept, c.Route):
			c.held = signedInAgain
		default:
			return fault.Denied("This form was not sent from your own session. Open the page again and send it from there")
		}
	}
	return h(c)
}

// signedIn finds out who asks. Without a session a reader is led to sign in and
// back again.
func (c *Ctx) signedIn() (bool, error) {
	find := c.Sessions.Current
	if c.watched { // what a page asks by itself is no use of the session
		find = c.Sessions.Watching
	}
	current, ok := find(c.Context())
	if !ok {
		return false, c.toSignIn()
	}
	standing, err := c.DB.StandingOf(c.Context(), current.Account)
	if err != nil {
		return false, err
	}
	if !mayGoOn(standing, current) {
		if err := c.Sessions.End(c.Context()); err != nil {
			return false, err
		}
		return false, c.toSignIn()
	}
	c.Actor, c.csrf, c.former, c.epoch = standing.Actor, current.CSRF, current.Former, current.Epoch
	c.Actor.SessionHash = current.Hash
	if c.Display = current.Display; c.Display != 0 && !slices.Contains(displayRoutes, c.Route) {
		return false, fault.Denied("This browser shows a meeting and nothing else. Sign out to use it for something else")
	}
	if len(c.Actor.Grants) == 0 && c.Route != signOut {
		return false, fault.Denied("Your account has no role in any area today. Ask your administrator")
	}
	return true, nil
}

// displayRoutes are all that a session answers that was given up for a display: the
// two that show it, which ask whether it may still be shown, and signing out.
var displayRoutes = []string{"GET /meetings/{id}/display", "GET /meetings/{id}/live", signOut}

// mayGoOn says whether a session still counts for its account.
func mayGoOn(standing db.Standing, s session.Current) bool {
	return !standing.Disabled && !standing.System && standing.SessionEpoch == s.Epoch
}

// toSignIn leads to signing in and, from there, back to the page that was asked
// for, or to the form that was sent.
func (c *Ctx) toSignIn() error {
	if c.Route == signOut { // of a session that has run out: what it left goes too
		if err := c.Sessions.End(c.Context()); err != nil {
			return fault.Down(err)
		}
		if err := c.ForgetUnsent(); err != nil {
			return err
		}
		return c.SeeOther("/sign-in", "You have signed out")
	}
	next, why := "", ""
	switch {
	case c.resumed != nil: // ended once more, between signing in and coming back
		next = "/unsent/" + c.resumed.id
	case c.R.Method == http.MethodPost:
		var err error
		if next, why, err = c.keep(); err != nil {
			return err
		}
	case c.R.Method == http.MethodGet && c.R.URL.Path != "/":
		next = c.R.URL.RequestURI()
	}
	if next == "" {
		return c.SeeOther("/sign-in", why)
	}
	return c.SeeOther("/sign-in?next="+url.QueryEscape(next), why)
}

// fail answers with the page of an error. What a person may be told is in the
// fault; anything else is in the log only, under the request's id.
func (c *Ctx) fail(err error) {
	chrome := c.Chrome("", nil)
	chrome.Problems = nil // whatever is said, the page says
	view, status := ui.Failed(chrome, c.request), http.StatusInternalServerError
	kind := fault.KindOf(err)
	if c.held != "" && (kind == fault.Invalid || kind == fault.Stale) {
		if drawn := c.drawTyped(fault.ProblemsOf(err)); drawn == nil {
			return
		}
	}
	switch kind {
	case fault.NotFound:
		view, status = ui.NotFound(chrome), http.StatusNotFound
	case fault.Forbidden:
		view, status = ui.Forbidden(chrome, first(fault.ProblemsOf(err))), http.StatusForbidden
	case fault.Unavailable:
		c.Log.Error("unavailable", "request", c.request, "route", c.Route, "error", err.Error())
		c.w.Header().Set("Retry-After", "5")
		view, status = ui.Unavailable(chrome), http.StatusServiceUnavailable
	case fault.Stale:
		view, status = stalePage(c.Chrome("Changed by somebody else", nil)), http.StatusConflict
	case fault.Invalid:
		view, status = refusedPage(c.Chrome("This cannot be done", nil), fault.ProblemsOf(err)), http.StatusUnprocessableEntity
	default:
		c.Log.Error("failed", "request", c.request, "route", c.Route, "error", err.Error())
	}
	if err := c.render(status, view); err != nil {
		c.Log.Error("the error page cannot be drawn", "request", c.request, "error", err.Error())
		http.Error(c.w, "Something went wrong", http.StatusInternalServerError)
	}
}

func first(problems []fault.Problem) string {
	if len(problems) == 0 {
		return ""
	}
	return problems[0].Text
}

// NotFound answers for an address that leads nowhere, in the same bytes as for a
// record that this person may not know of.
func NotFound(*Ctx) error { return fault.Missing() }

// Hardened gives every answer its headers, also those that no page of ours makes.
func Hardened(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header(), token())
		h.ServeHTTP(w, r)
	})
}

// harden sets the headers that every answer carries, errors included.
func harden(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+nonce+"'; style-src 'self'; img-src 'self'; font-src 'self'; "+
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "+
		"require-trusted-types-for 'script'; trusted-types 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
}

// visitorToken protects the forms of people who have no session yet: the same
// random value in a cookie and in the form.
func (c *Ctx) visitorToken() string {
	name := c.cookieName("visitor")
	if cookie, err := c.R.Cookie(name); err == nil && len(cookie.Value) == 22 {
		return cookie.Value
	}
	value := token()
	c.setCookie(name, value, 0)
	return value
}

// token is 128 random bits.
func token() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	return base64.RawURLEncoding.EncodeToString(b[:])
}
