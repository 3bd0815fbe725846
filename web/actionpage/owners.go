// Package actionpage is the pages about actions: the lists, one action with its
// history, several changed at once, and a person's plan.
package actionpage

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/action"
	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/ui"
)

// An owner is an agency and, once it has named one, a person. In a form it is one
// choice, "3-17", or "3-0" while nobody is named.
func ownerValue(of ref.AgencyID, who ref.AccountID) string {
	if who == 0 {
		return ref.Text(of) + "-0"
	}
	return ref.Text(of) + "-" + ref.Text(who)
}

func parseOwner(value string) (ref.AgencyID, ref.AccountID) {
	of, who, _ := strings.Cut(value, "-")
	agencyID, _ := ref.Parse[ref.AgencyID](of)
	accountID, _ := ref.Parse[ref.AccountID](who)
	return agencyID, accountID
}

// owners are those whom the actor may make the owner of an action in an area, or
// anywhere below it: everybody's agency for the co-ordinator and the chair, one's
// own for others.
func owners(ctx context.Context, q db.Querier, nodes ...ref.AreaID) ([]ui.Option, error) {
	agencies, err := agency.Current(ctx, q, q.Today())
	if err != nil {
		return nil, err
	}
	people, err := peopleIn(ctx, q, nodes)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, a := range agencies {
		if !slices.ContainsFunc(nodes, func(at ref.AreaID) bool { return action.MaySet(q.Actor(), at, a.ID) }) {
			continue
		}
		options = append(options, ui.Option{Value: ownerValue(a.ID, 0), Text: a.Name + ": nobody named yet"})
		for _, p := range people {
			if p.Agency == a.ID {
				options = append(options, ui.Option{Value: ownerValue(a.ID, p.ID), Text: a.Name + ": " + p.Name})
			}
		}
	}
	return options, nil
}

func peopleIn(ctx context.Context, q db.Querier, nodes []ref.AreaID) ([]account.Person, error) {
	var all []account.Person
	for _, at := range nodes {
		some, err := account.People(ctx, q, at, action.Owners()...)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			if !slices.ContainsFunc(all, func(other account.Person) bool { return other.ID == p.ID && other.Agency == p.Agency }) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// nodesOf are the areas in which the actor was granted a role that works with
// actions.
func nodesOf(actor authz.Actor) []ref.AreaID {
	var nodes []ref.AreaID
	for _, g := range actor.Grants {
		if at := ref.AreaID(g.Area); g.Role.Has(authz.SetOwnAction) && !slices.Contains(nodes, at) {
			nodes = append(nodes, at)
		}
	}
	return nodes
}

func values(options []ui.Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.Value
	}
	return all
}

// take puts the problems of a command into the form, which asks for agency and
// person in one field.
func take(f *form.Form, err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	for _, p := range fault.ProblemsOf(err) {
		if p.Field == "agency" || p.Field == "account" {
			p.Field = "owner"
		}
		f.Fail(p.Field, p.Text)
	}
	return nil
}
