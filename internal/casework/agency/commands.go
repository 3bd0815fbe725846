package agency

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is an agency to be added. A zero From is today.
type New struct {
	Name string
	Kind string
	From clock.Date
}

// Add takes an agency into the scheme (R203). The fields of its problems are
// "name", "kind" and "from".
func Add(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.AgencyID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.AgencyID, error) {
		return Insert(ctx, tx, n)
	})
}

// Insert is Add within a transaction. Agencies work across areas, so that any
// administrator may add one.
func Insert(ctx context.Context, tx *db.Tx, n New) (id ref.AgencyID, err error) {
	if !tx.Actor().May(authz.ManageAccounts) {
		return 0, fault.Denied("Only an administrator may do this")
	}
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	if n.From.IsZero() {
		n.From = tx.Today()
	}
	if err := fault.Refused(CheckNew(n)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO agency (name, kind, valid_from, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		n.Name, n.Kind, n.From, tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "agency_name") {
		return 0, fault.Refuse("name", "", "There is an agency with this name already")
	}
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "agency.add", Object: "agency", ObjectID: int64(id), Fields: []string{"name", "kind", "from"}})
	return id, nil
}

// CheckNew says what is wrong with a new agency.
func CheckNew(n New) (problems []fault.Problem) {
	switch {
	case n.Name == "":
		problems = append(problems, fault.Problem{Field: "name", Text: "Enter the name of the agency"})
	case len(n.Name) > 200:
		problems = append(problems, fault.Problem{Field: "name", Text: "The name must be 200 characters or fewer"})
	}
	if !IsKind(n.Kind) {
		problems = append(problems, fault.Problem{Field: "kind", Text: "Choose what kind of agency it is"})
	}
	return problems
}

// End records the last day on which an agency takes part. Grants held for it
// lapse with that day. It reaches every area, so only an administrator of the
// whole force may do it. version is the one that was on the page. The field of
// its problem is "to".
func End(ctx context.Context, d *db.DB, s db.Submission, id ref.AgencyID, to clock.Date, version int64) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if !tx.Actor().MayEverywhere(authz.ManageAccounts) {
			return false, fault.Denied("An agency works across areas, so only an administrator of the whole force may end it")
		}
		a, err := Get(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := fault.Refused(CheckEnd(a, to)); err != nil {
			return false, err
		}
		done, err := tx.Exec(ctx, `UPDATE agency SET valid_to = $2, version = version + 1 WHERE id = $1 AND version = $3`, id, to, version)
		if err == nil && done.RowsAffected() == 0 {
			err = fault.Changed()
		}
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "agency.end", Object: "agency", ObjectID: int64(id), Fields: []string{"to"}})
		return true, nil
	})
	return err
}

// CheckEnd says why an agency cannot end on the day.
func CheckEnd(a Agency, to clock.Date) []fault.Problem {
	switch {
	case to.IsZero():
		return []fault.Problem{{Field: "to", Text: "Enter the last day"}}
	case !a.To.IsZero():
		return []fault.Problem{{Field: "to", Text: "This agency has an end already"}}
	case to.Before(a.From):
		return []fault.Problem{{Field: "to", Text: "The last day cannot be before the first, " + a.From.Long()}}
	}
	return nil
}
