package registration

import (
	"context"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// NewProposal is a proposal to deregister: why, and the keys of the criteria that
// it relies on.
type NewProposal struct {
	Nominal  ref.NominalID
	Reason   string
	Criteria []string
}

// CheckProposal says what is wrong with a proposal. Its fields are reason and criteria.
func CheckProposal(n NewProposal) []fault.Problem {
	var wrong []fault.Problem
	if strings.TrimSpace(n.Reason) == "" {
		wrong = append(wrong, fault.Problem{Field: "reason", Rule: "R83", Text: "Enter why deregistration is proposed"})
	}
	for _, key := range n.Criteria {
		if CriterionText(key) == "" {
			return append(wrong, fault.Problem{Field: "criteria", Rule: "R83", Text: "Choose the criteria from the list"})
		}
	}
	return wrong
}

// Propose brings somebody's deregistration to the next meeting, which decides
// (R86). Anybody who contributes to meetings in the area may (authz.Contribute).
// One proposal waits at a time.
func Propose(ctx context.Context, d *db.DB, s db.Submission, n NewProposal) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		if _, err := nominal.Must(ctx, tx, n.Nominal, authz.Contribute); err != nil {
			return 0, err
		}
		if err := tx.Lock(ctx, "nominal", int64(n.Nominal)); err != nil {
			return 0, err
		}
		now, err := mustCurrent(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckProposal(n)); err != nil {
			return 0, err
		}
		if now.Proposed {
			return 0, fault.Refuse("", "R86", "Deregistration has been proposed already and waits for the next meeting")
		}
		tx.Touch(int64(n.Nominal))
		return propose(ctx, tx, now, n.Reason, n.Criteria)
	})
}

func propose(ctx context.Context, tx *db.Tx, now Current, reason string, criteria []string) (id int64, err error) {
	if criteria == nil {
		criteria = []string{}
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO deregistration_proposal (registration_id, nominal_id, reason, criteria, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, now.ID, now.Nominal, reason, criteria, tx.Now(), tx.Actor().Account).Scan(&id)
	if err == nil {
		tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.propose", Area: int64(now.Area), Nominals: []int64{int64(now.Nominal)},
			Object: "deregistration proposal", ObjectID: id, Fields: []string{"reason", "criteria"}})
	}
	return id, err
}
