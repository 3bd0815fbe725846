package tests

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web"
	"iom/web/webtest"
)

// A form is taken only from the session's own page: without its token, with that of
// somebody else, or from another site it is refused, whatever the address; and
// whoever has not signed in is led to do so (security.md 26).
func TestNoFormIsTakenFromElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.state(t)
	stranger := w.Stranger(t)
	clients := map[authz.Role]*webtest.Client{}
	csrf := map[authz.Role]string{}
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Administrator} {
		clients[role] = w.As(t, w.Account(role, w.North))
		csrf[role] = tokenOf(clients[role])
	}
	foreign := tokenOf(w.As(t, w.Account(authz.Partner, w.North)))
	for _, r := range web.Routes() {
		at := w.address(t, r.Pattern, w.plain, w.meeting.planned)
		if r.Permission != "" {
			if a := stranger.Do(r.Method, at, nil, nil); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/sign-in") {
				t.Errorf("%s %s without signing in: %d %s", r.Method, r.Pattern, a.Status, a.Location)
			}
		}
		if r.Method != http.MethodPost {
			continue
		}
		if r.Permission == "" {
			for site := range elsewhere {
				if a := stranger.Do(r.Method, at, url.Values{"_csrf": {csrfOf(stranger)}}, elsewhere[site]); a.Status != http.StatusForbidden {
					t.Errorf("POST %s by a stranger, %s: %d", r.Pattern, site, a.Status)
				}
			}
			continue
		}
		tried := false
		for role, c := range clients {
			if !role.Has(r.Permission) {
				continue
			}
			for what, sent := range map[string]struct {
				token  string
				header http.Header
			}{
				"without a token":             {"", nil},
				"with somebody else's token":  {foreign, nil},
				"from another site":           {csrf[role], http.Header{"Sec-Fetch-Site": {"cross-site"}}},
				"from a site of the same kin": {csrf[role], http.Header{"Sec-Fetch-Site": {"same-site"}}},
				"from another origin":         {csrf[role], http.Header{"Origin": {"https://example.org"}}},
				"from no origin":              {csrf[role], http.Header{"Origin": {"null"}}},
			} {
				a := c.Do(http.MethodPost, at, url.Values{"_csrf": {sent.token}, "_key": {key()}}, sent.header)
				if a.Status != http.StatusForbidden {
					t.Errorf("POST %s by %s, %s: %d", r.Pattern, role, what, a.Status)
				}
				headers(t, at, a)
			}
			tried = true
			break
		}
		if !tried {
			t.Errorf("POST %s: nobody here may send it", r.Pattern)
		}
	}
	w.unchanged(t, before, "what was refused")
}

// elsewhere are the ways in which a browser says that a form is not this site's own.
var elsewhere = map[string]http.Header{
	"from another site":           {"Sec-Fetch-Site": {"cross-site"}},
	"from a site of the same kin": {"Sec-Fetch-Site": {"same-site"}},
	"from another origin":         {"Origin": {"https://example.org"}},
	"from no origin":              {"Origin": {"null"}},
}

// csrfOf is the token of a visitor who has not signed in.
func csrfOf(c *webtest.Client) string { return c.Get("/sign-in").Form("/sign-in").Values.Get("_csrf") }

// Every answer has its headers, also those that no page of ours makes.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Stranger(t)
	for _, at := range []string{"/", "/sign-in", "/healthz", "/readyz", "/static/no-such-file.css", "/no/such/page", "/set-password/none", "//example.org/"} {
		a := c.Get(at)
		if a.Status >= 500 {
			t.Errorf("%s: %d", at, a.Status)
		}
		headers(t, "/static/", a) // but for Cache-Control, which differs
	}
}

// A form sent fifty times at once makes one record, and each is answered as the
// first was (security.md 34).
func TestAFormSentFiftyTimesIsDoneOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.As(t, w.Account(authz.Coordinator, w.North))
	person := "/nominals/" + ref.Text(w.plain.nominal)
	for _, form := range []struct{ at, table string }{
		{person + "/contacts/new", "contact"},
		{person + "/actions/new", "action"},
		{person + "/warnings/new", "nominal_warning"},
		{"/meetings/new", "meeting"},
	} {
		page := co.Get(form.at).Must(http.StatusOK)
		body := filled(page, form.at, suits)
		for _, optional := range []string{"excused", "joint", "joint_agency", "next_on"} {
			body.Del(optional)
		}
		before := w.one(t, `SELECT count(*) FROM `+form.table)
		var together sync.WaitGroup
		answers := make([]string, 50)
		for i := range answers {
			together.Go(func() {
				a := co.Do(http.MethodPost, form.at, body, nil)
				answers[i] = http.StatusText(a.Status) + " " + a.Location
				if a.Status != http.StatusSeeOther {
					answers[i] += a.Text("main")
				}
			})
		}
		together.Wait()
		for _, got := range answers {
			if got != answers[0] || !strings.HasPrefix(got, "See Other") {
				t.Errorf("%s: %.300s, the first %.300s", form.at, got, answers[0])
				break
			}
		}
		if n := w.one(t, `SELECT count(*) FROM `+form.table) - before; n != 1 {
			t.Errorf("%s: %d records were made", form.at, n)
		}
	}
}
