package meeting

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Statement is the words that every attendee signs at every meeting (R61, R184).
type Statement struct {
	ID   int64 // 0: the area has none of its own yet
	Text string
	From clock.Date // zero with ID 0
}

// DefaultStatement is what an area signs until it has words of its own. The guide
// asks for a statement and leaves its wording to the agreements in force (R158).
const DefaultStatement = `I attend this meeting for my agency, under the information-sharing agreement in force between the agencies of this scheme.

What I read and hear about people at this meeting is confidential. I will use it only to manage risk, prevent offending, protect the public and support the people discussed.

I will share it outside this meeting only with those in my agency who need it for that work, or where the law requires it, and I will say where it came from and how it is marked.

I will keep papers and notes marked OFFICIAL-SENSITIVE, secure, and no longer than they are needed. I will not copy them elsewhere.

If I know somebody discussed here personally, or have another interest in a case, I will say so to the chair before that case is opened.

I know that each time I open a case it is recorded.`

// StatementFor is what is signed at a meeting of an area: the latest words of the
// area itself or of the nearest one above it that has any, else ours.
func StatementFor(ctx context.Context, q db.Querier, node ref.AreaID) (Statement, error) {
	var s Statement
	err := q.QueryRow(ctx, `
		WITH RECURSIVE up AS (
			SELECT id, parent_id, 0 AS far FROM area WHERE id = $1
			UNION ALL SELECT a.id, a.parent_id, up.far + 1 FROM area a JOIN up ON a.id = up.parent_id)
		SELECT s.id, s.text, s.valid_from FROM up JOIN confidentiality_statement s ON s.area_id = up.id
		WHERE s.valid_from <= $2 ORDER BY up.far, s.id DESC LIMIT 1`, node, q.Today()).Scan(&s.ID, &s.Text, &s.From)
	if errors.Is(err, pgx.ErrNoRows) {
		return Statement{Text: DefaultStatement}, nil
	}
	return s, err
}

// Sign puts the actor's name under the statement of a meeting, on the actor's own
// account. statement is the one that was on the page: if the area has changed its
// words since, they are shown again (fault.Changed). A signature cannot be taken
// back, and none is taken once the meeting is closed. Signing twice changes nothing.
func Sign(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, statement int64, signedAs string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return false, err
		}
		standing, err := StandingIn(ctx, tx, m)
		if err != nil {
			return false, err
		}
		if !standing.Attends {
			return false, fault.Refuse("", "R61", "You are not on the list of attendees. Ask the co-ordinator to invite you")
		}
		if m.State() != StatePlanned {
			if err := mustBe(m, StateOpen); err != nil {
				return false, err
			}
		}
		if strings.TrimSpace(signedAs) == "" {
			return false, fault.Refuse("signed_as", "R61", "Type your name to sign the statement")
		}
		current, err := StatementFor(ctx, tx, m.Area)
		if err != nil {
			return false, err
		}
		if current.ID != statement && !(statement == 0 && current.Text == DefaultStatement) {
			return false, fault.Changed()
		}
		if current.ID == 0 {
			// Our words become the area's at the first signature, so that every
			// signature points to the words that it is under.
			if current.ID, err = insertStatement(ctx, tx, m.Area, DefaultStatement); err != nil {
				return false, err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO confidentiality_signature (meeting_id, account_id, statement_id, signed_as, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $2) ON CONFLICT DO NOTHING`, id, tx.Actor().Account, current.ID, signedAs, tx.Now())
		if err == nil {
			_, err = tx.Exec(ctx, `SELECT guest_signed($1, $2)`, id, tx.Now())
		}
		tx.Record(event("sign", id, m.Area, "statement", "signed_as"))
		return true, err
	})
	return err
}

// Restate gives an area new words, in force from today. Signatures stay under the
// words that were signed.
func Restate(ctx context.Context, d *db.DB, s db.Submission, node ref.AreaID, text string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := db.Must(tx, authz.ApproveMinutes, int64(node)); err != nil {
			return false, err
		}
		if strings.TrimSpace(text) == "" {
			return false, fault.Refuse("text", "R61", "Enter the confidentiality statement")
		}
		_, err := insertStatement(ctx, tx, node, text)
		tx.Record(event("restate", 0, node, "text"))
		return true, err
	})
	return err
}

func insertStatement(ctx context.Context, tx *db.Tx, node ref.AreaID, text string) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO confidentiality_statement (area_id, text, valid_from, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5) RETURNING id`, node, text, tx.Today(), tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// SignedBy is how the actor signed a meeting's statement, for the receipt; ok is
// false for who has not.
func SignedBy(ctx context.Context, q db.Querier, id ref.MeetingID) (text string, a Attendee, ok bool, err error) {
	err = q.QueryRow(ctx, `SELECT s.signed_as, s.recorded_at, t.text FROM confidentiality_signature s
		JOIN confidentiality_statement t ON t.id = s.statement_id WHERE s.meeting_id = $1 AND s.account_id = $2`,
		id, q.Actor().Account).Scan(&a.SignedAs, &a.SignedAt, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", a, false, nil
	}
	return text, a, err == nil, err
}
