// Package signinpage is signing in and out, setting a password by a link, and
// one's own account.
package signinpage

import (
	"net/url"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// device names the cookie by which a browser is known from signing in before.
const device = "device"

// Show is the page to sign in. Whoever is signed in already goes on.
func Show(c *page.Ctx) error {
	if c.R.URL.Query().Has("display") { // also where a display has ended, which is a session that opens nothing
		return drawCode(c, c.Form())
	}
	if _, ok := c.Sessions.Current(c.Context()); ok {
		return c.SeeOther(safe(c.Query("next")), "")
	}
	f := c.Form()
	decode(f)
	return c.Render(signInView(c.Chrome("Sign in", f), f, hidden(c, c.Query("next")), waits(c.Query("next"))))
}

// Submit signs in. The answer to a name that is not known is the one to a wrong
// password.
func Submit(c *page.Ctx) error {
	f := c.Form()
	if _, coded := c.R.PostForm["code"]; coded {
		return showByCode(c, f)
	}
	username, password := decode(f)
	next := safe(c.R.PostFormValue("next"))
	if f.OK() {
		signed, err := account.SignIn(c.Context(), c.DB, account.Try{Username: username, Password: password, Source: c.Source(), Device: c.Kept(device)})
		if err == nil {
			return enter(c, signed, next)
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(signInView(c.Chrome("Sign in", f), f, hidden(c, next), waits(next)))
}

// waits says whether a form waits behind signing in.
func waits(next string) bool { return strings.HasPrefix(safe(next), "/unsent/") }

// enter does what is next after the password; the session begins last.
func enter(c *page.Ctx, signed account.Signed, next string) error {
	if signed.Device != "" {
		c.Keep(device, signed.Device)
	}
	if signed.Next == account.ChangePassword {
		link, err := account.OwnLink(c.Context(), c.DB, signed.Account)
		if err != nil {
			return err
		}
		return c.SeeOther(link.Path(), "Your password is right, but somebody else chose it. Choose your own")
	}
	if err := c.Sessions.Begin(c.Context(), int64(signed.Account), signed.Epoch); err != nil {
		return fault.Down(err)
	}
	return c.SeeOther(next, "")
}

func decode(f *form.Form) (username, password string) {
	return f.Line("username", "Your username", form.Required), f.Secret("password", "Your password")
}

// hidden carries where to go afterwards, and no one-time key: a try may be
// repeated.
func hidden(c *page.Ctx, next string) ui.FormHidden {
	h := c.Hidden()
	h.Key = ""
	if to := safe(next); to != "/" {
		h.Extra = []ui.Hidden{{Name: "next", Value: to}}
	}
	return h
}

// safe is a page of this site, or the home page: nobody can be led elsewhere.
func safe(next string) string {
	if len(next) > 2000 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n\x00") {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Opaque != "" || strings.HasPrefix(u.Path, "//") ||
		u.Path == "/sign-in" || u.Path == "/sign-out" || strings.HasPrefix(u.Path, "/set-password/") {
		return "/"
	}
	return u.RequestURI()
}

// SignOut ends the session for good, whatever else goes wrong.
func SignOut(c *page.Ctx) error {
	if err := c.Sessions.End(c.Context()); err != nil {
		return fault.Down(err)
	}
	if err := c.ForgetUnsent(); err != nil {
		return err
	}
	if err := account.SignOut(c.Context(), c.DB, c.Submission()); err != nil {
		return err
	}
	return c.SeeOther("/sign-in", "You have signed out")
}

// SetPassword is the page of a link with which somebody sets a password.
func SetPassword(c *page.Ctx) error {
	owner, err := account.OpenLink(c.Context(), c.DB, c.Param("token"))
	if fault.KindOf(err) == fault.Invalid {
		return c.Redraw(deadLinkView(c.Chrome("This link does not work", nil), fault.ProblemsOf(err)[0].Text))
	}
	if err != nil {
		return err
	}
	f := c.Form()
	decodeNew(f)
	return c.Render(setPasswordView(c.Chrome("Set your password", f), f, c.Hidden(), c.R.URL.Path, owner))
}

// SavePassword sets it.
func SavePassword(c *page.Ctx) error {
	token := c.Param("token")
	owner, err := account.OpenLink(c.Context(), c.DB, token)
	if fault.KindOf(err) == fault.Invalid {
		return c.Redraw(deadLinkView(c.Chrome("This link does not work", nil), fault.ProblemsOf(err)[0].Text))
	}
	if err != nil {
		return err
	}
	f := c.Form()
	password := decodeNew(f)
	if f.OK() {
		_, err := account.UseLink(c.Context(), c.DB, token, password)
		if err == nil {
			return c.SeeOther("/sign-in", "Your password is set. Sign in with it")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(setPasswordView(c.Chrome("Set your password", f), f, c.Hidden(), c.R.URL.Path, owner))
}

func decodeNew(f *form.Form) string {
	password, again := f.Secret("password", "The new password"), f.Secret("again", "The new password again")
	if f.OK() && f.IsSubmitted() && password != again {
		f.Fail("again", "The two passwords are not the same. Type the new one again")
	}
	return password
}

// accountID is the account of who asks.
func accountID(c *page.Ctx) ref.AccountID { return ref.AccountID(c.Actor.Account) }
