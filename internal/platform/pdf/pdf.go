// Package pdf draws documents of text for paper and for the post: headings,
// paragraphs, and lines of a name with what belongs to it, on as many A4 pages as
// they need. It knows nothing of what they say.
//
// Every page carries the marking at its head and at its foot whose copy it is, with
// the page's number of how many. The same content gives the same bytes.
//
// The font is DejaVu Sans, embedded as far as it is used. Text can be found and
// copied from the file; scripts that run from right to left stand as they are read,
// and Arabic letters join (script.go). A character that the font does not have is
// printed as a mark, and the last page says that there were some. The library has no
// structure tree, so the file is not a tagged one: what must be read by a screen
// reader is the page that the same content has in the browser. Headings are
// bookmarks, and the language is set.
package pdf

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// About is what stands around the content of a document.
type About struct {
	Title   string
	Marking string    // at the head of every page, as OFFICIAL-SENSITIVE
	Copy    string    // at the foot of every page: for whom, by whom and when
	At      time.Time // when it is made
}

// Sizes in millimetres, and of letters in points.
const (
	width, height = 210.0, 297.0
	margin        = 20.0
	top, bottom   = 24.0, 268.0 // between which the content stands
	indent        = 42.0        // of what stands beside a name
	together      = 28.0        // a heading has at least as much below it on its page

	body, small = 10.0, 8.5
	leading     = 0.5 // millimetres a line for each point
)

const family = "DejaVu"

// Document is a document that is being drawn.
type Document struct {
	about   About
	f       *fpdf.Fpdf
	y       float64
	missing int // characters that the font does not have
	buffer  sfnt.Buffer
}

// New begins a document.
func New(a About) *Document {
	d := &Document{about: a, f: fpdf.New("P", "mm", "A4", "")}
	d.f.AddUTF8FontFromBytes(family, "", dejavusans.TTF)
	d.f.AddUTF8FontFromBytes(family, "B", dejavusansbold.TTF)
	d.f.SetAutoPageBreak(false, 0)
	d.f.SetMargins(margin, top, margin)
	d.f.SetLang("en-GB")
	d.f.SetTitle(a.Title, true)
	d.f.SetSubject(a.Marking, true)
	d.f.SetCreationDate(a.At.UTC())
	d.f.SetModificationDate(a.At.UTC())
	d.f.SetCatalogSort(true)
	d.page()
	return d
}

// page begins a new page.
func (d *Document) page() {
	d.f.AddPage()
	d.y = top
}

// Break begins a new page, unless the present one is empty.
func (d *Document) Break() {
	if d.y > top {
		d.page()
	}
}

// Heading is a heading of level 1, 2 or 3, and a bookmark.
func (d *Document) Heading(level int, text string) {
	size := map[int]float64{1: 18, 2: 13}[level]
	if size == 0 {
		size = 11
	}
	if d.y > top {
		d.y += size * 0.35
	}
	lines := d.wrap(text, "B", size, width-2*margin)
	if d.y+float64(len(lines))*size*leading+together > bottom {
		d.Break()
	}
	d.f.Bookmark(text, level-1, d.y)
	d.lines(lines, "B", size, margin)
	d.y += 1.5
}

// Para is a paragraph, with the line breaks that it has.
func (d *Document) Para(text string) { d.flow(text, "", body, margin, 2) }

// Small is a paragraph in small letters.
func (d *Document) Small(text string) { d.flow(text, "", small, margin, 2) }

// Term is a name with what belongs to it beside it and, in small letters, what is
// said besides; more may be empty.
func (d *Document) Term(name, text, more string) {
	names := d.wrap(name, "B", body, indent-3)
	d.need(float64(min(len(names), 3)) * body * leading)
	start := d.f.PageNo()
	from := d.y
	d.lines(names, "B", body, margin)
	ended := d.f.PageNo()
	nameEnds := d.y
	if ended != start { // a name longer than the page: what belongs to it goes below
		d.flow(text, "", body, margin+indent, 0)
	} else {
		d.y = from
		d.flow(text, "", body, margin+indent, 0)
	}
	if more != "" {
		d.flow(more, "", small, margin+indent, 0)
	}
	if d.f.PageNo() == start {
		d.y = max(d.y, nameEnds)
	}
	d.y += 1.8
}

// Rule is a line across the page.
func (d *Document) Rule() {
	d.need(4)
	d.f.SetDrawColor(177, 180, 182)
	d.f.Line(margin, d.y+1, width-margin, d.y+1)
	d.y += 3.5
}

// flow puts text down from x to the right margin and leaves a gap below it.
func (d *Document) flow(text, style string, size, x, gap float64) {
	d.lines(d.wrap(text, style, size, width-margin-x), style, size, x)
	d.y += gap
}

// need begins a new page when the present one has not so much room.
func (d *Document) need(room float64) {
	if d.y+room > bottom {
		d.page()
	}
}

func (d *Document) lines(lines []string, style string, size, x float64) {
	for _, line := range lines {
		d.need(size * leading)
		d.y += size * leading
		d.at(x, d.y-size*0.12, line, style, size)
	}
}

// at writes one line that has been shaped. The font is set each time, since a page
// that is gone back to does not know which one was used last.
func (d *Document) at(x, y float64, line, style string, size float64) {
	d.f.SetFont(family, style, size+1)
	d.f.SetFont(family, style, size)
	d.f.Text(x, y, visual(line))
}

// wrap breaks text into lines of at most a width. A word that is wider than the
// line is broken where it must be.
func (d *Document) wrap(text, style string, size, room float64) []string {
	d.f.SetFont(family, style, size)
	var all []string
	for paragraph := range strings.SplitSeq(strings.TrimRight(d.fit(text), "\n "), "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			longer := word
			if line != "" {
				longer = line + " " + word
			}
			if d.f.GetStringWidth(longer) <= room {
				line = longer
				continue
			}
			if line != "" {
				all = append(all, line)
			}
			for d.f.GetStringWidth(word) > room {
				head, rest := d.head(word, room)
				all = append(all, head)
				word = rest
			}
			line = word
		}
		all = append(all, line)
	}
	return all
}

// head is as much of a word as has room, one character at least.
func (d *Document) head(word string, room float64) (head, rest string) {
	used := 0.0
	for i, r := range word {
		used += d.f.GetStringWidth(string(r))
		if used > room && i > 0 {
			return word[:i], word[i:]
		}
	}
	return word, ""
}

// fit makes of a text what the font can show: composed and shaped, with a mark in
// the place of each character that it does not have.
func (d *Document) fit(text string) string {
	text = shape(norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u00A0':
			return ' '
		case r < ' ' || r == 0x7F || isMark(r):
			return -1
		}
		if r <= 0xFFFF && d.has(r) {
			return r
		}
		d.missing++
		return '\uFFFD'
	}, text)
}

// isMark says that a character only orders text and shows nothing.
func isMark(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2069 || r == 0xFEFF
}

// outlines is the font, read once, to ask which characters it has.
var outlines = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(dejavusans.TTF)
	if err != nil {
		panic("pdf: the embedded font cannot be read: " + err.Error())
	}
	return font
})

func (d *Document) has(r rune) bool {
	glyph, err := outlines().GlyphIndex(&d.buffer, r)
	return err == nil && glyph != 0
}

// Bytes ends the document.
func (d *Document) Bytes() ([]byte, error) {
	if d.missing > 0 {
		d.Small("Characters that this copy cannot show: " + strconv.Itoa(d.missing) + ", each printed as \uFFFD. The page in the browser shows them.")
	}
	pages := d.f.PageNo()
	for n := 1; n <= pages; n++ {
		d.f.SetPage(n)
		d.around(n, pages)
	}
	var b bytes.Buffer
	err := d.f.Output(&b)
	return b.Bytes(), err
}

// around puts the marking at the head of a page, and at its foot whose copy it is.
func (d *Document) around(n, pages int) {
	marking := d.wrap(d.about.Marking, "B", body, width-2*margin)[0]
	d.f.SetFont(family, "B", body)
	d.at((width-d.f.GetStringWidth(marking))/2, 14, marking, "B", body)
	number := "Page " + strconv.Itoa(n) + " of " + strconv.Itoa(pages)
	d.f.SetFont(family, "", small)
	d.at(width-margin-d.f.GetStringWidth(number), 286, number, "", small)
	y := 278.0
	for i, line := range d.wrap(d.about.Copy, "", small, width-2*margin-25) {
		if i == 3 { // no name is so long that it pushes the page's number off the page
			break
		}
		d.at(margin, y, line, "", small)
		y += 4
	}
	d.f.SetDrawColor(177, 180, 182)
	d.f.Line(margin, 273, width-margin, 273)
}
