package review

import (
	"context"

	"iom/internal/casework/custody"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// PromptsOf are the ratings that the record suggests for somebody who is
// registered (R51); none when the rating fits, or nobody is.
func PromptsOf(ctx context.Context, q db.Querier, of ref.NominalID) ([]Prompt, error) {
	all, err := ratings(ctx, q, `WHERE r.nominal_id = $1 AND g.ended_at IS NULL ORDER BY r.id DESC LIMIT 1`, of)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	spells, err := custody.Of(ctx, q, of)
	if err != nil {
		return nil, err
	}
	return Prompts(StandingFrom(all[0].Rating, all[0].RatedOn, spells)), nil
}

// StandingFrom reads a rating and the day on which it was given against the spells
// in custody, the latest first (R51).
func StandingFrom(rating rag.Rating, ratedOn clock.Date, spells []custody.Spell) Standing {
	s := Standing{Rating: rating}
	if len(spells) == 0 {
		return s
	}
	last := spells[0]
	s.InCustody = last.Open()
	s.FixedTermRecall = last.Why == custody.FixedTermRecall
	s.ReleasedSinceRate = !last.Open() && !last.ReleasedOn.Before(ratedOn)
	return s
}
