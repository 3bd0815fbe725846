// Package mail is the post of the application: an outbox of messages that are made
// when they are sent, tried until the server takes them, and sent once.
//
// A room that wants something mailed queues it in the transaction that causes it:
//
//	const Minutes mail.Kind = "minutes"
//
//	id, err := mail.Queue(ctx, tx, mail.Letter{Kind: Minutes, About: int64(meeting), Area: int64(area), Account: int64(attendee)})
//
// The row holds ids and an address, never what is said. That is made at the moment of
// sending by the composer of the kind, which cmd registers with the Sender:
//
//	sender.Composes(meeting.Minutes, meeting.ComposeMinutes)
//
//	func ComposeMinutes(ctx context.Context, q *db.ReadTx, m mail.Message) (mail.Content, audit.Seen, error)
//
// It runs under the area's own system account and says whom the message shows, so
// that the log has both the look and the disclosure, before anything leaves. Subject
// and text hold no personal data, for everybody along the way reads them; attachments
// may, and are sent only when Message.Secure: the address lies in a domain of the area's
// list. A composer that attaches something for another address is an error, and
// nothing is sent.
//
// # Once
//
// Before the server is spoken to, the try is committed; after, its outcome. A message
// goes again only when it is certain that it has not gone: the server could not be
// reached, said no for now (4xx), or the connection broke while we were still writing the
// message. When the connection is lost after the end of the message was written and
// before the server's answer, or our own process dies in a try, nobody can know; SMTP has no way to
// ask. Such a message is Unknown: the page says so, and a person decides (SendAgain). All
// tries carry the same Message-ID, by which most receiving systems drop a second copy.
package mail

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
)

// Kind names a sort of message. One composer makes it.
type Kind string

// Deliver is the job that sends a message: Sender.Send does it.
const Deliver job.Kind = "mail.deliver"

// Letter is a message to be queued: to an account, at the address which that has when
// it is sent, or else to an address.
type Letter struct {
	Kind    Kind
	About   int64 // the record
	Area    int64 // in whose name it goes, and whose system account makes it
	Account int64
	Address string
}

// Message is a queued letter.
type Message struct {
	ID         int64
	Kind       Kind
	About      int64
	Area       int64
	Account    int64
	To         string // the address; of an account, the one that it has now
	Secure     bool   // attachments may be sent to it
	Reference  string
	RecordedAt time.Time
}

// Queue puts a letter into the outbox; it goes when the transaction has committed. An
// address that is not Plain is refused; the field of the problem is "address".
func Queue(ctx context.Context, tx *db.Tx, l Letter) (id int64, err error) {
	if l.Account == 0 && !Plain(l.Address) {
		return 0, fault.Refuse("address", "", "Enter one e-mail address, like name@example.police.uk")
	}
	err = tx.QueryRow(ctx, `INSERT INTO mail_message (kind, about_id, area_id, account_id, address, reference, recorded_at, recorded_by)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, gen_random_uuid(), $6, $7) RETURNING id`,
		string(l.Kind), l.About, l.Area, l.Account, l.Address, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	return id, job.Enqueue(ctx, tx, job.Job{Kind: Deliver, Area: l.Area, ID: id})
}

// Status is how a message stands.
type Status struct {
	Message int64
	Kind    Kind
	About   int64
	Area    int64
	Account int64
	Address string // empty when it goes to an account
	State   State
	Since   time.Time // Waiting: since when; else when it got into the state
	Next    time.Time // Waiting: not tried before
	Tries   int
	Code    int // the server's last answer; 0: none, or it was not asked
}

// About says how the messages of a kind stand that are about a record, in the order in
// which they were queued: those that the actor may see.
func About(ctx context.Context, q db.Querier, k Kind, about int64) ([]Status, error) {
	return statuses(ctx, q, `m.kind = $1 AND m.about_id = $2`, string(k), about)
}

// StatusOf says how one message stands. One that the actor may not see is
// fault.Missing.
func StatusOf(ctx context.Context, q db.Querier, id int64) (Status, error) {
	all, err := statuses(ctx, q, `m.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Status{}, err
	}
	return all[0], nil
}

// SendAgain has a message tried anew that is Failed or Unknown, because somebody who
// knows more has said so. In any other state it is refused.
func SendAgain(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "mail", id); err != nil {
		return err
	}
	m, tries, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	s := judge(m.RecordedAt, tries, tx.Now())
	if s.state != Failed && s.state != Unknown {
		return fault.Refuse("", "", "This message has been sent, or is being tried already")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO mail_again (try_id, recorded_at, recorded_by) VALUES ($1, $2, $3)`, s.last.ID, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	tx.Record(audit.Event{Operation: audit.Alter, Command: "mail.again", Area: m.Area, Object: "mail", ObjectID: id})
	return job.Enqueue(ctx, tx, job.Job{Kind: Deliver, Area: m.Area, ID: id})
}

const messageColumns = `SELECT m.id, m.kind, m.about_id, m.area_id, coalesce(m.account_id, 0), m.address, m.reference::text, m.recorded_at FROM mail_message m WHERE `

const tryColumns = `SELECT y.message_id, y.id, y.tried_at, coalesce(o.outcome, ''), coalesce(o.code, 0), a.recorded_at
	FROM mail_try y LEFT JOIN mail_outcome o ON o.try_id = y.id LEFT JOIN mail_again a ON a.try_id = y.id WHERE `

func scanMessage(row pgx.CollectableRow) (m Message, err error) {
	err = row.Scan(&m.ID, &m.Kind, &m.About, &m.Area, &m.Account, &m.To, &m.Reference, &m.RecordedAt)
	return m, err
}

// load reads a message and its tries, earliest first.
func load(ctx context.Context, q db.Querier, id int64) (Message, []try, error) {
	rows, err := q.Query(ctx, messageColumns+`m.id = $1`, id)
	if err != nil {
		return Message{}, nil, err
	}
	m, err := pgx.CollectExactlyOneRow(rows, scanMessage)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, nil, fault.Missing()
	}
	if err != nil {
		return m, nil, err
	}
	tries, err := triesOf(ctx, q, []int64{id})
	return m, tries[id], err
}

func triesOf(ctx context.Context, q db.Querier, messages []int64) (map[int64][]try, error) {
	rows, err := q.Query(ctx, tryColumns+`y.message_id = ANY ($1) ORDER BY y.id`, messages)
	if err != nil {
		return nil, err
	}
	all := map[int64][]try{}
	var message int64
	var t try
	_, err = pgx.ForEachRow(rows, []any{&message, &t.ID, &t.TriedAt, &t.Outcome, &t.Code, &t.Again}, func() error {
		all[message] = append(all[message], t)
		return nil
	})
	return all, err
}

func statuses(ctx context.Context, q db.Querier, where string, args ...any) ([]Status, error) {
	rows, err := q.Query(ctx, messageColumns+where+` ORDER BY m.id`, args...)
	if err != nil {
		return nil, err
	}
	messages, err := pgx.CollectRows(rows, scanMessage)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	tries, err := triesOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Status, len(messages))
	for i, m := range messages {
		s := judge(m.RecordedAt, tries[m.ID], q.Now())
		all[i] = Status{Message: m.ID, Kind: m.Kind, About: m.About, Area: m.Area, Account: m.Account, Address: m.To,
			State: s.state, Since: s.since, Next: s.next, Tries: len(tries[m.ID]), Code: s.code}
	}
	return all, nil
}
