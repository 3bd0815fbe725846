package area

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is an area to be made. Only a force has no parent.
type New struct {
	Parent ref.AreaID
	Kind   string
	Name   string
}

// Add makes an area under one that the administrator looks after. The fields of
// its problems are "parent", "kind" and "name".
func Add(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.AreaID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.AreaID, error) {
		return Insert(ctx, tx, n)
	})
}

// Insert is Add within a transaction.
func Insert(ctx context.Context, tx *db.Tx, n New) (ref.AreaID, error) {
	n.Name = strings.TrimSpace(n.Name)
	if n.Parent == 0 {
		// Nobody is granted anything before there is a force, so only the
		// application's own hand can make one.
		if !tx.Actor().MayEverywhere(authz.ManageAccounts) {
			return 0, fault.Denied("Only an administrator of the whole force may do this")
		}
	} else if err := mustManage(tx, n.Parent); err != nil {
		return 0, err
	}
	if err := tx.Lock(ctx, "area tree", 1); err != nil {
		return 0, err
	}
	all, err := Tree(ctx, tx)
	if err != nil {
		return 0, err
	}
	parent, _ := Find(all, n.Parent)
	if err := fault.Refused(CheckNew(n, all)); err != nil {
		return 0, err
	}
	if parent.Leaf {
		used, err := inUse(ctx, tx, parent.ID)
		if err != nil {
			return 0, err
		}
		if used {
			return 0, fault.Refuse("parent", "R183", "Cases belong to "+parent.Name+" itself, so it cannot be divided. Transfer them first, or choose another area")
		}
	}
	id, err := insert(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "area.add", Area: int64(id), Object: "area", ObjectID: int64(id),
		Fields: []string{"parent", "kind", "name"}})
	return id, nil
}

// CheckNew says what is wrong with a new area: a force is the only one without a
// parent, a hub is below an area, and names are not used twice (R183).
func CheckNew(n New, all []Area) (problems []fault.Problem) {
	refuse := func(field, text string) {
		problems = append(problems, fault.Problem{Field: field, Text: text, Rule: "R183"})
	}
	parent, found := Find(all, n.Parent)
	switch {
	case n.Kind == Force && n.Parent != 0:
		refuse("parent", "A force stands at the top: it has no area above it")
	case n.Kind == Force && len(all) > 0:
		refuse("kind", "There is a force already. Choose area or hub")
	case n.Kind != Force && !found:
		refuse("parent", "Choose the area above this one")
	case n.Kind == Plain && parent.Kind == Hub:
		refuse("kind", "Only hubs can be below a hub")
	case n.Kind != Force && n.Kind != Plain && n.Kind != Hub:
		refuse("kind", "Choose area or hub")
	}
	switch {
	case n.Name == "":
		refuse("name", "Enter the name of the area")
	case len(n.Name) > 100:
		refuse("name", "The name must be 100 characters or fewer")
	}
	for _, a := range all {
		if strings.EqualFold(a.Name, n.Name) {
			refuse("name", "There is an area called "+a.Name+" already")
		}
	}
	return problems
}
