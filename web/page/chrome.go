package page

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"iom/internal/platform/authz"
	"iom/web/form"
	"iom/web/ui"
)

// Chrome is what surrounds a page. The problems of the form, if any, stand in
// the error summary.
func (c *Ctx) Chrome(title string, f *form.Form) ui.Chrome {
	chrome := ui.Chrome{
		Title: title, Nonce: c.Nonce, CSRF: c.csrf, Demo: c.Demo,
		Person: c.Actor.Name, Agency: c.Actor.AgencyAs, Area: c.Actor.AreaAs,
		Nav: c.nav(), Notice: c.notice(),
	}
	if f != nil {
		chrome.Problems = f.Problems()
	}
	chrome.Problems = c.heldProblems(chrome.Problems)
	return chrome
}

// Hidden are the inputs that a form needs. A form that is drawn again keeps its
// key: an answer of 422 has not used it up.
func (c *Ctx) Hidden(version ...int64) ui.FormHidden {
	h := ui.FormHidden{CSRF: c.csrf, Key: c.key()}
	if len(version) > 0 {
		h.Version = strconv.FormatInt(version[0], 10)
	}
	return h
}

var primary = []struct {
	text, href string
	may        authz.Permission
}{
	{"Home", "/", authz.Anyone},
	{"Live list", "/live-list", authz.ReadOwnCases},
	{"Actions", "/actions", authz.ReadOwnCases},
	{"Meetings", "/meetings", authz.AttendMeetings},
	{"Referrals", "/referrals", authz.Refer},
	{"Search", "/search", authz.ReadOwnCases},
	{"Administration", "/admin", authz.ManageAccounts},
	{"Audit log", "/audit", authz.ReadLog},
}

// nav is the primary navigation: only what the person's roles allow.
func (c *Ctx) nav() []ui.NavItem {
	if c.Actor.Account == 0 {
		return nil
	}
	var items []ui.NavItem
	for _, p := range primary {
		if c.Actor.May(p.may) {
			items = append(items, ui.NavItem{Text: p.text, Href: p.href, Current: within(c.R.URL.Path, p.href)})
		}
	}
	return items
}

func within(path, href string) bool {
	return path == href || href != "/" && strings.HasPrefix(path, href+"/")
}

// notice takes the one-time notice that the last command left.
func (c *Ctx) notice() string {
	name := c.cookieName("notice")
	cookie, err := c.R.Cookie(name)
	if err != nil {
		return ""
	}
	c.setCookie(name, "", -1)
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(text) > 300 {
		return ""
	}
	return string(text)
}

func (c *Ctx) cookieName(name string) string {
	if c.Insecure {
		return "iom-" + name
	}
	return "__Host-iom-" + name
}

func (c *Ctx) setCookie(name, value string, seconds int) {
	http.SetCookie(c.w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: !c.Insecure, SameSite: http.SameSiteLaxMode})
}
