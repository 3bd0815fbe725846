package review

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const ratingColumns = `
	SELECT r.id, r.registration_id AS registration, r.nominal_id AS nominal, g.area_id AS area, r.rating, r.rated_on, r.reason,
		r.characteristics, r.supervision, coalesce(r.meeting_id, 0) AS meeting, m.held_on, coalesce(r.chair_id, 0) AS chair,
		coalesce(c.name, '') AS chair_name, r.agreed_by, r.recorded_at, r.recorded_by, w.name AS recorded_by_name,
		coalesce(y.outcome, '') AS outcome, ym.held_on AS answered_on, coalesce(y.meeting_id, 0) AS answered_at, coalesce(y.reason, '') AS answer
	FROM rag_rating r
	JOIN registration g ON g.id = r.registration_id
	JOIN account w ON w.id = r.recorded_by
	LEFT JOIN meeting m ON m.id = r.meeting_id
	LEFT JOIN account c ON c.id = r.chair_id
	LEFT JOIN rag_ratification y ON y.rating_id = r.id
	LEFT JOIN meeting ym ON ym.id = y.meeting_id `

func ratings(ctx context.Context, q db.Querier, where string, args ...any) ([]Rating, error) {
	rows, err := q.Query(ctx, ratingColumns+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Rating])
}

func one(found []Rating, err error) (Rating, error) {
	if err != nil {
		return Rating{}, err
	}
	if len(found) == 0 {
		return Rating{}, fault.Missing()
	}
	return found[0], nil
}

// Latest is the current rating of a registration; fault.Missing when there is
// none in scope.
func Latest(ctx context.Context, q db.Querier, reg ref.RegistrationID) (Rating, error) {
	return one(ratings(ctx, q, `WHERE r.registration_id = $1 ORDER BY r.id DESC LIMIT 1`, reg))
}

// Get is one rating by its id.
func Get(ctx context.Context, q db.Querier, id ref.RatingID) (Rating, error) {
	return one(ratings(ctx, q, `WHERE r.id = $1`, id))
}

// History is every rating of a person in all registrations in scope, newest first.
func History(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Rating, error) {
	return ratings(ctx, q, `WHERE r.nominal_id = $1 ORDER BY r.id DESC`, nominal)
}

// Unratified are the ratings that wait for a meeting's answer, of people now
// registered in the areas; oldest first. What waits is the rating that stands, made
// between meetings and not answered. One that another has taken the place of since
// is history: with its date, reason and who agreed it (R50), it asks for no decision
// any more, since neither answer would change how the case is rated.
func Unratified(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Rating, error) {
	return ratings(ctx, q, `WHERE g.area_id = ANY ($1) AND g.ended_at IS NULL AND r.meeting_id IS NULL AND y.rating_id IS NULL
		AND NOT EXISTS (SELECT FROM rag_rating z WHERE z.registration_id = r.registration_id AND z.id > r.id) ORDER BY r.id`, areas)
}

// ReviewedOn is the day of the last rating at a meeting in a registration. A
// registration begins with one (R9), so only fault.Missing can be wrong.
func ReviewedOn(ctx context.Context, q db.Querier, reg ref.RegistrationID) (clock.Date, error) {
	r, err := one(ratings(ctx, q, `WHERE r.registration_id = $1 AND r.meeting_id IS NOT NULL ORDER BY r.id DESC LIMIT 1`, reg))
	return r.RatedOn, err
}

// DayOf is the day of what a meeting decides: the day it was held, or today when
// the sheet is written before that day.
func DayOf(ctx context.Context, q db.Querier, meeting ref.MeetingID) (clock.Date, error) {
	var held clock.Date
	err := q.QueryRow(ctx, `SELECT held_on FROM meeting WHERE id = $1`, meeting).Scan(&held)
	if errors.Is(err, pgx.ErrNoRows) {
		return clock.Date{}, fault.Missing()
	}
	if held.After(q.Today()) {
		held = q.Today()
	}
	return held, err
}

// openArea is the area of a registration that is not ended.
func openArea(ctx context.Context, q db.Querier, reg ref.RegistrationID, nominal ref.NominalID) (ref.AreaID, error) {
	var (
		area ref.AreaID
		open bool
	)
	err := q.QueryRow(ctx, `SELECT area_id, ended_at IS NULL FROM registration WHERE id = $1 AND nominal_id = $2`, reg, nominal).Scan(&area, &open)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.Missing()
	}
	if err == nil && !open {
		err = fault.Refuse("", "R86", "This person has been deregistered, so the rating can no longer be changed")
	}
	return area, err
}
