package referral

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/agency"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is a referral to start. Somebody looked for the person first: Search is
// what for, Shown whom the page then listed, and Nominal the one chosen, or 0
// when it was none of them.
type New struct {
	Area    ref.AreaID
	Agency  ref.AgencyID // that refers; 0: the one that the actor acts for in the area
	Search  string
	Shown   []ref.NominalID
	Nominal ref.NominalID
}

// Begun is the referral that was started, or that was open already.
type Begun struct {
	ID        ref.ReferralID
	Continued bool
}

// Start starts a referral of somebody who was looked for, so that no second
// record of a person is made. Where the area has an open referral of the person,
// it gives that one. The fields of its problems are area, agency and nominal.
func Start(ctx context.Context, d *db.DB, s db.Submission, n New) (Begun, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (Begun, error) {
		if err := mayStart(ctx, tx, &n); err != nil {
			return Begun{}, err
		}
		terms, err := nominal.SearchOf(ctx, tx, n.Search)
		if err != nil {
			return Begun{}, err
		}
		// One at a time, so that two people who meet the same stranger make one record.
		if err := tx.Lock(ctx, "referral.start", 1); err != nil {
			return Begun{}, err
		}
		cards, err := nominal.Find(ctx, tx, terms)
		if err != nil {
			return Begun{}, err
		}
		if n.Nominal == 0 {
			return startStranger(ctx, tx, n, terms, cards)
		}
		i := slices.IndexFunc(cards, func(c nominal.IdentityCard) bool { return c.Nominal == n.Nominal })
		if i < 0 {
			return Begun{}, fault.Missing()
		}
		return startKnown(ctx, tx, n, cards[i])
	})
}

func mayStart(ctx context.Context, tx *db.Tx, n *New) error {
	var leaf bool
	err := tx.QueryRow(ctx, `SELECT leaf FROM area_under WHERE area_id = $1 AND under_id = $1`, n.Area).Scan(&leaf)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if !leaf || !tx.Actor().MayIn(authz.Refer, int64(n.Area)) {
		return fault.Refuse("area", "R183", "Choose an area in which you may refer")
	}
	if n.Agency == 0 {
		n.Agency = ref.AgencyID(tx.Actor().AgencyIn(int64(n.Area)))
	}
	if n.Agency == 0 {
		return fault.Refuse("agency", "R17", "Choose the agency that refers")
	}
	return nil
}

// startStranger makes the record of a person whom nobody knew. Somebody who was
// added since the page was shown and is the same by PNCID, by URN, or by name and
// birth, has to be looked at first.
func startStranger(ctx context.Context, tx *db.Tx, n New, t nominal.Terms, cards []nominal.IdentityCard) (Begun, error) {
	for _, c := range cards {
		if sameAs(t, c) && !slices.Contains(n.Shown, c.Nominal) {
			return Begun{}, fault.Refuse("nominal", "R13", "Somebody added this person after you looked. Look at the list again")
		}
	}
	if t.FamilyName == "" {
		return Begun{}, fault.Refuse("nominal", "R13", "To add a new person, search by family name first")
	}
	id, err := nominal.Create(ctx, tx, n.Area, nominal.Identity{FamilyName: t.FamilyName, GivenNames: t.GivenNames, Born: t.Born, URN: t.URN,
		PNCIDTyped: t.PNCIDTyped, PNCID: t.PNCID, Source: "referral"})
	if err != nil {
		return Begun{}, err
	}
	n.Nominal = id
	made, err := Insert(ctx, tx, n.Area, n.Agency, id)
	return Begun{ID: made}, err
}

func sameAs(t nominal.Terms, c nominal.IdentityCard) bool {
	return t.PNCID != "" && t.PNCID == c.PNCID || t.URN != "" && strings.EqualFold(t.URN, c.URN) ||
		!t.Born.IsZero() && t.Born == c.Born && strings.EqualFold(t.FamilyName, c.FamilyName) && strings.EqualFold(t.GivenNames, c.GivenNames)
}

// startKnown refers somebody who is known already, here or elsewhere in the force.
func startKnown(ctx context.Context, tx *db.Tx, n New, c nominal.IdentityCard) (Begun, error) {
	switch {
	case c.Kind == nominal.Responsible && c.Area == n.Area:
		return Begun{}, fault.Refuse("nominal", "R99", "This person is on the scheme in "+c.AreaName+" already")
	case c.Kind == nominal.Responsible:
		return Begun{}, fault.Refuse("nominal", "R99", c.AreaName+" is responsible for this person. Ask its co-ordinator about a transfer")
	case c.Kind == nominal.Referring && c.Area != n.Area:
		return Begun{}, fault.Refuse("nominal", "R99", "A referral of this person is open in "+c.AreaName+" already. Ask its co-ordinator")
	}
	if err := nominal.Admit(ctx, tx, n.Area, c); err != nil {
		return Begun{}, err
	}
	all, err := Of(ctx, tx, c.Nominal)
	if err != nil {
		return Begun{}, err
	}
	for _, r := range all {
		if r.Area == n.Area && r.State.Open() {
			tx.Record(audit.Event{Operation: audit.Consult, Command: "referral.continue", Area: int64(n.Area), Nominals: []int64{int64(c.Nominal)},
				Object: "referral", ObjectID: int64(r.ID)})
			return Begun{ID: r.ID, Continued: true}, nil
		}
	}
	id, err := Insert(ctx, tx, n.Area, n.Agency, c.Nominal)
	return Begun{ID: id}, err
}

// Insert makes the referral of a person to whom the area has open access, with
// what is known of the person and of who refers filled in. It records the event.
// Start is the way in from a page.
func Insert(ctx context.Context, tx *db.Tx, area ref.AreaID, from ref.AgencyID, id ref.NominalID) (ref.ReferralID, error) {
	if err := db.Must(tx, authz.Refer, int64(area)); err != nil {
		return 0, err
	}
	card, err := nominal.CardOf(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	of, err := agency.Name(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	if of == "" {
		return 0, fault.Refuse("agency", "R17", "Choose the agency that refers")
	}
	var made ref.ReferralID
	err = tx.QueryRow(ctx, `INSERT INTO referral (nominal_id, area_id, agency_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		id, area, from, tx.Now(), tx.Actor().Account).Scan(&made)
	if err != nil {
		return 0, err
	}
	// The person who starts it is offered as the contact; the system itself is nobody.
	contact := ""
	if tx.Actor().WorksFor(int64(from)) {
		contact = tx.Actor().Name
	}
	for _, known := range []Answers{KnownOf(card), Details{Agency: from, AgencyName: of, Contact: contact, Date: tx.Today()}} {
		if err := insertSection(ctx, tx, made, id, 1, known, ""); err != nil {
			return 0, err
		}
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "referral.start", Area: int64(area), Nominals: []int64{int64(id)},
		Object: "referral", ObjectID: int64(made)})
	return made, nil
}

// KnownOf are the personal details as the record has them now.
func KnownOf(c nominal.Card) Personal {
	i := c.Identity
	p := Personal{FamilyName: i.FamilyName, GivenNames: i.GivenNames, Born: i.Born, Sex: i.Sex, Gender: i.Gender, URN: i.URN,
		PNCIDTyped: i.PNCIDTyped, PNCID: i.PNCID, CRN: i.CRN, PrisonNumber: i.PrisonNumber, NINumber: i.NINumber, Email: i.Email,
		Preferences: i.Preferences, Address: c.Address().Text, Postcode: c.Address().Postcode}
	for _, a := range c.Aliases {
		p.Aliases = append(p.Aliases, a.Name)
	}
	for _, w := range c.Warnings {
		p.Warnings = append(p.Warnings, w.Text)
	}
	for _, n := range c.Phones {
		p.Phones = append(p.Phones, Phone{n.Kind, n.Number})
	}
	return p
}

// insertSection appends a version of a section.
func insertSection(ctx context.Context, tx *db.Tx, id ref.ReferralID, of ref.NominalID, version int64, a Answers, reason string) error {
	stored, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if len(stored) > sectionMost {
		return fault.Refuse("", "", "These answers are too long to be kept together. Shorten the longest ones")
	}
	_, err = tx.Exec(ctx, `INSERT INTO referral_section (referral_id, nominal_id, section, version, answers, reason, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, of, a.Section(), version, stored, reason, tx.Now(), tx.Actor().Account)
	if db.Violates(err, "referral_section_pkey") {
		return fault.Changed()
	}
	return err
}
