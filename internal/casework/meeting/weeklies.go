package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// WeeklyRecord is what a practitioners' meeting recorded of a case.
type WeeklyRecord struct {
	Meeting ref.MeetingID
	HeldOn  clock.Date
	Area    string
	Lines   []string
}

// WeekliesSince are the practitioners' meetings since the last Referral and
// Operational meeting before m that recorded something of a case, the earliest first:
// "Since the last monthly meeting, the practitioners' meeting of …" of its papers.
func WeekliesSince(ctx context.Context, q db.Querier, m Meeting, n ref.NominalID) ([]WeeklyRecord, error) {
	all, err := weekliesOf(ctx, q, m, []ref.NominalID{n})
	return all[n], err
}

// weekliesOf is WeekliesSince for several cases, in one read.
func weekliesOf(ctx context.Context, q db.Querier, m Meeting, ids []ref.NominalID) (map[ref.NominalID][]WeeklyRecord, error) {
	var from clock.Date
	before, ok, err := Before(ctx, q, m)
	if err != nil {
		return nil, err
	}
	if ok {
		from = before.HeldOn
	} else {
		from = m.HeldOn.AddMonths(-1)
	}
	rows, err := q.Query(ctx, `
		SELECT x.nominal_id, w.id, w.held_on, a.name, x.line FROM meeting w JOIN area a ON a.id = w.area_id
		CROSS JOIN LATERAL (
			SELECT d.nominal_id, d.id, 1 AS rank, CASE WHEN y.name IS NULL THEN d.text ELSE y.name || ': ' || d.text END AS line
				FROM discussion_note d LEFT JOIN agency y ON y.id = d.agency_id WHERE d.meeting_id = w.id AND d.nominal_id = ANY ($1)
			UNION ALL SELECT r.nominal_id, r.id, 2, 'Rated ' || r.rating || ', to be ratified: ' || r.reason
				FROM rag_rating r WHERE r.nominal_id = ANY ($1) AND r.given_at_meeting_id = w.id
			UNION ALL SELECT t.nominal_id, t.id, 3, 'Action ' || t.kind || ': ' || c.text || CASE WHEN t.text = '' OR t.text = c.text THEN '' ELSE '. ' || t.text END
				FROM action_entry t JOIN action c ON c.id = t.action_id WHERE t.meeting_id = w.id AND t.nominal_id = ANY ($1)
			UNION ALL SELECT p.nominal_id, p.id, 4, 'Planned: ' || p.kind || ' on ' || to_char(p.day, 'FMDD FMMonth YYYY') || ', ' || p.purpose
				FROM planned_contact p WHERE p.meeting_id = w.id AND p.nominal_id = ANY ($1)) x
		WHERE w.kind = 'practitioners' AND w.held_on >= $2 AND w.held_on <= $3 AND w.id <> $5
			AND EXISTS (SELECT FROM area_under u WHERE u.area_id = $4 AND u.under_id = w.area_id)
		ORDER BY w.held_on, w.id, x.rank, x.id`, ids, from, m.HeldOn, m.Area, m.ID)
	if err != nil {
		return nil, err
	}
	var (
		all  = map[ref.NominalID][]WeeklyRecord{}
		n    ref.NominalID
		one  WeeklyRecord
		line string
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &one.Meeting, &one.HeldOn, &one.Area, &line}, func() error {
		of := all[n]
		if len(of) == 0 || of[len(of)-1].Meeting != one.Meeting {
			of = append(of, WeeklyRecord{Meeting: one.Meeting, HeldOn: one.HeldOn, Area: one.Area})
		}
		last := &of[len(of)-1]
		last.Lines = append(last.Lines, line)
		all[n] = of
		return nil
	})
	return all, err
}
