package meetingpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type coreView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	list     []meeting.Core
	agencies []ui.Option
	people   []ui.Option
	form     *form.Form
	hidden   ui.FormHidden
}

// Core is the standing list of core members of the meeting's area.
func Core(c *page.Ctx) error {
	f := c.Form()
	declareCore(f)
	return drawCore(c, f)
}

func declareCore(f *form.Form) meeting.NewCore {
	return meeting.NewCore{Post: f.Line("post", "Post", form.Required), Agency: ref.AgencyID(f.ID("agency", "Agency", form.Required)),
		Account: ref.AccountID(f.ID("account", "Who holds it", form.Optional))}
}

// AddCore puts a post on the list.
func AddCore(c *page.Ctx) error {
	f := c.Form()
	n := declareCore(f)
	return coreStep(c, f, n.Post+" added", func(m meeting.Meeting) error {
		return meeting.AddCore(c.Context(), c.DB, c.Submission(), m.Area, n)
	})
}

// EndCore takes a post off the list.
func EndCore(c *page.Ctx) error {
	f := c.Form()
	post := f.ID("id", "Post", form.Required)
	return coreStep(c, f, "Post taken off the list", func(m meeting.Meeting) error {
		return meeting.EndCore(c.Context(), c.DB, c.Submission(), m.Area, post)
	})
}

// coreStep changes the list of the area of a meeting.
func coreStep(c *page.Ctx, f *form.Form, notice string, do func(m meeting.Meeting) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	m, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, audit.Seen, error) {
		m, err := meeting.Get(ctx, q, id)
		return m, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	if f.OK() {
		if err := f.Take(do(m)); err != nil {
			return err
		}
	}
	if f.OK() {
		return c.SeeOther(at(id, "core"), notice)
	}
	return drawCore(c, f)
}

func drawCore(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (coreView, audit.Seen, error) {
		v, err := readCore(ctx, q, id)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	v.form, v.hidden = f, c.Hidden()
	if f.Field("post").Label == "" { // a post was to be taken off
		v.form = form.Blank()
		declareCore(v.form)
	}
	chrome := c.Chrome("Core members of "+v.meeting.AreaName, f)
	chrome.Back = ui.Link{Text: "Back to attendance", Href: at(id, attendancePart)}
	if f.IsSubmitted() {
		return c.Redraw(corePage(chrome, v))
	}
	return c.Render(corePage(chrome, v))
}

func readCore(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (v coreView, err error) {
	if v.meeting, err = meeting.Get(ctx, q, id); err != nil {
		return v, err
	}
	if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
		return v, err
	}
	if err := db.Must(q, authz.RunMeetings, int64(v.meeting.Area)); err != nil {
		return v, err
	}
	if v.list, err = meeting.CoreOf(ctx, q, v.meeting.Area); err != nil {
		return v, err
	}
	agencies, err := agency.Current(ctx, q, q.Today())
	if err != nil {
		return v, err
	}
	for _, a := range agencies {
		v.agencies = append(v.agencies, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
	}
	people, err := account.People(ctx, q, v.meeting.Area)
	for _, p := range people {
		v.people = append(v.people, ui.Option{Value: ref.Text(p.ID), Text: p.Name + ", " + p.AgencyName})
	}
	return v, err
}

// borrowed says that the list belongs to an area above.
func (v coreView) borrowed() bool { return len(v.list) > 0 && v.list[0].Area != v.meeting.Area }

// end are the inputs of the button that takes a post off.
func (v coreView) end(post meeting.Core) ui.FormHidden {
	return ui.FormHidden{CSRF: v.hidden.CSRF, Key: v.hidden.Key, Extra: []ui.Hidden{{Name: "id", Value: ref.Text(ref.ActionID(post.ID))}}}
}

func holder(c meeting.Core) string {
	switch {
	case c.Account == 0:
		return "Vacant"
	case !c.Works:
		return c.Name + ", who does not work here now"
	}
	return c.Name
}
