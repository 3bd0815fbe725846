package law

import (
	"slices"
	"strconv"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// BreachOf is what was broken.
type BreachOf string

// What can be broken.
const (
	OfLicence     BreachOf = "licence"
	OfSupervision BreachOf = "post-sentence supervision"
	OfCommunity   BreachOf = "community order"
	OfSuspended   BreachOf = "suspended sentence order"
)

// BreachOfs in the order in which they are offered.
var BreachOfs = []BreachOf{OfLicence, OfSupervision, OfCommunity, OfSuspended}

// BreachType is how it was broken, so that a quarter can be counted (R178).
type BreachType string

// The types that the guide names, and the rest.
const (
	BrokeCurfew      BreachType = "curfew"
	BrokeAppointment BreachType = "appointment"
	Offended         BreachType = "offending"
	BrokeOther       BreachType = "other requirement"
)

// BreachTypes in the order in which they are offered.
var BreachTypes = []BreachType{BrokeCurfew, BrokeAppointment, Offended, BrokeOther}

// Finding is what the magistrates' court makes of an alleged breach of supervision (R144).
type Finding string

// The findings. Only the last is a breach that can be sanctioned.
const (
	Complied   Finding = "no breach: complied"
	Reasonable Finding = "no breach: reasonable excuse"
	Breached   Finding = "breach without reasonable excuse"
)

// Findings in the order in which they are offered.
var Findings = []Finding{Complied, Reasonable, Breached}

// Sanction is what the court does about a breach of supervision.
type Sanction string

// The sanctions. The first two sanction nothing (R145); the last two are the supervision
// default order (R146).
const (
	NoAction          Sanction = "no action"
	RecommendVary     Sanction = "no action, and a recommendation to vary the requirements"
	FineSanction      Sanction = "fine"
	Committal         Sanction = "committal to prison"
	DefaultUnpaidWork Sanction = "supervision default order: unpaid work"
	DefaultCurfew     Sanction = "supervision default order: electronically monitored curfew"
)

// Sanctions in the order in which they are offered.
var Sanctions = []Sanction{NoAction, RecommendVary, FineSanction, Committal, DefaultUnpaidWork, DefaultCurfew}

// Order says that the sanction is a supervision default order.
func (s Sanction) Order() bool { return s == DefaultUnpaidWork || s == DefaultCurfew }

// Limits of the sanctions (R146). There is no upper limit of a curfew in the guide but the end of supervision.
const (
	MostFine        = 1000 // pounds: level 3
	MostCommittal   = 14   // days
	LeastUnpaidWork = 20   // hours
	MostUnpaidWork  = 60   // hours
	LeastCurfew     = 20   // days
)

// SupervisionCase is a breach of supervision before the magistrates' court.
type SupervisionCase struct {
	BreachedOn clock.Date // first day of the breach
	HeardOn    clock.Date
	Finding    Finding
	Sanction   Sanction // empty unless breached

	Fine          int        // pounds
	CommittalDays int        // days
	UnpaidHours   int        // hours
	CurfewDays    int        // days
	OrderEnds     clock.Date // last day of a supervision default order

	Absconded bool // brought to court after the end of supervision because of absconding
	// OfOrder says that what was broken is an earlier supervision default order, which the
	// court then revokes and may replace by any sanction, another order included (R147).
	OfOrder bool
}

// Check says what the law does not allow (R144-R148), given the days of supervision. The days may
// have been notified; ends is the last one, and in case of repeal the last one as it was meant.
func (c SupervisionCase) Check(begins, ends clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	switch {
	case c.BreachedOn.IsZero():
		add("breached_on", "R144", "Enter the first day of the breach")
	case c.BreachedOn.Before(begins) || c.BreachedOn.After(ends):
		add("breached_on", "R144", "The breach must be within supervision, from "+begins.Long()+" to "+ends.Long())
	case !SupervisionBreach.InForce(c.BreachedOn):
		add("breached_on", "R144", "Supervision was repealed on 11 May 2026: only breaches that began before can be brought to court")
	}
	if !c.HeardOn.IsZero() && c.HeardOn.Before(c.BreachedOn) {
		add("heard_on", "R144", "The hearing cannot be before the breach")
	}
	if c.Finding == "" && c.Sanction == "" && c.amounts() == 0 {
		return all // not heard yet
	}
	if !slices.Contains(Findings, c.Finding) {
		add("finding", "R144", "Choose what the court found")
	}
	if c.HeardOn.IsZero() {
		add("heard_on", "R144", "Enter the day of the hearing")
	}
	if c.Finding != Breached {
		if c.Sanction != "" || c.amounts() > 0 {
			add("sanction", "R144", "Without a breach there is no sanction")
		}
		return all
	}
	if !slices.Contains(Sanctions, c.Sanction) {
		add("sanction", "R146", "Choose what the court did")
		return all
	}
	return append(all, c.checkSanction(ends)...)
}

// Revokes says that the court's decision ends an earlier supervision default order: what was
// broken is that order, and another sanction takes its place (R147).
func (c SupervisionCase) Revokes() bool {
	return c.OfOrder && c.Finding == Breached && c.Sanction != "" && c.Sanction != NoAction && c.Sanction != RecommendVary
}

// amounts counts how many kinds of sanction have an amount.
func (c SupervisionCase) amounts() int {
	n := 0
	for _, amount := range []int{c.Fine, c.CommittalDays, c.UnpaidHours, c.CurfewDays} {
		if amount != 0 {
			n++
		}
	}
	return n
}

func (c SupervisionCase) checkSanction(ends clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, rule, text string) {
		all = append(all, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	own := 0
	for _, limit := range []struct {
		of          Sanction
		field, text string
		amount      int
		least, most int
	}{
		{FineSanction, "fine", "A fine is at most £1,000 (level 3)", c.Fine, 1, MostFine},
		{Committal, "committal_days", "Committal to prison is for 1 to 14 days", c.CommittalDays, 1, MostCommittal},
		{DefaultUnpaidWork, "unpaid_hours", "Unpaid work is 20 to 60 hours", c.UnpaidHours, LeastUnpaidWork, MostUnpaidWork},
		{DefaultCurfew, "curfew_days", "A curfew is at least 20 days", c.CurfewDays, LeastCurfew, mostDays},
	} {
		if limit.of != c.Sanction {
			continue
		}
		own = 1
		if limit.amount < limit.least || limit.amount > limit.most {
			add(limit.field, "R146", limit.text)
		}
	}
	if c.amounts() > own || own == 1 && c.amounts() == 1 && c.amountOf(c.Sanction) == 0 {
		add("sanction", "R146", "The court can impose one sanction at a time: remove the others")
	}
	after := !c.HeardOn.IsZero() && c.HeardOn.After(ends)
	switch {
	case after && c.Sanction.Order():
		add("sanction", "R148", "Supervision ended on "+ends.Long()+": after that only a fine or committal is possible")
	case after && (c.Sanction == FineSanction || c.Sanction == Committal) && !c.Absconded:
		add("absconded", "R148", "After the end of supervision a fine or committal is possible only for somebody who absconded")
	}
	if c.Sanction.Order() {
		switch {
		case c.OrderEnds.IsZero():
			add("order_ends", "R148", "Enter the last day of the supervision default order")
		case c.OrderEnds.After(ends):
			add("order_ends", "R148", "The order cannot run past the end of supervision on "+ends.Long())
		case c.OrderEnds.Before(c.HeardOn):
			add("order_ends", "R148", "The order cannot end before the hearing")
		case c.Sanction == DefaultCurfew && c.CurfewDays > 0 && c.HeardOn.AddDays(c.CurfewDays-1).After(c.OrderEnds):
			add("order_ends", "R146", "So many days of curfew do not fit between the hearing and this day")
		}
	} else if !c.OrderEnds.IsZero() {
		add("order_ends", "R146", "Only a supervision default order has a last day: leave this empty")
	}
	return all
}

func (c SupervisionCase) amountOf(s Sanction) int {
	switch s {
	case FineSanction:
		return c.Fine
	case Committal:
		return c.CommittalDays
	case DefaultUnpaidWork:
		return c.UnpaidHours
	case DefaultCurfew:
		return c.CurfewDays
	}
	return 0
}

// Word is the sanction in words with its amount: a fine of £200.
func (c SupervisionCase) Word() string {
	switch c.Sanction {
	case FineSanction:
		return "Fine of £" + strconv.Itoa(c.Fine)
	case Committal:
		return "Committal to prison for " + count(c.CommittalDays, "day")
	case DefaultUnpaidWork:
		return "Supervision default order: " + count(c.UnpaidHours, "hour") + " of unpaid work, to " + c.OrderEnds.Long()
	case DefaultCurfew:
		return "Supervision default order: curfew of " + count(c.CurfewDays, "day") + ", to " + c.OrderEnds.Long()
	case "":
		return ""
	}
	return strings.ToUpper(string(c.Sanction[:1])) + string(c.Sanction[1:])
}
