package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Approve approves the minutes of a closed meeting (R59): each case's entry is kept
// as it stands, with a digest over them all. What is put right later, or what the
// chair who approved could not see, becomes a new version when a chair approves that;
// a version is never changed. digest is that of what the chair read (Proposed); if
// anything has been recorded since, it is shown again (fault.Changed).
func Approve(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, digest string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		minutes, err := forChair(ctx, tx, id)
		if err != nil {
			return false, err
		}
		proposed := minutes.Proposed()
		now, err := Digest(proposed)
		if err != nil {
			return false, err
		}
		if now != digest {
			return false, fault.Changed()
		}
		return true, keep(ctx, tx, proposed, now)
	})
	return err
}

// forChair holds the minutes for a chair who decides about them: closed, and with
// something in them to decide about.
func forChair(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Minutes, error) {
	m, err := take(ctx, tx, id)
	if err != nil {
		return Minutes{}, err
	}
	if err := db.Must(tx, authz.ApproveMinutes, int64(m.Area)); err != nil {
		return Minutes{}, err
	}
	if m.ClosedAt == nil {
		return Minutes{}, fault.Refuse("", "R59", "The minutes are approved when the meeting has been closed")
	}
	minutes, err := MinutesOf(ctx, tx, id)
	if err == nil && minutes.IsDecided() {
		err = fault.Refuse("", "R59", "The minutes have been approved already: "+m.ApprovedBy+" approved them")
	}
	return minutes, err
}

// keep appends a version: all entries that the one before does not have as they are.
func keep(ctx context.Context, tx *db.Tx, m Minutes, digest string) error {
	id, version := m.Meeting.ID, m.Meeting.MinutesVersion+1
	if _, err := tx.Exec(ctx, `INSERT INTO minutes_approval (meeting_id, version, digest, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
		id, version, digest, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	corrected := map[ref.NominalID]bool{}
	for _, c := range m.Corrections {
		corrected[c.Nominal] = true
	}
	e := event("approve minutes", id, m.Meeting.Area, "minutes")
	e.Operation, e.Listed = audit.Alter, true
	for _, entry := range m.Entries {
		if version > 1 && !corrected[entry.Nominal] && !m.Waiting[entry.Nominal] {
			continue
		}
		text, err := json.Marshal(entry)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO minutes_case (meeting_id, nominal_id, version, position, entry, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, entry.Nominal, version, entry.Position, text, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
		e.Nominals = append(e.Nominals, int64(entry.Nominal))
	}
	tx.Record(e)
	return nil
}

// Digest is the SHA-256 of the minutes: the meeting, every entry in order, what was
// recorded of nobody in particular, and what was agreed en bloc. Two who see different cases compute different ones; the one that is kept is over
// what the approving chair saw.
func Digest(m Minutes) (string, error) {
	text, err := json.Marshal(struct {
		Meeting ref.MeetingID `json:"meeting"`
		HeldOn  string        `json:"held_on"`
		Entries []Entry       `json:"entries"`
		Other   []Record      `json:"business,omitempty"`
		EnBloc  []Supervision `json:"en_bloc,omitempty"`
	}{m.Meeting.ID, m.Meeting.HeldOn.String(), m.Entries, m.Business, m.EnBloc})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// Version is one version of the minutes: who approved it, and from when to when it
// was the one in force.
type Version struct {
	Number int
	From   clock.Date
	To     clock.Date // when the next one was approved; zero for the latest
	By     string
}

// Versions are the versions of a meeting's minutes, the first one first.
func Versions(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Version, error) {
	rows, err := q.Query(ctx, `
		SELECT p.version, (p.recorded_at AT TIME ZONE 'Europe/London')::date,
			(lead(p.recorded_at) OVER (ORDER BY p.version) AT TIME ZONE 'Europe/London')::date, c.name
		FROM minutes_approval p JOIN account c ON c.id = p.recorded_by WHERE p.meeting_id = $1 ORDER BY p.version`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Version])
}
