package nominalpage

import (
	"slices"

	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/ui"
)

// breachName is a breach in a few words: breach of licence, curfew, from 3 June 2026.
func breachName(b breach.Breach) string {
	text := "Breach of " + string(b.Of) + " (" + string(b.Type) + ") from " + b.BreachedOn.Long()
	if b.Order != 0 {
		text += ", of a supervision default order"
	}
	return text
}

// breachTitle names a breach, and says how it stands.
func breachTitle(b breach.Breach) string {
	text := upper(string(b.Of)) + ", " + string(b.Type) + ", " + b.BreachedOn.Short()
	switch on := b.Hearing(); {
	case !b.Open():
		text += ": dealt with"
	case !on.IsZero():
		text += ": before the court on " + on.Short()
	default:
		text += ": open"
	}
	return text
}

// breachLinks are what can be recorded of a breach.
func (v custodyView) breachLinks(b breach.Breach) []ui.Link {
	if !v.May(authz.RecordCustody) {
		return nil
	}
	var links []ui.Link
	at := v.At("breaches/" + ref.Text(b.ID))
	if slices.Contains(b.Next(), breach.Heard) {
		links = append(links, ui.Link{Text: "Hearing", Href: at + "/hearing"})
	}
	if len(offered(b)) > 0 {
		links = append(links, ui.Link{Text: "Next step", Href: at + "/step"})
	}
	return append(links, ui.Link{Text: "Entered in error", Href: v.At("facts/breach/" + ref.Text(b.ID))})
}

// brokenSentence is the sentence to which a breach belongs.
func (v custodyView) brokenSentence(b breach.Breach) string {
	for _, s := range v.Dates.Sentences {
		if s.ID == b.Sentence {
			return sentenceWord(s) + ", " + v.imposedWord(s)
		}
	}
	return "Of a sentence that was entered in error"
}

// recallOf names the recall that came of a step.
func (v custodyView) recallOf(e breach.Entry) string {
	for _, r := range v.recalls {
		if e.Recall == r.ID {
			return recallTitle(r)
		}
	}
	return ""
}

// stepText says when a step was and what came of it.
func stepText(b breach.Breach, e breach.Entry) string {
	text := e.On.Long()
	switch {
	case e.Step == breach.Heard:
		text += ": " + string(e.Finding)
		if word := e.Court(b).Word(); word != "" {
			text += ". " + word
		}
		if e.Absconded {
			text += ". Absconded"
		}
	case e.Outcome != "":
		text += ": " + string(e.Outcome)
	case !e.ListedOn.IsZero():
		text += ". Hearing on " + e.ListedOn.Long()
	}
	return text
}

// ofBreaches are the breaches with which something is still to be done.
func (v overview) ofBreaches() (all []ui.Attention) {
	for _, b := range v.breaches {
		if !b.Open() {
			continue
		}
		a := ui.Attention{Text: breachName(b), Why: "R144", Href: v.step("breaches/"+ref.Text(b.ID)+"/step", authz.RecordCustody, frame.Custody)}
		if b.Of != law.OfSupervision {
			a.Why = "R178"
		}
		switch on := b.Hearing(); {
		case on.IsZero():
			a.Text += ": record what becomes of it"
		case on.Before(v.Today):
			a.Text, a.Late = a.Text+": record what the court decided on "+on.Short(), true
		default:
			a.Text += ": before the court on " + on.Short()
			a.When, _ = daysTo(on, v.Today)
		}
		if !b.Hearing().IsZero() && b.Of == law.OfSupervision {
			a.Href = v.step("breaches/"+ref.Text(b.ID)+"/hearing", authz.RecordCustody, frame.Custody)
		}
		all = append(all, a)
	}
	return all
}

// breachOf says of a missed contact whether it is recorded as a breach already, and where it
// can be, while a licence, supervision or an order was in force on its day (R142).
func (v contactsView) breachOf(k contact.Contact) (recorded bool, href string) {
	for _, b := range v.breaches {
		if b.Contact == k.ID {
			return true, v.At(frame.Custody) + "#breaches"
		}
	}
	if !k.Missed() || !v.May(authz.RecordCustody) || len(breach.Grounds(v.Dates, k.HeldOn)) == 0 {
		return false, ""
	}
	return false, v.At("breaches/new?contact=" + ref.Text(k.ID))
}

// sanctions are what the court can do, each with its limit (R146, R148).
var sanctions = func() []ui.Option {
	limits := map[law.Sanction]string{law.FineSanction: "At most £1,000 (level 3)", law.Committal: "At most 14 days",
		law.DefaultUnpaidWork: "20 to 60 hours, not past the end of supervision", law.DefaultCurfew: "At least 20 days, not past the end of supervision"}
	all := options(law.Sanctions, func(s law.Sanction) string { return upper(string(s)) })
	for i := range all {
		all[i].Hint = limits[law.Sanction(all[i].Value)]
	}
	return all
}()

// hearingDay is the hearing that is awaited, in words.
func hearingDay(on clock.Date) string {
	if on.IsZero() {
		return "No hearing is listed yet"
	}
	return "Listed for " + on.Long()
}

// stepOptions are the steps that follow, each with what it asks.
func stepOptions(f *form.Form, b breach.Breach, recalls []ui.Option) []ui.Option {
	all := options(offered(b), breach.Step.Word)
	for i := range all {
		switch s := breach.Step(all[i].Value); {
		case s.Waits():
			// One field: of the steps that may follow, only one lists a hearing.
			all[i].Reveal = listedField(f, s == breach.Listed)
		case s == breach.Decided:
			all[i].Reveal = outcomeField(f, b.Of)
		case s == breach.Recalled:
			all[i].Reveal = recallField(f, recalls)
		}
	}
	return all
}
