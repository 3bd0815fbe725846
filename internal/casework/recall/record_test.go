package recall_test

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/law"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func sentenced(t *testing.T, s *fixture.Scheme, id ref.NominalID) ref.SentenceID {
	t.Helper()
	made, err := sentence.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), sentence.New{Nominal: id, ImposedOn: day("2025-01-05"), Court: "Lewes Crown Court",
		Offence: "Burglary", OffenceOn: day("2025-01-05"), Type: sentence.Determinate, Term: sentence.Term{Months: 20}, Source: "court register"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func one(t *testing.T, s *fixture.Scheme, id ref.NominalID) recall.Recall {
	t.Helper()
	all, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]recall.Recall, error) { return recall.Of(ctx, q, id) })
	if err != nil || len(all) != 1 {
		t.Fatalf("recalls: %+v, %v", all, err)
	}
	return all[0]
}

// From the decision to the release: R138, R139, R136, R137 and, for the rating, R51. The
// sentence of 20 months from 5 January 2025 ends on 4 September 2026 (facts, case 13).
func TestARecallFromDecisionToReleaseByR51(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Prisons(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	of, by, ctx := sentenced(t, s, id), s.As(authz.Probation, s.East), t.Context()
	decided := s.Clock.Now()
	rid, err := recall.Decide(ctx, s.DB, by, recall.New{Nominal: id, Sentence: of, DecidedAt: decided, DecidedBy: "Robin Eastwood", Reason: "Missed appointments", Source: "probation"})
	if err != nil {
		t.Fatal(err)
	}
	again := recall.New{Nominal: id, Sentence: of, DecidedAt: decided, DecidedBy: "Robin Eastwood", Reason: "x", Source: "probation"}
	if _, err := recall.Decide(ctx, s.DB, s.As(authz.Probation, s.East), again); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a second recall while one is under way: %v", err)
	}
	for _, step := range []recall.Step{recall.Sent, recall.Received, recall.Revoked} {
		s.Clock.Advance(time.Hour)
		if err := recall.Record(ctx, s.DB, s.As(authz.Probation, s.East), id, rid, recall.NewStep{Step: step, At: s.Clock.Now(), Source: "e-mail"}); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	back := recall.Returned{On: day("2026-06-01"), Prison: "LWI", Source: "prison"}
	if err := recall.Return(ctx, s.DB, s.As(authz.Police, s.East), id, rid, back); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a return on a recall of no kind: %v", err)
	}
	replies := map[law.QuestionID]recall.Reply{}
	for _, q := range []law.Question{law.AskMAPPA, law.AskMAPPA4, law.AskCharged, law.AskTerrorism, law.AskForeign, law.AskBoard, law.AskSpecial} {
		replies[q.ID] = recall.Reply{Answer: law.NotMet, Evidence: "Record checked"}
	}
	if err := recall.Answer(ctx, s.DB, s.As(authz.Probation, s.East), id, rid, recall.Decided{Replies: replies, Kind: law.FixedTerm56, Source: "PPCS"}); err != nil {
		t.Fatal(err)
	}
	if err := recall.Return(ctx, s.DB, s.As(authz.Police, s.East), id, rid, back); err != nil {
		t.Fatal(err)
	}
	r := one(t, s, id)
	if out, ok := r.Release(day("2026-09-04")); r.Open() || !ok || out.On != day("2026-07-26") { // 56 days from 1 June, which counts
		t.Errorf("%+v ends %+v", r, out)
	}
	prompts := func() []review.Prompt {
		all, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]review.Prompt, error) { return review.PromptsOf(ctx, q, id) })
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if p := prompts(); len(p) != 1 || p[0].Rating != rag.Prison {
		t.Errorf("R51, custody: %+v", p)
	}
	s.Clock.Set(day("2026-07-24").At(9, 0))
	if err := custody.Release(ctx, s.DB, s.As(authz.Police, s.East), id, r.Spell, custody.Notified{Day: day("2026-07-24"), NotifiedBy: "Lewes", NotifiedOn: day("2026-07-24"), Source: "prison"}); err != nil {
		t.Fatal(err)
	}
	if p := prompts(); len(p) != 1 || p[0].Rating != rag.Red {
		t.Errorf("R51, released after a fixed-term recall: %+v", p)
	}
	if got := one(t, s, id).ReleasedOn; got != day("2026-07-24") {
		t.Errorf("released on %s", got)
	}
}

// R137: days unlawfully at large that the prison reckoned move the end of the sentence, and with
// it the cap. Sentence end 4 September 2026 and 5 days: 9 September.
func TestDaysAtLargeMoveTheEndByR137(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2026-09-01")))
	s.Prisons(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	of, ctx := sentenced(t, s, id), t.Context()
	rid, err := recall.Decide(ctx, s.DB, s.As(authz.Probation, s.East), recall.New{Nominal: id, Sentence: of, DecidedAt: day("2026-08-25").At(9, 0), DecidedBy: "x", Reason: "x", Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := recall.Answer(ctx, s.DB, s.As(authz.Probation, s.East), id, rid, recall.Decided{Kind: law.FixedTerm56, Reason: "PPCS letter", Source: "PPCS"}); err != nil {
		t.Fatal(err)
	}
	if err := recall.Return(ctx, s.DB, s.As(authz.Police, s.East), id, rid, recall.Returned{On: day("2026-09-01"), Prison: "LWI", AtLarge: 5, Source: "prison"}); err != nil {
		t.Fatal(err)
	}
	ends, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (clock.Date, error) {
		d, err := sentence.DatesOf(ctx, q, id)
		return d.EndOf(of).Day, err
	})
	if err != nil || ends != day("2026-09-09") {
		t.Fatalf("the sentence ends %s, %v", ends, err)
	}
	if out, _ := one(t, s, id).Release(ends); out.On != day("2026-09-09") || !out.Capped {
		t.Errorf("re-release %+v", out)
	}
}

// By hand, from the table of permissions: co-ordinator, police, probation of the area.
func TestWhoMayRecordARecall(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0, authz.Chair: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound, authz.Guest: fault.NotFound,
	} {
		id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
		n := recall.New{Nominal: id, Sentence: sentenced(t, s, id), DecidedAt: s.Clock.Now(), DecidedBy: "x", Reason: "x", Source: "x"}
		if _, err := recall.Decide(t.Context(), s.DB, s.As(role, s.East), n); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s: %v, want kind %d", role, err, want)
		}
		if _, err := recall.Decide(t.Context(), s.DB, s.As(role, s.Brighton), n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area: %v", role, err)
		}
	}
}
