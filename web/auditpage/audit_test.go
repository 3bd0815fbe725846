package auditpage_test

import (
	"net/http"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

func TestTheAuditorReadsWhoDidWhatAndNoNames(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id := s.Nominal(t, s.East, "Zebedee-Canary", "Qqq", clock.NewDate(1990, 2, 3))
	auditor := s.As(t, s.Account(authz.Auditor, s.Force))
	page := auditor.Get("/audit").Must(http.StatusOK).Has("Casey Eastwood", "nominal.create", "Collection").Lacks("Canary")
	if rows := len(page.All("tr")); rows < 10 {
		t.Errorf("the log shows %d rows", rows)
	}
	one := auditor.Get("/audit?nominal=" + ref.Text(id)).Must(http.StatusOK).Has("nominal.create")
	if rows := len(one.All("tr")); rows != 2 {
		t.Errorf("about the nominal there are %d rows with the head, want 2", rows)
	}
	// Asking about one person is in the log itself.
	auditor.Get("/audit?nominal="+ref.Text(id)).Must(http.StatusOK).Has("GET /audit", "Consultation", "Audrey Sussex")
	auditor.Get("/audit?operation=disclose").Must(http.StatusOK).Has("The log holds nothing like this")
	auditor.Get("/audit?from=2/6/2026&to=1/6/2026").Must(http.StatusUnprocessableEntity).Has("The last day cannot be before the first")
	auditor.Get("/audit?from=nonsense").Must(http.StatusUnprocessableEntity)
	auditor.Get("/audit?from=1/1/2020&to=31/1/2020").Must(http.StatusOK).Has("The log holds nothing like this")
}

func TestTheLogIsPaged(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for range 110 {
		s.Nominal(t, s.East, "Bloggs", "Joe", clock.NewDate(1990, 2, 3))
	}
	auditor := s.As(t, s.Account(authz.Auditor, s.East))
	first := auditor.Get("/audit").Must(http.StatusOK)
	if rows := len(first.All("tr")); rows != 101 {
		t.Fatalf("the first page has %d rows with the head, want 101", rows)
	}
	next := ""
	for _, link := range first.Links() {
		if strings.Contains(link, "before=") {
			next = link
		}
	}
	second := auditor.Get(next).Must(http.StatusOK).Has("Back to the newest entries")
	if rows := len(second.All("tr")); rows < 11 || rows > 20 {
		t.Errorf("the second page has %d rows", rows)
	}
}

func TestNobodyElseReadsTheLog(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner, authz.Guest, authz.Analyst, authz.Administrator} {
		s.As(t, s.Account(role, s.Force)).Get("/audit").Must(http.StatusForbidden)
	}
	if a := s.Stranger(t).Get("/audit"); a.Status != http.StatusSeeOther {
		t.Errorf("a stranger gets %d", a.Status)
	}
}
