package referral

import (
	"strings"

	"iom/internal/casework/need"
	"iom/internal/casework/ref"
)

// Lines of the sections, worded as on the paper form.

// Lines are those of the personal details.
func (a Personal) Lines() []Line {
	phones := make([]string, len(a.Phones))
	for i, n := range a.Phones {
		phones[i] = n.Number + " (" + kindLetter(n.Kind) + ")"
	}
	pncid := a.PNCID
	if a.PNCIDTyped != "" && a.PNCIDTyped != a.PNCID {
		pncid += " (typed as " + a.PNCIDTyped + ")"
	}
	warnings := strings.Join(a.Warnings, "\n")
	if a.NoWarnings {
		warnings = "None on PNC or Niche"
	}
	return []Line{
		{"Family name", a.FamilyName}, {"Given names", a.GivenNames}, {"Other names used", strings.Join(a.Aliases, "\n")},
		{"Date of birth", a.Born.Long()}, {"Sex", a.Sex}, {"Gender", a.Gender}, {"URN", a.URN}, {"PNCID", pncid}, {"CRN", a.CRN},
		{"Prison number", a.PrisonNumber}, {"Address", a.Address}, {"Postcode", a.Postcode}, {"Contact numbers", strings.Join(phones, "\n")},
		{"E-mail address", a.Email}, {"National Insurance", a.NINumber}, {"Warnings (PNC/Niche)", warnings},
		{"How to work with the person", a.Preferences},
	}
}

// kindLetter is the kind of a number as the form writes it (R14).
func kindLetter(kind string) string {
	switch kind {
	case "mobile":
		return "M"
	case "home":
		return "H"
	case "work":
		return "W"
	}
	return "Other"
}

// Lines are those of the referral details.
func (a Details) Lines() []Line {
	return []Line{{"Agency", a.AgencyName}, {"Contact", a.Contact}, {"Contact details", a.ContactDetails}, {"Date of referral", a.Date.Long()}}
}

// Lines are those of the justification.
func (a Justification) Lines() []Line {
	scores := make([]string, len(a.Scores))
	for i, s := range a.Scores {
		scores[i] = s.Type + " " + s.Value + ", " + s.On.Long()
	}
	return []Line{
		{"Evidence of a high risk of reoffending", a.Evidence}, {"Scores of reoffending", strings.Join(scores, "\n")}, {"Why there is no score", a.NoScore},
		{"Licence end date (LED)", a.LED.Long()}, {"Sentence end date (SED)", a.SED.Long()}, {"Index offences", a.IndexOffences},
		{"Taken into account", strings.Join(a.Considered, "\n")}, {"What this showed", a.Considering},
	}
}

// Lines are those of the offending history.
func (a History) Lines() []Line {
	return []Line{{"Known for", a.KnownFor}, {"Previous convictions", a.Convictions}}
}

// Lines are one for each agency.
func (a Agencies) Lines() []Line {
	if a.None {
		return []Line{{"Other agencies", "None involved"}}
	}
	lines := []Line{}
	for _, r := range a.Rows {
		lines = append(lines, Line{r.Agency, joined(", ", r.Person, r.Contact)})
	}
	if len(lines) == 0 {
		lines = append(lines, Line{"Other agencies", ""})
	}
	return lines
}

// Lines are one for each of the nine pathways, answered or not.
func (a Pathways) Lines() []Line {
	lines := make([]Line, len(need.Pathways))
	for i, known := range need.Pathways {
		lines[i].Label = known.Word()
		if r := a.Of(string(known)); r.Level != "" {
			lines[i].Value = joined("\n", need.Level(r.Level).Word(), prefixed("Needs: ", r.Needs), prefixed("Actions: ", r.Actions))
		}
	}
	return lines
}

// Of is what was answered of one pathway; its level is empty when nothing was.
func (a Pathways) Of(pathway string) Pathway {
	for _, r := range a.Rows {
		if r.Pathway == pathway {
			return r
		}
	}
	return Pathway{Pathway: pathway}
}

// Lines are one for each group answered.
func (a Groups) Lines() []Line {
	lines := make([]Line, len(a.Rows))
	for i, r := range a.Rows {
		lines[i] = Line{r.Name, "No"}
		if r.Member {
			lines[i].Value = "Yes"
		}
	}
	return lines
}

// Of is the answer for one group.
func (a Groups) Of(group ref.GroupID) YesNo {
	for _, r := range a.Rows {
		if r.Group == group && r.Member {
			return Yes
		} else if r.Group == group {
			return No
		}
	}
	return ""
}

// Lines are those of the risk assessment.
func (a Risk) Lines() []Line {
	return []Line{{"Threat, harm and risk assessment", a.Narrative}, {"Risk and vulnerability assessment", a.Vulnerability}}
}

// Lines are the five questions of the form and that of other arrangements.
func (a Considerations) Lines() []Line {
	return []Line{
		{"1. Does the individual have multiple complex needs linked to reoffending?", joined("\n", a.ComplexNeeds.Word(), a.ComplexNeedsText)},
		{"2. Will enhanced access to and monitoring of police intelligence support a reduction in reoffending, and which types of intelligence?",
			joined("\n", a.Intelligence.Word(), a.IntelligenceText)},
		{"3. Is multi-agency input required to reduce reoffending, and not in place elsewhere?", joined("\n", a.MultiAgency.Word(), a.MultiAgencyText)},
		{"4. Is there a pattern of regular reoffending, contact with the police or non-compliance?", joined("\n", a.Pattern.Word(), a.PatternText)},
		{"5. How will this individual benefit from intensive supervision?", a.Benefit},
		{"Do other arrangements to manage this person exist already?", joined("\n", a.Elsewhere.Word(), prefixed("Which: ", a.ElsewhereWhich),
			prefixed("Why IOM all the same: ", a.ElsewhereWhy))},
	}
}

// Lines are those of the proposed rating.
func (a Rating) Lines() []Line {
	return []Line{{"Proposed RAG rating", string(a.Rating)}, {"Characteristics", strings.Join(a.Characteristics, "\n")}, {"Reason", a.Reason}}
}

// Lines are those of the referral of a child.
func (a Youth) Lines() []Line {
	return []Line{
		{"Assessed as a high risk of further offending", joined("\n", a.HighRisk.Word(), a.HighRiskText)},
		{"Assessed as posing a threat, risk and harm to the community", joined("\n", a.Harm.Word(), a.HarmText)},
		{"Sentenced to intensive supervision and surveillance (ISS)", a.ISS.Word()}, {"Gang nominal", a.Gang.Word()},
		{"Discussed on", a.DiscussedOn.Long()}, {"IOM Detective Sergeant", a.Sergeant}, {"Youth offending team", a.Worker}, {"What was said", a.Said},
	}
}

// Lines is empty: the protected characteristics are not among the answers.
func (Equality) Lines() []Line { return nil }

// Change is a line that differs between two versions of a section.
type Change struct{ Label, Old, New string }

// Changes are the lines in which two versions differ, in the order of the form.
func Changes(before, after Answers) []Change {
	was := map[string]string{}
	for _, l := range before.Lines() {
		was[l.Label] = l.Value
	}
	var all []Change
	for _, l := range after.Lines() {
		if was[l.Label] != l.Value {
			all = append(all, Change{l.Label, was[l.Label], l.Value})
		}
		delete(was, l.Label)
	}
	for _, l := range before.Lines() {
		if old := was[l.Label]; old != "" {
			all = append(all, Change{l.Label, old, ""})
			delete(was, l.Label)
		}
	}
	return all
}

func joined(by string, parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
