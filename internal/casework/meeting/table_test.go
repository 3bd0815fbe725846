package meeting_test

import (
	"context"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// table is a scheme with one planned meeting of East Sussex, today at 10:00.
type table struct {
	*fixture.Scheme
	t  *testing.T
	id ref.MeetingID
}

func lay(t *testing.T) *table {
	t.Helper()
	s := &table{Scheme: fixture.New(t), t: t}
	for _, r := range []authz.Role{authz.Chair, authz.Police, authz.Probation, authz.Partner, authz.Guest} {
		s.Account(r, s.East)
	}
	s.id = s.plan(s.East)
	return s
}

func (s *table) plan(at ref.AreaID) ref.MeetingID {
	s.t.Helper()
	id, err := meeting.Plan(s.t.Context(), s.DB, s.As(authz.Coordinator, at), meeting.New{Area: at, Kind: meeting.Operational,
		HeldOn: clock.Today(s.Clock), Starts: "10:00", Place: "Police station", Chair: s.account(authz.Chair)})
	s.must(err)
	return id
}

// as is a submission of East's account of a role; account is its id.
func (s *table) as(r authz.Role) db.Submission { return s.As(r, s.East) }
func (s *table) account(r authz.Role) ref.AccountID {
	return ref.AccountID(s.Account(r, s.East).Account)
}
func (s *table) must(err error) { s.t.Helper(); must(s.t, err) }
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// refused fails unless the error is of the kind.
func refused(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Errorf("%s: %v, want kind %d", what, err, kind)
	}
}

// sit invites everybody of East and has them sign and be present.
func (s *table) sit(roles ...authz.Role) {
	s.t.Helper()
	var accounts []ref.AccountID
	states := map[ref.AccountID]string{}
	for _, r := range roles {
		accounts = append(accounts, s.account(r))
		states[s.account(r)] = "present"
	}
	s.must(meeting.Invite(s.t.Context(), s.DB, s.as(authz.Coordinator), s.id, accounts))
	s.must(meeting.CallRoll(s.t.Context(), s.DB, s.as(authz.Coordinator), s.id, states))
	for _, r := range roles {
		s.must(s.sign(r))
	}
}

func (s *table) sign(r authz.Role) error {
	m, err := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Statement, error) {
		m, err := meeting.Get(ctx, q, s.id)
		if err != nil {
			return meeting.Statement{}, err
		}
		return meeting.StatementFor(ctx, q, m.Area)
	})
	if err != nil {
		return err
	}
	return meeting.Sign(s.t.Context(), s.DB, s.as(r), s.id, m.ID, "My name")
}

func (s *table) open() {
	s.t.Helper()
	_, err := meeting.Open(s.t.Context(), s.DB, s.as(authz.Coordinator), s.id)
	s.must(err)
}

func (s *table) caseOf(r authz.Role, n ref.NominalID) (meeting.Case, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Case, error) {
		return meeting.CaseOf(ctx, q, s.id, n)
	})
}

func (s *table) get(r authz.Role) meeting.Meeting {
	s.t.Helper()
	m, err := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, error) {
		return meeting.Get(ctx, q, s.id)
	})
	s.must(err)
	return m
}

func (s *table) items(r authz.Role) ([]meeting.Item, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
		_, items, err := meeting.Items(ctx, q, s.id)
		return items, err
	})
}

func (s *table) minutes(r authz.Role) (meeting.Minutes, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Minutes, error) {
		return meeting.MinutesOf(ctx, q, s.id)
	})
}

func (s *table) gaps() []meeting.Gap {
	s.t.Helper()
	gaps, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Gap, error) {
		m, err := meeting.Get(ctx, q, s.id)
		if err != nil {
			return nil, err
		}
		return meeting.Missing(ctx, q, m)
	})
	s.must(err)
	return gaps
}

func (s *table) referred(family string) ref.NominalID {
	s.t.Helper()
	born := clock.NewDate(1990, 2, 3)
	n := s.Nominal(s.t, s.East, family, "Jo", born)
	s.Referred(s.t, s.East, n, born)
	return n
}

func (s *table) adopt(n ref.NominalID) error {
	return meeting.DecideReferral(s.t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, meeting.ReferralDecision{Outcome: "adopted",
		Reason: "High risk of reoffending", Rating: rag.Red, RatingReason: "Disengaged", Characteristics: rag.Red.Characteristics()[:1],
		Lead: registration.Lead{Account: s.account(authz.Probation), Capacity: registration.ProbationOfficer}})
}

// by records facts in one transaction of the co-ordinator.
func (s *table) by(fn func(ctx context.Context, tx *db.Tx) error) error {
	_, err := db.Write(s.t.Context(), s.DB, s.as(authz.Coordinator), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Collect, Command: "test"})
		return true, fn(ctx, tx)
	})
	return err
}

func sentenced(t *testing.T, s *table, n ref.NominalID, years int) error {
	t.Helper()
	return s.by(func(ctx context.Context, tx *db.Tx) error {
		_, err := sentence.Insert(ctx, tx, sentence.New{Nominal: n, ImposedOn: tx.Today(), Court: "Lewes Crown Court", Offence: "Robbery", Type: sentence.Determinate,
			Term: sentence.Term{Years: years}, Source: "Court"})
		return err
	})
}

// held puts somebody into custody, or gives who is there another release date.
func held(t *testing.T, s *table, n ref.NominalID, release clock.Date) error {
	t.Helper()
	s.Prisons(t)
	return s.by(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO custody_spell (nominal_id, received_on, prison, why, source, recorded_at, recorded_by)
			SELECT $1, $2, (SELECT min(code) FROM prison), 'sentence', 'Prison', $3, $4 WHERE NOT EXISTS (SELECT FROM custody_spell WHERE nominal_id = $1)`,
			n, tx.Today(), tx.Now(), tx.Actor().Account)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO custody_date (spell_id, nominal_id, kind, day, notified_by, notified_on, source, recorded_at, recorded_by)
			SELECT id, $1, 'expected release', $2, 'Prison', $5, 'Prison', $3, $4 FROM custody_spell WHERE nominal_id = $1`,
			n, release, tx.Now(), tx.Actor().Account, tx.Today())
		return err
	})
}
