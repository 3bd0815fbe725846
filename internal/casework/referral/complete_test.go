package referral_test

import (
	"context"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

var (
	today = clock.NewDate(2026, 6, 1) // a scheme's clock stands here
	born  = clock.NewDate(1991, 5, 3)
)

// complete is a referral with nothing missing, of an adult.
func complete() referral.Form {
	return referral.Form{
		Personal: referral.Personal{FamilyName: "Bloggs", GivenNames: "Jo", Born: born, Aliases: []string{"Spider"}, Sex: "female",
			PNCIDTyped: "02/73319Z", PNCID: "2002/0073319Z", URN: "47/99", Address: "1 High Street", Postcode: "BN1 1AA",
			Phones: []referral.Phone{{Kind: "mobile", Number: "07700 900123"}}, Warnings: []string{"Violent", "Weapons"}},
		Details: referral.Details{Agency: 1, AgencyName: "Sussex Police", Contact: "PC Example", Date: today},
		Justification: referral.Justification{Evidence: "Twelve thefts in six months",
			Scores: []referral.Score{{Type: "OGRS3", Value: "78", On: today.AddDays(-10)}}, IndexOffences: "Theft", Considered: referral.Considerable},
		History:  referral.History{KnownFor: "Theft from shops"},
		Agencies: referral.Agencies{Rows: []referral.Involved{{Agency: "STAR", Person: "Sam", Contact: "01632 960123"}}},
		Pathways: referral.Pathways{Rows: []referral.Pathway{{Pathway: "accommodation", Level: "red", Needs: "No fixed abode", Actions: "Housing duty"},
			{Pathway: "health", Level: "green"}}},
		Risk: referral.Risk{Narrative: "Risk to shop staff", Vulnerability: "Self-neglect"},
		Considerations: referral.Considerations{ComplexNeeds: referral.Yes, Intelligence: referral.No, MultiAgency: referral.Yes, Pattern: referral.Yes,
			Benefit: "Daily contact", Elsewhere: referral.No},
		Rating: referral.Rating{Rating: "RED", Characteristics: []string{"Fixed-term recall"}, Reason: "Recalled twice"},
	}
}

// childBorn is 17 on the day of the scheme's clock.
var childBorn = clock.NewDate(2008, 6, 2)

// completeChild is complete for somebody of 17, with the discussion recorded.
func completeChild() referral.Form {
	f := complete()
	f.Personal.Born = childBorn
	f.Youth = referral.Youth{HighRisk: referral.Yes, HighRiskText: "YOGRS 80", Harm: referral.Yes, HarmText: "Knife", ISS: referral.No, Gang: referral.No,
		DiscussedOn: today.AddDays(-2), Sergeant: "DS Example", Worker: "A. Worker", Said: "Agreed that IOM adds to the YOT's plan"}
	return f
}

// looked is a stored search.
func looked(t *testing.T, s *fixture.Scheme, by authz.Actor, terms nominal.Terms) string {
	t.Helper()
	id, err := nominal.StoreSearch(t.Context(), s.DB, db.Once(by.Account), "referral.find", terms)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func started(t *testing.T, s *fixture.Scheme, by authz.Actor, at ref.AreaID) ref.ReferralID {
	t.Helper()
	search := looked(t, s, by, nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo", Born: born})
	begun, err := referral.Start(t.Context(), s.DB, db.Once(by.Account), referral.New{Area: at, Search: search})
	if err != nil {
		t.Fatal(err)
	}
	return begun.ID
}

func get(t *testing.T, s *fixture.Scheme, by authz.Actor, id ref.ReferralID) referral.Referral {
	t.Helper()
	r, err := fixture.Read(t, s, by, func(ctx context.Context, q *db.ReadTx) (referral.Referral, error) { return referral.Get(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fill saves every section of the form.
func fill(t *testing.T, s *fixture.Scheme, by authz.Actor, id ref.ReferralID, f referral.Form) {
	t.Helper()
	f.Details.Agency = s.Police
	r := get(t, s, by, id)
	for _, section := range referral.Order {
		if section == referral.SectionEquality {
			continue
		}
		if _, err := referral.Save(t.Context(), s.DB, db.Once(by.Account), id, r.Version(section), f.Of(section), ""); err != nil {
			t.Fatalf("%s: %v", section, err)
		}
	}
}

func submitted(t *testing.T, s *fixture.Scheme, by authz.Actor, at ref.AreaID, f referral.Form) ref.ReferralID {
	t.Helper()
	id := started(t, s, by, at)
	fill(t, s, by, id, f)
	if _, err := referral.Submit(t.Context(), s.DB, db.Once(by.Account), id); err != nil {
		t.Fatal(err)
	}
	return id
}
