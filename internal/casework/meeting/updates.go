package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// writtenUpdate is the kind of a note that is a written update.
const writtenUpdate = "written update"

// Allocated is a case of the agenda with its allocated officer: who leads it.
type Allocated struct {
	Nominal     ref.NominalID
	Case        string // family name first
	Officer     ref.AccountID
	OfficerName string
	Agency      ref.AgencyID
	AgencyName  string
}

// Owed is a written update that is owed to the chair (R71).
type Owed struct {
	Allocated
	Why     string     // why the officer will not be there, as "sent apologies"
	Written *time.Time // when it came; nil: it is missing (R72)
	By      string     // who wrote it
}

// UpdateBy is the last day on which a written update is in time: the day before the
// meeting or the working day nearest before it (R71).
func UpdateBy(heldOn clock.Date) clock.Date { return heldOn.WorkingDayBefore() }

// IsLate says whether an update written at a moment came after its day (R71). It
// follows from the times, and nobody can set it.
func IsLate(at time.Time, heldOn clock.Date) bool { return clock.DateOf(at).After(UpdateBy(heldOn)) }

// IsLate says whether the update came, or on the day is still missing, too late.
func (o Owed) IsLate(heldOn, today clock.Date) bool {
	if o.Written != nil {
		return IsLate(*o.Written, heldOn)
	}
	return today.After(UpdateBy(heldOn))
}

// Owing says which written updates are owed (R71): of every case whose allocated
// officer will not be at the meeting, since they sent apologies, are absent, or were
// not invited at all. An update is there when the officer's agency has written one
// (R72). Somebody who comes in an officer's place does not write for them.
func Owing(cases []Allocated, attendees []Attendee, notes []Note) []Owed {
	var all []Owed
	for _, c := range cases {
		why := awayFor(c.Officer, attendees)
		if c.Officer == 0 || why == "" {
			continue
		}
		o := Owed{Allocated: c, Why: why}
		for _, n := range notes {
			if n.Kind == writtenUpdate && n.Nominal == c.Nominal && n.Agency == c.Agency && (o.Written == nil || n.At.Before(*o.Written)) {
				o.Written, o.By = &n.At, n.By
			}
		}
		all = append(all, o)
	}
	return all
}

// awayFor is why somebody will not be at the meeting; empty when they will.
func awayFor(who ref.AccountID, attendees []Attendee) string {
	i := slices.IndexFunc(attendees, func(a Attendee) bool { return a.Account == who })
	switch {
	case i < 0:
		return "not invited"
	case attendees[i].State == apologies:
		return "sent apologies"
	case attendees[i].State == absent:
		return "absent"
	}
	return ""
}

// CaseUpdate is a case about which the actor writes.
type CaseUpdate struct {
	Item
	Agency  ref.AgencyID // in whose name
	Owed    bool
	Updates []Note // of that agency, the earliest first
	Draft   *Draft // what the actor was typing; nil: nothing
}

// Updates are the written updates of a meeting as somebody sees them.
type Updates struct {
	Meeting  Meeting
	Standing Standing
	By       clock.Date   // the last day in time
	Mine     []CaseUpdate // about which the actor writes: the cases that they lead, a guest's named ones
	Owed     []Owed       // every one that is owed, for who runs the meeting
}

// Missing counts the actor's own updates that are owed and not written.
func (u Updates) Missing() int {
	n := 0
	for _, c := range u.Mine {
		if c.Owed && len(c.Updates) == 0 {
			n++
		}
	}
	return n
}

// UpdatesOf are the written updates that the actor owes or may write for a meeting and,
// for who runs it, everybody's (R71, R72). Whoever leads a case reads its place on the
// agenda without having signed: it is their own case, and they will not be there.
func UpdatesOf(ctx context.Context, q db.Querier, id ref.MeetingID) (u Updates, err error) {
	if u.Meeting, err = Get(ctx, q, id); err != nil {
		return u, err
	}
	if u.Standing, err = StandingIn(ctx, q, u.Meeting); err != nil {
		return u, err
	}
	u.By = UpdateBy(u.Meeting.HeldOn)
	if u.Standing.Guest && !u.Standing.Signed {
		return u, errUnsigned
	}
	items, err := discussed(ctx, q, u.Meeting, u.Standing)
	if err != nil {
		return u, err
	}
	cases, err := allocated(ctx, q, items)
	if err != nil {
		return u, err
	}
	attendees, err := Attendees(ctx, q, id)
	if err != nil {
		return u, err
	}
	notes, err := notesOf(ctx, q, id, 0)
	if err != nil {
		return u, err
	}
	var owed []Owed
	if u.Meeting.Kind == Operational { // the guide asks it of the officers of that meeting
		owed = Owing(cases, attendees, notes)
	}
	if u.Standing.Runs {
		u.Owed = owed
	}
	return u, u.mine(ctx, q, items, cases, owed, attendees, notes)
}

// discussed are the cases of the agenda but for those that it leaves for the next
// meeting.
func discussed(ctx context.Context, q db.Querier, m Meeting, s Standing) ([]Item, error) {
	items, err := itemsOf(ctx, q, m, s)
	return slices.DeleteFunc(items, func(i Item) bool { return i.LeftOff != nil }), err
}

// mine fills in the cases about which the actor writes.
func (u *Updates) mine(ctx context.Context, q db.Querier, items []Item, cases []Allocated, owed []Owed, attendees []Attendee, notes []Note) error {
	me := ref.AccountID(q.Actor().Account)
	for _, item := range items {
		c := CaseUpdate{Item: item}
		if i := slices.IndexFunc(cases, func(a Allocated) bool { return a.Nominal == item.Nominal && a.Officer == me }); i >= 0 {
			c.Agency = cases[i].Agency
		} else if u.Standing.Guest {
			c.Agency = attendees[slices.IndexFunc(attendees, func(a Attendee) bool { return a.Account == me })].Agency
		} else {
			continue
		}
		c.Owed = slices.ContainsFunc(owed, func(o Owed) bool { return o.Nominal == item.Nominal && o.Officer == me })
		for _, n := range notes {
			if n.Kind == writtenUpdate && n.Nominal == item.Nominal && n.Agency == c.Agency {
				c.Updates = append(c.Updates, n)
			}
		}
		drafts, err := draftsOf(ctx, q, u.Meeting.ID, item.Nominal)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			if d.Block == updateBlock && d.Author == me {
				c.Draft = &d
			}
		}
		u.Mine = append(u.Mine, c)
	}
	return nil
}

// allocated are those of the cases that are on the scheme, with who leads them.
func allocated(ctx context.Context, q db.Querier, items []Item) ([]Allocated, error) {
	ids := make([]ref.RegistrationID, 0, len(items))
	names := map[ref.NominalID]string{}
	for _, i := range items {
		if i.Registration != 0 {
			ids = append(ids, i.Registration)
			names[i.Nominal] = i.Name
		}
	}
	rows, err := q.Query(ctx, `
		SELECT r.nominal_id, l.account_id, c.name, l.agency_id, y.name FROM unnest($1::bigint[]) WITH ORDINALITY AS i(id, nth)
		JOIN registration r ON r.id = i.id AND r.ended_at IS NULL
		JOIN LATERAL (SELECT account_id, agency_id FROM lead_worker x WHERE x.registration_id = r.id ORDER BY x.id DESC LIMIT 1) l ON true
		JOIN account c ON c.id = l.account_id JOIN agency y ON y.id = l.agency_id
		ORDER BY i.nth`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Allocated, err error) {
		err = row.Scan(&a.Nominal, &a.Officer, &a.OfficerName, &a.Agency, &a.AgencyName)
		a.Case = names[a.Nominal]
		return a, err
	})
}

// updateBlock names the draft of a written update.
const updateBlock = "update"

// WriteUpdate gives the chair a written update about a case (R71): by who leads it,
// signed or not, since it is their own case; by a guest about a case named; or by who
// runs the meeting and has signed for it, in the name of the agency that leads the
// case and sent it some other way. It can be written until the meeting is closed, and
// is late after UpdateBy. The problem's field is text.
func WriteUpdate(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, text string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		c, err := writesAbout(ctx, tx, id, n)
		if err != nil {
			return false, err
		}
		if err := note(ctx, tx, c, writtenUpdate, c.agency, text, "Enter the update"); err != nil {
			return false, err
		}
		if err := useUp(ctx, tx, c, s.Key()); err != nil {
			return false, err
		}
		return true, tell(ctx, tx, id, n, "record")
	})
	return err
}

// SaveUpdate keeps what is being typed of a written update, as SaveDraft does on the
// sheet.
func SaveUpdate(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, save Save) (SavedDraft, error) {
	save.Block = updateBlock
	return keepDraft(ctx, d, s, save, func(ctx context.Context, tx *db.Tx) (atCase, error) { return writesAbout(ctx, tx, id, n) })
}

// writesAbout is a case of the agenda about which the actor may write an update.
func writesAbout(ctx context.Context, tx *db.Tx, id ref.MeetingID, n ref.NominalID) (c atCase, err error) {
	if c.meeting, err = hold(ctx, tx, id); err != nil {
		return c, err
	}
	s, err := StandingIn(ctx, tx, c.meeting)
	if err != nil {
		return c, err
	}
	if s.Guest && !s.Signed {
		return c, errUnsigned
	}
	if c.meeting.State() != StatePlanned {
		if err := mustBe(c.meeting, StateOpen); err != nil {
			return c, err
		}
	}
	items, err := discussed(ctx, tx, c.meeting, s)
	if err != nil {
		return c, err
	}
	i := slices.IndexFunc(items, func(i Item) bool { return i.Nominal == n })
	if i < 0 {
		return c, fault.Missing()
	}
	c.item, c.guest = items[i], s.Guest
	if c.guest {
		me, _, err := attendeeOf(ctx, tx, id, ref.AccountID(tx.Actor().Account))
		c.agency = me.Agency
		return c, err
	}
	leads, err := allocated(ctx, tx, items[i:i+1])
	if err != nil {
		return c, err
	}
	var lead Allocated
	if len(leads) > 0 {
		lead = leads[0]
	}
	p := authz.Contribute
	switch {
	case lead.Officer == ref.AccountID(tx.Actor().Account):
	case lead.Officer == 0 || !s.Runs:
		return c, fault.Denied("A written update comes from who leads the case")
	case !s.Signed:
		return c, errUnsigned
	default:
		p = authz.RunMeetings
	}
	c.agency = lead.Agency
	scope, err := nominal.Must(ctx, tx, n, p)
	c.area = scope.Area
	return c, err
}

// UpdatesDue is a meeting for which the actor owes written updates.
type UpdatesDue struct {
	Meeting Meeting
	By      clock.Date
	Missing int
}

// updatesAhead is how many days before a meeting its updates are asked for.
const updatesAhead = 14

// MyUpdatesDue are the meetings of the next two weeks, or under way, for which the
// actor owes written updates that are not there yet (R71), the soonest first.
func MyUpdatesDue(ctx context.Context, q db.Querier) ([]UpdatesDue, error) {
	// Only somebody who leads a case and will not be there has anything to be asked.
	found, err := meetings(ctx, q, ` AND m.kind = 'referral and operational' AND m.held_on <= $3::date + $4::int
		AND (m.held_on >= $3 OR o.meeting_id IS NOT NULL) AND e.meeting_id IS NULL AND x.meeting_id IS NULL
		AND EXISTS (SELECT FROM live_list l JOIN area_under u ON u.under_id = l.area_id AND u.area_id = m.area_id WHERE l.lead_account_id = $2)
		AND coalesce((SELECT a.state FROM meeting_attendance a WHERE a.meeting_id = m.id AND a.account_id = $2 ORDER BY a.id DESC LIMIT 1),
			CASE WHEN EXISTS (SELECT FROM meeting_attendee t WHERE t.meeting_id = m.id AND t.account_id = $2) THEN 'expected' ELSE 'absent' END)
			IN ('apologies', 'absent')
		ORDER BY m.held_on, m.id`, updatesAhead)
	if err != nil {
		return nil, err
	}
	var all []UpdatesDue
	for _, m := range found {
		u, err := UpdatesOf(ctx, q, m.ID)
		if err != nil {
			return nil, err
		}
		if n := u.Missing(); n > 0 {
			all = append(all, UpdatesDue{m, u.By, n})
		}
	}
	return all, nil
}
