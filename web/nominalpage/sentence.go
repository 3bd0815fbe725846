package nominalpage

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
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

// Sentence records a sentence as it was imposed, from the result of the court.
func Sentence(c *page.Ctx) error {
	var n sentence.New
	var others []ui.Option
	return task{
		title: "Record a sentence", tab: frame.Custody, button: "Record sentence", notice: "Sentence recorded. Its dates are computed below", may: authz.RecordCustody,
		guide: "Enter what the court said. The dates are computed from it, and dates that the prison notifies always win.",
		ready: func(_ context.Context, _ *db.ReadTx, p frame.Person) error {
			for _, s := range p.Dates.Sentences {
				if s.Kind == sentence.Custody {
					others = append(others, ui.Option{Value: ref.Text(s.ID), Text: sentenceWord(s) + ", " + s.Court + ", " + s.ImposedOn.Short()})
				}
			}
			return nil
		},
		preset: func(f *form.Form, _ frame.Person) { f.Set("relation", string(sentence.Alone)) },
		read: func(f *form.Form) {
			n = sentence.New{
				ImposedOn: f.PastDate("imposed_on", "Date of the sentence", form.Required, c.Today()), Court: f.Line("court", "Court", form.Required),
				Offence: f.Prose("offence", "Index offence", form.Required), OffenceOn: f.PastDate("offence_on", "Date of the offence", form.Optional, c.Today()),
				Type: sentence.Type(f.Choice("type", "Type of sentence", form.Required, texts(sentence.Types)...)),
				Term: sentence.Term{Years: f.Whole("years", "Years", form.Optional, 0, 99), Months: f.Whole("months", "Months", form.Optional, 0, 999),
					Weeks: f.Whole("weeks", "Weeks", form.Optional, 0, 999), Days: f.Whole("days", "Days", form.Optional, 0, 9999)},
				Remand:     f.Whole("remand", "Days on remand", form.Optional, 0, 20000),
				TaggedBail: f.Whole("tagged_bail", "Days credited for tagged bail", form.Optional, 0, 20000),
				OrderEnds:  f.Date("order_ends_on", "Day on which the order ends", form.Optional),
				Relation:   sentence.Relation(f.Choice("relation", "How it stands to other sentences", form.Optional, texts(sentence.Relations)...)),
				Related:    ref.SentenceID(f.ID("related", "Other sentence", form.Optional)),
				Conditions: f.Choices("conditions", "Conditions that change the dates", conditionIDs()...),
				Source:     f.Line("source", "Source", form.Required),
			}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := sentence.Record(c.Context(), c.DB, c.Submission(), n)
			if fault.KindOf(err) == fault.NotFound && n.Related != 0 {
				return fault.Refuse("related", "R122", "Choose the other sentence from the list")
			}
			return err
		},
		view: func(f *form.Form) templ.Component { return sentenceFields(f, others) },
	}.serve(c)
}

func conditionIDs() []string {
	var all []string
	for _, q := range law.ReleaseQuestions {
		all = append(all, string(q.ID))
	}
	return all
}

func conditions() []ui.Option {
	var all []ui.Option
	for _, q := range law.ReleaseQuestions {
		all = append(all, ui.Option{Value: string(q.ID), Text: q.Text, Hint: q.Law})
	}
	return all
}

// Adjust records days that move the dates of a sentence (R126).
func Adjust(c *page.Ctx) error {
	var n sentence.NewAdjustment
	return sentenceTask(c, task{
		title: "Record days that move the dates", button: "Record days", notice: "Days recorded. The dates are computed anew",
		preset: func(f *form.Form, _ frame.Person) { f.Set("dated", c.Today().Typed()) },
		read: func(f *form.Form) {
			n = sentence.NewAdjustment{Moves: sentence.Moves(f.Choice("kind", "What moves the dates", form.Required, texts(sentence.AllMoves)...)),
				Days: f.Whole("days", "Number of days", form.Required, 1, 20000), Dated: f.PastDate("dated", "Date of the decision", form.Required, c.Today()),
				Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return adjustFields(f) },
	}, func(id ref.NominalID, of ref.SentenceID) error {
		_, err := sentence.Adjust(c.Context(), c.DB, c.Submission(), id, of, n)
		return err
	})
}

// EndOrder records that an order ended before its day (R208).
func EndOrder(c *page.Ctx) error {
	var n sentence.NewEnd
	return sentenceTask(c, task{
		title: "Record the early end of an order", button: "Record the end", notice: "The end of the order is recorded. Record the statutory status that holds now",
		read: func(f *form.Form) {
			n = sentence.NewEnd{How: f.Choice("how", "How it ended", form.Required, sentence.EarlyEnds...),
				On: f.PastDate("ended_on", "Date on which it ended", form.Required, c.Today()), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return endOrderFields(f) },
	}, func(id ref.NominalID, of ref.SentenceID) error {
		_, err := sentence.EndEarly(c.Context(), c.DB, c.Submission(), id, of, n)
		return err
	})
}

// sentenceTask is a form about one sentence of the person in the address.
func sentenceTask(c *page.Ctx, t task, do func(id ref.NominalID, of ref.SentenceID) error) error {
	known := func(_ context.Context, _ *db.ReadTx, p frame.Person, of ref.SentenceID) (bool, error) {
		return slices.ContainsFunc(p.Dates.Sentences, func(s sentence.Sentence) bool { return s.ID == of }), nil
	}
	return about(c, t, "sentence", known, do)
}

// Tag records electronic monitoring (R120).
func Tag(c *page.Ctx) error {
	var n sentence.NewTag
	return task{
		title: "Record a tag", tab: frame.Custody, button: "Record tag", notice: "Tag recorded", may: authz.RecordCustody,
		guide: "Electronic monitoring, such as home detention curfew. It does not change the release date.",
		read: func(f *form.Form) {
			n = sentence.NewTag{Kind: f.Choice("kind", "Kind of monitoring", form.Required, sentence.Tags...), Starts: f.Date("starts_on", "Date on which it starts", form.Required),
				Ends: f.Date("ends_on", "Date on which it ends", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := sentence.RecordTag(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return tagFields(f) },
	}.serve(c)
}

// EndTag says that a tag was taken off before its day.
func EndTag(c *page.Ctx) error {
	tag, ok := ref.Parse[int64](c.Param("tag"))
	if !ok {
		return fault.Missing()
	}
	var on clock.Date
	var reason string
	return task{
		title: "Record that a tag was taken off", tab: frame.Custody, button: "Record the end", notice: "The end of the tag is recorded", may: authz.RecordCustody,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
			all, err := sentence.TagsOf(ctx, q, p.ID)
			for _, t := range all {
				if t.ID == tag {
					return nil
				}
			}
			if err == nil {
				err = fault.Missing()
			}
			return err
		},
		preset: func(f *form.Form, _ frame.Person) { f.Set("ended_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			on, reason = f.PastDate("ended_on", "Date on which it was taken off", form.Required, c.Today()), f.Prose("reason", "Why", form.Required)
		},
		do: func(id ref.NominalID) error {
			return sentence.RemoveTag(c.Context(), c.DB, c.Submission(), id, tag, reason, on)
		},
		view: func(f *form.Form) templ.Component { return endTagFields(f) },
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
