package sentence_test

import (
	"context"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func status(t *testing.T, s *fixture.Scheme, id ref.NominalID) sentence.Standing {
	t.Helper()
	got, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (sentence.Status, error) {
		st, _, err := sentence.StatusOf(ctx, q, id)
		return st, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got.Standing
}

func TestLatestStatusIsCurrentUntilCorrected(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	by := s.As(authz.Probation, s.East)
	if got := status(t, s, id); got != "" {
		t.Errorf("nothing was recorded, and the status is %q", got)
	}
	if _, err := sentence.RecordStatus(t.Context(), s.DB, by, sentence.NewStatus{Nominal: id, Standing: sentence.Licence, From: day("2026-01-01"), Ends: day("2026-12-01"), Source: "licence"}); err != nil {
		t.Fatal(err)
	}
	wrong, err := sentence.RecordStatus(t.Context(), s.DB, by, sentence.NewStatus{Nominal: id, Standing: sentence.Voluntary, From: day("2026-05-01"), Source: "licence"})
	if err != nil {
		t.Fatal(err)
	}
	if got := status(t, s, id); got != sentence.Voluntary {
		t.Errorf("status %q", got)
	}
	if err := sentence.Correct(t.Context(), s.DB, by, id, sentence.FactStatus, wrong, "another person"); err != nil {
		t.Fatal(err)
	}
	if got := status(t, s, id); got != sentence.Licence {
		t.Errorf("after the correction: %q", got)
	}
	if err := sentence.Correct(t.Context(), s.DB, by, id, "nominal_warning", wrong, "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another kind of fact: %v", err)
	}
}

// By hand, from the table of permissions: co-ordinator, police, probation.
func TestWhoMayRecord(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	n := sentence.New{Nominal: id, ImposedOn: day("2026-05-01"), Court: "Lewes Crown Court", Offence: "Robbery", Type: sentence.Determinate,
		Term: sentence.Term{Months: 18}, Source: "court register"}
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0, authz.Chair: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Analyst: fault.NotFound, authz.Administrator: fault.NotFound,
	} {
		if _, err := sentence.Record(t.Context(), s.DB, s.As(role, s.East), n); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s: %v", role, err)
		}
	}
	all, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]sentence.Sentence, error) {
		return sentence.Of(ctx, q, id)
	})
	if err != nil || len(all) != 3 || all[0].Term() != n.Term || all[0].Type() != n.Type {
		t.Errorf("sentences: %+v, %v", all, err)
	}
}

// A tag that was taken off can still turn out never to have been on: that is a second closing, and
// nothing follows after it (R120).
func TestATagThatWasTakenOffCanBeEnteredInErrorByR120(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id, ctx := s.Nominal(t, s.East, "Marsh", "Kit", clock.MustISO("1990-05-17")), t.Context()
	by := func() db.Submission { return s.As(authz.Probation, s.East) }
	tag, err := sentence.RecordTag(ctx, s.DB, by(), sentence.NewTag{Nominal: id, Kind: sentence.Tags[0], Starts: clock.MustISO("2026-05-01"), Source: "licence"})
	if err != nil {
		t.Fatal(err)
	}
	off := clock.MustISO("2026-05-20")
	tags := func() []sentence.Tag {
		t.Helper()
		all, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]sentence.Tag, error) { return sentence.TagsOf(ctx, q, id) })
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if err := sentence.RemoveTag(ctx, s.DB, by(), id, tag, "Curfew over", off); err != nil {
		t.Fatal(err)
	}
	if all := tags(); len(all) != 1 || all[0].RemovedOn != off || all[0].RemovedWhy != "Curfew over" {
		t.Errorf("taken off: %+v", all)
	}
	if err := sentence.Correct(ctx, s.DB, by(), id, sentence.FactTag, tag, "Another person's"); err != nil {
		t.Fatal(err)
	}
	if all := tags(); len(all) != 0 {
		t.Errorf("entered in error: %+v", all)
	}
	if err := sentence.Correct(ctx, s.DB, by(), id, sentence.FactTag, tag, "Again"); fault.KindOf(err) != fault.Stale {
		t.Errorf("in error twice: %v", err)
	}
	if err := sentence.RemoveTag(ctx, s.DB, by(), id, tag, "Again", off); fault.KindOf(err) != fault.Stale {
		t.Errorf("taken off after it was in error: %v", err)
	}
}
