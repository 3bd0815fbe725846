package tests

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// bad is one way of filling in fields that must be refused at each of them.
type bad struct {
	what  string
	of    func(form sheet) []control // the fields that get it
	value func(i int) string         // of the i-th of them
}

var isDate = regexp.MustCompile(`^\d{1,2}/\d{1,2}/\d{4}$`)

func typed(form sheet) []control {
	return slices.DeleteFunc(slices.Clone(form.asked), func(c control) bool {
		return c.kind != "text" && c.kind != "prose" || c.name == "username" && form.route == withPassword
	})
}

// shown are all that somebody can see.
func shown(form sheet) []control {
	return slices.DeleteFunc(slices.Clone(form.asked), func(c control) bool { return c.kind == "hidden" })
}

func dated(form sheet) []control {
	return slices.DeleteFunc(typed(form), func(c control) bool { return !isDate.MatchString(form.body.Get(c.name)) })
}

func always(v string) func(int) string { return func(int) string { return v } }

// What must be refused, whatever the field (issue text: what bad input gets).
var bads = []bad{
	{"a NUL", typed, always("Wo\x00rds")},
	{"bytes that are no text", typed, always("Wo\xffrds")},
	{"more than any field holds", typed, func(i int) string {
		if i == 0 {
			return hostile + strings.Repeat("x", 1<<20)
		}
		return hostile + strings.Repeat("x", 25_000)
	}},
	{"30 February", dated, always("30/2/2026")},
	{"the year 0", dated, always("1/1/0000")},
	{"no date", dated, always("soon")},
}

// What may be refused or accepted, but is never a fault: the longest that a field
// takes, in the widest letters; nothing at all; blanks; numbers of every size.
var odd = []bad{
	{"the longest line in the widest letters", typed, always(strings.Repeat("𝄞", 200))},
	{"the longest prose in the widest letters", func(form sheet) []control {
		return slices.DeleteFunc(typed(form), func(c control) bool { return c.kind != "prose" })
	}, always(strings.Repeat("𝄞", 20_000))},
	{"nothing", shown, always("")},
	{"blanks", typed, always(" \t\r\n\u00a0 ")},
	{"a huge number", shown, always("99999999999999999999999999")},
	{"a number below nothing", shown, always("-1")},
	{"a day long gone", dated, always("1/1/1900")},
	{"a day far off", dated, always("31/12/2199")},
	{"control characters", typed, always("a\x01\x1b[31m\x7f\u202eb")},
}

// Every form refuses what cannot be kept at the field and in the summary, keeps all
// that was typed, and never answers with a fault (security.md 31).
func TestEveryFormRefusesBadInput(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.told(t)
	before := s.state(t)
	forms := s.sheets(t)
	for _, form := range forms {
		for _, b := range bads {
			if fields := b.of(form); len(fields) > 0 {
				a, sent := s.sendWith(t, form, b, fields, "77") // of an edit that is stale as well
				s.refusedAt(t, form, b.what, a, sent, fields)
			}
		}
		for _, b := range odd {
			if fields := b.of(form); len(fields) > 0 {
				a, sent := s.sendWith(t, form, b, fields, form.body.Get("_version"))
				s.noFault(t, form, b.what, a, sent)
			}
		}
	}
	s.unchanged(t, before, "what was refused")
}

func (s *stage) sendWith(t *testing.T, form sheet, b bad, fields []control, version string) (*webtest.Answer, url.Values) {
	t.Helper()
	sent := both(form.body, url.Values{})
	for i, c := range fields {
		sent[c.name] = []string{b.value(i)}
	}
	if form.body.Has("_version") {
		sent["_version"] = []string{version}
	}
	return form.who.Do(http.MethodPost, form.at, withKey(sent), nil), sent
}

// refusedAt fails unless the answer is 422 with a message at each of the fields and
// in the summary, and holds what was sent.
func (s *stage) refusedAt(t *testing.T, form sheet, what string, a *webtest.Answer, sent url.Values, fields []control) {
	t.Helper()
	if a.Status != http.StatusUnprocessableEntity {
		t.Errorf("%s with %s in %s: %d %.300s", form.route, what, called(fields), a.Status, a.Text("main"))
		return
	}
	summary, ids := problemsOf(a)
	for _, c := range fields {
		if !slices.Contains(summary, "field-"+c.name) {
			t.Errorf("%s with %s: the summary does not name %s", form.route, what, c.name)
		}
		if !ids["field-"+c.name+"-error"] {
			t.Errorf("%s with %s: no message at %s", form.route, what, c.name)
		}
	}
	s.kept(t, form, what, a, sent)
}

// noFault fails when the answer is a fault, or a refusal that says nothing.
func (s *stage) noFault(t *testing.T, form sheet, what string, a *webtest.Answer, sent url.Values) {
	t.Helper()
	switch a.Status {
	case http.StatusUnprocessableEntity:
		s.kept(t, form, what, a, sent)
	case http.StatusInternalServerError:
		s.wrote(t, a) // fails unless it was only stopped
	case http.StatusSeeOther, http.StatusOK, http.StatusNotFound, http.StatusForbidden, http.StatusConflict:
	default:
		t.Errorf("%s with %s: %d %.300s", form.route, what, a.Status, a.Text("main"))
	}
}

// kept fails unless the form was drawn again with what was sent, each line of the
// summary leads to something, and what was typed stands in the page as text.
func (s *stage) kept(t *testing.T, form sheet, what string, a *webtest.Answer, sent url.Values) {
	t.Helper()
	summary, ids := problemsOf(a)
	if len(summary) == 0 {
		t.Errorf("%s with %s: 422 without a summary: %.300s", form.route, what, a.Text("main"))
		return
	}
	for _, id := range summary {
		if id != "" && !ids[id] {
			t.Errorf("%s with %s: the summary leads to %s, which is not on the page", form.route, what, id)
		}
	}
	asText(t, form.route+" with "+what, a)
	if !a.HasForm(form.at) {
		t.Errorf("%s with %s: the form is not drawn again", form.route, what)
		return
	}
	again := a.Form(form.at).Values
	for _, c := range form.asked {
		if c.kind == "secret" {
			if again.Get(c.name) != "" {
				t.Errorf("%s with %s: the page holds the secret %s", form.route, what, c.name)
			}
			continue
		}
		want, got := sent[c.name], again[c.name]
		if c.kind == "choice" || c.kind == "many" {
			want = slices.DeleteFunc(slices.Clone(want), func(v string) bool { return !slices.Contains(c.offered, v) })
		}
		if shows(strings.Join(got, "|")) != shows(strings.Join(want, "|")) {
			t.Errorf("%s with %s: %s was %.80q, is drawn as %.80q", form.route, what, c.name, want, got)
		}
	}
	if form.body.Has("_version") && form.route != "POST /meetings/{id}/sheet/{nominal}/actions/{action}" && again.Get("_version") != sent.Get("_version") {
		t.Errorf("%s with %s: the form had version %s and has %s: a stale edit would not be noticed", form.route, what, sent.Get("_version"), again.Get("_version"))
	}
}

// shows is a text as a browser gives it back from a page: a NUL and bytes that are
// no text cannot stand in one, and ends of lines are one character.
func shows(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.Trim(strings.ReplaceAll(text, "\ufffd", ""), "\n")
}

// problemsOf are the ids to which the lines of the error summary lead, and all ids
// of the page.
func problemsOf(a *webtest.Answer) (summary []string, ids map[string]bool) {
	ids = map[string]bool{}
	for n := range a.Elements() {
		if id := webtest.Attr(n, "id"); id != "" {
			ids[id] = true
		}
		if n.Data != "li" || n.Parent == nil || !strings.Contains(webtest.Attr(n.Parent, "class"), "govuk-error-summary__list") {
			continue
		}
		to := ""
		for link := range n.Descendants() {
			if href, ok := strings.CutPrefix(webtest.Attr(link, "href"), "#"); ok {
				to = href
			}
		}
		summary = append(summary, to)
	}
	return summary, ids
}

func called(all []control) string {
	var words []string
	for _, c := range all {
		words = append(words, c.name)
	}
	return strings.Join(words, ", ")
}

// told are hidden inputs that say what stood on the page, and choose nothing: whom
// a search listed, and that a question was asked before.
var told = []string{"POST /referrals/found/{search} shown"}

// A choice takes only what it offers: no other word, no number out of all bounds,
// and above all no record that the sender may not know of (security.md 4).
func TestAChoiceTakesOnlyWhatItOffers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.told(t)
	for _, form := range s.sheets(t) {
		for _, c := range form.asked {
			if c.kind != "choice" && c.kind != "many" && c.kind != "hidden" || slices.Contains(told, form.route+" "+c.name) {
				continue
			}
			for _, value := range s.notOffered(c) {
				sent := both(form.body, url.Values{c.name: {value}})
				a := form.who.Do(http.MethodPost, form.at, withKey(sent), nil)
				what := fmt.Sprintf("%.40q in %s", value, c.name)
				if a.Status == http.StatusInternalServerError && s.wrote(t, a) != nil {
					t.Errorf("%s with %s: it was accepted", form.route, what)
					continue
				}
				if c.kind == "hidden" && a.Status == http.StatusUnprocessableEntity {
					continue // nobody typed it: that it is refused is enough
				}
				s.noFault(t, form, what, a, sent)
			}
		}
	}
}

func withKey(body url.Values) url.Values {
	body.Set("_key", key())
	return body
}

// notOffered are values that a control does not offer: words, numbers and, of
// a choice among records, those of people and things of another area.
func (s *stage) notOffered(c control) []string {
	all := []string{"no such thing", "\x00"}
	if slices.ContainsFunc(c.offered, func(v string) bool { return v != "" && strings.Trim(v, "0123456789.-") == "" }) || c.kind == "hidden" {
		all = append(all, "999999999999", "-1", "99999999999999999999999999")
		like := func(mark string) bool {
			return slices.ContainsFunc(c.offered, func(v string) bool { return strings.Contains(v, mark) })
		}
		for _, id := range []int64{int64(s.elsewhere.nominal), int64(s.elsewhere.action), s.Account(authz.Guest, s.South).Account} {
			of := strconv.FormatInt(id, 10)
			switch { // as actions, as their owners, and as everything else is chosen
			case like("."):
				all = append(all, of+".1")
			case like("-"):
				all = append(all, ref.Text(s.Probation)+"-"+of)
			default:
				all = append(all, of)
			}
		}
		if strings.Contains(c.name, "area") {
			all = append(all, ref.Text(s.East))
		}
	}
	return slices.DeleteFunc(all, func(v string) bool { return slices.Contains(c.offered, v) })
}
