package escalation_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/area"
	"iom/internal/casework/escalation"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

// R60: an answered or overdue escalation comes back to the next meeting, and no other
// does; what the meeting asks again waits for its new day.
func TestAnAnsweredOrOverdueEscalationComesBack(t *testing.T) {
	t.Parallel()
	answered := escalation.Entry{Kind: escalation.Answer, AnsweredOn: day("2026-06-10")}
	again := escalation.Entry{Kind: escalation.AskedAgain, AnswerBy: day("2026-07-20")}
	for _, c := range []struct {
		what    string
		entries []escalation.Entry
		on      string
		since   string // empty: it does not come back
	}{
		{"R60 open, before its day", nil, "2026-06-14", ""},
		{"R60 open, on its day", nil, "2026-06-15", ""},
		{"R60 overdue", nil, "2026-06-16", "2026-06-15"},
		{"R60 acknowledged is no answer", []escalation.Entry{{Kind: escalation.Acknowledged}}, "2026-06-16", "2026-06-15"},
		{"R60 progress is no answer", []escalation.Entry{{Kind: escalation.Progress}}, "2026-06-14", ""},
		{"R60 answered", []escalation.Entry{answered}, "2026-06-12", "2026-06-10"},
		{"R60 asked again, before the new day", []escalation.Entry{answered, again}, "2026-07-20", ""},
		{"R60 asked again, overdue", []escalation.Entry{answered, again}, "2026-07-21", "2026-07-20"},
		{"R60 closed", []escalation.Entry{answered, {Kind: escalation.Closing}}, "2026-07-21", ""},
	} {
		e := escalation.Escalation{Asked: day("2026-06-15"), Entries: c.entries}
		since, ok := e.Returns(day(c.on))
		if ok != (c.since != "") || ok && since != day(c.since) {
			t.Errorf("%s: %v since %s", c.what, ok, since)
		}
	}
}

// Property, R60: whatever is recorded, an escalation is closed for good exactly when a
// meeting closed it, and answered exactly when its last decisive entry is an answer.
func TestTheLastDecisiveEntryDecides(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOf(rapid.SampledFrom([]escalation.EntryKind{escalation.Acknowledged, escalation.Progress, escalation.Answer, escalation.AskedAgain,
			escalation.Closing})).Draw(t, "entries")
		var e escalation.Escalation
		want := escalation.Open
		for i, k := range kinds {
			e.Entries = append(e.Entries, escalation.Entry{ID: int64(i + 1), Kind: k})
			if want == escalation.Closed {
				continue
			}
			want = map[escalation.EntryKind]escalation.State{escalation.Answer: escalation.Answered, escalation.AskedAgain: escalation.Open,
				escalation.Closing: escalation.Closed, escalation.Acknowledged: want, escalation.Progress: want}[k]
		}
		if e.State() != want {
			t.Fatalf("%v: %s, want %s", kinds, e.State(), want)
		}
	})
}

// R181: three delivery groups, one for each area below the force; a hub asks that of
// the area above it.
func TestAHubAsksTheDeliveryGroupOfItsArea(t *testing.T) {
	t.Parallel()
	tree := []area.Area{{ID: 1, Depth: 0, Name: "Sussex"}, {ID: 2, Parent: 1, Depth: 1, Name: "East Sussex"}, {ID: 3, Parent: 1, Depth: 1, Name: "West Sussex"},
		{ID: 4, Parent: 3, Depth: 2, Name: "North"}}
	for of, want := range map[ref.AreaID][]ref.AreaID{1: {2, 3}, 2: {2}, 3: {3}, 4: {3}, 9: nil} {
		var got []ref.AreaID
		for _, a := range escalation.GroupsFor(tree, of) {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("area %d asks %v, want %v", of, got, want)
		}
	}
}

// R59, R60: what is missing from an escalation, an answer, or what a meeting makes of
// it, is named at its field.
func TestWhatKeepsAnEscalationFromBeingRecorded(t *testing.T) {
	t.Parallel()
	today, group := day("2026-06-01"), []ref.AreaID{3}
	good := escalation.New{Kind: escalation.Resource, Issue: "No bed", Tried: "Asked both councils", Group: 3, AnswerBy: day("2026-06-02")}
	check := func(what string, got []fault.Problem, want ...string) {
		t.Helper()
		var fields []string
		for _, p := range got {
			fields = append(fields, p.Field)
		}
		if !slices.Equal(fields, want) {
			t.Errorf("%s: %v, want %v", what, fields, want)
		}
	}
	check("R60 whole", escalation.Check(good, group, today))
	check("R60 nothing filled in", escalation.Check(escalation.New{}, group, today), "kind", "issue", "tried", "group", "answer_by")
	late := good
	late.AnswerBy = today
	check("R60 an answer by today", escalation.Check(late, group, today), "answer_by")

	open := escalation.Escalation{RaisedAt: today.Start()}
	check("R60 taken note of", escalation.CheckReport(open, escalation.Report{Kind: escalation.Acknowledged, Text: "On the list"}, today))
	check("R60 a meeting's entry is no report", escalation.CheckReport(open, escalation.Report{Kind: escalation.Closing, Text: "x"}, today), "what")
	check("R60 an answer of nobody", escalation.CheckReport(open, escalation.Report{Kind: escalation.Answer, Text: "Yes"}, today), "answered_by", "answered_on")
	check("R60 an answer of tomorrow", escalation.CheckReport(open, escalation.Report{Kind: escalation.Answer, Text: "Yes", AnsweredBy: "A", AnsweredOn: today.AddDays(1)}, today), "answered_on")
	check("R60 an answer before the question", escalation.CheckReport(open, escalation.Report{Kind: escalation.Answer, Text: "Yes", AnsweredBy: "A", AnsweredOn: today.AddDays(-1)}, today), "answered_on")

	check("R60 closed without an outcome", escalation.CheckSettlement(open, escalation.Settlement{Kind: escalation.Closing}, today), "outcome")
	check("R60 asked again without a day", escalation.CheckSettlement(open, escalation.Settlement{Kind: escalation.AskedAgain, Outcome: "x"}, today), "again_by")
	check("R60 closed twice", escalation.CheckSettlement(escalation.Escalation{Entries: []escalation.Entry{{Kind: escalation.Closing}}},
		escalation.Settlement{Kind: escalation.Closing, Outcome: "x"}, today), "")
}

// R60: an escalation is its own record, of its area or its person and of nobody else;
// only those who run the meetings raise and answer; a form that came late does not
// decide over what it did not show.
func TestAnEscalationIsItsOwnRecord(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	ctx := t.Context()
	n, _ := s.Registered(t, s.North, "Redwood", "Rae", rag.Red)
	by := clock.Today(s.Clock).AddDays(14)
	about := escalation.New{Nominal: n, Kind: escalation.Service, Issue: "No detox place", Tried: "STAR asked twice", AnswerBy: by}
	gap := escalation.New{Area: s.North, Kind: escalation.Resource, Issue: "No bed in the county", Tried: "Both councils asked", AnswerBy: by}
	if _, err := escalation.Raise(ctx, s.DB, s.As(authz.Police, s.North), gap); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("police raise an escalation: %v", err)
	}
	ours, err := escalation.Raise(ctx, s.DB, s.As(authz.Coordinator, s.North), about)
	must(t, err)
	nobodys, err := escalation.Raise(ctx, s.DB, s.As(authz.Chair, s.North), gap)
	must(t, err)
	get := func(r authz.Role, at ref.AreaID, id ref.EscalationID) (escalation.Escalation, error) {
		return fixture.Read(t, s, s.Account(r, at), func(ctx context.Context, q *db.ReadTx) (escalation.Escalation, error) {
			return escalation.Get(ctx, q, id)
		})
	}
	for _, id := range []ref.EscalationID{ours, nobodys} {
		e, err := get(authz.Partner, s.North, id)
		must(t, err)
		if e.Group != s.West || e.GroupName != "West Sussex" || e.State() != escalation.Open || e.RaisedAt.After(s.Clock.Now()) {
			t.Errorf("escalation %+v", e)
		}
		for _, who := range []authz.Role{authz.Coordinator, authz.Partner} {
			if _, err := get(who, s.South, id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s of South reads North's escalation: %v", who, err)
			}
		}
		if _, err := get(authz.Auditor, s.North, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an auditor reads an escalation: %v", err)
		}
		if err := escalation.Tell(ctx, s.DB, s.As(authz.Coordinator, s.South), id, 0, escalation.Report{Kind: escalation.Progress, Text: "x"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("South adds to North's escalation: %v", err)
		}
	}
	s.Clock.Advance(24 * time.Hour)
	must(t, escalation.Tell(ctx, s.DB, s.As(authz.Coordinator, s.North), ours, 0, escalation.Report{Kind: escalation.Acknowledged, Text: "On the agenda of the group"}))
	answer := escalation.Report{Kind: escalation.Answer, Text: "A place from July", AnsweredBy: "Chair of the group", AnsweredOn: clock.Today(s.Clock)}
	if err := escalation.Tell(ctx, s.DB, s.As(authz.Chair, s.North), ours, 0, answer); fault.KindOf(err) != fault.Stale {
		t.Errorf("an answer over an acknowledgement that the page did not show: %v", err)
	}
	e, err := get(authz.Chair, s.North, ours)
	must(t, err)
	must(t, escalation.Tell(ctx, s.DB, s.As(authz.Chair, s.North), ours, e.Version(), answer))
	e, err = get(authz.Police, s.North, ours)
	must(t, err)
	if last, ok := e.Last(escalation.Answer); e.State() != escalation.Answered || !ok || last.AnsweredBy != "Chair of the group" || last.By != "Charlie Northcott" || len(e.Entries) != 2 {
		t.Errorf("answered: %+v", e)
	}
	if err := escalation.Tell(ctx, s.DB, s.As(authz.Chair, s.North), ours, e.Version(), answer); fault.KindOf(err) != fault.Invalid {
		t.Errorf("answered twice: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
