package webtest

import (
	"bytes"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Answer is a page as it came back.
type Answer struct {
	Status   int
	Header   http.Header
	Location string // of a redirect, as a path
	Body     string

	t    testing.TB
	path string
	doc  *html.Node
}

// Form is a form of a page with what stands in its controls.
type Form struct {
	Action string
	Values url.Values
}

func read(t testing.TB, path string, response *http.Response, content []byte) *Answer {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	location := response.Header.Get("Location")
	if u, err := url.Parse(location); err == nil && location != "" {
		location = u.RequestURI()
		if u.Fragment != "" {
			location += "#" + u.Fragment
		}
	}
	return &Answer{Status: response.StatusCode, Header: response.Header, Location: location, Body: string(content), t: t, path: path, doc: doc}
}

// Must fails the test unless the answer has the status.
func (a *Answer) Must(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.path, a.Status, status, a.Text("main"))
	}
	return a
}

// Has fails the test unless the page shows the text, white space folded.
func (a *Answer) Has(texts ...string) *Answer {
	a.t.Helper()
	shown := a.Text("body")
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			a.t.Errorf("%s does not show %q: %s", a.path, text, a.Text("main"))
		}
	}
	return a
}

// Lacks fails the test if the page, its source included, holds the text.
func (a *Answer) Lacks(texts ...string) *Answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) || strings.Contains(a.Text("body"), text) {
			a.t.Errorf("%s shows %q", a.path, text)
		}
	}
	return a
}

// Text is what the elements of that name show, white space folded.
func (a *Answer) Text(element string) string {
	var b strings.Builder
	for _, n := range a.All(element) {
		text(n, &b)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func text(n *html.Node, b *strings.Builder) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		b.WriteByte(' ')
	}
	if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
		return
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		text(child, b)
	}
}

// All are the elements of that name, in order.
func (a *Answer) All(element string) []*html.Node {
	var found []*html.Node
	for n := range a.Elements() {
		if n.Data == element {
			found = append(found, n)
		}
	}
	return found
}

// Elements are all elements of the page, in order.
func (a *Answer) Elements() iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for n := range a.doc.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

// Links are the addresses that the page leads to.
func (a *Answer) Links() []string {
	var all []string
	for _, n := range a.All("a") {
		if href := Attr(n, "href"); href != "" && !slices.Contains(all, href) {
			all = append(all, href)
		}
	}
	return all
}

// Attr is an attribute of an element; empty when it has none.
func Attr(n *html.Node, name string) string {
	for _, attr := range n.Attr {
		if attr.Key == name {
			return attr.Val
		}
	}
	return ""
}

// HasForm says whether a form of the page posts to the address.
func (a *Answer) HasForm(action string) bool { return a.find(action) != nil }

// Form is the form of the page that posts to the address, or the first one but
// signing out.
func (a *Answer) Form(action string) Form {
	a.t.Helper()
	n := a.find(action)
	if n == nil {
		a.t.Fatalf("%s (status %d) has no form for %q: %s", a.path, a.Status, action, a.Text("main"))
	}
	form := Form{Action: Attr(n, "action"), Values: url.Values{}}
	if form.Action == "" {
		form.Action = a.path
	}
	for control := range n.Descendants() {
		if control.Type == html.ElementNode {
			fill(form.Values, control)
		}
	}
	return form
}

func (a *Answer) find(action string) *html.Node {
	for _, n := range a.All("form") {
		to := Attr(n, "action")
		if strings.EqualFold(Attr(n, "method"), "post") && (to == action || action == "" && to != "/sign-out") {
			return n
		}
	}
	return nil
}

// fill takes what a browser would send of a control.
func fill(values url.Values, n *html.Node) {
	name := Attr(n, "name")
	has := func(attr string) bool {
		return slices.ContainsFunc(n.Attr, func(x html.Attribute) bool { return x.Key == attr })
	}
	if name == "" && n.Data != "option" || has("disabled") {
		return
	}
	switch n.Data {
	case "input":
		switch Attr(n, "type") {
		case "checkbox", "radio":
			if has("checked") {
				values.Add(name, Attr(n, "value"))
			}
		case "submit", "button":
		default:
			values.Add(name, Attr(n, "value"))
		}
	case "textarea":
		var b strings.Builder
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			b.WriteString(child.Data)
		}
		values.Add(name, b.String())
	case "select":
		chosen := ""
		for option := range n.Descendants() {
			if option.Type == html.ElementNode && option.Data == "option" &&
				slices.ContainsFunc(option.Attr, func(x html.Attribute) bool { return x.Key == "selected" }) {
				chosen = Attr(option, "value")
			}
		}
		values.Add(name, chosen)
	}
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
