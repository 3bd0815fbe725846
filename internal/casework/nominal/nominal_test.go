package nominal_test

import (
	"context"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var born = clock.NewDate(1991, 5, 3)

func scopeFor(t *testing.T, s *fixture.Scheme, a authz.Actor, id ref.NominalID) (nominal.Scope, error) {
	t.Helper()
	return fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) (nominal.Scope, error) { return nominal.ScopeOf(ctx, q, id) })
}

func alter(t *testing.T, s *fixture.Scheme, by db.Submission, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	_, err := db.Write(t.Context(), s.DB, by, func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test"})
		return true, fn(ctx, tx)
	})
	return err
}

func TestAnotherAreaAndNobodyAtAllLookTheSame(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	if got, err := scopeFor(t, s, s.Account(authz.Police, s.East), id); err != nil || got != (nominal.Scope{Area: s.East, Kind: nominal.Referring, Open: true}) {
		t.Fatalf("own area: %+v, %v", got, err)
	}
	for name, a := range map[string]authz.Actor{"another area": s.Account(authz.Coordinator, s.Brighton), "administrator": s.Account(authz.Administrator, s.Force),
		"auditor": s.Account(authz.Auditor, s.Force), "analyst": s.Account(authz.Analyst, s.Force), "guest": s.Account(authz.Guest, s.East)} {
		if _, err := scopeFor(t, s, a, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := scopeFor(t, s, s.Account(authz.Police, s.East), id+1000); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no such person: %v", err)
	}
}

func TestAnAuditorReachesOnlyThePageOfWhoHasLooked(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	looked := func(a authz.Actor) error {
		_, err := fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) (nominal.Scope, error) {
			return nominal.LookedScopeOf(ctx, q, id)
		})
		return err
	}
	if err := looked(s.Account(authz.Auditor, s.Force)); err != nil {
		t.Error(err)
	}
	if err := looked(s.Account(authz.Police, s.East)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("police: %v", err)
	}
}

// The area that was responsible before reads its own time and adds nothing (R99).
func TestResponsibilityMoves(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	s.Clock.Advance(1e9)
	brighton := s.As(authz.Coordinator, s.Brighton)
	admit := func(ctx context.Context, tx *db.Tx) error {
		cards, err := nominal.Find(ctx, tx, nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo", Born: born})
		if err != nil || len(cards) != 1 {
			t.Fatalf("%+v, %v", cards, err)
		}
		return nominal.Admit(ctx, tx, s.Brighton, cards[0])
	}
	for range 2 { // the second time there is nothing to open
		if err := alter(t, s, brighton, admit); err != nil {
			t.Fatal(err)
		}
	}
	access, err := fixture.Read(t, s, s.Account(authz.Police, s.Brighton), func(ctx context.Context, q *db.ReadTx) ([]nominal.Access, error) {
		return nominal.AccessOf(ctx, q, id)
	})
	if err != nil || len(access) != 1 || access[0].Area != s.Brighton {
		t.Fatalf("%+v, %v", access, err)
	}
	s.Clock.Advance(1e9)
	if err := alter(t, s, brighton, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `SELECT take_responsibility($1, $2, $3)`, id, s.Brighton, tx.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := scopeFor(t, s, s.Account(authz.Police, s.Brighton), id); err != nil || got.Kind != nominal.Responsible || !got.Open {
		t.Errorf("responsible area: %+v, %v", got, err)
	}
	if got, err := scopeFor(t, s, s.Account(authz.Police, s.East), id); err != nil || got.Area != s.East || got.Open {
		t.Errorf("earlier area: %+v, %v", got, err)
	}
	s.Clock.Advance(1e9)
	warn := func(ctx context.Context, tx *db.Tx) error {
		return nominal.RecordWarning(ctx, tx, id, "Violent", "PNC")
	}
	if err := alter(t, s, brighton, warn); err != nil {
		t.Errorf("responsible area: %v", err)
	}
	if err := alter(t, s, s.As(authz.Coordinator, s.East), warn); err == nil {
		t.Error("the earlier area wrote")
	}
	must := func(a authz.Actor) error {
		_, err := fixture.Read(t, s, a, func(ctx context.Context, q *db.ReadTx) (nominal.Scope, error) {
			return nominal.Must(ctx, q, id, authz.RecordContact)
		})
		return err
	}
	if err := must(s.Account(authz.Police, s.East)); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("earlier area: %v", err)
	}
	if err := must(s.Account(authz.Chair, s.Brighton)); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a chair logs no contact: %v", err)
	}
	if err := must(s.Account(authz.Police, s.Brighton)); err != nil {
		t.Error(err)
	}
	card, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, id) })
	if err != nil || len(card.Warnings) != 0 {
		t.Errorf("the earlier area reads %+v, %v", card.Warnings, err)
	}
}

// An area that refers somebody known elsewhere begins with the identity card, and
// takes nothing away from what the other area recorded.
func TestAReferringAreaTakesNothingAway(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	record := func(at ref.AreaID, n nominal.Identity) {
		t.Helper()
		s.Clock.Advance(1e9)
		if err := alter(t, s, s.As(authz.Coordinator, at), func(ctx context.Context, tx *db.Tx) error { return nominal.RecordIdentity(ctx, tx, id, n) }); err != nil {
			t.Fatal(err)
		}
	}
	read := func(at ref.AreaID) nominal.Identity {
		t.Helper()
		card, err := fixture.Read(t, s, s.Account(authz.Coordinator, at), func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, id) })
		if err != nil {
			t.Fatal(err)
		}
		return card.Identity
	}
	record(s.East, nominal.Identity{FamilyName: "Bloggs", GivenNames: "Jo", Born: born, CRN: "X320741", NINumber: "AB123456C", Source: "probation"})
	s.Clock.Advance(1e9)
	if err := alter(t, s, s.As(authz.Coordinator, s.Brighton), func(ctx context.Context, tx *db.Tx) error {
		cards, err := nominal.Find(ctx, tx, nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo"})
		if err != nil {
			return err
		}
		return nominal.Admit(ctx, tx, s.Brighton, cards[0])
	}); err != nil {
		t.Fatal(err)
	}
	record(s.Brighton, nominal.Identity{FamilyName: "Bloggs-Smith", GivenNames: "Jo", Born: born, Sex: "female", Source: "referral 2"})
	if i := read(s.Brighton); i.FamilyName != "Bloggs-Smith" || i.Sex != "female" || i.CRN != "" || i.NINumber != "" {
		t.Errorf("Brighton reads %+v", i)
	}
	if i := read(s.East); i.CRN != "X320741" || i.NINumber != "AB123456C" {
		t.Errorf("East reads %+v", i)
	}
	if err := alter(t, s, s.As(authz.Coordinator, s.Brighton), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `SELECT take_responsibility($1, $2, $3)`, id, s.Brighton, tx.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	i := read(s.Brighton)
	if i.CRN != "X320741" || i.FamilyName != "Bloggs-Smith" || i.Sex != "female" {
		t.Errorf("the responsible area reads %+v", i)
	}
	// Who sees the whole can also take something out.
	i.CRN, i.Source = "", "entered in error"
	record(s.Brighton, i)
	if i := read(s.Brighton); i.CRN != "" || i.NINumber != "AB123456C" || i.Source != "entered in error" {
		t.Errorf("corrected: %+v", i)
	}
}

func TestWhatIsKnownIsNotRecordedTwiceAndClosedFactsAreGone(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	police := s.As(authz.Police, s.East)
	record := func(ctx context.Context, tx *db.Tx) error {
		for range 2 {
			for _, err := range []error{
				nominal.RecordAlias(ctx, tx, id, "Joey", "PNC"), nominal.RecordWarning(ctx, tx, id, "Violent", "PNC"),
				nominal.RecordPhone(ctx, tx, id, nominal.Phone{Kind: "mobile", Number: "07700 900123", Source: "self"}),
				nominal.RecordAddress(ctx, tx, id, nominal.Address{Text: "1 High Street", Postcode: "BN1 1AA", Source: "self"}),
			} {
				if err != nil {
					return err
				}
			}
		}
		return nominal.RecordAddress(ctx, tx, id, nominal.Address{Text: "2 Low Road", Source: "self"})
	}
	if err := alter(t, s, police, record); err != nil {
		t.Fatal(err)
	}
	card := cardOf(t, s, id)
	if len(card.Aliases) != 1 || len(card.Warnings) != 1 || len(card.Phones) != 1 || len(card.Addresses) != 2 || card.Address().Text != "2 Low Road" {
		t.Fatalf("%+v", card)
	}
	warning := card.Warnings[0].ID
	for reason, bad := range map[string]func(ctx context.Context, tx *db.Tx) error{
		"no reason": func(ctx context.Context, tx *db.Tx) error {
			return nominal.CloseFact(ctx, tx, id, "nominal_warning", warning, nominal.Ended, "", tx.Today())
		},
		"ends tomorrow": func(ctx context.Context, tx *db.Tx) error {
			return nominal.CloseFact(ctx, tx, id, "nominal_warning", warning, nominal.Ended, "Lifted", tx.Today().AddDays(1))
		},
		"another's": func(ctx context.Context, tx *db.Tx) error {
			return nominal.CloseFact(ctx, tx, s.Nominal(t, s.East, "Other", "Al", born), "nominal_warning", warning, nominal.EnteredInError, "No", clock.Date{})
		},
		"no such table": func(ctx context.Context, tx *db.Tx) error {
			return nominal.CloseFact(ctx, tx, id, "account", 1, nominal.EnteredInError, "No", clock.Date{})
		},
	} {
		if err := alter(t, s, police, bad); fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", reason, err)
		}
	}
	shut := func(ctx context.Context, tx *db.Tx) error {
		return nominal.CloseFact(ctx, tx, id, "nominal_warning", warning, nominal.Ended, "Lifted by PNC", tx.Today())
	}
	if err := alter(t, s, police, shut); err != nil {
		t.Fatal(err)
	}
	if err := alter(t, s, police, shut); fault.KindOf(err) != fault.Stale {
		t.Errorf("closed twice: %v", err)
	}
	if card := cardOf(t, s, id); len(card.Warnings) != 0 || len(card.Aliases) != 1 {
		t.Errorf("%+v", card)
	}
	if err := alter(t, s, police, func(ctx context.Context, tx *db.Tx) error {
		return nominal.RecordWarning(ctx, tx, id, "Violent", "PNC")
	}); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, s, id); len(card.Warnings) != 1 {
		t.Error("a warning that came back is not there")
	}
}

func cardOf(t *testing.T, s *fixture.Scheme, id ref.NominalID) nominal.Card {
	t.Helper()
	card, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// R185: who entered it and the co-ordinator.
func TestProtectedCharacteristicsAreReadByWhoEnteredThemAndTheCoordinator(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", born)
	if err := alter(t, s, s.As(authz.Partner, s.East), func(ctx context.Context, tx *db.Tx) error {
		return nominal.RecordEquality(ctx, tx, id, nominal.Characteristic{Name: "disability", Value: "Dyslexia"})
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		role authz.Role
		want int
	}{{authz.Partner, 1}, {authz.Coordinator, 1}, {authz.Police, 0}, {authz.Probation, 0}, {authz.Chair, 0}} {
		got, err := fixture.Read(t, s, s.Account(c.role, s.East), func(ctx context.Context, q *db.ReadTx) ([]nominal.Characteristic, error) {
			return nominal.EqualityOf(ctx, q, id)
		})
		if err != nil || len(got) != c.want {
			t.Errorf("%s reads %v, %v", c.role, got, err)
		}
	}
}
