package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Correction is what is put right in the minutes of a case: from which words to which,
// by whom, when and why. It is an entry of its author; the record stays as it is.
type Correction struct {
	ID      int64
	Nominal ref.NominalID
	Name    string // of the nominal
	Version int    // of the minutes that takes it up
	Was     string // empty: something was missing
	Text    string
	Reason  string
	At      time.Time
	By      string
}

// record is the correction as a line of the minutes.
func (c Correction) record() Record {
	return Record{Kind: "Correction", Text: c.Text, Was: c.Was, More: c.Reason, By: c.By, At: clock.DateOf(c.At)}
}

// NewCorrection is what somebody wants to put right.
type NewCorrection struct {
	Was    string
	Text   string
	Reason string
}

// Correct puts something right in the minutes of a case of a closed meeting, by
// whoever runs the meeting and has signed for it. A draft has it at once; minutes that
// are approved keep standing as they are until a chair approves the next version
// (R59). The problems' fields are text and reason.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, c NewCorrection) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id) // an approval waits, or was there before
		if err != nil {
			return false, err
		}
		if _, _, err := opened(ctx, tx, id); err != nil {
			return false, err
		}
		if _, on, err := frozenCase(ctx, tx, m, n); err != nil || !on {
			return false, orMissing(err)
		}
		scope, err := nominal.Must(ctx, tx, n, authz.RunMeetings)
		if err != nil {
			return false, err
		}
		if m.ClosedAt == nil {
			return false, fault.Refuse("", "R59", "While the meeting is open it is put right on the record sheet")
		}
		c.Was, c.Text, c.Reason = strings.TrimSpace(c.Was), strings.TrimSpace(c.Text), strings.TrimSpace(c.Reason)
		var problems []fault.Problem
		if c.Text == "" {
			problems = append(problems, fault.Problem{Field: "text", Rule: "R59", Text: "Enter what the minutes should say"})
		}
		if c.Reason == "" {
			problems = append(problems, fault.Problem{Field: "reason", Rule: "R59", Text: "Enter why the minutes have to be put right"})
		}
		if err := fault.Refused(problems); err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO minutes_correction (meeting_id, nominal_id, version, was, text, reason, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, n, m.MinutesVersion+1, c.Was, c.Text, c.Reason, tx.Now(), tx.Actor().Account)
		e := event("correct minutes", id, scope.Area, "was", "text", "reason")
		e.Operation, e.Nominals = audit.Alter, []int64{int64(n)}
		tx.Record(e)
		return true, err
	})
	return err
}

// orMissing is the error, or that there is nothing.
func orMissing(err error) error {
	if err == nil {
		return fault.Missing()
	}
	return err
}

// correctionsOf are the corrections of a meeting's minutes that the actor may see, as
// they were made, without names.
func correctionsOf(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Correction, error) {
	rows, err := q.Query(ctx, `
		SELECT k.id, k.nominal_id AS nominal, '' AS name, k.version, k.was, k.text, k.reason, k.recorded_at AS at, c.name AS by
		FROM minutes_correction k JOIN account c ON c.id = k.recorded_by WHERE k.meeting_id = $1 ORDER BY k.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Correction])
}

// ChangesIn are the corrections that a version of the minutes took up, of the cases that
// the minutes show: what is different from the version before.
func ChangesIn(ctx context.Context, q db.Querier, m Minutes, version int) ([]Correction, error) {
	all, err := correctionsOf(ctx, q, m.Meeting.ID)
	if err != nil {
		return nil, err
	}
	before, err := approvedEntries(ctx, q, m.Meeting.ID, version-1)
	if err != nil {
		return nil, err
	}
	then, err := approvedEntries(ctx, q, m.Meeting.ID, version)
	if err != nil {
		return nil, err
	}
	var changes []Correction
	for _, e := range m.Entries {
		for _, c := range all {
			if c.Nominal == e.Nominal && c.Version > before[e.Nominal].version && c.Version <= then[e.Nominal].version {
				c.Name = e.Name
				changes = append(changes, c)
			}
		}
	}
	return changes, nil
}
