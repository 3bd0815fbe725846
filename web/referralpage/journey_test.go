package referralpage_test

import (
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

// filled are the answers that make a referral complete, page by page.
func filled(s *webtest.Site) map[string]url.Values {
	return map[string]url.Values{
		"personal": {"born": {"3/5/1991"}, "sex": {"female"}, "urn": {"47/99"}, "pncid": {"02/73319Z"}, "address": {"1 High Street"},
			"postcode": {"bn11aa"}, "phones.0.number": {"07700 900123"}, "phones.0.kind": {"mobile"}, "warnings.0.text": {"Violent"}, "aliases.0.name": {"Spider"}},
		"details": {"agency": {ref.Text(s.Police)}, "contact": {"PC Example"}, "date": {"1/6/2026"}},
		"justification": {"evidence": {"Twelve thefts in six months"}, "scores.0.type": {"OGRS3"}, "scores.0.value": {"78"}, "scores.0.scored_on": {"20/5/2026"},
			"index_offences": {"Theft"}, "considered": {"local crime priorities", "intelligence", "cost of crime"}},
		"history":  {"known_for": {"Theft from shops"}},
		"agencies": {"agencies.0.agency": {"STAR"}, "agencies.0.person": {"Sam"}, "agencies.0.contact": {"01632 960123"}},
		"pathways": {"accommodation.level": {"red"}, "accommodation.needs": {"No fixed abode"}},
		"risk":     {"narrative": {"Risk to shop staff"}},
		"considerations": {"complex_needs": {"yes"}, "intelligence": {"no"}, "multi_agency": {"yes"}, "pattern": {"yes"}, "benefit": {"Daily contact"},
			"elsewhere": {"no"}},
		"rating": {"rating": {"RED"}, "characteristics.2.of": {"Fixed-term recall"}, "why": {"Recalled twice"}},
	}
}

// begin looks for a person, adds a new one and gives the address of the referral.
func begin(t *testing.T, c *webtest.Client, family string) string {
	t.Helper()
	a := c.Submit("/referrals/new", "/referrals/new", url.Values{"family_name": {family}, "given_names": {"Jo"}, "born": {"3/5/1991"}})
	if a.Must(303); !strings.HasPrefix(a.Location, "/referrals/found/") || strings.Contains(a.Location, family) {
		t.Fatalf("led to %s", a.Location)
	}
	found := c.Follow(a).Must(200)
	form := found.Form(a.Location)
	form.Values.Set("nominal", "")
	started := c.Do("POST", form.Action, form.Values, nil).Must(303)
	return started.Location
}

func TestFromFindingThePersonToThePrint(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Police, s.East))
	at := begin(t, c, "Bloggs")
	c.Get(at).Must(200).Has("Jo Bloggs", "Not started", "Check and submit")
	c.Get(at+"/check").Must(200).Has("Missing before it can be submitted", "Propose a RAG rating", "R3").Lacks("Submit referral")
	for _, section := range []string{"personal", "details", "justification", "history", "agencies", "pathways", "risk", "considerations", "rating"} {
		a := c.Submit(at+"/"+section, at+"/"+section, filled(s)[section])
		if a.Status != 303 {
			t.Fatalf("%s: %d: %s", section, a.Status, a.Text("main"))
		}
	}
	c.Get(at + "/personal").Must(200).Has("Violent") // in the head, and below in its field
	c.Get(at+"/check").Must(200).Has("Submit referral", "2002/0073319Z (typed as 02/73319Z)", "Fixed-term recall", "Not every pathway is assessed",
		"The risk and vulnerability assessment is not attached")
	c.Submit(at+"/check", at+"/check", nil).Must(303)
	c.Get(at).Must(200).Has("Awaiting decision", "Submitted", "Amend")
	c.Get("/referrals?show=awaiting").Must(200).Has("Bloggs, Jo", "RED", "Sussex Police")
	paper := c.Get(at + "/print").Must(200)
	inOrder(t, paper.Text("main"), "Offender Personal Details", "Name", "Date of birth", "URN", "PNCID", "Address", "Postcode", "Contact numbers",
		"07700 900123 (M)", "E-mail", "National Insurance", "Warnings (PNC/Niche)", "Violent", "Referral Details", "Agency / Contact", "Date of referral",
		"Justification and Reasons for Referral", "OGRS score", "OGRS3 78", "LED / SED", "Index offences", "Offending History", "Scope for Multi-Agency Intervention", "STAR",
		"Risk factors", "Accommodation", "Red – significant", "No fixed abode", "Other", "Priority Groups", "Child Sexual Exploitation", "Serious and Organised Crime",
		"Threat, Harm and Risk Assessment", "Further Considerations", "1. Does", "2. Will", "3. Is", "4. Is", "5. How", "Administration", "Contact, Event Log",
		"Force number", "Review", "Retain/Drop", "Justification for removal", "Removal from IOM", "Reasons for removal")
	paper.Has("OFFICIAL-SENSITIVE", "Printed by")
}

// inOrder checks that each text comes after the one before.
func inOrder(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		i := strings.Index(page, text)
		if i < 0 {
			t.Fatalf("%q is missing or not in its place: …%.120s", text, page)
		}
		page = page[i+len(text):]
	}
}

func TestBadInputIsSaidAtItsFieldAndKept(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Police, s.East))
	at := begin(t, c, "Bloggs")
	for _, bad := range []struct{ section, field, typed, says string }{
		{"personal", "born", "31/2/1990", "Date of birth must be a real date"},
		{"personal", "born", "2/6/2026", "Date of birth must be today or in the past"},
		{"personal", "pncid", "1X23/1234567A", "PNCID must be"},
		{"personal", "ni_number", "BG123456A", "National Insurance number must be"},
		{"personal", "postcode", "BN1", "Postcode must be"},
		{"personal", "crn", "320741", "CRN must be"},
		{"personal", "phones.0.number", "ring me", "Telephone number must"},
		{"personal", "family_name", "", "Enter the family name"},
		{"personal", "given_names", "Jo\x00", "NUL"},
		{"personal", "sex", "nonsense", "Choose the sex from the list"},
		{"justification", "evidence", strings.Repeat("x", 1<<20), "must be 20000 characters or fewer"},
		{"justification", "scores.0.value", "150", "percentage"},
		{"details", "date", "2/6/2026", "must be today or in the past"},
		{"details", "agency", "999999", "Choose the agency from the list"},
		{"pathways", "health.needs", "Depressed", "Choose the risk level of health"},
		{"considerations", "elsewhere", "yes", "Enter which arrangements exist"},
		{"agencies", "agencies.0.person", "Sam", "Enter the agency"},
		{"youth", "discussed_on", "2/6/2026", "must be today or in the past"},
	} {
		values := url.Values{bad.field: {bad.typed}}
		a := c.Submit(at+"/"+bad.section, at+"/"+bad.section, values)
		if a.Must(422).Has("There is a problem", bad.says); t.Failed() {
			t.Fatalf("%s %s", bad.section, bad.field)
		}
		if kept := a.Form(at + "/" + bad.section).Values.Get(bad.field); bad.typed != "nonsense" && bad.field != "agency" && kept != bad.typed && kept != strings.TrimSuffix(bad.typed, "\x00") &&
			kept != strings.ReplaceAll(bad.typed, "\x00", "\uFFFD") {
			t.Errorf("%s: typed %.40q, kept %.40q", bad.field, bad.typed, kept)
		}
	}
	c.Get(at).Must(200).Lacks("31/2/1990")
}

func TestAStaleSaveShowsBothVersions(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	police, partner := s.As(t, s.Account(authz.Police, s.East)), s.As(t, s.Account(authz.Partner, s.East))
	at := begin(t, police, "Bloggs")
	opened := partner.Get(at + "/history").Must(200).Form(at + "/history")
	police.Submit(at+"/history", at+"/history", url.Values{"known_for": {"Theft from shops"}}).Must(303)
	opened.Values.Set("known_for", "Burglary of dwellings")
	conflict := partner.Do("POST", opened.Action, opened.Values, nil).Must(409).Has("Theft from shops", "Burglary of dwellings")
	again := conflict.Form(at + "/history")
	partner.Do("POST", again.Action, again.Values, nil).Must(303)
	police.Get(at + "/history").Must(200).Has("Burglary of dwellings")
	lost := police.Get(at + "/history").Form(at + "/history")
	lost.Values.Del("_version")
	police.Do("POST", lost.Action, lost.Values, nil).Must(409)
}

func TestOneMoreRowKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Police, s.East))
	at := begin(t, c, "Bloggs")
	a := c.Submit(at+"/personal", at+"/personal", url.Values{"_add": {"warnings"}, "warnings.0.text": {"Violent"}, "born": {"31/2/1990"}})
	form := a.Must(200).Lacks("There is a problem").Form(at + "/personal")
	if _, ok := form.Values["warnings.1.text"]; !ok || form.Values.Get("warnings.0.text") != "Violent" || form.Values.Get("born") != "31/2/1990" {
		t.Errorf("%v", form.Values)
	}
}

func TestAnAmendmentStandsBesideWhatWasThere(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Police, s.East))
	at := submitted(t, s, c)
	s.Clock.Advance(60e9)
	c.Submit(at+"/history", at+"/history", url.Values{"known_for": {"Theft and burglary"}}).Must(422).Has("Enter why the referral is amended")
	c.Submit(at+"/history", at+"/history", url.Values{"known_for": {"Theft and burglary"}, "reason": {"New arrest"}}).Must(303)
	c.Get(at).Must(200).Has("Amended after submission", "Theft from shops", "Theft and burglary", "New arrest")
	c.Submit(at+"/withdraw", at+"/withdraw", url.Values{"reason": {""}}).Must(422)
	c.Submit(at+"/withdraw", at+"/withdraw", url.Values{"reason": {"Moved to another force"}}).Must(303)
	c.Get(at).Must(200).Has("Withdrawn", "Moved to another force").Lacks("Amend<")
	c.Get(at + "/history").Must(303)
}

func submitted(t *testing.T, s *webtest.Site, c *webtest.Client) string {
	t.Helper()
	at := begin(t, c, "Bloggs")
	for section, values := range filled(s) {
		c.Submit(at+"/"+section, at+"/"+section, values).Must(303)
	}
	c.Submit(at+"/check", at+"/check", nil).Must(303)
	return at
}

func TestWhoFindsAndWhoReads(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Police, s.East))
	at := submitted(t, s, c)
	other := s.As(t, s.Account(authz.Police, s.Brighton))
	missing := other.Get("/referrals/999999999").Must(404)
	for _, page := range []string{"", "/personal", "/check", "/withdraw", "/print"} {
		if a := other.Get(at + page).Must(404); a.Text("main") != missing.Text("main") {
			t.Errorf("%s says more than that it is not there", page)
		}
	}
	a := other.Submit("/referrals/new", "/referrals/new", url.Values{"family_name": {"Blogs"}, "given_names": {"Jo"}}).Must(303)
	card := other.Follow(a).Must(200).Has("Jo Bloggs", "3 May 1991", "2002/0073319Z", "47/99", "Referral open in East Sussex", "Ask the co-ordinator of East Sussex")
	card.Lacks("High Street", "07700", "Violent", "Theft", "This is the person")
	// Another account cannot open the search.
	s.As(t, s.Account(authz.Partner, s.Brighton)).Get(a.Location).Must(404)
	for _, role := range []authz.Role{authz.Guest, authz.Analyst, authz.Auditor, authz.Administrator} {
		stranger := s.As(t, s.Account(role, s.East))
		stranger.Get("/referrals").Must(403)
		stranger.Get(at).Must(403)
		stranger.Get("/referrals/new").Must(403)
	}
	// A colleague goes on where the search leads.
	partner := s.As(t, s.Account(authz.Partner, s.East))
	again := partner.Submit("/referrals/new", "/referrals/new", url.Values{"pncid": {"2002/0073319Z"}}).Must(303)
	form := partner.Follow(again).Has("Go on with the open referral").Form(again.Location)
	form.Values.Set("nominal", form.Values.Get("shown"))
	if led := partner.Do("POST", form.Action, form.Values, nil).Must(303); led.Location != at {
		t.Errorf("led to %s, want %s", led.Location, at)
	}
}

func TestAChildHasASectionOfItsOwn(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	at := begin(t, c, "Young")
	c.Get(at).Must(200).Lacks("Referral of a child")
	c.Submit(at+"/personal", at+"/personal", url.Values{"born": {clock.NewDate(2008, 6, 2).Typed()}}).Must(303)
	c.Get(at).Must(200).Has("Referral of a child")
	c.Get(at+"/check").Must(200).Has("A child can be referred only if", "R107")
}

func TestWhatIsTypedIsShownAsText(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	const polyglot = `"><script>alert(1)</script>'{{7*7}}`
	at := begin(t, c, "Bloggs")
	c.Submit(at+"/personal", at+"/personal", url.Values{"family_name": {polyglot}, "warnings.0.text": {polyglot}, "preferences": {polyglot}}).Must(303)
	for _, page := range []string{at, at + "/personal", at + "/check", at + "/print", "/referrals"} {
		c.Get(page).Must(200).Has("alert(1)")
		if strings.Contains(c.Get(page).Body, "<script>alert") {
			t.Errorf("%s runs what was typed", page)
		}
	}
}

func TestSearchIsAPostAndStaysInScope(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Jo", clock.NewDate(1991, 5, 3))
	c := s.As(t, s.Account(authz.Partner, s.East))
	a := c.Submit("/search", "/search", url.Values{"name": {"Joe Blogs"}}).Must(303)
	if strings.Contains(a.Location, "logs") {
		t.Errorf("the name stands in %s", a.Location)
	}
	page := c.Follow(a).Must(200).Has("Bloggs, Jo", "East Sussex")
	if links := strings.Join(page.Links(), " "); !strings.Contains(links, "/nominals/"+ref.Text(id)) {
		t.Error(links)
	}
	other := s.As(t, s.Account(authz.Coordinator, s.Brighton))
	other.Follow(other.Submit("/search", "/search", url.Values{"name": {"Joe Blogs"}})).Must(200).Has("Nobody").Lacks("Bloggs, Jo")
	c.Submit("/search", "/search", nil).Must(422).Has("Enter something to look for")
	c.Submit("/search", "/search", url.Values{"crn": {"nonsense"}}).Must(422).Has("CRN must be")
	c.Get("/search/nonsense").Must(404)
}
