package intelligence

import (
	"context"

	"iom/internal/casework/agency"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Record adds an entry, and shares it with the agencies named, if any.
func Record(ctx context.Context, d *db.DB, s db.Submission, n New) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordIntel)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(Check(n, tx.Today())); err != nil {
			return 0, err
		}
		var id int64
		err = tx.QueryRow(ctx, `INSERT INTO intelligence (nominal_id, dated, increases_risk, text, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, n.Nominal, n.Dated, n.Increases, n.Text, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "intelligence.record", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
			Object: "intelligence", ObjectID: id, Fields: []string{"dated", "increases_risk", "text", "source"}})
		return id, share(ctx, tx, scope, n.Nominal, id, n.ShareWith)
	})
}

// Share marks an entry as shareable with agencies: from then on their people who
// work on the case read this entry and no other.
func Share(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, entry int64, with []ref.AgencyID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordIntel)
		if err != nil {
			return false, err
		}
		if len(with) == 0 {
			return false, fault.Refuse("share_with", "R149", "Choose the agencies to share this with")
		}
		if err := mine(ctx, tx, id, entry); err != nil {
			return false, err
		}
		return true, share(ctx, tx, scope, id, entry, with)
	})
	return err
}

func share(ctx context.Context, tx *db.Tx, scope nominal.Scope, id ref.NominalID, entry int64, with []ref.AgencyID) error {
	for _, a := range with {
		if _, err := agency.Get(ctx, tx, a); fault.KindOf(err) == fault.NotFound {
			return fault.Refuse("share_with", "", "Choose agencies from the list")
		} else if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO intelligence_share (intelligence_id, nominal_id, agency_id, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, entry, id, a, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
	}
	if len(with) > 0 {
		tx.Record(audit.Event{Operation: audit.Disclose, Command: "intelligence.share", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "intelligence", ObjectID: entry, Fields: []string{"shared_with"}})
	}
	return nil
}

// Correct says that an entry was entered in error.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, entry int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordIntel)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "intelligence.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "intelligence", ObjectID: entry, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, "intelligence", entry, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// mine says that the entry is of this nominal and readable; fault.Missing otherwise.
func mine(ctx context.Context, q db.Querier, id ref.NominalID, entry int64) error {
	all, err := Of(ctx, q, id)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.ID == entry {
			return nil
		}
	}
	return fault.Missing()
}
