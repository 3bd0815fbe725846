package session

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"iom/internal/platform/clock"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// bench is a manager behind a small site: /in signs account 7 in, /out signs out,
// /who answers who is signed in, /renew changes the token.
type bench struct {
	*Manager
	clock *clock.Manual
	site  http.Handler
	db    *testdb.DB
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{clock: clock.NewManual(clock.NewDate(2026, 6, 1).At(9, 0)), db: testdb.New(t)}
	m, err := New(t.Context(), b.db.URL(migrate.Sessions), b.clock, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	b.Manager = m
	mux := http.NewServeMux()
	do := func(path string, fn func(ctx context.Context) error) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := fn(r.Context()); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.WriteHeader(http.StatusOK)
		})
	}
	do("/in", func(ctx context.Context) error { return m.Begin(ctx, 7, 3) })
	do("/out", m.End)
	do("/renew", func(ctx context.Context) error { return m.Renew(ctx, 4) })
	mux.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
		c, ok := m.Current(r.Context())
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(c.CSRF + " " + c.Hash + " " + string(rune('0'+c.Account)) + string(rune('0'+c.Epoch))))
	})
	b.site = m.Wrap(mux)
	return b
}

// ask sends a request with the token as its cookie, and gives the answer and the
// token that it sets, or the old one.
func (b *bench) ask(t *testing.T, path, token string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-iom", Value: token})
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-iom" {
			token = c.Value
		}
	}
	return w, token
}

func (b *bench) signedIn(t *testing.T, token string) bool {
	t.Helper()
	w, _ := b.ask(t, "/who", token)
	return w.Code == http.StatusOK
}

func TestTheCookieIsHardAndTheTokenIsNotStored(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	w, token := b.ask(t, "/in", "")
	cookie := w.Result().Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-iom=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %q", cookie, part)
		}
	}
	for _, part := range []string{"Expires", "Max-Age", "Domain"} {
		if strings.Contains(cookie, part) {
			t.Errorf("the cookie %q has %q", cookie, part)
		}
	}
	var rows string
	if err := b.pool.QueryRow(t.Context(), `SELECT string_agg(encode(token_hash, 'hex') || encode(data, 'escape'), ' ') FROM session`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(rows, token) || strings.Contains(rows, hex.EncodeToString([]byte(token))) {
		t.Error("the token itself is stored")
	}
	who, _ := b.ask(t, "/who", token)
	if hash := strings.Fields(who.Body.String())[1]; strings.Contains(rows, hash) {
		t.Error("the log's name of the session is a piece of what is stored")
	}
	if !strings.HasSuffix(who.Body.String(), " 73") {
		t.Errorf("account and epoch are %q, want 7 and 3", who.Body.String())
	}
}

func TestSigningInGivesANewToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	planted := strings.Repeat("A", 43)
	_, first := b.ask(t, "/in", planted)
	if first == planted {
		t.Error("a planted token was taken over")
	}
	_, second := b.ask(t, "/in", first)
	if second == first || b.signedIn(t, first) || !b.signedIn(t, second) {
		t.Error("signing in again must give another token and end the one before")
	}
	before, _ := b.ask(t, "/who", second)
	_, third := b.ask(t, "/renew", second)
	after, _ := b.ask(t, "/who", third)
	if third == second || b.signedIn(t, second) || !strings.HasSuffix(after.Body.String(), " 74") {
		t.Errorf("a renewed session must have another token and epoch: %s, then %s", before.Body, after.Body)
	}
}

func TestSessionsRunOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.ask(t, "/in", "")
	b.clock.Advance(15*time.Minute - time.Second)
	if !b.signedIn(t, token) {
		t.Fatal("after 14:59 without a request the session must live")
	}
	b.clock.Advance(15*time.Minute - time.Second)
	if !b.signedIn(t, token) {
		t.Fatal("a request must count as use")
	}
	b.clock.Advance(15 * time.Minute)
	if b.signedIn(t, token) {
		t.Fatal("after 15 minutes without a request the session must be over")
	}
	_, token = b.ask(t, "/in", "")
	end := b.clock.Now().Add(12 * time.Hour)
	for b.clock.Now().Add(14 * time.Minute).Before(end) {
		b.clock.Advance(14 * time.Minute)
		if !b.signedIn(t, token) {
			t.Fatalf("a session in use ended %s before its 12 hours", end.Sub(b.clock.Now()))
		}
	}
	b.clock.Set(end)
	if b.signedIn(t, token) {
		t.Error("after 12 hours the session must be over, in use or not")
	}
}

func TestRenewingDoesNotProlongTheTwelveHours(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.ask(t, "/in", "")
	end := b.clock.Now().Add(12 * time.Hour)
	for b.clock.Now().Add(14 * time.Minute).Before(end) {
		b.clock.Advance(14 * time.Minute)
		_, token = b.ask(t, "/renew", token)
		b.signedIn(t, token)
	}
	b.clock.Set(end)
	if b.signedIn(t, token) {
		t.Error("renewed tokens must not outlive the 12 hours")
	}
}

// TestUseIsWrittenAtMostOnceAMinute counts the versions of the row.
func TestUseIsWrittenAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.ask(t, "/in", "")
	version := func() (xmin string) {
		if err := b.pool.QueryRow(t.Context(), `SELECT xmin::text FROM session WHERE token_hash = $1`, hashOf(token)).Scan(&xmin); err != nil {
			t.Fatal(err)
		}
		return xmin
	}
	first := version()
	b.clock.Advance(59 * time.Second)
	for range 5 {
		b.signedIn(t, token)
	}
	if version() != first {
		t.Error("the session was written within a minute")
	}
	b.clock.Advance(time.Second)
	b.signedIn(t, token)
	if version() == first {
		t.Error("the session was not written after a minute")
	}
}

func TestSigningOutIsFinal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.ask(t, "/in", "")
	w, _ := b.ask(t, "/out", token)
	if !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Error("signing out must take the cookie away")
	}
	if b.signedIn(t, token) {
		t.Error("the token works after signing out")
	}
	for _, junk := range []string{"x", strings.Repeat("A", 43), strings.Repeat("/", 43), token + "A", "' OR true --"} {
		if b.signedIn(t, junk) {
			t.Errorf("the token %q works", junk)
		}
	}
}

// TestNoSlowRequestBringsASessionBack races a thousand sign-outs, each against a
// request of the same session that is about to write it.
func TestNoSlowRequestBringsASessionBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const races, workers = 1000, 4
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range races / workers {
				b.race(t)
			}
		})
	}
	all.Wait()
}

func (b *bench) race(t *testing.T) {
	load := func(token string) context.Context {
		ctx, err := b.scs.Load(context.Background(), token)
		if err != nil {
			t.Error(err)
		}
		return ctx
	}
	ctx := load("")
	if err := b.Begin(ctx, 7, 1); err != nil {
		t.Error(err)
		return
	}
	token, _, err := b.scs.Commit(ctx)
	if err != nil {
		t.Error(err)
		return
	}
	slow, out := load(token), load(token)
	var both sync.WaitGroup
	both.Go(func() {
		b.scs.Put(slow, keySeen, b.clock.Now().Unix()+1)
		if _, _, err := b.scs.Commit(slow); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() {
		if err := b.End(out); err != nil {
			t.Error(err)
		}
	})
	both.Wait()
	if _, ok := b.Current(load(token)); ok {
		t.Error("a session lives after its sign-out")
	}
}

func TestOnlySessionsLongOverAreRemoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, idle := b.ask(t, "/in", "")
	_, ended := b.ask(t, "/in", "")
	b.ask(t, "/out", ended)
	count := func() (n int) {
		if err := b.pool.QueryRow(t.Context(), `SELECT count(*) FROM session WHERE token_hash = ANY ($1)`, [][]byte{hashOf(idle), hashOf(ended)}).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	b.clock.Advance(24 * time.Hour)
	b.ask(t, "/in", "")
	if count() != 2 {
		t.Error("a session was removed while a request of it may be under way")
	}
	b.clock.Advance(time.Hour)
	b.ask(t, "/in", "")
	if count() != 0 {
		t.Error("sessions long over were left")
	}
}

// TestALostStoreSendsNoPage has the store fail when the session must be written.
func TestALostStoreSendsNoPage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.ask(t, "/in", "")
	site := b.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.clock.Advance(2 * time.Minute)
		_, _ = b.Current(r.Context())
		b.Close()
		_, _ = w.Write([]byte("the page"))
		_, _ = w.Write([]byte("and more"))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "__Host-iom", Value: token})
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "page") || strings.Contains(w.Body.String(), "more") {
		t.Errorf("the answer is %d %q", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	site.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("with the store lost from the start the answer is %d", w.Code)
	}
}

func TestValuesKeepTheirTypes(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	data, err := codec{}.Encode(deadline, map[string]any{"n": int64(1) << 60, "s": "text"})
	if err != nil {
		t.Fatal(err)
	}
	at, values, err := codec{}.Decode(data)
	if err != nil || !at.Equal(deadline) || values["n"] != int64(1)<<60 || values["s"] != "text" {
		t.Errorf("decoded %v %v %v", at, values, err)
	}
	if _, err := (codec{}).Encode(deadline, map[string]any{"f": 1.5}); err == nil {
		t.Error("a value that would change its type was taken")
	}
}
