package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/session"
	"iom/internal/platform/testdb"
	"iom/web/webtest"
)

const told = "Canary: she told me of the man in the blue van.\nSecond line & more <b>"

// late is a police officer of East with a form filled in whose session has run out.
type late struct {
	*webtest.Site
	t     *testing.T
	actor authz.Actor
	tab   *webtest.Client
	at    string
	form  webtest.Form
}

func newLate(t *testing.T) *late {
	t.Helper()
	s := webtest.New(t)
	n, _ := s.Registered(t, s.East, "Larkrise", "Jennie", rag.Red)
	l := &late{Site: s, t: t, actor: s.Account(authz.Police, s.East), at: "/nominals/" + ref.Text(n) + "/contacts/new"}
	l.tab = s.As(t, l.actor)
	l.form = l.tab.Get(l.at).Must(http.StatusOK).Form(l.at)
	for name, v := range map[string]string{"kind": "home visit", "outcome": "seen", "log": told} {
		l.form.Values.Set(name, v)
	}
	l.Clock.Advance(session.Idle + time.Second)
	return l
}

// send sends the form as it was filled in.
func (l *late) send() *webtest.Answer { return l.tab.Do(http.MethodPost, l.at, l.form.Values, nil) }

// kept sends the form too late and gives the address under which it comes back.
func (l *late) kept() string {
	l.t.Helper()
	a := l.send().Must(http.StatusSeeOther)
	u, err := url.Parse(a.Location)
	if err != nil || u.Path != "/sign-in" || !strings.HasPrefix(u.Query().Get("next"), "/unsent/") {
		l.t.Fatalf("a form sent too late leads to %s", a.Location)
	}
	l.tab.Get(a.Location).Must(http.StatusOK).Has("the form comes back as you filled it in").Lacks("Canary")
	return u.Query().Get("next")
}

// isGone fails the test when the client gets to see what was typed.
func (l *late) isGone(c *webtest.Client, at string) {
	l.t.Helper()
	if a := c.Get(at).Must(http.StatusSeeOther).Lacks("Canary"); a.Location != "/" {
		l.t.Errorf("%s leads to %s", at, a.Location)
	}
}

func (l *late) count(what string) (n int64) {
	l.t.Helper()
	conn, err := pgx.Connect(l.t.Context(), l.TestDB.URL(testdb.Superuser))
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(l.t.Context(), `SELECT count(*) FROM `+what).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// A form that comes after the session has run out is there again, filled, after
// signing in; sending it makes one record, and it is shown once.
func TestAFormComesBackAfterSigningIn(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]time.Duration{"idle": 0, "over": session.Absolute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLate(t)
			l.Clock.Advance(after)
			at := l.kept()
			if n := l.count("contact"); n != 0 {
				t.Fatalf("%d contacts were logged by nobody", n)
			}
			l.SignIn(l.tab, l.actor)
			back := l.tab.Get(at).Must(http.StatusOK).Has("You were signed out. Nothing was saved. Check what you typed and send it again")
			form := back.Form(l.at)
			for field, v := range l.form.Values {
				if got := form.Values[field]; field != "_csrf" && strings.Join(got, "|") != strings.Join(v, "|") {
					t.Errorf("%s comes back as %q, want %q", field, got, v)
				}
			}
			if form.Values.Get("_csrf") == l.form.Values.Get("_csrf") {
				t.Error("the form carries the token of the session that has ended")
			}
			l.isGone(l.tab, at)
			l.tab.Do(http.MethodPost, l.at, form.Values, nil).Must(http.StatusSeeOther)
			l.tab.Do(http.MethodPost, l.at, form.Values, nil).Must(http.StatusSeeOther)
			if n := l.count("contact"); n != 1 {
				t.Errorf("%d contacts, want 1", n)
			}
			if n := l.count("unsent_form"); n != 0 {
				t.Errorf("%d forms are still kept", n)
			}
		})
	}
}

// What was kept is for one account, in one browser, for an hour; and neither the
// database nor the log has it to read.
func TestAKeptFormIsForItsSenderAlone(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]func(t *testing.T, l *late, at string){
		"another account": func(t *testing.T, l *late, at string) {
			l.SignIn(l.tab, l.Account(authz.Coordinator, l.East))
			l.isGone(l.tab, at)
			l.tab.Get("/").Must(http.StatusOK).Lacks("Canary")
			l.SignIn(l.tab, l.actor) // it was not used up by the other
			l.tab.Get(at).Must(http.StatusOK).Has("the man in the blue van")
		},
		"another browser": func(t *testing.T, l *late, at string) {
			l.isGone(l.As(t, l.actor), at)
		},
		"another browser with a key of its own": func(t *testing.T, l *late, at string) {
			other := l.As(t, l.actor)
			form := other.Get(l.at).Form(l.at)
			l.Clock.Advance(session.Idle + time.Second)
			other.Do(http.MethodPost, l.at, form.Values, nil).Must(http.StatusSeeOther)
			l.SignIn(other, l.actor)
			l.isGone(other, at)
		},
		"a stranger": func(t *testing.T, l *late, at string) {
			if a := l.Stranger(t).Get(at).Must(http.StatusSeeOther); !strings.HasPrefix(a.Location, "/sign-in") {
				t.Errorf("a stranger is led to %s", a.Location)
			}
		},
		"just within the hour": func(t *testing.T, l *late, at string) {
			l.Clock.Advance(session.UnsentFor - 2*time.Second)
			l.SignIn(l.tab, l.actor)
			l.tab.Get(at).Must(http.StatusOK).Has("the man in the blue van")
		},
		"signed in again within the hour, and not looked at": func(t *testing.T, l *late, at string) {
			l.Clock.Advance(session.UnsentFor - 5*time.Minute)
			l.SignIn(l.tab, l.actor)
			l.Clock.Advance(5 * time.Minute)
			l.isGone(l.tab, at)
		},
		"after the hour": func(t *testing.T, l *late, at string) {
			l.Clock.Advance(session.UnsentFor)
			l.SignIn(l.tab, l.actor)
			l.isGone(l.tab, at)
			if n := l.count("unsent_form"); n != 0 {
				t.Error("a form that waited too long is still there after the next signing in")
			}
		},
		"after signing out": func(t *testing.T, l *late, at string) {
			l.SignIn(l.tab, l.actor)
			l.tab.Submit("/account", "/sign-out", nil).Must(http.StatusSeeOther)
			if n := l.count("unsent_form"); n != 0 {
				t.Error("signing out left the form")
			}
			l.SignIn(l.tab, l.actor)
			l.isGone(l.tab, at)
		},
		"after signing out in a tab whose session had run out": func(t *testing.T, l *late, at string) {
			l.tab.Do(http.MethodPost, "/sign-out", url.Values{"_csrf": l.form.Values["_csrf"]}, nil).Must(http.StatusSeeOther)
			l.SignIn(l.tab, l.actor)
			l.isGone(l.tab, at)
		},
		"after the sessions of the account were ended": func(t *testing.T, l *late, at string) {
			err := account.EndSessions(t.Context(), l.DB, l.Scheme.As(authz.Administrator, l.Force), ref.AccountID(l.actor.Account))
			if err != nil {
				t.Fatal(err)
			}
			l.SignIn(l.tab, l.actor)
			l.isGone(l.tab, at)
		},
		"after a change of password": func(t *testing.T, l *late, at string) {
			if err := account.SetPassword(t.Context(), l.DB, ref.AccountID(l.actor.Account), "lantern mango frost ladder", false); err != nil {
				t.Fatal(err)
			}
			l.SignIn(l.tab, l.actor)
			l.isGone(l.tab, at)
		},
		"a HEAD uses nothing up": func(t *testing.T, l *late, at string) {
			l.SignIn(l.tab, l.actor)
			l.tab.Do(http.MethodHead, at, nil, nil)
			l.tab.Get(at).Must(http.StatusOK).Has("the man in the blue van")
		},
		"the database and the log": func(t *testing.T, l *late, at string) {
			if n := l.count(`unsent_form WHERE position('Canary'::bytea IN sealed) > 0 OR position('contacts'::bytea IN sealed) > 0`); n != 0 {
				t.Error("the database has what was typed")
			}
			if n := l.count("unsent_form"); n != 1 {
				t.Errorf("%d forms are kept, want 1", n)
			}
			if strings.Contains(l.Log(), "Canary") {
				t.Error("the log has what was typed")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLate(t)
			try(t, l, l.kept())
		})
	}
}

// Nothing is kept of a session that was ended on purpose, nor for somebody who
// never had one, nor of a form that its pages did not make.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(t *testing.T, l *late){
		"after signing out": func(t *testing.T, l *late) {
			l.SignIn(l.tab, l.actor)
			stale := l.tab.Get(l.at).Form(l.at).Values.Get("_csrf")
			l.tab.Submit("/account", "/sign-out", nil).Must(http.StatusSeeOther)
			l.form.Values.Set("_csrf", stale)
		},
		"after signing out when the session had run out": func(t *testing.T, l *late) {
			l.tab.Do(http.MethodPost, "/sign-out", url.Values{}, nil).Must(http.StatusSeeOther)
		},
		"after the sessions of the account were ended": func(t *testing.T, l *late) {
			if err := account.EndSessions(t.Context(), l.DB, l.Scheme.As(authz.Administrator, l.Force), ref.AccountID(l.actor.Account)); err != nil {
				t.Fatal(err)
			}
		},
		"of a disabled account": func(t *testing.T, l *late) {
			if err := account.Disable(t.Context(), l.DB, l.Scheme.As(authz.Administrator, l.Force), ref.AccountID(l.actor.Account)); err != nil {
				t.Fatal(err)
			}
		},
		"of a stranger":            func(t *testing.T, l *late) { l.tab = l.Stranger(t) },
		"without the form's token": func(t *testing.T, l *late) { l.form.Values.Del("_csrf") },
		"with somebody else's token": func(t *testing.T, l *late) {
			l.form.Values.Set("_csrf", l.As(t, l.Account(authz.Chair, l.East)).Get("/account").Form("/sign-out").Values.Get("_csrf"))
		},
		"of a password": func(t *testing.T, l *late) { l.at = "/account/password" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLate(t)
			before(t, l)
			if a := l.send().Must(http.StatusSeeOther); a.Location != "/sign-in" {
				t.Errorf("the form leads to %s", a.Location)
			}
			if n := l.count("unsent_form"); n != 0 {
				t.Errorf("%d forms are kept", n)
			}
		})
	}
}

// A form over a megabyte is not kept, and that is said.
func TestAFormTooLargeIsNotKept(t *testing.T) {
	t.Parallel()
	l := newLate(t)
	l.form.Values.Set("log", strings.Repeat("x", session.UnsentLimit))
	if a := l.send().Must(http.StatusSeeOther); a.Location != "/sign-in" {
		t.Errorf("the form leads to %s", a.Location)
	}
	l.tab.Get("/sign-in").Must(http.StatusOK).Has("what you sent was too large to be kept")
	l.form.Values.Set("log", strings.Repeat("x", session.UnsentLimit-1000))
	at := l.kept()
	l.SignIn(l.tab, l.actor)
	if got := l.tab.Get(at).Must(http.StatusOK).Form(l.at).Values.Get("log"); len(got) != session.UnsentLimit-1000 {
		t.Errorf("%d characters come back", len(got))
	}
}

// Whoever lost the permission or the scope meanwhile gets what everybody without
// it gets, and not what was typed.
func TestAKeptFormAsksForPermissionAgain(t *testing.T) {
	t.Parallel()
	l := newLate(t)
	at := l.kept()
	exec(t, l, `UPDATE access_grant SET revoked_at = now(), revoked_by = 1 WHERE account_id = $1`, l.actor.Account)
	grant := func(role authz.Role, area ref.AreaID) {
		_, err := db.Write(t.Context(), l.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (ref.GrantID, error) {
			return account.InsertGrant(ctx, tx, account.NewGrant{Account: ref.AccountID(l.actor.Account), Role: role, Agency: ref.AgencyID(l.actor.Agency), Area: area})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	grant(authz.Auditor, l.East)
	l.SignIn(l.tab, l.actor)
	l.tab.Get(at).Must(http.StatusForbidden).Lacks("Canary", "Larkrise", "Check what you typed")

	other := newLate(t)
	at = other.kept()
	exec(t, other, `INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by)
		SELECT id, $1, '', now(), 1 FROM nominal`, other.actor.Account)
	other.SignIn(other.tab, other.actor)
	other.tab.Get(at).Must(http.StatusNotFound).Lacks("Canary", "Larkrise", "Check what you typed")
}

func exec(t *testing.T, l *late, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), l.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// The version that the form was opened on comes back with it: what somebody else
// saved meanwhile is not lost either.
func TestAKeptFormThatIsStaleShowsBothVersions(t *testing.T) {
	t.Parallel()
	l := newLate(t)
	l.SignIn(l.tab, l.actor)
	l.at = "/account"
	l.form = l.tab.Get(l.at).Form(l.at)
	l.form.Values.Set("telephone", "01632 960001")
	elsewhere := l.As(t, l.actor)
	elsewhere.Submit(l.at, l.at, url.Values{"telephone": {"01632 960002"}}).Must(http.StatusSeeOther)
	l.Clock.Advance(session.Idle + time.Second)
	at := l.kept()
	l.SignIn(l.tab, l.actor)
	back := l.tab.Get(at).Must(http.StatusOK).Form(l.at)
	if back.Values.Get("telephone") != "01632 960001" || back.Values.Get("_version") != l.form.Values.Get("_version") {
		t.Fatalf("the form comes back as %v", back.Values)
	}
	l.tab.Do(http.MethodPost, l.at, back.Values, nil).Must(http.StatusConflict).Has("01632 960001", "01632 960002")
}

// Two tabs: each form has its own place to wait. A form opened before signing in
// again, in another tab, is drawn again with its text and not sent; after a sign-out
// in between, or as another account, it is refused.
func TestTheFormsOfSeveralTabs(t *testing.T) {
	t.Parallel()
	l := newLate(t)
	first := l.kept()
	l.form.Values.Set("log", "Canary of the second tab")
	second := l.kept()
	l.SignIn(l.tab, l.actor)
	l.tab.Get(second).Must(http.StatusOK).Has("Canary of the second tab")
	l.tab.Get(first).Must(http.StatusOK).Has("the man in the blue van")

	l.form.Values.Set("log", "Canary of the third tab")
	again := l.send().Must(http.StatusUnprocessableEntity).Has("You signed in again after this form was opened. Nothing was saved")
	form := again.Form(l.at)
	if form.Values.Get("log") != "Canary of the third tab" || l.count("contact") != 0 {
		t.Fatalf("the form comes back as %v", form.Values)
	}
	l.tab.Do(http.MethodPost, l.at, form.Values, nil).Must(http.StatusSeeOther)
	if n := l.count("contact"); n != 1 {
		t.Errorf("%d contacts, want 1", n)
	}

	third := l.tab.Get(l.at).Form(l.at).Values.Get("_csrf")
	l.SignIn(l.tab, l.Account(authz.Coordinator, l.East))
	l.form.Values.Set("_csrf", third)
	l.send().Must(http.StatusForbidden).Lacks("Canary")
	l.SignIn(l.tab, l.actor)
	fourth := l.tab.Get(l.at).Form(l.at).Values.Get("_csrf")
	l.tab.Submit("/account", "/sign-out", nil).Must(http.StatusSeeOther)
	l.SignIn(l.tab, l.actor)
	l.form.Values.Set("_csrf", fourth)
	l.send().Must(http.StatusForbidden).Lacks("Canary")
}
