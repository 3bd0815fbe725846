// Package contactpage is the short way to log a contact: from a phone, whose
// contact it is comes first.
package contactpage

import (
	"context"
	"slices"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// person is one of those whose contacts this person logs most.
type person struct {
	id   ref.NominalID
	name nominal.Name
	why  string
}

// view is what the page offers: those near, and everybody else on the scheme.
type view struct {
	near, others []person
	missed       bool // nobody was chosen
}

// New asks whose contact it is; with ?nominal= it goes straight to the form.
func New(c *page.Ctx) error {
	chosen := c.Query("nominal")
	if chosen != "" {
		id, ok := ref.Parse[ref.NominalID](chosen)
		if !ok {
			return fault.Missing()
		}
		return c.SeeOther("/nominals/"+ref.Text(id)+"/contacts/new", "")
	}
	v := view{missed: c.R.URL.Query().Has("nominal")}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (view, audit.Seen, error) {
		missed := v.missed
		v, err := people(ctx, q)
		v.missed = missed
		ids := []ref.NominalID{}
		for _, p := range slices.Concat(v.near, v.others) {
			ids = append(ids, p.id)
		}
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome("Log a contact", nil)
	if v.missed {
		chrome.Problems = append(chrome.Problems, ui.Problem{Field: "nominal", Text: nobody})
		return c.Redraw(newPage(chrome, v))
	}
	return c.Render(newPage(chrome, v))
}

const nobody = "Choose whose contact it is"

// field is the choice among everybody else.
func (v view) field() form.Field {
	f := form.Field{Name: "nominal", Label: "Somebody else on the scheme"}
	if v.missed {
		f.Error = nobody
	}
	return f
}

func (v view) options() []ui.Option {
	all := make([]ui.Option, 0, len(v.others))
	for _, p := range v.others {
		all = append(all, ui.Option{Value: ref.Text(p.id), Text: p.name.Sorted()})
	}
	return all
}

// people gathers whom the page offers: those near, then the others on the scheme.
func people(ctx context.Context, q *db.ReadTx) (v view, err error) {
	if v.near, err = near(ctx, q); err != nil {
		return v, err
	}
	known := make([]ref.NominalID, len(v.near))
	for i, p := range v.near {
		known[i] = p.id
	}
	all, err := livelist.Others(ctx, q, known)
	for _, o := range all {
		v.others = append(v.others, person{id: o.Nominal, name: o.Name})
	}
	return v, err
}

// near are the people whom the actor leads, then those whose contacts the actor
// logged lately; who cannot be seen is left out.
func near(ctx context.Context, q *db.ReadTx) ([]person, error) {
	found, err := livelist.Near(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]ref.NominalID, len(found))
	for i, c := range found {
		ids[i] = c.Nominal
	}
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var all []person
	for _, c := range found {
		if name, ok := names[c.Nominal]; ok {
			all = append(all, person{id: c.Nominal, name: name, why: why(c)})
		}
	}
	return all, nil
}

func why(c livelist.Neighbour) string {
	if c.Leads {
		return "You lead"
	}
	return "You logged a contact lately"
}

func (p person) link() ui.Link {
	return ui.Link{Text: p.name.Full(), Href: "/nominals/" + ref.Text(p.id) + "/contacts/new"}
}
