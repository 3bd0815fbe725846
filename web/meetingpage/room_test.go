package meetingpage_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// readCode is the code on the page that shows it once.
func readCode(t *testing.T, a *webtest.Answer) string {
	t.Helper()
	for _, n := range a.All("code") {
		if text := strings.TrimSpace(n.FirstChild.Data); len(text) == 9 && text[4] == '-' {
			return text
		}
	}
	t.Fatalf("no code: %s", a.Text("main"))
	return ""
}

// TestTheScreenOfTheRoom: R63, security.md 21. The machine of the room, to which nobody
// signs in, takes a code and then shows that meeting and nothing else, changes nothing,
// outlasts the idle time, and ends with the meeting; who got the code stays signed in.
// The answer to a wrong code is that to one that has run out.
func TestTheScreenOfTheRoom(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	code := func() string {
		t.Helper()
		return readCode(t, h.co.Submit(at+"/sheet", at+"/display/code", nil).Must(200).Has("It works once", "/sign-in?display"))
	}
	const door = "/sign-in?display"
	wall := h.Stranger(t)
	wall.Get(at + "/display").Must(303)
	wall.Get("/sign-in").Must(200).Has("Show a meeting on this screen")
	wall.Get(door).Must(200).Has("Show a meeting on this screen", "It works once and for ten minutes")
	wall.Submit(door, "/sign-in", typed("code", "")).Must(422).Has("Enter the code")
	never := wall.Submit(door, "/sign-in", typed("code", "ACEF-GHJK")).Must(422).Has("This code cannot be used")
	ranOut := code()
	h.Clock.Advance(10 * time.Minute)
	late := wall.Submit(door, "/sign-in", typed("code", ranOut)).Must(422)
	if a, b := strings.ReplaceAll(never.Text("body"), "ACEF-GHJK", ""), strings.ReplaceAll(late.Text("body"), ranOut, ""); a != b {
		t.Errorf("a code that never was is answered\n%s\nand one that has run out\n%s", a, b)
	}
	wall.Get(at + "/display").Must(303)

	good := code()
	in := wall.Submit(door, "/sign-in", typed("code", good)).Must(303)
	if in.Location != at+"/display" {
		t.Fatalf("the code leads to %s", in.Location)
	}
	wall.Get(at+"/display").Must(200).Has("No case has been opened yet", "0 of 1 case finished").Lacks("Redwood")
	h.co.Get(at+"/sheet").Must(200).Has("Redwood, Rae", "Display set up at") // still signed in
	h.Stranger(t).Submit(door, "/sign-in", typed("code", good)).Must(422).Has("This code cannot be used")
	h.co.Submit(page, page+"/call", nil).Must(303)
	wall.Get(at + "/display").Must(200).Has("Rae Redwood")

	second := h.plan()
	h.sign(second, h.co)
	for _, path := range []string{"/", "/live-list", page, at, at + "/sheet", at + "/agenda", at + "/minutes", page + "/live", "/nominals/" + ref.Text(n), "/actions", "/account", "/search", "/meetings"} {
		wall.Get(path).Must(403).Lacks("Redwood")
	}
	wall.Get(second + "/display").Must(403)
	open := h.co.Get(page).Form(page + "/discussion")
	open.Values.Set("discussion-text", "From the wall")
	wall.Do(http.MethodPost, page+"/discussion", open.Values, nil).Must(403)
	wall.Do(http.MethodPost, at+"/display/code", h.co.Get(at+"/sheet").Form(at+"/display/code").Values, nil).Must(403)

	h.Clock.Advance(2 * time.Hour)
	wall.Get(at + "/display").Must(200).Has("Rae Redwood")
	chair := h.As(t, h.Account(authz.Chair, h.East))
	chair.Submit(at+"/close", at+"/close", typed("reason", "Fire alarm")).Must(303)
	wall.Get(at + "/display").Must(403).Lacks("Redwood")
	wall.Get(door).Must(200).Has("Code") // the next meeting in that room
}

// TestACodeEndsWhoWasSignedIn: what is typed where somebody is signed in leaves nothing of
// their session in the machine of the room.
func TestACodeEndsWhoWasSignedIn(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.sign(at, h.co)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	code := readCode(t, h.co.Submit(at+"/sheet", at+"/display/code", nil).Must(200))
	h.police.Get("/account").Must(200)
	h.police.Submit("/sign-in?display", "/sign-in", typed("code", code)).Must(303)
	h.police.Get("/account").Must(403).Has("This browser shows a meeting and nothing else")
	h.police.Get(at + "/display").Must(200)
}
