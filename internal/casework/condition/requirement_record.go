package condition

import (
	"context"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"slices"
)

// Require records the requirements of a supervision as they were proposed, set or amended (R132).
func Require(ctx context.Context, d *db.DB, s db.Submission, n NewSet) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id int64, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		of, dates, err := sentence.Dated(ctx, tx, n.Nominal, n.Sentence)
		if err != nil {
			return 0, err
		}
		sets, err := Sets(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		before := OfSentence(sets, n.Sentence)
		if err := fault.Refused(CheckSet(n, of, SupervisionOf(dates, n.Sentence), before, tx.Today())); err != nil {
			return 0, err
		}
		if id, err = insertSet(ctx, tx, n); err != nil {
			return 0, err
		}
		last, _ := Latest(before)
		for _, number := range Missing(n.Chosen, last) {
			if _, err := tx.Exec(ctx, `INSERT INTO requirement_left_out (set_id, nominal_id, number, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6)`,
				id, n.Nominal, number, n.LeftOutWhy, tx.Now(), tx.Actor().Account); err != nil {
				return 0, err
			}
		}
		note(tx, scope, n.Nominal, "requirement.record", FactSet, id, "step", "done_by", "done_on", "from", "requested_by", "requested_on", "numbers", "brackets", "left_out", "why", "source")
		return id, nil
	})
}

// insertSet adds a set with what it holds. What does not belong to the step or to the
// requirement is not kept.
func insertSet(ctx context.Context, tx *db.Tx, n NewSet) (id int64, err error) {
	if n.Step == Proposed {
		n.From = clock.Date{}
	}
	if n.Step != Amended {
		n.RequestedBy, n.RequestedOn = "", clock.Date{}
	}
	err = tx.QueryRow(ctx, `INSERT INTO requirement_set (nominal_id, sentence_id, step, done_by, done_on, from_on, requested_by, requested_on, why, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`, n.Nominal, n.Sentence, n.Step, n.DoneBy, n.DoneOn, n.From, n.RequestedBy, n.RequestedOn, n.Why, n.Source,
		tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	for _, c := range n.Chosen {
		var propensity, contribution string
		if c.Number == drugTesting {
			propensity, contribution = c.Limbs.PropensityEvidence, c.Limbs.ContributionEvidence
		}
		if _, err := tx.Exec(ctx, `INSERT INTO requirement_chosen (set_id, nominal_id, number, brackets, why, propensity, contribution, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, n.Nominal, c.Number, append([]string{}, slices.Clone(c.Brackets)...), c.Why, propensity, contribution,
			tx.Now(), tx.Actor().Account); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// Recommend records an amendment that a court recommended and what became of it (R133).
func Recommend(ctx context.Context, d *db.DB, s db.Submission, n NewRecommendation) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id int64, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		_, dates, err := sentence.Dated(ctx, tx, n.Nominal, n.Sentence)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckRecommendation(n, SupervisionOf(dates, n.Sentence), tx.Today())); err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `INSERT INTO court_recommendation (nominal_id, sentence_id, court, recommended_on, recommends, considered_by, considered_on, outcome, reason, referred_on,
				source, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`, n.Nominal, n.Sentence, n.Court, n.RecommendedOn, n.Recommends,
			n.ConsideredBy, n.ConsideredOn, n.Outcome, n.Reason, n.ReferredOn, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		note(tx, scope, n.Nominal, "requirement.recommendation", FactRecommended, id, "court", "recommended_on", "recommends", "considered_by", "considered_on", "outcome", "reason",
			"referred_on", "source")
		return id, err
	})
}
