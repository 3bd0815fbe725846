package referral_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// What the form of Appendix 2 asks, beside what a submission needs (rules_test.go).

// TestAnyPartnerAgencyMayRefer: R1. Whatever the kind of agency, its people start a
// referral in its name, and the co-ordinator completes it.
func TestAnyPartnerAgencyMayRefer(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	coordinator := s.Account(authz.Coordinator, s.East)
	for name, by := range map[string]authz.Actor{
		"police": s.Account(authz.Police, s.East), "probation": s.Account(authz.Probation, s.East),
		"council": s.AccountAt(authz.Partner, s.East, s.Council), "substance misuse": s.AccountAt(authz.Partner, s.East, s.Star),
		"youth offending": s.AccountAt(authz.Partner, s.East, s.Youth), "housing": s.AccountAt(authz.Partner, s.East, s.Housing),
	} {
		search := looked(t, s, by, nominal.Terms{FamilyName: "Referred", GivenNames: name, Born: born})
		begun, err := referral.Start(t.Context(), s.DB, db.Once(by.Account), referral.New{Area: s.East, Search: search})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := get(t, s, coordinator, begun.ID)
		if r.Agency != ref.AgencyID(by.Agency) || r.Form.Details.Contact != by.Name {
			t.Errorf("%s: the referral is of agency %d, contact %q", name, r.Agency, r.Form.Details.Contact)
		}
		f := complete()
		f.Personal.GivenNames = name
		fillFor(t, s, coordinator, begun.ID, f, r.Agency)
		if _, err := referral.Submit(t.Context(), s.DB, db.Once(coordinator.Account), begun.ID); err != nil {
			t.Errorf("%s, completed by the co-ordinator: %v", name, err)
		}
		if r := get(t, s, coordinator, begun.ID); r.State != referral.Submitted || r.Form.Details.Agency != ref.AgencyID(by.Agency) {
			t.Errorf("%s: %s, of agency %d", name, r.State, r.Form.Details.Agency)
		}
	}
	for _, role := range []authz.Role{authz.Guest, authz.Analyst, authz.Auditor, authz.Administrator} {
		search := looked(t, s, s.Account(role, s.East), nominal.Terms{FamilyName: "Nobody", Born: born})
		if _, err := referral.Start(t.Context(), s.DB, s.As(role, s.East), referral.New{Area: s.East, Search: search}); err == nil {
			t.Errorf("%s starts a referral", role)
		}
	}
}

// fillFor is fill for another agency than the police.
func fillFor(t *testing.T, s *fixture.Scheme, by authz.Actor, id ref.ReferralID, f referral.Form, of ref.AgencyID) {
	t.Helper()
	r := get(t, s, by, id)
	f.Details = r.Form.Details
	f.Details.Agency = of
	for _, section := range referral.Order {
		if section == referral.SectionEquality {
			continue
		}
		if _, err := referral.Save(t.Context(), s.DB, db.Once(by.Account), id, r.Version(section), f.Of(section), ""); err != nil {
			t.Fatalf("%s: %v", section, err)
		}
	}
}

// TestThreatAndComplexNeedsAreConsidered: R5. Who poses most threat, risk and harm
// is the narrative; whether needs are complex, and more than one agency can meet,
// are questions 1 and 3. All three are answered before a referral is submitted, and
// an answer of No is an answer: it refuses nobody.
func TestThreatAndComplexNeedsAreConsidered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(f *referral.Form)
		want   []string
	}{
		"threat, risk and harm not assessed": {func(f *referral.Form) { f.Risk.Narrative = " " }, []string{"R26 risk"}},
		"complex needs not answered":         {func(f *referral.Form) { f.Considerations.ComplexNeeds = "" }, []string{"R27 considerations"}},
		"one agency not answered":            {func(f *referral.Form) { f.Considerations.MultiAgency = "" }, []string{"R29 considerations"}},
		"neither complex nor beyond one": {func(f *referral.Form) {
			f.Considerations.ComplexNeeds, f.Considerations.MultiAgency = referral.No, referral.No
		}, []string{}},
	} {
		f := complete()
		c.change(&f)
		if got := rules(referral.MaySubmit(f, today)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestEveryOffenceIsInScope: R6. No offence and no group keeps anybody out or brings
// anybody in; the groups that the scheme added since are on every area's list.
func TestEveryOffenceIsInScope(t *testing.T) {
	t.Parallel()
	var names []string
	for _, g := range area.PrintedGroups {
		names = append(names, g.Name)
	}
	for _, added := range []string{"Domestic Violence perpetrators", "MAPPA 1", "Serious and Organised Crime", "Child Sexual Exploitation", "Gangs", "Serious and Acquisitive Crime"} {
		if !slices.Contains(names, added) {
			t.Errorf("%s is not among the groups", added)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		f := complete()
		f.Justification.IndexOffences = rapid.SampledFrom([]string{"Shoplifting", "Robbery", "Stalking", "Supply of class A", "Fraud", "Arson", "Begging"}).Draw(t, "offence")
		for i, name := range names {
			if rapid.Bool().Draw(t, name+" answered") {
				f.Groups.Rows = append(f.Groups.Rows, referral.GroupAnswer{Group: ref.GroupID(i + 1), Name: name, Member: rapid.Bool().Draw(t, name)})
			}
		}
		if wrong := append(referral.MaySubmit(f, today), referral.MayAdopt(f, today)...); len(wrong) > 0 {
			t.Fatalf("%s, %+v: %+v", f.Justification.IndexOffences, f.Groups.Rows, wrong)
		}
	})
}

// TestTelephoneNumbersAreTyped: R14, with the letters of the paper form.
func TestTelephoneNumbersAreTyped(t *testing.T) {
	t.Parallel()
	f := complete()
	f.Personal.Phones = []referral.Phone{{Kind: "mobile", Number: "07700 900123"}, {Kind: "home", Number: "01632 960001"}, {Kind: "work", Number: "01632 960002"},
		{Kind: "other", Number: "01632 960003"}}
	if got := rules(referral.MaySubmit(f, today)); len(got) != 0 {
		t.Errorf("one of each kind: %v", got)
	}
	const want = "07700 900123 (M)\n01632 960001 (H)\n01632 960002 (W)\n01632 960003 (Other)"
	if i := slices.IndexFunc(f.Personal.Lines(), func(l referral.Line) bool { return l.Label == "Contact numbers" }); i < 0 || f.Personal.Lines()[i].Value != want {
		t.Errorf("printed as %+v", f.Personal.Lines())
	}
	for _, kind := range []string{"", "M", "fax"} {
		f.Personal.Phones = []referral.Phone{{Kind: kind, Number: "07700 900123"}}
		if got := rules(referral.MaySubmit(f, today)); !slices.Equal(got, []string{"R14 personal"}) {
			t.Errorf("a number of the kind %q: %v", kind, got)
		}
	}
	s := fixture.New(t)
	police := s.Account(authz.Police, s.East)
	f.Personal.Phones = []referral.Phone{{Kind: "work", Number: "01632 960002"}, {Kind: "home", Number: "01632 960001"}}
	card := cardAfter(t, s, police, f)
	numbers := map[string]string{}
	for _, p := range card.Phones {
		numbers[p.Kind] = p.Number
	}
	if len(numbers) != 2 || numbers["work"] != "01632 960002" || numbers["home"] != "01632 960001" {
		t.Errorf("the record has %+v", card.Phones)
	}
}

// TestTheEMailAndTheNationalInsuranceNumberAreKept: R15.
func TestTheEMailAndTheNationalInsuranceNumberAreKept(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police := s.Account(authz.Police, s.East)
	f := complete()
	f.Personal.Email, f.Personal.NINumber = "jo@example.org", "AB123456C"
	card := cardAfter(t, s, police, f)
	if card.Identity.Email != "jo@example.org" || card.Identity.NINumber != "AB123456C" {
		t.Errorf("the record has %q and %q", card.Identity.Email, card.Identity.NINumber)
	}
	f.Personal.Email, f.Personal.NINumber = "jo at example", "12"
	if wrong := referral.MaySubmit(f, today); len(wrong) != 2 || wrong[0].Field != "personal" || wrong[1].Field != "personal" {
		t.Errorf("neither can be read: %+v", wrong)
	}
}

// cardAfter is the person's record once the referral was submitted.
func cardAfter(t *testing.T, s *fixture.Scheme, by authz.Actor, f referral.Form) nominal.Card {
	t.Helper()
	of := get(t, s, by, submitted(t, s, by, s.East, f)).Nominal
	card, err := fixture.Read(t, s, by, func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, of) })
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// TestGroupsAreChosenFromTheAreasList: R25. A group of another area is refused, one
// that the area added is kept.
func TestGroupsAreChosenFromTheAreasList(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	admin, police := s.As(authz.Administrator, s.Force), s.Account(authz.Police, s.East)
	here, err := area.AddPriorityGroup(t.Context(), s.DB, admin, s.East, "County Lines", "CL")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := area.AddPriorityGroup(t.Context(), s.DB, admin, s.Brighton, "Night-time economy", "NTE")
	if err != nil {
		t.Fatal(err)
	}
	id := started(t, s, police, s.East)
	save := func(g ref.GroupID) error {
		_, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, 0, referral.Groups{Rows: []referral.GroupAnswer{{Group: g, Member: true}}}, "")
		return err
	}
	if err := save(elsewhere); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Rule != "R25" {
		t.Errorf("a group of another area: %v", err)
	}
	if err := save(here); err != nil {
		t.Error(err)
	}
	if r := get(t, s, police, id); len(r.Form.Groups.Rows) != 1 || r.Form.Groups.Rows[0].Name != "County Lines" {
		t.Errorf("kept %+v", r.Form.Groups.Rows)
	}
}
