// Package webtest is the real application for tests: the real router over a
// database of its own, and clients that read pages and send forms as a browser
// without scripts does.
package webtest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/live"
	"iom/internal/platform/migrate"
	"iom/internal/platform/session"
	"iom/web"
	"iom/web/page"
)

// Site is the application over the scheme of one test.
type Site struct {
	*fixture.Scheme
	URL string
	// Live is what this process hears of changes.
	Live *live.Hub

	sessions *session.Manager
	door     *httptest.Server
	log      *testLog
}

// Log is all that the application has written to its log.
func (s *Site) Log() string {
	s.log.Lock()
	defer s.log.Unlock()
	return s.log.all.String()
}

// New starts the application over a new scheme.
func New(t testing.TB, opts ...fixture.Option) *Site {
	t.Helper()
	return Over(t, fixture.New(t, append([]fixture.Option{fixture.Summarised(livelist.Refresh)}, opts...)...))
}

// Over starts the application over a scheme that is there already.
func Over(t testing.TB, scheme *fixture.Scheme) *Site {
	t.Helper()
	sessions, err := session.New(t.Context(), scheme.TestDB.URL(migrate.Sessions), scheme.Clock, session.Options{Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sessions.Close)
	lines := &testLog{t: t}
	log := slog.New(slog.NewTextHandler(lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	changes, err := live.Listen(t.Context(), scheme.TestDB.URL(migrate.App), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(changes.Close)
	handler, err := web.Handler(page.App{DB: scheme.DB, Sessions: sessions, Log: log, Live: changes, Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(changes.Drain) // before the server, which waits for its streams
	s := &Site{Scheme: scheme, URL: server.URL, Live: changes, sessions: sessions, log: lines}
	s.door = httptest.NewServer(sessions.Wrap(http.HandlerFunc(s.enter)))
	t.Cleanup(s.door.Close)
	return s
}

// enter begins a session without a password: the tests of signing in use the real page.
func (s *Site) enter(w http.ResponseWriter, r *http.Request) {
	account := number(r.URL.Query().Get("account"))
	standing, err := s.DB.StandingOf(r.Context(), account)
	if err == nil {
		err = s.sessions.Begin(r.Context(), account, standing.SessionEpoch)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// As is a client signed in as the account of a role in an area.
func (s *Site) As(t testing.TB, actor authz.Actor) *Client {
	t.Helper()
	c := s.Stranger(t)
	s.SignIn(c, actor)
	return c
}

// SignIn signs a client in as an account, with the cookies that it has.
func (s *Site) SignIn(c *Client, actor authz.Actor) {
	c.t.Helper()
	answer, err := c.http.Get(s.Door(actor))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusNoContent {
		body, _ := io.ReadAll(answer.Body)
		c.t.Fatalf("signing in: %s: %s", answer.Status, body)
	}
	// Both servers are on 127.0.0.1, and a cookie knows no port.
}

// Door is an address that signs in whoever opens it as the account; a browser can
// open it too, as a cookie knows no port.
func (s *Site) Door(actor authz.Actor) string {
	return s.door.URL + "/?account=" + decimal(actor.Account)
}

// Stranger is a client who is not signed in.
func (s *Site) Stranger(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, base: s.URL, http: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Client reads pages and sends forms. It does not follow redirects.
type Client struct {
	t    testing.TB
	base string
	http *http.Client
}

// Get reads a page.
func (c *Client) Get(path string) *Answer {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil, nil)
}

// Do sends any request, as it is: no hidden inputs are added.
func (c *Client) Do(method, path string, values url.Values, header http.Header) *Answer {
	c.t.Helper()
	return c.do(method, path, values, header)
}

// Open sends a request whose answer is read as it comes, by the caller, who closes
// it. Without an answer it gives the error and fails no test.
func (c *Client) Open(ctx context.Context, method, path string, values url.Values, header http.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	if values != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, v := range header {
		request.Header[name] = v
	}
	return c.http.Do(request)
}

// Submit reads the page at path, takes the form on it that posts to action (or,
// with an empty action, the first one that is not signing out), fills in the values over what is there and
// sends it.
func (c *Client) Submit(path, action string, values url.Values) *Answer {
	c.t.Helper()
	form := c.Get(path).Form(action)
	for name, v := range values {
		form.Values[name] = v
	}
	return c.do(http.MethodPost, form.Action, form.Values, nil)
}

// Follow goes where a redirect leads.
func (c *Client) Follow(a *Answer) *Answer {
	c.t.Helper()
	if a.Location == "" {
		c.t.Fatalf("%s: no redirect but %d: %s", a.path, a.Status, a.Text("main"))
	}
	return c.Get(a.Location)
}

func (c *Client) do(method, path string, values url.Values, header http.Header) *Answer {
	c.t.Helper()
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if values != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, v := range header {
		request.Header[name] = v
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, path, response, content)
}

// testLog keeps the application's log, and shows the beginning of it with the test.
type testLog struct {
	sync.Mutex
	t     testing.TB
	all   strings.Builder
	shown int
}

func (l *testLog) Write(line []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	l.all.Write(line)
	if l.shown++; l.shown <= 30 {
		l.t.Logf("%s", line)
	}
	return len(line), nil
}
