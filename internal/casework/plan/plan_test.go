package plan_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/fixture"
	"iom/internal/casework/need"
	"iom/internal/casework/plan"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var stay = plan.New{Pathway: string(need.Accommodation), Text: "A room of his own", Measure: "A tenancy held for three months"}

// TestAnObjectiveIsClearMeasurableAndForANeed: R76.
func TestAnObjectiveIsClearMeasurableAndForANeed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*plan.New)
		want   string // the field; empty: nothing is wrong
	}{
		"clear, measurable, for a need": {func(*plan.New) {}, ""},
		"for the last of the pathways":  {func(n *plan.New) { n.Pathway = "other" }, ""},
		"not said what is to change":    {func(n *plan.New) { n.Text = "" }, "text"},
		"white space is not said":       {func(n *plan.New) { n.Text = " \n\t" }, "text"},
		"not said how one will know":    {func(n *plan.New) { n.Measure = "" }, "measure"},
		"white space measures nothing":  {func(n *plan.New) { n.Measure = " " }, "measure"},
		"for no need":                   {func(n *plan.New) { n.Pathway = "" }, "pathway"},
		"for a need of our own":         {func(n *plan.New) { n.Pathway = "sport" }, "pathway"},
		"a level is not a pathway":      {func(n *plan.New) { n.Pathway = string(need.Red) }, "pathway"},
	} {
		n := stay
		c.change(&n)
		wrong := plan.Check(n)
		if c.want == "" && len(wrong) > 0 || c.want != "" && (len(wrong) != 1 || wrong[0].Field != c.want || wrong[0].Rule != "R76") {
			t.Errorf("%s: %+v", name, wrong)
		}
	}
}

// Everything that is missing is said at once, each at its field.
func TestEverythingMissingIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, want := stay, []string{}
		for _, part := range []struct {
			field string
			blank *string
		}{{"pathway", &n.Pathway}, {"text", &n.Text}, {"measure", &n.Measure}} {
			if rapid.Bool().Draw(t, part.field) {
				*part.blank = rapid.StringMatching(`[ \t\n]{0,3}`).Draw(t, "blank")
				want = append(want, part.field)
			}
		}
		got := []string{}
		for _, p := range plan.Check(n) {
			got = append(got, p.Field)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: problems at %v, want %v", n, got, want)
		}
	})
}

func add(t *testing.T, s *fixture.Scheme, as db.Submission, n plan.New) (ref.ObjectiveID, error) {
	t.Helper()
	return plan.Add(t.Context(), s.DB, as, n)
}

func current(t *testing.T, s *fixture.Scheme, actor authz.Actor, of ref.NominalID) []plan.Objective {
	t.Helper()
	all, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]plan.Objective, error) { return plan.CurrentOf(ctx, q, of) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestThePlanOfARegistration: R76. The plan holds what was added, in that order,
// with who added it; refused is what is not clear.
func TestThePlanOfARegistration(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	first, second := stay, plan.New{Nominal: of, Pathway: string(need.Substances), Text: "On a script", Measure: "Three negative tests"}
	first.Nominal = of
	one, err := add(t, s, s.As(authz.Probation, s.East), first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add(t, s, s.As(authz.Partner, s.East), second); err != nil {
		t.Fatal(err)
	}
	vague := first
	vague.Measure = " "
	if _, err := add(t, s, s.As(authz.Probation, s.East), vague); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an objective without a measure: %v", err)
	}
	all := current(t, s, s.Account(authz.Chair, s.East), of)
	if len(all) != 2 || all[0].ID != one || all[0].Registration != reg || all[0].Text != first.Text || all[0].Measure != first.Measure ||
		all[0].Pathway != first.Pathway || all[0].By != "Robin Eastwood" || all[1].Text != second.Text || all[1].By != "Sam Eastwood" {
		t.Errorf("the plan reads %+v", all)
	}
}

// By hand from docs/permissions.md: who sets actions adds objectives.
func TestWhoAddsToAPlan(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	n := stay
	n.Nominal = of
	want := map[authz.Role]fault.Kind{authz.Coordinator: 0, authz.Chair: 0, authz.Police: 0, authz.Probation: 0, authz.Partner: 0,
		authz.Guest: fault.NotFound, authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound}
	for _, role := range authz.Roles {
		if _, err := add(t, s, s.As(role, s.East), n); fault.KindOf(err) != want[role] {
			t.Errorf("%s adds an objective: %v, want kind %d", role, err, want[role])
		}
		if _, err := add(t, s, s.As(role, s.North), n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area adds an objective: %v", role, err)
		}
	}
	if got := current(t, s, s.Account(authz.Police, s.North), of); len(got) != 0 {
		t.Errorf("another area reads %+v", got)
	}
}

// A plan belongs to one time on the scheme: nobody who is not registered has one,
// and the next registration begins with an empty one.
func TestAPlanEndsWithTheRegistration(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	n := stay
	n.Nominal = s.Nominal(t, s.East, "Reed", "Alex", fixture.Adult)
	as := s.As(authz.Probation, s.East)
	if _, err := add(t, s, as, n); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Rule != "R76" {
		t.Errorf("somebody who is not on the scheme: %v", err)
	}
	reg := s.Adopted(t, s.East, n.Nominal, fixture.Adult, rag.Green)
	if _, err := add(t, s, as, n); err != nil {
		t.Fatal(err)
	}
	d := s.Decision(t, s.East)
	_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, registration.Deregister(ctx, tx, registration.Removal{Registration: reg, Nominal: n.Nominal, Justification: "Stable", Reasons: "No offending",
			ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation, ExitPlan: "A telephone call each month", Decision: d})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add(t, s, as, n); fault.KindOf(err) != fault.Invalid {
		t.Errorf("after deregistration: %v", err)
	}
	s.Adopted(t, s.East, n.Nominal, fixture.Adult, rag.Amber)
	if all := current(t, s, s.Account(authz.Probation, s.East), n.Nominal); len(all) != 0 {
		t.Errorf("the new registration begins with %+v", all)
	}
}
