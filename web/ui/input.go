package ui

import "strings"

const dateHint = "For example, 12/3/2026"

const timeHint = "For example, 9am or 14:30"

// date is the option set of a date box.
func (o Opt) date() Opt {
	o.Hint = or(o.Hint, dateHint)
	if o.Width == 0 {
		o.Width = 10
	}
	return o
}

// time is the option set of a box for the time of day.
func (o Opt) time() Opt {
	o.Hint = or(o.Hint, timeHint)
	if o.Width == 0 {
		o.Width = 5
	}
	return o
}

func (o Opt) password() Opt {
	o.Type = "password"
	o.Autocomplete = or(o.Autocomplete, "current-password")
	return o
}

// keepFirstLine keeps an empty first line: a browser drops one line break
// right after the opening tag of a textarea.
func keepFirstLine(s string) string {
	if strings.HasPrefix(s, "\n") || strings.HasPrefix(s, "\r\n") {
		return "\n" + s
	}
	return s
}
