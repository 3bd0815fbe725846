package nominal

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// IdentityVersion is the version of the current identity, for the form that
// changes it.
func IdentityVersion(ctx context.Context, q db.Querier, id ref.NominalID) (version int64, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM nominal_identity WHERE nominal_id = $1`, id).Scan(&version)
	return version, err
}

// ChangeIdentity records who somebody is from now on; what was known before stays.
// A version that is not the current one gives fault.Changed.
func ChangeIdentity(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, version int64, n Identity) error {
	return change(ctx, d, s, id, "identity.change", "nominal_identity", func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, "identity", int64(id)); err != nil {
			return err
		}
		now, err := IdentityVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		if now != version {
			return fault.Changed()
		}
		if err := sourced(n.Source); err != nil {
			return err
		}
		return RecordIdentity(ctx, tx, id, n)
	}, "identity", "source")
}

// AddWarning adds a warning marker (R16).
func AddWarning(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, text, source string) error {
	return change(ctx, d, s, id, "warning.add", "nominal_warning", func(ctx context.Context, tx *db.Tx) error {
		if strings.TrimSpace(text) == "" {
			return fault.Refuse("text", "R16", "Enter the warning, such as Violent or Weapons")
		}
		if err := sourced(source); err != nil {
			return err
		}
		return RecordWarning(ctx, tx, id, text, source)
	}, "text", "source")
}

// AddAlias adds another name.
func AddAlias(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, name, source string) error {
	return change(ctx, d, s, id, "alias.add", "nominal_alias", func(ctx context.Context, tx *db.Tx) error {
		if strings.TrimSpace(name) == "" {
			return fault.Refuse("name", "R13", "Enter the other name")
		}
		if err := sourced(source); err != nil {
			return err
		}
		tx.Touch(int64(id))
		return RecordAlias(ctx, tx, id, name, source)
	}, "name", "source")
}

// AddAddress adds an address, which is the current one from then on.
func AddAddress(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, a Address) error {
	return change(ctx, d, s, id, "address.add", "nominal_address", func(ctx context.Context, tx *db.Tx) error {
		if strings.TrimSpace(a.Text) == "" {
			return fault.Refuse("address", "R13", "Enter the address, or “no fixed abode”")
		}
		if a.From.After(tx.Today()) {
			return fault.Refuse("from_on", "R13", "The date from which this holds must be today or in the past")
		}
		if err := sourced(a.Source); err != nil {
			return err
		}
		return RecordAddress(ctx, tx, id, a)
	}, "address", "postcode", "from_on", "source")
}

// AddPhone adds a number (R14).
func AddPhone(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, p Phone) error {
	return change(ctx, d, s, id, "phone.add", "nominal_phone", func(ctx context.Context, tx *db.Tx) error {
		if strings.TrimSpace(p.Number) == "" {
			return fault.Refuse("number", "R14", "Enter the number")
		}
		if err := sourced(p.Source); err != nil {
			return err
		}
		return RecordPhone(ctx, tx, id, p)
	}, "kind", "number", "source")
}

// Closable are the facts of an identity that End closes.
var Closable = []string{"nominal_warning", "nominal_alias", "nominal_address", "nominal_phone"}

// End says that a warning, alias, address or number holds no longer or never did.
// A warning stands on PNC or Niche, and people rely on it when they knock at a
// door: only police and the co-ordinator take one off.
func End(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, fact string, factID int64, how, reason string, endedOn clock.Date) error {
	return change(ctx, d, s, id, "fact.end", fact, func(ctx context.Context, tx *db.Tx) error {
		found := false
		for _, f := range Closable {
			found = found || f == fact
		}
		if !found {
			return fault.Missing()
		}
		scope, err := ScopeOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if fact == "nominal_warning" && !MayEndWarning(tx.Actor(), scope) {
			return fault.Denied("A warning comes from PNC or Niche: only police or the co-ordinator can take it off")
		}
		return CloseFact(ctx, tx, id, fact, factID, how, reason, endedOn)
	}, "how", "reason", "ended_on")
}

// MayEndWarning says whether the actor takes warnings off in the area of the record.
func MayEndWarning(a authz.Actor, s Scope) bool {
	for _, r := range []authz.Role{authz.Coordinator, authz.Police, authz.System} {
		if a.Holds(r, int64(s.Area)) {
			return true
		}
	}
	return false
}

// ChangeEquality records a protected characteristic (R185).
func ChangeEquality(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, answers []Characteristic) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := Must(ctx, tx, id, authz.RecordEquality)
		if err != nil {
			return false, err
		}
		for _, c := range answers {
			if err := RecordEquality(ctx, tx, id, c); err != nil {
				return false, err
			}
		}
		tx.Record(audit.Event{Operation: audit.Collect, Command: "equality.record", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "nominal_equality", Fields: []string{"characteristics"}})
		return true, nil
	})
	return err
}

func sourced(source string) error {
	if strings.TrimSpace(source) == "" {
		return fault.Refuse("source", "", "Enter the source: who or what this comes from")
	}
	return nil
}

// change is one change to what is known of a person, by somebody who may record
// contacts and needs in the area.
func change(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, command, object string,
	do func(ctx context.Context, tx *db.Tx) error, fields ...string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := Must(ctx, tx, id, authz.RecordContact)
		if err != nil {
			return false, err
		}
		if err := do(ctx, tx); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: command, Area: int64(scope.Area), Nominals: []int64{int64(id)}, Object: object, Fields: fields})
		return true, nil
	})
	return err
}
