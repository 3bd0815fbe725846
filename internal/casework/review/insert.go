package review

import (
	"context"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Insert records a rating within a transaction: at a meeting (authz.Decide in the
// area), or between meetings (authz.RaiseRedAlert for RED ALERT, authz.RateBetween
// for RED and PRISON). Problems name the fields rating, reason and
// characteristics. It records its event and touches the person.
func Insert(ctx context.Context, tx *db.Tx, n New) (ref.RatingID, error) {
	if err := tx.Lock(ctx, "nominal", int64(n.Nominal)); err != nil {
		return 0, err
	}
	area, err := openArea(ctx, tx, n.Registration, n.Nominal)
	if err != nil {
		return 0, err
	}
	if err := db.Must(tx, permissionFor(n), int64(area)); err != nil {
		return 0, err
	}
	if err := fault.Refused(Check(n)); err != nil {
		return 0, err
	}
	on, err := ratedOn(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	early, err := checkTransfer(ctx, tx, n, on)
	if err != nil {
		return 0, err
	}
	id, err := insert(ctx, tx, n, on)
	if err != nil {
		return 0, err
	}
	if early {
		if err := keepEarly(ctx, tx, id, n, area); err != nil {
			return 0, err
		}
	}
	tx.Touch(int64(n.Nominal))
	tx.Record(audit.Event{Operation: audit.Collect, Command: "review.rate", Area: int64(area), Nominals: []int64{int64(n.Nominal)},
		Object: "rating", ObjectID: int64(id), Fields: []string{"rating", "reason", "characteristics", "supervision", "agreed by"}})
	return id, nil
}

func permissionFor(n New) authz.Permission {
	switch {
	case n.Decision != nil:
		return authz.Decide
	case n.Rating == rag.RedAlert:
		return authz.RaiseRedAlert
	}
	return authz.RateBetween
}

// ratedOn is the day of a rating: that of the meeting or, between meetings, today.
func ratedOn(ctx context.Context, tx *db.Tx, n New) (clock.Date, error) {
	if n.Decision == nil {
		return tx.Today(), nil
	}
	return DayOf(ctx, tx, n.Decision.Meeting)
}

func insert(ctx context.Context, tx *db.Tx, n New, on clock.Date) (id ref.RatingID, err error) {
	var meeting, chair *int64
	agreed := strings.TrimSpace(n.AgreedBy)
	if n.Decision != nil {
		meeting, chair = ref.Null(n.Decision.Meeting), ref.Null(n.Decision.Chair)
		if agreed == "" {
			agreed = n.Decision.AgreedBy
		}
	}
	if agreed == "" {
		agreed = tx.Actor().Name
	}
	if n.Characteristics == nil {
		n.Characteristics = []string{}
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO rag_rating (registration_id, nominal_id, rating, rated_on, reason, characteristics, supervision, meeting_id, chair_id,
			given_at_meeting_id, agreed_by, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
		n.Registration, n.Nominal, n.Rating, on, n.Reason, n.Characteristics, n.Supervision, meeting, chair,
		ref.Null(n.GivenAt), agreed, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// Ratify records what a meeting says of a rating made between meetings. A rating
// that is not ratified and still stands gives way to the one before it, which the
// meeting thereby gives anew with the same reason; a reason is then needed. One
// answer for each rating: a second is refused.
func Ratify(ctx context.Context, tx *db.Tx, rating ref.RatingID, d ref.Decision, ratified bool, reason string) error {
	r, err := Get(ctx, tx, rating)
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "nominal", int64(r.Nominal)); err != nil {
		return err
	}
	if _, err := openArea(ctx, tx, r.Registration, r.Nominal); err != nil {
		return err
	}
	if err := db.Must(tx, authz.Decide, int64(r.Area)); err != nil {
		return err
	}
	switch {
	case !r.BetweenMeetings():
		return fault.Refuse("", "R50", "This rating was made at a meeting and needs no ratification")
	case !ratified && strings.TrimSpace(reason) == "":
		return fault.Refuse("reason", "R50", "Enter the reason for not ratifying the rating")
	}
	outcome := Ratified
	if !ratified {
		outcome = NotRatified
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO rag_ratification (rating_id, nominal_id, meeting_id, chair_id, outcome, reason, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		r.ID, r.Nominal, d.Meeting, d.Chair, outcome, reason, tx.Now(), tx.Actor().Account)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fault.Refuse("", "R50", "A meeting has answered this rating already")
	}
	tx.Touch(int64(r.Nominal))
	tx.Record(audit.Event{Operation: audit.Collect, Command: "review.ratify", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "rating", ObjectID: int64(r.ID), Fields: []string{"outcome", "reason"}})
	if ratified {
		return nil
	}
	return restore(ctx, tx, r, d, reason)
}

// restore gives the rating before r again, if r is the one that stands.
func restore(ctx context.Context, tx *db.Tx, r Rating, d ref.Decision, reason string) error {
	history, err := History(ctx, tx, r.Nominal)
	if err != nil || len(history) == 0 || history[0].ID != r.ID {
		return err
	}
	before, ok := StoodBefore(history, r.ID)
	if !ok {
		return nil
	}
	_, err = Insert(ctx, tx, New{Registration: r.Registration, Nominal: r.Nominal, Rating: before.Rating,
		Reason: reason, Characteristics: before.Characteristics, Supervision: before.Supervision, Early: reason, Decision: &d})
	return err
}

// StoodBefore is the rating of the same registration to which a case goes back
// when the rating id is not ratified: the one before it that was not itself
// refused. history is newest first.
func StoodBefore(history []Rating, id ref.RatingID) (Rating, bool) {
	var of ref.RegistrationID
	for _, r := range history {
		switch {
		case r.ID == id:
			of = r.Registration
		case of == r.Registration && of != 0 && r.Outcome != NotRatified:
			return r, true
		}
	}
	return Rating{}, false
}

// RatedOnDay is the rating held at the end of a day; ok is false before the first
// one and after the registration's last. history may be in any order.
func RatedOnDay(history []Rating, day clock.Date) (held Rating, ok bool) {
	for _, r := range history {
		if !r.RatedOn.After(day) && (!ok || r.ID > held.ID) {
			held, ok = r, true
		}
	}
	return held, ok
}
