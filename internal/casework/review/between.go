package review

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Between is a rating given between two meetings, and for RED ALERT the agencies
// to tell.
type Between struct {
	Nominal         ref.NominalID
	Rating          rag.Rating
	Reason          string
	Characteristics []string
	Supervision     string
	AgreedBy        string         // empty: who records it
	Seen            ref.RatingID   // the rating that stood on the page; 0: none was shown
	Alert           []ref.AgencyID // RED ALERT only: chosen by the officer (R40)
	Message         string         // what the agencies are told; needed with Alert
}

// RateBetween rates somebody between meetings. The rating stands at once and the
// next meeting ratifies it. RED ALERT needs authz.RaiseRedAlert, RED and PRISON
// authz.RateBetween, in the area that is responsible. Problems name the fields
// rating, reason, characteristics, agencies and message. Somebody who rated in the
// meantime makes it fault.Changed.
func RateBetween(ctx context.Context, d *db.DB, s db.Submission, b Between) (ref.RatingID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.RatingID, error) {
		if err := tx.Lock(ctx, "nominal", int64(b.Nominal)); err != nil {
			return 0, err
		}
		now, err := standing(ctx, tx, b.Nominal)
		if err != nil {
			return 0, err
		}
		if b.Seen != 0 && b.Seen != now.ID {
			return 0, fault.Changed()
		}
		n := New{Registration: now.Registration, Nominal: b.Nominal, Rating: b.Rating, Reason: b.Reason,
			Characteristics: b.Characteristics, Supervision: b.Supervision, AgreedBy: b.AgreedBy}
		if err := mayGive(tx, n, now.Area); err != nil {
			return 0, err
		}
		problems := append(Check(n), checkBetween(b, now)...)
		if err := fault.Refused(problems); err != nil {
			return 0, err
		}
		id, err := Insert(ctx, tx, n)
		if err != nil || len(b.Alert) == 0 {
			return id, err
		}
		return id, Alert(ctx, tx, id, b.Alert, b.Message)
	})
}

// mayGive refuses before any rule about the words does.
func mayGive(q db.Querier, n New, area ref.AreaID) error {
	if _, ok := rag.Parse(string(n.Rating)); !ok {
		return nil // the rules say what is wrong
	}
	err := db.Must(q, permissionFor(n), int64(area))
	if err != nil && n.Rating == rag.RedAlert {
		return fault.Denied("Between meetings only the police raise RED ALERT")
	}
	return err
}

// checkBetween says what is wrong with a change of rating, beside Check.
func checkBetween(b Between, now Rating) []fault.Problem {
	var wrong []fault.Problem
	if b.Rating == now.Rating {
		wrong = append(wrong, fault.Problem{Field: "rating", Rule: "R50",
			Text: "The rating is " + string(now.Rating) + " already, since " + now.RatedOn.Long()})
	}
	if len(b.Alert) > 0 && b.Rating != rag.RedAlert {
		wrong = append(wrong, fault.Problem{Field: "agencies", Rule: "R40", Text: "A wanted alert goes with RED ALERT only"})
	}
	if len(b.Alert) > 0 {
		wrong = append(wrong, checkMessage(b.Message)...)
	}
	return wrong
}

// standing is the rating that stands for somebody who is registered.
func standing(ctx context.Context, q db.Querier, of ref.NominalID) (Rating, error) {
	all, err := ratings(ctx, q, `WHERE r.nominal_id = $1 ORDER BY r.id DESC LIMIT 1`, of)
	if err != nil {
		return Rating{}, err
	}
	if len(all) == 0 {
		if _, err := nominal.ScopeOf(ctx, q, of); err != nil {
			return Rating{}, err
		}
		return Rating{}, fault.Refuse("", "R9", "This person is not registered at present, so there is no rating to change")
	}
	_, err = openArea(ctx, q, all[0].Registration, of)
	return all[0], err
}
