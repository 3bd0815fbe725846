// Package ui holds the components that pages are made of: the GOV.UK and MoJ
// patterns as templ, and our own few. It knows fields (package form) and days
// (package clock), nothing of offender management.
//
// Around the page:
//
//	@ui.Layout(ui.Chrome{Title: "Live list", …}) { … }   the page; write the h1 yourself
//	@ui.Heading("Live list", "East Sussex")              h1 with a caption, which may be ""
//	@ui.PageHeader("Live list", "") { buttons }          h1 with buttons beside it
//	@ui.Section("Actions", "actions") { … }              part of a page under an h2
//	@ui.Columns() { <div>…</div> <div>…</div> }          two thirds and one third
//	ui.Message, NotFound, Forbidden, Unavailable, Failed whole pages
//
// Forms: every field takes a form.Field and an Opt, whose zero value is fine.
//
//	@ui.Form(action, ui.FormHidden{CSRF, Key, Version}) { … }
//	@ui.TextInput(f, ui.Opt{Hint: "As on PNC", Width: 20})
//	@ui.DateInput(f, ui.Opt{})                           one box, "For example, 12/3/2026"
//	@ui.TimeInput(f, ui.Opt{})                           one box, 9am or 14:30
//	@ui.Textarea(f, ui.Opt{Rows: 8, Limit: 2000})
//	@ui.PasswordInput(f, ui.Opt{}); @ui.FileInput(f, ui.Opt{})
//	@ui.Select(f, []ui.Option{{Value, Text}}, ui.Opt{})
//	@ui.Radios(f, options, o); RadiosInline; YesNo(f, o); Checkboxes(f, options, o)
//	@ui.Checkbox(f, "hint")                              one box, value "yes"
//	@ui.Fieldset("Address", "m") { … }; @ui.FieldRow() { short fields }
//	@ui.AddAnother("aliases", "Add another alias") { @ui.AddRow("Alias", 0) { fields aliases.0.name } }
//	@ui.Buttons() { @ui.SubmitButton("Save") @ui.CancelLink("/") }
//	@ui.SecondaryButton("Save draft", "then", "later"); @ui.WarningButton("Deregister")
//	@ui.LinkButton("Log a contact", "/contacts/new"); @ui.SecondaryLink("Print", "…")
//	@ui.PostButton("/actions/7/carry", "Carry over", hidden)
//	@ui.Confirm(ui.ConfirmView{…}) { fields }            asks once more
//	@ui.Conflict(ui.ConflictView{…}) { the form }        two versions side by side
//
// Words and marks:
//
//	@ui.RAGTag(ui.RAG{Code: "RED_ALERT", Word: "RED ALERT"})   level of a case
//	@ui.NeedTag("amber")                                 level of a pathway, another scale
//	@ui.Tag("Draft", "grey"); @ui.WarningBadge("Weapons"); @ui.OverdueBadge(3)
//	@ui.Date(d); @ui.ShortDate(d); ui.Long(d), ui.Short(d) as text
//	@ui.Para("…"); @ui.Prose(typed); @ui.List(lines); @ui.A("text", "/address")
//	@ui.Details("More") { … }; @ui.Warning("…"); @ui.Inset() { … }; @ui.Panel("Sent", "…")
//	@ui.EmptyState("No actions.", ui.Link{"Set one", "…"}); @ui.InterruptionCard("…") { … }
//
// Lists and records:
//
//	@ui.Table(ui.TableOpt{Caption: "…", Dense: true}) { @ui.Head("A", "B") <tbody>…</tbody> }
//	@ui.SortHead("Name", "?sort=-name", ui.Ascending) inside <thead><tr>
//	@ui.Cell("Due") { … }                                a td of a Stack table
//	@ui.SelectAllHead("Choose all actions"); @ui.RowCheckbox("action", "7", "Ring the landlord", false)
//	@ui.ScrollablePane("Live list") { table }; @ui.Pagination(ui.Paging{…})
//	@ui.Filter(ui.FilterOpt{…}) { fields }                over the list
//	@ui.FilterTags(applied); @ui.Counts("…", []ui.Count{…})
//	@ui.Tabs("Jo Bloggs", []ui.NavItem{…}); @ui.SideNav("Running order", items)
//	@ui.SummaryList() { @ui.SummaryRow("Name", "…", ui.Link{}) @ui.Row("RAG", link) { … } }
//	@ui.SummaryCard("Custody", []ui.Link{…}) { … }
//	@ui.TaskList("referral", []ui.Task{…}); @ui.Timeline([]ui.Entry{…})
//	@ui.Banner(ui.Person{…}) { buttons }; @ui.NeedsAttention("Needs your attention", items)
//
// A page carries no style attributes, no inline scripts and no event
// attributes: the security policy refuses them.
package ui
