package referralpage_test

import (
	"context"
	"testing"

	"iom/internal/casework/contact"
	"iom/internal/casework/fixture"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

// The print is the whole case as it is today: what came after the referral is in it (R37).
func TestThePrintHasWhatCameAfterwards(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, reg := s.Registered(t, s.East, "Bloggs", "Jo", rag.Red)
	day := clock.NewDate(2026, 6, 1)
	by := s.As(t, s.Account(authz.Police, s.East))
	police := s.Scheme.As(authz.Police, s.East)
	if _, err := contact.Log(t.Context(), s.DB, police, contact.New{Nominal: id, Kind: "home visit", HeldOn: day, Outcome: "seen", Agency: s.Police,
		ForceNumber: "CE123", Log: "At home and sober", Result: "Next visit Friday", Source: "officer"}); err != nil {
		t.Fatal(err)
	}
	if _, err := need.Assess(t.Context(), s.DB, police, id, need.Assessment{Pathway: need.Health, Level: need.Amber, Needs: "Not with a GP", On: day, Source: "visit"}); err != nil {
		t.Fatal(err)
	}
	if _, err := registration.RecordLine(t.Context(), s.DB, police, id, reg, registration.NewLine{List: registration.AdoptionList, Line: registration.PNCMarker,
		DoneOn: day, ByWhom: "DC Example"}); err != nil {
		t.Fatal(err)
	}
	if err := registration.Review(t.Context(), s.DB, s.Scheme.As(authz.Coordinator, s.East), registration.ReviewNew{Registration: reg, Nominal: id, ReviewedOn: day,
		Outcome: registration.Keep, Justification: "Still stealing"}); err != nil {
		t.Fatal(err)
	}
	of, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (ref.ReferralID, error) {
		r, err := registration.Latest(ctx, q, id)
		return r.Referral, err
	})
	if err != nil {
		t.Fatal(err)
	}
	paper := by.Get("/referrals/" + ref.Text(of) + "/print").Must(200)
	inOrder(t, paper.Text("main"), "Offender Personal Details", "Jo Bloggs", "Health", "Amber – some impact", "Not with a GP", "Administration", "Nominated to IOM conference", "1 June 2026",
		"PNC updated with WM marker", "1 June 2026", "DC Example", "Contact, Event Log", "1 Jun 2026", "CE123", "At home and sober", "Next visit Friday",
		"Needs review, health", "Review", "Retain", "Still stealing", "Justification for removal", "Removal from IOM")
}
