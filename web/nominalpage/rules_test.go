package nominalpage_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/contact"
	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

// Home visits on the page, against the standard of GREEN, a month (R47, R49).
// Today is 10 September, so that 10 June is the first of the 93 days measured.
// Counted by hand: with the visit of 8 June none of them is late; the next was due
// on 8 July and made on the 6th, then on 4 August and 2 September. Had 8 June been
// left out because it is not among the days measured, the visit was due on 1 July.
func TestAVisitBeforeTheDaysMeasuredCounts(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Green)
	s.Clock.Set(day("2026-09-10").At(9, 0))
	visit := func(on string) {
		t.Helper()
		_, err := contact.Log(t.Context(), s.DB, s.Scheme.As(authz.Police, s.East), contact.New{Nominal: id, Kind: contact.HomeVisit,
			HeldOn: day(on), Outcome: contact.Seen, Agency: s.Police, Log: "At home", Source: "own contact"})
		if err != nil {
			t.Fatal(err)
		}
	}
	c := s.As(t, s.Account(authz.Probation, s.East))
	for _, on := range []string{"2026-07-06", "2026-08-04", "2026-09-02"} {
		visit(on)
	}
	// 2, 3, 4 and 5 July: 89 of 93 days.
	c.Get(at(id, "")).Must(200).Has("Last 2 Sep 2026, next by 2 Oct 2026 (monthly)", "In time on 95% of days")
	visit("2026-06-08")
	c.Get(at(id, "")).Must(200).Has("In time on 100% of days")
}

// What the guide asks at the rating held stands beside it: RED (R42), and PRISON
// from the day on which it is given (R48).
func TestThePageSaysWhatTheGuideAsks(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Red)
	c := s.As(t, s.Account(authz.Partner, s.East))
	c.Get(at(id, "")).Must(200).Has("What the guide asks at RED", "Assess suitability for electronic monitoring", "At least one home visit a week")
	_, err := review.RateBetween(t.Context(), s.DB, s.Scheme.As(authz.Police, s.East), review.Between{Nominal: id, Rating: rag.Prison, Reason: "Remanded"})
	if err != nil {
		t.Fatal(err)
	}
	c.Get(at(id, "")).Must(200).Has("What the guide asks at PRISON", "Pre-release plan starts three months before release").Lacks("electronic monitoring")
}

// Warnings stand at the head of every page of the person and on the live list (R16),
// and no longer once police or the co-ordinator have ended them.
func TestWarningsStandWhereverThePersonAppears(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Red)
	by := s.Scheme.As(authz.Police, s.East)
	if err := nominal.AddWarning(t.Context(), s.DB, by, id, "Weapons", "PNC"); err != nil {
		t.Fatal(err)
	}
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	s.Prisons(t)
	pages := []string{"/live-list", at(id, "plan"), at(id, "reviews"), at(id, "checklist"), at(id, "rating"), at(id, "lead-worker"), at(id, "deregistration"), at(id, "actions/new")}
	for _, tab := range slices.Concat(everyTab, everyForm) {
		pages = append(pages, at(id, tab))
	}
	for _, page := range pages {
		c.Get(page).Must(200).Has("Weapons")
	}
	card, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) {
		return nominal.CardOf(ctx, q, id)
	})
	if err != nil || len(card.Warnings) != 1 {
		t.Fatalf("%+v, %v", card.Warnings, err)
	}
	if err := nominal.End(t.Context(), s.DB, by, id, "nominal_warning", card.Warnings[0].ID, nominal.Ended, "Taken off PNC", day("2026-06-01")); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/live-list", at(id, "plan"), at(id, "contacts")} {
		c.Get(page).Must(200).Lacks("Weapons")
	}
}
