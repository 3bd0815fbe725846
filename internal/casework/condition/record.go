package condition

import (
	"context"
	"slices"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Record adds conditions of a licence (R127).
func Record(ctx context.Context, d *db.DB, s db.Submission, n New) ([]ref.ConditionID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (made []ref.ConditionID, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return nil, err
		}
		of, dates, err := sentence.Dated(ctx, tx, n.Nominal, n.Sentence)
		if err != nil {
			return nil, err
		}
		before, err := Of(ctx, tx, n.Nominal)
		if err != nil {
			return nil, err
		}
		if err := fault.Refused(CheckNew(n, of, LicenceOf(dates, n.Sentence), before, tx.Today())); err != nil {
			return nil, err
		}
		c := Condition{Nominal: n.Nominal, Sentence: n.Sentence, Kind: Standard, From: n.From, SetBy: n.SetBy, SetOn: n.SetOn, Source: n.Source}
		for _, words := range n.Standard {
			c.Words = words
			id, err := insert(ctx, tx, c)
			if err != nil {
				return nil, err
			}
			made = append(made, id)
		}
		if n.Kind != "" {
			c.Kind, c.Words = n.Kind, n.Words
			c.limbs(n.Limbs)
			id, err := insert(ctx, tx, c)
			if err != nil {
				return nil, err
			}
			made = append(made, id)
		}
		for _, id := range made {
			note(tx, scope, n.Nominal, "condition.record", Fact, int64(id), "kind", "words", "from", "set_by", "set_on", "source")
		}
		return made, nil
	})
}

// Amend puts another condition in the place of one: the old one ends on the day on which
// the new one begins (R127).
func Amend(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.ConditionID, n Amendment) (ref.ConditionID, error) {
	var made ref.ConditionID
	err := change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, c Condition) error {
		st, dates, err := sentence.Dated(ctx, tx, of, c.Sentence)
		if err != nil {
			return err
		}
		if err := fault.Refused(CheckAmendment(c, n, st, LicenceOf(dates, c.Sentence), tx.Today())); err != nil {
			return err
		}
		if err := insertEnd(ctx, tx, c, NewEnd{On: n.From, EndedBy: n.SetBy, Why: n.Why, Source: n.Source}); err != nil {
			return err
		}
		next := Condition{Nominal: of, Sentence: c.Sentence, Kind: c.Kind, Words: n.Words, From: n.From, SetBy: n.SetBy, SetOn: n.SetOn, Amends: c.ID, Source: n.Source}
		next.limbs(n.Limbs)
		if made, err = insert(ctx, tx, next); err != nil {
			return err
		}
		note(tx, scope, of, "condition.amend", Fact, int64(made), "words", "from", "set_by", "set_on", "why", "source")
		return nil
	})
	return made, err
}

// End removes a condition from a day on (R127).
func End(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.ConditionID, n NewEnd) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, c Condition) error {
		if err := fault.Refused(CheckEnd(c, n, tx.Today())); err != nil {
			return err
		}
		note(tx, scope, of, "condition.end", Fact, int64(id), "ended_on", "ended_by", "why", "source")
		return insertEnd(ctx, tx, c, n)
	})
}

// Explain records that the conditions or requirements, and the consequences of breach, were
// explained to the person (R130).
func Explain(ctx context.Context, d *db.DB, s db.Submission, n NewExplanation) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id int64, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		of, _, err := sentence.Dated(ctx, tx, n.Nominal, n.Sentence)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckExplained(n, of, tx.Today())); err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `INSERT INTO condition_explanation (nominal_id, sentence_id, explained_on, explained_by, note, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, n.Nominal, n.Sentence, n.On, n.ExplainedBy, n.Note, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		note(tx, scope, n.Nominal, "condition.explain", FactExplained, id, "explained_on", "explained_by", "note", "source")
		return id, err
	})
}

// The tables whose rows Correct closes.
const (
	Fact            = "licence_condition"
	FactEnd         = "licence_condition_end"
	FactExplained   = "condition_explanation"
	FactSet         = "requirement_set"
	FactRecommended = "court_recommendation"
)

// Correct says that a row of one of these tables was entered in error. An end that was
// entered in error lets its condition hold again; a condition that was entered in error to
// amend another leaves that one ended, until its end is corrected too.
func Correct(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, fact string, id int64, reason string) error {
	if !slices.Contains([]string{Fact, FactEnd, FactExplained, FactSet, FactRecommended}, fact) {
		return fault.Missing()
	}
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "condition.correct", Area: int64(scope.Area), Nominals: []int64{int64(of)},
			Object: fact, ObjectID: id, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, of, fact, id, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

func insert(ctx context.Context, tx *db.Tx, c Condition) (id ref.ConditionID, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO licence_condition (nominal_id, sentence_id, kind, words, propensity, contribution, from_on, set_by, set_on, amends_id, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`, c.Nominal, c.Sentence, c.Kind, c.Words, c.Propensity, c.Contribution, c.From, c.SetBy, c.SetOn,
		ref.Null(c.Amends), c.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

func insertEnd(ctx context.Context, tx *db.Tx, c Condition, n NewEnd) error {
	_, err := tx.Exec(ctx, `INSERT INTO licence_condition_end (condition_id, nominal_id, ended_on, ended_by, reason, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, c.ID, c.Nominal, n.On, n.EndedBy, n.Why, n.Source, tx.Now(), tx.Actor().Account)
	return err
}

// limbs puts the evidence of drug testing beside the condition; other kinds have none.
func (c *Condition) limbs(l Limbs) {
	c.Propensity, c.Contribution = "", ""
	if c.Kind == DrugTesting {
		c.Propensity, c.Contribution = l.PropensityEvidence, l.ContributionEvidence
	}
}

// change does something to a condition of the nominal that still counts.
func change(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.ConditionID,
	do func(ctx context.Context, tx *db.Tx, scope nominal.Scope, c Condition) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		all, err := Of(ctx, tx, of)
		if err != nil {
			return false, err
		}
		c, ok := Find(all, id)
		if !ok {
			return false, fault.Missing()
		}
		return true, do(ctx, tx, scope, c)
	})
	return err
}

// locked checks the permission and makes changes to one person's conditions wait for each other.
func locked(ctx context.Context, tx *db.Tx, of ref.NominalID) (nominal.Scope, error) {
	scope, err := nominal.Must(ctx, tx, of, authz.RecordCustody)
	if err != nil {
		return scope, err
	}
	return scope, tx.Lock(ctx, "condition", int64(of))
}

func note(tx *db.Tx, scope nominal.Scope, of ref.NominalID, command, object string, id int64, fields ...string) {
	tx.Record(audit.Event{Operation: audit.Collect, Command: command, Area: int64(scope.Area), Nominals: []int64{int64(of)},
		Object: object, ObjectID: id, Fields: fields})
	tx.Touch(int64(of))
}
