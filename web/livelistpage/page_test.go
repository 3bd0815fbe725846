package livelistpage_test

import (
	"strings"
	"testing"

	"iom/internal/casework/action"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

// TestTheListShowsWhoIsOnTheScheme: tabs, columns, filters, order, empty state.
func TestTheListShowsWhoIsOnTheScheme(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	c.Get("/live-list").Must(200).Has("Nobody is on the live list yet", "Live 0", "Custody 0")
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	s.Registered(t, s.East, "Atkins", "Ann", rag.Red)
	s.Registered(t, s.East, "Carter", "Cy", rag.Prison)
	s.Registered(t, s.Brighton, "Elsewhere", "Eve", rag.Red)
	by := s.Scheme.As(authz.Coordinator, s.East)
	if err := nominal.AddWarning(t.Context(), s.DB, by, joe, "Weapons", "PNC"); err != nil {
		t.Fatal(err)
	}
	if _, err := action.Add(t.Context(), s.DB, by, action.New{Nominal: joe, Text: "Ring", Pathway: "health", Agency: s.Star, DueOn: clock.NewDate(2026, 6, 3)}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(clock.NewDate(2026, 6, 16).At(9, 0)) // AMBER: a visit was due on the 15th
	c = s.As(t, s.Account(authz.Coordinator, s.East))
	p := c.Get("/live-list").Must(200).Has("Live 2", "Custody 1", "Bloggs, Joe 36", "Weapons", "1 open 1 overdue", "No visit due 15 Jun",
		"Robin Eastwood Probation Service", "1 Sep 2026", "None yet").Lacks("Elsewhere", "Carter")
	names(t, p, "Atkins", "Bloggs")
	if !strings.Contains(p.Body, `aria-sort="ascending"`) {
		t.Error("no column says that the list is sorted by it")
	}
	names(t, c.Get("/live-list?sort=-name"), "Bloggs", "Atkins")
	names(t, c.Get("/live-list?rating=AMBER"), "Bloggs")
	names(t, c.Get("/live-list?due=actions").Has("Due: Overdue actions", "Live 1"), "Bloggs")
	names(t, c.Get("/live-list?due=visit&sort=name"), "Atkins", "Bloggs")
	names(t, c.Get("/live-list?tab=custody").Has("Release"), "Carter")
	c.Get("/live-list?rating=GREEN&sort=nothing&page=-1&area=abc").Must(200).Has("Nobody fits these filters")
	c.Get("/live-list?page=99").Must(200).Has("There is nobody on this page of the list")
	c.Get("/live-list?print=yes").Must(200).Has("2 people. Printed by Casey Eastwood, 16 June 2026 at 09:00", "OFFICIAL-SENSITIVE")
	for _, other := range []authz.Actor{s.Account(authz.Coordinator, s.North), s.Account(authz.Guest, s.East)} {
		s.As(t, other).Get("/live-list").Must(200).Lacks("Bloggs", "Atkins").Has("Live 0")
	}
	for _, role := range []authz.Role{authz.Analyst, authz.Auditor, authz.Administrator} {
		s.As(t, s.Account(role, s.Force)).Get("/live-list").Must(403)
	}
}

// names are those of the rows, in order.
func names(t *testing.T, a *webtest.Answer, want ...string) {
	t.Helper()
	var got []string
	for _, n := range a.Must(200).All("a") {
		if href := webtest.Attr(n, "href"); strings.HasPrefix(href, "/nominals/") && n.FirstChild != nil {
			family, _, _ := strings.Cut(n.FirstChild.Data, ",")
			got = append(got, family)
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%v, want %v", got, want)
	}
}
