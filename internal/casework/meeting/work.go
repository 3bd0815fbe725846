package meeting

import (
	"context"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// SetAction sets an action at the meeting (R73). The problems' fields are those
// of action.Set.
func SetAction(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, a action.New) error {
	return onSheet(ctx, d, s, id, n, authz.SetAnyAction, func(ctx context.Context, tx *db.Tx, c atCase) error {
		a.Nominal, a.Meeting = n, id
		_, err := action.Set(ctx, tx, a)
		return err
	})
}

// ChangeAction progresses, discharges or carries over an action of the case at
// the meeting (R69, R74). version is the one that was on the page; fault.Changed
// when somebody else saved since. The problems' fields are what, note and due.
func ChangeAction(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, of ref.ActionID, version int64, c action.Change) error {
	return onSheet(ctx, d, s, id, n, authz.EndActions, func(ctx context.Context, tx *db.Tx, at atCase) error {
		a, err := action.Get(ctx, tx, of)
		if err != nil {
			return err
		}
		if a.Nominal != n {
			return fault.Missing()
		}
		c.Meeting, c.Text = id, strings.TrimSpace(c.Text)
		return action.Apply(ctx, tx, of, version, c)
	})
}

// Assess updates one of the nine pathways at the meeting (R70). The problems'
// fields are those of need.Check.
func Assess(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, a need.Assessment) error {
	return onSheet(ctx, d, s, id, n, authz.RunMeetings, func(ctx context.Context, tx *db.Tx, c atCase) error {
		a.Meeting, a.On = id, tx.Today()
		if a.Source == "" {
			a.Source = c.meeting.Kind.Title() + " of " + c.meeting.HeldOn.Long()
		}
		if err := need.Record(ctx, tx, n, a); err != nil {
			return err
		}
		tx.Record(c.event("assess need", audit.Collect, "pathway", "level", "needs", "actions"))
		tx.Touch(int64(n))
		return nil
	})
}
