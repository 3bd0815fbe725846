package registration

import (
	"slices"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// The capacities in which somebody leads a case (R10).
const (
	ProbationOfficer   = "probation officer"
	ResponsibleOfficer = "responsible officer"
	YouthWorker        = "youth offending team worker"
	PoliceOfficer      = "police officer"
	OtherCapacity      = "other"
)

// Capacities in the order in which they are offered.
var Capacities = []string{ProbationOfficer, ResponsibleOfficer, YouthWorker, PoliceOfficer, OtherCapacity}

// supervised are the statutory statuses under which the guide wants a probation
// officer or responsible officer to lead: on licence, supervision or an order.
var supervised = []string{"licence", "post-sentence supervision", "community order", "suspended sentence order", "youth order"}

// LeadFacts is what the rule about the lead worker looks at.
type LeadFacts struct {
	Born       clock.Date // zero: not known, and then an adult is assumed
	On         clock.Date // the day from which the person leads
	Status     string     // statutory status in force on that day; "" none known
	Capacity   string
	AgencyKind string
}

// CheckLead says why somebody may not be the lead worker (R10). On licence,
// supervision or an order it is the probation or responsible officer, from an
// agency of probation; for a child it is the youth offending team's worker (the
// guide is silent there; this is our reading). Otherwise anybody may lead whose
// capacity fits the agency.
func CheckLead(f LeadFacts) []fault.Problem {
	refuse := func(text string) []fault.Problem {
		return []fault.Problem{{Field: "capacity", Rule: "R10", Text: text}}
	}
	if !slices.Contains(Capacities, f.Capacity) {
		return refuse("Choose the capacity in which this person leads")
	}
	if kind := kindOf(f.Capacity); kind != "" && kind != f.AgencyKind {
		return refuse("A " + f.Capacity + " leads for an agency of the kind “" + kind + "”. Choose another agency or another capacity")
	}
	probation := f.Capacity == ProbationOfficer || f.Capacity == ResponsibleOfficer
	child := !f.Born.IsZero() && f.Born.AgeOn(f.On) < 18
	switch {
	case child && f.Capacity != YouthWorker:
		return refuse("A child is led by the youth offending team's worker")
	case child || !slices.Contains(supervised, f.Status):
		return nil
	case f.Status == "youth order" && f.Capacity == YouthWorker:
		return nil
	case !probation:
		return refuse("On " + statusWord(f.Status) + " the lead worker must be the probation officer or the responsible officer")
	}
	return nil
}

// kindOf is the kind of agency that a capacity belongs to; empty for any.
func kindOf(capacity string) string {
	switch capacity {
	case ProbationOfficer, ResponsibleOfficer:
		return "probation"
	case YouthWorker:
		return "youth"
	case PoliceOfficer:
		return "police"
	}
	return ""
}

func statusWord(status string) string {
	switch status {
	case "licence", "post-sentence supervision":
		return status
	}
	return "a " + status
}
