package custody

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// A row closed in fact_closed counts no longer; an expected date and a release are
// each corrected by closing the row and recording another.
const selectSpell = `SELECT s.id, s.nominal_id, s.received_on, s.prison, p.name AS received_name, coalesce(m.prison, s.prison) AS now_prison,
	coalesce(m.name, p.name) AS now_name, s.why, e.day AS expected, r.day AS released_on, s.source, s.recorded_at, a.name AS by_name
	FROM custody_spell s JOIN prison p ON p.code = s.prison JOIN account a ON a.id = s.recorded_by
	LEFT JOIN LATERAL (SELECT v.prison, q.name FROM custody_move v JOIN prison q ON q.code = v.prison WHERE v.spell_id = s.id
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_move' AND c.fact_id = v.id)
		ORDER BY v.moved_on DESC, v.id DESC LIMIT 1) m ON true
	LEFT JOIN LATERAL (SELECT d.day FROM custody_date d WHERE d.spell_id = s.id AND d.kind IN ('expected release', 'conditional release', 're-release')
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id)
		ORDER BY d.notified_on DESC, d.id DESC LIMIT 1) e ON true
	LEFT JOIN LATERAL (SELECT d.day FROM custody_date d WHERE d.spell_id = s.id AND d.kind = 'released'
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id) LIMIT 1) r ON true
	WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id)
	ORDER BY s.received_on DESC, s.id DESC`

// Of gives all spells, the latest first.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Spell, error) {
	rows, err := q.Query(ctx, selectSpell, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Spell])
}

// CurrentOf gives the spell that goes on now; ok is false for somebody who is not
// in custody.
func CurrentOf(ctx context.Context, q db.Querier, nominal ref.NominalID) (s Spell, ok bool, err error) {
	all, err := Of(ctx, q, nominal)
	if err != nil || len(all) == 0 || !all[0].Open() {
		return Spell{}, false, err
	}
	return all[0], true, nil
}

// Notices gives the dates as they were notified, and the releases, the latest first.
func Notices(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Notice, error) {
	rows, err := q.Query(ctx, SelectNotices, []int64{int64(nominal)})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Notice])
}

// SelectNotices reads the notices of the nominals $1, the latest notified first: for
// those who ask it together with other questions.
const SelectNotices = `SELECT d.id, d.nominal_id, coalesce(d.spell_id, 0) AS spell_id, d.kind, d.day, d.notified_by, d.notified_on, d.source, d.recorded_at,
		a.name AS by_name
	FROM custody_date d JOIN account a ON a.id = d.recorded_by
	WHERE d.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id)
	ORDER BY d.nominal_id, d.notified_on DESC, d.id DESC`

// Moves gives the moves of all spells, the latest first.
func Moves(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]Move, error) {
	rows, err := q.Query(ctx, `SELECT v.id, v.spell_id, v.prison, p.name AS prison_name, v.moved_on, v.source, v.recorded_at, a.name AS by_name
		FROM custody_move v JOIN prison p ON p.code = v.prison JOIN account a ON a.id = v.recorded_by
		WHERE v.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_move' AND c.fact_id = v.id)
		ORDER BY v.moved_on DESC, v.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Move])
}
