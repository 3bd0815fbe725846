// Package drugtest keeps drug tests (R141, R189). They are a category of their
// own: the agency that entered one, the co-ordinator and probation read it; any
// other agency reads only a single result that was shared with it (R209).
package drugtest

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

// Result is what came of a test.
type Result string

// The results.
const (
	Negative Result = "negative"
	Positive Result = "positive"
	Refused  Result = "refused"
	NotTaken Result = "not taken"
)

// Results in the order in which they are offered.
var Results = []Result{Negative, Positive, Refused, NotTaken}

// Word is the result with a capital.
func (r Result) Word() string {
	if r == "" {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Test is one test.
type Test struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	TestedOn   clock.Date    `db:"tested_on"`
	Result     Result        `db:"result"`
	Substances string        `db:"substances"`
	Agency     ref.AgencyID  `db:"agency_id"`
	AgencyName string        `db:"agency_name"`
	SharedWith []string      `db:"shared_with"` // agencies, by name
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// New is a test to be recorded.
type New struct {
	Nominal    ref.NominalID
	TestedOn   clock.Date
	Result     Result
	Substances string
	Agency     ref.AgencyID
	Source     string
}

// MayRead says whether the actor reads all drug tests in an area. One who does not
// is still shown the tests of the own agency and single shared results.
func MayRead(q db.Querier, area ref.AreaID) bool {
	return slices.Contains(q.Actor().AreasReading(authz.DrugTests), int64(area))
}

// Check says what keeps a test from being recorded.
func Check(n New, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R141", Text: text})
	}
	switch {
	case n.TestedOn.IsZero():
		add("tested_on", "Enter the date of the test")
	case n.TestedOn.After(today):
		add("tested_on", "The date of the test must be today or in the past")
	}
	if !slices.Contains(Results, n.Result) {
		add("result", "Choose the result")
	}
	if n.Result == Positive && strings.TrimSpace(n.Substances) == "" {
		add("substances", "Enter what the test was positive for")
	}
	if n.Agency == 0 {
		add("agency", "Choose the agency that made the test")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
	}
	return all
}

// Of gives the tests that the actor may read, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Test, error) {
	rows, err := q.Query(ctx, `SELECT t.id, t.nominal_id, t.tested_on, t.result, t.substances, t.agency_id, y.name AS agency_name, t.source,
			t.recorded_at, a.name AS by_name,
			ARRAY(SELECT z.name FROM drug_test_share s JOIN agency z ON z.id = s.agency_id WHERE s.drug_test_id = t.id ORDER BY z.name) AS shared_with
		FROM drug_test t JOIN account a ON a.id = t.recorded_by JOIN agency y ON y.id = t.agency_id
		WHERE t.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'drug_test' AND c.fact_id = t.id)
		ORDER BY t.tested_on DESC, t.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Test])
}
