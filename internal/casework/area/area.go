// Package area holds where the scheme works: a tree of the force, its areas and
// their hubs (R183), what each of them has chosen where the guide leaves a
// choice, and the priority groups of each (R24, R25). Cases belong to the leaves
// of the tree; grants and meetings may stand at any node.
package area

import (
	"iom/internal/casework/ref"
)

// The kinds of a node, from the top.
const (
	Force = "force"
	Plain = "area"
	Hub   = "hub"
)

// Area is a node of the tree.
type Area struct {
	ID     ref.AreaID
	Parent ref.AreaID // 0: the force itself
	Kind   string     // Force, Plain or Hub
	Name   string
	Leaf   bool   // has no area below it, so cases may belong to it
	Path   string // names from below the force down, as "West Sussex > North"; the force's own is its name
	Depth  int    // 0 for the force
}

// KindWord is the kind as people say it.
func KindWord(kind string) string {
	switch kind {
	case Force:
		return "Force"
	case Plain:
		return "Area"
	case Hub:
		return "Hub"
	}
	return kind
}

// Find is the area with the id.
func Find(all []Area, id ref.AreaID) (Area, bool) {
	for _, a := range all {
		if a.ID == id {
			return a, true
		}
	}
	return Area{}, false
}

// Leaves are the leaves at or under a node, in the order of the tree. A leaf is
// under itself.
func Leaves(all []Area, under ref.AreaID) []Area {
	var leaves []Area
	for _, a := range all {
		if a.Leaf && isUnder(all, a, under) {
			leaves = append(leaves, a)
		}
	}
	return leaves
}

func isUnder(all []Area, a Area, node ref.AreaID) bool {
	for a.ID != node {
		parent, ok := Find(all, a.Parent)
		if !ok {
			return false
		}
		a = parent
	}
	return true
}

// arrange puts rows in the order of the tree, each parent before its children and
// siblings by name, and fills in leaf, depth and path.
func arrange(rows []Area) []Area {
	children := map[ref.AreaID][]Area{}
	for _, a := range rows {
		children[a.Parent] = append(children[a.Parent], a)
	}
	all := make([]Area, 0, len(rows))
	var walk func(parent ref.AreaID, path string, depth int)
	walk = func(parent ref.AreaID, path string, depth int) {
		for _, a := range children[parent] {
			a.Leaf, a.Depth, a.Path = len(children[a.ID]) == 0, depth, a.Name
			if path != "" {
				a.Path = path + " > " + a.Name
			}
			all = append(all, a)
			below := a.Path
			if depth == 0 {
				below = ""
			}
			walk(a.ID, below, depth+1)
		}
	}
	walk(0, "", 0)
	return all
}
