package nominalpage

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/breach"
	"iom/internal/casework/custody"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// custodyView is the tab of custody and sentence.
type custodyView struct {
	frame.Person
	spells   []custody.Spell
	notices  []custody.Notice
	moves    []custody.Move
	tags     []sentence.Tag
	statuses []sentence.Status
	scores   []sentence.Score
	recalls  []recall.Recall
	bound    bound
	breaches []breach.Breach
	now      time.Time
}

// Custody is custody, statutory status, sentences and scores.
func Custody(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v custodyView, seen audit.Seen, err error) {
		if v.Person, err = frame.Load(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.spells, err = custody.Of(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.notices, err = custody.Notices(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.moves, err = custody.Moves(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.tags, err = sentence.TagsOf(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.statuses, err = sentence.Statuses(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.scores, err = sentence.Scores(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.now = q.Now()
		if err := v.bound.load(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.recalls, err = recall.Of(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.breaches, err = breach.Of(ctx, q, id)
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	return c.Render(custodyPage(c.Chrome("", nil), v))
}

// parts are the sections of a long page, to go to one of them at once.
func (v custodyView) parts() []ui.Link {
	all := []ui.Link{{Text: "Custody", Href: "#custody"}, {Text: "Statutory status", Href: "#status"}, {Text: "Sentences and dates", Href: "#sentences"},
		{Text: "Licence conditions", Href: "#licence-conditions"}}
	if len(v.supervisions()) > 0 {
		all = append(all, ui.Link{Text: "Supervision requirements", Href: "#supervision-requirements"})
	}
	return append(all, ui.Link{Text: "Recall", Href: "#recall"}, ui.Link{Text: "Breaches", Href: "#breaches"}, ui.Link{Text: "Tags", Href: "#tags"},
		ui.Link{Text: "Scores", Href: "#scores"})
}

// Receive records that somebody was taken into custody.
func Receive(c *page.Ctx) error {
	var n custody.New
	var prisons []ui.Option
	return task{
		title: "Record time in custody", tab: frame.Custody, button: "Record custody", notice: "Custody recorded", may: authz.RecordCustody,
		guide: "For time in custody that is over, fill in the release as well.",
		ready: offerPrisons(&prisons),
		read: func(f *form.Form) {
			n = custody.New{ReceivedOn: f.PastDate("received_on", "Date of reception", form.Required, c.Today()), Prison: f.Line("prison", "Prison", form.Required),
				Why: custody.Why(f.Choice("why", "Why the person is held", form.Required, texts(custody.Whys)...)), Expected: f.Date("expected_on", "Expected release date", form.Optional),
				NotifiedBy: f.Line("notified_by", "Who gave the release date", form.Optional), ReleasedOn: f.PastDate("released_on", "Date of the release", form.Optional, c.Today()),
				Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := custody.Receive(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return receiveFields(f, prisons) },
	}.serve(c)
}

// Expected records a release date as the prison gave it (R121).
func Expected(c *page.Ctx) error {
	var n custody.Notified
	return spellTask(c, task{
		title: "Record an expected release date", button: "Save date", notice: "Expected release date saved",
		guide: "Earlier dates stay in the record, so that each change can be dated.",
		read: func(f *form.Form) {
			n = custody.Notified{Day: f.Date("day", "Expected release date", form.Required), NotifiedBy: f.Line("notified_by", "Who gave the date", form.Required),
				Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return notifiedFields(f) },
	}, func(id ref.NominalID, spell ref.CustodyID) error {
		return custody.Expect(c.Context(), c.DB, c.Submission(), id, spell, n)
	})
}

// Release records a release from custody.
func Release(c *page.Ctx) error {
	var n custody.Notified
	return spellTask(c, task{
		title: "Record the release", button: "Record release", notice: "Release recorded. Review the rating and the statutory status",
		read: func(f *form.Form) {
			n = custody.Notified{Day: f.PastDate("day", "Date of the release", form.Required, c.Today()), NotifiedBy: f.Line("notified_by", "Who said so", form.Required),
				Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return notifiedFields(f) },
	}, func(id ref.NominalID, spell ref.CustodyID) error {
		return custody.Release(c.Context(), c.DB, c.Submission(), id, spell, n)
	})
}

// Move records a move to another prison.
func Move(c *page.Ctx) error {
	var n custody.NewMove
	var prisons []ui.Option
	return spellTask(c, task{
		title: "Record a move to another prison", button: "Record move", notice: "Move recorded", ready: offerPrisons(&prisons),
		read: func(f *form.Form) {
			n = custody.NewMove{Prison: f.Line("prison", "Prison", form.Required), MovedOn: f.PastDate("moved_on", "Date of the move", form.Required, c.Today()),
				Source: f.Line("source", "Source", form.Required)}
		},
		view: func(f *form.Form) templ.Component { return moveFields(f, prisons) },
	}, func(id ref.NominalID, spell ref.CustodyID) error {
		return custody.Transfer(c.Context(), c.DB, c.Submission(), id, spell, n)
	})
}

// spellTask is a form about one time in custody of the person in the address.
func spellTask(c *page.Ctx, t task, do func(id ref.NominalID, spell ref.CustodyID) error) error {
	var shown custody.Spell
	return about(c, t, "spell", among(&shown, custody.Of, func(s custody.Spell) ref.CustodyID { return s.ID }), do)
}

// offerPrisons reads the register; prisons that have closed stand last and say so.
func offerPrisons(into *[]ui.Option) func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
	return func(ctx context.Context, q *db.ReadTx, _ frame.Person) error {
		all, err := custody.Prisons(ctx, q)
		for _, p := range all {
			name := p.Name
			if !p.Active {
				name += ", closed"
			}
			*into = append(*into, ui.Option{Value: p.Code, Text: name})
		}
		return err
	}
}

// noticesOf and movesOf are those of one spell.
func (v custodyView) noticesOf(s custody.Spell) (all []custody.Notice) {
	for _, n := range v.notices {
		if n.Spell == s.ID {
			all = append(all, n)
		}
	}
	return all
}

func (v custodyView) movesOf(s custody.Spell) (all []custody.Move) {
	for _, m := range v.moves {
		if m.Spell == s.ID {
			all = append(all, m)
		}
	}
	return all
}

// spellLinks are what can be recorded of a spell that goes on.
func (v custodyView) spellLinks(s custody.Spell) []ui.Link {
	if !v.May(authz.RecordCustody) {
		return nil
	}
	at := v.At("custody/" + ref.Text(s.ID))
	links := []ui.Link{{Text: "Entered in error", Href: v.At("facts/custody_spell/" + ref.Text(s.ID))}}
	if s.Open() {
		links = append([]ui.Link{{Text: "Release date", Href: at + "/expected"}, {Text: "Move", Href: at + "/move"}, {Text: "Release", Href: at + "/release"}}, links...)
	}
	return links
}

// spellTitle names a spell by its days.
func spellTitle(s custody.Spell) string {
	if s.Open() {
		return "In custody since " + s.ReceivedOn.Short()
	}
	return s.ReceivedOn.Short() + " to " + s.ReleasedOn.Short()
}

func noticeText(n custody.Notice) string {
	text := n.Kind.Word() + " " + n.Day.Long()
	return text + ", given by " + noticeWord(n) + ". Recorded " + shortDay(n.RecordedAt) + " by " + n.By + ". Source: " + n.Source
}

func moveText(m custody.Move) string {
	return "Moved to " + m.PrisonName + " on " + m.MovedOn.Long() + ". Recorded by " + m.By + ". Source: " + m.Source
}
