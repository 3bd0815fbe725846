package sentence

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Record adds a sentence as it was imposed.
func Record(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.SentenceID, error) {
	return record(ctx, d, s, n.Nominal, "sentence", func(ctx context.Context, tx *db.Tx) (ref.SentenceID, error) {
		return Insert(ctx, tx, n)
	}, "imposed_on", "court", "offence", "offence_on", "kind", "term", "licence_ends_on", "sentence_ends_on", "source")
}

// RecordStatus adds a statutory status, which is the current one from then on.
func RecordStatus(ctx context.Context, d *db.DB, s db.Submission, n NewStatus) (int64, error) {
	return record(ctx, d, s, n.Nominal, "statutory_status", func(ctx context.Context, tx *db.Tx) (int64, error) {
		return InsertStatus(ctx, tx, n)
	}, "status", "from_on", "ends_on", "source")
}

// RecordScore adds a score of reoffending. Scores are entered, never computed.
func RecordScore(ctx context.Context, d *db.DB, s db.Submission, n NewScore) (int64, error) {
	return record(ctx, d, s, n.Nominal, "risk_score", func(ctx context.Context, tx *db.Tx) (int64, error) {
		return InsertScore(ctx, tx, n)
	}, "type", "value", "scored_on", "source")
}

// Facts that Correct can close.
const (
	FactSentence = "sentence"
	FactStatus   = "statutory_status"
	FactScore    = "risk_score"
)

// Correct says that a sentence, a status or a score was entered in error; what was
// recorded before it stands again.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, fact string, factID int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordCustody)
		if err != nil {
			return false, err
		}
		if fact != FactSentence && fact != FactStatus && fact != FactScore {
			return false, fault.Missing()
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: fact + ".correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: fact, ObjectID: factID, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, fact, factID, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

func record[ID ~int64](ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, object string,
	insert func(ctx context.Context, tx *db.Tx) (ID, error), fields ...string) (ID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ID, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordCustody)
		if err != nil {
			return 0, err
		}
		made, err := insert(ctx, tx)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: object + ".record", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: object, ObjectID: int64(made), Fields: fields})
		return made, nil
	})
}
