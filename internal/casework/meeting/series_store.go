package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const seriesColumns = `
	SELECT s.id, s.area_id AS area, a.name AS area_name, s.kind, t.version, t.reason,
		t.every, coalesce(t.nth, 0) AS nth, coalesce(t.weekday, 0) AS weekday, coalesce(t.month_day, 0) AS month_day, coalesce(t.weeks, 0) AS weeks,
		t.from_on AS from, t.starts, coalesce(t.ends, '') AS ends, t.place, t.chair_id AS chair, coalesce(t.joint_chair_id, 0) AS joint,
		ARRAY(SELECT m.account_id FROM meeting_series_member m WHERE m.series_id = s.id AND m.version = t.version ORDER BY 1) AS members,
		c.name AS chair_name, coalesce(j.name, '') AS joint_name, e.last_on, coalesce(e.reason, '') AS end_reason
	FROM meeting_series s
	JOIN area a ON a.id = s.area_id
	JOIN LATERAL (SELECT * FROM meeting_series_terms t WHERE t.series_id = s.id ORDER BY t.version DESC LIMIT 1) t ON true
	JOIN account c ON c.id = t.chair_id
	LEFT JOIN account j ON j.id = t.joint_chair_id
	LEFT JOIN meeting_series_end e ON e.series_id = s.id
	WHERE s.area_id = ANY ($1)`

func series(ctx context.Context, q db.Querier, where string, args ...any) ([]Series, error) {
	rows, err := q.Query(ctx, seriesColumns+where, append([]any{q.Actor().AreasFor(authz.RunMeetings)}, args...)...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Series])
	for i, s := range all {
		all[i].Ends = endOf(s.Kind, s.Starts, s.Ends)
	}
	return all, err
}

// AllSeries are those of the areas in which the actor runs meetings, those that go
// on first.
func AllSeries(ctx context.Context, q db.Querier) ([]Series, error) {
	return series(ctx, q, ` ORDER BY e.last_on < $2 IS TRUE, lower(a.name), s.kind DESC, t.starts, s.id`, q.Today())
}

// GetSeries is one series; fault.Missing when it is not there or of an area in
// which the actor does not run meetings.
func GetSeries(ctx context.Context, q db.Querier, id ref.SeriesID) (Series, error) {
	found, err := series(ctx, q, ` AND s.id = $2`, id)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Series{}, err
	}
	return found[0], nil
}

// Slot is a meeting that stands for a month or a week of a series.
type Slot struct {
	Meeting   ref.MeetingID
	Slot      string
	Due       clock.Date // by the rhythm alone
	HeldOn    clock.Date
	Kind      Kind
	Starts    string
	Ends      string
	Place     string
	Chair     ref.AccountID
	Joint     ref.AccountID
	NextOn    clock.Date
	Planned   bool   // neither opened nor cancelled
	Cancelled bool   // by hand
	Approved  bool   // its minutes
	Held      bool   // opened
	ByHand    bool   // changed by hand since it was planned
	Bound     bool   // somebody signed for it or is invited to it as a guest
	Reason    string // of the latest change or the cancellation
}

// Left says whether the series leaves the meeting as it is: somebody has decided
// about it, or counts on it.
func (s Slot) Left() bool { return !s.Planned || s.ByHand || s.Bound }

// Moved says whether the meeting is not on the day that the rhythm alone gives.
func (s Slot) Moved() bool { return s.HeldOn != s.Due }

// Slots are the meetings of a series from a day on, in order. Those that the series
// gave up are left out.
func Slots(ctx context.Context, q db.Querier, id ref.SeriesID, from clock.Date) ([]Slot, error) {
	rows, err := q.Query(ctx, `
		SELECT s.meeting_id AS meeting, s.slot, s.due_on AS due, m.held_on, m.kind, m.starts, coalesce(m.ends, '') AS ends, m.place, m.chair_id AS chair, coalesce(m.joint_chair_id, 0) AS joint,
			m.next_on, o.meeting_id IS NULL AND x.meeting_id IS NULL AS planned, x.meeting_id IS NOT NULL AS cancelled, p.meeting_id IS NOT NULL AS approved,
			o.meeting_id IS NOT NULL AS held,
			EXISTS (SELECT FROM meeting_change c WHERE c.meeting_id = m.id AND c.series_version IS NULL) AS by_hand,
			EXISTS (SELECT FROM meeting_attendee t WHERE t.meeting_id = m.id AND t.capacity = 'guest')
				OR EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = m.id) AS bound,
			coalesce(x.reason, (SELECT c.reason FROM meeting_change c WHERE c.meeting_id = m.id AND c.series_version IS NULL ORDER BY c.id DESC LIMIT 1), '') AS reason
		FROM meeting_slot s JOIN meeting m ON m.id = s.meeting_id
		LEFT JOIN meeting_opening o ON o.meeting_id = m.id
		LEFT JOIN meeting_cancellation x ON x.meeting_id = m.id
		LEFT JOIN minutes_approval p ON p.meeting_id = m.id
		WHERE s.series_id = $1 AND s.freed_at IS NULL AND m.held_on >= $2
		ORDER BY m.held_on, m.starts, m.id`, id, from)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Slot])
	for i, s := range all {
		all[i].Ends = endOf(s.Kind, s.Starts, s.Ends)
	}
	return all, err
}

// SeriesOf is the series for which a meeting stands; 0 when it was planned by itself.
func SeriesOf(ctx context.Context, q db.Querier, id ref.MeetingID) (of ref.SeriesID, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT series_id FROM meeting_slot WHERE meeting_id = $1 AND freed_at IS NULL), 0)`, id).Scan(&of)
	return of, err
}

// ChangedBecause is the reason of the latest change of a meeting by hand; empty when it
// has none.
func ChangedBecause(ctx context.Context, q db.Querier, id ref.MeetingID) (reason string, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT reason FROM meeting_change WHERE meeting_id = $1 AND series_version IS NULL ORDER BY id DESC LIMIT 1), '')`, id).
		Scan(&reason)
	return reason, err
}

// insertTerms adds a version of what a series is.
func insertTerms(ctx context.Context, tx *db.Tx, id ref.SeriesID, version int64, t Terms, reason string) error {
	some := func(n int, of bool) *int {
		if !of {
			return nil
		}
		return &n
	}
	_, err := tx.Exec(ctx, `INSERT INTO meeting_series_terms (series_id, version, every, nth, weekday, month_day, weeks, from_on, starts, ends, place,
			chair_id, joint_chair_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		id, version, t.Every, some(t.Nth, t.Every == MonthByWeekday), some(int(t.Weekday), t.Every != MonthByDay), some(t.MonthDay, t.Every == MonthByDay),
		some(t.Weeks, t.Every == Weeks), t.From, t.Starts, t.Ends, t.Place, t.Chair, ref.Null(t.Joint), reason, tx.Now(), tx.Actor().Account)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO meeting_series_member (series_id, version, account_id) SELECT $1, $2, unnest($3::bigint[])`, id, version, t.Members)
	return err
}

// lockSeries makes those wait for each other who plan or change meetings of one
// series. It comes before the lock of any meeting.
func lockSeries(ctx context.Context, tx *db.Tx, id ref.SeriesID) error {
	if err := tx.Lock(ctx, "meeting series", int64(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `SELECT m.id FROM meeting m JOIN meeting_slot s ON s.meeting_id = m.id WHERE s.series_id = $1 AND s.freed_at IS NULL
		ORDER BY m.id FOR UPDATE OF m`, id)
	return err
}

// lockSeriesOf is lockSeries for the series of a meeting, if it has one.
func lockSeriesOf(ctx context.Context, tx *db.Tx, id ref.MeetingID) (of ref.SeriesID, err error) {
	if of, err = SeriesOf(ctx, tx, id); err != nil || of == 0 {
		return of, err
	}
	return of, lockSeries(ctx, tx, of)
}

// mayChair are the accounts that may take the chair in an area.
func mayChair(ctx context.Context, q db.Querier, node ref.AreaID) ([]account.Person, []ref.AccountID, error) {
	chairs, err := Chairs(ctx, q, node)
	ids := make([]ref.AccountID, len(chairs))
	for i, c := range chairs {
		ids[i] = c.ID
	}
	return chairs, ids, err
}
