package registrationpage

import (
	"context"

	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// rowsView is what the page of the review rows shows.
type rowsView struct {
	base
	rows []registration.ReviewRow
}

func readRows(c *page.Ctx, may authz.Permission) (v rowsView, err error) {
	v.base, err = load(c, may, func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		v.rows, err = registration.Reviews(ctx, q, p.ID)
		return err
	})
	return v, err
}

// ReviewRows shows the form's Review part (R34), with a form for the next row.
func ReviewRows(c *page.Ctx) error {
	v, err := readRows(c, "")
	if err != nil {
		return err
	}
	v.form.Set("reviewed_on", c.Today().Typed())
	decodeRow(c, v)
	return c.Render(rowsPage(v.chrome(c, "Review rows", nil), v))
}

// AddReviewRow adds a row to the form's Review part.
func AddReviewRow(c *page.Ctx) error {
	v, err := readRows(c, authz.Decide)
	if err != nil {
		return err
	}
	n := decodeRow(c, v)
	if v.form.OK() {
		err := registration.Review(c.Context(), c.DB, c.Submission(), n)
		if err == nil {
			notice := "Review row added"
			if n.Outcome == registration.Drop {
				notice = "Review row added, and deregistration proposed to the next meeting"
			}
			return c.SeeOther(v.person.At("review-rows"), notice)
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(rowsPage(v.chrome(c, "Review rows", v.form), v))
}

func decodeRow(c *page.Ctx, v rowsView) registration.ReviewNew {
	f := v.form
	return registration.ReviewNew{
		Nominal:       v.person.ID,
		ReviewedOn:    f.PastDate("reviewed_on", "Date of the review", form.Required, c.Today()),
		Outcome:       f.Choice("outcome", "Whether to retain or drop", form.Required, registration.Keep, registration.Drop),
		Justification: f.Prose("justification", "Justification", form.Required),
	}
}

func outcomeOptions() []ui.Option {
	return []ui.Option{
		{Value: registration.Keep, Text: "Retain"},
		{Value: registration.Drop, Text: "Drop", Hint: "Proposes deregistration. Only a meeting takes somebody off the scheme"},
	}
}
