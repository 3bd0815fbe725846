package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web"
	"iom/web/webtest"
)

// noID are what can stand in an address where an id is looked for.
var noID = []string{"0", "-1", "+1", "1.5", "1e3", "99999999999999999999999999", "%D9%A3", "%00", "%ff", "1%2f2", "%2e%2e", strings.Repeat("9", 2000), "1%20"}

// children are the ids that belong to the person before them in the address.
var children = []string{"{spell}", "{sentence}", "{tag}", "{recall}", "{planned}", "{test}", "{entry}", "{fact_id}", "{registration}", "{condition}", "{breach}", "{action}"}

// Each id of each address belongs to what stands before it and to the reader's
// scope. Another's child, one of another area, one that does not exist and what is
// no id at all: 404, in the same bytes (security.md 4, 5). So is an address with a
// slash too many.
func TestEveryIDBelongsWhereItStands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.told(t)
	before := s.state(t)
	rows := matrix(t)
	foreign := map[string]int64{ // what else may stand for an id, in the reader's own area
		"grant": s.one(t, `SELECT id FROM access_grant WHERE account_id = $1`, s.account0(authz.Chair)),
		"group": s.one(t, `SELECT min(id) FROM priority_group WHERE area_id = $1`, s.Force),
	}
	for _, route := range web.Routes() {
		name := route.Method + " " + route.Pattern
		r := rows[name]
		if r.public || !strings.Contains(route.Pattern, "{") {
			continue
		}
		for variant, pattern := range patterns("POST "+route.Pattern, route.Pattern) {
			form, found := sheet{}, true
			if route.Method == http.MethodPost && !slices.Contains(scripted, name) && !slices.Contains(endsSession, name) {
				form, found = s.sheet(t, name, r, pattern)
			} else {
				form.at, form.who = s.fill(t, "POST "+route.Pattern, pattern, r), s.reader(r)
				form.body = url.Values{"_csrf": {form.who.csrf}}
			}
			if !found {
				t.Errorf("%s%s: no form", name, variant)
				continue
			}
			parts, words := strings.Split(form.at, "/"), strings.Split(route.Pattern, "/")
			for i, word := range words {
				if !strings.HasPrefix(word, "{") {
					continue
				}
				param := strings.Trim(word, "{}")
				with := func(value string) (*webtest.Answer, string) {
					at := slices.Clone(parts)
					at[i] = value
					body := bodyOf(route.Method, form)
					for field, v := range body { // the fields of an action carry its id
						if rest, ok := strings.CutPrefix(field, "action-"+parts[i]+"-"); ok && param == "action" {
							body["action-"+value+"-"+rest] = v
						}
					}
					return form.who.Do(route.Method, strings.Join(at, "/"), body, nil), strings.Join(at, "/")
				}
				nothing, at := with("999999999999")
				if nothing.Status != http.StatusNotFound {
					t.Errorf("%s%s: %s, which does not exist: %d %s", name, variant, at, nothing.Status, nothing.Location)
					continue
				}
				values := slices.Clone(noID)
				values = append(values, s.other(parts, words, i, param, s.elsewhere))
				if slices.Contains(children, word) || slices.ContainsFunc(words[i+1:], func(w string) bool { return slices.Contains(children, w) }) {
					values = append(values, s.other(parts, words, i, param, s.restricted)) // whom the reader may see as well
				}
				if id, ok := foreign[param]; ok {
					values = append(values, ref.Text(ref.GrantID(id)))
				}
				for _, value := range values {
					if value == "" || value == "0" && param == "search" || value == parts[i] {
						continue
					}
					if a, at := with(value); a.Status != http.StatusNotFound || plainBytes(a) != plainBytes(nothing) {
						t.Errorf("%s%s: %.200s: %d %s, want the page of what does not exist", name, variant, at, a.Status, a.Location)
					}
				}
			}
			for _, at := range []string{form.at + "/", strings.Replace(form.at, "/"+parts[2], "%2F"+parts[2], 1), "/" + form.at[1:] + "//"} {
				if a := form.who.Do(route.Method, at, bodyOf(route.Method, form), nil); a.Status != http.StatusNotFound && a.Status != http.StatusMovedPermanently && a.Status != http.StatusTemporaryRedirect {
					t.Errorf("%s%s: %s: %d %s", name, variant, at, a.Status, a.Location)
				}
			}
		}
	}
	s.unchanged(t, before, "an address that leads nowhere")
}

func bodyOf(method string, form sheet) url.Values {
	if method == http.MethodGet {
		return nil
	}
	return withKey(both(form.body, url.Values{}))
}

// reader is somebody who may read what a route shows.
func (s *stage) reader(r row) *person {
	for _, role := range authz.Roles {
		if slices.Contains(r.roles, role) || slices.Contains(r.no, role) && len(r.roles) == 0 {
			return s.people[role]
		}
	}
	return nil
}

// other is the value of a part of an address for another subject, empty when that
// has none.
func (s *stage) other(parts, words []string, i int, param string, of subject) string {
	switch param {
	case "id", "nominal", "action", "registration", "spell", "sentence", "tag", "recall", "planned", "test", "condition", "breach", "entry":
		if parts[1] == "meetings" && param == "id" || parts[1] == "admin" {
			return ""
		}
		v := s.param(parts[1], words[i-1], param, of, 0)
		if v == "0" {
			return ""
		}
		return v
	case "fact_id":
		if id := of.fact[parts[i-1]]; id != 0 {
			return ref.Text(ref.ContactID(id))
		}
	}
	return ""
}
