package meeting

import (
	"context"
	"slices"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
)

// Ahead is the daily job that plans what the series have to have planned by then.
const Ahead job.Kind = "meeting_series.plan"

// PlanAhead is the worker of Ahead. A series whose chair may not chair any more waits
// until somebody has chosen another; its page says so. Doing it twice does no harm.
func PlanAhead(ctx context.Context, t job.Task) error {
	lacking, err := db.View(ctx, t.DB, t.Actor, "background", func(ctx context.Context, q *db.ReadTx) ([]ref.SeriesID, audit.Seen, error) {
		all, err := AllSeries(ctx, q)
		var ids []ref.SeriesID
		for _, s := range all {
			if err != nil || s.Ended(q.Today()) {
				continue
			}
			var lacks bool
			if lacks, err = lacksSome(ctx, q, s); lacks {
				ids = append(ids, s.ID)
			}
		}
		return ids, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	for _, id := range lacking {
		if _, err := db.Write(ctx, t.DB, t.Submission(), func(ctx context.Context, tx *db.Tx) (bool, error) {
			s, err := GetSeries(ctx, tx, id)
			if err != nil {
				return false, err
			}
			tx.Record(seriesEvent("plan", audit.Collect, id, s.Area))
			return true, ahead(ctx, tx, id)
		}); err != nil {
			return err
		}
	}
	return nil
}

// lacksSome says whether a series has not planned all that it has to have by now.
func lacksSome(ctx context.Context, q db.Querier, s Series) (bool, error) {
	chairless, err := Chairless(ctx, q, s)
	if err != nil || chairless {
		return false, err
	}
	until, err := horizon(ctx, q, s)
	if err != nil {
		return false, err
	}
	taken, err := takenSlots(ctx, q, s.ID)
	return slices.ContainsFunc(s.Days(q.Today(), until), func(d Day) bool { return !slices.Contains(taken, d.Slot) }), err
}

// Chairless says whether the chair of a series, or one of two, may not chair in its
// area any more (R55).
func Chairless(ctx context.Context, q db.Querier, s Series) (bool, error) {
	_, may, err := mayChair(ctx, q, s.Area)
	return !slices.Contains(may, s.Chair) || (s.Joint != 0 && !slices.Contains(may, s.Joint)), err
}

// horizon is the day up to which a series is planned.
func horizon(ctx context.Context, q db.Querier, s Series) (clock.Date, error) {
	months, err := area.Number(ctx, q, s.Area, area.MonthsAhead)
	return q.Today().AddMonths(months), err
}

func takenSlots(ctx context.Context, q db.Querier, id ref.SeriesID) ([]string, error) {
	all, err := Slots(ctx, q, id, day0)
	taken := make([]string, len(all))
	for i, s := range all {
		taken[i] = s.Slot
	}
	return taken, err
}

// ahead brings the meetings of a series from today on into line with what it is now.
func ahead(ctx context.Context, tx *db.Tx, id ref.SeriesID) error {
	if err := lockSeries(ctx, tx, id); err != nil {
		return err
	}
	s, err := GetSeries(ctx, tx, id)
	if err != nil {
		return err
	}
	if chairless, err := Chairless(ctx, tx, s); err != nil || chairless && s.LastOn.IsZero() {
		return err
	}
	until, err := horizon(ctx, tx, s)
	if err != nil {
		return err
	}
	// A setting that was lowered takes nothing away that is planned.
	planned, err := Slots(ctx, tx, id, tx.Today())
	if err != nil {
		return err
	}
	if n := len(planned); n > 0 && planned[n-1].HeldOn.After(until) {
		until = planned[n-1].HeldOn
	}
	if err := settle(ctx, tx, s, until); err != nil {
		return err
	}
	return follow(ctx, tx, s)
}

// settle makes the meetings of a series from today, or from its first day, until
// another those that it should have: it plans what is missing, changes what is
// otherwise, and gives up what should not be there.
func settle(ctx context.Context, tx *db.Tx, s Series, until clock.Date) error {
	from := tx.Today()
	if from.Before(s.From) {
		from = s.From
	}
	days := s.Days(from, until)
	taken, err := takenSlots(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	there, err := Slots(ctx, tx, s.ID, tx.Today())
	if err != nil {
		return err
	}
	for _, m := range there {
		ended := s.Ended(m.HeldOn)
		if m.Left() || m.HeldOn.After(until) || m.HeldOn.Before(from) && !ended {
			continue
		}
		i := slices.IndexFunc(days, func(d Day) bool { return d.Slot == m.Slot })
		switch {
		case i < 0 || ended:
			err = s.giveUp(ctx, tx, m)
			taken = slices.DeleteFunc(taken, func(slot string) bool { return slot == m.Slot })
		case days[i].On != m.HeldOn || days[i].Due != m.Due || s.Starts != m.Starts || s.Ends != m.Ends || s.Place != m.Place || s.Chair != m.Chair || s.Joint != m.Joint:
			err = s.bring(ctx, tx, m, days[i])
		}
		if err != nil {
			return err
		}
	}
	seats, err := s.seats(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range days {
		if !slices.Contains(taken, d.Slot) {
			if err := s.plan(ctx, tx, d, seats); err != nil {
				return err
			}
		}
	}
	return nil
}

// seats are those who attend each meeting of a series: its chairs, and of its members
// those who work in the area today.
func (s Series) seats(ctx context.Context, tx *db.Tx) ([]account.Person, error) {
	chairs, _, err := mayChair(ctx, tx, s.Area)
	if err != nil {
		return nil, err
	}
	people, err := account.People(ctx, tx, s.Area)
	var seats []account.Person
	for _, p := range slices.Concat(chairs, people) {
		if (p.ID == s.Chair || p.ID == s.Joint || slices.Contains(s.Members, p.ID)) &&
			!slices.ContainsFunc(seats, func(o account.Person) bool { return o.ID == p.ID }) {
			seats = append(seats, p)
		}
	}
	return seats, err
}

// plan plans the meeting of one day.
func (s Series) plan(ctx context.Context, tx *db.Tx, d Day, seats []account.Person) error {
	var id ref.MeetingID
	// The day after stands for the next meeting until follow has put it right.
	err := tx.QueryRow(ctx, `
		INSERT INTO meeting (area_id, kind, held_on, starts, ends, place, chair_id, joint_chair_id, next_on, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		s.Area, s.Kind, d.On, s.Starts, s.Ends, s.Place, s.Chair, ref.Null(s.Joint), d.On.AddDays(1), tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO meeting_slot (meeting_id, series_id, slot, due_on, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, s.ID, d.Slot, d.Due, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	tx.Record(event("plan", id, s.Area, "held_on", "starts", "ends", "place", "chair", "joint", "next_on"))
	return s.seatAll(ctx, tx, id, seats)
}

func (s Series) seatAll(ctx context.Context, tx *db.Tx, id ref.MeetingID, seats []account.Person) error {
	for _, p := range seats {
		if err := seat(ctx, tx, id, p.ID, p.Agency, core); err != nil {
			return err
		}
	}
	return nil
}

// bring changes a planned meeting to what the series is now.
func (s Series) bring(ctx context.Context, tx *db.Tx, m Slot, d Day) error {
	if err := keepFormer(ctx, tx, m.Meeting, &s.Version, ""); err != nil {
		return err
	}
	// Its next meeting is put right by follow; until then it must only be later.
	if _, err := tx.Exec(ctx, `UPDATE meeting SET held_on = $2, starts = $3, ends = $4, place = $5, chair_id = $6, joint_chair_id = $7, next_on = $8, version = version + 1
		WHERE id = $1`, m.Meeting, d.On, s.Starts, s.Ends, s.Place, s.Chair, ref.Null(s.Joint), d.On.AddDays(1)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE meeting_slot SET due_on = $2 WHERE meeting_id = $1`, m.Meeting, d.Due); err != nil {
		return err
	}
	e := event("change", m.Meeting, s.Area, "held_on", "starts", "ends", "place", "chair", "joint")
	e.Operation = audit.Alter
	tx.Record(e)
	seats, err := s.seats(ctx, tx)
	if err != nil {
		return err
	}
	return s.seatAll(ctx, tx, m.Meeting, seats)
}

// giveUp cancels a meeting that is not of the series any more.
func (s Series) giveUp(ctx context.Context, tx *db.Tx, m Slot) error {
	reason := "The series of meetings was changed"
	if !s.LastOn.IsZero() {
		reason = "The series of meetings ends: " + s.EndReason
	}
	if _, err := tx.Exec(ctx, `INSERT INTO meeting_cancellation (meeting_id, reason, recorded_at, recorded_by) VALUES ($1, left($2, 20000), $3, $4)`,
		m.Meeting, reason, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	tx.Record(event("cancel", m.Meeting, s.Area, "reason"))
	_, err := tx.Exec(ctx, `UPDATE meeting_slot SET freed_at = $2 WHERE meeting_id = $1`, m.Meeting, tx.Now())
	return err
}

// follow puts right which meeting comes after each meeting of a series, as far as the
// minutes are not approved: a meeting that was moved moves what falls due before it.
func follow(ctx context.Context, tx *db.Tx, s Series) error {
	all, err := Slots(ctx, tx, s.ID, day0)
	if err != nil {
		return err
	}
	cadence, err := area.Setting(ctx, tx, s.Area, area.MeetingCadence)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Cancelled || m.Approved {
			continue
		}
		next := s.after(m.HeldOn, all)
		if next.IsZero() {
			next = Cadence(cadence).Next(m.HeldOn)
		}
		if next != m.NextOn {
			if _, err := tx.Exec(ctx, `UPDATE meeting SET next_on = $2, version = version + 1 WHERE id = $1`, m.Meeting, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// after is the day of the first meeting after a day: of those there are, else the
// first of the rhythm that none stands for. It is zero when the series has ended.
func (s Series) after(on clock.Date, all []Slot) clock.Date {
	for _, m := range all { // in order
		if !m.Cancelled && m.HeldOn.After(on) {
			return m.HeldOn
		}
	}
	for _, d := range s.Days(on.AddDays(1), on.AddMonths(4)) {
		if !slices.ContainsFunc(all, func(m Slot) bool { return m.Slot == d.Slot }) {
			return d.On
		}
	}
	return clock.Date{}
}

// followOf is follow for the series of a meeting that was moved or cancelled by hand.
func followOf(ctx context.Context, tx *db.Tx, of ref.SeriesID) error {
	if of == 0 {
		return nil
	}
	s, err := GetSeries(ctx, tx, of)
	if err != nil {
		return err
	}
	return follow(ctx, tx, s)
}

// keepFormer keeps what a meeting was before a change: by a version of its series, or
// by hand.
func keepFormer(ctx context.Context, tx *db.Tx, id ref.MeetingID, version *int64, reason string) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_change (meeting_id, held_on, starts, ends, place, chair_id, joint_chair_id, series_version, reason, recorded_at, recorded_by)
		SELECT id, held_on, starts, ends, place, chair_id, joint_chair_id, $2, $3, $4, $5 FROM meeting WHERE id = $1`,
		id, version, reason, tx.Now(), tx.Actor().Account)
	return err
}
