package recall

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/db"
)

// DatesOf is what is known of one person's sentences and dates, as sentence.DatesOf, with the
// release from a recall as well.
func DatesOf(ctx context.Context, q db.Querier, of ref.NominalID) (sentence.Dates, error) {
	all, err := DatesOfAll(ctx, q, []ref.NominalID{of})
	return all[of], err
}

// DatesOfAll is DatesOf for many people: what the live list, the agenda and the start page
// show. Where the prison has notified no release from the present custody, and the person
// was returned to it on a fixed-term recall, the release is the practical day by the law
// (R136, R137). A standard recall ends by a decision, so nothing is computed for it.
func DatesOfAll(ctx context.Context, q db.Querier, of []ref.NominalID) (map[ref.NominalID]sentence.Dates, error) {
	var (
		all  map[ref.NominalID]sentence.Dates
		back []Recall
	)
	if err := db.Together(ctx, q, db.Into(&all, sentence.DatesOfAll, of), db.Into(&back, returned, of)); err != nil {
		return nil, err
	}
	for _, r := range back {
		d := all[r.Nominal]
		if !d.InCustody || d.Spell.ID != r.Spell {
			continue
		}
		if out, ok := r.Release(d.EndOf(r.Sentence).Day); ok && out.Automatic {
			d.Release = d.ReleaseBy(law.Day{On: out.Practical, Why: out.Why, Rule: out.Rule})
			all[r.Nominal] = d
		}
	}
	return all, nil
}

// returned are the recalls of some people that led back to custody, with as much of each
// as its end is worked out from.
func returned(ctx context.Context, q db.Querier, of []ref.NominalID) ([]Recall, error) {
	rows, err := q.Query(ctx, `SELECT r.id, r.nominal_id, r.sentence_id, r.decided_at, coalesce(k.kind, ''), x.spell_id, s.received_on
		FROM recall r JOIN recall_return x ON x.recall_id = r.id JOIN custody_spell s ON s.id = x.spell_id
		LEFT JOIN LATERAL (SELECT y.kind FROM recall_kind y WHERE y.recall_id = r.id ORDER BY y.id DESC LIMIT 1) k ON true
		WHERE r.nominal_id = ANY ($1)
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'recall' AND c.fact_id = r.id)
		ORDER BY r.id`, of)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Recall, err error) {
		return r, row.Scan(&r.ID, &r.Nominal, &r.Sentence, &r.DecidedAt, &r.Kind, &r.Spell, &r.ReturnedOn)
	})
}
