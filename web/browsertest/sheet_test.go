package browsertest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/browsertest"
)

// sitting is an open meeting of two cases, everybody signed, each in a browser.
type sitting struct {
	*town
	at          string
	first, next string // pages of the cases
}

func sit(t *testing.T) *sitting {
	t.Helper()
	s := &sitting{town: newTown(t)}
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	m, _ := s.Registered(t, s.East, "Saffron", "Sid", rag.Red)
	j := &jennie{town: s.town}
	s.at = j.plan(clock.NewDate(2026, 6, 1))
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police} {
		s.in(role).Go(s.at+"/sign").Fill("signed_as", "My name").Press("Sign")
	}
	s.in(authz.Chair).Go(s.at + "/open").Send("/open")
	s.first, s.next = s.at+"/sheet/"+ref.Text(n), s.at+"/sheet/"+ref.Text(m)
	return s
}

// TestTwoWriteAtOnce: two people write on one case at the same time, ten notes each:
// each sees the other's as they are typed, none is lost, and a third who follows,
// the display, has them all (R63, R70).
func TestTwoWriteAtOnce(t *testing.T) {
	t.Parallel()
	s := sit(t)
	co, police := s.in(authz.Coordinator).Go(s.first), s.in(authz.Police).Go(s.first)
	wall := s.in(authz.Chair).Go(s.at + "/display").Has("No case has been opened yet")
	co.Press("Bring this case before the meeting").Soon("The meeting is at this case", "Up to date")
	wall.Soon("Rae Redwood", "Case 1 of 2", "Up to date")
	police.Soon("The meeting is at this case")

	co.FillIn("/discussion", "discussion-text", "Half a sen").Soon("not sent yet")
	police.Soon("Half a sen", "Casey Eastwood, writing now")
	wall.Soon("Half a sen")
	co.FillIn("/discussion", "discussion-text", "")

	const notes = 10
	var both sync.WaitGroup
	for tab, ending := range map[*browsertest.Tab]string{co: "/discussion", police: "/contribution"} {
		both.Go(func() {
			for i := range notes {
				tab.FillIn(ending, strings.TrimPrefix(ending, "/")+"-text", fmt.Sprintf("Note %c of %s", 'A'+i, ending))
				if i%3 == 0 {
					tab.Soon("not sent yet")
				}
				tab.Keep(ending).Soon(fmt.Sprintf("Note %c of %s", 'A'+i, ending), "Note kept")
			}
		})
	}
	both.Wait()
	var all []string
	for _, ending := range []string{"/discussion", "/contribution"} {
		for i := range notes {
			all = append(all, fmt.Sprintf("Note %c of %s", 'A'+i, ending))
		}
	}
	for _, tab := range []*browsertest.Tab{co, police, wall} {
		tab.Soon(all...).Check()
	}
	co.Go(s.first).Has(all...)
	if got := strings.Count(co.Text(), "Note C of /discussion"); got != 1 {
		t.Errorf("a note stands %d times", got)
	}

	// What everybody types next is there after the browser has gone.
	co.FillIn("/discussion", "discussion-text", "Not finished").FillIn("/review", "review-reason", "Because").Soon("Saved")
	co.Go(s.at+"/sheet").Go(s.first).Soon("Not finished", "Because")
	police.Tick("Follow the meeting")
	co.Press("Next case").Has("Sid Saffron")
	police.Soon("Sid Saffron")
	wall.Soon("Sid Saffron", "Case 2 of 2").Lacks("Rae Redwood")
}

// TestTheConnectionIsLost: the process that serves a page loses its connection to
// Postgres and the page its stream; what was missed meanwhile comes by itself.
func TestTheConnectionIsLost(t *testing.T) {
	t.Parallel()
	s := sit(t)
	police := s.in(authz.Police).Go(s.first).Soon("Up to date")
	conn, err := pgx.Connect(t.Context(), s.TestDB.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	co := s.in(authz.Coordinator).Go(s.first)
	if _, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE application_name = 'iom live' AND datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	co.FillIn("/discussion", "discussion-text", "Said meanwhile").Keep("/discussion").Soon("Note kept")
	police.Soon("Said meanwhile", "Up to date")
}
