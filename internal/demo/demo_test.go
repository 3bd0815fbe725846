package demo_test

import (
	"context"
	"errors"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/demo"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

func TestTheSchemeIsMadeByTheCommandsOnceAndOnlyInAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).URL(migrate.App)
	o := demo.Options{People: 24, Months: 5, Today: clock.NewDate(2026, 11, 22), Seed: 7, Summarise: livelist.Refresh}
	accounts, err := demo.Make(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, a := range accounts {
		seen[a.Role+" in "+a.Area] = true
	}
	for _, area := range []string{"East Sussex", "Brighton & Hove", "North", "South"} {
		for _, role := range []string{"coordinator", "chair", "police", "probation", "partner", "guest", "analyst", "auditor", "administrator"} {
			if !seen[role+" in "+area] {
				t.Errorf("no account for %s in %s", role, area)
			}
		}
	}
	people(t, url, o.Today)
	if _, err := demo.Make(t.Context(), url, o); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("made a second time: %v", err)
	}
}

// people looks at who is asked to the meetings, as a reader of the demonstration does:
// each area has the six core posts of the guide (R56); to its next meeting somebody
// sends apologies and a colleague; over those that were held an update came in time, one
// late and one not at all (R71, R72); a file goes to some and a link to others (R64).
func people(t *testing.T, url string, today clock.Date) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: url, Clock: clock.NewManual(today.At(8, 0)), Summarise: livelist.Refresh})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	updates := map[string]int{}
	for _, leaf := range []string{"east", "brighton", "north", "south"} {
		ask(t, d, "coordinator."+leaf, func(ctx context.Context, q *db.ReadTx) error {
			coming, err := meeting.Coming(ctx, q)
			if err != nil {
				return err
			}
			next := coming[0]
			for _, m := range coming {
				if m.Kind == meeting.Operational && (next.Kind != meeting.Operational || m.HeldOn.Before(next.HeldOn)) {
					next = m
				}
			}
			list, err := meeting.CoreOf(ctx, q, next.Area)
			if err != nil {
				return err
			}
			if len(list) != 6 {
				t.Errorf("%s has %d core posts, want the six of the guide", leaf, len(list))
			}
			for _, c := range list {
				if !c.Works {
					t.Errorf("%s: nobody who works there is %s", leaf, c.Post)
				}
			}
			attendees, err := meeting.Attendees(ctx, q, next.ID)
			if err != nil {
				return err
			}
			sent := 0
			for _, a := range attendees {
				if a.State == "apologies" && a.Instead != 0 {
					sent++
				}
			}
			if sent != 1 {
				t.Errorf("%s: %d sent a colleague to the meeting of %s, want one", leaf, sent, next.HeldOn)
			}
			past, err := meeting.Past(ctx, q, 0)
			if err != nil {
				return err
			}
			secure := map[bool]int{}
			for _, m := range past {
				if m.Kind != meeting.Operational {
					continue
				}
				candidates, err := meeting.Candidates(ctx, q, m)
				if err != nil {
					return err
				}
				for _, c := range candidates {
					secure[c.Secure]++
				}
				u, err := meeting.UpdatesOf(ctx, q, m.ID)
				if err != nil {
					return err
				}
				for _, o := range u.Owed {
					switch {
					case o.Written == nil:
						updates["missing"]++
					case o.IsLate(m.HeldOn, today):
						updates["late"]++
					default:
						updates["in time"]++
					}
				}
			}
			if secure[true] == 0 || secure[false] == 0 {
				t.Errorf("%s circulates to %d secure addresses and %d others, want both", leaf, secure[true], secure[false])
			}
			return nil
		})
	}
	for _, kind := range []string{"in time", "late", "missing"} {
		if updates[kind] == 0 {
			t.Errorf("no written update is %s: %v", kind, updates)
		}
	}
}

func ask(t *testing.T, d *db.DB, username string, fn func(ctx context.Context, q *db.ReadTx) error) {
	t.Helper()
	id, err := db.View(t.Context(), d, authz.Actor{Account: db.SystemAccount}, "demo", func(ctx context.Context, q *db.ReadTx) (ref.AccountID, audit.Seen, error) {
		id, err := account.ByUsername(ctx, q, username)
		return id, audit.Nobody(), err
	})
	if err != nil {
		t.Fatal(err)
	}
	standing, err := d.StandingOf(t.Context(), int64(id))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.View(t.Context(), d, standing.Actor, "demo", func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
		return true, audit.Nobody(), fn(ctx, q)
	}); err != nil {
		t.Error(err)
	}
}
