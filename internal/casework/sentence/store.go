package sentence

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is a sentence to be recorded, with the days that the court credited.
type New struct {
	Nominal    ref.NominalID
	ImposedOn  clock.Date
	Court      string
	Offence    string
	OffenceOn  clock.Date
	Type       Type
	Term       Term
	Relation   Relation // empty: alone
	Related    ref.SentenceID
	OrderEnds  clock.Date
	Conditions []string // law.Question ids
	Remand     int      // days
	TaggedBail int      // days, already halved
	Source     string
}

func (n New) related() bool { return n.Relation == Concurrent || n.Relation == Consecutive }

// NewAdjustment is days that move the dates, to be recorded.
type NewAdjustment struct {
	Moves  Moves
	Days   int
	Dated  clock.Date
	Source string
}

// NewEnd is the early end of an order, to be recorded.
type NewEnd struct {
	How    string
	On     clock.Date
	Source string
}

// NewTag is electronic monitoring to be recorded.
type NewTag struct {
	Nominal      ref.NominalID
	Kind         string
	Starts, Ends clock.Date
	Source       string
}

// NewStatus is a statutory status to be recorded.
type NewStatus struct {
	Nominal    ref.NominalID
	Standing   Standing
	From, Ends clock.Date
	Source     string
}

// NewScore is a score to be recorded.
type NewScore struct {
	Nominal ref.NominalID
	Type    string
	Value   string
	On      clock.Date
	Source  string
}

// Insert appends a sentence within a command of another room, which checks the
// permission and records the event.
func Insert(ctx context.Context, tx *db.Tx, s New) (id ref.SentenceID, err error) {
	if err := fault.Refused(Check(s, tx.Today())); err != nil {
		return 0, err
	}
	if s.Related != 0 {
		other, err := find(ctx, tx, s.Nominal, s.Related)
		if err != nil {
			return 0, err
		}
		if other.Kind != Custody {
			return 0, fault.Refuse("related", "R122", "Choose a custodial sentence")
		}
	}
	relation := s.Relation
	if relation == "" {
		relation = Alone
	}
	conditions := s.Conditions
	if conditions == nil {
		conditions = []string{}
	}
	err = tx.QueryRow(ctx, `INSERT INTO sentence (nominal_id, imposed_on, court, offence, offence_on, kind, years, months, weeks, days, life,
			custody_type, relation, related_id, order_ends_on, conditions, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id`,
		s.Nominal, s.ImposedOn, s.Court, s.Offence, s.OffenceOn, s.Type.Kind(), s.Term.Years, s.Term.Months, s.Term.Weeks, s.Term.Days,
		s.Type.Custodial() == law.Life, s.Type.Custodial(), relation, ref.Null(s.Related), s.OrderEnds, conditions,
		s.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	tx.Touch(int64(s.Nominal))
	for _, a := range []NewAdjustment{{OnRemand, s.Remand, s.ImposedOn, s.Source}, {OnTaggedBail, s.TaggedBail, s.ImposedOn, s.Source}} {
		if a.Days > 0 {
			if _, err := insertAdjustment(ctx, tx, s.Nominal, id, a); err != nil {
				return 0, err
			}
		}
	}
	return id, nil
}

func insertAdjustment(ctx context.Context, tx *db.Tx, of ref.NominalID, sentence ref.SentenceID, a NewAdjustment) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO sentence_adjustment (sentence_id, nominal_id, kind, days, dated, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, sentence, of, a.Moves, a.Days, a.Dated, a.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	tx.Touch(int64(of))
	return id, err
}

func insertEnd(ctx context.Context, tx *db.Tx, of ref.NominalID, sentence ref.SentenceID, e NewEnd) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO sentence_end (sentence_id, nominal_id, how, ended_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, sentence, of, e.How, e.On, e.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	tx.Touch(int64(of))
	return id, err
}

func insertTag(ctx context.Context, tx *db.Tx, n NewTag) (id int64, err error) {
	if err := fault.Refused(CheckTag(n)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO tag (nominal_id, kind, starts_on, ends_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, n.Nominal, n.Kind, n.Starts, n.Ends, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// find is a sentence of the nominal; fault.Missing where there is none.
func find(ctx context.Context, q db.Querier, of ref.NominalID, id ref.SentenceID) (Sentence, error) {
	all, err := Of(ctx, q, of)
	if err != nil {
		return Sentence{}, err
	}
	for _, s := range all {
		if s.ID == id {
			return s, nil
		}
	}
	return Sentence{}, fault.Missing()
}

// InsertStatus appends a statutory status, as Insert does a sentence.
func InsertStatus(ctx context.Context, tx *db.Tx, s NewStatus) (id int64, err error) {
	if err := fault.Refused(CheckStatus(s, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO statutory_status (nominal_id, status, from_on, ends_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, s.Nominal, s.Standing, s.From, s.Ends, s.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err == nil {
		tx.Touch(int64(s.Nominal))
	}
	return id, err
}

// InsertScore appends a score, as Insert does a sentence.
func InsertScore(ctx context.Context, tx *db.Tx, s NewScore) (id int64, err error) {
	if err := fault.Refused(CheckScore(s, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO risk_score (nominal_id, type, value, scored_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, s.Nominal, s.Type, s.Value, s.On, s.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// What is asked for several nominals ($1) at once. A row closed as entered in error counts no longer.
const (
	selectSentences = `SELECT s.id, s.nominal_id, s.imposed_on, s.court, s.offence, s.offence_on, s.kind, s.years, s.months, s.weeks, s.days,
			s.life, s.custody_type, s.relation, coalesce(s.related_id, 0) AS related_id, s.order_ends_on, s.conditions, s.source, s.recorded_at, a.name AS by_name
		FROM sentence s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'sentence' AND c.fact_id = s.id)
		ORDER BY s.nominal_id, s.imposed_on DESC, s.id DESC`
	selectAdjustments = `SELECT s.id, s.nominal_id, s.sentence_id, s.kind, s.days, s.dated, s.source, s.recorded_at, a.name AS by_name
		FROM sentence_adjustment s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'sentence_adjustment' AND c.fact_id = s.id)
		ORDER BY s.id`
	selectEnds = `SELECT s.id, s.nominal_id, s.sentence_id, s.how, s.ended_on, s.source, s.recorded_at, a.name AS by_name
		FROM sentence_end s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'sentence_end' AND c.fact_id = s.id)
		ORDER BY s.id DESC`
	selectStatuses = `SELECT s.id, s.nominal_id, s.status, s.from_on, s.ends_on, s.source, s.recorded_at, a.name AS by_name
		FROM statutory_status s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'statutory_status' AND c.fact_id = s.id)
		ORDER BY s.id DESC`
)

func collect[T any](ctx context.Context, q db.Querier, sql string, of ref.NominalID) ([]T, error) {
	rows, err := q.Query(ctx, sql, []int64{int64(of)})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// Of gives the sentences, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Sentence, error) {
	return collect[Sentence](ctx, q, selectSentences, nominal)
}

// AdjustmentsOf gives what moves the dates of all sentences, the oldest first.
func AdjustmentsOf(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Adjustment, error) {
	return collect[Adjustment](ctx, q, selectAdjustments, nominal)
}

// EndsOf gives the early ends of orders.
func EndsOf(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]End, error) {
	return collect[End](ctx, q, selectEnds, nominal)
}

// TagsOf gives the electronic monitoring, the latest first. One that was taken off
// early says so; one entered in error is left out.
func TagsOf(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Tag, error) {
	return collect[Tag](ctx, q, `SELECT t.id, t.nominal_id, t.kind, t.starts_on, t.ends_on, c.ended_on AS removed_on, coalesce(c.reason, '') AS removed_why,
			t.source, t.recorded_at, a.name AS by_name
		FROM tag t JOIN account a ON a.id = t.recorded_by LEFT JOIN fact_closed c ON c.fact = 'tag' AND c.fact_id = t.id AND c.how = 'ended'
		WHERE t.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed e WHERE e.fact = 'tag' AND e.fact_id = t.id AND e.how = 'entered in error')
		ORDER BY t.starts_on DESC, t.id DESC`, nominal)
}

// Statuses gives the statutory statuses as they were recorded, the latest first.
func Statuses(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Status, error) {
	return collect[Status](ctx, q, selectStatuses, nominal)
}

// StatusOf gives the current statutory status with the end that is in force; ok is
// false when none was recorded.
func StatusOf(ctx context.Context, q db.Querier, nominal ref.NominalID) (s Status, ok bool, err error) {
	d, err := DatesOf(ctx, q, nominal)
	return d.Status, d.HasStatus, err
}

// Scores gives the scores of reoffending, the latest first.
func Scores(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Score, error) {
	rows, err := q.Query(ctx, `SELECT s.id, s.nominal_id, s.type, s.value, s.scored_on, s.source, s.recorded_at, a.name AS by_name
		FROM risk_score s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'risk_score' AND c.fact_id = s.id)
		ORDER BY s.scored_on DESC, s.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Score])
}
