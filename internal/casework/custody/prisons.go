package custody

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/db"
)

// register is the public register of prison establishments: code, name, whether it
// is open, whom it holds, town and county. It is Crown copyright, used under the
// Open Government Licence v3.0; sources are listed in docs.
//
//go:embed prisons.csv
var register string

type establishment struct {
	code, name           string
	active, male, female bool
	town, county         string
}

// establishments reads the register; its columns are fixed.
func establishments() ([]establishment, error) {
	rows, err := csv.NewReader(strings.NewReader(register)).ReadAll()
	if err != nil {
		return nil, err
	}
	all := make([]establishment, 0, len(rows))
	for _, r := range rows[1:] {
		if len(r) != 8 {
			return nil, fmt.Errorf("custody: the register's line of %q has %d columns", r[0], len(r))
		}
		all = append(all, establishment{code: r[0], name: r[1], active: r[2] == "t", male: r[3] == "t", female: r[4] == "t", town: r[5], county: r[6]})
	}
	return all, nil
}

// LoadPrisons puts the establishments of the register into the database; those
// that are there already stay as they are.
func LoadPrisons(ctx context.Context, tx *db.Tx) error {
	all, err := establishments()
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	for _, e := range all {
		b.Queue(`INSERT INTO prison (code, name, active, male, female, town, county) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			e.code, e.name, e.active, e.male, e.female, e.town, e.county)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "prison.load", Object: "prison"})
	return nil
}

// Prisons gives the establishments by name, those that have closed last.
func Prisons(ctx context.Context, q db.Querier) ([]Prison, error) {
	rows, err := q.Query(ctx, `SELECT code, name, active, town FROM prison ORDER BY NOT active, name`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Prison])
}
