package sentence

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is a sentence to be recorded.
type New struct {
	Nominal   ref.NominalID
	ImposedOn clock.Date
	Court     string
	Offence   string
	OffenceOn clock.Date
	Kind      Kind
	Term      Term
	LED, SED  clock.Date
	Source    string
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
	err = tx.QueryRow(ctx, `INSERT INTO sentence (nominal_id, imposed_on, court, offence, offence_on, kind, years, months, weeks, days, life,
			licence_ends_on, sentence_ends_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
		s.Nominal, s.ImposedOn, s.Court, s.Offence, s.OffenceOn, s.Kind, s.Term.Years, s.Term.Months, s.Term.Weeks, s.Term.Days, s.Term.Life,
		s.LED, s.SED, s.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err == nil {
		tx.Touch(int64(s.Nominal))
	}
	return id, err
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

// Of gives the sentences, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Sentence, error) {
	rows, err := q.Query(ctx, `SELECT s.id, s.nominal_id, s.imposed_on, s.court, s.offence, s.offence_on, s.kind, s.years, s.months, s.weeks, s.days,
			s.life, s.licence_ends_on, s.sentence_ends_on, s.source, s.recorded_at, a.name AS by_name
		FROM sentence s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'sentence' AND c.fact_id = s.id)
		ORDER BY s.imposed_on DESC, s.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Sentence])
}

// Statuses gives the statutory statuses as they were recorded, the latest first.
func Statuses(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Status, error) {
	rows, err := q.Query(ctx, `SELECT s.id, s.nominal_id, s.status, s.from_on, s.ends_on, s.source, s.recorded_at, a.name AS by_name
		FROM statutory_status s JOIN account a ON a.id = s.recorded_by
		WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'statutory_status' AND c.fact_id = s.id)
		ORDER BY s.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Status])
}

// StatusOf gives the current statutory status; ok is false when none was recorded.
func StatusOf(ctx context.Context, q db.Querier, nominal ref.NominalID) (s Status, ok bool, err error) {
	all, err := Statuses(ctx, q, nominal)
	if err != nil || len(all) == 0 {
		return Status{}, false, err
	}
	return all[0], true, nil
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
