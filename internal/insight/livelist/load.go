package livelist

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/contact"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/db"
)

// closable are the tables of facts that can be closed (ended, or entered in error)
// and that the summary reads. The ids of what was closed are asked for first and
// given to the statement as parameters, in this order after its own: that makes it
// several times quicker than asking the protected table of closings in ten places.
var closable = []string{"nominal_warning", "contact", "mappa_level", "custody_spell", "custody_move", "custody_date", "checklist_line"}

const ownParameters = 6

// standing leaves out a fact that was closed.
func standing(table, alias string) string {
	at := slices.Index(closable, table)
	if at < 0 {
		panic("livelist: the closings of " + table + " are not asked for")
	}
	return ` AND ` + alias + `.id <> ALL ($` + strconv.Itoa(ownParameters+1+at) + `::bigint[])`
}

func closed(ctx context.Context, q db.Querier, nominals []int64) (map[string][]int64, error) {
	rows, err := q.Query(ctx, `SELECT fact, fact_id FROM fact_closed WHERE nominal_id = ANY ($1) AND fact = ANY ($2)`, nominals, closable)
	if err != nil {
		return nil, err
	}
	var (
		fact string
		id   int64
		all  = map[string][]int64{}
	)
	_, err = pgx.ForEachRow(rows, []any{&fact, &id}, func() error {
		all[fact] = append(all[fact], id)
		return nil
	})
	return all, err
}

// loading gathers the facts of the current registrations of some nominals. It is
// asked for a few at a time, and takes everything from the tables that hold it.
var loading = `
	SELECT g.id AS registration, g.nominal_id AS nominal, g.area_id AS area, g.began_on,
		coalesce(i.family_name, '') AS family, coalesce(i.given_names, '') AS given, i.born,
		ARRAY(SELECT w.text FROM nominal_warning w WHERE w.nominal_id = g.nominal_id` + standing("nominal_warning", "w") + ` ORDER BY w.id) AS warnings,
		coalesce(h.ratings, '{}') AS ratings, coalesce(h.rated_on, '{}') AS rated_on, coalesce(h.at_meeting, '{}') AS at_meeting,
		coalesce(h.ratified, false) AS ratified,
		l.account_id AS lead_account, coalesce(la.name, '') AS lead_name, l.agency_id AS lead_agency, coalesce(ly.name, '') AS agency_name,
		coalesce(c.prison, '') AS prison, coalesce(m.level, 0) AS mappa,
		ARRAY(SELECT p.group_id FROM (SELECT DISTINCT ON (x.group_id) x.group_id, x.member FROM nominal_priority_group x
			WHERE x.nominal_id = g.nominal_id ORDER BY x.group_id, x.id DESC) p WHERE p.member ORDER BY p.group_id) AS groups,
		ARRAY(SELECT a.due_on FROM action a WHERE a.nominal_id = g.nominal_id AND a.discharged_at IS NULL ORDER BY a.due_on) AS action_dues,
		(SELECT max(k.held_on) FROM contact k WHERE k.nominal_id = g.nominal_id AND k.kind <> ALL ($3) AND k.outcome = ANY ($4)` + standing("contact", "k") + `) AS last_contact,
		(SELECT max(k.held_on) FROM contact k WHERE k.nominal_id = g.nominal_id AND k.kind = $5 AND k.outcome = ANY ($2)` + standing("contact", "k") + `) AS last_visit,
		EXISTS (SELECT FROM deregistration_proposal d WHERE d.registration_id = g.id
			AND NOT EXISTS (SELECT FROM deregistration_refusal f WHERE f.proposal_id = d.id)) AS proposed,
		$6 - (SELECT count(DISTINCT c.line)::int FROM checklist_line c WHERE c.registration_id = g.id AND c.list = 'adoption'` + standing("checklist_line", "c") + `) AS lines_missing
	FROM registration g
	LEFT JOIN LATERAL (SELECT * FROM nominal_identity x WHERE x.nominal_id = g.nominal_id ORDER BY x.id DESC LIMIT 1) i ON true
	LEFT JOIN LATERAL (
		SELECT array_agg(r.rating ORDER BY r.id) AS ratings, array_agg(r.rated_on ORDER BY r.id) AS rated_on,
			array_agg(r.meeting_id IS NOT NULL ORDER BY r.id) AS at_meeting,
			(array_agg(coalesce(y.outcome, '') = 'ratified' ORDER BY r.id DESC))[1] AS ratified
		FROM rag_rating r LEFT JOIN rag_ratification y ON y.rating_id = r.id WHERE r.registration_id = g.id) h ON true
	LEFT JOIN LATERAL (SELECT * FROM lead_worker x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1) l ON true
	LEFT JOIN account la ON la.id = l.account_id LEFT JOIN agency ly ON ly.id = l.agency_id
	LEFT JOIN LATERAL (SELECT * FROM mappa_level x WHERE x.nominal_id = g.nominal_id` + standing("mappa_level", "x") + ` ORDER BY x.id DESC LIMIT 1) m ON true
	LEFT JOIN LATERAL (` + spell + `) c ON true
	WHERE g.nominal_id = ANY ($1) AND g.ended_at IS NULL`

// spell is where the person is held: nothing when the latest spell
// in custody has ended.
var spell = `
	SELECT coalesce(v.name, q.name) AS prison
	FROM (SELECT x.id, x.prison FROM custody_spell x WHERE x.nominal_id = g.nominal_id` + standing("custody_spell", "x") + `
		ORDER BY x.received_on DESC, x.id DESC LIMIT 1) t
	JOIN prison q ON q.code = t.prison
	LEFT JOIN LATERAL (SELECT n.name FROM custody_move x JOIN prison n ON n.code = x.prison WHERE x.spell_id = t.id` + standing("custody_move", "x") + `
		ORDER BY x.moved_on DESC, x.id DESC LIMIT 1) v ON true
	WHERE NOT EXISTS (SELECT FROM custody_date x WHERE x.spell_id = t.id AND x.kind = 'released'` + standing("custody_date", "x") + `)`

// What counts as contact with the person: seen or spoken to. A missed appointment
// and a call to the police about the person are none.
var (
	noContact = []contact.Kind{contact.CallToPolice}
	seen      = outcomes(contact.Outcome.WasSeen)
	reached   = append(outcomes(contact.Outcome.WasSeen), contact.NoAppointment)
)

func outcomes(want func(contact.Outcome) bool) []contact.Outcome {
	var all []contact.Outcome
	for _, o := range contact.Outcomes {
		if want(o) {
			all = append(all, o)
		}
	}
	return all
}

func load(ctx context.Context, q db.Querier, nominals []int64) ([]facts, error) {
	gone, err := closed(ctx, q, nominals)
	if err != nil {
		return nil, err
	}
	args := []any{nominals, seen, noContact, reached, contact.HomeVisit, len(registration.Lines)}
	for _, table := range closable {
		args = append(args, full(gone[table]))
	}
	rows, err := q.Query(ctx, loading, args...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[facts])
	if err != nil {
		return nil, err
	}
	of := make([]ref.NominalID, len(found))
	for i, f := range found {
		of[i] = f.Nominal
	}
	dates, err := recall.DatesOfAll(ctx, q, of)
	for i := range found {
		found[i].Dates = dates[found[i].Nominal]
	}
	return found, err
}
