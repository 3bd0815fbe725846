// Package authz holds values only: who somebody is, what their grants allow, and
// which categories of information they may read. Which records they may see is
// decided in SQL, from these values (docs/permissions.md is the hand-written
// source of both).
package authz

import "slices"

// Role is what somebody does in a scheme.
type Role string

// The roles of docs/permissions.md.
const (
	Coordinator   Role = "coordinator"
	Chair         Role = "chair"
	Police        Role = "police"
	Probation     Role = "probation"
	Partner       Role = "partner"
	Guest         Role = "guest"
	Analyst       Role = "analyst"
	Auditor       Role = "auditor"
	Administrator Role = "administrator"
	// System is no grant that a person can hold: it is the demonstration, the
	// command line and background work, always logged under an account of its own.
	System Role = "system"
)

// Roles are those that a person can be granted.
var Roles = []Role{Coordinator, Chair, Police, Probation, Partner, Guest, Analyst, Auditor, Administrator}

// Word is the role as people say it.
func (r Role) Word() string {
	switch r {
	case Coordinator:
		return "Co-ordinator"
	case Chair:
		return "Chair"
	case Police:
		return "Police"
	case Probation:
		return "Probation"
	case Partner:
		return "Partner agency"
	case Guest:
		return "Guest"
	case Analyst:
		return "Analyst"
	case Auditor:
		return "Auditor"
	case Administrator:
		return "Administrator"
	case System:
		return "System"
	}
	return string(r)
}

// Grant is a role held for an agency in an area, today. Areas are the node
// granted and every node below it.
type Grant struct {
	Role   Role
	Agency int64
	Area   int64
	Areas  []int64
	Whole  bool // at the force itself
}

// Actor is who acts, with the grants that are current now.
type Actor struct {
	Account  int64
	Username string
	Name     string
	Agency   int64 // of the first grant; shown in the header
	AgencyAs string
	AreaAs   string
	Grants   []Grant
	// Hidden are the nominals that this person must not see whatever else is
	// granted: a conflict of interest, or a restriction that does not name them.
	Hidden []int64
	// SessionHash names the session for the log; empty on the command line.
	SessionHash string
}

// May says whether the actor has the permission anywhere at all: the check of a
// route, before the record is known.
func (a Actor) May(p Permission) bool {
	for _, g := range a.Grants {
		if g.Role.Has(p) {
			return true
		}
	}
	return false
}

// MayIn says whether the actor has the permission in the area of a record.
func (a Actor) MayIn(p Permission, area int64) bool {
	for _, g := range a.Grants {
		if g.Role.Has(p) && slices.Contains(g.Areas, area) {
			return true
		}
	}
	return false
}

// MayEverywhere says whether the actor has the permission by a grant at the force
// itself.
func (a Actor) MayEverywhere(p Permission) bool {
	for _, g := range a.Grants {
		if g.Whole && g.Role.Has(p) {
			return true
		}
	}
	return false
}

// AreasFor are the areas in which the actor has the permission, sorted.
func (a Actor) AreasFor(p Permission) []int64 {
	return a.areas(func(g Grant) bool { return g.Role.Has(p) })
}

// AreasReading are the areas in which the actor reads a category, sorted.
func (a Actor) AreasReading(c Category) []int64 {
	return a.areas(func(g Grant) bool { return g.Role.Reads(c) })
}

// Agencies are those that the actor works for, sorted.
func (a Actor) Agencies() []int64 {
	var all []int64
	for _, g := range a.Grants {
		if g.Agency != 0 {
			all = append(all, g.Agency)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// WorksFor says whether the actor works for the agency.
func (a Actor) WorksFor(agency int64) bool { return slices.Contains(a.Agencies(), agency) }

// AgencyIn is the agency for which the actor acts in an area; 0 when none.
func (a Actor) AgencyIn(area int64) int64 {
	for _, g := range a.Grants {
		if slices.Contains(g.Areas, area) && g.Agency != 0 {
			return g.Agency
		}
	}
	return a.Agency
}

// Holds says whether the actor holds the role in the area.
func (a Actor) Holds(r Role, area int64) bool {
	for _, g := range a.Grants {
		if g.Role == r && slices.Contains(g.Areas, area) {
			return true
		}
	}
	return false
}

func (a Actor) areas(want func(Grant) bool) []int64 {
	all := []int64{}
	for _, g := range a.Grants {
		if want(g) {
			all = append(all, g.Areas...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
