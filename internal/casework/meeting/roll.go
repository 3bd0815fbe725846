package meeting

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// What the roll-call knows of somebody. Who is expected sent apologies before and
// can come after all; it reads as not called.
const (
	coming    = "expected"
	present   = "present"
	apologies = "apologies"
	absent    = "absent"
)

// Attendances are what the roll-call records.
var Attendances = []string{present, apologies, absent}

// Presence is one line of the roll-call.
type Presence struct {
	State    string // one of Attendances; empty: as it stands
	Arrived  string // 15:04, of who came after the beginning
	Departed string // 15:04, of who left before the end
}

// CheckPresence says what is wrong with a line of the roll-call; the problems'
// fields are state, arrived and departed.
func CheckPresence(p Presence) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, text string) { wrong = append(wrong, fault.Problem{Field: field, Rule: "R59", Text: text}) }
	if p.State != "" && !slices.Contains(Attendances, p.State) {
		say("state", "Choose present, apologies or absent")
	}
	if p.Arrived != "" && !timeOfDay.MatchString(p.Arrived) {
		say("arrived", "Enter a time, like 10:20")
	}
	if p.Departed != "" && !timeOfDay.MatchString(p.Departed) {
		say("departed", "Enter a time, like 10:20")
	}
	if p.Arrived != "" && p.State != present {
		say("arrived", "Only somebody who is present came later")
	}
	if p.Departed != "" && p.State != present {
		say("departed", "Only somebody who is present left earlier")
	}
	if p.Arrived != "" && p.Departed != "" && p.Departed <= p.Arrived {
		say("departed", "The time of leaving must be after the time of coming")
	}
	return wrong
}

// CallRoll records who is present, sent apologies or is absent. Whoever is not
// named keeps the state they had; each change is kept.
func CallRoll(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, states map[ref.AccountID]string) error {
	lines := make(map[ref.AccountID]Presence, len(states))
	for who, state := range states {
		lines[who] = Presence{State: state}
	}
	return Roll(ctx, d, s, id, lines, false)
}

// Roll records everybody's line of the roll-call at once, with who came later and
// left earlier. A line without a state stays as it stands; rest makes present
// everybody who has none yet. A change is a further row. The problems' fields are
// those of CheckPresence with the account behind, as arrived-7.
func Roll(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, lines map[ref.AccountID]Presence, rest bool) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := changeable(ctx, tx, id)
		if err != nil {
			return false, err
		}
		attendees, err := Attendees(ctx, tx, id)
		if err != nil {
			return false, err
		}
		var wrong []fault.Problem
		for _, a := range attendees {
			line := lines[a.Account]
			if line.State == "" && a.State == "" && rest {
				line.State = present
			}
			for _, p := range CheckPresence(line) {
				p.Field += "-" + ref.Text(a.Account)
				p.Text = a.Name + ": " + lowered(p.Text)
				wrong = append(wrong, p)
			}
			if line.State == "" || line == (Presence{a.State, a.Arrived, a.Departed}) || len(wrong) > 0 {
				continue
			}
			row := attendance{Presence: line}
			if line.State == apologies && a.State == apologies {
				row.instead, row.note = a.Instead, a.Note
			}
			if err := attend(ctx, tx, id, a.Account, row); err != nil {
				return false, err
			}
		}
		if err := fault.Refused(wrong); err != nil {
			return false, err
		}
		tx.Record(event("roll-call", id, m.Area, "attendance"))
		return true, nil
	})
	return err
}

func lowered(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// attendance is a row of the roll.
type attendance struct {
	Presence
	instead ref.AccountID
	note    string
}

func attend(ctx context.Context, tx *db.Tx, id ref.MeetingID, who ref.AccountID, a attendance) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_attendance (meeting_id, account_id, state, arrived, departed, instead_id, note, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, who, a.State, a.Arrived, a.Departed, ref.Null(a.instead), a.note, tx.Now(), tx.Actor().Account)
	return err
}

// Apology is what somebody who cannot come says beforehand.
type Apology struct {
	Instead ref.AccountID // a colleague of the same agency; 0: nobody
	Note    string
}

// Colleagues are those who may come in somebody's place: who works in the area of
// the meeting for the same agency.
func Colleagues(ctx context.Context, q db.Querier, m Meeting, who ref.AccountID, agency ref.AgencyID) ([]account.Person, error) {
	people, err := account.People(ctx, q, m.Area)
	return slices.DeleteFunc(people, func(p account.Person) bool { return p.ID == who || p.Agency != agency }), err
}

// Apologise sends the actor's own apologies before the meeting, with who comes
// instead: that colleague is invited by it, and signs for the meeting like everybody.
// A guest is invited by name and sends nobody else. The problems' fields are instead
// and note.
func Apologise(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, a Apology) error {
	return ofOneself(ctx, d, s, id, "apologise", func(ctx context.Context, tx *db.Tx, m Meeting, me Attendee) error {
		row := attendance{Presence: Presence{State: apologies}, instead: a.Instead, note: strings.TrimSpace(a.Note)}
		if a.Instead != 0 {
			colleagues, err := Colleagues(ctx, tx, m, me.Account, me.Agency)
			if err != nil {
				return err
			}
			if me.Guest || !slices.ContainsFunc(colleagues, func(p account.Person) bool { return p.ID == a.Instead }) {
				return fault.Refuse("instead", "R56", "Choose a colleague of your own agency who works in this area")
			}
			if err := seat(ctx, tx, id, a.Instead, me.Agency, core); err != nil {
				return err
			}
		}
		return attend(ctx, tx, id, me.Account, row)
	})
}

// Come takes the actor's own apologies back before the meeting. Who was to come
// instead stays invited.
func Come(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	return ofOneself(ctx, d, s, id, "come after all", func(ctx context.Context, tx *db.Tx, _ Meeting, me Attendee) error {
		return attend(ctx, tx, id, me.Account, attendance{Presence: Presence{State: coming}})
	})
}

// ofOneself writes what an attendee says of their own coming, before the meeting.
func ofOneself(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, command string,
	fn func(ctx context.Context, tx *db.Tx, m Meeting, me Attendee) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return false, err
		}
		me, ok, err := attendeeOf(ctx, tx, id, ref.AccountID(tx.Actor().Account))
		if err != nil {
			return false, err
		}
		if !ok {
			return false, fault.Denied("You are not on the list of attendees of this meeting")
		}
		if m.State() == StateOpen {
			return false, fault.Refuse("", "R59", "The meeting has begun. Whoever runs it records who is there")
		}
		if err := mustBe(m, StatePlanned); err != nil {
			return false, err
		}
		tx.Record(event(command, id, m.Area, "attendance"))
		return true, fn(ctx, tx, m, me)
	})
	return err
}

// attendeeOf is one attendee; ok is false for who is not invited.
func attendeeOf(ctx context.Context, q db.Querier, id ref.MeetingID, who ref.AccountID) (a Attendee, ok bool, err error) {
	all, err := Attendees(ctx, q, id)
	if err != nil {
		return a, false, err
	}
	if i := slices.IndexFunc(all, func(a Attendee) bool { return a.Account == who }); i >= 0 {
		return all[i], true, nil
	}
	return a, false, nil
}
