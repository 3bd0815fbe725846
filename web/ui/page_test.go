package ui_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/ui"
)

func rawHTML(markup string) templ.Component { return templ.Raw(markup) }

// TestEveryPageCarriesTheMarking: signed in or not, found or not.
func TestEveryPageCarriesTheMarking(t *testing.T) {
	t.Parallel()
	for name, page := range gallery() {
		root := parse(t, page)
		if head := every(root, "header"); len(head) != 1 || !strings.Contains(text(head[0]), "OFFICIAL-SENSITIVE") {
			t.Errorf("%s: the header does not carry the marking", name)
		}
	}
}

// TestTitleSaysThatThereIsAnError: first of all, so that it is heard first.
func TestTitleSaysThatThereIsAnError(t *testing.T) {
	t.Parallel()
	c := chrome("New referral")
	if got := text(every(parse(t, ui.Layout(c)), "title")[0]); got != "New referral – IOM casework" {
		t.Errorf("title: %q", got)
	}
	c.Problems = []form.Problem{{Field: "born", Text: "Wrong"}, {Text: "General"}}
	root := parse(t, ui.Layout(c))
	if got := text(every(root, "title")[0]); got != "Error: New referral – IOM casework" {
		t.Errorf("title with problems: %q", got)
	}
	var links []string
	for _, n := range every(root, "a") {
		if strings.HasPrefix(attr(n, "href"), "#field-") {
			links = append(links, attr(n, "href")+" "+text(n))
		}
	}
	if !slices.Equal(links, []string{"#field-born Wrong"}) {
		t.Errorf("links of the summary: %q", links)
	}
	if !strings.Contains(text(root), "General") {
		t.Error("the problem without a field is missing")
	}
}

// TestHeaderSaysWhoIsSignedIn, and offers to sign out only to them.
func TestHeaderSaysWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	head := every(parse(t, ui.Layout(chrome("X"))), "header")[0]
	if got := text(head); !strings.Contains(got, "Priya Nair Sussex Police, East Sussex") || !strings.Contains(got, "invented people") {
		t.Errorf("header: %q", got)
	}
	out := every(head, "form")
	if len(out) != 1 || attr(out[0], "action") != "/sign-out" || attr(out[0], "method") != "post" || attr(every(out[0], "input")[0], "value") != "t0ken" {
		t.Error("sign out is not a form with the token")
	}
	if public := every(parse(t, ui.Layout(ui.Chrome{Title: "Sign in"})), "header")[0]; strings.Contains(text(public), "Sign out") || strings.Contains(text(public), "invented") {
		t.Errorf("public header: %q", text(public))
	}
}

// TestNotFoundSaysNothing: the page for what is not there and for what may not
// be seen is the same, whatever the page was about.
func TestNotFoundSaysNothing(t *testing.T) {
	t.Parallel()
	about := chrome("Jo Fernhurst")
	about.Notice, about.Problems = "Saved Jo Fernhurst", []form.Problem{{Text: "Jo Fernhurst is wrong"}}
	if render(t, ui.NotFound(about)) != render(t, ui.NotFound(chrome(""))) {
		t.Error("the two pages differ")
	}
}

// TestScalesCannotBeTakenForEachOther: a case level and a pathway level never
// share their words or their looks, and each always has its word.
func TestScalesCannotBeTakenForEachOther(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	look := func(n *html.Node) string { return n.Data + " " + attr(n, "class") }
	for code, word := range map[string]string{"RED_ALERT": "RED ALERT", "red": "RED", "AMBER": "AMBER", "Green": "GREEN", "PRISON": "PRISON", "": "Not rated"} {
		n := every(parse(t, ui.RAGTag(ui.RAG{Code: code})), "b")[0]
		if text(n) != word {
			t.Errorf("case level %q reads %q", code, text(n))
		}
		seen[look(n)] = word
	}
	for code, word := range map[string]string{"red": "Red – significant", "AMBER": "Amber – some impact", "green": "Green – little impact", "": "Not assessed"} {
		n := every(parse(t, ui.NeedTag(code)), "span")[0]
		if text(n) != word {
			t.Errorf("pathway level %q reads %q", code, text(n))
		}
		if other, taken := seen[look(n)]; taken {
			t.Errorf("%q looks like %q", word, other)
		}
		seen[look(n)] = word
	}
	if len(seen) != 10 {
		t.Errorf("%d looks for ten levels", len(seen))
	}
}

// TestDates reads the two lengths, and says so when there is none.
func TestDates(t *testing.T) {
	t.Parallel()
	d := clock.MustISO("2026-03-12")
	for want, c := range map[string]templ.Component{
		"12 March 2026": ui.Date(d), "12 Mar 2026": ui.ShortDate(d),
		"Not recorded": ui.Date(clock.Date{}), "–None": ui.ShortDate(clock.Date{}),
	} {
		if got := text(parse(t, c)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := attr(every(parse(t, ui.Date(d)), "time")[0], "datetime"); got != "2026-03-12" {
		t.Errorf("datetime: %q", got)
	}
	if ui.Long(clock.Date{}) != "" || ui.Short(d) != "12 Mar 2026" {
		t.Error("the texts of dates")
	}
}

// TestOverdueInWords: yesterday, today, tomorrow and further off.
func TestOverdueInWords(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{1: "1 day overdue", 12: "12 days overdue", 0: "Due today", -1: "Due tomorrow", -9: "Due in 9 days"} {
		if got := text(parse(t, ui.OverdueBadge(days))); got != want {
			t.Errorf("%d: %q, want %q", days, got, want)
		}
	}
}

// TestSortHeadTellsTheOrder to screen readers.
func TestSortHeadTellsTheOrder(t *testing.T) {
	t.Parallel()
	for give, want := range map[string]string{ui.Ascending: "ascending", ui.Descending: "descending", "": "none"} {
		root := parse(t, around(ui.Table(ui.TableOpt{Caption: "C"}), rawHTML("<thead><tr>"), ui.SortHead("Name", "?sort=name", give), rawHTML("</tr></thead>")))
		if got := attr(every(root, "th")[0], "aria-sort"); got != want {
			t.Errorf("%q: aria-sort is %q", give, got)
		}
	}
}

// TestListOfFiftyIsSmall: a page of the live list crosses a slow network.
func TestListOfFiftyIsSmall(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	page := render(t, gallery()["list"])
	if _, err := z.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(page), b.Len())
	if b.Len() > 15_000 {
		t.Errorf("%d bytes compressed", b.Len())
	}
}
