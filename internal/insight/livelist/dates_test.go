package livelist_test

import (
	"context"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/sentence"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// The list shows the date in force: the law's, said to be computed, until the prison
// notifies one; the notified one from then on; and the law's again once that was taken
// back as entered in error. Each step is what working the row out from nothing gives (R117, R121).
func TestTheListFollowsTheDateInForce(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	of, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Prison)
	by, ctx, day := s.As(authz.Probation, s.East), t.Context(), clock.MustISO
	row := func() livelist.Row {
		t.Helper()
		ask := func() livelist.Row {
			r, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) (livelist.Row, error) {
				r, _, err := livelist.Of(ctx, q, of)
				return r, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		kept := ask()
		if _, err := livelist.Rebuild(ctx, s.DB); err != nil {
			t.Fatal(err)
		}
		if anew := ask(); anew.ReleaseOn != kept.ReleaseOn || anew.ReleaseByLaw != kept.ReleaseByLaw || anew.StatusEnds != kept.StatusEnds ||
			anew.StatusByLaw != kept.StatusByLaw || anew.FinalThird != kept.FinalThird {
			t.Errorf("kept %+v, from nothing %+v", kept, anew)
		}
		return kept
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := custody.Receive(ctx, s.DB, by, custody.New{Nominal: of, ReceivedOn: day("2026-05-01"), Prison: "LWI", Why: custody.OnSentence, Source: "prison"})
	must(err)
	if r := row(); !r.ReleaseOn.IsZero() {
		t.Errorf("nothing is known, and the release is %s", r.ReleaseOn)
	}
	// 24 months from 1 May 2026 end on 30 April 2028: 731 days, of which 40% are 293. Day 293 is 17 February 2027, a Wednesday.
	id, err := sentence.Record(ctx, s.DB, by, sentence.New{Nominal: of, ImposedOn: day("2026-05-01"), Court: "Lewes Crown Court", Offence: "Burglary", OffenceOn: day("2026-04-01"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 24}, Source: "court"})
	must(err)
	if r := row(); r.ReleaseOn != day("2027-02-17") || !r.ReleaseByLaw || !r.InCustody(day("2026-06-01")) {
		t.Errorf("computed: %s, by law %t", r.ReleaseOn, r.ReleaseByLaw)
	}
	_, err = sentence.Adjust(ctx, s.DB, by, of, id, sentence.NewAdjustment{Moves: sentence.OnRemand, Days: 7, Dated: day("2026-05-01"), Source: "prison"})
	must(err)
	if r := row(); r.ReleaseOn != day("2027-02-10") {
		t.Errorf("with seven days of remand: %s", r.ReleaseOn)
	}
	_, err = custody.Notify(ctx, s.DB, by, custody.NewNotice{Nominal: of, NotifiedBy: "Lewes", NotifiedOn: day("2026-06-01"), Source: "letter",
		Dates: []custody.Dated{{Kind: custody.ExpectedRelease, Day: day("2026-08-03")}, {Kind: custody.LicenceEnd, Day: day("2028-04-20")}}})
	must(err)
	if r := row(); r.ReleaseOn != day("2026-08-03") || r.ReleaseByLaw || r.InCustody(day("2026-06-01")) {
		t.Errorf("notified: %s, by law %t", r.ReleaseOn, r.ReleaseByLaw)
	}
	// On licence from 3 August 2026 the end that was notified holds; 627 days, of which the last 209 are the final third.
	s.Clock.Set(day("2026-08-03").At(12, 0))
	spell, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) (custody.Spell, error) {
		sp, _, err := custody.CurrentOf(ctx, q, of)
		return sp, err
	})
	must(err)
	must(custody.Release(ctx, s.DB, by, of, spell.ID, custody.Notified{Day: day("2026-08-03"), NotifiedBy: "Lewes", Source: "prison"}))
	_, err = sentence.RecordStatus(ctx, s.DB, by, sentence.NewStatus{Nominal: of, Standing: sentence.Licence, From: day("2026-08-03"), Source: "licence"})
	must(err)
	if r := row(); !r.ReleaseOn.IsZero() || r.StatusEnds != day("2028-04-20") || r.StatusByLaw || r.FinalThird != day("2027-09-25") {
		t.Errorf("on licence: release %s, licence end %s (by law %t), final third %s", r.ReleaseOn, r.StatusEnds, r.StatusByLaw, r.FinalThird)
	}
	notices, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) ([]custody.Notice, error) {
		return custody.Notices(ctx, q, of)
	})
	must(err)
	for _, n := range notices {
		if n.Kind == custody.LicenceEnd {
			must(custody.Correct(ctx, s.DB, by, of, custody.FactDate, n.ID, "another person"))
		}
	}
	// What is left is the law's: 30 April 2028 less seven days of remand.
	if r := row(); r.StatusEnds != day("2028-04-23") || !r.StatusByLaw {
		t.Errorf("after the correction: %s, by law %t", r.StatusEnds, r.StatusByLaw)
	}
}
