// Package searchpage is the search among the people whom the reader may see. What
// was looked for is kept under an id, so that no name stands in an address.
package searchpage

import (
	"context"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// Show asks whom to look for.
func Show(c *page.Ctx) error {
	f := c.Form()
	read(f, c.Today())
	return c.Render(askPage(c.Chrome("Search", f), f, c.Hidden()))
}

// Submit keeps what is looked for and leads to the answer.
func Submit(c *page.Ctx) error {
	f := c.Form()
	terms := read(f, c.Today())
	if f.OK() {
		id, err := nominal.StoreSearch(c.Context(), c.DB, c.Submission(), "nominal.search", terms)
		if err == nil {
			return c.SeeOther("/search/"+id, "")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(askPage(c.Chrome("Search", f), f, c.Hidden()))
}

func read(f *form.Form, today clock.Date) nominal.Terms {
	t := nominal.Terms{FamilyName: f.Line("name", "Name", form.Optional), Born: f.PastDate("born", "Date of birth", form.Optional, today)}
	t.PNCIDTyped = f.Line("pncid", "PNCID", form.Optional)
	if t.PNCIDTyped != "" {
		t.PNCID = parsed(f, "pncid", func(text string) (string, error) {
			canonical, _, err := nominal.ParsePNCID(text, today)
			return canonical, err
		})
	}
	t.URN = f.Line("urn", "URN", form.Optional)
	f.Line("crn", "CRN", form.Optional)
	t.CRN = parsed(f, "crn", nominal.ParseCRN)
	f.Line("prison_number", "Prison number", form.Optional)
	t.PrisonNumber = parsed(f, "prison_number", nominal.ParsePrisonNumber)
	f.Line("postcode", "Postcode", form.Optional)
	t.Postcode = parsed(f, "postcode", nominal.ParsePostcode)
	f.Line("phone", "Telephone number", form.Optional)
	t.Phone = digits(parsed(f, "phone", nominal.ParsePhone))
	if f.IsSubmitted() && f.OK() && t.Empty() {
		f.Fail("name", "Enter something to look for")
	}
	return t
}

// parsed reads a declared field by one of the nominal room's readers.
func parsed(f *form.Form, name string, parse func(string) (string, error)) string {
	text := strings.TrimSpace(f.Field(name).Value)
	if text == "" {
		return ""
	}
	canonical, err := parse(text)
	if err != nil && f.IsSubmitted() {
		f.Fail(name, err.Error())
	}
	return canonical
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// foundView is the answer to a search.
type foundView struct {
	chrome ui.Chrome
	terms  nominal.Terms
	found  []nominal.Found
}

// Found is whom a search found.
func Found(c *page.Ctx) error {
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v foundView, seen audit.Seen, err error) {
		if v.terms, err = nominal.SearchOf(ctx, q, c.Param("search")); err != nil {
			return v, seen, err
		}
		v.found, err = nominal.Search(ctx, q, v.terms)
		ids := []ref.NominalID{}
		for _, f := range v.found {
			ids = append(ids, f.Nominal)
		}
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	v.chrome = c.Chrome("People found", nil)
	v.chrome.Back = ui.Link{Text: "Search again", Href: "/search"}
	return c.Render(foundPage(v))
}

// sought is what was looked for, in words.
func (v foundView) sought() string {
	var parts []string
	for _, p := range [][2]string{{"name", v.terms.Name()}, {"born", v.terms.Born.Long()}, {"PNCID", v.terms.PNCID}, {"URN", v.terms.URN},
		{"CRN", v.terms.CRN}, {"prison number", v.terms.PrisonNumber}, {"postcode", v.terms.Postcode}, {"telephone", v.terms.Phone}} {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	return "Looked for: " + strings.Join(parts, ", ")
}

// standing says how the reader comes to see the person.
func standing(f nominal.Found) string {
	switch {
	case f.Kind == nominal.GuestOf:
		return "Invited for this case"
	case !f.Open:
		return f.AreaName + ", earlier: to be read only"
	case f.Rating != "":
		return f.AreaName + ", registered"
	}
	return f.AreaName + ", not registered"
}
