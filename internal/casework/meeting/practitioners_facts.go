package meeting

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// IssuesSince is the moment from which a practitioners' meeting looks for emerging
// issues: the closing of the meeting before it, of either kind, in its area or above;
// a week before when there was none. day is that moment's.
func IssuesSince(ctx context.Context, q db.Querier, m Meeting) (at time.Time, day clock.Date, err error) {
	found, err := meetings(ctx, q, ` AND EXISTS (SELECT FROM area_under x WHERE x.area_id = m.area_id AND x.under_id = $4) AND m.id <> $5
		AND (m.held_on, m.id) < ($6, $5) AND o.meeting_id IS NOT NULL ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, m.Area, m.ID, m.HeldOn)
	if err != nil {
		return at, day, err
	}
	if len(found) == 0 {
		day = m.HeldOn.AddDays(-7)
		return day.Start(), day, nil
	}
	at = *found[0].OpenedAt
	if found[0].ClosedAt != nil {
		at = *found[0].ClosedAt
	}
	return at, found[0].HeldOn, nil
}

type issues struct {
	meeting Meeting
	areas   []ref.AreaID
	since   time.Time
	day     clock.Date
	facts   map[ref.NominalID]*IssueFacts
}

// gatherIssues reads what the rules ask about everybody in the meeting's area whom
// the actor may see.
func gatherIssues(ctx context.Context, q db.Querier, m Meeting) ([]CaseFacts, error) {
	g := &issues{meeting: m, facts: map[ref.NominalID]*IssueFacts{}}
	var err error
	if g.areas, err = leavesOf(ctx, q, m.Area); err != nil {
		return nil, err
	}
	if g.since, g.day, err = IssuesSince(ctx, q, m); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, db.Querier) error{g.registered, g.changed, g.moved, g.missed, g.overdue, g.added, g.names} {
		if err := step(ctx, q); err != nil {
			return nil, err
		}
	}
	cases := make([]IssueFacts, 0, len(g.facts))
	for _, f := range g.facts {
		cases = append(cases, *f)
	}
	return asCases(cases, m.HeldOn), nil
}

func (g *issues) registered(ctx context.Context, q db.Querier) error {
	due, err := visitsDue(ctx, q, g.areas)
	if err != nil {
		return err
	}
	for n, v := range due {
		g.facts[n] = &IssueFacts{Nominal: n, Registration: v.registration, Rating: v.rating, RatedOn: v.ratedOn, VisitDue: v.due}
	}
	rows, err := q.Query(ctx, `SELECT r.nominal_id, max((w.recorded_at AT TIME ZONE 'Europe/London')::date)
		FROM wanted_alert w JOIN rag_rating r ON r.id = w.rating_id JOIN registration x ON x.id = r.registration_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL GROUP BY 1`, g.areas)
	if err != nil {
		return err
	}
	return g.each(rows, func(f *IssueFacts, on clock.Date) {
		if f.Rating == rag.RedAlert && !on.Before(f.RatedOn) {
			f.AlertedOn = on
		}
	})
}

// each hands a day to the facts of each person of the rows who is registered here.
func (g *issues) each(rows pgx.Rows, do func(f *IssueFacts, on clock.Date)) error {
	var (
		n  ref.NominalID
		on clock.Date
	)
	_, err := pgx.ForEachRow(rows, []any{&n, &on}, func() error {
		if f := g.facts[n]; f != nil {
			do(f, on)
		}
		return nil
	})
	return err
}

func (g *issues) changed(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT r.nominal_id, r.rating, r.rated_on FROM rag_rating r JOIN registration x ON x.id = r.registration_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND r.meeting_id IS NULL AND r.recorded_at > $2
			AND NOT EXISTS (SELECT FROM rag_ratification y WHERE y.rating_id = r.id) ORDER BY r.id`, g.areas, g.since)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		u Unratified
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &u.Rating, &u.RatedOn}, func() error {
		if f := g.facts[n]; f != nil {
			f.Changed = append(f.Changed, u)
		}
		return nil
	})
	return err
}

func (g *issues) moved(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT s.nominal_id, max(s.received_on) FROM custody_spell s JOIN registration x ON x.nominal_id = s.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND s.recorded_at > $2
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id) GROUP BY 1`, g.areas, g.since)
	if err != nil {
		return err
	}
	if err := g.each(rows, func(f *IssueFacts, on clock.Date) { f.ReceivedOn = on }); err != nil {
		return err
	}
	rows, err = q.Query(ctx, `SELECT d.nominal_id, max(d.day) FROM custody_date d JOIN registration x ON x.nominal_id = d.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND d.kind = 'released' AND d.recorded_at > $2
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id) GROUP BY 1`, g.areas, g.since)
	if err != nil {
		return err
	}
	return g.each(rows, func(f *IssueFacts, on clock.Date) { f.ReleasedOn = on })
}

func (g *issues) missed(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT c.nominal_id, c.kind, c.held_on FROM contact c JOIN registration x ON x.nominal_id = c.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND c.recorded_at > $2 AND NOT c.excused
			AND c.outcome IN ('did not attend', 'left early', 'not seen')
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = c.id) ORDER BY c.held_on, c.id`, g.areas, g.since)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		m MissedContact
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &m.Kind, &m.On}, func() error {
		if f := g.facts[n]; f != nil {
			f.Missed = append(f.Missed, m)
		}
		return nil
	})
	return err
}

func (g *issues) overdue(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, count(*), min(due_on) FROM action
		WHERE area_id = ANY ($1) AND discharged_at IS NULL AND due_on >= $2 AND due_on < $3 GROUP BY 1`, g.areas, g.day, g.meeting.HeldOn)
	if err != nil {
		return err
	}
	var (
		n     ref.NominalID
		count int
		due   clock.Date
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &count, &due}, func() error {
		if f := g.facts[n]; f != nil {
			f.Overdue, f.OldestDue = count, due
		}
		return nil
	})
	return err
}

func (g *issues) added(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, reason, recorded_at FROM agenda_addition WHERE meeting_id = $1`, g.meeting.ID)
	if err != nil {
		return err
	}
	var (
		n      ref.NominalID
		reason string
		at     time.Time
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &reason, &at}, func() error {
		if g.facts[n] == nil {
			g.facts[n] = &IssueFacts{Nominal: n}
		}
		g.facts[n].Added, g.facts[n].AddedOn = reason, clock.DateOf(at)
		return nil
	})
	return err
}

func (g *issues) names(ctx context.Context, q db.Querier) error {
	ids := make([]ref.NominalID, 0, len(g.facts))
	for n := range g.facts {
		ids = append(ids, n)
	}
	names, err := nominal.Names(ctx, q, ids)
	for n, f := range g.facts {
		f.Name = names[n].Sorted()
	}
	return err
}

// standard is how somebody on the scheme stands against the home visits of the rating.
type standard struct {
	registration ref.RegistrationID
	area         ref.AreaID
	rating       rag.Rating
	ratedOn      clock.Date
	due          clock.Date
	held         []rag.Held
}

// visitsDue says of everybody on the scheme in some areas by when the next home visit
// is due, each by the setting of the area (R42, R44, R45, R47).
func visitsDue(ctx context.Context, q db.Querier, areas []ref.AreaID) (map[ref.NominalID]*standard, error) {
	settings := map[ref.AreaID]rag.Settings{}
	for _, a := range areas {
		days, err := area.Number(ctx, q, a, area.AmberVisitDays)
		if err != nil {
			return nil, err
		}
		settings[a] = rag.Settings{AmberVisitDays: days}
	}
	rows, err := q.Query(ctx, `SELECT x.nominal_id, x.id, x.area_id, r.rating, r.rated_on FROM registration x JOIN rag_rating r ON r.registration_id = x.id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL ORDER BY x.nominal_id, r.id`, areas)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID]*standard{}
	var (
		n  ref.NominalID
		at standard
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &at.registration, &at.area, &at.rating, &at.ratedOn}, func() error {
		s := all[n]
		if s == nil {
			s = &standard{registration: at.registration, area: at.area}
			all[n] = s
		}
		s.rating, s.ratedOn = at.rating, at.ratedOn
		s.held = append(s.held, rag.Held{From: at.ratedOn, Rating: at.rating})
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows, err = q.Query(ctx, `SELECT x.nominal_id, v.held_on FROM registration x
		CROSS JOIN LATERAL (SELECT c.held_on FROM contact c WHERE c.nominal_id = x.nominal_id AND c.kind = 'home visit'
			AND c.outcome IN ('attended and stayed', 'left early', 'refused treatment', 'seen')
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = c.id) ORDER BY c.held_on DESC LIMIT 1) v
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL`, areas)
	if err != nil {
		return nil, err
	}
	last := map[ref.NominalID]clock.Date{}
	var on clock.Date
	if _, err := pgx.ForEachRow(rows, []any{&n, &on}, func() error { last[n] = on; return nil }); err != nil {
		return nil, err
	}
	for n, s := range all {
		s.due = rag.NextVisit(s.held, last[n], settings[s.area])
	}
	return all, nil
}
