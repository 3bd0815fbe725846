package page

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"iom/internal/platform/fault"
	"iom/internal/platform/session"
	"iom/web/form"
	"iom/web/ui"
)

// A form that comes after its session has ended is kept, sealed to its sender and
// to the browser, and comes back filled once the same account has signed in there
// (docs/development.md says how). Nothing is ever done by itself: the page is drawn
// by the handler of the form, whose command is held (db.Held).

// neverKept are the forms that must not wait anywhere: signing out is meant to
// leave nothing, and a password is kept as a hash or not at all.
var neverKept = []string{signOut, "POST /account/password", "POST /meetings/{id}/sheet/{nominal}/draft/{block}"}

const signOut = "POST /sign-out"

// unsentCookie holds the key to what is kept for this browser.
const unsentCookie = "unsent"

// Why a form is drawn again and not sent.
const (
	signedOutBefore = "You were signed out. Nothing was saved. Check what you typed and send it again"
	signedInAgain   = "You signed in again after this form was opened. Nothing was saved. Check what you typed and send it again"
)

// resumed is a form that was kept and now comes back.
type resumed struct {
	id     string
	values url.Values
}

// resumedKey is under which a request carries the form; nothing that a browser can
// send sets it.
type resumedKey struct{}

// keep keeps the form of a request whose session has ended, and gives the address
// at which it comes back; empty when nothing is kept, with the reason if the
// sender should know it.
func (c *Ctx) keep() (address, why string, err error) {
	before, known, err := c.Sessions.Presented(c.Context())
	if err != nil {
		return "", "", fault.Down(err)
	}
	if !known || before.Display != 0 || slices.Contains(neverKept, c.Route) { // nobody works at a display
		return "", "", nil
	}
	standing, err := c.DB.StandingOf(c.Context(), before.Account)
	if err != nil {
		return "", "", err
	}
	if !mayGoOn(standing, before) {
		return "", "", nil
	}
	const tooLarge = "You were signed out. Nothing was saved, and what you sent was too large to be kept"
	if err := c.R.ParseForm(); err != nil {
		return "", tooLarge, nil
	}
	if !c.sentBy(before) {
		return "", "", nil
	}
	values := c.R.PostForm
	values.Del("_csrf")
	key := c.browserKey()
	if !key.WellFormed() {
		key = session.NewBrowserKey()
	}
	id, err := c.Sessions.KeepUnsent(c.Context(), key, before.Account, before.Epoch, session.Unsent{Path: c.R.URL.RequestURI(), Values: values})
	switch {
	case errors.Is(err, session.ErrTooLarge):
		return "", tooLarge, nil
	case err != nil:
		return "", "", fault.Down(err)
	}
	c.setCookie(c.cookieName(unsentCookie), string(key), int(session.UnsentFor.Seconds()))
	return "/unsent/" + id, "", nil
}

func (c *Ctx) browserKey() session.BrowserKey { return session.BrowserKey(c.Kept(unsentCookie)) }

// sentBy says whether the form stood on a page of the session, or of the one that
// it followed.
func (c *Ctx) sentBy(s session.Current) bool { return c.carries(s.CSRF) || c.carries(s.Former) }

// carries says whether the form has this token.
func (c *Ctx) carries(token string) bool {
	return token != "" && subtle.ConstantTimeCompare([]byte(c.R.PostFormValue("_csrf")), []byte(token)) == 1
}

// Unsent brings back a form that was kept: the handler of the form draws it, under
// the permission and scope of now. It is shown once.
func Unsent(c *Ctx) error {
	id, key := c.Param("form"), c.browserKey()
	if !isUUID(id) {
		return fault.Missing()
	}
	var u session.Unsent
	found := false
	if key.WellFormed() {
		var err error
		if u, found, err = c.Sessions.Unsent(c.Context(), key, id, c.Actor.Account, c.epoch); err != nil {
			return fault.Down(err)
		}
	}
	if !found || c.R.Method != http.MethodGet { // a HEAD shows nothing, so it uses nothing up
		return c.SeeOther("/", "No form is kept here. One is kept for an hour and shown once, to whoever sent it")
	}
	at, err := url.ParseRequestURI(u.Path)
	if err != nil {
		return err
	}
	pages, ok := chi.RouteContext(c.Context()).Routes.(http.Handler)
	if !ok {
		return errors.New("page: the router cannot be asked")
	}
	ctx := context.WithValue(c.Context(), chi.RouteCtxKey, chi.NewRouteContext())
	ctx = context.WithValue(ctx, resumedKey{}, &resumed{id: id, values: u.Values})
	again := c.R.Clone(ctx)
	again.Method, again.URL, again.RequestURI, again.Body = http.MethodPost, at, u.Path, http.NoBody
	again.PostForm, again.Form = u.Values, u.Values
	pages.ServeHTTP(c.w, again)
	return nil
}

// ForgetUnsent removes whatever was kept for this browser.
func (c *Ctx) ForgetUnsent() error {
	key := c.browserKey()
	if !key.WellFormed() {
		return nil
	}
	c.setCookie(c.cookieName(unsentCookie), "", -1)
	if err := c.Sessions.ForgetUnsent(c.Context(), key); err != nil {
		return fault.Down(err)
	}
	return nil
}

// shown removes a form that has come back, before the first byte of its page. A
// page that could not be drawn for a fault of ours leaves it to be asked for again.
func (c *Ctx) shown(status int) error {
	if c.resumed == nil || status >= http.StatusInternalServerError {
		return nil
	}
	if err := c.Sessions.DropUnsent(c.Context(), c.resumed.id); err != nil {
		return fault.Down(err)
	}
	return nil
}

// heldProblems puts why the form was not sent first, once.
func (c *Ctx) heldProblems(problems []form.Problem) []form.Problem {
	if c.held == "" {
		return problems
	}
	rest := slices.DeleteFunc(problems, func(p form.Problem) bool { return p.Text == c.held })
	return append([]form.Problem{{Text: c.held}}, rest...)
}

// draw answers with a page. That of a held form must hold what was typed: where it
// does not, since what it is about has changed meanwhile, the words are shown alone.
func (c *Ctx) draw(status int, view templ.Component) error {
	if c.held == "" {
		return c.render(status, view)
	}
	var page bytes.Buffer
	if err := view.Render(c.Context(), &page); err != nil {
		return err
	}
	shown := plain(html.UnescapeString(page.String()))
	for name, values := range c.R.PostForm {
		for _, v := range values {
			if !strings.HasPrefix(name, "_") && isWords(v) && !strings.Contains(shown, plain(v)) {
				return c.drawTyped(nil)
			}
		}
	}
	return c.render(status, templ.Raw(page.String()))
}

// isWords says whether a value is text that somebody wrote, and no choice of a list.
func isWords(v string) bool { return len(v) > 30 || strings.ContainsAny(strings.TrimSpace(v), " \n") }

func plain(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "\r", "") }

// drawTyped answers for a held form whose own page does not show it again: what was
// typed is there to be copied.
func (c *Ctx) drawTyped(problems []fault.Problem) error {
	fields := c.Form().Fields()
	if len(fields) == 0 { // refused before the form was read: the names must do
		for _, name := range slices.Sorted(maps.Keys(c.R.PostForm)) {
			if !strings.HasPrefix(name, "_") {
				fields = append(fields, form.Field{Label: name, Values: c.R.PostForm[name]})
			}
		}
	}
	var typed []ui.Hidden
	for _, f := range fields {
		for _, v := range f.Values {
			if strings.TrimSpace(v) != "" {
				typed = append(typed, ui.Hidden{Name: f.Label, Value: v})
			}
		}
	}
	var why []string
	for _, p := range problems {
		if p.Text != c.held {
			why = append(why, p.Text)
		}
	}
	return c.render(http.StatusUnprocessableEntity, typedPage(c.Chrome("What you typed was not saved", nil), why, typed))
}
