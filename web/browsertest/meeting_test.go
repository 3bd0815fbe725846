package browsertest_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/action"
	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/internal/platform/mail"
	"iom/internal/platform/mail/smtptest"
	"iom/internal/platform/pdf/pdftest"
	"iom/web/browsertest"
)

// Who is discussed, in the running order that the rules give on 10 August 2026: new
// referrals (R68), RED (R65), AMBER, adopted on 1 June and so due on 1 September, before
// the next meeting (R66), and GREEN with an open action (R69); within each by name.
var (
	newReferrals = strings.Fields("Alderwick Bracken Campion Damson Elderfield")
	atRed        = strings.Fields("Fennick Gorseland Hazelden Ivywood Juniper Kingcup Lavender Mallowby Nettleby Oxlip Primrose Quincewood")
	dueAmber     = strings.Fields("Rushmere Sorrelby Teasel Umberwood Vetchley Willowby")
	withActions  = strings.Fields("Yarrowby Zinnia")
	everybody    = slices.Concat(newReferrals, atRed, dueAmber, withActions)

	// What the guest is invited for; the first is the case on which all write at once.
	ofGuest  = []string{"Fennick", "Hazelden"}
	notGuest = slices.DeleteFunc(slices.Clone(everybody), func(name string) bool { return slices.Contains(ofGuest, name) })

	// What is left undone at first, with what the list then says.
	undone = map[string]string{"Damson": "neither adopted, rejected nor deferred", "Quincewood": "has not been reviewed",
		"Willowby": "neither done nor deferred", "Zinnia": "Neither progressed, discharged nor carried over"}
)

// monthly is the referral and operational meeting of a month, with four people in four
// browsers and the wall in a fifth.
type monthly struct {
	*town
	at     string // its address
	people map[string]ref.NominalID
	wall   *browsertest.Tab
	post   *smtptest.Server
	work   *job.Runner
}

// TestAWholeMonthlyMeeting takes 25 cases from the agenda to the minutes that the mail
// server received: agenda (R65-R69), guest (R58), roll-call and signatures (R61, R62),
// everybody's notes at once (R63, R70), decisions, closing refused and done (R65),
// minutes (R59) and circulation (R64). No page on the way has an error, breaks its own
// policy or the rules of accessibility: the harness sees to that.
func TestAWholeMonthlyMeeting(t *testing.T) {
	t.Parallel()
	m := newMonthly(t)
	m.on(clock.NewDate(2026, 8, 7))
	m.planned()
	m.agendaSent()

	m.on(clock.NewDate(2026, 8, 10))
	m.signed()
	m.opened()
	m.onTheWall()
	m.allWriteAtOnce()
	m.decided()
	m.guestSeesTwo("while the meeting is open")
	m.closingRefused()
	m.closed()

	m.plansCirculated()
	m.minutesCirculated()
	m.guestSeesTwo("after the minutes")
}

// newMonthly makes the people, who are known since 1 June, and the mail server.
func newMonthly(t *testing.T) *monthly {
	t.Helper()
	m := &monthly{town: newTown(t), people: map[string]ref.NominalID{}}
	for rating, names := range map[rag.Rating][]string{rag.Red: atRed, rag.Amber: dueAmber, rag.Green: withActions} {
		for _, name := range names {
			m.people[name], _ = m.Registered(t, m.East, name, "Bo", rating)
		}
	}
	for _, name := range newReferrals {
		m.people[name] = m.Nominal(t, m.East, name, "Bo", fixture.Adult)
		m.Referred(t, m.East, m.people[name], fixture.Adult)
	}
	for _, name := range withActions {
		m.write(m.Scheme.As(authz.Coordinator, m.East), func(ctx context.Context, tx *db.Tx) error {
			_, err := action.Set(ctx, tx, action.New{Nominal: m.people[name], Text: "Find a course for " + name, Pathway: string(need.Accommodation),
				Agency: m.Police, Account: m.account(authz.Police), DueOn: clock.NewDate(2026, 7, 31)})
			return err
		})
	}
	m.password(m.Account(authz.Guest, m.East))
	m.mailed()
	return m
}

// mailed gives everybody an address, and starts the mail server and the work that sends.
// All addresses are on the area's list of secure domains.
func (m *monthly) mailed() {
	m.t.Helper()
	m.write(fixture.System(), func(ctx context.Context, tx *db.Tx) error {
		return area.Set(ctx, tx, m.East, area.SecureDomains, "*.police.uk")
	})
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Guest} {
		who := m.account(role)
		a, err := fixture.Read(m.t, m.Scheme, m.Account(role, m.East), func(ctx context.Context, q *db.ReadTx) (account.Account, error) { return account.Get(ctx, q, who) })
		if err == nil {
			err = account.AmendOwn(m.t.Context(), m.DB, db.Once(int64(who)), address(role), "", a.Version)
		}
		if err != nil {
			m.t.Fatal(err)
		}
	}
	var err error
	if m.post, err = smtptest.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = m.post.Close() })
	sender := &mail.Sender{Settings: mail.Settings{Host: m.post.Host(), Port: m.post.Port(), From: "iom@sussex.example"}, AddressOf: account.EmailOf, SecureDomains: area.SecureDomainsOf}
	sender.Composes(meeting.AgendaMail, meeting.ComposeAgenda(m.URL))
	sender.Composes(meeting.CirculationMail, meeting.Courier{DB: m.DB, Origin: m.URL}.Compose)
	plan := &job.Plan{}
	plan.Do(mail.Deliver, sender.Send)
	m.work = m.Work(m.t, plan)
}

func address(role authz.Role) string { return string(role) + "@sussex.police.uk" }

// posted is what the mail server has received since it had so many messages.
func (m *monthly) posted(before, want int) []smtptest.Message {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	if err := m.work.Settle(ctx); err != nil {
		m.t.Fatal(err)
	}
	all := m.post.Received()
	if len(all) != before+want {
		m.t.Fatalf("the mail server has received %d messages, want %d and %d before", len(all), want, before)
	}
	return all[before:]
}

func (m *monthly) account(role authz.Role) ref.AccountID {
	m.t.Helper()
	return ref.AccountID(m.Account(role, m.East).Account)
}

func (m *monthly) write(as db.Submission, fn func(ctx context.Context, tx *db.Tx) error) {
	m.t.Helper()
	if _, err := db.Write(m.t.Context(), m.DB, as, func(ctx context.Context, tx *db.Tx) (bool, error) { return true, fn(ctx, tx) }); err != nil {
		m.t.Fatal(err)
	}
}

// sheet is the address of somebody's place on the record sheet.
func (m *monthly) sheet(name string) string { return m.at + "/sheet/" + ref.Text(m.people[name]) }

// planned has the co-ordinator plan the meeting, invite the police, and a guest for two cases.
func (m *monthly) planned() {
	m.t.Helper()
	tab := m.in(authz.Coordinator).Go("/meetings/new")
	tab.Fill("area", ref.Text(m.East), "held_on", "10/8/2026", "starts", "10am", "place", "Eastbourne police station", "chair", m.id(authz.Chair)).Send("/meetings/new")
	m.at = tab.Path()
	tab.Go(m.at+"/attendance").FillIn("/members", "member", m.id(authz.Police)).Send("/members")
	tab.FillIn("/guests", "guest", m.id(authz.Guest))
	for _, name := range ofGuest {
		tab.FillIn("/guests", "case", ref.Text(m.people[name]))
	}
	tab.Send("/guests").Has(m.Account(authz.Guest, m.East).Name)
}

// agendaSent has the chair agree the agenda and the co-ordinator send it; the message
// names nobody.
func (m *monthly) agendaSent() {
	m.t.Helper()
	tab := m.in(authz.Coordinator).Go(m.at + "/agenda").Has(everybody...)
	if order := inOrder(tab.Text(), everybody); !slices.Equal(order, everybody) {
		m.t.Errorf("the running order is %v, want %v", order, everybody)
	}
	m.in(authz.Chair).Go(m.at + "/agenda").Press("Agree the agenda")
	tab.Go(m.at + "/agenda").Send("/agenda/send")
	for _, message := range m.posted(0, 4) {
		for _, name := range everybody {
			if strings.Contains(string(message.Raw), name) {
				m.t.Errorf("the message that the agenda is there, to %s, names %s", message.To, name)
			}
		}
	}
}

// inOrder is the names in the order in which a text has them first.
func inOrder(text string, names []string) []string {
	order := slices.Clone(names)
	slices.SortStableFunc(order, func(a, b string) int { return strings.Index(text, a) - strings.Index(text, b) })
	return order
}

// signed has each sign on their own device; before, not even the agenda names anybody.
func (m *monthly) signed() {
	m.t.Helper()
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Guest} {
		tab := m.in(role).Go(m.sheet(ofGuest[0]))
		tab.Lacks(everybody...)
		if !strings.HasSuffix(tab.Path(), "/sign") && !strings.HasSuffix(tab.Path(), m.at) {
			tab.Fatalf("a case is open to the %s before the statement is signed", role)
		}
		tab.Go(m.at+"/sign").Fill("signed_as", m.Account(role, m.East).Name).Press("Sign").Has("Confidentiality statement signed")
	}
}

// opened calls the roll on one screen and has the chair open the meeting.
func (m *monthly) opened() {
	m.t.Helper()
	tab := m.in(authz.Coordinator).Go(m.at + "/attendance")
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Guest} {
		tab.FillIn("/attendance", "roll-"+m.id(role), "present")
	}
	tab.Send("/attendance")
	m.in(authz.Chair).Go(m.at+"/open").Has("25 cases", "4 of 4 have signed").Send("/open").Has("Record sheet")
}

// onTheWall has a browser that nobody signs in to take the code that the co-ordinator
// gets: it is the display then, which names nobody until a case is opened, and opens
// nothing else.
func (m *monthly) onTheWall() {
	m.t.Helper()
	m.wall = browsertest.Open(m.t, m.URL)
	shown := m.in(authz.Coordinator).Go(m.at + "/sheet").Press("Get a code for the screen of the room").Has("It works once").Text()
	code := regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`).FindString(shown)
	m.wall.Go("/sign-in").Press("Show a meeting on this screen").Fill("code", strings.ToLower(code)).Press("Show the meeting").Has("No case has been opened yet", "0 of 25 cases finished").Lacks(everybody...)
	for _, other := range []string{"/live-list", m.sheet(ofGuest[0]), "/nominals/" + ref.Text(m.people[ofGuest[0]]), m.at + "/minutes"} {
		if m.wall.Go(other).Lacks(everybody...); m.wall.Status() == http.StatusOK && m.wall.Path() != m.at+"/display" {
			m.wall.Fatalf("the display opens %s", other)
		}
	}
	m.wall.Go(m.at + "/display").Soon("Up to date")
}

// allWriteAtOnce is what is said of one case in ten minutes, all of it in a few seconds:
// four people keep fifteen notes each while they see each other's come. None is lost,
// none stands twice, and the wall has them all.
func (m *monthly) allWriteAtOnce() {
	m.t.Helper()
	const each = 15
	at := m.sheet(ofGuest[0])
	m.tabs[authz.Coordinator].Go(at).Press("Bring this case before the meeting").Soon("The meeting is at this case")
	m.wall.Soon("Bo "+ofGuest[0], "Case 6 of 25", "RED")
	blocks := map[authz.Role]string{authz.Coordinator: "discussion", authz.Chair: "discussion", authz.Police: "contribution", authz.Guest: "contribution"}
	var all []string
	for role := range blocks {
		m.tabs[role].Go(at).Soon("Up to date")
		for i := range each {
			all = append(all, noteOf(role, i))
		}
	}
	var everyone sync.WaitGroup
	for role, block := range blocks {
		everyone.Go(func() {
			tab := m.tabs[role]
			for i := range each {
				tab.FillIn("/"+block, block+"-text", noteOf(role, i)).Keep("/"+block).Soon(noteOf(role, i), "Note kept")
			}
		})
	}
	everyone.Wait()
	for role := range blocks {
		m.tabs[role].Soon(all...).Check()
	}
	m.wall.Soon(all...).Check()
	if kept := m.count("discussion_note"); kept != int64(len(all)) {
		m.t.Errorf("%d notes are kept, want %d", kept, len(all))
	}
	text := m.tabs[authz.Coordinator].Go(at).Text()
	for _, note := range all {
		if n := strings.Count(text, note); n != 1 {
			m.t.Errorf("%q stands %d times", note, n)
		}
	}
	m.tabs[authz.Guest].Go(at).Soon("The meeting is at this case")
}

// noteOf is the words of one note; the letter keeps one from being part of another.
func noteOf(role authz.Role, i int) string { return fmt.Sprintf("Note %c of the %s", 'A'+i, role) }

// decided goes through the cases in order, each brought before the meeting by going on
// to it, and leaves four undone. The wall follows to each, the guest is told of
// theirs alone.
func (m *monthly) decided() {
	m.t.Helper()
	tab := m.tabs[authz.Coordinator].Go(m.sheet(everybody[0])).Press("Bring this case before the meeting")
	m.wall.Soon("Bo "+everybody[0], "Case 1 of 25").Check()
	m.tabs[authz.Guest].Soon("The meeting is at a case that is not for you").Lacks(notGuest...)
	for i, name := range everybody {
		if tab.Path() != m.sheet(name) {
			tab.Fatalf("case %d is not %s", i+1, name)
		}
		m.wall.Soon("Bo "+name, fmt.Sprintf("Case %d of 25", i+1))
		if _, later := undone[name]; !later {
			m.decide(tab, name)
		}
		if i+1 < len(everybody) {
			tab.Press("Next case")
		}
	}
	m.wall.Soon("21 of 25 cases finished")
	tab.Go(m.at + "/sheet").Has("21 of 25 cases")
}

// decide records what the meeting decides on one case.
func (m *monthly) decide(tab *browsertest.Tab, name string) {
	m.t.Helper()
	switch {
	case name == "Campion":
		tab.FillIn("/decision", "decision-outcome", "rejected", "decision-reason", "Does not meet the criteria").Send("/decision").Has("Rejected")
	case name == "Damson":
		tab.FillIn("/decision", "decision-outcome", "deferred", "decision-reason", "The assessment is awaited").Send("/decision").Has("Deferred")
	case slices.Contains(newReferrals, name):
		tab.FillIn("/decision", "decision-outcome", "adopted", "decision-reason", "High risk of reoffending", "decision-rating", "RED",
			"decision-rating_reason", "As proposed", "decision-of-red", rag.Red.Characteristics()[3],
			"decision-lead", m.id(authz.Police), "decision-capacity", "police officer").Send("/decision").Has("Adopted")
	case name == "Vetchley":
		tab.FillIn("/defer", "defer-reason", "The lead worker is away").Send("/defer").Has("Deferred: The lead worker is away")
	case slices.Contains(withActions, name):
		form := tab.Forms(`/actions/\d+$`)[0]
		id := form[strings.LastIndex(form, "/")+1:]
		tab.FillIn("/actions/"+id, "action-"+id+"-what", "progress", "action-"+id+"-note", "Applied for "+name).Send("/actions/" + id).Has("Dealt with")
	default:
		to := rag.Red
		if slices.Contains(dueAmber, name) {
			to = rag.Amber
		}
		tab.FillIn("/review", "review-rating", string(to), "review-reason", "Agreed for "+name, characteristics(to), to.Characteristics()[0]).Send("/review").Has("Agreed for " + name)
	}
}

// closingRefused: four things are missing. The co-ordinator is shown them and no way to
// close; the chair may close with a reason alone (R65).
func (m *monthly) closingRefused() {
	m.t.Helper()
	tab := m.tabs[authz.Coordinator].Go(m.at+"/close").Has("4 things are missing", "ask the chair")
	for name, what := range undone {
		tab.Has(name, what)
	}
	if tab.Offers("Close with things missing") {
		tab.Fatalf("the co-ordinator may close with things missing")
	}
	chair := m.tabs[authz.Chair].Go(m.at + "/close").Send("/close").Has("4 things are missing. Enter the reason")
	if chair.Status() != http.StatusUnprocessableEntity {
		chair.Fatalf("closing with things missing and no reason answers %d", chair.Status())
	}
	for name := range undone {
		tab.Go(m.at + "/close").Press(name + ", Bo")
		if tab.Path() != m.sheet(name) {
			tab.Fatalf("the list of what is missing leads elsewhere than to %s", name)
		}
		m.decide(tab, name)
	}
}

// closed closes the meeting; the wall says so, and nothing can be written any more.
func (m *monthly) closed() {
	m.t.Helper()
	police := m.tabs[authz.Police].Go(m.sheet("Gorseland")).FillIn("/contribution", "contribution-text", "Said too late")
	m.tabs[authz.Coordinator].Go(m.at + "/close").Has("0 things are missing").Send("/close")
	m.wall.Soon("The meeting is closed").Lacks(everybody...).Check()
	police.Keep("/contribution").Soon("closed")
	if n := m.count("discussion_note WHERE text = 'Said too late' AND nominal_id = " + ref.Text(m.people["Gorseland"])); n > 1 {
		m.t.Errorf("what was being typed at the closing stands %d times", n)
	}
	for _, role := range []authz.Role{authz.Coordinator, authz.Police, authz.Guest} {
		if forms := m.tabs[role].Go(m.sheet(ofGuest[0])).Has("The meeting is closed").Forms("/sheet/"); len(forms) > 0 {
			m.t.Errorf("after the closing the %s can still send %v", role, forms)
		}
	}
}

// plansCirculated: the updated plans and actions need nobody's approval (R64).
func (m *monthly) plansCirculated() {
	m.t.Helper()
	m.circulate(meeting.Plans)
	m.received(m.posted(4, 4))
}

// minutesCirculated: the minutes go out when the chair has approved them (R59).
func (m *monthly) minutesCirculated() {
	m.t.Helper()
	m.tabs[authz.Coordinator].Go(m.at + "/minutes").Has(everybody...)
	m.tabs[authz.Chair].Go(m.at + "/minutes").Has(everybody...).Press("Approve the minutes").Has("Approved on 10 August 2026")
	m.circulate(meeting.MinutesPapers)
	m.received(m.posted(8, 4))
	m.tabs[authz.Coordinator].Go(m.at + "/circulation").Lacks("Waiting")
	guest := m.tabs[authz.Guest].Go(m.at + "/minutes").Has(ofGuest...).Lacks(notGuest...)
	guest.Press("Minutes, ").Lacks(notGuest...).Press("Open").Has(ofGuest...).Lacks(notGuest...)
}

// circulate sends to all four, whom the page proposes, and says afterwards that it is sent.
func (m *monthly) circulate(kind string) {
	m.t.Helper()
	tab := m.tabs[authz.Coordinator].Go(m.at + "/circulation")
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Guest} {
		tab.FillIn("/circulation", "recipient", m.id(role))
	}
	tab.FillIn("/circulation", "kind", kind, "purpose", "To do what was agreed").Send("/circulation").Has("To do what was agreed")
}

// received looks into what came: neither subject nor text names anybody; the file of the
// guest holds the guest's two cases, everybody else's all.
func (m *monthly) received(messages []smtptest.Message) {
	m.t.Helper()
	for _, message := range messages {
		if len(message.Files) != 1 {
			m.t.Errorf("%s has received %d files", message.To, len(message.Files))
			continue
		}
		file, err := pdftest.Text(message.Files[0].Content)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, name := range everybody {
			if strings.Contains(message.Subject+message.Text, name) {
				m.t.Errorf("subject or text to %s names %s", message.To, name)
			}
			want := message.To[0] != address(authz.Guest) || slices.Contains(ofGuest, name)
			if got := strings.Contains(file, name); got != want {
				m.t.Errorf("%q to %s: that it names %s is %v, want %v", message.Subject, message.To, name, got, want)
			}
		}
		if !strings.Contains(file, "OFFICIAL-SENSITIVE") {
			m.t.Errorf("the file to %s has no marking", message.To)
		}
	}
}

// guestSeesTwo follows every link that the guest is shown, and asks for what others are
// shown: two people are named, and nobody else anywhere (R58).
func (m *monthly) guestSeesTwo(when string) {
	m.t.Helper()
	client := m.As(m.t, m.Account(authz.Guest, m.East))
	seen, named := map[string]bool{}, map[string]bool{}
	todo := []string{"/", m.at, m.at + "/agenda", m.at + "/sheet", m.at + "/display", m.at + "/minutes", m.at + "/minutes/print", "/actions"}
	for ; len(todo) > 0; todo = todo[1:] {
		at, _, _ := strings.Cut(todo[0], "#")
		if seen[at] || !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "/static/") {
			continue
		}
		seen[at] = true
		a := client.Get(at)
		if a.Status == http.StatusSeeOther {
			todo = append(todo, a.Location)
			continue
		}
		todo = append(todo, a.Links()...)
		shown := a.Body
		if strings.Contains(a.Header.Get("Content-Type"), "pdf") {
			text, err := pdftest.Text([]byte(a.Body))
			if err != nil {
				m.t.Fatal(err)
			}
			shown = text
		}
		for _, name := range everybody {
			switch {
			case !strings.Contains(shown, name):
			case slices.Contains(ofGuest, name):
				named[name] = true
			default:
				m.t.Errorf("%s: %s shows the guest %s", when, at, name)
			}
		}
	}
	if len(named) != len(ofGuest) || len(seen) < 20 {
		m.t.Errorf("%s: the guest is shown %v on %d pages", when, named, len(seen))
	}
	for _, name := range notGuest {
		for _, at := range []string{m.sheet(name), m.sheet(name) + "/live", "/nominals/" + ref.Text(m.people[name]), "/nominals/" + ref.Text(m.people[name]) + "/plan"} {
			if a := client.Get(at); a.Status != http.StatusNotFound || strings.Contains(a.Body, name) {
				m.t.Errorf("%s: %s answers the guest %d", when, at, a.Status)
			}
		}
	}
}
