package action

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// columns of an action with the names of its owners, in the order of Action.
const columns = `a.id, a.nominal_id AS nominal, a.area_id AS area, coalesce(a.registration_id, 0) AS registration, a.text, a.pathway,
	coalesce(a.objective_id, 0) AS objective, coalesce(o.text, '') AS objective_text, coalesce(a.meeting_id, 0) AS meeting,
	a.owner_agency_id AS agency, y.name AS agency_name, coalesce(a.owner_account_id, 0) AS account, coalesce(c.name, '') AS account_name,
	a.due_on, a.carried, a.discharge_proposed, a.discharged_at, a.version, a.recorded_at AS set_at, b.name AS set_by`

const from = ` FROM action a JOIN agency y ON y.id = a.owner_agency_id JOIN account b ON b.id = a.recorded_by
	LEFT JOIN account c ON c.id = a.owner_account_id LEFT JOIN plan_objective o ON o.id = a.objective_id `

// Get is one action; fault.Missing when it is not there or not for this person.
func Get(ctx context.Context, q db.Querier, id ref.ActionID) (Action, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+from+`WHERE a.id = $1`, id)
	if err != nil {
		return Action{}, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Action])
	if errors.Is(err, pgx.ErrNoRows) {
		return Action{}, fault.Missing()
	}
	return a, err
}

// OpenOf lists the open actions of a nominal, the earliest due first.
func OpenOf(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Action, error) {
	return list(ctx, q, `WHERE a.nominal_id = $1 AND a.discharged_at IS NULL ORDER BY a.due_on, a.id`, nominal)
}

// Of lists all actions of a nominal: open ones first by due date, then the
// discharged ones, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Action, error) {
	return list(ctx, q, `WHERE a.nominal_id = $1 ORDER BY a.discharged_at DESC NULLS FIRST, a.due_on, a.id`, nominal)
}

// OpenOfAll are the open actions of several people, the soonest due of each first.
func OpenOfAll(ctx context.Context, q db.Querier, nominals []ref.NominalID) ([]Action, error) {
	return list(ctx, q, `WHERE a.nominal_id = ANY ($1) AND a.discharged_at IS NULL ORDER BY a.nominal_id, a.due_on, a.id`, nominals)
}

// Changed lists the actions of a nominal that were set, or to which something
// happened, after a moment: for "what changed since the last meeting".
func Changed(ctx context.Context, q db.Querier, nominal ref.NominalID, since time.Time) ([]Action, error) {
	return list(ctx, q, `WHERE a.nominal_id = $1 AND EXISTS (SELECT FROM action_entry e WHERE e.action_id = a.id AND e.recorded_at > $2)
		ORDER BY a.due_on, a.id`, nominal, since)
}

func list(ctx context.Context, q db.Querier, where string, args ...any) ([]Action, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+from+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Action])
}

// History is what happened to an action, the latest first.
func History(ctx context.Context, q db.Querier, id ref.ActionID) ([]Entry, error) {
	rows, err := q.Query(ctx, `SELECT e.id, e.kind, e.text, coalesce(y.name, '') AS agency_name, coalesce(c.name, '') AS owner_name, e.due_on,
			coalesce(e.meeting_id, 0) AS meeting, m.held_on, e.recorded_at AS at, b.name AS by
		FROM action_entry e JOIN account b ON b.id = e.recorded_by
		LEFT JOIN agency y ON y.id = e.owner_agency_id LEFT JOIN account c ON c.id = e.owner_account_id LEFT JOIN meeting m ON m.id = e.meeting_id
		WHERE e.action_id = $1 ORDER BY e.id DESC`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
}

// insert writes a new action with the first line of its history.
func insert(ctx context.Context, tx *db.Tx, area ref.AreaID, registration ref.RegistrationID, n New) (ref.ActionID, error) {
	var id ref.ActionID
	err := tx.QueryRow(ctx, `INSERT INTO action (nominal_id, area_id, registration_id, text, pathway, objective_id, meeting_id, owner_agency_id,
			owner_account_id, due_on, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		n.Nominal, area, ref.Null(registration), n.Text, n.Pathway, ref.Null(n.Objective), ref.Null(n.Meeting), n.Agency,
		ref.Null(n.Account), n.DueOn, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	return id, appendEntry(ctx, tx, id, n.Nominal, "set", Change{Text: n.Text, DueOn: n.DueOn, Agency: n.Agency, Account: n.Account, Meeting: n.Meeting})
}

func appendEntry(ctx context.Context, tx *db.Tx, id ref.ActionID, nominal ref.NominalID, kind string, c Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO action_entry (action_id, nominal_id, kind, text, owner_agency_id, owner_account_id, due_on, meeting_id,
			recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, nominal, kind, c.Text, ref.Null(c.Agency), ref.Null(c.Account), c.DueOn, ref.Null(c.Meeting), tx.Now(), tx.Actor().Account)
	return err
}

// update writes the state after a change. The version guards against whoever
// wrote since the action was read.
func update(ctx context.Context, tx *db.Tx, a Action) error {
	tag, err := tx.Exec(ctx, `UPDATE action SET owner_agency_id = $3, owner_account_id = $4, due_on = $5, carried = $6, discharge_proposed = $7,
			discharged_at = $8, version = version + 1 WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Agency, ref.Null(a.Account), a.DueOn, a.Carried, a.DischargeProposed, a.DischargedAt)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fault.Changed()
	}
	return nil
}

// openRegistration is the current registration of a nominal; 0 before adoption.
func openRegistration(ctx context.Context, q db.Querier, nominal ref.NominalID) (ref.RegistrationID, error) {
	var id ref.RegistrationID
	err := q.QueryRow(ctx, `SELECT id FROM registration WHERE nominal_id = $1 AND ended_at IS NULL`, nominal).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// ownerProblem says why agency and person cannot own an action in the area today;
// nil when they can. The person must work for the agency there, in a role that
// can own an action.
func ownerProblem(ctx context.Context, q db.Querier, area ref.AreaID, agency ref.AgencyID, account ref.AccountID) (*fault.Problem, error) {
	var current, works bool
	err := q.QueryRow(ctx, `SELECT
		EXISTS (SELECT FROM agency y WHERE y.id = $1 AND y.valid_from <= $4 AND (y.valid_to IS NULL OR y.valid_to >= $4)),
		EXISTS (SELECT FROM access_grant g JOIN account c ON c.id = g.account_id JOIN area_under u ON u.area_id = g.area_id
			WHERE g.account_id = $2 AND g.agency_id = $1 AND u.under_id = $3 AND g.role = ANY ($5) AND g.revoked_at IS NULL
			  AND g.valid_from <= $4 AND (g.valid_to IS NULL OR g.valid_to >= $4) AND c.disabled_at IS NULL)`,
		agency, account, area, q.Today(), owners()).Scan(&current, &works)
	switch {
	case err != nil:
		return nil, err
	case !current:
		return &fault.Problem{Field: "agency", Rule: "R73", Text: "Choose an agency that is part of the scheme today"}, nil
	case account != 0 && !works:
		return &fault.Problem{Field: "account", Rule: "R75", Text: "Choose somebody who works for that agency in this area"}, nil
	}
	return nil, nil
}

// Owners are the roles whose holders can own an action.
func Owners() []authz.Role {
	var roles []authz.Role
	for _, r := range authz.Roles {
		if r.Has(authz.SetOwnAction) {
			roles = append(roles, r)
		}
	}
	return roles
}

func owners() []string {
	var roles []string
	for _, r := range Owners() {
		roles = append(roles, string(r))
	}
	return roles
}
