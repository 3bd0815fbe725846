package referralpage

import (
	"slices"

	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/web/form"
)

func fillDetails(f *form.Form, a referral.Details) {
	f.Set("agency", ref.Text(a.Agency))
	f.Set("contact", a.Contact)
	f.Set("contact_details", a.ContactDetails)
	f.Set("date", a.Date.Typed())
}

func (v sectionView) readDetails(f *form.Form, today clock.Date) referral.Details {
	a := referral.Details{Agency: ref.AgencyID(f.ID("agency", "Referring agency", form.Optional)),
		Contact:        f.Line("contact", "Contact at the agency", form.Optional),
		ContactDetails: f.Line("contact_details", "Telephone or e-mail of the contact", form.Optional),
		Date:           f.PastDate("date", "Date of referral", form.Optional, today)}
	for _, known := range v.agencies {
		if known.Value == ref.Text(a.Agency) {
			a.AgencyName = known.Text
		}
	}
	return a
}

func fillJustification(f *form.Form, a referral.Justification) {
	f.Set("evidence", a.Evidence)
	for i, s := range a.Scores {
		f.Set(part("scores", i, "type"), s.Type)
		f.Set(part("scores", i, "value"), s.Value)
		f.Set(part("scores", i, "scored_on"), s.On.Typed())
	}
	f.Set("no_score", a.NoScore)
	f.Set("led", a.LED.Typed())
	f.Set("sed", a.SED.Typed())
	f.Set("index_offences", a.IndexOffences)
	f.Set("considered", a.Considered...)
	f.Set("considering", a.Considering)
}

func readJustification(f *form.Form, today clock.Date) referral.Justification {
	var a referral.Justification
	a.Evidence = f.Prose("evidence", "Evidence of a high risk of reoffending", form.Optional)
	a.Scores = readScores(f, today)
	a.NoScore = f.Prose("no_score", "Why there is no score", form.Optional)
	a.LED = f.Date("led", "Licence end date (LED)", form.Optional)
	a.SED = f.Date("sed", "Sentence end date (SED)", form.Optional)
	a.IndexOffences = f.Prose("index_offences", "Index offences", form.Optional)
	a.Considered = f.Choices("considered", "What was taken into account", referral.Considerable...)
	a.Considering = f.Prose("considering", "What this showed, or why something was not taken into account", form.Optional)
	return a
}

func readScores(f *form.Form, today clock.Date) []referral.Score {
	var all []referral.Score
	for i := range shown(f, "scores", "type", "value", "scored_on") {
		s := referral.Score{Type: f.Choice(part("scores", i, "type"), "Kind of score", form.Optional, sentence.ScoreTypes...),
			Value: f.Line(part("scores", i, "value"), "Score", form.Optional),
			On:    f.PastDate(part("scores", i, "scored_on"), "Date of the score", form.Optional, today)}
		if !filled(f, part("scores", i, "type"), part("scores", i, "value"), part("scores", i, "scored_on")) {
			continue
		}
		if f.IsSubmitted() {
			for _, wrong := range sentence.CheckScore(sentence.NewScore{Type: s.Type, Value: s.Value, On: s.On, Source: "referral"}, today) {
				f.Fail(part("scores", i, wrong.Field), wrong.Text)
			}
		}
		all = append(all, s)
	}
	return all
}

// filled says whether anything was typed in any of the fields.
func filled(f *form.Form, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return f.Field(name).Value != "" })
}

func fillHistory(f *form.Form, a referral.History) {
	f.Set("known_for", a.KnownFor)
	f.Set("convictions", a.Convictions)
}

func readHistory(f *form.Form) referral.History {
	return referral.History{KnownFor: f.Prose("known_for", "Known for", form.Optional),
		Convictions: f.Prose("convictions", "Previous convictions", form.Optional)}
}
