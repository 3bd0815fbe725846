package referral

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
)

// Undecided are the referrals of the areas that await a decision, deferred ones
// first and then in the order of submission. One whose person has meanwhile been
// adopted in another area is not among them.
func Undecided(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Summary, error) {
	return summaries(ctx, q, `
		WHERE r.area_id = ANY ($1) AND r.closed_at IS NULL AND s.recorded_at IS NOT NULL AND w.recorded_at IS NULL AND x.final IS NULL
		  AND EXISTS (SELECT FROM nominal_access n WHERE n.nominal_id = r.nominal_id AND n.area_id = r.area_id AND n.ends IS NULL)
		ORDER BY coalesce(x.times, 0) = 0, s.recorded_at, r.id`, areas)
}

// Contacts name who at the referring agency each referral says is to be asked: whoever
// presents it at the meeting (R2).
func Contacts(ctx context.Context, q db.Querier, ids []ref.ReferralID) (map[ref.ReferralID]string, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (referral_id) referral_id, coalesce(answers ->> 'contact', '') FROM referral_section
		WHERE referral_id = ANY ($1) AND section = $2 ORDER BY referral_id, version DESC`, ids, SectionDetails)
	if err != nil {
		return nil, err
	}
	all := map[ref.ReferralID]string{}
	var (
		id   ref.ReferralID
		name string
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		all[id] = name
		return nil
	})
	return all, err
}

// Unfinished are the referrals of the areas that are started and neither
// submitted nor withdrawn, the latest saved first.
func Unfinished(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Summary, error) {
	return summaries(ctx, q, `
		WHERE r.area_id = ANY ($1) AND r.closed_at IS NULL AND s.recorded_at IS NULL AND w.recorded_at IS NULL
		ORDER BY coalesce(v.saved_at, r.recorded_at) DESC, r.id DESC LIMIT 500`, areas)
}

// Ended are the referrals of the areas that were adopted, rejected or withdrawn,
// the latest first, a page of at most so many before the referral given (0: from
// the start).
func Ended(ctx context.Context, q db.Querier, areas []ref.AreaID, before ref.ReferralID, most int) ([]Summary, error) {
	return summaries(ctx, q, `
		WHERE r.area_id = ANY ($1) AND r.closed_at IS NOT NULL AND ($2::bigint = 0 OR r.id < $2)
		ORDER BY r.id DESC LIMIT $3`, areas, before, most)
}

// Of are the referrals of a person that the actor may read, the latest first.
func Of(ctx context.Context, q db.Querier, id ref.NominalID) ([]Summary, error) {
	return summaries(ctx, q, ` WHERE r.nominal_id = $1 ORDER BY r.id DESC`, id)
}

// AreasReferring are the areas in which the actor may refer.
func AreasReferring(q db.Querier) []ref.AreaID {
	ids := q.Actor().AreasFor(authz.Refer)
	all := make([]ref.AreaID, len(ids))
	for i, id := range ids {
		all[i] = ref.AreaID(id)
	}
	return all
}
