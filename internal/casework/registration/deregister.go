package registration

import (
	"context"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Removal is what a meeting decides when it deregisters (R35, R85, R86).
// Justification and Reasons are two fields of the form; Criteria are the keys of
// those relied on.
type Removal struct {
	Registration  ref.RegistrationID
	Nominal       ref.NominalID
	Justification string
	Reasons       string
	Criteria      []string
	ExitOfficer   string // who sees to it that support remains
	ExitAgency    ref.AgencyID
	ExitPlan      string
	Decision      ref.Decision
}

// ExitFacts is what the rule about the exit plan looks at.
type ExitFacts struct {
	LeadAgencyKind string
	ExitAgencyKind string
}

// CheckRemoval says what is missing from a deregistration (R35, R85). Its fields
// are justification, reasons, criteria, exit_officer, exit_agency and exit_plan.
func CheckRemoval(r Removal, f ExitFacts) []fault.Problem {
	var wrong []fault.Problem
	need := func(value, field, rule, text string) {
		if strings.TrimSpace(value) == "" {
			wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
		}
	}
	need(r.Justification, "justification", "R35", "Enter the justification for removal")
	need(r.Reasons, "reasons", "R35", "Enter the reasons for removal")
	need(r.ExitOfficer, "exit_officer", "R85", "Enter the officer who is responsible for the exit plan")
	need(r.ExitPlan, "exit_plan", "R85", "Enter the exit plan: which support remains, and from whom")
	switch {
	case r.ExitAgency == 0 || f.ExitAgencyKind == "":
		wrong = append(wrong, fault.Problem{Field: "exit_agency", Rule: "R85", Text: "Choose the agency of the officer who is responsible for the exit plan"})
	case f.LeadAgencyKind == "probation" && f.ExitAgencyKind != "probation":
		wrong = append(wrong, fault.Problem{Field: "exit_agency", Rule: "R85",
			Text: "Probation leads this case, so a responsible officer of probation completes the exit plan. Choose that agency"})
	}
	for _, key := range r.Criteria {
		if CriterionText(key) == "" {
			wrong = append(wrong, fault.Problem{Field: "criteria", Rule: "R83", Text: "Choose the criteria from the list"})
			break
		}
	}
	return wrong
}

// Deregister ends a registration within the meeting's transaction. The person
// leaves the live list at once; the case closes when no marker is left (R36),
// which MissingRemoval tells. It writes the row "drop" of the form's Review part
// itself. It needs authz.Decide in the area; a second decision is refused.
func Deregister(ctx context.Context, tx *db.Tx, r Removal) error {
	now, on, err := toDecide(ctx, tx, r.Registration, r.Nominal, r.Decision)
	if err != nil {
		return err
	}
	facts, err := exitFacts(ctx, tx, now, r.ExitAgency)
	if err != nil {
		return err
	}
	if err := fault.Refused(CheckRemoval(r, facts)); err != nil {
		return err
	}
	if err := endActions(ctx, tx, r); err != nil {
		return err
	}
	if err := end(ctx, tx, r, on); err != nil {
		return err
	}
	if err := insertReview(ctx, tx, ReviewNew{Registration: r.Registration, Nominal: r.Nominal, ReviewedOn: on, Outcome: Drop,
		Justification: r.Justification, Meeting: r.Decision.Meeting}); err != nil {
		return err
	}
	if err := conferenceLine(ctx, tx, r.Registration, r.Nominal, RemovalList, on, r.Decision); err != nil {
		return err
	}
	tx.Touch(int64(r.Nominal))
	tx.Record(audit.Event{Operation: audit.Alter, Command: "registration.deregister", Area: int64(now.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "registration", ObjectID: int64(r.Registration),
		Fields: []string{"justification", "reasons", "criteria", "exit officer", "exit agency", "exit plan"}})
	return nil
}

// endActions discharges what is still open: with the registration ends what the
// scheme asked of the agencies (R74). What goes on stands in the exit plan (R85).
func endActions(ctx context.Context, tx *db.Tx, r Removal) error {
	open, err := action.OpenOf(ctx, tx, r.Nominal)
	if err != nil {
		return err
	}
	for _, a := range open {
		if err := action.Discharge(ctx, tx, a.ID, "Ended with the registration", r.Decision.Meeting); err != nil {
			return err
		}
	}
	return nil
}

func end(ctx context.Context, tx *db.Tx, r Removal, on clock.Date) error {
	tag, err := tx.Exec(ctx, `UPDATE registration SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, r.Registration, tx.Now())
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return fault.Refuse("", "R86", "This person has been deregistered already")
	}
	if r.Criteria == nil {
		r.Criteria = []string{}
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO deregistration (registration_id, nominal_id, meeting_id, chair_id, agreed_by, justification, reasons, criteria,
			exit_officer, exit_agency_id, exit_plan, decided_on, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.Registration, r.Nominal, r.Decision.Meeting, r.Decision.Chair, r.Decision.AgreedBy, r.Justification, r.Reasons, r.Criteria,
		r.ExitOfficer, r.ExitAgency, r.ExitPlan, on, tx.Now(), tx.Actor().Account)
	return err
}

func exitFacts(ctx context.Context, q db.Querier, now Current, exit ref.AgencyID) (f ExitFacts, err error) {
	if f.LeadAgencyKind, err = agencyKind(ctx, q, now.LeadAgency); err != nil {
		return f, err
	}
	f.ExitAgencyKind, err = agencyKind(ctx, q, exit)
	return f, err
}

// agencyKind is the kind of an agency; empty when there is none with that id, so
// that the rules can say what is missing.
func agencyKind(ctx context.Context, q db.Querier, id ref.AgencyID) (string, error) {
	a, err := agency.Get(ctx, q, id)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return a.Kind, err
}

// toDecide is what every decision of a meeting on a registration begins with: the
// registration is open and the actor may decide in its area. on is the day of the
// meeting.
func toDecide(ctx context.Context, tx *db.Tx, reg ref.RegistrationID, of ref.NominalID, d ref.Decision) (now Current, on clock.Date, err error) {
	if err = tx.Lock(ctx, "nominal", int64(of)); err != nil {
		return now, on, err
	}
	all, err := Of(ctx, tx, of)
	if err != nil {
		return now, on, err
	}
	asked, err := in(all, reg)
	if err != nil {
		return now, on, err
	}
	if err = db.Must(tx, authz.Decide, int64(asked.Area)); err != nil {
		return now, on, err
	}
	if asked.EndedAt != nil {
		return now, on, fault.Refuse("", "R86", "This person has been deregistered already")
	}
	if now, err = mustCurrent(ctx, tx, of); err != nil {
		return now, on, err
	}
	on, err = review.DayOf(ctx, tx, d.Meeting)
	return now, on, err
}
