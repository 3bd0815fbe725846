package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The capacities in which somebody attends.
const (
	core  = "core"  // a member, for every case (R56)
	guest = "guest" // for named cases only (R57, R58)
)

// Attendee is somebody invited to a meeting.
type Attendee struct {
	Account     ref.AccountID
	Name        string
	Agency      ref.AgencyID
	AgencyName  string
	Guest       bool
	State       string        // of the roll-call, or of an apology beforehand; empty: not called yet
	Arrived     string        // 15:04, of who came after the beginning
	Departed    string        // 15:04, of who left before the end
	Instead     ref.AccountID // who comes in place of somebody who sent apologies; 0: nobody
	InsteadName string
	Note        string     // with apologies
	SignedAt    *time.Time // nil: has not signed
	SignedAs    string
	Witness     string          // who saw it, of a signature on another's device
	Cases       []ref.NominalID // of a guest: those that the reader may see
}

// Away says that somebody will not be, or is not, at the meeting.
func (a Attendee) Away() bool { return a.State == apologies || a.State == absent }

// Attendees lists who is invited, members before guests, by agency and name.
func Attendees(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Attendee, error) {
	rows, err := q.Query(ctx, `
		SELECT t.account_id AS account, c.name, t.agency_id AS agency, y.name AS agency_name, t.capacity = 'guest' AS guest,
			coalesce(nullif(r.state, 'expected'), '') AS state, coalesce(r.arrived, '') AS arrived, coalesce(r.departed, '') AS departed,
			coalesce(r.instead_id, 0) AS instead, coalesce(i.name, '') AS instead_name, coalesce(r.note, '') AS note,
			s.recorded_at AS signed_at, coalesce(s.signed_as, '') AS signed_as, coalesce(w.name, '') AS witness,
			ARRAY(SELECT g.nominal_id FROM meeting_guest_case g WHERE g.meeting_id = t.meeting_id AND g.account_id = t.account_id ORDER BY 1) AS cases
		FROM meeting_attendee t
		JOIN account c ON c.id = t.account_id
		JOIN agency y ON y.id = t.agency_id
		LEFT JOIN confidentiality_signature s ON s.meeting_id = t.meeting_id AND s.account_id = t.account_id
		LEFT JOIN account w ON w.id = s.witnessed_by
		LEFT JOIN LATERAL (SELECT state, arrived, departed, instead_id, note FROM meeting_attendance a WHERE a.meeting_id = t.meeting_id AND a.account_id = t.account_id
			ORDER BY a.id DESC LIMIT 1) r ON true
		LEFT JOIN account i ON i.id = r.instead_id
		WHERE t.meeting_id = $1 ORDER BY t.capacity, lower(y.name), lower(c.name), c.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Attendee])
}

// Chairs are who may take the chair of a meeting of an area node: a detective
// inspector, a senior probation officer or somebody of equivalent authority, by a
// grant that covers the whole node (R55).
func Chairs(ctx context.Context, q db.Querier, node ref.AreaID) ([]account.Person, error) {
	rows, err := q.Query(ctx, `
		SELECT id, name, agency, agency_name, role FROM (
			SELECT DISTINCT ON (c.id) c.id, c.name, g.agency_id AS agency, y.name AS agency_name, g.role
			FROM access_grant g JOIN account c ON c.id = g.account_id JOIN agency y ON y.id = g.agency_id
			JOIN area_under u ON u.area_id = g.area_id AND u.under_id = $1
			WHERE c.disabled_at IS NULL AND g.revoked_at IS NULL AND g.role = 'chair'
				AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
			ORDER BY c.id, g.id) one
		ORDER BY lower(name), id`, node, q.Today())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[account.Person])
}

// Invite makes members of the meeting out of people who work in its area (R56).
// Whoever is a member already stays one.
func Invite(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, accounts []ref.AccountID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := changeable(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if len(accounts) == 0 {
			return false, fault.Refuse("member", "R56", "Choose at least one person")
		}
		people, err := account.People(ctx, tx, m.Area)
		if err != nil {
			return false, err
		}
		for _, a := range accounts {
			i := slices.IndexFunc(people, func(p account.Person) bool { return p.ID == a })
			if i < 0 {
				return false, fault.Refuse("member", "R56", "Choose people who work in this area, from the list")
			}
			if err := seat(ctx, tx, id, a, people[i].Agency, core); err != nil {
				return false, err
			}
		}
		tx.Record(event("invite", id, m.Area, "members"))
		return true, nil
	})
	return err
}

// InviteGuest invites a guest for named cases (R57, R58): the guest sees these and
// nothing else, from signing the confidentiality statement of the meeting (R62)
// until 14 days after it. Inviting again adds cases.
func InviteGuest(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, who ref.AccountID, cases []ref.NominalID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := changeable(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if len(cases) == 0 {
			return false, fault.Refuse("case", "R58", "Choose at least one case: a guest is invited for named cases")
		}
		guests, err := account.People(ctx, tx, m.Area, authz.Guest)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(guests, func(p account.Person) bool { return p.ID == who })
		if i < 0 {
			return false, fault.Refuse("guest", "R57", "Choose a guest of this area from the list")
		}
		if err := seat(ctx, tx, id, who, guests[i].Agency, guest); err != nil {
			return false, err
		}
		for _, c := range cases {
			if err := nameCase(ctx, tx, m, who, c); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return err
}

// nameCase invites a guest for one case, if that has not been done already.
func nameCase(ctx context.Context, tx *db.Tx, m Meeting, who ref.AccountID, c ref.NominalID) error {
	scope, err := nominal.Must(ctx, tx, c, authz.RunMeetings)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO meeting_guest_case (meeting_id, account_id, nominal_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, m.ID, who, c, tx.Now(), tx.Actor().Account)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 1 {
		// Of a meeting that is long past nothing opens, unless it is moved.
		from, until := tx.Now(), m.GuestsUntil()
		if until.Before(from) {
			from = until
		}
		if _, err := tx.Exec(ctx, `SELECT invite_guest($1, $2, $3, $4,
			NOT EXISTS (SELECT FROM confidentiality_signature WHERE meeting_id = $5 AND account_id = $2))`, c, who, from, until, m.ID); err != nil {
			return err
		}
	}
	e := event("invite guest", m.ID, scope.Area, "guest", "case")
	e.Operation, e.Nominals = audit.Disclose, []int64{int64(c)}
	tx.Record(e)
	return nil
}

// moveGuests has the access of a meeting's guests last until 14 days after the day to
// which it has been moved (R58). Whoever has signed goes on, whoever has not still has to;
// a case that was taken away stays away.
func moveGuests(ctx context.Context, tx *db.Tx, m Meeting) error {
	var cases []int64
	if err := tx.QueryRow(ctx, `SELECT guests_moved($1, $2)`, m.ID, tx.Now()).Scan(&cases); err != nil || len(cases) == 0 {
		return err
	}
	e := event("move guests", m.ID, m.Area, "guest", "until")
	e.Operation, e.Nominals = audit.Disclose, cases
	tx.Record(e)
	return nil
}

// EndGuest takes a case away from a guest at once: invited by mistake, or done.
// That the guest was invited stays on the record.
func EndGuest(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, who ref.AccountID, c ref.NominalID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := mustRun(tx, m); err != nil {
			return false, err
		}
		scope, err := nominal.Must(ctx, tx, c, authz.RunMeetings)
		if err != nil {
			return false, err
		}
		attendees, err := Attendees(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if !slices.ContainsFunc(attendees, func(a Attendee) bool { return a.Account == who && slices.Contains(a.Cases, c) }) {
			return false, fault.Missing() // nobody to whom that case is open by this meeting
		}
		if _, err := tx.Exec(ctx, `SELECT end_guest($1, $2, $3)`, c, who, tx.Now()); err != nil {
			return false, err
		}
		e := event("end guest", id, scope.Area, "guest", "case")
		e.Operation, e.Nominals = audit.Alter, []int64{int64(c)}
		tx.Record(e)
		return true, nil
	})
	return err
}

// changeable is a meeting whose people can still be changed: planned or open, and
// run by the actor.
func changeable(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Meeting, error) {
	m, err := take(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if err := mustRun(tx, m); err != nil {
		return m, err
	}
	if m.State() != StatePlanned {
		return m, mustBe(m, StateOpen)
	}
	return m, nil
}

// seat makes an attendee, once.
func seat(ctx context.Context, tx *db.Tx, id ref.MeetingID, who ref.AccountID, agency ref.AgencyID, capacity string) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_attendee (meeting_id, account_id, agency_id, capacity, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, id, who, agency, capacity, tx.Now(), tx.Actor().Account)
	return err
}
