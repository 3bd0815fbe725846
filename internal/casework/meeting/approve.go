package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Approve approves the minutes of a closed meeting (R59): each case's entry is
// kept as it stands, with a digest over them all. digest is that of the draft the
// chair read; if anything has been recorded since, it is shown again
// (fault.Changed). Minutes are approved once.
func Approve(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, digest string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := db.Must(tx, authz.ApproveMinutes, int64(m.Area)); err != nil {
			return false, err
		}
		if m.ApprovedAt != nil {
			return false, fault.Refuse("", "R59", "The minutes have been approved already: "+m.ApprovedBy+" approved them")
		}
		if m.ClosedAt == nil {
			return false, fault.Refuse("", "R59", "The minutes are approved when the meeting has been closed")
		}
		minutes, err := MinutesOf(ctx, tx, id)
		if err != nil {
			return false, err
		}
		now, err := Digest(minutes)
		if err != nil {
			return false, err
		}
		if now != digest {
			return false, fault.Changed()
		}
		return true, keep(ctx, tx, minutes, now)
	})
	return err
}

func keep(ctx context.Context, tx *db.Tx, m Minutes, digest string) error {
	id := m.Meeting.ID
	if _, err := tx.Exec(ctx, `INSERT INTO minutes_approval (meeting_id, digest, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)`,
		id, digest, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	e := event("approve minutes", id, m.Meeting.Area, "minutes")
	e.Operation, e.Listed = audit.Alter, true
	for _, entry := range m.Entries {
		text, err := json.Marshal(entry)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO minutes_case (meeting_id, nominal_id, position, entry, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6)`, id, entry.Nominal, entry.Position, text, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
		e.Nominals = append(e.Nominals, int64(entry.Nominal))
	}
	tx.Record(e)
	return nil
}

// Digest is the SHA-256 of the minutes: the meeting and every entry in order. Two
// who see different cases compute different ones; the one that is kept is over
// what the approving chair saw.
func Digest(m Minutes) (string, error) {
	text, err := json.Marshal(struct {
		Meeting ref.MeetingID `json:"meeting"`
		HeldOn  string        `json:"held_on"`
		Entries []Entry       `json:"entries"`
	}{m.Meeting.ID, m.Meeting.HeldOn.String(), m.Entries})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}
