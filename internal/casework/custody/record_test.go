package custody_test

import (
	"context"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func current(t *testing.T, s *fixture.Scheme, id ref.NominalID) (custody.Spell, bool) {
	t.Helper()
	var in bool
	spell, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) (sp custody.Spell, err error) {
		sp, in, err = custody.CurrentOf(ctx, q, id)
		return sp, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return spell, in
}

// One life of a spell: reception, two release dates, a move, a release, the
// release taken back and recorded again.
func TestSpellFromReceptionToRelease(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	by := s.As(authz.Probation, s.East)
	ctx := t.Context()

	spell, err := custody.Receive(ctx, s.DB, by, custody.New{Nominal: id, ReceivedOn: day("2026-03-02"), Prison: "LWI", Why: custody.OnSentence,
		Expected: day("2026-09-01"), NotifiedBy: "Lewes offender management unit", Source: "prison"})
	if err != nil {
		t.Fatal(err)
	}
	if err := custody.Expect(ctx, s.DB, by, id, spell, custody.Notified{Day: day("2026-08-18"), NotifiedBy: "Lewes offender management unit", Source: "letter"}); err != nil {
		t.Fatal(err)
	}
	if err := custody.Transfer(ctx, s.DB, by, id, spell, custody.NewMove{Prison: "BZI", MovedOn: day("2026-04-01"), Source: "prison"}); err != nil {
		t.Fatal(err)
	}
	got, in := current(t, s, id)
	if !in || got.Expected != day("2026-08-18") || got.Prison != "BZI" || got.ReceivedAt != "LWI" {
		t.Fatalf("the spell is %+v (in custody: %t)", got, in)
	}

	_, err = custody.Receive(ctx, s.DB, by, custody.New{Nominal: id, ReceivedOn: day("2026-05-01"), Prison: "LWI", Why: custody.Remand, Source: "prison"})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("a second reception while in custody: %v", err)
	}

	release := custody.Notified{Day: day("2026-05-20"), NotifiedBy: "Bronzefield", Source: "prison"}
	if err := custody.Release(ctx, s.DB, by, id, spell, release); err != nil {
		t.Fatal(err)
	}
	if _, in := current(t, s, id); in {
		t.Error("still in custody after the release")
	}
	if err := custody.Release(ctx, s.DB, by, id, spell, release); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a second release: %v", err)
	}

	notices, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]custody.Notice, error) {
		return custody.Notices(ctx, q, id)
	})
	if err != nil || len(notices) != 3 || notices[0].Kind != "released" {
		t.Fatalf("notices: %+v, %v", notices, err)
	}
	if err := custody.Correct(ctx, s.DB, by, id, custody.FactDate, notices[0].ID, "wrong person"); err != nil {
		t.Fatal(err)
	}
	if _, in := current(t, s, id); !in {
		t.Error("the release was taken back, and yet the person is out")
	}
	release.Day = day("2026-05-21")
	if err := custody.Release(ctx, s.DB, by, id, spell, release); err != nil {
		t.Errorf("the right release after a correction: %v", err)
	}
}

// A release cannot be taken back when the person was received again since.
func TestCorrectionCannotMakeSpellsOverlap(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	by := s.As(authz.Police, s.East)
	receive := func(from, to string) {
		t.Helper()
		n := custody.New{Nominal: id, ReceivedOn: day(from), Prison: "LWI", Why: custody.Remand, Source: "prison"}
		if to != "" {
			n.ReleasedOn = day(to)
		}
		if _, err := custody.Receive(t.Context(), s.DB, by, n); err != nil {
			t.Fatal(err)
		}
	}
	receive("2026-01-05", "2026-02-05")
	receive("2026-02-05", "")
	notices, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]custody.Notice, error) {
		return custody.Notices(ctx, q, id)
	})
	if err != nil || len(notices) != 1 {
		t.Fatalf("notices: %+v, %v", notices, err)
	}
	if err := custody.Correct(t.Context(), s.DB, by, id, custody.FactDate, notices[0].ID, "no such release"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("taking the release back: %v", err)
	}
}

func TestWhoMayRecordCustody(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	// By hand, from the table of permissions: co-ordinator, police and probation of the area.
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0,
		authz.Chair: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound, authz.Guest: fault.NotFound,
	} {
		id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
		n := custody.New{Nominal: id, ReceivedOn: day("2026-03-02"), Prison: "LWI", Why: custody.Remand, Source: "prison"}
		if _, err := custody.Receive(t.Context(), s.DB, s.As(role, s.East), n); fault.KindOf(err) != want || (want == 0 && err != nil) {
			t.Errorf("%s: %v, want kind %d", role, err, want)
		}
		if _, err := custody.Receive(t.Context(), s.DB, s.As(role, s.Brighton), n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area: %v, want not found", role, err)
		}
	}
}

func TestUnknownPrisonIsRefused(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	_, err := custody.Receive(t.Context(), s.DB, s.As(authz.Police, s.East), custody.New{Nominal: id, ReceivedOn: day("2026-03-02"), Prison: "XXX", Why: custody.Remand, Source: "prison"})
	if problems := fault.ProblemsOf(err); len(problems) != 1 || problems[0].Field != "prison" {
		t.Errorf("got %v", err)
	}
}
