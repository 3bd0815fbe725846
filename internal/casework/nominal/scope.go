package nominal

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The kinds of access to a nominal.
const (
	Referring   = "referral"    // the area referred, and reads what was recorded since
	Responsible = "responsible" // the one area that is responsible (R99)
	GuestOf     = "guest"       // invited for this case to a meeting
)

// Scope is how the actor comes to see a nominal: through which area, and whether
// that access is open. A closed one can be read and not written to. A guest has
// no area.
type Scope struct {
	Area ref.AreaID
	Kind string // Referring, Responsible or GuestOf
	Open bool
}

// ScopeOf says through which area the actor reads a nominal: the responsible one
// first, then the latest that is open, then the latest that has ended. It gives
// fault.Missing for one that the actor may not read, there or not.
func ScopeOf(ctx context.Context, q db.Querier, id ref.NominalID) (Scope, error) {
	all, err := scopes(ctx, q, id, q.Actor().AreasReading(authz.Casework), true)
	if err != nil {
		return Scope{}, err
	}
	return all[0], nil
}

// LookedScopeOf is ScopeOf for the page of who has looked: through an area in
// which the actor may see that. An auditor reads no casework.
func LookedScopeOf(ctx context.Context, q db.Querier, id ref.NominalID) (Scope, error) {
	all, err := scopes(ctx, q, id, q.Actor().AreasFor(authz.SeeWhoLooked), false)
	if err != nil {
		return Scope{}, err
	}
	return all[0], nil
}

// Must is ScopeOf for a write: the access must be open, and the actor must have
// the permission in that area.
func Must(ctx context.Context, q db.Querier, id ref.NominalID, p authz.Permission) (Scope, error) {
	all, err := scopes(ctx, q, id, q.Actor().AreasReading(authz.Casework), true)
	if err != nil {
		return Scope{}, err
	}
	open := false
	for _, s := range all {
		if !s.Open || s.Kind == GuestOf {
			continue
		}
		open = true
		if q.Actor().MayIn(p, int64(s.Area)) {
			return s, nil
		}
	}
	if open || all[0].Kind == GuestOf {
		return Scope{}, fault.Denied("Your role in this area does not allow this")
	}
	return Scope{}, fault.Denied("Another area is responsible for this person now. What was recorded here can be read, not added to")
}

// scopes are all the ways to a nominal through the areas given, best first;
// fault.Missing when there is none.
func scopes(ctx context.Context, q db.Querier, id ref.NominalID, areas []int64, guests bool) ([]Scope, error) {
	actor := q.Actor()
	if slices.Contains(actor.Hidden, int64(id)) {
		return nil, fault.Missing()
	}
	rows, err := q.Query(ctx, `
		SELECT coalesce(area_id, 0) AS area, kind, ends IS NULL OR kind = 'guest' AS open FROM nominal_access
		WHERE nominal_id = $1
		  AND (area_id = ANY ($2) OR ($3 AND account_id = $4 AND starts <= $5 AND (ends IS NULL OR ends > $5)))
		ORDER BY kind = 'responsible' AND ends IS NULL DESC, kind <> 'guest' AND ends IS NULL DESC, kind = 'guest' DESC, id DESC`,
		id, areas, guests, actor.Account, q.Now())
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Scope])
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	return all, err
}

// Access is one line of who has had access to a nominal, for the history page.
type Access struct {
	Area   ref.AreaID
	Kind   string
	Starts time.Time
	Ends   *time.Time
}

// AccessOf lists the areas that have or had access, as far as the actor may see
// them, the oldest first.
func AccessOf(ctx context.Context, q db.Querier, id ref.NominalID) ([]Access, error) {
	rows, err := q.Query(ctx, `SELECT area_id AS area, kind, starts, ends FROM nominal_access
		WHERE nominal_id = $1 AND area_id IS NOT NULL ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Access])
}
