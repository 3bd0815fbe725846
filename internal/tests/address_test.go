package tests

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// address fills in the pattern of a route for a subject: {id} after /nominals is
// the person, and so on. meeting is the one whose state suits the page.
func (w *world) address(t *testing.T, pattern string, of subject, meeting ref.MeetingID) string {
	t.Helper()
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		name, isParam := strings.CutPrefix(part, "{")
		if !isParam {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		value := w.param(parts[1], parts[i-1], name, of, meeting)
		if value == "" {
			t.Fatalf("%s: nothing is known about {%s}", pattern, name)
		}
		parts[i] = value
	}
	return strings.Join(parts, "/")
}

// param is the value of one part of an address, by the noun that it begins with,
// the part before it and its name.
func (w *world) param(noun, before, name string, of subject, meeting ref.MeetingID) string {
	fact := func(table string) string { return strconv.FormatInt(of.fact[table], 10) }
	switch name {
	case "id":
		return map[string]string{"nominals": ref.Text(of.nominal), "referrals": ref.Text(of.referral), "actions": ref.Text(of.action), "escalations": ref.Text(of.escalation),
			"meetings": ref.Text(meeting), "accounts": ref.Text(w.account), "agencies": ref.Text(w.Star), "areas": ref.Text(w.North)}[before]
	case "nominal":
		return ref.Text(of.nominal)
	case "action":
		return ref.Text(of.action)
	case "registration":
		return ref.Text(of.registration)
	case "version":
		return "1"
	case "circulation":
		return ref.Text(w.circulation)
	case "pathway":
		return "accommodation"
	case "block":
		return "contribution" // what everybody who attends may write
	case "section":
		return "justification"
	case "sentence":
		return ref.Text(of.sentence)
	case "condition":
		return ref.Text(of.condition)
	case "recall":
		return ref.Text(of.recall)
	case "planned":
		return ref.Text(of.planned)
	case "breach":
		return ref.Text(of.breach)
	case "tag":
		return ref.Text(of.tag)
	case "spell":
		return ref.Text(of.spell)
	case "test":
		return fact("drug_test")
	case "entry":
		return fact("intelligence")
	case "fact":
		return "contact"
	case "fact_id":
		return fact("contact")
	case "list":
		return "adoption"
	case "line":
		return "offender-notified"
	case "series":
		return ref.Text(w.series)
	case "grant":
		return ref.Text(w.grant)
	case "group":
		return ref.Text(w.group)
	case "rating":
		return strconv.FormatInt(of.fact["rag_rating"], 10)
	case "account":
		return strconv.FormatInt(w.Account(authz.Guest, w.North).Account, 10)
	case "token":
		return "no-such-link"
	case "search", "form":
		return "00000000-0000-4000-8000-000000000000" // of nobody
	}
	return ""
}

// fresh are values that differ from answer to answer.
var fresh = regexp.MustCompile(`nonce="[^"]*"|name="_(csrf|key)" value="[^"]*"|Reference: ?[A-Za-z0-9_-]+`)

// plainBytes is a page without what differs from answer to answer.
func plainBytes(a *webtest.Answer) string { return fresh.ReplaceAllString(a.Body, "") }

// tokenOf is the session's token against forged forms, as it stands on any page.
func tokenOf(c *webtest.Client) string {
	return c.Get("/account").Form("/sign-out").Values.Get("_csrf")
}

var keys atomic.Int64

// key is a one-time key of a form that no other has.
func key() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", keys.Add(1)) }

// filled is the form of a page with every control filled in with something that it
// takes: the first choice offered, today, a text. Whatever stands in it stays.
func filled(a *webtest.Answer, action string, what func(name string) string) url.Values {
	form := a.Form(action)
	for _, n := range controls(a, action) {
		name := webtest.Attr(n, "name")
		if name == "" || strings.HasPrefix(name, "_") || form.Values.Get(name) != "" {
			continue
		}
		switch n.Data {
		case "textarea":
			form.Values.Set(name, what(name))
		case "select":
			for option := range n.Descendants() {
				if option.Type == html.ElementNode && option.Data == "option" && webtest.Attr(option, "value") != "" {
					form.Values.Set(name, webtest.Attr(option, "value"))
					break
				}
			}
		case "input":
			switch webtest.Attr(n, "type") {
			case "radio", "checkbox":
				form.Values.Set(name, webtest.Attr(n, "value"))
			case "hidden", "submit", "button", "file":
			default:
				form.Values.Set(name, what(name))
			}
		}
	}
	return form.Values
}

// controls are those of the form that posts to the address.
func controls(a *webtest.Answer, action string) []*html.Node {
	var found []*html.Node
	for _, form := range a.All("form") {
		if webtest.Attr(form, "action") != action || webtest.Attr(form, "method") != "post" {
			continue
		}
		for n := range form.Descendants() {
			if n.Type == html.ElementNode && slices.Contains([]string{"input", "select", "textarea"}, n.Data) {
				found = append(found, n)
			}
		}
		break
	}
	return found
}

// suits is a text that a field of that name takes.
func suits(name string) string {
	switch {
	case strings.Contains(name, "postcode"):
		return "BN1 1AA"
	case name == "pncid":
		return "2002/0073319Z"
	case name == "crn":
		return "X320741"
	case name == "prison_number":
		return "A1234BC"
	case name == "ni_number":
		return "AB 12 34 56 C"
	case strings.HasSuffix(name, "value"):
		return "74"
	case strings.HasPrefix(name, "update-"): // no date, but prose
		return "Words"
	case strings.Contains(name, "born"):
		return "3/2/1990"
	case name == "held_on" || name == "due" || strings.HasSuffix(name, "-due") || name == "due_on" || name == "next_on", name == "answer_by", name == "again_by", name == "day", name == "led", name == "sed", name == "to", name == "last_on":
		return "1/7/2026"
	case strings.HasSuffix(name, "_on"),
		strings.Contains(name, "date"), name == "from", name == "day", name == "dated":
		return "1/6/2026"
	case name == "ends" || strings.HasPrefix(name, "departed-"):
		return "10:30"
	case name == "starts" || strings.Contains(name, "time") || strings.HasPrefix(name, "arrived-"):
		return "10:00"
	case strings.Contains(name, "phone") || strings.Contains(name, "number"):
		return "07700 900456"
	case strings.Contains(name, "email"):
		return "someone@example.org"
	case strings.Contains(name, "username"):
		return "somebody.new"
	}
	return "Words"
}
