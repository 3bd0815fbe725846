package livelist_test

import (
	"context"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/law"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/sentence"
	"iom/internal/insight/home"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Back on a fixed-term recall of 56 days from Monday 1 June 2026, which counts: the last
// day is Sunday 26 July, so that the person is let out on Friday 24 July, the working day
// before (R136, R137). A standard recall has no day by the law, and what the prison notifies
// wins (R121).
func TestTheListFollowsTheEndOfARecallByR136(t *testing.T) {
	t.Parallel()
	day := clock.MustISO
	s := fixture.New(t, fixture.On(day("2026-06-01")))
	s.Prisons(t)
	of, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Prison)
	by, ctx := s.As(authz.Probation, s.East), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	row := func() livelist.Row {
		t.Helper()
		r, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) (livelist.Row, error) {
			r, _, err := livelist.Of(ctx, q, of)
			return r, err
		})
		must(err)
		return r
	}
	id, err := sentence.Record(ctx, s.DB, by, sentence.New{Nominal: of, ImposedOn: day("2025-01-05"), Court: "Lewes Crown Court", Offence: "Burglary",
		OffenceOn: day("2025-01-05"), Type: sentence.Determinate, Term: sentence.Term{Months: 20}, Source: "court"}) // to 4 September 2026
	must(err)
	rid, err := recall.Decide(ctx, s.DB, by, recall.New{Nominal: of, Sentence: id, DecidedAt: day("2026-05-29").At(9, 0), DecidedBy: "Robin Eastwood", Reason: "Out of touch", Source: "probation"})
	must(err)
	kind := func(k law.RecallKind) {
		t.Helper()
		must(recall.Answer(ctx, s.DB, by, of, rid, recall.Decided{Kind: k, Reason: "PPCS letter", Source: "PPCS"}))
	}
	kind(law.FixedTerm56)
	must(recall.Return(ctx, s.DB, by, of, rid, recall.Returned{On: day("2026-06-01"), Prison: "LWI", Source: "prison"}))
	if r := row(); r.ReleaseOn != day("2026-07-24") || !r.ReleaseByLaw || r.InCustody(day("2026-06-01")) {
		t.Errorf("56 days: %s, by law %t", r.ReleaseOn, r.ReleaseByLaw)
	}
	led := s.Account(authz.Coordinator, s.East)
	h, err := fixture.Read(t, s, led, func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
	must(err)
	named := false
	for _, b := range h.Blocks {
		named = named || b.Kind == home.Releases && len(b.Items) == 1 && b.Items[0].Nominal == of && b.Items[0].Day == day("2026-07-24")
	}
	if !named {
		t.Errorf("the start page does not name the release: %+v", h.Blocks)
	}
	kind(law.StandardRecall)
	if r := row(); !r.ReleaseOn.IsZero() {
		t.Errorf("a standard recall ends on %s by the law", r.ReleaseOn)
	}
	kind(law.FixedTerm56)
	_, err = custody.Notify(ctx, s.DB, by, custody.NewNotice{Nominal: of, NotifiedBy: "Lewes", NotifiedOn: day("2026-06-01"), Source: "letter",
		Dates: []custody.Dated{{Kind: custody.ReRelease, Day: day("2026-07-22")}}})
	must(err)
	if r := row(); r.ReleaseOn != day("2026-07-22") || r.ReleaseByLaw {
		t.Errorf("notified: %s, by law %t", r.ReleaseOn, r.ReleaseByLaw)
	}
}
