package registrationpage

import (
	"context"
	"slices"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// leadView is what the page of the lead worker shows.
type leadView struct {
	base
	people []account.Person
}

func readLead(c *page.Ctx) (v leadView, err error) {
	v.base, err = load(c, authz.RateBetween, func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		if err := registered(p); err != nil {
			return err
		}
		v.people, err = registration.Leaders(ctx, q, p.Current.Area)
		return err
	})
	return v, err
}

// Lead is the form for another lead worker.
func Lead(c *page.Ctx) error {
	v, err := readLead(c)
	if err != nil {
		return err
	}
	v.form.Set("from_on", c.Today().Typed())
	decodeLead(c, v)
	return c.Render(leadPage(v.chrome(c, "Change the lead worker", nil), v))
}

// ChangeLead names another lead worker.
func ChangeLead(c *page.Ctx) error {
	v, err := readLead(c)
	if err != nil {
		return err
	}
	n := decodeLead(c, v)
	if v.form.OK() {
		if _, err := registration.ChangeLead(c.Context(), c.DB, c.Submission(), n); err == nil {
			return c.SeeOther(v.person.At(frame.Reviews), "Lead worker changed")
		} else if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(leadPage(v.chrome(c, "Change the lead worker", v.form), v))
}

func decodeLead(c *page.Ctx, v leadView) registration.NewLead {
	f := v.form
	n := registration.NewLead{Nominal: v.person.ID}
	n.Account = ref.AccountID(f.ID("lead", "Lead worker", form.Required))
	n.Capacity = f.Choice("capacity", "Capacity in which they lead", form.Required, registration.Capacities...)
	n.FromOn = f.PastDate("from_on", "Date from which they lead", form.Required, c.Today())
	n.Reason = f.Prose("reason", "Why the lead worker changes", form.Required)
	if i := slices.IndexFunc(v.people, func(p account.Person) bool { return p.ID == n.Account }); i >= 0 {
		n.Agency = v.people[i].Agency
	}
	return n
}

func (v leadView) peopleOptions() []ui.Option {
	var all []ui.Option
	for _, p := range v.people {
		all = append(all, ui.Option{Value: ref.Text(p.ID), Text: p.Name + ", " + p.AgencyName})
	}
	return all
}

func capacityOptions() []ui.Option {
	var all []ui.Option
	for _, c := range registration.Capacities {
		all = append(all, ui.Option{Value: c, Text: upper(c)})
	}
	return all
}
