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
		me := ref.AccountID(tx.Actor().Account)
		if _, invited, err := attendeeOf(ctx, tx, id, me); err != nil {
			return false, err
		} else if !invited {
			return false, fault.Refuse("", "R61", "You are not on the list of attendees. Ask the co-ordinator to invite you")
		}
		if strings.TrimSpace(signedAs) == "" && m.ClosedAt == nil {
			return false, fault.Refuse("signed_as", "R61", "Type your name to sign the statement")
		}
		return true, sign(ctx, tx, m, statement, me, signedAs, 0)
	})
	return err
}

// Witness takes the signature of an attendee on the account of somebody who runs the
// meeting: the attendee reads the statement there and types the name of their own
// account, and whoever is signed in witnesses it (R61). It opens what a signature on
// one's own account opens. The problems' fields are account and signed_as.
func Witness(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, statement int64, who ref.AccountID, signedAs string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		signer, invited, err := attendeeOf(ctx, tx, id, who)
		if err != nil {
			return false, err
		}
		if err := fault.Refused(CheckWitnessed(signer, invited, ref.AccountID(tx.Actor().Account), signedAs)); err != nil {
			return false, err
		}
		return true, sign(ctx, tx, m, statement, who, signedAs, ref.AccountID(tx.Actor().Account))
	})
	return err
}

// CheckWitnessed says why a witness cannot take the signature of an attendee: nobody
// witnesses their own, and the name typed must be the signer's (R61).
func CheckWitnessed(signer Attendee, invited bool, witness ref.AccountID, signedAs string) []fault.Problem {
	switch {
	case !invited:
		return []fault.Problem{{Field: "account", Rule: "R61", Text: "Choose somebody from the list of attendees"}}
	case signer.Account == witness:
		return []fault.Problem{{Field: "account", Rule: "R61", Text: "Nobody witnesses their own signature. Sign for yourself instead"}}
	case !sameName(signedAs, signer.Name):
		return []fault.Problem{{Field: "signed_as", Rule: "R61", Text: "The name typed must be the name of the person who signs: " + signer.Name}}
	}
	return nil
}

// sameName compares names as people type them: case, spaces and the shape of an
// apostrophe or hyphen make no difference.
func sameName(typed, name string) bool {
	plain := strings.NewReplacer("\u2019", "'", "\u2018", "'", "\u2010", "-", "\u2011", "-", "\u2013", "-")
	fold := func(s string) string { return strings.Join(strings.Fields(plain.Replace(s)), " ") }
	return fold(typed) != "" && strings.EqualFold(fold(typed), fold(name))
}

// sign keeps a signature; witness 0 is a signature on one's own account.
func sign(ctx context.Context, tx *db.Tx, m Meeting, statement int64, who ref.AccountID, signedAs string, witness ref.AccountID) error {
	if m.State() != StatePlanned {
		if err := mustBe(m, StateOpen); err != nil {
			return err
		}
	}
	current, err := statementShown(ctx, tx, m, statement)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO confidentiality_signature (meeting_id, account_id, statement_id, signed_as, witnessed_by, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, m.ID, who, current, signedAs, ref.Null(witness), tx.Now(), tx.Actor().Account)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 && witness != 0 {
		return fault.Refuse("account", "R61", "This person has signed already")
	}
	e := event("sign", m.ID, m.Area, "statement", "signed_as")
	if witness != 0 {
		e = event("witness signature", m.ID, m.Area, "statement", "signed_as", "account")
	}
	tx.Record(e)
	_, err = tx.Exec(ctx, `SELECT guest_signed($1, $2, $3)`, m.ID, who, tx.Now())
	return err
}

// statementShown is the statement in force, if it is the one that was on the page;
// fault.Changed otherwise. Our words become the area's at the first signature, so
// that every signature points to the words that it is under.
func statementShown(ctx context.Context, tx *db.Tx, m Meeting, shown int64) (int64, error) {
	current, err := StatementFor(ctx, tx, m.Area)
	if err != nil {
		return 0, err
	}
	if current.ID != shown && !(shown == 0 && current.Text == DefaultStatement) {
		return 0, fault.Changed()
	}
	if current.ID == 0 {
		return insertStatement(ctx, tx, m.Area, DefaultStatement)
	}
	return current.ID, nil
}

// Accept lets a member who did not sign for the meeting read what it recorded, once
// it is closed: the statement binds whoever reads (R62, docs/adr). It is not a
// signature, and nobody is counted as having signed by it. A guest is heard at the
// meeting or not at all, and has no case opened afterwards.
func Accept(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, statement int64, acceptedAs string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return false, err
		}
		standing, err := StandingIn(ctx, tx, m)
		if err != nil {
			return false, err
		}
		switch {
		case !standing.Attends || standing.Guest:
			return false, fault.Denied("Only members who were invited to the meeting accept the statement to read its minutes")
		case m.ClosedAt == nil:
			return false, fault.Refuse("", "R62", "The meeting is not closed. Sign the statement instead")
		case strings.TrimSpace(acceptedAs) == "":
			return false, fault.Refuse("signed_as", "R62", "Type your name to accept the statement")
		}
		current, err := statementShown(ctx, tx, m, statement)
		if err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO confidentiality_acceptance (meeting_id, account_id, statement_id, accepted_as, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $2) ON CONFLICT DO NOTHING`, id, tx.Actor().Account, current, acceptedAs, tx.Now())
		tx.Record(event("accept", id, m.Area, "statement", "accepted_as"))
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

// SignedBy is how the actor signed a meeting's statement or, after it, accepted it,
// for the receipt; ok is false for who has done neither.
func SignedBy(ctx context.Context, q db.Querier, id ref.MeetingID) (text string, a Attendee, ok bool, err error) {
	err = q.QueryRow(ctx, `SELECT s.named, s.recorded_at, coalesce(w.name, ''), t.text FROM (
			SELECT signed_as AS named, recorded_at, witnessed_by, statement_id FROM confidentiality_signature WHERE meeting_id = $1 AND account_id = $2
			UNION ALL SELECT accepted_as, recorded_at, NULL, statement_id FROM confidentiality_acceptance WHERE meeting_id = $1 AND account_id = $2) s
		JOIN confidentiality_statement t ON t.id = s.statement_id LEFT JOIN account w ON w.id = s.witnessed_by
		ORDER BY s.recorded_at LIMIT 1`, id, q.Actor().Account).Scan(&a.SignedAs, &a.SignedAt, &a.Witness, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", a, false, nil
	}
	return text, a, err == nil, err
}
