package registration

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const currentColumns = `
	SELECT g.id, g.nominal_id AS nominal, g.area_id AS area, g.referral_id AS referral, g.began_on, g.began_at,
		r.rating, r.id AS rating_id, r.rated_on, r.meeting_id IS NOT NULL OR coalesce(y.outcome, '') = 'ratified' AS ratified,
		coalesce(l.account_id, 0) AS lead_account, coalesce(a.name, '') AS lead_name, coalesce(l.agency_id, 0) AS lead_agency,
		coalesce(n.name, '') AS lead_agency_name, coalesce(l.capacity, '') AS lead_capacity,
		EXISTS (SELECT FROM deregistration_proposal p WHERE p.registration_id = g.id
			AND NOT EXISTS (SELECT FROM deregistration_refusal f WHERE f.proposal_id = p.id)) AS proposed
	FROM registration g
	CROSS JOIN LATERAL (SELECT * FROM rag_rating x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1) r
	LEFT JOIN rag_ratification y ON y.rating_id = r.id
	LEFT JOIN LATERAL (SELECT * FROM lead_worker x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1) l ON true
	LEFT JOIN account a ON a.id = l.account_id
	LEFT JOIN agency n ON n.id = l.agency_id `

// CurrentOf is the registration of a person that is not ended; ok is false when
// the person is not registered, or not in scope.
func CurrentOf(ctx context.Context, q db.Querier, nominal ref.NominalID) (current Current, ok bool, err error) {
	rows, err := q.Query(ctx, currentColumns+`WHERE g.nominal_id = $1 AND g.ended_at IS NULL`, nominal)
	if err != nil {
		return Current{}, false, err
	}
	current, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Current])
	if errors.Is(err, pgx.ErrNoRows) {
		return Current{}, false, nil
	}
	return current, err == nil, err
}

// Open are the registrations in the areas that are not ended, oldest first.
func Open(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Current, error) {
	rows, err := q.Query(ctx, currentColumns+`WHERE g.area_id = ANY ($1) AND g.ended_at IS NULL ORDER BY g.id`, areas)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Current])
}

// Of is every registration of a person in scope, newest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Registration, error) {
	return collect[Registration](ctx, q, `
		SELECT g.id, g.nominal_id AS nominal, g.area_id AS area, a.name AS area_name, g.referral_id AS referral, g.began_on, g.began_at,
			g.ended_at, c.recorded_at AS closed_at, d.meeting_id AS adopted_at, d.reason AS adopted_for, h.name AS chair_name
		FROM registration g
		JOIN area a ON a.id = g.area_id
		JOIN referral_decision d ON d.id = g.decision_id
		JOIN account h ON h.id = d.chair_id
		LEFT JOIN registration_closure c ON c.registration_id = g.id
		WHERE g.nominal_id = $1 ORDER BY g.id DESC`, nominal)
}

// Latest is the newest registration of a person, current or past; fault.Missing
// when there is none in scope.
func Latest(ctx context.Context, q db.Querier, nominal ref.NominalID) (Registration, error) {
	all, err := Of(ctx, q, nominal)
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Registration{}, err
	}
	return all[0], nil
}

// Leads is the history of lead workers of a person, newest first.
func Leads(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]LeadWorker, error) {
	return collect[LeadWorker](ctx, q, `
		SELECT l.id, l.registration_id AS registration, l.account_id AS account, a.name, l.agency_id AS agency, y.name AS agency_name,
			l.capacity, l.from_on, l.reason, l.recorded_at, w.name AS recorded_by_name
		FROM lead_worker l JOIN account a ON a.id = l.account_id JOIN agency y ON y.id = l.agency_id JOIN account w ON w.id = l.recorded_by
		WHERE l.nominal_id = $1 ORDER BY l.id DESC`, nominal)
}

// Reviews are the review rows of a person (R34), newest first.
func Reviews(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]ReviewRow, error) {
	return collect[ReviewRow](ctx, q, `
		SELECT v.id, v.registration_id AS registration, v.reviewed_on, v.outcome, v.justification, coalesce(v.meeting_id, 0) AS meeting,
			v.recorded_at, w.name AS recorded_by_name
		FROM registration_review v JOIN account w ON w.id = v.recorded_by
		WHERE v.nominal_id = $1 ORDER BY v.reviewed_on DESC, v.id DESC`, nominal)
}

const proposalColumns = `
	SELECT p.id, p.registration_id AS registration, p.nominal_id AS nominal, g.area_id AS area,
		coalesce(concat_ws(' ', nullif(i.given_names, ''), i.family_name), '') AS name,
		p.reason, p.criteria, p.recorded_at AS proposed_at, p.recorded_by AS proposed_by, w.name AS proposed_by_name,
		CASE WHEN f.proposal_id IS NOT NULL THEN 'retain' WHEN g.ended_at IS NOT NULL THEN 'drop' ELSE '' END AS outcome,
		coalesce(f.reason, '') AS answer, coalesce(f.meeting_id, d.meeting_id, 0) AS answered_at, m.held_on AS answered_on
	FROM deregistration_proposal p
	JOIN registration g ON g.id = p.registration_id
	JOIN account w ON w.id = p.recorded_by
	LEFT JOIN deregistration_refusal f ON f.proposal_id = p.id
	LEFT JOIN deregistration d ON d.registration_id = p.registration_id AND f.proposal_id IS NULL
	LEFT JOIN meeting m ON m.id = coalesce(f.meeting_id, d.meeting_id)
	LEFT JOIN LATERAL (SELECT given_names, family_name FROM nominal_identity x WHERE x.nominal_id = p.nominal_id ORDER BY x.id DESC LIMIT 1) i ON true `

// Proposed are the proposals to deregister in the areas that wait for a meeting,
// oldest first.
func Proposed(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Proposal, error) {
	return collect[Proposal](ctx, q, proposalColumns+`
		WHERE g.area_id = ANY ($1) AND g.ended_at IS NULL AND f.proposal_id IS NULL ORDER BY p.id`, areas)
}

// Proposals are those of a person with what became of each, newest first.
func Proposals(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Proposal, error) {
	return collect[Proposal](ctx, q, proposalColumns+`WHERE p.nominal_id = $1 ORDER BY p.id DESC`, nominal)
}

// Deregistrations are the decisions that ended registrations of a person, newest first.
func Deregistrations(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Deregistration, error) {
	return collect[Deregistration](ctx, q, `
		SELECT d.registration_id AS registration, d.meeting_id AS meeting, c.name AS chair_name, d.agreed_by, d.justification, d.reasons,
			d.criteria, d.exit_officer, d.exit_agency_id AS exit_agency, y.name AS exit_agency_name, d.exit_plan, d.decided_on,
			d.recorded_at, w.name AS recorded_by_name
		FROM deregistration d JOIN account c ON c.id = d.chair_id JOIN agency y ON y.id = d.exit_agency_id JOIN account w ON w.id = d.recorded_by
		WHERE d.nominal_id = $1 ORDER BY d.registration_id DESC`, nominal)
}

// Checklists are both lists of a registration: of each line the latest row that
// was not entered in error.
func Checklists(ctx context.Context, q db.Querier, reg ref.RegistrationID) (Lists, error) {
	return lines(ctx, q, `c.registration_id = $1`, reg)
}

// ChecklistsOf are the lists of every registration of a person.
func ChecklistsOf(ctx context.Context, q db.Querier, of ref.NominalID) (map[ref.RegistrationID]Lists, error) {
	found, err := lines(ctx, q, `c.nominal_id = $1`, of)
	all := map[ref.RegistrationID]Lists{}
	for _, l := range found {
		all[l.Registration] = append(all[l.Registration], l)
	}
	return all, err
}

func lines(ctx context.Context, q db.Querier, which string, arg any) (Lists, error) {
	return collect[Line](ctx, q, `
		SELECT DISTINCT ON (c.registration_id, c.list, c.line) c.id, c.registration_id AS registration, c.list, c.line, c.done_on, c.by_whom,
			c.not_applicable, c.note, c.recorded_at, w.name AS recorded_by_name
		FROM checklist_line c JOIN account w ON w.id = c.recorded_by
		WHERE `+which+`
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'checklist_line' AND f.fact_id = c.id)
		ORDER BY c.registration_id, c.list, c.line, c.id DESC`, arg)
}

// decidedOn is the day on which a registration was ended by a meeting; zero when it was not.
func decidedOn(ctx context.Context, q db.Querier, reg ref.RegistrationID) (on clock.Date, err error) {
	err = q.QueryRow(ctx, `SELECT decided_on FROM deregistration WHERE registration_id = $1`, reg).Scan(&on)
	if errors.Is(err, pgx.ErrNoRows) {
		return clock.Date{}, nil
	}
	return on, err
}

// in finds a registration of a person by its id.
func in(all []Registration, id ref.RegistrationID) (Registration, error) {
	i := slices.IndexFunc(all, func(r Registration) bool { return r.ID == id })
	if i < 0 {
		return Registration{}, fault.Missing()
	}
	return all[i], nil
}

func collect[T any](ctx context.Context, q db.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}
