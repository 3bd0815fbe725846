package homepage_test

import (
	"strings"
	"testing"

	"iom/internal/casework/action"
	"iom/internal/casework/custody"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

// TestHomeBeforeAnythingHappens: each role has a start.
func TestHomeBeforeAnythingHappens(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for role, want := range map[authz.Role]string{
		authz.Coordinator: "Nothing needs you today", authz.Chair: "Nothing needs you today", authz.Police: "Nothing needs you today",
		authz.Probation: "Nothing needs you today", authz.Partner: "Nothing needs you today", authz.Guest: "Nothing needs you today",
		authz.Analyst: "sees nobody’s case", authz.Auditor: "Read the audit log", authz.Administrator: "Accounts, areas and agencies",
	} {
		s.As(t, s.Account(role, s.East)).Get("/").Must(200).Has("What needs your attention", "1 June 2026", want)
	}
}

// TestHomeNamesTheWork: one thing of each kind, for those whose work it is.
func TestHomeNamesTheWork(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	ann, _ := s.Registered(t, s.East, "Atkins", "Ann", rag.Prison)
	wanted, _ := s.Registered(t, s.East, "Carter", "Cy", rag.Red)
	draft := s.Nominal(t, s.East, "Draft", "Di", clock.NewDate(1990, 1, 1))
	s.Referred(t, s.East, draft, clock.NewDate(1990, 1, 1))
	ctx, by, police := t.Context(), s.Scheme.As(authz.Coordinator, s.East), s.Scheme.As(authz.Police, s.East)
	star := s.Account(authz.Partner, s.East)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(action.Add(ctx, s.DB, by, action.New{Nominal: joe, Text: "Start a script", Pathway: "health", Agency: s.Star, Account: ref.AccountID(star.Account), DueOn: clock.NewDate(2026, 6, 5)}))
	must(action.Add(ctx, s.DB, by, action.New{Nominal: joe, Text: "Group work", Pathway: "health", Agency: s.Star, DueOn: clock.NewDate(2026, 6, 25)}))
	must(custody.Receive(ctx, s.DB, by, custody.New{Nominal: ann, ReceivedOn: clock.NewDate(2026, 5, 1), Prison: "LWI", Why: custody.OnSentence,
		Expected: clock.NewDate(2026, 7, 20), NotifiedBy: "Prison", Source: "prison"}))
	must(sentence.RecordStatus(ctx, s.DB, by, sentence.NewStatus{Nominal: joe, Standing: sentence.Licence, From: clock.NewDate(2026, 1, 1), Ends: clock.NewDate(2026, 6, 30), Source: "probation"}))
	must(review.RateBetween(ctx, s.DB, police, review.Between{Nominal: wanted, Rating: rag.RedAlert, Reason: "Failed to answer bail", Alert: []ref.AgencyID{s.Star}, Message: "Do not approach"}))
	s.Clock.Set(clock.NewDate(2026, 6, 14).At(9, 0))

	as := func(role authz.Role) *webtest.Answer { return s.As(t, s.Account(role, s.East)).Get("/").Must(200) }
	as(authz.Partner).Has("Wanted alerts for your agency (1)", "Cy Carter", "Do not approach", "Start a script", "9 days overdue", "nobody named (1)", "Group work").
		Lacks("Draft", "ratify", "checklist")
	as(authz.Coordinator).Has("Home visits late or due within three days (1)", "Bloggs, Joe", "due 15 Jun 2026", "Ratings to ratify at the next meeting (1)", "Carter, Cy",
		"Releases within 12 weeks (1)", "20 Jul 2026, in 5 weeks", "Licences and orders that end within 28 days (1)", "ends 30 Jun 2026",
		"wait for a decision (1)", "Draft, Di", "lines missing (3)", "4 of 5 lines missing").Lacks("Do not approach")
	as(authz.Probation).Has("Releases within 12 weeks (1)", "Atkins, Ann", "lines missing (3)").Lacks("ratify", "Draft")
	for _, other := range []authz.Actor{s.Account(authz.Coordinator, s.North), s.Account(authz.Guest, s.East), s.Account(authz.Administrator, s.Force)} {
		s.As(t, other).Get("/").Must(200).Lacks("Bloggs", "Atkins", "Carter", "Draft")
	}
	for _, link := range as(authz.Coordinator).Links() {
		if answer := s.As(t, s.Account(authz.Coordinator, s.East)).Get(link); link[0] == '/' && answer.Status != 200 {
			t.Errorf("%s leads to %d", link, answer.Status)
		}
	}
}

// What is late comes first with its count, and each count agrees with the list that
// it leads to: the co-ordinator's with the area's, a lead worker's with their own.
func TestCountsAgreeWithTheirLists(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	by, lead := s.Scheme.As(authz.Coordinator, s.East), s.Account(authz.Probation, s.East)
	names := []string{"Alder", "Beech", "Cedar", "Damson", "Elm", "Fir", "Gorse"}
	for i, name := range names {
		of, _ := s.Registered(t, s.East, name, "Al", rag.Red) // on 1 June 2026
		if i == 6 {                                           // the others are led by the probation officer
			if _, err := registration.ChangeLead(t.Context(), s.DB, by, registration.NewLead{Nominal: of, FromOn: clock.NewDate(2026, 6, 1), Reason: "Allocated",
				Lead: registration.Lead{Account: ref.AccountID(s.Account(authz.Police, s.East).Account), Capacity: registration.PoliceOfficer}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := action.Add(t.Context(), s.DB, by, action.New{Nominal: of, Text: "Ring the landlord", Pathway: "accommodation", Agency: s.Star, DueOn: clock.NewDate(2026, 6, 3+i)}); err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Set(clock.NewDate(2026, 6, 10).At(9, 0))
	coordinator, worker := s.As(t, s.Account(authz.Coordinator, s.East)), s.As(t, lead)
	// By hand: a weekly visit (R42) was due by 8 June; the actions were due on 3 to 9 June.
	coordinator.Get("/").Must(200).Has("7 actions overdue", "7 home visits late", "Home visits late or due within three days (7)", "Overdue actions (7)", "7 days overdue", "2 days overdue")
	worker.Get("/").Must(200).Has("6 home visits late", "Home visits late or due within three days (6)").Lacks("Overdue actions (")
	for _, c := range []struct {
		who  *webtest.Client
		link string
		want int
	}{
		{coordinator, "/live-list?due=visit&", 7}, {coordinator, "/live-list?due=visit+soon", 7}, {coordinator, "/actions?list=open&overdue=yes", 7},
		{worker, "/live-list?due=visit&", 6}, {worker, "/live-list?due=visit+soon", 6},
	} {
		list, shown := c.who.Get(link(t, c.who.Get("/"), c.link)).Must(200).Text("main"), 0
		for _, name := range names {
			if strings.Contains(list, name+", Al") {
				shown++
			}
		}
		if shown != c.want {
			t.Errorf("%s shows %d people, the count says %d", c.link, shown, c.want)
		}
	}
	form := link(t, worker.Get("/"), "/contacts/new?kind=home+visit")
	if kind := worker.Get(form).Must(200).Form(strings.TrimSuffix(form, "?kind=home+visit")).Values.Get("kind"); kind != "home visit" {
		t.Errorf("to log the visit leads to a form for %q", kind)
	}
}

// link is the first link of the page with the part in it.
func link(t *testing.T, a *webtest.Answer, part string) string {
	t.Helper()
	for _, l := range a.Links() {
		if strings.Contains(l, part) {
			return l
		}
	}
	t.Fatalf("no link with %s", part)
	return ""
}
