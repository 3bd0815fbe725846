package referral

import (
	"context"
	"slices"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// SaveEquality records protected characteristics with a referral (R185). They
// stand apart from the answers, since only who entered them and the co-ordinator
// read them; the section itself says no more than that they were asked about.
// An empty value is not recorded. The fields of its problems are the
// characteristics.
func SaveEquality(ctx context.Context, d *db.DB, s db.Submission, id ref.ReferralID, version int64, all []nominal.Characteristic) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		r, err := lockForWrite(ctx, tx, id, authz.RecordEquality)
		if err != nil {
			return 0, err
		}
		if !r.State.Open() {
			return 0, fault.Denied("This referral is " + r.State.said() + ". It can be read, not changed")
		}
		if r.Version(SectionEquality) != version {
			return 0, fault.Changed()
		}
		known, err := nominal.EqualityOf(ctx, tx, r.Nominal)
		if err != nil {
			return 0, err
		}
		var p problems
		fields := []string{}
		for _, c := range all {
			p.lines(c.Name, c.Value)
			if len(p) > 0 || c.Value == "" || slices.Contains(known, c) {
				continue
			}
			if err := nominal.RecordEquality(ctx, tx, r.Nominal, c); err != nil {
				return 0, err
			}
			fields = append(fields, c.Name)
		}
		if err := fault.Refused(p); err != nil {
			return 0, err
		}
		if err := insertSection(ctx, tx, r.ID, r.Nominal, version+1, Equality{}, ""); err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "referral.equality", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
			Object: "referral", ObjectID: int64(r.ID), Fields: fields})
		return version + 1, nil
	})
}
