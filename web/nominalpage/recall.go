package nominalpage

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/recall"
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

// NewRecall records the decision in principle to recall somebody (R138).
func NewRecall(c *page.Ctx) error {
	var (
		n         recall.New
		sentences []ui.Option
	)
	now := c.Now()
	return task{
		title: "Record a decision to recall", tab: frame.Custody, button: "Record decision", may: authz.RecordCustody,
		notice: "Decision recorded. Part A and the papers are due at PPCS within 24 hours",
		guide:  "The 24 hours for Part A and the papers run from the decision in principle.",
		ready:  offerSentences(&sentences),
		preset: func(f *form.Form, p frame.Person) {
			f.Set("decided_on", c.Today().Typed())
			f.Set("decided_time", now.In(clock.London).Format("15:04"))
			if len(sentences) == 1 {
				f.Set("sentence", sentences[0].Value)
			}
		},
		read: func(f *form.Form) {
			n = recall.New{Sentence: ref.SentenceID(f.ID("sentence", "Sentence", form.Required)),
				DecidedAt: readMoment(f, "decided", "Date of the decision", "Time of the decision", c.Today()),
				DecidedBy: f.Line("decided_by", "Who took the decision", form.Required), Reason: f.Prose("reason", "Why the person is recalled", form.Required),
				Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := recall.Decide(c.Context(), c.DB, c.Submission(), n)
			return momentField(err, "decided_at", "decided_on")
		},
		view: func(f *form.Form) templ.Component { return recallFields(f, sentences) },
	}.serve(c)
}

// RecallStep records what has become of a recall (R138, R139).
func RecallStep(c *page.Ctx) error {
	var n recall.NewStep
	now := c.Now()
	var shown recall.Recall
	return recallTask(c, task{
		title: "Record what has become of the recall", button: "Save", notice: "Recall updated",
		preset: func(f *form.Form, _ frame.Person) {
			f.Set("step", string(shown.Next()))
			f.Set("at_on", c.Today().Typed())
			f.Set("at_time", now.In(clock.London).Format("15:04"))
		},
		read: func(f *form.Form) {
			n = recall.NewStep{Step: recall.Step(f.Choice("step", "What has happened", form.Required, texts(recall.Steps)...)),
				At: readMoment(f, "at", "Date", "Time", c.Today()), Note: f.Prose("note", "Note", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return stepFields(f) },
	}, &shown, func(id ref.NominalID, r ref.RecallID) error {
		return momentField(recall.Record(c.Context(), c.DB, c.Submission(), id, r, n), "at", "at_on")
	})
}

// RecallKind asks the exclusions one by one and records the kind of recall (R135, R136).
func RecallKind(c *page.Ctx) error {
	var (
		n      recall.Decided
		shown  recall.Recall
		advice law.RecallAdvice
	)
	return recallTask(c, task{
		title: "Which kind of recall", button: "Save answers", notice: "Recall updated", first: true,
		guide: "Answer what is known, with what the answer rests on. What is not known is never taken for “not met”. PPCS decides; this is the law of the day of the decision.",
		preset: func(f *form.Form, _ frame.Person) {
			for q, r := range shown.Replies {
				f.Set("answer-"+string(q), answerValue(r.Answer))
				f.Set("evidence-"+string(q), r.Evidence)
			}
			f.Set("kind", string(shown.Kind))
			f.Set("kind_reason", shown.KindReason)
		},
		read: func(f *form.Form) {
			n = recall.Decided{Replies: map[law.QuestionID]recall.Reply{}}
			for _, a := range advice.Asked {
				id := string(a.Question.ID)
				answer := f.Choice("answer-"+id, a.Question.Text, form.Optional, "met", "not met", "not known")
				evidence := f.Prose("evidence-"+id, "What the answer rests on", form.Optional)
				if answer != "" {
					n.Replies[a.Question.ID] = recall.Reply{Answer: readAnswer(answer), Evidence: evidence}
				}
			}
			n.Kind = law.RecallKind(f.Choice("kind", "Kind of recall, as PPCS decided", form.Optional, texts(law.RecallKinds)...))
			n.Reason = f.Prose("kind_reason", "Why another kind than the law of the day comes to", form.Optional)
			n.Source = f.Line("source", "Source", form.Required)
		},
		ready: func(_ context.Context, _ *db.ReadTx, p frame.Person) error {
			for _, s := range p.Dates.Sentences {
				if s.ID == shown.Sentence {
					var problems []fault.Problem
					advice, problems = shown.Advice(s, p.Card.Identity.Born)
					return fault.Refused(problems)
				}
			}
			return fault.Missing()
		},
		view: func(f *form.Form) templ.Component { return kindFields(f, advice) },
	}, &shown, func(id ref.NominalID, r ref.RecallID) error {
		return recall.Answer(c.Context(), c.DB, c.Submission(), id, r, n)
	})
}

// RecallReturn records the return to custody on a recall (R137).
func RecallReturn(c *page.Ctx) error {
	var (
		n       recall.Returned
		prisons []ui.Option
		shown   recall.Recall
	)
	return recallTask(c, task{
		title: "Record the return to custody", button: "Record return", may: authz.RecordCustody,
		notice: "Return to custody recorded. Review the rating: consider PRISON",
		guide:  "A time in custody begins. The day of return is the first day of a fixed-term recall.",
		ready:  offerPrisons(&prisons),
		read: func(f *form.Form) {
			n = recall.Returned{On: f.PastDate("returned_on", "Date of return to custody", form.Required, c.Today()), Prison: f.Line("prison", "Prison", form.Required),
				AtLarge: f.Whole("ual", "Days unlawfully at large", form.Optional, 0, 20000), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return returnFields(f, prisons) },
	}, &shown, func(id ref.NominalID, r ref.RecallID) error {
		return momentField(recall.Return(c.Context(), c.DB, c.Submission(), id, r, n), "received_on", "returned_on")
	})
}

// recallTask is a form about one recall of the person in the address.
func recallTask(c *page.Ctx, t task, shown *recall.Recall, do func(id ref.NominalID, r ref.RecallID) error) error {
	return about(c, t, "recall", among(shown, recall.Of, func(r recall.Recall) ref.RecallID { return r.ID }), do)
}

// offerSentences are the custodial sentences of the person, the latest first.
func offerSentences(into *[]ui.Option) func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
	return func(_ context.Context, _ *db.ReadTx, p frame.Person) error {
		*into = nil
		for _, s := range p.Dates.Sentences {
			if s.Kind == sentence.Custody {
				*into = append(*into, ui.Option{Value: ref.Text(s.ID), Text: sentenceWord(s) + ", " + s.ImposedOn.Long()})
			}
		}
		return nil
	}
}

// readMoment is a day and a time of it, in London.
func readMoment(f *form.Form, name, dayLabel, timeLabel string, today clock.Date) time.Time {
	day, at := f.PastDate(name+"_on", dayLabel, form.Required, today), f.Time(name+"_time", timeLabel, form.Required)
	hour, minute, ok := strings.Cut(at, ":")
	if day.IsZero() || !ok {
		return time.Time{}
	}
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return day.At(h, m)
}

// momentField puts what a rule says of a moment at the field of its day.
func momentField(err error, of, field string) error {
	problems := fault.ProblemsOf(err)
	if len(problems) == 0 {
		return err
	}
	moved := make([]fault.Problem, len(problems))
	for i, p := range problems {
		if p.Field == of {
			p.Field = field
		}
		moved[i] = p
	}
	return fault.Refused(moved)
}

func answerValue(a law.Answer) string {
	if a == law.NotKnown {
		return "not known"
	}
	return string(a)
}

func readAnswer(value string) law.Answer {
	if value == "not known" {
		return law.NotKnown
	}
	return law.Answer(value)
}

// recallLinks are what can be recorded of a recall.
func (v custodyView) recallLinks(r recall.Recall) []ui.Link {
	if !v.May(authz.RecordCustody) {
		return nil
	}
	at := v.At("recalls/" + ref.Text(r.ID))
	links := []ui.Link{{Text: "Entered in error", Href: v.At("facts/recall/" + ref.Text(r.ID))}}
	if r.WithdrawnAt != nil {
		return links
	}
	links = append([]ui.Link{{Text: "Kind of recall", Href: at + "/kind"}}, links...)
	if r.Open() {
		links = append([]ui.Link{{Text: "Next step", Href: at + "/step"}, {Text: "Return to custody", Href: at + "/return"}}, links...)
	}
	return links
}

// recallTitle names a recall by its day.
func recallTitle(r recall.Recall) string {
	word := "Recall"
	if r.Kind != "" {
		word = strings.ToUpper(string(r.Kind[:1])) + string(r.Kind[1:])
	}
	word += " decided " + shortDay(r.DecidedAt)
	switch {
	case r.WithdrawnAt != nil:
		word += ", not carried on"
	case !r.ReleasedOn.IsZero():
		word += ", released " + r.ReleasedOn.Short()
	case r.Spell != 0:
		word += ", in custody"
	}
	return word
}

// momentText is a day with its time.
func momentText(at time.Time) string {
	return clock.DateOf(at).Long() + " at " + at.In(clock.London).Format("15:04")
}

// countdown is the clock of a recall at the time of the page.
func (v custodyView) countdown(r recall.Recall) (text string, late bool) {
	text, late, _ = r.Countdown(v.now)
	return text, late
}

// adviceText is what the law of the day comes to by the answers so far.
func (v custodyView) adviceText(r recall.Recall) string {
	for _, s := range v.Dates.Sentences {
		if s.ID != r.Sentence {
			continue
		}
		a, problems := r.Advice(s, v.Card.Identity.Born)
		if len(problems) > 0 {
			return problems[0].Text
		}
		return adviceWord(a)
	}
	return ""
}

func adviceWord(a law.RecallAdvice) string {
	text := "Not known yet"
	if kind := a.Kind(); kind != "" {
		text = strings.ToUpper(string(kind[:1])) + string(kind[1:])
	}
	return text + ". " + a.Why + ". By: " + a.Rule.Name + " (" + a.Rule.Law + ")"
}

// rerelease is when the recall ends: the date that the prison notified for this time in
// custody or, where it has given none, the law's (R136, R137).
func (v custodyView) rerelease(r recall.Recall) string {
	out, ok := r.Release(v.Dates.EndOf(r.Sentence).Day)
	computed := ""
	switch {
	case ok && out.Automatic:
		computed = "Computed " + out.On.Long() + ": " + out.Why
		if out.Practical != out.On {
			computed += ". Practical day " + out.Practical.Long()
		}
	case ok:
		computed = "At the latest " + out.On.Long() + ": " + strings.ToLower(out.Why[:1]) + out.Why[1:]
	case r.Kind != "" && !r.ReturnedOn.IsZero():
		computed = "Not computed: the end of the sentence is not known. Ask the prison for the date"
	}
	last, notified := v.lastRelease(r.Spell)
	if !notified {
		return computed
	}
	text := last.Day.Long() + ", notified by " + noticeWord(last)
	if ok && out.Automatic && last.Day != out.On && last.Day != out.Practical {
		text += ". " + computed + ". The notified date is used"
	}
	return text
}

// lastRelease is the release that was notified last for a time in custody.
func (v custodyView) lastRelease(spell ref.CustodyID) (last custody.Notice, ok bool) {
	for _, n := range v.Dates.Notices {
		if spell != 0 && n.Spell == spell && n.Kind.OfRelease() && (!ok || n.Later(last)) {
			last, ok = n, true
		}
	}
	return last, ok
}

// atLarge is how many days unlawfully at large to expect, until the prison reckons them.
func atLarge(r recall.Recall) int {
	if r.RevokedAt == nil {
		return 0
	}
	return recall.AtLarge(clock.DateOf(*r.RevokedAt), r.ReturnedOn)
}

// ofRecall is the clock of a recall that is running (R138, R139).
func (v overview) ofRecall() (all []ui.Attention) {
	for _, r := range v.recalls {
		switch text, late, running := r.Countdown(v.now); {
		case running:
			all = append(all, ui.Attention{Text: "Recall: " + text, Href: v.step("recalls/"+ref.Text(r.ID)+"/step", authz.RecordCustody, frame.Custody), Why: "R138, R139", Late: late})
		case r.Open() && r.Next() == recall.Received:
			all = append(all, ui.Attention{Text: "Recall: record when PPCS had received the papers", Href: v.step("recalls/"+ref.Text(r.ID)+"/step", authz.RecordCustody, frame.Custody), Why: "R139"})
		case r.Open():
			all = append(all, ui.Attention{Text: "Recalled, and not back in custody: if wanted for arrest, the police rate RED ALERT", Href: v.step("rating", authz.RateBetween, frame.Reviews), Why: "R51", Late: true})
		}
		if due := r.PartBDue(); !due.IsZero() && r.ReleasedOn.IsZero() && due.DaysSince(v.Today) <= soonDays && !due.Before(v.Today) {
			all = append(all, ui.Attention{Text: "Standard recall: Part B risk report due " + due.Short(), Href: v.At(frame.Custody), Why: "R140"})
		}
	}
	return all
}
