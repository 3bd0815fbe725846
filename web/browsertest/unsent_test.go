package browsertest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/session"
	"iom/internal/platform/testdb"
)

// Somebody types for a long time, and the session runs out meanwhile. After signing
// in again the form is there as it was left, and what is sent then is one record.
func TestALongTextOutlivesItsSession(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	n, _ := s.Registered(t, s.East, "Larkrise", "Jennie", rag.Red)
	person := "/nominals/" + ref.Text(n)
	said := strings.Repeat("Talked for an hour about her children and the man who waits at the corner. ", 60) + "\nThe last line."

	tab := s.in(authz.Probation)
	tab.Go(person+"/contacts/new").Fill("kind", "home visit", "outcome", "seen", "log", said, "result", "Ask the school")
	s.Clock.Advance(session.Idle + time.Minute)
	tab.Send("/contacts/new").Has("Sign in", "the form comes back as you filled it in").Lacks("the man who waits")
	tab.Fill("username", s.Account(authz.Probation, s.East).Username, "password", "not the right one").Press("Sign in")
	tab.Fill("username", s.Account(authz.Probation, s.East).Username, "password", password).Press("Sign in")
	tab.Has("You were signed out. Nothing was saved. Check what you typed and send it again", "Larkrise")
	if tab.Status() != http.StatusOK || tab.Typed("log") != said || tab.Typed("result") != "Ask the school" || tab.Typed("kind") != "home visit" || tab.Typed("outcome") != "seen" {
		tab.Fatalf("the form is not as it was left: %q, %q, %q", tab.Typed("kind"), tab.Typed("outcome"), tab.Typed("log"))
	}
	tab.Send("/contacts/new").Has("Contact logged")
	if logged := s.count("contact"); logged != 1 {
		t.Errorf("%d contacts are logged, want 1", logged)
	}
}

// After signing out the Back button shows nothing of what was read (security.md 29).
func TestBackShowsNothingAfterSigningOut(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	n, _ := s.Registered(t, s.East, "Larkrise", "Jennie", rag.Red)
	person := "/nominals/" + ref.Text(n)

	tab := s.in(authz.Probation)
	tab.Go(person).Has("Larkrise")
	tab.Go(person + "/contacts/new").Has("Larkrise")
	tab.Press("Sign out").Has("You have signed out")
	for range 3 {
		tab.Back().Lacks("Larkrise")
		if tab.Path() != "/sign-in" {
			tab.Fatalf("going back shows a page")
		}
	}
}

func (s *town) count(what string) (n int64) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.TestDB.URL(testdb.Superuser))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(s.t.Context(), `SELECT count(*) FROM `+what).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}
