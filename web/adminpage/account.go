package adminpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
)

// choices are the areas that the administrator looks after, and the agencies of today.
type choices struct {
	Areas    []area.Area
	Agencies []agency.Agency
}

func loadChoices(ctx context.Context, q *db.ReadTx) (ch choices, err error) {
	all, err := area.Tree(ctx, q)
	if err != nil {
		return ch, err
	}
	for _, a := range all {
		if q.Actor().MayIn(authz.ManageAccounts, int64(a.ID)) {
			ch.Areas = append(ch.Areas, a)
		}
	}
	ch.Agencies, err = agency.Current(ctx, q, q.Today())
	return ch, err
}

func viewChoices(c *page.Ctx) (choices, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (choices, audit.Seen, error) {
		ch, err := loadChoices(ctx, q)
		return ch, audit.Nobody(), err
	})
}

// NewAccount is the page to make an account with its first role.
func NewAccount(c *page.Ctx) error {
	ch, err := viewChoices(c)
	if err != nil {
		return err
	}
	f := c.Form()
	decodeDetails(f, true)
	decodeGrant(f)
	return c.Render(newAccountPage(c.Chrome("Make an account", f), f, c.Hidden(), ch))
}

// MakeAccount makes it.
func MakeAccount(c *page.Ctx) error {
	f := c.Form()
	n, g := decodeDetails(f, true), decodeGrant(f)
	if f.OK() {
		id, err := account.Enrol(c.Context(), c.DB, c.Submission(), n, g)
		if err == nil {
			return c.SeeOther(accountPath(id), "The account is made. Now make a link with which its owner sets a password")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	ch, err := viewChoices(c)
	if err != nil {
		return err
	}
	return c.Redraw(newAccountPage(c.Chrome("Make an account", f), f, c.Hidden(), ch))
}

func decodeDetails(f *form.Form, withUsername bool) (n account.New) {
	n.Name = f.Line("name", "The name", form.Required)
	if withUsername {
		n.Username = f.Line("username", "The username", form.Required)
	}
	n.Email = f.Line("email", "E-mail address", form.Optional)
	n.Telephone = f.Line("telephone", "Telephone number", form.Optional)
	return n
}

func decodeGrant(f *form.Form) account.NewGrant {
	return account.NewGrant{
		Role:   authz.Role(f.Choice("role", "A role", form.Required, roleValues()...)),
		Agency: ref.AgencyID(f.ID("agency", "An agency", form.Required)),
		Area:   ref.AreaID(f.ID("area", "An area", form.Required)),
		From:   f.Date("from", "First day", form.Optional),
		To:     f.Date("to", "Last day", form.Optional),
	}
}

func accountPath(id ref.AccountID) string { return "/admin/accounts/" + ref.Text(id) }

// one is the page of one account.
type one struct {
	listed
	All     []account.Grant // ended and lapsed ones too, the newest first
	Today   clock.Date
	Manages bool // whether this administrator may change it
	Own     bool
	May     func(ref.AreaID) bool
}

func loadOne(c *page.Ctx, id ref.AccountID) (one, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (o one, seen audit.Seen, err error) {
		seen = audit.Nobody()
		if o.Account, err = account.Get(ctx, q, id); err != nil {
			return o, seen, err
		}
		o.All, err = account.Grants(ctx, q, id)
		o.Today, o.Own = q.Today(), int64(id) == q.Actor().Account
		for _, g := range o.All {
			if g.Current(o.Today) {
				o.Grants = append(o.Grants, g)
			}
		}
		actor := q.Actor()
		o.Manages = account.Manages(actor, id, o.All, o.Today)
		o.May = func(at ref.AreaID) bool { return actor.MayIn(authz.ManageAccounts, int64(at)) }
		return o, seen, err
	})
}

// loadManaged loads an account to change it; one that is not this administrator's
// to change is refused before anything is asked.
func loadManaged(c *page.Ctx, id ref.AccountID) (one, error) {
	o, err := loadOne(c, id)
	if err == nil && !o.Manages {
		err = fault.Denied("This account is looked after by an administrator of another area, or is your own")
	}
	return o, err
}

// Account is the page of one account.
func Account(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	o, err := loadOne(c, id)
	if err != nil {
		return err
	}
	return c.Render(accountPage(c.Chrome(o.Name, nil), o, c.Hidden))
}

// Details is the page to change somebody's details.
func Details(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	o, err := loadManaged(c, id)
	if err != nil {
		return err
	}
	f := c.Form()
	setDetails(f, o.Account)
	return c.Render(detailsPage(c.Chrome("Change details", f), f, c.Hidden(o.Version), o))
}

func setDetails(f *form.Form, a account.Account) {
	f.Set("name", a.Name)
	f.Set("email", a.Email)
	f.Set("telephone", a.Telephone)
	decodeDetails(f, false)
}

// SaveDetails changes them.
func SaveDetails(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	f := c.Form()
	n := decodeDetails(f, false)
	if f.OK() {
		err := account.Amend(c.Context(), c.DB, c.Submission(), id, account.Details{Name: n.Name, Email: n.Email, Telephone: n.Telephone}, c.Version())
		switch {
		case err == nil:
			return c.SeeOther(accountPath(id), "The details are saved")
		case fault.KindOf(err) == fault.Stale:
			o, err := loadOne(c, id)
			if err != nil {
				return err
			}
			current := form.Blank()
			setDetails(current, o.Account)
			return c.Conflict("the details", f, current, o.Version)
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	o, err := loadOne(c, id)
	if err != nil {
		return err
	}
	return c.Redraw(detailsPage(c.Chrome("Change details", f), f, c.Hidden(c.Version()), o))
}

// NewRole is the page to give a role.
func NewRole(c *page.Ctx) error {
	f := c.Form()
	decodeGrant(f)
	return showRole(c, f, c.Render)
}

// GiveRole gives it.
func GiveRole(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	f := c.Form()
	g := decodeGrant(f)
	g.Account = id
	if f.OK() {
		_, err := account.Give(c.Context(), c.DB, c.Submission(), g)
		if err == nil {
			return c.SeeOther(accountPath(id), "The role is given")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return showRole(c, f, c.Redraw)
}
