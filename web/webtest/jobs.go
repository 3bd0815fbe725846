package webtest

import (
	"context"
	"testing"

	"iom/internal/insight/livelist"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/internal/platform/migrate"
)

// Work does the background work of a site by a plan, until the test ends. The jobs
// that are due are done when Settle of the runner returns.
func (s *Site) Work(t testing.TB, plan *job.Plan) *job.Runner {
	t.Helper()
	url := s.TestDB.URL(migrate.Jobs)
	d, err := db.Open(t.Context(), db.Options{URL: url, Clock: s.Clock, MaxConns: 4, Summarise: livelist.Refresh, SummariseLater: livelist.RefreshLater})
	if err != nil {
		t.Fatal(err)
	}
	r, err := job.Start(t.Context(), job.Options{URL: url, DB: d, Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		d.Close()
	})
	return r
}
