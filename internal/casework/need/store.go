package need

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const columns = `n.id, n.nominal_id, n.pathway, n.level, n.needs, n.actions, n.assessed_on, n.source, n.meeting_id, n.recorded_at, a.name AS by_name`

const standing = `NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'need' AND c.fact_id = n.id)`

// Record appends an assessment within a command of another room, which checks the
// permission and records the event. It refuses what Check refuses.
func Record(ctx context.Context, tx *db.Tx, nominal ref.NominalID, a Assessment) error {
	_, err := insert(ctx, tx, nominal, a)
	return err
}

func insert(ctx context.Context, tx *db.Tx, nominal ref.NominalID, a Assessment) (id int64, err error) {
	if err := fault.Refused(Check(a, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO need (nominal_id, pathway, level, needs, actions, assessed_on, source, meeting_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		nominal, a.Pathway, a.Level, a.Needs, a.Actions, a.On, a.Source, ref.Null(a.Meeting), tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// CurrentOf gives the latest standing assessment of each pathway, in the order of
// the form. A pathway that was never assessed has no entry.
func CurrentOf(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Entry, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (array_position($2::text[], n.pathway)) `+columns+`
		FROM need n JOIN account a ON a.id = n.recorded_by WHERE n.nominal_id = $1 AND `+standing+`
		ORDER BY array_position($2::text[], n.pathway), n.assessed_on DESC, n.id DESC`, nominal, names())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
}

// CurrentOfAll is CurrentOf for several people, one after another.
func CurrentOfAll(ctx context.Context, q db.Querier, nominals []ref.NominalID) ([]Entry, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (n.nominal_id, array_position($2::text[], n.pathway)) `+columns+`
		FROM need n JOIN account a ON a.id = n.recorded_by WHERE n.nominal_id = ANY ($1) AND `+standing+`
		ORDER BY n.nominal_id, array_position($2::text[], n.pathway), n.assessed_on DESC, n.id DESC`, nominals, names())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
}

// HistoryOf gives all standing assessments of a pathway, the latest first; an
// empty pathway stands for all nine.
func HistoryOf(ctx context.Context, q db.Querier, nominal ref.NominalID, pathway Pathway) ([]Entry, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM need n JOIN account a ON a.id = n.recorded_by
		WHERE n.nominal_id = $1 AND ($2 = '' OR n.pathway = $2) AND `+standing+`
		ORDER BY n.assessed_on DESC, n.id DESC`, nominal, string(pathway))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
}

func names() []string {
	all := make([]string, len(Pathways))
	for i, p := range Pathways {
		all[i] = string(p)
	}
	return all
}
