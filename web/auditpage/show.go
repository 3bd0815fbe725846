// Package auditpage shows the log to those who may read it: who did what, when
// and about which nominal by number. It names no nominal.
package auditpage

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/insight/trail"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// days is how far back the page looks when nothing else is asked for.
const days = 30

const pageSize = 100

type view struct {
	Accounts []account.Account
	Entries  []trail.Entry
	Applied  []ui.Applied
	Paging   ui.Paging
	Newest   string // address of the first page; empty on it
}

// Show is the log, the newest entry first, narrowed as the address says. The
// address holds numbers and days, no names.
func Show(c *page.Ctx) error {
	query := c.R.URL.Query()
	f := form.Submitted(c.R.URL.Query())
	filter := decode(f, c.Today(), query)
	var v view
	if f.OK() {
		var err error
		if v, err = load(c, filter); err != nil {
			return err
		}
		v.Applied = applied(query, v, filter)
	}
	chrome := c.Chrome("Audit log", f)
	chrome.Wide = true
	if !f.OK() {
		return c.Redraw(showPage(chrome, f, v))
	}
	return c.Render(showPage(chrome, f, v))
}

// decode reads the filter. Without a first day it looks thirty days back.
func decode(f *form.Form, today clock.Date, query url.Values) trail.Filter {
	filter := trail.Filter{Limit: pageSize,
		Account:   ref.AccountID(f.ID("account", "Who acted", form.Optional)),
		Operation: audit.Operation(f.Choice("operation", "Operation", form.Optional, operationValues()...)),
		Nominal:   ref.NominalID(f.Whole("nominal", "Number of the nominal", form.Optional, 0, 1_000_000_000)),
		From:      f.Date("from", "First day", form.Optional),
		To:        f.Date("to", "Last day", form.Optional),
	}
	if before, ok := ref.Parse[ref.AccountID](query.Get("before")); ok {
		filter.Before = int64(before)
	}
	if filter.From.IsZero() && f.OK() {
		filter.From = today.AddDays(-days)
		if !filter.To.IsZero() && filter.To.Before(today) {
			filter.From = filter.To.AddDays(-days)
		}
		f.Set("from", filter.From.Typed())
	}
	if !filter.To.IsZero() && filter.To.Before(filter.From) {
		f.Fail("to", "The last day cannot be before the first")
	}
	return filter
}

func load(c *page.Ctx, filter trail.Filter) (view, error) {
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (v view, seen audit.Seen, err error) {
		seen = audit.Nobody()
		if filter.Nominal != 0 { // who asks about one person is in the log as well
			seen = audit.Listed([]ref.NominalID{filter.Nominal})
		}
		if v.Accounts, err = account.All(ctx, q); err != nil {
			return v, seen, err
		}
		entries, more, err := trail.Read(ctx, q, filter)
		v.Entries = entries
		if more {
			v.Paging.Next = with(c.R.URL.Query(), "before", strconv.FormatInt(entries[len(entries)-1].ID, 10))
		}
		if filter.Before != 0 {
			v.Newest = with(c.R.URL.Query(), "before", "")
		}
		return v, seen, err
	})
}

// with is the address of the log with one value of the filter changed.
func with(query url.Values, name, value string) string {
	rest := url.Values{}
	for key, values := range query {
		if key != name && len(values) > 0 && values[0] != "" {
			rest[key] = values
		}
	}
	if value != "" {
		rest.Set(name, value)
	}
	if len(rest) == 0 {
		return "/audit"
	}
	return "/audit?" + rest.Encode()
}

func applied(query url.Values, v view, filter trail.Filter) (all []ui.Applied) {
	query.Del("before")
	add := func(name, text string) {
		if query.Get(name) != "" {
			all = append(all, ui.Applied{Text: text, Without: with(query, name, "")})
		}
	}
	for _, a := range v.Accounts {
		if a.ID == filter.Account {
			add("account", a.Name)
		}
	}
	add("operation", trail.OperationWord(filter.Operation))
	add("nominal", "Nominal "+ref.Text(filter.Nominal))
	add("from", "From "+filter.From.Short())
	add("to", "To "+filter.To.Short())
	return all
}

func operationValues() []string {
	values := make([]string, len(trail.Operations))
	for i, o := range trail.Operations {
		values[i] = string(o)
	}
	return values
}

func operationOptions() []ui.Option {
	options := make([]ui.Option, len(trail.Operations))
	for i, o := range trail.Operations {
		options[i] = ui.Option{Value: string(o), Text: trail.OperationWord(o)}
	}
	return options
}

func accountOptions(all []account.Account) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, a := range all {
		options[i] = ui.Option{Value: ref.Text(a.ID), Text: a.Name}
	}
	return options
}

// about is whom an entry concerned, by number.
func about(e trail.Entry) string {
	switch n := len(e.Nominals); {
	case n == 0:
		return ""
	case n > 12:
		return strconv.Itoa(n) + " nominals"
	}
	words := make([]string, len(e.Nominals))
	for i, id := range e.Nominals {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, ", ")
}

// object is the record that an entry concerned; an account has its name beside
// its number.
func (v view) object(e trail.Entry) string {
	if e.ObjectID == 0 {
		if e.Command == "account.try" || e.Outcome == "refused" && e.Object == "account" {
			return "no such account"
		}
		return e.Object
	}
	text := e.Object + " " + strconv.FormatInt(e.ObjectID, 10)
	if e.Object == "account" {
		for _, a := range v.Accounts {
			if int64(a.ID) == e.ObjectID {
				text += " (" + a.Name + ")"
			}
		}
	}
	return text
}
