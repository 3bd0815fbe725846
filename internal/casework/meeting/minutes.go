package meeting

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Entry is the minutes of one case. It holds what was recorded at the meeting and
// nothing else: no text of it is written by hand.
type Entry struct {
	Nominal  ref.NominalID `json:"nominal"`
	Position int           `json:"position"`
	Name     string        `json:"name"`
	Born     clock.Date    `json:"born"`
	Reasons  []Reason      `json:"reasons"`
	Records  []Record      `json:"records"`
	Silent   []string      `json:"silent"` // agencies present that said nothing of the case (R59)
}

// Record is one thing that was recorded of a case at the meeting.
type Record struct {
	Kind string     `json:"kind"` // what it is, as "RAG review"
	Text string     `json:"text"`
	More string     `json:"more"` // reason, owner and due date, who agreed
	By   string     `json:"by"`   // who wrote it on the sheet
	At   clock.Date `json:"at"`
}

// Minutes are the minutes of a closed meeting.
type Minutes struct {
	Meeting   Meeting
	Standing  Standing
	Attendees []Attendee
	Entries   []Entry
	Waiting   map[ref.NominalID]bool // entries that the approval does not cover: see MinutesOf
}

// MinutesOf are the minutes of a meeting: drafted from what was recorded until a
// chair approves them, and from then on as they were approved. A guest sees the
// named cases alone. An entry of a case that the approving chair may not see is
// still a draft, and marked as waiting.
func MinutesOf(ctx context.Context, q db.Querier, id ref.MeetingID) (m Minutes, err error) {
	if m.Meeting, m.Standing, err = opened(ctx, q, id); err != nil {
		return m, err
	}
	if m.Meeting.OpenedAt == nil {
		return m, fault.Refuse("", "", "There are no minutes before the meeting is opened")
	}
	if m.Attendees, err = Attendees(ctx, q, id); err != nil {
		return m, err
	}
	if m.Entries, err = draft(ctx, q, m.Meeting, m.Attendees); err != nil {
		return m, err
	}
	if m.Meeting.ApprovedAt == nil {
		return m, nil
	}
	approved, err := approvedEntries(ctx, q, id)
	m.Waiting = map[ref.NominalID]bool{}
	for i, e := range m.Entries {
		if a, ok := approved[e.Nominal]; ok {
			m.Entries[i] = a
		} else {
			m.Waiting[e.Nominal] = true
		}
	}
	return m, err
}

func approvedEntries(ctx context.Context, q db.Querier, id ref.MeetingID) (map[ref.NominalID]Entry, error) {
	rows, err := q.Query(ctx, `SELECT nominal_id, entry FROM minutes_case WHERE meeting_id = $1`, id)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID]Entry{}
	var (
		n    ref.NominalID
		text []byte
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &text}, func() error {
		var e Entry
		err := json.Unmarshal(text, &e)
		all[n] = e
		return err
	})
	return all, err
}

// draft is the entries of all cases of the agenda that the actor may see.
func draft(ctx context.Context, q db.Querier, m Meeting, attendees []Attendee) ([]Entry, error) {
	items, err := frozen(ctx, q, m)
	if err != nil {
		return nil, err
	}
	ids := make([]ref.NominalID, len(items))
	for i, item := range items {
		ids[i] = item.Nominal
	}
	records, err := recordsOf(ctx, q, m.ID, ids)
	if err != nil {
		return nil, err
	}
	born, err := birthsOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	notes, err := notesOf(ctx, q, m.ID, 0)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(items))
	for i, item := range items {
		e := Entry{Nominal: item.Nominal, Position: i + 1, Name: item.Name, Born: born[item.Nominal], Reasons: item.Reasons,
			Records: records[item.Nominal], Silent: []string{}}
		if e.Records == nil {
			e.Records = []Record{}
		}
		for _, v := range voices(attendees, notes, item.Nominal) {
			if !v.Spoke && item.LeftOff == nil {
				e.Silent = append(e.Silent, v.Name)
			}
		}
		entries[i] = e
	}
	return entries, nil
}

func birthsOf(ctx context.Context, q db.Querier, ids []ref.NominalID) (map[ref.NominalID]clock.Date, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (nominal_id) nominal_id, born FROM nominal_identity WHERE nominal_id = ANY ($1)
		ORDER BY nominal_id, id DESC`, ids)
	if err != nil {
		return nil, err
	}
	born := map[ref.NominalID]clock.Date{}
	var (
		n  ref.NominalID
		on clock.Date
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &on}, func() error {
		born[n] = on
		return nil
	})
	return born, err
}

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
	_, err = pgx.ForEachRow(rows, []any{&n, &r.Kind, &r.Text, &r.More, &r.By, &r.At}, func() error {
		r.More = strings.TrimPrefix(r.More, "; ")
		all[n] = append(all[n], r)
		return nil
	})
	return all, err
}

const recordsSQL = `
	SELECT x.nominal_id, x.kind, x.text, x.more, c.name, (x.at AT TIME ZONE 'Europe/London')::date FROM (
		SELECT * FROM (SELECT DISTINCT ON (f.nominal_id) f.nominal_id, 0 AS part, f.id, CASE f.outcome WHEN 'left off' THEN 'Left off the agenda' END AS kind,
				f.reason AS text, '' AS more, f.recorded_at AS at, f.recorded_by FROM agenda_deferral f WHERE f.meeting_id = $1 ORDER BY f.nominal_id, f.id DESC) f
			WHERE kind IS NOT NULL
		UNION ALL SELECT nominal_id, 1 AS part, n.id, CASE n.kind WHEN 'contribution' THEN 'Contribution: ' || y.name WHEN 'review deferred' THEN 'Review deferred'
				ELSE 'Discussion' END AS kind, n.text, '' AS more, n.recorded_at AS at, n.recorded_by
			FROM discussion_note n LEFT JOIN agency y ON y.id = n.agency_id WHERE n.meeting_id = $1
		UNION ALL SELECT nominal_id, 2, d.id, 'Referral ' || outcome, reason, agreed_by, recorded_at, recorded_by
			FROM referral_decision d WHERE meeting_id = $1
		UNION ALL SELECT l.nominal_id, 3, l.id, 'Lead worker', a.name || ', ' || l.capacity, y.name, l.recorded_at, l.recorded_by
			FROM lead_worker l JOIN account a ON a.id = l.account_id JOIN agency y ON y.id = l.agency_id
			JOIN registration g ON g.id = l.registration_id JOIN referral_decision d ON d.id = g.decision_id
			WHERE d.meeting_id = $1 AND l.recorded_at = g.began_at
		UNION ALL SELECT y.nominal_id, 4, y.rating_id, 'Rating between meetings ' || y.outcome, r.rating, y.reason, y.recorded_at, y.recorded_by
			FROM rag_ratification y JOIN rag_rating r ON r.id = y.rating_id WHERE y.meeting_id = $1
		UNION ALL SELECT r.nominal_id, 5, r.id, 'RAG review',
				coalesce((SELECT p.rating || ' to ' FROM rag_rating p WHERE p.registration_id = r.registration_id AND p.id < r.id AND p.rating <> r.rating
					AND p.id = (SELECT max(z.id) FROM rag_rating z WHERE z.registration_id = r.registration_id AND z.id < r.id)), '') || r.rating || ': ' || r.reason,
				r.agreed_by || CASE r.supervision WHEN '' THEN '' ELSE '; supervision ' || r.supervision END
					|| coalesce((SELECT '; lowered within eight weeks of the transfer: ' || e.reason FROM rag_early_lowering e WHERE e.rating_id = r.id), '')
					|| CASE WHEN r.characteristics = '{}' THEN '' ELSE '; ' || array_to_string(r.characteristics, '; ') END,
				r.recorded_at, r.recorded_by
			FROM rag_rating r WHERE r.meeting_id = $1
		UNION ALL SELECT nominal_id, 6, n.id, 'Need: ' || pathway, level || CASE needs WHEN '' THEN '' ELSE ': ' || needs END, actions, recorded_at, recorded_by
			FROM need n WHERE meeting_id = $1
		UNION ALL SELECT e.nominal_id, 7, e.id, 'Action ' || e.kind, a.text,
				concat_ws('; ', nullif(CASE WHEN e.text = a.text THEN '' ELSE e.text END, ''),
					CASE WHEN e.kind = 'set' THEN y.name || coalesce(', ' || o.name, '') END,
					CASE WHEN e.due_on IS NOT NULL THEN 'due ' || to_char(e.due_on, 'FMDD FMMonth YYYY') END),
				e.recorded_at, e.recorded_by
			FROM action_entry e JOIN action a ON a.id = e.action_id LEFT JOIN agency y ON y.id = e.owner_agency_id
			LEFT JOIN account o ON o.id = e.owner_account_id WHERE e.meeting_id = $1
		UNION ALL SELECT v.nominal_id, 8, v.id, CASE v.outcome WHEN 'retain' THEN 'Retained' ELSE 'Review: drop' END, v.justification, '', v.recorded_at, v.recorded_by
			FROM registration_review v WHERE v.meeting_id = $1
			AND NOT EXISTS (SELECT FROM deregistration d WHERE d.registration_id = v.registration_id AND d.meeting_id = $1 AND v.outcome = 'drop')
		UNION ALL SELECT d.nominal_id, 9, d.registration_id, 'Deregistered', d.justification,
				d.reasons || '; exit plan: ' || d.exit_plan || '; responsible: ' || d.exit_officer || ', ' || y.name || '; agreed: ' || d.agreed_by, d.recorded_at, d.recorded_by
			FROM deregistration d JOIN agency y ON y.id = d.exit_agency_id WHERE d.meeting_id = $1
	) x JOIN account c ON c.id = x.recorded_by
	WHERE x.nominal_id = ANY ($2)
	ORDER BY x.nominal_id, x.part, x.id`
