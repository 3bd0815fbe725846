package meeting

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Outcome is what a meeting has done about one case of its agenda, as far as the
// rules about closing ask.
type Outcome struct {
	Item            Item
	Registered      bool       // still, now
	Rating          rag.Rating // now
	Reviewed        bool       // rated, or a rating ratified, at this meeting
	ReviewDeferred  bool
	ReferralDecided bool // at this meeting, deferred included, or withdrawn
	Unratified      int  // ratings between meetings that wait
	RemovalWaits    bool // a proposal to deregister waits
	RemovalDecided  bool // deregistered or retained at this meeting
	Untouched       []OpenAction
	Escalations     int  // that came back and wait
	Weekly, Said    bool // of a practitioners' meeting; something was recorded at it
}

// OpenAction is an action that the meeting found open and has not dealt with.
type OpenAction struct {
	ID   ref.ActionID
	Text string
}

// Gap is something that the meeting owes before it closes.
type Gap struct {
	Rule    string
	Nominal ref.NominalID // 0: of a line without a case
	Name    string
	Text    string
	Part    string       // of the case's page: review, decision, removal, actions
	Action  ref.ActionID // of an action not dealt with
	// Escalation is the line without a case: an escalation about nobody in particular.
	Escalation ref.EscalationID
}

// Code is the gap without names, as the closing keeps it: rule, nominal, action; or
// rule and escalation.
func (g Gap) Code() string {
	if g.Escalation != 0 {
		return g.Rule + ":escalation " + ref.Text(g.Escalation)
	}
	code := g.Rule + ":" + ref.Text(g.Nominal)
	if g.Action != 0 {
		code += ":" + ref.Text(g.Action)
	}
	return code
}

// Gaps lists what is missing, in the running order; of a case that was left off with a
// reason nothing is (R65), LeftOffOf names those:
//   - a RED ALERT or RED that was not reviewed (R65);
//   - an AMBER that was due and neither reviewed nor deferred with a reason (R66);
//   - the review after eight weeks at RED of a transfer in, neither done nor deferred (R93);
//   - a referral that was not decided (R9);
//   - a rating between meetings that was neither ratified nor refused (R50);
//   - a deregistration, proposed or mandatory, that was not decided (R79, R81, R86);
//   - an escalation that came back and was neither closed nor asked again (R60);
//   - an open action that was neither progressed, discharged nor carried over (R69).
func Gaps(all []Outcome) []Gap {
	var gaps []Gap
	for _, o := range all {
		if o.Item.LeftOff != nil {
			continue
		}
		if o.Weekly {
			gaps = append(gaps, weeklyGaps(o)...)
			continue
		}
		add := func(rule, text, part string) {
			gaps = append(gaps, Gap{Rule: rule, Nominal: o.Item.Nominal, Name: o.Item.Name, Text: text, Part: part})
		}
		if o.Item.Referral != 0 && !o.ReferralDecided {
			add(RuleReferral, "The referral is neither adopted, rejected nor deferred", "decision")
		}
		if o.Registered {
			urgent := o.Rating == rag.RedAlert || o.Rating == rag.Red
			switch {
			case o.Unratified > 0:
				add(RuleRatify, "A rating given between meetings is neither ratified nor refused", "review")
			case urgent && !o.Reviewed:
				add(RuleRed, o.Rating.Word()+" has not been reviewed", "review")
			case o.Item.Has(RuleAmber) && !o.Reviewed && !o.ReviewDeferred:
				add(RuleAmber, "The review due at AMBER is neither done nor deferred", "review")
			case o.Item.Has(RuleTransfer) && !o.Reviewed && !o.ReviewDeferred:
				add(RuleTransfer, "The review after eight weeks at RED is neither done nor deferred", "review")
			}
			mandatory := o.Item.Has(RuleCustody) || o.Item.Has(RuleMAPPA)
			if o.RemovalWaits || mandatory && !o.RemovalDecided {
				add(RuleDeregister, "Deregistration is not decided: deregister or retain", "removal")
			}
		}
		if o.Escalations > 0 {
			add(RuleEscalation, "The escalation that came back is neither closed nor asked again", "escalations")
		}
		for _, a := range o.Untouched {
			add(RuleOpenActions, "Neither progressed, discharged nor carried over: "+a.Text, "action-"+strconv.FormatInt(int64(a.ID), 10))
			gaps[len(gaps)-1].Action = a.ID
		}
	}
	return gaps
}

// Missing is what an open meeting owes before it closes, as far as the actor sees
// its cases; the lines without a case come last.
func Missing(ctx context.Context, q db.Querier, m Meeting) ([]Gap, error) {
	outcomes, err := outcomesOf(ctx, q, m)
	if err != nil {
		return nil, err
	}
	lines, err := owedBusiness(ctx, q, m)
	return append(Gaps(outcomes), lines...), err
}

func outcomesOf(ctx context.Context, q db.Querier, m Meeting) ([]Outcome, error) {
	items, err := frozen(ctx, q, m)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(items))
	at := map[ref.NominalID]*Outcome{}
	ids := make([]ref.NominalID, len(items))
	for i, item := range items {
		outcomes[i].Item = item
		at[item.Nominal], ids[i] = &outcomes[i], item.Nominal
	}
	if err := decided(ctx, q, m, ids, at); err != nil {
		return nil, err
	}
	return outcomes, db.Together(ctx, q,
		func(ctx context.Context, q db.Querier) error { return untouched(ctx, q, m, ids, at) },
		func(ctx context.Context, q db.Querier) error { return beside(ctx, q, m, at) })
}

// decided reads what became of the cases at the meeting.
func decided(ctx context.Context, q db.Querier, m Meeting, ids []ref.NominalID, at map[ref.NominalID]*Outcome) error {
	rows, err := q.Query(ctx, `
		SELECT i.nominal_id, g.id IS NOT NULL, coalesce(r.rating, ''),
			EXISTS (SELECT FROM rag_rating x WHERE x.nominal_id = i.nominal_id AND x.meeting_id = $1)
				OR EXISTS (SELECT FROM rag_ratification y WHERE y.nominal_id = i.nominal_id AND y.meeting_id = $1 AND y.outcome = 'ratified'),
			EXISTS (SELECT FROM discussion_note n WHERE n.nominal_id = i.nominal_id AND n.meeting_id = $1 AND n.kind = 'review deferred'),
			EXISTS (SELECT FROM referral_decision d WHERE d.referral_id = i.referral_id AND (d.meeting_id = $1 OR d.outcome <> 'deferred'))
				OR EXISTS (SELECT FROM referral_withdrawal w WHERE w.referral_id = i.referral_id),
			(SELECT count(*) FROM rag_rating x WHERE x.registration_id = g.id AND x.meeting_id IS NULL
				AND NOT EXISTS (SELECT FROM rag_ratification y WHERE y.rating_id = x.id)
				AND NOT EXISTS (SELECT FROM rag_rating z WHERE z.registration_id = x.registration_id AND z.id > x.id)),
			EXISTS (SELECT FROM deregistration_proposal p WHERE p.registration_id = g.id
				AND NOT EXISTS (SELECT FROM deregistration_refusal f WHERE f.proposal_id = p.id)),
			EXISTS (SELECT FROM registration_review v WHERE v.nominal_id = i.nominal_id AND v.meeting_id = $1)
		FROM agenda_item i
		LEFT JOIN registration g ON g.nominal_id = i.nominal_id AND g.ended_at IS NULL
		LEFT JOIN LATERAL (SELECT rating FROM rag_rating x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1) r ON true
		WHERE i.meeting_id = $1 AND i.nominal_id = ANY ($2)`, m.ID, ids)
	if err != nil {
		return err
	}
	var (
		id     ref.NominalID
		o      Outcome
		rating string
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &o.Registered, &rating, &o.Reviewed, &o.ReviewDeferred, &o.ReferralDecided, &o.Unratified,
		&o.RemovalWaits, &o.RemovalDecided}, func() error {
		o.Item, o.Rating = at[id].Item, rag.Rating(rating)
		*at[id] = o
		return nil
	})
	return err
}

// untouched reads the open actions that nobody has dealt with at the meeting (R69).
func untouched(ctx context.Context, q db.Querier, m Meeting, ids []ref.NominalID, at map[ref.NominalID]*Outcome) error {
	rows, err := q.Query(ctx, `
		SELECT a.nominal_id, a.id, a.text FROM action a
		WHERE a.nominal_id = ANY ($2) AND a.discharged_at IS NULL AND a.meeting_id IS DISTINCT FROM $1
			AND NOT EXISTS (SELECT FROM action_entry e WHERE e.action_id = a.id AND e.meeting_id = $1
				AND e.kind IN ('progress', 'carried over', 'discharged'))
			AND a.recorded_at <= $3
		ORDER BY a.due_on, a.id`, m.ID, ids, m.OpenedAt)
	if err != nil {
		return err
	}
	var (
		id ref.NominalID
		a  OpenAction
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &a.ID, &a.Text}, func() error {
		at[id].Untouched = append(at[id].Untouched, a)
		return nil
	})
	return err
}
