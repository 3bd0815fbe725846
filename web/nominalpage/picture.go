package nominalpage

import (
	"slices"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/web/ui"
)

// picture is a group of sentences to scale: custody, licence and supervision, below them
// the recalls, and below those the final third of the licence (R126).
func (v custodyView) picture(g sentence.Group) ui.Timescale {
	t := ui.Timescale{ID: "sentence-" + ref.Text(g.Sentences[0].ID), Caption: "Picture of " + groupTitle(g), Today: v.Today}
	fills := map[sentence.PartOf]ui.Fill{sentence.InPrison: ui.Solid, sentence.OnLicence: ui.Hatch, sentence.Supervising: ui.Dots}
	var third *ui.Span
	for _, p := range v.Dates.Parts(g) {
		s := ui.Span{Name: upper(string(p.Of)), From: p.From, To: p.To, Fill: fills[p.Of], Note: "Computed"}
		if p.Notified {
			s.Note = "By notified dates"
		}
		switch p.Of {
		case sentence.NoLicence:
			s.Name, s.Fill = "Released without a licence, to the end of the sentence", ui.Framed
		case sentence.InFinalThird:
			s.Fill, s.Row = ui.Framed, 1
			third = &s
			continue
		}
		t.Spans = append(t.Spans, s)
	}
	if len(t.Spans) == 0 {
		return t
	}
	recalled := v.recallSpans(g)
	t.Spans = append(t.Spans, recalled...)
	if third != nil {
		if len(recalled) > 0 {
			third.Row = 2
		}
		t.Spans = append(t.Spans, *third)
	}
	for i := range t.Spans {
		t.Spans[i].Key = string(rune('A' + i))
	}
	return t
}

// recallSpans are the times back in custody on a recall of the group's sentences, the
// first one first: to the release, or to the day on which it is due.
func (v custodyView) recallSpans(g sentence.Group) (all []ui.Span) {
	for _, r := range v.recalls {
		ofGroup := slices.ContainsFunc(g.Sentences, func(s sentence.Sentence) bool { return s.ID == r.Sentence })
		if !ofGroup || r.ReturnedOn.IsZero() {
			continue
		}
		s := ui.Span{Name: upper(string(r.Kind)), From: r.ReturnedOn, Fill: ui.Cross, Row: 1}
		switch out, ok := r.Release(v.Dates.EndOf(r.Sentence).Day); {
		case !r.ReleasedOn.IsZero():
			s.To, s.Note = r.ReleasedOn.AddDays(-1), "Released on "+r.ReleasedOn.Long()
		case v.notifiedRelease(r.Spell).After(r.ReturnedOn):
			s.To, s.Note = v.notifiedRelease(r.Spell).AddDays(-1), "To the release that was notified"
		case ok:
			s.To, s.Note = out.On, "Computed: "+strings.ToLower(out.Why[:1])+out.Why[1:]
		default:
			s.To, s.Note = v.Today, "Its end is not known"
		}
		if s.To.Before(s.From) {
			s.To = s.From
		}
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

// notifiedRelease is the release that was notified last for a time in custody; zero where none was.
func (v custodyView) notifiedRelease(spell ref.CustodyID) clock.Date {
	n, _ := v.lastRelease(spell)
	return n.Day
}
