package nominal

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// Create makes a record of a person nobody knew before, seen by the area that
// considers them. Whoever calls has checked that the actor may refer in the area
// and has looked for the person first, and records the event.
func Create(ctx context.Context, tx *db.Tx, area ref.AreaID, n Identity) (ref.NominalID, error) {
	if err := check(n, tx.Today()); err != nil {
		return 0, err
	}
	var id ref.NominalID
	// The id comes first: a row of a nominal can be read back only by someone with
	// access to it, and access needs the id.
	if err := tx.QueryRow(ctx, `SELECT nextval('nominal_id_seq')`).Scan(&id); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO nominal (id, recorded_at, recorded_by) VALUES ($1, $2, $3)`, id, tx.Now(), tx.Actor().Account); err != nil {
		return 0, err
	}
	if err := openAccess(ctx, tx, area, id); err != nil {
		return 0, err
	}
	return id, insertIdentity(ctx, tx, id, n)
}

// Admit opens access for an area to a person whom another area knows, because it
// refers them. The area reads what is recorded from now on; so what the identity
// card shows of the person is recorded anew for it. It does nothing where the
// area has open access already.
func Admit(ctx context.Context, tx *db.Tx, area ref.AreaID, known IdentityCard) error {
	if err := tx.Lock(ctx, "nominal", int64(known.Nominal)); err != nil {
		return err
	}
	var open bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM nominal_access WHERE nominal_id = $1 AND area_id = $2 AND ends IS NULL)`,
		known.Nominal, area).Scan(&open)
	if err != nil || open {
		return err
	}
	if err := openAccess(ctx, tx, area, known.Nominal); err != nil {
		return err
	}
	return insertIdentity(ctx, tx, known.Nominal, Identity{FamilyName: known.FamilyName, GivenNames: known.GivenNames,
		Born: known.Born, PNCIDTyped: known.PNCID, PNCID: known.PNCID, URN: known.URN, Source: partialSource})
}

func openAccess(ctx context.Context, tx *db.Tx, area ref.AreaID, id ref.NominalID) error {
	_, err := tx.Exec(ctx, `INSERT INTO nominal_access (nominal_id, area_id, kind, starts, recorded_by) VALUES ($1, $2, 'referral', $3, $4)`,
		id, area, tx.Now(), tx.Actor().Account)
	return err
}
