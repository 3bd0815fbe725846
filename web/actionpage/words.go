package actionpage

import (
	"strconv"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/web/form"
	"iom/web/ui"
)

// marks are the small print of an action: its pathway, objective, and how it stands.
func marks(a action.Action) string {
	parts := []string{upper(a.Pathway)}
	if a.Carried == 1 {
		parts = append(parts, "carried over once")
	} else if a.Carried > 1 {
		parts = append(parts, "carried over "+strconv.Itoa(a.Carried)+" times")
	}
	if a.DischargeProposed {
		parts = append(parts, "discharge proposed")
	}
	return strings.Join(parts, " · ")
}

// upper is a pathway with a capital.
func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func (v listView) tabs() []ui.NavItem {
	var items []ui.NavItem
	for _, list := range action.Lists {
		f := v.filter
		f.List = list
		item := ui.NavItem{Text: listNames[list], Href: address(f, 0), Current: list == v.filter.List}
		if n, ok := v.Counts[list]; ok && list != action.Done {
			item.Number = counted(n)
		}
		items = append(items, item)
	}
	return items
}

func counted(n int) string {
	if n > action.CountMost {
		return strconv.Itoa(action.CountMost) + "+"
	}
	return strconv.Itoa(n)
}

func (v listView) dayHead() string {
	if v.filter.List == action.Done {
		return "Discharged"
	}
	return "Due"
}

func (v listView) empty() string {
	switch {
	case len(v.applied()) > 0:
		return "No action fits these filters."
	case v.filter.List == action.Mine:
		return "No open action is yours."
	case v.filter.List == action.Unassigned:
		return "Every open action has somebody to do it."
	case v.filter.List == action.Done:
		return "No action has been discharged yet."
	}
	return "There are no open actions."
}

// field is a control of the filter with what is in force.
func (v listView) field(name, label string) form.Field {
	value := map[string]string{"agency": ref.Text(v.filter.Agency), "area": ref.Text(v.filter.Area)}[name]
	if name == "overdue" && v.filter.Overdue {
		value = "yes"
	}
	return form.Field{Name: name, Label: label, Value: value}
}

func (v listView) agencyOptions() []ui.Option {
	options := make([]ui.Option, 0, len(v.agencies))
	for _, a := range v.agencies {
		options = append(options, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
	}
	return options
}

func (v listView) areaOptions() []ui.Option { return areaOptions(v.areas) }

func areaOptions(areas []area.Area) []ui.Option {
	options := make([]ui.Option, 0, len(areas))
	for _, a := range areas {
		options = append(options, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
	}
	return options
}

func (v listView) filterOpt() ui.FilterOpt {
	o := ui.FilterOpt{Action: "/actions", Applied: v.applied(), Clear: address(action.Filter{List: v.filter.List}, 0)}
	if v.filter.List != action.Mine {
		o.Keep = []ui.Hidden{{Name: "list", Value: string(v.filter.List)}}
	}
	return o
}

func (v listView) applied() []ui.Applied {
	var all []ui.Applied
	if v.filter.Agency != 0 {
		f := v.filter
		f.Agency = 0
		all = append(all, ui.Applied{Text: "Agency: " + text(v.agencyOptions(), ref.Text(v.filter.Agency)), Without: address(f, 0)})
	}
	if v.filter.Area != 0 {
		f := v.filter
		f.Area = 0
		all = append(all, ui.Applied{Text: "Area: " + text(v.areaOptions(), ref.Text(v.filter.Area)), Without: address(f, 0)})
	}
	if v.filter.Overdue && v.filter.List != action.Done {
		f := v.filter
		f.Overdue = false
		all = append(all, ui.Applied{Text: "Overdue only", Without: address(f, 0)})
	}
	return all
}

// text is what an option says; one that is not offered is named by nothing.
func text(options []ui.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Text
		}
	}
	return "another"
}

func (v listView) paging() ui.Paging {
	var p ui.Paging
	if v.page == 0 && !v.More {
		return p
	}
	if v.page > 0 {
		p.Prev = address(v.filter, v.page-1)
	}
	if v.More {
		p.Next = address(v.filter, v.page+1)
	}
	first := v.page*action.PerPage + 1
	p.Shown = strconv.Itoa(first) + " to " + strconv.Itoa(first+len(v.Actions)-1) + " of " + counted(v.Counts[v.filter.List])
	return p
}
