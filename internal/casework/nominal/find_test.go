package nominal_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func TestTheIdentityCardSaysNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	registered, _ := s.Registered(t, s.East, "Bloggs", "Jo", rag.Red)
	known := s.Nominal(t, s.North, "Bloggs", "Joe", born)
	find := func(a authz.Actor, terms nominal.Terms) []nominal.IdentityCard {
		t.Helper()
		cards, err := fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) ([]nominal.IdentityCard, error) {
			return nominal.Find(ctx, q, terms)
		})
		if err != nil {
			t.Fatal(err)
		}
		return cards
	}
	terms := nominal.Terms{FamilyName: "Blogs", GivenNames: "Jo"}
	cards := find(s.Account(authz.Partner, s.Brighton), terms)
	kinds := map[ref.NominalID]string{}
	for _, c := range cards {
		kinds[c.Nominal] = c.AreaName + " " + c.Kind
	}
	if len(cards) != 2 || kinds[registered] != "East Sussex responsible" || kinds[known] != "North known" {
		t.Errorf("%+v", cards)
	}
	// A chair refers and does not look beyond the area.
	if cards := find(s.Account(authz.Chair, s.North), terms); len(cards) != 1 || cards[0].Nominal != known {
		t.Errorf("chair: %+v", cards)
	}
	for _, role := range []authz.Role{authz.Administrator, authz.Auditor, authz.Analyst, authz.Guest} {
		_, err := fixture.Read(t, s, s.Account(role, s.Force), func(ctx context.Context, q *db.ReadTx) ([]nominal.IdentityCard, error) {
			return nominal.Find(ctx, q, terms)
		})
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
	// An excluded person is not found, by whatever.
	police := s.Account(authz.Police, s.Brighton)
	if err := alter(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, 'Relative', $3, 1)`,
			registered, police.Account, tx.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if cards := find(s.Account(authz.Police, s.Brighton), terms); len(cards) != 1 || cards[0].Nominal != known {
		t.Errorf("excluded: %+v", cards)
	}
}

func TestSearchIsByWhatTheActorMayRead(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	if err := alter(t, s, s.As(authz.Police, s.East), func(ctx context.Context, tx *db.Tx) error {
		for _, err := range []error{
			nominal.RecordIdentity(ctx, tx, id, nominal.Identity{FamilyName: "Featherstonehaugh-Cholmondeley", GivenNames: "Joanna Victoria", Source: "marriage"}),
			nominal.RecordIdentity(ctx, tx, id, nominal.Identity{FamilyName: "Bloggs", GivenNames: "Jo", Born: born, URN: "47/99", PNCID: "2002/0073319Z",
				CRN: "X320741", PrisonNumber: "A1234BC", Source: "PNC"}),
			nominal.RecordAlias(ctx, tx, id, "Spider Webb", "PNC"),
			nominal.RecordAddress(ctx, tx, id, nominal.Address{Text: "1 High Street", Postcode: "BN1 1AA", Source: "self"}),
			nominal.RecordPhone(ctx, tx, id, nominal.Phone{Kind: "mobile", Number: "07700 900-123", Source: "self"}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	search := func(a authz.Actor, terms nominal.Terms) []nominal.Found {
		t.Helper()
		found, err := fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) ([]nominal.Found, error) { return nominal.Search(ctx, q, terms) })
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for name, terms := range map[string]nominal.Terms{
		"part of a name": {FamilyName: "Featherstonehaugh"}, "name misspelt": {FamilyName: "Blogs", GivenNames: "Joe"}, "another name": {FamilyName: "Webb", GivenNames: "Spider"}, "birth": {Born: born},
		"PNCID": {PNCID: "2002/0073319Z"}, "URN": {URN: "47/99"}, "CRN": {CRN: "X320741"}, "prison number": {PrisonNumber: "A1234BC"},
		"postcode": {Postcode: "BN1 1AA"}, "telephone": {Phone: "07700900123"},
	} {
		if found := search(s.Account(authz.Partner, s.East), terms); len(found) != 1 || found[0].Nominal != id || found[0].Name().Full() != "Jo Bloggs" {
			t.Errorf("%s: %+v", name, found)
		}
		if found := search(s.Account(authz.Coordinator, s.Brighton), terms); len(found) != 0 {
			t.Errorf("%s, from another area: %+v", name, found)
		}
	}
	if found := search(s.Account(authz.Partner, s.East), nominal.Terms{CRN: "X000000"}); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

// TestANameIsFoundInSpiteOfASlip: one letter left out, added, changed or swapped in
// each word, the words in another order, a part or the whole of a double name, and
// with and without an apostrophe. Other names are not found.
func TestANameIsFoundInSpiteOfASlip(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for _, n := range []nominal.Name{{Family: "Larkrise", Given: "Jennie"}, {Family: "Stormont-Brindle", Given: "Neil"}, {Family: "O'Hadlow", Given: "Kai"}} {
		s.Nominal(t, s.East, n.Family, n.Given, born)
	}
	for typed, want := range map[string]string{
		"Larkrise Jennie": "Jennie Larkrise", "larkrise": "Jennie Larkrise", "Jennie Larkrise": "Jennie Larkrise", "Lark": "Jennie Larkrise",
		"Larkise Jenny": "Jennie Larkrise", "Larkrisse": "Jennie Larkrise", "Larkryse": "Jennie Larkrise", "Lrakrise": "Jennie Larkrise",
		"Larkrise Somebody": "Jennie Larkrise",
		"Stormont":          "Neil Stormont-Brindle", "Brindle Neil": "Neil Stormont-Brindle", "Stormont Brindle": "Neil Stormont-Brindle",
		"Stormontbrindle": "Neil Stormont-Brindle", "Stormnt-Brindle Neil": "Neil Stormont-Brindle",
		"OHadlow": "Kai O'Hadlow", "O’Hadlow": "Kai O'Hadlow", "Ohadlo Kai": "Kai O'Hadlow",
		"Somebody Jennie": "", "Lakise": "", "'": "", "%": "",
	} {
		terms := nominal.Terms{FamilyName: typed}
		found, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]nominal.Found, error) {
			return nominal.Search(ctx, q, terms)
		})
		if err != nil {
			t.Fatal(err)
		}
		cards, err := fixture.Read(t, s, s.Account(authz.Partner, s.Brighton), func(ctx context.Context, q *db.ReadTx) ([]nominal.IdentityCard, error) {
			return nominal.Find(ctx, q, terms)
		})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range found {
			names = append(names, f.Name().Full())
		}
		for _, c := range cards {
			names = append(names, c.Name().Full())
		}
		if (want == "") != (len(names) == 0) || want != "" && !slices.Equal(names, []string{want, want}) {
			t.Errorf("%q finds %q, want %q by the search and by the card", typed, names, want)
		}
	}
}

func TestASearchBelongsToWhoMadeIt(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	terms := nominal.Terms{FamilyName: "Bloggs", Born: born, PNCID: "2002/0073319Z", PNCIDTyped: "02/73319Z"}
	id, err := nominal.StoreSearch(t.Context(), s.DB, s.As(authz.Police, s.East), "test", terms)
	if err != nil {
		t.Fatal(err)
	}
	get := func(a authz.Actor, id string) (nominal.Terms, error) {
		return fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) (nominal.Terms, error) { return nominal.SearchOf(ctx, q, id) })
	}
	if got, err := get(s.Account(authz.Police, s.East), id); err != nil || got != terms {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := get(s.Account(authz.Partner, s.East), id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's: %v", err)
	}
	for _, bad := range []string{"", "1", "nonsense", id + "0"} {
		if _, err := get(s.Account(authz.Police, s.East), bad); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := nominal.StoreSearch(t.Context(), s.DB, s.As(authz.Police, s.East), "test", nominal.Terms{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("nothing: %v", err)
	}
}
