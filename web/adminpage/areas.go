package adminpage

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"iom/internal/casework/area"
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

// Areas shows the tree.
func Areas(c *page.Ctx) error {
	tree, err := page.View(c, func(ctx context.Context, q *db.ReadTx) ([]area.Area, audit.Seen, error) {
		all, err := area.Tree(ctx, q)
		return all, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	return c.Render(areasPage(c.Chrome("Areas", nil), tree, func(id ref.AreaID) bool { return c.Actor.MayIn(authz.ManageAccounts, int64(id)) }))
}

// NewArea is the page to add an area.
func NewArea(c *page.Ctx) error {
	f := c.Form()
	decodeArea(f)
	return drawNewArea(c, f, c.Render)
}

// AddArea adds it.
func AddArea(c *page.Ctx) error {
	f := c.Form()
	n := decodeArea(f)
	if f.OK() {
		id, err := area.Add(c.Context(), c.DB, c.Submission(), n)
		if err == nil {
			return c.SeeOther(areaPath(id), "The area is added")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawNewArea(c, f, c.Redraw)
}

func decodeArea(f *form.Form) area.New {
	return area.New{
		Name:   f.Line("name", "The name", form.Required),
		Parent: ref.AreaID(f.ID("parent", "The area above it", form.Required)),
		Kind:   f.Choice("kind", "A kind", form.Required, area.Plain, area.Hub),
	}
}

func drawNewArea(c *page.Ctx, f *form.Form, draw func(templ.Component) error) error {
	ch, err := viewChoices(c)
	if err != nil {
		return err
	}
	return draw(newAreaPage(c.Chrome("Add an area", f), f, c.Hidden(), ch))
}

func areaPath(id ref.AreaID) string { return "/admin/areas/" + ref.Text(id) }

// areaView is the page of one area.
type areaView struct {
	area.Area
	Held   []area.Held
	Groups []area.Group
	Today  clock.Date
	Names  map[ref.AreaID]string
}

func (v areaView) held(key area.Key) area.Held {
	i := slices.IndexFunc(v.Held, func(h area.Held) bool { return h.Key == key })
	return v.Held[i]
}

// loadArea is one that the administrator looks after; any other is not found.
func loadArea(c *page.Ctx) (areaView, error) {
	id, err := page.ID[ref.AreaID](c, "id")
	if err != nil {
		return areaView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (v areaView, seen audit.Seen, err error) {
		seen, v.Today, v.Names = audit.Nobody(), q.Today(), map[ref.AreaID]string{}
		tree, err := area.Tree(ctx, q)
		if err != nil {
			return v, seen, err
		}
		for _, a := range tree {
			v.Names[a.ID] = a.Name
		}
		found, ok := area.Find(tree, id)
		if !ok || !q.Actor().MayIn(authz.ManageAccounts, int64(id)) {
			return v, seen, fault.Missing()
		}
		v.Area = found
		if v.Held, err = area.HeldIn(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.Groups, err = area.AllPriorityGroups(ctx, q, id)
		return v, seen, err
	})
}

// Area is the page of one area: what it has chosen, and its priority groups.
func Area(c *page.Ctx) error {
	v, err := loadArea(c)
	if err != nil {
		return err
	}
	return drawArea(c, v, form.Blank(), form.Blank(), nil, c.Render)
}

// drawArea draws both forms of the page. The one that was not sent shows what
// holds; sent is the one whose problems are shown, if any.
func drawArea(c *page.Ctx, v areaView, settings, group, sent *form.Form, draw func(templ.Component) error) error {
	if sent != settings {
		for _, h := range v.Held {
			settings.Set(string(h.Key), h.Value)
		}
		decodeSettings(settings)
	}
	if sent != group {
		decodeGroup(group)
	}
	return draw(areaPage(c.Chrome(v.Name, sent), v, settings, group, c.Hidden(), c.Hidden()))
}

// Choose sets what holds in the area from now on.
func Choose(c *page.Ctx) error {
	v, err := loadArea(c)
	if err != nil {
		return err
	}
	f := c.Form()
	values := decodeSettings(f)
	if f.OK() {
		_, err := area.Choose(c.Context(), c.DB, c.Submission(), v.ID, values)
		if err == nil {
			return c.SeeOther(areaPath(v.ID), "The settings are saved. The live list is being worked out anew; that can take a minute")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawArea(c, v, f, form.Blank(), f, c.Redraw)
}

func decodeSettings(f *form.Form) map[area.Key]string {
	values := map[area.Key]string{}
	for _, known := range area.Settings {
		if known.Lines {
			values[known.Key] = f.Prose(string(known.Key), known.Name, form.Optional)
			continue
		}
		if len(known.Choices) == 0 {
			values[known.Key] = f.Line(string(known.Key), known.Name, form.Required)
			continue
		}
		offered := make([]string, len(known.Choices))
		for i, ch := range known.Choices {
			offered[i] = ch.Value
		}
		values[known.Key] = f.Choice(string(known.Key), known.Name, form.Required, offered...)
	}
	return values
}

func settingOptions(k area.Known) []ui.Option {
	options := make([]ui.Option, len(k.Choices))
	for i, ch := range k.Choices {
		options[i] = ui.Option{Value: ch.Value, Text: ch.Text}
	}
	return options
}

// AddGroup adds a priority group to the area.
func AddGroup(c *page.Ctx) error {
	v, err := loadArea(c)
	if err != nil {
		return err
	}
	f := c.Form()
	name, short := decodeGroup(f)
	if f.OK() {
		_, err := area.AddPriorityGroup(c.Context(), c.DB, c.Submission(), v.ID, name, short)
		if err == nil {
			return c.SeeOther(areaPath(v.ID)+"#groups", "The priority group is added")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawArea(c, v, form.Blank(), f, f, c.Redraw)
}

func decodeGroup(f *form.Form) (name, short string) {
	return f.Line("name", "The name of the group", form.Required), f.Line("short", "A short name", form.Required)
}

// EndGroup asks once more before a priority group ends.
func EndGroup(c *page.Ctx) error {
	v, g, err := findGroup(c)
	if err != nil {
		return err
	}
	return c.Render(confirmPage(c.Chrome("End a priority group", nil), areaPath(v.ID), v.Name, ui.ConfirmView{
		Title: "End the priority group “" + g.Name + "”?",
		Effects: []string{
			"Today is its last day in " + v.Name + " and everything below it.",
			"Whoever was recorded in it stays recorded so.",
		},
		Action: c.R.URL.Path, Hidden: c.Hidden(), Button: "End the group", Danger: true, Cancel: areaPath(v.ID),
	}))
}

// ConfirmEndGroup ends it.
func ConfirmEndGroup(c *page.Ctx) error {
	v, g, err := findGroup(c)
	if err != nil {
		return err
	}
	if err := area.EndPriorityGroup(c.Context(), c.DB, c.Submission(), g.ID); err != nil {
		return err
	}
	return c.SeeOther(areaPath(v.ID)+"#groups", "The priority group ends today")
}

// findGroup is a group of this very area that has no end yet; those of areas
// above it are ended there.
func findGroup(c *page.Ctx) (areaView, area.Group, error) {
	v, err := loadArea(c)
	if err != nil {
		return v, area.Group{}, err
	}
	id, err := page.ID[ref.GroupID](c, "group")
	if err != nil {
		return v, area.Group{}, err
	}
	for _, g := range v.Groups {
		if g.ID == id && g.Area == v.ID && g.To.IsZero() {
			return v, g, nil
		}
	}
	return v, area.Group{}, fault.Missing()
}
