// Package datespage records the dates of many people at once, pasted from a
// spreadsheet that the prison sent: a preview says whom each line is about and what it
// replaces, and then all lines are saved or none.
package datespage

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"iom/internal/casework/custody"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// seen is the hidden field by which a confirmation says which preview it confirms.
const seen = "seen"

// typed is what the form holds.
type typed struct {
	lines  []custody.Pasted
	on     clock.Date
	source string
}

// view is a page with the lines as they were matched; none before the first preview.
type view struct {
	matched []custody.Matched
	wrong   int
	people  int
}

// Paste asks for the lines, shows what they would do and, once that is confirmed, does it.
func Paste(c *page.Ctx) error {
	f := c.Form()
	if c.R.Method != http.MethodPost {
		f.Set("notified_on", c.Today().Typed())
		f.Set("source", c.Actor.AgencyAs)
		read(f, c.Today())
		return c.Render(pastePage(c.Chrome("Dates of several people", f), f, c.Hidden()))
	}
	t := read(f, c.Today())
	if !f.OK() {
		return c.Redraw(pastePage(c.Chrome("Dates of several people", f), f, c.Hidden()))
	}
	if mark := c.R.PostFormValue(seen); mark != "" {
		people, err := custody.NotifyAll(c.Context(), c.DB, c.Submission(), t.lines, t.on, t.source, mark)
		switch {
		case err == nil:
			return c.SeeOther("/live-list", fmt.Sprintf("Dates of %s saved", count(people, "person", "people")))
		case fault.KindOf(err) == fault.Stale:
			f.Fail("", "The record has changed since the preview. Nothing was saved. Look at the new preview and confirm again")
		default:
			if err = f.Take(err); err != nil {
				return err
			}
		}
	}
	return preview(c, f, t)
}

// preview draws what the lines would do; a preview that follows a refusal says so at 422.
func preview(c *page.Ctx, f *form.Form, t typed) error {
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v view, s audit.Seen, err error) {
		v.matched, err = custody.Match(ctx, q, t.lines, t.on)
		ids := []ref.NominalID{}
		met := map[ref.NominalID]bool{}
		for _, m := range v.matched {
			if m.Wrong != "" {
				v.wrong++
			}
			if m.Nominal != 0 && !met[m.Nominal] {
				met[m.Nominal] = true
				ids = append(ids, m.Nominal)
			}
		}
		v.people = len(ids)
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	hidden := c.Hidden()
	if v.wrong > 0 {
		f.Fail("lines", count(v.wrong, "line", "lines")+" cannot be saved. Correct or remove them: the preview says why, line by line")
	} else {
		hidden.Extra = append(hidden.Extra, ui.Hidden{Name: seen, Value: custody.Fingerprint(v.matched, t.on)})
	}
	chrome := c.Chrome("Dates of several people", f)
	if !f.OK() {
		return c.Redraw(previewPage(chrome, f, v, hidden))
	}
	return c.Render(previewPage(chrome, f, v, hidden))
}

func read(f *form.Form, today clock.Date) typed {
	text := f.Prose("lines", "Lines of the spreadsheet", form.Required)
	by := f.Line("notified_by", "Who notified them", form.Optional)
	t := typed{on: f.PastDate("notified_on", "Day on which they were notified", form.Required, today), source: f.Line("source", "Source", form.Required)}
	if !f.IsSubmitted() {
		return t
	}
	t.lines = parse(text, by)
	if len(t.lines) > custody.MostPasted {
		f.Fail("lines", fmt.Sprintf("There are %d lines. Paste at most %d at once", len(t.lines), custody.MostPasted))
	} else if len(t.lines) == 0 && text != "" {
		f.Fail("lines", "There is no line with a date in it")
	}
	return t
}

// parse reads lines with tabs, as they are copied from a spreadsheet, or with commas:
// person, kind, date, who notified it. A line of headings is left out.
func parse(text, by string) []custody.Pasted {
	var all []custody.Pasted
	for i, line := range strings.Split(text, "\n") {
		cells := split(line)
		if len(cells) == 0 || i == 0 && heading(cells) {
			continue
		}
		p := custody.Pasted{Line: i + 1, NotifiedBy: by, Who: cells[0]}
		if len(cells) < 3 || len(cells) > 4 {
			p.Wrong = "Give the person, the kind of date, the date and who notified it"
			all = append(all, p)
			continue
		}
		var ok bool
		if p.Kinds, ok = kinds[strings.ToLower(cells[1])]; !ok {
			p.Wrong = "The kind of date must be one of: " + kindWords
		}
		day, err := form.ParseDate(cells[2])
		if err != nil && p.Wrong == "" {
			p.Wrong = "The date " + err.Error()
		}
		p.Day = day
		if len(cells) == 4 && cells[3] != "" {
			p.NotifiedBy = cells[3]
		}
		all = append(all, p)
	}
	return all
}

func heading(cells []string) bool {
	_, err := form.ParseDate(cells[min(2, len(cells)-1)])
	return err != nil && len(cells) > 1 && strings.HasPrefix(strings.ToLower(cells[1]), "kind")
}

// split takes a line apart. In a line with commas a name may be "Family, Given" without
// quotes: then there is one cell too many, and the first two are the name.
func split(line string) []string {
	var cells []string
	if strings.Contains(line, "\t") {
		cells = strings.Split(line, "\t")
	} else {
		r := csv.NewReader(strings.NewReader(line))
		r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
		cells, _ = r.Read()
	}
	for i := range cells {
		cells[i] = strings.Join(strings.Fields(cells[i]), " ")
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if !strings.Contains(line, "\t") && len(cells) >= 4 {
		_, first := kinds[strings.ToLower(cells[1])]
		_, second := kinds[strings.ToLower(cells[2])]
		if !first && second {
			cells = append([]string{cells[0] + ", " + cells[1]}, cells[2:]...)
		}
	}
	return cells
}

const kindWords = "release, CRD, HDCED, re-release, LED, SED, SLED, supervision end"

// kinds are those that can be written in a line.
var kinds = func() map[string][]custody.DateKind {
	all := map[string][]custody.DateKind{
		"release": {custody.ExpectedRelease}, "release date": {custody.ExpectedRelease}, "crd": {custody.ConditionalRelease}, "ard": {custody.ExpectedRelease},
		"hdced": {custody.CurfewEligible}, "hdc": {custody.CurfewEligible}, "re-release": {custody.ReRelease}, "prrd": {custody.ReRelease},
		"led": {custody.LicenceEnd}, "sed": {custody.SentenceEnd}, "sled": {custody.LicenceEnd, custody.SentenceEnd},
		"tused": {custody.SupervisionEnd},
	}
	for _, k := range custody.DateKinds {
		all[strings.ToLower(string(k))] = []custody.DateKind{k}
	}
	return all
}()

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// kindsWord names the kinds of a line.
func kindsWord(m custody.Matched) string {
	var all []string
	for _, k := range m.Kinds {
		all = append(all, k.Word())
	}
	return strings.Join(all, " and ")
}

// before is what a line replaces, in words.
func before(m custody.Matched) string {
	var all []string
	for _, b := range m.Before {
		if b.ID == 0 {
			all = append(all, "None")
			continue
		}
		all = append(all, b.Day.Long()+", by "+b.NotifiedBy+" on "+b.NotifiedOn.Long())
	}
	return strings.Join(all, "; ")
}
