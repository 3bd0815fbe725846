package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web"
	"iom/web/webtest"
)

// HEAD answers as GET does, without a body; a method that an address does not know
// is refused with those that it knows, and does nothing.
func TestMethods(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.told(t)
	rows := matrix(t)
	before := s.state(t)
	allowed := map[string][]string{}
	for _, route := range web.Routes() {
		allowed[route.Pattern] = append(allowed[route.Pattern], route.Method)
		if route.Method == http.MethodGet {
			allowed[route.Pattern] = append(allowed[route.Pattern], http.MethodHead)
		}
	}
	allowed["/referrals/{id}/print"] = append(allowed["/referrals/{id}/print"], http.MethodPost) // an address like that of a section, which print is not
	stranger := s.Stranger(t)
	for pattern, methods := range allowed {
		name := methods[0] + " " + pattern
		r := rows[name]
		at := s.fill(t, "POST "+pattern, pattern, r)
		c, csrf := stranger, s.people[authz.Coordinator].csrf
		if !r.public {
			c, csrf = s.reader(r).Client, s.reader(r).csrf
		}
		if methods[0] == http.MethodGet {
			get, head := c.Get(at), c.Do(http.MethodHead, at, nil, nil)
			if head.Status != get.Status || head.Location != get.Location || head.Body != "" {
				t.Errorf("HEAD %s: %d %s and %d bytes, GET answers %d %s", at, head.Status, head.Location, len(head.Body), get.Status, get.Location)
			}
			headers(t, at, head)
		}
		if c == stranger {
			c = s.people[authz.Coordinator].Client
		}
		slices.Sort(methods)
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodPost, "BREW"} {
			if slices.Contains(methods, method) {
				continue
			}
			a := c.Do(method, at, url.Values{"_csrf": {csrf}}, nil)
			if a.Status != http.StatusMethodNotAllowed || a.Header.Get("Allow") != strings.Join(methods, ", ") {
				t.Errorf("%s %s: %d, Allow %q, want 405 and %s", method, at, a.Status, a.Header.Get("Allow"), strings.Join(methods, ", "))
			}
			headers(t, at, a)
		}
	}
	s.unchanged(t, before, "a method that no address knows")
}

// Whoever holds no role today sees nothing but that: with a role that ended today or
// lapsed yesterday, or begins tomorrow. A role holds on its last day. A disabled
// account is signed out (security.md 3, 11).
func TestNobodyWithoutARoleTodayGetsAnywhere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	leaver, stayer := s.AccountAt(authz.Coordinator, s.North, s.Council), s.Account(authz.Coordinator, s.Brighton)
	s.told(t)
	rows := matrix(t)
	today := clock.Today(s.Clock)
	for _, c := range []struct {
		what   string
		sql    string
		args   []any
		status int
	}{
		{"ended today", `UPDATE access_grant SET revoked_at = $2, revoked_by = 1 WHERE account_id = $1`, []any{s.Clock.Now()}, http.StatusForbidden},
		{"lapsed yesterday", `UPDATE access_grant SET valid_from = $2, valid_to = $3 WHERE account_id = $1`, []any{today.AddDays(-9).String(), today.AddDays(-1).String()}, http.StatusForbidden},
		{"begins tomorrow", `UPDATE access_grant SET valid_from = $2 WHERE account_id = $1`, []any{today.AddDays(1).String()}, http.StatusForbidden},
		{"disabled", `UPDATE account SET disabled_at = $2, session_epoch = session_epoch + 1 WHERE id = $1`, []any{s.Clock.Now()}, http.StatusSeeOther},
		{"last day", `UPDATE access_grant SET valid_to = $2 WHERE account_id = $1`, []any{today.String()}, http.StatusOK},
	} {
		t.Run(c.what, func(t *testing.T) {
			who := leaver
			if c.status == http.StatusOK {
				who = stayer // the leaver is disabled by now
			}
			client := s.As(t, who)
			csrf := tokenOf(client)
			if a := client.Get("/"); a.Status != http.StatusOK {
				t.Fatalf("before: %d", a.Status)
			}
			s.exec(t, c.sql, append([]any{who.Account}, c.args...)...)
			defer s.exec(t, `UPDATE access_grant SET valid_from = '2026-01-01', valid_to = NULL, revoked_at = NULL, revoked_by = NULL WHERE account_id = $1`, who.Account)
			if c.status == http.StatusOK {
				client.Get("/").Must(http.StatusOK)
				return
			}
			for _, route := range web.Routes() {
				name := route.Method + " " + route.Pattern
				if rows[name].public || name == "POST /sign-out" {
					continue
				}
				at := s.fill(t, "POST "+route.Pattern, route.Pattern, rows[name])
				var a *webtest.Answer
				if route.Method == http.MethodGet {
					a = client.Get(at)
				} else {
					a = client.Do(route.Method, at, url.Values{"_csrf": {csrf}, "_key": {key()}}, nil)
				}
				if a.Status != c.status || c.status == http.StatusSeeOther && !strings.HasPrefix(a.Location, "/sign-in") || strings.Contains(a.Body, "zqfamilyqz") {
					t.Errorf("%s: %d %s, want %d", name, a.Status, a.Location, c.status)
				}
			}
		})
	}
}
