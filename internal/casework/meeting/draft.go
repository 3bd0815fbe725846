package meeting

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/live"
)

// Draft is what somebody is typing into a block of a case's sheet, as it was last
// saved. The notes of a case are read by everybody at it while they are typed:
// whoever is at the meeting has signed for it, and the sheet is on the wall (R63).
// All else that is half written is its author's alone.
type Draft struct {
	Nominal  ref.NominalID
	Block    string // of the sheet: discussion, contribution, review, action-7
	Key      string // of the form; sending the form uses it up
	Sequence int64
	Fields   map[string][]string // by name, as they were typed
	At       time.Time           // last saved
	Author   ref.AccountID
	By       string
}

// Note is the text of a draft of a note; empty for other blocks.
func (d Draft) Note() string {
	if values := d.Fields[d.Block+"-text"]; len(values) > 0 && (d.Block == discussion || d.Block == contribution) {
		return strings.TrimSpace(values[0])
	}
	return ""
}

// Save is one saving of a draft. Base is the sequence of the draft that the window
// began from, or that it was last told was kept. Writer names the window.
type Save struct {
	Block          string
	Key, Writer    string // UUIDs
	Base, Sequence int64
	Fields         map[string][]string
}

// Saved is what became of a saving.
type Saved string

// A saving is kept; or a later one of the same window was there before it; or the
// same draft was written in another window since, which keeps what it has; or the
// form was sent already.
const (
	SavedKept      Saved = "kept"
	SavedLate      Saved = "late"
	SavedElsewhere Saved = "elsewhere"
	SavedSent      Saved = "sent"
)

// SavedDraft is what became of a saving, and when.
type SavedDraft struct {
	Outcome  Saved
	Sequence int64
	At       time.Time
}

// stored is as much of a draft as decides about the next saving.
type stored struct {
	ID       int64
	Block    string
	Nominal  ref.NominalID
	Meeting  ref.MeetingID
	Writer   string
	Sequence int64
	Ended    bool
}

// fate says what becomes of a saving of a draft that is there: a window goes on with
// its own draft, or with the one that it was opened with, and never backwards.
func fate(s Save, was stored) Saved {
	switch {
	case was.Ended:
		return SavedSent
	case was.Writer != s.Writer && was.Sequence != s.Base:
		return SavedElsewhere
	case s.Sequence <= was.Sequence:
		return SavedLate
	}
	return SavedKept
}

// mayDraft is the permission for the form of a block; ok is false for no block.
func mayDraft(block string) (p authz.Permission, ok bool) {
	name, _, _ := strings.Cut(block, "-")
	switch name {
	case discussion, "needs":
		return authz.RunMeetings, true
	case contribution:
		return authz.Contribute, true
	case "decision", "review", "defer", "removal", "ratify":
		return authz.Decide, true
	case "actions":
		return authz.SetAnyAction, true
	case "action":
		return authz.EndActions, true
	}
	return "", false
}

// SaveDraft keeps what is being typed. A saving that comes late, or twice, never
// undoes a later one (fate). What it answers is on disk. The log has the first
// saving of a draft, and its end; those between go on with the first.
func SaveDraft(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, save Save) (SavedDraft, error) {
	p, ok := mayDraft(save.Block)
	if !ok {
		return SavedDraft{}, fault.Missing()
	}
	return keepDraft(ctx, d, s, save, func(ctx context.Context, tx *db.Tx) (atCase, error) { return hereAndNow(ctx, tx, id, n, p) })
}

// keepDraft keeps what is being typed about a case that the actor may write about.
func keepDraft(ctx context.Context, d *db.DB, s db.Submission, save Save, find func(ctx context.Context, tx *db.Tx) (atCase, error)) (SavedDraft, error) {
	save.Fields = fieldsOf(save)
	var answer SavedDraft
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		answer = SavedDraft{Outcome: SavedKept, Sequence: save.Sequence, At: tx.Now()}
		c, err := find(ctx, tx)
		if err != nil {
			return false, err
		}
		id, n := c.meeting.ID, c.item.Nominal
		if save.Key == "" || save.Writer == "" || save.Base < 0 || save.Sequence <= 0 {
			return false, fault.Refuse("", "", "What is being typed cannot be kept: the page is not whole. Open it again")
		}
		started, err := startDraft(ctx, tx, c, save)
		if err != nil {
			return false, err
		}
		if started != 0 {
			e := c.event("draft "+save.Block, audit.Collect, "fields")
			e.Object, e.ObjectID = "draft", started
			tx.Record(e)
			return true, tell(ctx, tx, id, n, "draft")
		}
		was, err := draftAt(ctx, tx, save.Key)
		if err != nil {
			return false, err
		}
		if was.Meeting != id || was.Nominal != n || was.Block != save.Block && !was.Ended {
			return false, fault.Missing()
		}
		if answer.Outcome = fate(save, was); answer.Outcome != SavedKept {
			answer.Sequence = was.Sequence
			return false, errUnwritten
		}
		if _, err := tx.Exec(ctx, `UPDATE sheet_draft SET fields = $2, sequence = $3, writer = $4, changed_at = $5 WHERE id = $1`,
			was.ID, save.Fields, save.Sequence, save.Writer, tx.Now()); err != nil {
			return false, err
		}
		if err := tx.Continue(ctx, was.ID); err != nil {
			return false, err
		}
		return true, tell(ctx, tx, id, n, "draft")
	})
	if errors.Is(err, errUnwritten) {
		return answer, nil
	}
	return answer, err
}

// errUnwritten undoes a transaction that found nothing to write.
var errUnwritten = errors.New("meeting: nothing was written")

// fieldsOf are the fields that belong to the block, without what Postgres does not
// store.
func fieldsOf(s Save) map[string][]string {
	kept := map[string][]string{}
	for name, values := range s.Fields {
		if !strings.HasPrefix(name, s.Block+"-") {
			continue
		}
		for _, v := range values {
			kept[name] = append(kept[name], strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", ""))
		}
	}
	return kept
}

// startDraft begins a draft; its id is 0 when the key is there already. Two that
// begin it at once wait for each other.
func startDraft(ctx context.Context, tx *db.Tx, c atCase, s Save) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO sheet_draft (meeting_id, nominal_id, block, key, writer, sequence, fields, changed_at, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT (recorded_by, key) DO NOTHING RETURNING id`,
		c.meeting.ID, c.item.Nominal, s.Block, s.Key, s.Writer, s.Sequence, s.Fields, tx.Now(), tx.Actor().Account).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func draftAt(ctx context.Context, tx *db.Tx, key string) (was stored, err error) {
	rows, err := tx.Query(ctx, `SELECT id, meeting_id AS meeting, nominal_id AS nominal, block, writer::text, sequence, ended_at IS NOT NULL AS ended
		FROM sheet_draft WHERE recorded_by = $1 AND key = $2 FOR UPDATE`, tx.Actor().Account, key)
	if err != nil {
		return was, err
	}
	was, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[stored])
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Missing()
	}
	return was, err
}

// useUp ends the draft of a form that is being sent. A saving that is still on its
// way finds the key used up, also when it would have been the first.
func useUp(ctx context.Context, tx *db.Tx, c atCase, key string) error {
	if key == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO sheet_draft (meeting_id, nominal_id, block, key, writer, sequence, fields, changed_at, ended_at, recorded_at, recorded_by)
		VALUES ($1, $2, 'contribution', $3, $3, 0, '{}', $4, $4, $4, $5)
		ON CONFLICT (recorded_by, key) DO UPDATE SET ended_at = EXCLUDED.ended_at`,
		c.meeting.ID, c.item.Nominal, key, tx.Now(), tx.Actor().Account)
	return err
}

// draftsOf are the drafts of one case that the actor may read: all of its notes,
// and the actor's own of other blocks; the oldest first. Empty ones are left out.
func draftsOf(ctx context.Context, q db.Querier, id ref.MeetingID, n ref.NominalID) ([]Draft, error) {
	rows, err := q.Query(ctx, `
		SELECT d.nominal_id AS nominal, d.block, d.key::text, d.sequence, d.fields, d.changed_at AS at, d.recorded_by AS author, c.name AS by
		FROM sheet_draft d JOIN account c ON c.id = d.recorded_by
		WHERE d.meeting_id = $1 AND d.nominal_id = $2 AND d.ended_at IS NULL ORDER BY d.id`, id, n)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Draft])
	kept := all[:0]
	for _, d := range all {
		if !d.empty() {
			kept = append(kept, d)
		}
	}
	return kept, err
}

func (d Draft) empty() bool {
	for _, values := range d.Fields {
		for _, v := range values {
			if strings.TrimSpace(v) != "" {
				return false
			}
		}
	}
	return true
}

// publishDrafts makes notes of what was still being typed when the meeting was
// closed, in the names of their authors. Listing them as missing instead would let
// one person's unfinished sentence hold up the closing, or let the chair close over
// it and lose it; and nobody can send another's note. The closing's row must be
// there already.
func publishDrafts(ctx context.Context, tx *db.Tx, m Meeting) error {
	var about []int64
	if err := tx.QueryRow(ctx, `SELECT publish_drafts($1)`, m.ID).Scan(&about); err != nil {
		return err
	}
	if len(about) > 0 {
		e := event("publish drafts", m.ID, m.Area, "text")
		e.Operation, e.Nominals = audit.Collect, about
		tx.Record(e)
	}
	return tell(ctx, tx, m.ID, 0, "closed")
}

// tell says to whoever follows the meeting that something of a case has changed; 0
// is the meeting itself.
func tell(ctx context.Context, tx *db.Tx, id ref.MeetingID, n ref.NominalID, kind string) error {
	return live.Notify(ctx, tx, int64(id), int64(n), kind)
}
