package nominal

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Card is what stands at the head of a person's page and of a print.
type Card struct {
	Nominal   ref.NominalID
	Identity  Identity
	Aliases   []Alias
	Warnings  []Warning
	Phones    []Phone
	Addresses []Address // the current one first
	Groups    []Group   // to which the person belongs
}

// Address is the current address; the zero Address when none is known.
func (c Card) Address() Address {
	if len(c.Addresses) == 0 {
		return Address{}
	}
	return c.Addresses[0]
}

const (
	aliasSQL = `SELECT id, name, source FROM nominal_alias f WHERE nominal_id = $1
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_alias' AND c.fact_id = f.id) ORDER BY id`
	warningSQL = `SELECT id, text, source FROM nominal_warning f WHERE nominal_id = $1
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_warning' AND c.fact_id = f.id) ORDER BY id`
	phoneSQL = `SELECT id, kind, number, source FROM nominal_phone f WHERE nominal_id = $1
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_phone' AND c.fact_id = f.id) ORDER BY id DESC`
	addressSQL = `SELECT id, address AS text, postcode, from_on AS "from", source FROM nominal_address f WHERE nominal_id = $1
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_address' AND c.fact_id = f.id) ORDER BY id DESC`
	groupSQL = `SELECT g.id, g.name, g.short FROM (
			SELECT DISTINCT ON (group_id) group_id, member FROM nominal_priority_group WHERE nominal_id = $1 ORDER BY group_id, id DESC) n
		JOIN priority_group g ON g.id = n.group_id WHERE n.member ORDER BY g.id`
)

// CardOf is the card of a nominal, in one round trip. It gives fault.Missing for
// one whose identity the actor may not read.
func CardOf(ctx context.Context, q db.Querier, id ref.NominalID) (Card, error) {
	batch := &pgx.Batch{}
	for _, sql := range []string{identitySQL, aliasSQL, warningSQL, phoneSQL, addressSQL, groupSQL} {
		batch.Queue(sql, id)
	}
	results := q.SendBatch(ctx, batch)
	card, err := readCard(results, id)
	return card, errors.Join(err, results.Close())
}

func readCard(from pgx.BatchResults, id ref.NominalID) (c Card, err error) {
	c.Nominal = id
	rows, err := from.Query()
	if err != nil {
		return c, err
	}
	if c.Identity, _, err = collectIdentity(rows); err != nil {
		return c, err
	}
	if c.Aliases, err = next[Alias](from); err != nil {
		return c, err
	}
	if c.Warnings, err = next[Warning](from); err != nil {
		return c, err
	}
	if c.Phones, err = next[Phone](from); err != nil {
		return c, err
	}
	if c.Addresses, err = next[Address](from); err != nil {
		return c, err
	}
	c.Groups, err = next[Group](from)
	return c, err
}

func next[T any](from pgx.BatchResults) ([]T, error) {
	rows, err := from.Query()
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Missing()
	}
	return err
}

// Names gives the names of nominals; those that the actor may not know are left out.
func Names(ctx context.Context, q db.Querier, ids []ref.NominalID) (map[ref.NominalID]Name, error) {
	names := make(map[ref.NominalID]Name, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := q.Query(ctx, `
		SELECT n.id, i.family_name, i.given_names FROM unnest($1::bigint[]) AS n(id)
		CROSS JOIN LATERAL (SELECT family_name, given_names FROM nominal_identity x WHERE x.nominal_id = n.id ORDER BY x.id DESC LIMIT 1) i`, ids)
	if err != nil {
		return nil, err
	}
	var (
		id   ref.NominalID
		name Name
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &name.Family, &name.Given}, func() error {
		names[id] = name
		return nil
	})
	return names, err
}

func addressesOf(ctx context.Context, q db.Querier, id ref.NominalID) ([]Address, error) {
	rows, err := q.Query(ctx, addressSQL, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Address])
}

// EqualityOf are the protected characteristics that the actor may read (R185):
// the latest of each.
func EqualityOf(ctx context.Context, q db.Querier, id ref.NominalID) ([]Characteristic, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (characteristic) characteristic AS name, value FROM nominal_equality
		WHERE nominal_id = $1 ORDER BY characteristic, id DESC`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Characteristic])
}

// GroupAnswersOf are the answers for each priority group, the latest of each; a
// group that was never answered is not among them (R24).
func GroupAnswersOf(ctx context.Context, q db.Querier, id ref.NominalID) (map[ref.GroupID]bool, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (group_id) group_id, member FROM nominal_priority_group WHERE nominal_id = $1
		ORDER BY group_id, id DESC`, id)
	if err != nil {
		return nil, err
	}
	var (
		group  ref.GroupID
		member bool
	)
	all := map[ref.GroupID]bool{}
	_, err = pgx.ForEachRow(rows, []any{&group, &member}, func() error {
		all[group] = member
		return nil
	})
	return all, err
}
