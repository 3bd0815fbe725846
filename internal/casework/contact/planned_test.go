package contact_test

import (
	"context"
	"testing"

	"iom/internal/casework/contact"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// R42, R188: a plan has a day that is to come, a kind, a purpose and an agency, and a
// joint visit is of two.
func TestWhatKeepsAContactFromBeingPlanned(t *testing.T) {
	t.Parallel()
	today := clock.NewDate(2026, 6, 1)
	good := contact.NewPlan{Day: today, Kind: contact.HomeVisit, Purpose: "Check the tag", Agency: 1}
	for _, c := range []struct {
		what, field string
		change      func(n *contact.NewPlan)
	}{
		{"R42 today is not too early", "", func(*contact.NewPlan) {}},
		{"R42 yesterday", "day", func(n *contact.NewPlan) { n.Day = clock.NewDate(2026, 5, 31) }},
		{"R42 no day", "day", func(n *contact.NewPlan) { n.Day = clock.Date{} }},
		{"R42 in two years", "day", func(n *contact.NewPlan) { n.Day = clock.NewDate(2028, 6, 1) }},
		{"R42 nobody plans a call to the police", "kind", func(n *contact.NewPlan) { n.Kind = contact.CallToPolice }},
		{"R42 no purpose", "purpose", func(n *contact.NewPlan) { n.Purpose = " " }},
		{"R42 no agency", "owner", func(n *contact.NewPlan) { n.Agency = 0 }},
		{"R188 jointly with itself", "joint_agency", func(n *contact.NewPlan) { n.JointAgency = 1 }},
	} {
		n := good
		c.change(&n)
		got := contact.CheckPlan(n, today)
		if c.field == "" && len(got) != 0 || c.field != "" && (len(got) != 1 || got[0].Field != c.field) {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// R42, R44: logging the contact is enough to show that the plan was kept, by either
// agency of a joint visit (R188); another kind or day keeps no plan, one contact keeps
// one plan, and what was entered in error keeps none.
func TestALoggedContactKeepsItsPlan(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	ctx := t.Context()
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	today := clock.Today(s.Clock)
	police := s.As(authz.Police, s.East)
	plan := contact.NewPlan{Nominal: n, Day: today, Kind: contact.HomeVisit, Purpose: "Check the tag", Agency: s.Probation, JointAgency: s.Police}
	id, err := contact.Plan(ctx, s.DB, police, plan)
	must(t, err)
	_, err = contact.Plan(ctx, s.DB, police, plan)
	must(t, err)
	planned := func() []contact.Planned {
		t.Helper()
		all, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]contact.Planned, error) {
			return contact.PlannedFor(ctx, q, []ref.NominalID{n}, today, today)
		})
		must(t, err)
		return all
	}
	logged := contact.New{Nominal: n, Kind: contact.OfficeVisit, HeldOn: today, Outcome: contact.Attended, Agency: s.Police, Log: "Came", Source: "officer"}
	_, err = contact.Log(ctx, s.DB, s.As(authz.Police, s.East), logged)
	must(t, err)
	if p := planned(); len(p) != 2 || !p[0].Stands() || !p[1].Stands() {
		t.Fatalf("an office visit kept the plan of a home visit: %+v", p)
	}
	logged.Kind, logged.Outcome = contact.HomeVisit, contact.NotSeen
	visit, err := contact.Log(ctx, s.DB, s.As(authz.Police, s.East), logged)
	must(t, err)
	if p := planned(); p[0].ID != id || p[0].Outcome != contact.NotSeen || !p[1].Stands() {
		t.Fatalf("the first plan of the day is kept by the visit of its second agency, the other waits: %+v", p)
	}
	must(t, contact.Correct(ctx, s.DB, s.As(authz.Police, s.East), n, visit, "Another address"))
	if p := planned(); !p[0].Stands() {
		t.Errorf("a visit that was entered in error still keeps the plan: %+v", p[0])
	}
	must(t, contact.CallOff(ctx, s.DB, s.As(authz.Police, s.East), n, id, "In hospital"))
	if p := planned(); p[0].CalledOff != "In hospital" {
		t.Errorf("called off: %+v", p[0])
	}
	if err := contact.CallOff(ctx, s.DB, s.As(authz.Police, s.East), n, id, "Again"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("called off twice: %v", err)
	}
	if _, err := contact.Plan(ctx, s.DB, s.As(authz.Chair, s.East), plan); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a chair, who records no contacts, plans one: %v", err)
	}
	if _, err := contact.Plan(ctx, s.DB, s.As(authz.Police, s.South), plan); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another area plans a contact: %v", err)
	}
}

// R42: who is named to see the person works for the agency in the area, in a role that
// logs contacts; the problem is at the owner.
func TestWhoIsNamedToSeeThePerson(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	id := func(r authz.Role, at ref.AreaID) ref.AccountID { return ref.AccountID(s.Account(r, at).Account) }
	for _, c := range []struct {
		what   string
		owner  ref.AccountID
		agency ref.AgencyID
		ok     bool
	}{
		{"R42 nobody yet", 0, s.Police, true},
		{"R42 an officer of the area", id(authz.Police, s.East), s.Police, true},
		{"R42 the co-ordinator", id(authz.Coordinator, s.East), s.Police, true},
		{"R42 of another agency", id(authz.Police, s.East), s.Probation, false},
		{"R42 of another area", id(authz.Police, s.South), s.Police, false},
		{"R42 a chair logs no contacts", id(authz.Chair, s.East), s.Police, false},
		{"R42 a guest", id(authz.Guest, s.East), s.Police, false},
		{"R42 an agency that there is not", 0, 9999, false},
	} {
		_, err := contact.Plan(t.Context(), s.DB, s.As(authz.Police, s.East), contact.NewPlan{Nominal: n, Day: clock.Today(s.Clock), Kind: contact.HomeVisit,
			Purpose: "Check the tag", Agency: c.agency, Owner: c.owner})
		if wrong := fault.ProblemsOf(err); c.ok && err != nil || !c.ok && (len(wrong) != 1 || wrong[0].Field != "owner") {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// R42: a contact that is logged for a plan keeps that plan and no other, whatever the
// day and the kind turned out to be; another person's plan it cannot keep, and what was
// called off meanwhile does not hinder the log.
func TestAContactIsLoggedForItsPlan(t *testing.T) {
	t.Parallel()
	s := fixture.New(t) // 1 June 2026
	ctx := t.Context()
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Beech", "Bo", rag.Red)
	police := func() db.Submission { return s.As(authz.Police, s.East) }
	plan := func(of ref.NominalID, day clock.Date) ref.PlannedID {
		t.Helper()
		id, err := contact.Plan(ctx, s.DB, police(), contact.NewPlan{Nominal: of, Day: day, Kind: contact.HomeVisit, Purpose: "Check the tag", Agency: s.Police})
		must(t, err)
		return id
	}
	day := clock.NewDate(2026, 6, 2)
	first, second, theirs := plan(n, day), plan(n, day), plan(other, day)
	s.Clock.Set(clock.NewDate(2026, 6, 3).At(9, 0))
	log := func(of ref.PlannedID, on clock.Date, kind contact.Kind, outcome contact.Outcome) {
		t.Helper()
		_, err := contact.Log(ctx, s.DB, police(), contact.New{Nominal: n, Planned: of, Kind: kind, HeldOn: on, Outcome: outcome, Agency: s.Police, Log: "As told", Source: "officer"})
		must(t, err)
	}
	kept := func(of ref.NominalID) (all []ref.PlannedID) {
		t.Helper()
		plans, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]contact.Planned, error) {
			return contact.PlannedFor(ctx, q, []ref.NominalID{of}, day, day.AddDays(30))
		})
		must(t, err)
		for _, p := range plans {
			if p.Outcome != "" {
				all = append(all, p.ID)
			}
			if p.NotLogged(clock.NewDate(2026, 6, 3)) != (p.Stands() && p.Day == day) {
				t.Errorf("R42 %+v: not logged %t", p, p.NotLogged(clock.NewDate(2026, 6, 3)))
			}
		}
		return all
	}
	log(second, clock.NewDate(2026, 6, 3), contact.OfficeVisit, contact.Attended)
	if got := kept(n); len(got) != 1 || got[0] != second {
		t.Errorf("R42 kept %v, want the second plan, %d", got, second)
	}
	log(theirs, day, contact.Supervision, contact.Attended)
	if got := kept(other); len(got) != 0 {
		t.Errorf("R42 another person's plan was kept: %v", got)
	}
	log(second, day, contact.HomeVisit, contact.Seen) // which is kept already: the day and the kind are those of the first
	if got := kept(n); len(got) != 2 {
		t.Errorf("R42 kept %v, want %d and %d", got, first, second)
	}
	off := plan(n, clock.NewDate(2026, 6, 9))
	must(t, contact.CallOff(ctx, s.DB, police(), n, off, "In hospital"))
	log(off, clock.NewDate(2026, 6, 3), contact.HomeVisit, contact.Seen)
	if got := kept(n); len(got) != 2 {
		t.Errorf("R42 what was called off was kept: %v", got)
	}
	if err := contact.CallOff(ctx, s.DB, police(), other, first, "No"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a plan called off from another person's page: %v", err)
	}
	if err := contact.CallOff(ctx, s.DB, police(), other, theirs, " "); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "reason" {
		t.Errorf("called off without a reason: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
