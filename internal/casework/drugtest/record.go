package drugtest

import (
	"context"
	"strings"

	"iom/internal/casework/agency"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Record adds a test. Who does not read all tests of the area enters those of the
// own agency only.
func Record(ctx context.Context, d *db.DB, s db.Submission, n New) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordDrugTest)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(Check(n, tx.Today())); err != nil {
			return 0, err
		}
		if err := known(ctx, tx, "agency", n.Agency); err != nil {
			return 0, err
		}
		if !MayRead(tx, scope.Area) && !tx.Actor().WorksFor(int64(n.Agency)) {
			return 0, fault.Refuse("agency", "R209", "You can record the tests of your own agency only")
		}
		var id int64
		err = tx.QueryRow(ctx, `INSERT INTO drug_test (nominal_id, tested_on, result, substances, agency_id, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			n.Nominal, n.TestedOn, n.Result, n.Substances, n.Agency, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "drugtest.record", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
			Object: "drug_test", ObjectID: id, Fields: []string{"tested_on", "result", "substances", "agency", "source"}})
		return id, nil
	})
}

// Share passes one result to another agency, with the reason: the result, not the
// record (R209). Only those who read the test may share it.
func Share(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, test int64, with ref.AgencyID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordDrugTest)
		if err != nil {
			return false, err
		}
		found, err := own(ctx, tx, scope, id, test)
		if err != nil {
			return false, err
		}
		if err := fault.Refused(checkShare(found, with, reason)); err != nil {
			return false, err
		}
		if err := known(ctx, tx, "share_with", with); err != nil {
			return false, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO drug_test_share (drug_test_id, nominal_id, agency_id, reason, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, test, id, with, reason, tx.Now(), tx.Actor().Account); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Disclose, Command: "drugtest.share", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "drug_test", ObjectID: test, Fields: []string{"shared_with", "reason"}})
		return true, nil
	})
	return err
}

func checkShare(t Test, with ref.AgencyID, reason string) []fault.Problem {
	var all []fault.Problem
	switch with {
	case 0:
		all = append(all, fault.Problem{Field: "share_with", Rule: "R209", Text: "Choose the agency to share the result with"})
	case t.Agency:
		all = append(all, fault.Problem{Field: "share_with", Rule: "R209", Text: "That agency made the test and reads it already"})
	}
	if strings.TrimSpace(reason) == "" {
		all = append(all, fault.Problem{Field: "reason", Rule: "R209", Text: "Enter why the agency needs this result"})
	}
	return all
}

// Correct says that a test was entered in error.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, test int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordDrugTest)
		if err != nil {
			return false, err
		}
		if _, err := own(ctx, tx, scope, id, test); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "drugtest.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "drug_test", ObjectID: test, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, "drug_test", test, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// own gives a test that the actor holds: reads as a role or as the agency that
// made it. One that was only shared cannot be passed on or corrected.
func own(ctx context.Context, q db.Querier, scope nominal.Scope, id ref.NominalID, test int64) (Test, error) {
	all, err := Of(ctx, q, id)
	if err != nil {
		return Test{}, err
	}
	for _, t := range all {
		if t.ID == test {
			if !MayRead(q, scope.Area) && !q.Actor().WorksFor(int64(t.Agency)) {
				return Test{}, fault.Denied("This result was shared with your agency. Only those who hold the test can do this")
			}
			return t, nil
		}
	}
	return Test{}, fault.Missing()
}

func known(ctx context.Context, q db.Querier, field string, id ref.AgencyID) error {
	if _, err := agency.Get(ctx, q, id); fault.KindOf(err) == fault.NotFound {
		return fault.Refuse(field, "", "Choose an agency from the list")
	} else if err != nil {
		return err
	}
	return nil
}
