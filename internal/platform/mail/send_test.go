package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
	"iom/internal/platform/mail"
	"iom/internal/platform/mail/smtptest"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

const papers mail.Kind = "papers"

// office is a database with an area, a mail server, and a process that sends.
type office struct {
	t        *testing.T
	database *testdb.DB
	raw      *pgx.Conn
	app      *db.DB
	clock    *clock.Manual
	server   *smtptest.Server
	sender   *mail.Sender
	runner   *job.Runner
	log      *lines
	area     int64

	mu      sync.Mutex
	attach  bool
	bytes   int // more of the attachment
	nothing bool
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, database: testdb.New(t), clock: clock.NewManual(time.Date(2026, 6, 1, 9, 0, 0, 0, clock.London)), log: &lines{}}
	var err error
	if o.raw, err = pgx.Connect(t.Context(), o.database.URL("postgres")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.raw.Close(context.Background()) })
	o.area = o.one(`INSERT INTO area (kind, name, recorded_at, recorded_by) VALUES ('force', 'Sussex', now(), 1) RETURNING id`)
	if o.server, err = smtptest.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.server.Close() })
	o.app = o.connect(migrate.App)
	o.sender = o.newSender()
	o.runner = o.work(o.sender)
	return o
}

func (o *office) newSender() *mail.Sender {
	s := &mail.Sender{
		Settings: mail.Settings{Host: o.server.Host(), Port: o.server.Port(), From: "iom@example.police.uk"},
		AddressOf: func(ctx context.Context, q db.Querier, account int64) (address string, err error) {
			err = q.QueryRow(ctx, `SELECT email FROM account WHERE id = $1`, account).Scan(&address)
			return address, err
		},
		SecureDomains: func(context.Context, db.Querier, int64) ([]string, error) { return []string{"*.police.uk"}, nil },
	}
	s.Composes(papers, func(_ context.Context, _ *db.ReadTx, m mail.Message) (mail.Content, audit.Seen, error) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.nothing {
			return mail.Content{}, audit.Nobody(), fault.Missing()
		}
		c := mail.Content{Subject: "OFFICIAL-SENSITIVE: papers\r\nBcc: evil@evil.com", Text: "There are papers for you – sign in.\n"}
		if o.attach {
			c.Attachments = []mail.Attachment{{Name: "papers.pdf", Type: "application/pdf", Content: append([]byte("%PDF-canary"), make([]byte, o.bytes)...)}}
		}
		return c, audit.Opened(int64(77), o.area), nil
	})
	return s
}

func (o *office) connect(role string) *db.DB {
	o.t.Helper()
	d, err := db.Open(o.t.Context(), db.Options{URL: o.database.URL(role), Clock: o.clock, MaxConns: 6})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(d.Close)
	return d
}

func (o *office) work(s *mail.Sender) *job.Runner {
	o.t.Helper()
	plan := &job.Plan{}
	plan.Do(mail.Deliver, s.Send)
	r, err := job.Start(o.t.Context(), job.Options{URL: o.database.URL(migrate.Jobs), DB: o.connect(migrate.Jobs), Plan: plan, Log: slog.New(slog.NewTextHandler(o.log, nil))})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return r
}

func (o *office) one(sql string, args ...any) (n int64) {
	o.t.Helper()
	if err := o.raw.QueryRow(o.t.Context(), sql, args...).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *office) queue(l mail.Letter) (id int64) {
	o.t.Helper()
	id, err := o.tryQueue(l)
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) tryQueue(l mail.Letter) (int64, error) {
	l.Kind, l.Area = papers, o.area
	return db.Write(o.t.Context(), o.app, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (int64, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test.queue"})
		return mail.Queue(ctx, tx, l)
	})
}

func (o *office) again(id int64) error {
	_, err := db.Write(o.t.Context(), o.app, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, mail.SendAgain(ctx, tx, id)
	})
	return err
}

func (o *office) settle() {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	if err := o.runner.Settle(ctx); err != nil {
		o.t.Fatalf("%v; the log says %s", err, o.log)
	}
}

func (o *office) status(id int64) mail.Status {
	o.t.Helper()
	system, err := o.app.StandingOf(o.t.Context(), db.SystemAccount)
	if err != nil {
		o.t.Fatal(err)
	}
	s, err := db.View(o.t.Context(), o.app, system.Actor, "test", func(ctx context.Context, q *db.ReadTx) (mail.Status, audit.Seen, error) {
		s, err := mail.StatusOf(ctx, q, id)
		return s, audit.Nobody(), err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) behave(m smtptest.Manner) {
	o.t.Helper()
	if err := o.server.Behave(m); err != nil {
		o.t.Fatal(err)
	}
}

// stands fails the test unless the message is in the state after so many tries, and the
// server has so many messages.
func (o *office) stands(id int64, state mail.State, tries, arrived int) mail.Status {
	o.t.Helper()
	o.settle()
	s := o.status(id)
	if s.State != state || s.Tries != tries || len(o.server.Received()) != arrived {
		o.t.Fatalf("the message is %s after %d tries, %d have arrived; want %s, %d, %d; the log says %s", s.State, s.Tries, len(o.server.Received()), state, tries, arrived, o.log)
	}
	return s
}

const secure = "a.name@sussex.police.uk"

func TestAMessageArrivesOnceWithWhatItSays(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.attach = true
	id := o.queue(mail.Letter{About: 5, Address: secure})
	o.stands(id, mail.Sent, 1, 1)
	m := o.server.Received()[0]
	if len(m.To) != 1 || m.To[0] != secure || m.From != "iom@example.police.uk" {
		t.Errorf("from %s to %v", m.From, m.To)
	}
	if m.Subject != "OFFICIAL-SENSITIVE: papers Bcc: evil@evil.com" || m.Header.Get("Bcc") != "" {
		t.Errorf("the subject is %q, Bcc is %q", m.Subject, m.Header.Get("Bcc"))
	}
	if m.Text != "There are papers for you – sign in.\n" {
		t.Errorf("the text is %q", m.Text)
	}
	if len(m.Files) != 1 || m.Files[0].Name != "papers.pdf" || m.Files[0].Type != "application/pdf" || string(m.Files[0].Content) != "%PDF-canary" {
		t.Errorf("the files are %+v", m.Files)
	}
	if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("X-Mailer")+m.Header.Get("User-Agent") != "" {
		t.Errorf("the header is %v", m.Header)
	}
	if want := o.one(`SELECT count(*) FROM mail_message WHERE '<' || reference || '@example.police.uk>' = $1`, m.ID()); want != 1 {
		t.Errorf("the Message-ID %s is not the message's", m.ID())
	}
	// Asked again by a queue that lost its memory, it does not go again.
	if _, err := o.raw.Exec(t.Context(), `UPDATE river_job SET state = 'available', finalized_at = NULL`); err != nil {
		t.Fatal(err)
	}
	o.stands(id, mail.Sent, 1, 1)
}

func TestTheDisclosureIsInTheLogUnderTheAreasName(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.queue(mail.Letter{Address: secure})
	o.stands(id, mail.Sent, 1, 1)
	for what, where := range map[string]string{
		"the look":       `operation = 'consult' AND command = 'mail.compose' AND nominals = '{77}'`,
		"the disclosure": `operation = 'disclose' AND command = 'mail.send' AND nominals = '{77}' AND object = 'mail' AND object_id = ` + "1",
		"the end":        `operation = 'alter' AND command = 'mail.accepted'`,
	} {
		if n := o.one(`SELECT count(*) FROM log_event e JOIN account a ON a.id = e.account_id WHERE a.area_id = $1 AND `+where, o.area); n != 1 {
			t.Errorf("%s is in the log %d times, want once", what, n)
		}
	}
	// With the log down nothing leaves.
	if _, err := o.raw.Exec(t.Context(), `REVOKE INSERT ON log_event FROM iom_jobs`); err != nil {
		t.Fatal(err)
	}
	o.stands(o.queue(mail.Letter{Address: secure}), mail.Waiting, 0, 1)
}

func TestWhileTheServerIsDownAMessageWaitsAndThenGoesOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.behave(smtptest.Manner{Down: true})
	asked := o.clock.Now()
	id := o.queue(mail.Letter{Address: secure})
	s := o.stands(id, mail.Waiting, 1, 0)
	if !s.Since.Equal(asked) || !s.Next.Equal(asked.Add(time.Minute)) {
		t.Errorf("waiting since %s, next %s", s.Since, s.Next)
	}
	o.clock.Advance(59 * time.Second)
	o.stands(id, mail.Waiting, 1, 0)
	o.clock.Advance(time.Second)
	o.stands(id, mail.Waiting, 2, 0)
	o.clock.Advance(time.Minute) // the second pause is two minutes
	o.stands(id, mail.Waiting, 2, 0)
	o.behave(smtptest.Manner{})
	o.clock.Advance(time.Minute)
	o.stands(id, mail.Sent, 3, 1)
	o.clock.Advance(30 * 24 * time.Hour)
	o.stands(id, mail.Sent, 3, 1)
}

func TestWhatTheServerSaysDecides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		manner smtptest.Manner
		state  mail.State
		code   int
	}{
		{"the recipient for now", smtptest.Manner{Recipient: 450}, mail.Waiting, 450},
		{"the recipient for good", smtptest.Manner{Recipient: 550}, mail.Failed, 550},
		{"the message for now", smtptest.Manner{Message: 451}, mail.Waiting, 451},
		{"the message for good", smtptest.Manner{Message: 554}, mail.Failed, 554},
		{"a connection that breaks in the middle of a long message", smtptest.Manner{DropBefore: true}, mail.Waiting, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			o.attach = true
			if c.manner.DropBefore { // a short one has gone out whole before the break is noticed: that would be unknown
				o.bytes = 8 << 20
			}
			o.behave(c.manner)
			id := o.queue(mail.Letter{Address: secure})
			if s := o.stands(id, c.state, 1, 0); s.Code != c.code {
				t.Errorf("the answer kept is %d, want %d", s.Code, c.code)
			}
			o.behave(smtptest.Manner{})
			o.bytes = 0
			o.clock.Advance(time.Hour)
			if c.state == mail.Waiting {
				o.stands(id, mail.Sent, 2, 1)
				return
			}
			o.stands(id, mail.Failed, 1, 0)
			if err := o.again(id); err != nil {
				t.Fatal(err)
			}
			o.stands(id, mail.Sent, 2, 1)
		})
	}
}

func TestALostAnswerIsUnknownAndNotRepeatedBlindly(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.behave(smtptest.Manner{DropAfter: true})
	id := o.queue(mail.Letter{Address: secure})
	o.stands(id, mail.Unknown, 1, 1)
	o.behave(smtptest.Manner{})
	o.clock.Advance(10 * 24 * time.Hour)
	o.stands(id, mail.Unknown, 1, 1)
	// Two people ask at once: it goes once more, as the same message.
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() { errs[i] = o.again(id) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || fault.KindOf(errors.Join(errs...)) != fault.Invalid {
		t.Errorf("the two were answered %v and %v, want one refusal", errs[0], errs[1])
	}
	o.stands(id, mail.Sent, 2, 2)
	if got := o.server.Received(); got[0].ID() != got[1].ID() {
		t.Errorf("the second copy is %s and the first %s", got[1].ID(), got[0].ID())
	}
	if err := o.again(id); fault.KindOf(err) != fault.Invalid {
		t.Errorf("what is sent can be asked for again: %v", err)
	}
}

// A process that died in a try left a try without an outcome.
func TestATryThatNobodyEndedIsUnknownAfterTheLongestTry(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.behave(smtptest.Manner{Down: true})
	id := o.queue(mail.Letter{Address: secure})
	o.stands(id, mail.Waiting, 1, 0)
	o.behave(smtptest.Manner{})
	if _, err := o.raw.Exec(t.Context(), `DELETE FROM mail_outcome`); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(5 * time.Minute)
	o.stands(id, mail.Waiting, 1, 0)
	o.clock.Advance(5 * time.Minute)
	o.stands(id, mail.Unknown, 1, 0)
}

func TestWithoutAServerMessagesWait(t *testing.T) {
	t.Parallel()
	o := open(t)
	settings := o.sender.Settings
	o.settle()
	o.sender.Settings = mail.Settings{}
	id := o.queue(mail.Letter{Address: secure})
	o.clock.Advance(30 * 24 * time.Hour)
	o.stands(id, mail.Waiting, 0, 0)
	o.sender.Settings = settings
	o.clock.Advance(5 * time.Minute)
	o.stands(id, mail.Sent, 1, 1)
}

func TestAnAttachmentGoesToASecureDomainAlone(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.attach = true // whatever the address: the composer is wrong
	id := o.queue(mail.Letter{Address: "someone@charity.example.org"})
	o.stands(id, mail.Waiting, 0, 0)
	if !strings.Contains(o.log.String(), "does not go to a secure domain") {
		t.Errorf("the log says %s", o.log)
	}
	if strings.Contains(o.log.String(), "charity") {
		t.Error("the log names the address")
	}
}

func TestAnAccountsAddressIsTheOneItHasWhenItIsSent(t *testing.T) {
	t.Parallel()
	o := open(t)
	account := o.one(`INSERT INTO account (kind, username, name, email, recorded_at, recorded_by) VALUES ('person', 'pat', 'Pat', 'old@example.police.uk', now(), 1) RETURNING id`)
	o.behave(smtptest.Manner{Down: true})
	id := o.queue(mail.Letter{Account: account})
	o.stands(id, mail.Waiting, 1, 0)
	o.behave(smtptest.Manner{})
	if _, err := o.raw.Exec(t.Context(), `UPDATE account SET email = 'new@example.police.uk' WHERE id = $1`, account); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute)
	o.stands(id, mail.Sent, 2, 1)
	if to := o.server.Received()[0].To[0]; to != "new@example.police.uk" {
		t.Errorf("it went to %s", to)
	}
	nobody := o.one(`INSERT INTO account (kind, username, name, recorded_at, recorded_by) VALUES ('person', 'jo', 'Jo', now(), 1) RETURNING id`)
	o.stands(o.queue(mail.Letter{Account: nobody}), mail.Failed, 1, 1)
}

func TestWhatIsNotThereAnyMoreIsNotSent(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.nothing = true
	o.stands(o.queue(mail.Letter{Address: secure}), mail.Failed, 1, 0)
}

func TestOnlyOnePlainAddressIsQueued(t *testing.T) {
	t.Parallel()
	o := open(t)
	for _, address := range []string{"", "x", "a@b.c, d@e.f", "A <a@b.police.uk>", "a@b.police.uk\r\nBcc: d@e.f"} {
		if _, err := o.tryQueue(mail.Letter{Address: address}); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "address" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTwoProcessesSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	_ = o.work(o.newSender())
	const letters = 40
	for range letters {
		id := o.queue(mail.Letter{Address: secure})
		// The same message twice in the queue, as after a crash of a process.
		if _, err := o.raw.Exec(t.Context(), `INSERT INTO river_job (kind, max_attempts, args, scheduled_at) VALUES ('mail.deliver', 25, jsonb_build_object('area', $1::bigint, 'id', $2::bigint), $3)`,
			o.area, id, o.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	o.settle()
	seen := map[string]int{}
	for _, m := range o.server.Received() {
		seen[m.ID()]++
	}
	if len(seen) != letters {
		t.Errorf("%d messages arrived, want %d", len(seen), letters)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s arrived %d times", id, n)
		}
	}
}

func TestWithoutEncryptionNothingIsSentThatMustHaveIt(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.settle()
	o.sender.Settings.TLS = "starttls" // what a server off this machine always gets; this one has none
	o.stands(o.queue(mail.Letter{Address: secure}), mail.Waiting, 1, 0)
}

// What is in the outbox is seen by those of its area, and by whom it goes to.
func TestTheOutboxIsWithinTheAreasPolicies(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.behave(smtptest.Manner{Down: true})
	east := o.one(`INSERT INTO area (parent_id, kind, name, recorded_at, recorded_by) VALUES ($1, 'area', 'East', now(), 1) RETURNING id`, o.area)
	north := o.one(`INSERT INTO area (parent_id, kind, name, recorded_at, recorded_by) VALUES ($1, 'area', 'North', now(), 1) RETURNING id`, o.area)
	all := o.area
	o.area = east
	id := o.queue(mail.Letter{Address: secure})
	o.settle()
	for area, want := range map[int64]int{all: 1, east: 1, north: 0} {
		who, err := o.app.BackgroundOf(t.Context(), area)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.View(t.Context(), o.app, who.Actor, "test", func(ctx context.Context, q *db.ReadTx) (n int, _ audit.Seen, err error) {
			for _, table := range []string{"mail_message", "mail_try", "mail_outcome"} {
				var m int
				if err := q.QueryRow(ctx, `SELECT count(*) FROM `+table).Scan(&m); err != nil {
					return 0, audit.Nobody(), err
				}
				n += m
			}
			return n, audit.Nobody(), nil
		})
		if err != nil || got != 3*want {
			t.Errorf("area %d sees %d rows of message %d, its try and its outcome, want %d (%v)", area, got, id, 3*want, err)
		}
	}
}
