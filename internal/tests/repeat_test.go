package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// late are the forms after which others can no longer be sent, in their order.
var late = []string{
	"POST /nominals/{id}/facts/{fact}/{fact_id}", "POST /referrals/{id}/withdraw", "POST /admin/accounts/{id}/roles/{grant}/end", "POST /admin/accounts/{id}/disable",
	"POST /admin/areas/{id}/groups/{group}/end", "POST /admin/agencies/{id}/end", "POST /meetings/{id}/open", "POST /meetings/{id}/cancel",
	"POST /meetings/series/{series}/end", "POST /meetings/{id}/sheet/{nominal}/deregister", "POST /meetings/{id}/close", "POST /meetings/{id}/minutes/", "POST /meetings/{id}/minutes",
}

// Every form sent twice is done once and answered as the first time (security.md
// 34). One that lost its version is refused, and one that is stale shows what was
// typed and what somebody else saved, and saves nothing (security.md 33). What was
// typed into any of them is shown as text on every page (security.md 31).
func TestEveryFormIsDoneOnceAndNoneOverwrites(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	forms := s.sheets(t)
	when := func(form sheet) int {
		return slices.IndexFunc(late, func(route string) bool { return strings.HasPrefix(form.route, route) })
	}
	slices.SortStableFunc(forms, func(a, b sheet) int { return when(a) - when(b) })
	for _, listed := range forms {
		if listed.route == withPassword {
			continue
		}
		form, ok := listed.again()
		if !ok {
			t.Errorf("%s: what was sent before took the form away", listed.route)
			continue
		}
		form.route = listed.route
		words(form, "Theirs")
		before := s.state(t)
		if form.body.Has("_version") {
			lost := url.Values(both(form.body, url.Values{"_key": {key()}}))
			lost.Del("_version")
			if a := form.who.Do(http.MethodPost, form.at, lost, nil); a.Status != http.StatusConflict && a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s without its version: %d %s", form.route, a.Status, a.Location)
			}
			s.unchanged(t, before, form.route+" without its version")
		}
		first := form.who.Do(http.MethodPost, form.at, form.body, nil)
		if first.Status != http.StatusSeeOther && !(first.Status == http.StatusOK && slices.Contains(showsOnce, form.route)) {
			t.Errorf("%s: %d %.300s", form.route, first.Status, first.Text("main"))
			continue
		}
		after := s.state(t)
		second := form.who.Do(http.MethodPost, form.at, form.body, nil)
		if slices.Contains(gone, form.route) {
			if second.Status < 400 || second.Status >= 500 {
				t.Errorf("%s sent again: %d", form.route, second.Status)
			}
		} else if second.Status != first.Status || second.Location != first.Location {
			t.Errorf("%s sent again: %d %s, the first time %d %s: %.300s", form.route, second.Status, second.Location, first.Status, first.Location, second.Text("main"))
		}
		s.unchanged(t, after, form.route+" sent again")
		if form.body.Has("_version") && !slices.Contains(ofAnother, form.route) {
			s.stale(t, form)
		}
	}
	for _, role := range []authz.Role{authz.Coordinator, authz.Police, authz.Administrator, authz.Auditor} {
		all := crawl(t, s.people[role].Client, "/")
		for _, at := range all.order {
			asText(t, at, all.pages[at])
		}
	}
}

// showsOnce are answered with the secret itself, which is shown once.
var showsOnce = []string{"POST /admin/accounts/{id}/link", "POST /account/calendar", "POST /meetings/{id}/display/code"}

// free are the controls that take any words.
func free(form sheet) []control {
	return slices.DeleteFunc(typed(form), func(c control) bool {
		now := form.body.Get(c.name)
		return strings.Contains(c.name, "short") || now != "Words" && !strings.HasPrefix(now, "Theirs ") && !strings.HasPrefix(now, "Mine ")
	})
}

// words puts words of somebody's own into each of them.
func words(form sheet, whose string) {
	for _, c := range free(form) {
		form.body.Set(c.name, whose+" "+c.name+" "+hostile)
	}
}

// stale sends a form that was opened before it was last saved.
func (s *stage) stale(t *testing.T, form sheet) {
	t.Helper()
	mine := form
	mine.body = both(form.body, url.Values{"_key": {key()}})
	words(mine, "Mine")
	before := s.state(t)
	a := mine.who.Do(http.MethodPost, form.at, mine.body, nil)
	s.unchanged(t, before, form.route+" when stale")
	if a.Status == http.StatusUnprocessableEntity && slices.Contains(once, form.route) {
		return // it cannot be done a second time, whatever the version
	}
	if a.Status != http.StatusConflict {
		t.Errorf("%s when stale: %d %s %.300s", form.route, a.Status, a.Location, a.Text("main"))
		return
	}
	if !a.HasForm(form.at) {
		t.Errorf("%s when stale: the form is not there to be sent again: %.300s", form.route, a.Text("main"))
		return
	}
	again := a.Form(form.at).Values
	if v := again.Get("_version"); v == "" || v == form.body.Get("_version") {
		t.Errorf("%s when stale: the form comes back with version %q, as before", form.route, v)
	}
	for _, c := range form.asked {
		if c.kind != "hidden" && shows(again.Get(c.name)) != shows(mine.body.Get(c.name)) {
			t.Errorf("%s when stale: %s was %.60q and comes back as %.60q", form.route, c.name, mine.body.Get(c.name), again.Get(c.name))
		}
	}
	for _, c := range free(form) {
		if !showsText(a, form.body.Get(c.name)) {
			t.Errorf("%s when stale: what the other saved as %s is not shown", form.route, c.name)
		}
	}
}

// once are the forms that nobody can send a second time.
var once = []string{"POST /admin/agencies/{id}/end", "POST /meetings/series/{series}/end"}

// ofAnother are the forms whose version is that of what is signed, not of the signature.
var ofAnother = []string{"POST /meetings/{id}/sign", "POST /meetings/{id}/witness"}

// gone are the forms that, sent again, are answered by what is there now and not as
// the first time: the page looks at the record before the key of the form is asked.
// Nothing is done twice. The link is shown once, by intent.
var gone = []string{"POST /admin/accounts/{id}/link", "POST /account/calendar", "POST /meetings/{id}/display/code", "POST /referrals/{id}/withdraw", "POST /admin/areas/{id}/groups/{group}/end"}

func showsText(a *webtest.Answer, text string) bool {
	return strings.Contains(a.Text("main"), strings.Join(strings.Fields(text), " "))
}
