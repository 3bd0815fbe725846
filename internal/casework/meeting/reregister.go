package meeting

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Reregister is somebody of whom a meeting has to consider whether to register them
// again before their release (R80).
type Reregister struct {
	registration.LongServing
	Name    string     // family name first
	From    clock.Date // 12 months before release, from when it is to be considered
	brought clock.Date // the day of R80 for which a meeting discussed it before
}

// Waits says that on a day it is due, and no meeting has considered it for this release.
func (r Reregister) Waits(on clock.Date) bool { return !r.From.After(on) && r.brought != r.From }

// ToReregister lists those of the areas, whether due yet or not, by the day from which it
// is due. What was said at one meeting, which is the one that asks, does not count (0: none asks).
func ToReregister(ctx context.Context, q db.Querier, areas []ref.AreaID, asks ref.MeetingID) ([]Reregister, error) {
	found, err := registration.LongServingIn(ctx, q, areas)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]ref.NominalID, len(found))
	for i, f := range found {
		ids[i] = f.Nominal
	}
	var (
		brought map[ref.NominalID]clock.Date
		names   map[ref.NominalID]nominal.Name
	)
	if err := db.Together(ctx, q, db.Into(&names, nominal.Names, ids), func(ctx context.Context, q db.Querier) (err error) {
		brought, err = broughtFor(ctx, q, ids, asks)
		return err
	}); err != nil {
		return nil, err
	}
	all := make([]Reregister, len(found))
	for i, f := range found {
		all[i] = Reregister{f, names[f.Nominal].Sorted(), f.Release.Day.AddMonths(-reregisterLead), brought[f.Nominal]}
	}
	slices.SortStableFunc(all, func(a, b Reregister) int { return a.From.DaysSince(b.From) })
	return all, nil
}

// broughtFor is the day of R80 for which each was last discussed at a meeting.
func broughtFor(ctx context.Context, q db.Querier, ids []ref.NominalID, but ref.MeetingID) (map[ref.NominalID]clock.Date, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT ON (i.nominal_id) i.nominal_id, nullif(r ->> 'since', '')::date FROM agenda_item i, jsonb_array_elements(i.reasons) r
		WHERE i.nominal_id = ANY ($1) AND i.meeting_id <> $2 AND r ->> 'rule' = 'R80'
			AND EXISTS (SELECT FROM discussion_note n WHERE n.meeting_id = i.meeting_id AND n.nominal_id = i.nominal_id)
		ORDER BY i.nominal_id, i.recorded_at DESC`, ids, but)
	if err != nil {
		return nil, err
	}
	var (
		id    ref.NominalID
		since clock.Date
		all   = map[ref.NominalID]clock.Date{}
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &since}, func() error {
		all[id] = since
		return nil
	})
	return all, err
}
