package referral

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// DecisionNew is what a meeting decides of a referral.
type DecisionNew struct {
	Referral ref.ReferralID
	Outcome  State // Adopted, Rejected or Deferred
	Reason   string
	Decision ref.Decision
}

// RecordDecision records what a meeting decided of a referral, in the chair's
// name (R3, R9), inside the transaction of the meeting or of the adoption. The
// fields of its problems are outcome and reason, or empty for what the referral
// itself lacks. It gives the id of the decision.
func RecordDecision(ctx context.Context, tx *db.Tx, n DecisionNew) (int64, error) {
	r, err := lockForWrite(ctx, tx, n.Referral, authz.Decide)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(mayDecide(r, n, tx)); err != nil {
		return 0, err
	}
	if err := ofArea(ctx, tx, n.Decision.Meeting, r.Area); err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRow(ctx, `INSERT INTO referral_decision (referral_id, nominal_id, meeting_id, outcome, reason, chair_id, agreed_by, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, r.ID, r.Nominal, n.Decision.Meeting, n.Outcome, n.Reason, n.Decision.Chair,
		n.Decision.AgreedBy, tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "referral_decision_referral_id_meeting_id_key") {
		return 0, fault.Refuse("outcome", "R9", "This meeting has already decided this referral")
	}
	if err != nil {
		return 0, err
	}
	tx.Touch(int64(r.Nominal))
	tx.Record(audit.Event{Operation: audit.Alter, Command: "referral.decide", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "referral", ObjectID: int64(r.ID), Fields: []string{"outcome", "reason"}})
	return id, nil
}

func mayDecide(r Referral, n DecisionNew, tx *db.Tx) []fault.Problem {
	var p problems
	p.add(n.Outcome != Adopted && n.Outcome != Rejected && n.Outcome != Deferred, "outcome", "R9", "Choose adopted, rejected or deferred")
	p.add(blank(n.Reason), "reason", "R9", "Enter the reason for the decision")
	p.add(!r.State.Undecided(), "outcome", "R9", "This referral is not awaiting a decision: it is "+r.State.said())
	for _, d := range r.Decisions {
		p.add(r.State.Undecided() && d.Meeting == n.Decision.Meeting, "outcome", "R9", "This meeting has already decided this referral")
	}
	if n.Outcome == Adopted {
		for _, wrong := range MayAdopt(r.Form, tx.Today()) {
			p.add(true, "", wrong.Rule, wrong.Text)
		}
	}
	return p
}

// said is the state within a sentence.
func (s State) said() string {
	if s == Started {
		return "not submitted"
	}
	return string(s)
}

// ofArea refuses a meeting that is not for the area of the referral.
func ofArea(ctx context.Context, q db.Querier, meeting ref.MeetingID, area ref.AreaID) error {
	var covers bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM meeting m JOIN area_under u ON u.area_id = m.area_id WHERE m.id = $1 AND u.under_id = $2)`,
		meeting, area).Scan(&covers)
	if err == nil && !covers {
		err = fault.Refuse("outcome", "R9", "This meeting is not for the area of the referral")
	}
	return err
}
