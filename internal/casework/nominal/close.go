package nominal

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// How a fact can be closed.
const (
	Ended          = "ended"            // it was so until a day
	EnteredInError = "entered in error" // it was never so
)

// factTables are the tables whose rows can be closed; each has id and nominal_id.
// The queries are whole, so that no name is ever put into SQL.
var factTables = map[string]string{
	"nominal_alias":         `SELECT nominal_id FROM nominal_alias WHERE id = $1`,
	"nominal_address":       `SELECT nominal_id FROM nominal_address WHERE id = $1`,
	"nominal_phone":         `SELECT nominal_id FROM nominal_phone WHERE id = $1`,
	"nominal_warning":       `SELECT nominal_id FROM nominal_warning WHERE id = $1`,
	"nominal_equality":      `SELECT nominal_id FROM nominal_equality WHERE id = $1`,
	"need":                  `SELECT nominal_id FROM need WHERE id = $1`,
	"contact":               `SELECT nominal_id FROM contact WHERE id = $1`,
	"custody_spell":         `SELECT nominal_id FROM custody_spell WHERE id = $1`,
	"custody_date":          `SELECT nominal_id FROM custody_date WHERE id = $1`,
	"custody_move":          `SELECT nominal_id FROM custody_move WHERE id = $1`,
	"statutory_status":      `SELECT nominal_id FROM statutory_status WHERE id = $1`,
	"sentence":              `SELECT nominal_id FROM sentence WHERE id = $1`,
	"sentence_adjustment":   `SELECT nominal_id FROM sentence_adjustment WHERE id = $1`,
	"sentence_end":          `SELECT nominal_id FROM sentence_end WHERE id = $1`,
	"tag":                   `SELECT nominal_id FROM tag WHERE id = $1`,
	"recall":                `SELECT nominal_id FROM recall WHERE id = $1`,
	"licence_condition":     `SELECT nominal_id FROM licence_condition WHERE id = $1`,
	"licence_condition_end": `SELECT nominal_id FROM licence_condition_end WHERE id = $1`,
	"condition_explanation": `SELECT nominal_id FROM condition_explanation WHERE id = $1`,
	"requirement_set":       `SELECT nominal_id FROM requirement_set WHERE id = $1`,
	"court_recommendation":  `SELECT nominal_id FROM court_recommendation WHERE id = $1`,
	"mappa_level":           `SELECT nominal_id FROM mappa_level WHERE id = $1`,
	"risk_score":            `SELECT nominal_id FROM risk_score WHERE id = $1`,
	"drug_test":             `SELECT nominal_id FROM drug_test WHERE id = $1`,
	"intelligence":          `SELECT nominal_id FROM intelligence WHERE id = $1`,
	"checklist_line":        `SELECT nominal_id FROM checklist_line WHERE id = $1`,
	"breach":                `SELECT nominal_id FROM breach WHERE id = $1`,
	"breach_step":           `SELECT nominal_id FROM breach_step WHERE id = $1`,
}

// CloseFact says that a fact no longer counts: it ended on a day, or was entered
// in error. The fact stays and the closing is a row of its own; one that has ended can
// still turn out to have been entered in error, and nothing follows after that. fact is the
// name of its table. Whoever calls has checked the permission and records the event.
func CloseFact(ctx context.Context, tx *db.Tx, nominal ref.NominalID, fact string, factID int64, how, reason string, endedOn clock.Date) error {
	if err := mayClose(how, reason, endedOn, tx.Today()); err != nil {
		return err
	}
	find, ok := factTables[fact]
	if !ok {
		return fault.Missing()
	}
	var of ref.NominalID
	if err := tx.QueryRow(ctx, find, factID).Scan(&of); errors.Is(err, pgx.ErrNoRows) || (err == nil && of != nominal) {
		return fault.Missing()
	} else if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO fact_closed (fact, fact_id, nominal_id, how, ended_on, reason, recorded_at, recorded_by)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8
		WHERE NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = $1 AND c.fact_id = $2 AND c.how = 'entered in error') ON CONFLICT DO NOTHING`, fact, factID, nominal, how, endedOn, reason, tx.Now(), tx.Actor().Account)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.Changed()
	}
	tx.Touch(int64(nominal))
	return err
}

func mayClose(how, reason string, endedOn, today clock.Date) error {
	var all []fault.Problem
	if how != Ended && how != EnteredInError {
		all = append(all, fault.Problem{Field: "how", Text: "Choose whether it ended or was entered in error"})
	}
	if reason == "" {
		all = append(all, fault.Problem{Field: "reason", Text: "Enter why"})
	}
	if how == Ended && endedOn.IsZero() {
		all = append(all, fault.Problem{Field: "ended_on", Text: "Enter the day on which it ended"})
	}
	if endedOn.After(today) {
		all = append(all, fault.Problem{Field: "ended_on", Text: "The day on which it ended must be today or in the past"})
	}
	return fault.Refused(all)
}
