package agency_test

import (
	"context"
	"testing"

	"iom/internal/casework/agency"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func current(t *testing.T, s *fixture.Scheme, id ref.AgencyID, on clock.Date) bool {
	t.Helper()
	all, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) ([]agency.Agency, error) { return agency.Current(ctx, q, on) })
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.ID == id {
			return true
		}
	}
	return false
}

// TestAnAgencyComesAndGoes: a new agency needs no new program (R203), and one that
// has gone keeps its name in the record (R154).
func TestAnAgencyComesAndGoes(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	admin := s.As(authz.Administrator, s.Force)
	first := clock.NewDate(2026, 6, 8)
	id, err := agency.Add(t.Context(), s.DB, s.As(authz.Administrator, s.East), agency.New{Name: " Harbour  Mentors ", Kind: "voluntary", From: first})
	if err != nil {
		t.Fatal(err)
	}
	if current(t, s, id, first.AddDays(-1)) || !current(t, s, id, first) {
		t.Error("the first day is wrong")
	}
	a, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) (agency.Agency, error) { return agency.Get(ctx, q, id) })
	if err != nil || a.Name != "Harbour Mentors" {
		t.Fatalf("the agency is %+v, %v", a, err)
	}
	last := clock.NewDate(2026, 6, 30)
	if err := agency.End(t.Context(), s.DB, s.As(authz.Administrator, s.East), id, last, a.Version); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("ended by an administrator of one area: %v", err)
	}
	if err := agency.End(t.Context(), s.DB, admin, id, first.AddDays(-1), a.Version); fault.KindOf(err) != fault.Invalid {
		t.Errorf("ended before it began: %v", err)
	}
	if err := agency.End(t.Context(), s.DB, admin, id, last, a.Version+1); fault.KindOf(err) != fault.Stale {
		t.Errorf("ended under another version: %v", err)
	}
	if err := agency.End(t.Context(), s.DB, admin, id, last, a.Version); err != nil {
		t.Fatal(err)
	}
	if !current(t, s, id, last) || current(t, s, id, last.AddDays(1)) {
		t.Error("the last day is wrong")
	}
	name, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) (string, error) { return agency.Name(ctx, q, id) })
	if err != nil || name != "Harbour Mentors" {
		t.Errorf("after its end the agency is called %q, %v", name, err)
	}
	// The name may be used again once the first is over.
	if _, err := agency.Add(t.Context(), s.DB, admin, agency.New{Name: "harbour mentors", Kind: "voluntary"}); err != nil {
		t.Errorf("the name a second time: %v", err)
	}
}

func TestAgenciesThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for field, n := range map[string]agency.New{"name": {Kind: "police"}, "kind": {Name: "X", Kind: "guild"}} {
		if _, err := agency.Add(t.Context(), s.DB, s.As(authz.Administrator, s.Force), n); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != field {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if _, err := agency.Add(t.Context(), s.DB, s.As(authz.Administrator, s.Force), agency.New{Name: "sussex police", Kind: "police"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a name twice: %v", err)
	}
	if _, err := agency.Add(t.Context(), s.DB, s.As(authz.Chair, s.Force), agency.New{Name: "X", Kind: "police"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("by a chair: %v", err)
	}
}

// TestAGrantLapsesWithItsAgency: nobody works on for an agency that has gone.
func TestAGrantLapsesWithItsAgency(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor := s.Account(authz.Partner, s.East)
	if err := agency.End(t.Context(), s.DB, s.As(authz.Administrator, s.Force), s.Star, clock.NewDate(2026, 6, 1), 1); err != nil {
		t.Fatal(err)
	}
	grants := func() int {
		st, err := s.DB.StandingOf(t.Context(), actor.Account)
		if err != nil {
			t.Fatal(err)
		}
		return len(st.Actor.Grants)
	}
	if grants() != 1 {
		t.Error("the role is gone on the agency's last day")
	}
	s.Clock.Set(clock.NewDate(2026, 6, 2).At(0, 0))
	if grants() != 0 {
		t.Error("the role outlives the agency")
	}
}
