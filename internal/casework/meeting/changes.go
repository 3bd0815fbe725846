package meeting

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// News is one thing recorded of a person since the last meeting.
type News struct {
	At   time.Time // when it was recorded
	Kind string    // what it is, as "Contact"
	Text string
	By   string
	fact string // the table that it is from; empty: none that can be closed
}

// forTheRoom says that it may stand on the wall of a meeting, where guests and partner
// agencies see it: intelligence and drug tests are read by some of those who attend, and
// stay on their own pages (docs/permissions.md).
func (n News) forTheRoom() bool { return n.fact != "intelligence" && n.fact != "drug_test" }

// changesMost bounds what one case shows; the person's own pages have the rest.
const changesMost = 60

// ChangesSince lists what was recorded of a person after a moment, the latest
// first, from every room and within what the actor may read: the case as it has
// moved since the last meeting (R70). What was closed as an error is left out.
func ChangesSince(ctx context.Context, q db.Querier, n ref.NominalID, since time.Time) ([]News, error) {
	all, err := changesOf(ctx, q, []ref.NominalID{n}, since, changesMost)
	return all[n], err
}

// changesOf is ChangesSince for several people in one read, at most so many of each.
func changesOf(ctx context.Context, q db.Querier, ids []ref.NominalID, since time.Time, most int) (map[ref.NominalID][]News, error) {
	rows, err := q.Query(ctx, changesSQL, ids, since, most)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID][]News{}
	var (
		n ref.NominalID
		x News
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &x.At, &x.Kind, &x.Text, &x.By, &x.fact}, func() error {
		all[n] = append(all[n], x)
		return nil
	})
	return all, err
}

const changesSQL = `
	SELECT y.nominal_id, y.at, y.kind, y.text, c.name, y.fact FROM (
		SELECT x.*, row_number() OVER (PARTITION BY x.nominal_id ORDER BY x.at DESC, x.id DESC) AS nth FROM (
			SELECT 'contact' AS fact, nominal_id, id, recorded_at AS at, recorded_by, 'Contact' AS kind,
				to_char(held_on, 'FMDD FMMonth YYYY') || ', ' || kind || ', ' || outcome || ': ' || log AS text
				FROM contact WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'intelligence', nominal_id, id, recorded_at, recorded_by, CASE WHEN increases_risk THEN 'Intelligence of increased risk' ELSE 'Intelligence' END, text
				FROM intelligence WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'custody_spell', s.nominal_id, s.id, s.recorded_at, s.recorded_by, 'Custody',
				'Received into ' || p.name || ' on ' || to_char(received_on, 'FMDD FMMonth YYYY') || ': ' || why
				FROM custody_spell s JOIN prison p ON p.code = s.prison WHERE nominal_id = ANY ($1) AND s.recorded_at > $2
			UNION ALL SELECT 'custody_date', nominal_id, id, recorded_at, recorded_by, 'Custody',
				CASE kind WHEN 'released' THEN 'Released on ' WHEN 'expected release' THEN 'Release expected on '
				ELSE upper(left(kind, 1)) || substr(kind, 2) || ' notified: ' END || to_char(day, 'FMDD FMMonth YYYY')
				FROM custody_date WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'statutory_status', nominal_id, id, recorded_at, recorded_by, 'Statutory status',
				status || coalesce(', until ' || to_char(ends_on, 'FMDD FMMonth YYYY'), '')
				FROM statutory_status WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'sentence', nominal_id, id, recorded_at, recorded_by, 'Sentence',
				kind || ' imposed on ' || to_char(imposed_on, 'FMDD FMMonth YYYY') || ' at ' || court || ': ' || offence
				FROM sentence WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'mappa_level', nominal_id, id, recorded_at, recorded_by, 'MAPPA', CASE level WHEN 0 THEN 'No longer subject' ELSE 'Level ' || level END
				FROM mappa_level WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'drug_test', nominal_id, id, recorded_at, recorded_by, 'Drug test', to_char(tested_on, 'FMDD FMMonth YYYY') || ': ' || result
				FROM drug_test WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'rag_rating', nominal_id, id, recorded_at, recorded_by, 'RAG rating', rating || ': ' || reason
				FROM rag_rating WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'need', nominal_id, id, recorded_at, recorded_by, 'Need', pathway || ', ' || level || CASE needs WHEN '' THEN '' ELSE ': ' || needs END
				FROM need WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'nominal_warning', nominal_id, id, recorded_at, recorded_by, 'Warning', text FROM nominal_warning WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT 'nominal_address', nominal_id, id, recorded_at, recorded_by, 'Address', address FROM nominal_address WHERE nominal_id = ANY ($1) AND recorded_at > $2
			UNION ALL SELECT '', e.nominal_id, e.id, e.recorded_at, e.recorded_by, 'Action ' || e.kind, a.text || CASE WHEN e.text = '' OR e.text = a.text THEN '' ELSE ': ' || e.text END
				FROM action_entry e JOIN action a ON a.id = e.action_id WHERE e.nominal_id = ANY ($1) AND e.recorded_at > $2
		) x
		WHERE NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = x.fact AND f.fact_id = x.id AND f.nominal_id = x.nominal_id)
	) y JOIN account c ON c.id = y.recorded_by
	WHERE y.nth <= $3 ORDER BY y.nominal_id, y.nth`

// ActionEntry is a line of an action's history as the sheet shows it.
type ActionEntry struct {
	Action ref.ActionID
	Kind   string
	Text   string
	DueOn  clock.Date // of an action carried over: the new due date
	At     time.Time
	By     string
	Here   bool // at this meeting
}

// dealtWith are the kinds of entry by which a meeting deals with an action (R69).
var dealtWith = []string{"progress", "carried over", "discharged"}

// entriesOf are what happened to the open actions of a person, and to those that
// this meeting dealt with, after each was set; the earliest first.
func entriesOf(ctx context.Context, q db.Querier, id ref.MeetingID, n ref.NominalID) ([]ActionEntry, error) {
	rows, err := q.Query(ctx, `
		SELECT e.action_id AS action, e.kind, e.text, e.due_on, e.recorded_at AS at, c.name AS by, e.meeting_id IS NOT DISTINCT FROM $2 AS here
		FROM action_entry e JOIN action a ON a.id = e.action_id JOIN account c ON c.id = e.recorded_by
		WHERE e.nominal_id = $1 AND e.kind <> 'set' AND (a.discharged_at IS NULL OR e.meeting_id = $2) ORDER BY e.id`, n, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[ActionEntry])
}
