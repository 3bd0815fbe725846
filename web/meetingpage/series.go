package meetingpage

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

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

type seriesForm struct {
	series *meeting.Series // nil: a new one
	planView
	people []account.Person
}

func (v seriesForm) title() string {
	if v.series == nil {
		return "Start a series of meetings"
	}
	return "Change the series"
}

func (v seriesForm) action() string {
	if v.series == nil {
		return seriesPath + "/new"
	}
	return seriesAt(v.series.ID, "change")
}

func (v seriesForm) leave() string {
	if v.series == nil {
		return seriesPath
	}
	return seriesAt(v.series.ID, "")
}

// guide is what the guide says of how often a scheme meets, beside the choice.
func guide() string {
	known, _ := area.Describe(area.MeetingCadence)
	return known.Guide
}

func (v seriesForm) memberOptions() []ui.Option {
	var options []ui.Option
	for _, p := range v.people {
		options = append(options, ui.Option{Value: ref.Text(p.ID), Text: p.Name + ", " + p.AgencyName})
	}
	return options
}

var everyOptions = []ui.Option{
	{Value: string(meeting.MonthByWeekday), Text: "Every month on a weekday", Hint: "As the second Tuesday"},
	{Value: string(meeting.MonthByDay), Text: "Every month on a date", Hint: "As the 15th; in a shorter month its last day"},
	{Value: string(meeting.Weeks), Text: "Every week, or every few weeks"},
}

func nthOptions() []ui.Option {
	var options []ui.Option
	for n := 1; n <= meeting.LastInMonth; n++ {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Text: "The " + meeting.Ordinal(n)})
	}
	return options
}

func weekdayOptions() []ui.Option {
	var options []ui.Option
	for d := time.Monday; d <= time.Friday; d++ {
		options = append(options, ui.Option{Value: strconv.Itoa(int(d)), Text: d.String()})
	}
	return options
}

func monthDayOptions() []ui.Option {
	var options []ui.Option
	for n := 1; n <= 31; n++ {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Text: strconv.Itoa(n)})
	}
	return options
}

func weeksOptions() []ui.Option {
	options := []ui.Option{{Value: "1", Text: "Every week"}, {Value: "2", Text: "Every second week"}}
	for n := 3; n <= 8; n++ {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Text: "Every " + strconv.Itoa(n) + " weeks"})
	}
	return options
}

var kindOptions = []ui.Option{
	{Value: string(meeting.Operational), Text: meeting.Operational.Title(), Hint: "Monthly: referrals, ratings, deregistrations (R52)"},
	{Value: string(meeting.Practitioners), Text: meeting.Practitioners.Title(), Hint: "Weekly in each hub: emerging issues between the monthly meetings (R53)"},
}

// values are those of options, as a form takes them.
func values(options []ui.Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.Value
	}
	return all
}

// choice is a number out of options; 0 when none was chosen.
func choice(f *form.Form, name, label string, options []ui.Option) int {
	n, _ := strconv.Atoi(f.Choice(name, label, form.Optional, values(options)...))
	return n
}

// decodeSeries reads the form. Area and kind of a series are chosen once.
func decodeSeries(f *form.Form, started bool) (n meeting.NewSeries, reason string) {
	if !started {
		n.Area = ref.AreaID(f.ID("area", "Area", form.Required))
		n.Kind = meeting.Kind(f.Choice("kind", "Kind of meeting", form.Required, values(kindOptions)...))
	}
	n.Every = meeting.Every(f.Choice("every", "How often it meets", form.Required, values(everyOptions)...))
	n.Nth = choice(f, "nth", "Which one in the month", nthOptions())
	n.Weekday = time.Weekday(choice(f, "weekday", "Weekday", weekdayOptions()))
	n.MonthDay = choice(f, "month_day", "Day of the month", monthDayOptions())
	n.Weeks = choice(f, "weeks", "Every how many weeks", weeksOptions())
	label := "First day"
	if started {
		label = "Day from which the change holds"
	}
	n.From = f.Date("from", label, form.Required)
	n.Starts = f.Time("starts", "Time", form.Required)
	n.Place = f.Line("place", "Place", form.Required)
	n.Chair = ref.AccountID(f.ID("chair", "Chair", form.Required))
	n.Joint = ref.AccountID(f.ID("joint", "Joint chair", form.Optional))
	for _, id := range f.IDs("member", "Core members") {
		n.Members = append(n.Members, ref.AccountID(id))
	}
	if started {
		reason = f.Prose("reason", "Reason for the change", form.Required)
	}
	return n, reason
}

// readSeriesForm is what the form of a series offers: for a new one (id 0), or for
// one that is there.
func readSeriesForm(c *page.Ctx, id ref.SeriesID) (seriesForm, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (v seriesForm, seen audit.Seen, err error) {
		seen = audit.Nobody()
		if id != 0 {
			s, err := meeting.GetSeries(ctx, q, id)
			if err != nil {
				return v, seen, err
			}
			v.series, v.areas, v.chairs = &s, []area.Area{{ID: s.Area}}, map[ref.AreaID][]account.Person{}
			if v.chairs[s.Area], err = meeting.Chairs(ctx, q, s.Area); err != nil {
				return v, seen, err
			}
		} else if v.planView, err = planOptions(ctx, q); err != nil {
			return v, seen, err
		}
		had := map[ref.AccountID]bool{}
		for _, a := range v.areas {
			people, err := account.People(ctx, q, a.ID)
			if err != nil {
				return v, seen, err
			}
			for _, p := range people {
				if !had[p.ID] {
					had[p.ID] = true
					v.people = append(v.people, p)
				}
			}
		}
		return v, seen, nil
	})
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

func drawSeries(c *page.Ctx, v seriesForm, f *form.Form, hidden ui.FormHidden, draw func(templ.Component) error) error {
	v.form, v.hidden = f, hidden
	v.hidden.Guard = true
	chrome := c.Chrome(v.title(), f)
	chrome.Back = ui.Link{Text: "Back to the series of meetings", Href: v.leave()}
	return draw(seriesFormPage(chrome, v))
}

func fillSeries(f *form.Form, s meeting.Series, today clock.Date) {
	number := func(name string, n int) {
		if n != 0 {
			f.Set(name, strconv.Itoa(n))
		}
	}
	f.Set("every", string(s.Every))
	number("nth", s.Nth)
	number("weekday", int(s.Weekday))
	number("month_day", s.MonthDay)
	number("weeks", s.Weeks)
	from := s.From
	if from.Before(today) {
		from = today
	}
	f.Set("from", from.Typed())
	f.Set("starts", s.Starts)
	f.Set("place", s.Place)
	f.Set("chair", ref.Text(s.Chair))
	f.Set("joint", ref.Text(s.Joint))
	var members []string
	for _, m := range s.Members {
		members = append(members, ref.Text(m))
	}
	f.Set("member", members...)
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

func decodeEnd(f *form.Form) (last clock.Date, reason string) {
	return f.Date("last_on", "Last day", form.Required), f.Prose("reason", "Reason", form.Required)
}
