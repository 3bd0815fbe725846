package recall

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// New is a decision in principle to be recorded.
type New struct {
	Nominal   ref.NominalID
	Sentence  ref.SentenceID
	DecidedAt time.Time
	DecidedBy string
	Reason    string
	Source    string
}

// NewStep is a step to be recorded.
type NewStep struct {
	Step   Step
	At     time.Time
	Note   string
	Source string
}

// Decided is what was asked and what PPCS made of it; Kind is empty while it has not decided.
type Decided struct {
	Replies map[law.QuestionID]Reply
	Kind    law.RecallKind
	Reason  string
	Source  string
}

// Returned is a return to custody on a recall. AtLarge are the days unlawfully at large
// that the prison reckons; 0 where it has not said.
type Returned struct {
	On      clock.Date
	Prison  string // code
	AtLarge int
	Source  string
}

const selectRecalls = `SELECT r.id, r.nominal_id, r.sentence_id, r.decided_at, r.decided_by, r.reason, r.source, r.recorded_at, a.name AS by_name,
		(SELECT max(s.happened_at) FROM recall_step s WHERE s.recall_id = r.id AND s.step = 'papers sent') AS sent_at,
		(SELECT max(s.happened_at) FROM recall_step s WHERE s.recall_id = r.id AND s.step = 'papers received') AS received_at,
		(SELECT max(s.happened_at) FROM recall_step s WHERE s.recall_id = r.id AND s.step = 'licence revoked') AS revoked_at,
		(SELECT max(s.happened_at) FROM recall_step s WHERE s.recall_id = r.id AND s.step = 'withdrawn') AS withdrawn_at,
		coalesce((SELECT s.note FROM recall_step s WHERE s.recall_id = r.id AND s.step = 'withdrawn' ORDER BY s.id DESC LIMIT 1), '') AS withdrawn_of,
		coalesce(k.kind, '') AS kind, coalesce(k.reason, '') AS kind_reason,
		coalesce(p.id, 0) AS spell_id, p.received_on AS returned_on,
		(SELECT d.day FROM custody_date d WHERE d.spell_id = p.id AND d.kind = 'released'
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id) ORDER BY d.id DESC LIMIT 1) AS released_on
	FROM recall r JOIN account a ON a.id = r.recorded_by
	LEFT JOIN LATERAL (SELECT x.kind, x.reason FROM recall_kind x WHERE x.recall_id = r.id ORDER BY x.id DESC LIMIT 1) k ON true
	LEFT JOIN LATERAL (SELECT s.id, s.received_on FROM recall_return x JOIN custody_spell s ON s.id = x.spell_id
		WHERE x.recall_id = r.id AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id)
		ORDER BY x.id DESC LIMIT 1) p ON true
	WHERE r.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'recall' AND c.fact_id = r.id)
	ORDER BY r.decided_at DESC, r.id DESC`

// Of gives somebody's recalls, the latest first. A return that was entered in error no
// longer counts.
func Of(ctx context.Context, q db.Querier, of ref.NominalID) ([]Recall, error) {
	rows, err := q.Query(ctx, selectRecalls, of)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Recall])
	if err != nil || len(all) == 0 {
		return all, err
	}
	at := map[ref.RecallID]int{}
	for i := range all {
		at[all[i].ID], all[i].Replies = i, map[law.QuestionID]Reply{}
	}
	if rows, err = q.Query(ctx, `SELECT recall_id, question, answer, evidence FROM recall_answer WHERE nominal_id = $1 ORDER BY id`, of); err != nil {
		return nil, err
	}
	var (
		id       ref.RecallID
		question law.QuestionID
		reply    Reply
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &question, &reply.Answer, &reply.Evidence}, func() error {
		if i, ok := at[id]; ok { // one entered in error is left out
			all[i].Replies[question] = reply
		}
		return nil
	})
	return all, err
}
