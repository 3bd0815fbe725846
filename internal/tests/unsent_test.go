package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/session"
	"iom/web/webtest"
)

// A form never loses what was typed when the session ends: every form of the
// application comes back after signing in with what stood in it, and nothing is
// done by that.
func TestEveryFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	of := map[*person][]sheet{}
	for _, s := range st.sheets(t) {
		if s.route != "POST /account/password" { // a password waits nowhere
			of[s.who] = append(of[s.who], s)
		}
	}
	const written = `SELECT count(*) FROM log_event WHERE operation <> 'consult'` // no write is without its event
	before, forms := st.one(t, written), 0
	for len(of) > 0 {
		csrf := map[*person]string{}
		for who := range of {
			csrf[who] = tokenOf(who.Client)
		}
		st.Clock.Advance(session.Idle)
		for who, all := range of {
			some := all[:min(len(all), 10)] // of one account a few are kept at a time
			st.comeBack(t, who, csrf[who], some)
			forms += len(some)
			if of[who] = all[len(some):]; len(of[who]) == 0 {
				delete(of, who)
			}
		}
	}
	if n := st.one(t, written) - before; n != 0 {
		t.Errorf("bringing forms back wrote %d times", n)
	}
	if n := st.one(t, `SELECT count(*) FROM unsent_form`); n != 0 {
		t.Errorf("%d forms are kept after they were shown", n)
	}
	if forms < 80 {
		t.Errorf("only %d forms: the test looks in the wrong place", forms)
	}
	t.Logf("%d forms", forms)
}

// comeBack sends forms of one person too late, signs in and looks at each.
func (s *stage) comeBack(t *testing.T, who *person, csrf string, forms []sheet) {
	t.Helper()
	kept := make([]string, len(forms))
	for i, form := range forms {
		form.body.Set("_csrf", csrf)
		for _, c := range form.asked {
			if c.kind == "secret" {
				t.Errorf("%s has a password and is kept", form.route)
			}
			if c.kind == "prose" && len(form.body[c.name]) == 1 {
				form.body.Set(c.name, "Words & more <i>\r\nof "+c.name)
			}
		}
		a := who.Do(http.MethodPost, form.at, form.body, nil).Must(http.StatusSeeOther)
		u, err := url.Parse(a.Location)
		if err != nil || !strings.HasPrefix(u.Query().Get("next"), "/unsent/") {
			t.Fatalf("%s is not kept: %s", form.route, a.Location)
		}
		kept[i] = u.Query().Get("next")
	}
	actor := s.actor(who.role, who.relation)
	if who.role == authz.Administrator {
		actor = s.Account(who.role, s.Force)
	}
	s.SignIn(who.Client, actor)
	for i, form := range forms {
		a := who.Get(kept[i])
		if a.Status != http.StatusOK && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s comes back with status %d %s: %s", form.route, a.Status, a.Location, a.Text("main"))
			continue
		}
		if a.Status != http.StatusOK {
			t.Logf("%s is told of and not drawn again", form.route)
		}
		a.Has("You were signed out. Nothing was saved. Check what you typed and send it again")
		for name, values := range form.body {
			if strings.HasPrefix(name, "_") && name != "_version" || name == "confirmed" { // pressed, not typed: it is asked again
				continue
			}
			for _, v := range values {
				if v != "" && !stands(a, name, v) {
					t.Errorf("%s does not come back with %s as %q: %s", form.route, name, v, a.Text("main"))
				}
			}
		}
	}
}

// What was typed is there to be copied when its form is not there any more: here the
// meeting was closed meanwhile.
func TestWhatWasTypedOutlivesItsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.As(t, w.Account(authz.Coordinator, w.North))
	sheet := "/meetings/" + ref.Text(w.meeting.open) + "/sheet/" + ref.Text(w.plain.nominal)
	form := co.Get(sheet).Must(http.StatusOK).Form(sheet + "/discussion")
	form.Values.Set("discussion-text", "Asked for a flat near the school")
	w.Clock.Advance(session.Idle)
	u, err := url.Parse(co.Do(http.MethodPost, form.Action, form.Values, nil).Must(http.StatusSeeOther).Location)
	if err != nil {
		t.Fatal(err)
	}
	if err := meeting.Close(t.Context(), w.DB, w.Scheme.As(authz.Chair, w.North), w.meeting.open, "Time ran out"); err != nil {
		t.Fatal(err)
	}
	w.SignIn(co, w.Account(authz.Coordinator, w.North))
	a := co.Get(u.Query().Get("next")).Must(http.StatusUnprocessableEntity)
	a.Has("What you typed was not saved", "You were signed out. Nothing was saved", "What was said", "Asked for a flat near the school")
	if a.HasForm(sheet + "/discussion") {
		t.Error("the form can be sent to a meeting that is closed")
	}
}

// stands says whether a control of the page holds the value, or its text shows it.
func stands(a *webtest.Answer, name, value string) bool {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	for _, form := range a.All("form") {
		for n := range form.Descendants() {
			if n.Type != html.ElementNode || webtest.Attr(n, "name") != name {
				continue
			}
			switch {
			case n.Data == "textarea" && n.FirstChild != nil && strings.ReplaceAll(n.FirstChild.Data, "\r\n", "\n") == value:
				return true
			case n.Data == "select":
				for o := range n.Descendants() {
					if o.Data == "option" && webtest.Attr(o, "value") == value && has(o, "selected") {
						return true
					}
				}
			case n.Data == "input" && webtest.Attr(n, "value") == value:
				if kind := webtest.Attr(n, "type"); kind != "radio" && kind != "checkbox" || has(n, "checked") {
					return true
				}
			}
		}
	}
	return strings.Contains(a.Text("main"), strings.Join(strings.Fields(value), " "))
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
