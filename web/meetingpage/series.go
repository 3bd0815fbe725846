package meetingpage

import (
	"context"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

const seriesPath = "/meetings/series"

// seriesAt is the address of a page of a series, as seriesAt(7, "change").
func seriesAt(id ref.SeriesID, rest string) string {
	if rest == "" {
		return seriesPath + "/" + ref.Text(id)
	}
	return seriesPath + "/" + ref.Text(id) + "/" + rest
}

type seriesView struct {
	meeting.Series
	slots     []meeting.Slot
	members   []string
	chairless bool
	months    int // for which it is planned ahead
	today     clock.Date
}

// SeriesList is the series of the areas in which one runs meetings.
func SeriesList(c *page.Ctx) error {
	all, err := page.View(c, func(ctx context.Context, q *db.ReadTx) ([]seriesView, audit.Seen, error) {
		found, err := meeting.AllSeries(ctx, q)
		var all []seriesView
		for _, s := range found {
			v := seriesView{Series: s, today: q.Today()}
			if v.slots, err = meeting.Slots(ctx, q, s.ID, q.Today()); err != nil {
				return nil, audit.Nobody(), err
			}
			if v.chairless, err = meeting.Chairless(ctx, q, s); err != nil {
				return nil, audit.Nobody(), err
			}
			all = append(all, v)
		}
		return all, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome("Series of meetings", nil)
	chrome.Back = ui.Link{Text: "Back to meetings", Href: "/meetings"}
	return c.Render(seriesListPage(chrome, all))
}

// state is how a series stands.
func (v seriesView) state() (text, colour string) {
	switch {
	case v.Ended(v.today):
		return "Ended", "grey"
	case v.chairless:
		return "Needs a chair", "red"
	case !v.LastOn.IsZero():
		return "Until " + v.LastOn.Short(), "yellow"
	case v.From.After(v.today):
		return "From " + v.From.Short(), "blue"
	}
	return "Goes on", "green"
}

// next is the first meeting of the series that is still to be held; ok is false when
// none is planned.
func (v seriesView) next() (next meeting.Slot, ok bool) {
	for _, s := range v.slots {
		if !s.Cancelled {
			return s, true
		}
	}
	return meeting.Slot{}, false
}

func readSeries(c *page.Ctx) (seriesView, error) {
	id, err := page.ID[ref.SeriesID](c, "series")
	if err != nil {
		return seriesView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (v seriesView, seen audit.Seen, err error) {
		v.today, seen = q.Today(), audit.Nobody()
		if v.Series, err = meeting.GetSeries(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.slots, err = meeting.Slots(ctx, q, id, q.Today()); err != nil {
			return v, seen, err
		}
		if v.chairless, err = meeting.Chairless(ctx, q, v.Series); err != nil {
			return v, seen, err
		}
		if v.months, err = area.Number(ctx, q, v.Area, area.MonthsAhead); err != nil {
			return v, seen, err
		}
		names, err := account.Names(ctx, q, v.Members)
		for _, m := range v.Members {
			v.members = append(v.members, names[m])
		}
		return v, seen, err
	})
}

// ShowSeries is a series with the meetings that it has planned.
func ShowSeries(c *page.Ctx) error {
	v, err := readSeries(c)
	if err != nil {
		return err
	}
	chrome := c.Chrome("Series of meetings", nil)
	chrome.Back = ui.Link{Text: "Back to the series of meetings", Href: seriesPath}
	return c.Render(seriesPage(chrome, v))
}

// chairsOf names who chairs the meetings of a series.
func chairsOf(s meeting.Series) string {
	if s.JointName == "" {
		return s.ChairName
	}
	return s.ChairName + " and " + s.JointName
}

// about says what is particular about a planned meeting of a series.
func about(s meeting.Slot) string {
	switch {
	case s.Cancelled:
		return "Cancelled: " + s.Reason
	case s.ByHand && s.Moved():
		return "Moved from " + s.Due.Long() + ": " + s.Reason
	case s.ByHand:
		return "Changed by hand: the series leaves it alone"
	case s.Moved():
		return "Moved from " + s.Due.Weekday().String() + " " + s.Due.Long() + ", which is no working day"
	case s.Bound:
		return "Signed for, or with a guest: the series leaves it alone"
	}
	return ""
}

// NewSeries is the form for a new series.
func NewSeries(c *page.Ctx) error {
	v, err := readSeriesForm(c, 0)
	if err != nil {
		return err
	}
	f := c.Form()
	f.Set("starts", "10:00")
	f.Set("from", c.Today().Typed())
	f.Set("kind", string(meeting.Operational))
	f.Set("every", string(meeting.MonthByWeekday))
	f.Set("member", ref.Text(ref.AccountID(c.Actor.Account)))
	if len(v.areas) == 1 {
		f.Set("area", ref.Text(v.areas[0].ID))
	}
	if all := v.everyChair(); len(all) == 1 {
		f.Set("chair", all[0].Value)
	}
	decodeSeries(f, false)
	return drawSeries(c, v, f, c.Hidden(), c.Render)
}

// StartSeries starts a series.
func StartSeries(c *page.Ctx) error {
	f := c.Form()
	n, _ := decodeSeries(f, false)
	if f.OK() {
		id, err := meeting.StartSeries(c.Context(), c.DB, c.Submission(), n)
		if err == nil {
			return c.SeeOther(seriesAt(id, ""), "Series started. Its meetings are planned")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	v, err := readSeriesForm(c, 0)
	if err != nil {
		return err
	}
	return drawSeries(c, v, f, c.Hidden(), c.Redraw)
}

// ChangeSeries is the form to change a series.
func ChangeSeries(c *page.Ctx) error {
	id, err := page.ID[ref.SeriesID](c, "series")
	if err != nil {
		return err
	}
	v, err := readSeriesForm(c, id)
	if err != nil {
		return err
	}
	f := c.Form()
	fillSeries(f, *v.series, c.Today())
	decodeSeries(f, true)
	return drawSeries(c, v, f, c.Hidden(v.series.Version), c.Render)
}

// SaveSeries changes a series from a day on.
func SaveSeries(c *page.Ctx) error {
	id, err := page.ID[ref.SeriesID](c, "series")
	if err != nil {
		return err
	}
	v, err := readSeriesForm(c, id)
	if err != nil {
		return err
	}
	f := c.Form()
	n, reason := decodeSeries(f, true)
	if f.OK() {
		err := meeting.ChangeSeries(c.Context(), c.DB, c.Submission(), id, c.Version(), n.Terms, reason)
		if err == nil {
			return c.SeeOther(seriesAt(id, ""), "Series changed. Its planned meetings follow")
		}
		if fault.KindOf(err) == fault.Stale {
			current := form.Blank()
			fillSeries(current, *v.series, c.Today())
			current.Set("reason", v.series.Reason)
			decodeSeries(current, true)
			return c.Conflict("the series", f, current, v.series.Version)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return drawSeries(c, v, f, c.Hidden(max(c.Version(), 0)), c.Redraw)
}

// EndSeries asks for the last day of a series.
func EndSeries(c *page.Ctx) error {
	v, err := readSeries(c)
	if err != nil {
		return err
	}
	f := c.Form()
	decodeEnd(f)
	return c.Render(endSeriesPage(c.Chrome("End the series", f), v, f, c.Hidden(v.Version)))
}

// ConfirmEndSeries records it.
func ConfirmEndSeries(c *page.Ctx) error {
	v, err := readSeries(c)
	if err != nil {
		return err
	}
	f := c.Form()
	last, reason := decodeEnd(f)
	if f.OK() {
		err := meeting.EndSeries(c.Context(), c.DB, c.Submission(), v.ID, c.Version(), last, reason)
		if err == nil {
			return c.SeeOther(seriesAt(v.ID, ""), "The last day of the series is recorded")
		}
		if fault.KindOf(err) == fault.Stale {
			current := form.Blank()
			decodeEnd(current)
			return c.Conflict("the end of the series", f, current, v.Version)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(endSeriesPage(c.Chrome("End the series", f), v, f, c.Hidden(max(c.Version(), 0))))
}
