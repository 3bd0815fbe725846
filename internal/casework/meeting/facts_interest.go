package meeting

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// informed are those in prison of whom something of interest is on record, and since
// when the meetings of the area have not had them before them (R67): since the last
// Referral and Operational meeting was opened that did not leave the case off or, before
// any, since the registration began. What is of interest is police intelligence; of it
// nothing but the moment is read, and that for every reader alike (interest_recorded):
// the agenda is one for all who attend.
func (g *gathering) informed(ctx context.Context, q db.Querier, m Meeting, _ []ref.AreaID) error {
	ids := []ref.NominalID{}
	for id, f := range g.facts {
		if f.Registration != 0 && f.Rating == rag.Prison {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `
		SELECT x.nominal_id, i.at, coalesce(last.opened, x.began_at) FROM registration x
		JOIN interest_recorded($1) i ON i.nominal_id = x.nominal_id
		LEFT JOIN LATERAL (
			SELECT o.recorded_at AS opened FROM meeting w JOIN meeting_opening o ON o.meeting_id = w.id
			JOIN area_under u ON u.area_id = w.area_id AND u.under_id = x.area_id
			WHERE w.kind = 'referral and operational' AND w.id <> $2 AND (w.held_on, w.id) < ($3, $2) AND o.recorded_at >= x.began_at
				AND NOT EXISTS (SELECT FROM agenda_deferral d WHERE d.meeting_id = w.id AND d.nominal_id = x.nominal_id AND d.outcome = 'left off'
					AND NOT EXISTS (SELECT FROM agenda_deferral z WHERE z.meeting_id = d.meeting_id AND z.nominal_id = d.nominal_id AND z.id > d.id))
			ORDER BY w.held_on DESC, w.id DESC LIMIT 1) last ON true
		WHERE x.nominal_id = ANY ($1) AND x.ended_at IS NULL`, ids, m.ID, m.HeldOn)
	if err != nil {
		return err
	}
	var (
		id       ref.NominalID
		last, at time.Time
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &at, &last}, func() error {
		f := g.of(id)
		f.InformedAt, f.MetAt = at, last
		return nil
	})
	return err
}
