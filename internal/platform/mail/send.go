package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
)

const (
	// longestTry is how long a try can take: as long as a job may.
	longestTry = 10 * time.Minute
	// answersWithin bounds each step of talking to the server.
	answersWithin = 30 * time.Second
	// lookAgain is how often a message looks whether there is a server by now.
	lookAgain = 5 * time.Minute
)

// Content is what a message says. Subject and Text hold no personal data.
type Content struct {
	Subject     string
	Text        string
	Attachments []Attachment // only when Message.Secure
}

// Attachment is a file that goes with a message.
type Attachment struct {
	Name    string // of the file, without personal data
	Type    string // as "application/pdf"
	Content []byte
}

// Composer makes what a message says, from the record as it is now, and says whom it
// shows. A fault of kind NotFound, Forbidden or Invalid means that there is nothing to
// send any more, or that it may not be: the message has then failed.
type Composer func(ctx context.Context, q *db.ReadTx, m Message) (Content, audit.Seen, error)

// Sender sends messages. Its fields are set before the first job is done.
type Sender struct {
	Settings Settings
	// AddressOf is the address of an account, empty when it has none.
	AddressOf func(ctx context.Context, q db.Querier, account int64) (string, error)
	// SecureDomains are the patterns of an area's list (Secure); nil: no address is secure.
	SecureDomains func(ctx context.Context, q db.Querier, area int64) ([]string, error)

	composers map[Kind]Composer
}

// Composes has a composer make the messages of a kind.
func (s *Sender) Composes(k Kind, c Composer) {
	if s.composers == nil {
		s.composers = map[Kind]Composer{}
	}
	if _, taken := s.composers[k]; taken || c == nil {
		panic(fmt.Sprintf("mail: %q has a composer already, or none", k))
	}
	s.composers[k] = c
}

// prepared is a message that is ready to go, or how it stands when it is not to.
type prepared struct {
	message Message
	stands  standing
	content Content
	seen    audit.Seen
	nothing bool // there is nothing to send, or nobody to send it to
}

// Send is the worker of Deliver: one try of one message.
func (s *Sender) Send(ctx context.Context, t job.Task) error {
	if !s.Settings.Configured() {
		return job.Later(lookAgain)
	}
	p, err := db.View(ctx, t.DB, t.Actor, "mail.compose", func(ctx context.Context, q *db.ReadTx) (prepared, audit.Seen, error) {
		p, err := s.prepare(ctx, q, t.ID)
		return p, p.seen, err
	})
	if err != nil {
		return err
	}
	now := t.DB.Clock().Now()
	switch {
	case p.stands.state != Waiting:
		return nil
	case p.stands.open || p.stands.next.After(now):
		return job.Later(p.stands.next.Sub(now))
	}
	attempt, err := s.begin(ctx, t, p)
	if err != nil || attempt == 0 {
		return err
	}
	outcome, code := refused, 0
	if !p.nothing {
		outcome, code = s.deliver(ctx, p, now)
	}
	// Whoever stops the program must not keep us from writing down what happened.
	if err := s.end(context.WithoutCancel(ctx), t, p, attempt, outcome, code); err != nil {
		return err
	}
	if outcome == tryLater {
		return job.Later(Pause(1)) // what it says then is asked again: the pause grows with the tries
	}
	return nil
}

// prepare reads how a message stands and, when it is to go now, has it made.
func (s *Sender) prepare(ctx context.Context, q *db.ReadTx, id int64) (p prepared, err error) {
	var tries []try
	if p.message, tries, err = load(ctx, q, id); err != nil {
		return p, err
	}
	p.stands = judge(p.message.RecordedAt, tries, q.Now())
	if p.stands.state != Waiting || p.stands.open || p.stands.next.After(q.Now()) {
		return p, nil
	}
	if p.message.Account != 0 {
		if p.message.To, err = s.AddressOf(ctx, q, p.message.Account); err != nil {
			return p, err
		}
	}
	if p.nothing = !Plain(p.message.To); p.nothing {
		return p, nil
	}
	if s.SecureDomains != nil {
		patterns, err := s.SecureDomains(ctx, q, p.message.Area)
		if err != nil {
			return p, err
		}
		p.message.Secure = Secure(p.message.To, patterns)
	}
	compose := s.composers[p.message.Kind]
	if compose == nil {
		return p, fmt.Errorf("mail: nobody composes messages of the kind %q", p.message.Kind)
	}
	p.content, p.seen, err = compose(ctx, q, p.message)
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Forbidden, fault.Invalid:
		p.nothing, p.seen, err = true, audit.Nobody(), nil
	}
	if err == nil && len(p.content.Attachments) > 0 && !p.message.Secure {
		return p, fmt.Errorf("mail: message %d has an attachment and does not go to a secure domain", id)
	}
	return p, err
}

// begin commits that the message is being tried, and whom it discloses; 0 when
// another process was quicker.
func (s *Sender) begin(ctx context.Context, t job.Task, p prepared) (int64, error) {
	return db.Write(ctx, t.DB, t.Submission(), func(ctx context.Context, tx *db.Tx) (attempt int64, err error) {
		if err := tx.Lock(ctx, "mail", p.message.ID); err != nil {
			return 0, err
		}
		m, tries, err := load(ctx, tx, p.message.ID)
		if err != nil {
			return 0, err
		}
		e, shown := p.seen.Consultation("mail.send")
		e.Operation = audit.Disclose
		if !shown {
			e = audit.Event{Operation: audit.Alter, Command: "mail.send"}
		}
		e.Area, e.Object, e.ObjectID = m.Area, "mail", m.ID
		if now := judge(m.RecordedAt, tries, tx.Now()); now.state != Waiting || now.open || now.last.ID != p.stands.last.ID {
			e.Operation, e.Nominals, e.Refused = audit.Alter, nil, true
			tx.Record(e)
			return 0, nil
		}
		tx.Record(e)
		err = tx.QueryRow(ctx, `INSERT INTO mail_try (message_id, tried_at, recorded_by) VALUES ($1, $2, $3) RETURNING id`,
			m.ID, tx.Now(), tx.Actor().Account).Scan(&attempt)
		return attempt, err
	})
}

// end commits how a try ended.
func (s *Sender) end(ctx context.Context, t job.Task, p prepared, attempt int64, outcome Outcome, code int) error {
	_, err := db.Write(ctx, t.DB, t.Submission(), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "mail." + string(outcome), Area: p.message.Area, Object: "mail", ObjectID: p.message.ID})
		_, err := tx.Exec(ctx, `INSERT INTO mail_outcome (try_id, outcome, code, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			attempt, string(outcome), code, tx.Now(), tx.Actor().Account)
		return true, err
	})
	return err
}

// deliver talks to the server and says what came of it, with the server's answer.
func (s *Sender) deliver(ctx context.Context, p prepared, now time.Time) (Outcome, int) {
	m, err := s.letter(p, now)
	if err != nil {
		return refused, 0
	}
	options := []gomail.Option{gomail.WithPort(s.Settings.Port), s.Settings.encryption(), gomail.WithTimeout(answersWithin)}
	if s.Settings.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.Settings.User), gomail.WithPassword(s.Settings.Password))
	}
	client, err := gomail.NewClient(s.Settings.Host, options...)
	if err != nil {
		return tryLater, 0
	}
	err = client.DialAndSendWithContext(ctx, m)
	if m.IsDelivered() { // what goes wrong after the server has taken it does not matter
		return accepted, 250
	}
	return outcomeOf(err)
}

// outcomeOf says what an error of sending means. For good is only what the server says
// of the recipient or of the message: when it does not let us in, or does not know the
// sender, the settings are wrong, and will be put right.
func outcomeOf(err error) (Outcome, int) {
	var sending *gomail.SendError
	if !errors.As(err, &sending) {
		var answer *textproto.Error
		if errors.As(err, &answer) && answer.Code >= 400 && answer.Code <= 599 {
			return tryLater, answer.Code
		}
		return tryLater, 0
	}
	code := sending.ErrorCode()
	switch sending.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		if code >= 500 {
			return refused, code
		}
		if code == 0 && sending.Reason == gomail.ErrSMTPDataClose {
			return unknown, 0
		}
	}
	return tryLater, code
}

// letter is the message as it goes out.
func (s *Sender) letter(p prepared, now time.Time) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.Settings.From), m.To(p.message.To)); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.Settings.From, "@")
	m.SetMessageIDWithValue(p.message.Reference + "@" + domain)
	m.SetDateWithValue(now.In(clock.London))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no answers from holidays (RFC 3834)
	m.Subject(strings.Join(strings.Fields(p.content.Subject), " "))
	m.SetBodyString(gomail.TypeTextPlain, p.content.Text)
	for _, a := range p.content.Attachments {
		if err := m.AttachReader(a.Name, bytes.NewReader(a.Content), gomail.WithFileContentType(gomail.ContentType(a.Type))); err != nil {
			return nil, err
		}
	}
	return m, nil
}
