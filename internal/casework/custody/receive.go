package custody

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Insert opens a spell within the command of another room, which checks the permission
// and records the event: a return to custody on a recall.
func Insert(ctx context.Context, tx *db.Tx, n New) (ref.CustodyID, error) {
	if err := tx.Lock(ctx, "custody", int64(n.Nominal)); err != nil {
		return 0, err
	}
	spells, err := Of(ctx, tx, n.Nominal)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(CheckNew(n, spells, tx.Today())); err != nil {
		return 0, err
	}
	if err := isPrison(ctx, tx, n.Prison); err != nil {
		return 0, err
	}
	tx.Touch(int64(n.Nominal))
	return insert(ctx, tx, n)
}
