package adminpage

import (
	"context"

	"github.com/a-h/templ"

	"iom/internal/casework/agency"
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

type agenciesView struct {
	Agencies []agency.Agency
	Today    clock.Date
	MayEnd   bool
}

func drawAgencies(c *page.Ctx, f *form.Form, draw func(templ.Component) error) error {
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (agenciesView, audit.Seen, error) {
		all, err := agency.All(ctx, q)
		return agenciesView{all, q.Today(), q.Actor().MayEverywhere(authz.ManageAccounts)}, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	return draw(agenciesPage(c.Chrome("Agencies", f), v, f, c.Hidden()))
}

// Agencies lists them all and adds one.
func Agencies(c *page.Ctx) error {
	f := c.Form()
	decodeAgency(f)
	return drawAgencies(c, f, c.Render)
}

// AddAgency adds one.
func AddAgency(c *page.Ctx) error {
	f := c.Form()
	n := decodeAgency(f)
	if f.OK() {
		_, err := agency.Add(c.Context(), c.DB, c.Submission(), n)
		if err == nil {
			return c.SeeOther("/admin/agencies", "The agency is added")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawAgencies(c, f, c.Redraw)
}

func decodeAgency(f *form.Form) agency.New {
	return agency.New{
		Name: f.Line("name", "The name", form.Required),
		Kind: f.Choice("kind", "A kind", form.Required, agency.Kinds...),
		From: f.Date("from", "First day", form.Optional),
	}
}

func kindOptions() []ui.Option {
	options := make([]ui.Option, len(agency.Kinds))
	for i, k := range agency.Kinds {
		options[i] = ui.Option{Value: k, Text: agency.KindWord(k)}
	}
	return options
}

func drawEndAgency(c *page.Ctx, f *form.Form, draw func(templ.Component) error) error {
	id, err := page.ID[ref.AgencyID](c, "id")
	if err != nil {
		return err
	}
	a, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (agency.Agency, audit.Seen, error) {
		if !q.Actor().MayEverywhere(authz.ManageAccounts) {
			return agency.Agency{}, audit.Nobody(), fault.Denied("An agency works across areas, so only an administrator of the whole force may end it")
		}
		a, err := agency.Get(ctx, q, id)
		return a, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	version := a.Version
	if f.IsSubmitted() {
		version = c.Version() // of what the form was opened on, not of now
	}
	return draw(endAgencyPage(c.Chrome("End an agency's part", f), f, c.Hidden(version), a))
}

// EndAgency asks for the last day of an agency.
func EndAgency(c *page.Ctx) error {
	f := c.Form()
	f.Date("to", "The last day", form.Required)
	return drawEndAgency(c, f, c.Render)
}

// ConfirmEndAgency records it.
func ConfirmEndAgency(c *page.Ctx) error {
	id, err := page.ID[ref.AgencyID](c, "id")
	if err != nil {
		return err
	}
	f := c.Form()
	to := f.Date("to", "The last day", form.Required)
	if f.OK() {
		err := agency.End(c.Context(), c.DB, c.Submission(), id, to, c.Version())
		if err == nil {
			return c.SeeOther("/admin/agencies", "The last day is recorded")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawEndAgency(c, f, c.Redraw)
}

// state is how an agency stands on the day.
func state(a agency.Agency, today clock.Date) string {
	switch {
	case a.Current(today) && !a.To.IsZero():
		return "Until " + a.To.Short()
	case a.Current(today):
		return "In the scheme"
	case a.From.After(today):
		return "From " + a.From.Short()
	}
	return "Ended " + a.To.Short()
}
