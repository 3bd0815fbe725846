package livelistpage_test

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/web/webtest"
)

// After a setting has been changed nobody waits for the list: it says that it is being
// worked out anew, and then follows the setting (R45: 14 days at AMBER, here 7).
func TestTheListIsWorkedOutAnewInTheBackground(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	nominal, _ := s.Registered(t, s.East, "Yew", "Patrick", rag.Amber)
	coordinator := s.As(t, s.Account(authz.Coordinator, s.East))
	const anew = "being worked out anew"
	due := func() (day string) {
		system, err := s.DB.StandingOf(t.Context(), db.SystemAccount)
		if err != nil {
			t.Fatal(err)
		}
		day, err = db.View(t.Context(), s.DB, system.Actor, "test", func(ctx context.Context, q *db.ReadTx) (string, audit.Seen, error) {
			var d time.Time
			err := q.QueryRow(ctx, `SELECT visit_due_on FROM live_list WHERE nominal_id = $1`, nominal).Scan(&d)
			return d.Format("2006-01-02"), audit.Nobody(), err
		})
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	coordinator.Get("/live-list").Must(200).Lacks(anew)
	before := due()
	if _, err := area.Choose(t.Context(), s.DB, fixture.System(), s.East, map[area.Key]string{area.AmberVisitDays: "7"}); err != nil {
		t.Fatal(err)
	}
	coordinator.Get("/live-list").Must(200).Has(anew)
	if due() != before {
		t.Error("the rows were recomputed while somebody waited")
	}
	plan := &job.Plan{}
	plan.Do(livelist.Anew, livelist.RefreshAll)
	if err := s.Work(t, plan).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	coordinator.Get("/live-list").Must(200).Lacks(anew)
	was, _ := time.Parse("2006-01-02", before)
	if want := was.AddDate(0, 0, -7).Format("2006-01-02"); due() != want {
		t.Errorf("the visit is due on %s, want %s: 7 days in place of 14", due(), want)
	}
}
