package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Agency is one that can be told that somebody is wanted.
type Agency struct {
	ID   ref.AgencyID
	Name string
}

// AlertAgencies are the agencies of the people who do casework in an area: those
// that a police officer may choose for a wanted alert (R40). An agency that only
// has guests there is none of them.
func AlertAgencies(ctx context.Context, q db.Querier, area ref.AreaID) ([]Agency, error) {
	people, err := account.People(ctx, q, area)
	if err != nil {
		return nil, err
	}
	var all []Agency
	for _, p := range people {
		a := Agency{p.Agency, p.AgencyName}
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b Agency) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Alert tells agencies that somebody is wanted, within a transaction. The rating
// must be the RED ALERT that stands, and the actor needs authz.RaiseRedAlert in
// its area. An agency that was told before is not told twice. Problems name the
// fields agencies and message.
func Alert(ctx context.Context, tx *db.Tx, rating ref.RatingID, agencies []ref.AgencyID, message string) error {
	r, err := Get(ctx, tx, rating)
	if err != nil {
		return err
	}
	if err := db.Must(tx, authz.RaiseRedAlert, int64(r.Area)); err != nil {
		return fault.Denied("Only the police choose which agencies are told")
	}
	now, err := Latest(ctx, tx, r.Registration)
	if err != nil {
		return err
	}
	if r.Rating != rag.RedAlert || now.ID != r.ID {
		return fault.Refuse("", "R40", "A wanted alert goes with a rating of RED ALERT that stands")
	}
	offered, err := AlertAgencies(ctx, tx, r.Area)
	if err != nil {
		return err
	}
	if err := fault.Refused(append(checkAgencies(agencies, offered), checkMessage(message)...)); err != nil {
		return err
	}
	for _, a := range agencies {
		if _, err := tx.Exec(ctx, `
			INSERT INTO wanted_alert (rating_id, nominal_id, area_id, agency_id, message, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			r.ID, r.Nominal, r.Area, a, message, tx.Now(), tx.Actor().Account); err != nil {
			return err
		}
	}
	tx.Record(audit.Event{Operation: audit.Disclose, Command: "review.alert", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "rating", ObjectID: int64(r.ID), Fields: []string{"agencies", "message"}})
	return nil
}

// PublishAlert tells more agencies of the RED ALERT that stands for somebody:
// after one that a meeting gave, or when one agency was forgotten.
func PublishAlert(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, agencies []ref.AgencyID, message string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		now, err := standing(ctx, tx, of)
		if err != nil {
			return false, err
		}
		return true, Alert(ctx, tx, now.ID, agencies, message)
	})
	return err
}

func checkAgencies(chosen []ref.AgencyID, offered []Agency) []fault.Problem {
	if len(chosen) == 0 {
		return []fault.Problem{{Field: "agencies", Rule: "R40", Text: "Choose which agencies are told"}}
	}
	for _, id := range chosen {
		if !slices.ContainsFunc(offered, func(a Agency) bool { return a.ID == id }) {
			return []fault.Problem{{Field: "agencies", Rule: "R40", Text: "Choose agencies from the list. Guests are never told"}}
		}
	}
	return nil
}

func checkMessage(message string) []fault.Problem {
	if strings.TrimSpace(message) == "" {
		return []fault.Problem{{Field: "message", Rule: "R40", Text: "Enter what the agencies are told"}}
	}
	return nil
}

// WantedAlert is an alert as the agency that was told sees it.
type WantedAlert struct {
	Rating     ref.RatingID
	Nominal    ref.NominalID
	Name       string
	Area       ref.AreaID
	Agency     ref.AgencyID
	AgencyName string
	Message    string
	RaisedAt   time.Time
	RaisedBy   string
}

const alertColumns = `
	SELECT w.rating_id AS rating, w.nominal_id AS nominal, coalesce(concat_ws(' ', nullif(i.given_names, ''), i.family_name), '') AS name,
		w.area_id AS area, w.agency_id AS agency, y.name AS agency_name, w.message, w.recorded_at AS raised_at, a.name AS raised_by
	FROM wanted_alert w
	JOIN rag_rating r ON r.id = w.rating_id
	JOIN registration g ON g.id = r.registration_id
	JOIN agency y ON y.id = w.agency_id
	JOIN account a ON a.id = w.recorded_by
	LEFT JOIN LATERAL (SELECT given_names, family_name FROM nominal_identity x WHERE x.nominal_id = w.nominal_id ORDER BY x.id DESC LIMIT 1) i ON true `

// WantedAlerts are the alerts for the agencies of the actor that stand: the
// person is still registered and still at that RED ALERT. Newest first, one for
// each person. A guest is never told, not even of a case the guest is invited to.
func WantedAlerts(ctx context.Context, q db.Querier) ([]WantedAlert, error) {
	areas := q.Actor().AreasReading(authz.Casework)
	if len(areas) == 0 {
		return nil, nil
	}
	rows, err := q.Query(ctx, alertColumns+`
		WHERE w.agency_id = ANY ($1) AND w.area_id = ANY ($2) AND g.ended_at IS NULL
			AND NOT EXISTS (SELECT FROM rag_rating x WHERE x.registration_id = r.registration_id AND x.id > r.id)
		ORDER BY w.id DESC`, q.Actor().Agencies(), areas)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[WantedAlert])
	var all []WantedAlert
	for _, w := range found {
		twice := slices.ContainsFunc(all, func(x WantedAlert) bool { return x.Nominal == w.Nominal })
		if !twice && isFor(q.Actor(), w) {
			all = append(all, w)
		}
	}
	return all, err
}

// isFor says that the actor does casework for the agency in the area: a grant as
// guest for the same agency is not enough.
func isFor(a authz.Actor, w WantedAlert) bool {
	return slices.ContainsFunc(a.Grants, func(g authz.Grant) bool {
		return g.Role.Reads(authz.Casework) && g.Agency == int64(w.Agency) && slices.Contains(g.Areas, int64(w.Area))
	})
}

// AlertsOf are the agencies that were told of a rating, by name, for the page of
// a person. Guests see none.
func AlertsOf(ctx context.Context, q db.Querier, rating ref.RatingID) ([]WantedAlert, error) {
	rows, err := q.Query(ctx, alertColumns+`WHERE w.rating_id = $1 AND w.area_id = ANY ($2) ORDER BY y.name`,
		rating, q.Actor().AreasReading(authz.Casework))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[WantedAlert])
}
