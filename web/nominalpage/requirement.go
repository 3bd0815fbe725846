package nominalpage

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"iom/internal/casework/condition"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// Requirements records the requirements of a supervision as they were proposed, set or
// amended: any of exactly ten (R128-R132, R134).
func Requirements(c *page.Ctx) error {
	var (
		n           condition.NewSet
		supervision condition.Period
		before      []condition.Set
	)
	of, _ := ref.Parse[ref.SentenceID](c.Param("sentence"))
	return sentenceTask(c, task{
		title: "Record supervision requirements", button: "Record requirements", notice: "Supervision requirements recorded",
		guide: "Only these ten can be chosen, and only what stands in square brackets can be filled in. Additional conditions for the protection of the public belong to a licence: supervision is for rehabilitation.",
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
			supervision = condition.SupervisionOf(p.Dates, of)
			all, err := condition.Sets(ctx, q, p.ID)
			before = condition.OfSentence(all, of)
			return err
		},
		preset: func(f *form.Form, _ frame.Person) { presetRequirements(f, before, supervision) },
		read: func(f *form.Form) {
			n = condition.NewSet{Sentence: of, Step: condition.Step(f.Choice("step", "What is recorded", form.Required, texts(condition.Steps)...)),
				RequestedBy: f.Line("requested_by", "Supervisor who asked for it", form.Optional), RequestedOn: f.PastDate("requested_on", "Date on which the supervisor asked", form.Optional, c.Today()),
				DoneBy: f.Line("done_by", "Who proposed or set them", form.Required), DoneOn: f.PastDate("done_on", "Date on which they were proposed or set", form.Required, c.Today()),
				From: f.Date("from_on", "Date from which they are in force", form.Optional), Chosen: readChosen(f), LeftOutWhy: f.Prose("left_out_why", "Why one is left out or removed", form.Optional),
				Why: f.Prose("why", "Why they are necessary and proportionate, and for rehabilitation", form.Required), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return requirementFields(f, supervision) },
	}, func(id ref.NominalID, _ ref.SentenceID) error {
		n.Nominal = id
		_, err := condition.Require(c.Context(), c.DB, c.Submission(), n)
		return err
	})
}

// presetRequirements fills in what was recorded last or, where nothing was, the first eight (R129).
func presetRequirements(f *form.Form, before []condition.Set, supervision condition.Period) {
	f.Set("step", string(condition.Proposed))
	if !supervision.Begins.IsZero() {
		f.Set("from_on", supervision.Begins.Typed())
	}
	if len(before) == 0 {
		f.Set("number", numbers(8)...)
		return
	}
	var ticked []string
	for _, c := range before[0].Chosen {
		ticked = append(ticked, strconv.Itoa(c.Number))
		for i, value := range c.Brackets {
			f.Set(condition.BracketField(c.Number, i), value)
		}
		f.Set(condition.WhyField(c.Number), c.Why)
	}
	f.Set("number", ticked...)
	f.Set("step", string(condition.SetUp))
	if _, standing := condition.Latest(before); standing {
		f.Set("step", string(condition.Amended))
	}
}

// readChosen reads which of the ten are chosen, with what fills their brackets.
func readChosen(f *form.Form) (all []condition.Chosen) {
	ticked := f.Choices("number", "Requirements", numbers(len(law.Requirements))...)
	for _, r := range law.Requirements {
		c := condition.Chosen{Number: r.Number}
		for i, what := range r.Brackets() {
			c.Brackets = append(c.Brackets, f.Line(condition.BracketField(r.Number, i), upper(what), form.Optional))
		}
		if !r.Usual {
			c.Why = f.Prose(condition.WhyField(r.Number), "Why requirement "+strconv.Itoa(r.Number)+" is necessary and proportionate, and for rehabilitation", form.Optional)
		}
		if r.Number == drugTesting {
			c.Limbs = readLimbs(f)
		}
		if slices.Contains(ticked, strconv.Itoa(r.Number)) {
			all = append(all, c)
		}
	}
	return all
}

// drugTesting is the number of the requirement that asks both limbs of R141.
const drugTesting = 9

// requirementOptions are the ten, each with what it asks further.
func requirementOptions(f *form.Form) []ui.Option {
	var all []ui.Option
	for _, r := range law.Requirements {
		o := ui.Option{Value: strconv.Itoa(r.Number), Text: strconv.Itoa(r.Number) + ". " + r.Text}
		if len(r.Brackets()) > 0 || !r.Usual {
			o.Reveal = requirementParts(f, r)
		}
		all = append(all, o)
	}
	return all
}

// setSteps are what can be done with a set of requirements; an amendment asks who requested it.
func setSteps(f *form.Form) []ui.Option {
	all := options(condition.Steps, condition.Step.Word)
	all[len(all)-1].Reveal = requestFields(f)
	return all
}

// Recommendation records an amendment of the requirements that a court recommended (R133).
func Recommendation(c *page.Ctx) error {
	var (
		n           condition.NewRecommendation
		supervision condition.Period
	)
	of, _ := ref.Parse[ref.SentenceID](c.Param("sentence"))
	return sentenceTask(c, task{
		title: "Record what a court recommended", button: "Record recommendation", notice: "Recommendation recorded",
		guide: "A court that finds a breach cannot change the requirements itself. It can recommend a change, which the supervisor considers: what is agreed the governor is asked for, and a disagreement goes to PPCS.",
		ready: func(_ context.Context, _ *db.ReadTx, p frame.Person) error {
			supervision = condition.SupervisionOf(p.Dates, of)
			return nil
		},
		read: func(f *form.Form) {
			n = condition.NewRecommendation{Sentence: of, Court: f.Line("court", "Court", form.Required), RecommendedOn: f.PastDate("recommended_on", "Date of the recommendation", form.Required, c.Today()),
				Recommends: f.Prose("recommends", "What the court recommended", form.Required), ConsideredBy: f.Line("considered_by", "Who considered it", form.Required),
				ConsideredOn: f.PastDate("considered_on", "Date on which it was considered", form.Required, c.Today()),
				Outcome:      condition.Outcome(f.Choice("outcome", "What came of it", form.Required, texts(condition.Outcomes)...)),
				ReferredOn:   f.PastDate("referred_on", "Date of the referral to PPCS", form.Optional, c.Today()),
				Reason:       f.Prose("reason", "Why", form.Required), Source: f.Line("source", "Source", form.Required)}
			if n.Outcome == condition.Agreed && f.Field("referred_on").Error == "" {
				n.ReferredOn = clock.Date{} // what was typed below a choice that was taken back
			}
		},
		view: func(f *form.Form) templ.Component { return recommendationFields(f, supervision) },
	}, func(id ref.NominalID, _ ref.SentenceID) error {
		n.Nominal = id
		_, err := condition.Recommend(c.Context(), c.DB, c.Submission(), n)
		return err
	})
}

func outcomeOptions(f *form.Form) []ui.Option {
	all := options(condition.Outcomes, condition.Outcome.Word)
	all[len(all)-1].Reveal = referredField(f)
	return all
}

// supervisionView is the supervision after one group of sentences with its requirements.
type supervisionView struct {
	of          ref.SentenceID
	title       string
	period      condition.Period
	licence     condition.Period
	sets        []condition.Set
	recommended []condition.Recommendation
	explained   []condition.Explanation
}

// supervisions are those that were, and those of which something was recorded, the latest first.
func (v custodyView) supervisions() (all []supervisionView) {
	for _, g := range v.Dates.Groups {
		s := supervisionView{of: g.Sentences[0].ID, title: groupTitle(g)}
		s.period, s.licence = condition.SupervisionOf(v.Dates, s.of), condition.LicenceOf(v.Dates, s.of)
		for _, of := range g.Sentences {
			s.sets = append(s.sets, condition.OfSentence(v.bound.sets, of.ID)...)
			for _, r := range v.bound.recommended {
				if r.Sentence == of.ID {
					s.recommended = append(s.recommended, r)
				}
			}
			for _, x := range v.bound.explained {
				if x.Sentence == of.ID {
					s.explained = append(s.explained, x)
				}
			}
		}
		if s.period.None == "" || len(s.sets)+len(s.recommended) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// supervisionLinks are what can be recorded of a supervision.
func (v custodyView) supervisionLinks(s supervisionView) []ui.Link {
	if !v.May(authz.RecordCustody) {
		return nil
	}
	at := v.At("sentences/" + ref.Text(s.of))
	return []ui.Link{{Text: "Record requirements", Href: at + "/requirements"}, {Text: "Court recommendation", Href: at + "/recommendation"}, {Text: "Record explanation", Href: at + "/explained"}}
}

// stateText says whether a set is in force.
func (v custodyView) stateText(s condition.Set, of supervisionView) (text, colour string) {
	if s.Step == condition.Proposed {
		return "Proposed", "grey"
	}
	if in, ok := condition.InForce(of.sets, of.period, v.Today); ok && in.ID == s.ID {
		return "In force", "green"
	}
	if v.Today.Before(s.From) {
		return "In force from " + s.From.Short(), "blue"
	}
	return "Ended", "grey"
}

// setTitle says what was done with a set, by whom and when.
func setTitle(s condition.Set) string {
	text := s.Step.Word() + ": " + s.DoneBy + ", " + s.DoneOn.Long()
	if s.Step == condition.Amended {
		text += ". Asked for by " + s.RequestedBy + ", " + s.RequestedOn.Long()
	}
	return text
}

// setDays says from when to when a set is in force, with what ended it.
func setDays(s condition.Set, of supervisionView) string {
	text := "From " + s.From.Long()
	if until := condition.Until(s, of.sets, of.period); until != "" {
		text += ", to " + until
	}
	return text
}

// leftOutText says that one of the first eight was left out, or that one was removed.
func leftOutText(l condition.LeftOut) string {
	r, _ := law.RequirementNumbered(l.Number)
	return strconv.Itoa(l.Number) + ". " + r.Text + ": " + l.Reason
}

func recommendationText(r condition.Recommendation) string {
	text := r.Court + ", " + r.RecommendedOn.Long() + ". Considered by " + r.ConsideredBy + " on " + r.ConsideredOn.Long() + ": " + lowerFirst(r.Outcome.Word())
	if !r.ReferredOn.IsZero() {
		text += " on " + r.ReferredOn.Long()
	}
	return text + ". " + r.Reason
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// lawText is a rule set with its days and its law.
func lawText(r law.RuleSet) string { return r.Name + " (" + r.Period() + "). " + r.Law }
