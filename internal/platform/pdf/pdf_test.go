package pdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"iom/internal/platform/pdf"
	"iom/internal/platform/pdf/pdftest"
)

var about = pdf.About{Title: "Minutes", Marking: "OFFICIAL-SENSITIVE", Copy: "For Robin Eastwood, by Casey Eastwood, 3 June 2026, 10:15",
	At: time.Date(2026, 6, 3, 9, 15, 0, 0, time.UTC)}

func pagesOf(t *testing.T, fill func(*pdf.Document)) []string {
	t.Helper()
	d := pdf.New(about)
	fill(d)
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := pdftest.Pages(file)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// Four hundred cases with a note each, one of them very long: nothing is lost, and
// every page says what it is, whose copy it is and which of how many.
func TestEveryPageIsMarkedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("kept every appointment ", 2000))
	pages := pagesOf(t, func(d *pdf.Document) {
		d.Heading(1, "Minutes")
		for i := range 400 {
			d.Heading(2, fmt.Sprintf("%d. Redwood, Rae", i+1))
			d.Term("Discussion", fmt.Sprintf("Note %d.", i+1), "Casey Eastwood")
			if i == 200 {
				d.Term("Discussion", long, "")
			}
		}
	})
	if len(pages) < 30 {
		t.Fatalf("%d pages hold 400 cases", len(pages))
	}
	whole := strings.Join(pages, "\n")
	for i := range 400 {
		if want := fmt.Sprintf("Note %d.\n", i+1); !strings.Contains(whole, want) {
			t.Errorf("%q is lost", want)
		}
	}
	if n := strings.Count(whole, "appointment"); n != 2000 {
		t.Errorf("%d of 2000 sentences of a long note are there", n)
	}
	for i, page := range pages {
		for _, want := range []string{"OFFICIAL-SENSITIVE", about.Copy, fmt.Sprintf("Page %d of %d", i+1, len(pages))} {
			if strings.Count(page, want) != 1 {
				t.Errorf("page %d says %q %d times", i+1, want, strings.Count(page, want))
			}
		}
	}
}

func TestTheSameContentIsTheSameFile(t *testing.T) {
	t.Parallel()
	made := func() []byte {
		d := pdf.New(about)
		d.Heading(1, "Minutes")
		d.Para("Łukasz Świętosław")
		file, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	first := made()
	for range 5 {
		if !bytes.Equal(made(), first) {
			t.Fatal("two files of the same content differ")
		}
	}
}

// Names of Poland and Wales, of one letter and its accent apart, and of scripts that
// run from right to left: the letters of the last are drawn from the left, so that the
// file has them in the other order.
func TestNamesOfManyScripts(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Świętosława Żółć-Łęcka":         "Świętosława Żółć-Łęcka",
		"Llŷr Ŵyn o'r Tŷ":                "Llŷr Ŵyn o'r Tŷ",
		"Zoe\u0308 Muller (\\ and {nb})": "Zoë Muller (\\ and {nb})",
		"Ахмед Ελένη":                    "Ахмед Ελένη",
		"known as محمد here":             "known as دمحم here",
		"سلام":                           "\u0645\u0644\u0627\u0633", // lam and alef are one letter, which gives them back in their order
		"משה 12/3 כהן":                   "ןהכ 12/3 השמ",
		"محمد (12/3). x":                 "(12/3) دمحم. x",
		"a\u200bb\u202ec":                "abc",
	} {
		if got := pagesOf(t, func(d *pdf.Document) { d.Para(typed) })[0]; !strings.HasPrefix(got, want+"\n") {
			t.Errorf("%q is printed as %.60q, want %q", typed, got, want)
		}
	}
}

// Each letter has the form of its place: in محمد the first joins the next, the second
// and third join both, the last joins the one before.
func TestArabicLettersJoin(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"محمد": "\uFEE3\uFEA4\uFEE4\uFEAA",
		"سلام": "\uFEB3\uFEFC\uFEE1",
		"دار":  "\uFEA9\uFE8D\uFEAD",
		"abc":  "abc",
	} {
		if got := pdf.Shape(typed); got != want {
			t.Errorf("%s is shaped as %U, want %U", typed, []rune(got), []rune(want))
		}
	}
}

// What the font does not have is marked and counted, never dropped in silence.
func TestMissingCharactersAreSaid(t *testing.T) {
	t.Parallel()
	page := pagesOf(t, func(d *pdf.Document) { d.Para("Li 李 and 🙂") })[0]
	if !strings.Contains(page, "Li \uFFFD and \uFFFD\n") || !strings.Contains(page, "cannot show: 2,") {
		t.Errorf("the page says %q", page)
	}
}

// A word wider than the page is broken; an empty text takes no harm.
func TestLongWordsAndEmptyTexts(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("W", 500)
	page := pagesOf(t, func(d *pdf.Document) {
		d.Para("")
		d.Term("", "", "")
		d.Term(word, word, word)
	})
	if got := strings.Count(strings.Join(page, ""), "W"); got != 1500 {
		t.Errorf("%d of 1500 letters are there", got)
	}
}
