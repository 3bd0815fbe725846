// Package frame is what stands around every page of one person: the banner with
// the warnings, and the tabs. The pages of other rooms draw their tabs in it.
package frame

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"iom/internal/casework/custody"
	"iom/internal/casework/link"
	"iom/internal/casework/nominal"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/ui"
)

// The tabs, by the last part of their address.
const (
	Overview  = ""
	Plan      = "plan"
	Needs     = "needs"
	Contacts  = "contacts"
	Custody   = "custody"
	Reviews   = "reviews"
	Links     = "links"
	History   = "history"
	WhoLooked = "who-has-looked"
)

var tabs = []struct{ at, text string }{
	{Overview, "Overview"}, {Plan, "Plan and actions"}, {Needs, "Needs"}, {Contacts, "Contacts"}, {Custody, "Custody and sentence"},
	{Reviews, "Reviews"}, {Links, "Links"}, {History, "History"}, {WhoLooked, "Who has looked"},
}

// Person is who the page is about, as the actor may know them, and what every
// page of theirs needs.
type Person struct {
	ID         ref.NominalID
	Scope      nominal.Scope
	Card       nominal.Card
	Registered bool
	Current    registration.Current // when registered
	InCustody  bool
	Custody    custody.Spell // when in custody, with the release that is in force
	Dates      sentence.Dates
	HasStatus  bool
	Status     sentence.Status // when recorded
	HasMAPPA   bool
	MAPPA      link.MAPPA // when subject to it now
	Actor      authz.Actor
	Today      clock.Date
}

// Load reads the person; fault.Missing for one whom the actor may not know.
func Load(ctx context.Context, q db.Querier, id ref.NominalID) (p Person, err error) {
	p = Person{ID: id, Actor: q.Actor(), Today: q.Today()}
	err = db.Together(ctx, q,
		db.Into(&p.Scope, nominal.ScopeOf, id), // the first to say that there is nobody
		db.Into(&p.Card, nominal.CardOf, id),
		db.Maybe(&p.Current, &p.Registered, registration.CurrentOf, id),
		db.Maybe(&p.Custody, &p.InCustody, custody.CurrentOf, id),
		db.Into(&p.Dates, recall.DatesOf, id),
		db.Maybe(&p.MAPPA, &p.HasMAPPA, link.MAPPAOf, id),
	)
	p.Status, p.HasStatus = p.Dates.Status, p.Dates.HasStatus
	p.Custody.Expected = p.Dates.Release.Day
	return p, err
}

// Seen is whom a page of the person shows: for the log.
func (p Person) Seen() audit.Seen { return audit.Opened(p.ID, p.Scope.Area) }

// May says whether the actor may do this to the record. The command asks again.
func (p Person) May(permission authz.Permission) bool {
	return p.Scope.Open && p.Scope.Kind != nominal.GuestOf && p.Actor.MayIn(permission, int64(p.Scope.Area))
}

// Name is the person's name as it is said.
func (p Person) Name() string { return p.Card.Identity.Name().Full() }

// At is the address of a tab, or of a page below it, as At("contacts/new").
func (p Person) At(rest string) string {
	base := "/nominals/" + strconv.FormatInt(int64(p.ID), 10)
	if rest == "" {
		return base
	}
	return base + "/" + rest
}

// Banner is what the head of the page says. On the overview the name is the
// page's heading; elsewhere it leads to the overview.
func (p Person) Banner(heading bool) ui.Person {
	i := p.Card.Identity
	b := ui.Person{Name: p.Name(), Href: p.At(""), Born: p.Born(), Lead: p.Lead(), NextRelease: p.NextRelease(), URN: i.URN, PNCID: i.PNCID}
	if heading {
		b.Href = ""
	}
	if p.Registered {
		b.RAG = ui.RAG{Code: string(p.Current.Rating)}
	} else {
		b.RAG = ui.RAG{Word: "Not registered"}
	}
	for _, w := range p.Card.Warnings {
		b.Warnings = append(b.Warnings, w.Text)
	}
	add := func(key, value string) {
		if value != "" {
			b.Facts = append(b.Facts, ui.Fact{Key: key, Value: value})
		}
	}
	add("Status", p.StatusWord())
	if p.HasMAPPA {
		add("MAPPA", p.MAPPA.Word())
	}
	add("Priority groups", p.Groups())
	add("Also known as", p.aliases())
	add("Working with", i.Preferences)
	return b
}

// Born is the date of birth with the age; a child is called one.
func (p Person) Born() string {
	i := p.Card.Identity
	age, known := i.AgeOn(p.Today)
	if !known {
		return "Date of birth not recorded"
	}
	text := fmt.Sprintf("%s, aged %d", i.Born.Long(), age)
	if age < 18 {
		text += " (child)"
	}
	return text
}

// Lead is who leads the case.
func (p Person) Lead() string {
	if !p.Registered || p.Current.LeadName == "" {
		return ""
	}
	return p.Current.LeadName + ", " + p.Current.LeadAgencyName
}

// NextRelease says where somebody is held and until when; empty in the community.
func (p Person) NextRelease() string {
	switch {
	case !p.InCustody:
		return ""
	case p.Custody.Expected.IsZero():
		return "No date yet: " + p.Custody.PrisonName
	}
	return p.Custody.Expected.Short() + byLaw(p.Dates.Release) + " from " + p.Custody.PrisonName
}

// StatusWord is the statutory status with its end.
func (p Person) StatusWord() string {
	if !p.HasStatus {
		return ""
	}
	word := p.Status.Standing.Word()
	if !p.Status.Ends.IsZero() {
		if p.Status.Ends.Before(p.Today) {
			return word + ", ended " + p.Status.Ends.Short()
		}
		word += " to " + p.Status.Ends.Short() + byLaw(p.Status.EndsInForce)
	}
	return word
}

// byLaw says of a date that nobody has notified it.
func byLaw(f sentence.InForce) string {
	if f.IsComputed() {
		return " (computed, not notified)"
	}
	return ""
}

// Groups are the priority groups, in short.
func (p Person) Groups() string {
	var all []string
	for _, g := range p.Card.Groups {
		name := g.Short
		// "MAPPA 1" on the form is the level, which many take for the category.
		if strings.EqualFold(g.Name, "MAPPA 1") {
			name = "MAPPA level 1"
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func (p Person) aliases() string {
	var all []string
	for _, a := range p.Card.Aliases {
		all = append(all, a.Name)
	}
	return strings.Join(all, ", ")
}

// nav are the tabs that the actor may open.
func (p Person) nav(current string) []ui.NavItem {
	var items []ui.NavItem
	for _, t := range tabs {
		if t.at == WhoLooked && !p.Actor.MayIn(authz.SeeWhoLooked, int64(p.Scope.Area)) {
			continue
		}
		items = append(items, ui.NavItem{Text: t.text, Href: p.At(t.at), Current: t.at == current})
	}
	return items
}

// Title is the text of a tab.
func Title(current string) string {
	for _, t := range tabs {
		if t.at == current {
			return t.text
		}
	}
	return ""
}

// framed is the chrome of a page of a person: wide, and titled with the tab.
func (p Person) framed(c ui.Chrome, current string) ui.Chrome {
	c.Wide = true
	if c.Title == "" {
		c.Title = Title(current) + ": " + p.Name()
	}
	return c
}

// backed is the chrome of a page below a tab.
func (p Person) backed(c ui.Chrome, tab string) ui.Chrome {
	c.Back = ui.Link{Text: "Back to " + Title(tab), Href: p.At(tab)}
	return c
}
