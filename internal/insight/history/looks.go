package history

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Look is one time that somebody was shown the record of a nominal.
type Look struct {
	ID        int64     `db:"id"`
	At        time.Time `db:"at"`
	By        string    `db:"by_name"`
	Agencies  string    `db:"agencies"` // for which the person held a grant on that day
	Page      string    `db:"command"`
	Operation string    `db:"operation"`
	Reason    string    `db:"reason"`
}

// Looks gives who opened the record (listed false), or saw the name in a list
// (listed true), the latest first: those before the id given, at most limit; 0
// starts with the latest. Rows are only those of the log that the actor may read.
func Looks(ctx context.Context, q db.Querier, nominal ref.NominalID, listed bool, before int64, limit int) ([]Look, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := q.Query(ctx, `SELECT e.id, e.at, a.name AS by_name, e.command, e.operation, e.reason,
			coalesce((SELECT string_agg(DISTINCT y.name, ', ') FROM access_grant g JOIN agency y ON y.id = g.agency_id
				WHERE g.account_id = e.account_id AND g.recorded_at <= e.at AND (g.revoked_at IS NULL OR g.revoked_at > e.at)), '') AS agencies
		FROM log_of($1, $2, $3, $4) l JOIN log_event e ON e.id = l.id JOIN account a ON a.id = e.account_id
		ORDER BY e.id DESC`, nominal, listed, before, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Look])
}
