package meeting

import (
	"context"
	"slices"
	"strings"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// NewSeries is a series to be started.
type NewSeries struct {
	Area ref.AreaID
	Kind Kind
	Terms
}

// CheckTerms says what is wrong with a series. chairs are the accounts that may take
// the chair in its area (R55), people those who work there (R56).
func CheckTerms(k Kind, t Terms, chairs, people []ref.AccountID) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, rule, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if k != Operational && k != Practitioners {
		say("kind", "R52", "Choose the kind of meeting")
	}
	byWeekday := t.Weekday >= time.Monday && t.Weekday <= time.Friday
	switch t.Every {
	case MonthByWeekday:
		if t.Nth < 1 || t.Nth > LastInMonth {
			say("nth", "R52", "Choose which one in the month")
		}
		if !byWeekday {
			say("weekday", "R52", "Choose a weekday from Monday to Friday")
		}
	case MonthByDay:
		if t.MonthDay < 1 || t.MonthDay > 31 {
			say("month_day", "R52", "Choose the day of the month")
		}
	case Weeks:
		if t.Weeks < 1 || t.Weeks > 8 {
			say("weeks", "R54", "Choose every how many weeks")
		}
		if !byWeekday {
			say("weekday", "R53", "Choose a weekday from Monday to Friday")
		}
	default:
		say("every", "R54", "Choose how often it meets")
	}
	if t.From.IsZero() {
		say("from", "R52", "Enter the first day")
	}
	if !timeOfDay.MatchString(t.Starts) {
		say("starts", "R52", "Enter the time at which the meetings start")
	} else if text := checkEnd(k, t.Starts, t.Ends); text != "" {
		say("ends", "R52", text)
	}
	if strings.TrimSpace(t.Place) == "" {
		say("place", "R52", "Enter where the meetings are held")
	}
	if !slices.Contains(chairs, t.Chair) {
		say("chair", "R55", "Choose a chair from the list: somebody who may chair meetings in this area")
	}
	if t.Joint != 0 && (!slices.Contains(chairs, t.Joint) || t.Joint == t.Chair) {
		say("joint", "R55", "Choose another person who may chair meetings in this area, or nobody")
	}
	if slices.ContainsFunc(t.Members, func(m ref.AccountID) bool { return !slices.Contains(people, m) }) {
		say("member", "R56", "Choose people who work in this area, from the list")
	}
	return wrong
}

// StartSeries starts a series and plans its first meetings. It plans none of the past:
// a meeting that was held already is planned by itself. The problems' fields are those
// of CheckTerms.
func StartSeries(ctx context.Context, d *db.DB, s db.Submission, n NewSeries) (ref.SeriesID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (id ref.SeriesID, err error) {
		if err := checked(ctx, tx, n.Area, n.Kind, &n.Terms); err != nil {
			return 0, err
		}
		if err := tx.QueryRow(ctx, `INSERT INTO meeting_series (area_id, kind, recorded_at, recorded_by) VALUES ($1, $2, $3, $4) RETURNING id`,
			n.Area, n.Kind, tx.Now(), tx.Actor().Account).Scan(&id); err != nil {
			return 0, err
		}
		if err := insertTerms(ctx, tx, id, 1, n.Terms, ""); err != nil {
			return 0, err
		}
		tx.Record(seriesEvent("start", audit.Collect, id, n.Area, "rhythm", "from", "starts", "ends", "place", "chair", "joint", "members"))
		return id, ahead(ctx, tx, id)
	})
}

// ChangeSeries changes what a series is from a day on, which is today or later and at
// most a year away. Its meetings from then on follow; those that somebody changed,
// signed for or invited a guest to stay as they are. version is the one that was on the
// page; fault.Changed when somebody else saved since.
func ChangeSeries(ctx context.Context, d *db.DB, s db.Submission, id ref.SeriesID, version int64, t Terms, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		old, err := running(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := checked(ctx, tx, old.Area, old.Kind, &t); err != nil {
			return false, err
		}
		reason = strings.TrimSpace(reason)
		switch today := tx.Today(); {
		case t.From.Before(today):
			return false, fault.Refuse("from", "R52", "The change must begin today or later: what was planned before stays")
		case t.From.After(today.AddMonths(12)):
			return false, fault.Refuse("from", "R52", "The change must begin within a year")
		case old.Ended(t.From):
			return false, fault.Refuse("from", "R52", "The series ends on "+old.LastOn.Long()+". The change must begin before that")
		case reason == "":
			return false, fault.Refuse("reason", "R52", "Enter the reason for the change")
		}
		if old.Version != version {
			return false, fault.Changed()
		}
		// What it was holds until the day before, if it can be held.
		chairless, err := Chairless(ctx, tx, old)
		if err != nil {
			return false, err
		}
		if !chairless {
			if err := settle(ctx, tx, old, t.From.AddDays(-1)); err != nil {
				return false, err
			}
		}
		if err := insertTerms(ctx, tx, id, version+1, t, reason); err != nil {
			return false, err
		}
		tx.Record(seriesEvent("change", audit.Alter, id, old.Area, "rhythm", "from", "starts", "ends", "place", "chair", "joint", "members"))
		return true, ahead(ctx, tx, id)
	})
	return err
}

// EndSeries says on which day a series meets for the last time. Meetings that are
// planned after it are cancelled, but for those that ChangeSeries would leave.
func EndSeries(ctx context.Context, d *db.DB, s db.Submission, id ref.SeriesID, version int64, lastOn clock.Date, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		old, err := running(ctx, tx, id)
		if err != nil {
			return false, err
		}
		switch reason = strings.TrimSpace(reason); {
		case lastOn.IsZero():
			return false, fault.Refuse("last_on", "R52", "Enter the last day")
		case lastOn.Before(tx.Today()):
			return false, fault.Refuse("last_on", "R52", "The last day must be today or later: what was planned before stays")
		case reason == "":
			return false, fault.Refuse("reason", "R52", "Enter the reason for the end of the series")
		}
		if old.Version != version {
			return false, fault.Changed()
		}
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_series_end (series_id, last_on, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			id, lastOn, reason, tx.Now(), tx.Actor().Account); err != nil {
			return false, err
		}
		tx.Record(seriesEvent("end", audit.Alter, id, old.Area, "last_on", "reason"))
		return true, ahead(ctx, tx, id)
	})
	return err
}

// running locks a series that has no end yet, for who may run its meetings.
func running(ctx context.Context, tx *db.Tx, id ref.SeriesID) (Series, error) {
	if err := lockSeries(ctx, tx, id); err != nil {
		return Series{}, err
	}
	s, err := GetSeries(ctx, tx, id)
	if err == nil && !s.LastOn.IsZero() {
		err = fault.Refuse("", "R52", "The series has an end already: its last day is "+s.LastOn.Long())
	}
	return s, err
}

// checked says whether the actor may run such a series in an area. Fields that are not
// of its rhythm are emptied.
func checked(ctx context.Context, tx *db.Tx, node ref.AreaID, k Kind, t *Terms) error {
	if err := db.Must(tx, authz.RunMeetings, int64(node)); err != nil {
		return err
	}
	_, chairs, err := mayChair(ctx, tx, node)
	if err != nil {
		return err
	}
	people, err := account.People(ctx, tx, node)
	if err != nil {
		return err
	}
	ids := make([]ref.AccountID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	if err := fault.Refused(CheckTerms(k, *t, chairs, ids)); err != nil {
		return err
	}
	t.Ends = endOf(k, t.Starts, t.Ends)
	slices.Sort(t.Members)
	t.Members = slices.Compact(t.Members)
	if t.Members == nil {
		t.Members = []ref.AccountID{}
	}
	return nil
}

// seriesEvent is the log's line of a command about a series.
func seriesEvent(command string, op audit.Operation, id ref.SeriesID, node ref.AreaID, fields ...string) audit.Event {
	return audit.Event{Operation: op, Command: "meeting_series." + command, Area: int64(node), Object: "meeting_series", ObjectID: int64(id), Fields: fields}
}
