package registration

import (
	"context"
	"slices"

	"iom/internal/casework/account"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Leaders are those who can be chosen to lead a case of an area.
func Leaders(ctx context.Context, q db.Querier, area ref.AreaID) ([]account.Person, error) {
	return account.People(ctx, q, area, authz.Coordinator, authz.Police, authz.Probation, authz.Partner)
}

// NewLead is a change of lead worker between meetings.
type NewLead struct {
	Nominal ref.NominalID
	Lead
	FromOn clock.Date
	Reason string
}

// ChangeLead names another lead worker; the earlier one stays in the history. It
// needs authz.RateBetween in the area: co-ordinator, chair, police, probation.
// Problems name the fields lead, capacity, from_on and reason.
func ChangeLead(ctx context.Context, d *db.DB, s db.Submission, n NewLead) (ref.RegistrationID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.RegistrationID, error) {
		return SetLead(ctx, tx, n)
	})
}

// SetLead is ChangeLead within a transaction.
func SetLead(ctx context.Context, tx *db.Tx, n NewLead) (ref.RegistrationID, error) {
	if _, err := nominal.Must(ctx, tx, n.Nominal, authz.RateBetween); err != nil {
		return 0, err
	}
	if err := tx.Lock(ctx, "nominal", int64(n.Nominal)); err != nil {
		return 0, err
	}
	now, err := mustCurrent(ctx, tx, n.Nominal)
	if err != nil {
		return 0, err
	}
	lead, wrong, err := chosenLead(ctx, tx, n.Nominal, now.Area, n.Lead)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(append(wrong, CheckChange(n, now, tx.Today())...)); err != nil {
		return 0, err
	}
	if err := insertLead(ctx, tx, now.ID, n.Nominal, lead, n.FromOn, n.Reason); err != nil {
		return 0, err
	}
	tx.Touch(int64(n.Nominal))
	tx.Record(audit.Event{Operation: audit.Alter, Command: "registration.lead", Area: int64(now.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "registration", ObjectID: int64(now.ID), Fields: []string{"lead worker", "capacity", "reason"}})
	return now.ID, nil
}

// CheckChange says what is wrong with the date and the reason of a change of lead worker.
func CheckChange(n NewLead, now Current, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	switch {
	case n.FromOn.IsZero():
		wrong = append(wrong, fault.Problem{Field: "from_on", Rule: "R10", Text: "Enter the date from which this person leads"})
	case n.FromOn.After(today):
		wrong = append(wrong, fault.Problem{Field: "from_on", Rule: "R10", Text: "The date from which this person leads must be today or in the past"})
	case n.FromOn.Before(now.BeganOn):
		wrong = append(wrong, fault.Problem{Field: "from_on", Rule: "R10", Text: "Nobody can lead before the registration began on " + now.BeganOn.Long()})
	}
	if n.Reason == "" {
		wrong = append(wrong, fault.Problem{Field: "reason", Rule: "R10", Text: "Enter why the lead worker changes"})
	}
	if n.Account == now.LeadAccount && n.Capacity == now.LeadCapacity && n.Account != 0 {
		wrong = append(wrong, fault.Problem{Field: "lead", Rule: "R10", Text: now.LeadName + " leads already"})
	}
	return wrong
}

// chosenLead checks a lead worker against the record: somebody who works in the
// area, and the rule R10. It fills in the agency when none was given.
func chosenLead(ctx context.Context, q db.Querier, of ref.NominalID, area ref.AreaID, l Lead) (Lead, []fault.Problem, error) {
	people, err := Leaders(ctx, q, area)
	if err != nil {
		return l, nil, err
	}
	i := slices.IndexFunc(people, func(p account.Person) bool { return p.ID == l.Account })
	if i < 0 {
		return l, []fault.Problem{{Field: "lead", Rule: "R10", Text: "Choose the lead worker from the people who work in this area"}}, nil
	}
	if l.Agency == 0 {
		l.Agency = people[i].Agency
	}
	if l.Agency != people[i].Agency {
		return l, []fault.Problem{{Field: "lead", Rule: "R10", Text: people[i].Name + " works for " + people[i].AgencyName + ", not for the agency given"}}, nil
	}
	facts, err := leadFacts(ctx, q, of, l)
	return l, CheckLead(facts), err
}

func leadFacts(ctx context.Context, q db.Querier, of ref.NominalID, l Lead) (LeadFacts, error) {
	who, err := nominal.IdentityOf(ctx, q, of)
	if err != nil {
		return LeadFacts{}, err
	}
	kind, err := agencyKind(ctx, q, l.Agency)
	if err != nil {
		return LeadFacts{}, err
	}
	status, err := statusToday(ctx, q, of)
	return LeadFacts{Born: who.Born, On: q.Today(), Status: status, Capacity: l.Capacity, AgencyKind: kind}, err
}

// statusToday is the statutory status in force today; empty when none is known or
// the last one has ended.
func statusToday(ctx context.Context, q db.Querier, of ref.NominalID) (string, error) {
	s, ok, err := sentence.StatusOf(ctx, q, of)
	if err != nil || !ok || (!s.Ends.IsZero() && s.Ends.Before(q.Today())) {
		return "", err
	}
	return string(s.Standing), nil
}

func insertLead(ctx context.Context, tx *db.Tx, reg ref.RegistrationID, of ref.NominalID, l Lead, from clock.Date, reason string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lead_worker (registration_id, nominal_id, account_id, agency_id, capacity, from_on, reason, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		reg, of, l.Account, l.Agency, l.Capacity, from, reason, tx.Now(), tx.Actor().Account)
	return err
}

// mustCurrent is the open registration, or the refusal that there is none.
func mustCurrent(ctx context.Context, q db.Querier, of ref.NominalID) (Current, error) {
	now, ok, err := CurrentOf(ctx, q, of)
	if err == nil && !ok {
		err = fault.Refuse("", "R9", "This person is not registered at present")
	}
	return now, err
}
