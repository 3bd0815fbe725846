package contact

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// NewPlan is a contact to be planned (R42, R44).
type NewPlan struct {
	Nominal     ref.NominalID
	Day         clock.Date
	At          string // 15:04; empty when not agreed
	Kind        Kind
	Purpose     string
	Agency      ref.AgencyID
	JointAgency ref.AgencyID  // of a joint visit; 0: none (R188)
	Owner       ref.AccountID // 0: the agency names somebody later
	Meeting     ref.MeetingID // where it was agreed; 0: between meetings
}

// Planned is a planned contact, and what became of it.
type Planned struct {
	ID              ref.PlannedID `db:"id"`
	Nominal         ref.NominalID `db:"nominal_id"`
	Day             clock.Date    `db:"day"`
	At              string        `db:"at_time"`
	Kind            Kind          `db:"kind"`
	Purpose         string        `db:"purpose"`
	Agency          ref.AgencyID  `db:"agency_id"`
	AgencyName      string        `db:"agency_name"`
	JointAgency     ref.AgencyID  `db:"joint_agency_id"`   // 0: not a joint visit
	JointAgencyName string        `db:"joint_agency_name"` // empty: not a joint visit
	OwnerName       string        `db:"owner_name"`        // empty: nobody named yet
	Meeting         ref.MeetingID `db:"meeting_id"`
	RecordedAt      time.Time     `db:"recorded_at"`
	By              string        `db:"by_name"`
	Outcome         Outcome       `db:"outcome"`    // of the contact that it became; empty: not logged
	CalledOff       string        `db:"called_off"` // the reason; empty: it stands
}

// Stands says that it is still to take place, or that nobody has logged that it did.
func (p Planned) Stands() bool { return p.Outcome == "" && p.CalledOff == "" }

// NotLogged says that the day has passed and nobody has logged what came of it.
func (p Planned) NotLogged(today clock.Date) bool { return p.Stands() && p.Day.Before(today) }

// PlannedKinds are the kinds of contact that can be planned: nobody plans a call to
// the police.
var PlannedKinds = []Kind{HomeVisit, OfficeVisit, Supervision, KeyWork, Telephone, VideoLink, PrisonVisit, MeetAtGate, Other}

// planAhead is how many days ahead a contact can be planned: a diary, not a calendar
// of years that nobody keeps.
const planAhead = 366

// CheckPlan says what keeps a contact from being planned.
// The problems' fields are those of the form; owner is the agency with the person.
func CheckPlan(n NewPlan, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if !slices.Contains(PlannedKinds, n.Kind) {
		add("kind", "R42", "Choose the kind of contact")
	}
	switch {
	case n.Day.IsZero():
		add("day", "R42", "Enter the day of the contact")
	case n.Day.Before(today):
		add("day", "R42", "The day must be today or later. Log a contact that has taken place")
	case n.Day.After(today.AddDays(planAhead)):
		add("day", "R42", "The day must be within a year")
	}
	if strings.TrimSpace(n.Purpose) == "" {
		add("purpose", "R42", "Enter what the contact is for")
	}
	if n.Agency == 0 {
		add("owner", "R42", "Choose the agency that sees the person")
	}
	if n.JointAgency != 0 && n.JointAgency == n.Agency {
		add("joint_agency", "R188", "A joint visit is of two agencies: choose another one, or none")
	}
	return all
}

// Plan plans a contact. It is refused by CheckPlan, and denied to those who may not
// record contacts in the person's area.
func Plan(ctx context.Context, d *db.DB, s db.Submission, n NewPlan) (ref.PlannedID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.PlannedID, error) { return InsertPlan(ctx, tx, n) })
}

// InsertPlan is Plan within a command of another room.
func InsertPlan(ctx context.Context, tx *db.Tx, n NewPlan) (id ref.PlannedID, err error) {
	scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordContact)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(CheckPlan(n, tx.Today())); err != nil {
		return 0, err
	}
	if err := mayOwn(ctx, tx, scope.Area, n); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO planned_contact (nominal_id, day, at_time, kind, purpose, agency_id, joint_agency_id, owner_account_id, meeting_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		n.Nominal, n.Day, n.At, n.Kind, strings.TrimSpace(n.Purpose), n.Agency, ref.Null(n.JointAgency), ref.Null(n.Owner), ref.Null(n.Meeting),
		tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "contact.plan", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "planned contact", ObjectID: int64(id), Fields: []string{"day", "at_time", "kind", "purpose", "agency", "joint_agency", "owner"}})
	return id, nil
}

// Owners are those who can be named to see somebody of an area, by name: whoever logs
// contacts there. For a node above leaves those below it are among them.
func Owners(ctx context.Context, q db.Querier, at ref.AreaID) ([]account.Person, error) {
	var roles []authz.Role
	for _, r := range authz.Roles {
		if r.Has(authz.RecordContact) {
			roles = append(roles, r)
		}
	}
	return account.People(ctx, q, at, roles...)
}

// mayOwn refuses an agency that there is not, and to name somebody who does not work
// for the agency in the area.
func mayOwn(ctx context.Context, q db.Querier, at ref.AreaID, n NewPlan) error {
	err := known(ctx, q, New{Agency: n.Agency, JointAgency: n.JointAgency})
	if wrong := fault.ProblemsOf(err); len(wrong) > 0 {
		for i, p := range wrong {
			if p.Field == "agency" {
				wrong[i].Field = "owner"
			}
		}
		return fault.Refused(wrong)
	}
	if err != nil || n.Owner == 0 {
		return err
	}
	people, err := Owners(ctx, q, at)
	if err == nil && !slices.ContainsFunc(people, func(p account.Person) bool { return p.ID == n.Owner && p.Agency == n.Agency }) {
		err = fault.Refuse("owner", "R42", "Choose somebody who works for that agency in this area, or nobody yet")
	}
	return err
}

// CallOff calls a planned contact off, with the reason. One that took place, or was
// called off before, is refused. The problem's field is reason.
func CallOff(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, planned ref.PlannedID, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return false, err
		}
		if err := tx.Lock(ctx, "planned contact", int64(planned)); err != nil {
			return false, err
		}
		p, err := PlanOf(ctx, tx, id, planned)
		if err != nil {
			return false, err
		}
		if !p.Stands() {
			return false, fault.Refuse("", "R42", "This contact has taken place or was called off already")
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return false, fault.Refuse("reason", "R42", "Enter the reason for calling the contact off")
		}
		_, err = tx.Exec(ctx, `INSERT INTO planned_contact_end (planned_id, nominal_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
			planned, id, reason, tx.Now(), tx.Actor().Account)
		tx.Record(audit.Event{Operation: audit.Alter, Command: "contact.call off", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "planned contact", ObjectID: int64(planned), Fields: []string{"reason"}})
		return true, err
	})
	return err
}

// fulfil ties a contact that is being logged to the plan that it keeps: the one that it
// is logged for, also when it took place on another day or in another way than was
// planned; else the earliest open one of that day and kind by one of its agencies. So
// whoever logs a contact needs to know nothing of the diary. A plan that was called
// off or kept meanwhile takes nothing: the contact is logged all the same.
func fulfil(ctx context.Context, tx *db.Tx, n New, id ref.ContactID) error {
	if n.Planned != 0 {
		if err := tx.Lock(ctx, "planned contact", int64(n.Planned)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO planned_contact_end (planned_id, nominal_id, contact_id, recorded_at, recorded_by)
		SELECT p.id, p.nominal_id, $6, $7, $8 FROM planned_contact p
		WHERE p.nominal_id = $1 AND (p.id = $9 OR p.day = $2 AND p.kind = $3 AND (p.agency_id IN ($4, $5) OR p.joint_agency_id IN ($4, $5))) AND `+open+`
		ORDER BY p.id <> $9, p.at_time, p.id LIMIT 1`, n.Nominal, n.HeldOn, n.Kind, n.Agency, n.JointAgency, id, tx.Now(), tx.Actor().Account, n.Planned)
	return err
}

// open says of the plan p that nothing has become of it. A contact that was entered
// in error opens its plan again.
const open = `NOT EXISTS (SELECT FROM planned_contact_end e WHERE e.planned_id = p.id
	AND (e.contact_id IS NULL OR NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = e.contact_id)))`

const selectPlanned = `SELECT p.id, p.nominal_id, p.day, p.at_time, p.kind, p.purpose, p.agency_id, y.name AS agency_name,
		coalesce(p.joint_agency_id, 0) AS joint_agency_id, coalesce(j.name, '') AS joint_agency_name, coalesce(o.name, '') AS owner_name, coalesce(p.meeting_id, 0) AS meeting_id, p.recorded_at, a.name AS by_name,
		coalesce(done.outcome, '') AS outcome, coalesce(off.reason, '') AS called_off
	FROM planned_contact p JOIN account a ON a.id = p.recorded_by JOIN agency y ON y.id = p.agency_id
	LEFT JOIN agency j ON j.id = p.joint_agency_id LEFT JOIN account o ON o.id = p.owner_account_id
	LEFT JOIN LATERAL (SELECT c.outcome FROM planned_contact_end e JOIN contact c ON c.id = e.contact_id
		WHERE e.planned_id = p.id AND ` + standing + ` ORDER BY e.id DESC LIMIT 1) done ON true
	LEFT JOIN LATERAL (SELECT e.reason FROM planned_contact_end e WHERE e.planned_id = p.id AND e.contact_id IS NULL LIMIT 1) off ON true `

// PlannedFor gives what is planned for some people from a day to another, both
// included, in the order of the day.
func PlannedFor(ctx context.Context, q db.Querier, people []ref.NominalID, from, to clock.Date) ([]Planned, error) {
	rows, err := q.Query(ctx, selectPlanned+`WHERE p.nominal_id = ANY ($1) AND p.day BETWEEN $2 AND $3 ORDER BY p.day, p.at_time, p.id`, people, from, to)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Planned])
}

// PlanOf is one planned contact of a person; fault.Missing for another's.
func PlanOf(ctx context.Context, q db.Querier, id ref.NominalID, planned ref.PlannedID) (p Planned, err error) {
	rows, err := q.Query(ctx, selectPlanned+`WHERE p.id = $1 AND p.nominal_id = $2`, planned, id)
	if err != nil {
		return p, err
	}
	p, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Planned])
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Missing()
	}
	return p, err
}

// SeenFor gives the contacts of some people from a day to another, both included, in
// the order of the day: what stands in the diary of days that have passed.
func SeenFor(ctx context.Context, q db.Querier, people []ref.NominalID, from, to clock.Date) ([]Contact, error) {
	return collect(ctx, q, strings.Replace(selectContact, "c.nominal_id = $1", "c.nominal_id = ANY ($1)", 1)+
		` AND c.held_on BETWEEN $2 AND $3 ORDER BY c.held_on, c.at_time, c.id`, people, from, to)
}
