package session

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Wrap loads the session of each request and, at the first byte of the answer,
// writes it if it changed. If it cannot be read or written the answer is 503 and
// nothing else: a page is never followed, or preceded, by a lost session.
func (m *Manager) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := m.token(r)
		ctx, err := m.scs.Load(context.WithValue(r.Context(), presentedKey{}, token), token)
		if err != nil {
			unavailable(w)
			return
		}
		answer := &answer{ResponseWriter: w, m: m, ctx: ctx}
		next.ServeHTTP(answer, r.WithContext(ctx))
		answer.settle()
	})
}

// presentedKey is under which a request knows the token that its browser sent, also
// when no session goes on under it.
type presentedKey struct{}

func presented(ctx context.Context) string {
	token, _ := ctx.Value(presentedKey{}).(string)
	return token
}

func (m *Manager) token(r *http.Request) string {
	cookie, err := r.Cookie(m.scs.Cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// answer settles the session before the first byte goes out.
type answer struct {
	http.ResponseWriter
	m       *Manager
	ctx     context.Context
	settled bool
	failed  bool
}

// settle writes the session and its cookie. It says whether the answer may go out.
func (a *answer) settle() bool {
	if a.settled {
		return !a.failed
	}
	a.settled = true
	switch a.m.scs.Status(a.ctx) {
	case scs.Modified:
		token, expiry, err := a.m.scs.Commit(a.ctx)
		if err != nil {
			a.failed = true
			a.Header().Del("Content-Encoding")
			a.Header().Del("Content-Length")
			a.Header().Del("Content-Disposition")
			a.Header().Del("Location")
			unavailable(a.ResponseWriter)
			return false
		}
		a.m.scs.WriteSessionCookie(a.ctx, a.ResponseWriter, token, expiry)
	case scs.Destroyed:
		a.m.scs.WriteSessionCookie(a.ctx, a.ResponseWriter, "", time.Time{})
	}
	return true
}

func (a *answer) WriteHeader(status int) {
	if a.settle() {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(body []byte) (int, error) {
	if !a.settle() {
		return len(body), nil
	}
	return a.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the writer below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte("The service cannot be used at present. Nothing was changed. Try again in a minute.\n")) // the caller has gone: nothing to do
}
