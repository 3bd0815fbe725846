package ui_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/static"
	"iom/web/ui"
)

// render gives a component as text.
func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// all puts components one after the other.
func all(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range parts {
			if err := p.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// around gives a component its children.
func around(outer templ.Component, inner ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, all(inner...)), w)
	})
}

// chrome is that of somebody signed in to the demonstration scheme.
func chrome(title string) ui.Chrome {
	return ui.Chrome{
		Title: title, Person: "Priya Nair", Agency: "Sussex Police", Area: "East Sussex",
		Nonce: "n0nce", CSRF: "t0ken", Demo: true,
		Nav: []ui.NavItem{
			{Text: "Home", Href: "/"}, {Text: "Live list", Href: "/live-list", Current: true},
			{Text: "Actions", Href: "/actions", Number: "4"}, {Text: "Meetings", Href: "/meetings"},
			{Text: "Referrals", Href: "/referrals"}, {Text: "Search", Href: "/search"},
		},
	}
}

// gallery is every component on a few pages, to be looked at and checked.
func gallery() map[string]templ.Component {
	pages := map[string]templ.Component{}
	add := func(name string, c ui.Chrome, body ...templ.Component) {
		pages[name] = around(ui.Layout(c), body...)
	}

	fields := chrome("Referral: risks")
	fields.Problems = []form.Problem{{Field: "born", Text: "Date of birth must be in the past"}, {Field: "pathways", Text: "Choose at least one pathway"}, {Text: "The referral was not saved"}}
	fields.Back = ui.Link{Href: "/referrals"}
	add("forms", fields, ui.Heading("Risks and needs", "Referral of Jo Fernhurst"), formSample())

	list := chrome("Live list")
	list.Wide, list.Notice = true, "RAG changed to AMBER for Jo Fernhurst."
	add("list", list, listSample(50)...)

	one := chrome("Jo Fernhurst")
	one.Crumbs = []ui.Link{{Text: "Live list", Href: "/live-list"}, {Text: "Jo Fernhurst"}}
	add("person", one, personSample()...)

	add("sent", chrome("Referral sent"), ui.Panel("Referral sent", "It is on the agenda of 12 March 2026"))
	add("words", chrome("Words"), wordSample()...)

	confirm := chrome("Deregister")
	add("confirm", confirm, ui.Confirm(ui.ConfirmView{
		Title: "Take Jo Fernhurst off the live list?", Effects: []string{"The registration ends on 12 March 2026.", "The removal checklist opens."},
		Action: "/registrations/7/end", Button: "Deregister", Danger: true, Cancel: "/nominals/7",
		Hidden: ui.FormHidden{CSRF: "t0ken", Key: "k", Version: "3"},
	}))
	add("conflict", chrome("Somebody else has changed this"), ui.Conflict(ui.ConflictView{
		What: "the exit plan", By: "Sam Okoro (Probation)", When: "at 10:42 today",
		Rows: []ui.ConflictRow{{Label: "Objective", Yours: "Keep the tenancy\nand the job", Theirs: "Keep the tenancy"}, {Label: "Responsible officer", Yours: "Sam Okoro", Theirs: "Sam Okoro"}, {Label: "Review date", Yours: "1 May 2026", Theirs: ""}},
	}))
	card := chrome("Confidentiality")
	add("card", card, around(ui.InterruptionCard("Confidentiality statement"), ui.Para("What is said here stays within the agencies of this scheme."), ui.Checkbox(form.Field{Name: "agree", Label: "I have read this and agree to it"}, ""), around(ui.Buttons(), ui.SubmitButton("Sign"), ui.A("Leave", "/"))))

	paper := chrome("Record sheet")
	paper.Print = true
	add("paper", paper, append([]templ.Component{ui.Heading("Record sheet", "12 March 2026")}, listSample(60)[2:]...)...)

	pages["notfound"] = ui.NotFound(chrome(""))
	pages["forbidden"] = ui.Forbidden(chrome(""), "")
	pages["unavailable"] = ui.Unavailable(chrome(""))
	pages["failed"] = ui.Failed(chrome(""), "7f3a-19c2")
	pages["public"] = around(ui.Layout(ui.Chrome{Title: "Sign in", Nonce: "n0nce"}), ui.Heading("Sign in", ""), around(ui.Form("/sign-in", ui.FormHidden{CSRF: "t"}), ui.TextInput(form.Field{Name: "username", Label: "Username"}, ui.Opt{Width: 20, Autocomplete: "username"}), ui.PasswordInput(form.Field{Name: "password", Label: "Password", Value: "secret"}, ui.Opt{Width: 20}), around(ui.Buttons(), ui.SubmitButton("Sign in"))))
	return pages
}

// TestGalleryToFolder writes the gallery where somebody wants to look at it:
// IOM_GALLERY=/some/folder go test ./web/ui -run Gallery. Without a folder it
// only checks that everything can be drawn.
func TestGalleryToFolder(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("IOM_GALLERY")
	for name, page := range gallery() {
		text := render(t, page)
		if !strings.Contains(text, "</html>") {
			t.Errorf("%s: the page is not whole", name)
		}
		if folder == "" {
			continue
		}
		text = strings.ReplaceAll(text, static.Prefix, "static/")
		if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func day(text string) clock.Date { return clock.MustISO(text) }
