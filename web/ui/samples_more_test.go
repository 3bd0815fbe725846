package ui_test

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"iom/internal/platform/clock"
	"iom/web/ui"
)

// raw draws only its children.
func raw(ctx context.Context, w io.Writer) error {
	return templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), w)
}

func personSample() []templ.Component {
	person := ui.Person{
		Name: "Jo Fernhurst", RAG: ui.RAG{Code: "RED_ALERT"}, Warnings: []string{"Violent", "Weapons", "Self-harm"},
		Born: "3 May 1991, aged 34", Lead: "Probation, Sam Okoro", NextRelease: "14 April 2026", URN: "47XX/1234/26", PNCID: "1991/0034567F",
		Facts: []ui.Fact{{Key: "MAPPA", Value: "level 2"}, {Key: "Empty", Value: ""}},
	}
	return []templ.Component{
		around(ui.Banner(person), ui.SecondaryLink("Log a contact", "/contacts/new"), ui.LinkButton("Set an action", "/actions/new")),
		ui.NeedsAttention("Needs your attention", []ui.Attention{
			{Text: "Home visit is due", Href: "/contacts/new", When: "3 days overdue", Why: "A RED case is visited every week (R44)", Late: true},
			{Text: "Update for the meeting of 12 March 2026", Href: "/m", When: "Due tomorrow"},
		}),
		ui.NeedsAttention("Nothing here", nil),
		ui.Tabs("Jo Fernhurst", []ui.NavItem{{Text: "Overview", Href: "?", Current: true}, {Text: "Plan and actions", Href: "?a", Number: "4"}, {Text: "Needs", Href: "?n"}, {Text: "Contacts", Href: "?c"}, {Text: "Custody and sentence", Href: "?s"}, {Text: "Meetings and reviews", Href: "?m"}, {Text: "History", Href: "?h"}, {Text: "Who has looked", Href: "?w"}}),
		around(ui.Columns(), templ.Raw("<div>"),
			around(ui.SummaryCard("Identity", []ui.Link{{Text: "Amend", Href: "/amend"}}), around(ui.SummaryList(),
				ui.SummaryRow("Name", "Jo Fernhurst", ui.Link{Href: "/x"}), ui.SummaryRow("Address", "1 High Street\nLewes", ui.Link{}), ui.SummaryRow("Consent", "", ui.Link{}),
				around(ui.Row("Accommodation", ui.Link{}), ui.NeedTag("red")), around(ui.Row("Drugs", ui.Link{}), ui.NeedTag("AMBER")), around(ui.Row("Finance", ui.Link{}), ui.NeedTag("green")), around(ui.Row("Health", ui.Link{}), ui.NeedTag("")),
				around(ui.Row("Licence ends", ui.Link{}), ui.Date(day("2026-03-12"))), around(ui.Row("Last visit", ui.Link{}), ui.Date(clock.Date{})))),
			ui.Timeline([]ui.Entry{{Title: "RAG changed to RED ALERT", By: "Priya Nair", When: "12 March 2026 at 10:15", Stamp: "2026-03-12T10:15:00Z", Text: "Wanted on warrant.\nPublished to probation and housing."}, {Title: "Adopted", When: "1 February 2026", Body: ui.Tag("Meeting", "grey")}}),
			templ.Raw("</div><div>"), ui.SideNav("Running order", []ui.NavItem{{Text: "Jo Fernhurst", Href: "?1", Current: true}, {Text: "Mo Siddlesham", Href: "?2", Number: "new"}}), templ.Raw("</div>")),
	}
}

func wordSample() []templ.Component {
	marks := []templ.Component{templ.Raw("<p>")}
	for _, code := range []string{"RED_ALERT", "RED", "AMBER", "GREEN", "PRISON", ""} {
		marks = append(marks, ui.RAGTag(ui.RAG{Code: code}), templ.Raw(" "))
	}
	marks = append(marks, templ.Raw("</p><p>"))
	for _, code := range []string{"red", "amber", "green", ""} {
		marks = append(marks, ui.NeedTag(code), templ.Raw(" "))
	}
	marks = append(marks, templ.Raw("</p><p>"))
	for _, days := range []int{3, 1, 0, -1, -9} {
		marks = append(marks, ui.OverdueBadge(days), templ.Raw(" "))
	}
	marks = append(marks, ui.Tag("Draft", "grey"), templ.Raw(" "), ui.Tag("Sent", ""), templ.Raw(" "), ui.WarningBadge("Violent"), templ.Raw("</p>"))
	return append([]templ.Component{ui.Heading("Words and marks", "Every one of them")}, append(marks,
		ui.Warning("Nobody is told before you send it."),
		around(ui.Inset(), ui.Para("The guide asks for a visit every week.")),
		around(ui.Details("Where does this come from?"), ui.Para("Appendix 1.")),
		ui.List([]string{"One", "Two"}),
		ui.Prose("Line one\nline two"), ui.Prose(""),
		ui.EmptyState("No actions are open.", ui.Link{Text: "Set an action", Href: "/actions/new"}),
		around(ui.Section("Referral", "referral"), ui.TaskList("referral", []ui.Task{{Name: "Personal details", Href: "/1", Status: "Completed"}, {Name: "Offending", Hint: "Section 3 of the paper form", Href: "/2", Status: "In progress", Colour: "blue"}, {Name: "Check and send", Status: "Cannot start yet"}})),
		around(ui.Table(ui.TableOpt{Caption: "Checklist", Stack: true}), ui.Head("Line", "Date", "By"), templ.Raw("<tbody><tr><th scope=\"row\">PNC marker added</th>"), around(ui.Cell("Date"), ui.ShortDate(day("2026-03-12"))), around(ui.Cell("By"), templ.Raw("Priya Nair")), templ.Raw("</tr><tr><th scope=\"row\">Niche flag added</th>"), around(ui.Cell("Date"), ui.ShortDate(clock.Date{})), around(ui.Cell("By"), templ.Raw("")), templ.Raw("</tr></tbody>")),
		ui.PostButton("/x", "Carry over", ui.FormHidden{CSRF: "t", Key: "k"}),
	)...)
}
