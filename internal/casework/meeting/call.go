package meeting

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
)

// Call brings the next case before the meeting: the display, and whoever follows,
// go to it (R63). Each time is kept, so that the minutes know the order. Calling
// the case that is there already changes nothing.
func Call(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID) error {
	return onSheet(ctx, d, s, id, n, authz.RunMeetings, func(ctx context.Context, tx *db.Tx, c atCase) error {
		tx.Record(c.event("call case", audit.Consult))
		now, _, _, err := Called(ctx, tx, c.meeting)
		if err != nil || now == n {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO meeting_case_opened (meeting_id, nominal_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)`,
			id, n, tx.Now(), tx.Actor().Account)
		if err != nil {
			return err
		}
		return tell(ctx, tx, id, n, "call")
	})
}

// Called is the case that the meeting has before it, and since when. any says that
// there is one; n is 0 when the actor may not see it.
func Called(ctx context.Context, q db.Querier, m Meeting) (n ref.NominalID, since time.Time, any bool, err error) {
	var last int64
	if err = q.QueryRow(ctx, `SELECT coalesce(last_called($1), 0)`, m.ID).Scan(&last); err != nil || last == 0 {
		return 0, since, false, err
	}
	err = q.QueryRow(ctx, `SELECT nominal_id, recorded_at FROM meeting_case_opened WHERE id = $1`, last).Scan(&n, &since)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, since, true, nil
	}
	if err != nil {
		return 0, since, true, err
	}
	// A guest of this meeting sees the cases named for it, whatever else is open.
	if _, ok, err := frozenCase(ctx, q, m, n); err != nil || !ok {
		return 0, since, true, err
	}
	return n, since, true, nil
}
