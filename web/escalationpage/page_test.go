package escalationpage_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/escalation"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

func typed(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// R59, R60: an escalation about nobody in particular is raised, taken note of and
// answered through the pages; nothing typed is lost on the way, and a form that was
// opened before somebody else recorded something is shown again.
func TestAnEscalationThroughThePages(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	co, chair := s.As(t, s.Account(authz.Coordinator, s.East)), s.As(t, s.Account(authz.Chair, s.East))
	partner, south := s.As(t, s.Account(authz.Partner, s.East)), s.As(t, s.Account(authz.Coordinator, s.South))
	co.Get("/escalations").Must(200).Has("No escalation is open.", "Raise an escalation")
	partner.Get("/escalations").Must(200).Lacks("Raise an escalation")
	const form = "/escalations/new"
	co.Submit(form, form, typed("area", ref.Text(s.East), "issue", "No <b>bed</b>", "answer_by", "31/5/2026")).Must(422).
		Has("No <b>bed</b>", "Choose what it is about", "Enter what the members have tried")
	a := co.Submit(form, form, typed("area", ref.Text(s.East), "kind", "resource", "issue", "No <b>bed</b>", "tried", "Both councils asked", "answer_by", "15/6/2026")).Must(303)
	at := a.Location
	co.Get(at).Must(200).Has("Escalation to the East Sussex Local IOM Delivery Group", "No <b>bed</b>", "Both councils asked", "15 June 2026", "Open")
	partner.Get(at).Must(200).Lacks("Heard from the delivery group")
	south.Get(at).Must(404)
	south.Get("/escalations").Must(200).Lacks("bed")

	chair.Submit(at, at, typed("what", "answered", "text", "Two rooms from July")).Must(422).Has("Two rooms from July", "Enter who answered for the group")
	held := chair.Get(at).Form(at)
	co.Submit(at, at, typed("what", "acknowledged", "text", "On the agenda of the group")).Must(303)
	late := held.Values
	for k, v := range typed("what", "answered", "text", "Two rooms from July", "answered_by", "Chair of the group", "answered_on", "1/6/2026") {
		late[k] = v
	}
	chair.Do("POST", at, late, nil).Must(409).Has("Two rooms from July", "On the agenda of the group", "Somebody else has recorded something")
	chair.Submit(at, at, typed("what", "answered", "text", "Two rooms from July", "answered_by", "Chair of the group", "answered_on", "1/6/2026")).Must(303)
	partner.Get(at).Must(200).Has("Answered, for the next meeting", "Two rooms from July", "Answered on 1 June 2026 by Chair of the group")
	co.Get("/escalations?show=answered").Must(200).Has("No <b>bed</b>")
	co.Get("/escalations").Must(200).Has("No escalation is open.")
}

// R53, R60, R42: a case of the practitioners' meeting is escalated from its sheet, and
// a visit is planned from the diary, which then lacks none.
func TestEscalatingFromTheSheetAndPlanningFromTheDiary(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.Clock.Advance(24 * time.Hour) // a week without a visit ends within the diary
	co, police := s.As(t, s.Account(authz.Coordinator, s.East)), s.As(t, s.Account(authz.Police, s.East))
	chair := ref.Text(ref.AccountID(s.Account(authz.Chair, s.East).Account))
	at := co.Submit("/meetings/new", "/meetings/new", typed("area", ref.Text(s.East), "kind", "practitioners", "held_on", "2/6/2026", "starts", "10am", "place", "Police station",
		"chair", chair)).Must(303).Location
	co.Submit(at+"/attendance", at+"/attendance/members", typed("member", ref.Text(ref.AccountID(s.Account(authz.Police, s.East).Account)))).Must(303)
	if a := co.Get(at + "/diary"); a.Status != 303 || a.Location != at+"/sign" {
		t.Errorf("R62 the diary before signing: %d to %q", a.Status, a.Location)
	}
	co.Submit(at+"/sign", at+"/sign", typed("signed_as", "My name")).Must(303)
	police.Submit(at+"/sign", at+"/sign", typed("signed_as", "My name")).Must(303)
	co.Get(at+"/agenda").Must(200).Has("RED: diary of the coming week", "R42")
	co.Submit(at+"/open", at+"/open", nil).Must(303)
	sheet := at + "/sheet/" + ref.Text(n)
	page := co.Get(sheet).Must(200)
	page.Has("Escalate to the Local IOM Delivery Group").Lacks("Retain or deregister")
	co.Get(at+"/close").Must(200).Has("Nothing is recorded of what brought the case here", "R53")

	form := ""
	for _, l := range page.Links() {
		if strings.HasPrefix(l, "/escalations/new?") {
			form = l
		}
	}
	one := co.Submit(form, form, typed("kind", "service provision", "issue", "No detox place", "tried", "STAR asked twice", "answer_by", "15/6/2026")).Must(303).Location
	co.Get(one).Must(200).Has("Redwood, Rae", "Raised at the meeting of 2 June 2026", "What the meeting makes of it")
	co.Get(sheet).Must(200).Has("No detox place", "Answer asked for by 15 June 2026")
	co.Submit(one, one+"/settle", typed("meeting", strings.TrimPrefix(at, "/meetings/"), "settle", "closed", "outcome", "The provider has found one")).Must(303)
	co.Get(one).Must(200).Has("Closed by the meeting of 2 June 2026", "The provider has found one")

	diary := at + "/diary"
	police.Get(diary).Must(200).Has("Redwood, Rae", "No home visit planned: it is due by", "(R42)", "1 week lacks a home visit")
	police.Submit(diary, diary, typed("nominal", ref.Text(n), "day", "31/5/2026", "kind", "home visit", "purpose", "Check the tag", "owner", ref.Text(s.Police)+"-0")).
		Must(422).Has("The day must be today or later")
	police.Submit(diary, diary, typed("nominal", ref.Text(n), "day", "3/6/2026", "at_time", "6pm", "kind", "home visit", "purpose", "Check the tag",
		"owner", ref.Text(s.Police)+"-"+ref.Text(ref.AccountID(s.Account(authz.Police, s.East).Account)), "joint_agency", ref.Text(s.Probation))).Must(303)
	police.Get(diary).Must(200).Has("Home visit 18:00, Sussex Police (Parker Eastwood) with Probation Service", "Check the tag", "0 weeks lack a home visit")
	if a := s.As(t, s.Account(authz.Chair, s.East)).Get(diary); a.Status != 303 {
		t.Errorf("a chair who has not signed: %d", a.Status)
	}
	if a := s.As(t, s.Account(authz.Coordinator, s.South)).Get(diary); a.Status != 404 {
		t.Errorf("another area: %d", a.Status)
	}
}

// R60: an escalation about a person stands on the start page of who runs the meetings,
// and on the person's page for those who may read escalations; a guest of the case
// reads of none.
func TestAnEscalationStandsWhereItIsSeen(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	by := s.Scheme.As(authz.Coordinator, s.East)
	_, err := escalation.Raise(t.Context(), s.DB, by, escalation.New{Nominal: n, Kind: escalation.Service, Issue: "canary issue", Tried: "canary tried", AnswerBy: clock.NewDate(2026, 6, 9)})
	if err != nil {
		t.Fatal(err)
	}
	guest := s.Account(authz.Guest, s.East)
	_, err = db.Write(t.Context(), s.DB, by, func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Disclose, Command: "guest.invite", Nominals: []int64{int64(n)}})
		_, err := tx.Exec(ctx, `SELECT invite_guest($1, $2, $3, $4, false)`, n, guest.Account, tx.Now(), tx.Now().AddDate(0, 0, 20))
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(clock.NewDate(2026, 6, 12).At(9, 0))
	person := "/nominals/" + ref.Text(n)
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner} {
		c := s.As(t, s.Account(role, s.East))
		c.Get(person).Must(200).Has("Escalated to the East Sussex Delivery Group (service provision), answer asked for by 9 Jun 2026", "3 days overdue")
		switch home := c.Get("/").Must(200); role {
		case authz.Coordinator, authz.Chair:
			home.Has("1 escalation not answered in time", "Escalations to the delivery group (1)", "canary issue", "answer 3 days overdue")
		default:
			home.Lacks("scalation")
		}
	}
	g := s.As(t, guest)
	g.Get(person).Must(200).Has("Redwood").Lacks("scalat", "canary")
	g.Get("/").Must(200).Lacks("scalat", "canary")
}
