package breach

import (
	"context"
	"slices"

	"iom/internal/casework/contact"
	"iom/internal/casework/law"
	"iom/internal/casework/nominal"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Record adds a breach.
func Record(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.BreachID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id ref.BreachID, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		before, err := Of(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		dates, err := sentence.DatesOf(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		from, err := missed(ctx, tx, n)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckNew(n, dates, before, from, tx.Today())); err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `INSERT INTO breach (nominal_id, sentence_id, of_what, type, breached_on, what, contact_id, order_id, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`, n.Nominal, n.Sentence, n.Of, n.Type, n.BreachedOn, n.What,
			ref.Null(n.Contact), ref.Null(n.Order), n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		if err != nil {
			return 0, err
		}
		note(tx, scope, n.Nominal, "breach.record", id, "of", "type", "sentence", "breached_on", "what", "contact", "order", "source")
		return id, nil
	})
}

// missed is the contact from which a breach is said to come; nil without one.
func missed(ctx context.Context, tx *db.Tx, n New) (*contact.Contact, error) {
	if n.Contact == 0 {
		return nil, nil
	}
	c, ok, err := contact.Get(ctx, tx, n.Nominal, n.Contact)
	if err == nil && !ok {
		err = fault.Refuse("contact", "R142", "Choose a contact from the list")
	}
	return &c, err
}

// Follow records what became of a breach. An order that the court revoked, and a suspended
// sentence that it activated, end on that day.
func Follow(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.BreachID, n NewStep) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, b Breach, _ []Breach) error {
		recalls, err := recall.Of(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := fault.Refused(CheckStep(b, n, recalls, tx.Today())); err != nil {
			return err
		}
		if _, err := insertStep(ctx, tx, b, n, 0); err != nil {
			return err
		}
		note(tx, scope, of, "breach.step", id, "step", "happened_on", "listed_on", "outcome", "recall", "note", "source")
		return endOrder(ctx, tx, b, n)
	})
}

// endOrder ends the order of a breach where the court's outcome does, unless it had ended already.
func endOrder(ctx context.Context, tx *db.Tx, b Breach, n NewStep) error {
	how, ends := map[Outcome]string{Resentence: sentence.Revoked, Activated: sentence.Activated}[n.Outcome]
	if !ends {
		return nil
	}
	dates, err := sentence.DatesOf(ctx, tx, b.Nominal)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(dates.Ends, func(e sentence.End) bool { return e.Sentence == b.Sentence }) {
		return nil
	}
	for _, s := range dates.Sentences {
		if s.ID == b.Sentence && !n.On.After(s.OrderEnds) {
			return sentence.InsertEnd(ctx, tx, b.Nominal, b.Sentence, sentence.NewEnd{How: how, On: n.On, Source: n.Source})
		}
	}
	return nil
}

// Hear records what the magistrates' court found and imposed (R144-R148). Where it dealt with the
// breach of a supervision default order by another sanction, that order is revoked (R147).
func Hear(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.BreachID, n NewHearing) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, b Breach, all []Breach) error {
		dates, err := sentence.DatesOf(ctx, tx, of)
		if err != nil {
			return err
		}
		days, known := dates.Supervised(b.Sentence)
		if !known && b.Of == law.OfSupervision {
			return fault.Refuse("", "R144", "The days of supervision are no longer known: record first its end as it was notified")
		}
		if err := fault.Refused(CheckHearing(b, n, days, tx.Today())); err != nil {
			return err
		}
		c := n.of(b)
		heard, err := insertStep(ctx, tx, b, NewStep{Step: Heard, On: c.HeardOn, Note: n.Note, Source: n.Source}, 0)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO breach_hearing (step_id, nominal_id, finding, sanction, fine_pence, committal_days, unpaid_hours, curfew_days,
				order_ends_on, absconded, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, heard, of, c.Finding, c.Sanction,
			amount(c.Fine*pence), amount(c.CommittalDays), amount(c.UnpaidHours), amount(c.CurfewDays), c.OrderEnds, c.Absconded, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
		note(tx, scope, of, "breach.hear", id, "heard_on", "finding", "sanction", "amount", "order_ends", "absconded", "note", "source")
		if earlier, ok := byOrder(all, b.Order); ok && c.Revokes() && !earlier.has(Completed) && !earlier.has(Revoked) {
			_, err = insertStep(ctx, tx, earlier, NewStep{Step: Revoked, On: c.HeardOn, Source: n.Source}, heard)
		}
		return err
	})
}

// amount is a number for a column that is empty without one.
func amount(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func insertStep(ctx context.Context, tx *db.Tx, b Breach, n NewStep, cause ref.BreachStepID) (id ref.BreachStepID, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO breach_step (breach_id, nominal_id, of_what, step, happened_on, listed_on, outcome, recall_id, cause_id, note, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`, b.ID, b.Nominal, b.Of, n.Step, n.On, n.ListedOn, n.Outcome,
		ref.Null(n.Recall), ref.Null(cause), n.Note, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// The tables whose rows Correct closes.
const (
	Fact     = "breach"
	FactStep = "breach_step"
)

// Correct says that a breach, or a step of one, was entered in error; a hearing takes its
// sanction with it. A sentence's end that came of a step stays, and is corrected by itself.
func Correct(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, fact string, factID int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		if fact != Fact && fact != FactStep {
			return false, fault.Missing()
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: fact + ".correct", Area: int64(scope.Area), Nominals: []int64{int64(of)},
			Object: fact, ObjectID: factID, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, of, fact, factID, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// change does something to a breach of the nominal that still counts, given all of them.
func change(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.BreachID,
	do func(ctx context.Context, tx *db.Tx, scope nominal.Scope, b Breach, all []Breach) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		all, err := Of(ctx, tx, of)
		if err != nil {
			return false, err
		}
		b, ok := named(all, id)
		if !ok {
			return false, fault.Missing()
		}
		return true, do(ctx, tx, scope, b, all)
	})
	return err
}

// locked checks the permission and makes changes to one person's breaches wait for each other.
func locked(ctx context.Context, tx *db.Tx, of ref.NominalID) (nominal.Scope, error) {
	scope, err := nominal.Must(ctx, tx, of, authz.RecordCustody)
	if err != nil {
		return scope, err
	}
	return scope, tx.Lock(ctx, "breach", int64(of))
}

func note(tx *db.Tx, scope nominal.Scope, of ref.NominalID, command string, id ref.BreachID, fields ...string) {
	tx.Record(audit.Event{Operation: audit.Collect, Command: command, Area: int64(scope.Area), Nominals: []int64{int64(of)},
		Object: "breach", ObjectID: int64(id), Fields: fields})
	tx.Touch(int64(of))
}
