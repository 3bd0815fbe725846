package nominalpage

import (
	"context"
	"slices"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/nominalpage/frame"
	"iom/web/ui"
)

// toShare makes the page of a form that shares one entry with another agency ready:
// it finds the entry among those that the actor may read, and offers the agencies.
// One that may not be read is not there.
func toShare[T any](of func(context.Context, db.Querier, ref.NominalID) ([]T, error), is func(T) bool, shown *T, agencies *[]ui.Option) func(context.Context, *db.ReadTx, frame.Person) error {
	return func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		all, err := of(ctx, q, p.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, is)
		if i < 0 {
			return fault.Missing()
		}
		*shown = all[i]
		return offerAgencies(agencies)(ctx, q, p)
	}
}
