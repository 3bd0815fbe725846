package nominal

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The functions of this file add to what is known of a nominal, inside the
// transaction of a command that has checked the permission and records the
// event. What stands already, word for word, is not recorded twice.

// RecordIdentity records who somebody is, as known from now on.
func RecordIdentity(ctx context.Context, tx *db.Tx, id ref.NominalID, n Identity) error {
	if err := check(n, tx.Today()); err != nil {
		return err
	}
	now, inPart, err := identityOf(ctx, tx, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil && now.equals(n) {
		return nil
	}
	if inPart && !partial(n) {
		n.Source = partialSource + ", " + n.Source
	}
	return insertIdentity(ctx, tx, id, n)
}

func (i Identity) equals(other Identity) bool {
	i.Source, other.Source = "", ""
	return i == other
}

// check holds what the database would refuse without words.
func check(n Identity, today clock.Date) error {
	var all []fault.Problem
	if strings.TrimSpace(n.FamilyName) == "" {
		all = append(all, fault.Problem{Field: "family_name", Text: "Enter the family name"})
	}
	if n.Born.After(today) {
		all = append(all, fault.Problem{Field: "born", Text: "Date of birth must be in the past"})
	}
	if n.Sex != "" && !slices.Contains(Sexes, n.Sex) {
		all = append(all, fault.Problem{Field: "sex", Text: "Choose sex from the list"})
	}
	return fault.Refused(all)
}

func insertIdentity(ctx context.Context, tx *db.Tx, id ref.NominalID, n Identity) error {
	tx.Touch(int64(id))
	_, err := tx.Exec(ctx, `
		INSERT INTO nominal_identity (nominal_id, family_name, given_names, born, sex, gender, urn, pncid_typed, pncid, crn,
			prison_number, ni_number, email, preferences, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		id, n.FamilyName, n.GivenNames, n.Born, n.Sex, n.Gender, n.URN, n.PNCIDTyped, n.PNCID, n.CRN,
		n.PrisonNumber, n.NINumber, n.Email, n.Preferences, n.Source, tx.Now(), tx.Actor().Account)
	return err
}

// RecordAlias adds another name.
func RecordAlias(ctx context.Context, tx *db.Tx, id ref.NominalID, name, source string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO nominal_alias (nominal_id, name, source, recorded_at, recorded_by)
		SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (
			SELECT FROM nominal_alias x WHERE x.nominal_id = $1 AND lower(x.name) = lower($2)
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_alias' AND c.fact_id = x.id))`,
		id, name, source, tx.Now(), tx.Actor().Account)
	return err
}

// RecordAddress adds an address; the latest that is not closed is the current one.
func RecordAddress(ctx context.Context, tx *db.Tx, id ref.NominalID, a Address) error {
	now, err := addressesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(now) > 0 && now[0].Text == a.Text && now[0].Postcode == a.Postcode && now[0].From == a.From {
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO nominal_address (nominal_id, address, postcode, from_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, a.Text, a.Postcode, a.From, a.Source, tx.Now(), tx.Actor().Account)
	return err
}

// RecordPhone adds a number with its kind (R14).
func RecordPhone(ctx context.Context, tx *db.Tx, id ref.NominalID, p Phone) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO nominal_phone (nominal_id, kind, number, source, recorded_at, recorded_by)
		SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (
			SELECT FROM nominal_phone x WHERE x.nominal_id = $1 AND x.kind = $2 AND x.number = $3
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_phone' AND c.fact_id = x.id))`,
		id, p.Kind, p.Number, p.Source, tx.Now(), tx.Actor().Account)
	return err
}

// RecordWarning adds a warning marker (R16).
func RecordWarning(ctx context.Context, tx *db.Tx, id ref.NominalID, text, source string) error {
	tx.Touch(int64(id))
	_, err := tx.Exec(ctx, `
		INSERT INTO nominal_warning (nominal_id, text, source, recorded_at, recorded_by)
		SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (
			SELECT FROM nominal_warning x WHERE x.nominal_id = $1 AND lower(x.text) = lower($2)
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_warning' AND c.fact_id = x.id))`,
		id, text, source, tx.Now(), tx.Actor().Account)
	return err
}

// RecordEquality records a protected characteristic (R185). Who wrote it and the
// co-ordinator read it; elsewhere it is only counted.
func RecordEquality(ctx context.Context, tx *db.Tx, id ref.NominalID, c Characteristic) error {
	if !slices.Contains(Characteristics, c.Name) {
		return fault.Refuse("", "R185", "Choose the characteristic from the list")
	}
	_, err := tx.Exec(ctx, `INSERT INTO nominal_equality (nominal_id, characteristic, value, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5)`, id, c.Name, c.Value, tx.Now(), tx.Actor().Account)
	return err
}

// RecordGroup records whether somebody belongs to a priority group (R24). A
// question that was not answered has no row.
func RecordGroup(ctx context.Context, tx *db.Tx, id ref.NominalID, group ref.GroupID, member bool, source string) error {
	tx.Touch(int64(id))
	_, err := tx.Exec(ctx, `
		INSERT INTO nominal_priority_group (nominal_id, group_id, member, source, recorded_at, recorded_by)
		SELECT $1, $2, $3, $4, $5, $6 WHERE $3 IS DISTINCT FROM (
			SELECT member FROM nominal_priority_group WHERE nominal_id = $1 AND group_id = $2 ORDER BY id DESC LIMIT 1)`,
		id, group, member, source, tx.Now(), tx.Actor().Account)
	return err
}
