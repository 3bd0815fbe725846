package livelist

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
)

// offered is how many people can be chosen from; in a larger area they are searched for.
const offered = 400

// Other is somebody on the list, to be chosen by name.
type Other struct {
	Nominal ref.NominalID
	Name    nominal.Name
}

// Others are the people on the list in the areas where the actor logs contacts, by
// name, without those who are known; none when they are too many to choose from.
func Others(ctx context.Context, q *db.ReadTx, known []ref.NominalID) ([]Other, error) {
	if known == nil {
		known = []ref.NominalID{}
	}
	rows, err := q.Query(ctx, `SELECT nominal_id, family_name, given_names FROM live_list
		WHERE area_id = ANY ($1) AND nominal_id <> ALL ($2) ORDER BY sort_name, nominal_id LIMIT $3`,
		q.Actor().AreasFor(authz.RecordContact), known, offered+1)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Other, err error) {
		err = row.Scan(&o.Nominal, &o.Name.Family, &o.Name.Given)
		return o, err
	})
	if len(all) > offered {
		return nil, err
	}
	return all, err
}

// nearest is how many of those close by are offered.
const nearest = 40

// Neighbour is somebody whose contacts the actor is likely to log.
type Neighbour struct {
	Nominal ref.NominalID
	Leads   bool // the actor is the lead worker; otherwise a contact was logged lately
}

// Near are the people whom the actor leads, then those whose contacts the actor
// logged in the last month, whether on the list or not.
func Near(ctx context.Context, q *db.ReadTx) ([]Neighbour, error) {
	rows, err := q.Query(ctx, `SELECT n.nominal_id, bool_or(n.leads) FROM (
			SELECT l.nominal_id, true AS leads FROM live_list l WHERE l.lead_account_id = $1
			UNION ALL SELECT k.nominal_id, false FROM contact k WHERE k.recorded_by = $1 AND k.held_on >= $2) n
		GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3`, q.Actor().Account, q.Today().AddMonths(-1), nearest)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Neighbour])
}
