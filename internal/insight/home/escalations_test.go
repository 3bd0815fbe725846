package home_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/escalation"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/home"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// R60: what no meeting has closed stands on the start page of those who run the
// meetings of the area: what should have been answered first, then what was answered,
// then what is asked; nobody else has it there, nor has an area beside.
func TestEscalationsWaitOnTheStartPageOfWhoRunsMeetings(t *testing.T) {
	t.Parallel()
	s := fixture.New(t) // 1 June 2026
	ctx := t.Context()
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	raise := func(issue string, about ref.NominalID, by clock.Date) ref.EscalationID {
		t.Helper()
		id, err := escalation.Raise(ctx, s.DB, s.As(authz.Coordinator, s.East), escalation.New{Area: s.East, Nominal: about, Kind: escalation.Resource, Issue: issue,
			Tried: "Everything", AnswerBy: by})
		must(err)
		return id
	}
	answer := func(id ref.EscalationID) {
		t.Helper()
		must(escalation.Tell(ctx, s.DB, s.As(authz.Chair, s.East), id, 0, escalation.Report{Kind: escalation.Answer, Text: "Yes", AnsweredBy: "The group", AnsweredOn: clock.Today(s.Clock)}))
	}
	settle := func(id ref.EscalationID, with escalation.Settlement) {
		t.Helper()
		at := s.Meeting(t, s.East)
		do(t, s, func(ctx context.Context, tx *db.Tx) error {
			e, err := escalation.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			return escalation.Settle(ctx, tx, e, at, with)
		})
	}
	day := func(d int) clock.Date { return clock.NewDate(2026, 6, d) }
	asked := raise("A car", 0, day(30))
	late := raise("No place", of, day(9))
	answered, again, closed := raise("No bed", 0, day(5)), raise("No nurse", 0, day(4)), raise("No key", 0, day(4))
	s.Clock.Set(day(3).At(9, 0))
	for _, id := range []ref.EscalationID{answered, again, closed} {
		answer(id)
	}
	settle(again, escalation.Settlement{Kind: escalation.AskedAgain, Outcome: "Not enough", AnswerBy: day(20)})
	settle(closed, escalation.Settlement{Kind: escalation.Closing, Outcome: "Content"})
	s.Clock.Set(day(10).At(9, 0))

	stands := func(role authz.Role, area ref.AreaID, overdue int, want ...home.Item) {
		t.Helper()
		h, err := fixture.Read(t, s, s.Account(role, area), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
		must(err)
		var got home.Block
		for _, b := range h.Blocks {
			if b.Kind == home.Escalations {
				got = b
			}
		}
		if !slices.Equal(got.Items, want) || got.Late != overdue {
			t.Errorf("R60 %s: %+v, want %+v", role, got, want)
		}
	}
	area := func(id ref.EscalationID, issue string, on clock.Date, note string) home.Item {
		return home.Item{ID: int64(id), Name: "East Sussex", What: issue, Day: on, Note: note}
	}
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair} {
		stands(role, s.East, 1, home.Item{ID: int64(late), Nominal: of, Name: "Marlow, Dean", What: "No place", Day: day(9)},
			area(answered, "No bed", day(3), home.Answered), area(again, "No nurse", day(20), ""), area(asked, "A car", day(30), ""))
	}
	for _, role := range []authz.Role{authz.Police, authz.Probation, authz.Partner, authz.Guest, authz.Analyst, authz.Administrator} {
		stands(role, s.East, 0)
	}
	stands(authz.Coordinator, s.Brighton, 0)
}
