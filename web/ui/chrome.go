package ui

import (
	"iom/web/form"
	"iom/web/static"
)

// Marking is the protective marking that every page and every print carries.
const Marking = "OFFICIAL-SENSITIVE"

// ServiceName is the name of the service in the header and in every title.
const ServiceName = "IOM casework"

// Link is a text and an address. A link without an address is left out.
type Link struct{ Text, Href string }

// NavItem is one entry of a navigation: the primary one, tabs or saved views.
// Number is shown after the text when it is not empty, as typed ("12").
type NavItem struct {
	Text, Href string
	Number     string
	Current    bool
}

// Chrome is what surrounds a page: all that the layout needs to know.
type Chrome struct {
	Title string // of the page, without the service's name
	// Person signed in, with their agency and area; all empty on public pages.
	Person, Agency, Area string
	Nonce                string // of this answer's Content-Security-Policy
	CSRF                 string // for the sign-out button
	Nav                  []NavItem
	Notice               string         // what has just been done, after a redirect
	Problems             []form.Problem // what is wrong with the form below
	Back                 Link           // shown above the heading; "Back" when its text is empty
	Crumbs               []Link         // shown in place of Back when given
	Demo                 bool           // the demonstration scheme: invented people
	Wide                 bool           // lists and sheets that need the whole width
	Print                bool           // a page made for paper: no navigation, a print button
}

// title is the text of the title element. It begins with "Error: " when the
// form below was not accepted, so that a screen reader says so first.
func (c Chrome) title() string {
	t := ServiceName
	if c.Title != "" {
		t = c.Title + " – " + ServiceName
	}
	if len(c.Problems) > 0 {
		return "Error: " + t
	}
	return t
}

// who is the agency and area of the person signed in, as one line.
func (c Chrome) who() string {
	switch {
	case c.Agency == "":
		return c.Area
	case c.Area == "":
		return c.Agency
	}
	return c.Agency + ", " + c.Area
}

// bodyClass marks the pages made for paper; the other classes are the ones
// that the form scripts expect.
func (c Chrome) bodyClass() string {
	if c.Print {
		return "govuk-template__body iom-paper"
	}
	return "govuk-template__body"
}

// widthClass is the width of the page's column.
func (c Chrome) widthClass() string {
	if c.Wide {
		return "iom-width iom-width--wide"
	}
	return "iom-width"
}

// Asset gives the address of a built file, with its hash: Asset("app.css").
func Asset(name string) string { return static.Path(name) }
