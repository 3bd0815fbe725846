package referral

import (
	"slices"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// adultAge is the age from which somebody is no child.
const adultAge = 18

// problems gathers what is wrong.
type problems []fault.Problem

func (p *problems) add(wrong bool, field, rule, text string) {
	if wrong {
		*p = append(*p, fault.Problem{Field: field, Rule: rule, Text: text})
	}
}

// blank says that nothing was written: white space is no answer.
func blank(text string) bool { return strings.TrimSpace(text) == "" }

// IsChild says that somebody is under 18 on the day of the referral: that of the
// form or, without one, today. Without a date of birth nobody knows; MaySubmit
// asks for it for that reason.
func IsChild(f Form, today clock.Date) bool {
	on := f.Details.Date
	if on.IsZero() {
		on = today
	}
	return !f.Personal.Born.IsZero() && f.Personal.Born.AgeOn(on) < adultAge
}

// MaySubmit is what is missing before a referral can go to the meeting. The
// field of a problem is the name of the section that it is in.
func MaySubmit(f Form, today clock.Date) []fault.Problem {
	var p problems
	for _, s := range Order {
		for _, wrong := range f.Of(s).check(today) {
			p.add(true, string(s), wrong.Rule, wrong.Text)
		}
	}
	p.add(blank(f.Personal.FamilyName), "personal", "R13", "Enter the family name")
	p.add(f.Personal.Born.IsZero(), "personal", "R13", "Enter the date of birth: it says whether the rules for a child apply")
	p.add(len(f.Personal.Warnings) == 0 && !f.Personal.NoWarnings, "personal", "R16", "Enter the PNC and Niche warnings, or say that there are none")
	p.add(f.Details.Agency == 0 || blank(f.Details.Contact), "details", "R17", "Enter the referring agency and the contact there")
	p.add(f.Details.Date.IsZero(), "details", "R17", "Enter the date of referral")
	p.justification(f.Justification)
	p.add(blank(f.History.KnownFor) && blank(f.History.Convictions), "history", "R20", "Enter what the person is known for or the previous convictions")
	p.add(len(f.Agencies.Rows) == 0 && !f.Agencies.None, "agencies", "R21", "Enter the other agencies involved, or say that there are none")
	p.add(len(f.assessed()) == 0, "pathways", "R22", "Assess at least one pathway")
	p.add(blank(f.Risk.Narrative), "risk", "R26", "Enter the threat, harm and risk assessment")
	p.considerations(f.Considerations)
	p.add(f.Rating.Rating == "", "rating", "R3", "Propose a RAG rating")
	p.add(f.Rating.Rating != "" && blank(f.Rating.Reason), "rating", "R3", "Enter why this RAG rating is proposed")
	if IsChild(f, today) {
		p.child(f.Youth)
	}
	return p
}

func (p *problems) justification(j Justification) {
	p.add(blank(j.Evidence), "justification", "R18", "Enter the evidence of a high risk of reoffending")
	p.add(len(j.Scores) == 0 && blank(j.NoScore), "justification", "R4", "Enter a score of reoffending, or say why there is none")
	p.add(blank(j.IndexOffences), "justification", "R19", "Enter the index offences")
	var missing []string
	for _, c := range Considerable {
		if !slices.Contains(j.Considered, c) {
			missing = append(missing, c)
		}
	}
	p.add(len(missing) > 0 && blank(j.Considering), "justification", "R4",
		"Say that "+strings.Join(missing, " and ")+" was taken into account, or why not")
}

func (p *problems) considerations(c Considerations) {
	const section = "considerations"
	p.add(!c.ComplexNeeds.Answered(), section, "R27", "Question 1: say whether there are multiple complex needs")
	p.add(!c.Intelligence.Answered(), section, "R28", "Question 2: say whether police intelligence would help")
	p.add(!c.MultiAgency.Answered(), section, "R29", "Question 3: say whether multi-agency input is needed")
	p.add(!c.Pattern.Answered(), section, "R30", "Question 4: say whether there is a pattern of reoffending")
	p.add(blank(c.Benefit), section, "R31", "Question 5: enter how the person would benefit from intensive supervision")
	p.elsewhere(c, section)
}

// elsewhere holds R7: whether other arrangements to manage the person exist must
// be answered, and if so, why IOM all the same.
func (p *problems) elsewhere(c Considerations, field string) {
	p.add(!c.Elsewhere.Answered(), field, "R7", "Say whether other arrangements to manage this person exist already")
	p.add(c.Elsewhere == Yes && (blank(c.ElsewhereWhich) || blank(c.ElsewhereWhy)), field, "R7",
		"Enter which other arrangements exist, and why IOM is appropriate all the same")
}

// child holds R107: both, never one alone.
func (p *problems) child(y Youth) {
	p.add(y.HighRisk != Yes || y.Harm != Yes, "youth", "R107",
		"A child can be referred only if assessed as a high risk of further offending and as a threat, risk and harm to the community")
	p.add(y.HighRisk == Yes && blank(y.HighRiskText) || y.Harm == Yes && blank(y.HarmText), "youth", "R107", "Enter the evidence for both assessments of the child")
}

// MayAdopt is what keeps a referral from being adopted, beside what kept it from
// being submitted: the arrangements elsewhere (R7), and for a child both
// assessments (R107) and the recorded discussion with the youth offending team
// (R109). A child is never accepted automatically (R8). Field is the section.
func MayAdopt(f Form, today clock.Date) []fault.Problem {
	var p problems
	p.elsewhere(f.Considerations, "considerations")
	if !IsChild(f, today) {
		return p
	}
	p.child(f.Youth)
	p.add(!f.Youth.discussed(), "youth", "R109",
		"A child can be adopted only after a full discussion between the IOM Detective Sergeant and the youth offending team is recorded")
	return p
}

// discussed says that the discussion of R109 is recorded in full.
func (y Youth) discussed() bool {
	return !y.DiscussedOn.IsZero() && !blank(y.Sergeant) && !blank(y.Worker) && !blank(y.Said)
}

// Reminders are what a referral should still have and can be submitted without.
func Reminders(f Form, groups int, today clock.Date) []fault.Problem {
	var p problems
	p.add(blank(f.Risk.Vulnerability), "risk", "R12", "The risk and vulnerability assessment is not attached")
	p.add(len(f.assessed()) > 0 && len(f.assessed()) < 9, "pathways", "R22", "Not every pathway is assessed; those left open do not count as green")
	p.add(len(f.Groups.Rows) < groups, "groups", "R24", "Not every priority group is answered; those left open do not count as No")
	p.add(f.Personal.PNCID == "", "personal", "R13", "There is no PNCID")
	if _, warning, err := nominal.ParsePNCID(f.Personal.PNCIDTyped, today); err == nil {
		p.add(warning != "", "personal", "R13", warning)
	}
	if IsChild(f, today) {
		p.add(!f.Youth.discussed(), "youth", "R109", "The discussion between the IOM Detective Sergeant and the youth offending team has to be recorded before adoption")
		p.add(f.Youth.ISS == Yes || f.Youth.Gang == Yes, "youth", "R108", "An ISS sentence or gang nominal is considered, never accepted automatically")
	}
	return p
}

// assessed are the pathways with a level.
func (f Form) assessed() []Pathway {
	var all []Pathway
	for _, r := range f.Pathways.Rows {
		if r.Level != "" {
			all = append(all, r)
		}
	}
	return all
}
