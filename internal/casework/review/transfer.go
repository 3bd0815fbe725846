package review

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// redDays is how long somebody adopted from outside the force stays at RED: eight
// weeks from adoption (R93).
const redDays = 56

// Transfer is that a registration was adopted from a scheme outside the force.
type Transfer struct {
	From     string     // the force or scheme
	AgreedOn clock.Date // when the two agreed it
	Adopted  clock.Date
}

// RedUntil is the day on which the eight weeks at RED are over and the review is
// due: the 56th after the adoption (R93).
func RedUntil(adopted clock.Date) clock.Date { return adopted.AddDays(redDays) }

// IsEarly says that a rating given on a day lowers somebody transferred in before
// the eight weeks are over. Lowering is AMBER or GREEN; RED ALERT and PRISON stay
// possible (R94).
func (t Transfer) IsEarly(rating rag.Rating, on clock.Date) bool {
	return (rating == rag.Amber || rating == rag.Green) && on.Before(RedUntil(t.Adopted))
}

// CheckEarly says what is wrong with a rating of somebody transferred in: lowered
// within the eight weeks without a reason (R94). The problem's field is early.
func CheckEarly(t Transfer, rating rag.Rating, on clock.Date, reason string) []fault.Problem {
	if !t.IsEarly(rating, on) || strings.TrimSpace(reason) != "" {
		return nil
	}
	return []fault.Problem{{Field: "early", Rule: "R94", Text: "Transferred in from " + t.From + ", so RED until " + RedUntil(t.Adopted).Long() +
		". Enter the reason for " + string(rating) + " before that day"}}
}

// TransferOf says from where a registration was transferred in; ok is false when it
// was not from outside the force.
func TransferOf(ctx context.Context, q db.Querier, reg ref.RegistrationID) (t Transfer, ok bool, err error) {
	err = q.QueryRow(ctx, `SELECT t.from_area, t.agreed_on, g.began_on FROM registration_transfer_in t
		JOIN registration g ON g.id = t.registration_id WHERE t.registration_id = $1`, reg).Scan(&t.From, &t.AgreedOn, &t.Adopted)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}

// checkTransfer holds a rating to R94; early is whether the reason has to be kept.
func checkTransfer(ctx context.Context, q db.Querier, n New, on clock.Date) (early bool, err error) {
	t, ok, err := TransferOf(ctx, q, n.Registration)
	if err != nil || !ok {
		return false, err
	}
	return t.IsEarly(n.Rating, on), fault.Refused(CheckEarly(t, n.Rating, on, n.Early))
}

// keepEarly keeps why a rating was lowered before the eight weeks were over.
func keepEarly(ctx context.Context, tx *db.Tx, id ref.RatingID, n New, area ref.AreaID) error {
	_, err := tx.Exec(ctx, `INSERT INTO rag_early_lowering (rating_id, nominal_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
		id, n.Nominal, strings.TrimSpace(n.Early), tx.Now(), tx.Actor().Account)
	tx.Record(audit.Event{Operation: audit.Collect, Command: "review.lower early", Area: int64(area), Nominals: []int64{int64(n.Nominal)},
		Object: "rating", ObjectID: int64(id), Fields: []string{"reason"}})
	return err
}
