package nominalpage_test

import (
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// halfYear records six months from 1 July 2025 through the pages and gives the sentence's
// address. By hand: 40% of 184 days are 74, released on 12 September 2025; licence to 31
// December 2025; supervision from 1 January 2026, meant to 12 September 2026.
func halfYear(t *testing.T, c *webtest.Client, id ref.NominalID) string {
	t.Helper()
	c.Submit(at(id, "sentences/new"), at(id, "sentences/new"), one("imposed_on", "1/7/2025", "court", "Lewes Crown Court", "offence", "Burglary", "offence_on", "15/6/2025",
		"type", "standard determinate sentence", "months", "6", "relation", "alone", "source", "Court register")).Must(303)
	for _, href := range c.Get(at(id, "custody")).Must(200).Links() {
		if strings.HasSuffix(href, "/days") {
			return strings.TrimSuffix(href, "/days")
		}
	}
	t.Fatal("no sentence is shown")
	return ""
}

// Licence conditions through the pages: standard ones ticked beforehand, a curfew in its own
// words, amended and ended (R127), and explained (R130).
func TestLicenceConditionsThroughThePagesByR127AndR130(t *testing.T) {
	t.Parallel()
	s := webtest.New(t, fixture.On(day("2025-10-01")))
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Probation, s.East))
	form := halfYear(t, c, id) + "/conditions"
	c.Get(at(id, "")).Has("Licence began: explain the conditions and the consequences of breach", "R130", "Since 12 Sep")

	blank := c.Get(form).Must(200)
	if got := blank.Form(form).Values; len(got["standard"]) != 9 || got.Get("from_on") != "12/9/2025" {
		t.Errorf("filled in beforehand: %v", got)
	}
	typed := one("kind", "drug testing", "words", "Be tested for heroin and crack", "propensity", "met", "propensity_evidence", "Heroin since 2019", "contribution", "not met",
		"set_by", "Governor Ashdown", "set_on", "1/9/2025", "from_on", "12/9/2025", "source", "Licence")
	typed["standard"] = []string{"1", "2", "7"}
	refused := c.Submit(form, form, typed).Must(422).Has("or is likely to", "Be tested for heroin and crack", "Heroin since 2019")
	if got := refused.Form(form).Values["standard"]; len(got) != 3 {
		t.Errorf("what was ticked: %v", got)
	}
	typed.Set("contribution", "met")
	c.Submit(form, form, typed).Must(422).Has("Enter what this answer rests on")
	typed.Set("contribution_evidence", "Steals to pay for it")
	c.Submit(form, form, typed).Must(303)
	curfew := one("kind", "curfew", "words", "At home from 19:00 to 07:00", "set_by", "Governor Ashdown", "set_on", "1/9/2025", "from_on", "11/8/2025", "source", "Licence")
	curfew["standard"] = []string{}
	c.Submit(form, form, curfew).Must(422).Has("cannot be in force before the governor set it")
	curfew.Set("from_on", "12/9/2025")
	c.Submit(form, form, curfew).Must(303)

	tab := c.Get(at(id, "custody")).Has("Licence conditions", "From 12 September 2025 to 31 December 2025", "Runs now", "3 standard conditions", "Not commit any offence", "Be tested for heroin and crack", "Steals to pay for it",
		"At home from 19:00 to 07:00", "Set by Governor Ashdown on 1 September 2025", "Licence began: explain the conditions")
	last := ""
	for _, href := range tab.Links() {
		if strings.HasSuffix(href, "/amend") {
			last = strings.TrimSuffix(href, "/amend")
		}
	}
	amend := one("words", "At home from 21:00 to 06:00", "set_by", "Governor Ashdown", "set_on", "28/9/2025", "from_on", "1/10/2025", "why", "", "source", "Licence")
	c.Submit(last+"/amend", last+"/amend", amend).Must(422).Has("Enter why the condition is amended", "At home from 21:00 to 06:00")
	amend.Set("why", "In work")
	c.Submit(last+"/amend", last+"/amend", amend).Must(303)
	c.Submit(last+"/end", last+"/end", one("ended_on", "1/10/2025", "ended_by", "x", "why", "x", "source", "x")).Must(422).Has("ended on 1 October 2025 already")
	c.Get(at(id, "custody")).Has("No longer in force", "Amended from 1 October 2025 by Governor Ashdown: In work", "At home from 21:00 to 06:00")

	// What is amended from a day to come holds until then.
	next := strings.TrimSuffix(ending(t, c.Get(at(id, "custody")), "/amend"), "/amend")
	c.Submit(next+"/amend", next+"/amend", one("words", "Be good", "set_by", "Governor Ashdown", "set_on", "1/10/2025", "from_on", "9/10/2025", "why", "Plainer words", "source", "Licence")).Must(303)
	c.Get(at(id, "custody")).Has("In force from 12 September 2025 until 9 October 2025", "Be good", "1 condition").Lacks("2 conditions")

	explained := strings.TrimSuffix(form, "conditions") + "explained"
	c.Submit(explained, explained, one("explained_on", "30/6/2025", "explained_by", "Robin Eastwood", "source", "Probation")).Must(422).Has("before the sentence")
	c.Submit(explained, explained, one("explained_on", "12/9/2025", "explained_by", "Robin Eastwood", "source", "Probation")).Must(303)
	c.Get(at(id, "custody")).Has("12 September 2025, by Robin Eastwood").Lacks("Licence began: explain")
	c.Get(at(id, "")).Lacks("Licence began: explain")
	c.Get(at(id, "history")+"?part="+url.QueryEscape("custody and sentence")).Has("Licence condition: curfew", "Licence condition amended: curfew", "End of a licence condition: curfew",
		"Conditions and the consequences of breach explained")
	s.As(t, s.Account(authz.Partner, s.East)).Get(at(id, "custody")).Must(200).Has("Be tested for heroin and crack").Lacks("Record conditions")
	s.As(t, s.Account(authz.Probation, s.Brighton)).Get(form).Must(404)
}

// The requirements of supervision through the pages: exactly ten with brackets (R128, R131),
// eight of them filled in beforehand (R129), set and amended (R132) with why (R134), what a
// court recommended (R133), explained again (R130), and the repeal.
func TestSupervisionRequirementsThroughThePagesByR128(t *testing.T) {
	t.Parallel()
	s := webtest.New(t, fixture.On(day("2026-02-02")))
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Probation, s.East))
	of := halfYear(t, c, id)
	form := of + "/requirements"
	c.Get(at(id, "")).Has("Supervision began: explain the requirements and the consequences of breach again", "R130")

	blank := c.Get(form).Must(200).Has("10. Attend drug appointments [with whom and where]", "belong to a licence")
	if got := blank.Form(form).Values; len(got["number"]) != 8 || got.Get("step") != "proposed" || got.Get("from_on") != "1/1/2026" {
		t.Errorf("filled in beforehand: %v", got)
	}
	typed := one("step", "set", "done_by", "Governor Ashdown", "done_on", "1/9/2025", "from_on", "1/1/2026", "bracket-5-0", "12 [Sandpiper] Way", "why", "", "source", "Prison")
	typed["number"] = []string{"1", "2", "3", "4", "5", "6", "8", "9"}
	c.Submit(form, form, typed).Must(422).Has("Enter why they are necessary and proportionate")
	typed.Set("why", "To stay away from offending")
	refused := c.Submit(form, form, typed).Must(422).Has("Enter the address of requirement 5", "Enter why a requirement is left out or removed", "Enter why requirement 9 is necessary",
		"Drug testing needs a propensity")
	if got := refused.Form(form).Values; len(got["number"]) != 8 || got["number"][7] != "9" || got.Get("bracket-5-0") != "12 [Sandpiper] Way" || got.Get("why") != "To stay away from offending" {
		t.Errorf("what was typed: %v", got)
	}
	typed.Set("bracket-5-0", "12 Sandpiper Way")
	for name, value := range map[string]string{"left_out_why": "Family in France", "why-9": "Heroin", "propensity": "met", "propensity_evidence": "Since 2019", "contribution": "met", "contribution_evidence": "Steals"} {
		typed.Set(name, value)
	}
	c.Submit(form, form, typed).Must(303)
	tab := c.Get(at(id, "custody")).Has("Supervision requirements", "From 1 January 2026", "Reside at the approved address 12 Sandpiper Way and get permission", "7. Not travel outside the British Isles: Family in France",
		"In force", "Criminal Justice Act 2003 section 256AA", "additional conditions for the protection of the public are not available")

	again := c.Get(form).Must(200).Form(form).Values
	if again.Get("step") != "amended" || again.Get("bracket-5-0") != "12 Sandpiper Way" || len(again["number"]) != 8 {
		t.Errorf("an amendment begins with %v", again)
	}
	amend := one("step", "amended", "requested_by", "Robin Eastwood", "requested_on", "20/1/2026", "done_by", "Governor Ashdown", "done_on", "22/1/2026", "from_on", "23/1/2026", "bracket-5-0", "12 Sandpiper Way",
		"why", "Tests have been clean", "left_out_why", "No longer needed", "source", "Prison")
	amend["number"] = []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	c.Submit(form, form, amend).Must(303)
	c.Get(at(id, "custody")).Has("to 23 January 2026, when it was amended", "9. Undertake drug testing: No longer needed")

	recommendation := ending(t, tab, "/recommendation")
	court := one("court", "Hastings Magistrates’ Court", "recommended_on", "26/1/2026", "recommends", "Drug appointments", "considered_by", "Robin Eastwood", "considered_on", "27/1/2026",
		"outcome", "disagreed", "reason", "No need any more", "source", "Court")
	c.Submit(recommendation, recommendation, court).Must(422).Has("A disagreement is referred to PPCS: enter the day", "Drug appointments")
	court.Set("referred_on", "28/1/2026")
	c.Submit(recommendation, recommendation, court).Must(303)
	c.Get(at(id, "custody")).Has("disagreed, and referred to PPCS on 28 January 2026")
	explained := of + "/explained"
	c.Submit(explained, explained, one("explained_on", "2/2/2026", "explained_by", "Robin Eastwood", "source", "Probation")).Must(303)
	c.Get(at(id, "")).Lacks("Supervision began")
	c.Get(at(id, "history")+"?part="+url.QueryEscape("custody and sentence")).Has("Supervision requirements set: 1, 2, 3, 4, 5, 6, 8, 9", "Supervision requirements amended: 1, 2, 3, 4, 5, 6, 7, 8",
		"Change of requirements recommended by a court: disagreed")

	s.Clock.Set(day("2026-05-11").At(9, 0)) // the repeal
	c = s.As(t, s.Account(authz.Probation, s.East))
	after := c.Get(at(id, "custody")).Has("to 11 May 2026, when the repeal ended it; it would have gone on to 12 September 2026", "to 11 May 2026: the repeal ended it", "Sentencing Act 2026 section 34")
	if strings.Contains(after.Body, ">In force</strong>") || !strings.Contains(tab.Body, ">In force</strong>") {
		t.Error("requirements outlast the repeal, or were not in force before it")
	}
	amend.Set("requested_on", "10/5/2026")
	amend.Set("done_on", "11/5/2026")
	amend.Set("from_on", "11/5/2026")
	c.Submit(form, form, amend).Must(422).Has("Supervision was repealed on 11 May 2026: nothing can be set from that day on")
	s.As(t, s.Account(authz.Partner, s.East)).Get(at(id, "custody")).Must(200).Has("12 Sandpiper Way").Lacks("Record requirements")
}

// Where there never was supervision the page says nothing of it, and its form says why none can be recorded.
func TestNoSupervisionNoRequirementsByR128(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Probation, s.East))
	c.Submit(at(id, "sentences/new"), at(id, "sentences/new"), one("imposed_on", "5/1/2025", "court", "Lewes Crown Court", "offence", "Burglary", "offence_on", "5/1/2025",
		"type", "standard determinate sentence", "years", "4", "relation", "alone", "source", "Court register")).Must(303)
	tab := c.Get(at(id, "custody")).Must(200).Has("Licence conditions").Lacks("Supervision requirements")
	form := strings.TrimSuffix(ending(t, tab, "/days"), "/days") + "/requirements"
	typed := one("step", "set", "done_by", "x", "done_on", "1/9/2025", "from_on", "1/1/2026", "bracket-5-0", "x", "why", "x", "source", "x")
	c.Submit(form, form, typed).Must(422).Has("There is no post-sentence supervision after this sentence. The sentence is not under two years")
}
