package nominalpage

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"iom/internal/casework/condition"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// noOther is the choice of those who record standard conditions only.
const noOther = "none"

// LicenceConditions records conditions of a licence: the standard ones by ticking them, and
// one more in the words of the licence (R127).
func LicenceConditions(c *page.Ctx) error {
	var (
		n       condition.New
		licence condition.Period
		before  []condition.Condition
	)
	of, _ := ref.Parse[ref.SentenceID](c.Param("sentence"))
	return sentenceTask(c, task{
		title: "Record licence conditions", button: "Record conditions", notice: "Licence conditions recorded. Record when they were explained to the person",
		guide: "The governor sets the conditions: standard ones for everybody, additional ones for some. Enter them as the licence says.",
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			licence = condition.LicenceOf(p.Dates, of)
			before, err = condition.Of(ctx, q, p.ID)
			return err
		},
		preset: func(f *form.Form, _ frame.Person) {
			var ticked []string
			for i, words := range condition.Standards {
				if !slices.ContainsFunc(before, func(c condition.Condition) bool { return c.Sentence == of && c.Words == words && !c.Ended() }) {
					ticked = append(ticked, strconv.Itoa(i+1))
				}
			}
			f.Set("standard", ticked...)
			f.Set("kind", noOther)
			if !licence.Begins.IsZero() {
				f.Set("from_on", licence.Begins.Typed())
			}
		},
		read: func(f *form.Form) {
			n = condition.New{Sentence: of}
			for _, number := range f.Choices("standard", "Standard conditions", numbers(len(condition.Standards))...) {
				i, _ := strconv.Atoi(number)
				n.Standard = append(n.Standard, condition.Standards[i-1])
			}
			if kind := f.Choice("kind", "Another condition", form.Required, append([]string{noOther}, texts(condition.Kinds)...)...); kind != noOther {
				n.Kind = condition.Kind(kind)
			}
			n.Limbs = readLimbs(f)
			n.Words = f.Prose("words", "Words of the other condition", form.Optional)
			n.SetBy, n.SetOn, n.From = readSetting(f, c.Today())
			n.Source = f.Line("source", "Source", form.Required)
		},
		view: func(f *form.Form) templ.Component { return conditionFields(f, licence) },
	}, func(id ref.NominalID, _ ref.SentenceID) error {
		n.Nominal = id
		_, err := condition.Record(c.Context(), c.DB, c.Submission(), n)
		return err
	})
}

// AmendCondition ends a condition and puts another in its place (R127).
func AmendCondition(c *page.Ctx) error {
	var (
		n     condition.Amendment
		shown condition.Condition
	)
	return conditionTask(c, task{
		title: "Amend a licence condition", button: "Amend condition", notice: "Condition amended. Record when it was explained to the person", first: true,
		guide:  "The condition as it stands ends on the day on which the new one comes into force. Both stay in the record.",
		preset: func(f *form.Form, _ frame.Person) { f.Set("words", shown.Words) },
		read: func(f *form.Form) {
			n = condition.Amendment{Words: f.Prose("words", "Words of the condition", form.Required)}
			if shown.Kind == condition.DrugTesting {
				n.Limbs = readLimbs(f)
			}
			n.SetBy, n.SetOn, n.From = readSetting(f, c.Today())
			n.Why, n.Source = f.Prose("why", "Why the condition is amended", form.Required), f.Line("source", "Source", form.Required)
		},
		view: func(f *form.Form) templ.Component { return amendFields(f, shown) },
	}, &shown, func(id ref.NominalID, which ref.ConditionID) error {
		_, err := condition.Amend(c.Context(), c.DB, c.Submission(), id, which, n)
		return err
	})
}

// EndCondition removes a condition from a day on (R127).
func EndCondition(c *page.Ctx) error {
	var (
		n     condition.NewEnd
		shown condition.Condition
	)
	return conditionTask(c, task{
		title: "Record that a licence condition was removed", button: "Record the end", notice: "The end of the condition is recorded",
		guide: "It stays in the record, with your reason beside it.",
		read: func(f *form.Form) {
			n = condition.NewEnd{On: f.PastDate("ended_on", "Day from which it no longer holds", form.Required, c.Today()), EndedBy: f.Line("ended_by", "Who removed it", form.Required),
				Why: f.Prose("why", "Why it was removed", form.Required), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return endConditionFields(f, shown) },
	}, &shown, func(id ref.NominalID, which ref.ConditionID) error {
		return condition.End(c.Context(), c.DB, c.Submission(), id, which, n)
	})
}

// Explained records that conditions or requirements, and the consequences of breach, were
// explained to the person (R130).
func Explained(c *page.Ctx) error {
	var n condition.NewExplanation
	of, _ := ref.Parse[ref.SentenceID](c.Param("sentence"))
	return sentenceTask(c, task{
		title: "Record that conditions were explained", button: "Record explanation", notice: "Explanation recorded",
		guide:  "Record it when the licence conditions or supervision requirements were explained to the person, and the consequences of breach too: at the start of the licence, and again at the start of supervision.",
		preset: func(f *form.Form, _ frame.Person) { f.Set("explained_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			n = condition.NewExplanation{Sentence: of, On: f.PastDate("explained_on", "Date on which they were explained", form.Required, c.Today()),
				ExplainedBy: f.Line("explained_by", "Who explained them", form.Required), Note: f.Prose("note", "Note", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return explainedFields(f) },
	}, func(id ref.NominalID, _ ref.SentenceID) error {
		n.Nominal = id
		_, err := condition.Explain(c.Context(), c.DB, c.Submission(), n)
		return err
	})
}

// conditionTask is a form about one licence condition of the person in the address.
func conditionTask(c *page.Ctx, t task, shown *condition.Condition, do func(id ref.NominalID, which ref.ConditionID) error) error {
	return about(c, t, "condition", among(shown, condition.Of, func(x condition.Condition) ref.ConditionID { return x.ID }), do)
}

// readSetting reads who set a condition, when, and from which day it is in force.
func readSetting(f *form.Form, today clock.Date) (by string, on, from clock.Date) {
	return f.Line("set_by", "Governor who set it", form.Required), f.PastDate("set_on", "Date on which the governor set it", form.Required, today),
		f.Date("from_on", "Date from which it is in force", form.Required)
}

// readLimbs reads the two questions of drug testing (R141).
func readLimbs(f *form.Form) (l condition.Limbs) {
	answer := func(name, label string) law.Answer {
		return readAnswer(f.Choice(name, label, form.Optional, "met", "not met", "not known"))
	}
	l.Propensity = answer("propensity", limbPropensity)
	l.PropensityEvidence = f.Prose("propensity_evidence", "What this answer rests on", form.Optional)
	l.Contribution = answer("contribution", limbContribution)
	l.ContributionEvidence = f.Prose("contribution_evidence", "What this answer rests on", form.Optional)
	return l
}

// The two limbs in the words of the guide.
const (
	limbPropensity   = "The person has a propensity to misuse specified Class A or Class B drugs"
	limbContribution = "The misuse caused or contributed to an offence of which the person was convicted, or is likely to cause or contribute to further ones"
)

// numbers are the values of a list to be ticked: 1 and so on.
func numbers(count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = strconv.Itoa(i + 1)
	}
	return all
}

func standardOptions() []ui.Option {
	var all []ui.Option
	for i, words := range condition.Standards {
		all = append(all, ui.Option{Value: strconv.Itoa(i + 1), Text: words})
	}
	return all
}

// conditionKinds are what another condition can be about; drug testing asks further.
func conditionKinds(f *form.Form) []ui.Option {
	all := []ui.Option{{Value: noOther, Text: "No other condition"}}
	for _, k := range condition.Kinds {
		o := ui.Option{Value: string(k), Text: k.Word()}
		if k == condition.DrugTesting {
			o.Reveal = limbFields(f)
		}
		all = append(all, o)
	}
	return all
}
