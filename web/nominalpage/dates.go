package nominalpage

import (
	"strings"

	"github.com/a-h/templ"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// Dates records the dates that the prison or probation notified (R121).
func Dates(c *page.Ctx) error {
	var n custody.NewNotice
	return task{
		title: "Record dates that were notified", tab: frame.Custody, button: "Save dates", notice: "Dates saved. The latest notified are in force", may: authz.RecordCustody,
		guide:  "Fill in the dates that the prison or the probation service gave, and leave the others empty. They are used in place of computed ones. Earlier dates stay in the record.",
		preset: func(f *form.Form, _ frame.Person) { f.Set("notified_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			n = custody.NewNotice{}
			for _, k := range custody.DateKinds {
				name := custody.FieldOf(k)
				if day := f.Date(name, k.Word(), form.Optional); !day.IsZero() {
					n.Dates = append(n.Dates, custody.Dated{Kind: k, Day: day})
				}
			}
			n.NotifiedBy, n.NotifiedOn = f.Line("notified_by", "Who notified them", form.Required), f.PastDate("notified_on", "Day on which they were notified", form.Required, c.Today())
			n.Source = f.Line("source", "Source", form.Required)
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := custody.Notify(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return datesFields(f) },
	}.serve(c)
}

// sentenceWord is the type with its length: Standard determinate sentence: 2 years and 6 months.
func sentenceWord(s sentence.Sentence) string {
	if s.Life || s.Term().IsZero() {
		return s.Type().Word()
	}
	return s.Type().Word() + ": " + s.Term().String()
}

// imposedWord says where and when, and how the sentence stands to another one.
func (v custodyView) imposedWord(s sentence.Sentence) string {
	text := s.Court + ", " + s.ImposedOn.Long()
	for _, other := range v.Dates.Sentences {
		if other.ID == s.Related {
			text += ". " + strings.ToUpper(string(s.Relation[:1])) + string(s.Relation[1:]) + " to the sentence of " + other.ImposedOn.Long()
		}
	}
	return text
}

// groupTitle names a group by its first sentence.
func groupTitle(g sentence.Group) string {
	title := sentenceWord(g.Sentences[0])
	if n := len(g.Sentences) - 1; n > 0 {
		title += " and " + plural(n, "more sentence")
	}
	return title
}

func (v custodyView) adjustmentsOf(s sentence.Sentence) (all []sentence.Adjustment) {
	for _, a := range v.Dates.Adjustments {
		if a.Sentence == s.ID {
			all = append(all, a)
		}
	}
	return all
}

func adjustmentText(a sentence.Adjustment) string {
	return a.Moves.Word() + ": " + plural(a.Days, "day") + ", decided on " + a.Dated.Long() + ". Recorded by " + a.By + ". Source: " + a.Source
}

// orders are the sentences that are not custodial, the latest first.
func (v custodyView) orders() (all []sentence.Sentence) {
	for _, s := range v.Dates.Sentences {
		if s.Kind != sentence.Custody {
			all = append(all, s)
		}
	}
	return all
}

func (v custodyView) endOf(s sentence.Sentence) (sentence.End, bool) {
	for _, e := range v.Dates.Ends {
		if e.Sentence == s.ID {
			return e, true
		}
	}
	return sentence.End{}, false
}

func endText(e sentence.End) string {
	return strings.ToUpper(e.How[:1]) + e.How[1:] + " on " + e.On.Long() + ". Recorded by " + e.By + ". Source: " + e.Source
}

// sentenceLinks are what can be recorded of a sentence.
func (v custodyView) sentenceLinks(s sentence.Sentence) []ui.Link {
	if !v.May(authz.RecordCustody) {
		return nil
	}
	at := v.At("sentences/" + ref.Text(s.ID))
	all := []ui.Link{{Text: "Entered in error", Href: v.At("facts/sentence/" + ref.Text(s.ID))}}
	switch {
	case s.Kind == sentence.Custody:
		all = append([]ui.Link{{Text: "Add days", Href: at + "/days"}}, all...)
	case s.Kind.Order():
		if _, ended := v.endOf(s); !ended {
			all = append([]ui.Link{{Text: "Ended early", Href: at + "/end"}}, all...)
		}
	}
	return all
}

// noticeWord is who notified a date and when.
func noticeWord(n custody.Notice) string {
	return n.NotifiedBy + ", " + n.NotifiedOn.Long()
}

// ruleText is the rule that made a day: why it is that day, its name, and its law with the days between which it is law.
func ruleText(d law.Day) string {
	text := d.Why + ". " + d.Rule.Name + " (" + d.Rule.Period() + ")"
	if d.Rule.Law != "" {
		text += ". " + d.Rule.Law
	}
	return text
}

// earlier are the notices of a kind about a group that another one has replaced.
func (v custodyView) earlier(g sentence.Group, l sentence.Line) (all []custody.Notice) {
	for _, n := range v.Dates.Notices {
		if n.Kind == l.Kind && n.ID != l.Notice.ID && g.Speaks(n) {
			all = append(all, n)
		}
	}
	return all
}

// supervisionNote says what the repeal made of post-sentence supervision (R124).
func (v custodyView) supervisionNote() string {
	s := v.Status
	if !v.HasStatus || s.Standing != sentence.PostSentence || s.From.After(law.SupervisionRepealed.From) || v.Today.Before(law.SupervisionRepealed.From) {
		return ""
	}
	return "Post-sentence supervision ended for everybody on " + law.SupervisionRepealed.From.Long() + " (" + law.SupervisionRepealed.Law + "). Record the status that holds now"
}

// tagText is how long a tag lasts, in words.
func tagText(t sentence.Tag, today clock.Date) string {
	switch {
	case !t.RemovedOn.IsZero():
		return "Taken off on " + t.RemovedOn.Long() + ": " + t.RemovedWhy
	case t.Starts.After(today):
		return "Starts on " + t.Starts.Long()
	case t.Ends.IsZero():
		return "On since " + t.Starts.Long()
	case t.Ends.Before(today):
		return "Ended on " + t.Ends.Long()
	}
	return "On until " + t.Ends.Long()
}

func tagWord(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

func earlyEndWord(how string) string { return strings.ToUpper(how[:1]) + how[1:] }

// loose are the notices that speak of no group of sentences; days of release are
// shown with the time in custody.
func (v custodyView) loose() (all []custody.Notice) {
	for _, n := range v.Dates.Notices {
		spoken := n.Spell != 0 || n.Kind == custody.Released
		for _, g := range v.Dates.Groups {
			spoken = spoken || g.Speaks(n)
		}
		if !spoken {
			all = append(all, n)
		}
	}
	return all
}

// expected is the release from the present custody that is in force.
func (v custodyView) expected(s custody.Spell) string {
	if v.Dates.Spell.ID != s.ID || !v.Dates.Release.IsComputed() {
		return ui.Long(s.Expected)
	}
	return v.Dates.Release.Day.Long() + " (computed, not notified)"
}
