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
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

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
	n.Ends = f.Time("ends", "End", form.Optional)
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
	f.Set("ends", s.Ends)
	f.Set("place", s.Place)
	f.Set("chair", ref.Text(s.Chair))
	f.Set("joint", ref.Text(s.Joint))
	var members []string
	for _, m := range s.Members {
		members = append(members, ref.Text(m))
	}
	f.Set("member", members...)
}

func decodeEnd(f *form.Form) (last clock.Date, reason string) {
	return f.Date("last_on", "Last day", form.Required), f.Prose("reason", "Reason", form.Required)
}
