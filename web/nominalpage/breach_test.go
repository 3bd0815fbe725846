package nominalpage_test

import (
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// ending is the link of a page that ends so.
func ending(t *testing.T, a *webtest.Answer, suffix string) string {
	t.Helper()
	for _, href := range a.Links() {
		if strings.HasSuffix(href, suffix) {
			return href
		}
	}
	t.Fatalf("no link ends in %s", suffix)
	return ""
}

// A breach of supervision through the pages, from the missed appointment to the fine (R142, R144, R146,
// R148). Six months from 15 June 2025 end on 14 December; the supervision after them was notified
// to end on 14 September 2026, and the repeal of 11 May 2026 keeps a breach of April.
func TestABreachThroughThePagesByR142AndR144(t *testing.T) {
	t.Parallel()
	s := webtest.New(t) // 1 June 2026, 09:00
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Probation, s.East))
	submit := func(form string, kv ...string) *webtest.Answer { return c.Submit(form, form, one(kv...)) }
	submit(at(id, "sentences/new"), "imposed_on", "15/6/2025", "court", "Lewes Crown Court", "offence", "Burglary", "offence_on", "1/6/2025",
		"type", "standard determinate sentence", "months", "6", "relation", "alone", "source", "Court register").Must(303)
	submit(at(id, "dates/new"), "date-6", "14/9/2026", "notified_by", "Probation", "notified_on", "15/12/2025", "source", "Letter").Must(303)
	for _, k := range [][2]string{{"20/4/2026", "refused treatment"}, {"21/4/2026", "left early"}, {"20/5/2026", "did not attend"}} {
		submit(at(id, "contacts/new"), "kind", "key-work session", "held_on", k[0], "outcome", k[1], "log", "Session at the office", "source", "Own record").Must(303)
	}

	// Offered for the session that was left early, when supervision was in force; not for the one
	// after the repeal, nor for a treatment that was refused.
	contacts := c.Get(at(id, "contacts"))
	if n := strings.Count(contacts.Body, "Record as a breach"); n != 1 {
		t.Fatalf("offered %d times", n)
	}
	form := at(id, "breaches/new")
	offered := ""
	for _, href := range contacts.Links() {
		if strings.HasPrefix(href, form+"?contact=") {
			offered = href
		}
	}
	filled := c.Get(offered).Must(200).Form(form).Values
	for field, want := range map[string]string{"of": "post-sentence supervision", "type": "appointment", "breached_on": "21/4/2026", "what": "Key-work session on 21 April 2026: left early."} {
		if filled.Get(field) != want {
			t.Errorf("%s is filled in with %q, want %q", field, filled.Get(field), want)
		}
	}
	sentence, contact := filled.Get("sentence"), filled.Get("contact")
	if sentence == "" || contact == "" {
		t.Fatalf("neither sentence nor contact is chosen: %v", filled)
	}
	record := one("of", "post-sentence supervision", "sentence", sentence, "type", "appointment", "breached_on", "11/5/2026", "what", "Left after ten minutes", "source", "Probation")
	c.Submit(form, form, record).Must(422).Has("Supervision was repealed on 11 May 2026", "Left after ten minutes")
	record.Set("breached_on", "21/4/2026")
	record.Set("contact", contact)
	c.Submit(form, form, record).Must(303)
	c.Get(at(id, "contacts")).Has("Recorded as a breach").Lacks("Record as a breach")
	c.Get(at(id, "")).Has("Breach of post-sentence supervision (appointment) from 21 April 2026: record what becomes of it")

	tab := c.Get(at(id, "custody")).Has("Post-sentence supervision, appointment, 21 Apr 2026: open", "From the contact log: Key-work session on 21 April 2026: left early")
	step := ending(t, tab, "/step")
	c.Get(step).Must(200).Has("Information laid before the magistrates’ court").Lacks("Recall to prison decided")
	submit(step, "step", "warning", "happened_on", "2/6/2026", "source", "Probation").Must(422)
	submit(step, "step", "information laid", "happened_on", "28/4/2026", "listed_on", "27/4/2026", "source", "Probation").Must(422).Has("The hearing cannot be before this day")
	submit(step, "step", "information laid", "happened_on", "28/4/2026", "listed_on", "5/6/2026", "source", "Probation").Must(303)
	c.Get(at(id, "")).Has("before the court on 5 Jun 2026", "In 4 days")
	c.Get(at(id, "custody")).Has("before the court on 5 Jun 2026", "Hearing on 5 June 2026")

	s.Clock.Set(day("2026-06-08").At(9, 0))
	c = s.As(t, s.Account(authz.Probation, s.East))
	c.Get(at(id, "")).Has("record what the court decided on 5 Jun 2026")
	hearing := ending(t, c.Get(at(id, "custody")), "/hearing")
	c.Get(hearing).Must(200).Has("Listed for 5 June 2026")
	heard := one("heard_on", "5/6/2026", "finding", "breach without reasonable excuse", "sanction", "fine", "fine", "1001", "source", "Court")
	if again := c.Submit(hearing, hearing, heard).Must(422).Has("A fine is at most £1,000 (level 3)"); again.Form(hearing).Values.Get("fine") != "1001" {
		t.Error("the fine that was typed is lost")
	}
	heard.Set("fine", "12.50")
	c.Submit(hearing, hearing, heard).Must(422).Has("Fine in pounds must be a whole number")
	heard.Set("fine", "200")
	heard.Set("committal_days", "7")
	c.Submit(hearing, hearing, heard).Must(422).Has("The court can impose one sanction at a time")
	heard.Set("committal_days", "")
	c.Submit(hearing, hearing, heard).Must(303)
	c.Get(at(id, "custody")).Has("dealt with", "breach without reasonable excuse. Fine of £200").Lacks("Next step")
	c.Get(at(id, "")).Lacks("Breach of post-sentence supervision")
	c.Get(at(id, "history")).Has("Breach of post-sentence supervision: appointment", "Breach of post-sentence supervision: heard", "Fine of £200")
	c.Submit(step, step, one("step", "no further action", "happened_on", "8/6/2026", "note", "x", "source", "x")).Must(422).Has("This breach has been dealt with")

	s.As(t, s.Account(authz.Partner, s.East)).Get(at(id, "custody")).Must(200).Has("Left after ten minutes").Lacks("Record a breach", "Entered in error")
	s.As(t, s.Account(authz.Partner, s.East)).Get(at(id, "contacts")).Lacks("Record as a breach")
	s.As(t, s.Account(authz.Probation, s.Brighton)).Get(hearing).Must(404)
}

// What the court decides of an order ends it, and the page says what to do next (R178); a tag that was
// taken off can still be marked as entered in error.
func TestAnOrderBeforeTheCourtAndATagInErrorByR178(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Police, s.East))
	submit := func(form string, kv ...string) *webtest.Answer { return c.Submit(form, form, one(kv...)) }
	c.Get(at(id, "breaches/new")).Must(200).Has("Record the sentence first")
	submit(at(id, "sentences/new"), "imposed_on", "5/1/2026", "court", "Hastings", "offence", "Theft", "type", "suspended sentence", "order_ends_on", "4/1/2027", "relation", "alone", "source", "Court").Must(303)
	first := c.Get(at(id, "breaches/new")).Form(at(id, "breaches/new")).Values
	if first.Get("of") != "suspended sentence order" || first.Get("sentence") == "" {
		t.Fatalf("the only order is not chosen: %v", first)
	}
	submit(at(id, "breaches/new"), "of", "suspended sentence order", "sentence", first.Get("sentence"), "type", "offending", "breached_on", "4/5/2026", "what", "Charged with theft", "source", "PNC").Must(303)
	step := ending(t, c.Get(at(id, "custody")), "/step")
	c.Get(strings.TrimSuffix(step, "step") + "hearing").Must(404) // not of supervision
	submit(step, "step", "court outcome", "happened_on", "1/6/2026", "outcome", "order amended", "source", "Court").Must(422).Has("Record first when the breach proceedings were begun")
	submit(step, "step", "breach proceedings", "happened_on", "5/5/2026", "source", "Probation").Must(303)
	submit(step, "step", "court outcome", "happened_on", "1/6/2026", "source", "Court").Must(422).Has("Choose what the court decided")
	submit(step, "step", "court outcome", "happened_on", "1/6/2026", "outcome", "suspended sentence activated", "source", "Court").Must(303)
	tab := c.Get(at(id, "custody")).Has("dealt with", "1 June 2026: suspended sentence activated", "Ended early")
	wrong := ""
	for _, href := range tab.Links() {
		if strings.Contains(href, "/facts/breach_step/") {
			wrong = href // the last step
		}
	}
	submit(wrong, "reason", "Another case").Must(303)
	c.Get(at(id, "custody")).Has("Suspended sentence order, offending, 4 May 2026: open").Lacks("suspended sentence activated")

	submit(at(id, "tags/new"), "kind", "location monitoring", "starts_on", "1/5/2026", "source", "Probation").Must(303)
	off := ending(t, c.Get(at(id, "custody")), "/end")
	for _, href := range c.Get(at(id, "custody")).Links() {
		if strings.Contains(href, "/tags/") && strings.HasSuffix(href, "/end") {
			off = href
		}
	}
	submit(off, "ended_on", "20/5/2026", "reason", "Over").Must(303)
	tag := strings.Replace(strings.TrimSuffix(off, "/end"), "/tags/", "/facts/tag/", 1)
	submit(tag, "reason", "Never fitted").Must(303)
	c.Get(at(id, "custody")).Lacks("location monitoring").Has("No tag recorded")
	c.Get(at(id, "history")).Has("Entered in error: Never fitted")
}

// A breach of licence by curfew: a warning, and then the recall to which it led (R178).
func TestABreachOfLicenceLeadsToARecallByR178(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	submit := func(form string, kv ...string) *webtest.Answer { return c.Submit(form, form, one(kv...)) }
	submit(at(id, "sentences/new"), "imposed_on", "5/1/2025", "court", "Lewes Crown Court", "offence", "Burglary", "offence_on", "5/1/2025",
		"type", "standard determinate sentence", "months", "20", "relation", "alone", "source", "Court register").Must(303) // licence to 4 September 2026 (facts, case 13)
	form := at(id, "breaches/new")
	first := c.Get(form).Form(form).Values
	if first.Get("of") != "licence" {
		t.Fatalf("the licence is not chosen: %v", first)
	}
	submit(form, "of", "licence", "sentence", first.Get("sentence"), "type", "curfew", "breached_on", "25/5/2026", "what", "Out at night", "source", "Monitoring").Must(303)
	step := ending(t, c.Get(at(id, "custody")), "/step")
	submit(step, "step", "warning", "happened_on", "26/5/2026", "source", "Probation").Must(303)
	c.Get(at(id, "custody")).Has("Licence, curfew, 25 May 2026: dealt with", "26 May 2026")
	submit(step, "step", "warning", "happened_on", "27/5/2026", "source", "Probation").Must(422).Has("This is recorded already")
	submit(at(id, "recalls/new"), "sentence", first.Get("sentence"), "decided_on", "31/5/2026", "decided_time", "9am", "decided_by", "Robin Eastwood", "reason", "Out again", "source", "Probation").Must(303)
	again := c.Get(step).Must(200)
	recall := ""
	for _, n := range again.All("option") {
		if v := webtest.Attr(n, "value"); v != "" {
			recall = v
		}
	}
	if recall == "" {
		t.Fatal("the recall is not offered")
	}
	submit(step, "step", "recall decided", "happened_on", "31/5/2026", "recall", recall, "source", "Probation").Must(303)
	c.Get(at(id, "custody")).Has("Recall to prison decided", "Recall decided 31 May 2026").Lacks("Next step (Licence")
}
