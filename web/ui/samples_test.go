package ui_test

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"iom/web/form"
	"iom/web/ui"
)

func options(texts ...string) []ui.Option {
	var all []ui.Option
	for i, t := range texts {
		all = append(all, ui.Option{Value: strconv.Itoa(i + 1), Text: t})
	}
	return all
}

func formSample() templ.Component {
	pathways := options("Accommodation", "Drugs", "Finance", "Attitudes and behaviour")
	pathways[1].Hint = "Includes new psychoactive substances"
	pathways = append(pathways, ui.Option{Value: "none", Text: "None of these", Exclusive: true})
	reveal := options("In the community", "In custody")
	reveal[1].Reveal = ui.TextInput(form.Field{Name: "prison", Label: "Prison"}, ui.Opt{Width: 20})
	return around(ui.Form("/referrals/7/risks", ui.FormHidden{CSRF: "t0ken", Key: "k3y", Version: "4", Extra: []ui.Hidden{{Name: "section", Value: "risks"}}, Guard: true, Files: true}),
		ui.TextInput(form.Field{Name: "name", Label: "Family name", Value: `O'Brien <script>alert(1)</script>`}, ui.Opt{Width: 20, Hint: "As on PNC"}),
		ui.DateInput(form.Field{Name: "born", Label: "Date of birth", Value: "31/2/2099", Error: "Date of birth must be in the past"}, ui.Opt{}),
		around(ui.FieldRow(), ui.DateInput(form.Field{Name: "on", Label: "Date of the meeting"}, ui.Opt{}), ui.TimeInput(form.Field{Name: "at", Label: "Time"}, ui.Opt{})),
		ui.TextInput(form.Field{Name: "cost", Label: "Cost of crime", Value: "235000"}, ui.Opt{Prefix: "£", Suffix: "a year", Width: 10, Mode: "numeric"}),
		ui.Select(form.Field{Name: "prison2", Label: "Holding prison", Value: "2"}, options("HMP Lewes", "HMP Ford"), ui.Opt{Optional: true}),
		ui.YesNo(form.Field{Name: "mappa", Label: "Is the person managed under MAPPA?"}, ui.Opt{}),
		ui.Radios(form.Field{Name: "where", Label: "Where is the person now?", Value: "2", Error: "Say where the person is"}, reveal, ui.Opt{Size: "m"}),
		ui.Checkboxes(form.Field{Name: "pathways", Label: "Pathways with a need", Values: []string{"1", "2"}, Error: "Choose at least one pathway"}, pathways, ui.Opt{Hint: "Choose all that apply"}),
		ui.Textarea(form.Field{Name: "summary", Label: "Summary of offending", Value: "\nFirst line empty"}, ui.Opt{Limit: 2000, Rows: 4}),
		ui.FileInput(form.Field{Name: "paper", Label: "Paper form"}, ui.Opt{Hint: "PDF, at most 10 MB"}),
		around(ui.AddAnother("aliases", "Add another alias"),
			around(ui.AddRow("Alias", 0), ui.TextInput(form.Field{Name: "aliases.0.name", Label: "Name", Value: "Jody", Error: "Too short"}, ui.Opt{Width: 20}))),
		around(ui.Fieldset("Address", "m"), ui.TextInput(form.Field{Name: "line1", Label: "Address line 1"}, ui.Opt{})),
		ui.Checkbox(form.Field{Name: "sure", Label: "The details are right", Error: "Confirm the details"}, "You answer for them"),
		around(ui.Buttons(), ui.SubmitButton("Save and continue"), ui.SecondaryButton("Save and come back later", "then", "later"), ui.WarningButton("Withdraw"), ui.CancelLink("/referrals")))
}

func listSample(rows int) []templ.Component {
	ragCodes := []ui.RAG{{Code: "RED_ALERT"}, {Code: "red"}, {Code: "AMBER"}, {Code: "GREEN"}, {Code: "PRISON", Word: "PRISON"}}
	names := []string{"Jo Fernhurst", "Alexander Brightling-Whitcombe", "Mo Siddlesham", "Kit Wivelsfield"}
	body := []templ.Component{templ.Raw("<tbody>")}
	for i := range rows {
		r := ragCodes[i%5]
		n := names[i%4]
		body = append(body, templ.Raw("<tr>"), ui.RowCheckbox("nominal", strconv.Itoa(i), n, i == 1), templ.Raw("<td>"), ui.RAGTag(r), templ.Raw(`</td><th scope="row">`),
			ui.A(n, "/nominals/"+strconv.Itoa(1000+i)), templ.Raw(" "))
		if i%3 == 0 {
			body = append(body, ui.WarningBadge("Violent"), templ.Raw(" "), ui.WarningBadge("Weapons"))
		}
		body = append(body, templ.Raw(fmt.Sprintf(`</th><td class="n">%d</td><td>Probation, Sam Okoro</td><td>Licence to `, 19+i%40)), ui.ShortDate(day("2026-09-03")),
			templ.Raw("</td><td>Level 2</td><td>Burglary, vehicle crime</td><td>"), ui.ShortDate(day("2026-04-12")), templ.Raw("</td><td>"))
		if i%4 == 0 {
			body = append(body, ui.OverdueBadge(i%9))
		} else {
			body = append(body, templ.Raw("2 open"))
		}
		body = append(body, templ.Raw("</td><td>"), ui.ShortDate(day("2026-03-01")), templ.Raw("</td></tr>"))
	}
	body = append(body, templ.Raw("</tbody>"))
	head := around(templ.ComponentFunc(raw), templ.Raw("<thead><tr>"), ui.SelectAllHead("Choose all people"), ui.SortHead("RAG", "?sort=-rag", ui.Ascending), ui.SortHead("Name", "?sort=name", ui.Unsorted), ui.SortHead("Age", "?sort=age", ui.Descending), templ.Raw(`<th scope="col">Lead</th><th scope="col">Status</th><th scope="col">MAPPA</th><th scope="col">Priority groups</th>`), ui.SortHead("Next review", "?sort=review", ""), templ.Raw(`<th scope="col">Actions</th><th scope="col">Last contact</th></tr></thead>`))
	table := around(ui.Table(ui.TableOpt{Caption: "People on the live list", HideCaption: true, Dense: true}), append([]templ.Component{head}, body...)...)
	applied := []ui.Applied{{Text: "RAG: RED", Without: "?"}, {Text: "Lead agency: Probation", Without: "?"}}
	return []templ.Component{
		around(ui.PageHeader("Live list", "East Sussex"), ui.SecondaryLink("Print", "?print"), ui.LinkButton("New referral", "/referrals/new")),
		ui.Tabs("Lists", []ui.NavItem{{Text: "Live", Href: "?", Current: true, Number: "212"}, {Text: "Custody", Href: "?tab=custody", Number: "61"}}),
		all(
			around(ui.Filter(ui.FilterOpt{Action: "/live-list", Applied: applied, Clear: "/live-list", Keep: []ui.Hidden{{Name: "sort", Value: "rag"}}}),
				ui.Select(form.Field{Name: "agency", Label: "Lead agency"}, options("Police", "Probation"), ui.Opt{Empty: "Any"}),
				ui.Checkboxes(form.Field{Name: "rag", Label: "RAG", Values: []string{"2"}}, options("RED ALERT", "RED", "AMBER", "GREEN", "PRISON"), ui.Opt{Small: true})),
			ui.Counts("Numbers", []ui.Count{{Number: 3, Text: "RED ALERT", Href: "?rag=a"}, {Number: 41, Text: "RED", Href: "?rag=r", Current: true}, {Number: 12, Text: "overdue reviews"}}),
			ui.FilterTags(applied),
			around(ui.ScrollablePane("Live list"), table),
			ui.Pagination(ui.Paging{Prev: "?page=1", Next: "?page=3", Shown: "51 to 100 of 212"})),
	}
}
