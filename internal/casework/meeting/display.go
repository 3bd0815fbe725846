package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Screen is a browser that shows the meeting and nothing else, on a wall.
type Screen struct {
	ID int64
	At time.Time
	By string
}

// StartDisplay sets up a screen for an open meeting, by whoever runs it and has
// signed for it. It gives the screen's number, for which the caller gives its
// session up.
func StartDisplay(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (screen int64, err error) {
		m, err := runs(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `INSERT INTO meeting_display (meeting_id, recorded_at, recorded_by) VALUES ($1, $2, $3) RETURNING id`,
			id, tx.Now(), tx.Actor().Account).Scan(&screen)
		e := event("start display", id, m.Area)
		e.Operation = audit.Disclose
		tx.Record(e)
		return screen, err
	})
}

// EndDisplays ends all screens of a meeting.
func EndDisplays(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := runs(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_display_end (display_id, recorded_at, recorded_by)
			SELECT id, $2, $3 FROM meeting_display WHERE meeting_id = $1 ON CONFLICT DO NOTHING`, id, tx.Now(), tx.Actor().Account); err != nil {
			return false, err
		}
		if err := endCodes(ctx, tx, id); err != nil {
			return false, err
		}
		e := event("end displays", id, m.Area)
		e.Operation = audit.Alter
		tx.Record(e)
		return true, tell(ctx, tx, id, 0, "call") // the screens ask, and are told that they have ended
	})
	return err
}

// runs holds an open meeting for somebody who runs it and has signed for it.
func runs(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Meeting, error) {
	m, err := hold(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if err := mustRun(tx, m); err != nil {
		return m, err
	}
	if _, _, err := opened(ctx, tx, id); err != nil {
		return m, err
	}
	return m, mustBe(m, StateOpen)
}

// Screens are the screens of a meeting that have not been ended.
func Screens(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Screen, error) {
	rows, err := q.Query(ctx, `SELECT d.id, d.recorded_at AS at, c.name AS by FROM meeting_display d JOIN account c ON c.id = d.recorded_by
		WHERE d.meeting_id = $1 AND NOT EXISTS (SELECT FROM meeting_display_end e WHERE e.display_id = d.id) ORDER BY d.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Screen])
}

// MayShow says whether a screen may still show the meeting: it was set up for this
// one, by the actor, nobody has ended it, and the meeting is open.
func MayShow(ctx context.Context, q db.Querier, id ref.MeetingID, screen int64) error {
	m, _, err := opened(ctx, q, id)
	if err != nil {
		return err
	}
	var good bool
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM meeting_display d WHERE d.id = $1 AND d.meeting_id = $2 AND d.recorded_by = $3
		AND NOT EXISTS (SELECT FROM meeting_display_end e WHERE e.display_id = d.id))`, screen, id, q.Actor().Account).Scan(&good)
	switch {
	case err == nil && !good:
		err = fault.Denied("This screen has been ended")
	case err == nil && m.State() != StateOpen:
		err = fault.Denied("The meeting is closed. This screen shows nothing of it any more")
	}
	return err
}

// Shown is what a screen shows of a meeting: where it stands, and the case that it
// has before it. Nobody is named but that one (R62).
type Shown struct {
	Meeting Meeting
	Done    []bool // of each case in the running order: nothing is missing
	At      int    // the case before the meeting, counted from 1; 0: none, or not for the reader
	Any     bool   // a case is before the meeting
	Case    Case   // with At
}

// Display is what a screen shows.
func Display(ctx context.Context, q db.Querier, id ref.MeetingID) (s Shown, err error) {
	var order []Line
	if s.Meeting, _, order, err = Sheet(ctx, q, id); err != nil {
		return s, err
	}
	n, _, some, err := Called(ctx, q, s.Meeting)
	if err != nil {
		return s, err
	}
	s.Any = some
	for i, l := range order {
		s.Done = append(s.Done, l.Done)
		if l.Nominal == n {
			s.At = i + 1
		}
	}
	if s.At == 0 {
		return s, nil
	}
	s.Case, err = CaseOf(ctx, q, id, n)
	s.Case.Changes = slices.DeleteFunc(s.Case.Changes, func(n News) bool { return !n.forTheRoom() })
	return s, err
}
