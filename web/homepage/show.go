// Package homepage is the first page after signing in: what needs attention today,
// work first.
package homepage

import (
	"context"

	"iom/internal/insight/home"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

// view is what the page shows.
type view struct {
	home.Home
	actor authz.Actor
}

// Show is the home page.
func Show(c *page.Ctx) error {
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (view, audit.Seen, error) {
		h, err := home.Load(ctx, q)
		v := view{Home: h, actor: c.Actor}
		if !c.Actor.May(authz.ReadOwnCases) {
			return v, audit.Nobody(), err
		}
		return v, audit.Listed(h.Nominals()), err
	})
	if err != nil {
		return err
	}
	return c.Render(homePage(c.Chrome("Home", nil), v))
}

// starts are where those begin whose work is not with cases.
func (v view) starts() []ui.Link {
	var links []ui.Link
	if v.actor.May(authz.ManageAccounts) {
		links = append(links, ui.Link{Text: "Accounts, areas and agencies", Href: "/admin"})
	}
	if v.actor.May(authz.ReadLog) {
		links = append(links, ui.Link{Text: "Read the audit log", Href: "/audit"})
	}
	return links
}

// works says whether the person works with cases at all.
func (v view) works() bool { return v.actor.May(authz.ReadOwnCases) }
