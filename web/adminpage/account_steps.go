package adminpage

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// showRole draws the form of a role, for the first time or again.
func showRole(c *page.Ctx, f *form.Form, draw func(templ.Component) error) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	o, err := loadOne(c, id)
	if err != nil {
		return err
	}
	ch, err := viewChoices(c)
	if err != nil {
		return err
	}
	return draw(rolePage(c.Chrome("Give a role", f), f, c.Hidden(), o, ch))
}

// EndRole asks once more before a role ends.
func EndRole(c *page.Ctx) error {
	o, g, err := findRole(c)
	if err != nil {
		return err
	}
	return c.Render(confirmPage(c.Chrome("End a role", nil), accountPath(o.ID), o.Name, ui.ConfirmView{
		Title: "End this role of " + o.Name + "?",
		Effects: []string{
			g.Role.Word() + ", " + g.AgencyName + ", " + g.AreaName,
			"It ends at once: the next page that " + o.Name + " opens is without it.",
			"That it was held, by whom it was given and ended, stays recorded.",
		},
		Action: c.R.URL.Path, Hidden: c.Hidden(), Button: "End the role", Danger: true, Cancel: accountPath(o.ID),
	}))
}

// ConfirmEndRole ends it.
func ConfirmEndRole(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	grant, err := page.ID[ref.GrantID](c, "grant")
	if err != nil {
		return err
	}
	if err := account.EndGrant(c.Context(), c.DB, c.Submission(), id, grant); err != nil {
		return err
	}
	return c.SeeOther(accountPath(id), "The role has ended")
}

func findRole(c *page.Ctx) (one, account.Grant, error) {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return one{}, account.Grant{}, err
	}
	grant, err := page.ID[ref.GrantID](c, "grant")
	if err != nil {
		return one{}, account.Grant{}, err
	}
	o, err := loadOne(c, id)
	if err != nil {
		return one{}, account.Grant{}, err
	}
	for _, g := range o.All {
		if g.ID == grant && g.EndedAt.IsZero() {
			if !o.May(g.Area) {
				return one{}, g, fault.Denied("This role is looked after by an administrator of its area")
			}
			return o, g, nil
		}
	}
	return one{}, account.Grant{}, fault.Missing()
}

// Disable asks once more before an account is disabled.
func Disable(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	o, err := loadManaged(c, id)
	if err != nil {
		return err
	}
	return c.Render(confirmPage(c.Chrome("Disable an account", nil), accountPath(id), o.Name, ui.ConfirmView{
		Title: "Disable the account of " + o.Name + "?",
		Effects: []string{
			o.Name + " is signed out everywhere at once and cannot sign in.",
			"Links to set a password stop working.",
			"Everything that " + o.Name + " recorded stays under that name. The account can be enabled again.",
		},
		Action: c.R.URL.Path, Hidden: c.Hidden(), Button: "Disable the account", Danger: true, Cancel: accountPath(id),
	}))
}

// ConfirmDisable disables it.
func ConfirmDisable(c *page.Ctx) error { return step(c, account.Disable, "The account is disabled") }

// Enable lets an account be used again.
func Enable(c *page.Ctx) error { return step(c, account.Enable, "The account can be used again") }

// SignOutEverywhere ends the sessions of an account.
func SignOutEverywhere(c *page.Ctx) error {
	return step(c, account.EndSessions, "The person is signed out everywhere")
}

func step(c *page.Ctx, do func(context.Context, *db.DB, db.Submission, ref.AccountID) error, notice string) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	if err := do(c.Context(), c.DB, c.Submission(), id); err != nil {
		return err
	}
	return c.SeeOther(accountPath(id), notice)
}

// MakeLink makes a link to set a password and shows it, this once. It is the
// answer itself, not a page to go to: nobody finds it again.
func MakeLink(c *page.Ctx) error {
	id, err := page.ID[ref.AccountID](c, "id")
	if err != nil {
		return err
	}
	o, err := loadOne(c, id)
	if err != nil {
		return err
	}
	link, err := account.IssueLink(c.Context(), c.DB, c.Submission(), id)
	if err != nil {
		return err
	}
	return c.Render(linkPage(c.Chrome("Link to set a password", nil), o, c.Origin()+link.Path(), link.Expires.In(clock.London).Format("15:04 on Monday 2 January 2006")))
}

func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return strconv.Itoa(n) + " " + plural
}
