package account

import (
	"context"

	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Give gives a role. Only an administrator does it, within the areas that the
// administrator looks after, and never to the same account (ASVS 8.2.2). The
// fields of its problems are "role", "agency", "area", "from" and "to".
func Give(ctx context.Context, d *db.DB, s db.Submission, n NewGrant) (ref.GrantID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.GrantID, error) {
		return InsertGrant(ctx, tx, n)
	})
}

// InsertGrant is Give within a transaction.
func InsertGrant(ctx context.Context, tx *db.Tx, n NewGrant) (id ref.GrantID, err error) {
	if n.From.IsZero() {
		n.From = tx.Today()
	}
	if n.Area == 0 {
		return 0, fault.Refuse("area", "", "Choose an area")
	}
	if err := mustLookAfter(tx, n.Area); err != nil {
		return 0, err
	}
	if err := tx.Lock(ctx, "account", int64(n.Account)); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, n.Account); err != nil {
		return 0, err
	}
	of, err := agency.Get(ctx, tx, n.Agency)
	if fault.KindOf(err) == fault.NotFound {
		return 0, fault.Refuse("agency", "", "Choose an agency")
	}
	if err != nil {
		return 0, err
	}
	held, err := Grants(ctx, tx, n.Account)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(CheckGrant(n, ref.AccountID(tx.Actor().Account), of, held, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO access_grant (account_id, role, agency_id, area_id, valid_from, valid_to, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		n.Account, n.Role, n.Agency, n.Area, n.From, n.To, tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "access_grant_area_id_fkey") {
		return 0, fault.Refuse("area", "", "Choose an area")
	}
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Alter, Command: "account.grant", Area: int64(n.Area), Object: "account", ObjectID: int64(n.Account),
		Fields: []string{"role " + string(n.Role), "agency", "area", "from", "to"}})
	return id, nil
}

// EndGrant ends a grant at once: it counts for nothing from the next request. It
// must be one of the account given, so that an address cannot name another's.
func EndGrant(ctx context.Context, d *db.DB, s db.Submission, of ref.AccountID, id ref.GrantID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := tx.Lock(ctx, "account", int64(of)); err != nil {
			return false, err
		}
		g, err := getGrant(ctx, tx, id)
		if err == nil && g.Account != of {
			err = fault.Missing()
		}
		if err != nil {
			return false, err
		}
		if err := mustLookAfter(tx, g.Area); err != nil {
			return false, err
		}
		if int64(g.Account) == tx.Actor().Account {
			return false, fault.Refuse("", "", "Nobody can end a role of their own. Ask another administrator")
		}
		done, err := tx.Exec(ctx, `UPDATE access_grant SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL`, id, tx.Now(), tx.Actor().Account)
		if err == nil && done.RowsAffected() == 0 {
			err = fault.Changed()
		}
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "account.end_grant", Area: int64(g.Area), Object: "account", ObjectID: int64(g.Account),
			Fields: []string{"role " + string(g.Role)}})
		return true, nil
	})
	return err
}

// mustLookAfter says whether the actor administers the area. One that was made in
// this very transaction is in no grant's list yet, so the whole force is asked too.
func mustLookAfter(tx *db.Tx, area ref.AreaID) error {
	if tx.Actor().MayEverywhere(authz.ManageAccounts) {
		return nil
	}
	return db.Must(tx, authz.ManageAccounts, int64(area))
}

// mustManage says whether the actor may change an account: never their own by
// this way, and one that works in areas of others only as an administrator of the
// whole force. Otherwise an administrator of one area could lock out another's
// people, or take over an account that sees more.
func mustManage(ctx context.Context, tx *db.Tx, id ref.AccountID) (Account, error) {
	if !tx.Actor().May(authz.ManageAccounts) {
		return Account{}, fault.Denied("Only an administrator may do this")
	}
	if err := tx.Lock(ctx, "account", int64(id)); err != nil {
		return Account{}, err
	}
	a, err := Get(ctx, tx, id)
	if err != nil {
		return Account{}, err
	}
	if int64(id) == tx.Actor().Account {
		return Account{}, fault.Denied("Nobody can do this to their own account. Ask another administrator")
	}
	held, err := Grants(ctx, tx, id)
	if err != nil {
		return Account{}, err
	}
	if !Manages(tx.Actor(), id, held, tx.Today()) {
		return Account{}, fault.Denied("This person works in areas that you do not look after. Ask an administrator of the whole force")
	}
	return a, nil
}

// Manages says whether an administrator may change the account with these grants.
func Manages(actor authz.Actor, id ref.AccountID, held []Grant, today clock.Date) bool {
	if int64(id) == actor.Account {
		return false
	}
	if actor.MayEverywhere(authz.ManageAccounts) {
		return true
	}
	for _, g := range held {
		if g.live(today) && !actor.MayIn(authz.ManageAccounts, int64(g.Area)) {
			return false
		}
	}
	return actor.May(authz.ManageAccounts)
}
