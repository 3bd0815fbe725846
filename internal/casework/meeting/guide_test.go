package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// What the guide says of who meets, where and about whom.

// TestWhatAPlanNeeds: a day, a time and a place (R52), a chair who may chair here
// and another one beside them or nobody (R55).
func TestWhatAPlanNeeds(t *testing.T) {
	t.Parallel()
	chairs := []ref.AccountID{3, 4}
	good := meeting.New{Area: 1, Kind: meeting.Operational, HeldOn: today, Starts: "10:00", Place: "Police station", Chair: 3}
	for name, c := range map[string]struct {
		change func(n *meeting.New)
		want   string // "R52 place"; empty: nothing is wrong
	}{
		"whole":                        {func(*meeting.New) {}, ""},
		"chaired jointly":              {func(n *meeting.New) { n.Joint = 4 }, ""},
		"of practitioners":             {func(n *meeting.New) { n.Kind = meeting.Practitioners }, ""},
		"of another kind":              {func(n *meeting.New) { n.Kind = "chat" }, "R52 kind"},
		"no day":                       {func(n *meeting.New) { n.HeldOn = clock.Date{} }, "R52 held_on"},
		"no time":                      {func(n *meeting.New) { n.Starts = "" }, "R52 starts"},
		"a time that there is not":     {func(n *meeting.New) { n.Starts = "24:00" }, "R52 starts"},
		"an end":                       {func(n *meeting.New) { n.Ends = "10:01" }, ""},
		"an end at its start":          {func(n *meeting.New) { n.Ends = "10:00" }, "R52 ends"},
		"an end before its start":      {func(n *meeting.New) { n.Ends = "09:59" }, "R52 ends"},
		"an end that there is not":     {func(n *meeting.New) { n.Ends = "24:00" }, "R52 ends"},
		"late, and no end":             {func(n *meeting.New) { n.Starts = "23:30" }, ""},
		"so late that it cannot end":   {func(n *meeting.New) { n.Starts = "23:59" }, "R52 ends"},
		"no place":                     {func(n *meeting.New) { n.Place = " " }, "R52 place"},
		"no chair":                     {func(n *meeting.New) { n.Chair = 0 }, "R55 chair"},
		"a chair who may not":          {func(n *meeting.New) { n.Chair = 5 }, "R55 chair"},
		"jointly with who may not":     {func(n *meeting.New) { n.Joint = 5 }, "R55 joint"},
		"jointly with oneself":         {func(n *meeting.New) { n.Joint = 3 }, "R55 joint"},
		"the next is on the same day":  {func(n *meeting.New) { n.NextOn = today }, "R52 next_on"},
		"the next is on the day after": {func(n *meeting.New) { n.NextOn = today.AddDays(1) }, ""},
	} {
		n := good
		c.change(&n)
		var got []string
		for _, p := range meeting.CheckNew(n, chairs) {
			got = append(got, p.Rule+" "+p.Field)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestTheNextMeetingFollowsTheAreasCadence: R54. Monthly until the area chooses;
// what it chooses holds for meetings planned from then on.
func TestTheNextMeetingFollowsTheAreasCadence(t *testing.T) {
	t.Parallel()
	s := lay(t) // 1 June 2026, a Monday
	next := func() clock.Date {
		t.Helper()
		s.id = s.plan(s.East)
		return s.get(authz.Chair).NextOn
	}
	if got := next(); got != clock.NewDate(2026, 7, 1) {
		t.Errorf("a month after 1 June: %s", got)
	}
	for value, want := range map[string]clock.Date{"fortnightly": clock.NewDate(2026, 6, 15), "weekly": clock.NewDate(2026, 6, 8)} {
		_, err := area.Choose(t.Context(), s.DB, s.As(authz.Administrator, s.Force), s.East, map[area.Key]string{area.MeetingCadence: value})
		must(t, err)
		if got := next(); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestWhoMayTakeTheChair: R55. Whoever holds the role for the whole node: in the
// force for any area, in one hub not for both; and not the co-ordinator.
func TestWhoMayTakeTheChair(t *testing.T) {
	t.Parallel()
	s := lay(t)
	east, force, north := s.account(authz.Chair), ref.AccountID(s.Account(authz.Chair, s.Force).Account), ref.AccountID(s.Account(authz.Chair, s.North).Account)
	senior := ref.AccountID(s.AccountAt(authz.Chair, s.East, s.Probation).Account) // a senior probation officer
	chairs := func(node ref.AreaID) (all []ref.AccountID) {
		t.Helper()
		people, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, node), func(ctx context.Context, q *db.ReadTx) ([]account.Person, error) {
			return meeting.Chairs(ctx, q, node)
		})
		must(t, err)
		for _, p := range people {
			all = append(all, p.ID)
		}
		slices.Sort(all)
		return all
	}
	sorted := func(all ...ref.AccountID) []ref.AccountID { slices.Sort(all); return all }
	for name, c := range map[string]struct {
		node ref.AreaID
		want []ref.AccountID
	}{
		"East Sussex: the inspector, the senior probation officer, the force's": {s.East, sorted(east, senior, force)},
		"North: its own and the force's":                                        {s.North, sorted(north, force)},
		"West Sussex: North's does not cover South":                             {s.West, sorted(force)},
	} {
		if got := chairs(c.node); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	_, err := meeting.Plan(t.Context(), s.DB, s.As(authz.Coordinator, s.East), meeting.New{Area: s.East, Kind: meeting.Operational, HeldOn: today, Starts: "10:00",
		Place: "County Hall", Chair: s.account(authz.Coordinator)})
	if fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Rule != "R55" {
		t.Errorf("the co-ordinator in the chair: %v", err)
	}
}

// TestTheCoreMembers: R56. Inspector, senior probation officer, probation officer,
// police officer, substance-misuse practitioner and the council's housing officer
// are members; a guest, and who works elsewhere, cannot be made one.
func TestTheCoreMembers(t *testing.T) {
	t.Parallel()
	s := lay(t)
	core := []authz.Actor{s.Account(authz.Chair, s.East), s.AccountAt(authz.Chair, s.East, s.Probation), s.Account(authz.Probation, s.East),
		s.Account(authz.Police, s.East), s.AccountAt(authz.Partner, s.East, s.Star), s.AccountAt(authz.Partner, s.East, s.Housing)}
	var ids []ref.AccountID
	for _, a := range core {
		ids = append(ids, ref.AccountID(a.Account))
	}
	invite := func(all ...ref.AccountID) error {
		return meeting.Invite(t.Context(), s.DB, s.as(authz.Coordinator), s.id, all)
	}
	must(t, invite(ids...))
	must(t, invite(ids...)) // whoever is a member stays one
	refused(t, "a guest made a member", invite(s.account(authz.Guest)), fault.Invalid)
	refused(t, "somebody of another area", invite(ref.AccountID(s.Account(authz.Police, s.Brighton).Account)), fault.Invalid)
	refused(t, "nobody", invite(), fault.Invalid)
	attendees := s.attendees()
	if len(attendees) != len(core)+1 { // and the co-ordinator, who planned it
		t.Errorf("%d attend, want %d", len(attendees), len(core)+1)
	}
	for _, a := range core {
		if i := slices.IndexFunc(attendees, func(x meeting.Attendee) bool { return x.Account == ref.AccountID(a.Account) }); i < 0 || attendees[i].Guest ||
			int64(attendees[i].Agency) != a.Agency {
			t.Errorf("%s for agency %d is no core member: %+v", a.Name, a.Agency, attendees)
		}
	}
}

func (s *table) attendees() []meeting.Attendee {
	s.t.Helper()
	all, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Attendee, error) {
		return meeting.Attendees(ctx, q, s.id)
	})
	s.must(err)
	return all
}

// TestGuestsPerCase: R57 and R58. An agency of any kind sends a guest for the cases
// named; each sees those and no other, a case named for one is not seen by another,
// and nobody is a guest of no case.
func TestGuestsPerCase(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	var guests []authz.Actor
	for name, kind := range map[string]string{"Jobcentre Plus": "employment", "Children's Services": "social services", "Sussex Community Health": "health",
		"Youth Offending Team": "youth", "Mental Health Trust": "mental health", "Harbour Housing": "housing", "Harbour Mentors": "voluntary"} {
		id, err := db.Write(t.Context(), s.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (ref.AgencyID, error) {
			return agency.Insert(ctx, tx, agency.New{Name: name, Kind: kind, From: clock.NewDate(2015, 1, 1)})
		})
		must(t, err)
		guests = append(guests, s.AccountAt(authz.Guest, s.East, id))
	}
	invite := func(a authz.Actor, cases ...ref.NominalID) error {
		return meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, ref.AccountID(a.Account), cases)
	}
	refused(t, "a guest of no case", invite(guests[0]), fault.Invalid)
	refused(t, "somebody who is no guest here", invite(s.Account(authz.Guest, s.Brighton), n), fault.Invalid)
	for i, g := range guests {
		named := n
		if i == 0 {
			named = other
		}
		must(t, invite(g, named))
	}
	for i, g := range guests {
		named, hidden := n, other
		if i == 0 {
			named, hidden = other, n
		}
		must(t, meeting.Sign(t.Context(), s.DB, db.Once(g.Account), s.id, s.statement(), g.Name))
		items, err := fixture.Read(t, s.Scheme, g, func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
			_, items, err := meeting.Items(ctx, q, s.id)
			return items, err
		})
		if err != nil || len(items) != 1 || items[0].Nominal != named {
			t.Errorf("guest %d for case %d, not %d: %+v, %v", i, named, hidden, items, err)
		}
	}
}

// statement is the id of the words in force in East Sussex.
func (s *table) statement() int64 {
	s.t.Helper()
	st, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Statement, error) {
		return meeting.StatementFor(ctx, q, s.East)
	})
	s.must(err)
	return st.ID
}

// TestEveryAttendeeSignsAtEveryMeeting: R61 and R184. A signature is one person's at
// one meeting, under the words that were in force; it opens nothing for a colleague,
// and nothing at the next meeting.
func TestEveryAttendeeSignsAtEveryMeeting(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.Invite(t.Context(), s.DB, s.as(authz.Coordinator), s.id, []ref.AccountID{s.account(authz.Police), s.account(authz.Probation)}))
	signed := func() (names []string) {
		for _, a := range s.attendees() {
			if a.SignedAt != nil {
				names = append(names, a.SignedAs)
			}
		}
		return names
	}
	if got := signed(); len(got) != 0 {
		t.Fatalf("signed before anybody did: %q", got)
	}
	must(t, s.sign(authz.Coordinator))
	must(t, s.sign(authz.Police))
	if got := signed(); len(got) != 2 || got[0] != "My name" {
		t.Errorf("signed: %q, want two", got)
	}
	s.open()
	if _, err := s.caseOf(authz.Police, n); err != nil {
		t.Errorf("who signed: %v", err)
	}
	if _, err := s.caseOf(authz.Probation, n); !meeting.IsUnsigned(err) {
		t.Errorf("a colleague who did not sign: %v", err)
	}
	must(t, meeting.Close(t.Context(), s.DB, s.sitAndClose(), s.id, "No time"))
	s.Clock.Advance(24 * time.Hour)
	s.id = s.plan(s.East)
	must(t, meeting.Invite(t.Context(), s.DB, s.as(authz.Coordinator), s.id, []ref.AccountID{s.account(authz.Police)}))
	if got := signed(); len(got) != 0 {
		t.Errorf("signed at the next meeting before anybody did: %q", got)
	}
	must(t, s.sign(authz.Coordinator))
	s.open()
	if _, err := s.caseOf(authz.Police, n); !meeting.IsUnsigned(err) {
		t.Errorf("who signed at the last meeting only: %v", err)
	}
}

// sitAndClose is the chair, who has signed and may close with things missing.
func (s *table) sitAndClose() db.Submission {
	s.t.Helper()
	s.must(s.sign(authz.Chair))
	return s.as(authz.Chair)
}

// TestTheReferrerPresents: R2. The agenda says which agency presents each referral.
func TestTheReferrerPresents(t *testing.T) {
	t.Parallel()
	s := lay(t)
	s.referred("Newby")
	must(t, s.sign(authz.Coordinator))
	items, err := s.items(authz.Coordinator)
	if err != nil || len(items) != 1 || !strings.Contains(items[0].Reasons[0].Text, "presented by Sussex Police") {
		t.Errorf("the agenda reads %+v, %v", items, err)
	}
}
