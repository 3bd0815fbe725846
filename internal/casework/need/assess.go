package need

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Assess appends an assessment of one pathway. It is refused by Check, and denied
// to those who may not record contacts and needs in the person's area.
func Assess(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, a Assessment) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return 0, err
		}
		entry, err := insert(ctx, tx, id, a)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "need.assess", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "need", ObjectID: entry, Fields: []string{"level", "needs", "actions", "assessed_on", "source"}})
		return entry, nil
	})
}

// Correct says that an assessment was entered in error; the one before stands again.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, entry int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "need.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "need", ObjectID: entry, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, "need", entry, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}
