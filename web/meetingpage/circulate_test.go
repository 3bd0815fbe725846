package meetingpage_test

import (
	"net/http"
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/pdf/pdftest"
)

// After the meeting, through the pages (R59, R64): the clock, circulation, who opened
// it, the minutes sent back, put right, approved, and approved again as a version.
func TestAfterTheMeeting(t *testing.T) {
	t.Parallel()
	h := enter(t)
	mine, _ := h.Registered(t, h.East, "Minewood", "Max", rag.Red)
	h.Registered(t, h.East, "Otherwood", "Ola", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police))).Must(303)
	h.co.Submit(at+"/attendance", at+"/attendance/guests", typed("guest", h.account(authz.Guest), "case", ref.Text(mine))).Must(303)
	h.sign(at, h.co, h.chair, h.police, h.guest)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(mine)
	h.co.Submit(page, page+"/discussion", typed("discussion-text", "Seen at the shop")).Must(303)
	h.co.Get(at + "/circulation").Must(200).Has("when the meeting has been closed")
	h.chair.Submit(at+"/close", at+"/close", typed("reason", "Time ran out")).Must(303)

	// 1 June 2026 is a Monday.
	h.co.Get(at+"/circulation").Must(200).Has("Circulate by Wednesday 3 June, 2 days left", "Nothing has been circulated yet", "the named cases alone")
	h.co.Get(at + "/minutes").Must(200).Has("Circulate by Wednesday 3 June")
	h.co.Submit(at+"/circulation", at+"/circulation", typed("purpose", " ")).Must(http.StatusUnprocessableEntity).Has("Enter what it is circulated for")
	h.co.Submit(at+"/circulation", at+"/circulation", nil).Must(303)
	h.chair.Get(at+"/circulation").Must(200).Has("Circulated on Monday 1 June 2026", "Waiting since 1 June 2026", "Not opened yet", "Parker Eastwood")
	h.police.Get(at + "/circulation").Must(http.StatusForbidden)

	sent := linkTo(t, h.guest.Get(at+"/minutes").Must(200).Links(), at+"/received/")
	h.guest.Get(sent + "/copy").Must(303)
	h.guest.Get(sent).Must(200).Lacks("Minewood", "Otherwood")
	h.guest.Submit(sent, sent, typed("as", "page")).Must(303)
	h.guest.Get(sent + "/copy").Must(200).Has("Minewood").Lacks("Otherwood")
	file := h.guest.Submit(sent, sent, typed("as", "file")).Must(200)
	text, err := pdftest.Text([]byte(file.Body))
	if err != nil || !strings.Contains(text, "Minewood") || strings.Contains(text, "Otherwood") || !strings.Contains(text, "OFFICIAL-SENSITIVE") {
		t.Errorf("the guest's file: %v: %.300s", err, text)
	}
	h.co.Get(at+"/circulation").Must(200).Has("Read on 1 June 2026", "file taken on 1 June 2026", "Not opened yet")
	h.probation.Get(sent).Must(http.StatusNotFound)

	h.chair.Submit(at+"/minutes", at+"/minutes/return", nil).Must(http.StatusUnprocessableEntity).Has("Enter what has to be put right")
	h.chair.Submit(at+"/minutes", at+"/minutes/return", typed("back", "Case 1 is wrong")).Must(303)
	h.co.Get("/").Must(200).Has("Minutes sent back")
	h.co.Get(at+"/minutes").Must(200).Has("Sent back by Charlie Eastwood", "Case 1 is wrong")
	put := at + "/minutes/corrections/" + ref.Text(mine)
	h.co.Submit(put, put, typed("was", "Seen at the shop")).Must(http.StatusUnprocessableEntity).Has("Enter what the minutes should say", "Enter why")
	h.co.Submit(put, put, typed("was", "Seen at the shop", "text", "Seen at the library", "reason", "Misheard")).Must(303)
	h.co.Submit(at+"/minutes", at+"/minutes/answer", typed("answer", "Put right")).Must(303)
	h.co.Get("/").Must(200).Lacks("Minutes sent back")
	h.chair.Get(at+"/minutes").Must(200).Has("answered by Casey Eastwood", "Seen at the library", "Instead of: Seen at the shop")
	h.chair.Submit(at+"/minutes", at+"/minutes", nil).Must(303)

	h.co.Submit(put, put, typed("text", "Lives with an aunt", "reason", "Was left out")).Must(303)
	h.chair.Get("/").Must(200).Has("Minutes to approve")
	h.police.Get(at + "/minutes").Must(200).Lacks("Lives with an aunt")
	h.chair.Get(at+"/minutes").Must(200).Has("Corrections that wait for the chair", "Lives with an aunt", "version 2")
	h.chair.Submit(at+"/minutes", at+"/minutes", nil).Must(303)
	h.police.Get(at+"/minutes").Must(200).Has("Version 2, approved on 1 June 2026", "Lives with an aunt")
	h.police.Get(at + "/minutes/versions/1").Must(200).Lacks("Lives with an aunt")
	h.police.Get(at+"/minutes/versions/2").Must(200).Has("What changed from version 1", "Nothing: it was missing", "Lives with an aunt", "Was left out")
	h.police.Get(at + "/minutes/versions/3").Must(http.StatusNotFound)
	if text, err := pdftest.Text([]byte(h.guest.Get(at + "/minutes/file").Must(200).Body)); err != nil || !strings.Contains(text, "Lives with an aunt") || strings.Contains(text, "Otherwood") {
		t.Errorf("the guest's minutes: %v: %.300s", err, text)
	}
	ready := h.co.Get(at+"/circulation").Must(200).Has("They need nobody’s approval (R64). Circulated on 1 June 2026", "Approved by Charlie Eastwood (R59)")
	if kind := ready.Form(at + "/circulation").Values.Get("kind"); kind != "minutes" {
		t.Errorf("the plans have gone out, the minutes have not, and %q is offered first", kind)
	}
	h.co.Submit(at+"/circulation", at+"/circulation", typed("kind", "minutes")).Must(303)
	h.co.Get(at+"/circulation").Must(200).Has("Minutes, version 2", "Approved by Charlie Eastwood (R59). Circulated on 1 June 2026")
}

// linkTo is the first link that begins with a path.
func linkTo(t *testing.T, links []string, path string) string {
	t.Helper()
	for _, l := range links {
		if strings.HasPrefix(l, path) {
			return l
		}
	}
	t.Fatalf("no link to %s among %v", path, links)
	return ""
}
