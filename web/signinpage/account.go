package signinpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
)

// own is what the page of one's own account shows.
type own struct {
	account.Account
	Grants []account.Grant
	Meets  bool // attends meetings, and so may have an address for a calendar
}

func load(c *page.Ctx) (own, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (o own, seen audit.Seen, err error) {
		if o.Account, err = account.Get(ctx, q, accountID(c)); err != nil {
			return o, seen, err
		}
		o.Meets = q.Actor().May(authz.AttendMeetings)
		held, err := account.Grants(ctx, q, accountID(c))
		for _, g := range held {
			if g.Current(q.Today()) {
				o.Grants = append(o.Grants, g)
			}
		}
		return o, audit.Nobody(), err
	})
}

// Account is one's own account.
func Account(c *page.Ctx) error {
	o, err := load(c)
	if err != nil {
		return err
	}
	f := c.Form()
	f.Set("email", o.Email)
	f.Set("telephone", o.Telephone)
	decodeOwn(f)
	return c.Render(accountView(c.Chrome("Your account", f), f, c.Hidden(o.Version), o))
}

// SaveAccount changes how one can be reached.
func SaveAccount(c *page.Ctx) error {
	f := c.Form()
	email, telephone := decodeOwn(f)
	if f.OK() {
		err := account.AmendOwn(c.Context(), c.DB, c.Submission(), email, telephone, c.Version())
		switch {
		case err == nil:
			return c.SeeOther("/account", "Your details are saved")
		case fault.KindOf(err) == fault.Stale:
			o, err := load(c)
			if err != nil {
				return err
			}
			current := form.Blank()
			current.Set("email", o.Email)
			current.Set("telephone", o.Telephone)
			decodeOwn(current)
			return c.Conflict("your details", f, current, o.Version)
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	o, err := load(c)
	if err != nil {
		return err
	}
	return c.Redraw(accountView(c.Chrome("Your account", f), f, c.Hidden(c.Version()), o))
}

func decodeOwn(f *form.Form) (email, telephone string) {
	return f.Line("email", "E-mail address", form.Optional), f.Line("telephone", "Telephone number", form.Optional)
}

// Password is the page to change one's own password.
func Password(c *page.Ctx) error {
	f := c.Form()
	decodeChange(f)
	return c.Render(passwordView(c.Chrome("Change your password", f), f, c.Hidden(), c.Actor.Username))
}

// ChangePassword changes it. The person stays signed in here, under a new token,
// and is signed out everywhere else.
func ChangePassword(c *page.Ctx) error {
	f := c.Form()
	current, password := decodeChange(f)
	if f.OK() {
		epoch, err := account.ChangeOwnPassword(c.Context(), c.DB, c.Submission(),
			account.Try{Password: current, Source: c.Source(), Device: c.Kept(device)}, password)
		if err == nil {
			if err := c.Sessions.Renew(c.Context(), epoch); err != nil {
				return fault.Down(err)
			}
			return c.SeeOther("/account", "Your password is changed. Anywhere else you were signed in, you are now signed out")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(passwordView(c.Chrome("Change your password", f), f, c.Hidden(), c.Actor.Username))
}

func decodeChange(f *form.Form) (current, password string) {
	current = f.Secret("current", "Your password now")
	return current, decodeNew(f)
}
