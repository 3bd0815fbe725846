package meeting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"

	"iom/internal/casework/fixture"
)

func upTo(n int) []ref.NominalID {
	all := make([]ref.NominalID, n)
	for i := range all {
		all[i] = ref.NominalID(i + 1)
	}
	return all
}

// The order by hand is what was asked for: moves turn one order into any other (R59).
func TestMovesGiveTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Permutation(upTo(rapid.IntRange(0, 12).Draw(t, "cases"))).Draw(t, "from")
		to := rapid.Permutation(from).Draw(t, "to")
		moves := meeting.MovesTo(from, to)
		if got := meeting.Arrange(from, moves); !slices.Equal(got, to) {
			t.Fatalf("%v by %v becomes %v, want %v", from, moves, got, to)
		}
		if slices.Equal(from, to) && len(moves) > 0 {
			t.Fatalf("%v stays and is moved by %v", from, moves)
		}
	})
}

// One case that is put elsewhere is one row, however long the agenda is (R59).
func TestOneCaseIsOneMove(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := upTo(400)
		n := ref.NominalID(rapid.IntRange(1, 400).Draw(t, "case"))
		at := rapid.IntRange(1, 400).Draw(t, "place")
		to := meeting.Placed(from, map[ref.NominalID]int{n: at})
		if slices.Index(to, n)+1 != at {
			t.Fatalf("%d was put at %d and stands at %d", n, at, slices.Index(to, n)+1)
		}
		want := 1
		if int(n) == at {
			want = 0
		}
		if moves := meeting.MovesTo(from, to); len(moves) != want {
			t.Fatalf("%d to %d: %d moves, want %d", n, at, len(moves), want)
		}
	})
}

// A case that the rules bring later, or take off again, leaves the order by hand of
// all others as it was (R59, R68).
func TestTheRulesDoNotUndoTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := upTo(rapid.IntRange(2, 10).Draw(t, "cases"))
		to := rapid.Permutation(from).Draw(t, "to")
		moves := meeting.MovesTo(from, to)
		with := slices.Insert(slices.Clone(from), rapid.IntRange(0, len(from)).Draw(t, "where"), ref.NominalID(99))
		got := slices.DeleteFunc(meeting.Arrange(with, moves), func(n ref.NominalID) bool { return n == 99 })
		if !slices.Equal(got, to) {
			t.Fatalf("with one more: %v, want %v", got, to)
		}
	})
}

func TestPlaced(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		places map[ref.NominalID]int
		want   string
	}{
		{nil, "[1 2 3 4 5]"},
		{map[ref.NominalID]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, "[1 2 3 4 5]"},
		{map[ref.NominalID]int{5: 1}, "[5 1 2 3 4]"},
		{map[ref.NominalID]int{1: 99}, "[2 3 4 5 1]"},
		{map[ref.NominalID]int{4: 0}, "[4 1 2 3 5]"},
		{map[ref.NominalID]int{1: 2, 2: 1}, "[2 1 3 4 5]"},
		{map[ref.NominalID]int{5: 2, 4: 1}, "[4 5 1 2 3]"},
		{map[ref.NominalID]int{77: 2}, "[1 2 3 4 5]"},
	} {
		if got := fmt.Sprint(meeting.Placed(upTo(5), c.places)); got != c.want {
			t.Errorf("%v: %s, want %s", c.places, got, c.want)
		}
	}
}

// The cases of an agency that presents them come together, where its first stands (R2).
func TestTogether(t *testing.T) {
	t.Parallel()
	var items []meeting.Item
	for i, agency := range []ref.AgencyID{7, 8, 7, 9, 8, 7} {
		items = append(items, meeting.Item{Nominal: ref.NominalID(i + 1), Presents: meeting.Presenter{Agency: agency}})
	}
	if got := fmt.Sprint(meeting.Together(items)); got != "[1 3 6 2 5 4]" {
		t.Errorf("together %s", got)
	}
}

func (s *table) names() string {
	s.t.Helper()
	items, err := s.items(authz.Coordinator)
	s.must(err)
	var names []string
	for _, i := range items {
		names = append(names, strings.TrimSuffix(i.Name, ", Jo"))
	}
	return strings.Join(names, " ")
}

// The running order of a planned meeting is set by hand, kept when the rules bring
// another case, and frozen when the meeting opens (R59, R68).
func TestTheOrderByHand(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	of := map[string]ref.NominalID{}
	for _, name := range []string{"Alder", "Birch", "Cedar"} {
		of[name], _ = s.Registered(t, s.East, name, "Jo", rag.Red)
	}
	s.sit(authz.Coordinator, authz.Chair)
	must(t, meeting.MoveCase(ctx, s.DB, co, s.id, of["Cedar"], true))
	if got := s.names(); got != "Alder Cedar Birch" {
		t.Errorf("one up: %s", got)
	}
	must(t, meeting.MoveCase(ctx, s.DB, s.as(authz.Coordinator), s.id, of["Alder"], true)) // the first stays
	seen, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (int64, error) {
		return meeting.LastMove(ctx, q, s.id)
	})
	must(t, err)
	must(t, meeting.SetOrder(ctx, s.DB, s.as(authz.Coordinator), s.id, seen, map[ref.NominalID]int{of["Birch"]: 1}))
	refused(t, "places typed into an order that has changed", meeting.SetOrder(ctx, s.DB, s.as(authz.Coordinator), s.id, seen,
		map[ref.NominalID]int{of["Cedar"]: 1}), fault.Invalid)
	s.Registered(t, s.East, "Aspen", "Jo", rag.Red)
	if got := s.names(); got != "Birch Alder Aspen Cedar" {
		t.Errorf("with one more: %s", got)
	}
	refused(t, "a police officer orders", meeting.MoveCase(ctx, s.DB, s.as(authz.Police), s.id, of["Cedar"], true), fault.Forbidden)
	s.open()
	if got := s.names(); got != "Birch Alder Aspen Cedar" {
		t.Errorf("frozen: %s", got)
	}
	refused(t, "ordering an open meeting", meeting.OrderByRules(ctx, s.DB, s.as(authz.Coordinator), s.id), fault.Invalid)
}

// Two presses bring the cases of an agency together, and back to the order of the
// rules (R2, R68).
func TestGroupedAndBack(t *testing.T) {
	t.Parallel()
	s := lay(t)
	for _, name := range []string{"Alder", "Birch"} {
		s.Registered(t, s.East, name, "Jo", rag.Red) // led by probation
	}
	s.referred("Zelkova") // presented by the police
	must(t, s.sign(authz.Coordinator))
	of, err := s.items(authz.Coordinator)
	must(t, err)
	must(t, meeting.MoveCase(t.Context(), s.DB, s.as(authz.Coordinator), s.id, of[0].Nominal, false))
	if got := s.names(); got != "Alder Zelkova Birch" {
		t.Fatalf("moved: %s", got)
	}
	must(t, meeting.GroupByAgency(t.Context(), s.DB, s.as(authz.Coordinator), s.id))
	if got := s.names(); got != "Alder Birch Zelkova" {
		t.Errorf("together: %s", got)
	}
	must(t, meeting.OrderByRules(t.Context(), s.DB, s.as(authz.Coordinator), s.id))
	if got := s.names(); got != "Zelkova Alder Birch" {
		t.Errorf("back: %s", got)
	}
}
