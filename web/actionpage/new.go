package actionpage

import (
	"context"

	"iom/internal/casework/action"
	"iom/internal/casework/need"
	"iom/internal/casework/plan"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// newView is what the form of a new action or objective shows.
type newView struct {
	person     frame.Person
	objectives []plan.Objective
	owners     []ui.Option
	form       *form.Form
	hidden     ui.FormHidden
}

func readNew(c *page.Ctx) (newView, error) {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return newView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (newView, audit.Seen, error) {
		v := newView{form: c.Form(), hidden: c.Hidden()}
		v.hidden.Guard = true
		var err error
		if v.person, err = frame.Load(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if !v.person.May(authz.SetOwnAction) {
			return v, audit.Nobody(), fault.Denied("You cannot set actions for this person")
		}
		if v.objectives, err = plan.CurrentOf(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		v.owners, err = owners(ctx, q, v.person.Scope.Area)
		return v, v.person.Seen(), err
	})
}

// New is the form for an action.
func New(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	if chosen := c.Query("objective"); chosen != "" {
		v.form.Set("objective", chosen)
	}
	decodeNew(v)
	return c.Render(newPage(c.Chrome("Set an action: "+v.person.Name(), nil), v))
}

// Set sets an action.
func Set(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	n := decodeNew(v)
	if v.form.OK() {
		if _, err := action.Add(c.Context(), c.DB, c.Submission(), n); err == nil {
			return c.SeeOther(v.person.At(frame.Plan), "Action set")
		} else if err := take(v.form, err); err != nil {
			return err
		}
	}
	return c.Redraw(newPage(c.Chrome("Set an action: "+v.person.Name(), v.form), v))
}

func decodeNew(v newView) action.New {
	f := v.form
	n := action.New{Nominal: v.person.ID}
	n.Text = f.Prose("text", "What is to be done", form.Required)
	if len(v.objectives) > 0 {
		id, _ := ref.Parse[ref.ObjectiveID](f.Choice("objective", "Objective", form.Optional, values(objectiveOptions(v.objectives))...))
		n.Objective = id
	}
	n.Pathway = f.Choice("pathway", "Pathway", form.Need(n.Objective == 0), pathways()...)
	n.Agency, n.Account = parseOwner(f.Choice("owner", "Owner", form.Required, values(v.owners)...))
	n.DueOn = f.Date("due", "Due date", form.Required)
	return n
}

func pathways() []string {
	all := make([]string, len(need.Pathways))
	for i, p := range need.Pathways {
		all[i] = string(p)
	}
	return all
}

func pathwayOptions() []ui.Option {
	var options []ui.Option
	for _, p := range pathways() {
		options = append(options, ui.Option{Value: p, Text: upper(p)})
	}
	return options
}

func objectiveOptions(all []plan.Objective) []ui.Option {
	var options []ui.Option
	for _, o := range all {
		options = append(options, ui.Option{Value: ref.Text(o.ID), Text: action.Shorten(o.Text)})
	}
	return options
}

// NewObjective is the form for an objective of the plan.
func NewObjective(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	decodeObjective(v)
	return c.Render(objectivePage(c.Chrome("Add an objective: "+v.person.Name(), nil), v))
}

// AddObjective adds an objective to the plan.
func AddObjective(c *page.Ctx) error {
	v, err := readNew(c)
	if err != nil {
		return err
	}
	n := decodeObjective(v)
	if v.form.OK() {
		if _, err := plan.Add(c.Context(), c.DB, c.Submission(), n); err == nil {
			return c.SeeOther(v.person.At(frame.Plan), "Objective added")
		} else if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(objectivePage(c.Chrome("Add an objective: "+v.person.Name(), v.form), v))
}

func decodeObjective(v newView) plan.New {
	f := v.form
	return plan.New{
		Nominal: v.person.ID,
		Pathway: f.Choice("pathway", "Pathway", form.Required, pathways()...),
		Text:    f.Prose("text", "What is to change", form.Required),
		Measure: f.Prose("measure", "How one will know", form.Required),
	}
}
