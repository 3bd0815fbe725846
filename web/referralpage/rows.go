// Package referralpage is the pages of referrals: finding the person first, the
// task list with a page for each section of the form, checking and submitting,
// and the print in the order of the paper form.
package referralpage

import (
	"strconv"
	"strings"

	"iom/internal/casework/referral"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// part names an input of a repeated row: "phones.0.number".
func part(list string, row int, name string) string {
	return list + "." + strconv.Itoa(row) + "." + name
}

// shown is how many rows of a list the page shows: those filled in, at least one,
// and one more when that was asked for.
func shown(f *form.Form, list string, parts ...string) int {
	rows := 0
	for i := range referral.RowsMost {
		for _, name := range parts {
			if strings.TrimSpace(f.Field(part(list, i, name)).Value) != "" {
				rows = i + 1
			}
		}
	}
	if f.Field("_add").Value == list {
		rows++
	}
	return min(max(rows, 1), referral.RowsMost)
}

// asTyped is the form as it was sent, not to be checked: for one more row.
func asTyped(c *page.Ctx) *form.Form {
	f := form.Blank()
	for name, values := range c.R.PostForm {
		f.Set(name, values...)
	}
	return f
}

// identifier reads a field by one of the nominal room's readers. What cannot be
// read stays as typed, with the reader's words.
func identifier(f *form.Form, name, label string, parse func(string) (string, error)) string {
	text := f.Line(name, label, form.Optional)
	if text == "" {
		return ""
	}
	canonical, err := parse(text)
	if err == nil {
		return canonical
	}
	if f.IsSubmitted() {
		f.Fail(name, err.Error())
	}
	return text
}

// yesNo reads a question that may stay unanswered.
func yesNo(f *form.Form, name, label string) referral.YesNo {
	return referral.YesNo(f.Choice(name, label, form.Optional, string(referral.Yes), string(referral.No)))
}

// options are choices whose value is their text, with a capital.
func options(values ...string) []ui.Option {
	all := make([]ui.Option, len(values))
	for i, v := range values {
		all[i] = ui.Option{Value: v, Text: strings.ToUpper(v[:1]) + v[1:]}
	}
	return all
}
