package nominalpage

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/law"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// missedOffered is how many missed contacts a breach can be said to come from.
const missedOffered = 20

// breachOffer is what a breach can be about.
type breachOffer struct {
	sentences, contacts, orders []ui.Option
	missed                      []contact.Contact
}

// NewBreach records a breach of a licence, of supervision or of an order. The page of contacts
// leads here with the missed contact from which it comes.
func NewBreach(c *page.Ctx) error {
	var (
		n     breach.New
		offer breachOffer
	)
	return task{
		title: "Record a breach", tab: frame.Custody, button: "Record breach", may: authz.RecordCustody,
		notice: "Breach recorded. Record below what becomes of it",
		guide:  "The first day of the breach decides which law holds, and in which quarter it counts.", first: true,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			offer, err = offerOf(ctx, q, p)
			return err
		},
		preset: func(f *form.Form, p frame.Person) { offer.preset(f, p, c.Query("contact")) },
		read: func(f *form.Form) {
			n = breach.New{Of: law.BreachOf(f.Choice("of", "What was broken", form.Required, texts(law.BreachOfs)...)),
				Sentence:   ref.SentenceID(f.ID("sentence", "Sentence", form.Required)),
				Type:       law.BreachType(f.Choice("type", "How it was broken", form.Required, texts(law.BreachTypes)...)),
				BreachedOn: f.PastDate("breached_on", "First day of the breach", form.Required, c.Today()), What: f.Prose("what", "What happened", form.Required),
				Contact: ref.ContactID(f.ID("contact", "Missed contact", form.Optional)), Source: f.Line("source", "Source", form.Required)}
			if len(offer.orders) > 0 {
				n.Order = ref.BreachStepID(f.ID("order", "Supervision default order that was broken", form.Optional))
			}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := breach.Record(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return breachFields(f, offer) },
	}.serve(c)
}

func offerOf(ctx context.Context, q *db.ReadTx, p frame.Person) (o breachOffer, err error) {
	for _, s := range p.Dates.Sentences {
		if s.Kind == sentence.Custody || s.Kind == sentence.CommunityOrder || s.Kind == sentence.Suspended {
			o.sentences = append(o.sentences, ui.Option{Value: ref.Text(s.ID), Text: sentenceWord(s) + ", " + s.ImposedOn.Long()})
		}
	}
	if o.missed, err = contact.MissedBy(ctx, q, p.ID, missedOffered); err != nil {
		return o, err
	}
	for _, k := range o.missed {
		o.contacts = append(o.contacts, ui.Option{Value: ref.Text(k.ID), Text: missedWord(k)})
	}
	before, err := breach.Of(ctx, q, p.ID)
	for _, b := range before {
		if e, ok := b.DefaultOrder(); ok {
			o.orders = append(o.orders, ui.Option{Value: ref.Text(e.ID), Text: e.Court(b).Word() + ", made " + e.On.Long()})
		}
	}
	return o, err
}

func missedWord(k contact.Contact) string {
	return k.Kind.Word() + " on " + k.HeldOn.Long() + ": " + string(k.Outcome)
}

// preset fills in what is known: with a missed contact its day and, where only one thing was in
// force on that day, what was broken.
func (o breachOffer) preset(f *form.Form, p frame.Person, from string) {
	on := p.Today
	if i := slices.IndexFunc(o.missed, func(k contact.Contact) bool { return ref.Text(k.ID) == from }); i >= 0 {
		k := o.missed[i]
		on = k.HeldOn
		f.Set("contact", from)
		f.Set("type", string(law.BrokeAppointment))
		f.Set("breached_on", on.Typed())
		f.Set("what", missedWord(k)+".")
	}
	if all := breach.Grounds(p.Dates, on); len(all) == 1 {
		f.Set("of", string(all[0].Of))
		f.Set("sentence", ref.Text(all[0].Sentence))
	}
}

// BreachStep records what became of a breach.
func BreachStep(c *page.Ctx) error {
	var (
		n       breach.NewStep
		shown   breach.Breach
		recalls []ui.Option
	)
	return breachTask(c, task{
		title: "Record what became of the breach", button: "Save", notice: "Breach updated", first: true,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
			all, err := recall.Of(ctx, q, p.ID)
			recalls = nil
			for _, r := range all {
				if r.Sentence == shown.Sentence {
					recalls = append(recalls, ui.Option{Value: ref.Text(r.ID), Text: recallTitle(r)})
				}
			}
			return err
		},
		preset: func(f *form.Form, _ frame.Person) {
			f.Set("happened_on", c.Today().Typed())
			if next := offered(shown); len(next) == 1 {
				f.Set("step", string(next[0]))
			}
		},
		read: func(f *form.Form) {
			n = breach.NewStep{Step: breach.Step(f.Choice("step", "What has become of it", form.Required, texts(breachSteps)...)),
				On: f.PastDate("happened_on", "Date", form.Required, c.Today()), Note: f.Prose("note", "Note", form.Optional), Source: f.Line("source", "Source", form.Required)}
			// What another of the steps on offer would ask is read, so that it is kept, and not taken.
			for _, s := range offered(shown) {
				switch {
				case s.Waits() && n.Step == s:
					n.ListedOn = f.Date("listed_on", "Date of the hearing", form.Optional)
				case s.Waits():
					f.Line("listed_on", "Date of the hearing", form.Optional) // out of sight: no date is asked of it
				case s == breach.Decided:
					if outcome := f.Choice("outcome", "What the court decided", form.Optional, texts(breach.OutcomesOf(shown.Of))...); n.Step == s {
						n.Outcome = breach.Outcome(outcome)
					}
				case s == breach.Recalled:
					if which := f.ID("recall", "Recall", form.Optional); n.Step == s {
						n.Recall = ref.RecallID(which)
					}
				}
			}
		},
		view: func(f *form.Form) templ.Component { return breachStepFields(f, shown, recalls) },
	}, &shown, func(id ref.NominalID, which ref.BreachID) error {
		return breach.Follow(c.Context(), c.DB, c.Submission(), id, which, n)
	})
}

// breachSteps are all that the form of a step can record; which of them follow, the rules say.
var breachSteps = []breach.Step{breach.Warned, breach.NoAction, breach.Recalled, breach.Laid, breach.Proceedings, breach.Listed, breach.Decided, breach.Completed}

// offered are the steps that follow a breach, but for the hearing, which has a form of its own.
func offered(b breach.Breach) []breach.Step {
	return slices.DeleteFunc(b.Next(), func(s breach.Step) bool { return s == breach.Heard })
}

// BreachHearing records what the magistrates' court made of a breach of supervision (R144-R148).
func BreachHearing(c *page.Ctx) error {
	var (
		n     breach.NewHearing
		shown breach.Breach
	)
	return breachTask(c, task{
		title: "Record the hearing of a breach of supervision", button: "Record hearing", notice: "Hearing recorded",
		guide: "The court decides first whether there was a breach, and imposes at most one sanction. It cannot itself vary or end supervision.",
		ready: func(context.Context, *db.ReadTx, frame.Person) error {
			if shown.Of != law.OfSupervision {
				return fault.Missing()
			}
			return nil
		},
		preset: func(f *form.Form, _ frame.Person) {
			if on := shown.Hearing(); !on.IsZero() && !on.After(c.Today()) {
				f.Set("heard_on", on.Typed())
			}
		},
		read: func(f *form.Form) {
			n = breach.NewHearing{Case: law.SupervisionCase{HeardOn: f.PastDate("heard_on", "Date of the hearing", form.Required, c.Today()),
				Finding:  law.Finding(f.Choice("finding", "What the court found", form.Required, texts(law.Findings)...)),
				Sanction: law.Sanction(f.Choice("sanction", "What the court did about a breach", form.Optional, texts(law.Sanctions)...)),
				Fine:     f.Whole("fine", "Fine in pounds", form.Optional, 0, mostTyped), CommittalDays: f.Whole("committal_days", "Days in prison", form.Optional, 0, mostTyped),
				UnpaidHours: f.Whole("unpaid_hours", "Hours of unpaid work", form.Optional, 0, mostTyped), CurfewDays: f.Whole("curfew_days", "Days of curfew", form.Optional, 0, mostTyped),
				OrderEnds: f.Date("order_ends", "Last day of the supervision default order", form.Optional), Absconded: f.Tick("absconded", "The person absconded, and came to court after the end of supervision")},
				Note: f.Prose("note", "Note", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return hearingFields(f, shown) },
	}, &shown, func(id ref.NominalID, which ref.BreachID) error {
		return breach.Hear(c.Context(), c.DB, c.Submission(), id, which, n)
	})
}

// mostTyped is more than the law allows of anything: the rule says what is too much.
const mostTyped = 99_999

// breachTask is a form about one breach of the person in the address.
func breachTask(c *page.Ctx, t task, shown *breach.Breach, do func(id ref.NominalID, which ref.BreachID) error) error {
	return about(c, t, "breach", among(shown, breach.Of, func(b breach.Breach) ref.BreachID { return b.ID }), do)
}
