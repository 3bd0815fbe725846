package nominalpage

import (
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// Status records the statutory status (R208).
func Status(c *page.Ctx) error {
	var n sentence.NewStatus
	return task{
		title: "Record a statutory status", tab: frame.Custody, button: "Save status", notice: "Statutory status saved", may: authz.RecordCustody,
		guide:  "This becomes the current status. Earlier ones stay in the record.",
		preset: func(f *form.Form, _ frame.Person) { f.Set("from_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			n = sentence.NewStatus{Standing: sentence.Standing(f.Choice("status", "Status", form.Required, texts(sentence.Standings)...)),
				From: f.PastDate("from_on", "Date from which it holds", form.Required, c.Today()), Ends: f.Date("ends_on", "Date on which it ends", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := sentence.RecordStatus(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return statusFields(f) },
	}.serve(c)
}

// Sentence records a sentence as it was imposed.
func Sentence(c *page.Ctx) error {
	var n sentence.New
	return task{
		title: "Record a sentence", tab: frame.Custody, button: "Record sentence", notice: "Sentence recorded", may: authz.RecordCustody,
		read: func(f *form.Form) {
			n = sentence.New{
				ImposedOn: f.PastDate("imposed_on", "Date of the sentence", form.Required, c.Today()), Court: f.Line("court", "Court", form.Required),
				Offence: f.Prose("offence", "Index offence", form.Required), OffenceOn: f.PastDate("offence_on", "Date of the offence", form.Optional, c.Today()),
				Kind: sentence.Kind(f.Choice("kind", "Kind of sentence", form.Required, texts(sentence.Kinds)...)),
				Term: sentence.Term{Years: f.Whole("years", "Years", form.Optional, 0, 99), Months: f.Whole("months", "Months", form.Optional, 0, 999),
					Weeks: f.Whole("weeks", "Weeks", form.Optional, 0, 999), Days: f.Whole("days", "Days", form.Optional, 0, 9999), Life: f.Tick("life", "Life")},
				LED: f.Date("led", "Licence end date (LED)", form.Optional), SED: f.Date("sed", "Sentence end date (SED)", form.Optional),
				Source: f.Line("source", "Source", form.Required),
			}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := sentence.Record(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return sentenceFields(f) },
	}.serve(c)
}

// Score records a score of reoffending (R4).
func Score(c *page.Ctx) error {
	var n sentence.NewScore
	return task{
		title: "Record a score of reoffending", tab: frame.Custody, button: "Save score", notice: "Score saved", may: authz.RecordCustody,
		guide: "Scores are entered as the instrument gave them. This service does not compute them.",
		read: func(f *form.Form) {
			n = sentence.NewScore{Type: f.Choice("type", "Score", form.Required, sentence.ScoreTypes...), Value: f.Line("value", "Value", form.Required),
				On: f.PastDate("scored_on", "Date of the score", form.Required, c.Today()), Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := sentence.RecordScore(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return scoreFields(f) },
	}.serve(c)
}

func same(text string) string { return text }

// shortDay is the legal day of a moment.
func shortDay(at time.Time) string { return clock.DateOf(at).Short() }

// sentenceWord is the kind with its length: Custody: 2 years and 6 months.
func sentenceWord(s sentence.Sentence) string {
	if s.Term().IsZero() {
		return s.Kind.Word()
	}
	return s.Kind.Word() + ": " + s.Term().String()
}
