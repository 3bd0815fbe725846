package meetingpage

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"iom/internal/casework/agency"
	"iom/internal/casework/contact"
	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

const diaryPart = "diary"

// diaryView is the week from a meeting on for the people whose diary is co-ordinated.
type diaryView struct {
	id       ref.MeetingID
	meeting  meeting.Meeting
	standing meeting.Standing
	rows     []meeting.DiaryRow
	agencies []ui.Option
	owners   []ui.Option // each agency, alone and with each of its people
	plans    bool        // the reader may plan contacts
	today    clock.Date
	form     *form.Form
	hidden   ui.FormHidden
}

// Diary is who sees whom on which day of the week, and which visit is missing
// (R42, R44).
func Diary(c *page.Ctx) error {
	v, err := readDiary(c)
	if err != nil {
		return signFirst(c, v.id, err)
	}
	for _, name := range []string{"nominal", "day", "kind"} {
		if chosen := c.Query(name); chosen != "" {
			v.form.Set(name, chosen)
		}
	}
	if c.Query("nominal") != "" {
		v.form.Set("owner", ownerValue(ref.AgencyID(c.Actor.AgencyIn(int64(v.meeting.Area))), 0))
	}
	v.decode()
	return c.Render(diaryPage(v.chrome(c, nil), v))
}

// PlanContact plans a contact from the diary.
func PlanContact(c *page.Ctx) error {
	v, err := readDiary(c)
	if err != nil {
		return signFirst(c, v.id, err)
	}
	n := v.decode()
	if v.form.OK() {
		_, err := meeting.PlanContact(c.Context(), c.DB, c.Submission(), v.meeting.ID, n)
		if err == nil {
			return c.SeeOther(at(v.meeting.ID, diaryPart)+"#case-"+ref.Text(n.Nominal), "Planned")
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(diaryPage(v.chrome(c, v.form), v))
}

func (v diaryView) chrome(c *page.Ctx, f *form.Form) ui.Chrome {
	chrome := c.Chrome("Diary of the week", f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(v.meeting.ID, "")}
	chrome.Wide = true
	return chrome
}

func readDiary(c *page.Ctx) (diaryView, error) {
	id, err := idOf(c)
	if err != nil {
		return diaryView{}, err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (diaryView, audit.Seen, error) {
		v := diaryView{form: c.Form(), hidden: c.Hidden(), plans: q.Actor().May(authz.RecordContact), today: q.Today()}
		var err error
		if v.meeting, v.standing, v.rows, err = meeting.DiaryOf(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		all, err := agency.Current(ctx, q, q.Today())
		if err != nil {
			return v, audit.Nobody(), err
		}
		for _, a := range all {
			v.agencies = append(v.agencies, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
		}
		people, err := contact.Owners(ctx, q, v.meeting.Area)
		v.owners = ownerOptions(all, people)
		ids := make([]ref.NominalID, len(v.rows))
		for i, r := range v.rows {
			ids[i] = r.Nominal
		}
		return v, audit.Listed(ids), err
	})
	v.id = id
	return v, err
}

func (v diaryView) decode() contact.NewPlan {
	f := v.form
	n := contact.NewPlan{Nominal: ref.NominalID(f.ID("nominal", "Person", form.Required)), Day: f.Date("day", "Day", form.Required), At: f.Time("at_time", "Time", form.Optional)}
	kinds := []string{}
	for _, k := range contact.PlannedKinds {
		kinds = append(kinds, string(k))
	}
	n.Kind = contact.Kind(f.Choice("kind", "Kind of contact", form.Required, kinds...))
	n.Purpose = f.Line("purpose", "What the contact is for", form.Required)
	owners := []string{}
	for _, o := range v.owners {
		owners = append(owners, o.Value)
	}
	n.Agency, n.Owner = parseOwner(f.Choice("owner", "Who sees the person", form.Required, owners...))
	n.JointAgency = ref.AgencyID(f.ID("joint_agency", "Joint visit with", form.Optional))
	return n
}

// people are those of the diary, to choose from.
func (v diaryView) people() (all []ui.Option) {
	for _, r := range v.rows {
		all = append(all, ui.Option{Value: ref.Text(r.Nominal), Text: r.Name})
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	return all
}

func plannedKinds() (all []ui.Option) {
	for _, k := range contact.PlannedKinds {
		all = append(all, ui.Option{Value: string(k), Text: k.Word()})
	}
	return all
}

// planAt leads to the form with the person, the day and a home visit filled in.
func (v diaryView) planAt(r meeting.DiaryRow, day clock.Date) string {
	q := url.Values{"nominal": {ref.Text(r.Nominal)}, "day": {day.Typed()}}
	if r.Gap != "" {
		q.Set("kind", string(contact.HomeVisit))
	}
	return at(v.meeting.ID, diaryPart) + "?" + q.Encode() + "#plan"
}

// gaps counts the people whose week lacks a visit.
func (v diaryView) gaps() (n int) {
	for _, r := range v.rows {
		if r.Gap != "" {
			n++
		}
	}
	return n
}

// days are the heads of the grid.
func (v diaryView) days() (all []clock.Date) {
	for i := range meeting.DiaryDays {
		all = append(all, v.meeting.HeldOn.AddDays(i))
	}
	return all
}

func dayName(d clock.Date) string {
	return d.Weekday().String()[:3] + " " + strings.TrimSuffix(d.Long(), " "+d.Long()[len(d.Long())-4:])
}

func plannedText(p contact.Planned) string {
	text := p.Kind.Word()
	if p.At != "" {
		text += " " + p.At
	}
	text += ", " + p.AgencyName
	if p.OwnerName != "" {
		text += " (" + p.OwnerName + ")"
	}
	if p.JointAgencyName != "" {
		text += " with " + p.JointAgencyName
	}
	return text
}

func seenText(c contact.Contact) string {
	return c.Kind.Word() + ", " + c.AgencyName + ": " + string(c.Outcome)
}

// escalated says how an escalation stands.
func escalated(e escalation.Escalation) (text, colour string) {
	switch e.State() {
	case escalation.Open:
		return "Answer asked for by " + e.AnswerBy().Long(), "blue"
	case escalation.Answered:
		return "Answered", "yellow"
	}
	return "Closed", "grey"
}
