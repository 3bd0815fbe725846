package link

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// RecordMAPPA adds a MAPPA level, which is the current one from then on.
func RecordMAPPA(ctx context.Context, d *db.DB, s db.Submission, n NewMAPPA) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordCustody)
		if err != nil {
			return 0, err
		}
		id, err := InsertMAPPA(ctx, tx, n)
		if err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "mappa.record", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
			Object: "mappa_level", ObjectID: id, Fields: []string{"level", "category", "from_on", "note", "source"}})
		return id, nil
	})
}

// CorrectMAPPA says that a level was entered in error; the one before stands again.
func CorrectMAPPA(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, entry int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordCustody)
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "mappa.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "mappa_level", ObjectID: entry, Fields: []string{"reason"}})
		return true, nominal.CloseFact(ctx, tx, id, "mappa_level", entry, nominal.EnteredInError, reason, clock.Date{})
	})
	return err
}

// Membership is an answer about one priority group. A group that nobody answered
// for has none: unanswered is never No (R24).
type Membership struct {
	Group  ref.GroupID
	Member bool
}

// SetGroups records to which priority groups somebody belongs, and to which not.
// Answers that stand already are not recorded again. A group must be one of the
// area's list.
func SetGroups(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, answers []Membership, source string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return false, err
		}
		if strings.TrimSpace(source) == "" {
			return false, fault.Refuse("source", "R24", "Enter the source: who or what this comes from")
		}
		list, err := area.PriorityGroups(ctx, tx, scope.Area)
		if err != nil {
			return false, err
		}
		offered := map[ref.GroupID]bool{}
		for _, g := range list {
			offered[g.ID] = true
		}
		for _, a := range answers {
			if !offered[a.Group] {
				return false, fault.Refuse("", "R25", "Choose priority groups from the area's list")
			}
			if err := nominal.RecordGroup(ctx, tx, id, a.Group, a.Member, source); err != nil {
				return false, err
			}
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "group.set", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "nominal_priority_group", Fields: []string{"groups", "source"}})
		return true, nil
	})
	return err
}

// Groups gives the answers about priority groups that were recorded for somebody,
// the latest of each.
func Groups(ctx context.Context, q db.Querier, id ref.NominalID) ([]Membership, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (group_id) group_id, member FROM nominal_priority_group
		WHERE nominal_id = $1 ORDER BY group_id, id DESC`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Membership])
}
