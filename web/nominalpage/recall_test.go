package nominalpage_test

import (
	"strings"
	"testing"
	"time"

	"iom/internal/casework/rag"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// A recall through the pages: the clock of R138 and R139, the questions of R136, the return
// with its capped end (R137), the rating it asks for (R51), and the picture beside.
// The sentence of 20 months from 5 January 2025 ends on 4 September 2026 (facts, case 13).
func TestARecallThroughThePagesByR138(t *testing.T) {
	t.Parallel()
	s := webtest.New(t) // 1 June 2026, 09:00
	s.Prisons(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Probation, s.East))
	c.Submit(at(id, "sentences/new"), at(id, "sentences/new"), one("imposed_on", "5/1/2025", "court", "Lewes Crown Court", "offence", "Burglary", "offence_on", "5/1/2025",
		"type", "standard determinate sentence", "months", "20", "relation", "alone", "source", "Court register")).Must(303)

	form := at(id, "recalls/new")
	first := c.Get(form).Must(200)
	sentence := first.Form(form).Values.Get("sentence")
	if sentence == "" {
		t.Fatal("the only sentence is not chosen")
	}
	decide := one("sentence", sentence, "decided_on", "1/6/2026", "decided_time", "10:00", "decided_by", "Robin Eastwood", "reason", "Missed three appointments", "source", "Probation")
	c.Submit(form, form, decide).Must(422).Has("must be in the past", "Missed three appointments") // it is nine
	decide.Set("decided_time", "8am")
	c.Submit(form, form, decide).Must(303)
	c.Get(at(id, "custody")).Has("Part A and papers to PPCS by 2 Jun 2026 at 08:00: 23 hours left")
	c.Get(at(id, "")).Has("Recall: Part A and papers to PPCS by 2 Jun 2026 at 08:00: 23 hours left")
	s.Clock.Advance(25 * time.Hour)
	c = s.As(t, s.Account(authz.Probation, s.East))
	tab := c.Get(at(id, "custody")).Has("2 hours late")

	for _, href := range tab.Links() {
		if part, is := strings.CutPrefix(href, "#"); is && !strings.Contains(tab.Body, `id="`+part+`"`) {
			t.Errorf("a link leads to %s, which is not on the page", href)
		}
	}
	recall := ""
	for _, href := range tab.Links() {
		if strings.HasSuffix(href, "/step") {
			recall = strings.TrimSuffix(href, "/step")
		}
	}
	step := one("step", "papers sent", "at_on", "2/6/2026", "at_time", "09:30", "source", "Probation")
	c.Submit(recall+"/step", recall+"/step", step).Must(303)
	c.Submit(recall+"/step", recall+"/step", one("step", "licence revoked", "at_on", "2/6/2026", "at_time", "09:45", "source", "PPCS")).Must(422).Has("Record first when PPCS had received the papers")
	c.Submit(recall+"/step", recall+"/step", one("step", "papers received", "at_on", "2/6/2026", "at_time", "09:45", "source", "PPCS")).Must(303)
	c.Get(at(id, "custody")).Has("PPCS to process the papers by 3 Jun 2026 at 09:45")
	c.Submit(recall+"/step", recall+"/step", one("step", "licence revoked", "at_on", "2/6/2026", "at_time", "09:50", "source", "PPCS")).Must(303)
	c.Get(at(id, "")).Has("if wanted for arrest, the police rate RED ALERT")

	c.Get(recall+"/kind").Must(200).Has("Fixed-term recall of 56 days (FTR 56)", "Managed at MAPPA level 2 or 3")
	answers := one("source", "PPCS", "kind", "fixed-term recall of 56 days")
	for _, q := range []string{"mappa-level", "mappa-category-4", "charged", "terrorism", "foreign-power", "section-244zb", "special-sentence"} {
		answers.Set("answer-"+q, "not met")
		answers.Set("evidence-"+q, "Record checked")
	}
	answers.Set("evidence-charged", "")
	c.Submit(recall+"/kind", recall+"/kind", answers).Must(422).Has("Enter what this answer rests on")
	answers.Set("evidence-charged", "PNC")
	c.Submit(recall+"/kind", recall+"/kind", answers).Must(303)

	s.Clock.Set(day("2026-07-20").At(9, 0))
	c = s.As(t, s.Account(authz.Probation, s.East))
	c.Submit(recall+"/return", recall+"/return", one("returned_on", "20/7/2026", "prison", "LWI", "source", "Prison")).Must(303)
	c.Get(at(id, "custody")).Has("In custody since 20 Jul", "Fixed-term recall", "Computed 4 September 2026", "the sentence ends before that",
		"47 days lie between the revocation of the licence and the return", "Not needed for a fixed-term recall",
		"Picture of", "A. Custody", "B. Licence", "C. Fixed-term recall of 56 days", "D. Final third of the licence")
	c.Get(at(id, "")).Has("consider PRISON")
	s.As(t, s.Account(authz.Partner, s.East)).Get(at(id, "custody")).Must(200).Has("Missed three appointments").Lacks("Next step")
	s.As(t, s.Account(authz.Probation, s.Brighton)).Get(recall + "/kind").Must(404)
}
