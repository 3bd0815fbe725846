package breach

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// New is a breach to be recorded.
type New struct {
	Nominal    ref.NominalID
	Sentence   ref.SentenceID // to which the licence, the supervision or the order belongs
	Of         law.BreachOf
	Type       law.BreachType
	BreachedOn clock.Date
	What       string
	Contact    ref.ContactID    // 0: none
	Order      ref.BreachStepID // 0: none
	Source     string
}

// NewStep is a step to be recorded.
type NewStep struct {
	Step     Step
	On       clock.Date
	ListedOn clock.Date // of the hearing to come; zero: not known
	Outcome  Outcome
	Recall   ref.RecallID // 0: none
	Note     string
	Source   string
}

// NewHearing is what the magistrates' court made of a breach of supervision, to be recorded.
// Of its case the breach gives the first day, and whether an order was broken.
type NewHearing struct {
	Case   law.SupervisionCase
	Note   string
	Source string
}

const (
	selectBreaches = `SELECT b.id, b.nominal_id, b.sentence_id, b.of_what, b.type, b.breached_on, b.what, coalesce(k.id, 0) AS contact_id,
			coalesce(upper(left(k.kind, 1)) || substr(k.kind, 2) || ' on ' || to_char(k.held_on, 'FMDD FMMonth YYYY') || ': ' || k.outcome, '') AS contact_word,
			coalesce(b.order_id, 0) AS order_id, b.source, b.recorded_at, a.name AS by_name
		FROM breach b JOIN account a ON a.id = b.recorded_by
		LEFT JOIN contact k ON k.id = b.contact_id AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'contact' AND c.fact_id = k.id)
		WHERE b.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach' AND c.fact_id = b.id)
		ORDER BY b.breached_on DESC, b.id DESC`
	selectSteps = `SELECT s.id, s.breach_id, s.step, s.happened_on, s.listed_on, s.outcome, coalesce(s.recall_id, 0) AS recall_id, coalesce(s.cause_id, 0) AS cause_id,
			s.note, s.source, s.recorded_at, a.name AS by_name, coalesce(h.finding, '') AS finding, coalesce(h.sanction, '') AS sanction,
			coalesce(h.fine_pence, 0) AS fine_pence, coalesce(h.committal_days, 0) AS committal_days, coalesce(h.unpaid_hours, 0) AS unpaid_hours,
			coalesce(h.curfew_days, 0) AS curfew_days, h.order_ends_on, coalesce(h.absconded, false) AS absconded
		FROM breach_step s JOIN account a ON a.id = s.recorded_by LEFT JOIN breach_hearing h ON h.step_id = s.id
		WHERE s.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach_step' AND c.fact_id = s.id)
		ORDER BY s.happened_on, s.id`
)

// Of gives somebody's breaches, the latest first. What was entered in error is left out, and
// with a hearing also what it did to an earlier order.
func Of(ctx context.Context, q db.Querier, of ref.NominalID) ([]Breach, error) {
	rows, err := q.Query(ctx, selectBreaches, of)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Breach])
	if err != nil || len(all) == 0 {
		return all, err
	}
	if rows, err = q.Query(ctx, selectSteps, of); err != nil {
		return nil, err
	}
	steps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	if err != nil {
		return nil, err
	}
	at, stands := map[ref.BreachID]int{}, map[ref.BreachStepID]bool{}
	for i := range all {
		at[all[i].ID] = i
	}
	for _, e := range steps {
		_, stands[e.ID] = at[e.Breach]
	}
	for _, e := range steps {
		if i, ok := at[e.Breach]; ok && (e.Cause == 0 || stands[e.Cause]) {
			all[i].Steps = append(all[i].Steps, e)
		}
	}
	return all, nil
}

// named is the breach of that number among some.
func named(all []Breach, id ref.BreachID) (Breach, bool) {
	for _, b := range all {
		if b.ID == id {
			return b, true
		}
	}
	return Breach{}, false
}

// byOrder is the breach about which the court made a supervision default order.
func byOrder(all []Breach, hearing ref.BreachStepID) (Breach, bool) {
	for _, b := range all {
		if e, ok := b.DefaultOrder(); ok && e.ID == hearing {
			return b, true
		}
	}
	return Breach{}, false
}
