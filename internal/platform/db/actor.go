package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// SystemAccount is the account of the application itself: the command line, the
// demonstration, and background work that is about no area (BackgroundOf).
const SystemAccount = 1

// Standing is an account as it stands today: who it is, and whether it may act at all.
type Standing struct {
	Actor        authz.Actor
	Disabled     bool
	MustChange   bool // the password
	SessionEpoch int64
	System       bool
}

// StandingOf loads an account with the grants that are current today. It gives
// fault.Missing for an account that does not exist.
func (d *DB) StandingOf(ctx context.Context, account int64) (Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, acquireWithin)
	defer cancel()
	s, err := standing(ctx, d.pool, account, clock.Today(d.clock))
	return s, down(err)
}

// BackgroundOf is the account under which background work for an area is done: its
// scope is the area and what is below it. For area 0 it is the application's own. It
// gives fault.Missing for an area that does not exist.
func (d *DB) BackgroundOf(ctx context.Context, area int64) (Standing, error) {
	if area == 0 {
		return d.StandingOf(ctx, SystemAccount)
	}
	ctx, cancel := context.WithTimeout(ctx, acquireWithin)
	defer cancel()
	var account int64
	err := d.pool.QueryRow(ctx, `SELECT id FROM account WHERE area_id = $1`, area).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return Standing{}, fault.Missing()
	}
	if err != nil {
		return Standing{}, down(err)
	}
	return d.StandingOf(ctx, account)
}

type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

type grantRow struct {
	Role       authz.Role `json:"role"`
	Agency     int64      `json:"agency"`
	Area       int64      `json:"area"`
	AgencyName string     `json:"agency_name"`
	AreaName   string     `json:"area_name"`
	Whole      bool       `json:"whole"`
	Areas      []int64    `json:"areas"`
}

func standing(ctx context.Context, q rowQuerier, account int64, today clock.Date) (Standing, error) {
	var (
		s      Standing
		kind   string
		grants []byte
	)
	err := q.QueryRow(ctx, `SELECT account_id, kind, username, name, disabled, must_change, session_epoch, grants, hidden FROM actor_of($1, $2)`, account, today).
		Scan(&s.Actor.Account, &kind, &s.Actor.Username, &s.Actor.Name, &s.Disabled, &s.MustChange, &s.SessionEpoch, &grants, &s.Actor.Hidden)
	if errors.Is(err, pgx.ErrNoRows) {
		return Standing{}, fault.Missing()
	}
	if err != nil {
		return Standing{}, err
	}
	s.System = kind == "system"
	var rows []grantRow
	if err := json.Unmarshal(grants, &rows); err != nil {
		return Standing{}, fmt.Errorf("db: grants of account %d: %w", account, err)
	}
	for i, g := range rows {
		if i == 0 {
			s.Actor.Agency, s.Actor.AgencyAs, s.Actor.AreaAs = g.Agency, g.AgencyName, g.AreaName
		}
		s.Actor.Grants = append(s.Actor.Grants, authz.Grant{Role: g.Role, Agency: g.Agency, Area: g.Area, Areas: g.Areas, Whole: g.Whole})
	}
	return s, nil
}

// setting is the statement that tells Postgres who acts; its values live until
// the end of the transaction.
const setting = `SELECT set_config('app.account', $1, true), set_config('app.now', $2, true), set_config('app.agencies', $3, true),
	set_config('app.hidden', $4, true), set_config('app.areas_casework', $5, true), set_config('app.areas_intelligence', $6, true),
	set_config('app.areas_health', $7, true), set_config('app.areas_drug_tests', $8, true), set_config('app.areas_equality', $9, true),
	set_config('app.areas_looked', $10, true), set_config('app.areas_log', $11, true), set_config('app.log_all', $12, true)`

// settings are the values of that statement, all as text.
func settings(a authz.Actor, now string) []any {
	return []any{
		strconv.FormatInt(a.Account, 10), now, array(a.Agencies()), array(a.Hidden),
		array(a.AreasReading(authz.Casework)), array(a.AreasReading(authz.Intelligence)), array(a.AreasReading(authz.Health)),
		array(a.AreasReading(authz.DrugTests)), array(a.AreasReading(authz.Equality)),
		array(a.AreasFor(authz.SeeWhoLooked)), array(a.AreasFor(authz.ReadLog)), strconv.FormatBool(a.MayEverywhere(authz.ReadLog)),
	}
}

// array is a list of ids as Postgres reads one.
func array(ids []int64) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	b.WriteByte('}')
	return b.String()
}
