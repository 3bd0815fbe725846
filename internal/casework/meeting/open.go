package meeting

import (
	"context"
	"encoding/json"
	"slices"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Open opens a meeting: its agenda is worked out for the last time and kept as it
// stands, and the sheet can be written on. It is not opened before its day. The agenda
// is the whole one, also when somebody opens it who must not see one of its cases; the
// number that it gives is of the cases that the opener sees. Of two who open a meeting
// at once one does; the other is told.
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
		whole := items
		if len(tx.Actor().Hidden) > 0 {
			if whole, err = wholeAgenda(ctx, d, m); err != nil {
				return 0, err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_opening (meeting_id, recorded_at, recorded_by) VALUES ($1, $2, $3)`,
			id, tx.Now(), tx.Actor().Account); err != nil {
			return 0, err
		}
		e := event("open", id, m.Area, "agenda")
		for i, item := range items {
			if err := freeze(ctx, tx, m, placeIn(whole, item.Nominal, i), item); err != nil {
				return 0, err
			}
			e.Nominals = append(e.Nominals, int64(item.Nominal))
		}
		e.Listed = true
		tx.Record(e)
		if err := freezeHidden(ctx, tx, m, whole); err != nil {
			return 0, err
		}
		return len(items), nil
	})
}

// wholeAgenda is the agenda as background work of the area finds it, from whom no case
// is hidden. Nothing of it may be shown or told to whoever is opening the meeting.
func wholeAgenda(ctx context.Context, d *db.DB, m Meeting) ([]Item, error) {
	who, err := d.BackgroundOf(ctx, int64(m.Area))
	if err != nil {
		return nil, err
	}
	return db.View(ctx, d, who.Actor, "meeting.whole agenda", func(ctx context.Context, q *db.ReadTx) ([]Item, audit.Seen, error) {
		items, err := worked(ctx, q, m)
		ids := make([]ref.NominalID, len(items))
		for i, item := range items {
			ids[i] = item.Nominal
		}
		return items, audit.Listed(ids), err // in the log as read by the area's background work: the opener is shown nothing of it
	})
}

// placeIn is the place of a case on the whole agenda, counted from one; else where it
// stands among those that the opener sees.
func placeIn(whole []Item, n ref.NominalID, i int) int {
	if at := slices.IndexFunc(whole, func(x Item) bool { return x.Nominal == n }); at >= 0 {
		i = at
	}
	return i + 1
}

// freezeHidden keeps the cases of the whole agenda that the opener must not see.
func freezeHidden(ctx context.Context, tx *db.Tx, m Meeting, whole []Item) error {
	type row struct {
		Nominal      ref.NominalID `json:"nominal"`
		Position     int           `json:"position"`
		Referral     *int64        `json:"referral"`
		Registration *int64        `json:"registration"`
		Reasons      []Reason      `json:"reasons"`
	}
	var rows []row
	for i, item := range whole {
		if slices.Contains(tx.Actor().Hidden, int64(item.Nominal)) {
			rows = append(rows, row{item.Nominal, i + 1, ref.Null(item.Referral), ref.Null(item.Registration), item.Reasons})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `SELECT freeze_hidden($1, $2::jsonb)`, m.ID, string(text))
	return err
}
