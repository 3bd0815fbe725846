package referralpage

import (
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/referral"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/ui"
)

func fillRisk(f *form.Form, a referral.Risk) {
	f.Set("narrative", a.Narrative)
	f.Set("vulnerability", a.Vulnerability)
}

func readRisk(f *form.Form) referral.Risk {
	return referral.Risk{Narrative: f.Prose("narrative", "Threat, harm and risk assessment", form.Optional),
		Vulnerability: f.Prose("vulnerability", "Risk and vulnerability assessment", form.Optional)}
}

// question is one of the screening questions with yes, no and text.
type question struct{ name, label, hint string }

// questions are the first four of the form (R27-R30).
var questions = []question{
	{"complex_needs", "1. Does the individual have multiple complex needs linked to reoffending?", ""},
	{"intelligence", "2. Will enhanced access to and monitoring of police intelligence support a reduction in reoffending?",
		"Say which types of intelligence would be most useful"},
	{"multi_agency", "3. Is multi-agency input required to reduce reoffending, and are these arrangements not in place elsewhere?", ""},
	{"pattern", "4. Is there a pattern of regular reoffending, contact with the police or non-compliance?", ""},
}

func fillConsiderations(f *form.Form, a referral.Considerations) {
	for name, value := range map[string]string{"complex_needs": string(a.ComplexNeeds), "complex_needs_text": a.ComplexNeedsText,
		"intelligence": string(a.Intelligence), "intelligence_text": a.IntelligenceText, "multi_agency": string(a.MultiAgency),
		"multi_agency_text": a.MultiAgencyText, "pattern": string(a.Pattern), "pattern_text": a.PatternText, "benefit": a.Benefit,
		"elsewhere": string(a.Elsewhere), "elsewhere_which": a.ElsewhereWhich, "elsewhere_why": a.ElsewhereWhy} {
		f.Set(name, value)
	}
}

func readConsiderations(f *form.Form) referral.Considerations {
	ask := func(q question) (referral.YesNo, string) {
		return yesNo(f, q.name, q.label), f.Prose(q.name+"_text", "Details of question "+q.label[:1], form.Optional)
	}
	var a referral.Considerations
	a.ComplexNeeds, a.ComplexNeedsText = ask(questions[0])
	a.Intelligence, a.IntelligenceText = ask(questions[1])
	a.MultiAgency, a.MultiAgencyText = ask(questions[2])
	a.Pattern, a.PatternText = ask(questions[3])
	a.Benefit = f.Prose("benefit", "5. How will this individual benefit from intensive supervision?", form.Optional)
	a.Elsewhere = yesNo(f, "elsewhere", "Do other arrangements to manage this person exist already?")
	a.ElsewhereWhich = f.Prose("elsewhere_which", "Which arrangements", form.Optional)
	a.ElsewhereWhy = f.Prose("elsewhere_why", "Why IOM is appropriate all the same", form.Optional)
	if a.Elsewhere == referral.Yes && f.IsSubmitted() {
		for name, text := range map[string]string{"elsewhere_which": a.ElsewhereWhich, "elsewhere_why": a.ElsewhereWhy} {
			if text == "" {
				f.Fail(name, "Enter "+map[string]string{"elsewhere_which": "which arrangements exist", "elsewhere_why": "why IOM is appropriate all the same"}[name])
			}
		}
	}
	return a
}

// characteristicsField names the boxes of one rating: some characteristics belong
// to several.
func characteristicsField(r rag.Rating) string { return part("characteristics", r.Rank(), "of") }

func fillRating(f *form.Form, a referral.Rating) {
	f.Set("rating", string(a.Rating))
	f.Set(characteristicsField(a.Rating), a.Characteristics...)
	f.Set("why", a.Reason)
}

// readRating keeps the characteristics ticked of the rating chosen: without
// scripts the boxes of every rating are in the page.
func readRating(f *form.Form) referral.Rating {
	var names []string
	for _, r := range rag.Ratings {
		names = append(names, string(r))
	}
	a := referral.Rating{Rating: rag.Rating(f.Choice("rating", "Proposed RAG rating", form.Optional, names...))}
	for _, r := range rag.Ratings {
		if chosen := f.Choices(characteristicsField(r), "Characteristics of "+r.Word(), r.Characteristics()...); r == a.Rating {
			a.Characteristics = chosen
		}
	}
	a.Reason = f.Prose("why", "Why this rating is proposed", form.Optional)
	return a
}

func ratingOptions(f *form.Form) []ui.Option {
	var all []ui.Option
	for _, r := range rag.Ratings {
		all = append(all, ui.Option{Value: string(r), Text: r.Word(), Hint: r.Aim(), Reveal: characteristicsOf(f, r)})
	}
	return all
}

func fillYouth(f *form.Form, a referral.Youth) {
	for name, value := range map[string]string{"high_risk": string(a.HighRisk), "high_risk_text": a.HighRiskText, "harm": string(a.Harm),
		"harm_text": a.HarmText, "iss": string(a.ISS), "gang": string(a.Gang), "discussed_on": a.DiscussedOn.Typed(), "sergeant": a.Sergeant,
		"worker": a.Worker, "said": a.Said} {
		f.Set(name, value)
	}
}

func readYouth(f *form.Form, today clock.Date) referral.Youth {
	return referral.Youth{
		HighRisk:     yesNo(f, "high_risk", "Is the young person assessed as a high risk of further offending?"),
		HighRiskText: f.Prose("high_risk_text", "Evidence of the risk of further offending", form.Optional),
		Harm:         yesNo(f, "harm", "Is the young person assessed as posing a threat, risk and harm to the community?"),
		HarmText:     f.Prose("harm_text", "Evidence of the threat, risk and harm", form.Optional),
		ISS:          yesNo(f, "iss", "Sentenced to intensive supervision and surveillance (ISS)?"),
		Gang:         yesNo(f, "gang", "Identified as a gang nominal?"),
		DiscussedOn:  f.PastDate("discussed_on", "Date of the discussion", form.Optional, today),
		Sergeant:     f.Line("sergeant", "IOM Detective Sergeant", form.Optional),
		Worker:       f.Line("worker", "Who spoke for the youth offending team", form.Optional),
		Said:         f.Prose("said", "What was said and agreed", form.Optional),
	}
}

// equalityField names the input of a characteristic.
func equalityField(i int) string { return part("equality", i, "value") }

func fillEquality(f *form.Form, known []nominal.Characteristic) {
	for i, name := range nominal.Characteristics {
		for _, c := range known {
			if c.Name == name {
				f.Set(equalityField(i), c.Value)
			}
		}
	}
}

func readEquality(f *form.Form) []nominal.Characteristic {
	var all []nominal.Characteristic
	for i, name := range nominal.Characteristics {
		value := f.Line(equalityField(i), options(name)[0].Text, form.Optional)
		all = append(all, nominal.Characteristic{Name: name, Value: value})
	}
	return all
}
