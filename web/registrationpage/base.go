// Package registrationpage is the pages about somebody's time on the scheme: the
// rating between meetings, the lead worker, the checklists, the review rows, the
// criteria and proposal of deregistration, and the tab on which all of it can be
// read back.
package registrationpage

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// base is what every page here has.
type base struct {
	person frame.Person
	form   *form.Form
	hidden ui.FormHidden
}

// load reads the person of the address, and what the page needs beside. may is
// asked of the record when it is not empty.
func load(c *page.Ctx, may authz.Permission, more func(ctx context.Context, q *db.ReadTx, p frame.Person) error) (base, error) {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return base{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (base, audit.Seen, error) {
		b := base{form: c.Form(), hidden: c.Hidden()}
		b.hidden.Guard = true
		if b.person, err = frame.Load(ctx, q, id); err != nil {
			return b, audit.Nobody(), err
		}
		if may != "" && !b.person.May(may) {
			return b, audit.Nobody(), fault.Denied("Your role in this area does not allow this")
		}
		if more != nil {
			if err := more(ctx, q, b.person); err != nil {
				return b, audit.Nobody(), err
			}
		}
		return b, b.person.Seen(), nil
	})
}

// registered refuses the page for somebody who is not on the scheme now.
func registered(p frame.Person) error {
	if p.Registered {
		return nil
	}
	return fault.Refuse("", "R9", "This person is not registered at present, so there is nothing here to change")
}

// chrome is the head of a page about the person.
func (b base) chrome(c *page.Ctx, title string, f *form.Form) ui.Chrome {
	return c.Chrome(title+": "+b.person.Name(), f)
}

// kept carries everything that was typed on to the page that asks once more.
func kept(hidden ui.FormHidden, f *form.Form) ui.FormHidden {
	for _, field := range f.Fields() {
		values := field.Values
		if len(values) == 0 && field.Value != "" {
			values = []string{field.Value}
		}
		for _, v := range values {
			hidden.Extra = append(hidden.Extra, ui.Hidden{Name: field.Name, Value: v})
		}
	}
	hidden.Extra = append(hidden.Extra, ui.Hidden{Name: confirmed, Value: "yes"})
	hidden.Guard = false
	return hidden
}

// confirmed is the hidden field by which the second of two steps is known.
const confirmed = "confirmed"

func isConfirmed(c *page.Ctx) bool { return c.R.PostFormValue(confirmed) == "yes" }

// wantsBack says that somebody chose to change what was typed instead of confirming it.
func wantsBack(c *page.Ctx) bool { return c.R.PostFormValue("back") == "yes" }

func options(values []string) []ui.Option {
	all := make([]ui.Option, len(values))
	for i, v := range values {
		all[i] = ui.Option{Value: v, Text: v}
	}
	return all
}
