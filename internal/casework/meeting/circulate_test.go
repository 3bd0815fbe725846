package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/action"
	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
	"iom/internal/platform/mail"
	"iom/internal/platform/mail/smtptest"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pdf/pdftest"
)

// R64: two days after the meeting, by the calendar or by working days, as the area has
// chosen. The bank holidays of 2026 are 25 May, 25 December and 28 December.
func TestCirculateBy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ held, working, calendar string }{
		{"2026-11-24", "2026-11-26", "2026-11-26"}, // Tuesday
		{"2026-11-26", "2026-11-30", "2026-11-28"}, // Thursday
		{"2026-11-27", "2026-12-01", "2026-11-29"}, // Friday
		{"2026-05-22", "2026-05-27", "2026-05-24"}, // Friday before a bank holiday
		{"2026-12-24", "2026-12-30", "2026-12-26"}, // Christmas Eve
		{"2026-11-28", "2026-12-01", "2026-11-30"}, // Saturday
	} {
		if got := meeting.CirculateBy(clock.MustISO(c.held), "working").String(); got != c.working {
			t.Errorf("R64, working days after %s: %s, want %s", c.held, got, c.working)
		}
		if got := meeting.CirculateBy(clock.MustISO(c.held), "calendar").String(); got != c.calendar {
			t.Errorf("R64, days after %s: %s, want %s", c.held, got, c.calendar)
		}
	}
}

// R64: the clock that co-ordinator and chair see.
func TestCirculationClock(t *testing.T) {
	t.Parallel()
	by := clock.MustISO("2026-11-26")
	for _, c := range []struct{ today, on, want string }{
		{"2026-11-24", "", "Circulate by Thursday 26 November, 2 days left"},
		{"2026-11-25", "", "Circulate by Thursday 26 November, 1 day left"},
		{"2026-11-26", "", "Circulate by Thursday 26 November, today"},
		{"2026-11-28", "", "Circulate by Thursday 26 November, 2 days late"},
		{"2026-12-24", "2026-11-25", "Circulated on Wednesday 25 November 2026"},
		{"2026-12-24", "2026-11-27", "Circulated on Friday 27 November 2026, 1 day late"},
	} {
		d := meeting.Deadline{By: by}
		if c.on != "" {
			d.On = clock.MustISO(c.on)
		}
		if got := d.Words(clock.MustISO(c.today)); got != c.want {
			t.Errorf("on %s: %q, want %q", c.today, got, c.want)
		}
	}
}

// office is a table whose meeting has been closed, with a mail server.
type office struct {
	*table
	server      *smtptest.Server
	runner      *job.Runner
	mine, other ref.NominalID // the guest's case; the others
}

func letters(t *testing.T) *office {
	t.Helper()
	o := &office{table: lay(t)}
	ctx, co := t.Context(), o.as(authz.Coordinator)
	o.mine, _ = o.Registered(t, o.East, "Minewood", "Max", rag.Red)
	o.other, _ = o.Registered(t, o.East, "Otherwood", "Ola", rag.Red)
	o.sit(authz.Coordinator, authz.Chair, authz.Police, authz.Probation)
	must(t, meeting.InviteGuest(ctx, o.DB, co, o.id, o.account(authz.Guest), []ref.NominalID{o.mine}))
	must(t, o.sign(authz.Guest))
	must(t, meeting.Invite(ctx, o.DB, co, o.id, []ref.AccountID{o.account(authz.Partner)})) // never signs
	o.open()
	for n, canary := range map[ref.NominalID]string{o.mine: "canary-mine", o.other: "canary-other"} {
		must(t, meeting.Discuss(ctx, o.DB, co, o.id, n, "Said "+canary))
		must(t, meeting.SetAction(ctx, o.DB, co, o.id, n, action.New{Text: "Do " + canary, Pathway: string(need.Accommodation),
			Agency: o.Police, Account: o.account(authz.Police), DueOn: clock.NewDate(2026, 6, 20)}))
	}
	must(t, meeting.Close(ctx, o.DB, o.as(authz.Chair), o.id, "Time ran out"))
	_, err := db.Write(ctx, o.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, area.Set(ctx, tx, o.East, area.SecureDomains, "*.police.uk\r\nprobation.example.org")
	})
	must(t, err)
	for role, address := range map[authz.Role]string{authz.Coordinator: "co@sussex.police.uk", authz.Chair: "chair@sussex.police.uk", authz.Police: "po@sussex.police.uk",
		authz.Probation: "pr@gmail.com", authz.Guest: "guest@probation.example.org", authz.Partner: "star@kent.police.uk"} {
		o.addressed(role, address)
	}
	o.server, err = smtptest.Start()
	must(t, err)
	t.Cleanup(func() { _ = o.server.Close() })
	url := o.TestDB.URL(migrate.Jobs)
	d, err := db.Open(ctx, db.Options{URL: url, Clock: o.Clock, MaxConns: 6, Summarise: livelist.Refresh, SummariseLater: livelist.RefreshLater})
	must(t, err)
	sender := &mail.Sender{Settings: mail.Settings{Host: o.server.Host(), Port: o.server.Port(), From: "iom@sussex.example"}, AddressOf: account.EmailOf, SecureDomains: area.SecureDomainsOf}
	sender.Composes(meeting.CirculationMail, meeting.Courier{DB: d, Origin: "https://iom.sussex.example"}.Compose)
	plan := &job.Plan{}
	plan.Do(mail.Deliver, sender.Send)
	o.runner, err = job.Start(ctx, job.Options{URL: url, DB: d, Plan: plan})
	must(t, err)
	t.Cleanup(func() {
		_ = o.runner.Stop(context.Background())
		d.Close()
	})
	return o
}

// addressed gives an account another address.
func (o *office) addressed(role authz.Role, address string) {
	o.t.Helper()
	who := o.account(role)
	version, err := fixture.Read(o.t, o.Scheme, o.Account(role, o.East), func(ctx context.Context, q *db.ReadTx) (int64, error) {
		a, err := account.Get(ctx, q, who)
		return a.Version, err
	})
	o.must(err)
	o.must(account.AmendOwn(o.t.Context(), o.DB, db.Once(int64(who)), address, "", version))
}

func (o *office) settle() []smtptest.Message {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	o.must(o.runner.Settle(ctx))
	return o.server.Received()
}

func (o *office) circulate(kind string, to ...authz.Role) ref.CirculationID {
	o.t.Helper()
	var accounts []ref.AccountID
	for _, r := range to {
		accounts = append(accounts, o.account(r))
	}
	id, err := meeting.Circulate(o.t.Context(), o.DB, o.as(authz.Coordinator), o.id, kind, "To do what was agreed", accounts)
	o.must(err)
	return id
}

func (o *office) standings(role authz.Role) []meeting.Circulation {
	o.t.Helper()
	all, err := fixture.Read(o.t, o.Scheme, o.Account(role, o.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Circulation, error) {
		m, err := meeting.Get(ctx, q, o.id)
		if err != nil {
			return nil, err
		}
		return meeting.Circulations(ctx, q, m)
	})
	o.must(err)
	return all
}

// text is what a message holds, file included, and whether there was one.
func textOf(t *testing.T, m smtptest.Message) (whole string, files int) {
	t.Helper()
	whole = m.Subject + "\n" + m.Text
	for _, f := range m.Files {
		text, err := pdftest.Text(f.Content)
		must(t, err)
		whole += "\n" + f.Name + "\n" + text
	}
	return whole, len(m.Files)
}

// R64, R58, R62: plans go out without anybody's approval. A file goes to secure domains
// alone; the guest's holds the guest's case alone; who has not signed gets no case;
// another domain gets a link without personal data; each gets one message.
func TestEachGetsWhatTheyMaySee(t *testing.T) {
	t.Parallel()
	o := letters(t)
	o.circulate(meeting.Plans, authz.Coordinator, authz.Police, authz.Probation, authz.Guest, authz.Partner)
	got := o.settle()
	if len(got) != 5 {
		t.Fatalf("%d messages, want 5", len(got))
	}
	for _, m := range got {
		whole, files := textOf(t, m)
		has := map[string]bool{}
		for _, canary := range []string{"Minewood", "canary-mine", "Otherwood", "canary-other"} {
			has[canary] = strings.Contains(whole, canary)
		}
		mine, other := has["Minewood"] && has["canary-mine"], has["Otherwood"] || has["canary-other"]
		switch m.To[0] {
		case "co@sussex.police.uk", "po@sussex.police.uk":
			if files != 1 || !mine || !has["Otherwood"] || !has["canary-other"] {
				t.Errorf("%s gets %d files, cases %v", m.To[0], files, has)
			}
			if !strings.Contains(whole, "OFFICIAL-SENSITIVE") || !strings.Contains(whole, "Sussex Police; due 20 June 2026") && !strings.Contains(whole, "due 20 June 2026") {
				t.Errorf("%s: the file has no marking, owner or due day", m.To[0])
			}
		case "guest@probation.example.org":
			if files != 1 || !mine || other {
				t.Errorf("the guest gets %d files, cases %v; only Minewood is the guest's (R58)", files, has)
			}
			if !strings.Contains(whole, "Copy for Gale Eastwood") {
				t.Errorf("the guest's copy does not say whose it is")
			}
		case "pr@gmail.com":
			if files != 0 || mine || other || has["Minewood"] || has["canary-mine"] || !strings.Contains(whole, "https://iom.sussex.example/meetings/") {
				t.Errorf("an address outside the secure domains gets %d files, cases %v: %s", files, has, m.Text)
			}
		case "star@kent.police.uk":
			if files != 0 || has["Minewood"] || has["canary-mine"] || other {
				t.Errorf("who has not signed gets %d files, cases %v (R62)", files, has)
			}
		default:
			t.Errorf("a message to %s", m.To)
		}
		if slices.Contains([]string{"Max", "Ola"}, m.Subject) || strings.Contains(m.Subject+m.Text, "wood,") || strings.Contains(m.Subject+m.Text, "canary") {
			t.Errorf("subject or text names somebody: %s %s", m.Subject, m.Text)
		}
	}
	if disclosed := o.one(`SELECT count(*) FROM log_event WHERE operation = 'disclose' AND command = 'mail.send' AND nominals = ARRAY[` + ref.Text(o.mine) + `]::bigint[]`); disclosed != 1 {
		t.Errorf("the guest's file is disclosed %d times in the log, want once, with the one case", disclosed)
	}
	if looked := o.one(`SELECT count(*) FROM log_event WHERE command = 'circulation.copy'`); looked != 0 {
		t.Error("the log says that recipients have looked when their copies were made")
	}
}

// Mail server down: each message waits and the page says so; when the server is back,
// each is sent once.
func TestServerDownThenUp(t *testing.T) {
	t.Parallel()
	o := letters(t)
	o.must(o.server.Behave(smtptest.Manner{Down: true}))
	o.circulate(meeting.Plans, authz.Police, authz.Probation)
	if got := o.settle(); len(got) != 0 {
		t.Fatalf("%d messages while the server is down", len(got))
	}
	for _, r := range o.standings(authz.Chair)[0].Recipients {
		if r.Mail.State != mail.Waiting || r.Mail.Tries != 1 {
			t.Errorf("%s: %s after %d tries, want waiting after one", r.Name, r.Mail.State, r.Mail.Tries)
		}
	}
	o.must(o.server.Behave(smtptest.Manner{}))
	o.Clock.Advance(time.Hour)
	if got := o.settle(); len(got) != 2 {
		t.Fatalf("%d messages when the server is back, want one each", len(got))
	}
	o.Clock.Advance(24 * time.Hour)
	if got := o.settle(); len(got) != 2 {
		t.Errorf("%d messages a day later", len(got))
	}
	for _, r := range o.standings(authz.Coordinator)[0].Recipients {
		if r.Mail.State != mail.Sent || r.ReadAt != nil {
			t.Errorf("%s: %s, read %v; want sent and not opened", r.Name, r.Mail.State, r.ReadAt)
		}
	}
}

// Between the circulating and the sending an address changes, an account is disabled,
// and somebody is excluded from a case: each gets what is right then.
func TestWhatChangesBeforeItIsSent(t *testing.T) {
	t.Parallel()
	o := letters(t)
	ctx := t.Context()
	o.must(o.server.Behave(smtptest.Manner{Down: true}))
	o.circulate(meeting.Plans, authz.Coordinator, authz.Police, authz.Probation, authz.Guest)
	o.settle()
	o.addressed(authz.Coordinator, "elsewhere@example.org") // not secure
	o.exec(`UPDATE account SET disabled_at = now() WHERE id = ` + ref.Text(o.account(authz.Police)))
	o.addressed(authz.Probation, "pr@sussex.police.uk") // secure now
	o.exec(`INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES (` + ref.Text(o.other) + `, ` + ref.Text(o.account(authz.Probation)) + `, '', now(), 1)`)
	must(t, meeting.EndGuest(ctx, o.DB, o.as(authz.Coordinator), o.id, o.account(authz.Guest), o.mine))
	o.must(o.server.Behave(smtptest.Manner{}))
	o.Clock.Advance(time.Hour)
	to := map[string]string{}
	files := map[string]int{}
	for _, m := range o.settle() {
		to[m.To[0]], files[m.To[0]] = textOf(t, m)
	}
	if len(to) != 3 {
		t.Errorf("messages to %v, want three: none to the disabled account", files)
	}
	if whole := to["elsewhere@example.org"]; files["elsewhere@example.org"] != 0 || whole == "" || strings.Contains(whole, "wood, ") {
		t.Errorf("the new address that is not secure gets %q", whole)
	}
	if whole := to["pr@sussex.police.uk"]; files["pr@sussex.police.uk"] != 1 || !strings.Contains(whole, "Minewood") || strings.Contains(whole, "Otherwood") {
		t.Errorf("who was excluded from Otherwood gets %d files: %q", files["pr@sussex.police.uk"], whole)
	}
	if whole := to["guest@probation.example.org"]; strings.Contains(whole, "Minewood") {
		t.Errorf("the guest whose invitation was ended gets %q", whole)
	}
}

// R59, R64: who may circulate, what and when.
func TestWhoCirculates(t *testing.T) {
	t.Parallel()
	o := letters(t)
	ctx := t.Context()
	to := []ref.AccountID{o.account(authz.Police)}
	send := func(as db.Submission, kind, purpose string, to []ref.AccountID) error {
		_, err := meeting.Circulate(ctx, o.DB, as, o.id, kind, purpose, to)
		return err
	}
	refused(t, "police circulate", send(o.as(authz.Police), meeting.Plans, "x", to), fault.Forbidden)
	refused(t, "minutes before approval (R59)", send(o.as(authz.Coordinator), meeting.MinutesPapers, "x", to), fault.Invalid)
	refused(t, "no purpose", send(o.as(authz.Coordinator), meeting.Plans, " ", to), fault.Invalid)
	refused(t, "nobody", send(o.as(authz.Coordinator), meeting.Plans, "x", nil), fault.Invalid)
	refused(t, "somebody of another area", send(o.as(authz.Coordinator), meeting.Plans, "x", []ref.AccountID{ref.AccountID(o.Account(authz.Police, o.South).Account)}), fault.Invalid)
	refused(t, "another area", func() error {
		_, err := meeting.Circulate(ctx, o.DB, o.As(authz.Coordinator, o.South), o.id, meeting.Plans, "x", to)
		return err
	}(), fault.NotFound)
	must(t, send(o.as(authz.Coordinator), meeting.Plans, "x", to))
	if n := o.one(`SELECT cardinality(nominals) FROM log_event WHERE command = 'meeting.circulate plans' AND operation = 'disclose'`); n != 2 {
		t.Errorf("the disclosure names %d people, want both of the meeting", n)
	}
}

// Who opened what: each opening is a row of the recipient; the others cannot.
func TestWhoOpened(t *testing.T) {
	t.Parallel()
	o := letters(t)
	ctx := t.Context()
	c := o.circulate(meeting.Plans, authz.Police, authz.Guest)
	must(t, meeting.OpenReceived(ctx, o.DB, o.as(authz.Police), o.id, c, false))
	must(t, meeting.OpenReceived(ctx, o.DB, o.as(authz.Police), o.id, c, true))
	refused(t, "who is no recipient", meeting.OpenReceived(ctx, o.DB, o.as(authz.Probation), o.id, c, false), fault.NotFound)
	for _, r := range o.standings(authz.Coordinator)[0].Recipients {
		if police := r.Account == o.account(authz.Police); (r.ReadAt != nil) != police || (r.TakenAt != nil) != police {
			t.Errorf("%s: read %v, taken %v", r.Name, r.ReadAt, r.TakenAt)
		}
	}
}

// one is a number that the database's owner reads; exec is what only the owner does.
func (o *office) one(sql string) (n int64) {
	o.t.Helper()
	conn := o.super()
	if err := conn.QueryRow(o.t.Context(), sql).Scan(&n); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (o *office) exec(sql string) {
	o.t.Helper()
	if _, err := o.super().Exec(o.t.Context(), sql); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}
