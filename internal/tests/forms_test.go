package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"iom/internal/casework/breach"
	"iom/internal/casework/escalation"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web"
	"iom/web/webtest"
)

// sheet is one form of the application: who may send it, where it stands, and a
// filling of it that is accepted. Proofs over every form go over all of them.
type sheet struct {
	route string // "POST /nominals/{id}/contacts/new", with the variant: "… (personal)"
	at    string // where it is sent
	page  string // where it stands
	who   *person
	body  url.Values
	asked []control
	again func() (sheet, bool) // the same form as it stands now
}

// control is one control of a form, or one set of radios or checkboxes.
type control struct {
	name    string
	kind    string   // "text", "prose", "choice", "many", "hidden", "secret"
	offered []string // of a choice
}

// variants are the forms behind one address with a word in it, where the words
// lead to different forms.
var variants = map[string]map[string][]string{
	"POST /referrals/{id}/{section}": {"{section}": {"personal", "details", "justification", "history", "agencies", "pathways", "groups", "risk",
		"considerations", "rating", "equality"}},
	"POST /nominals/{id}/facts/{fact}/{fact_id}": {"{fact}": {"contact", "need", "drug_test", "intelligence", "mappa_level", "custody_spell", "custody_date",
		"sentence", "sentence_adjustment", "sentence_end", "tag", "licence_condition", "licence_condition_end", "condition_explanation", "requirement_set", "court_recommendation", "recall", "statutory_status", "risk_score", "nominal_warning", "nominal_alias", "nominal_address", "breach", "breach_step", "nominal_phone"}},
}

// sheets are all forms of the application, found where the matrix says that they
// stand, each filled in so that it is accepted. It fails when there is a route that
// takes a form and no such form.
func (s *stage) sheets(t *testing.T) []sheet {
	t.Helper()
	rows := matrix(t)
	var all []sheet
	for _, route := range web.Routes() {
		name := route.Method + " " + route.Pattern
		r, ok := rows[name]
		if route.Method != http.MethodPost || !ok || r.public || slices.Contains(endsSession, name) || slices.Contains(scripted, name) {
			continue
		}
		for variant, pattern := range patterns(name, route.Pattern) {
			form, ok := s.sheet(t, name, r, pattern)
			if !ok {
				t.Errorf("%s%s: no form found at %s", name, variant, form.page)
				continue
			}
			form.route = name + variant
			form.again = func() (sheet, bool) { return s.sheet(t, name, r, pattern) }
			all = append(all, form)
		}
	}
	slices.SortFunc(all, func(a, b sheet) int { return strings.Compare(a.route, b.route) })
	return all
}

// scripted are addresses to which a script of the page sends what a form of it
// holds: they have no form of their own.
// The dates of several people are saved by the second form, which holds what the
// first one showed: the tests of its page send both.
var scripted = []string{"POST /meetings/{id}/sheet/{nominal}/draft/{block}", "POST /meetings/{id}/updates/{nominal}/draft",
	"POST /notified-dates"}

// endsSession are the forms after which the session is another: nothing else could
// be sent by it.
var endsSession = []string{"POST /sign-out", "POST /meetings/{id}/display"}

// patterns are those of one route, a word put in where it leads to different forms.
func patterns(name, pattern string) map[string]string {
	all := map[string]string{}
	for param, words := range variants[name] {
		for _, word := range words {
			all[" ("+word+")"] = strings.ReplaceAll(pattern, param, word)
		}
	}
	if len(all) == 0 {
		all[""] = pattern
	}
	return all
}

// sheet finds one form and fills it in.
func (s *stage) sheet(t *testing.T, name string, r row, pattern string) (sheet, bool) {
	t.Helper()
	form := sheet{at: s.fill(t, name, pattern, r)}
	form.page = form.at
	if r.page != "" {
		form.page = s.fill(t, name, r.page, r)
	}
	for _, role := range authz.Roles {
		if !slices.Contains(r.roles, role) && !slices.Contains(r.no, role) || role == authz.Guest || sender[name] != "" && sender[name] != role {
			continue
		}
		a := s.people[role].Get(form.page)
		if a.Status != http.StatusOK || !a.HasForm(form.at) {
			continue
		}
		form.who, form.asked = s.people[role], asked(a, form.at)
		form.body = filled(a, form.at, suits)
		s.answer(form.body, name)
		if form.body.Get("signed_as") == signs {
			name, _, _ := strings.Cut(optionText(a, form.at, "account", form.body.Get("account")), ", ") // and the agency
			form.body.Set("signed_as", name)
		}
		form.body.Set("_csrf", form.who.csrf)
		return form, true
	}
	return form, false
}

// answer puts in what a form takes beyond what suits each field by itself.
func (s *stage) answer(body url.Values, name string) {
	for field, v := range answers[name] {
		if !body.Has(field) && !strings.HasPrefix(field, "+") {
			continue
		}
		field = strings.TrimPrefix(field, "+")
		if len(v) == 0 {
			body.Del(field)
		} else {
			body[field] = slices.Clone(v)
		}
		if body.Get(field) == leads {
			body.Set(field, strconv.FormatInt(s.actor(authz.Probation, unnamed).Account, 10))
		}
	}
}

// leads stands for the account of another probation officer of North.
const leads = "(the probation officer)"

// signs stands for the name of the account chosen in the same form.
const signs = "(who is chosen)"

// optionText is how a select of a form names one of its values.
func optionText(a *webtest.Answer, action, name, value string) string {
	for _, n := range controls(a, action) {
		if webtest.Attr(n, "name") != name {
			continue
		}
		for option := range n.Descendants() {
			if option.Data == "option" && webtest.Attr(option, "value") == value {
				return strings.TrimSpace(option.FirstChild.Data)
			}
		}
	}
	return ""
}

// sender says by whom a form is sent, where it is not the first role that may.
var sender = map[string]authz.Role{
	"POST /meetings/{id}/close":        authz.Chair,
	"POST /meetings/{id}/agenda/agree": authz.Chair,
}

// answers are what a form takes beyond what suits each field by itself. An empty
// one is left out; one with a plus stands in no control.
var answers = map[string]url.Values{
	"POST /search":                                        {"pncid": {}, "crn": {}, "prison_number": {}, "urn": {}},
	"POST /referrals/new":                                 {"pncid": {}, "urn": {}},
	"POST /referrals/{id}/{section}":                      {"none": {}, "no_warnings": {}, "no_score": {}, "elsewhere": {"no"}, "elsewhere_which": {}, "elsewhere_why": {}, "agencies.0.person": {"Words"}},
	"POST /nominals/{id}/rating":                          {"+confirmed": {"yes"}},
	"POST /nominals/{id}/contacts/new":                    {"excused": {}},
	"POST /nominals/{id}/planned/new":                     {"joint_agency": {}},
	"POST /nominals/{id}/custody/new":                     {"received_on": {"30/5/2026"}, "released_on": {}, "expected_on": {"1/9/2026"}},
	"POST /nominals/{id}/lead-worker":                     {"lead": {leads}},
	"POST /meetings/{id}/sheet/{nominal}/decision":        {"decision-lead": {leads}},
	"POST /nominals/{id}/deregistration":                  {"+confirmed": {"yes"}},
	"POST /nominals/{id}/status/new":                      {"from_on": {"1/6/2026"}, "ends_on": {"1/7/2027"}},
	"POST /meetings/new":                                  {"joint": {}, "next_on": {"1/8/2026"}},
	"POST /meetings/{id}/change":                          {"joint": {}},
	"POST /meetings/series/new":                           {"joint": {}, "from": {"10/6/2027"}},
	"POST /meetings/series/{series}/change":               {"joint": {}},
	"POST /meetings/series/{series}/end":                  {"last_on": {"1/7/2027"}},
	"POST /meetings/{id}/core":                            {"account": {}},
	"POST /meetings/{id}/witness":                         {"signed_as": {signs}},
	"POST /meetings/{id}/diary":                           {"joint_agency": {}},
	"POST /escalations/{id}":                              {"what": {string(escalation.Answer)}, "answered_on": {"3/6/2026"}},
	"POST /nominals/{id}/custody/{spell}/release":         {"day": {"2/6/2026"}},
	"POST /admin/accounts/new":                            {"from": {"10/6/2026"}, "to": {"1/7/2027"}},
	"POST /admin/accounts/{id}/roles/new":                 {"from": {"10/6/2026"}, "to": {"1/7/2027"}},
	"POST /admin/areas/{id}":                              {"amber_visit_days": {"10"}, "secure_domains": {"sussex.police.uk\n*.cjsm.net"}},
	"POST /nominals/{id}/sentences/new":                   {"years": {"1"}, "months": {"2"}, "weeks": {"3"}, "days": {"4"}, "order_ends_on": {}, "relation": {"alone"}, "related": {}, "remand": {"5"}, "tagged_bail": {"6"}},
	"POST /nominals/{id}/sentences/{sentence}/end":        {"how": {"revoked"}},
	"POST /nominals/{id}/sentences/{sentence}/days":       {"days": {"7"}},
	"POST /nominals/{id}/recalls/{recall}/step":           {"step": {"withdrawn"}},
	"POST /nominals/{id}/recalls/{recall}/return":         {"ual": {"3"}},
	"POST /nominals/{id}/dates/new":                       {"date-0": {}, "date-3": {}},
	"POST /nominals/{id}/sentences/{sentence}/conditions": {"standard": {"3", "4"}, "kind": {"drug testing"}},
	"POST /nominals/{id}/conditions/{condition}/amend":    {"words": {"Changed words"}},
	"POST /nominals/{id}/sentences/{sentence}/requirements": {"step": {"amended"}, "number": {"1", "2", "3", "4", "5", "6", "9", "10"}, "requested_on": {"2/3/2026"}, "done_on": {"3/3/2026"},
		"from_on": {"4/3/2026"}},
	"POST /nominals/{id}/sentences/{sentence}/recommendation": {"recommended_on": {"2/3/2026"}, "considered_on": {"3/3/2026"}, "outcome": {"disagreed"}, "referred_on": {"4/3/2026"}},
	"POST /nominals/{id}/breaches/new":                        {"of": {"community order"}, "contact": {}, "order": {}}, // the sentence recorded last is one
	"POST /nominals/{id}/breaches/{breach}/step":              {"step": {string(breach.Listed)}, "listed_on": {"1/7/2026"}},
	"POST /nominals/{id}/breaches/{breach}/hearing": {"finding": {string(law.Breached)}, "sanction": {string(law.FineSanction)}, "fine": {"200"}, "committal_days": {}, "unpaid_hours": {},
		"curfew_days": {}, "order_ends": {}},
}

// fill is the address of a form: of the person, the meeting and so on of which it
// stands there.
func (s *stage) fill(t *testing.T, name, pattern string, r row) string {
	t.Helper()
	of, m := s.plain, map[string]ref.MeetingID{"": s.meeting.planned, "planned": s.meeting.planned, "open": s.meeting.open, "closed": s.meeting.closed}[r.meeting]
	if r.meeting == "draft" {
		of = s.drafted
	}
	switch name {
	case "POST /actions":
		return "/actions?list=open"
	case "POST /referrals/{id}/check":
		of = s.finished
	case "POST /nominals/{id}/wanted-alert", "POST /nominals/{id}/deregistration", "POST /nominals/{id}/custody/new", "POST /nominals/{id}/recalls/new",
		"POST /nominals/{id}/tags/{tag}/end": // the tag of the plain person is the one entered in error
		of = s.alerted
	case "POST /meetings/{id}/sheet/{nominal}/decision":
		of, m = s.referred, s.full
	case "POST /meetings/{id}/sheet/{nominal}/defer":
		of, m = s.amber, s.full
	case "POST /meetings/{id}/sheet/{nominal}/ratify":
		of, m = s.rated, s.full
	case "POST /meetings/{id}/agenda/order", "POST /meetings/{id}/agenda/leave-off", "POST /meetings/{id}/agenda/put-back", "POST /meetings/{id}/agenda/agree",
		"POST /meetings/{id}/agenda/send":
		m = s.agenda
	case "POST /meetings/{id}/agenda/frequencies":
		m = s.full
	case "POST /meetings/{id}/attendance/members", "POST /meetings/{id}/attendance/core", "POST /meetings/{id}/core", "POST /meetings/{id}/core/end",
		"POST /meetings/{id}/apologies", "POST /meetings/{id}/witness", "POST /meetings/{id}/sign", "POST /meetings/{id}/open":
		m = s.ready
	case "POST /meetings/{id}/minutes/return":
		m = s.unread
	case "POST /admin/accounts/{id}/enable":
		return strings.ReplaceAll(pattern, "{id}", ref.Text(s.disabled))
	case "POST /nominals/{id}/recalls/{recall}/return", "POST /nominals/{id}/breaches/{breach}/hearing", "POST /nominals/{id}/conditions/{condition}/end":
		of = s.amber
	case "POST /nominals/{id}/conditions/{condition}/amend", "POST /nominals/{id}/sentences/{sentence}/conditions":
		of = s.alerted
	case "POST /nominals/{id}/sentences/{sentence}/requirements", "POST /nominals/{id}/sentences/{sentence}/recommendation":
		pattern = strings.ReplaceAll(pattern, "{sentence}", ref.Text(of.supervised))
	case "POST /nominals/{id}/sentences/{sentence}/end":
		pattern = strings.ReplaceAll(pattern, "{sentence}", ref.Text(of.order))
	case "POST /referrals/found/{search}":
		return strings.ReplaceAll(pattern, "{search}", s.search)
	}
	if before, ok := strings.CutSuffix(pattern, "/{fact_id}"); ok && !strings.HasSuffix(before, "{fact}") {
		pattern = before + "/" + strconv.FormatInt(of.fact[before[strings.LastIndex(before, "/")+1:]], 10)
	}
	return s.address(t, pattern, of, m)
}

// asked are the controls of a form, each name once, but for those that every form
// carries.
func asked(a *webtest.Answer, action string) []control {
	var all []control
	find := func(name string) *control {
		i := slices.IndexFunc(all, func(c control) bool { return c.name == name })
		if i < 0 {
			all = append(all, control{name: name})
			i = len(all) - 1
		}
		return &all[i]
	}
	for _, n := range controls(a, action) {
		name := webtest.Attr(n, "name")
		if name == "" || strings.HasPrefix(name, "_") || slices.ContainsFunc(n.Attr, func(x html.Attribute) bool { return x.Key == "readonly" || x.Key == "hidden" }) {
			continue
		}
		c := find(name)
		switch n.Data {
		case "textarea":
			c.kind = "prose"
		case "select":
			c.kind = "choice"
			for option := range n.Descendants() {
				if option.Type == html.ElementNode && option.Data == "option" {
					c.offered = append(c.offered, webtest.Attr(option, "value"))
				}
			}
		case "input":
			switch webtest.Attr(n, "type") {
			case "radio":
				c.kind, c.offered = "choice", append(c.offered, webtest.Attr(n, "value"))
			case "checkbox":
				c.kind, c.offered = "many", append(c.offered, webtest.Attr(n, "value"))
			case "hidden":
				c.kind = "hidden"
			case "password":
				c.kind = "secret"
			default:
				c.kind = "text"
			}
		}
	}
	return all
}
