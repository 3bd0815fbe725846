package meeting

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Move puts one case of the running order directly before another, or last. The
// order by hand is kept as such moves, never as a list of places: a case that the
// rules bring later, or take off, disturbs nobody's order.
type Move struct {
	ID     int64 // of the row; the latest says which order somebody has seen
	Case   ref.NominalID
	Before ref.NominalID // 0: last
}

// Arrange applies moves to an order, in their order. One of a case that is not there
// does nothing, and one to a case that is not there leaves the case where it is.
func Arrange(order []ref.NominalID, moves []Move) []ref.NominalID {
	order = slices.Clone(order)
	for _, m := range moves {
		from := slices.Index(order, m.Case)
		if from < 0 || m.Before != 0 && !slices.Contains(order, m.Before) || m.Before == m.Case {
			continue
		}
		order = slices.Delete(order, from, from+1)
		to := len(order)
		if m.Before != 0 {
			to = slices.Index(order, m.Before)
		}
		order = slices.Insert(order, to, m.Case)
	}
	return order
}

// MovesTo are the fewest moves that turn one order into another of the same cases:
// whoever is in the longest run that keeps its order stays, all others are moved.
func MovesTo(from, to []ref.NominalID) []Move {
	place := map[ref.NominalID]int{}
	for i, n := range from {
		place[n] = i
	}
	stays := longestRun(to, place)
	var moves []Move
	for i := len(to) - 1; i >= 0; i-- {
		if stays[to[i]] {
			continue
		}
		m := Move{Case: to[i]}
		if i+1 < len(to) {
			m.Before = to[i+1]
		}
		moves = append(moves, m)
	}
	return moves
}

// longestRun is the longest part of an order whose places rise.
func longestRun(order []ref.NominalID, place map[ref.NominalID]int) map[ref.NominalID]bool {
	var ends []int // ends[l] is where the run of length l+1 with the lowest end stands in order
	before := make([]int, len(order))
	for i, n := range order {
		l, _ := slices.BinarySearchFunc(ends, place[n], func(e, at int) int { return place[order[e]] - at })
		before[i] = -1
		if l > 0 {
			before[i] = ends[l-1]
		}
		if l == len(ends) {
			ends = append(ends, i)
		} else {
			ends[l] = i
		}
	}
	run := map[ref.NominalID]bool{}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			run[order[i]] = true
		}
	}
	return run
}

// Placed is an order with some cases put at places counted from 1, the first of the
// places first; all others keep their order around them. A place beyond the end is
// the end.
func Placed(order []ref.NominalID, places map[ref.NominalID]int) []ref.NominalID {
	var moved []ref.NominalID
	rest := slices.DeleteFunc(slices.Clone(order), func(n ref.NominalID) bool {
		at, given := places[n]
		if given = given && at != slices.Index(order, n)+1; given {
			moved = append(moved, n)
		}
		return given
	})
	slices.SortStableFunc(moved, func(a, b ref.NominalID) int { return places[a] - places[b] })
	for _, n := range moved {
		rest = slices.Insert(rest, min(max(places[n], 1)-1, len(rest)), n)
	}
	return rest
}

// Together is the order with the cases of each presenting agency together, each
// group where its first case stands: an agency that comes for some cases alone need
// not wait through all others.
func Together(items []Item) []ref.NominalID {
	var agencies []ref.AgencyID
	for _, i := range items {
		if !slices.Contains(agencies, i.Presents.Agency) {
			agencies = append(agencies, i.Presents.Agency)
		}
	}
	var order []ref.NominalID
	for _, a := range agencies {
		for _, i := range items {
			if i.Presents.Agency == a {
				order = append(order, i.Nominal)
			}
		}
	}
	return order
}

// inOrder is the items in the order by hand; those left off stand at the end.
func inOrder(items []Item, moves []Move) []Item {
	place := map[ref.NominalID]int{}
	for i, n := range Arrange(idsOf(items), moves) {
		place[n] = i
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b Item) int {
		if off := offLast(a) - offLast(b); off != 0 {
			return off
		}
		return place[a.Nominal] - place[b.Nominal]
	})
	return items
}

func offLast(i Item) int {
	if i.LeftOff != nil {
		return 1
	}
	return 0
}

func idsOf(items []Item) []ref.NominalID {
	ids := make([]ref.NominalID, len(items))
	for i, item := range items {
		ids[i] = item.Nominal
	}
	return ids
}

// movesOf are the moves by hand of a meeting, as they were made.
func movesOf(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Move, error) {
	rows, err := q.Query(ctx, `SELECT id, nominal_id AS case, coalesce(before_id, 0) AS before FROM agenda_move WHERE meeting_id = $1 ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Move])
}

// LastMove says which order somebody sees: the latest move by hand of a meeting, 0
// while it has that of the rules.
func LastMove(ctx context.Context, q db.Querier, id ref.MeetingID) (move int64, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM agenda_move WHERE meeting_id = $1`, id).Scan(&move)
	return move, err
}

// MoveCase moves a case one place up or down in the running order of a planned
// meeting. The first does not go up, nor the last down.
func MoveCase(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, up bool) error {
	return reorder(ctx, d, s, id, func(order []ref.NominalID, _ []Item) ([]ref.NominalID, error) {
		at := slices.Index(order, n)
		to := at + 1
		if up {
			to = at - 1
		}
		if at < 0 {
			return nil, fault.Refuse("", "R59", "This case is not on the agenda any more")
		}
		if to >= 0 && to < len(order) {
			order[at], order[to] = order[to], order[at]
		}
		return order, nil
	})
}

// SetOrder puts cases at the places typed, counted from 1, in the running order of
// a planned meeting; the others keep their order. seen is what LastMove was on the
// page: who typed places into an order that has changed since types them anew.
func SetOrder(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, seen int64, places map[ref.NominalID]int) error {
	return reorder(ctx, d, s, id, func(order []ref.NominalID, _ []Item) ([]ref.NominalID, error) {
		return Placed(order, places), nil
	}, seen)
}

// GroupByAgency brings the cases of each presenting agency together.
func GroupByAgency(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	return reorder(ctx, d, s, id, func(_ []ref.NominalID, items []Item) ([]ref.NominalID, error) {
		return Together(items), nil
	})
}

// OrderByRules goes back to the order that the rules give.
func OrderByRules(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	return reorder(ctx, d, s, id, func(_ []ref.NominalID, items []Item) ([]ref.NominalID, error) {
		slices.SortFunc(items, byRules)
		return idsOf(items), nil
	})
}

// reorder keeps what a change makes of the running order of a planned meeting.
func reorder(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID,
	change func(order []ref.NominalID, items []Item) ([]ref.NominalID, error), seen ...int64) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return false, err
		}
		last, err := LastMove(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if len(seen) > 0 && seen[0] != last {
			return false, fault.Refuse("", "R59", "Somebody changed the order while this page was open. It is shown as it stands now: enter the places again")
		}
		items, err := worked(ctx, tx, m)
		if err != nil {
			return false, err
		}
		items = slices.DeleteFunc(items, func(i Item) bool { return i.LeftOff != nil })
		before := idsOf(items)
		after, err := change(slices.Clone(before), items)
		if err != nil {
			return false, err
		}
		return true, keepMoves(ctx, tx, m, MovesTo(before, after))
	})
	return err
}

func keepMoves(ctx context.Context, tx *db.Tx, m Meeting, moves []Move) error {
	var cases, before []int64
	for _, move := range moves {
		cases, before = append(cases, int64(move.Case)), append(before, int64(move.Before))
	}
	_, err := tx.Exec(ctx, `INSERT INTO agenda_move (meeting_id, nominal_id, before_id, recorded_at, recorded_by)
		SELECT $1, u.n, nullif(u.b, 0), $4, $5 FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY u(n, b, i) ORDER BY u.i`,
		m.ID, cases, before, tx.Now(), tx.Actor().Account)
	e := event("order", m.ID, m.Area, "order")
	e.Operation, e.Nominals, e.Listed = audit.Alter, cases, true
	tx.Record(e)
	return err
}
