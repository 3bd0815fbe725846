package meeting

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Entry is the minutes of one case. It holds what was recorded at the meeting, and
// what was put right since, each as an entry of its author.
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
	Kind string     `json:"kind"`           // what it is, as "RAG review"
	Rule string     `json:"rule,omitempty"` // of a decision: the rule by which the meeting takes it
	Text string     `json:"text"`
	More string     `json:"more"`          // reason, owner and due date, who agreed
	Was  string     `json:"was,omitempty"` // of a correction: the words that were wrong
	By   string     `json:"by"`            // who wrote it on the sheet
	At   clock.Date `json:"at"`
}

// Minutes are the minutes of a closed meeting.
type Minutes struct {
	Meeting   Meeting
	Standing  Standing
	Attendees []Attendee
	Version   int     // that is shown; 0: a draft that nobody has approved
	Entries   []Entry // in the order in which the meeting came to the cases
	// Business is what was recorded of nobody in particular (R60).
	Business []Record
	// EnBloc are the frequencies of supervision that were agreed in one go (R44, R47).
	EnBloc []Supervision
	// Waiting are the entries that no approval covers: a draft of its own kind, since
	// the approving chair may not see the case.
	Waiting map[ref.NominalID]bool
	// Corrections are those that the chair has not approved yet, as they were made.
	Corrections []Correction
}

// MinutesOf are the minutes of a meeting: drafted from what was recorded until a
// chair approves them, and from then on as they were approved last. A guest sees the
// named cases alone. An entry of a case that the approving chair may not see is
// still a draft, and marked as waiting.
func MinutesOf(ctx context.Context, q db.Querier, id ref.MeetingID) (Minutes, error) {
	return minutesAt(ctx, q, id, latestVersion)
}

// MinutesVersion are the minutes as one version of them was approved; fault.Missing
// when there is no such version. The entries are those that the version covers.
func MinutesVersion(ctx context.Context, q db.Querier, id ref.MeetingID, version int) (Minutes, error) {
	m, err := minutesAt(ctx, q, id, version)
	if err == nil && (version < 1 || version > m.Meeting.MinutesVersion) {
		err = fault.Missing()
	}
	m.Entries = slices.DeleteFunc(m.Entries, func(e Entry) bool { return m.Waiting[e.Nominal] })
	m.Waiting = nil
	return m, err
}

const latestVersion = 1 << 30

func minutesAt(ctx context.Context, q db.Querier, id ref.MeetingID, version int) (m Minutes, err error) {
	if m.Meeting, m.Standing, err = opened(ctx, q, id); err != nil {
		return m, err
	}
	if m.Meeting.OpenedAt == nil {
		return m, fault.Refuse("", "", "There are no minutes before the meeting is opened")
	}
	m.Version = min(version, m.Meeting.MinutesVersion)
	if m.Attendees, err = Attendees(ctx, q, id); err != nil {
		return m, err
	}
	if m.Entries, err = draft(ctx, q, m.Meeting, m.Attendees); err != nil {
		return m, err
	}
	if !m.Standing.Guest {
		if m.Business, err = businessRecords(ctx, q, id); err != nil {
			return m, err
		}
		if m.EnBloc, err = supervisionsOf(ctx, q, id); err != nil {
			return m, err
		}
	}
	approved, err := approvedEntries(ctx, q, id, version)
	if err != nil {
		return m, err
	}
	corrections, err := correctionsOf(ctx, q, id)
	if err != nil {
		return m, err
	}
	m.Waiting = map[ref.NominalID]bool{}
	for i, e := range m.Entries {
		a, covered := approved[e.Nominal]
		if covered {
			m.Entries[i] = a.Entry
		} else if m.Meeting.ApprovedAt != nil {
			m.Waiting[e.Nominal] = true
		}
		for _, c := range corrections {
			if c.Nominal == e.Nominal && c.Version > a.version {
				c.Name = e.Name
				m.Corrections = append(m.Corrections, c)
			}
		}
	}
	return m, nil
}

// Proposed are the minutes as the chair would approve them now: what waits is taken
// up. Nothing of the entries that were approved is lost in it.
func (m Minutes) Proposed() Minutes {
	m.Entries = slices.Clone(m.Entries)
	for i, e := range m.Entries {
		for _, c := range m.Corrections {
			if c.Nominal == e.Nominal {
				m.Entries[i].Records = append(slices.Clip(m.Entries[i].Records), c.record())
			}
		}
	}
	return m
}

// Nominals are the people whom the minutes show, each once.
func (m Minutes) Nominals() []ref.NominalID {
	ids := []ref.NominalID{}
	for _, e := range m.Entries {
		ids = append(ids, e.Nominal)
	}
	for _, s := range m.EnBloc {
		if !slices.Contains(ids, s.Nominal) {
			ids = append(ids, s.Nominal)
		}
	}
	return ids
}

// IsDecided says that nothing waits for the chair.
func (m Minutes) IsDecided() bool {
	return m.Meeting.ApprovedAt != nil && len(m.Corrections) == 0 && len(m.Waiting) == 0
}

type approvedEntry struct {
	Entry
	version int
}

// approvedEntries are the entries as they were approved last, up to a version.
func approvedEntries(ctx context.Context, q db.Querier, id ref.MeetingID, version int) (map[ref.NominalID]approvedEntry, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (nominal_id) nominal_id, version, entry FROM minutes_case
		WHERE meeting_id = $1 AND version <= $2 ORDER BY nominal_id, version DESC`, id, version)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID]approvedEntry{}
	var (
		n    ref.NominalID
		v    int
		text []byte
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &v, &text}, func() error {
		e := approvedEntry{version: v}
		err := json.Unmarshal(text, &e.Entry)
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
	called, err := calledOrder(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(items, func(a, b Item) int { return place(called, a.Nominal) - place(called, b.Nominal) })
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

// calledOrder is the order in which a meeting came to its cases (R63); those that
// were never on the display are not in it.
func calledOrder(ctx context.Context, q db.Querier, id ref.MeetingID) ([]ref.NominalID, error) {
	rows, err := q.Query(ctx, `SELECT nominal_id FROM meeting_case_opened WHERE meeting_id = $1 GROUP BY nominal_id ORDER BY min(id)`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[ref.NominalID])
}

// place is where a case stands in the order; those that are not in it come last, in
// the order of the agenda.
func place(called []ref.NominalID, n ref.NominalID) int {
	if i := slices.Index(called, n); i >= 0 {
		return i
	}
	return len(called)
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
