package actionpage

import (
	"context"

	"iom/internal/casework/action"
	"iom/internal/casework/plan"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// planView is what the plan of a person shows.
type planView struct {
	person frame.Person
	parts  []part
	done   []action.Action
}

// part is an objective, or what stands without one, and its open actions.
type part struct {
	objective plan.Objective // zero: no objective
	actions   []action.Action
}

// Plan is the tab with a person's objectives and actions.
func Plan(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (planView, audit.Seen, error) {
		var v planView
		var err error
		if v.person, err = frame.Load(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		objectives, err := plan.CurrentOf(ctx, q, id)
		if err != nil {
			return v, audit.Nobody(), err
		}
		actions, err := action.Of(ctx, q, id)
		v.parts, v.done = arrange(objectives, actions)
		return v, v.person.Seen(), err
	})
	if err != nil {
		return err
	}
	return c.Render(planPage(c.Chrome("", nil), v))
}

// arrange puts each open action under its objective; those without one, or with
// one of an earlier time on the scheme, stand at the end.
func arrange(objectives []plan.Objective, actions []action.Action) (parts []part, done []action.Action) {
	place := map[ref.ObjectiveID]int{}
	for i, o := range objectives {
		parts = append(parts, part{objective: o})
		place[o.ID] = i
	}
	var rest part
	for _, a := range actions {
		at, ok := place[a.Objective]
		switch {
		case !a.Open():
			done = append(done, a)
		case ok:
			parts[at].actions = append(parts[at].actions, a)
		default:
			rest.actions = append(rest.actions, a)
		}
	}
	if len(rest.actions) > 0 {
		parts = append(parts, rest)
	}
	return parts, done
}

// title is the heading of a part.
func (p part) title() string {
	if p.objective.ID == 0 {
		return "Actions without an objective"
	}
	return p.objective.Text
}

// dayOf is the heading of the column with the day.
func dayOf(p part) string {
	if len(p.actions) > 0 && !p.actions[0].Open() {
		return "Discharged"
	}
	return "Due"
}
