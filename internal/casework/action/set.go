package action

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/plan"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Add sets an action in a transaction of its own.
func Add(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.ActionID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.ActionID, error) {
		return Set(ctx, tx, n)
	})
}

// Set sets an action for a nominal. Errors: fault.Missing for a nominal out of
// scope; 403 for another agency's action without the permission; a refusal whose
// fields are text, pathway, objective, agency, account and due.
func Set(ctx context.Context, tx *db.Tx, n New) (ref.ActionID, error) {
	scope, err := nominal.Must(ctx, tx, n.Nominal, authz.SetOwnAction)
	if err != nil {
		return 0, err
	}
	problems := CheckNew(n, tx.Today())
	if n.Agency != 0 && !MaySet(tx.Actor(), scope.Area, n.Agency) {
		return 0, fault.Denied("You can set an action for your own agency. The co-ordinator or the chair sets one for another agency")
	}
	registration, err := openRegistration(ctx, tx, n.Nominal)
	if err != nil {
		return 0, err
	}
	linked, problem, err := link(ctx, tx, n, registration)
	if err != nil {
		return 0, err
	}
	if problem != nil {
		problems = append(problems, *problem)
	}
	if n.Agency != 0 {
		problem, err := ownerProblem(ctx, tx, scope.Area, n.Agency, n.Account)
		if err != nil {
			return 0, err
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
	}
	if err := fault.Refused(problems); err != nil {
		return 0, err
	}
	id, err := insert(ctx, tx, scope.Area, registration, linked)
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "action.set", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "action", ObjectID: int64(id), Fields: []string{"text", "pathway", "objective", "owner", "due_on"}})
	tx.Touch(int64(n.Nominal))
	return id, nil
}

// link ties an action to its objective, whose pathway is the action's.
func link(ctx context.Context, q db.Querier, n New, registration ref.RegistrationID) (New, *fault.Problem, error) {
	if n.Objective == 0 {
		return n, nil, nil
	}
	o, err := plan.Get(ctx, q, n.Objective)
	if fault.KindOf(err) == fault.NotFound || err == nil && (o.Nominal != n.Nominal || o.Registration != registration) {
		return n, &fault.Problem{Field: "objective", Rule: "R76", Text: "Choose an objective of this person's plan"}, nil
	}
	if err != nil {
		return n, nil, err
	}
	if n.Pathway != "" && n.Pathway != o.Pathway {
		return n, &fault.Problem{Field: "pathway", Rule: "R73", Text: "The objective is about " + o.Pathway + ". Choose that pathway, or no objective"}, nil
	}
	n.Pathway = o.Pathway
	return n, nil, nil
}
