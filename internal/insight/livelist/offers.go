package livelist

import (
	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
)

// Offer is one value by which the list can be narrowed.
type Offer struct {
	ID   int64
	Name string
	Note string // the short form of a priority group
}

// Offers are what the filters offer: what is in use today where the actor reads
// casework.
type Offers struct {
	Areas, Agencies, Leads, Groups []Offer
}

// Short is the short form of a priority group that is in use; empty for one that
// has ended.
func (o Offers) Short(id ref.GroupID) string {
	for _, g := range o.Groups {
		if g.ID == int64(id) {
			return g.Note
		}
	}
	return ""
}

// QueueOffers asks for the offers in the same round trip as the list.
func QueueOffers(b *pgx.Batch, actor authz.Actor, today clock.Date) {
	readable := actor.AreasReading(authz.Casework)
	b.Queue(`SELECT id, name, '' AS note FROM area WHERE id = ANY ($1) ORDER BY name`, readable)
	b.Queue(`SELECT id, name, '' AS note FROM agency WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY lower(name), id`, today)
	b.Queue(`SELECT c.id, c.name, '' AS note FROM account c WHERE c.disabled_at IS NULL AND EXISTS (
			SELECT FROM access_grant g JOIN area_under u ON u.area_id = g.area_id
			WHERE g.account_id = c.id AND g.role = ANY ($3) AND u.under_id = ANY ($1) AND g.revoked_at IS NULL
			  AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2))
		ORDER BY lower(c.name), c.id`, readable, today, account.Workers)
	b.Queue(`SELECT p.id, p.name, p.short AS note FROM priority_group p WHERE p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
			AND EXISTS (SELECT FROM area_under u WHERE u.area_id = p.area_id AND u.under_id = ANY ($1))
		ORDER BY p.name, p.id`, readable, today)
}

// ReadOffers reads what QueueOffers asked for.
func ReadOffers(from pgx.BatchResults) (o Offers, err error) {
	for _, into := range []*[]Offer{&o.Areas, &o.Agencies, &o.Leads, &o.Groups} {
		rows, err := from.Query()
		if err != nil {
			return o, err
		}
		if *into, err = pgx.CollectRows(rows, pgx.RowToStructByName[Offer]); err != nil {
			return o, err
		}
	}
	return o, nil
}
