package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The kinds of a note.
const (
	discussion     = "discussion"
	contribution   = "contribution"
	reviewDeferred = "review deferred"
)

// Note is something said of a case: an entry of its author that nobody changes.
type Note struct {
	ID         int64
	Nominal    ref.NominalID
	Kind       string // discussion, contribution, review deferred, written update
	Agency     ref.AgencyID
	AgencyName string // of a contribution
	Text       string
	At         time.Time
	By         string
}

// notesOf are the notes of one case at a meeting, or of all cases with 0, as they
// were made.
func notesOf(ctx context.Context, q db.Querier, id ref.MeetingID, n ref.NominalID) ([]Note, error) {
	rows, err := q.Query(ctx, `
		SELECT n.id, n.nominal_id AS nominal, n.kind, coalesce(n.agency_id, 0) AS agency, coalesce(y.name, '') AS agency_name, n.text,
			n.recorded_at AS at, c.name AS by
		FROM discussion_note n JOIN account c ON c.id = n.recorded_by LEFT JOIN agency y ON y.id = n.agency_id
		WHERE n.meeting_id = $1 AND ($2::bigint = 0 OR n.nominal_id = $2) ORDER BY n.id`, id, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Note])
}

// Discuss notes what was said of a case (R70). The problem's field is text.
func Discuss(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, text string) error {
	return onSheet(ctx, d, s, id, n, authz.RunMeetings, func(ctx context.Context, tx *db.Tx, c atCase) error {
		return note(ctx, tx, c, discussion, 0, text, "Enter what was said")
	})
}

// Contribute notes what an agency had to say of a case (R59): one's own or, by
// whoever runs the meeting, that of any agency that attends. agency 0 is one's
// own. The problem's fields are agency and text.
func Contribute(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, agency ref.AgencyID, text string) error {
	return onSheet(ctx, d, s, id, n, authz.Contribute, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if agency == 0 {
			agency = c.agency
		}
		if agency != c.agency {
			attends, err := agencyAttends(ctx, tx, id, agency)
			switch {
			case err != nil:
				return err
			case c.guest || !tx.Actor().MayIn(authz.RunMeetings, int64(c.area)):
				return fault.Denied("You contribute for your own agency. Whoever runs the meeting notes what another agency said")
			case !attends:
				return fault.Refuse("agency", "R59", "Choose an agency that attends this meeting")
			}
		}
		return note(ctx, tx, c, contribution, agency, text, "Enter what the agency contributed")
	})
}

// DeferReview puts off a review that is due at AMBER (R66) or eight weeks after a
// transfer from outside (R93), with the reason: the case comes back to the next
// meeting. The problem's field is reason.
func DeferReview(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, reason string) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if err := decidesCases(c.meeting, "review or defer"); err != nil {
			return err
		}
		if !c.item.Has(RuleAmber) && (!c.item.Has(RuleTransfer) || c.item.Has(RuleRed)) {
			return fault.Refuse("reason", "R66", "Only a review of AMBER, or after a transfer, that is due can be deferred: RED ALERT and RED are reviewed at every meeting")
		}
		if strings.TrimSpace(reason) == "" {
			return fault.Refuse("reason", "R66", "Enter the reason for deferring the review")
		}
		return note(ctx, tx, c, reviewDeferred, 0, reason, "")
	})
}

func note(ctx context.Context, tx *db.Tx, c atCase, kind string, agency ref.AgencyID, text, wanted string) error {
	if text = strings.TrimSpace(text); text == "" {
		return fault.Refuse("text", "R70", wanted)
	}
	_, err := tx.Exec(ctx, `INSERT INTO discussion_note (meeting_id, nominal_id, kind, agency_id, text, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.meeting.ID, c.item.Nominal, kind, ref.Null(agency), text, tx.Now(), tx.Actor().Account)
	tx.Record(c.event("note "+kind, audit.Collect, "text"))
	return err
}

func agencyAttends(ctx context.Context, q db.Querier, id ref.MeetingID, agency ref.AgencyID) (attends bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM meeting_attendee WHERE meeting_id = $1 AND agency_id = $2)`, id, agency).Scan(&attends)
	return attends, err
}
