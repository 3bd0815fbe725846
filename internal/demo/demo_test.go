package demo_test

import (
	"errors"
	"testing"

	"iom/internal/demo"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

func small(t *testing.T) (*db.DB, *clock.Manual, demo.Options) {
	t.Helper()
	o := demo.Options{People: 16, Months: 7, Today: clock.NewDate(2026, 11, 22), Seed: 7}
	set := clock.NewManual(o.Today.At(8, 0))
	d, err := db.Open(t.Context(), db.Options{URL: testdb.New(t).URL(migrate.App), Clock: set, Summarise: livelist.Refresh, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, set, o
}

func TestTheSchemeIsMadeByTheCommandsOnceAndOnlyInAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	d, set, o := small(t)
	accounts, err := demo.Make(t.Context(), d, set, o)
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
	if _, err := demo.Make(t.Context(), d, set, o); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("made a second time: %v", err)
	}
}
