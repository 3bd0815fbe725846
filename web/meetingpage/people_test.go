package meetingpage_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

// later moves the clock; everybody signs in again.
func (h *hall) later(to time.Time) {
	h.t.Helper()
	h.Clock.Set(to)
	in := func(r authz.Role) *webtest.Client { return h.As(h.t, h.Account(r, h.East)) }
	h.co, h.chair, h.police, h.probation, h.guest = in(authz.Coordinator), in(authz.Chair), in(authz.Police), in(authz.Probation), in(authz.Guest)
}

// TestCoreMembersThroughThePages: R56, the list is made, everybody on it invited in one
// press, and a core agency of which nobody comes is named.
func TestCoreMembersThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.co.Get(at+"/core").Must(200).Has("No post is on the list yet", "Substance misuse practitioner")
	h.co.Submit(at+"/core", at+"/core", typed("post", "", "agency", ref.Text(h.Police))).Must(422).Has("Enter the post")
	h.co.Submit(at+"/core", at+"/core", typed("post", "Police IOM officer", "agency", ref.Text(h.Police), "account", h.account(authz.Police))).Must(303)
	h.co.Submit(at+"/core", at+"/core", typed("post", "Probation officer", "agency", ref.Text(h.Probation), "account", h.account(authz.Police))).Must(422).
		Has("Parker Eastwood works for Sussex Police")
	h.co.Submit(at+"/core", at+"/core", typed("post", "Probation officer", "agency", ref.Text(h.Probation), "account", h.account(authz.Probation))).Must(303)
	h.co.Get(at+"/attendance").Must(200).Has("Nobody comes for Probation Service", "Invite the core members (2)")
	h.co.Submit(at+"/attendance", at+"/attendance/core", nil).Must(303)
	h.co.Get(at + "/attendance").Must(200).Has("Everybody on the list of core members who works here is invited").Lacks("Nobody comes for")
	h.probation.Submit(at+"/apologies", at+"/apologies", typed("note", "At Crown Court")).Must(303)
	h.co.Get(at+"/attendance").Must(200).Has("Nobody comes for Probation Service", "At Crown Court")
	h.co.Submit(at+"/core", at+"/core/end", nil).Must(303)
	h.police.Get(at + "/core").Must(403)
}

// TestRollCallOnOneScreen: everybody in one form, times as people type them; what is
// wrong is said at the field and nothing typed is lost.
func TestRollCallOnOneScreen(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police), "member", h.account(authz.Probation))).Must(303)
	police, probation := h.account(authz.Police), h.account(authz.Probation)
	wrong := h.co.Submit(at+"/attendance", at+"/attendance", typed("roll-"+police, "absent", "arrived-"+police, "10.20", "roll-"+probation, "apologies")).Must(422).
		Has("Parker Eastwood: only somebody who is present came later")
	values := wrong.Form(at + "/attendance").Values
	if values.Get("roll-"+police) != "absent" || values.Get("arrived-"+police) != "10.20" || values.Get("roll-"+probation) != "apologies" {
		t.Errorf("typed and lost: %v", values)
	}
	h.co.Submit(at+"/attendance", at+"/attendance", typed("roll-"+police, "present", "departed-"+police, "25:99")).Must(422).
		Has("Parker Eastwood: left early at must be a time, such as 9am or 14:30")
	h.co.Submit(at+"/attendance", at+"/attendance", typed("roll-"+police, "present", "arrived-"+police, "10.20", "departed-"+police, "11:45am",
		"roll-"+probation, "apologies", "rest", "present")).Must(303)
	h.co.Get(at+"/attendance").Must(200).Has("from 10:20, until 11:45", "3 present", "1 sent apologies", "0 not called")
}

// TestApologiesThroughThePages: given by oneself, taken back, and leading to the
// updates that are owed then (R71).
func TestApologiesThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.probation.Get(at + "/apologies").Must(200).Has("not on the list of attendees")
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Probation))).Must(303)
	h.probation.Get(at+"/updates").Must(200).Has("Redwood, Rae").Lacks("You owe the chair", "Owed by officers")
	h.probation.Get(at + "/apologies").Must(200).Has("Nobody else of Probation Service works in this area")
	h.probation.Submit(at+"/apologies", at+"/apologies", typed("note", "At court")).Must(303)
	h.probation.Get(at+"/apologies").Must(200).Has("You have sent your apologies. Your note: At court", "You owe 1 written update")
	h.probation.Submit(at+"/apologies", at+"/apologies", typed("come", "yes")).Must(303)
	h.probation.Get(at + "/apologies").Must(200).Has("Send apologies")
}

// TestWrittenUpdatesThroughThePages: R71, R72. The meeting is on Thursday 18 June; the
// last day in time is the Wednesday before.
func TestWrittenUpdatesThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	other, _ := h.Registered(t, h.East, "Rowan", "Rob", rag.Red)
	at := h.co.Submit("/meetings/new", "/meetings/new", typed("area", ref.Text(h.East), "held_on", "18/6/2026", "starts", "10am", "place", "Police station",
		"chair", h.account(authz.Chair))).Must(http.StatusSeeOther).Location
	h.later(clock.NewDate(2026, 6, 15).At(9, 0))
	h.co.Get(at+"/updates").Must(200).Has("2 updates missing of 2 that are owed", "Not invited", "Wednesday 17 June 2026", "2 days left")
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Probation))).Must(303)
	h.co.Get(at + "/updates").Must(200).Has("Nobody owes a written update")
	h.probation.Submit(at+"/apologies", at+"/apologies", nil).Must(303)
	h.probation.Get("/").Must(200).Has("Written updates you owe", "Write 2 updates for the meeting of 18 June 2026", "due 17 Jun 2026")
	page := at + "/updates"
	h.probation.Get(page).Must(200).Has("You owe the chair 2 written updates by the end of Wednesday 17 June 2026: 2 days left (R71)")
	send := func(n ref.NominalID, text string) int {
		field := "update-text-" + ref.Text(n)
		return h.probation.Submit(page, page+"/"+ref.Text(n), typed(field, text)).Status
	}
	if status := send(n, "  "); status != 422 {
		t.Errorf("an empty update: %d", status)
	}
	if status := send(n, "Kept all appointments <b>well</b>"); status != 303 {
		t.Fatalf("sending: %d", status)
	}
	h.probation.Get("/").Must(200).Has("Write 1 update for")
	h.later(clock.NewDate(2026, 6, 18).At(9, 30))
	h.probation.Get(page).Must(200).Has("1 day late")
	if status := send(other, "No change"); status != 303 {
		t.Fatalf("sending late: %d", status)
	}
	text := h.co.Get(page).Must(200).Has("0 updates missing", "Here", "Came late").Text("main")
	if strings.Count(text, "Came late") != 1 {
		t.Errorf("one of two came late: %s", text)
	}
	h.probation.Get("/").Must(200).Lacks("Written updates you owe")
	// At its case, on the sheet and in the papers.
	h.sign(at, h.co, h.chair)
	h.co.Get(at+"/papers").Must(200).Has("Kept all appointments <b>well</b>", "Written update of Probation Service")
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	h.co.Get(at + "/sheet/" + ref.Text(n)).Must(200).Has("Kept all appointments <b>well</b>")
	h.police.Get(page).Must(200).Has("You lead no case").Lacks("Redwood")
	h.chair.Submit(at+"/close", at+"/close", typed("reason", "Fire alarm")).Must(303)
	h.co.Get(page).Must(200).Has("Owed by officers who did not attend", "0 of 2 updates never came. The last day was Wednesday 17 June 2026.").Lacks("day late")
}

// TestPapersThroughThePages: R62, R58. Who has not signed is led to the statement; a
// guest has the named case; the print says who made the copy.
func TestPapersThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	h.Registered(t, h.East, "Rowan", "Rob", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/guests", typed("guest", h.account(authz.Guest), "case", ref.Text(n))).Must(303)
	for _, part := range []string{"/papers", "/papers/print"} {
		if a := h.guest.Get(at + part).Must(303); a.Location != at+"/sign" {
			t.Errorf("%s leads a guest who has not signed to %s", part, a.Location)
		}
		if a := h.chair.Get(at + part).Must(303); a.Location != at+"/sign" {
			t.Errorf("%s leads a chair who has not signed to %s", part, a.Location)
		}
	}
	h.sign(at, h.co, h.guest)
	h.co.Get(at+"/papers").Must(200).Has("2 cases", "1. Redwood, Rae", "2. Rowan, Rob", "RAG history", "Open actions", "Recorded so far")
	h.guest.Get(at+"/papers").Must(200).Has("1 case", "Redwood").Lacks("Rowan")
	h.co.Get(at+"/papers/print").Must(200).Has("OFFICIAL-SENSITIVE", "1. Redwood, Rae. Copy made by Casey Eastwood, 1 June 2026, 09:00", "2. Rowan, Rob. Copy made by")
	h.guest.Get(at + "/papers/print").Must(200).Has("Redwood").Lacks("Rowan")
}

// TestSigningOnAnothersDevice: R61 through the page.
func TestSigningOnAnothersDevice(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.co.Get(at+"/witness").Must(200).Has("Who signs", "Casey Eastwood, witnesses it")
	h.co.Submit(at+"/witness", at+"/witness", typed("account", h.account(authz.Chair), "signed_as", "Somebody Else")).Must(422).
		Has("The name typed must be the name of the person who signs: Charlie Eastwood")
	h.co.Submit(at+"/witness", at+"/witness", typed("account", h.account(authz.Chair), "signed_as", "charlie eastwood")).Must(303)
	h.chair.Get(at+"/sign").Must(200).Has("Signed as charlie eastwood", "witnessed by Casey Eastwood")
	h.co.Get(at + "/attendance").Must(200).Has("Witnessed by Casey Eastwood")
	h.co.Get(at + "/witness").Must(200).Has("Everybody else who is invited has signed")
	h.police.Get(at + "/witness").Must(403)
}

// TestReadingTheMinutesOfAMeetingNotSignedFor: R62 through the page.
func TestReadingTheMinutesOfAMeetingNotSignedFor(t *testing.T) {
	t.Parallel()
	h := enter(t)
	h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police))).Must(303)
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	h.chair.Submit(at+"/close", at+"/close", typed("reason", "Nothing was dealt with")).Must(303)
	if a := h.police.Get(at + "/minutes").Must(303); a.Location != at+"/sign" {
		t.Fatalf("the minutes lead to %s", a.Location)
	}
	h.probation.Get(at + "/sign").Must(200).Has("You are not on the list of attendees").Lacks("Accept")
	h.police.Submit(at+"/sign", at+"/sign", typed("signed_as", "Parker Eastwood")).Must(303)
	h.police.Get(at + "/sign").Must(200).Has("Accepted, to read the minutes of the closed meeting, as Parker Eastwood")
	h.police.Get(at + "/minutes").Must(200).Has("Redwood")
}
