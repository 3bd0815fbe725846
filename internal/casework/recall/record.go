package recall

import (
	"context"
	"fmt"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Decide records the decision in principle, from which the 24 hours run (R138).
func Decide(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.RecallID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id ref.RecallID, err error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		before, err := Of(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		of, ends, err := sentenced(ctx, tx, n.Nominal, n.Sentence)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckNew(n, of, ends, before, tx.Now())); err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `INSERT INTO recall (nominal_id, sentence_id, decided_at, decided_by, reason, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, n.Nominal, n.Sentence, n.DecidedAt, n.DecidedBy, n.Reason, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		if err != nil {
			return 0, err
		}
		note(tx, scope, n.Nominal, "recall.decide", id, "sentence", "decided_at", "decided_by", "reason", "source")
		return id, nil
	})
}

// Record adds a step: papers sent, received, licence revoked, or not carried on.
func Record(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.RecallID, n NewStep) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, r Recall) error {
		if err := fault.Refused(CheckStep(r, n, tx.Now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO recall_step (recall_id, nominal_id, step, happened_at, note, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, of, n.Step, n.At, n.Note, n.Source, tx.Now(), tx.Actor().Account)
		note(tx, scope, of, "recall.step", id, "step", "at", "note", "source")
		return err
	})
}

// Answer records the exclusions as they were asked one by one and, when PPCS has
// decided, the kind of recall (R135, R136). What has not changed is not recorded twice.
func Answer(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.RecallID, n Decided) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, r Recall) error {
		if !r.Open() && r.Spell == 0 {
			return fault.Refuse("kind", "R138", "This recall is not carried on")
		}
		before := r.Replies
		r.Replies = map[law.QuestionID]Reply{}
		for q, reply := range before {
			r.Replies[q] = reply
		}
		for q, reply := range n.Replies {
			r.Replies[q] = reply
		}
		st, _, err := sentenced(ctx, tx, of, r.Sentence)
		if err != nil {
			return err
		}
		i, err := nominal.IdentityOf(ctx, tx, of)
		if err != nil {
			return err
		}
		advice, problems := r.Advice(st, i.Born)
		if err := fault.Refused(append(problems, CheckKind(n.Replies, n.Kind, advice.Kind(), n.Reason, n.Source)...)); err != nil {
			return err
		}
		for _, q := range law.RecallQuestions {
			reply, ok := n.Replies[q.ID]
			if !ok || reply == before[q.ID] {
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO recall_answer (recall_id, nominal_id, question, answer, evidence, recorded_at, recorded_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, of, q.ID, reply.Answer, reply.Evidence, tx.Now(), tx.Actor().Account); err != nil {
				return err
			}
		}
		if n.Kind != "" && (n.Kind != r.Kind || n.Reason != r.KindReason) {
			if _, err := tx.Exec(ctx, `INSERT INTO recall_kind (recall_id, nominal_id, kind, advised, reason, source, recorded_at, recorded_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, of, n.Kind, advice.Kind(), n.Reason, n.Source, tx.Now(), tx.Actor().Account); err != nil {
				return err
			}
		}
		note(tx, scope, of, "recall.answer", id, "answers", "evidence", "kind", "reason", "source")
		return nil
	})
}

// Return records the return to custody: a time in custody begins, and days unlawfully at
// large that the prison has reckoned move the end of the sentence.
func Return(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.RecallID, n Returned) error {
	return change(ctx, d, s, of, id, func(ctx context.Context, tx *db.Tx, scope nominal.Scope, r Recall) error {
		_, ends, err := sentenced(ctx, tx, of, r.Sentence)
		if err != nil {
			return err
		}
		if !ends.IsZero() {
			ends = ends.AddDays(n.AtLarge)
		}
		if err := fault.Refused(CheckReturn(r, n.On, ends)); err != nil {
			return err
		}
		why := custody.StandardRecall
		if r.Kind.Fixed() {
			why = custody.FixedTermRecall
		}
		spell, err := custody.Insert(ctx, tx, custody.New{Nominal: of, ReceivedOn: n.On, Prison: n.Prison, Why: why, Source: n.Source})
		if err != nil {
			return fmt.Errorf("the return to custody: %w", err)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO recall_return (recall_id, nominal_id, spell_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			id, of, spell, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
		if n.AtLarge > 0 {
			if err := sentence.InsertAdjustment(ctx, tx, of, r.Sentence, sentence.NewAdjustment{Moves: sentence.AtLargeLater, Days: n.AtLarge, Dated: n.On, Source: n.Source}); err != nil {
				return err
			}
		}
		note(tx, scope, of, "recall.return", id, "returned_on", "prison", "ual", "source")
		return nil
	})
}

// Fact is the table whose rows Correct closes.
const Fact = "recall"

// Correct says that a recall was entered in error. A time in custody that came of it
// stays, and is corrected by itself.
func Correct(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.RecallID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "recall.correct", Area: int64(scope.Area), Nominals: []int64{int64(of)},
			Object: Fact, ObjectID: int64(id), Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, of, Fact, int64(id), nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// change does something to a recall of the nominal that still counts.
func change(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, id ref.RecallID,
	do func(ctx context.Context, tx *db.Tx, scope nominal.Scope, r Recall) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, of)
		if err != nil {
			return false, err
		}
		all, err := Of(ctx, tx, of)
		if err != nil {
			return false, err
		}
		for _, r := range all {
			if r.ID == id {
				return true, do(ctx, tx, scope, r)
			}
		}
		return false, fault.Missing()
	})
	return err
}

// locked checks the permission and makes changes to one person's recalls wait for each other.
func locked(ctx context.Context, tx *db.Tx, of ref.NominalID) (nominal.Scope, error) {
	scope, err := nominal.Must(ctx, tx, of, authz.RecordCustody)
	if err != nil {
		return scope, err
	}
	return scope, tx.Lock(ctx, "recall", int64(of))
}

// sentenced is the sentence of a recall with its last day in force.
func sentenced(ctx context.Context, q db.Querier, of ref.NominalID, id ref.SentenceID) (sentence.Sentence, clock.Date, error) {
	s, dates, err := sentence.Dated(ctx, q, of, id)
	return s, dates.EndOf(id).Day, err
}

func note(tx *db.Tx, scope nominal.Scope, of ref.NominalID, command string, id ref.RecallID, fields ...string) {
	tx.Record(audit.Event{Operation: audit.Collect, Command: command, Area: int64(scope.Area), Nominals: []int64{int64(of)},
		Object: "recall", ObjectID: int64(id), Fields: fields})
	tx.Touch(int64(of))
}
