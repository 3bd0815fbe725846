package condition_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/condition"
	"iom/internal/casework/fixture"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

// sentenced is six months from 1 July 2025, by hand: 184 days, of which 40% are 74, so
// released on 12 September 2025; licence to 31 December 2025; supervision from 1 January 2026,
// meant to 12 September 2026 and ended by the repeal on 11 May 2026.
func sentenced(t *testing.T, s *fixture.Scheme, id ref.NominalID) ref.SentenceID {
	t.Helper()
	made, err := sentence.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), sentence.New{Nominal: id, ImposedOn: day("2025-07-01"), Court: "Lewes Crown Court",
		Offence: "Burglary", OffenceOn: day("2025-06-15"), Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: "court register"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// read is what a partner agency of the area reads of somebody.
func read[T any](t *testing.T, s *fixture.Scheme, id ref.NominalID, of func(context.Context, db.Querier, ref.NominalID) ([]T, error)) []T {
	t.Helper()
	all, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]T, error) { return of(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var setting = condition.New{SetBy: "Governor Ashdown, HMP Lewes", SetOn: day("2025-09-01"), From: day("2025-09-12"), Source: "licence"}

// R127: set, amended by an end and a new one that names it, removed; each a row of its own,
// and nothing is changed.
func TestALicenceConditionIsSetAmendedAndRemovedByR127(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2025-10-01")))
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	ctx, by := t.Context(), func() db.Submission { return s.As(authz.Probation, s.East) }
	n := setting
	n.Nominal, n.Sentence, n.Standard = id, sentenced(t, s, id), condition.Standards
	n.Kind, n.Words = condition.Curfew, "At home from 19:00 to 07:00"
	made, err := condition.Record(ctx, s.DB, by(), n)
	if err != nil || len(made) != len(condition.Standards)+1 {
		t.Fatalf("%v, %v", made, err)
	}
	if _, err := condition.Record(ctx, s.DB, by(), n); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the same conditions twice: %v", err)
	}
	curfew := made[len(made)-1]
	next, err := condition.Amend(ctx, s.DB, by(), id, curfew, condition.Amendment{Words: "At home from 21:00 to 06:00", SetBy: "Governor Ashdown", SetOn: day("2025-09-28"),
		From: day("2025-10-01"), Why: "In work", Source: "licence"})
	if err != nil {
		t.Fatal(err)
	}
	if err := condition.End(ctx, s.DB, by(), id, curfew, condition.NewEnd{On: day("2025-10-01"), EndedBy: "x", Why: "x", Source: "x"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("what was amended ends once more: %v", err)
	}
	all := read(t, s, id, condition.Of)
	old, _ := condition.Find(all, curfew)
	now, _ := condition.Find(all, next)
	if old.EndedOn != day("2025-10-01") || old.AmendedBy != next || old.Words != "At home from 19:00 to 07:00" || now.Amends != curfew || now.Kind != condition.Curfew || now.Ended() {
		t.Errorf("amended: %+v by %+v", old, now)
	}
	if all[0].Kind != condition.Standard || all[len(all)-1].Kind == condition.Standard || all[0].By == "" {
		t.Errorf("the standard ones do not stand first: %+v", all)
	}
	if err := condition.End(ctx, s.DB, by(), id, next, condition.NewEnd{On: day("2025-10-01"), EndedBy: "Governor Ashdown", Why: "Not needed", Source: "letter"}); err != nil {
		t.Fatal(err)
	}
	over, _ := condition.Find(read(t, s, id, condition.Of), next)
	if over.EndedBy != "Governor Ashdown" || over.AmendedBy != 0 {
		t.Errorf("removed: %+v", over)
	}
	// The end was entered in error: the condition holds again.
	if err := condition.Correct(ctx, s.DB, by(), id, condition.FactEnd, over.EndID, "Another person's"); err != nil {
		t.Fatal(err)
	}
	if again, _ := condition.Find(read(t, s, id, condition.Of), next); again.Ended() {
		t.Errorf("ended by an end that was entered in error: %+v", again)
	}
	if err := condition.Correct(ctx, s.DB, by(), id, condition.Fact, int64(next), "Another person's"); err != nil {
		t.Fatal(err)
	}
	if _, there := condition.Find(read(t, s, id, condition.Of), next); there {
		t.Error("a condition that was entered in error still counts")
	}
}

// R141: without both limbs no drug testing on licence, and the database says so too.
func TestDrugTestingOnLicenceNeedsBothLimbsOfR141(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2025-10-01")))
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	n := setting
	n.Nominal, n.Sentence, n.Kind, n.Words = id, sentenced(t, s, id), condition.DrugTesting, "Be tested for heroin"
	n.Limbs = condition.Limbs{Propensity: law.Met, PropensityEvidence: "Heroin since 2019"}
	if _, err := condition.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), n); fault.KindOf(err) != fault.Invalid {
		t.Errorf("by one limb: %v", err)
	}
	n.Limbs.Contribution, n.Limbs.ContributionEvidence = law.Met, "Steals to pay for it"
	if _, err := condition.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), n); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, id, condition.Of); len(got) != 1 || got[0].Propensity != "Heroin since 2019" || got[0].Contribution != "Steals to pay for it" {
		t.Errorf("%+v", got)
	}
}

// R132: proposed before release, set by the governor, amended on request; R128, R129, R131:
// numbers and brackets, and why one is missing. R133: what a court recommended.
func TestRequirementsFromProposalToAmendmentByR132(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	of, ctx, by := sentenced(t, s, id), t.Context(), func() db.Submission { return s.As(authz.Probation, s.East) }
	var chosen []condition.Chosen
	for number := 1; number <= 8; number++ {
		c := condition.Chosen{Number: number}
		if number == 5 {
			c.Brackets = []string{"12 Sandpiper Way"}
		}
		chosen = append(chosen, c)
	}
	drugs := condition.Chosen{Number: 9, Why: "Heroin", Limbs: condition.Limbs{Propensity: law.Met, PropensityEvidence: "Since 2019", Contribution: law.Met, ContributionEvidence: "Steals"}}
	appointments := condition.Chosen{Number: 10, Brackets: []string{"with STAR, Station Road"}, Why: "In treatment"}
	n := condition.NewSet{Nominal: id, Sentence: of, Step: condition.Proposed, DoneBy: "Robin Eastwood", DoneOn: day("2025-08-20"), Chosen: append(slices.Clone(chosen), drugs, appointments),
		Why: "To stay away from offending", Source: "probation"}
	if _, err := condition.Require(ctx, s.DB, by(), n); err != nil {
		t.Fatal(err)
	}
	n.Step, n.DoneBy, n.DoneOn, n.From, n.Source = condition.SetUp, "Governor Ashdown", day("2025-09-01"), day("2026-01-01"), "prison"
	n.Chosen, n.LeftOutWhy = slices.DeleteFunc(slices.Clone(n.Chosen), func(c condition.Chosen) bool { return c.Number == 7 }), "Family in France"
	if _, err := condition.Require(ctx, s.DB, by(), n); err != nil {
		t.Fatal(err)
	}
	n.Step, n.DoneOn, n.From, n.RequestedBy, n.RequestedOn = condition.Amended, day("2026-03-02"), day("2026-03-03"), "Robin Eastwood", day("2026-03-01")
	n.Chosen, n.LeftOutWhy, n.Why = append(slices.Clone(chosen), appointments), "Tests have been clean for a year", "Testing has done its work"
	amended, err := condition.Require(ctx, s.DB, by(), n)
	if err != nil {
		t.Fatal(err)
	}
	sets := read(t, s, id, condition.Sets)
	if len(sets) != 3 || sets[2].Step != condition.Proposed || !sets[2].From.IsZero() || sets[2].RequestedBy != "" {
		t.Fatalf("%+v", sets)
	}
	if got := sets[1].LeftOut; len(got) != 1 || got[0] != (condition.LeftOut{Number: 7, Reason: "Family in France"}) || sets[1].Has(7) {
		t.Errorf("R129, left out: %+v", got)
	}
	if got := sets[0].LeftOut; len(got) != 1 || got[0].Number != 9 || sets[0].RequestedBy != "Robin Eastwood" {
		t.Errorf("R132, removed: %+v", sets[0])
	}
	if c, _ := sets[0].Numbered(5); c.Text() != "Reside at the approved address 12 Sandpiper Way and get permission beforehand for one or more nights away" {
		t.Errorf("R131: %q", c.Text())
	}
	if c, _ := sets[1].Numbered(9); c.Limbs.PropensityEvidence != "Since 2019" || c.Limbs.ContributionEvidence != "Steals" || c.Why != "Heroin" {
		t.Errorf("R134, R141: %+v", c)
	}
	if _, err := condition.Recommend(ctx, s.DB, by(), condition.NewRecommendation{Nominal: id, Sentence: of, Court: "Hastings Magistrates’ Court", RecommendedOn: day("2026-04-01"),
		Recommends: "Without drug appointments", ConsideredBy: "Robin Eastwood", ConsideredOn: day("2026-04-02"), Outcome: condition.Disagreed, Reason: "They help",
		ReferredOn: day("2026-04-03"), Source: "court"}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, id, condition.Recommendations); len(got) != 1 || got[0].ReferredOn != day("2026-04-03") {
		t.Errorf("R133: %+v", got)
	}
	// Nothing from the repeal on, by the rules.
	n.DoneOn, n.From, n.RequestedOn = day("2026-05-11"), day("2026-05-11"), day("2026-05-10")
	if _, err := condition.Require(ctx, s.DB, by(), n); fault.KindOf(err) != fault.Invalid {
		t.Errorf("set on the day of the repeal: %v", err)
	}
	if err := condition.Correct(ctx, s.DB, by(), id, condition.FactSet, amended, "Another person's"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, id, condition.Sets); len(got) != 2 || got[0].Step != condition.SetUp || len(got[0].Chosen) != 9 {
		t.Errorf("after the amendment was entered in error: %+v", got)
	}
}

// The shape that the database holds by itself: R128, R131, R129, R133, R141 and the repeal.
func TestTheDatabaseHoldsTheShapeOfR128AndR131(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	of := sentenced(t, s, id)
	account := s.Account(authz.Probation, s.East).Account
	try := func(sql string, args ...any) string {
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Probation, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
			_, err := tx.Exec(ctx, sql, args...)
			return false, err
		})
		if err == nil {
			return ""
		}
		return err.Error()
	}
	const set = `WITH made AS (INSERT INTO requirement_set (nominal_id, sentence_id, step, done_by, done_on, from_on, why, source, recorded_at, recorded_by)
		VALUES ($1, $2, 'set', 'x', '2026-01-01', '2026-01-01', 'x', 'x', '2026-06-01 12:00', $3) RETURNING id, nominal_id, recorded_at, recorded_by) `
	for name, c := range map[string]struct {
		sql  string
		want string // part of the error
	}{
		"an eleventh": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, why, recorded_at, recorded_by) SELECT id, nominal_id, 11, 'x', recorded_at, recorded_by FROM made`,
			"requirement_chosen_number_check"},
		"none": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, recorded_at, recorded_by) SELECT id, nominal_id, 0, recorded_at, recorded_by FROM made`,
			"requirement_chosen_number_check"},
		"an address without a place": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, recorded_at, recorded_by) SELECT id, nominal_id, 5, recorded_at, recorded_by FROM made`,
			"requirement_chosen_check"},
		"a place where there is no bracket": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, brackets, recorded_at, recorded_by) SELECT id, nominal_id, 1, '{x}', recorded_at, recorded_by FROM made`,
			"requirement_chosen_check"},
		"an empty bracket": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, brackets, recorded_at, recorded_by) SELECT id, nominal_id, 5, ARRAY[''], recorded_at, recorded_by FROM made`,
			"requirement_chosen_check"},
		"drug testing by one limb": {set + `INSERT INTO requirement_chosen (set_id, nominal_id, number, why, propensity, recorded_at, recorded_by) SELECT id, nominal_id, 9, 'x', 'x', recorded_at, recorded_by FROM made`,
			"requirement_chosen_check"},
		"left out without a reason": {set + `INSERT INTO requirement_left_out (set_id, nominal_id, number, reason, recorded_at, recorded_by) SELECT id, nominal_id, 7, '', recorded_at, recorded_by FROM made`,
			"requirement_left_out_reason_check"},
		"in force on the day of the repeal": {`INSERT INTO requirement_set (nominal_id, sentence_id, step, done_by, done_on, from_on, why, source, recorded_at, recorded_by)
			VALUES ($1, $2, 'set', 'x', '2026-01-01', '2026-05-11', 'x', 'x', '2026-06-01 12:00', $3)`, "requirement_set_from_on_check"},
		"a disagreement that goes nowhere": {`INSERT INTO court_recommendation (nominal_id, sentence_id, court, recommended_on, recommends, considered_by, considered_on, outcome, reason, source, recorded_at, recorded_by)
			VALUES ($1, $2, 'x', '2026-01-01', 'x', 'x', '2026-01-02', 'disagreed', 'x', 'x', '2026-06-01 12:00', $3)`, "court_recommendation_check"},
	} {
		if got := try(c.sql, id, of, account); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := try(`UPDATE licence_condition SET words = 'x' WHERE nominal_id = $1`, id); !strings.Contains(got, "permission denied") {
		t.Errorf("the words of a condition can be changed: %q", got)
	}
}

// By hand, from the table of permissions: co-ordinator, police, probation of the area.
func TestWhoMayRecordConditionsByR130(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0, authz.Chair: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound, authz.Guest: fault.NotFound,
	} {
		id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
		n := condition.NewExplanation{Nominal: id, Sentence: sentenced(t, s, id), On: day("2025-09-12"), ExplainedBy: "x", Source: "x"}
		if _, err := condition.Explain(t.Context(), s.DB, s.As(role, s.East), n); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s: %v, want kind %d", role, err, want)
		}
		if _, err := condition.Explain(t.Context(), s.DB, s.As(role, s.Brighton), n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area: %v", role, err)
		}
		c := setting
		c.Nominal, c.Sentence, c.Standard = id, n.Sentence, condition.Standards[:1]
		if _, err := condition.Record(t.Context(), s.DB, s.As(role, s.East), c); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s, a condition: %v, want kind %d", role, err, want)
		}
		if got := read(t, s, id, condition.Explanations); (len(got) == 1) != (want == 0) {
			t.Errorf("%s: %+v", role, got)
		}
	}
}
