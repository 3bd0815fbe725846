// Package contactpage is the short way to log a contact: from a phone, whose
// contact it is comes first.
package contactpage

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
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
		var err error
		if v.near, err = near(ctx, q); err == nil {
			v.others, err = others(ctx, q, v.near)
		}
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

// offered is how many people can be chosen from; in a larger area they are searched for.
const offered = 400

// others are the people on the scheme in the areas where the actor logs contacts,
// by name, without those who are near; none when they are too many to choose from.
func others(ctx context.Context, q *db.ReadTx, near []person) ([]person, error) {
	known := make([]ref.NominalID, len(near))
	for i, p := range near {
		known[i] = p.id
	}
	actor := q.Actor()
	rows, err := q.Query(ctx, `SELECT nominal_id, family_name, given_names FROM live_list
		WHERE area_id = ANY ($1) AND nominal_id <> ALL ($2) ORDER BY sort_name, nominal_id LIMIT $3`, actor.AreasFor(authz.RecordContact), known, offered+1)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p person, err error) {
		err = row.Scan(&p.id, &p.name.Family, &p.name.Given)
		return p, err
	})
	if len(all) > offered {
		return nil, err
	}
	return all, err
}

// most is how many people are offered.
const most = 40

// near are the people whom the actor leads, then those whose contacts the actor
// logged in the last month: whoever is registered or seen now.
func near(ctx context.Context, q *db.ReadTx) ([]person, error) {
	rows, err := q.Query(ctx, `SELECT n.nominal_id, min(n.kind) FROM (
			SELECT l.nominal_id, 1 AS kind FROM live_list l WHERE l.lead_account_id = $1
			UNION ALL SELECT k.nominal_id, 2 FROM contact k WHERE k.recorded_by = $1 AND k.held_on >= $2) n
		GROUP BY 1 ORDER BY 2, 1 LIMIT $3`, q.Actor().Account, q.Today().AddMonths(-1), most)
	if err != nil {
		return nil, err
	}
	var all []person
	defer rows.Close()
	for rows.Next() {
		var id ref.NominalID
		var kind int
		if err := rows.Scan(&id, &kind); err != nil {
			return nil, err
		}
		all = append(all, person{id: id, why: map[int]string{1: "You lead", 2: "You logged a contact lately"}[kind]})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return named(ctx, q, all)
}

// named fills in the names; who cannot be seen is left out.
func named(ctx context.Context, q *db.ReadTx, all []person) ([]person, error) {
	ids := make([]ref.NominalID, len(all))
	for i, p := range all {
		ids[i] = p.id
	}
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, p := range all {
		if name, ok := names[p.id]; ok {
			p.name = name
			kept = append(kept, p)
		}
	}
	return kept, nil
}

func (p person) link() ui.Link {
	return ui.Link{Text: p.name.Full(), Href: "/nominals/" + ref.Text(p.id) + "/contacts/new"}
}
