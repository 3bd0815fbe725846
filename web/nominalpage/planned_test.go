package nominalpage_test

import (
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// R42, R44, R188: a contact is planned from the person's page, stands there with who
// goes and what for, is logged for its plan or called off with a reason; what nobody
// has logged says so.
func TestPlannedContactsOnThePersonsPage(t *testing.T) {
	t.Parallel()
	s := webtest.New(t) // 1 June 2026
	id, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	police, chair := s.As(t, s.Account(authz.Police, s.East)), s.As(t, s.Account(authz.Chair, s.East))
	tab, form := at(id, "contacts"), at(id, "planned/new")
	police.Get(tab).Must(200).Has("Planned contacts", "Nothing is planned.", "Plan a contact")
	chair.Get(tab).Must(200).Lacks("Plan a contact", "Planned contacts")
	chair.Get(form).Must(403)

	officer := ref.Text(s.Police) + "-" + ref.Text(ref.AccountID(s.Account(authz.Police, s.East).Account))
	if got := police.Get(form).Must(200).Form(form).Values.Get("owner"); got != officer {
		t.Errorf("planned for %q, want the officer who plans, %q", got, officer)
	}
	police.Submit(form, form, one("day", "4/6/2026", "kind", "home visit", "owner", "9999-0", "purpose", "Check the tag")).Must(422).Has("Choose who sees the person from the list")
	a := police.Submit(form, form, one("day", "31/5/2026", "kind", "home visit", "owner", officer, "purpose", "Check <i>the</i> tag")).Must(422).Has("The day must be today or later")
	if kept := a.Form(form).Values; kept.Get("purpose") != "Check <i>the</i> tag" || kept.Get("owner") != officer {
		t.Errorf("what was typed is gone: %v", kept)
	}
	plan := func(day, kind, purpose string) {
		t.Helper()
		police.Submit(form, form, one("day", day, "at_time", "6pm", "kind", kind, "owner", officer, "joint_agency", ref.Text(s.Probation), "purpose", purpose)).Must(303)
	}
	plan("4/6/2026", "home visit", "Check the tag")
	plan("2/6/2026", "office visit", "Bring the letter")
	plan("20/6/2026", "home visit", "Look at the room")
	text := chair.Get(tab).Must(200).Has("Parker Eastwood, Sussex Police, jointly with Probation Service", "Check the tag", "Joint visit", "18:00").
		Lacks("Call off", "Log this contact", "Not logged").Text("main")
	if a, b, c := strings.Index(text, "Bring the letter"), strings.Index(text, "Check the tag"), strings.Index(text, "Look at the room"); a < 0 || a > b || b > c {
		t.Errorf("R42 the next is not first: %s", text)
	}

	s.Clock.Set(day("2026-06-05").At(9, 0))
	police = s.As(t, s.Account(authz.Police, s.East))
	page := police.Get(tab).Must(200).Has("Not logged", "Log this contact", "Call off")
	if n := strings.Count(page.Text("main"), "Not logged"); n != 2 {
		t.Errorf("R42 %d are not logged, want those of 2 and 4 June", n)
	}
	log, off := "", []string{}
	for _, l := range page.Links() {
		switch {
		case strings.Contains(l, "contacts/new?planned="):
			log = l // the last: of 2 June
		case strings.HasSuffix(l, "/call-off"):
			off = append(off, l)
		}
	}
	if len(off) != 3 {
		t.Fatalf("%d can be called off, want 3", len(off))
	}
	filled := police.Get(log).Must(200).Has("Bring the letter", "2 June 2026 at 18:00").Form(at(id, "contacts/new")).Values
	for field, want := range map[string]string{"kind": "office visit", "held_on": "2/6/2026", "at_time": "18:00", "agency": ref.Text(s.Police), "joint_agency": ref.Text(s.Probation)} {
		if filled.Get(field) != want {
			t.Errorf("R42 the log begins with %s %q, want %q", field, filled.Get(field), want)
		}
	}
	police.Submit(log, at(id, "contacts/new"), one("held_on", "3/6/2026", "outcome", "attended and stayed")).Must(422).Has("Bring the letter", "Enter what happened")
	police.Submit(log, at(id, "contacts/new"), one("held_on", "3/6/2026", "outcome", "attended and stayed", "log", "Came a day later", "source", "officer")).Must(303)
	page = police.Get(tab).Must(200).Has("Came a day later").Lacks("Bring the letter")
	if n := strings.Count(page.Text("main"), "Not logged"); n != 1 {
		t.Errorf("R42 %d are not logged after one was, want 1", n)
	}

	coming := off[0] // of 20 June, which comes first
	police.Submit(coming, coming, nil).Must(422).Has("Look at the room", "Why")
	police.Submit(coming, coming, one("reason", "In hospital <b>until</b> July")).Must(303)
	police.Get(tab).Must(200).Has("Called off", "Called off: In hospital <b>until</b> July")
	police.Submit(coming, coming, one("reason", "Again")).Must(422).Has("was called off already", "Again")

	other, _ := s.Registered(t, s.East, "Beech", "Bo", rag.Red)
	police.Get(strings.Replace(coming, at(id, ""), at(other, ""), 1)).Must(404)
	s.As(t, s.Account(authz.Police, s.South)).Get(coming).Must(404)
	s.As(t, s.Account(authz.Chair, s.East)).Get(coming).Must(403)
	police.Get(at(other, "contacts/new") + "?planned=" + strings.Split(coming, "/")[4]).Must(200).Lacks("Look at the room")
}
