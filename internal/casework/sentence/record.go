package sentence

import (
	"context"
	"slices"

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
	}, "imposed_on", "court", "offence", "offence_on", "type", "term", "relation", "order_ends_on", "conditions", "remand", "tagged_bail", "source")
}

// Adjust adds days that move the dates of a sentence: remand, tagged bail, added days,
// days unlawfully at large (R126).
func Adjust(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, sentence ref.SentenceID, n NewAdjustment) (int64, error) {
	return record(ctx, d, s, of, "sentence_adjustment", func(ctx context.Context, tx *db.Tx) (int64, error) {
		imposed, err := find(ctx, tx, of, sentence)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckAdjustment(n, imposed, tx.Today())); err != nil {
			return 0, err
		}
		return insertAdjustment(ctx, tx, of, sentence, n)
	}, "kind", "days", "dated", "source")
}

// EndEarly records that an order ended before its day (R208).
func EndEarly(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, sentence ref.SentenceID, n NewEnd) (int64, error) {
	return record(ctx, d, s, of, "sentence_end", func(ctx context.Context, tx *db.Tx) (int64, error) {
		if err := tx.Lock(ctx, "sentence", int64(sentence)); err != nil {
			return 0, err
		}
		imposed, err := find(ctx, tx, of, sentence)
		if err != nil {
			return 0, err
		}
		ends, err := EndsOf(ctx, tx, of)
		if err != nil {
			return 0, err
		}
		_, ended := endOf(ends, sentence)
		if err := fault.Refused(CheckEnd(n, imposed, ended, tx.Today())); err != nil {
			return 0, err
		}
		return insertEnd(ctx, tx, of, sentence, n)
	}, "how", "ended_on", "source")
}

// RecordTag adds electronic monitoring (R120).
func RecordTag(ctx context.Context, d *db.DB, s db.Submission, n NewTag) (int64, error) {
	return record(ctx, d, s, n.Nominal, "tag", func(ctx context.Context, tx *db.Tx) (int64, error) {
		return insertTag(ctx, tx, n)
	}, "kind", "starts_on", "ends_on", "source")
}

// RemoveTag says that electronic monitoring ended before its day.
func RemoveTag(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, tag int64, reason string, on clock.Date) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, of, authz.RecordCustody)
		if err != nil {
			return false, err
		}
		all, err := TagsOf(ctx, tx, of)
		if err != nil {
			return false, err
		}
		for _, t := range all {
			if t.ID == tag && !on.IsZero() && on.Before(t.Starts) {
				return false, fault.Refuse("ended_on", "R120", "It cannot end before it started on "+t.Starts.Long())
			}
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "tag.remove", Area: int64(scope.Area), Nominals: []int64{int64(of)},
			Object: FactTag, ObjectID: tag, Fields: []string{"ended_on", "reason"}})
		return true, nominal.CloseFact(ctx, tx, of, FactTag, tag, nominal.Ended, reason, on)
	})
	return err
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
	FactAdjusted = "sentence_adjustment"
	FactEnd      = "sentence_end"
	FactTag      = "tag"
)

var correctable = []string{FactSentence, FactStatus, FactScore, FactAdjusted, FactEnd, FactTag}

// Correct says that a sentence, what belongs to it, a status or a score was entered in error; what was
// recorded before it stands again.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, fact string, factID int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordCustody)
		if err != nil {
			return false, err
		}
		if !slices.Contains(correctable, fact) {
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
