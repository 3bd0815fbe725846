// Package contactpage is the short way to log a contact: from a phone, whose
// contact it is comes first.
package contactpage

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/page"
	"iom/web/ui"
)

// person is one of those whose contacts this person logs most.
type person struct {
	id   ref.NominalID
	name nominal.Name
	why  string
}

// New asks whose contact it is; with ?nominal= it goes straight to the form.
func New(c *page.Ctx) error {
	if chosen := c.Query("nominal"); chosen != "" {
		id, ok := ref.Parse[ref.NominalID](chosen)
		if !ok {
			return fault.Missing()
		}
		return c.SeeOther("/nominals/"+ref.Text(id)+"/contacts/new", "")
	}
	mine, err := page.View(c, func(ctx context.Context, q *db.ReadTx) ([]person, audit.Seen, error) {
		all, err := near(ctx, q)
		ids := make([]ref.NominalID, len(all))
		for i, p := range all {
			ids[i] = p.id
		}
		return all, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	return c.Render(newPage(c.Chrome("Log a contact", nil), mine))
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
