package meetingpage_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

// hall is the application with a client for each role of East Sussex.
type hall struct {
	*webtest.Site
	t                                   *testing.T
	co, chair, police, probation, guest *webtest.Client
}

func enter(t *testing.T) *hall {
	t.Helper()
	h := &hall{Site: webtest.New(t), t: t}
	in := func(r authz.Role) *webtest.Client { return h.As(t, h.Account(r, h.East)) }
	h.co, h.chair, h.police, h.probation, h.guest = in(authz.Coordinator), in(authz.Chair), in(authz.Police), in(authz.Probation), in(authz.Guest)
	return h
}

func (h *hall) account(r authz.Role) string { return number(h.Account(r, h.East).Account) }

func number(id int64) string { return ref.Text(ref.AccountID(id)) }

func typed(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// plan plans a meeting of today through the page and gives its address.
func (h *hall) plan() string {
	h.t.Helper()
	a := h.co.Submit("/meetings/new", "/meetings/new", typed("area", ref.Text(h.East), "held_on", "1/6/2026", "starts", "10am", "place", "Police station",
		"chair", h.account(authz.Chair)))
	return a.Must(http.StatusSeeOther).Location
}

func (h *hall) sign(at string, who ...*webtest.Client) {
	h.t.Helper()
	for _, c := range who {
		c.Submit(at+"/sign", at+"/sign", typed("signed_as", "My name")).Must(http.StatusSeeOther)
	}
}

// TestMeetingThroughThePages takes a meeting from the plan to approved minutes.
func TestMeetingThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t)
	h.co.Get("/meetings").Must(200).Has("No meeting is planned.")
	born := clock.NewDate(1990, 2, 3)
	n := h.Nominal(t, h.East, "Newby", "Jo", born)
	h.Referred(t, h.East, n, born)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police), "member", h.account(authz.Probation))).Must(303)
	h.co.Submit(at+"/attendance", at+"/attendance", typed("roll-"+h.account(authz.Police), "present")).Must(303)
	h.co.Get(at+"/agenda").Must(200).Has("Newby, Jo", "Referral to decide", "R68")
	h.sign(at, h.co, h.chair, h.police)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)

	page := at + "/sheet/" + ref.Text(n)
	h.co.Submit(page, page+"/discussion", typed("discussion-text", "Known <b>well</b>")).Must(303)
	h.police.Submit(page, page+"/contribution", typed("contribution-text", "Arrested twice")).Must(303)
	h.co.Submit(page, page+"/decision", typed("decision-outcome", "adopted", "decision-reason", "High risk", "decision-rating", "RED",
		"decision-rating_reason", "Disengaged", "decision-of-red", rag.Red.Characteristics()[3],
		"decision-lead", h.account(authz.Probation), "decision-capacity", "probation officer")).Must(303)
	h.co.Submit(page, page+"/actions", typed("actions-text", "Ring the landlord", "actions-owner", ref.Text(h.Police)+"-0",
		"actions-pathway", "accommodation", "actions-due", "20/6/2026")).Must(303)
	h.chair.Get(page).Must(200).Has("RED", "Known <b>well</b>", "Contribution of Sussex Police", "Adopted: High risk", "Ring the landlord", "Dealt with")

	h.co.Get(at + "/close").Must(200).Has("0 things are missing")
	h.co.Submit(at+"/close", at+"/close", nil).Must(303)
	if a := h.co.Get(at + "/minutes").Must(200); a.HasForm(at + "/minutes") {
		t.Error("the co-ordinator is offered to approve the minutes")
	}
	h.chair.Get(at+"/minutes").Must(200).Has("Referral adopted", "Ring the landlord", "No contribution recorded from Probation Service")
	h.chair.Submit(at+"/minutes", at+"/minutes", nil).Must(303)
	h.police.Get(at+"/minutes/print").Must(200).Has("Approved on 1 June 2026", "Copy made by Parker Eastwood")
	h.co.Get("/meetings").Must(200).Has("Minutes approved")
}

// TestUnsignedIsLedToTheStatement: every page with a case leads whoever has not
// signed to the statement, and shows no name on the way.
func TestUnsignedIsLedToTheStatement(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police))).Must(303)
	h.co.Submit(at+"/attendance", at+"/attendance/guests", typed("guest", h.account(authz.Guest), "case", ref.Text(n))).Must(303)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	for name, c := range map[string]*webtest.Client{"co-ordinator": h.co, "chair": h.chair, "police": h.police, "guest": h.guest} {
		for _, path := range []string{at + "/sheet", page, at + "/minutes", at + "/minutes/print", at + "/close", page + "/deregister", at + "/agenda"} {
			a := c.Get(path)
			runs := name == "co-ordinator" || name == "chair"
			switch {
			case path == at+"/agenda" && runs: // who runs the meeting agrees its agenda
			case a.Status == http.StatusForbidden && !runs:
			case a.Status != http.StatusSeeOther || a.Location != at+"/sign":
				t.Errorf("%s at %s without signing: %d to %q", name, path, a.Status, a.Location)
			}
			if !strings.HasSuffix(path, "/agenda") {
				a.Lacks("Redwood")
			}
		}
		c.Get(at).Must(200).Lacks("Redwood")
		h.sign(at, c)
		c.Get(page).Must(200).Has("Rae Redwood")
	}
	h.guest.Submit(page, page+"/contribution", typed("contribution-text", "He has a room with us")).Must(303)
	for _, form := range []string{"/discussion", "/review", "/actions", "/needs", "/retain"} {
		if h.guest.Get(page).HasForm(page + form) {
			t.Errorf("a guest is offered %s", form)
		}
	}
	h.As(t, h.Account(authz.Coordinator, h.Brighton)).Get(page).Must(http.StatusNotFound)
}

// TestFormsRefuse: what is wrong is said at the field, with everything typed
// still there, at 422; and nothing is recorded.
func TestFormsRefuse(t *testing.T) {
	t.Parallel()
	h := enter(t)
	h.co.Submit("/meetings/new", "/meetings/new", typed("area", "", "held_on", "31/2/2026", "starts", "noon", "place", "Town hall")).Must(422).
		Has("Choose the area", "Date of the meeting must be a real date", "Time must be a time").Has("There is a problem")
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/sign", at+"/sign", typed("signed_as", "")).Must(422).Has("Enter your name")
	h.sign(at, h.co)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	a := h.co.Submit(page, page+"/review", typed("review-rating", "AMBER", "review-supervision", "every Monday")).Must(422)
	a.Has("Enter the reason for the rating")
	if got := a.Form(page + "/review").Values; got.Get("review-rating") != "AMBER" || got.Get("review-supervision") != "every Monday" {
		t.Errorf("what was typed is lost: %v", got)
	}
	if got := a.Form(page + "/actions").Values; got.Get("actions-text") != "" {
		t.Errorf("another block was filled: %v", got)
	}
	h.co.Submit(page, page+"/actions", typed("actions-text", "x", "actions-owner", "999-0", "actions-pathway", "health", "actions-due", "1/1/2020")).Must(422).
		Has("Due date must be today or later", "Choose an agency that is part of the scheme today")
	h.co.Submit(page, page+"/discussion", typed("discussion-text", strings.Repeat("x", 20_001))).Must(422).Has("must be 20000 characters or fewer")
	h.co.Submit(page+"/deregister", page+"/deregister", typed("justification", "Stable")).Must(422).Has("Enter the reasons for removal", "Enter the exit plan")
	if h.co.Get(at+"/close").Must(200).Has("1 thing is missing", "RED has not been reviewed", "ask the chair, Charlie Eastwood, to close the meeting with a reason").HasForm(at + "/close") {
		t.Error("the co-ordinator is offered to close with things missing")
	}
	h.sign(at, h.chair)
	h.chair.Submit(at+"/close", at+"/close", nil).Must(422).Has("Enter the reason for closing the meeting all the same")
}

// TestTwoOnOneCase: two who write on one case see both notes; a form sent twice
// makes one; an action changed meanwhile is shown as it is now.
func TestTwoOnOneCase(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	note := h.co.Get(page).Form(page + "/discussion")
	other := h.chair.Get(page).Form(page + "/discussion")
	note.Values.Set("discussion-text", "First note")
	other.Values.Set("discussion-text", "Second note")
	for range 2 {
		h.co.Do(http.MethodPost, note.Action, note.Values, nil).Must(303)
	}
	h.chair.Do(http.MethodPost, other.Action, other.Values, nil).Must(303)
	a := h.co.Get(page).Has("First note", "Second note")
	if got := strings.Count(a.Body, "First note"); got != 1 {
		t.Errorf("a note sent twice stands %d times", got)
	}

	h.co.Submit(page, page+"/actions", typed("actions-text", "Ring the landlord", "actions-owner", ref.Text(h.Police)+"-0",
		"actions-pathway", "accommodation", "actions-due", "20/6/2026")).Must(303)
	action := ""
	for _, link := range h.co.Get(page).Links() {
		if id, ok := strings.CutPrefix(link, "/actions/"); ok {
			action = id
		}
	}
	mine := h.co.Get(page).Form(page + "/actions/" + action)
	h.chair.Submit(page, page+"/actions/"+action, typed("action-"+action+"-what", "discharged", "action-"+action+"-note", "Done")).Must(303)
	mine.Values.Set("action-"+action+"-what", "progress")
	mine.Values.Set("action-"+action+"-note", "Rang twice")
	h.co.Do(http.MethodPost, mine.Action, mine.Values, nil).Must(http.StatusConflict).Has("Somebody else has changed this action", "Discharged")
}

// TestRatifyOneOfTwo: of two ratings between meetings the one that stands is answered; the
// other is history and is not asked about (R50).
func TestRatifyOneOfTwo(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, reg := h.Registered(t, h.East, "Redwood", "Rae", rag.Green)
	between := func(r rag.Rating) string {
		id, err := db.Write(t.Context(), h.DB, h.Scheme.As(authz.Coordinator, h.East), func(ctx context.Context, tx *db.Tx) (ref.RatingID, error) {
			return review.Insert(ctx, tx, review.New{Registration: reg, Nominal: n, Rating: r, Reason: "Between"})
		})
		if err != nil {
			t.Fatal(err)
		}
		return ref.Text(id)
	}
	between(rag.Red)
	second := between(rag.Prison)
	at := h.plan()
	h.sign(at, h.co)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	if text := h.co.Get(page).Must(200).Text("main"); strings.Contains(text, "RED between meetings") {
		t.Error("a rating that another has taken the place of is to be ratified")
	}
	h.co.Submit(page, page+"/ratify", typed("rating", second, "ratify-"+second+"-outcome", "no")).Must(422).Has("Enter the reason for not ratifying the rating")
	h.co.Submit(page, page+"/ratify", typed("rating", second, "ratify-"+second+"-outcome", "no", "ratify-"+second+"-reason", "Wrong")).Must(303)
	h.co.Get(page).Has("Between meetings, not ratified").Lacks("Still missing")
}

// TestWhoRuns: a core member reads the meeting and is offered nothing of running it.
func TestWhoRuns(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police))).Must(303)
	a := h.police.Get(at).Must(200).Has("Sign the confidentiality statement")
	for _, link := range a.Links() {
		for _, part := range []string{"/change", "/cancel", "/open", "/attendance", "/close"} {
			if link == at+part {
				t.Errorf("police are led to %s", part)
			}
		}
	}
	h.co.Submit(at+"/change", at+"/change", typed("held_on", "6/6/2026")).Must(303)
	h.co.Get(at).Has("Saturday 6 June 2026 is not a working day.")
	if _, err := meeting.Open(t.Context(), h.DB, db.Once(h.Account(authz.Coordinator, h.East).Account), meetingID(at)); err == nil {
		t.Error("a meeting is opened before its day")
	}
	h.co.Submit(at+"/cancel", at+"/cancel", typed("reason", "Flooding")).Must(303)
	h.police.Get(at).Has("Cancelled", "Flooding").Lacks("Sign the confidentiality statement")
}

func meetingID(at string) ref.MeetingID {
	id, _ := ref.Parse[ref.MeetingID](strings.TrimPrefix(at, "/meetings/"))
	return id
}
