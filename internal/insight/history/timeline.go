// Package history tells what was recorded of a nominal, in one line after the
// other, and who has looked at the record. It only reads.
package history

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Groups are the parts into which the timeline can be narrowed.
var Groups = []string{"contacts", "needs", "custody and sentence", "rating and registration", "plan and actions", "meetings", "referrals",
	"identity", "intelligence and tests"}

// Event is one thing that was recorded.
type Event struct {
	On         clock.Date `db:"on_day"` // when it was so
	RecordedAt time.Time  `db:"at"`
	Group      string     `db:"grp"`
	Title      string     `db:"title"`
	Text       string     `db:"body"`
	Source     string     `db:"source"`
	By         string     `db:"by_name"`
	Closed     string     `db:"closed"` // "ended" or "entered in error"; empty: it stands
	ClosedFor  string     `db:"closed_for"`
	ClosedBy   string     `db:"closed_by"`
	ClosedAt   *time.Time `db:"closed_at"`
}

// Late says that it was recorded on a later day than it happened.
func (e Event) Late() bool { return clock.DateOf(e.RecordedAt) != e.On }

// Of gives the events of a nominal, the latest first: those that the actor may
// read, and nothing of the others. group is one of Groups, or empty for all.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID, group string, skip, limit int) ([]Event, error) {
	rows, err := q.Query(ctx, timeline, nominal, group, skip, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Event])
}

// One gives what a row of a table says of a nominal; ok is false where the actor
// may not read it, or it is not of this nominal.
func One(ctx context.Context, q db.Querier, nominal ref.NominalID, table string, id int64) (e Event, ok bool, err error) {
	for _, k := range kinds {
		if k.table != table || keyless[table] {
			continue
		}
		rows, err := q.Query(ctx, events(k.rows())+` WHERE e.id = $2`, nominal, id)
		if err != nil {
			return Event{}, false, err
		}
		e, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Event])
		if errors.Is(err, pgx.ErrNoRows) {
			return Event{}, false, nil
		}
		return e, err == nil, err
	}
	return Event{}, false, nil
}

// timeline is every kind of row of a person, each reduced to the same columns. A
// fact that was closed stays in it, with the closing beside it: a closing is read
// only together with its fact, so that it tells nothing to those who may not read
// the fact.
var timeline = events(strings.Join(parts(), "\nUNION ALL ")) + `
	WHERE $2 = '' OR e.grp = $2
	ORDER BY e.on_day DESC, e.at DESC, e.fact, e.id DESC OFFSET $3 LIMIT $4`

// events are the columns of Event, with the closing beside each of the rows.
func events(rows string) string {
	return `SELECT e.on_day, e.at, e.grp, e.title, e.body, e.source, a.name AS by_name,
		coalesce(f.how, '') AS closed, coalesce(f.reason, '') AS closed_for, coalesce(b.name, '') AS closed_by, f.recorded_at AS closed_at
	FROM (` + rows + `) e
	JOIN account a ON a.id = e.by
	LEFT JOIN LATERAL (SELECT * FROM fact_closed c WHERE c.fact = e.fact AND c.fact_id = e.id
		ORDER BY c.how = 'ended' LIMIT 1) f ON true -- what ended may have been entered in error: then that counts
	LEFT JOIN account b ON b.id = f.recorded_by`
}

// a part names its table, its group, and how the common columns come from it.
type part struct {
	table, group, on, title, body, source, joins string
}

func parts() []string {
	all := make([]string, 0, len(kinds))
	for _, k := range kinds {
		all = append(all, k.rows())
	}
	return all
}

// rows selects the rows of a part that say something of the nominal $1.
func (k part) rows() string {
	id, source := "t.id", "''"
	if k.source != "" {
		source = k.source
	}
	if keyless[k.table] {
		id = "0"
	}
	return `SELECT '` + k.table + `' AS fact, ` + id + `::bigint AS id, ` + k.on + ` AS on_day, t.recorded_at AS at, '` + k.group + `' AS grp, ` +
		k.title + ` AS title, ` + k.body + ` AS body, ` + source + ` AS source, t.recorded_by AS by FROM ` + k.table + ` t ` + k.joins + ` WHERE t.nominal_id = $1`
}

// keyless are the tables whose rows are of something else: they have no id and
// are never closed.
var keyless = map[string]bool{"referral_submission": true, "referral_withdrawal": true, "deregistration": true, "deregistration_refusal": true,
	"registration_closure": true, "rag_ratification": true, "rag_early_lowering": true, "registration_transfer_in": true, "drug_test_share": true, "intelligence_share": true}

// recorded is the legal day on which a row was made.
const recorded = `(t.recorded_at AT TIME ZONE 'Europe/London')::date`
