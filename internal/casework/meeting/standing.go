package meeting

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Standing is what somebody is at a meeting, and what follows from it.
type Standing struct {
	Attends bool
	Guest   bool // for named cases only (R58)
	Signed  bool // the confidentiality statement of this meeting (R62)
	Reads   bool // did not sign, and accepted the statement after the closing, to read
	Runs    bool // may plan, invite, open, write the sheet, close
	Chairs  bool // may approve the minutes, and close with things missing
}

// StandingIn is the actor's standing at a meeting that Get has given.
func StandingIn(ctx context.Context, q db.Querier, m Meeting) (Standing, error) {
	actor := q.Actor()
	s := Standing{Runs: actor.MayIn(authz.RunMeetings, int64(m.Area)), Chairs: actor.MayIn(authz.ApproveMinutes, int64(m.Area))}
	err := q.QueryRow(ctx, `SELECT t.capacity = 'guest', s.account_id IS NOT NULL, s.account_id IS NULL AND r.account_id IS NOT NULL
		FROM meeting_attendee t LEFT JOIN confidentiality_signature s ON s.meeting_id = t.meeting_id AND s.account_id = t.account_id
		LEFT JOIN confidentiality_acceptance r ON r.meeting_id = t.meeting_id AND r.account_id = t.account_id
		WHERE t.meeting_id = $1 AND t.account_id = $2`, m.ID, actor.Account).Scan(&s.Guest, &s.Signed, &s.Reads)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	s.Attends = err == nil
	return s, err
}

// Unsigned is the refusal of the papers to whoever has not signed the statement.
var errUnsigned = fault.Denied("Sign the confidentiality statement of this meeting before you open its cases")

// IsUnsigned says that papers were refused for want of a signature.
func IsUnsigned(err error) bool { return errors.Is(err, errUnsigned) }

// opened reads a meeting for somebody who wants its papers: nothing of a case
// is given to anybody, co-ordinator and chair included, who has not signed for
// this meeting (R61, R62). Once it is closed and can only be read, a member opens
// it who has accepted the statement since (Accept).
func opened(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, Standing, error) {
	m, err := Get(ctx, q, id)
	if err != nil {
		return m, Standing{}, err
	}
	s, err := StandingIn(ctx, q, m)
	if err == nil && !s.Signed && !s.Reads {
		err = errUnsigned
	}
	return m, s, err
}

// mustRun says whether the actor may run the meeting (R59).
func mustRun(tx *db.Tx, m Meeting) error {
	return db.Must(tx, authz.RunMeetings, int64(m.Area))
}
