package registration_test

import (
	"context"
	"strings"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var adult = clock.NewDate(1990, 2, 3)

func read[R any](t *testing.T, s *fixture.Scheme, actor authz.Actor, fn func(ctx context.Context, q *db.ReadTx) (R, error)) R {
	t.Helper()
	answer, err := fixture.Read(t, s, actor, fn)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func do(t *testing.T, s *fixture.Scheme, as db.Submission, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	_, err := db.Write(t.Context(), s.DB, as, func(ctx context.Context, tx *db.Tx) (bool, error) { return true, fn(ctx, tx) })
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails the test unless the error is of the kind and names the rule.
func refused(t *testing.T, err error, kind fault.Kind, rule string) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Fatalf("got %v (kind %d), want kind %d", err, fault.KindOf(err), kind)
	}
	if rule == "" {
		return
	}
	for _, p := range fault.ProblemsOf(err) {
		if p.Rule == rule {
			return
		}
	}
	t.Fatalf("got %v, want a problem of %s", err, rule)
}

func texts(problems []fault.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field+": "+p.Text)
	}
	return strings.Join(all, "; ")
}

func current(t *testing.T, s *fixture.Scheme, at ref.AreaID, of ref.NominalID) (registration.Current, bool) {
	t.Helper()
	type found struct {
		Current registration.Current
		OK      bool
	}
	f := read(t, s, s.Account(authz.Coordinator, at), func(ctx context.Context, q *db.ReadTx) (found, error) {
		c, ok, err := registration.CurrentOf(ctx, q, of)
		return found{c, ok}, err
	})
	return f.Current, f.OK
}

func event(of ref.NominalID) audit.Event {
	return audit.Event{Operation: audit.Collect, Command: "test", Nominals: []int64{int64(of)}}
}

// removal is a complete decision to deregister, with an exit officer of probation.
func removal(s *fixture.Scheme, of ref.NominalID, reg ref.RegistrationID, d ref.Decision) registration.Removal {
	return registration.Removal{Registration: reg, Nominal: of, Justification: "Two years without offending", Reasons: "Engaged and stable",
		Criteria: []string{registration.GoodAttendance}, ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation,
		ExitPlan: "Weekly contact for three months", Decision: d}
}

func deregister(t *testing.T, s *fixture.Scheme, at ref.AreaID, of ref.NominalID, reg ref.RegistrationID) {
	t.Helper()
	d := s.Decision(t, at)
	must(t, do(t, s, s.As(authz.Coordinator, at), func(ctx context.Context, tx *db.Tx) error {
		return registration.Deregister(ctx, tx, removal(s, of, reg, d))
	}))
}

func line(t *testing.T, s *fixture.Scheme, at ref.AreaID, of ref.NominalID, reg ref.RegistrationID, list, name string) bool {
	t.Helper()
	closed, err := registration.RecordLine(t.Context(), s.DB, s.As(authz.Coordinator, at), of, reg,
		registration.NewLine{List: list, Line: name, DoneOn: clock.Today(s.Clock), ByWhom: "Casey Eastwood"})
	must(t, err)
	return closed
}
