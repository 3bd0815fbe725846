package contact

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

// Log adds a contact to the event log of a nominal (R33). It is refused by Check,
// and denied to those who may not record contacts in the person's area.
func Log(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.ContactID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.ContactID, error) {
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordContact)
		if err != nil {
			return 0, err
		}
		if err := known(ctx, tx, n); err != nil {
			return 0, err
		}
		id, err := Insert(ctx, tx, n)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "contact.log", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
			Object: "contact", ObjectID: int64(id), Fields: n.fields()})
		return id, nil
	})
}

// Correct says that a contact was entered in error.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, entry ref.ContactID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "contact.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "contact", ObjectID: int64(entry), Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, "contact", int64(entry), nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// known refuses an agency that does not exist.
func known(ctx context.Context, q db.Querier, n New) error {
	var wrong []fault.Problem
	for field, id := range map[string]ref.AgencyID{"agency": n.Agency, "joint_agency": n.JointAgency} {
		if id == 0 {
			continue
		}
		if _, err := agency.Get(ctx, q, id); fault.KindOf(err) == fault.NotFound {
			wrong = append(wrong, fault.Problem{Field: field, Text: "Choose an agency from the list"})
		} else if err != nil {
			return err
		}
	}
	return fault.Refused(wrong)
}

// fields are the names of what was filled in, for the log.
func (n New) fields() []string {
	names := []string{"kind", "held_on", "outcome", "agency", "log", "source"}
	for _, f := range []struct {
		given bool
		name  string
	}{{n.At != "", "at_time"}, {n.Excused, "excused"}, {n.JointAgency != 0, "joint_agency"}, {n.ForceNumber != "", "force_number"}, {n.Result != "", "result"},
		{n.Planned != 0, "planned"}} {
		if f.given {
			names = append(names, f.name)
		}
	}
	return names
}
