package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/action"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// TestMeeting takes one meeting from the plan to approved minutes.
func TestMeeting(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	red, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	new, unwanted := s.referred("Newby"), s.referred("Other")
	s.sit(authz.Coordinator, authz.Chair, authz.Police, authz.Probation)

	items, err := s.items(authz.Coordinator)
	must(t, err)
	var names []string
	for _, i := range items {
		names = append(names, i.Name)
	}
	if got, want := strings.Join(names, "; "), "Newby, Jo; Other, Jo; Redwood, Rae"; got != want {
		t.Fatalf("agenda %s, want %s", got, want)
	}
	s.open()
	if got := len(s.gaps()); got != 3 {
		t.Fatalf("%d things missing at the opening, want 3: two referrals and a RED", got)
	}
	refused(t, "co-ordinator closes with things missing", meeting.Close(ctx, s.DB, co, s.id, "time is up"), fault.Invalid)

	must(t, s.adopt(new))
	must(t, meeting.DecideReferral(ctx, s.DB, co, s.id, unwanted, meeting.ReferralDecision{Outcome: "rejected", Reason: "Managed elsewhere"}))
	must(t, meeting.Discuss(ctx, s.DB, co, s.id, red, "Seen twice this week"))
	must(t, meeting.Contribute(ctx, s.DB, s.as(authz.Probation), s.id, red, 0, "Kept every appointment"))
	must(t, meeting.Rate(ctx, s.DB, co, s.id, red, rag.Amber, "Engages again", nil, "fortnightly"))
	must(t, meeting.Assess(ctx, s.DB, co, s.id, red, need.Assessment{Pathway: need.Accommodation, Level: need.Red, Needs: "Sofa surfing"}))
	must(t, meeting.SetAction(ctx, s.DB, co, s.id, red, action.New{Text: "Ring the landlord", Pathway: string(need.Accommodation),
		Agency: s.Police, Account: s.account(authz.Police), DueOn: clock.NewDate(2026, 6, 20)}))
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Fatalf("still missing: %v", gaps)
	}
	must(t, meeting.Close(ctx, s.DB, co, s.id, ""))
	s.changeLater(new)
	refused(t, "a note after closing", meeting.Discuss(ctx, s.DB, co, s.id, red, "late"), fault.Invalid)
	s.checkMinutes(red, new, unwanted)
	s.checkApproval()
}

// changeLater changes the lead worker an hour after the meeting.
func (s *table) changeLater(n ref.NominalID) {
	s.t.Helper()
	s.Clock.Advance(time.Hour)
	_, err := registration.ChangeLead(s.t.Context(), s.DB, s.as(authz.Coordinator), registration.NewLead{Nominal: n, FromOn: clock.Today(s.Clock),
		Lead: registration.Lead{Account: s.account(authz.Police), Capacity: registration.PoliceOfficer}, Reason: "Moved"})
	s.must(err)
}

// checkMinutes: what was recorded stands in the minutes, case by case, and no more.
func (s *table) checkMinutes(red, new, unwanted ref.NominalID) {
	s.t.Helper()
	minutes, err := s.minutes(authz.Police)
	s.must(err)
	want := map[ref.NominalID][]string{
		red: {"Discussion|Seen twice this week", "Contribution: Probation Service|Kept every appointment", "RAG review|RED to AMBER: Engages again",
			"Need: accommodation|red: Sofa surfing", "Action set|Ring the landlord"},
		new:      {"Referral adopted|High risk of reoffending", "Lead worker|Robin Eastwood, probation officer", "RAG review|RED: Disengaged"},
		unwanted: {"Referral rejected|Managed elsewhere"},
	}
	for _, e := range minutes.Entries {
		var got []string
		for _, r := range e.Records {
			got = append(got, r.Kind+"|"+r.Text)
		}
		if !slices.Equal(got, want[e.Nominal]) {
			s.t.Errorf("minutes of %s: %q, want %q", e.Name, got, want[e.Nominal])
		}
		if e.Nominal == red && !slices.Equal(e.Silent, []string{"Sussex Police"}) {
			s.t.Errorf("silent agencies of %s: %v", e.Name, e.Silent)
		}
	}
	if len(minutes.Entries) != len(want) {
		s.t.Errorf("%d entries, want %d", len(minutes.Entries), len(want))
	}
}

// checkApproval: only a chair approves, only what was read, only once; and the
// approved entry is what is shown from then on.
func (s *table) checkApproval() {
	s.t.Helper()
	ctx := s.t.Context()
	draft, err := s.minutes(authz.Chair)
	s.must(err)
	digest, err := meeting.Digest(draft)
	s.must(err)
	refused(s.t, "co-ordinator approves", meeting.Approve(ctx, s.DB, s.as(authz.Coordinator), s.id, digest), fault.Forbidden)
	refused(s.t, "chair approves something else", meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, "0"), fault.Stale)
	s.must(meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, digest))
	refused(s.t, "chair approves again", meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, digest), fault.Invalid)
	approved, err := s.minutes(authz.Police)
	s.must(err)
	after, err := meeting.Digest(approved)
	s.must(err)
	if m := s.get(authz.Chair); m.State() != meeting.StateApproved || m.Digest != digest || after != digest || len(approved.Waiting) != 0 {
		s.t.Errorf("approved minutes: state %s, digest kept %v, digest shown %v, waiting %v", m.State(), m.Digest == digest, after == digest, approved.Waiting)
	}
}

// TestChairClosesWithThingsMissing keeps the reason and what was missing.
func TestChairClosesWithThingsMissing(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	refused(t, "chair closes without a reason", meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, " "), fault.Invalid)
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, "Fire alarm"))
	if m := s.get(authz.Coordinator); m.ClosedReason != "Fire alarm" || !slices.Equal(m.Missing, []string{"R65:" + ref.Text(n)}) {
		t.Errorf("closed with %q, missing %v", m.ClosedReason, m.Missing)
	}
}

// TestRemoval: a proposal comes to the meeting, which retains and, at the next,
// deregisters; the decision is in the chair's name.
func TestRemoval(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	_, err := registration.Propose(ctx, s.DB, s.as(authz.Probation), registration.NewProposal{Nominal: n, Reason: "Stable"})
	must(t, err)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	if gaps := s.gaps(); len(gaps) != 1 || gaps[0].Rule != "R86" {
		t.Fatalf("missing %v, want the proposal", gaps)
	}
	must(t, meeting.Retain(ctx, s.DB, co, s.id, n, "Another month"))
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Fatalf("missing %v after retaining", gaps)
	}
	must(t, meeting.Close(ctx, s.DB, co, s.id, ""))

	_, err = registration.Propose(ctx, s.DB, s.as(authz.Probation), registration.NewProposal{Nominal: n, Reason: "Still stable"})
	must(t, err)
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	must(t, meeting.Deregister(ctx, s.DB, co, s.id, n, registration.Removal{Justification: "Stable for a year", Reasons: "No offending",
		ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation, ExitPlan: "Monthly telephone call"}))
	c, err := s.caseOf(authz.Chair, n)
	must(t, err)
	if c.Registered || c.Removal == nil || c.Removal.ChairName != "Charlie Eastwood" {
		t.Errorf("after the decision: registered %v, removal %+v", c.Registered, c.Removal)
	}
	must(t, meeting.Close(ctx, s.DB, co, s.id, ""))
}

// TestRatify: a rating between meetings brings the case to the next one, which
// answers it.
func TestRatify(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	n, reg := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	_, err := db.Write(ctx, s.DB, s.as(authz.Probation), func(ctx context.Context, tx *db.Tx) (ref.RatingID, error) {
		return insertBetween(ctx, tx, reg, n)
	})
	must(t, err)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	c, err := s.caseOf(authz.Coordinator, n)
	must(t, err)
	if !c.Item.Has("R50") || !c.Item.Has("R65") || len(c.Waiting) != 1 || len(c.Gaps) != 1 {
		t.Fatalf("reasons %v, waiting %d, missing %v", c.Item.Reasons, len(c.Waiting), c.Gaps)
	}
	must(t, meeting.Ratify(ctx, s.DB, s.as(authz.Coordinator), s.id, n, c.Waiting[0].ID, false, "The intelligence was wrong"))
	if c, err = s.caseOf(authz.Coordinator, n); err != nil || c.Current.Rating != rag.Green || len(c.Gaps) != 0 {
		t.Errorf("after refusing: rating %s, missing %v, %v", c.Current.Rating, c.Gaps, err)
	}
}

// TestActions: an open action is missing until the meeting deals with it, and a
// stale change is refused.
func TestActions(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	id, err := action.Add(ctx, s.DB, co, action.New{Nominal: n, Text: "Ring the landlord", Pathway: string(need.Accommodation), Agency: s.Police,
		DueOn: clock.NewDate(2026, 6, 10)})
	must(t, err)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	if gaps := s.gaps(); len(gaps) != 1 || gaps[0].Action != id {
		t.Fatalf("missing %v, want the action", gaps)
	}
	c, err := s.caseOf(authz.Coordinator, n)
	must(t, err)
	version := c.Actions[0].Version
	carry := action.Change{Kind: action.KindCarry, Text: "No answer yet", DueOn: clock.NewDate(2026, 7, 10)}
	must(t, meeting.ChangeAction(ctx, s.DB, co, s.id, n, id, version, carry))
	carry.DueOn = clock.NewDate(2026, 8, 10)
	refused(t, "a change from an old page", meeting.ChangeAction(ctx, s.DB, co, s.id, n, id, version, carry), fault.Stale)
	other, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.Add(ctx, s.DB, co, s.id, other, "Arrested this morning"))
	refused(t, "an action of another case", meeting.ChangeAction(ctx, s.DB, co, s.id, other, id, version+1, carry), fault.NotFound)
	if c, err = s.caseOf(authz.Coordinator, n); err != nil || !c.Actions[0].Handled || c.Actions[0].Carried != 1 || len(c.Gaps) != 0 {
		t.Errorf("after carrying over: %+v, missing %v, %v", c.Actions[0].Action, c.Gaps, err)
	}
}

// TestDeferAmber: an AMBER review that is due may be put off with a reason, a RED not.
func TestDeferAmber(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	amber, _ := s.Registered(t, s.East, "Amberley", "Al", rag.Amber)
	red, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.Clock.Set(clock.NewDate(2026, 9, 1).At(9, 0))
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	refused(t, "deferring without a reason", meeting.DeferReview(ctx, s.DB, co, s.id, amber, ""), fault.Invalid)
	refused(t, "deferring a RED", meeting.DeferReview(ctx, s.DB, co, s.id, red, "busy"), fault.Invalid)
	must(t, meeting.DeferReview(ctx, s.DB, co, s.id, amber, "In hospital"))
	if gaps := s.gaps(); len(gaps) != 1 || gaps[0].Nominal != red {
		t.Errorf("missing %v, want the RED alone", gaps)
	}
}

// TestMandatory: five years of custody imposed since registration bring a GREEN
// case to the meeting, which has to decide; what it retains does not come again.
func TestMandatory(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	must(t, sentenced(t, s, n, 5))
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	c, err := s.caseOf(authz.Coordinator, n)
	must(t, err)
	if !c.Item.Has("R79") || len(c.Gaps) != 1 || c.Gaps[0].Part != "removal" {
		t.Fatalf("reasons %v, missing %v", c.Item.Reasons, c.Gaps)
	}
	s.Clock.Advance(time.Minute)
	must(t, meeting.Retain(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, "Released on appeal"))
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Coordinator), s.id, ""))
	s.id = s.plan(s.East)
	if items, err := s.items(authz.Coordinator); err != nil || len(items) != 0 {
		t.Errorf("the next agenda: %v, %v", items, err)
	}
}

// TestReregister: twelve months before the release of somebody who left the scheme
// with five years or more, the meeting considers registration again; once.
func TestReregister(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	must(t, sentenced(t, s, n, 6))
	must(t, held(t, s, n, clock.NewDate(2027, 6, 20)))
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	must(t, meeting.Deregister(ctx, s.DB, co, s.id, n, registration.Removal{Justification: "Six years", Reasons: "Custody", ExitOfficer: "R",
		ExitAgency: s.Probation, ExitPlan: "Prison"}))
	must(t, meeting.Close(ctx, s.DB, co, s.id, ""))
	// Release on 20 June 2027: the day is 20 June 2026, before the next meeting on 1 July.
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	items, err := s.items(authz.Coordinator)
	if err != nil || len(items) != 1 || !items[0].Has("R80") || items[0].Reasons[0].Since != clock.NewDate(2026, 6, 20) {
		t.Fatalf("agenda %v, %v", items, err)
	}
	must(t, meeting.Discuss(ctx, s.DB, co, s.id, n, "To be referred again in spring"))
	must(t, meeting.Close(ctx, s.DB, co, s.id, ""))
	s.id = s.plan(s.East)
	if items, err := s.items(authz.Coordinator); err != nil || len(items) != 0 {
		t.Errorf("it comes twice: %v, %v", items, err)
	}
	must(t, held(t, s, n, clock.NewDate(2027, 5, 20)))
	if items, err := s.items(authz.Coordinator); err != nil || len(items) != 1 {
		t.Errorf("with another release date it comes again: %v, %v", items, err)
	}
}

// TestReregisterIsTheAreasOfNow: R80. Somebody whom another area has adopted since is on no agenda of
// the area that had them before, whose meetings open as always.
func TestReregisterIsTheAreasOfNow(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, reg := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	must(t, sentenced(t, s, n, 6))
	must(t, held(t, s, n, clock.NewDate(2027, 6, 1)))
	d := s.Decision(t, s.East)
	must(t, s.by(func(ctx context.Context, tx *db.Tx) error {
		return registration.Deregister(ctx, tx, registration.Removal{Registration: reg, Nominal: n, Justification: "Six years", Reasons: "Custody", ExitOfficer: "R",
			ExitAgency: s.Probation, ExitPlan: "Prison", Decision: d})
	}))
	s.Clock.Advance(24 * time.Hour)
	s.id = s.plan(s.East)
	if items, err := s.items(authz.Coordinator); err != nil || len(items) != 1 {
		t.Fatalf("before: %v, %v", items, err)
	}
	s.takenOver(n, s.Brighton)
	s.Clock.Advance(24 * time.Hour)
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	if items, err := s.items(authz.Coordinator); err != nil || len(items) != 0 {
		t.Errorf("after another area took the person over: %v, %v", items, err)
	}
	s.open()
}

// TestFrozen: after the opening the agenda stands, whatever the record does.
func TestFrozen(t *testing.T) {
	t.Parallel()
	s := lay(t)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	items, err := s.items(authz.Coordinator)
	if err != nil || len(items) != 0 {
		t.Errorf("agenda after the opening %v, %v: want none", items, err)
	}
}
