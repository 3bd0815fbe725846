package area_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func tree(t *testing.T, s *fixture.Scheme) []area.Area {
	t.Helper()
	all, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) ([]area.Area, error) { return area.Tree(ctx, q) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Force, area and hub (R183).
func TestTheTreeIsInOrder(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	var lines []string
	for _, a := range tree(t, s) {
		line := strings.Repeat("-", a.Depth) + a.Path
		if a.Leaf {
			line += " (leaf)"
		}
		lines = append(lines, line)
	}
	want := []string{"Sussex", "-Brighton & Hove (leaf)", "-East Sussex (leaf)", "-West Sussex", "--West Sussex > North (leaf)", "--West Sussex > South (leaf)"}
	if !slices.Equal(lines, want) {
		t.Errorf("the tree is\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	leaves := func(under ref.AreaID) (names []string) {
		for _, a := range area.Leaves(tree(t, s), under) {
			names = append(names, a.Name)
		}
		return names
	}
	if got := leaves(s.West); !slices.Equal(got, []string{"North", "South"}) {
		t.Errorf("under West Sussex: %v", got)
	}
	if got := leaves(s.East); !slices.Equal(got, []string{"East Sussex"}) {
		t.Errorf("a leaf is under itself: %v", got)
	}
	if got := leaves(999); len(got) != 0 {
		t.Errorf("under no area: %v", got)
	}
}

func TestAreasThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	s.Nominal(t, s.East, "Bloggs", "Joe", clock.NewDate(1990, 2, 3))
	for name, c := range map[string]struct {
		by    authz.Role
		at    ref.AreaID
		n     area.New
		kind  fault.Kind
		field string
	}{
		"a second force":          {authz.Administrator, s.Force, area.New{Kind: area.Force, Name: "Kent"}, fault.Invalid, "kind"},
		"an area without a force": {authz.Administrator, s.Force, area.New{Kind: area.Plain, Name: "Kent"}, fault.Invalid, "parent"},
		"an area under a hub":     {authz.Administrator, s.Force, area.New{Parent: s.North, Kind: area.Plain, Name: "Crawley"}, fault.Invalid, "kind"},
		"a name twice":            {authz.Administrator, s.Force, area.New{Parent: s.West, Kind: area.Hub, Name: "north"}, fault.Invalid, "name"},
		"no name":                 {authz.Administrator, s.Force, area.New{Parent: s.West, Kind: area.Hub, Name: " "}, fault.Invalid, "name"},
		"under one with cases":    {authz.Administrator, s.Force, area.New{Parent: s.East, Kind: area.Hub, Name: "Hastings"}, fault.Invalid, "parent"},
		"elsewhere":               {authz.Administrator, s.East, area.New{Parent: s.West, Kind: area.Hub, Name: "Mid"}, fault.Forbidden, ""},
		"by a co-ordinator":       {authz.Coordinator, s.Force, area.New{Parent: s.West, Kind: area.Hub, Name: "Mid"}, fault.Forbidden, ""},
	} {
		_, err := area.Add(t.Context(), s.DB, s.As(c.by, c.at), c.n)
		if fault.KindOf(err) != c.kind || c.kind == fault.Invalid && fault.ProblemsOf(err)[0].Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	id, err := area.Add(t.Context(), s.DB, s.As(authz.Administrator, s.West), area.New{Parent: s.West, Kind: area.Hub, Name: " Mid "})
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := area.Find(tree(t, s), id); !ok || a.Path != "West Sussex > Mid" {
		t.Errorf("the new hub is %+v", a)
	}
	// A grant at West Sussex covers it from now on.
	if !s.Account(authz.Coordinator, s.West).MayIn(authz.RunMeetings, int64(id)) {
		t.Error("the co-ordinator of West Sussex has nothing in its new hub")
	}
}

func TestTheNearestChoiceHolds(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	days := func(at ref.AreaID) int {
		n, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) (int, error) {
			return area.Number(ctx, q, at, area.AmberVisitDays)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	choose := func(by, at ref.AreaID, value string) error {
		_, err := area.Choose(t.Context(), s.DB, s.As(authz.Administrator, by), at, map[area.Key]string{area.AmberVisitDays: value})
		return err
	}
	if days(s.North) != 14 {
		t.Errorf("by default AMBER has %d days (R45)", days(s.North))
	}
	for _, c := range []struct {
		at    ref.AreaID
		value string
	}{{s.Force, "21"}, {s.West, "7"}, {s.Force, "28"}, {s.South, "10"}} {
		if err := choose(s.Force, c.at, c.value); err != nil {
			t.Fatal(err)
		}
	}
	if e, n, so := days(s.East), days(s.North), days(s.South); e != 28 || n != 7 || so != 10 {
		t.Errorf("East has %d, North %d, South %d; want 28, 7 and 10", e, n, so)
	}
	for _, value := range []string{"6", "29", "", "ten", "014", "7.5"} {
		if err := choose(s.Force, s.East, value); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "amber_visit_days" {
			t.Errorf("%q days: %v", value, err)
		}
	}
	if err := choose(s.East, s.West, "9"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("another's area: %v", err)
	}
	if err := choose(s.Force, s.South, "10"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("what holds already: %v", err)
	}
	held, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) ([]area.Held, error) { return area.HeldIn(ctx, q, s.North) })
	if err != nil || len(held) != len(area.Settings) || held[0].Value != "7" || held[0].In != "West Sussex" || held[1].Value != "working" || held[1].Area != 0 {
		t.Errorf("in North holds %+v, %v", held, err)
	}
}

// A scheme starts with the seven groups that the form prints (R24); each area adds
// its own and ends those that it does not use (R25).
func TestPriorityGroupsHoldBelowAndEnd(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	admin := s.As(authz.Administrator, s.Force)
	names := func(at ref.AreaID) []string {
		groups, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) ([]area.Group, error) { return area.PriorityGroups(ctx, q, at) })
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, g := range groups {
			all = append(all, g.Short)
		}
		return all
	}
	printed := []string{"CSE", "CT", "DV", "Gangs", "MAPPA 1", "SAC", "SOC"} // R24
	if got := names(s.North); !slices.Equal(got, printed) {
		t.Errorf("the groups of the form are %v", got)
	}
	id, err := area.AddPriorityGroup(t.Context(), s.DB, admin, s.West, "County Lines", "CL")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names(s.North), "CL") || slices.Contains(names(s.East), "CL") {
		t.Error("a group of West Sussex holds in the wrong areas")
	}
	for _, c := range [][3]string{{"", "X", "name"}, {"Gangs", "G", "name"}, {"Other", "cl", "short"}, {"Other", "", "short"}, {"Other", "ThirteenChars", "short"}} {
		if _, err := area.AddPriorityGroup(t.Context(), s.DB, admin, s.North, c[0], c[1]); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != c[2] {
			t.Errorf("group %q, %q: %v", c[0], c[1], err)
		}
	}
	if err := area.EndPriorityGroup(t.Context(), s.DB, s.As(authz.Administrator, s.East), id); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("ended from another area: %v", err)
	}
	if err := area.EndPriorityGroup(t.Context(), s.DB, admin, id); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names(s.North), "CL") {
		t.Error("a group is gone on its last day")
	}
	s.Clock.Set(clock.NewDate(2026, 6, 2).At(0, 0))
	if slices.Contains(names(s.North), "CL") {
		t.Error("a group is there after its last day")
	}
	if err := area.EndPriorityGroup(t.Context(), s.DB, admin, id); fault.KindOf(err) != fault.Stale {
		t.Errorf("ended twice: %v", err)
	}
}
