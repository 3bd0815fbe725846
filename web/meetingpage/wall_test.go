package meetingpage_test

import (
	"testing"

	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
)

// The wall of a room where guests and partner agencies sit shows nothing that they may not read:
// intelligence and drug tests stay on the sheet of those who may (docs/permissions.md, security.md 12).
func TestTheWallShowsWhatTheWholeRoomMayRead(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	today := clock.Today(h.Clock)
	if _, err := intelligence.Record(t.Context(), h.DB, h.Site.Scheme.As(authz.Police, h.East),
		intelligence.New{Nominal: n, Dated: today, Text: "canary of intelligence", Source: "x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := drugtest.Record(t.Context(), h.DB, h.Site.Scheme.As(authz.Probation, h.East),
		drugtest.New{Nominal: n, TestedOn: today, Result: drugtest.Positive, Substances: "canary of a test", Agency: h.Probation, Source: "x"}); err != nil {
		t.Fatal(err)
	}
	at := h.plan()
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	h.co.Get(page).Must(200).Has("canary of intelligence", "Drug test")
	good := readCode(t, h.co.Submit(at+"/sheet", at+"/display/code", nil).Must(200))
	wall := h.Stranger(t)
	wall.Submit("/sign-in?display", "/sign-in", typed("code", good)).Must(303)
	h.co.Submit(page, page+"/call", nil).Must(303)
	wall.Get(at+"/display").Must(200).Has("Redwood").Lacks("canary", "Drug test", "Intelligence")
	h.co.Submit(at+"/sheet", at+"/display", nil).Must(303) // and of one who gives up their own session
	h.co.Get(at+"/display").Must(200).Has("Redwood").Lacks("canary", "Drug test", "Intelligence")
}
