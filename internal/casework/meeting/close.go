package meeting

import (
	"context"
	"fmt"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Close ends a meeting's sheet. While something is missing (Gaps) only a chair
// closes it, with a reason; both are kept. Of two who close it at once one does.
// The closer must have signed, since the list of what is missing names cases. The
// problem's field is reason.
func Close(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		if err := mustBe(m, StateOpen); err != nil {
			return false, err
		}
		if _, _, err := opened(ctx, tx, id); err != nil {
			return false, err
		}
		gaps, err := Missing(ctx, tx, m)
		if err != nil {
			return false, err
		}
		reason = strings.TrimSpace(reason)
		if len(gaps) == 0 {
			reason = ""
		} else if err := mayLeave(tx, m, len(gaps), reason); err != nil {
			return false, err
		}
		codes := []string{}
		for _, g := range gaps {
			codes = append(codes, g.Code())
		}
		_, err = tx.Exec(ctx, `INSERT INTO meeting_closing (meeting_id, reason, missing, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			id, reason, codes, tx.Now(), tx.Actor().Account)
		if err != nil {
			return false, err
		}
		tx.Record(event("close", id, m.Area, "reason", "missing"))
		return true, publishDrafts(ctx, tx, m)
	})
	return err
}

// mayLeave says whether the actor may close the meeting with things missing.
func mayLeave(tx *db.Tx, m Meeting, missing int, reason string) error {
	things := "1 thing is"
	if missing > 1 {
		things = fmt.Sprintf("%d things are", missing)
	}
	if !tx.Actor().MayIn(authz.ApproveMinutes, int64(m.Area)) {
		return fault.Refuse("", "R65", things+" missing. Complete the list, or ask the chair to close the meeting with a reason")
	}
	if reason == "" {
		return fault.Refuse("reason", "R65", things+" missing. Enter the reason for closing the meeting all the same")
	}
	return nil
}
