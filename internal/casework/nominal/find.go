package nominal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Terms are what somebody is looked for by. Identifiers are canonical.
type Terms struct {
	FamilyName   string     `json:"family_name,omitempty"`
	GivenNames   string     `json:"given_names,omitempty"`
	Born         clock.Date `json:"born"`
	PNCIDTyped   string     `json:"pncid_typed,omitempty"`
	PNCID        string     `json:"pncid,omitempty"`
	URN          string     `json:"urn,omitempty"`
	CRN          string     `json:"crn,omitempty"`
	PrisonNumber string     `json:"prison_number,omitempty"`
	Postcode     string     `json:"postcode,omitempty"`
	Phone        string     `json:"phone,omitempty"` // digits only
}

// Empty says that there is nothing to look for.
func (t Terms) Empty() bool { return t == Terms{} }

// Name is the name looked for, in the order in which names are compared.
func (t Terms) Name() string { return strings.TrimSpace(t.FamilyName + " " + t.GivenNames) }

// Fields are the names of the terms given, for the log.
func (t Terms) Fields() []string {
	fields := []string{}
	for _, f := range []struct {
		name  string
		given bool
	}{{"name", t.Name() != ""}, {"born", !t.Born.IsZero()}, {"pncid", t.PNCID != ""}, {"urn", t.URN != ""},
		{"crn", t.CRN != ""}, {"prison_number", t.PrisonNumber != ""}, {"postcode", t.Postcode != ""}, {"phone", t.Phone != ""}} {
		if f.given {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// IdentityCard is the little that everybody who refers may know of a person in
// another area, so that no second record is made: name, birth, PNCID, URN and
// which area is responsible or has referred.
type IdentityCard struct {
	Nominal    ref.NominalID
	FamilyName string
	GivenNames string
	Born       clock.Date
	PNCID      string
	URN        string
	Area       ref.AreaID // 0: none now
	AreaName   string
	Kind       string  // Responsible, Referring, Known, or empty
	Score      float32 // 0 to 1: how alike
}

// Known is a card of somebody whom an area knows from earlier, neither registered
// nor referred now. Referring means that a referral is open.
const Known = "known"

// Name is the name on the card.
func (c IdentityCard) Name() Name { return Name{Family: c.FamilyName, Given: c.GivenNames} }

// findLimit is how many cards an answer has at most.
const findLimit = 20

// Find looks for a person in the whole force, best match first, at most twenty;
// for someone who may refer but not look beyond their areas (a chair), in those.
// Excluded and unnamed restricted people are not found. The page that shows the
// answer logs whom it listed.
func Find(ctx context.Context, q db.Querier, t Terms) ([]IdentityCard, error) {
	actor := q.Actor()
	if !actor.May(authz.FindPeople) && !actor.May(authz.Refer) {
		return nil, fault.Denied("Your role does not allow looking for people")
	}
	rows, err := q.Query(ctx, `
		SELECT nominal_id AS nominal, family_name, given_names, born, pncid, urn, coalesce(area_id, 0) AS area,
			coalesce(area, '') AS area_name, kind, score
		FROM find_people($1, $2, $3, $4, $5) f
		WHERE $6 OR EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = f.nominal_id AND a.area_id = ANY ($7))
		ORDER BY score DESC, nominal_id`,
		t.Name(), t.Born, t.PNCID, t.URN, findLimit, actor.May(authz.FindPeople), actor.AreasReading(authz.Casework))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[IdentityCard])
}

// StoreSearch keeps what is looked for under an id that says nothing, so that no
// name stands in an address. Only the account that looks can use it. command is
// what the log says, as "referral.find".
func StoreSearch(ctx context.Context, d *db.DB, s db.Submission, command string, t Terms) (string, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (string, error) {
		if t.Empty() {
			return "", fault.Refuse("", "", "Enter something to look for")
		}
		terms, err := json.Marshal(t)
		if err != nil {
			return "", err
		}
		var id string
		err = tx.QueryRow(ctx, `INSERT INTO stored_search (id, account_id, terms, recorded_at)
			VALUES (gen_random_uuid(), $1, $2, $3) RETURNING id::text`, tx.Actor().Account, terms, tx.Now()).Scan(&id)
		tx.Record(audit.Event{Operation: audit.Consult, Command: command, Fields: t.Fields()})
		return id, err
	})
}

var searchID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// SearchOf is what the actor looked for under an id; fault.Missing for anything else.
func SearchOf(ctx context.Context, q db.Querier, id string) (Terms, error) {
	if !searchID.MatchString(id) {
		return Terms{}, fault.Missing()
	}
	var stored []byte
	err := q.QueryRow(ctx, `SELECT terms FROM stored_search WHERE id = $1`, id).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return Terms{}, fault.Missing()
	}
	if err != nil {
		return Terms{}, err
	}
	var t Terms
	if err := json.Unmarshal(stored, &t); err != nil {
		return Terms{}, fmt.Errorf("nominal: stored search %s: %w", id, err)
	}
	return t, nil
}
