package meeting

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Open opens a meeting: its agenda is worked out for the last time and kept as it
// stands, and the sheet can be written on. It is not opened before its day. It gives the number of cases. Of two
// who open a meeting at once one does; the other is told.
func Open(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) (int, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if err := mustRun(tx, m); err != nil {
			return 0, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return 0, err
		}
		if m.HeldOn.After(tx.Today()) {
			return 0, fault.Refuse("", "R52", "The meeting is planned for "+m.HeldOn.Long()+". Change its date if it is held earlier")
		}
		items, err := worked(ctx, tx, m)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_opening (meeting_id, recorded_at, recorded_by) VALUES ($1, $2, $3)`,
			id, tx.Now(), tx.Actor().Account); err != nil {
			return 0, err
		}
		e := event("open", id, m.Area, "agenda")
		for i, item := range items {
			if err := freeze(ctx, tx, m, i+1, item); err != nil {
				return 0, err
			}
			e.Nominals = append(e.Nominals, int64(item.Nominal))
		}
		e.Listed = true
		tx.Record(e)
		return len(items), nil
	})
}
