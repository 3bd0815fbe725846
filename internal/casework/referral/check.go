package referral

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

// What cannot be kept in a section, draft or not. The field of a problem is the
// name of the input on the page of the section; row i of a list is "list.i.part".

// Limits of the lists on the form.
const (
	RowsMost  = 20
	textMost  = 20_000
	lineMost  = 200
	yearsBack = 120 // nobody older is referred

	// sectionMost is what all answers of a section may come to, in bytes as they are
	// stored: below the bound of the column, which counts a little more.
	sectionMost = 950_000
)

func row(list string, i int, part string) string { return list + "." + strconv.Itoa(i) + "." + part }

// unkept says whether text cannot be kept: too long, or with a NUL in it.
func unkept(text string, most int) bool {
	return strings.ContainsRune(text, 0) || utf8.RuneCountInString(text) > most
}

func (p *problems) lines(field, text string) {
	p.add(unkept(text, lineMost), field, "", "Must be 200 characters or fewer")
}

func (p *problems) prose(field, text string) {
	p.add(unkept(text, textMost), field, "", "Must be 20,000 characters or fewer")
}

func (p *problems) yesNo(field string, a YesNo) {
	p.add(a != "" && !a.Answered(), field, "", "Choose yes or no")
}

func (a Personal) check(today clock.Date) (p problems) {
	p.add(blank(a.FamilyName), "family_name", "R13", "Enter the family name")
	for field, text := range map[string]string{"family_name": a.FamilyName, "given_names": a.GivenNames, "gender": a.Gender, "urn": a.URN,
		"pncid": a.PNCIDTyped, "email": a.Email} {
		p.lines(field, text)
	}
	p.prose("address", a.Address)
	p.prose("preferences", a.Preferences)
	p.add(a.Born.After(today), "born", "R13", "Date of birth must be in the past")
	p.add(!a.Born.IsZero() && a.Born.Before(today.AddMonths(-12*yearsBack)), "born", "R13", "Date of birth must be in the last 120 years")
	p.add(a.Sex != "" && !slices.Contains(nominal.Sexes, a.Sex), "sex", "", "Choose sex from the list")
	if a.PNCIDTyped != "" {
		_, _, err := nominal.ParsePNCID(a.PNCIDTyped, today)
		p.parsed("pncid", err)
	}
	p.identifier("crn", a.CRN, nominal.ParseCRN)
	p.identifier("prison_number", a.PrisonNumber, nominal.ParsePrisonNumber)
	p.identifier("ni_number", a.NINumber, nominal.ParseNINumber)
	p.identifier("postcode", a.Postcode, nominal.ParsePostcode)
	p.identifier("email", a.Email, nominal.ParseEmail)
	for i, n := range a.Phones {
		p.add(!slices.Contains(nominal.PhoneKinds, n.Kind), row("phones", i, "kind"), "R14", "Choose whether it is mobile, home, work or other")
		p.identifier(row("phones", i, "number"), n.Number, nominal.ParsePhone)
	}
	for i, w := range a.Warnings {
		p.lines(row("warnings", i, "text"), w)
	}
	for i, n := range a.Aliases {
		p.lines(row("aliases", i, "name"), n)
	}
	p.add(a.NoWarnings && len(a.Warnings) > 0, "no_warnings", "R16", "There are warnings above: take them out or do not say that there are none")
	p.add(max(len(a.Phones), len(a.Warnings), len(a.Aliases)) > RowsMost, "family_name", "", "No list can have more than 20 rows")
	return p
}

func (p *problems) identifier(field, text string, parse func(string) (string, error)) {
	if text != "" {
		_, err := parse(text)
		p.parsed(field, err)
	}
}

func (p *problems) parsed(field string, err error) {
	if err != nil {
		p.add(true, field, "", err.Error())
	}
}

func (a Details) check(today clock.Date) (p problems) {
	p.lines("contact", a.Contact)
	p.lines("contact_details", a.ContactDetails)
	p.add(a.Date.After(today), "date", "R17", "Date of referral must be today or in the past")
	return p
}

func (a Justification) check(today clock.Date) (p problems) {
	p.prose("evidence", a.Evidence)
	p.prose("no_score", a.NoScore)
	p.prose("index_offences", a.IndexOffences)
	p.prose("considering", a.Considering)
	for i, s := range a.Scores {
		for _, wrong := range sentence.CheckScore(sentence.NewScore{Type: s.Type, Value: s.Value, On: s.On, Source: "referral"}, today) {
			p.add(true, row("scores", i, wrong.Field), "R4", wrong.Text)
		}
	}
	p.add(len(a.Scores) > RowsMost, "evidence", "", "No list can have more than 20 rows")
	p.add(!a.LED.IsZero() && !a.SED.IsZero() && a.SED.Before(a.LED), "sed", "R19", "Sentence end date must not be before the licence end date")
	for _, c := range a.Considered {
		p.add(!slices.Contains(Considerable, c), "considered", "R4", "Choose what was taken into account from the list")
	}
	return p
}

func (a History) check(clock.Date) (p problems) {
	p.prose("known_for", a.KnownFor)
	p.prose("convictions", a.Convictions)
	return p
}

func (a Agencies) check(clock.Date) (p problems) {
	for i, r := range a.Rows {
		p.add(blank(r.Agency), row("agencies", i, "agency"), "R21", "Enter the agency")
		p.lines(row("agencies", i, "agency"), r.Agency)
		p.lines(row("agencies", i, "person"), r.Person)
		p.lines(row("agencies", i, "contact"), r.Contact)
	}
	p.add(len(a.Rows) > RowsMost, "none", "", "No list can have more than 20 rows")
	p.add(a.None && len(a.Rows) > 0, "none", "R21", "There are agencies above: take them out or do not say that there are none")
	return p
}

func (a Pathways) check(today clock.Date) (p problems) {
	for _, r := range a.Rows {
		known := need.Pathway(r.Pathway)
		slug := known.Slug()
		p.add(!slices.Contains(need.Pathways, known), slug+".level", "R22", "There is no such pathway")
		p.prose(slug+".needs", r.Needs)
		p.prose(slug+".actions", r.Actions)
		if r.Level == "" {
			p.add(r.Needs != "" || r.Actions != "", slug+".level", "R22", "Choose the level of "+r.Pathway)
			continue
		}
		for _, wrong := range need.Check(need.Assessment{Pathway: known, Level: need.Level(r.Level), Needs: r.Needs, Actions: r.Actions,
			On: today, Source: "referral"}, today) {
			p.add(true, slug+"."+wrong.Field, "R22", known.Word()+": "+wrong.Text)
		}
	}
	return p
}

func (a Groups) check(clock.Date) (p problems) { return nil }

func (a Risk) check(clock.Date) (p problems) {
	p.prose("narrative", a.Narrative)
	p.prose("vulnerability", a.Vulnerability)
	return p
}

func (a Considerations) check(clock.Date) (p problems) {
	for field, answer := range map[string]YesNo{"complex_needs": a.ComplexNeeds, "intelligence": a.Intelligence,
		"multi_agency": a.MultiAgency, "pattern": a.Pattern, "elsewhere": a.Elsewhere} {
		p.yesNo(field, answer)
	}
	for field, text := range map[string]string{"complex_needs_text": a.ComplexNeedsText, "intelligence_text": a.IntelligenceText,
		"multi_agency_text": a.MultiAgencyText, "pattern_text": a.PatternText, "benefit": a.Benefit,
		"elsewhere_which": a.ElsewhereWhich, "elsewhere_why": a.ElsewhereWhy} {
		p.prose(field, text)
	}
	return p
}

func (a Rating) check(clock.Date) (p problems) {
	if a.Rating != "" {
		_, ok := rag.Parse(string(a.Rating))
		p.add(!ok, "rating", "R38", "Choose one of the five ratings")
	}
	for _, c := range a.Characteristics {
		p.add(!slices.Contains(a.Rating.Characteristics(), c), "rating", "R38", "Choose only characteristics of the rating that is proposed")
	}
	p.prose("why", a.Reason)
	return p
}

func (a Youth) check(today clock.Date) (p problems) {
	for field, answer := range map[string]YesNo{"high_risk": a.HighRisk, "harm": a.Harm, "iss": a.ISS, "gang": a.Gang} {
		p.yesNo(field, answer)
	}
	p.prose("high_risk_text", a.HighRiskText)
	p.prose("harm_text", a.HarmText)
	p.prose("said", a.Said)
	p.lines("sergeant", a.Sergeant)
	p.lines("worker", a.Worker)
	p.add(a.DiscussedOn.After(today), "discussed_on", "R109", "Date of the discussion must be today or in the past")
	return p
}

func (Equality) check(clock.Date) problems { return nil }
