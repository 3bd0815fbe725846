package meeting

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// recordsOf gathers what was recorded of each case at a meeting, in the order of
// the sheet: what was said, what was decided, what is to be done. Every row that
// names the meeting is there, and no other.
func recordsOf(ctx context.Context, q db.Querier, id ref.MeetingID, ids []ref.NominalID) (map[ref.NominalID][]Record, error) {
	rows, err := q.Query(ctx, recordsSQL, id, ids)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID][]Record{}
	var (
		n ref.NominalID
		r Record
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &r.Kind, &r.Rule, &r.Text, &r.More, &r.By, &r.At}, func() error {
		r.More = strings.TrimPrefix(r.More, "; ")
		all[n] = append(all[n], r)
		return nil
	})
	return all, err
}

const recordsSQL = `
	SELECT x.nominal_id, x.kind, x.rule, x.text, x.more, c.name, (x.at AT TIME ZONE 'Europe/London')::date FROM (
		SELECT * FROM (SELECT DISTINCT ON (f.nominal_id) f.nominal_id, 0 AS part, f.id, CASE f.outcome WHEN 'left off' THEN 'Left off the agenda' END AS kind,
				'R65' AS rule, f.reason AS text, '' AS more, f.recorded_at AS at, f.recorded_by FROM agenda_deferral f WHERE f.meeting_id = $1 ORDER BY f.nominal_id, f.id DESC) f
			WHERE kind IS NOT NULL
		UNION ALL SELECT nominal_id, 1 AS part, n.id, CASE n.kind WHEN 'contribution' THEN 'Contribution: ' || y.name WHEN 'review deferred' THEN 'Review deferred'
				WHEN 'written update' THEN 'Written update' || coalesce(': ' || y.name, '') ELSE 'Discussion' END AS kind,
				CASE n.kind WHEN 'review deferred' THEN 'R66' ELSE '' END AS rule, n.text, '' AS more, n.recorded_at AS at, n.recorded_by
			FROM discussion_note n LEFT JOIN agency y ON y.id = n.agency_id WHERE n.meeting_id = $1
		UNION ALL SELECT nominal_id, 2, d.id, 'Referral ' || outcome, 'R9', reason, agreed_by, recorded_at, recorded_by
			FROM referral_decision d WHERE meeting_id = $1
		UNION ALL SELECT l.nominal_id, 3, l.id, 'Lead worker', 'R10', a.name || ', ' || l.capacity, y.name, l.recorded_at, l.recorded_by
			FROM lead_worker l JOIN account a ON a.id = l.account_id JOIN agency y ON y.id = l.agency_id
			JOIN registration g ON g.id = l.registration_id JOIN referral_decision d ON d.id = g.decision_id
			WHERE d.meeting_id = $1 AND l.recorded_at = g.began_at
		UNION ALL SELECT y.nominal_id, 4, y.rating_id, 'Rating between meetings ' || y.outcome, 'R50', r.rating, y.reason, y.recorded_at, y.recorded_by
			FROM rag_ratification y JOIN rag_rating r ON r.id = y.rating_id WHERE y.meeting_id = $1
		UNION ALL SELECT r.nominal_id, 5, r.id, 'RAG review', CASE WHEN r.rating IN ('RED ALERT', 'RED') THEN 'R65' WHEN r.rating = 'AMBER' THEN 'R66' ELSE 'R50' END,
				coalesce((SELECT p.rating || ' to ' FROM rag_rating p WHERE p.registration_id = r.registration_id AND p.id < r.id AND p.rating <> r.rating
					AND p.id = (SELECT max(z.id) FROM rag_rating z WHERE z.registration_id = r.registration_id AND z.id < r.id)), '') || r.rating || ': ' || r.reason,
				r.agreed_by || CASE r.supervision WHEN '' THEN '' ELSE '; supervision ' || r.supervision END
					|| coalesce((SELECT '; lowered within eight weeks of the transfer: ' || e.reason FROM rag_early_lowering e WHERE e.rating_id = r.id), '')
					|| CASE WHEN r.characteristics = '{}' THEN '' ELSE '; ' || array_to_string(r.characteristics, '; ') END,
				r.recorded_at, r.recorded_by
			FROM rag_rating r WHERE r.meeting_id = $1
		UNION ALL SELECT nominal_id, 5, u.id, 'Supervision agreed', CASE rating WHEN 'AMBER' THEN 'R44' ELSE 'R47' END, frequency, agreed_by, recorded_at, recorded_by
			FROM supervision_agreement u WHERE meeting_id = $1
		UNION ALL SELECT nominal_id, 6, n.id, 'Need: ' || pathway, 'R70', level || CASE needs WHEN '' THEN '' ELSE ': ' || needs END, actions, recorded_at, recorded_by
			FROM need n WHERE meeting_id = $1
		UNION ALL SELECT e.nominal_id, 7, e.id, 'Action ' || e.kind, CASE e.kind WHEN 'set' THEN 'R73' ELSE 'R69' END, a.text,
				concat_ws('; ', nullif(CASE WHEN e.text = a.text THEN '' ELSE e.text END, ''), y.name || coalesce(', ' || o.name, ''),
					CASE WHEN e.kind <> 'discharged' THEN 'due ' || to_char(coalesce(e.due_on, a.due_on), 'FMDD FMMonth YYYY') END),
				e.recorded_at, e.recorded_by
			FROM action_entry e JOIN action a ON a.id = e.action_id JOIN agency y ON y.id = coalesce(e.owner_agency_id, a.owner_agency_id)
			LEFT JOIN account o ON o.id = CASE WHEN e.owner_agency_id IS NULL THEN a.owner_account_id ELSE e.owner_account_id END WHERE e.meeting_id = $1
		UNION ALL SELECT v.nominal_id, 8, v.id, CASE v.outcome WHEN 'retain' THEN 'Retained' ELSE 'Review: drop' END, 'R86', v.justification, '', v.recorded_at, v.recorded_by
			FROM registration_review v WHERE v.meeting_id = $1
			AND NOT EXISTS (SELECT FROM deregistration d WHERE d.registration_id = v.registration_id AND d.meeting_id = $1 AND v.outcome = 'drop')
		UNION ALL SELECT d.nominal_id, 9, d.registration_id, 'Deregistered', 'R86', d.justification,
				d.reasons || '; exit plan: ' || d.exit_plan || '; responsible: ' || d.exit_officer || ', ' || y.name || '; agreed: ' || d.agreed_by, d.recorded_at, d.recorded_by
			FROM deregistration d JOIN agency y ON y.id = d.exit_agency_id WHERE d.meeting_id = $1
		UNION ALL SELECT p.nominal_id, 10, p.id, 'Contact planned', 'R42',
				p.kind || ' on ' || to_char(p.day, 'FMDD FMMonth YYYY') || CASE p.at_time WHEN '' THEN '' ELSE ' at ' || p.at_time END || ': ' || p.purpose,
				concat_ws('; ', y.name || coalesce(' with ' || j.name, ''), o.name), p.recorded_at, p.recorded_by
			FROM planned_contact p JOIN agency y ON y.id = p.agency_id LEFT JOIN agency j ON j.id = p.joint_agency_id LEFT JOIN account o ON o.id = p.owner_account_id
			WHERE p.meeting_id = $1 AND EXISTS (SELECT FROM meeting_opening s WHERE s.meeting_id = $1 AND s.recorded_at <= p.recorded_at)
				AND NOT EXISTS (SELECT FROM meeting_closing s WHERE s.meeting_id = $1 AND s.recorded_at < p.recorded_at)
		UNION ALL ` + escalationsSQL + `
	) x JOIN account c ON c.id = x.recorded_by
	WHERE x.nominal_id = ANY ($2)
	ORDER BY x.nominal_id, x.part, x.id`

// escalationsSQL is what the meeting did about escalations: raised, and closed or
// asked again with the answer that it looked at (R60).
const escalationsSQL = `SELECT e.nominal_id, 11 AS part, e.id, 'Escalation raised' AS kind, 'R60' AS rule, e.issue AS text,
				'to the ' || g.name || ' Delivery Group, which is asked for an answer by ' || to_char(e.answer_by, 'FMDD FMMonth YYYY') || '; tried: ' || e.tried AS more,
				e.recorded_at AS at, e.recorded_by
			FROM escalation e JOIN area g ON g.id = e.group_id WHERE e.meeting_id = $1
		UNION ALL SELECT e.nominal_id, 12, t.id, 'Escalation ' || t.kind, 'R60', t.text,
				concat_ws('; ', CASE WHEN t.answer_by IS NOT NULL THEN 'answer asked for by ' || to_char(t.answer_by, 'FMDD FMMonth YYYY') END, 'the issue: ' || e.issue,
					(SELECT 'the answer of ' || a.answered_by || ', ' || to_char(a.answered_on, 'FMDD FMMonth YYYY') || ': ' || a.text FROM escalation_entry a
						WHERE a.escalation_id = e.id AND a.kind = 'answered' AND a.id < t.id ORDER BY a.id DESC LIMIT 1)),
				t.recorded_at, t.recorded_by
			FROM escalation_entry t JOIN escalation e ON e.id = t.escalation_id WHERE t.meeting_id = $1`

// businessRecords are what was recorded at a meeting of nobody in particular. Nothing
// is added once the meeting is closed, so every version of the minutes has the same.
func businessRecords(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Record, error) {
	rows, err := q.Query(ctx, `SELECT x.kind, x.rule, x.text, x.more, '', c.name, (x.at AT TIME ZONE 'Europe/London')::date
		FROM (`+escalationsSQL+`) x JOIN account c ON c.id = x.recorded_by WHERE x.nominal_id IS NULL ORDER BY x.part, x.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Record])
}
