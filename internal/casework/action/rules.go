package action

import (
	"fmt"
	"slices"

	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// FurthestYears is how far ahead an action may be due. The guide asks for
// time-bound actions (R73) without a figure: the bound is there for a mistyped year.
const FurthestYears = 3

// CheckNew says what is wrong with an action: it must be clear, allocated to an
// agency, time-bound and linked to the plan by a pathway (R73, R76).
func CheckNew(n New, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, rule, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if n.Text == "" {
		say("text", "R73", "Enter what is to be done")
	}
	if n.Agency == 0 {
		say("agency", "R73", "Choose the agency that will do it")
	}
	if n.Pathway == "" && n.Objective == 0 {
		say("pathway", "R73", "Choose the pathway that this serves, so that the action is linked to the plan")
	} else if n.Pathway != "" && !IsPathway(n.Pathway) {
		say("pathway", "R73", "Choose the pathway from the list")
	}
	if text := checkDue(n.DueOn, today); text != "" {
		say("due", "R73", text)
	}
	return wrong
}

// IsPathway says whether the text is one of the nine pathways of a need.
func IsPathway(text string) bool {
	for _, p := range need.Pathways {
		if string(p) == text {
			return true
		}
	}
	return false
}

func checkDue(due, today clock.Date) string {
	switch {
	case due.IsZero():
		return "Enter the date by which it will be done"
	case due.Before(today):
		return "Due date must be today or later"
	case due.After(today.AddMonths(12 * FurthestYears)):
		return fmt.Sprintf("Due date must be within %d years", FurthestYears)
	}
	return ""
}

// CheckChange says what is wrong with a change whatever action it is made to.
func CheckChange(c Change, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	if !slices.Contains(Kinds, c.Kind) {
		return []fault.Problem{{Field: "what", Text: "Choose what to do"}}
	}
	if c.Text == "" {
		switch c.Kind {
		case KindProgress:
			wrong = append(wrong, fault.Problem{Field: "note", Rule: "R77", Text: "Enter what has been done"})
		case KindPropose, KindEnd:
			wrong = append(wrong, fault.Problem{Field: "note", Rule: "R74", Text: "Enter why the action is complete"})
		case KindCarry:
			wrong = append(wrong, fault.Problem{Field: "note", Rule: "R74", Text: "Enter why the action is carried over"})
		}
	}
	if c.Kind == KindCarry {
		if text := checkDue(c.DueOn, today); text != "" {
			wrong = append(wrong, fault.Problem{Field: "due", Rule: "R74", Text: text})
		}
	}
	return wrong
}

// MayChange says why this action cannot be changed in this way; nil when it can.
func MayChange(a Action, c Change) *fault.Problem {
	switch {
	case !a.Open():
		return &fault.Problem{Field: "what", Rule: "R74", Text: "This action has been discharged already"}
	case c.Kind == KindPropose && a.DischargeProposed:
		return &fault.Problem{Field: "what", Rule: "R74", Text: "Its discharge has been proposed already"}
	case c.Kind == KindCarry && !c.DueOn.After(a.DueOn):
		return &fault.Problem{Field: "due", Rule: "R74", Text: "The new due date must be later than " + a.DueOn.Long()}
	case c.Kind == KindAssign && c.agency(a) == a.Agency && c.Account == a.Account:
		return &fault.Problem{Field: "account", Rule: "R75", Text: "It is with them already. Choose somebody else"}
	}
	return nil
}

func (c Change) agency(a Action) ref.AgencyID {
	if c.Agency == 0 {
		return a.Agency
	}
	return c.Agency
}

// MaySet says whether the actor may set an action for the agency in the area:
// co-ordinator and chair for any, others for their own (docs/permissions.md).
func MaySet(actor authz.Actor, area ref.AreaID, agency ref.AgencyID) bool {
	return actor.MayIn(authz.SetAnyAction, int64(area)) || worksFor(actor, area, agency)
}

// Allowed says whether the actor may make the change: progress, a proposal to
// discharge and naming the person for one's own agency; discharge, carrying over
// and another agency's actions for those who run the meeting.
func Allowed(actor authz.Actor, a Action, c Change) bool {
	area := int64(a.Area)
	switch c.Kind {
	case KindCarry, KindEnd:
		return actor.MayIn(authz.EndActions, area)
	case KindAssign:
		return actor.MayIn(authz.SetAnyAction, area) || worksFor(actor, a.Area, a.Agency) && c.agency(a) == a.Agency
	}
	return actor.MayIn(authz.SetAnyAction, area) || worksFor(actor, a.Area, a.Agency)
}

// worksFor says whether the actor sets actions for this agency by a grant in this
// area: one's agency elsewhere gives nothing here.
func worksFor(actor authz.Actor, area ref.AreaID, agency ref.AgencyID) bool {
	for _, g := range actor.Grants {
		if g.Role.Has(authz.SetOwnAction) && g.Agency == int64(agency) && slices.Contains(g.Areas, int64(area)) {
			return true
		}
	}
	return false
}
