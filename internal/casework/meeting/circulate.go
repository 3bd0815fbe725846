package meeting

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
)

// The two things that go out after a meeting (R64).
const (
	Plans         = "plans"   // the updated plans and actions: need nobody's approval
	MinutesPapers = "minutes" // when the chair has approved them (R59)
)

// CirculationTitle is what goes out, as a heading.
func CirculationTitle(kind string) string {
	if kind == MinutesPapers {
		return "Minutes"
	}
	return "Plans and actions"
}

// CirculationMail is the kind of the messages that carry it; Courier makes them.
const CirculationMail mail.Kind = "circulation"

// Candidate is somebody to whom the papers of a meeting can be circulated: who
// attended or was to, and who has an action of one of its cases.
type Candidate struct {
	Account    ref.AccountID
	Name       string
	Agency     ref.AgencyID
	AgencyName string
	Because    string // attendee, guest, has an action
	State      string // of the roll-call
	Signed     bool   // else the papers hold no case for them (R62)
	Address    string // empty: none, or the account is disabled
	Secure     bool   // the file goes to the address; else a link
}

// Candidates are the people to whom a meeting's papers can go, attendees first. The
// actions are those that the actor sees.
func Candidates(ctx context.Context, q db.Querier, m Meeting) ([]Candidate, error) {
	attendees, err := Attendees(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	var all []Candidate
	for _, a := range attendees {
		c := Candidate{Account: a.Account, Name: a.Name, Agency: a.Agency, AgencyName: a.AgencyName, Because: "attendee", State: a.State, Signed: a.SignedAt != nil}
		if a.Guest {
			c.Because = "guest"
		}
		all = append(all, c)
	}
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (lower(c.name), c.id) c.id, c.name, y.id, y.name
		FROM agenda_item i JOIN action a ON a.nominal_id = i.nominal_id AND a.discharged_at IS NULL
		JOIN account c ON c.id = a.owner_account_id JOIN agency y ON y.id = a.owner_agency_id
		WHERE i.meeting_id = $1 AND c.disabled_at IS NULL ORDER BY lower(c.name), c.id, a.id DESC`, m.ID)
	if err != nil {
		return nil, err
	}
	c := Candidate{Because: "has an action"}
	_, err = pgx.ForEachRow(rows, []any{&c.Account, &c.Name, &c.Agency, &c.AgencyName}, func() error {
		if !slices.ContainsFunc(all, func(x Candidate) bool { return x.Account == c.Account }) {
			all = append(all, c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, addressed(ctx, q, m, all)
}

// addressed fills in where each would get a message, and whether that is secure.
func addressed(ctx context.Context, q db.Querier, m Meeting, all []Candidate) error {
	secure, err := area.SecureDomainsOf(ctx, q, int64(m.Area))
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = int64(c.Account)
	}
	rows, err := q.Query(ctx, `SELECT id, email FROM account WHERE id = ANY ($1) AND disabled_at IS NULL`, ids)
	if err != nil {
		return err
	}
	var (
		id      ref.AccountID
		address string
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &address}, func() error {
		for i := range all {
			if all[i].Account == id && mail.Plain(address) {
				all[i].Address, all[i].Secure = address, mail.Secure(address, secure)
			}
		}
		return nil
	})
	return err
}

// Circulate sends the updated plans and actions, or the approved minutes, to those who
// are named, for a purpose (R64). Each gets what they may see when it is sent, made
// under their own scope by Courier. Whoever circulates runs the meeting and has signed
// for it; the log has it as a disclosure. The problems' fields are purpose and
// recipient.
func Circulate(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, kind, purpose string, to []ref.AccountID) (ref.CirculationID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (sent ref.CirculationID, err error) {
		m, err := take(ctx, tx, id) // an approval waits
		if err != nil {
			return 0, err
		}
		if err := mustRun(tx, m); err != nil {
			return 0, err
		}
		if _, _, err := opened(ctx, tx, id); err != nil {
			return 0, err
		}
		if err := mayCirculate(m, kind); err != nil {
			return 0, err
		}
		candidates, err := Candidates(ctx, tx, m)
		if err != nil {
			return 0, err
		}
		purpose = strings.TrimSpace(purpose)
		if err := fault.Refused(checkCirculation(purpose, to, candidates)); err != nil {
			return 0, err
		}
		items, err := frozen(ctx, tx, m)
		if err != nil {
			return 0, err
		}
		if err := tx.QueryRow(ctx, `INSERT INTO circulation (meeting_id, kind, version, purpose, recorded_at, recorded_by)
			VALUES ($1, $2, CASE $2 WHEN 'minutes' THEN $3::int END, $4, $5, $6) RETURNING id`,
			id, kind, m.MinutesVersion, purpose, tx.Now(), tx.Actor().Account).Scan(&sent); err != nil {
			return 0, err
		}
		for _, c := range candidates {
			if !slices.Contains(to, c.Account) {
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO circulation_recipient (circulation_id, account_id, agency_id, because, recorded_at, recorded_by)
				VALUES ($1, $2, $3, $4, $5, $6)`, sent, c.Account, c.Agency, c.Because, tx.Now(), tx.Actor().Account); err != nil {
				return 0, err
			}
			if _, err := mail.Queue(ctx, tx, mail.Letter{Kind: CirculationMail, About: int64(sent), Area: int64(m.Area), Account: int64(c.Account)}); err != nil {
				return 0, err
			}
		}
		e := event("circulate "+kind, id, m.Area, "purpose", "recipients")
		e.Operation, e.Listed = audit.Disclose, true
		for _, i := range items {
			e.Nominals = append(e.Nominals, int64(i.Nominal))
		}
		tx.Record(e)
		return sent, nil
	})
}

// mayCirculate says whether it is time for what is to go out.
func mayCirculate(m Meeting, kind string) error {
	switch {
	case kind != Plans && kind != MinutesPapers:
		return fault.Missing()
	case m.ClosedAt == nil:
		return fault.Refuse("", "R64", "Plans, actions and minutes are circulated when the meeting has been closed")
	case kind == MinutesPapers && m.ApprovedAt == nil:
		return fault.Refuse("", "R59", "The minutes are circulated when the chair has approved them")
	}
	return nil
}

func checkCirculation(purpose string, to []ref.AccountID, candidates []Candidate) (problems []fault.Problem) {
	if purpose == "" {
		problems = append(problems, fault.Problem{Field: "purpose", Rule: "R64", Text: "Enter what it is circulated for"})
	}
	if len(to) == 0 {
		problems = append(problems, fault.Problem{Field: "recipient", Rule: "R64", Text: "Choose at least one person"})
	}
	for _, who := range to {
		if !slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Account == who }) {
			return append(problems, fault.Problem{Field: "recipient", Rule: "R64", Text: "Choose people who attended or have an action, from the list"})
		}
	}
	return problems
}

// SendAgain has a message of a circulation tried anew that failed, or of which nobody
// knows whether it arrived.
func SendAgain(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, message int64) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		status, err := mail.StatusOf(ctx, tx, message)
		if err != nil {
			return false, err
		}
		var ours bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM circulation WHERE id = $1 AND meeting_id = $2)`, status.About, id).Scan(&ours); err != nil {
			return false, err
		}
		if status.Kind != CirculationMail || !ours {
			return false, fault.Missing()
		}
		return true, mail.SendAgain(ctx, tx, message)
	})
	return err
}

// Circulation is something that went out after a meeting.
type Circulation struct {
	ID         ref.CirculationID
	Meeting    ref.MeetingID
	Kind       string
	Version    int // of the minutes
	Purpose    string
	At         time.Time
	By         string
	Recipients []Received // only for those who run the meeting
}

// Received is how a circulation stands with one recipient.
type Received struct {
	Account    ref.AccountID
	Name       string
	AgencyName string
	Because    string
	Mail       mail.Status
	ReadAt     *time.Time // first opened on the page; nil: not yet
	TakenAt    *time.Time // the file first downloaded
}

const circulationColumns = `SELECT u.id, u.meeting_id AS meeting, u.kind, coalesce(u.version, 0) AS version, u.purpose, u.recorded_at AS at, c.name AS by
	FROM circulation u JOIN account c ON c.id = u.recorded_by WHERE `

func circulations(ctx context.Context, q db.Querier, where string, args ...any) ([]Circulation, error) {
	rows, err := q.Query(ctx, circulationColumns+where+` ORDER BY u.id DESC`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Circulation, err error) {
		err = row.Scan(&c.ID, &c.Meeting, &c.Kind, &c.Version, &c.Purpose, &c.At, &c.By)
		return c, err
	})
}

// Circulations are what went out after a meeting, the latest first, with how each
// stands with each recipient: for those who run it.
func Circulations(ctx context.Context, q db.Querier, m Meeting) ([]Circulation, error) {
	if err := db.Must(q, authz.RunMeetings, int64(m.Area)); err != nil {
		return nil, err
	}
	all, err := circulations(ctx, q, `u.meeting_id = $1`, m.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Recipients, err = receivedOf(ctx, q, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func receivedOf(ctx context.Context, q db.Querier, id ref.CirculationID) ([]Received, error) {
	sent, err := mail.About(ctx, q, CirculationMail, int64(id))
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		SELECT r.account_id, c.name, y.name, r.because,
			(SELECT min(o.recorded_at) FROM circulation_opening o WHERE o.circulation_id = r.circulation_id AND o.account_id = r.account_id AND o.how = 'page'),
			(SELECT min(o.recorded_at) FROM circulation_opening o WHERE o.circulation_id = r.circulation_id AND o.account_id = r.account_id AND o.how = 'file')
		FROM circulation_recipient r JOIN account c ON c.id = r.account_id JOIN agency y ON y.id = r.agency_id
		WHERE r.circulation_id = $1 ORDER BY lower(y.name), lower(c.name), c.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Received, err error) {
		err = row.Scan(&r.Account, &r.Name, &r.AgencyName, &r.Because, &r.ReadAt, &r.TakenAt)
		for _, s := range sent {
			if s.Account == int64(r.Account) {
				r.Mail = s
			}
		}
		return r, err
	})
}

// SentToMe are the circulations of a meeting that the actor is a recipient of, the
// latest first.
func SentToMe(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Circulation, error) {
	return circulations(ctx, q, `u.meeting_id = $1 AND EXISTS (SELECT FROM circulation_recipient r WHERE r.circulation_id = u.id AND r.account_id = $2)`,
		id, q.Actor().Account)
}

// ReceivedBy is a circulation of a meeting that the actor is a recipient of;
// fault.Missing for any other, and when the meeting is no longer the actor's to see.
func ReceivedBy(ctx context.Context, q db.Querier, id ref.MeetingID, of ref.CirculationID) (Meeting, Circulation, error) {
	m, err := Get(ctx, q, id)
	if err != nil {
		return m, Circulation{}, err
	}
	found, err := circulations(ctx, q, `u.meeting_id = $1 AND u.id = $2 AND EXISTS (SELECT FROM circulation_recipient r WHERE r.circulation_id = u.id AND r.account_id = $3)`,
		id, of, q.Actor().Account)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return m, Circulation{}, err
	}
	return m, found[0], nil
}

// OpenReceived writes down that the actor opens what was circulated: on the page, or as
// a file. It is a write of its own, since a page that is only looked at writes nothing.
func OpenReceived(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, of ref.CirculationID, file bool) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, _, err := ReceivedBy(ctx, tx, id, of)
		if err != nil {
			return false, err
		}
		how := "page"
		if file {
			how = "file"
		}
		_, err = tx.Exec(ctx, `INSERT INTO circulation_opening (circulation_id, account_id, how, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $2)`,
			of, tx.Actor().Account, how, tx.Now())
		tx.Record(event("open circulation as "+how, id, m.Area, "how"))
		return true, err
	})
	return err
}

// HasOpened says whether the actor has opened it before.
func HasOpened(ctx context.Context, q db.Querier, of ref.CirculationID) (has bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM circulation_opening WHERE circulation_id = $1 AND account_id = $2)`, of, q.Actor().Account).Scan(&has)
	return has, err
}
