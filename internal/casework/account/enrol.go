package account

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Enrol makes an account with its first role: both or neither. The fields of its
// problems are those of Create and Give.
func Enrol(ctx context.Context, d *db.DB, s db.Submission, n New, g NewGrant) (ref.AccountID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.AccountID, error) {
		return EnrolWithin(ctx, tx, n, g)
	})
}

// EnrolWithin is Enrol within a transaction.
func EnrolWithin(ctx context.Context, tx *db.Tx, n New, g NewGrant) (ref.AccountID, error) {
	id, err := Insert(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	g.Account = id
	_, err = InsertGrant(ctx, tx, g)
	return id, err
}
