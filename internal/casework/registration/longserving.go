package registration

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/db"
)

// LongServing is somebody who left the scheme, is in custody on a sentence of five years
// or more, and has a release date (R80).
type LongServing struct {
	Nominal ref.NominalID
	Release sentence.InForce
}

// LongServingIn lists those whom the areas had registered and nobody has now. Whom another
// area has taken over since is that area's: its registration is not to be seen here, but who is
// responsible is. The index that it is found by knows only roughly what five years are;
// LongCustody says.
func LongServingIn(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]LongServing, error) {
	rows, err := q.Query(ctx, `
		SELECT s.nominal_id, s.imposed_on, s.years, s.months, s.weeks, s.days, s.life FROM sentence s
		WHERE s.kind = 'custody' AND (s.life OR s.years * 365 + s.months * 30 + s.weeks * 7 + s.days >= 1700)
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'sentence' AND c.fact_id = s.id)
			AND EXISTS (SELECT FROM registration o WHERE o.nominal_id = s.nominal_id AND o.area_id = ANY ($1) AND o.ended_at IS NOT NULL)
			AND NOT EXISTS (SELECT FROM registration c WHERE c.nominal_id = s.nominal_id AND c.ended_at IS NULL)
			AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = s.nominal_id AND a.kind = 'responsible' AND a.ends IS NULL AND a.area_id = ANY ($1))
			AND EXISTS (SELECT FROM custody_spell p WHERE p.nominal_id = s.nominal_id AND NOT EXISTS (SELECT FROM custody_date d
				WHERE d.spell_id = p.id AND d.kind = 'released' AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id)))
		ORDER BY s.nominal_id`, areas)
	if err != nil {
		return nil, err
	}
	var (
		id  ref.NominalID
		s   = sentence.Sentence{Kind: sentence.Custody}
		ids []ref.NominalID
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &s.ImposedOn, &s.Years, &s.Months, &s.Weeks, &s.Days, &s.Life}, func() error {
		if LongCustody(s) && (len(ids) == 0 || ids[len(ids)-1] != id) {
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	dates, err := recall.DatesOfAll(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var all []LongServing
	for _, id := range ids {
		if r := dates[id].Release; !r.Day.IsZero() {
			all = append(all, LongServing{id, r})
		}
	}
	return all, nil
}
