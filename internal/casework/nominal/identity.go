package nominal

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/db"
)

// An area that refers somebody whom another area knows begins with what the
// identity card shows and reads no earlier identity. What such an area records is
// partial: an empty field means "not known here" and takes nothing away from what
// others recorded. Partial rows are told by their source.
const partialSource = "identity card"

func partial(i Identity) bool { return strings.HasPrefix(i.Source, partialSource) }

const identityColumns = `family_name, given_names, born, sex, gender, urn, pncid_typed, pncid, crn, prison_number, ni_number, email, preferences, source`

// identitySQL reads the latest whole identity and the partial ones after it.
const identitySQL = `SELECT ` + identityColumns + ` FROM nominal_identity WHERE nominal_id = $1
	AND id >= coalesce((SELECT max(x.id) FROM nominal_identity x WHERE x.nominal_id = $1 AND x.source NOT LIKE 'identity card%'), 0)
	ORDER BY id`

// IdentityOf is who a nominal is now; fault.Missing where the actor may not know.
func IdentityOf(ctx context.Context, q db.Querier, id ref.NominalID) (Identity, error) {
	i, _, err := identityOf(ctx, q, id)
	return i, err
}

// identityOf says too whether the actor reads partial rows alone.
func identityOf(ctx context.Context, q db.Querier, id ref.NominalID) (i Identity, inPart bool, err error) {
	rows, err := q.Query(ctx, identitySQL, id)
	if err != nil {
		return Identity{}, false, err
	}
	return collectIdentity(rows)
}

func collectIdentity(rows pgx.Rows) (i Identity, inPart bool, err error) {
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Identity])
	if err == nil && len(all) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return Identity{}, false, missing(err)
	}
	i = all[0]
	for _, later := range all[1:] {
		i = i.with(later)
	}
	return i, partial(all[0]), nil
}

// with puts what a partial identity knows over what was known.
func (i Identity) with(later Identity) Identity {
	put := func(into *string, text string) {
		if text != "" {
			*into = text
		}
	}
	put(&i.FamilyName, later.FamilyName)
	put(&i.GivenNames, later.GivenNames)
	if !later.Born.IsZero() {
		i.Born = later.Born
	}
	put(&i.Sex, later.Sex)
	put(&i.Gender, later.Gender)
	put(&i.URN, later.URN)
	if later.PNCID != "" || later.PNCIDTyped != "" {
		i.PNCID, i.PNCIDTyped = later.PNCID, later.PNCIDTyped
	}
	put(&i.CRN, later.CRN)
	put(&i.PrisonNumber, later.PrisonNumber)
	put(&i.NINumber, later.NINumber)
	put(&i.Email, later.Email)
	put(&i.Preferences, later.Preferences)
	i.Source = later.Source
	return i
}
