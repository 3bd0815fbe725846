package review_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// TestEachRatingKeepsItsCharacteristics: R39, R41, R43 and R46 through the database.
// Each rating is kept with those of the guide that were chosen, with its meeting,
// reason, chair and who agreed (R50); one of another rating is refused, and the
// earlier ratings stay as they were.
func TestEachRatingKeepsItsCharacteristics(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	rate := func(r rag.Rating, characteristics []string) error {
		d := s.Decision(t, s.East)
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (ref.RatingID, error) {
			return review.Insert(ctx, tx, review.New{Registration: reg, Nominal: of, Rating: r, Reason: "Said of " + string(r), Characteristics: characteristics, Decision: &d})
		})
		return err
	}
	order := []rag.Rating{rag.RedAlert, rag.Red, rag.Amber, rag.Green, rag.Prison}
	for _, r := range order {
		kind(t, string(r)+" with what the guide does not name", rate(r, []string{"Wears a hat"}), fault.Invalid)
		must(t, rate(r, r.Characteristics()))
	}
	all := read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]review.Rating, error) { return review.History(ctx, q, of) })
	if len(all) != len(order)+1 {
		t.Fatalf("%d ratings are kept, want that of the adoption and one for each level", len(all))
	}
	for i, r := range order {
		got := all[len(order)-1-i] // the newest first
		if got.Rating != r || got.Reason != "Said of "+string(r) || !slices.Equal(got.Characteristics, r.Characteristics()) || got.Meeting == 0 ||
			got.ChairName != "Charlie Eastwood" || got.AgreedBy != "All agencies present" || got.RatedOn != clock.NewDate(2026, 6, 1) {
			t.Errorf("%s reads %+v", r, got)
		}
	}
}

// TestTheRecordPromptsForARating: R51 from the records themselves. Custody prompts
// PRISON; release from a fixed-term recall prompts RED until somebody has rated.
// Who is wanted is rated RED ALERT by the police: no other record says so.
func TestTheRecordPromptsForARating(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	by := s.As(authz.Probation, s.East)
	prompted := func(want rag.Rating, why string) {
		t.Helper()
		all := read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]review.Prompt, error) { return review.PromptsOf(ctx, q, of) })
		var got review.Prompt
		if len(all) > 0 {
			got = all[0]
		}
		if got.Rating != want || !strings.Contains(got.Text, why) || len(all) > 1 {
			t.Errorf("prompts %+v, want %q for %q", all, want, why)
		}
	}
	prompted("", "")
	spell, err := custody.Receive(t.Context(), s.DB, by, custody.New{Nominal: of, ReceivedOn: clock.NewDate(2026, 6, 1), Prison: "LWI", Why: custody.FixedTermRecall, Source: "prison"})
	must(t, err)
	prompted(rag.Prison, "In custody")
	must(t, between(t, s, authz.Probation, review.Between{Nominal: of, Rating: rag.Prison, Reason: "Recalled"}))
	prompted("", "")
	s.Clock.Set(clock.NewDate(2026, 6, 29).At(9, 0))
	must(t, custody.Release(t.Context(), s.DB, by, of, spell, custody.Notified{Day: clock.NewDate(2026, 6, 29), NotifiedBy: "Lewes", Source: "prison"}))
	prompted(rag.Red, "fixed-term recall")
	s.Clock.Set(clock.NewDate(2026, 6, 30).At(9, 0))
	must(t, between(t, s, authz.Probation, review.Between{Nominal: of, Rating: rag.Red, Reason: "Released"}))
	prompted("", "")
}
