package contact

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const selectContact = `SELECT c.id, c.nominal_id, c.kind, c.held_on, c.at_time, c.outcome, c.excused, c.agency_id, y.name AS agency_name,
	coalesce(j.name, '') AS joint_agency_name, c.force_number, c.log, c.result, c.source, c.recorded_at, a.name AS by_name
	FROM contact c JOIN account a ON a.id = c.recorded_by JOIN agency y ON y.id = c.agency_id LEFT JOIN agency j ON j.id = c.joint_agency_id
	WHERE c.nominal_id = $1 AND ` + standing

const standing = `NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = c.id)`

// Insert logs a contact within a command of another room, which checks the
// permission and records the event.
func Insert(ctx context.Context, tx *db.Tx, n New) (id ref.ContactID, err error) {
	if err := fault.Refused(Check(n, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO contact (nominal_id, kind, held_on, at_time, outcome, excused, agency_id, joint_agency_id, force_number,
			log, result, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`,
		n.Nominal, n.Kind, n.HeldOn, n.At, n.Outcome, n.Excused, n.Agency, ref.Null(n.JointAgency), n.ForceNumber,
		n.Log, n.Result, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	tx.Touch(int64(n.Nominal))
	return id, fulfil(ctx, tx, n, id)
}

// Recent gives the latest contacts, the newest first, at most limit.
func Recent(ctx context.Context, q db.Querier, nominal ref.NominalID, limit int) ([]Contact, error) {
	return collect(ctx, q, selectContact+` ORDER BY c.held_on DESC, c.at_time DESC, c.id DESC LIMIT $2`, nominal, limit)
}

// Since gives the contacts from a day on, the newest first.
func Since(ctx context.Context, q db.Querier, nominal ref.NominalID, from clock.Date) ([]Contact, error) {
	return collect(ctx, q, selectContact+` AND c.held_on >= $2 ORDER BY c.held_on DESC, c.at_time DESC, c.id DESC`, nominal, from)
}

// Page gives the contacts after the first skip of them, the newest first.
func Page(ctx context.Context, q db.Querier, nominal ref.NominalID, skip, limit int) ([]Contact, error) {
	return collect(ctx, q, selectContact+` ORDER BY c.held_on DESC, c.at_time DESC, c.id DESC OFFSET $2 LIMIT $3`, nominal, skip, limit)
}

// Get gives one contact of a nominal; ok is false where there is none that counts.
func Get(ctx context.Context, q db.Querier, nominal ref.NominalID, id ref.ContactID) (c Contact, ok bool, err error) {
	all, err := collect(ctx, q, selectContact+` AND c.id = $2`, nominal, id)
	if err != nil || len(all) == 0 {
		return c, false, err
	}
	return all[0], true, nil
}

// MissedBy gives the latest appointments that were missed or left early without an acceptable
// reason (R142), the newest first, at most limit.
func MissedBy(ctx context.Context, q db.Querier, nominal ref.NominalID, limit int) ([]Contact, error) {
	return collect(ctx, q, selectContact+` AND c.outcome IN ('did not attend', 'left early') AND NOT c.excused
		ORDER BY c.held_on DESC, c.at_time DESC, c.id DESC LIMIT $2`, nominal, limit)
}

// Attendance counts the appointments from a day on.
func Attendance(ctx context.Context, q db.Querier, nominal ref.NominalID, since clock.Date) (Rate, error) {
	rows, err := q.Query(ctx, `SELECT c.outcome, c.excused FROM contact c WHERE c.nominal_id = $1 AND c.held_on >= $2 AND `+standing, nominal, since)
	if err != nil {
		return Rate{}, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Appointment])
	return RateOf(all), err
}

// Visits gives the days of home visits at which the person was seen, the earliest first.
func Visits(ctx context.Context, q db.Querier, nominal ref.NominalID, since clock.Date) ([]clock.Date, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT c.held_on FROM contact c WHERE c.nominal_id = $1 AND c.held_on >= $2 AND c.kind = 'home visit'
		AND c.outcome IN ('attended and stayed', 'left early', 'refused treatment', 'seen') AND `+standing+` ORDER BY 1`, nominal, since)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[clock.Date])
}

func collect(ctx context.Context, q db.Querier, sql string, args ...any) ([]Contact, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Contact])
}
