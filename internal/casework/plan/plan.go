// Package plan holds the objectives of a person's plan: what is to change, on
// which pathway, and how one will know (R76). Actions hang on them.
package plan

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Objective is one objective of a registration's plan.
type Objective struct {
	ID           ref.ObjectiveID
	Nominal      ref.NominalID
	Registration ref.RegistrationID
	Pathway      string
	Text         string
	Measure      string // how one will know
	At           time.Time
	By           string
}

// New is an objective to be added.
type New struct {
	Nominal ref.NominalID
	Pathway string // one of need.Pathways
	Text    string
	Measure string
}

// Check says what is wrong with an objective: it must be clear, measurable and
// address a need (R76).
func Check(n New) []fault.Problem {
	var wrong []fault.Problem
	if !slices.Contains(need.Pathways, need.Pathway(n.Pathway)) {
		wrong = append(wrong, fault.Problem{Field: "pathway", Rule: "R76", Text: "Choose the pathway that this objective serves"})
	}
	if strings.TrimSpace(n.Text) == "" {
		wrong = append(wrong, fault.Problem{Field: "text", Rule: "R76", Text: "Enter what is to change"})
	}
	if strings.TrimSpace(n.Measure) == "" {
		wrong = append(wrong, fault.Problem{Field: "measure", Rule: "R76", Text: "Enter how you will know"})
	}
	return wrong
}

// Add adds an objective to the plan of a nominal who is on the scheme.
func Add(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.ObjectiveID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.ObjectiveID, error) {
		return Insert(ctx, tx, n)
	})
}

// Insert is Add within a transaction.
func Insert(ctx context.Context, tx *db.Tx, n New) (ref.ObjectiveID, error) {
	scope, err := nominal.Must(ctx, tx, n.Nominal, authz.SetOwnAction)
	if err != nil {
		return 0, err
	}
	problems := Check(n)
	var registration ref.RegistrationID
	err = tx.QueryRow(ctx, `SELECT id FROM registration WHERE nominal_id = $1 AND ended_at IS NULL`, n.Nominal).Scan(&registration)
	if errors.Is(err, pgx.ErrNoRows) {
		problems = append(problems, fault.Problem{Rule: "R76", Text: "An objective belongs to the plan of somebody who is on the scheme. This person is not"})
	} else if err != nil {
		return 0, err
	}
	if err := fault.Refused(problems); err != nil {
		return 0, err
	}
	var id ref.ObjectiveID
	err = tx.QueryRow(ctx, `INSERT INTO plan_objective (nominal_id, registration_id, pathway, text, measure, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		n.Nominal, registration, n.Pathway, n.Text, n.Measure, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "plan.add objective", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "objective", ObjectID: int64(id), Fields: []string{"pathway", "text", "measure"}})
	return id, nil
}

const columns = `SELECT o.id, o.nominal_id AS nominal, o.registration_id AS registration, o.pathway, o.text, o.measure, o.recorded_at AS at, b.name AS by
	FROM plan_objective o JOIN account b ON b.id = o.recorded_by
	WHERE NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'plan_objective' AND f.fact_id = o.id) `

// Get is one objective; fault.Missing when it is not there or not for this person.
func Get(ctx context.Context, q db.Querier, id ref.ObjectiveID) (Objective, error) {
	rows, err := q.Query(ctx, columns+`AND o.id = $1`, id)
	if err != nil {
		return Objective{}, err
	}
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Objective])
	if errors.Is(err, pgx.ErrNoRows) {
		return Objective{}, fault.Missing()
	}
	return o, err
}

// CurrentOf lists the objectives of the nominal's current registration, in the
// order in which they were added.
func CurrentOf(ctx context.Context, q db.Querier, n ref.NominalID) ([]Objective, error) {
	rows, err := q.Query(ctx, columns+`AND o.nominal_id = $1
		AND EXISTS (SELECT FROM registration r WHERE r.id = o.registration_id AND r.ended_at IS NULL) ORDER BY o.id`, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Objective])
}
