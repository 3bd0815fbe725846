package ui

import "iom/internal/platform/clock"

// Long is a day as "12 March 2026", or "" for none.
func Long(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Long()
}

// Short is a day as "12 Mar 2026", or "" for none.
func Short(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Short()
}
