package meeting

import (
	"context"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// ReferralDecision is what the meeting decides of a referral (R9). Rating and what
// follows are of an adoption alone.
type ReferralDecision struct {
	Outcome         string // adopted, rejected or deferred
	Reason          string
	Rating          rag.Rating
	RatingReason    string
	Characteristics []string
	Supervision     string
	Lead            registration.Lead
	From            *registration.TransferIn // from outside the force; nil: not (R93)
	Early           string                   // of such a transfer: why it begins at AMBER or GREEN (R94)
}

// Outcomes of a referral, in the order in which they are offered.
var Outcomes = []string{"adopted", "rejected", "deferred"}

// DecideReferral decides the referral on this agenda, in the chair's name (R3,
// R9). It needs authz.Decide in the area of the case. The problems' fields are
// outcome, reason and, of an adoption, rating, rating_reason, characteristics,
// lead and capacity, and of a transfer in from, agreed_on and early.
func DecideReferral(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, r ReferralDecision) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if err := decidesCases(c.meeting, "decide referrals"); err != nil {
			return err
		}
		if c.item.Referral == 0 {
			return fault.Missing()
		}
		agreed, err := agreedBy(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		if r.Outcome == string(referral.Adopted) {
			_, err := registration.Adopt(ctx, tx, registration.Adoption{Referral: c.item.Referral, Reason: r.Reason, Decision: c.decision(agreed),
				Rating: r.Rating, RatingReason: r.RatingReason, Characteristics: r.Characteristics, Supervision: r.Supervision, Lead: r.Lead, From: r.From, Early: r.Early})
			return err
		}
		_, err = referral.RecordDecision(ctx, tx, referral.DecisionNew{Referral: c.item.Referral, Outcome: referral.State(r.Outcome),
			Reason: strings.TrimSpace(r.Reason), Decision: c.decision(agreed)})
		return err
	})
}

// Rate reviews the case's rating at the meeting: the same or another, always with
// the reason (R50, R65, R66). The problems' fields are rating, reason and
// characteristics.
func Rate(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, rating rag.Rating, reason string,
	characteristics []string, supervision string) error {
	return RateEarly(ctx, d, s, id, n, rating, reason, characteristics, supervision, "")
}

// RateEarly is Rate of somebody who was transferred in from outside the force: early
// is why the meeting gives AMBER or GREEN before the eight weeks at RED are over, and
// the problem's field when it is missing (R94).
func RateEarly(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, rating rag.Rating, reason string,
	characteristics []string, supervision, early string) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		current, err := registered(ctx, tx, n)
		if err != nil {
			return err
		}
		agreed, err := agreedBy(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		if c.meeting.Kind == Practitioners {
			// A rating between meetings, with the rights and the levels of one: the next
			// Referral and Operational meeting ratifies it (R50, R53).
			_, err = review.Insert(ctx, tx, review.New{Registration: current.ID, Nominal: n, Rating: rating, Reason: strings.TrimSpace(reason),
				Characteristics: characteristics, Supervision: supervision, GivenAt: id, AgreedBy: "Practitioners' meeting: " + agreed})
			return err
		}
		decision := c.decision(agreed)
		_, err = review.Insert(ctx, tx, review.New{Registration: current.ID, Nominal: n, Rating: rating, Reason: strings.TrimSpace(reason),
			Characteristics: characteristics, Supervision: supervision, Early: early, Decision: &decision})
		return err
	})
}

// Ratify answers a rating that was given between meetings. The problem's field is
// reason, needed when it is not ratified.
func Ratify(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, rating ref.RatingID, ratified bool, reason string) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if err := decidesCases(c.meeting, "ratify ratings"); err != nil {
			return err
		}
		r, err := review.Get(ctx, tx, rating)
		if err != nil {
			return err
		}
		if r.Nominal != n {
			return fault.Missing()
		}
		agreed, err := agreedBy(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		return review.Ratify(ctx, tx, rating, c.decision(agreed), ratified, strings.TrimSpace(reason))
	})
}

// Deregister takes the person off the scheme (R79-R86). The problems' fields are
// those of registration.CheckRemoval.
func Deregister(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, r registration.Removal) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if err := decidesCases(c.meeting, "take anybody off the scheme"); err != nil {
			return err
		}
		current, err := registered(ctx, tx, n)
		if err != nil {
			return err
		}
		agreed, err := agreedBy(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		r.Registration, r.Nominal, r.Decision = current.ID, n, c.decision(agreed)
		return registration.Deregister(ctx, tx, r)
	})
}

// Retain keeps the person on the scheme: the row "retain" of the form (R34), and
// the answer to a proposal or a mandatory ground. The problem's field is reason.
func Retain(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n ref.NominalID, reason string) error {
	return onSheet(ctx, d, s, id, n, authz.Decide, func(ctx context.Context, tx *db.Tx, c atCase) error {
		if err := decidesCases(c.meeting, "decide who stays on the scheme"); err != nil {
			return err
		}
		current, err := registered(ctx, tx, n)
		if err != nil {
			return err
		}
		agreed, err := agreedBy(ctx, tx, c.meeting)
		if err != nil {
			return err
		}
		return registration.Retain(ctx, tx, registration.Retention{Registration: current.ID, Nominal: n, Reason: strings.TrimSpace(reason),
			Decision: c.decision(agreed)})
	})
}

// registered is the person's current registration, or the refusal that there is none.
func registered(ctx context.Context, q db.Querier, n ref.NominalID) (registration.Current, error) {
	current, ok, err := registration.CurrentOf(ctx, q, n)
	if err == nil && !ok {
		err = fault.Refuse("", "R9", "This person is not registered at present")
	}
	return current, err
}
