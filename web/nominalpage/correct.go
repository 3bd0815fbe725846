package nominalpage

import (
	"context"

	"github.com/a-h/templ"

	"iom/internal/casework/breach"
	"iom/internal/casework/condition"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/link"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/insight/history"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// fact is a kind of fact that can be corrected: what it is called, who may do it,
// where it is shown, and the command.
type fact struct {
	word, tab string
	may       authz.Permission
	correct   func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error
}

var facts = map[string]fact{
	"contact": {"contact", frame.Contacts, authz.RecordContact, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return contact.Correct(c.Context(), c.DB, s, id, ref.ContactID(factID), reason)
	}},
	"need": {"assessment", frame.Needs, authz.RecordContact, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return need.Correct(c.Context(), c.DB, s, id, factID, reason)
	}},
	"drug_test": {"drug test", frame.Needs, authz.RecordDrugTest, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return drugtest.Correct(c.Context(), c.DB, s, id, factID, reason)
	}},
	"intelligence": {"intelligence entry", frame.Overview, authz.RecordIntel, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return intelligence.Correct(c.Context(), c.DB, s, id, factID, reason)
	}},
	"mappa_level": {"MAPPA level", frame.Links, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return link.CorrectMAPPA(c.Context(), c.DB, s, id, factID, reason)
	}},
	recall.Fact: {"recall", frame.Custody, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return recall.Correct(c.Context(), c.DB, s, id, ref.RecallID(factID), reason)
	}},
	condition.Fact:            ofCondition("licence condition", condition.Fact),
	condition.FactEnd:         ofCondition("end of a condition", condition.FactEnd),
	condition.FactExplained:   ofCondition("explanation", condition.FactExplained),
	condition.FactSet:         ofCondition("set of requirements", condition.FactSet),
	condition.FactRecommended: ofCondition("recommendation of a court", condition.FactRecommended),
	custody.FactSpell:         ofCustody("time in custody", custody.FactSpell),
	custody.FactDate:          ofCustody("date", custody.FactDate),
	custody.FactMove:          ofCustody("move", custody.FactMove),
	sentence.FactSentence:     ofSentence("sentence", sentence.FactSentence),
	sentence.FactStatus:       ofSentence("statutory status", sentence.FactStatus),
	sentence.FactScore:        ofSentence("score", sentence.FactScore),
	sentence.FactAdjusted:     ofSentence("number of days", sentence.FactAdjusted),
	sentence.FactEnd:          ofSentence("end of an order", sentence.FactEnd),
	sentence.FactTag:          ofSentence("tag", sentence.FactTag),
	breach.Fact:               ofBreach("breach", breach.Fact),
	breach.FactStep:           ofBreach("step of a breach", breach.FactStep),
}

func ofCustody(word, table string) fact {
	return fact{word, frame.Custody, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return custody.Correct(c.Context(), c.DB, s, id, table, factID, reason)
	}}
}

func ofCondition(word, table string) fact {
	return fact{word, frame.Custody, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return condition.Correct(c.Context(), c.DB, s, id, table, factID, reason)
	}}
}

func ofBreach(word, table string) fact {
	return fact{word, frame.Custody, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return breach.Correct(c.Context(), c.DB, s, id, table, factID, reason)
	}}
}

func ofSentence(word, table string) fact {
	return fact{word, frame.Custody, authz.RecordCustody, func(c *page.Ctx, s db.Submission, id ref.NominalID, factID int64, reason string) error {
		return sentence.Correct(c.Context(), c.DB, s, id, table, factID, reason)
	}}
}

// closable are the facts of identity: they end, or were never so.
var closable = map[string]string{"nominal_warning": "warning", "nominal_alias": "other name", "nominal_address": "address", "nominal_phone": "telephone number"}

// Correct says that a fact was entered in error or, for a fact of identity, that
// it holds no longer. The fact stays in the history with the reason beside it.
func Correct(c *page.Ctx) error {
	table := c.Param("fact")
	factID, ok := ref.Parse[int64](c.Param("fact_id"))
	if !ok {
		return fault.Missing()
	}
	if word, ok := closable[table]; ok {
		return endFact(c, table, word, factID)
	}
	k, ok := facts[table]
	if !ok {
		return fault.Missing()
	}
	var reason string
	var entry history.Event
	return task{
		title: "This " + k.word + " was entered in error", tab: k.tab, button: "Mark as entered in error", notice: "Marked as entered in error", may: k.may, danger: true,
		guide: "It no longer counts anywhere. It stays in the history, with your reason beside it.",
		ready: readEntry(&entry, table, factID),
		read:  func(f *form.Form) { reason = f.Prose("reason", "Why", form.Required) },
		do:    func(id ref.NominalID) error { return k.correct(c, c.Submission(), id, factID, reason) },
		view:  func(f *form.Form) templ.Component { return reasonField(f, entry) },
	}.serve(c)
}

// readEntry reads what is to be taken back, so that the page shows it: nobody takes
// back what they cannot see.
func readEntry(into *history.Event, table string, id int64) func(context.Context, *db.ReadTx, frame.Person) error {
	return func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		e, ok, err := history.One(ctx, q, p.ID, table, id)
		if err == nil && !ok {
			err = fault.Missing()
		}
		*into = e
		return err
	}
}

func endFact(c *page.Ctx, table, word string, factID int64) error {
	var how, reason string
	var on clock.Date
	var entry history.Event
	return task{
		title: "Take off this " + word, tab: frame.Overview, button: "Take off", notice: "Taken off", may: authz.RecordContact, danger: true,
		guide:  "It stays in the history, with your reason beside it.",
		ready:  readEntry(&entry, table, factID),
		preset: func(f *form.Form, _ frame.Person) { f.Set("ended_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			how = f.Choice("how", "What is the matter with it", form.Required, nominal.Ended, nominal.EnteredInError)
			on = f.PastDate("ended_on", "Date on which it ended", form.Optional, c.Today())
			reason = f.Prose("reason", "Why", form.Required)
		},
		do: func(id ref.NominalID) error {
			if how == nominal.EnteredInError {
				on = clock.Date{}
			}
			return nominal.End(c.Context(), c.DB, c.Submission(), id, table, factID, how, reason, on)
		},
		view: func(f *form.Form) templ.Component { return endFields(f, entry) },
	}.serve(c)
}
