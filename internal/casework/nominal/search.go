package nominal

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Found is a person found among those whom the actor may see.
type Found struct {
	Nominal    ref.NominalID
	FamilyName string
	GivenNames string
	Born       clock.Date
	PNCID      string
	URN        string
	AreaName   string // through which the actor sees the person; empty for a guest
	Kind       string // of the access: Referring, Responsible or GuestOf
	Open       bool   // false: of a time that is over, to be read only
	Rating     string // on the live list now; empty when not registered
	Score      float32
}

// Name is the name of the person found.
func (f Found) Name() Name { return Name{Family: f.FamilyName, Given: f.GivenNames} }

// searchLimit is how many people an answer has at most.
const searchLimit = 50

// Search looks among the people whom the actor may see: by name in any spelling,
// another name, birth, an identifier, postcode or telephone number; best match
// first, at most fifty. The page that shows the answer logs whom it listed.
func Search(ctx context.Context, q db.Querier, t Terms) ([]Found, error) {
	rows, err := q.Query(ctx, `
		SELECT s.nominal_id AS nominal, i.family_name, i.given_names, i.born, i.pncid, i.urn, coalesce(r.name, '') AS area_name, a.kind,
			a.ends IS NULL OR a.kind = 'guest' AS open, coalesce(l.rating, '') AS rating, s.score
		FROM search_people($1, $2, $3, $4, $5, $6, $7, $8, $9) s
		CROSS JOIN LATERAL (SELECT * FROM nominal_identity x WHERE x.nominal_id = s.nominal_id ORDER BY x.id DESC LIMIT 1) i
		CROSS JOIN LATERAL (SELECT x.area_id, x.kind, x.ends FROM nominal_access x
			WHERE x.nominal_id = s.nominal_id AND (x.area_id = ANY ($10) OR x.account_id = $11)
			ORDER BY x.ends IS NULL DESC, x.kind = 'responsible' DESC, x.id DESC LIMIT 1) a
		LEFT JOIN area r ON r.id = a.area_id
		LEFT JOIN LATERAL (SELECT x.rating FROM live_list x WHERE x.nominal_id = s.nominal_id LIMIT 1) l ON true
		ORDER BY s.score DESC, i.family_name, i.given_names, s.nominal_id`,
		t.Name(), t.Born, t.PNCID, t.URN, t.CRN, t.PrisonNumber, t.Postcode, t.Phone, searchLimit,
		q.Actor().AreasReading(authz.Casework), q.Actor().Account)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Found])
}
