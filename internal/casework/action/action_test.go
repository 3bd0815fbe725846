package action_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/action"
	"iom/internal/casework/fixture"
	"iom/internal/casework/plan"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/testdb"
)

// bench is a scheme with one registered person in East Sussex.
type bench struct {
	*fixture.Scheme
	nominal ref.NominalID
	star    authz.Actor // partner of the substance misuse service
}

func newBench(t *testing.T) bench {
	t.Helper()
	s := fixture.New(t)
	id, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	return bench{Scheme: s, nominal: id, star: s.Account(authz.Partner, s.East)}
}

func (b bench) new(text string) action.New {
	return action.New{Nominal: b.nominal, Text: text, Pathway: "drugs and alcohol", Agency: b.Star, DueOn: clock.NewDate(2026, 6, 15)}
}

func (b bench) set(t *testing.T, text string) action.Action {
	t.Helper()
	id, err := action.Add(t.Context(), b.DB, b.As(authz.Coordinator, b.East), b.new(text))
	if err != nil {
		t.Fatal(err)
	}
	return b.get(t, id)
}

func (b bench) get(t *testing.T, id ref.ActionID) action.Action {
	t.Helper()
	a, err := fixture.Read(t, b.Scheme, b.Account(authz.Coordinator, b.East), func(ctx context.Context, q *db.ReadTx) (action.Action, error) {
		return action.Get(ctx, q, id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (b bench) history(t *testing.T, id ref.ActionID) (kinds []string) {
	t.Helper()
	all, err := fixture.Read(t, b.Scheme, b.Account(authz.Coordinator, b.East), func(ctx context.Context, q *db.ReadTx) ([]action.Entry, error) {
		return action.History(ctx, q, id)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(all) {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// TestTheLifeOfAnAction: R74, each step appended, the count of carry-overs kept.
func TestTheLifeOfAnAction(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	star, coordinator := db.Once(b.star.Account), b.As(authz.Coordinator, b.East)
	a := b.set(t, "Start a script")
	if a.Agency != b.Star || a.Account != 0 || a.Registration == 0 || a.Version != 1 || a.State() != "open" {
		t.Fatalf("set: %+v", a)
	}
	step := func(by db.Submission, c action.Change) action.Action {
		t.Helper()
		if err := action.Update(t.Context(), b.DB, by, a.ID, b.get(t, a.ID).Version, c); err != nil {
			t.Fatalf("%s: %v", c.Kind, err)
		}
		return b.get(t, a.ID)
	}
	if a = step(star, action.Change{Kind: action.KindAssign, Account: ref.AccountID(b.star.Account)}); a.Account != ref.AccountID(b.star.Account) || a.Agency != b.Star {
		t.Errorf("assigned: %+v", a)
	}
	step(star, action.Change{Kind: action.KindProgress, Text: "Assessed on 3 June"})
	if a = step(star, action.Change{Kind: action.KindPropose, Text: "Script started"}); a.State() != "discharge proposed" {
		t.Errorf("proposed: %s", a.State())
	}
	a = step(coordinator, action.Change{Kind: action.KindCarry, Text: "Not yet stable", DueOn: clock.NewDate(2026, 7, 1)})
	if a.Carried != 1 || a.DueOn != clock.NewDate(2026, 7, 1) || a.State() != "carried over" {
		t.Errorf("carried over: %+v", a)
	}
	if a = step(coordinator, action.Change{Kind: action.KindEnd, Text: "Stable"}); a.Open() || a.Carried != 1 || a.Version != 6 {
		t.Errorf("discharged: %+v", a)
	}
	if got, want := b.history(t, a.ID), []string{"set", "assigned", "progress", "discharge proposed", "carried over", "discharged"}; !slices.Equal(got, want) {
		t.Errorf("history %v, want %v", got, want)
	}
	err := action.Update(t.Context(), b.DB, coordinator, a.ID, a.Version, action.Change{Kind: action.KindProgress, Text: "Too late"})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("progress after discharge: %v", err)
	}
}

// TestWhoMaySetAndChange goes through the database: the record's area counts, and
// who may not see the person is told nothing.
func TestWhoMaySetAndChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.set(t, "Start a script")
	for _, c := range []struct {
		role     authz.Role
		at       ref.AreaID
		of       ref.AgencyID
		set      fault.Kind // of an action for the substance misuse service
		progress fault.Kind
		end      fault.Kind
	}{
		{authz.Coordinator, b.East, b.Police, 0, 0, 0},
		{authz.Chair, b.Force, b.Police, 0, 0, 0},
		{authz.Partner, b.East, b.Star, 0, 0, fault.Forbidden},
		{authz.Partner, b.East, b.Housing, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{authz.Police, b.East, b.Police, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{authz.Probation, b.East, b.Probation, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{authz.Coordinator, b.North, b.Police, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Partner, b.North, b.Star, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Administrator, b.Force, b.Police, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Auditor, b.Force, b.Police, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Analyst, b.Force, b.Police, fault.NotFound, fault.NotFound, fault.NotFound},
	} {
		by := db.Once(b.AccountAt(c.role, c.at, c.of).Account)
		_, err := action.Add(t.Context(), b.DB, by, b.new("Another"))
		if fault.KindOf(err) != c.set || err != nil && c.set == 0 {
			t.Errorf("%s of %d: set: %v", c.role, c.at, err)
		}
		err = action.Update(t.Context(), b.DB, by, a.ID, b.get(t, a.ID).Version, action.Change{Kind: action.KindProgress, Text: "Seen"})
		if fault.KindOf(err) != c.progress || err != nil && c.progress == 0 {
			t.Errorf("%s of %d: progress: %v", c.role, c.at, err)
		}
		other := b.set(t, "To end")
		err = action.Update(t.Context(), b.DB, by, other.ID, other.Version, action.Change{Kind: action.KindEnd, Text: "Done"})
		if fault.KindOf(err) != c.end || err != nil && c.end == 0 {
			t.Errorf("%s of %d: discharge: %v", c.role, c.at, err)
		}
	}
}

// TestAGuestSeesTheNamedCaseOnly: R58.
func TestAGuestSeesTheNamedCaseOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other, _ := b.Registered(t, b.East, "Other", "Ann", rag.Green)
	mine := b.set(t, "Start a script")
	n := b.new("Not for guests")
	n.Nominal = other
	theirs, err := action.Add(t.Context(), b.DB, b.As(authz.Coordinator, b.East), n)
	if err != nil {
		t.Fatal(err)
	}
	guest := b.Account(authz.Guest, b.East)
	conn, err := pgx.Connect(t.Context(), b.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), `INSERT INTO nominal_access (nominal_id, account_id, kind, starts, ends, recorded_by) VALUES ($1, $2, 'guest', $3, $4, 1)`,
		b.nominal, guest.Account, clock.NewDate(2026, 5, 1).Start(), clock.NewDate(2026, 7, 1).Start()); err != nil {
		t.Fatal(err)
	}
	found, err := fixture.Read(t, b.Scheme, guest, func(ctx context.Context, q *db.ReadTx) (action.Listed, error) {
		if _, err := action.Get(ctx, q, theirs); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another case's action: %v", err)
		}
		return action.Find(ctx, q, action.Filter{List: action.AllOpen}, 0)
	})
	if err != nil || len(found.Actions) != 1 || found.Actions[0].ID != mine.ID || found.Counts[action.AllOpen] != 1 {
		t.Errorf("a guest's list: %+v, %v", found, err)
	}
	err = action.Update(t.Context(), b.DB, db.Once(guest.Account), mine.ID, mine.Version, action.Change{Kind: action.KindProgress, Text: "As a guest"})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a guest's progress: %v", err)
	}
}

// TestOwnersMustFit: R75. The person works for the agency in that area, today.
func TestOwnersMustFit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	north := b.Account(authz.Partner, b.North)
	for name, c := range map[string]struct {
		agency  ref.AgencyID
		account ref.AccountID
		field   string
	}{
		"agency alone":          {b.Star, 0, ""},
		"its worker":            {b.Star, ref.AccountID(b.star.Account), ""},
		"another agency's":      {b.Council, ref.AccountID(b.star.Account), "account"},
		"another area's":        {b.Star, ref.AccountID(north.Account), "account"},
		"nobody of that number": {b.Star, 99999, "account"},
		"no agency of that":     {99999, 0, "agency"},
		"the system":            {b.Star, db.SystemAccount, "account"},
	} {
		n := b.new(name)
		n.Agency, n.Account = c.agency, c.account
		_, err := action.Add(t.Context(), b.DB, b.As(authz.Coordinator, b.East), n)
		wrong := fault.ProblemsOf(err)
		if c.field == "" && err != nil || c.field != "" && (len(wrong) != 1 || wrong[0].Field != c.field) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAnObjectiveIsThePersonsOwn: the action takes its pathway.
func TestAnObjectiveIsThePersonsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	by := b.As(authz.Coordinator, b.East)
	other, _ := b.Registered(t, b.East, "Other", "Ann", rag.Green)
	objective := func(of ref.NominalID) ref.ObjectiveID {
		id, err := plan.Add(t.Context(), b.DB, by, plan.New{Nominal: of, Pathway: "accommodation", Text: "A tenancy", Measure: "Signed"})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	own, theirs := objective(b.nominal), objective(other)
	n := b.new("View a room")
	n.Pathway, n.Objective = "", own
	id, err := action.Add(t.Context(), b.DB, by, n)
	if err != nil || b.get(t, id).Pathway != "accommodation" || b.get(t, id).ObjectiveText != "A tenancy" {
		t.Errorf("under an objective: %v", err)
	}
	n.Pathway = "health"
	if _, err := action.Add(t.Context(), b.DB, by, n); len(fault.ProblemsOf(err)) != 1 || fault.ProblemsOf(err)[0].Field != "pathway" {
		t.Errorf("another pathway than the objective's: %v", err)
	}
	n.Pathway, n.Objective = "", theirs
	if _, err := action.Add(t.Context(), b.DB, by, n); len(fault.ProblemsOf(err)) != 1 || fault.ProblemsOf(err)[0].Field != "objective" {
		t.Errorf("another person's objective: %v", err)
	}
	candidate := b.Nominal(t, b.East, "Candidate", "Cy", clock.NewDate(1990, 1, 1))
	_, err = plan.Add(t.Context(), b.DB, by, plan.New{Nominal: candidate, Pathway: "accommodation", Text: "A tenancy", Measure: "Signed"})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("an objective of somebody who is not on the scheme: %v", err)
	}
}

// TestSeveralAtOnceAllOrNone.
func TestSeveralAtOnceAllOrNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	by := b.As(authz.Coordinator, b.East)
	one, two, three := b.set(t, "One"), b.set(t, "Two"), b.set(t, "Three")
	pick := func(all ...action.Action) (picked []action.Picked) {
		for _, a := range all {
			picked = append(picked, action.Picked{ID: a.ID, Version: a.Version})
		}
		return picked
	}
	if err := action.Update(t.Context(), b.DB, by, two.ID, two.Version, action.Change{Kind: action.KindEnd, Text: "Done"}); err != nil {
		t.Fatal(err)
	}
	two = b.get(t, two.ID)
	done := action.Change{Kind: action.KindProgress, Text: "Talked about it"}
	_, err := action.UpdateMany(t.Context(), b.DB, by, pick(three, two, one), done)
	if wrong := fault.ProblemsOf(err); fault.KindOf(err) != fault.Invalid || len(wrong) != 1 || wrong[0].Field != action.RowField(two.ID) {
		t.Errorf("one of them is discharged: %v", err)
	}
	if got := b.history(t, one.ID); len(got) != 1 {
		t.Errorf("the others were changed all the same: %v", got)
	}
	n, err := action.UpdateMany(t.Context(), b.DB, by, pick(three, one, three), done)
	if err != nil || n != 2 || len(b.history(t, one.ID)) != 2 || len(b.history(t, three.ID)) != 2 {
		t.Errorf("two at once: %d, %v", n, err)
	}
	// One of them has been changed since the page was read.
	fresh := b.get(t, one.ID)
	_, err = action.UpdateMany(t.Context(), b.DB, by, []action.Picked{{ID: fresh.ID, Version: fresh.Version}, {ID: three.ID, Version: three.Version}}, done)
	if wrong := fault.ProblemsOf(err); len(wrong) != 1 || wrong[0].Field != action.RowField(three.ID) || b.get(t, one.ID).Version != fresh.Version {
		t.Errorf("a stale one among them: %v", err)
	}
	if _, err := action.UpdateMany(t.Context(), b.DB, by, nil, done); fault.KindOf(err) != fault.Invalid {
		t.Errorf("none chosen: %v", err)
	}
	for _, version := range []int64{0, -1} {
		if _, err := action.UpdateMany(t.Context(), b.DB, by, []action.Picked{{ID: one.ID, Version: version}}, done); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a lost version: %v", err)
		}
	}
}

// TestTwoAtOnce: two people discharge the same action from the same page; one does.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.set(t, "Start a script")
	by := []db.Submission{b.As(authz.Coordinator, b.East), b.As(authz.Chair, b.East)}
	kinds := make([]fault.Kind, 2)
	errs := make([]error, 2)
	var all sync.WaitGroup
	for i := range by {
		all.Go(func() {
			errs[i] = action.Update(t.Context(), b.DB, by[i], a.ID, a.Version, action.Change{Kind: action.KindEnd, Text: "Done"})
			kinds[i] = fault.KindOf(errs[i])
		})
	}
	all.Wait()
	if !slices.Contains(errs, nil) || !slices.Contains(kinds, fault.Stale) {
		t.Errorf("two at once: %v", errs)
	}
	for _, version := range []int64{0, -1, a.Version, 99} {
		err := action.Update(t.Context(), b.DB, by[0], a.ID, version, action.Change{Kind: action.KindProgress, Text: "Stale"})
		if fault.KindOf(err) != fault.Stale {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// TestAFormSentTwiceSetsOneAction.
func TestAFormSentTwiceSetsOneAction(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form := db.FromForm(b.Account(authz.Coordinator, b.East), "POST /nominals/1/actions/new", "6f1de2b0-8f0f-4a57-9f0c-0d7f6b0a1c11", "r")
	ids := make([]ref.ActionID, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			var err error
			if ids[i], err = action.Add(t.Context(), b.DB, form, b.new("Once")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if slices.Sort(ids); ids[0] == 0 || ids[0] != ids[len(ids)-1] {
		t.Errorf("a form sent eight times at once: %v", ids)
	}
}

// TestTheLists counts by hand: among them what is overdue, agency by agency (R78).
func TestTheLists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	by := b.As(authz.Coordinator, b.East)
	late := b.set(t, "Late")
	named := b.new("Named")
	named.Account, named.DueOn = ref.AccountID(b.star.Account), clock.NewDate(2026, 7, 20)
	if _, err := action.Add(t.Context(), b.DB, by, named); err != nil {
		t.Fatal(err)
	}
	council := b.new("Council")
	council.Agency = b.Council
	if _, err := action.Add(t.Context(), b.DB, by, council); err != nil {
		t.Fatal(err)
	}
	ended := b.set(t, "Ended")
	if err := action.Update(t.Context(), b.DB, by, ended.ID, ended.Version, action.Change{Kind: action.KindEnd, Text: "Done"}); err != nil {
		t.Fatal(err)
	}
	b.Clock.Set(clock.NewDate(2026, 6, 20).At(9, 0)) // "Late" and "Council" were due on the 15th
	find := func(as authz.Actor, f action.Filter) action.Listed {
		t.Helper()
		l, err := fixture.Read(t, b.Scheme, as, func(ctx context.Context, q *db.ReadTx) (action.Listed, error) { return action.Find(ctx, q, f, 0) })
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	want := map[action.List]int{action.Mine: 1, action.MyAgencys: 2, action.AllOpen: 3, action.Unassigned: 2, action.Done: 1}
	if l := find(b.star, action.Filter{}); len(l.Actions) != 1 || l.Actions[0].Text != "Named" || l.Names[b.nominal] != "Bloggs, Joe" {
		t.Errorf("mine: %+v", l)
	} else {
		for list, n := range want {
			if got := find(b.star, action.Filter{List: list}).Counts[list]; got != n {
				t.Errorf("%s: %d, want %d", list, got, n)
			}
		}
	}
	if l := find(b.star, action.Filter{List: action.MyAgencys, Overdue: true}); len(l.Actions) != 1 || l.Actions[0].ID != late.ID {
		t.Errorf("overdue of the agency: %+v", l.Actions)
	}
	for agency, text := range map[ref.AgencyID]string{b.Star: "Late", b.Council: "Council"} {
		if l := find(b.Account(authz.Chair, b.East), action.Filter{List: action.AllOpen, Agency: agency, Overdue: true}); len(l.Actions) != 1 || l.Actions[0].Text != text {
			t.Errorf("overdue of agency %d: %+v, want %q", agency, l.Actions, text)
		}
	}
	if l := find(b.Account(authz.Chair, b.East), action.Filter{List: action.AllOpen, Agency: b.Probation, Overdue: true}); len(l.Actions) != 0 {
		t.Errorf("overdue of probation, which has none: %+v", l.Actions)
	}
	if l := find(b.star, action.Filter{List: action.AllOpen, Agency: b.Council}); len(l.Actions) != 1 || l.Actions[0].Text != "Council" {
		t.Errorf("of the council: %+v", l.Actions)
	}
	if l := find(b.Account(authz.Coordinator, b.North), action.Filter{List: action.AllOpen}); len(l.Actions) != 0 || l.Counts[action.Done] != 0 {
		t.Errorf("another area: %+v", l)
	}
}
