package area

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Tree is every area, each parent before what is below it.
func Tree(ctx context.Context, q db.Querier) ([]Area, error) {
	rows, err := q.Query(ctx, `SELECT id, coalesce(parent_id, 0) AS parent, kind, name FROM area ORDER BY name, id`)
	if err != nil {
		return nil, err
	}
	flat, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Area, err error) {
		err = row.Scan(&a.ID, &a.Parent, &a.Kind, &a.Name)
		return a, err
	})
	return arrange(flat), err
}

func insert(ctx context.Context, tx *db.Tx, n New) (id ref.AreaID, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO area (parent_id, kind, name, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		ref.Null(n.Parent), n.Kind, n.Name, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// inUse says whether any case belongs, or has belonged, to the area. It is asked
// through a function that says no more than that.
func inUse(ctx context.Context, q db.Querier, area ref.AreaID) (used bool, err error) {
	err = q.QueryRow(ctx, `SELECT area_in_use($1)`, area).Scan(&used)
	return used, err
}
