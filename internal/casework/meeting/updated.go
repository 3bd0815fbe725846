package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// RuleUpdated is the rule by which risk factors and interventions are updated each month.
const RuleUpdated = "R70"

// Updated is when the two things were last updated that the guide has updated each
// month. Risk factors are the assessments of the nine pathways; interventions are the
// objectives of the plan and what becomes of its actions.
type Updated struct {
	RisksOn         clock.Date // zero: never
	InterventionsOn clock.Date // zero: never
}

// What is updated each month, in the guide's words.
const (
	RiskFactors   = "Risk factors"
	Interventions = "Interventions"
)

// Stale is something of a case that has not been updated for a month, or will not have
// been before the next meeting.
type Stale struct {
	What string
	Last clock.Date // zero: never
}

// NotUpdated says what of a case the meeting would leave without an update for more than
// a month, since it is neither updated at this meeting, nor falls due after the next
// (R70). meeting and next are the days of this one and the one after. It keeps no meeting
// from closing: the guide asks for it, and names no consequence.
func NotUpdated(u Updated, meeting, next clock.Date) []Stale {
	var all []Stale
	for _, x := range []Stale{{RiskFactors, u.RisksOn}, {Interventions, u.InterventionsOn}} {
		if x.Last.IsZero() || x.Last.Before(meeting) && x.Last.AddMonths(1).Before(next) {
			all = append(all, x)
		}
	}
	return all
}

// NotUpdatedOf asks NotUpdated of the cases of a Referral and Operational meeting that
// are on the scheme, and were before it, as far as the actor sees them. A case that was
// left off is left.
func NotUpdatedOf(ctx context.Context, q db.Querier, m Meeting, items []Item) (map[ref.NominalID][]Stale, error) {
	registrations := []ref.RegistrationID{}
	for _, i := range items {
		if i.Registration != 0 && i.LeftOff == nil {
			registrations = append(registrations, i.Registration)
		}
	}
	all := map[ref.NominalID][]Stale{}
	if m.Kind != Operational || len(registrations) == 0 {
		return all, nil
	}
	rows, err := q.Query(ctx, `
		SELECT g.nominal_id,
			(SELECT max(n.assessed_on) FROM need n WHERE n.nominal_id = g.nominal_id
				AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'need' AND c.fact_id = n.id)),
			(greatest((SELECT max(e.recorded_at) FROM action_entry e WHERE e.nominal_id = g.nominal_id),
				(SELECT max(o.recorded_at) FROM plan_objective o WHERE o.nominal_id = g.nominal_id)) AT TIME ZONE 'Europe/London')::date
		FROM registration g WHERE g.id = ANY ($1) AND g.ended_at IS NULL`, registrations)
	if err != nil {
		return nil, err
	}
	var (
		n ref.NominalID
		u Updated
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &u.RisksOn, &u.InterventionsOn}, func() error {
		if stale := NotUpdated(u, m.HeldOn, m.NextOn); len(stale) > 0 {
			all[n] = stale
		}
		return nil
	})
	return all, err
}
