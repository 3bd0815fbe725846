package sentence

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/custody"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// DatesOf is what is known of one person's sentences and dates: the date in force for
// each. Pages, lists and agendas ask recall.DatesOf, which knows the end of a recall too.
func DatesOf(ctx context.Context, q db.Querier, of ref.NominalID) (Dates, error) {
	all, err := DatesOfAll(ctx, q, []ref.NominalID{of})
	return all[of], err
}

// Dated is one sentence of somebody with what is known of all their dates; fault.Missing for
// one that is not theirs, or was entered in error.
func Dated(ctx context.Context, q db.Querier, of ref.NominalID, id ref.SentenceID) (Sentence, Dates, error) {
	dates, err := DatesOf(ctx, q, of)
	if err != nil {
		return Sentence{}, dates, err
	}
	for _, s := range dates.Sentences {
		if s.ID == id {
			return s, dates, nil
		}
	}
	return Sentence{}, dates, fault.Missing()
}

type held struct {
	Nominal    ref.NominalID
	Spell      ref.CustodyID
	ReceivedOn clock.Date
	Why        custody.Why
	Released   bool
}

// DatesOfAll is DatesOf for many people, in one round trip.
func DatesOfAll(ctx context.Context, q db.Querier, of []ref.NominalID) (map[ref.NominalID]Dates, error) {
	ids := make([]int64, len(of))
	for i, id := range of {
		ids[i] = int64(id)
	}
	b := &pgx.Batch{}
	for _, sql := range []string{selectSentences, selectAdjustments, selectEnds, selectStatuses, custody.SelectNotices, selectHeld, selectBorn} {
		b.Queue(sql, ids)
	}
	results := q.SendBatch(ctx, b)
	all, err := readDates(results, q.Today(), of)
	return all, errors.Join(err, results.Close())
}

const (
	selectHeld = `SELECT DISTINCT ON (s.nominal_id) s.nominal_id AS nominal, s.id AS spell, s.received_on, s.why,
			EXISTS (SELECT FROM custody_date d WHERE d.spell_id = s.id AND d.kind = 'released'
				AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id)) AS released
		FROM custody_spell s WHERE s.nominal_id = ANY ($1)
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id)
		ORDER BY s.nominal_id, s.received_on DESC, s.id DESC`
	selectBorn = `SELECT DISTINCT ON (i.nominal_id) i.nominal_id, i.born FROM nominal_identity i
		WHERE i.nominal_id = ANY ($1) AND i.born IS NOT NULL ORDER BY i.nominal_id, i.id DESC`
)

func readDates(from pgx.BatchResults, today clock.Date, of []ref.NominalID) (map[ref.NominalID]Dates, error) {
	found := map[ref.NominalID]*Dates{}
	for _, id := range of {
		found[id] = &Dates{}
	}
	born := map[ref.NominalID]clock.Date{}
	err := errors.Join(
		each(from, func(s Sentence) { d := found[s.Nominal]; d.Sentences = append(d.Sentences, s) }),
		each(from, func(a Adjustment) { d := found[a.Nominal]; d.Adjustments = append(d.Adjustments, a) }),
		each(from, func(e End) { d := found[e.Nominal]; d.Ends = append(d.Ends, e) }),
		each(from, func(s Status) {
			if d := found[s.Nominal]; !d.HasStatus {
				d.Status, d.HasStatus = s, true
			}
		}),
		each(from, func(n custody.Notice) { d := found[n.Nominal]; d.Notices = append(d.Notices, n) }),
		each(from, func(h held) {
			if !h.Released {
				d := found[h.Nominal]
				d.InCustody, d.Spell = true, custody.Spell{ID: h.Spell, Nominal: h.Nominal, ReceivedOn: h.ReceivedOn, Why: h.Why}
			}
		}),
	)
	if err != nil {
		return nil, err
	}
	rows, err := from.Query()
	if err != nil {
		return nil, err
	}
	var (
		id  ref.NominalID
		day clock.Date
	)
	if _, err := pgx.ForEachRow(rows, []any{&id, &day}, func() error { born[id] = day; return nil }); err != nil {
		return nil, err
	}
	all := make(map[ref.NominalID]Dates, len(found))
	for id, d := range found {
		d.settle(born[id], today)
		all[id] = *d
	}
	return all, nil
}

// each reads one answer of a batch, row by row.
func each[T any](from pgx.BatchResults, do func(T)) error {
	rows, err := from.Query()
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	for _, t := range all {
		do(t)
	}
	return err
}
