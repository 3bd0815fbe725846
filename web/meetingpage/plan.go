package meetingpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type planView struct {
	meeting *meeting.Meeting // nil: a new one
	series  ref.SeriesID     // for which the meeting stands; 0: planned by itself
	because string           // of its latest change
	areas   []area.Area      // in which the actor plans
	chairs  map[ref.AreaID][]account.Person
	form    *form.Form
	hidden  ui.FormHidden
}

// New is the form for a new meeting.
func New(c *page.Ctx) error {
	v, err := readPlan(c)
	if err != nil {
		return err
	}
	f := c.Form()
	f.Set("starts", "10:00")
	f.Set("kind", string(meeting.Operational))
	if len(v.areas) == 1 {
		f.Set("area", ref.Text(v.areas[0].ID))
	}
	if all := v.everyChair(); len(all) == 1 {
		f.Set("chair", all[0].Value)
	}
	return drawPlan(c, v, f)
}

// Plan plans a meeting.
func Plan(c *page.Ctx) error {
	f := c.Form()
	n := decodePlan(f, planView{})
	if f.OK() {
		id, err := meeting.Plan(c.Context(), c.DB, c.Submission(), n)
		if err == nil {
			return c.SeeOther(at(id, ""), "Meeting planned")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	v, err := readPlan(c)
	if err != nil {
		return err
	}
	return drawPlan(c, v, f)
}

func drawPlan(c *page.Ctx, v planView, f *form.Form) error {
	if !f.IsSubmitted() {
		decodePlan(f, v)
	}
	title := "Plan a meeting"
	v.form, v.hidden = f, c.Hidden()
	if v.meeting != nil {
		title = "Change the meeting"
		v.hidden = c.Hidden(v.meeting.Version)
		if f.IsSubmitted() {
			v.hidden = c.Hidden(max(c.Version(), 0))
		}
	}
	v.hidden.Guard = true
	view := planPage(c.Chrome(title, f), v, title, c.R.URL.Path)
	if f.IsSubmitted() {
		return c.Redraw(view)
	}
	return c.Render(view)
}

// decodePlan reads the form. The area and the kind of a meeting are chosen once; what
// comes after a meeting of a series the series says.
func decodePlan(f *form.Form, v planView) meeting.New {
	var n meeting.New
	if v.meeting == nil {
		n.Area = ref.AreaID(f.ID("area", "Area", form.Required))
		n.Kind = meeting.Kind(f.Choice("kind", "Kind of meeting", form.Required, values(kindOptions)...))
	}
	n.HeldOn = f.Date("held_on", "Date of the meeting", form.Required)
	n.Starts = f.Time("starts", "Time", form.Required)
	n.Ends = f.Time("ends", "End", form.Optional)
	n.Place = f.Line("place", "Place", form.Required)
	n.Chair = ref.AccountID(f.ID("chair", "Chair", form.Required))
	n.Joint = ref.AccountID(f.ID("joint", "Joint chair", form.Optional))
	if v.series == 0 {
		n.NextOn = f.Date("next_on", "Date of the meeting after this one", form.Optional)
	}
	if v.meeting != nil {
		n.Reason = f.Prose("reason", "Reason for the change", form.Optional)
	}
	return n
}

func readPlan(c *page.Ctx) (planView, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (planView, audit.Seen, error) {
		v, err := planOptions(ctx, q)
		return v, audit.Nobody(), err
	})
}

// planOptions are the areas in which the actor plans, with who may chair there.
func planOptions(ctx context.Context, q db.Querier) (planView, error) {
	v := planView{chairs: map[ref.AreaID][]account.Person{}}
	tree, err := area.Tree(ctx, q)
	if err != nil {
		return v, err
	}
	for _, a := range tree {
		if !q.Actor().MayIn(authz.RunMeetings, int64(a.ID)) {
			continue
		}
		v.areas = append(v.areas, a)
		if v.chairs[a.ID], err = meeting.Chairs(ctx, q, a.ID); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (v planView) areaOptions() []ui.Option {
	var options []ui.Option
	for _, a := range v.areas {
		options = append(options, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
	}
	return options
}

// everyChair lists who may chair in any of the areas, each once.
func (v planView) everyChair() []ui.Option {
	var options []ui.Option
	had := map[ref.AccountID]bool{}
	for _, a := range v.areas {
		for _, p := range v.chairs[a.ID] {
			if !had[p.ID] {
				had[p.ID] = true
				options = append(options, ui.Option{Value: ref.Text(p.ID), Text: p.Name + ", " + p.AgencyName})
			}
		}
	}
	return options
}

// Change is the form for a planned meeting.
func Change(c *page.Ctx) error {
	v, err := readChange(c)
	if err != nil {
		return err
	}
	f := c.Form()
	fillPlan(f, *v.meeting)
	return drawPlan(c, v, f)
}

func fillPlan(f *form.Form, m meeting.Meeting) {
	f.Set("held_on", m.HeldOn.Typed())
	f.Set("starts", m.Starts)
	f.Set("ends", m.Ends)
	f.Set("place", m.Place)
	f.Set("chair", ref.Text(m.Chair))
	f.Set("joint", ref.Text(m.Joint))
	f.Set("next_on", m.NextOn.Typed())
}

// SaveChange changes a planned meeting.
func SaveChange(c *page.Ctx) error {
	v, err := readChange(c)
	if err != nil {
		return err
	}
	f := c.Form()
	n := decodePlan(f, v)
	if f.OK() {
		err := meeting.Change(c.Context(), c.DB, c.Submission(), v.meeting.ID, c.Version(), n)
		if err == nil {
			return c.SeeOther(at(v.meeting.ID, ""), "Meeting changed")
		}
		if fault.KindOf(err) == fault.Stale {
			current := form.Blank()
			fillPlan(current, *v.meeting)
			current.Set("reason", v.because)
			decodePlan(current, v)
			return c.Conflict("the meeting", f, current, v.meeting.Version)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawPlan(c, v, f)
}

func readChange(c *page.Ctx) (planView, error) {
	id, err := idOf(c)
	if err != nil {
		return planView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (planView, audit.Seen, error) {
		m, err := meeting.Get(ctx, q, id)
		if err != nil {
			return planView{}, audit.Nobody(), err
		}
		if err := db.Must(q, authz.RunMeetings, int64(m.Area)); err != nil {
			return planView{}, audit.Nobody(), err
		}
		v := planView{meeting: &m, areas: []area.Area{{ID: m.Area}}, chairs: map[ref.AreaID][]account.Person{}}
		if v.series, err = meeting.SeriesOf(ctx, q, m.ID); err != nil {
			return planView{}, audit.Nobody(), err
		}
		if v.because, err = meeting.ChangedBecause(ctx, q, m.ID); err != nil {
			return planView{}, audit.Nobody(), err
		}
		v.chairs[m.Area], err = meeting.Chairs(ctx, q, m.Area)
		return v, audit.Nobody(), err
	})
}

// CancelMeeting asks for the reason of calling a meeting off.
func CancelMeeting(c *page.Ctx) error { return drawCancel(c, c.Form()) }

// Cancel calls a planned meeting off.
func Cancel(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	why := f.Prose("reason", "Reason", form.Required)
	if f.OK() {
		err := meeting.Cancel(c.Context(), c.DB, c.Submission(), id, why)
		if err == nil {
			return c.SeeOther(at(id, ""), "Meeting cancelled")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawCancel(c, f)
}

func drawCancel(c *page.Ctx, f *form.Form) error {
	v, err := readChange(c)
	if err != nil {
		return err
	}
	if !f.IsSubmitted() {
		f.Prose("reason", "Reason", form.Required)
		return c.Render(cancelPage(c.Chrome("Cancel the meeting", f), *v.meeting, f, c.Hidden()))
	}
	return c.Redraw(cancelPage(c.Chrome("Cancel the meeting", f), *v.meeting, f, c.Hidden()))
}

func back(chrome ui.Chrome, v planView) ui.Chrome {
	chrome.Back = ui.Link{Text: "Back to meetings", Href: "/meetings"}
	if v.meeting != nil {
		chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(v.meeting.ID, "")}
	}
	return chrome
}

// endHint says for how long a calendar keeps the time free when nobody says.
const endHint = "Left empty, the monthly meeting takes two hours and a practitioners' meeting one"

func planButton(v planView) string {
	if v.meeting == nil {
		return "Plan the meeting"
	}
	return "Save"
}

func planCancel(v planView) string {
	if v.meeting == nil {
		return "/meetings"
	}
	return at(v.meeting.ID, "")
}

func reasonHint(v planView) string {
	if v.series != 0 {
		return "Needed when the day or the time is another one"
	}
	return ""
}
