package meetingpage_test

import (
	"slices"
	"testing"
	"time"

	"iom/internal/casework/escalation"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

// R60: an escalation about nobody in particular whose answer is overdue stands on the
// agenda and at the end of the running order, the closing asks for it, and the minutes
// have what the meeting made of it; a guest sees nothing of it.
func TestLinesWithoutACase(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	const issue = "No <b>bed</b> in the county"
	id, err := escalation.Raise(t.Context(), h.DB, h.Scheme.As(authz.Coordinator, h.East), escalation.New{Area: h.East, Kind: escalation.Resource,
		Issue: issue, Tried: "Both councils asked", AnswerBy: clock.NewDate(2026, 6, 4)})
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(7 * 24 * time.Hour)
	for role, client := range map[authz.Role]**webtest.Client{authz.Coordinator: &h.co, authz.Chair: &h.chair, authz.Guest: &h.guest} {
		*client = h.As(t, h.Account(role, h.East)) // the sessions of a week ago have ended
	}
	at := h.co.Submit("/meetings/new", "/meetings/new", typed("area", ref.Text(h.East), "held_on", "8/6/2026", "starts", "10am", "place", "Police station",
		"chair", h.account(authz.Chair))).Must(303).Location
	h.co.Submit(at+"/attendance", at+"/attendance/guests", typed("guest", h.account(authz.Guest), "case", ref.Text(n))).Must(303)
	h.sign(at, h.co, h.chair, h.guest)
	line := "East Sussex Delivery Group was asked for an answer by 4 June 2026"
	h.co.Get(at+"/agenda").Must(200).Has("Lines without a case", issue, line)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	h.co.Get(at+"/sheet").Must(200).Has("Lines without a case", issue, line, "Escalate an issue of nobody in particular")
	one := "/escalations/" + ref.Text(id)
	closing := h.co.Get(at + "/close").Must(200).Has("Line without a case: The escalation that came back is neither closed nor asked again: " + issue)
	if !slices.Contains(closing.Links(), one) {
		t.Errorf("R60 the closing does not lead to %s: %v", one, closing.Links())
	}

	form := "/escalations/new?meeting=" + at[len("/meetings/"):]
	h.co.Submit(form, form, typed("kind", "resource", "issue", "No van", "tried", "")).Must(422).Has("No van", "Enter what the members have tried")
	h.co.Submit(form, form, typed("kind", "resource", "issue", "No van", "tried", "Asked twice", "answer_by", "30/6/2026")).Must(303)
	h.co.Submit(one, one+"/settle", typed("meeting", at[len("/meetings/"):], "settle", "asked again", "outcome", "Asked in writing", "again_by", "20/6/2026")).Must(303)
	h.co.Get(at + "/close").Must(200).Lacks("Line without a case")
	h.co.Get(at+"/sheet").Must(200).Has(issue, "Answer asked for by 20 June 2026", "No van").Lacks(line)
	for _, page := range []string{"/minutes", "/minutes/print"} {
		h.co.Get(at+page).Must(200).Has("Lines without a case", "Escalation raised", "No van", "Escalation asked again", "Asked in writing", issue)
	}
	// R70: what of the case was not updated is the members' to put right, not the guest's.
	h.co.Get(at+"/sheet/"+ref.Text(n)).Must(200).Has("Interventions: nothing recorded yet (R70)", "Risk factors: last updated on 1 June 2026 (R70)")
	h.guest.Get(at + "/sheet/" + ref.Text(n)).Must(200).Lacks("R70")
	for _, page := range []string{"/agenda", "/sheet", "/minutes"} {
		h.guest.Get(at+page).Must(200).Has("Redwood, Rae").Lacks("Lines without a case", issue)
	}
}
