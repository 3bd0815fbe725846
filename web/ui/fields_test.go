package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"iom/web/form"
	"iom/web/ui"
)

// parse reads a component as a browser would.
func parse(t testing.TB, c templ.Component) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(render(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// every gives the elements with one of the names, all elements for none.
func every(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, n.Data)) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func byID(root *html.Node, id string) *html.Node {
	for _, n := range every(root) {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// TestGalleryIsSound: on every page each id is there once, each reference to
// an id leads somewhere, every control has a name for screen readers, and
// nothing is in the page that the security policy refuses.
func TestGalleryIsSound(t *testing.T) {
	t.Parallel()
	for name, page := range gallery() {
		root := parse(t, page)
		ids := map[string]int{}
		for _, n := range every(root) {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
		}
		for id, count := range ids {
			if count > 1 {
				t.Errorf("%s: id %q is there %d times", name, id, count)
			}
		}
		labelled := map[string]bool{}
		for _, n := range every(root) {
			for _, a := range n.Attr {
				switch a.Key {
				case "for", "aria-labelledby", "aria-describedby", "data-aria-controls":
					for id := range strings.FieldsSeq(a.Val) {
						if ids[id] == 0 {
							t.Errorf("%s: %s=%q leads nowhere", name, a.Key, id)
						}
					}
				case "style", "srcdoc":
					t.Errorf("%s: %s has a %s attribute", name, n.Data, a.Key)
				}
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: %s has an event attribute %s", name, n.Data, a.Key)
				}
			}
			if n.Data == "label" && text(n) != "" {
				labelled[attr(n, "for")] = true
			}
			if href := attr(n, "href"); strings.HasPrefix(href, "#") && ids[href[1:]] == 0 {
				t.Errorf("%s: link to %q leads nowhere", name, href)
			}
			if n.Data == "script" && attr(n, "nonce") == "" {
				t.Errorf("%s: a script without a nonce", name)
			}
		}
		for _, n := range every(root, "input", "select", "textarea") {
			if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" {
				t.Errorf("%s: %s %q has no label", name, n.Data, attr(n, "name"))
			}
		}
		if h := len(every(root, "h1")); h != 1 {
			t.Errorf("%s: %d h1 elements", name, h)
		}
	}
}

// fields are all kinds of field, drawn alike.
var fields = map[string]func(form.Field, ui.Opt) templ.Component{
	"text":     ui.TextInput,
	"date":     ui.DateInput,
	"time":     ui.TimeInput,
	"textarea": ui.Textarea,
	"file":     ui.FileInput,
	"password": ui.PasswordInput,
	"select":   func(f form.Field, o ui.Opt) templ.Component { return ui.Select(f, options("A", "B"), o) },
	"radios":   func(f form.Field, o ui.Opt) templ.Component { return ui.Radios(f, options("A", "B"), o) },
	"inline":   func(f form.Field, o ui.Opt) templ.Component { return ui.RadiosInline(f, options("A", "B"), o) },
	"yes/no":   ui.YesNo,
	"boxes":    func(f form.Field, o ui.Opt) templ.Component { return ui.Checkboxes(f, options("A", "B"), o) },
	"box":      func(f form.Field, o ui.Opt) templ.Component { return ui.Checkbox(f, o.Hint) },
}

// TestFieldShowsItsErrorAndHint: the error stands at the field, and the
// control or its group refers to it and to the hint.
func TestFieldShowsItsErrorAndHint(t *testing.T) {
	t.Parallel()
	for kind, draw := range fields {
		f := form.Field{Name: "thing", Label: "The thing", Error: "Say which thing"}
		root := parse(t, draw(f, ui.Opt{Hint: "Any will do"}))
		message := byID(root, "field-thing-error")
		if message == nil || text(message) != "Error: Say which thing" {
			t.Errorf("%s: no error message at the field", kind)
		}
		hint := byID(root, "field-thing-hint")
		if hint == nil || text(hint) != "Any will do" {
			t.Errorf("%s: no hint at the field", kind)
		}
		described := ""
		for _, n := range every(root, "input", "select", "textarea", "fieldset") {
			described += " " + attr(n, "aria-describedby")
		}
		if ids := strings.Fields(described); !slices.Contains(ids, "field-thing-error") || !slices.Contains(ids, "field-thing-hint") {
			t.Errorf("%s: described by %q", kind, ids)
		}
		// The error summary's link must land on a control.
		if n := byID(root, "field-thing"); n == nil || !slices.Contains([]string{"input", "select", "textarea"}, n.Data) {
			t.Errorf("%s: #field-thing is not a control", kind)
		}
		if !strings.Contains(text(root), "The thing") {
			t.Errorf("%s: the label is missing", kind)
		}
	}
}

// TestFieldWithoutErrorShowsNone: nothing is marked wrong that is not.
func TestFieldWithoutErrorShowsNone(t *testing.T) {
	t.Parallel()
	for kind, draw := range fields {
		if got := render(t, draw(form.Field{Name: "thing", Label: "The thing"}, ui.Opt{})); strings.Contains(got, "error") || strings.Contains(got, "aria-invalid") {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

// TestTypedTextIsKeptAsText: whatever was typed comes back as it was, and as
// text, never as markup.
func TestTypedTextIsKeptAsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		typed := rapid.OneOf(
			rapid.SampledFrom([]string{`"><script>alert(1)</script>`, `</textarea><img src=x onerror=alert(1)>`, `'O"Brien & <b>`, "\nfirst line empty", "{{.}} ${x}", "javascript:alert(1)"}),
			rapid.StringMatching(`[ -~£éŵ\n]{0,40}`),
		).Draw(r, "typed")
		f := form.Field{Name: "n", Label: typed, Value: typed, Error: typed}
		input := byID(parse(t, ui.TextInput(f, ui.Opt{Hint: typed})), "field-n")
		if got := attr(input, "value"); got != typed {
			r.Fatalf("the input holds %q, typed was %q", got, typed)
		}
		area := byID(parse(t, ui.Textarea(f, ui.Opt{})), "field-n")
		got := ""
		if area.FirstChild != nil {
			got = area.FirstChild.Data
		}
		if got != typed {
			r.Fatalf("the text area holds %q, typed was %q", got, typed)
		}
		root := parse(t, all(ui.Prose(typed), ui.WarningBadge(typed), ui.SummaryRow(typed, typed, ui.Link{}), ui.ErrorSummary([]form.Problem{{Text: typed}})))
		if len(every(root, "script", "img")) > 0 {
			r.Fatalf("typed text became markup: %q", typed)
		}
	})
}

// TestPasswordIsNotShownAgain: a redrawn form does not carry it.
func TestPasswordIsNotShownAgain(t *testing.T) {
	t.Parallel()
	got := render(t, ui.PasswordInput(form.Field{Name: "password", Label: "Password", Value: "canary-8841"}, ui.Opt{}))
	if strings.Contains(got, "canary-8841") {
		t.Error(got)
	}
}
