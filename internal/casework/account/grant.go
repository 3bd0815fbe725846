package account

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Grant is a role held for an agency in an area and everything below it. From and
// To are its first and last day; To is zero when no end is set. It is ended by
// saying who ended it, never removed.
type Grant struct {
	ID         ref.GrantID
	Account    ref.AccountID
	Role       authz.Role
	Agency     ref.AgencyID
	AgencyName string
	Area       ref.AreaID
	AreaName   string
	From       clock.Date
	To         clock.Date
	GivenAt    time.Time
	GivenBy    string
	EndedAt    time.Time // zero while nobody has ended it
	EndedBy    string
}

// Current says whether the grant holds on the day.
func (g Grant) Current(on clock.Date) bool {
	return g.EndedAt.IsZero() && !g.From.After(on) && (g.To.IsZero() || !g.To.Before(on))
}

// live says whether the grant holds on the day or will later.
func (g Grant) live(on clock.Date) bool {
	return g.EndedAt.IsZero() && (g.To.IsZero() || !g.To.Before(on))
}

// State is how the grant stands on the day, in a word.
func (g Grant) State(on clock.Date) string {
	switch {
	case !g.EndedAt.IsZero():
		return "Ended"
	case g.Current(on):
		return "Current"
	case g.From.After(on):
		return "Starts later"
	}
	return "Lapsed"
}

const grantColumns = `SELECT g.id, g.account_id, g.role, g.agency_id, y.name, g.area_id, r.name, g.valid_from, g.valid_to, g.recorded_at, b.name,
	coalesce(g.revoked_at, '0001-01-01 00:00:00Z'), coalesce(e.name, '')
	FROM access_grant g JOIN agency y ON y.id = g.agency_id JOIN area r ON r.id = g.area_id JOIN account b ON b.id = g.recorded_by
	LEFT JOIN account e ON e.id = g.revoked_by `

func scanGrant(row pgx.CollectableRow) (g Grant, err error) {
	err = row.Scan(&g.ID, &g.Account, &g.Role, &g.Agency, &g.AgencyName, &g.Area, &g.AreaName, &g.From, &g.To, &g.GivenAt, &g.GivenBy, &g.EndedAt, &g.EndedBy)
	return g, err
}

// Grants are all that an account has ever been granted, the newest first.
func Grants(ctx context.Context, q db.Querier, id ref.AccountID) ([]Grant, error) {
	rows, err := q.Query(ctx, grantColumns+`WHERE g.account_id = $1 ORDER BY g.id DESC`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanGrant)
}

// CurrentGrants are the grants that hold today, of every account.
func CurrentGrants(ctx context.Context, q db.Querier) (map[ref.AccountID][]Grant, error) {
	rows, err := q.Query(ctx, grantColumns+`WHERE g.revoked_at IS NULL AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1) ORDER BY g.id`, q.Today())
	if err != nil {
		return nil, err
	}
	all := map[ref.AccountID][]Grant{}
	grants, err := pgx.CollectRows(rows, scanGrant)
	for _, g := range grants {
		all[g.Account] = append(all[g.Account], g)
	}
	return all, err
}

func getGrant(ctx context.Context, q db.Querier, id ref.GrantID) (Grant, error) {
	rows, err := q.Query(ctx, grantColumns+`WHERE g.id = $1`, id)
	if err != nil {
		return Grant{}, err
	}
	g, err := pgx.CollectExactlyOneRow(rows, scanGrant)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.Missing()
	}
	return g, err
}

// NewGrant is a role to be given. A zero From is today; a zero To is no end.
type NewGrant struct {
	Account ref.AccountID
	Role    authz.Role
	Agency  ref.AgencyID
	Area    ref.AreaID
	From    clock.Date
	To      clock.Date
}

// CheckGrant says why a role cannot be given; held are the grants of that account
// so far. Nobody grants themselves anything; an administrator sees no case, so
// that role stands alone; and the roles of the police and of probation, which
// open intelligence and health, are held only in such an agency.
func CheckGrant(n NewGrant, by ref.AccountID, of agency.Agency, held []Grant, today clock.Date) (problems []fault.Problem) {
	refuse := func(field, text string) {
		problems = append(problems, fault.Problem{Field: field, Text: text})
	}
	if n.Account == by {
		refuse("", "Nobody can give themselves a role. Ask another administrator")
		return problems
	}
	switch {
	case !grantable(n.Role):
		refuse("role", "Choose a role")
	case n.Role == authz.Police && of.Kind != "police":
		refuse("role", "The police role is held only in a police agency")
	case n.Role == authz.Probation && of.Kind != "probation":
		refuse("role", "The probation role is held only in a probation agency")
	}
	if !of.Current(n.From) {
		refuse("agency", of.Name+" takes no part in the scheme on "+n.From.Long())
	}
	switch {
	case n.From.Before(today):
		refuse("from", "The first day cannot be in the past: what was seen before was not seen under this role")
	case !n.To.IsZero() && n.To.Before(n.From):
		refuse("to", "The last day cannot be before the first")
	}
	for _, g := range held {
		if !g.live(n.From) || (!n.To.IsZero() && g.From.After(n.To)) {
			continue
		}
		if (g.Role == authz.Administrator) != (n.Role == authz.Administrator) {
			refuse("role", "An administrator sees no case, so nobody holds that role together with another. Make a second account")
			break
		}
		if g.Role == n.Role && g.Agency == n.Agency && g.Area == n.Area {
			refuse("role", "This role is held for this agency in this area already")
			break
		}
	}
	return problems
}

func grantable(r authz.Role) bool {
	for _, known := range authz.Roles {
		if r == known {
			return true
		}
	}
	return false
}
