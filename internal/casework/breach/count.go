package breach

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Line is how many breaches of one sort began in a time, and of how many people.
type Line struct {
	Of       law.BreachOf   `db:"of_what"`
	Type     law.BreachType `db:"type"`
	Breaches int            `db:"breaches"`
	People   int            `db:"people"`
}

// Heards is how many breaches of supervision were heard in a time with one finding and sanction.
type Heards struct {
	Finding  law.Finding  `db:"finding"`
	Sanction law.Sanction `db:"sanction"` // empty without a breach
	Cases    int          `db:"cases"`
}

// Counts are the numbers of a time.
type Counts struct {
	Breaches []Line // by what was broken and how, only those with some
	Heard    []Heards
}

const standing = `NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach' AND c.fact_id = b.id)`

// registered says that somebody was registered in one of the areas $1 on a day, its first and last day counted.
const registered = `EXISTS (SELECT FROM registration g WHERE g.nominal_id = b.nominal_id AND g.area_id = ANY ($1::bigint[]) AND g.began_on <= @day
	AND (g.ended_at IS NULL OR (g.ended_at AT TIME ZONE 'Europe/London')::date >= @day))`

func on(day string) string { return strings.ReplaceAll(registered, "@day", day) }

// Count counts the breaches of the people of some areas from a day to a day, both included (R178): breaches by
// their first day, hearings by the day on which they were held, of people who were registered there on that
// day. It is asked of the record each time, so a quarter can be recomputed (R179); what was entered in error
// does not count.
func Count(ctx context.Context, q db.Querier, areas []ref.AreaID, from, to clock.Date) (c Counts, err error) {
	rows, err := q.Query(ctx, `SELECT b.of_what, b.type, count(*)::int AS breaches, count(DISTINCT b.nominal_id)::int AS people
		FROM breach b WHERE b.breached_on BETWEEN $2 AND $3 AND `+on("b.breached_on")+` AND `+standing+`
		GROUP BY b.of_what, b.type ORDER BY b.of_what, b.type`, areas, from, to)
	if err != nil {
		return c, err
	}
	if c.Breaches, err = pgx.CollectRows(rows, pgx.RowToStructByName[Line]); err != nil {
		return c, err
	}
	if rows, err = q.Query(ctx, `SELECT h.finding, h.sanction, count(*)::int AS cases
		FROM breach b JOIN breach_step s ON s.breach_id = b.id JOIN breach_hearing h ON h.step_id = s.id
		WHERE s.happened_on BETWEEN $2 AND $3 AND `+on("s.happened_on")+` AND `+standing+`
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach_step' AND c.fact_id = s.id)
		GROUP BY h.finding, h.sanction ORDER BY h.finding, h.sanction`, areas, from, to); err != nil {
		return c, err
	}
	c.Heard, err = pgx.CollectRows(rows, pgx.RowToStructByName[Heards])
	return c, err
}
