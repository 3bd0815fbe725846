package meeting

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const columns = `
	SELECT m.id, m.area_id AS area, a.name AS area_name, m.kind, m.held_on, m.starts, coalesce(m.ends, '') AS ends, m.place, m.chair_id AS chair, c.name AS chair_name,
		coalesce(m.joint_chair_id, 0) AS joint, coalesce(j.name, '') AS joint_name,
		coalesce(m.next_on, (m.held_on + interval '1 month')::date) AS next_on, m.version,
		o.recorded_at AS opened_at, coalesce(ob.name, '') AS opened_by,
		e.recorded_at AS closed_at, coalesce(eb.name, '') AS closed_by, coalesce(e.reason, '') AS closed_reason, coalesce(e.missing, '{}') AS missing,
		x.recorded_at AS cancelled_at, coalesce(xb.name, '') AS cancelled_by, coalesce(x.reason, '') AS cancelled_reason,
		p.recorded_at AS approved_at, coalesce(pb.name, '') AS approved_by, coalesce(p.digest, '') AS digest, coalesce(p.version, 0) AS minutes_version
	FROM meeting m
	JOIN area a ON a.id = m.area_id
	JOIN account c ON c.id = m.chair_id
	LEFT JOIN account j ON j.id = m.joint_chair_id
	LEFT JOIN meeting_opening o ON o.meeting_id = m.id LEFT JOIN account ob ON ob.id = o.recorded_by
	LEFT JOIN meeting_closing e ON e.meeting_id = m.id LEFT JOIN account eb ON eb.id = e.recorded_by
	LEFT JOIN meeting_cancellation x ON x.meeting_id = m.id LEFT JOIN account xb ON xb.id = x.recorded_by
	LEFT JOIN LATERAL (SELECT * FROM minutes_approval v WHERE v.meeting_id = m.id ORDER BY v.version DESC LIMIT 1) p ON true LEFT JOIN account pb ON pb.id = p.recorded_by
	WHERE `

// mine is who sees a meeting: whoever reads casework in one of the leaves that it
// is for, and who is invited; a guest for as long as the named cases are open.
const mine = `(EXISTS (SELECT FROM area_under u WHERE u.area_id = m.area_id AND u.under_id = ANY ($1))
	OR EXISTS (SELECT FROM meeting_attendee t WHERE t.meeting_id = m.id AND t.account_id = $2 AND (t.capacity = 'core' OR m.held_on + 14 >= $3)))`

func meetings(ctx context.Context, q db.Querier, where string, args ...any) ([]Meeting, error) {
	actor := q.Actor()
	args = append([]any{actor.AreasReading(authz.Casework), actor.Account, q.Today()}, args...)
	rows, err := q.Query(ctx, columns+mine+where, args...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Meeting])
	for i, m := range all {
		all[i].Ends = endOf(m.Kind, m.Starts, m.Ends)
	}
	return all, err
}

// Get is one meeting; fault.Missing when it is not there or not for this person.
func Get(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, error) {
	found, err := meetings(ctx, q, ` AND m.id = $4`, id)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Meeting{}, err
	}
	return found[0], nil
}

// ComingMost bounds the list of meetings to come.
const ComingMost = 200

// Coming lists the meetings that are not closed, the soonest first: those planned,
// those open, and those whose day has passed without either.
func Coming(ctx context.Context, q db.Querier) ([]Meeting, error) {
	return meetings(ctx, q, ` AND e.meeting_id IS NULL AND x.meeting_id IS NULL ORDER BY m.held_on, m.starts, m.id LIMIT $4`, ComingMost)
}

// PastMost bounds the list of past meetings on one page.
const PastMost = 50

// Past lists the meetings that were closed or cancelled, the latest first.
func Past(ctx context.Context, q db.Querier, skip int) ([]Meeting, error) {
	return meetings(ctx, q, ` AND (e.meeting_id IS NOT NULL OR x.meeting_id IS NOT NULL) ORDER BY m.held_on DESC, m.id DESC OFFSET $4 LIMIT $5`,
		skip, PastMost)
}

// Before is the meeting of the same area that was held before this one; ok is
// false for the first. A Referral and Operational meeting looks back at the one of
// its kind, over the practitioners' meetings between (R53).
func Before(ctx context.Context, q db.Querier, m Meeting) (before Meeting, ok bool, err error) {
	found, err := meetings(ctx, q, ` AND m.area_id = $4 AND m.id <> $5 AND (m.held_on, m.id) < ($6, $5) AND o.meeting_id IS NOT NULL
		AND m.kind IN ('referral and operational', $7) ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, m.Area, m.ID, m.HeldOn, m.Kind)
	if err != nil || len(found) == 0 {
		return Meeting{}, false, err
	}
	return found[0], true, nil
}

// hold locks a meeting against opening, closing and cancelling for the rest of
// the transaction, and reads it as it then is.
func hold(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Meeting, error) {
	return lock(ctx, tx, id, `SELECT id FROM meeting WHERE id = $1 FOR SHARE`)
}

// take locks a meeting for whoever changes its state: two who open or close it
// at once wait for each other, and the second finds it done.
func take(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Meeting, error) {
	return lock(ctx, tx, id, `SELECT id FROM meeting WHERE id = $1 FOR UPDATE`)
}

func lock(ctx context.Context, tx *db.Tx, id ref.MeetingID, sql string) (Meeting, error) {
	var locked int64
	err := tx.QueryRow(ctx, sql, id).Scan(&locked)
	if errors.Is(err, pgx.ErrNoRows) {
		return Meeting{}, fault.Missing()
	}
	if err != nil {
		return Meeting{}, err
	}
	return Get(ctx, tx, id)
}
