package meeting

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is a meeting to be planned, or what a planned one is changed to.
type New struct {
	Area   ref.AreaID
	Kind   Kind
	HeldOn clock.Date
	Starts string // 15:04
	Ends   string // 15:04; empty: as long as its kind usually takes (UsualEnd)
	Place  string
	Chair  ref.AccountID
	Joint  ref.AccountID // 0: nobody
	NextOn clock.Date    // zero: the next of the area's series, or by its cadence; of a meeting of a series always by that
	Reason string        // why a planned meeting is changed; kept
}

var timeOfDay = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// CheckNew says what is wrong with a plan. A day at a weekend or a bank holiday
// is allowed: the page says so and asks nothing. chairs are the accounts that
// may take the chair in the area (R55).
func CheckNew(n New, chairs []ref.AccountID) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, rule, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if n.Kind != Operational && n.Kind != Practitioners {
		say("kind", "R52", "Choose the kind of meeting")
	}
	if n.HeldOn.IsZero() {
		say("held_on", "R52", "Enter the date of the meeting")
	}
	if !timeOfDay.MatchString(n.Starts) {
		say("starts", "R52", "Enter the time at which the meeting starts")
	} else if text := checkEnd(n.Kind, n.Starts, n.Ends); text != "" {
		say("ends", "R52", text)
	}
	if strings.TrimSpace(n.Place) == "" {
		say("place", "R52", "Enter where the meeting is held")
	}
	if !slices.Contains(chairs, n.Chair) {
		say("chair", "R55", "Choose a chair from the list: somebody who may chair meetings in this area")
	}
	if n.Joint != 0 && (!slices.Contains(chairs, n.Joint) || n.Joint == n.Chair) {
		say("joint", "R55", "Choose another person who may chair meetings in this area, or nobody")
	}
	if !n.NextOn.IsZero() && !n.NextOn.After(n.HeldOn) {
		say("next_on", "R52", "The next meeting must be later than this one")
	}
	return wrong
}

// checkEnd says what is wrong with when a meeting ends that starts at a time of day.
func checkEnd(k Kind, starts, ends string) string {
	switch end := endOf(k, starts, ends); {
	case !timeOfDay.MatchString(end):
		return "Enter the time at which the meeting ends, or leave it empty"
	case end <= starts:
		return "The meeting must end later than it starts, on the same day"
	}
	return ""
}

// Plan plans a meeting of an area node for the leaves under it. The one who
// plans it and who chairs it are its first attendees.
func Plan(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.MeetingID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id ref.MeetingID, err error) {
		if err := prepare(ctx, tx, &n); err != nil {
			return 0, err
		}
		err = tx.QueryRow(ctx, `
			INSERT INTO meeting (area_id, kind, held_on, starts, ends, place, chair_id, joint_chair_id, next_on, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
			n.Area, n.Kind, n.HeldOn, n.Starts, n.Ends, n.Place, n.Chair, ref.Null(n.Joint), n.NextOn, tx.Now(), tx.Actor().Account).Scan(&id)
		if err != nil {
			return 0, err
		}
		tx.Record(event("plan", id, n.Area, "held_on", "starts", "ends", "place", "chair", "joint", "next_on"))
		return id, seatFirst(ctx, tx, id, n)
	})
}

// Change changes a meeting that has not been opened; what it was is kept. version is
// the one that was on the page; fault.Changed when somebody else saved since. Its area
// and kind stay. A meeting of a series needs a reason for another day or time, is left
// alone by the series from then on, and moves the end of what the one before looks at.
// Another day moves the last day of the guests' access (GuestsUntil).
func Change(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, version int64, n New) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		of, err := lockSeriesOf(ctx, tx, id)
		if err != nil {
			return false, err
		}
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		n.Area, n.Kind, n.Reason = m.Area, m.Kind, strings.TrimSpace(n.Reason)
		if of != 0 {
			n.NextOn = clock.Date{}
		}
		if err := prepare(ctx, tx, &n); err != nil {
			return false, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return false, err
		}
		if of != 0 && n.Reason == "" && (n.HeldOn != m.HeldOn || n.Starts != m.Starts || n.Ends != m.Ends) {
			return false, fault.Refuse("reason", "R52", "Enter the reason why this meeting of the series is moved")
		}
		if m.Version != version {
			return false, fault.Changed()
		}
		if err := keepFormer(ctx, tx, id, nil, n.Reason); err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `UPDATE meeting SET held_on = $2, starts = $3, ends = $4, place = $5, chair_id = $6, joint_chair_id = $7, next_on = $8,
			version = version + 1 WHERE id = $1`, id, n.HeldOn, n.Starts, n.Ends, n.Place, n.Chair, ref.Null(n.Joint), n.NextOn)
		if err != nil {
			return false, err
		}
		e := event("change", id, n.Area, "held_on", "starts", "ends", "place", "chair", "joint", "next_on")
		e.Operation = audit.Alter
		tx.Record(e)
		if n.HeldOn != m.HeldOn {
			if err := moveGuests(ctx, tx, m); err != nil {
				return false, err
			}
		}
		if err := seatFirst(ctx, tx, id, n); err != nil {
			return false, err
		}
		return true, followOf(ctx, tx, of)
	})
	return err
}

// Cancel calls off a meeting that has not been opened. The reason is kept, and a
// series does not plan it again.
func Cancel(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		of, err := lockSeriesOf(ctx, tx, id)
		if err != nil {
			return false, err
		}
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return false, err
		}
		if strings.TrimSpace(reason) == "" {
			return false, fault.Refuse("reason", "", "Enter the reason for cancelling the meeting")
		}
		_, err = tx.Exec(ctx, `INSERT INTO meeting_cancellation (meeting_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)`,
			id, reason, tx.Now(), tx.Actor().Account)
		if err != nil {
			return false, err
		}
		tx.Record(event("cancel", id, m.Area, "reason"))
		return true, followOf(ctx, tx, of)
	})
	return err
}

// prepare checks a plan and fills in what is left open.
func prepare(ctx context.Context, tx *db.Tx, n *New) error {
	if err := db.Must(tx, authz.RunMeetings, int64(n.Area)); err != nil {
		return err
	}
	chairs, err := Chairs(ctx, tx, n.Area)
	if err != nil {
		return err
	}
	var may []ref.AccountID
	for _, c := range chairs {
		may = append(may, c.ID)
	}
	if err := fault.Refused(CheckNew(*n, may)); err != nil {
		return err
	}
	n.Ends = endOf(n.Kind, n.Starts, n.Ends)
	if n.NextOn.IsZero() {
		n.NextOn, err = nextAfter(ctx, tx, *n)
	}
	return err
}

// nextAfter is the day of the meeting after one that is planned by itself: the next that
// a series of the area has planned of the same kind, else by the area's cadence (R54).
func nextAfter(ctx context.Context, tx *db.Tx, n New) (next clock.Date, err error) {
	err = tx.QueryRow(ctx, `SELECT min(m.held_on) FROM meeting m JOIN meeting_slot s ON s.meeting_id = m.id AND s.freed_at IS NULL
		WHERE m.area_id = $1 AND m.kind = $2 AND m.held_on > $3 AND NOT EXISTS (SELECT FROM meeting_cancellation x WHERE x.meeting_id = m.id)`,
		n.Area, n.Kind, n.HeldOn).Scan(&next)
	if err != nil || !next.IsZero() {
		return next, err
	}
	if n.Kind == Practitioners { // every week (R53)
		return Weekly.Next(n.HeldOn), nil
	}
	cadence, err := area.Setting(ctx, tx, n.Area, area.MeetingCadence)
	return Cadence(cadence).Next(n.HeldOn), err
}

// seatFirst makes attendees of the one who plans and of who chairs.
func seatFirst(ctx context.Context, tx *db.Tx, id ref.MeetingID, n New) error {
	chairs, err := Chairs(ctx, tx, n.Area)
	if err != nil {
		return err
	}
	for _, c := range chairs {
		if c.ID == n.Chair || c.ID == n.Joint {
			if err := seat(ctx, tx, id, c.ID, c.Agency, core); err != nil {
				return err
			}
		}
	}
	if agency := tx.Actor().AgencyIn(int64(n.Area)); agency != 0 {
		return seat(ctx, tx, id, ref.AccountID(tx.Actor().Account), ref.AgencyID(agency), core)
	}
	return nil
}

// mustBe refuses what only a meeting in a certain state allows.
func mustBe(m Meeting, want State) error {
	if m.State() == want {
		return nil
	}
	switch m.State() {
	case StatePlanned:
		return fault.Refuse("", "", "The meeting has not been opened yet")
	case StateOpen:
		return fault.Refuse("", "", "The meeting is open already: "+m.OpenedBy+" opened it")
	case StateCancelled:
		return fault.Refuse("", "", "The meeting was cancelled")
	}
	return fault.Refuse("", "", "The meeting has been closed: "+m.ClosedBy+" closed it")
}

// event is the log's line of a command about the meeting itself.
func event(command string, id ref.MeetingID, node ref.AreaID, fields ...string) audit.Event {
	return audit.Event{Operation: audit.Collect, Command: "meeting." + command, Area: int64(node), Object: "meeting", ObjectID: int64(id), Fields: fields}
}
