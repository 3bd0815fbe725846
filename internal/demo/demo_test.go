package demo_test

import (
	"errors"
	"testing"

	"iom/internal/demo"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

func TestTheSchemeIsMadeByTheCommandsOnceAndOnlyInAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).URL(migrate.App)
	o := demo.Options{People: 8, Months: 5, Today: clock.NewDate(2026, 11, 22), Seed: 7, Summarise: livelist.Refresh}
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
	if _, err := demo.Make(t.Context(), url, o); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("made a second time: %v", err)
	}
}
