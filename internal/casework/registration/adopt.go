package registration

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Adoption is what a meeting decides when it adopts (R9): the referral and why,
// the initial rating and why, and who leads.
type Adoption struct {
	Referral        ref.ReferralID
	Reason          string
	Decision        ref.Decision
	Rating          rag.Rating
	RatingReason    string
	Characteristics []string
	Supervision     string
	Lead            Lead
	From            *TransferIn // from outside the force; nil: not (R93)
	Early           string      // of such a transfer: why it begins at AMBER or GREEN (R94)
}

// Adopt registers somebody, within the meeting's transaction: decides the
// referral, begins the registration in the referral's area, makes that area the
// responsible one, gives the first rating, names the lead worker and does the
// first line of the adoption checklist. It needs authz.Decide in the area.
//
// Problems name the fields rating, characteristics, rating_reason, lead, capacity
// and, of a transfer in, from, agreed_on and early; those of the referral are referral.RecordDecision's. Somebody who is
// registered already, in whichever area, is refused (R99).
func Adopt(ctx context.Context, tx *db.Tx, a Adoption) (ref.RegistrationID, error) {
	nominalID, area, err := referred(ctx, tx, a.Referral)
	if err != nil {
		return 0, err
	}
	if err := db.Must(tx, authz.Decide, int64(area)); err != nil {
		return 0, err
	}
	if err := tx.Lock(ctx, "nominal", int64(nominalID)); err != nil {
		return 0, err
	}
	rating := review.New{Nominal: nominalID, Rating: a.Rating, Reason: a.RatingReason, Characteristics: a.Characteristics,
		Supervision: a.Supervision, Early: a.Early, Decision: &a.Decision}
	lead, wrong, err := chosenLead(ctx, tx, nominalID, area, a.Lead)
	if err != nil {
		return 0, err
	}
	wrong = append(ratingProblems(rating), wrong...)
	if a.From != nil {
		wrong = append(wrong, CheckTransferIn(*a.From, tx.Today())...)
	}
	if err := fault.Refused(wrong); err != nil {
		return 0, err
	}
	decision, err := referral.RecordDecision(ctx, tx, referral.DecisionNew{Referral: a.Referral, Outcome: "adopted", Reason: a.Reason, Decision: a.Decision})
	if err != nil {
		return 0, err
	}
	began, err := review.DayOf(ctx, tx, a.Decision.Meeting)
	if err != nil {
		return 0, err
	}
	id, err := begin(ctx, tx, nominalID, area, a.Referral, decision, began)
	if err != nil {
		return 0, err
	}
	if a.From != nil {
		if err := insertTransferIn(ctx, tx, id, nominalID, area, *a.From); err != nil {
			return 0, err
		}
	}
	rating.Registration = id
	if _, err := review.Insert(ctx, tx, rating); err != nil {
		return 0, err
	}
	if err := insertLead(ctx, tx, id, nominalID, lead, began, "Named at adoption"); err != nil {
		return 0, err
	}
	if err := conferenceLine(ctx, tx, id, nominalID, AdoptionList, began, a.Decision); err != nil {
		return 0, err
	}
	tx.Touch(int64(nominalID))
	tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.adopt", Area: int64(area), Nominals: []int64{int64(nominalID)},
		Object: "registration", ObjectID: int64(id), Fields: []string{"referral", "reason", "rating", "lead worker"}})
	return id, nil
}

// ratingProblems renames the field reason, which on the form of an adoption is
// the reason for adopting.
func ratingProblems(n review.New) []fault.Problem {
	wrong := review.Check(n)
	for i := range wrong {
		if wrong[i].Field == "reason" {
			wrong[i].Field = "rating_reason"
		}
	}
	return wrong
}

func referred(ctx context.Context, q db.Querier, id ref.ReferralID) (of ref.NominalID, area ref.AreaID, err error) {
	err = q.QueryRow(ctx, `SELECT nominal_id, area_id FROM referral WHERE id = $1`, id).Scan(&of, &area)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Missing()
	}
	return of, area, err
}

// begin inserts the registration and makes its area the responsible one. Two
// adoptions at once, even in two areas that do not see each other, meet at the
// exclusion constraint.
func begin(ctx context.Context, tx *db.Tx, of ref.NominalID, area ref.AreaID, from ref.ReferralID, decision int64, on clock.Date) (id ref.RegistrationID, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO registration (nominal_id, area_id, referral_id, decision_id, began_on, began_at, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id`, of, area, from, decision, on, tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "registration_one_at_a_time") {
		return 0, fault.Refuse("", "R99", "This person is registered already. Only one area of the force can be responsible at a time")
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `SELECT take_responsibility($1, $2, $3)`, of, area, tx.Now())
	return id, err
}
