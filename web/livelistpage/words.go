package livelistpage

import (
	"strconv"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/ui"
)

// head is a column's heading with the order that it leads to.
type head struct{ text, href, direction string }

// heads are the columns of a tab.
func (v view) heads() []head {
	columns := []struct {
		text string
		sort livelist.Sort
	}{
		{"RAG", livelist.ByRating}, {"Name", livelist.ByName}, {"Lead", livelist.ByLead}, {"Status", livelist.ByStatus}, {"MAPPA and groups", ""},
		{"Next review", livelist.ByReview}, {"Actions", livelist.ByActions}, {"Last contact", livelist.ByContact}, {"Home visit", livelist.ByVisit},
	}
	if v.filter.Custody {
		columns[3].text, columns[3].sort = "Release", livelist.ByRelease
		columns = columns[:8] // no home visit is due in prison
	}
	var all []head
	for _, c := range columns {
		h := head{text: c.text}
		if c.sort != "" && !v.print {
			f := v.filter
			h.direction = ui.Unsorted
			if f.Sort == c.sort {
				h.direction = ui.Ascending
				if f.Desc {
					h.direction = ui.Descending
				}
			}
			f.Desc = f.Sort == c.sort && !f.Desc
			f.Sort = c.sort
			h.href = address(f, 0)
		}
		all = append(all, h)
	}
	return all
}

func (v view) tabs() []ui.NavItem {
	live, custody := v.filter, v.filter
	live.Custody, custody.Custody = false, true
	for _, f := range []*livelist.Filter{&live, &custody} {
		if f.Custody != v.filter.Custody { // each tab has its own first order
			f.Sort, f.Desc = firstSort(f.Custody), false
		}
	}
	return []ui.NavItem{
		{Text: "Live", Href: address(live, 0), Number: counted(v.Live), Current: !v.filter.Custody},
		{Text: "Custody", Href: address(custody, 0), Number: counted(v.Custody), Current: v.filter.Custody},
	}
}

func counted(n int) string {
	if n > livelist.CountMost {
		return strconv.Itoa(livelist.CountMost) + "+"
	}
	return strconv.Itoa(n)
}

// printed is how many people the filter leaves: exactly, when they are all on paper.
func (v view) printed() string {
	if v.More {
		return counted(v.total())
	}
	return strconv.Itoa(len(v.Rows))
}

func (v view) total() int {
	if v.filter.Custody {
		return v.Custody
	}
	return v.Live
}

// field is a control of the filter with what is in force.
func (v view) field(name, label string) form.Field {
	f := v.filter
	value := map[string]string{"area": ref.Text(f.Area), "rating": string(f.Rating), "agency": ref.Text(f.Agency), "lead": ref.Text(f.Lead),
		"group": ref.Text(f.Group), "due": string(f.Due)}[name]
	return form.Field{Name: name, Label: label, Value: value}
}

func options(offers []livelist.Offer) []ui.Option {
	all := make([]ui.Option, 0, len(offers))
	for _, o := range offers {
		all = append(all, ui.Option{Value: strconv.FormatInt(o.ID, 10), Text: o.Name})
	}
	return all
}

func ratings() []ui.Option {
	var all []ui.Option
	for _, r := range rag.Ratings {
		all = append(all, ui.Option{Value: string(r), Text: r.Word()})
	}
	return all
}

var dues = []ui.Option{
	{Value: string(livelist.OverdueActions), Text: "Overdue actions"},
	{Value: string(livelist.ReviewDue), Text: "Review due"},
	{Value: string(livelist.VisitLate), Text: "Home visit late"},
	{Value: string(livelist.VisitSoon), Text: "Home visit late or due within three days"},
	{Value: string(livelist.ToRatify), Text: "Rating to ratify"},
	{Value: string(livelist.ReleaseSoon), Text: "Release within 12 weeks"},
	{Value: string(livelist.ReleaseInYear), Text: "Release within 12 months"},
	{Value: string(livelist.StatusEnding), Text: "Licence or order ends within 28 days"},
	{Value: string(livelist.ThirdSoon), Text: "Final third begins within 28 days"},
	{Value: string(livelist.LinesToDo), Text: "Adoption checklist lines missing"},
}

// applied are the filters in force, each with the address without it.
func (v view) applied() []ui.Applied {
	var all []ui.Applied
	add := func(name, value string, without func(*livelist.Filter)) {
		f := v.filter
		without(&f)
		all = append(all, ui.Applied{Text: name + ": " + value, Without: address(f, 0)})
	}
	f := v.filter
	if f.Area != 0 {
		add("Area", named(v.Areas, f.Area), func(f *livelist.Filter) { f.Area = 0 })
	}
	if f.Rating != "" {
		add("RAG", f.Rating.Word(), func(f *livelist.Filter) { f.Rating = "" })
	}
	if f.Agency != 0 {
		add("Lead agency", named(v.Agencies, f.Agency), func(f *livelist.Filter) { f.Agency = 0 })
	}
	if f.Lead != 0 {
		add("Lead worker", named(v.Leads, f.Lead), func(f *livelist.Filter) { f.Lead = 0 })
	}
	if f.Group != 0 {
		add("Group", named(v.Groups, f.Group), func(f *livelist.Filter) { f.Group = 0 })
	}
	for _, d := range dues {
		if d.Value == string(f.Due) {
			add("Due", d.Text, func(f *livelist.Filter) { f.Due = "" })
		}
	}
	return all
}

// named is what an offer is called; one that is not offered is named by nothing.
func named[ID ~int64](all []livelist.Offer, id ID) string {
	for _, o := range all {
		if o.ID == int64(id) {
			return o.Name
		}
	}
	return "another"
}

func (v view) filterOpt() ui.FilterOpt {
	o := ui.FilterOpt{Action: "/live-list", Applied: v.applied(), Clear: address(livelist.Filter{Custody: v.filter.Custody, Sort: v.filter.Sort, Desc: v.filter.Desc}, 0)}
	if v.filter.Custody {
		o.Keep = append(o.Keep, ui.Hidden{Name: "tab", Value: "custody"})
	}
	if word := sortWord(v.filter); word != "" {
		o.Keep = append(o.Keep, ui.Hidden{Name: "sort", Value: word})
	}
	return o
}

func (v view) paging() ui.Paging {
	var p ui.Paging
	if v.number == 0 && !v.More {
		return p
	}
	if v.number > 0 {
		p.Prev = address(v.filter, v.number-1)
	}
	if v.More {
		p.Next = address(v.filter, v.number+1)
	}
	if len(v.Rows) > 0 {
		p.Shown = strconv.Itoa(v.Skipped+1) + " to " + strconv.Itoa(v.Skipped+len(v.Rows)) + " of " + counted(v.total())
	}
	return p
}

func (v view) empty() string {
	switch {
	case v.number > 0:
		return "There is nobody on this page of the list."
	case len(v.applied()) > 0:
		return "Nobody fits these filters."
	case v.filter.Custody:
		return "Nobody is on the custody tab: it holds PRISON cases until 12 weeks before release."
	}
	return "Nobody is on the live list yet. People come onto it when a meeting adopts their referral."
}

func (v view) printAddress() string {
	at := address(v.filter, 0)
	if strings.Contains(at, "?") {
		return at + "&print=yes"
	}
	return at + "?print=yes"
}

// printTitle says which list is printed.
func (v view) printTitle() string {
	title := "Live list"
	if v.filter.Custody {
		title = "Custody list"
	}
	var filters []string
	for _, a := range v.applied() {
		filters = append(filters, a.Text)
	}
	if len(filters) > 0 {
		title += ": " + strings.Join(filters, ", ")
	}
	return title
}

// age is the age in years; empty when the birth is not known. A child is called one.
func age(r *livelist.Row, today clock.Date) string {
	if r.Born.IsZero() {
		return ""
	}
	years := r.Born.AgeOn(today)
	if years < 18 {
		return strconv.Itoa(years) + " (child)"
	}
	return strconv.Itoa(years)
}

// statusWord is the statutory status with its end.
func statusWord(r *livelist.Row, today clock.Date) string {
	if r.Status == "" {
		return ""
	}
	word := strings.ToUpper(r.Status[:1]) + r.Status[1:]
	switch {
	case r.StatusEnds.IsZero():
		return word
	case r.StatusEnds.Before(today):
		return word + ", ended " + r.StatusEnds.Short()
	}
	word += " to " + r.StatusEnds.Short() + byLaw(r.StatusByLaw)
	if !r.FinalThird.IsZero() && !r.FinalThird.After(today) {
		word += ", final third since " + r.FinalThird.Short()
	}
	return word
}

// held is the prison with the release date.
func held(r *livelist.Row) string {
	switch {
	case r.Prison == "" && r.ReleaseOn.IsZero():
		return ""
	case r.ReleaseOn.IsZero():
		return r.Prison + ", no date yet"
	}
	return strings.TrimPrefix(r.Prison+", ", ", ") + r.ReleaseOn.Short() + byLaw(r.ReleaseByLaw)
}

// byLaw says of a date that nobody has notified it.
func byLaw(computed bool) string {
	if computed {
		return " (computed)"
	}
	return ""
}

// groups are MAPPA level and priority groups that are in use.
func (v *view) groups(r *livelist.Row) string {
	var all []string
	if r.MAPPA > 0 {
		all = append(all, "MAPPA level "+strconv.Itoa(r.MAPPA))
	}
	for _, id := range r.Groups {
		// "MAPPA 1" on the form is the level, which many take for the category.
		if short := v.Short(id); short != "" && (short != "MAPPA 1" || r.MAPPA == 0) {
			all = append(all, strings.Replace(short, "MAPPA 1", "MAPPA level 1", 1))
		}
	}
	return strings.Join(all, ", ")
}

// soon is a day that is near enough to be told without its year.
func soon(d, today clock.Date) string {
	if days := d.DaysSince(today); days > -180 && days < 180 {
		return strconv.Itoa(d.Day) + " " + d.Month.String()[:3]
	}
	return d.Short()
}
