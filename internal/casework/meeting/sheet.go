package meeting

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// atCase is one case of an open meeting, held so that the meeting cannot be
// closed before what is being written is kept.
type atCase struct {
	meeting Meeting
	item    Item
	area    ref.AreaID // of the case
	agency  ref.AgencyID
	guest   bool
}

// decision is the meeting's decision on this case, in the chair's name (R3).
func (c atCase) decision(agreed string) ref.Decision {
	return ref.Decision{Meeting: c.meeting.ID, Chair: c.meeting.Chair, AgreedBy: agreed}
}

// event is the log's line of something written on the sheet.
func (c atCase) event(command string, op audit.Operation, fields ...string) audit.Event {
	e := event(command, c.meeting.ID, c.area, fields...)
	e.Operation, e.Nominals = op, []int64{int64(c.item.Nominal)}
	return e
}

// onSheet makes one entry on the sheet: the meeting is open, the actor has signed
// for it, the case is on its agenda, and the actor has the permission in the area
// of the case. A guest contributes to the cases named and no more (R58). What was
// kept of the form while it was typed is done with, and whoever follows is told.
func onSheet(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, p authz.Permission,
	fn func(ctx context.Context, tx *db.Tx, c atCase) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		c, err := hereAndNow(ctx, tx, id, n, p)
		if err != nil {
			return false, err
		}
		if err := fn(ctx, tx, c); err != nil {
			return false, err
		}
		if err := useUp(ctx, tx, c, s.Key()); err != nil {
			return false, err
		}
		return true, tell(ctx, tx, id, n, "record")
	})
	return err
}

func hereAndNow(ctx context.Context, tx *db.Tx, id ref.MeetingID, n ref.NominalID, p authz.Permission) (c atCase, err error) {
	if c.meeting, err = hold(ctx, tx, id); err != nil {
		return c, err
	}
	_, standing, err := opened(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if err := mustBe(c.meeting, StateOpen); err != nil {
		return c, err
	}
	item, ok, err := frozenCase(ctx, tx, c.meeting, n)
	if err != nil {
		return c, err
	}
	if !ok {
		return c, fault.Missing()
	}
	c.item, c.guest = item, standing.Guest
	if err := tx.QueryRow(ctx, `SELECT agency_id FROM meeting_attendee WHERE meeting_id = $1 AND account_id = $2`, id, tx.Actor().Account).Scan(&c.agency); err != nil {
		return c, err
	}
	if standing.Guest {
		if p != authz.Contribute {
			return c, fault.Denied("A guest contributes to the cases named and decides nothing")
		}
		return c, nil
	}
	scope, err := nominal.Must(ctx, tx, n, p)
	c.area = scope.Area
	return c, err
}

// agreedBy names who agreed a decision (R50): the agencies that the roll-call has
// as present, and the chair.
func agreedBy(ctx context.Context, q db.Querier, m Meeting) (string, error) {
	all, err := Attendees(ctx, q, m.ID)
	if err != nil {
		return "", err
	}
	var present []string
	for _, a := range all {
		if a.State == "present" && !a.Guest && !slices.Contains(present, a.AgencyName) {
			present = append(present, a.AgencyName)
		}
	}
	chair := m.ChairName + " in the chair"
	if m.JointName != "" {
		chair = m.ChairName + " and " + m.JointName + " in the chair"
	}
	if len(present) == 0 {
		return "The meeting, " + chair, nil
	}
	return strings.Join(present, ", ") + "; " + chair, nil
}
