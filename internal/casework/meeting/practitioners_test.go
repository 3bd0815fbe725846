package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/action"
	"iom/internal/casework/contact"
	"iom/internal/casework/escalation"
	"iom/internal/casework/fixture"
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

// R53: what brings a case to the practitioners' meeting, each by its rule and since when.
func TestEmergingIssues(t *testing.T) {
	t.Parallel()
	held, on := clock.NewDate(2026, 6, 8), clock.NewDate(2026, 6, 3)
	of := func(r rag.Rating, with func(f *meeting.IssueFacts)) meeting.IssueFacts {
		f := meeting.IssueFacts{Nominal: 1, Registration: 1, Rating: r, RatedOn: clock.NewDate(2026, 5, 1)}
		if with != nil {
			with(&f)
		}
		return f
	}
	for _, c := range []struct {
		what  string
		facts meeting.IssueFacts
		want  string // rule and since, in order
	}{
		{"R42 RED, whatever happened", of(rag.Red, nil), "R42 2026-05-01"},
		{"R40 RED ALERT, before anything else", of(rag.RedAlert, func(f *meeting.IssueFacts) { f.Missed = []meeting.MissedContact{{Kind: contact.Supervision, On: on}} }), "R40 2026-05-01; R191 2026-06-03"},
		{"R53 AMBER with nothing new", of(rag.Amber, nil), ""},
		{"R53 GREEN and PRISON with nothing new", of(rag.Prison, nil), ""},
		{"R50 rated between meetings", of(rag.Amber, func(f *meeting.IssueFacts) { f.Changed = []meeting.Unratified{{Rating: rag.Red, RatedOn: on}} }), "R50 2026-06-03"},
		{"R51 into custody and out", of(rag.Green, func(f *meeting.IssueFacts) { f.ReceivedOn, f.ReleasedOn = on, on.AddDays(1) }), "R51 2026-06-03; R51 2026-06-04"},
		{"R49 visit due the day before", of(rag.Amber, func(f *meeting.IssueFacts) { f.VisitDue = held.AddDays(-1) }), "R49 2026-06-07"},
		{"R49 visit due on the day", of(rag.Amber, func(f *meeting.IssueFacts) { f.VisitDue = held }), ""},
		{"R191 missed", of(rag.Green, func(f *meeting.IssueFacts) { f.Missed = []meeting.MissedContact{{Kind: contact.Supervision, On: on}} }), "R191 2026-06-03"},
		{"R69 an action became overdue", of(rag.Green, func(f *meeting.IssueFacts) { f.Overdue, f.OldestDue = 2, on }), "R69 2026-06-03"},
		{"R59 by hand, of somebody who is not registered", meeting.IssueFacts{Nominal: 1, Added: "Seen in town", AddedOn: on}, "R59 2026-06-03"},
		{"R53 not registered", meeting.IssueFacts{Nominal: 1, Rating: rag.Red, Overdue: 1, OldestDue: on}, ""},
	} {
		var got []string
		for _, i := range meeting.EmergingIssues([]meeting.IssueFacts{c.facts}, held) {
			for _, r := range i.Reasons {
				got = append(got, r.Rule+" "+r.Since.String())
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, want %q", c.what, strings.Join(got, "; "), c.want)
		}
	}
}

// Property, R42 and R53: of random weeks the agenda holds each RED and RED ALERT, each
// case with an issue and no other, the wanted first.
func TestTheWeeklyAgendaHoldsEachIssueOnce(t *testing.T) {
	t.Parallel()
	held := clock.NewDate(2026, 6, 8)
	rapid.Check(t, func(t *rapid.T) {
		var cases []meeting.IssueFacts
		want := map[ref.NominalID]bool{}
		for i := range rapid.IntRange(0, 12).Draw(t, "people") {
			f := meeting.IssueFacts{Nominal: ref.NominalID(i + 1), Registration: 1, Rating: rapid.SampledFrom(rag.Ratings).Draw(t, "rating")}
			issue := rapid.Bool().Draw(t, "missed")
			if issue {
				f.Missed = []meeting.MissedContact{{Kind: contact.OfficeVisit, On: held}}
			}
			cases = append(cases, f)
			if issue || f.Rating == "RED" || f.Rating == "RED ALERT" {
				want[f.Nominal] = true
			}
		}
		items := meeting.EmergingIssues(cases, held)
		for i, item := range items {
			if !want[item.Nominal] {
				t.Fatalf("%d is on the agenda, or twice", item.Nominal)
			}
			delete(want, item.Nominal)
			if i > 0 && item.Rating == rag.RedAlert && items[i-1].Rating != rag.RedAlert {
				t.Fatalf("the wanted are not first")
			}
		}
		if len(want) != 0 {
			t.Fatalf("not on the agenda: %v", want)
		}
	})
}

// R42, R44, R45: the gap of a week is the home visit that the rating asks for in it and
// that nobody has planned in time. RED ALERT, GREEN and PRISON have none to plan here.
func TestTheDiaryShowsWhichVisitIsMissing(t *testing.T) {
	t.Parallel()
	from := clock.NewDate(2026, 6, 8) // to 14 June
	plan := func(day int, kind contact.Kind, change ...func(p *contact.Planned)) []contact.Planned {
		p := contact.Planned{Day: clock.NewDate(2026, 6, day), Kind: kind}
		for _, c := range change {
			c(&p)
		}
		return []contact.Planned{p}
	}
	off := func(p *contact.Planned) { p.CalledOff = "Ill" }
	empty := func(p *contact.Planned) { p.Outcome = contact.NotSeen }
	for _, c := range []struct {
		what    string
		rating  rag.Rating
		due     int // of June; 0: none
		planned []contact.Planned
		gap     string // begins with; empty: none
	}{
		{"R42 RED due on the last day, nothing planned", rag.Red, 14, nil, "No home visit planned: it is due by 14 June 2026"},
		{"R42 RED due on the day after the week", rag.Red, 15, nil, ""},
		{"R42 RED, planned on the day it is due", rag.Red, 12, plan(12, contact.HomeVisit), ""},
		{"R42 RED, planned the day after", rag.Red, 12, plan(13, contact.HomeVisit), "The home visit is due by 12 June 2026 and planned for 13 June 2026"},
		{"R42 an office visit is no home visit", rag.Red, 12, plan(10, contact.OfficeVisit), "No home visit planned"},
		{"R42 called off", rag.Red, 12, plan(10, contact.HomeVisit, off), "No home visit planned"},
		{"R42 called and not seen", rag.Red, 12, plan(10, contact.HomeVisit, empty), "No home visit planned"},
		{"R42 late already, planned at last", rag.Red, 3, plan(13, contact.HomeVisit), ""},
		{"R42 late already, not planned", rag.Red, 3, nil, "No home visit planned: it was due by 3 June 2026"},
		{"R44 AMBER due in the week", rag.Amber, 10, nil, "No home visit planned"},
		{"R44 AMBER due later", rag.Amber, 20, nil, ""},
		{"R42 RED ALERT is owed none while wanted", rag.RedAlert, 0, nil, ""},
	} {
		f := meeting.DiaryFacts{Nominal: 1, Rating: c.rating, Planned: c.planned}
		if c.due != 0 {
			f.VisitDue = clock.NewDate(2026, 6, c.due)
		}
		rows := meeting.Diary([]meeting.DiaryFacts{f}, from)
		if len(rows) != 1 || len(rows[0].Days) != 7 || !strings.HasPrefix(rows[0].Gap, c.gap) || (c.gap == "") != (rows[0].Gap == "") {
			t.Errorf("%s: %+v, want %q", c.what, rows, c.gap)
		}
	}
	for _, r := range []rag.Rating{rag.Green, rag.Prison} {
		if rows := meeting.Diary([]meeting.DiaryFacts{{Rating: r}}, from); len(rows) != 0 {
			t.Errorf("R42, R44: %s is in the weekly diary", r)
		}
	}
}

// weekly plans the practitioners' meeting of East Sussex a week on and opens it.
func (s *table) weekly(open bool) {
	s.t.Helper()
	s.Clock.Advance(7 * 24 * time.Hour)
	var err error
	s.id, err = meeting.Plan(s.t.Context(), s.DB, s.as(authz.Coordinator), meeting.New{Area: s.East, Kind: meeting.Practitioners,
		HeldOn: clock.Today(s.Clock), Starts: "10:00", Place: "Police station", Chair: s.account(authz.Chair)})
	s.must(err)
	s.sit(authz.Coordinator, authz.Chair, authz.Police, authz.Probation)
	if open {
		s.open()
	}
}

// R53, R50, R42: a practitioners' meeting looks at what came up since the last meeting,
// decides no referral and no deregistration, rates as one does between meetings, and
// owes a word about each case; the next Referral and Operational meeting reads what it
// recorded and ratifies.
func TestAPractitionersMeetingBetweenTwoOthers(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	red, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	missed, _ := s.Registered(t, s.East, "Amberley", "Al", rag.Green)
	s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	s.referred("Newby")
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	s.open()
	s.must(meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Nothing to be done today"))
	s.Clock.Advance(24 * time.Hour)
	_, err := contact.Log(ctx, s.DB, s.as(authz.Probation), contact.New{Nominal: missed, Kind: contact.Supervision, HeldOn: clock.Today(s.Clock),
		Outcome: contact.DidNotAttend, Agency: s.Probation, Log: "No call", Source: "own contact"})
	s.must(err)
	s.weekly(false)
	items, err := s.items(authz.Coordinator)
	s.must(err)
	var got []string
	for _, i := range items {
		rules := []string{}
		for _, r := range i.Reasons {
			rules = append(rules, r.Rule)
		}
		got = append(got, i.Name+" "+strings.Join(rules, " "))
	}
	if want := []string{"Redwood, Rae R42 R49", "Amberley, Al R191"}; !slices.Equal(got, want) {
		t.Fatalf("agenda %q, want %q", got, want)
	}
	s.open()
	if m := s.get(authz.Chair); m.NextOn != m.HeldOn.AddDays(7) {
		t.Errorf("R53 the next weekly meeting on %s after %s", m.NextOn, m.HeldOn)
	}
	var gaps []string
	for _, g := range s.gaps() {
		gaps = append(gaps, g.Rule+" "+g.Name)
	}
	if want := []string{"R53 Redwood, Rae", "R53 Amberley, Al"}; !slices.Equal(gaps, want) {
		t.Errorf("missing %q, want %q", gaps, want)
	}
	for what, err := range map[string]error{
		"R53 deregisters":     meeting.Deregister(ctx, s.DB, co, s.id, red, registration.Removal{}),
		"R53 retains":         meeting.Retain(ctx, s.DB, co, s.id, red, "x"),
		"R53 defers a review": meeting.DeferReview(ctx, s.DB, co, s.id, red, "x"),
		"R66 rates GREEN":     meeting.Rate(ctx, s.DB, co, s.id, red, rag.Green, "Engages", nil, ""),
	} {
		refused(t, what, err, fault.Invalid)
	}
	s.must(meeting.Discuss(ctx, s.DB, co, s.id, red, "Daily calls agreed"))
	s.must(meeting.Rate(ctx, s.DB, co, s.id, missed, rag.Red, "Disengaged", nil, "weekly"))
	_, err = meeting.PlanContact(ctx, s.DB, s.as(authz.Police), s.id, contact.NewPlan{Nominal: red, Day: clock.Today(s.Clock).AddDays(2), Kind: contact.HomeVisit,
		Purpose: "Check the tag", Agency: s.Police, JointAgency: s.Probation})
	s.must(err)
	s.must(meeting.SetAction(ctx, s.DB, co, s.id, red, action.New{Text: "Ring the landlord", Pathway: string(need.Accommodation), Agency: s.Police, DueOn: clock.Today(s.Clock).AddDays(9)}))
	rows, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.DiaryRow, error) {
		_, _, rows, err := meeting.DiaryOf(ctx, q, s.id)
		return rows, err
	})
	s.must(err)
	if len(rows) != 2 || rows[0].Nominal != missed || rows[0].Rule != "R42" || rows[1].Gap != "" || len(rows[1].Days[2].Planned) != 1 {
		t.Errorf("R42 diary: %+v", rows)
	}
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Errorf("R53 still missing: %v", gaps)
	}
	s.must(meeting.Close(ctx, s.DB, co, s.id, ""))

	s.Clock.Advance(7 * 24 * time.Hour)
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	c, err := s.caseOf(authz.Chair, red)
	s.must(err)
	want := []string{"Daily calls agreed", "Action set: Ring the landlord", "Planned: home visit on 11 June 2026, Check the tag"}
	if len(c.Weeklies) != 1 || c.Weeklies[0].HeldOn != clock.NewDate(2026, 6, 9) || !slices.Equal(c.Weeklies[0].Lines, want) {
		t.Errorf("R53 since the last monthly meeting: %+v, want %q", c.Weeklies, want)
	}
	if c.Before == nil || c.Before.Kind != meeting.Operational {
		t.Errorf("R53 looks back at %+v, want the Referral and Operational meeting before", c.Before)
	}
	papers, err := fixture.Read(t, s.Scheme, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Papers, error) {
		return meeting.PapersOf(ctx, q, s.id)
	})
	s.must(err)
	both := 0
	for _, p := range papers.Cases {
		if p.Nominal == red && len(p.Weeklies) == 1 && slices.Equal(p.Weeklies[0].Lines, want) || p.Nominal == missed && len(p.Weeklies) == 1 {
			both++
		}
	}
	if both != 2 {
		t.Errorf("R53 papers: %+v", papers.Cases)
	}
	c, err = s.caseOf(authz.Chair, missed)
	s.must(err)
	if len(c.Waiting) != 1 || !c.Item.Has("R50") || !strings.HasPrefix(c.Waiting[0].AgreedBy, "Practitioners' meeting: ") || len(c.Weeklies) != 1 {
		t.Errorf("R50 to ratify: %+v, %+v", c.Waiting, c.Weeklies)
	}
	s.must(meeting.Ratify(ctx, s.DB, co, s.id, missed, c.Waiting[0].ID, true, ""))
}

// R59, R60: an escalation raised from a case at a meeting comes back to the next one
// with its answer, which that meeting owes until it closes it or asks again; one about
// nobody is a line of the agenda without a case. No practitioners' meeting has them.
func TestAnEscalationComesBackToTheNextMeeting(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	by := clock.Today(s.Clock).AddDays(20)
	about := escalation.New{Nominal: n, Kind: escalation.Service, Issue: "No detox place", Tried: "STAR asked twice", AnswerBy: by}
	gap := escalation.New{Kind: escalation.Resource, Issue: "No bed in the county", Tried: "Both councils asked", AnswerBy: by}
	_, err := meeting.Escalate(ctx, s.DB, co, s.id, about)
	refused(t, "R60 at a meeting that is not open", err, fault.Invalid)
	s.open()
	_, err = meeting.Escalate(ctx, s.DB, s.as(authz.Police), s.id, about)
	refused(t, "R59 police escalate", err, fault.Forbidden)
	ours, err := meeting.Escalate(ctx, s.DB, co, s.id, about)
	s.must(err)
	nobodys, err := meeting.Escalate(ctx, s.DB, co, s.id, gap)
	s.must(err)
	s.must(meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Nothing to be done today"))
	s.Clock.Advance(24 * time.Hour)
	s.must(escalation.Tell(ctx, s.DB, co, ours, 0, escalation.Report{Kind: escalation.Answer, Text: "A place from July", AnsweredBy: "Chair of the group", AnsweredOn: clock.Today(s.Clock)}))
	get := func(id ref.EscalationID) escalation.Escalation {
		t.Helper()
		e, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (escalation.Escalation, error) {
			return escalation.Get(ctx, q, id)
		})
		s.must(err)
		return e
	}
	s.weekly(true)
	if items, err := s.items(authz.Chair); err != nil || len(items) != 1 || items[0].Has("R60") {
		t.Errorf("R60 on the practitioners' agenda: %+v %v", items, err)
	}
	s.Clock.Advance(30 * 24 * time.Hour)
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	items, err := s.items(authz.Chair)
	s.must(err)
	if len(items) != 1 || !items[0].Has("R60") || !items[0].Has("R65") {
		t.Fatalf("R60 agenda: %+v", items)
	}
	business, err := fixture.Read(t, s.Scheme, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]escalation.Escalation, error) {
		return meeting.Business(ctx, q, s.get(authz.Chair))
	})
	s.must(err)
	if len(business) != 1 || business[0].ID != nobodys {
		t.Errorf("R60 lines without a case: %+v", business)
	}
	waits := func() bool {
		return slices.ContainsFunc(s.gaps(), func(g meeting.Gap) bool { return g.Rule == "R60" && g.Nominal == n })
	}
	owesLine := func() bool {
		return slices.ContainsFunc(s.gaps(), func(g meeting.Gap) bool { return g.Rule == "R60" && g.Escalation == nobodys })
	}
	if !owesLine() {
		t.Error("R60 the line without a case is not missed at the closing")
	}
	if !waits() {
		t.Error("R60 the answer is not missed at the closing")
	}
	settle := func(version int64) error {
		return meeting.SettleEscalation(ctx, s.DB, co, s.id, ours, version, escalation.Settlement{Kind: escalation.Closing, Outcome: "The place is taken"})
	}
	refused(t, "R60 closed over an answer that the page did not show", settle(0), fault.Stale)
	s.must(settle(get(ours).Version()))
	if e := get(ours); e.State() != escalation.Closed || e.Entries[1].Meeting != s.id {
		t.Errorf("R60 closed: %+v", e)
	}
	if waits() {
		t.Error("R60 closed, and still missed")
	}
	s.must(meeting.SettleEscalation(ctx, s.DB, co, s.id, nobodys, 0, escalation.Settlement{Kind: escalation.AskedAgain, Outcome: "Asked in writing", AnswerBy: clock.Today(s.Clock).AddDays(14)}))
	if e := get(nobodys); e.State() != escalation.Open || e.Overdue(clock.Today(s.Clock)) {
		t.Errorf("R60 asked again: %+v", e)
	}
	if owesLine() {
		t.Error("R60 asked again, and the line still missed")
	}
	third := gap
	third.Issue, third.AnswerBy = "No transport to the bureau", clock.Today(s.Clock).AddDays(20)
	_, err = meeting.Escalate(ctx, s.DB, co, s.id, third)
	s.must(err)
	s.must(meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "The RED was not there"))
	// What is heard later is not the meeting's.
	s.Clock.Advance(24 * time.Hour)
	s.must(escalation.Tell(ctx, s.DB, co, nobodys, get(nobodys).Version(), escalation.Report{Kind: escalation.Progress, Text: "On the list of the group"}))
	m, err := s.minutes(authz.Chair)
	s.must(err)
	if got, want := said(m, n), "Escalation closed: The place is taken"; got != want {
		t.Errorf("R60 minutes of the case: %q, want %q", got, want)
	}
	if more := m.Entries[0].Records[0].More; more != "the issue: No detox place; the answer of Chair of the group, 2 June 2026: A place from July" {
		t.Errorf("R60 minutes name the answer: %q", more)
	}
	var lines []string
	for _, r := range m.Business {
		lines = append(lines, r.Kind+": "+r.Text)
	}
	if want := []string{"Escalation raised: No transport to the bureau", "Escalation asked again: Asked in writing"}; !slices.Equal(lines, want) {
		t.Errorf("R60 minutes of the lines without a case: %q, want %q", lines, want)
	}
	s.approve()
	if m, err = s.minutes(authz.Chair); err != nil || m.Version != 1 || len(m.Business) != 2 {
		t.Errorf("R60 approved: version %d, %d lines, %v", m.Version, len(m.Business), err)
	}
	bytes, err := meeting.Parcel{Kind: meeting.MinutesPapers, Minutes: m}.File(meeting.FileCopy{For: "x", By: "x", At: s.Clock.Now()})
	s.must(err)
	m.Business = nil
	without, err := meeting.Parcel{Kind: meeting.MinutesPapers, Minutes: m}.File(meeting.FileCopy{For: "x", By: "x", At: s.Clock.Now()})
	s.must(err)
	if len(bytes) <= len(without) {
		t.Error("R60 the file leaves the lines without a case out")
	}
}
