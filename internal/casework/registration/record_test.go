package registration_test

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/contact"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/link"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// TestCriteriaTellNobodyMoreThanTheyMayRead follows the categories of
// docs/permissions.md: intelligence is read by co-ordinator, chair, police and
// probation; drug tests by co-ordinator and probation.
func TestCriteriaTellNobodyMoreThanTheyMayRead(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	_, err := intelligence.Record(t.Context(), s.DB, s.As(authz.Police, s.East), intelligence.New{Nominal: of, Dated: clock.NewDate(2026, 5, 20),
		Text: "Seen with known associates", Source: "Police log"})
	must(t, err)
	_, err = drugtest.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), drugtest.New{Nominal: of, TestedOn: clock.NewDate(2026, 5, 21),
		Result: drugtest.Negative, Agency: s.Probation, Source: "Test"})
	must(t, err)
	must(t, do(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(event(of))
		_, err := contact.Insert(ctx, tx, contact.New{Nominal: of, Kind: contact.OfficeVisit, HeldOn: clock.NewDate(2026, 5, 22), Outcome: contact.Attended,
			Agency: s.Probation, Log: "Attended", Source: "Probation"})
		return err
	}))
	for role, want := range map[authz.Role][2]registration.State{ // intelligence, drug tests
		authz.Coordinator: {registration.NotMet, registration.Met},
		authz.Chair:       {registration.NotMet, registration.NotKnown},
		authz.Police:      {registration.NotMet, registration.NotKnown},
		authz.Probation:   {registration.NotMet, registration.Met},
		authz.Partner:     {registration.NotKnown, registration.NotKnown},
	} {
		all := read(t, s, s.Account(role, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Criterion, error) {
			return registration.Criteria(ctx, q, of)
		})
		state := map[string]registration.State{}
		for _, c := range all {
			state[c.Key] = c.State
		}
		if state[registration.NoIntelligence] != want[0] || state[registration.NegativeTests] != want[1] || state[registration.GoodAttendance] != registration.Met {
			t.Errorf("%s is told %v", role, state)
		}
	}
}

func TestMandatoryTriggersPromptUntilAMeetingAnswers(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	s.Registered(t, s.East, "Other", "Ann", rag.Red)
	triggers := func() []registration.Trigger {
		return read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Trigger, error) {
			return registration.MandatoryIn(ctx, q, []ref.AreaID{s.East, s.Brighton})
		})
	}
	sentenceOf := func(on clock.Date, years int) (id ref.SentenceID) {
		must(t, do(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) (err error) {
			tx.Record(event(of))
			id, err = sentence.Insert(ctx, tx, sentence.New{Nominal: of, ImposedOn: on, Court: "Lewes Crown Court", Offence: "Burglary",
				Type: sentence.Determinate, Term: sentence.Term{Years: years}, Source: "Court"})
			return err
		}))
		return id
	}
	sentenceOf(clock.NewDate(2026, 5, 31), 9) // before the registration began
	if got := triggers(); len(got) != 0 {
		t.Fatalf("an old sentence fires: %+v", got)
	}
	s.Clock.Set(clock.NewDate(2026, 7, 1).At(9, 0))
	wrong := sentenceOf(clock.NewDate(2026, 6, 30), 6)
	if got := triggers(); len(got) != 1 || got[0].Nominal != of || got[0].Rule != "R79" || got[0].Since != clock.NewDate(2026, 6, 30) || !got[0].Certain {
		t.Fatalf("six years of custody: %+v", got)
	}
	must(t, do(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(event(of))
		return nominal.CloseFact(ctx, tx, of, "sentence", int64(wrong), nominal.EnteredInError, "Another person", clock.Date{})
	}))
	if got := triggers(); len(got) != 0 {
		t.Fatalf("a sentence entered in error fires: %+v", got)
	}
	level := func(n int) {
		must(t, do(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) error {
			tx.Record(event(of))
			_, err := link.InsertMAPPA(ctx, tx, link.NewMAPPA{Nominal: of, Level: n, From: clock.Today(s.Clock), Source: "ViSOR"})
			return err
		}))
	}
	level(3)
	if got := triggers(); len(got) != 1 || got[0].Rule != "R81" || got[0].Note == "" {
		t.Fatalf("MAPPA level 3: %+v", got)
	}
	s.Clock.Advance(time.Hour)
	d := s.Decision(t, s.East)
	must(t, do(t, s, s.As(authz.Chair, s.East), func(ctx context.Context, tx *db.Tx) error {
		return registration.Retain(ctx, tx, registration.Retention{Registration: reg, Nominal: of, Reason: "Managed by both, see R103", Decision: d})
	}))
	if got := triggers(); len(got) != 0 {
		t.Fatalf("answered, and fires again: %+v", got)
	}
	s.Clock.Advance(time.Hour)
	sentenceOf(clock.Today(s.Clock), 5) // a new sentence is a new ground
	if got := triggers(); len(got) != 1 || got[0].Rule != "R79" {
		t.Fatalf("a new sentence after the answer: %+v", got)
	}
}

// TestTheLogHasEveryStep reads the log of a case as its co-ordinator.
func TestTheLogHasEveryStep(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	for _, name := range []string{registration.NicheMarkers, registration.PNCMarker} {
		line(t, s, s.East, of, reg, registration.AdoptionList, name)
	}
	deregister(t, s, s.East, of, reg)
	for _, name := range []string{registration.NicheMarkers, registration.PNCMarker, registration.Notified} {
		line(t, s, s.East, of, reg, registration.RemovalList, name)
	}
	type row struct {
		Command   string
		Operation audit.Operation
	}
	logged := read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (map[row]int, error) {
		rows, err := q.Query(ctx, `SELECT command, operation, count(*) FROM log_event WHERE $1 = ANY (nominals) AND command ~ '^(registration|review)' GROUP BY 1, 2`, of)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		all := map[row]int{}
		for rows.Next() {
			var r row
			var n int
			if err := rows.Scan(&r.Command, &r.Operation, &n); err != nil {
				return nil, err
			}
			all[r] = n
		}
		return all, rows.Err()
	})
	want := map[row]int{{"registration.adopt", audit.Collect}: 1, {"review.rate", audit.Collect}: 1, {"registration.checklist", audit.Collect}: 5,
		{"registration.deregister", audit.Alter}: 1, {"registration.close", audit.Alter}: 1}
	for r, n := range want {
		if logged[r] != n {
			t.Errorf("%s %s is in the log %d times, want %d", r.Operation, r.Command, logged[r], n)
		}
	}
	if len(logged) != len(want) {
		t.Errorf("the log holds %v", logged)
	}
}
