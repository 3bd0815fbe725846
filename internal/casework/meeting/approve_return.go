package meeting

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Return is a draft of the minutes that the chair sent back, with the reason, and what
// whoever writes it up answered.
type Return struct {
	ID         int64
	Version    int // that was to be approved
	Reason     string
	At         time.Time
	By         string
	Answer     string // empty: not answered yet
	AnsweredAt *time.Time
	AnsweredBy string
}

// SendBack returns the minutes to whoever writes them up, with the reason (R59). They
// lie before the chair again when they are answered. The problem's field is back.
func SendBack(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		minutes, err := forChair(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if waits, err := sentBack(ctx, tx, minutes.Meeting); err != nil {
			return false, err
		} else if waits != nil {
			return false, fault.Refuse("", "R59", "The minutes have been sent back already: "+waits.By+" sent them back")
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return false, fault.Refuse("back", "R59", "Enter what has to be put right")
		}
		e := event("send minutes back", id, minutes.Meeting.Area, "reason")
		e.Operation = audit.Alter
		tx.Record(e)
		_, err = tx.Exec(ctx, `INSERT INTO minutes_return (meeting_id, version, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			id, minutes.Meeting.MinutesVersion+1, reason, tx.Now(), tx.Actor().Account)
		return true, err
	})
	return err
}

// Resubmit answers minutes that were sent back and lays them before the chair again.
// The problem's field is answer.
func Resubmit(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, answer string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		waits, err := sentBack(ctx, tx, m)
		if err != nil {
			return false, err
		}
		if waits == nil {
			return false, fault.Refuse("", "R59", "The minutes are not sent back, or have been answered already")
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			return false, fault.Refuse("answer", "R59", "Enter what you have put right, or why nothing is to be")
		}
		e := event("answer minutes", id, m.Area, "answer")
		e.Operation = audit.Alter
		tx.Record(e)
		_, err = tx.Exec(ctx, `INSERT INTO minutes_answer (return_id, text, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)`,
			waits.ID, answer, tx.Now(), tx.Actor().Account)
		return true, err
	})
	return err
}

const returns = `
	SELECT r.id, r.version, r.reason, r.recorded_at AS at, c.name AS by, coalesce(a.text, '') AS answer, a.recorded_at AS answered_at, coalesce(b.name, '') AS answered_by
	FROM minutes_return r JOIN account c ON c.id = r.recorded_by
	LEFT JOIN minutes_answer a ON a.return_id = r.id LEFT JOIN account b ON b.id = a.recorded_by
	WHERE r.meeting_id = $1 `

// Returns are all of a meeting's minutes that were sent back, the first one first.
func Returns(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Return, error) {
	rows, err := q.Query(ctx, returns+`ORDER BY r.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Return])
}

// sentBack is what waits for an answer; nil when nothing does. An approval since has
// settled it.
func sentBack(ctx context.Context, q db.Querier, m Meeting) (*Return, error) {
	rows, err := q.Query(ctx, returns+`AND r.version > $2 AND a.return_id IS NULL ORDER BY r.id DESC LIMIT 1`, m.ID, m.MinutesVersion)
	if err != nil {
		return nil, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Return])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}
