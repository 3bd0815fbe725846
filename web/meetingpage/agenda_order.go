package meetingpage

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// orderView is the running order with a place to type beside each case.
type orderView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	items    []meeting.Item
	seen     int64 // the latest change of the order that the page shows
	form     *form.Form
	hidden   ui.FormHidden
}

// OrderPage is the running order, to be changed.
func OrderPage(c *page.Ctx) error { return drawOrder(c, c.Form()) }

// Order changes the running order, as the button that was pressed says: one case up or
// down, the places typed, by presenting agency, or as the rules have it.
func Order(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	seen, places := decodeOrder(f, c.R.PostForm)
	if f.OK() {
		part, err := reorder(c, id, seen, places)
		if err == nil {
			return c.SeeOther(at(id, orderPart)+part, "Running order changed")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawOrder(c, f)
}

// reorder gives the place on the page to come back to: that of a case moved by one.
func reorder(c *page.Ctx, id ref.MeetingID, seen int64, places map[ref.NominalID]int) (part string, err error) {
	for _, name := range []string{"up", "down"} {
		if text := c.R.PostFormValue(name); text != "" {
			n, ok := ref.Parse[ref.NominalID](text)
			if !ok {
				return "", fault.Missing()
			}
			return "#case-" + ref.Text(n), meeting.MoveCase(c.Context(), c.DB, c.Submission(), id, n, name == "up")
		}
	}
	switch c.R.PostFormValue("how") {
	case "agency":
		return "", meeting.GroupByAgency(c.Context(), c.DB, c.Submission(), id)
	case "rules":
		return "", meeting.OrderByRules(c.Context(), c.DB, c.Submission(), id)
	}
	return "", meeting.SetOrder(c.Context(), c.DB, c.Submission(), id, seen, places)
}

const placePrefix = "place-"

// mostPlaces is the highest place that can be typed.
const mostPlaces = 9999

// noOrder is what a page that says no order has shown: no order of a meeting, so that
// places typed into it are typed anew. (0 is the order of the rules.)
const noOrder = -1

// decodeOrder reads the places typed; what was left empty stays where it is.
func decodeOrder(f *form.Form, sent map[string][]string) (seen int64, places map[ref.NominalID]int) {
	seen, err := strconv.ParseInt(f.Line("seen", "Order", form.Optional), 10, 64)
	if err != nil {
		seen = noOrder
	}
	places = map[ref.NominalID]int{}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		text, ok := strings.CutPrefix(name, placePrefix)
		if !ok {
			continue
		}
		n, ok := ref.Parse[ref.NominalID](text)
		if !ok {
			continue // no place of anybody: the page has no such field to say so at
		}
		if at := f.Whole(name, "Place", form.Optional, 1, mostPlaces); strings.TrimSpace(f.Field(name).Value) != "" {
			places[n] = at
		}
	}
	return seen, places
}

func drawOrder(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (orderView, audit.Seen, error) {
		v := orderView{form: f}
		var err error
		if v.meeting, v.items, err = meeting.Items(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		v.items = slices.DeleteFunc(v.items, func(i meeting.Item) bool { return i.LeftOff != nil })
		if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		v.seen, err = meeting.LastMove(ctx, q, id)
		return v, seen(v.items), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	v.hidden = withExtra(c.Hidden(), "seen", strconv.FormatInt(v.seen, 10))
	chrome := c.Chrome("Running order of "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the agenda", Href: at(id, agendaPart)}
	if f.IsSubmitted() {
		return c.Redraw(orderPage(chrome, v))
	}
	return c.Render(orderPage(chrome, v))
}

// field is the place of a case: as typed, or as it is.
func (v orderView) field(n int, i meeting.Item) form.Field {
	name := placePrefix + ref.Text(i.Nominal)
	if v.form.IsSubmitted() && slices.ContainsFunc(v.form.Fields(), func(f form.Field) bool { return f.Name == name }) {
		return v.form.Field(name)
	}
	return form.Field{Name: name, Value: strconv.Itoa(n + 1)}
}

// presents is who brings a case, in a few words.
func presents(i meeting.Item) string {
	if i.Presents.Officer == "" {
		return i.Presents.Name
	}
	return i.Presents.Name + ", " + i.Presents.Officer
}
