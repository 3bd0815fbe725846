package actionpage

import (
	"context"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// oneView is what the page of one action shows.
type oneView struct {
	person  frame.Person
	action  action.Action
	history []action.Entry
	kinds   []action.Kind
	owners  []ui.Option
	form    *form.Form
	hidden  ui.FormHidden
	stale   bool // somebody else saved first
}

// Show is one action with what happened to it.
func Show(c *page.Ctx) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	v.form, v.hidden = c.Form(), c.Hidden(v.action.Version)
	return c.Render(onePage(v.chrome(c, nil), v))
}

func (v oneView) chrome(c *page.Ctx, f *form.Form) ui.Chrome {
	return c.Chrome("Action: "+v.person.Name(), f)
}

func readOne(c *page.Ctx) (oneView, error) {
	id, err := page.ID[ref.ActionID](c, "id")
	if err != nil {
		return oneView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (oneView, audit.Seen, error) {
		var v oneView
		var err error
		if v.action, err = action.Get(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if v.person, err = frame.Load(ctx, q, v.action.Nominal); err != nil {
			return v, audit.Nobody(), err
		}
		if v.history, err = action.History(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if v.person.Scope.Open && v.person.Scope.Kind != nominal.GuestOf {
			v.kinds = mayHere(c.Actor, v.action)
		}
		if len(v.kinds) > 0 {
			if v.owners, err = owners(ctx, q, v.action.Area); err != nil {
				return v, audit.Nobody(), err
			}
			if !c.Actor.MayIn(authz.SetAnyAction, int64(v.action.Area)) {
				v.owners = ofAgency(v.owners, v.action.Agency)
			}
		}
		return v, v.person.Seen(), nil
	})
}

// ofAgency keeps the owners of one agency: a partner names the person, and leaves
// the agency as it is.
func ofAgency(all []ui.Option, agency ref.AgencyID) []ui.Option {
	var some []ui.Option
	for _, o := range all {
		if of, _ := parseOwner(o.Value); of == agency {
			some = append(some, o)
		}
	}
	return some
}

// Update does one thing to the action.
func Update(c *page.Ctx) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	if !v.action.Open() {
		v.kinds = nil
	}
	f := c.Form()
	change := decode(f, anyKinds(v), v.owners)
	if f.OK() {
		err := action.Update(c.Context(), c.DB, c.Submission(), v.action.ID, c.Version(), change)
		if err == nil {
			return c.SeeOther("/actions/"+ref.Text(v.action.ID), changedOne(change.Kind))
		}
		if fault.KindOf(err) == fault.Stale {
			return conflict(c, f)
		}
		if err := take(f, err); err != nil {
			return err
		}
	}
	v.form, v.hidden = f, c.Hidden(max(c.Version(), 0))
	return c.Redraw(onePage(v.chrome(c, f), v))
}

// anyKinds lets a change through to the command that the page would no longer
// offer, so that the command says why it cannot be.
func anyKinds(v oneView) []action.Kind {
	if len(v.kinds) == 0 {
		return action.Kinds
	}
	return v.kinds
}

// conflict draws the page once more: the action as it is now with what the other
// person did on top, and the form with what was typed.
func conflict(c *page.Ctx, f *form.Form) error {
	v, err := readOne(c)
	if err != nil {
		return err
	}
	v.form, v.hidden, v.stale = f, c.Hidden(v.action.Version), true
	return c.Stale(onePage(v.chrome(c, nil), v))
}

func changedOne(k action.Kind) string {
	return map[action.Kind]string{action.KindProgress: "Progress added", action.KindPropose: "Discharge proposed", action.KindAssign: "Action assigned",
		action.KindCarry: "Action carried over", action.KindEnd: "Action discharged"}[k]
}

// entries are the history as a timeline.
func (v oneView) entries() []ui.Entry {
	titles := map[string]string{"set": "Set", string(action.KindProgress): "Progress", string(action.KindPropose): "Discharge proposed",
		string(action.KindAssign): "Assigned", string(action.KindCarry): "Carried over", string(action.KindEnd): "Discharged"}
	var all []ui.Entry
	for _, e := range v.history {
		at := e.At.In(clock.London)
		entry := ui.Entry{Title: titles[e.Kind], By: e.By, When: at.Format("2 January 2006, 15:04"), Stamp: e.At.UTC().Format("2006-01-02T15:04:05Z")}
		if e.Meeting != 0 {
			entry.Title += " at the meeting of " + e.HeldOn.Long()
		}
		var lines []string
		if e.AgencyName != "" {
			owner := e.AgencyName
			if e.OwnerName != "" {
				owner += ", " + e.OwnerName
			} else {
				owner += ", nobody named yet"
			}
			lines = append(lines, "Owner: "+owner)
		}
		if !e.DueOn.IsZero() {
			lines = append(lines, "Due: "+e.DueOn.Long())
		}
		if e.Text != "" && e.Kind != "set" {
			lines = append(lines, e.Text)
		}
		entry.Text = strings.Join(lines, "\n")
		all = append(all, entry)
	}
	return all
}

// setAt says where and when the action was set.
func (v oneView) setAt() string {
	text := clock.DateOf(v.action.SetAt).Long() + " by " + v.action.SetBy
	if v.action.Meeting == 0 {
		return text + ", between meetings"
	}
	return text + ", at a meeting"
}
