package law

import (
	"testing"

	"iom/internal/platform/clock"
)

// Supervision from 15 December 2024 to 14 September 2025; heard on 1 July unless said.
func breached(change func(*SupervisionCase)) SupervisionCase {
	c := SupervisionCase{BreachedOn: day("2025-06-01"), HeardOn: day("2025-07-01"), Finding: Breached, Sanction: NoAction}
	change(&c)
	return c
}

// R144 to R148, each limit from both sides.
func TestSanctionsOfSupervisionByR144ToR148(t *testing.T) {
	t.Parallel()
	begins, ends := day("2024-12-15"), day("2025-09-14")
	for _, c := range []struct {
		name, field, rule string // field empty: allowed
		change            func(*SupervisionCase)
	}{
		{"not heard yet", "", "", func(c *SupervisionCase) { *c = SupervisionCase{BreachedOn: day("2025-06-01")} }},
		{"no day of breach", "breached_on", "R144", func(c *SupervisionCase) { c.BreachedOn = clock.Date{} }},
		{"before supervision", "breached_on", "R144", func(c *SupervisionCase) { c.BreachedOn = day("2024-12-14") }},
		{"after supervision", "breached_on", "R144", func(c *SupervisionCase) { c.BreachedOn, c.HeardOn = day("2025-09-15"), day("2025-09-20") }},
		{"heard before the breach", "heard_on", "R144", func(c *SupervisionCase) { c.HeardOn = day("2025-05-31") }},
		{"no finding", "finding", "R144", func(c *SupervisionCase) { c.Finding = "" }},
		{"complied", "", "", func(c *SupervisionCase) { c.Finding, c.Sanction = Complied, "" }},
		{"reasonable excuse, and a fine", "sanction", "R144", func(c *SupervisionCase) { c.Finding, c.Sanction, c.Fine = Reasonable, FineSanction, 50 }},
		{"breach, no sanction chosen", "sanction", "R146", func(c *SupervisionCase) { c.Sanction = "" }},
		{"no action", "", "", func(*SupervisionCase) {}},
		{"recommend to vary", "", "", func(c *SupervisionCase) { c.Sanction = RecommendVary }},
		{"no action, and a fine", "sanction", "R146", func(c *SupervisionCase) { c.Fine = 10 }},

		{"fine of £1,000", "", "", func(c *SupervisionCase) { c.Sanction, c.Fine = FineSanction, 1000 }},
		{"fine of £1,001", "fine", "R146", func(c *SupervisionCase) { c.Sanction, c.Fine = FineSanction, 1001 }},
		{"fine of nothing", "fine", "R146", func(c *SupervisionCase) { c.Sanction = FineSanction }},
		{"14 days", "", "", func(c *SupervisionCase) { c.Sanction, c.CommittalDays = Committal, 14 }},
		{"15 days", "committal_days", "R146", func(c *SupervisionCase) { c.Sanction, c.CommittalDays = Committal, 15 }},
		{"a fine beside the committal", "sanction", "R146", func(c *SupervisionCase) { c.Sanction, c.CommittalDays, c.Fine = Committal, 7, 50 }},
		{"20 hours", "", "", func(c *SupervisionCase) { c.Sanction, c.UnpaidHours, c.OrderEnds = DefaultUnpaidWork, 20, ends }},
		{"60 hours", "", "", func(c *SupervisionCase) { c.Sanction, c.UnpaidHours, c.OrderEnds = DefaultUnpaidWork, 60, ends }},
		{"19 hours", "unpaid_hours", "R146", func(c *SupervisionCase) { c.Sanction, c.UnpaidHours, c.OrderEnds = DefaultUnpaidWork, 19, ends }},
		{"61 hours", "unpaid_hours", "R146", func(c *SupervisionCase) { c.Sanction, c.UnpaidHours, c.OrderEnds = DefaultUnpaidWork, 61, ends }},
		{"20 days of curfew", "", "", func(c *SupervisionCase) { c.Sanction, c.CurfewDays, c.OrderEnds = DefaultCurfew, 20, ends }},
		{"19 days of curfew", "curfew_days", "R146", func(c *SupervisionCase) { c.Sanction, c.CurfewDays, c.OrderEnds = DefaultCurfew, 19, ends }},
		{"more curfew than days", "order_ends", "R146", func(c *SupervisionCase) { c.Sanction, c.CurfewDays, c.OrderEnds = DefaultCurfew, 77, ends }},
		{"as much curfew as days", "", "", func(c *SupervisionCase) { c.Sanction, c.CurfewDays, c.OrderEnds = DefaultCurfew, 76, ends }},

		{"an order past the end", "order_ends", "R148", func(c *SupervisionCase) {
			c.Sanction, c.UnpaidHours, c.OrderEnds = DefaultUnpaidWork, 40, day("2025-09-15")
		}},
		{"an order without an end", "order_ends", "R148", func(c *SupervisionCase) { c.Sanction, c.UnpaidHours = DefaultUnpaidWork, 40 }},
		{"an end without an order", "order_ends", "R146", func(c *SupervisionCase) { c.Sanction, c.Fine, c.OrderEnds = FineSanction, 40, ends }},
		{"committal past the end", "", "", func(c *SupervisionCase) { c.HeardOn, c.Sanction, c.CommittalDays = ends, Committal, 14 }},
		{"committal after the end, absconded", "", "", func(c *SupervisionCase) {
			c.HeardOn, c.Sanction, c.CommittalDays, c.Absconded = day("2025-12-01"), Committal, 14, true
		}},
		{"fine after the end, absconded", "", "", func(c *SupervisionCase) {
			c.HeardOn, c.Sanction, c.Fine, c.Absconded = day("2025-12-01"), FineSanction, 100, true
		}},
		{"fine after the end, not absconded", "absconded", "R148", func(c *SupervisionCase) { c.HeardOn, c.Sanction, c.Fine = day("2025-12-01"), FineSanction, 100 }},
		{"an order after the end", "sanction", "R148", func(c *SupervisionCase) {
			c.HeardOn, c.Sanction, c.UnpaidHours, c.OrderEnds, c.Absconded = ends.AddDays(1), DefaultUnpaidWork, 40, ends, true
		}},
		{"another order for breaking one (R147)", "", "", func(c *SupervisionCase) {
			c.OfOrder, c.Sanction, c.UnpaidHours, c.OrderEnds = true, DefaultUnpaidWork, 40, ends
		}},
	} {
		got := breached(c.change).Check(begins, ends)
		if c.field == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", c.name, got)
			}
			continue
		}
		if len(got) == 0 || got[0].Field != c.field || got[0].Rule != c.rule {
			t.Errorf("%s: %+v, want %s at %s", c.name, got, c.rule, c.field)
		}
	}
}

// The repeal keeps breaches that began before it, though they are heard after it (R144).
func TestBreachesBeforeTheRepealAreKept(t *testing.T) {
	t.Parallel()
	begins, ends := day("2026-01-01"), day("2026-09-30")
	c := SupervisionCase{BreachedOn: day("2026-05-10"), HeardOn: day("2026-06-15"), Finding: Breached, Sanction: FineSanction, Fine: 100}
	if got := c.Check(begins, ends); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	c.BreachedOn = day("2026-05-11")
	if got := c.Check(begins, ends); len(got) != 1 || got[0].Field != "breached_on" {
		t.Errorf("%+v", got)
	}
}

// R147: the earlier order is revoked by a sanction, not by no action.
func TestWhatRevokesAnOrderByR147(t *testing.T) {
	t.Parallel()
	for s, want := range map[Sanction]bool{NoAction: false, RecommendVary: false, FineSanction: true, Committal: true, DefaultUnpaidWork: true, DefaultCurfew: true} {
		c := SupervisionCase{OfOrder: true, Finding: Breached, Sanction: s}
		if c.Revokes() != want {
			t.Errorf("%s revokes: %t", s, c.Revokes())
		}
		c.OfOrder = false
		if c.Revokes() {
			t.Errorf("%s revokes without an order", s)
		}
	}
}

func TestSanctionsInWords(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]SupervisionCase{
		"Fine of £200":                  {Sanction: FineSanction, Fine: 200},
		"Committal to prison for 1 day": {Sanction: Committal, CommittalDays: 1},
		"Supervision default order: 40 hours of unpaid work, to 14 September 2025": {Sanction: DefaultUnpaidWork, UnpaidHours: 40, OrderEnds: day("2025-09-14")},
		"No action": {Sanction: NoAction}, "": {},
	} {
		if got := c.Word(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
