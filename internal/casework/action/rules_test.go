package action_test

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/action"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
)

var today = clock.NewDate(2026, 6, 1)

// TestAnActionIsAllocatedTimeBoundAndLinked: R73 asks for an agency, a day and a
// link to the plan.
func TestAnActionIsAllocatedTimeBoundAndLinked(t *testing.T) {
	t.Parallel()
	good := action.New{Nominal: 1, Text: "Find a room", Pathway: "accommodation", Agency: 2, DueOn: today.AddDays(14)}
	for name, c := range map[string]struct {
		spoil func(n *action.New)
		field string // empty: nothing is wrong
	}{
		"complete":             {func(*action.New) {}, ""},
		"due today":            {func(n *action.New) { n.DueOn = today }, ""},
		"nobody named":         {func(n *action.New) { n.Account = 0 }, ""},
		"objective, no path":   {func(n *action.New) { n.Pathway, n.Objective = "", 9 }, ""},
		"no text":              {func(n *action.New) { n.Text = "" }, "text"},
		"no agency":            {func(n *action.New) { n.Agency = 0 }, "agency"},
		"no pathway":           {func(n *action.New) { n.Pathway = "" }, "pathway"},
		"pathway made up":      {func(n *action.New) { n.Pathway = "housing" }, "pathway"},
		"no day":               {func(n *action.New) { n.DueOn = clock.Date{} }, "due"},
		"due yesterday":        {func(n *action.New) { n.DueOn = clock.NewDate(2026, 5, 31) }, "due"},
		"due in three years":   {func(n *action.New) { n.DueOn = clock.NewDate(2029, 6, 1) }, ""},
		"due in another life":  {func(n *action.New) { n.DueOn = clock.NewDate(2062, 6, 1) }, "due"},
		"due in over 3 years":  {func(n *action.New) { n.DueOn = clock.NewDate(2029, 6, 2) }, "due"},
		"a health need's path": {func(n *action.New) { n.Pathway = "drugs and alcohol" }, ""},
	} {
		n := good
		c.spoil(&n)
		wrong := action.CheckNew(n, today)
		if c.field == "" && len(wrong) > 0 || c.field != "" && (len(wrong) != 1 || wrong[0].Field != c.field) {
			t.Errorf("%s: %+v, want a problem of %q", name, wrong, c.field)
		}
	}
}

func TestAChangeSaysWhy(t *testing.T) {
	t.Parallel()
	later := today.AddDays(28)
	for _, c := range []struct {
		change action.Change
		field  string
	}{
		{action.Change{Kind: action.KindProgress, Text: "Rang"}, ""},
		{action.Change{Kind: action.KindProgress}, "note"},
		{action.Change{Kind: action.KindPropose}, "note"},
		{action.Change{Kind: action.KindEnd}, "note"},
		{action.Change{Kind: action.KindCarry, DueOn: later}, "note"},
		{action.Change{Kind: action.KindCarry, Text: "No room yet"}, "due"},
		{action.Change{Kind: action.KindCarry, Text: "No room yet", DueOn: today.AddDays(-1)}, "due"},
		{action.Change{Kind: action.KindCarry, Text: "No room yet", DueOn: later}, ""},
		{action.Change{Kind: action.KindAssign, Account: 4}, ""},
		{action.Change{Kind: "forget", Text: "It"}, "what"},
		{action.Change{Kind: "set", Text: "A history of its own"}, "what"},
	} {
		wrong := action.CheckChange(c.change, today)
		if c.field == "" && len(wrong) > 0 || c.field != "" && (len(wrong) != 1 || wrong[0].Field != c.field) {
			t.Errorf("%+v: %+v, want a problem of %q", c.change, wrong, c.field)
		}
	}
}

func TestWhatCannotBeDoneToAnAction(t *testing.T) {
	t.Parallel()
	done := today.Start()
	open := action.Action{ID: 1, Agency: 2, Account: 3, DueOn: today.AddDays(7)}
	proposed, ended := open, open
	proposed.DischargeProposed, ended.DischargedAt = true, &done
	for name, c := range map[string]struct {
		a       action.Action
		change  action.Change
		refused bool
	}{
		"progress":                  {open, action.Change{Kind: action.KindProgress}, false},
		"progress after the end":    {ended, action.Change{Kind: action.KindProgress}, true},
		"discharged twice":          {ended, action.Change{Kind: action.KindEnd}, true},
		"proposed twice":            {proposed, action.Change{Kind: action.KindPropose}, true},
		"discharged as proposed":    {proposed, action.Change{Kind: action.KindEnd}, false},
		"carried to the same day":   {open, action.Change{Kind: action.KindCarry, DueOn: today.AddDays(7)}, true},
		"carried a day":             {open, action.Change{Kind: action.KindCarry, DueOn: today.AddDays(8)}, false},
		"assigned to the same":      {open, action.Change{Kind: action.KindAssign, Account: 3}, true},
		"assigned within":           {open, action.Change{Kind: action.KindAssign, Account: 4}, false},
		"assigned to nobody":        {open, action.Change{Kind: action.KindAssign}, false},
		"same person, other agency": {open, action.Change{Kind: action.KindAssign, Agency: 5, Account: 3}, false},
	} {
		if got := action.MayChange(c.a, c.change) != nil; got != c.refused {
			t.Errorf("%s: refused %v, want %v", name, got, c.refused)
		}
	}
}

func TestOverdueIsAfterTheDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(-400, 400).Draw(t, "days")
		a := action.Action{DueOn: today}
		if got, want := a.Overdue(today.AddDays(days)), days > 0; got != want {
			t.Fatalf("%d days after the due date: overdue %v", days, got)
		}
		at := today.Start()
		a.DischargedAt = &at
		if a.Overdue(today.AddDays(days)) {
			t.Fatal("a discharged action is overdue")
		}
	})
}

// TestWhoMayDoWhatToAnAction is written by hand from docs/permissions.md: area 10
// is the record's; the action is with agency 1.
func TestWhoMayDoWhatToAnAction(t *testing.T) {
	t.Parallel()
	a := action.Action{Area: 10, Agency: 1}
	yes := map[authz.Role]string{ // progress, propose, assign within, assign away, carry, end; set for own, set for another
		authz.Coordinator: "yyyyyyyy", authz.Chair: "yyyyyyyy",
		authz.Police: "yyynnnyn", authz.Probation: "yyynnnyn", authz.Partner: "yyynnnyn",
		authz.Guest: "nnnnnnnn", authz.Analyst: "nnnnnnnn", authz.Auditor: "nnnnnnnn", authz.Administrator: "nnnnnnnn",
	}
	changes := []action.Change{{Kind: action.KindProgress}, {Kind: action.KindPropose}, {Kind: action.KindAssign, Account: 7},
		{Kind: action.KindAssign, Agency: 2, Account: 7}, {Kind: action.KindCarry}, {Kind: action.KindEnd}}
	for role, want := range yes {
		own := authz.Actor{Grants: []authz.Grant{{Role: role, Agency: 1, Areas: []int64{10}}}}
		elsewhere := authz.Actor{Grants: []authz.Grant{{Role: role, Agency: 1, Areas: []int64{11}}}}
		other := authz.Actor{Grants: []authz.Grant{{Role: role, Agency: 2, Areas: []int64{10}}}}
		got := ""
		for _, c := range changes {
			got += yn(action.Allowed(own, a, c))
			if action.Allowed(elsewhere, a, c) {
				t.Errorf("%s of another area: %s allowed", role, c.Kind)
			}
			if central := role == authz.Coordinator || role == authz.Chair; action.Allowed(other, a, c) != central {
				t.Errorf("%s of another agency: %s is %v", role, c.Kind, !central)
			}
		}
		got += yn(action.MaySet(own, 10, 1)) + yn(action.MaySet(own, 10, 2))
		if got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
	// An agency of one's own in another area gives nothing here.
	two := authz.Actor{Grants: []authz.Grant{{Role: authz.Partner, Agency: 1, Areas: []int64{11}}, {Role: authz.Partner, Agency: 2, Areas: []int64{10}}}}
	if action.MaySet(two, 10, 1) || action.Allowed(two, a, changes[0]) {
		t.Error("an agency held in another area counts here")
	}
}

func yn(yes bool) string {
	if yes {
		return "y"
	}
	return "n"
}
