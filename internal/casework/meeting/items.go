package meeting

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Items is the agenda of a meeting as the actor may see it: worked out anew while
// the meeting is planned, and as it stood at the opening from then on. A guest
// sees the named cases alone (R58). Whoever does not run the meeting sees it
// after signing the confidentiality statement (R62).
func Items(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, []Item, error) {
	m, err := Get(ctx, q, id)
	if err != nil {
		return m, nil, err
	}
	s, err := StandingIn(ctx, q, m)
	if err != nil {
		return m, nil, err
	}
	if !s.Signed && !s.Runs {
		return m, nil, errUnsigned
	}
	items, err := itemsOf(ctx, q, m, s)
	return m, items, err
}

func itemsOf(ctx context.Context, q db.Querier, m Meeting, s Standing) ([]Item, error) {
	if m.OpenedAt != nil {
		return frozen(ctx, q, m)
	}
	items, err := worked(ctx, q, m)
	if err != nil || !s.Guest {
		return items, err
	}
	named, err := namedCases(ctx, q, m.ID)
	return slices.DeleteFunc(items, func(i Item) bool { return !slices.Contains(named, i.Nominal) }), err
}

// worked is the agenda worked out anew: from the rules, in the order by hand, those
// left off at the end.
func worked(ctx context.Context, q db.Querier, m Meeting) ([]Item, error) {
	cases, err := gather(ctx, q, m)
	if err != nil {
		return nil, err
	}
	off, err := leftOffBy(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	moves, err := movesOf(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	items := Agenda(cases, m.HeldOn, m.NextOn)
	for i := range items {
		items[i].LeftOff = off[items[i].Nominal]
	}
	return inOrder(items, moves), nil
}

// namedCases are the cases of a meeting for which the actor is a guest.
func namedCases(ctx context.Context, q db.Querier, id ref.MeetingID) ([]ref.NominalID, error) {
	rows, err := q.Query(ctx, `SELECT nominal_id FROM meeting_guest_case WHERE meeting_id = $1 AND account_id = $2`, id, q.Actor().Account)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[ref.NominalID])
}

// frozen is the agenda as it stood at the opening, with what was added since.
// A guest of this meeting sees only the cases named for it, even where another
// invitation shows more.
func frozen(ctx context.Context, q db.Querier, m Meeting) ([]Item, error) {
	return frozenItems(ctx, q, m, 0)
}

// frozenCase is one case of that agenda; ok is false when it is not on it, or not
// for this person.
func frozenCase(ctx context.Context, q db.Querier, m Meeting, n ref.NominalID) (i Item, ok bool, err error) {
	items, err := frozenItems(ctx, q, m, n)
	if err != nil || len(items) == 0 {
		return i, false, err
	}
	return items[0], true, nil
}

func frozenItems(ctx context.Context, q db.Querier, m Meeting, only ref.NominalID) (items []Item, err error) {
	var off map[ref.NominalID]*LeftOff
	err = db.Together(ctx, q,
		func(ctx context.Context, q db.Querier) (err error) {
			items, err = readFrozen(ctx, q, m, only)
			return err
		},
		db.Into(&off, leftOffBy, m.ID))
	for i := range items {
		items[i].LeftOff = off[items[i].Nominal]
	}
	return items, err
}

func readFrozen(ctx context.Context, q db.Querier, m Meeting, only ref.NominalID) ([]Item, error) {
	rows, err := q.Query(ctx, `
		SELECT i.nominal_id, n.family_name, n.given_names, coalesce(i.referral_id, 0), coalesce(i.registration_id, 0), coalesce(r.rating, ''), i.reasons
		FROM agenda_item i
		JOIN LATERAL (SELECT family_name, given_names FROM nominal_identity x WHERE x.nominal_id = i.nominal_id ORDER BY x.id DESC LIMIT 1) n ON true
		LEFT JOIN registration g ON g.nominal_id = i.nominal_id AND g.ended_at IS NULL
		LEFT JOIN LATERAL (SELECT rating FROM rag_rating x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1) r ON true
		WHERE i.meeting_id = $1 AND i.nominal_id BETWEEN $3 AND $4 AND (NOT EXISTS (SELECT FROM meeting_attendee t WHERE t.meeting_id = $1 AND t.account_id = $2 AND t.capacity = 'guest')
			OR EXISTS (SELECT FROM meeting_guest_case c WHERE c.meeting_id = $1 AND c.account_id = $2 AND c.nominal_id = i.nominal_id))
		ORDER BY i.position, i.nominal_id`, m.ID, q.Actor().Account, only, upTo(only))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Item, err error) {
		var (
			name    nominal.Name
			rating  string
			reasons []byte
		)
		if err := row.Scan(&i.Nominal, &name.Family, &name.Given, &i.Referral, &i.Registration, &rating, &reasons); err != nil {
			return i, err
		}
		i.Name, i.Rating = name.Sorted(), rag.Rating(rating)
		return i, json.Unmarshal(reasons, &i.Reasons)
	})
}

// upTo is the end of the range that begins with an id: itself, or everybody
// after none. A range is one plan for both.
func upTo(only ref.NominalID) ref.NominalID {
	if only == 0 {
		return math.MaxInt64
	}
	return only
}

// Add puts a case on the agenda by hand, with the reason (R59): before the meeting
// or, as any other business, while it is open.
func Add(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := changeable(ctx, tx, id)
		if err != nil {
			return false, err
		}
		scope, err := nominal.Must(ctx, tx, n, authz.RunMeetings)
		if fault.KindOf(err) == fault.NotFound {
			return false, fault.Refuse("case", "R59", "Choose a person of this area from the list")
		}
		if err != nil {
			return false, err
		}
		areas, err := leavesOf(ctx, tx, m.Area)
		if err != nil {
			return false, err
		}
		if !slices.Contains(areas, scope.Area) {
			return false, fault.Refuse("case", "R59", "Choose a person of this area from the list")
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return false, fault.Refuse("reason", "R59", "Enter the reason for adding the case")
		}
		if err := add(ctx, tx, m, n, reason); err != nil {
			return false, err
		}
		e := event("add case", id, scope.Area, "case", "reason")
		e.Nominals = []int64{int64(n)}
		tx.Record(e)
		return true, nil
	})
	return err
}

func add(ctx context.Context, tx *db.Tx, m Meeting, n ref.NominalID, reason string) error {
	tag, err := tx.Exec(ctx, `INSERT INTO agenda_addition (meeting_id, nominal_id, reason, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, m.ID, n, reason, tx.Now(), tx.Actor().Account)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fault.Refuse("case", "R59", "This case has been added already")
	}
	if m.OpenedAt == nil {
		return nil
	}
	items, err := frozen(ctx, tx, m)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(items, func(i Item) bool { return i.Nominal == n }) {
		return fault.Refuse("case", "R59", "This case is on the agenda already")
	}
	var position int
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(position), 0) + 1 FROM agenda_item WHERE meeting_id = $1`, m.ID).Scan(&position); err != nil {
		return err
	}
	item := Item{Nominal: n, Reasons: []Reason{{RuleAddedByChair, reason, clock.DateOf(tx.Now())}}}
	cases, err := gather(ctx, tx, m)
	if err != nil {
		return err
	}
	for _, i := range Agenda(cases, m.HeldOn, m.NextOn) {
		if i.Nominal == n {
			item = i
		}
	}
	return freeze(ctx, tx, m, position, item)
}

// freeze writes one case of the agenda as it stands.
func freeze(ctx context.Context, tx *db.Tx, m Meeting, position int, i Item) error {
	reasons, err := json.Marshal(i.Reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO agenda_item (meeting_id, nominal_id, position, referral_id, registration_id, reasons, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.ID, i.Nominal, position, ref.Null(i.Referral), ref.Null(i.Registration), reasons, tx.Now(), tx.Actor().Account)
	return err
}

// PeopleOf are those whom the actor may put on a meeting's agenda by hand: whoever
// its areas have open access to, registered or referred.
func PeopleOf(ctx context.Context, q db.Querier, m Meeting) ([]ref.NominalID, error) {
	areas, err := leavesOf(ctx, q, m.Area)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `SELECT DISTINCT nominal_id FROM nominal_access WHERE area_id = ANY ($1) AND ends IS NULL
		AND nominal_id <> ALL ($2) ORDER BY 1`, areas, hiddenFrom(q))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[ref.NominalID])
}

// hiddenFrom are the people whom the actor must not see, never nil.
func hiddenFrom(q db.Querier) []int64 {
	if hidden := q.Actor().Hidden; hidden != nil {
		return hidden
	}
	return []int64{}
}
