package escalationpage

import (
	"context"
	"net/url"
	"slices"

	"iom/internal/casework/area"
	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// newView is the form of an escalation: about a person or about nobody, raised at a
// meeting or between meetings.
type newView struct {
	nominal ref.NominalID
	person  string
	meeting ref.MeetingID
	heldOn  clock.Date
	areas   []ui.Option
	groups  []ui.Option // empty: the area asks its own
	form    *form.Form
	hidden  ui.FormHidden
}

// action is the address of the form, which says about whom and at which meeting.
func (v newView) action() string {
	values := url.Values{}
	if v.nominal != 0 {
		values.Set("nominal", ref.Text(v.nominal))
	}
	if v.meeting != 0 {
		values.Set("meeting", ref.Text(v.meeting))
	}
	if len(values) == 0 {
		return "/escalations/new"
	}
	return "/escalations/new?" + values.Encode()
}

// back is where somebody who cancels came from.
func (v newView) back() string {
	switch {
	case v.meeting != 0 && v.nominal != 0:
		return "/meetings/" + ref.Text(v.meeting) + "/sheet/" + ref.Text(v.nominal)
	case v.meeting != 0:
		return "/meetings/" + ref.Text(v.meeting) + "/sheet"
	case v.nominal != 0:
		return "/nominals/" + ref.Text(v.nominal)
	}
	return "/escalations"
}

// New is the form of an escalation.
func New(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	if len(v.areas) == 1 {
		v.form.Set("area", v.areas[0].Value)
	}
	v.decode()
	return c.Render(newPage(c.Chrome("Raise an escalation", nil), v))
}

// Raise raises it.
func Raise(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	n := v.decode()
	if v.form.OK() {
		var id ref.EscalationID
		if v.meeting != 0 {
			id, err = meeting.Escalate(c.Context(), c.DB, c.Submission(), v.meeting, n)
		} else {
			id, err = escalation.Raise(c.Context(), c.DB, c.Submission(), n)
		}
		if err == nil {
			return c.SeeOther(at(id), "Escalation raised")
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(newPage(c.Chrome("Raise an escalation", v.form), v))
}

func readNew(c *page.Ctx) (newView, error) {
	v := newView{form: c.Form(), hidden: c.Hidden()}
	v.hidden.Guard = true
	var ok bool
	if text := c.Query("nominal"); text != "" {
		if v.nominal, ok = ref.Parse[ref.NominalID](text); !ok {
			return v, fault.Missing()
		}
	}
	if text := c.Query("meeting"); text != "" {
		if v.meeting, ok = ref.Parse[ref.MeetingID](text); !ok {
			return v, fault.Missing()
		}
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (newView, audit.Seen, error) {
		if v.meeting != 0 {
			m, err := meeting.Get(ctx, q, v.meeting)
			if err != nil {
				return v, audit.Nobody(), err
			}
			v.heldOn = m.HeldOn
		}
		if v.nominal != 0 {
			scope, err := nominal.Must(ctx, q, v.nominal, authz.RunMeetings)
			if err != nil {
				return v, audit.Nobody(), err
			}
			names, err := nominal.Names(ctx, q, []ref.NominalID{v.nominal})
			if err == nil && len(names) == 0 {
				err = fault.Missing()
			}
			v.person = names[v.nominal].Sorted()
			return v, audit.Opened(v.nominal, scope.Area), err
		}
		tree, err := area.Tree(ctx, q)
		if err != nil {
			return v, audit.Nobody(), err
		}
		mine := q.Actor().AreasFor(authz.RunMeetings)
		for _, a := range tree {
			if !slices.Contains(mine, int64(a.ID)) {
				continue
			}
			v.areas = append(v.areas, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
			if a.Depth == 0 {
				for _, g := range escalation.GroupsFor(tree, a.ID) {
					v.groups = append(v.groups, ui.Option{Value: ref.Text(g.ID), Text: g.Name})
				}
			}
		}
		if v.meeting != 0 {
			v.areas = nil
		}
		return v, audit.Nobody(), nil
	})
}

func (v newView) decode() escalation.New {
	f := v.form
	n := escalation.New{Nominal: v.nominal}
	if v.nominal == 0 && len(v.areas) > 0 {
		n.Area = ref.AreaID(f.ID("area", "Area", form.Required))
	}
	n.Kind = escalation.Kind(f.Choice("kind", "What it is about", form.Required, kinds()...))
	n.Issue = f.Prose("issue", "The issue", form.Required)
	n.Tried = f.Prose("tried", "What the members have tried", form.Required)
	if len(v.groups) > 0 {
		n.Group, _ = ref.Parse[ref.AreaID](f.Choice("group", "Delivery group", form.Optional, values(v.groups)...))
	}
	n.AnswerBy = f.Date("answer_by", "Answer asked for by", form.Required)
	return n
}

func kinds() (all []string) {
	for _, k := range escalation.Kinds {
		all = append(all, string(k))
	}
	return all
}

func kindOptions() (all []ui.Option) {
	for _, k := range escalation.Kinds {
		all = append(all, ui.Option{Value: string(k), Text: k.Word()})
	}
	return all
}

func values(options []ui.Option) (all []string) {
	for _, o := range options {
		all = append(all, o.Value)
	}
	return all
}
