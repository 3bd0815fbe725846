package nominalpage

import (
	"context"

	"github.com/a-h/templ"

	"iom/internal/casework/drugtest"
	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// needsView is the tab of needs.
type needsView struct {
	frame.Person
	current map[need.Pathway]need.Entry
	tests   []drugtest.Test
}

// Needs is the nine pathways, each with its latest assessment (R22).
func Needs(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v needsView, seen audit.Seen, err error) {
		if v.Person, err = frame.Load(ctx, q, id); err != nil {
			return v, seen, err
		}
		entries, err := need.CurrentOf(ctx, q, id)
		if err != nil {
			return v, seen, err
		}
		v.current = map[need.Pathway]need.Entry{}
		for _, e := range entries {
			v.current[e.Pathway] = e
		}
		v.tests, err = drugtest.Of(ctx, q, id)
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	return c.Render(needsPage(c.Chrome("", nil), v))
}

// Need assesses one pathway, and shows how it was assessed before.
func Need(c *page.Ctx) error {
	pathway, ok := need.BySlug(c.Param("pathway"))
	if !ok {
		return fault.Missing()
	}
	var (
		a       = need.Assessment{Pathway: pathway}
		history []need.Entry
		who     frame.Person
	)
	return task{
		title: pathway.Word(), tab: frame.Needs, button: "Save assessment", notice: "Assessment saved", may: authz.RecordContact,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			who = p
			history, err = need.HistoryOf(ctx, q, p.ID, pathway)
			return err
		},
		preset: func(f *form.Form, _ frame.Person) {
			f.Set("on", c.Today().Typed())
			if len(history) > 0 {
				f.Set("level", string(history[0].Level))
				f.Set("needs", history[0].Needs)
				f.Set("actions", history[0].Actions)
			}
		},
		read: func(f *form.Form) {
			a.Level = need.Level(f.Choice("level", "Level of this need", form.Required, texts(need.Levels)...))
			a.Needs = f.Prose("needs", "Needs", form.Optional)
			a.Actions = f.Prose("actions", "Actions", form.Optional)
			a.On = f.PastDate("on", "Date of the assessment", form.Required, c.Today())
			a.Source = f.Line("source", "Source", form.Required)
		},
		do: func(id ref.NominalID) error {
			_, err := need.Assess(c.Context(), c.DB, c.Submission(), id, a)
			return err
		},
		view: func(f *form.Form) templ.Component { return needFields(f, who, history) },
	}.serve(c)
}
