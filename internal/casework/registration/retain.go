package registration

import (
	"context"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Retention is what a meeting decides when it does not deregister.
type Retention struct {
	Registration ref.RegistrationID
	Nominal      ref.NominalID
	Reason       string
	Decision     ref.Decision
}

// Retain keeps somebody on the scheme within the meeting's transaction: every
// proposal that waits is answered, mandatory triggers that had fired until now
// are answered (R79, R81, R82), and the form's Review part gets its row "retain".
// It needs authz.Decide in the area. The problem's field is reason.
func Retain(ctx context.Context, tx *db.Tx, r Retention) error {
	now, on, err := toDecide(ctx, tx, r.Registration, r.Nominal, r.Decision)
	if err != nil {
		return err
	}
	if strings.TrimSpace(r.Reason) == "" {
		return fault.Refuse("reason", "R34", "Enter why the person is retained")
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO deregistration_refusal (proposal_id, nominal_id, meeting_id, reason, recorded_at, recorded_by)
		SELECT p.id, p.nominal_id, $2, $3, $4, $5 FROM deregistration_proposal p
		WHERE p.registration_id = $1 AND NOT EXISTS (SELECT FROM deregistration_refusal f WHERE f.proposal_id = p.id)`,
		r.Registration, r.Decision.Meeting, r.Reason, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	if err := insertReview(ctx, tx, ReviewNew{Registration: r.Registration, Nominal: r.Nominal, ReviewedOn: on, Outcome: Keep,
		Justification: r.Reason, Meeting: r.Decision.Meeting}); err != nil {
		return err
	}
	tx.Touch(int64(r.Nominal))
	tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.retain", Area: int64(now.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "registration", ObjectID: int64(r.Registration), Fields: []string{"reason"}})
	return nil
}

// ReviewNew is a row of the form's Review part to record (R34).
type ReviewNew struct {
	Registration  ref.RegistrationID
	Nominal       ref.NominalID
	ReviewedOn    clock.Date
	Outcome       string // Keep or Drop
	Justification string
	Meeting       ref.MeetingID // 0: not at a meeting
}

// CheckReview says what is wrong with a review row. Its fields are reviewed_on,
// outcome and justification.
func CheckReview(n ReviewNew, began, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	refuse := func(field, text string) { wrong = append(wrong, fault.Problem{Field: field, Rule: "R34", Text: text}) }
	switch {
	case n.ReviewedOn.IsZero():
		refuse("reviewed_on", "Enter the date of the review")
	case n.ReviewedOn.After(today):
		refuse("reviewed_on", "The date of the review must be today or in the past")
	case n.ReviewedOn.Before(began):
		refuse("reviewed_on", "The review cannot be before the registration began on "+began.Long())
	}
	if n.Outcome != Keep && n.Outcome != Drop {
		refuse("outcome", "Choose retain or drop")
	}
	if strings.TrimSpace(n.Justification) == "" {
		refuse("justification", "Enter the justification")
	}
	return wrong
}

// RecordReview adds a row to the form's Review part, within a transaction: at a
// meeting, or the co-ordinator's own. "Drop" ends nothing by itself: it proposes
// deregistration, which a meeting decides (R86). Deregister and Retain write their
// own row. It needs authz.Decide in the area.
func RecordReview(ctx context.Context, tx *db.Tx, n ReviewNew) error {
	if _, err := nominal.Must(ctx, tx, n.Nominal, authz.Decide); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "nominal", int64(n.Nominal)); err != nil {
		return err
	}
	now, err := mustCurrent(ctx, tx, n.Nominal)
	if err != nil {
		return err
	}
	if n.Registration == 0 {
		n.Registration = now.ID
	}
	if n.Registration != now.ID {
		return fault.Missing()
	}
	if err := fault.Refused(CheckReview(n, now.BeganOn, tx.Today())); err != nil {
		return err
	}
	if err := insertReview(ctx, tx, n); err != nil {
		return err
	}
	if n.Outcome == Drop && !now.Proposed {
		if _, err := propose(ctx, tx, now, n.Justification, nil); err != nil {
			return err
		}
	}
	tx.Touch(int64(n.Nominal))
	tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.review", Area: int64(now.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "registration", ObjectID: int64(now.ID), Fields: []string{"reviewed on", "outcome", "justification"}})
	return nil
}

// Review is RecordReview as a command of its own.
func Review(ctx context.Context, d *db.DB, s db.Submission, n ReviewNew) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, RecordReview(ctx, tx, n)
	})
	return err
}

func insertReview(ctx context.Context, tx *db.Tx, n ReviewNew) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO registration_review (registration_id, nominal_id, reviewed_on, outcome, justification, meeting_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.Registration, n.Nominal, n.ReviewedOn, n.Outcome, n.Justification, ref.Null(n.Meeting), tx.Now(), tx.Actor().Account)
	return err
}
