package referral_test

import (
	"context"
	"sync"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func TestAnotherAreaKnowsNothingOfAReferral(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := started(t, s, s.Account(authz.Police, s.East), s.East)
	other := s.Account(authz.Coordinator, s.Brighton)
	if _, err := fixture.Read(t, s, other, func(ctx context.Context, q *db.ReadTx) (referral.Referral, error) { return referral.Get(ctx, q, id) }); fault.KindOf(err) != fault.NotFound {
		t.Errorf("read: %v", err)
	}
	for name, do := range map[string]func() error{
		"save": func() error {
			_, err := referral.Save(t.Context(), s.DB, db.Once(other.Account), id, 0, referral.Risk{}, "")
			return err
		},
		"submit": func() error { _, err := referral.Submit(t.Context(), s.DB, db.Once(other.Account), id); return err },
		"withdraw": func() error {
			_, err := referral.Withdraw(t.Context(), s.DB, db.Once(other.Account), id, "No")
			return err
		},
		"equality": func() error {
			_, err := referral.SaveEquality(t.Context(), s.DB, db.Once(other.Account), id, 0, nil)
			return err
		},
	} {
		if err := do(); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A guest of the own area may not refer either.
	if _, err := referral.Submit(t.Context(), s.DB, s.As(authz.Guest, s.East), id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("guest: %v", err)
	}
}

func TestNoSecondRecordOfAPerson(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police, partner, brighton := s.Account(authz.Police, s.East), s.Account(authz.Partner, s.East), s.Account(authz.Police, s.Brighton)
	terms := nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo", Born: born}
	begin := func(by authz.Actor, n referral.New) (referral.Begun, error) {
		n.Search = looked(t, s, by, terms)
		return referral.Start(t.Context(), s.DB, db.Once(by.Account), n)
	}
	first, err := begin(police, referral.New{Area: s.East})
	if err != nil {
		t.Fatal(err)
	}
	of := get(t, s, police, first.ID).Nominal
	if _, err := begin(partner, referral.New{Area: s.East}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the same person was made anew: %v", err)
	}
	if again, err := begin(partner, referral.New{Area: s.East, Nominal: of}); err != nil || again.ID != first.ID || !again.Continued {
		t.Errorf("an open referral is gone on with: %+v, %v", again, err)
	}
	if _, err := begin(brighton, referral.New{Area: s.Brighton, Nominal: of}); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Text !=
		"A referral of this person is open in East Sussex already. Ask its co-ordinator" {
		t.Errorf("another area is told where: %v", err)
	}
	if _, err := begin(brighton, referral.New{Area: s.East, Nominal: of}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a referral was started in an area that is not one's own: %v", err)
	}
	if _, err := begin(police, referral.New{Area: s.Force}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a referral was started for the whole force: %v", err)
	}
	if _, err := begin(brighton, referral.New{Area: s.Brighton, Nominal: of + 1000}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody who was not found: %v", err)
	}
	// Seen and judged to be another person of the same name and birth.
	if twin, err := begin(brighton, referral.New{Area: s.Brighton, Shown: []ref.NominalID{of}}); err != nil || twin.ID == first.ID {
		t.Errorf("%+v, %v", twin, err)
	}
	// Withdrawn, the person can be referred by the other area, and the record is one.
	if _, err := referral.Withdraw(t.Context(), s.DB, db.Once(police.Account), first.ID, "Moved to Brighton"); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(1e9)
	elsewhere, err := begin(brighton, referral.New{Area: s.Brighton, Nominal: of})
	if err != nil {
		t.Fatal(err)
	}
	if r := get(t, s, brighton, elsewhere.ID); r.Nominal != of || r.Name.Full() != "Jo Bloggs" || r.Form.Personal.Born != born {
		t.Errorf("%+v", r.Summary)
	}
	if r := get(t, s, police, first.ID); r.State != referral.Withdrawn || r.WithdrawnReason != "Moved to Brighton" {
		t.Errorf("%+v", r.Summary)
	}
}

func TestSomebodyOnTheSchemeIsNotReferred(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, _ := s.Registered(t, s.East, "Bloggs", "Jo", rag.Red)
	for at, want := range map[ref.AreaID]string{s.East: "This person is on the scheme in East Sussex already",
		s.Brighton: "East Sussex is responsible for this person. Ask its co-ordinator about a transfer"} {
		by := s.Account(authz.Police, at)
		_, err := referral.Start(t.Context(), s.DB, db.Once(by.Account),
			referral.New{Area: at, Nominal: of, Search: looked(t, s, by, nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo"})})
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Text != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestEightPeopleMeetTheSameStranger(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	by := s.Account(authz.Police, s.East)
	search := looked(t, s, by, nominal.Terms{FamilyName: "Bloggs", GivenNames: "Jo", Born: born})
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		made int
	)
	for range 8 {
		wait.Go(func() {
			if _, err := referral.Start(t.Context(), s.DB, db.Once(by.Account), referral.New{Area: s.East, Search: search}); err == nil {
				mu.Lock()
				made++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if made != 1 {
		t.Errorf("%d records were made", made)
	}
}
