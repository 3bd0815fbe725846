package meeting

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// LeftOff is that a meeting leaves a case for the next, although a rule puts it on
// the agenda: why, and who said so.
type LeftOff struct {
	Reason string
	By     string
	At     time.Time
}

// What becomes of a case that a rule puts on the agenda.
const (
	leftOff = "left off"
	putBack = "put back"
)

// LeaveOff leaves a case of a planned meeting's agenda for the next meeting. It
// stays on the agenda, at the end, with the reason, which the minutes and the
// closing repeat: a RED that is not discussed is explained (R65), and so is an AMBER
// past its three months (R66). The problems' fields are case and reason.
func LeaveOff(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, reason string) error {
	return onAgenda(ctx, d, s, id, n, func(ctx context.Context, tx *db.Tx, m Meeting, i Item) error {
		if err := mustBe(m, StatePlanned); err != nil {
			return err
		}
		if i.LeftOff != nil {
			return fault.Refuse("case", "R65", "This case has been left off already, by "+i.LeftOff.By)
		}
		reason = strings.TrimSpace(reason)
		if reason == "" {
			return fault.Refuse("reason", "R65", "Enter the reason for leaving the case off")
		}
		return deferral(ctx, tx, m, n, leftOff, reason)
	})
}

// PutBack puts a case that was left off on the agenda again, before the meeting or
// while it is open.
func PutBack(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID) error {
	return onAgenda(ctx, d, s, id, n, func(ctx context.Context, tx *db.Tx, m Meeting, i Item) error {
		if i.LeftOff == nil {
			return fault.Refuse("", "R65", "This case is on the agenda already")
		}
		return deferral(ctx, tx, m, n, putBack, "")
	})
}

func deferral(ctx context.Context, tx *db.Tx, m Meeting, n ref.NominalID, outcome, reason string) error {
	_, err := tx.Exec(ctx, `INSERT INTO agenda_deferral (meeting_id, nominal_id, outcome, reason, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6)`, m.ID, n, outcome, reason, tx.Now(), tx.Actor().Account)
	return err
}

// onAgenda changes one case of the agenda of a meeting that is planned or open, for
// somebody who runs meetings where the case is.
func onAgenda(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID,
	fn func(ctx context.Context, tx *db.Tx, m Meeting, i Item) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		if m.OpenedAt != nil || m.CancelledAt != nil {
			if err := mustBe(m, StateOpen); err != nil {
				return false, err
			}
		}
		items, err := itemsOf(ctx, tx, m, Standing{Runs: true})
		if err != nil {
			return false, err
		}
		at := slices.IndexFunc(items, func(i Item) bool { return i.Nominal == n })
		if at < 0 {
			return false, fault.Refuse("case", "R65", "Choose a case of this agenda from the list")
		}
		scope, err := nominal.Must(ctx, tx, n, authz.RunMeetings)
		if err != nil {
			return false, err
		}
		if err := fn(ctx, tx, m, items[at]); err != nil {
			return false, err
		}
		e := event("leave off or put back", id, scope.Area, "case", "reason")
		e.Nominals = []int64{int64(n)}
		tx.Record(e)
		return true, nil
	})
	return err
}

// LeftOffOf are the cases of an agenda that are left for the next meeting, each with
// its reason: what the closing and the minutes repeat.
func LeftOffOf(items []Item) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.LeftOff == nil })
}

// leftOffBy are the cases that a meeting leaves for the next, as it now stands.
func leftOffBy(ctx context.Context, q db.Querier, id ref.MeetingID) (map[ref.NominalID]*LeftOff, error) {
	rows, err := q.Query(ctx, `SELECT x.nominal_id, x.reason, c.name, x.recorded_at FROM (
			SELECT DISTINCT ON (nominal_id) * FROM agenda_deferral WHERE meeting_id = $1 ORDER BY nominal_id, id DESC) x
		JOIN account c ON c.id = x.recorded_by WHERE x.outcome = 'left off'`, id)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID]*LeftOff{}
	var (
		n ref.NominalID
		l LeftOff
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &l.Reason, &l.By, &l.At}, func() error {
		one := l
		all[n] = &one
		return nil
	})
	return all, err
}
