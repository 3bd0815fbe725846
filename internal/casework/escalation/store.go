package escalation

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const selectEscalation = `SELECT e.id, e.area_id, a.name AS area_name, e.group_id, g.name AS group_name, coalesce(e.nominal_id, 0) AS nominal_id,
		coalesce(e.meeting_id, 0) AS meeting_id, m.held_on, e.kind, e.issue, e.tried, e.answer_by, e.recorded_at, c.name AS by_name
	FROM escalation e JOIN area a ON a.id = e.area_id JOIN area g ON g.id = e.group_id JOIN account c ON c.id = e.recorded_by
	LEFT JOIN meeting m ON m.id = e.meeting_id `

// Get is one escalation; fault.Missing when it is not there or not for this person.
func Get(ctx context.Context, q db.Querier, id ref.EscalationID) (Escalation, error) {
	all, err := read(ctx, q, `WHERE e.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Escalation{}, err
	}
	return all[0], nil
}

// Most bounds a list.
const Most = 300

// List is every escalation that the actor may see, the latest first.
func List(ctx context.Context, q db.Querier) ([]Escalation, error) {
	return read(ctx, q, `ORDER BY e.id DESC LIMIT $1`, Most)
}

// Of are the escalations about a person, the latest first.
func Of(ctx context.Context, q db.Querier, n ref.NominalID) ([]Escalation, error) {
	return read(ctx, q, `WHERE e.nominal_id = $1 ORDER BY e.id DESC`, n)
}

// NotClosed are the escalations raised in some areas that no meeting has closed,
// the earliest first.
func NotClosed(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Escalation, error) {
	return read(ctx, q, `WHERE e.area_id = ANY ($1) AND NOT EXISTS (SELECT FROM escalation_entry x WHERE x.escalation_id = e.id AND x.kind = 'closed')
		ORDER BY e.id`, areas)
}

// At are the escalations that a meeting raised, or of which it recorded something,
// the earliest first.
func At(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Escalation, error) {
	return read(ctx, q, `WHERE e.meeting_id = $1 OR EXISTS (SELECT FROM escalation_entry x WHERE x.escalation_id = e.id AND x.meeting_id = $1)
		ORDER BY e.id`, id)
}

func read(ctx context.Context, q db.Querier, where string, args ...any) ([]Escalation, error) {
	rows, err := q.Query(ctx, selectEscalation+where, args...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Escalation])
	if err != nil || len(all) == 0 {
		return all, err
	}
	ids := make([]ref.EscalationID, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	rows, err = q.Query(ctx, `SELECT x.id, x.escalation_id, x.kind, x.text, x.answered_by, x.answered_on, x.answer_by, coalesce(x.meeting_id, 0) AS meeting_id,
			m.held_on, x.recorded_at, c.name AS by_name
		FROM escalation_entry x JOIN account c ON c.id = x.recorded_by LEFT JOIN meeting m ON m.id = x.meeting_id
		WHERE x.escalation_id = ANY ($1) ORDER BY x.id`, ids)
	if err != nil {
		return nil, err
	}
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	for _, x := range entries {
		i := slices.Index(ids, ref.EscalationID(x.Escalation))
		all[i].Entries = append(all[i].Entries, x)
	}
	return all, err
}

// InState keeps those of a state; overdue ones of the open are named first.
func InState(all []Escalation, s State, today clock.Date) []Escalation {
	var some []Escalation
	for _, e := range all {
		if e.State() == s {
			some = append(some, e)
		}
	}
	slices.SortStableFunc(some, func(a, b Escalation) int {
		switch x, y := a.Overdue(today), b.Overdue(today); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return some
}
