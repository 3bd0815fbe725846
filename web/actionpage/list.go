package actionpage

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/agency"
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

// listView is what the page of a list shows.
type listView struct {
	action.Listed
	filter   action.Filter
	page     int // from 0
	today    clock.Date
	form     *form.Form
	kinds    []action.Kind
	owners   []ui.Option
	agencies []agency.Agency
	areas    []area.Area
	hidden   ui.FormHidden
}

var listNames = map[action.List]string{
	action.Mine: "My actions", action.MyAgencys: "My agency’s", action.AllOpen: "All open", action.Unassigned: "Unassigned", action.Done: "Done",
}

// List shows one of the lists of actions.
func List(c *page.Ctx) error {
	v, err := readList(c, c.Form())
	if err != nil {
		return err
	}
	return c.Render(listPage(chrome(c, nil), v))
}

func chrome(c *page.Ctx, f *form.Form) ui.Chrome {
	chrome := c.Chrome("Actions", f)
	chrome.Wide = true
	return chrome
}

// readList reads the address, and the list that it asks for.
func readList(c *page.Ctx, f *form.Form) (listView, error) {
	filter, number := parseList(c)
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (listView, audit.Seen, error) {
		v := listView{filter: filter, page: number, today: q.Today(), form: f, hidden: c.Hidden()}
		var err error
		if v.Listed, err = action.Find(ctx, q, filter, number*action.PerPage); err != nil {
			return v, audit.Nobody(), err
		}
		if v.agencies, err = agency.Current(ctx, q, q.Today()); err != nil {
			return v, audit.Nobody(), err
		}
		tree, err := area.Tree(ctx, q)
		if err != nil {
			return v, audit.Nobody(), err
		}
		readable := c.Actor.AreasReading(authz.Casework)
		for _, a := range tree {
			if slices.Contains(readable, int64(a.ID)) {
				v.areas = append(v.areas, a)
			}
		}
		if filter.List != action.Done {
			v.kinds = mayAnywhere(c.Actor)
		}
		if len(v.kinds) > 0 {
			v.owners, err = owners(ctx, q, nodesOf(c.Actor)...)
		}
		ids := make([]ref.NominalID, 0, len(v.Names))
		for id := range v.Names {
			ids = append(ids, id)
		}
		return v, audit.Listed(ids), err
	})
}

func parseList(c *page.Ctx) (action.Filter, int) {
	f := action.Filter{List: action.List(c.Query("list")), Overdue: c.Query("overdue") == "yes"}
	if listNames[f.List] == "" {
		f.List = action.Mine
	}
	f.Agency, _ = ref.Parse[ref.AgencyID](c.Query("agency"))
	f.Area, _ = ref.Parse[ref.AreaID](c.Query("area"))
	number, _ := strconv.Atoi(c.Query("page"))
	return f, min(max(number-1, 0), 10_000)
}

// address is that of a list under a filter.
func address(f action.Filter, number int) string {
	values := url.Values{}
	if f.List != action.Mine {
		values.Set("list", string(f.List))
	}
	if f.Agency != 0 {
		values.Set("agency", ref.Text(f.Agency))
	}
	if f.Area != 0 {
		values.Set("area", ref.Text(f.Area))
	}
	if f.Overdue {
		values.Set("overdue", "yes")
	}
	if number > 0 {
		values.Set("page", strconv.Itoa(number+1))
	}
	if len(values) == 0 {
		return "/actions"
	}
	return "/actions?" + values.Encode()
}

// Change does one thing to the actions that were chosen in a list: to all of them
// or to none.
func Change(c *page.Ctx) error {
	f := c.Form()
	filter, number := parseList(c)
	choosable, err := db.View(c.Context(), c.DB, c.Actor, c.Route, func(ctx context.Context, q *db.ReadTx) ([]ui.Option, audit.Seen, error) {
		all, err := owners(ctx, q, nodesOf(c.Actor)...)
		return all, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	change := decode(f, mayAnywhere(c.Actor), choosable)
	picked := decodePicked(f)
	var failed error
	if f.OK() {
		n, err := action.UpdateMany(c.Context(), c.DB, c.Submission(), picked, change)
		if err == nil {
			return c.SeeOther(address(filter, number), changed(n, change.Kind))
		}
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		failed = err
	}
	v, err := readList(c, f)
	if err != nil {
		return err
	}
	if err := takeRows(f, failed, v.Actions); err != nil {
		return err
	}
	return c.Redraw(listPage(chrome(c, f), v))
}

func changed(n int, k action.Kind) string {
	done := map[action.Kind]string{action.KindProgress: "progress added", action.KindPropose: "proposed for discharge", action.KindAssign: "assigned",
		action.KindCarry: "carried over", action.KindEnd: "discharged"}[k]
	if n == 1 {
		return "1 action " + done
	}
	return strconv.Itoa(n) + " actions " + done
}

// pickValue is an action in a box to tick: its id and the version on the page.
func pickValue(a action.Action) string {
	return ref.Text(a.ID) + "." + strconv.FormatInt(a.Version, 10)
}

func decodePicked(f *form.Form) []action.Picked {
	var picked []action.Picked
	for _, value := range f.Choices("action", "Actions", f.Field("action").Values...) {
		id, version, _ := strings.Cut(value, ".")
		parsed, ok := ref.Parse[ref.ActionID](id)
		if at, err := strconv.ParseInt(version, 10, 64); ok && err == nil {
			picked = append(picked, action.Picked{ID: parsed, Version: at})
		}
	}
	return picked
}

// takeRows puts the problems into the form, those of single actions under a field
// of their own.
func takeRows(f *form.Form, err error, shown []action.Action) error {
	for _, a := range shown {
		f.Tick(action.RowField(a.ID), a.Text)
	}
	if err == nil {
		return nil
	}
	return take(f, err)
}
