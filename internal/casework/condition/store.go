package condition

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// New is standard conditions and at most one in the words of the licence, to be recorded.
type New struct {
	Nominal  ref.NominalID
	Sentence ref.SentenceID
	Standard []string // of Standards
	Kind     Kind     // empty: standard ones only
	Words    string
	Limbs    Limbs // of drug testing (R141)
	SetBy    string
	SetOn    clock.Date
	From     clock.Date
	Source   string
}

// Amendment is what takes the place of a condition.
type Amendment struct {
	Words  string
	Limbs  Limbs
	SetBy  string
	SetOn  clock.Date
	From   clock.Date
	Why    string
	Source string
}

// NewEnd is the removal of a condition, to be recorded.
type NewEnd struct {
	On      clock.Date // first day on which it no longer holds
	EndedBy string
	Why     string
	Source  string
}

// NewExplanation is an explanation to be recorded.
type NewExplanation struct {
	Nominal     ref.NominalID
	Sentence    ref.SentenceID
	On          clock.Date
	ExplainedBy string
	Note        string
	Source      string
}

// NewSet is requirements to be recorded. LeftOutWhy is the reason for each that is Missing.
type NewSet struct {
	Nominal     ref.NominalID
	Sentence    ref.SentenceID
	Step        Step
	DoneBy      string
	DoneOn      clock.Date
	From        clock.Date // of what is set or amended
	RequestedBy string     // of an amendment
	RequestedOn clock.Date
	Chosen      []Chosen
	LeftOutWhy  string
	Why         string
	Source      string
}

// NewRecommendation is a court's recommendation to be recorded.
type NewRecommendation struct {
	Nominal       ref.NominalID
	Sentence      ref.SentenceID
	Court         string
	RecommendedOn clock.Date
	Recommends    string
	ConsideredBy  string
	ConsideredOn  clock.Date
	Outcome       Outcome
	Reason        string
	ReferredOn    clock.Date
	Source        string
}

// What is asked for one nominal ($1). A row that was entered in error counts no longer.
const (
	selectConditions = `SELECT c.id, c.nominal_id, c.sentence_id, c.kind, c.words, c.propensity, c.contribution, c.from_on, c.set_by, c.set_on,
			coalesce(c.amends_id, 0) AS amends_id, c.source, c.recorded_at, a.name AS by_name, coalesce(e.id, 0) AS end_id, e.ended_on,
			coalesce(e.ended_by, '') AS ended_by, coalesce(e.reason, '') AS ended_why,
			coalesce((SELECT max(n.id) FROM licence_condition n WHERE n.amends_id = c.id
				AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'licence_condition' AND f.fact_id = n.id)), 0) AS amended_by
		FROM licence_condition c JOIN account a ON a.id = c.recorded_by
		LEFT JOIN LATERAL (SELECT x.id, x.ended_on, x.ended_by, x.reason FROM licence_condition_end x WHERE x.condition_id = c.id
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'licence_condition_end' AND f.fact_id = x.id) ORDER BY x.id DESC LIMIT 1) e ON true
		WHERE c.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'licence_condition' AND f.fact_id = c.id)
		ORDER BY c.kind <> 'standard', c.from_on, c.id`
	selectExplanations = `SELECT x.id, x.nominal_id, x.sentence_id, x.explained_on, x.explained_by, x.note, x.source, x.recorded_at, a.name AS by_name
		FROM condition_explanation x JOIN account a ON a.id = x.recorded_by
		WHERE x.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'condition_explanation' AND f.fact_id = x.id)
		ORDER BY x.explained_on DESC, x.id DESC`
	selectSets = `SELECT s.id, s.nominal_id, s.sentence_id, s.step, s.done_by, s.done_on, s.from_on, s.requested_by, s.requested_on, s.why, s.source, s.recorded_at, a.name AS by_name
		FROM requirement_set s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'requirement_set' AND f.fact_id = s.id)
		ORDER BY s.id DESC`
	selectRecommendations = `SELECT r.id, r.nominal_id, r.sentence_id, r.court, r.recommended_on, r.recommends, r.considered_by, r.considered_on, r.outcome, r.reason, r.referred_on,
			r.source, r.recorded_at, a.name AS by_name
		FROM court_recommendation r JOIN account a ON a.id = r.recorded_by
		WHERE r.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'court_recommendation' AND f.fact_id = r.id)
		ORDER BY r.recommended_on DESC, r.id DESC`
)

func collect[T any](ctx context.Context, q db.Querier, sql string, of ref.NominalID) ([]T, error) {
	rows, err := q.Query(ctx, sql, of)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// Of gives somebody's licence conditions: the standard ones first, each kind in the order
// in which they came into force.
func Of(ctx context.Context, q db.Querier, of ref.NominalID) ([]Condition, error) {
	return collect[Condition](ctx, q, selectConditions, of)
}

// Explanations gives when conditions and requirements were explained to somebody, the latest first.
func Explanations(ctx context.Context, q db.Querier, of ref.NominalID) ([]Explanation, error) {
	return collect[Explanation](ctx, q, selectExplanations, of)
}

// Recommendations gives what courts recommended, the latest first.
func Recommendations(ctx context.Context, q db.Querier, of ref.NominalID) ([]Recommendation, error) {
	return collect[Recommendation](ctx, q, selectRecommendations, of)
}

// Sets gives the requirements of somebody's supervision each time they were proposed, set
// or amended, the latest recorded first.
func Sets(ctx context.Context, q db.Querier, of ref.NominalID) ([]Set, error) {
	all, err := collect[Set](ctx, q, selectSets, of)
	if err != nil || len(all) == 0 {
		return all, err
	}
	at := map[int64]*Set{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	rows, err := q.Query(ctx, `SELECT set_id, number, brackets, why, propensity, contribution FROM requirement_chosen WHERE nominal_id = $1 ORDER BY set_id, number`, of)
	if err != nil {
		return nil, err
	}
	var set int64
	var c Chosen
	_, err = pgx.ForEachRow(rows, []any{&set, &c.Number, &c.Brackets, &c.Why, &c.Limbs.PropensityEvidence, &c.Limbs.ContributionEvidence}, func() error {
		if s, ok := at[set]; ok { // one entered in error is left out
			s.Chosen = append(s.Chosen, c)
		}
		c.Brackets = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	if rows, err = q.Query(ctx, `SELECT set_id, number, reason FROM requirement_left_out WHERE nominal_id = $1 ORDER BY set_id, number`, of); err != nil {
		return nil, err
	}
	var l LeftOut
	_, err = pgx.ForEachRow(rows, []any{&set, &l.Number, &l.Reason}, func() error {
		if s, ok := at[set]; ok {
			s.LeftOut = append(s.LeftOut, l)
		}
		return nil
	})
	return all, err
}

// OfSentence keeps the sets of one sentence.
func OfSentence(all []Set, id ref.SentenceID) (kept []Set) {
	for _, s := range all {
		if s.Sentence == id {
			kept = append(kept, s)
		}
	}
	return kept
}
