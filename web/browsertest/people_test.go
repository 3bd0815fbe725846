package browsertest_test

import (
	"net/http"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/browsertest"
	"iom/web/webtest"
)

const password = "seven quiet herons by the estuary"

// patience bounds what a test waits for by itself.
const patience = time.Minute

// town is East Sussex with somebody in a tab for each role, who signs in with a
// password of their own.
type town struct {
	*webtest.Site
	t    *testing.T
	tabs map[authz.Role]*browsertest.Tab
}

func newTown(t *testing.T) *town {
	t.Helper()
	s := &town{Site: webtest.New(t), t: t, tabs: map[authz.Role]*browsertest.Tab{}}
	s.Prisons(t)
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner} {
		s.password(s.Account(role, s.East))
	}
	s.password(s.Account(authz.Auditor, s.Force))
	return s
}

func (s *town) password(of authz.Actor) {
	s.t.Helper()
	if err := account.SetPassword(s.t.Context(), s.DB, ref.AccountID(of.Account), password, false); err != nil {
		s.t.Fatal(err)
	}
}

// in is the tab of the role, signed in: for the first time, or again after the
// session has come to its end.
func (s *town) in(role authz.Role) *browsertest.Tab {
	s.t.Helper()
	tab := s.tabs[role]
	if tab == nil {
		tab = browsertest.Open(s.t, s.URL)
		s.tabs[role] = tab
	}
	who := s.Account(role, s.East)
	if role == authz.Auditor {
		who = s.Account(role, s.Force)
	}
	tab.Go("/")
	if tab.Path() == "/sign-in" {
		tab.Fill("username", who.Username, "password", password).Press("Sign in")
		if tab.Path() != "/" || tab.Status() != http.StatusOK {
			tab.Fatalf("%s is not signed in", role)
		}
	}
	return tab
}

// id is the account of the role as a form's choice names it.
func (s *town) id(role authz.Role) string {
	return ref.Text(ref.AccountID(s.Account(role, s.East).Account))
}

// on moves the clock to nine o'clock of a day.
func (s *town) on(day clock.Date) {
	s.Clock.Advance(day.At(9, 0).Sub(s.Clock.Now()).Truncate(time.Second))
}
