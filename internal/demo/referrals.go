package demo

import (
	"context"
	"fmt"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/db"
)

// referrers are the words of the team who refer, most often police and probation.
var referrers = []string{"police", "police2", "probation", "probation2", "coordinator", "partner"}

// refer enters the referral of somebody and submits it: looked for first, then
// every section of the form.
func (s *show) refer(ctx context.Context, p *person) error {
	user := s.user(pick(s.r, referrers), p.leaf)
	if err := s.begin(ctx, p, user); err != nil {
		return err
	}
	sections := s.form(p, user)
	if p.born.AgeOn(s.day()) < 18 {
		sections = append(sections, referral.Youth{HighRisk: referral.Yes, HighRiskText: "Four offences in as many weeks; does not come home at night.",
			Harm: referral.Yes, HarmText: "A knife was shown twice to other young people.", ISS: referral.Yes, Gang: referral.No,
			DiscussedOn: s.day(), Sergeant: s.names[s.accounts[s.user("police", p.leaf)]], Worker: s.names[s.accounts[s.user("youth", p.leaf)]],
			Said: "Both agree that IOM adds what the youth order cannot: daily checks and one plan with the family."})
	}
	if err := s.save(ctx, p, user, sections...); err != nil {
		return err
	}
	if _, err := referral.SaveEquality(ctx, s.d, s.as(user), p.referral, s.versions(ctx, p, user)[referral.SectionEquality], s.characteristics(p)); err != nil {
		return fmt.Errorf("protected characteristics: %w", err)
	}
	if _, err := referral.Submit(ctx, s.d, s.as(user), p.referral); err != nil {
		return fmt.Errorf("submission: %w", err)
	}
	return nil
}

// begin looks for the person and starts the referral of somebody nobody knew.
func (s *show) begin(ctx context.Context, p *person, user string) error {
	terms := nominal.Terms{FamilyName: p.family, GivenNames: p.given, Born: p.born}
	search, err := nominal.StoreSearch(ctx, s.d, s.as(user), "referral.find", terms)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	cards, err := ask(ctx, s, user, func(ctx context.Context, q *db.ReadTx) ([]nominal.IdentityCard, error) {
		return nominal.Find(ctx, q, terms)
	})
	if err != nil {
		return err
	}
	var shown []ref.NominalID
	for _, c := range cards {
		shown = append(shown, c.Nominal)
	}
	begun, err := referral.Start(ctx, s.d, s.as(user), referral.New{Area: s.areas[leaves[p.leaf].name], Search: search, Shown: shown})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	p.referral = begun.ID
	r, err := s.read(ctx, p, user)
	if err != nil {
		return err
	}
	p.nominal = r.Nominal
	s.cases[p.nominal] = p
	return nil
}

func (s *show) read(ctx context.Context, p *person, user string) (referral.Referral, error) {
	return ask(ctx, s, user, func(ctx context.Context, q *db.ReadTx) (referral.Referral, error) {
		return referral.Get(ctx, q, p.referral)
	})
}

// versions are those of the sections now; empty when they cannot be read, which
// makes the save that follows fail.
func (s *show) versions(ctx context.Context, p *person, user string) map[referral.Section]int64 {
	r, err := s.read(ctx, p, user)
	all := map[referral.Section]int64{}
	if err != nil {
		return all
	}
	for _, section := range referral.Order {
		all[section] = r.Version(section)
	}
	return all
}

func (s *show) save(ctx context.Context, p *person, user string, sections ...referral.Answers) error {
	versions := s.versions(ctx, p, user)
	for _, a := range sections {
		if _, err := referral.Save(ctx, s.d, s.as(user), p.referral, versions[a.Section()], a, ""); err != nil {
			return fmt.Errorf("section %s: %w", a.Section(), err)
		}
	}
	return nil
}

// form are the sections as the profile of the person fills them.
func (s *show) form(p *person, user string) []referral.Answers {
	f := p.profile
	town := pick(s.r, towns[leaves[p.leaf].name])
	personal := referral.Personal{FamilyName: p.family, GivenNames: p.given, Born: p.born, Sex: map[bool]string{true: "female", false: "male"}[p.female],
		URN: "47" + pad(p.serial, 6), Address: fmt.Sprintf("%d %s Street, %s", between(s.r, 1, 180), pick(s.r, streets), town.name),
		Postcode: fmt.Sprintf("%s %d%s", town.outward, between(s.r, 1, 9), pick(s.r, []string{"AB", "DE", "GH", "XY"})),
		Phones:   []referral.Phone{{Kind: "mobile", Number: "07700 900" + pad(s.r.IntN(1000), 3)}}, NoWarnings: true}
	personal.PNCIDTyped = pncid(p.born.Year+between(s.r, 14, 17), between(s.r, 1000, 999999))
	personal.PNCID = personal.PNCIDTyped
	if chance(s.r, 35) {
		personal.Warnings, personal.NoWarnings = []string{pick(s.r, warnings)}, false
		if chance(s.r, 25) {
			personal.Warnings = append(personal.Warnings, "Visit in pairs")
		}
	}
	if chance(s.r, 20) {
		personal.Aliases = []string{pick(s.r, men) + " " + p.family}
	}
	if p.statutory {
		personal.CRN = string(rune('A'+s.r.IntN(26))) + pad(s.r.IntN(1000000), 6)
	}
	if p.female && chance(s.r, 50) {
		personal.Preferences = "Asks to be seen by women"
	}
	score := referral.Score{Type: "OGRS3", Value: fmt.Sprintf("%d%%", between(s.r, 55, 95)), On: s.day().AddDays(-between(s.r, 5, 60))}
	rows := []referral.Pathway{}
	for _, pathway := range sortedKeys(f.needs) {
		rows = append(rows, referral.Pathway{Pathway: pathway, Level: pick(s.r, []string{"red", "red", "amber"}), Needs: f.needs[pathway], Actions: "One plan agreed by the agencies involved"})
	}
	var groups []referral.GroupAnswer
	for _, short := range sortedKeys(s.groups) {
		groups = append(groups, referral.GroupAnswer{Group: s.groups[short], Member: short == f.group})
	}
	return []referral.Answers{
		personal,
		referral.Details{Agency: s.agencies[s.agencyOf(user)], Contact: s.names[s.accounts[user]], ContactDetails: mailOf(user, s.agencyOf(user)), Date: s.day()},
		referral.Justification{Evidence: f.evidence, Scores: []referral.Score{score}, IndexOffences: f.offences, Considered: referral.Considerable},
		referral.History{KnownFor: f.offences, Convictions: f.history},
		referral.Agencies{Rows: []referral.Involved{{Agency: "STAR", Person: s.names[s.accounts[s.user("partner", p.leaf)]], Contact: "01632 960" + pad(s.r.IntN(1000), 3)}}},
		referral.Pathways{Rows: rows},
		referral.Groups{Rows: groups},
		referral.Risk{Narrative: pick(s.r, threats), Vulnerability: "Assessed with the referring agency: see the needs above."},
		referral.Considerations{ComplexNeeds: referral.Yes, ComplexNeedsText: "Housing, drugs and money at once.", Intelligence: referral.Yes,
			IntelligenceText: "Where and with whom.", MultiAgency: referral.Yes, MultiAgencyText: "No forum holds the case.", Pattern: referral.Yes,
			PatternText: "Weekly contact with police.", Benefit: "Daily contact and one plan, with quick consequences.", Elsewhere: referral.No},
		referral.Rating{Rating: rag.Red, Characteristics: rag.Red.Characteristics()[:2], Reason: "Intelligence of new offending and no engagement."},
	}
}

func (s *show) characteristics(p *person) []nominal.Characteristic {
	return []nominal.Characteristic{{Name: "ethnicity", Value: pick(s.r, []string{"White British", "White British", "White British",
		"Black Caribbean", "Asian Pakistani", "Mixed", "White other", "Prefers not to say"})}}
}

// agencyOf is the agency of somebody of the team.
func (s *show) agencyOf(user string) string {
	for _, c := range s.made {
		if c.Username == user {
			return c.Agency
		}
	}
	return ""
}
