// Package intelligence keeps police intelligence about a nominal, dated and with
// its source (R41, R149). It is a category of its own: the co-ordinator, chairs,
// police and probation read it, others only an entry marked as shareable with
// their agency. For everybody else it does not exist.
package intelligence

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Entry is one entry.
type Entry struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Dated      clock.Date    `db:"dated"`
	Increases  bool          `db:"increases_risk"` // relevant intelligence of increased risk (R41)
	Text       string        `db:"text"`
	Source     string        `db:"source"`
	SharedWith []string      `db:"shared_with"` // agencies, by name
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// New is an entry to be recorded.
type New struct {
	Nominal   ref.NominalID
	Dated     clock.Date
	Increases bool
	Text      string
	Source    string
	ShareWith []ref.AgencyID
}

// MayRead says whether the actor reads all intelligence in an area. One who does
// not may still be shown single entries, and is told nothing of the others.
func MayRead(q db.Querier, area ref.AreaID) bool {
	return slices.Contains(q.Actor().AreasReading(authz.Intelligence), int64(area))
}

// Check says what keeps an entry from being recorded.
func Check(n New, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R149", Text: text})
	}
	switch {
	case n.Dated.IsZero():
		add("dated", "Enter the date of the intelligence")
	case n.Dated.After(today):
		add("dated", "The date of the intelligence must be today or in the past")
	}
	if strings.TrimSpace(n.Text) == "" {
		add("text", "Write the intelligence")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source, such as the number of the report")
	}
	return all
}

// Of gives the entries that the actor may read, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Entry, error) {
	rows, err := q.Query(ctx, `SELECT i.id, i.nominal_id, i.dated, i.increases_risk, i.text, i.source, i.recorded_at, a.name AS by_name,
			ARRAY(SELECT y.name FROM intelligence_share s JOIN agency y ON y.id = s.agency_id WHERE s.intelligence_id = i.id ORDER BY y.name) AS shared_with
		FROM intelligence i JOIN account a ON a.id = i.recorded_by
		WHERE i.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'intelligence' AND c.fact_id = i.id)
		ORDER BY i.dated DESC, i.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
}

// LatestOn gives the day of the latest entry that the actor may read, or the zero
// Date. Ask MayRead first: without it, the zero Date says nothing.
func LatestOn(ctx context.Context, q db.Querier, nominal ref.NominalID) (day clock.Date, err error) {
	err = q.QueryRow(ctx, `SELECT max(i.dated) FROM intelligence i
		WHERE i.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'intelligence' AND c.fact_id = i.id)`, nominal).Scan(&day)
	return day, err
}
