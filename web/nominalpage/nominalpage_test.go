package nominalpage_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

var day = clock.MustISO

func at(id ref.NominalID, rest string) string {
	if rest != "" {
		rest = "/" + rest
	}
	return "/nominals/" + ref.Text(id) + rest
}

func one(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

var (
	everyTab  = []string{"", "needs", "contacts", "custody", "links", "history"}
	everyForm = []string{"contacts/new", "needs/health", "drug-tests/new", "custody/new", "status/new", "sentences/new", "dates/new", "tags/new", "breaches/new", "scores/new", "links/mappa",
		"links/groups", "intelligence/new", "identity", "warnings/new", "aliases/new", "addresses/new", "phones/new", "equality"}
)

// Who opens what, by hand from the table of permissions. 200, 403 where the role
// has no such page, and 404 in another area.
func TestTabsAndFormsByRole(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	casework := []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner}
	for _, role := range casework {
		c := s.As(t, s.Account(role, s.East))
		for _, tab := range everyTab {
			c.Get(at(id, tab)).Must(200).Has("Marsh")
		}
	}
	may := map[string][]authz.Role{
		"contacts/new": {authz.Coordinator, authz.Police, authz.Probation, authz.Partner}, "needs/health": {authz.Coordinator, authz.Police, authz.Probation, authz.Partner},
		"custody/new": {authz.Coordinator, authz.Police, authz.Probation}, "status/new": {authz.Coordinator, authz.Police, authz.Probation},
		"sentences/new": {authz.Coordinator, authz.Police, authz.Probation}, "links/mappa": {authz.Coordinator, authz.Police, authz.Probation},
		"intelligence/new": {authz.Coordinator, authz.Police}, "who-has-looked": {authz.Coordinator, authz.Chair, authz.Auditor},
	}
	for _, role := range authz.Roles {
		here, elsewhere := s.As(t, s.Account(role, s.East)), s.As(t, s.Account(role, s.Brighton))
		for form, roles := range may {
			want := 403
			for _, r := range roles {
				if r == role {
					want = 200
				}
			}
			got := here.Get(at(id, form))
			if role == authz.Guest && got.Status == 404 {
				continue // a guest of no case: there is nothing to refuse
			}
			if got.Status != want {
				t.Errorf("%s, %s: %d, want %d", role, form, got.Status, want)
			}
			if want == 200 {
				elsewhere.Get(at(id, form)).Must(404)
			}
		}
	}
}

// Out of scope and not there look the same, byte for byte but for what changes
// with every answer.
func TestOutOfScopeLooksLikeNothing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	hidden := s.Nominal(t, s.Brighton, "Secret", "Sam", day("1990-05-17"))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	for _, page := range append(append([]string{"who-has-looked"}, everyTab...), everyForm...) {
		a, b := c.Get(at(hidden, page)).Must(404), c.Get(at(hidden+100_000, page)).Must(404)
		if got, want := a.Lacks("Secret").Text("main"), b.Text("main"); got != want {
			t.Errorf("%s: %q and %q", page, got, want)
		}
	}
}

func TestEveryFormOpensForTheCoordinator(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	for _, form := range everyForm {
		a := c.Get(at(id, form)).Must(200).Has("Kit Marsh")
		if !a.HasForm(at(id, form)) {
			t.Errorf("%s has no form that posts to its own address", form)
		}
	}
}

// A day in the life of a record, through the pages alone.
func TestFactsThroughTheForms(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Red)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	send := func(form string, values url.Values) {
		t.Helper()
		c.Follow(c.Submit(at(id, form), at(id, form), values).Must(303)).Must(200)
	}
	send("contacts/new", one("kind", "home visit", "outcome", "seen", "log", "At home and well", "held_on", "1/6/2026", "at_time", "9am"))
	c.Get(at(id, "contacts")).Has("Home visit", "Seen", "At home and well", "09:00", "Sussex Police")
	send("needs/health", one("level", "amber", "needs", "No GP", "actions", "Register"))
	c.Get(at(id, "needs")).Has("Amber – some impact", "No GP")
	send("warnings/new", one("text", "Weapons"))
	send("aliases/new", one("name", "Kitty"))
	send("addresses/new", one("address", "1 High Street", "postcode", "bn11aa"))
	send("phones/new", one("kind", "mobile", "number", "01632 960 123"))
	c.Get(at(id, "")).Has("Weapons", "Kitty", "1 High Street BN1 1AA", "01632 960 123 (mobile)")
	send("status/new", one("status", "licence", "from_on", "1/5/2026", "ends_on", "20/6/2026"))
	c.Get(at(id, "")).Has("Licence ends on 20 Jun 2026", "In 19 days")
	send("links/mappa", one("level", "1", "category", "2"))
	c.Get(at(id, "links")).Has("MAPPA level 1 (category 2)")
	send("sentences/new", one("imposed_on", "1/6/2026", "court", "Lewes Crown Court", "offence", "Robbery", "type", "standard determinate sentence", "years", "5"))
	c.Get(at(id, "custody")).Has("Lewes Crown Court", "Standard determinate sentence: 5 years")
	c.Get(at(id, "")).Has("Mandatory deregistration", "R79")
	send("scores/new", one("type", "OGRS4", "value", "74", "scored_on", "1/5/2026"))
	send("custody/new", one("received_on", "1/6/2026", "prison", "LWI", "why", "sentence", "expected_on", "24/8/2026", "notified_by", "Lewes"))
	c.Get(at(id, "")).Has("Release on 24 Aug 2026 within 12 weeks", "consider PRISON", "24 Aug 2026 from Lewes")
	send("identity", one("preferences", "All-female team", "pncid", "02/73319Z"))
	c.Get(at(id, "")).Has("All-female team", "2002/0073319Z")
	c.Get(at(id, "history")).Has("Home visit: seen", "Warning: Weapons", "Rated RED", "Received into custody: Lewes", "Identity recorded")
	c.Get(at(id, "who-has-looked")).Has("Casey Eastwood", "Overview", "Sussex Police")
}

// What was typed stays when it is not accepted, and the error leads to its field.
func TestBadInputIsKeptAndExplained(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	for name, x := range map[string]struct {
		form   string
		values url.Values
		want   string
	}{
		"impossible date":         {"contacts/new", one("kind", "telephone", "outcome", "not an appointment", "held_on", "31/2/2026", "log", "kept text"), "Date must be a real date"},
		"future":                  {"contacts/new", one("kind", "telephone", "outcome", "not an appointment", "held_on", "2/6/2026", "log", "kept text"), "Date must be today or in the past"},
		"outcome does not fit":    {"contacts/new", one("kind", "call to police", "outcome", "seen", "held_on", "1/6/2026", "log", "kept text"), "does not fit"},
		"joint with oneself":      {"contacts/new", one("kind", "home visit", "outcome", "seen", "log", "kept text", "agency", ref.Text(s.Police), "joint_agency", ref.Text(s.Police)), "two agencies"},
		"unknown agency":          {"contacts/new", one("kind", "home visit", "outcome", "seen", "log", "kept text", "agency", "99999"), "from the list"},
		"a level of another kind": {"needs/health", one("level", "RED ALERT", "needs", "kept text"), "from the list"},
		"red without a reason":    {"needs/health", one("level", "red", "needs", "", "actions", "kept text"), "needs a reason"},
		"no warning":              {"warnings/new", one("text", "", "source", "kept text"), "Enter the warning"},
		"postcode":                {"addresses/new", one("address", "kept text", "postcode", "nonsense"), "ostcode"},
		"PNCID":                   {"identity", one("pncid", "12345", "gender", "kept text"), "PNCID must be"},
		"born tomorrow":           {"identity", one("born", "2/6/2026", "gender", "kept text"), "Date of birth must be today or in the past"},
		"custody without a term":  {"sentences/new", one("imposed_on", "1/6/2026", "court", "kept text", "offence", "Theft", "type", "standard determinate sentence"), "length of the custodial sentence"},
		"prison not on the list":  {"custody/new", one("received_on", "1/6/2026", "prison", "XXX", "why", "remand", "source", "kept text"), "Choose the prison from the list"},
		"nul":                     {"contacts/new", one("kind", "telephone", "outcome", "not an appointment", "log", "kept\x00text"), "NUL"},
		"too long":                {"contacts/new", one("kind", "telephone", "outcome", "not an appointment", "log", strings.Repeat("kept text ", 3000)), "20000 characters or fewer"},
	} {
		a := c.Submit(at(id, x.form), at(id, x.form), x.values)
		if a.Status != 422 || !strings.Contains(a.Text("main"), x.want) || !strings.HasPrefix(a.Text("title"), "Error: ") {
			t.Errorf("%s: %d, want %q in %s", name, a.Status, x.want, a.Text("main"))
			continue
		}
		if name != "nul" && !strings.Contains(a.Body, "kept text") {
			t.Errorf("%s: what was typed is gone", name)
		}
	}
}

// A form that is sent twice is done once; a stale edit is shown, not lost.
func TestTwiceSentAndStale(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	form := c.Get(at(id, "contacts/new")).Form(at(id, "contacts/new"))
	for k, v := range one("kind", "telephone", "outcome", "not an appointment", "log", "once only") {
		form.Values[k] = v
	}
	for range 2 {
		c.Do("POST", form.Action, form.Values, nil).Must(303)
	}
	if n := strings.Count(c.Get(at(id, "contacts")).Body, "once only"); n != 1 {
		t.Errorf("the contact stands %d times", n)
	}

	old := c.Get(at(id, "identity")).Form(at(id, "identity"))
	c.Submit(at(id, "identity"), at(id, "identity"), one("gender", "theirs")).Must(303)
	old.Values.Set("gender", "mine")
	conflict := c.Do("POST", old.Action, old.Values, nil).Must(409).Has("mine", "theirs")
	again := conflict.Form(at(id, "identity"))
	c.Do("POST", again.Action, again.Values, nil).Must(303)
	c.Get(at(id, "")).Has("mine")
}

// Whole parts of the page are there only for those who read or enter something in
// them; nobody is told that something is hidden.
func TestCategoriesOnThePages(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	ctx := t.Context()
	entry, err := intelligence.Record(ctx, s.DB, s.Scheme.As(authz.Police, s.East), intelligence.New{Nominal: id, Dated: day("2026-05-21"), Text: "canary-intel", Source: "report"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drugtest.Record(ctx, s.DB, s.Scheme.As(authz.Probation, s.East), drugtest.New{Nominal: id, TestedOn: day("2026-05-22"), Result: drugtest.Positive,
		Substances: "canary-test", Agency: s.Probation, Source: "laboratory"}); err != nil {
		t.Fatal(err)
	}
	// Protected characteristics are typed by the chair: read by the chair and the co-ordinator.
	s.As(t, s.Account(authz.Chair, s.East)).Submit(at(id, "equality"), at(id, "equality"), one("characteristic-0", "canary-equal")).Must(303)

	for role, want := range map[authz.Role]struct{ intel, test, equal bool }{
		authz.Coordinator: {true, true, true}, authz.Chair: {true, false, true}, authz.Police: {true, false, false},
		authz.Probation: {true, true, false}, authz.Partner: {false, false, false},
	} {
		c := s.As(t, s.Account(role, s.East))
		for canary, x := range map[string]struct {
			tabs []string
			want bool
		}{"canary-intel": {[]string{"", "history"}, want.intel}, "canary-test": {[]string{"needs", "history"}, want.test}, "canary-equal": {[]string{""}, want.equal}} {
			for _, tab := range x.tabs {
				if got := strings.Contains(c.Get(at(id, tab)).Body, canary); got != x.want {
					t.Errorf("%s reads %s on %q: %t", role, canary, tab, got)
				}
			}
		}
	}
	partner := s.As(t, s.Account(authz.Partner, s.East))
	partner.Get(at(id, "")).Lacks("Intelligence", "intelligence")
	s.As(t, s.Account(authz.Police, s.East)).Submit(at(id, "intelligence/"+ref.Text(entry)+"/share"), "", url.Values{"share_with": {ref.Text(s.Star)}}).Must(303)
	partner.Get(at(id, "")).Has("canary-intel").Lacks("Record intelligence")
}

// A guest sees the case of the invitation, and can enter nothing; before and after
// there is no such case.
func TestGuestOfACase(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	other := s.Nominal(t, s.East, "Reed", "Alex", day("1991-05-17"))
	guest := s.Account(authz.Guest, s.East)
	c := s.As(t, guest)
	c.Get(at(id, "")).Must(404)
	_, err := db.Write(t.Context(), s.DB, s.Scheme.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Disclose, Command: "guest.invite", Nominals: []int64{int64(id)}})
		_, err := tx.Exec(ctx, `SELECT invite_guest($1, $2, $3, $4, false)`, id, guest.Account, tx.Now(), tx.Now().AddDate(0, 0, 1))
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tab := range everyTab {
		c.Get(at(id, tab)).Must(200).Has("Kit Marsh", "guest of a meeting").Lacks("Log a contact", "Entered in error", "Who has looked")
	}
	c.Get(at(other, "")).Must(404)
	for _, form := range everyForm {
		if got := c.Get(at(id, form)).Status; got != 403 {
			t.Errorf("a guest opens %s: %d", form, got)
		}
	}
	s.Clock.Set(s.Clock.Now().AddDate(0, 0, 2))
	c = s.As(t, guest)
	c.Get(at(id, "")).Must(404)
}

// The permission counts in the area of the record: who is police in another area
// and a partner here enters here what a partner may.
func TestPermissionOfTheRecordsArea(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	who := s.Account(authz.Partner, s.East)
	_, err := db.Write(t.Context(), s.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (ref.GrantID, error) {
		return account.InsertGrant(ctx, tx, account.NewGrant{Account: ref.AccountID(who.Account), Role: authz.Police, Agency: s.Police, Area: s.Brighton})
	})
	if err != nil {
		t.Fatal(err)
	}
	c := s.As(t, who)
	c.Get(at(id, "contacts/new")).Must(200)
	for _, form := range []string{"intelligence/new", "custody/new", "links/mappa"} {
		c.Get(at(id, form)).Must(403)
	}
	c.Get(at(id, "")).Must(200).Lacks("Record intelligence", "Intelligence")
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	partner := s.As(t, s.Account(authz.Partner, s.East))
	partner.Submit(at(id, "warnings/new"), at(id, "warnings/new"), one("text", "Weapons")).Must(303)
	partner.Submit(at(id, "contacts/new"), at(id, "contacts/new"), one("kind", "telephone", "outcome", "not an appointment", "log", "wrong person")).Must(303)
	href := func(a *webtest.Answer, part string) string {
		t.Helper()
		for _, l := range a.Links() {
			if strings.Contains(l, part) {
				return l
			}
		}
		t.Fatalf("no link with %s", part)
		return ""
	}
	warning := href(c.Get(at(id, "")), "facts/nominal_warning/")
	partner.Submit(warning, warning, one("how", "ended", "reason", "gone", "ended_on", "1/6/2026")).Must(403)
	c.Get(at(id, "")).Has("Weapons")
	c.Submit(warning, warning, one("how", "ended", "reason", "lifted on PNC", "ended_on", "1/6/2026")).Must(303)
	c.Get(at(id, "")).Has("No warnings recorded")

	wrong := href(c.Get(at(id, "contacts")), "facts/contact/")
	c.Get(wrong).Must(200).Has("Telephone: not an appointment", "wrong person") // nobody takes back what they cannot see
	c.Submit(wrong, wrong, one("reason", "")).Must(422).Has("Enter why", "wrong person")
	c.Submit(wrong, wrong, one("reason", "another person was meant")).Must(303)
	c.Get(at(id, "contacts")).Has("No contacts recorded")
	c.Get(at(id, "history")).Has("wrong person", "another person was meant", "Entered in error", "lifted on PNC")
	// A fact belongs to the person in the address.
	other := s.Nominal(t, s.East, "Reed", "Alex", day("1991-05-17"))
	swapped := strings.Replace(wrong, at(id, ""), at(other, ""), 1)
	c.Get(swapped).Must(404)
	values := c.Get(at(other, "contacts/new")).Form(at(other, "contacts/new")).Values
	values.Set("reason", "x")
	c.Do("POST", swapped, values, nil).Must(404)
}

func TestAuditorSeesWhoLookedAndNoName(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	police := s.As(t, s.Account(authz.Police, s.East))
	police.Get(at(id, "contacts")).Must(200)
	police.Get(at(id, "needs/health")).Must(200)
	c := s.As(t, s.Account(authz.Auditor, s.East))
	c.Get(at(id, "who-has-looked")).Must(200).Has("Parker Eastwood", "Contacts", "Form: assess a need").Lacks("Marsh", "Page:")
	c.Get(at(id, "")).Must(403)
}
