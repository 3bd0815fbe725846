package nominalpage

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/condition"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/nominalpage/frame"
	"iom/web/ui"
)

// bound is what a person is bound by: licence conditions, the requirements of supervision,
// that they were explained, and what courts recommended.
type bound struct {
	conditions  []condition.Condition
	explained   []condition.Explanation
	sets        []condition.Set
	recommended []condition.Recommendation
}

func (b *bound) load(ctx context.Context, q *db.ReadTx, id ref.NominalID) error {
	return db.Together(ctx, q,
		db.Into(&b.conditions, condition.Of, id),
		db.Into(&b.explained, condition.Explanations, id),
		db.Into(&b.sets, condition.Sets, id),
		db.Into(&b.recommended, condition.Recommendations, id),
	)
}

// licenceView is the licence of one group of sentences with its conditions.
type licenceView struct {
	of        ref.SentenceID // the first of the group; 0: the sentence was entered in error
	title     string
	period    condition.Period
	standard  []batch
	others    []condition.Condition
	ended     []condition.Condition
	explained []condition.Explanation
	owed      string
}

// batch is standard conditions that were set together.
type batch struct {
	set        string // from when, by whom, when
	conditions []condition.Condition
}

// licences are the licences that have not ended, and those for which something was recorded,
// the latest first.
func (v custodyView) licences() (all []licenceView) {
	known := map[ref.SentenceID]bool{}
	for _, g := range v.Dates.Groups {
		l := licenceView{of: g.Sentences[0].ID, title: groupTitle(g)}
		l.period = condition.LicenceOf(v.Dates, l.of)
		var mine []ref.SentenceID
		for _, s := range g.Sentences {
			mine, known[s.ID] = append(mine, s.ID), true
		}
		l.add(v, mine)
		over := l.period.None != "" || !l.period.Last.IsZero() && l.period.Last.Before(v.Today)
		if over && len(l.standard)+len(l.others)+len(l.ended)+len(l.explained) == 0 {
			continue
		}
		if text, since, owed := v.explanationOwed(g, v.bound.explained); owed {
			l.owed = text + ". Owed since " + since.Long()
		}
		all = append(all, l)
	}
	lost := licenceView{title: "Of a sentence that was entered in error"}
	var strays []ref.SentenceID
	for _, c := range v.bound.conditions {
		if !known[c.Sentence] {
			strays = append(strays, c.Sentence)
		}
	}
	if lost.add(v, strays); len(strays) > 0 {
		all = append(all, lost)
	}
	return all
}

// add puts in what was recorded for some sentences.
func (l *licenceView) add(v custodyView, of []ref.SentenceID) {
	for _, c := range v.bound.conditions {
		switch {
		case !slices.Contains(of, c.Sentence):
		case c.Ended() && !c.EndedOn.After(v.Today):
			l.ended = append(l.ended, c)
		case c.Kind == condition.Standard:
			set := settingText(c)
			if n := len(l.standard); n > 0 && l.standard[n-1].set == set {
				l.standard[n-1].conditions = append(l.standard[n-1].conditions, c)
			} else {
				l.standard = append(l.standard, batch{set, []condition.Condition{c}})
			}
		default:
			l.others = append(l.others, c)
		}
	}
	for _, x := range v.bound.explained {
		if slices.Contains(of, x.Sentence) {
			l.explained = append(l.explained, x)
		}
	}
}

// explanationOwed is what is to be explained to somebody at liberty under a group of
// sentences (R130).
func explanationOwed(p frame.Person, g sentence.Group, explained []condition.Explanation) (text string, since clock.Date, owed bool) {
	if p.InCustody {
		return "", clock.Date{}, false
	}
	var days []clock.Date
	for _, x := range explained {
		if slices.ContainsFunc(g.Sentences, func(s sentence.Sentence) bool { return s.ID == x.Sentence }) {
			days = append(days, x.On)
		}
	}
	of := g.Sentences[0].ID
	return condition.Owed(condition.LicenceOf(p.Dates, of), condition.SupervisionOf(p.Dates, of), days, p.Today)
}

func (v custodyView) explanationOwed(g sentence.Group, explained []condition.Explanation) (string, clock.Date, bool) {
	return explanationOwed(v.Person, g, explained)
}

// ofExplanation is that conditions or requirements are to be explained (R130).
func (v overview) ofExplanation() (all []ui.Attention) {
	for _, g := range v.Dates.Groups {
		if text, since, owed := explanationOwed(v.Person, g, v.explained); owed {
			all = append(all, ui.Attention{Text: text, Href: v.step("sentences/"+ref.Text(g.Sentences[0].ID)+"/explained", authz.RecordCustody, frame.Custody), Why: "R130",
				When: "Since " + since.Short()})
		}
	}
	return all
}

// licenceLinks are what can be recorded of a licence.
func (v custodyView) licenceLinks(l licenceView) []ui.Link {
	if !v.May(authz.RecordCustody) || l.of == 0 {
		return nil
	}
	at := v.At("sentences/" + ref.Text(l.of))
	return []ui.Link{{Text: "Record conditions", Href: at + "/conditions"}, {Text: "Record explanation", Href: at + "/explained"}}
}

// periodText is a licence or a supervision from its first to its last day.
func periodText(p condition.Period) string {
	if p.None != "" {
		return p.None
	}
	from := ""
	if !p.Begins.IsZero() {
		from = "From " + p.Begins.Long() + " "
	}
	switch ends := p.Ends(); {
	case ends.IsZero():
		return upperFirst(from + "to an end that is not known")
	case !p.Stopped.IsZero():
		return upperFirst(from + "to " + ends.Long() + ", when the repeal ended it; it would have gone on to " + p.Last.Long())
	default:
		return upperFirst(from + "to " + ends.Long())
	}
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// runs says whether a licence or a supervision has begun and is over.
func runs(p condition.Period, today clock.Date) (text, colour string) {
	switch {
	case p.None != "" || p.Begins.IsZero():
		return "", ""
	case p.Holds(today):
		return "Runs now", "green"
	case today.Before(p.Begins):
		return "To come", "blue"
	}
	return "Over", "grey"
}

// settingText says from when a condition is in force, until when where that is known
// beforehand, who set it and where it comes from.
func settingText(c condition.Condition) string {
	text := "In force from " + c.From.Long()
	if c.Ended() {
		text += " until " + c.EndedOn.Long()
	}
	return text + ". Set by " + c.SetBy + " on " + c.SetOn.Long() + ". Source: " + c.Source + ", recorded by " + c.By
}

// endedText says how a condition ended.
func endedText(c condition.Condition) string {
	word := "Removed"
	if c.AmendedBy != 0 {
		word = "Amended"
	}
	return word + " from " + c.EndedOn.Long() + " by " + c.EndedBy + ": " + c.EndedWhy
}

func explainedText(x condition.Explanation) string {
	text := x.On.Long() + ", by " + x.ExplainedBy
	if x.Note != "" {
		text += ": " + x.Note
	}
	return text
}

// conditionName tells a condition from the others in a link.
func conditionName(c condition.Condition) string {
	if c.Kind != condition.Standard {
		return c.Kind.Word()
	}
	return c.Words
}
