// Package account holds the people who sign in: who they are, what they are
// granted, in which agency, where and until when (R157, R183), and how they prove
// that it is them. What a grant allows is in package authz; which records it
// reaches is decided in Postgres.
package account

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

// Account is somebody who can sign in.
type Account struct {
	ID          ref.AccountID
	Username    string
	Name        string
	Email       string
	Telephone   string
	HasPassword bool
	MustChange  bool      // the password, before anything else
	DisabledAt  time.Time // zero while it may be used
	RecordedAt  time.Time
	Version     int64
}

// Disabled says that the account may not be used.
func (a Account) Disabled() bool { return !a.DisabledAt.IsZero() }

const accountColumns = `SELECT a.id, a.username, a.name, a.email, a.telephone, a.password_hash <> '', a.must_change_password,
	coalesce(a.disabled_at, '0001-01-01 00:00:00Z'), a.recorded_at, a.version FROM account a `

func scanAccount(row pgx.CollectableRow) (a Account, err error) {
	err = row.Scan(&a.ID, &a.Username, &a.Name, &a.Email, &a.Telephone, &a.HasPassword, &a.MustChange, &a.DisabledAt, &a.RecordedAt, &a.Version)
	return a, err
}

// Get is one account; fault.Missing when there is none. The application's own
// account is not one.
func Get(ctx context.Context, q db.Querier, id ref.AccountID) (Account, error) {
	rows, err := q.Query(ctx, accountColumns+`WHERE a.kind = 'person' AND a.id = $1`, id)
	if err != nil {
		return Account{}, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanAccount)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Missing()
	}
	return a, err
}

// All is every account, by name.
func All(ctx context.Context, q db.Querier) ([]Account, error) {
	rows, err := q.Query(ctx, accountColumns+`WHERE a.kind = 'person' ORDER BY lower(a.name), a.id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanAccount)
}

// NameOf is the name of an account; empty when there is none. It includes the
// application's own.
func NameOf(ctx context.Context, q db.Querier, id ref.AccountID) (name string, err error) {
	err = q.QueryRow(ctx, `SELECT name FROM account WHERE id = $1`, id).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return name, err
}

// Names are the names of several accounts in one query.
func Names(ctx context.Context, q db.Querier, ids []ref.AccountID) (map[ref.AccountID]string, error) {
	names := make(map[ref.AccountID]string, len(ids))
	rows, err := q.Query(ctx, `SELECT id, name FROM account WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	var id ref.AccountID
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return names, err
}

// Person is somebody who may be chosen: to own an action, to lead, to attend.
type Person struct {
	ID         ref.AccountID
	Name       string
	Agency     ref.AgencyID
	AgencyName string
	Role       authz.Role
}

// Workers are the roles of those who do casework: what People gives when no role
// is named.
var Workers = []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner}

// People are those who work in an area today under one of the roles, each once
// under their first such grant, by name. For a leaf these are the grants that
// cover it; for a node above leaves also those that are held below it. Disabled
// accounts are left out.
func People(ctx context.Context, q db.Querier, area ref.AreaID, roles ...authz.Role) ([]Person, error) {
	if len(roles) == 0 {
		roles = Workers
	}
	rows, err := q.Query(ctx, `
		SELECT id, name, agency, agency_name, role FROM (
			SELECT DISTINCT ON (c.id) c.id, c.name, g.agency_id AS agency, y.name AS agency_name, g.role
			FROM access_grant g JOIN account c ON c.id = g.account_id JOIN agency y ON y.id = g.agency_id
			WHERE c.disabled_at IS NULL AND c.kind = 'person' AND g.revoked_at IS NULL AND g.role = ANY ($2)
				AND g.valid_from <= $3 AND (g.valid_to IS NULL OR g.valid_to >= $3)
				AND y.valid_from <= $3 AND (y.valid_to IS NULL OR y.valid_to >= $3)
				AND EXISTS (SELECT FROM area_under u WHERE (u.area_id = g.area_id AND u.under_id = $1) OR (u.area_id = $1 AND u.under_id = g.area_id))
			ORDER BY c.id, g.id) one
		ORDER BY lower(name), id`, area, roles, q.Today())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Person])
}

// ByUsername is the account with a username; 0 when there is none.
func ByUsername(ctx context.Context, q db.Querier, username string) (id ref.AccountID, err error) {
	err = q.QueryRow(ctx, `SELECT id FROM account WHERE username = $1 AND kind = 'person'`, CanonicalUsername(username)).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
