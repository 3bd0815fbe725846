package review

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Histories are the ratings of several people, the latest of each first.
func Histories(ctx context.Context, q db.Querier, nominals []ref.NominalID) ([]Rating, error) {
	return ratings(ctx, q, `WHERE r.nominal_id = ANY ($1) ORDER BY r.nominal_id, r.id DESC`, nominals)
}
