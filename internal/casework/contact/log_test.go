package contact_test

import (
	"context"
	"testing"

	"iom/internal/casework/contact"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func visit(s *fixture.Scheme, id ref.NominalID) contact.New {
	return contact.New{Nominal: id, Kind: contact.HomeVisit, HeldOn: day("2026-05-30"), At: "18:30", Outcome: contact.Seen, Agency: s.Police, JointAgency: s.Probation,
		ForceNumber: "CB123", Log: "At home", Result: "Office visit on Tuesday", Source: "own contact"}
}

func TestLogAndRead(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	made, err := contact.Log(t.Context(), s.DB, s.As(authz.Police, s.East), visit(s, id))
	if err != nil {
		t.Fatal(err)
	}
	missed := visit(s, id)
	missed.Kind, missed.Outcome, missed.HeldOn = contact.Supervision, contact.DidNotAttend, day("2026-05-31")
	if _, err := contact.Log(t.Context(), s.DB, s.As(authz.Probation, s.East), missed); err != nil {
		t.Fatal(err)
	}
	type seen struct {
		recent []contact.Contact
		visits []clock.Date
		rate   contact.Rate
	}
	got, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (v seen, err error) {
		if v.recent, err = contact.Recent(ctx, q, id, 5); err != nil {
			return v, err
		}
		if v.visits, err = contact.Visits(ctx, q, id, day("2026-05-01")); err != nil {
			return v, err
		}
		v.rate, err = contact.Attendance(ctx, q, id, day("2026-05-01"))
		return v, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.recent) != 2 || got.recent[1].ID != made || got.recent[1].AgencyName != "Sussex Police" || got.recent[1].JointAgencyName != "Probation Service" || got.recent[1].At != "18:30" {
		t.Errorf("contacts: %+v", got.recent)
	}
	if len(got.visits) != 1 || got.visits[0] != day("2026-05-30") {
		t.Errorf("visits: %v", got.visits)
	}
	if got.rate != (contact.Rate{Missed: 1}) {
		t.Errorf("attendance: %+v", got.rate)
	}
	if err := contact.Correct(t.Context(), s.DB, s.As(authz.Police, s.East), id, made, "wrong person"); err != nil {
		t.Fatal(err)
	}
	left, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]contact.Contact, error) {
		return contact.Recent(ctx, q, id, 5)
	})
	if err != nil || len(left) != 1 {
		t.Errorf("after the correction: %+v, %v", left, err)
	}
	if err := contact.Correct(t.Context(), s.DB, s.As(authz.Police, s.East), id, made, "again"); fault.KindOf(err) != fault.Stale {
		t.Errorf("corrected twice: %v", err)
	}
}

// By hand, from the table of permissions: co-ordinator, police, probation, partner.
func TestWhoMayLog(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0, authz.Partner: 0, authz.Chair: fault.Forbidden,
		authz.Guest: fault.NotFound, authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound,
	} {
		if _, err := contact.Log(t.Context(), s.DB, s.As(role, s.East), visit(s, id)); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s: %v", role, err)
		}
		if _, err := contact.Log(t.Context(), s.DB, s.As(role, s.West), visit(s, id)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area: %v", role, err)
		}
	}
	unknown := visit(s, id)
	unknown.JointAgency = 9999
	if _, err := contact.Log(t.Context(), s.DB, s.As(authz.Police, s.East), unknown); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an agency that does not exist: %v", err)
	}
}

// TestTheLogKeepsWhatThePaperFormAsks: R33. Date, force number, contact log and
// outcome, with who entered it; what was entered in error is no longer shown and
// stays in the table.
func TestTheLogKeepsWhatThePaperFormAsks(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	made, err := contact.Log(t.Context(), s.DB, s.As(authz.Police, s.East), visit(s, id))
	if err != nil {
		t.Fatal(err)
	}
	all, err := fixture.Read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]contact.Contact, error) {
		return contact.Since(ctx, q, id, day("2026-05-30"))
	})
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if c := all[0]; c.ID != made || c.HeldOn != day("2026-05-30") || c.ForceNumber != "CB123" || c.Log != "At home" || c.Result != "Office visit on Tuesday" ||
		c.Outcome != contact.Seen || c.By != "Parker Eastwood" || !c.IsVisit() {
		t.Errorf("the log reads %+v", c)
	}
	if err := contact.Correct(t.Context(), s.DB, s.As(authz.Police, s.East), id, made, "wrong person"); err != nil {
		t.Fatal(err)
	}
	kept, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (n int, err error) {
		err = q.QueryRow(ctx, `SELECT count(*) FROM contact WHERE id = $1 AND force_number = 'CB123'`, made).Scan(&n)
		return n, err
	})
	if err != nil || kept != 1 {
		t.Errorf("after the correction %d rows are kept, %v", kept, err)
	}
}

// What can be a breach is what was missed or left early without an acceptable reason; refused
// treatment is not (R142), nor what was entered in error.
func TestWhatWasMissedByR142(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	log := func(on string, o contact.Outcome, excused bool) ref.ContactID {
		n := visit(s, id)
		n.Kind, n.HeldOn, n.Outcome, n.Excused = contact.KeyWork, day(on), o, excused
		made, err := contact.Log(t.Context(), s.DB, s.As(authz.Police, s.East), n)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	left, absent := log("2026-05-20", contact.LeftEarly, false), log("2026-05-21", contact.DidNotAttend, false)
	log("2026-05-22", contact.Attended, false)
	log("2026-05-23", contact.RefusedTreatment, false)
	log("2026-05-24", contact.DidNotAttend, true)
	wrong := log("2026-05-25", contact.DidNotAttend, false)
	if err := contact.Correct(t.Context(), s.DB, s.As(authz.Police, s.East), id, wrong, "another person's"); err != nil {
		t.Fatal(err)
	}
	got, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]contact.Contact, error) {
		if _, ok, err := contact.Get(ctx, q, id, wrong); ok || err != nil {
			t.Errorf("one entered in error is there: %v", err)
		}
		if c, ok, err := contact.Get(ctx, q, id, left); !ok || err != nil || c.HeldOn != day("2026-05-20") {
			t.Errorf("%+v, %v", c, err)
		}
		return contact.MissedBy(ctx, q, id, 10)
	})
	if err != nil || len(got) != 2 || got[0].ID != absent || got[1].ID != left {
		t.Errorf("missed: %+v, %v", got, err)
	}
}
