package referral

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Submit sends a complete referral to the next meeting, and makes facts of the
// person out of it: who they are, warnings, needs, groups, scores. The field of a
// problem is the name of the section in which something is missing.
func Submit(ctx context.Context, d *db.DB, s db.Submission, id ref.ReferralID) (ref.ReferralID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.ReferralID, error) {
		r, err := lockForWrite(ctx, tx, id, authz.Refer)
		if err != nil {
			return 0, err
		}
		if r.State != Started {
			return 0, fault.Refuse("", "", "This referral is "+r.State.said()+" already")
		}
		if err := fault.Refused(MaySubmit(r.Form, tx.Today())); err != nil {
			return 0, err
		}
		if err := becomeFacts(ctx, tx, r); err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO referral_submission (referral_id, nominal_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)`,
			r.ID, r.Nominal, tx.Now(), tx.Actor().Account)
		if err != nil {
			return 0, err
		}
		tx.Touch(int64(r.Nominal))
		tx.Record(audit.Event{Operation: audit.Collect, Command: "referral.submit", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
			Object: "referral", ObjectID: int64(r.ID)})
		return r.ID, nil
	})
}

func becomeFacts(ctx context.Context, tx *db.Tx, r Referral) error {
	versions, err := HistoryOf(ctx, tx, r.ID, SectionPersonal)
	if err != nil {
		return err
	}
	for _, section := range Order {
		var before Answers
		if section == SectionPersonal {
			before = versions[0].Answers // as the record had it when the referral was started
		}
		if err := become(ctx, tx, r, before, r.Form.Of(section)); err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes back a referral that no meeting has decided. What was written
// stays readable. The field of its problem is reason.
func Withdraw(ctx context.Context, d *db.DB, s db.Submission, id ref.ReferralID, reason string) (ref.ReferralID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.ReferralID, error) {
		r, err := lockForWrite(ctx, tx, id, authz.Refer)
		if err != nil {
			return 0, err
		}
		var p problems
		p.add(!r.State.Open(), "", "", "This referral is "+r.State.said()+" already")
		p.add(blank(reason), "reason", "", "Enter why the referral is withdrawn")
		p.prose("reason", reason)
		if err := fault.Refused(p); err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO referral_withdrawal (referral_id, nominal_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			r.ID, r.Nominal, reason, tx.Now(), tx.Actor().Account)
		tx.Record(audit.Event{Operation: audit.Alter, Command: "referral.withdraw", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
			Object: "referral", ObjectID: int64(r.ID), Fields: []string{"reason"}})
		return r.ID, err
	})
}
