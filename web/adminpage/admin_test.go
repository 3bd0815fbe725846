package adminpage_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/web/webtest"
)

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestRolesAreGivenAndEnded(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	chair := s.Account(authz.Chair, s.East)
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	page := "/admin/accounts/" + ref.Text(ref.AccountID(chair.Account))
	give := page + "/roles/new"
	admin.Submit(give, give, values("role", "police", "agency", ref.Text(s.Council), "area", ref.Text(s.East))).
		Must(http.StatusUnprocessableEntity).Has("The police role is held only in a police agency")
	admin.Submit(give, give, values("role", "", "agency", "", "area", "")).
		Must(http.StatusUnprocessableEntity).Has("Choose a role", "Choose an agency", "Choose an area")
	admin.Submit(give, give, values("role", "coordinator", "agency", ref.Text(s.Police), "area", ref.Text(s.West), "to", "30/6/2026")).Must(http.StatusSeeOther)
	shown := admin.Get(page).Must(http.StatusOK).Has("Co-ordinator", "West Sussex", "30 Jun 2026")
	var end string
	for _, link := range shown.Links() {
		if strings.HasSuffix(link, "/end") {
			end = link
			break // the newest role stands first
		}
	}
	admin.Submit(end, end, nil).Must(http.StatusSeeOther)
	admin.Get(page).Must(http.StatusOK).Has("Ended", "ended by Addison Sussex")
	admin.Get(end).Must(http.StatusNotFound)
}

// TestAnAdministratorOfOneAreaStaysThere: what belongs to others is refused, and
// the forms offer only areas of one's own.
func TestAnAdministratorOfOneAreaStaysThere(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	northerner := "/admin/accounts/" + ref.Text(ref.AccountID(s.Account(authz.Police, s.North).Account))
	east := s.As(t, s.Account(authz.Administrator, s.East))
	east.Get(northerner).Must(http.StatusOK).Has("areas that you do not look after").Lacks("/disable", "/link")
	east.Get(northerner + "/roles/new").Must(http.StatusOK).Lacks("West Sussex > North")
	form := east.Get(northerner + "/roles/new").Form(northerner + "/roles/new")
	for _, path := range []string{"/link", "/disable", "/sign-out", "/details"} {
		form.Values.Set("name", "Other")
		east.Do(http.MethodPost, northerner+path, form.Values, nil).Must(http.StatusForbidden)
	}
	form.Values.Set("role", "chair")
	form.Values.Set("agency", ref.Text(s.Police))
	form.Values.Set("area", ref.Text(s.North))
	east.Do(http.MethodPost, northerner+"/roles/new", form.Values, nil).Must(http.StatusForbidden)
	east.Get("/admin/areas/" + ref.Text(s.North)).Must(http.StatusNotFound)
	own := "/admin/accounts/" + ref.Text(ref.AccountID(s.Account(authz.Administrator, s.East).Account))
	east.Get(own).Must(http.StatusOK).Has("This is your own account").Lacks("/roles/new", "/disable")
}

func TestAreasAgenciesAndSettings(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	made := admin.Submit("/admin/areas/new", "/admin/areas/new", values("name", "Mid", "parent", ref.Text(s.West), "kind", "hub")).Must(http.StatusSeeOther)
	admin.Submit(made.Location, made.Location, values("amber_visit_days", "35")).Must(http.StatusUnprocessableEntity).Has("Enter a whole number from 7 to 28")
	admin.Submit(made.Location, made.Location, values("amber_visit_days", "10", "meeting_cadence", "fortnightly")).Must(http.StatusSeeOther)
	again := admin.Get(made.Location).Must(http.StatusOK).Has("Chosen here by Addison Sussex on 1 June 2026")
	if f := again.Form(made.Location); f.Values.Get("amber_visit_days") != "10" || f.Values.Get("meeting_cadence") != "fortnightly" {
		t.Errorf("the settings are %v", f.Values)
	}
	group := admin.Submit(made.Location, made.Location+"/groups", values("name", "County Lines", "short", "CL")).Must(http.StatusSeeOther)
	if !strings.HasSuffix(group.Location, "#groups") {
		t.Errorf("adding a group leads to %s", group.Location)
	}
	admin.Submit(made.Location, made.Location+"/groups", values("name", "Gangs", "short", "G")).
		Must(http.StatusUnprocessableEntity).Has("This group is in use here already")
	admin.Submit("/admin/agencies", "/admin/agencies", values("name", "Harbour Mentors", "kind", "voluntary")).Must(http.StatusSeeOther)
	end := "/admin/agencies/" + ref.Text(s.Housing) + "/end"
	admin.Submit(end, end, values("to", "")).Must(http.StatusUnprocessableEntity).Has("Enter the last day")
	admin.Submit(end, end, values("to", "30/6/2026")).Must(http.StatusSeeOther)
	admin.Get("/admin/agencies").Must(http.StatusOK).Has("Harbour Mentors", "Until 30 Jun 2026")
}

// The standard for home visits at AMBER is the area's choice (R45): 14 days, until
// the area chooses otherwise; then the list counts by the new one, and shows a
// lead worker under the new name.
func TestTheLiveListFollowsSettingsAndNames(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Hollis", "Ada", rag.Amber)
	officer := s.As(t, s.Account(authz.Coordinator, s.East))
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	plan := &job.Plan{}
	plan.Do(livelist.Anew, livelist.RefreshAll)
	background := s.Work(t, plan)
	settle := func() {
		t.Helper()
		if err := background.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	row := func() livelist.Row {
		t.Helper()
		found, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (livelist.Row, error) {
			r, _, err := livelist.Of(ctx, q, of)
			return r, err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := row()
	if days := before.VisitDue.DaysSince(before.RatedOn); days != 14 {
		t.Fatalf("a visit is due after %d days, want 14", days)
	}
	east := "/admin/areas/" + ref.Text(s.East)
	admin.Submit(east, east, values("amber_visit_days", "10")).Must(http.StatusSeeOther)
	settle()
	if days := row().VisitDue.DaysSince(before.RatedOn); days != 10 {
		t.Errorf("after the area chose 10 days a visit is due after %d", days)
	}
	lead := "/admin/accounts/" + ref.Text(ref.AccountID(*before.LeadAccount)) + "/details"
	admin.Submit(lead, lead, values("name", "Ottoline Newname")).Must(http.StatusSeeOther)
	settle()
	officer.Get("/live-list").Must(http.StatusOK).Has("Ottoline Newname")
}

func TestTheListOfAccountsIsFiltered(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Account(authz.Chair, s.East)
	s.Account(authz.Coordinator, s.North)
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	admin.Get("/admin/accounts").Must(http.StatusOK).Has("Charlie Eastwood", "Casey Northcott", "Addison Sussex")
	filtered := admin.Get("/admin/accounts?role=chair").Must(http.StatusOK).Has("Charlie Eastwood")
	if strings.Contains(filtered.Text("tbody"), "Casey") {
		t.Error("the filter lets another role through")
	}
	admin.Get("/admin/accounts?area=" + ref.Text(s.South)).Must(http.StatusOK).Has("No account fits")
	admin.Get("/admin/accounts?state=No+password+yet").Must(http.StatusOK).Has("Charlie Eastwood")
	admin.Get("/admin/accounts?role=king").Must(http.StatusOK)
}

// TestNoPageOfAdministrationShowsACase plants a name and looks for it.
func TestNoPageOfAdministrationShowsACase(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Nominal(t, s.East, "Zebedee-Canary", "Qqq", clock.NewDate(1990, 2, 3))
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	for _, path := range []string{"/admin", "/admin/accounts", "/admin/areas", "/admin/areas/" + ref.Text(s.East), "/admin/agencies"} {
		admin.Get(path).Must(http.StatusOK).Lacks("Canary")
	}
	for _, path := range []string{"/live-list", "/audit", "/nominals/1"} {
		if a := admin.Get(path); a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
			t.Errorf("an administrator gets %d at %s", a.Status, path)
		}
	}
}
