package actionpage_test

import (
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/action"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

func newAction(t *testing.T, s *webtest.Site, of ref.NominalID, text string, due clock.Date) string {
	t.Helper()
	id, err := action.Add(t.Context(), s.DB, s.Scheme.As(authz.Coordinator, s.East),
		action.New{Nominal: of, Text: text, Pathway: "accommodation", Agency: s.Star, DueOn: due})
	if err != nil {
		t.Fatal(err)
	}
	return ref.Text(id)
}

func filled(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// TestAPlanFromNothing sets an objective and an action for it, and finds both.
func TestAPlanFromNothing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	at := "/nominals/" + ref.Text(id)
	c.Get(at+"/plan").Must(200).Has("no objective and no open action", "Plan and actions")

	a := c.Submit(at+"/objectives/new", at+"/objectives/new", filled("text", "A tenancy of his own"))
	a.Must(422).Has("Choose the pathway", "Enter how one will know", "A tenancy of his own")
	a = c.Submit(at+"/objectives/new", at+"/objectives/new", filled("text", "A tenancy of his own", "pathway", "accommodation", "measure", "Agreement signed"))
	a.Must(303)
	c.Follow(a).Must(200).Has("Objective added", "A tenancy of his own", "How one will know: Agreement signed", "No open action serves this objective yet")

	objective := ""
	for _, link := range c.Get(at + "/plan").Links() {
		if _, rest, ok := strings.Cut(link, "?objective="); ok {
			objective = rest
		}
	}
	from := at + "/actions/new?objective=" + objective
	if got := c.Get(from).Must(200).Form(at + "/actions/new").Values.Get("objective"); got != objective || got == "" {
		t.Errorf("the objective is not chosen: %q, want %q", got, objective)
	}
	owner := ref.Text(s.Star) + "-0"
	a = c.Submit(from, at+"/actions/new", filled("text", "View a room", "owner", owner, "due", "31/2/2026"))
	a.Must(422).Has("Due date must be a real date", "View a room")
	if got := a.Form(at + "/actions/new").Values.Get("due"); got != "31/2/2026" {
		t.Errorf("what was typed is lost: %q", got)
	}
	a = c.Submit(from, at+"/actions/new", filled("text", "View a room", "owner", owner, "due", "1/5/2026"))
	a.Must(422).Has("Due date must be today or later")
	a = c.Submit(from, at+"/actions/new", filled("text", "View a room", "owner", owner, "due", "15/6/2026"))
	a.Must(303)
	c.Follow(a).Has("Action set", "View a room", "Accommodation", "STAR Drug and Alcohol Service", "Nobody named yet", "15 Jun 2026")
}

// TestSeveralActionsAtOnce from the list: nothing is done while one of them cannot be.
func TestSeveralActionsAtOnce(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	for _, text := range []string{"Ring the landlord", "View a room", "Fill in the form"} {
		newAction(t, s, id, text, clock.NewDate(2026, 6, 3))
	}
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	list := "/actions?list=open"
	p := c.Get(list).Must(200).Has("Ring the landlord", "Bloggs, Joe", "Due in 2 days", "All open 3")
	var picks []string
	for _, n := range p.All("input") {
		if webtest.Attr(n, "name") == "action" {
			picks = append(picks, webtest.Attr(n, "value"))
		}
	}
	if len(picks) != 3 {
		t.Fatalf("boxes to tick: %v", picks)
	}
	c.Submit(list, list, filled("what", "progress", "note", "Rang")).Must(422).Has("Choose at least one action")
	a := c.Submit(list, list, filled("what", "progress", "action", picks[0]))
	a.Must(422).Has("Enter what has been done")
	if got := a.Form(list).Values["action"]; len(got) != 1 || got[0] != picks[0] {
		t.Errorf("what was ticked is lost: %v", got)
	}
	stale := c.Get(list).Form(list)
	c.Submit(list, list, filled("what", "discharged", "note", "Done", "action", picks[1])).Must(303)
	stale.Values["action"], stale.Values["what"], stale.Values["note"] = picks[1:], []string{"progress"}, []string{"Talked"}
	a = c.Do("POST", stale.Action, stale.Values, nil)
	a.Must(422).Has("View a room")
	a = c.Submit(list, list, filled("what", "carried over", "note", "No room yet", "due", "1/7/2026", "action", picks[0], "action", picks[2]))
	a.Must(303)
	c.Follow(a).Has("2 actions carried over", "1 Jul 2026", "carried over once", "All open 2")
	c.Get("/actions?list=done").Must(200).Has("View a room")
}

// TestOneActionStale: what somebody else did is shown, what was typed is kept.
func TestOneActionStale(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	at := "/actions/" + newAction(t, s, id, "Ring the landlord", clock.NewDate(2026, 6, 3))
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	star := s.As(t, s.Account(authz.Partner, s.East))
	open := c.Get(at).Must(200).Has("Ring the landlord", "What happened").Form(at)
	star.Submit(at, at, filled("what", "progress", "note", "Left a message")).Must(303)
	open.Values["what"], open.Values["note"] = []string{"discharged"}, []string{"He rang himself"}
	a := c.Do("POST", at, open.Values, nil)
	a.Must(409).Has("Somebody else has changed this action", "Left a message", "He rang himself")
	if again := a.Form(at).Values; again.Get("note") != "He rang himself" || again.Get("what") != "discharged" || again.Get("_version") != "2" {
		t.Errorf("the form comes back as %v", again)
	}
	c.Do("POST", at, a.Form(at).Values, nil).Must(303)
	if p := c.Get(at).Has("Discharged", "He rang himself", "Left a message"); p.HasForm(at) {
		t.Error("a discharged action can still be changed")
	}
}

// TestWhatAPartnerMayDo: their own agency's actions, and no discharge.
func TestWhatAPartnerMayDo(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	at := "/actions/" + newAction(t, s, id, "Ring the landlord", clock.NewDate(2026, 6, 3))
	star := s.As(t, s.Account(authz.Partner, s.East))
	star.Get(at).Must(200).Has("Propose discharge").Lacks(`value="discharged"`, `value="carried over"`, "Sussex Police: nobody")
	form := star.Get(at).Form(at)
	form.Values["what"], form.Values["note"] = []string{"discharged"}, []string{"Mine"}
	star.Do("POST", at, form.Values, nil).Must(422)

	probation := s.As(t, s.Account(authz.Probation, s.East))
	if probation.Get(at).Must(200).HasForm(at) {
		t.Error("another agency is offered to change the action")
	}
	probation.Do("POST", at, filled("_csrf", probation.Get("/actions").Form("/sign-out").Values.Get("_csrf"), "_version", "1", "what", "progress", "note", "x"), nil).Must(403)
	s.As(t, s.Account(authz.Coordinator, s.North)).Get(at).Must(404)
	s.As(t, s.Account(authz.Coordinator, s.North)).Get("/nominals/" + ref.Text(id) + "/plan").Must(404)
	s.As(t, s.Account(authz.Administrator, s.Force)).Get("/actions").Must(403)
}
