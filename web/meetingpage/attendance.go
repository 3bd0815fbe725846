package meetingpage

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"iom/internal/casework/account"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type attendanceView struct {
	meeting   meeting.Meeting
	standing  meeting.Standing
	attendees []meeting.Attendee
	core      []meeting.Core // the standing list of the area
	updates   meeting.Updates
	today     clock.Date
	members   []ui.Option // who can still be invited
	guests    []ui.Option
	cases     []ui.Option // for which a guest can be invited
	names     map[ref.NominalID]nominal.Name
	form      *form.Form
	hidden    ui.FormHidden
}

// Attendance is who is invited, the roll-call, and who has signed, on one screen.
func Attendance(c *page.Ctx) error { return drawAttendance(c, c.Form()) }

func drawAttendance(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (attendanceView, audit.Seen, error) {
		return readAttendance(ctx, q, id)
	})
	if err != nil {
		return err
	}
	v.form, v.hidden = f, c.Hidden()
	chrome := c.Chrome("Attendance on "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	chrome.Wide = true // so that a line of the roll-call is one line
	if f.IsSubmitted() {
		return c.Redraw(attendancePage(chrome, v))
	}
	return c.Render(attendancePage(chrome, v))
}

// readAttendance reads for who runs the meeting; it lists for the log the cases
// that it offers for guests.
func readAttendance(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (attendanceView, audit.Seen, error) {
	var v attendanceView
	var err error
	if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
		return v, audit.Nobody(), err
	}
	if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
		return v, audit.Nobody(), err
	}
	if v.attendees, err = meeting.Attendees(ctx, q, id); err != nil {
		return v, audit.Nobody(), err
	}
	if err := db.Must(q, authz.RunMeetings, int64(v.meeting.Area)); err != nil {
		return v, audit.Nobody(), err
	}
	v.today = q.Today()
	if v.core, err = meeting.CoreOf(ctx, q, v.meeting.Area); err != nil {
		return v, audit.Nobody(), err
	}
	if v.updates, err = meeting.UpdatesOf(ctx, q, id); err != nil {
		return v, audit.Nobody(), err
	}
	ids, err := v.offer(ctx, q)
	return v, audit.Listed(ids), err
}

// offer fills in who can be invited, and for which cases.
func (v *attendanceView) offer(ctx context.Context, q db.Querier) ([]ref.NominalID, error) {
	people, err := account.People(ctx, q, v.meeting.Area)
	if err != nil {
		return nil, err
	}
	v.members = invitable(people, v.attendees)
	guests, err := account.People(ctx, q, v.meeting.Area, authz.Guest)
	if err != nil {
		return nil, err
	}
	v.guests = invitable(guests, nil)
	_, items, err := meeting.Items(ctx, q, v.meeting.ID)
	if err != nil {
		return nil, err
	}
	var ids []ref.NominalID
	for _, i := range items {
		ids = append(ids, i.Nominal)
		v.cases = append(v.cases, ui.Option{Value: ref.Text(i.Nominal), Text: i.Name})
	}
	for _, a := range v.attendees {
		ids = append(ids, a.Cases...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	v.names, err = nominal.Names(ctx, q, ids)
	return ids, err
}

func invitable(people []account.Person, had []meeting.Attendee) []ui.Option {
	var options []ui.Option
	for _, p := range people {
		if !slices.ContainsFunc(had, func(a meeting.Attendee) bool { return a.Account == p.ID }) {
			options = append(options, ui.Option{Value: ref.Text(p.ID), Text: p.Name, Hint: p.AgencyName + ", " + strings.ToLower(p.Role.Word())})
		}
	}
	return options
}

// rollField names a control of one attendee in the roll-call: roll, arrived or
// departed.
func rollField(of string, a meeting.Attendee) string { return of + "-" + ref.Text(a.Account) }

// roll is such a control, with what was typed or what stands.
func (v attendanceView) roll(of string, a meeting.Attendee) form.Field {
	f := v.form.Field(rollField(of, a))
	if f.Label == "" { // not of the form that was sent
		f = form.Field{Name: rollField(of, a), Value: map[string]string{"roll": a.State, "arrived": a.Arrived, "departed": a.Departed}[of]}
	}
	if of == "roll" {
		f.Label = a.Name
	}
	return f
}

// missing are the agencies of the core list of which nobody comes.
func (v attendanceView) missing() []string {
	if v.meeting.CancelledAt != nil {
		return nil
	}
	return meeting.Unrepresented(v.core, v.attendees)
}

// uninvited counts the core members who are not invited yet.
func (v attendanceView) uninvited() int {
	n := 0
	for _, c := range v.core {
		if c.Works && !slices.ContainsFunc(v.attendees, func(a meeting.Attendee) bool { return a.Account == c.Account }) {
			n++
		}
	}
	return n
}

// tally counts the roll-call, and the written updates that are not there.
func (v attendanceView) tally() []ui.Count {
	n := map[string]int{}
	signed := 0
	for _, a := range v.attendees {
		n[a.State]++
		if a.SignedAt != nil {
			signed++
		}
	}
	missing := 0
	for _, o := range v.updates.Owed {
		if o.Written == nil {
			missing++
		}
	}
	all := []ui.Count{{Number: n["present"], Text: "present"}, {Number: n["apologies"], Text: "sent apologies"}, {Number: n["absent"], Text: "absent"},
		{Number: n[""], Text: "not called"}, {Number: signed, Text: "signed"}}
	if missing > 0 {
		all = append(all, ui.Count{Number: missing, Text: "written updates missing", Href: at(v.meeting.ID, updatesPart)})
	}
	return all
}

// cameWith is what came with an apology.
func cameWith(a meeting.Attendee) string {
	var parts []string
	if a.InsteadName != "" {
		parts = append(parts, a.InsteadName+" comes instead")
	}
	if a.Note != "" {
		parts = append(parts, a.Note)
	}
	if a.Arrived != "" {
		parts = append(parts, "from "+a.Arrived)
	}
	if a.Departed != "" {
		parts = append(parts, "until "+a.Departed)
	}
	return strings.Join(parts, ", ")
}

// changeable says that people can still be invited and called.
func (v attendanceView) changeable() bool {
	s := v.meeting.State()
	return v.standing.Runs && (s == meeting.StatePlanned || s == meeting.StateOpen)
}

// CallRoll records everybody's line of the roll-call.
func CallRoll(c *page.Ctx) error {
	return attendanceStep(c, "Attendance recorded", func(id ref.MeetingID, f *form.Form) error {
		lines := map[ref.AccountID]meeting.Presence{}
		names := make([]string, 0, len(c.R.PostForm))
		for name := range c.R.PostForm {
			names = append(names, name)
		}
		slices.Sort(names) // so that what is wrong stands in one order
		people, err := attendeeNames(c, id)
		if err != nil {
			return err
		}
		for _, name := range names {
			of, text, _ := strings.Cut(name, "-")
			who, ok := ref.Parse[ref.AccountID](text)
			if !ok {
				continue
			}
			line := lines[who]
			switch of {
			case "roll":
				line.State = f.Choice(name, "Attendance", form.Optional, meeting.Attendances...)
			case "arrived":
				line.Arrived = f.Time(name, people[who]+"came late at", form.Optional)
			case "departed":
				line.Departed = f.Time(name, people[who]+"left early at", form.Optional)
			}
			lines[who] = line
		}
		if !f.OK() {
			return nil
		}
		return meeting.Roll(c.Context(), c.DB, c.Submission(), id, lines, c.R.PostFormValue("rest") == "present")
	})
}

// attendeeNames are how a problem in somebody's line of the roll-call begins: of thirty
// lines it has to say which.
func attendeeNames(c *page.Ctx, id ref.MeetingID) (map[ref.AccountID]string, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (map[ref.AccountID]string, audit.Seen, error) {
		if _, err := meeting.Get(ctx, q, id); err != nil {
			return nil, audit.Nobody(), err
		}
		all, err := meeting.Attendees(ctx, q, id)
		names := map[ref.AccountID]string{}
		for _, a := range all {
			names[a.Account] = a.Name + ": "
		}
		return names, audit.Nobody(), err
	})
}

// InviteCore invites everybody on the area's list of core members.
func InviteCore(c *page.Ctx) error {
	return attendanceStep(c, "Core members invited", func(id ref.MeetingID, _ *form.Form) error {
		return meeting.InviteCore(c.Context(), c.DB, c.Submission(), id)
	})
}

// InviteMembers makes members of the people chosen.
func InviteMembers(c *page.Ctx) error {
	return attendanceStep(c, "Members invited", func(id ref.MeetingID, f *form.Form) error {
		var accounts []ref.AccountID
		for _, a := range f.IDs("member", "Members") {
			accounts = append(accounts, ref.AccountID(a))
		}
		if !f.OK() {
			return nil
		}
		return meeting.Invite(c.Context(), c.DB, c.Submission(), id, accounts)
	})
}

// InviteGuest invites a guest for the cases chosen.
func InviteGuest(c *page.Ctx) error {
	return attendanceStep(c, "Guest invited", func(id ref.MeetingID, f *form.Form) error {
		who := ref.AccountID(f.ID("guest", "Guest", form.Required))
		var cases []ref.NominalID
		for _, n := range f.IDs("case", "Cases") {
			cases = append(cases, ref.NominalID(n))
		}
		if !f.OK() {
			return nil
		}
		return meeting.InviteGuest(c.Context(), c.DB, c.Submission(), id, who, cases)
	})
}

// EndGuest takes a case away from a guest.
func EndGuest(c *page.Ctx) error {
	return attendanceStep(c, "The guest no longer sees that case", func(id ref.MeetingID, f *form.Form) error {
		who, n := f.ID("account", "Guest", form.Required), f.ID("nominal", "Case", form.Required)
		if !f.OK() {
			return nil
		}
		return meeting.EndGuest(c.Context(), c.DB, c.Submission(), id, ref.AccountID(who), ref.NominalID(n))
	})
}

// attendanceStep does one thing on the screen and comes back to it.
func attendanceStep(c *page.Ctx, notice string, do func(id ref.MeetingID, f *form.Form) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	if err := f.Take(do(id, f)); err != nil {
		return err
	}
	if f.OK() {
		return c.SeeOther(at(id, attendancePart), notice)
	}
	return drawAttendance(c, f)
}

var rollOptions = []ui.Option{{Value: "present", Text: "Present"}, {Value: "apologies", Text: "Apologies"}, {Value: "absent", Text: "Absent"}}

func (v attendanceView) hasGuestCases() bool {
	return slices.ContainsFunc(v.attendees, func(a meeting.Attendee) bool { return len(a.Cases) > 0 })
}

// upper is a word with a capital.
func upper(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
