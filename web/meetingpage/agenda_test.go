package meetingpage_test

import (
	"net/http"
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// TestAgendaThroughThePages: the co-ordinator orders and leaves off, the chair agrees
// (R59), it is sent, and what changes from then on is marked. A RED is left off only with
// a reason (R65).
func TestAgendaThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	of := map[string]ref.NominalID{}
	for _, name := range []string{"Alder", "Birch", "Cedar"} {
		of[name], _ = h.Registered(t, h.East, name, "Jo", rag.Red)
	}
	at := h.plan()
	agenda, order := at+"/agenda", at+"/agenda/order"
	shows := func(words ...string) {
		t.Helper()
		text := h.co.Get(agenda).Must(200).Text("main")
		for _, w := range words {
			i := strings.Index(text, w)
			if i < 0 {
				t.Fatalf("%q does not follow on the agenda: %s", w, text)
			}
			text = text[i+len(w):]
		}
	}
	shows("The chair has not agreed the agenda yet", "RED ALERT and RED (3)", "Alder, Jo", "Birch, Jo", "Cedar, Jo")
	h.co.Submit(order, order, typed("place-"+ref.Text(of["Cedar"]), "1")).Must(http.StatusSeeOther)
	shows("Cedar, Jo", "Alder, Jo", "Birch, Jo")
	wrong := h.co.Submit(order, order, typed("place-"+ref.Text(of["Cedar"]), "1,5")).Must(http.StatusUnprocessableEntity).
		Has("Place must be a whole number from 1 to 9999")
	if kept := wrong.Form(order).Values.Get("place-" + ref.Text(of["Cedar"])); kept != "1,5" {
		t.Errorf("what was typed has become %q", kept)
	}
	h.co.Submit(order, order, typed("down", ref.Text(of["Cedar"]))).Must(http.StatusSeeOther)
	shows("Alder, Jo", "Cedar, Jo", "Birch, Jo")

	h.co.Submit(agenda, agenda+"/leave-off", typed("off-case", ref.Text(of["Birch"]), "off-reason", " ")).Must(http.StatusUnprocessableEntity).
		Has("Enter the reason for leaving it off")
	h.co.Submit(agenda, agenda+"/leave-off", typed("off-case", ref.Text(of["Birch"]), "off-reason", "In hospital")).Must(http.StatusSeeOther)
	shows("2 all", "Left for the next meeting", "Birch, Jo", "In hospital")

	if a := h.co.Get(agenda); a.HasForm(agenda+"/agree") || a.HasForm(agenda+"/send") {
		t.Error("the co-ordinator is offered to agree, or to send what nobody agreed")
	}
	h.chair.Submit(agenda, agenda+"/agree", nil).Must(http.StatusSeeOther)
	h.co.Submit(agenda, agenda+"/send", nil).Must(http.StatusSeeOther)
	shows("Agreed by Charlie Eastwood", "Sent by Casey Eastwood")
	if a := h.co.Get(agenda); a.HasForm(agenda + "/send") {
		t.Error("sending again is offered although nothing has changed")
	}
	h.Registered(t, h.East, "Fresh", "Jo", rag.Red)
	h.co.Submit(agenda, agenda+"/put-back", typed("case", ref.Text(of["Birch"]))).Must(http.StatusSeeOther)
	shows("and changed since", "Fresh, Jo", "New since sent")
	shows("Birch, Jo", "Put back since sent")
	h.co.Get(at).Must(200).Has("4 cases, sent")

	// What is left off is no gap; the closing names it with its reason and by whom (R65).
	h.co.Submit(agenda, agenda+"/leave-off", typed("off-case", ref.Text(of["Birch"]), "off-reason", "In <b>hospital</b> until July")).Must(http.StatusSeeOther)
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(http.StatusSeeOther)
	text := h.co.Get(at+"/close").Must(200).Has("3 things are missing", "Left for the next meeting", "In <b>hospital</b> until July", "Casey Eastwood, 1 June 2026").Text("main")
	text, stale, _ := strings.Cut(text, "3 cases not updated for a month (R70)")
	if !strings.Contains(stale, "Alder, Jo: interventions never recorded") || strings.Contains(stale, "Birch") || strings.Contains(stale, ": risk factors") {
		t.Errorf("R70 not updated: %s", stale) // the risk factors were assessed with the referral, today
	}
	missing, left, _ := strings.Cut(text, "Left for the next meeting")
	if strings.Contains(missing, "Birch") || !strings.Contains(left, "Birch, Jo") || strings.Contains(left, "Alder") || strings.Contains(left, "Cedar") {
		t.Errorf("R65 missing: %s; left off: %s", missing, left)
	}
	h.co.Submit(agenda, agenda+"/put-back", typed("case", ref.Text(of["Birch"]))).Must(http.StatusSeeOther)
	h.co.Get(at+"/close").Must(200).Has("4 things are missing").Lacks("Left for the next meeting", "hospital")
}

// TestFrequenciesThroughThePages: R44 and R47, in one go with an exception.
func TestFrequenciesThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	amber, _ := h.Registered(t, h.East, "Alder", "Jo", rag.Amber)
	green, _ := h.Registered(t, h.East, "Birch", "Jo", rag.Green)
	at := h.plan()
	page := at + "/agenda/frequencies"
	h.co.Get(at+"/agenda").Must(200).Has("2 people at AMBER and GREEN", "R44, R47")
	h.co.Get(page).Must(200).Has("Proposed: every 14 days", "Proposed: monthly", "It is agreed when the meeting is open")
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(http.StatusSeeOther)
	h.co.Submit(page, page, typed("of-"+ref.Text(amber), "weekly", "of-"+ref.Text(green), "now and then")).Must(http.StatusUnprocessableEntity).
		Has("Error: Choose one of the frequencies listed") // at the field
	h.co.Submit(page, page, typed("of-"+ref.Text(amber), "weekly", "of-"+ref.Text(green), "")).Must(http.StatusSeeOther)
	h.co.Get(page).Must(200).Has("Weekly", "Agreed")
	h.co.Submit(page, page, typed("of-"+ref.Text(amber), "weekly", "of-"+ref.Text(green), "")).Must(http.StatusUnprocessableEntity).Has("Nothing is left to agree")
	for _, where := range []string{"/papers", "/papers/print"} {
		h.co.Get(at+where).Must(200).Has("Supervision to be agreed en bloc", "Alder, Jo", "Birch, Jo", "Weekly Agreed", "Monthly")
	}
	h.chair.Submit(at+"/close", at+"/close", nil).Must(http.StatusSeeOther)
	for _, where := range []string{"/minutes", "/minutes/print"} {
		h.co.Get(at+where).Must(200).Has("No case was on the agenda", "Supervision agreed en bloc", "Alder, Jo", "Weekly", "R44").Lacks("Birch")
	}
}

// TestTransferOnTheSheet: R93 and R94, asked at the decision.
func TestTransferOnTheSheet(t *testing.T) {
	t.Parallel()
	h := enter(t)
	born := clock.NewDate(1990, 2, 3)
	n := h.Nominal(t, h.East, "Newby", "Jo", born)
	h.Referred(t, h.East, n, born)
	at := h.plan()
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(http.StatusSeeOther)
	page := at + "/sheet/" + ref.Text(n)
	decided := typed("decision-outcome", "adopted", "decision-reason", "Agreed with Kent", "decision-rating", "GREEN", "decision-rating_reason", "Stable",
		"decision-lead", h.account("probation"), "decision-capacity", "probation officer", "decision-outside", "yes", "decision-from", "", "decision-agreed_on", "20/5/2026")
	h.co.Submit(page, page+"/decision", decided).Must(http.StatusUnprocessableEntity).Has("Enter the force or scheme")
	decided.Set("decision-from", "Kent")
	h.co.Submit(page, page+"/decision", decided).Must(http.StatusUnprocessableEntity).
		Has("Transferred in from Kent, so RED until 27 July 2026. Enter the reason for GREEN before that day")
	decided.Set("decision-rating", "RED")
	h.co.Submit(page, page+"/decision", decided).Must(http.StatusSeeOther)
	h.co.Submit(page, page+"/review", typed("review-rating", "AMBER", "review-reason", "Engages")).Must(http.StatusUnprocessableEntity).
		Has("Enter the reason for AMBER before that day")
	h.co.Submit(page, page+"/review", typed("review-rating", "AMBER", "review-reason", "Engages", "review-early", "Kent held her at AMBER")).Must(http.StatusSeeOther)
}
