package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
)

// AgendaMail is the message that an agenda is there to be read.
const AgendaMail mail.Kind = "agenda"

// The moments at which the agenda is kept as it stood.
const (
	copyAgreed = "agreed"
	copySent   = "sent"
)

// Copy is the agenda as it stood at a moment: when a chair agreed it (R59), or when
// it was sent to those who attend.
type Copy struct {
	At    time.Time
	By    string
	Items []CopyItem // in the running order; as far as the reader may see
}

// CopyItem is one case of a copy.
type CopyItem struct {
	Nominal ref.NominalID
	Name    string
	Reasons []Reason
	LeftOff string // why the case was left off; empty: it was not
}

// Changes is how an agenda differs from a copy of it.
type Changes struct {
	New     map[ref.NominalID]bool // cases that the copy does not have
	Reasons map[ref.NominalID]bool // the rules that put it there are others, or say something else
	LeftOff map[ref.NominalID]bool // left off since
	Back    map[ref.NominalID]bool // put back since
	Gone    []CopyItem             // cases that the agenda does not have any more
}

// Any says that something differs.
func (c Changes) Any() bool {
	return len(c.New)+len(c.Reasons)+len(c.LeftOff)+len(c.Back)+len(c.Gone) > 0
}

// ChangesFrom compares an agenda with a copy of it. How many actions are open, and
// which is the oldest, changes from day to day and is no change of the agenda.
func ChangesFrom(before []CopyItem, now []Item) Changes {
	c := Changes{New: map[ref.NominalID]bool{}, Reasons: map[ref.NominalID]bool{}, LeftOff: map[ref.NominalID]bool{}, Back: map[ref.NominalID]bool{}}
	was := map[ref.NominalID]CopyItem{}
	for _, b := range before {
		was[b.Nominal] = b
	}
	for _, i := range now {
		b, there := was[i.Nominal]
		delete(was, i.Nominal)
		switch {
		case !there:
			c.New[i.Nominal] = true
			continue
		case b.LeftOff == "" && i.LeftOff != nil:
			c.LeftOff[i.Nominal] = true
		case b.LeftOff != "" && i.LeftOff == nil:
			c.Back[i.Nominal] = true
		}
		if !sameReasons(b.Reasons, i.Reasons) {
			c.Reasons[i.Nominal] = true
		}
	}
	for _, b := range before {
		if _, gone := was[b.Nominal]; gone {
			c.Gone = append(c.Gone, b)
		}
	}
	return c
}

func sameReasons(a, b []Reason) bool {
	return slices.EqualFunc(a, b, func(x, y Reason) bool {
		return x.Rule == y.Rule && (x.Rule == RuleOpenActions || x.Text == y.Text && x.Since == y.Since)
	})
}

// AgreedCopy and SentCopy are the latest copies of a meeting's agenda; ok is false
// when it was not agreed, or sent, yet.
func AgreedCopy(ctx context.Context, q db.Querier, id ref.MeetingID) (c Copy, ok bool, err error) {
	return latestCopy(ctx, q, id, copyAgreed)
}

// SentCopy: see AgreedCopy.
func SentCopy(ctx context.Context, q db.Querier, id ref.MeetingID) (c Copy, ok bool, err error) {
	return latestCopy(ctx, q, id, copySent)
}

func latestCopy(ctx context.Context, q db.Querier, id ref.MeetingID, kind string) (c Copy, ok bool, err error) {
	var copied int64
	err = q.QueryRow(ctx, `SELECT x.id, x.recorded_at, c.name FROM agenda_copy x JOIN account c ON c.id = x.recorded_by
		WHERE x.meeting_id = $1 AND x.kind = $2 ORDER BY x.id DESC LIMIT 1`, id, kind).Scan(&copied, &c.At, &c.By)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	rows, err := q.Query(ctx, `SELECT nominal_id, reasons, left_off FROM agenda_copy_item WHERE copy_id = $1 ORDER BY position`, copied)
	if err != nil {
		return c, false, err
	}
	c.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i CopyItem, err error) {
		var reasons []byte
		if err := row.Scan(&i.Nominal, &reasons, &i.LeftOff); err != nil {
			return i, err
		}
		return i, json.Unmarshal(reasons, &i.Reasons)
	})
	if err != nil {
		return c, false, err
	}
	return c, true, nameCopy(ctx, q, c.Items)
}

func nameCopy(ctx context.Context, q db.Querier, items []CopyItem) error {
	ids := make([]ref.NominalID, len(items))
	for i, item := range items {
		ids[i] = item.Nominal
	}
	names, err := nominal.Names(ctx, q, ids)
	for i := range items {
		items[i].Name = names[items[i].Nominal].Sorted()
	}
	return err
}

// AgreeAgenda is the chair's agreement of the agenda (R59): who, when, and the agenda as
// it stood. It can be given again after a change. It needs authz.ApproveMinutes.
func AgreeAgenda(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := db.Must(tx, authz.ApproveMinutes, int64(m.Area)); err != nil {
			return false, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return false, err
		}
		_, err = keepCopy(ctx, tx, m, copyAgreed)
		return true, err
	})
	return err
}

// SendAgenda sends the agenda that a chair has agreed to everybody invited: it is kept
// as it stands, so that what changes from then on is marked, and each of them gets a
// message with the address of the page and nothing about anybody. It can be sent
// again. It needs authz.RunMeetings and gives the number of messages.
func SendAgenda(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) (int, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if err := mustRun(tx, m); err != nil {
			return 0, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return 0, err
		}
		if _, agreed, err := AgreedCopy(ctx, tx, id); err != nil || !agreed {
			return 0, cmpErr(err, fault.Refuse("", "R59", "The chair agrees the agenda before it is sent"))
		}
		if _, err := keepCopy(ctx, tx, m, copySent); err != nil {
			return 0, err
		}
		attendees, err := Attendees(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		for _, a := range attendees {
			if _, err := mail.Queue(ctx, tx, mail.Letter{Kind: AgendaMail, About: int64(id), Area: int64(m.Area), Account: int64(a.Account)}); err != nil {
				return 0, err
			}
		}
		return len(attendees), nil
	})
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// keepCopy keeps the agenda as the actor sees it now.
func keepCopy(ctx context.Context, tx *db.Tx, m Meeting, kind string) (copied int64, err error) {
	items, err := worked(ctx, tx, m)
	if err != nil {
		return 0, err
	}
	if err := tx.QueryRow(ctx, `INSERT INTO agenda_copy (meeting_id, kind, recorded_at, recorded_by) VALUES ($1, $2, $3, $4) RETURNING id`,
		m.ID, kind, tx.Now(), tx.Actor().Account).Scan(&copied); err != nil {
		return 0, err
	}
	var (
		people        []int64
		reasons, left []string
	)
	for _, i := range items {
		text, err := json.Marshal(i.Reasons)
		if err != nil {
			return 0, err
		}
		why := ""
		if i.LeftOff != nil {
			why = i.LeftOff.Reason
		}
		people, reasons, left = append(people, int64(i.Nominal)), append(reasons, string(text)), append(left, why)
	}
	_, err = tx.Exec(ctx, `INSERT INTO agenda_copy_item (copy_id, nominal_id, position, reasons, left_off, recorded_at, recorded_by)
		SELECT $1, u.n, u.i, u.r::jsonb, u.l, $5, $6 FROM unnest($2::bigint[], $3::text[], $4::text[]) WITH ORDINALITY u(n, r, l, i)`,
		copied, people, reasons, left, tx.Now(), tx.Actor().Account)
	e := event("agenda "+kind, m.ID, m.Area, "agenda")
	e.Nominals, e.Listed = people, true
	if kind == copySent {
		e.Operation = audit.Disclose
	}
	tx.Record(e)
	return copied, err
}

// ComposeAgenda says that the agenda is there: when the meeting is and where to read it.
// It names nobody. origin is the address of the application, as https://iom.example;
// without one the message says how to find the page.
func ComposeAgenda(origin string) mail.Composer {
	return func(ctx context.Context, q *db.ReadTx, msg mail.Message) (mail.Content, audit.Seen, error) {
		c, err := composeAgenda(ctx, q, msg, origin)
		return c, audit.Nobody(), err
	}
}

func composeAgenda(ctx context.Context, q *db.ReadTx, msg mail.Message, origin string) (mail.Content, error) {
	rows, err := q.Query(ctx, columns+`m.id = $1`, msg.About)
	if err != nil {
		return mail.Content{}, err
	}
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Meeting])
	if err != nil {
		return mail.Content{}, err
	}
	if m.CancelledAt != nil {
		return mail.Content{}, fault.Refuse("", "", "The meeting was cancelled")
	}
	where := "choose Meetings and then the meeting of " + m.HeldOn.Long()
	if origin != "" {
		where = "at " + origin + "/meetings/" + ref.Text(m.ID) + "/agenda"
	}
	return mail.Content{
		Subject: "Agenda of the meeting of " + m.HeldOn.Long(),
		Text: "The agenda of the " + m.Kind.Title() + " of " + m.AreaName + " on " + m.HeldOn.Long() + ", " + m.Hours() + "," + " is ready.\n\n" +
			"Sign in to IOM casework, " + where + ". Sign its confidentiality statement to read the agenda.\n",
	}, nil
}
