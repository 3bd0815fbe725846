package registrationpage_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/webtest"
)

func at(of ref.NominalID, rest string) string { return "/nominals/" + ref.Text(of) + "/" + rest }

func TestRatingBetweenMeetingsAsksOnceMore(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	police := s.As(t, s.Account(authz.Police, s.East))
	path := at(of, "rating")

	police.Submit(path, path, url.Values{"rating": {"RED"}}).Must(422).Has("Enter the reason")
	wrong := police.Submit(path, path, url.Values{"rating": {"AMBER"}, "reason": {"Kept for the redraw"}}).Must(422)
	wrong.Has("from the list", "Kept for the redraw")

	asked := police.Submit(path, path, url.Values{"rating": {"RED ALERT"}, "reason": {"Failed to appear"},
		"characteristics-red-alert": {"Wanted by police for arrest"}, "agencies": {ref.Text(s.Police)}, "message": {"Do not approach alone"}}).Must(200)
	asked.Has("Change the rating from GREEN to RED ALERT?", "Failed to appear", "Told at once by a wanted alert: Sussex Police", "The next meeting says")
	police.Get(at(of, "reviews")).Must(200).Lacks("Failed to appear") // nothing is done yet

	form := asked.Form(path)
	police.Do("POST", path, with(form.Values, "back", "yes"), nil).Must(200).Has("Failed to appear", "Do not approach alone")
	done := police.Do("POST", path, form.Values, nil).Must(303)
	tab := police.Follow(done).Must(200)
	tab.Has("RED ALERT", "Failed to appear", "To be ratified at the next meeting", "Do not approach alone", "Wanted by police for arrest")
	// The same form again is answered with the first result, not done twice.
	police.Do("POST", path, form.Values, nil).Must(303)
	if n := strings.Count(police.Get(at(of, "reviews")).Text("h3"), "RED ALERT"); n != 1 {
		t.Errorf("RED ALERT stands %d times in the history", n)
	}
}

func with(values url.Values, name, value string) url.Values {
	all := url.Values{name: {value}}
	for k, v := range values {
		all[k] = v
	}
	return all
}

func TestAStaleRatingShowsBothVersions(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	police, probation := s.As(t, s.Account(authz.Police, s.East)), s.As(t, s.Account(authz.Probation, s.East))
	path := at(of, "rating")
	slow := probation.Submit(path, path, url.Values{"rating": {"PRISON"}, "reason": {"Remanded today"}}).Must(200).Form(path)
	quick := police.Submit(path, path, url.Values{"rating": {"RED"}, "reason": {"Arrested overnight"}}).Must(200).Form(path)
	police.Do("POST", path, quick.Values, nil).Must(303)
	conflict := probation.Do("POST", path, slow.Values, nil).Must(409).Has("Remanded today", "Arrested overnight")
	again := probation.Do("POST", path, conflict.Form(path).Values, nil).Must(200).Has("Change the rating from RED to PRISON?")
	probation.Do("POST", path, again.Form(path).Values, nil).Must(303)
}

func TestWhoSeesWhichForms(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	for _, c := range []struct {
		role  authz.Role
		pages map[string]int
	}{
		{authz.Coordinator, map[string]int{"reviews": 200, "rating": 200, "lead-worker": 200, "checklist": 200, "review-rows": 200, "deregistration": 200, "wanted-alert": 403}},
		{authz.Chair, map[string]int{"reviews": 200, "rating": 200, "checklist": 200, "deregistration": 200, "wanted-alert": 403}},
		{authz.Police, map[string]int{"reviews": 200, "rating": 200, "checklist": 200, "deregistration": 200, "wanted-alert": 422}},
		{authz.Probation, map[string]int{"reviews": 200, "rating": 200, "checklist": 200, "deregistration": 200, "wanted-alert": 403}},
		{authz.Partner, map[string]int{"reviews": 200, "rating": 403, "lead-worker": 403, "checklist": 200, "deregistration": 200}},
		{authz.Analyst, map[string]int{"reviews": 403, "rating": 403, "checklist": 403, "deregistration": 403}},
		{authz.Guest, map[string]int{"reviews": 404, "rating": 403, "checklist": 403, "deregistration": 403}},
	} {
		client := s.As(t, s.Account(c.role, s.East))
		for page, want := range c.pages {
			if got := client.Get(at(of, page)).Status; got != want {
				t.Errorf("%s opens %s: %d, want %d", c.role, page, got, want)
			}
		}
	}
	elsewhere := s.As(t, s.Account(authz.Police, s.North))
	for _, page := range []string{"reviews", "rating", "lead-worker", "checklist", "review-rows", "deregistration"} {
		elsewhere.Get(at(of, page)).Must(404)
	}
}

func TestChecklistToClosing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	coordinator, probation := s.As(t, s.Account(authz.Coordinator, s.East)), s.As(t, s.Account(authz.Probation, s.East))
	lines := at(of, "checklist")
	line := func(list, name string) string { return lines + "/" + ref.Text(reg) + "/" + list + "/" + name }

	probation.Get(line("adoption", "pnc-marker")).Must(403)
	probation.Get(line("adoption", "conference")).Must(404)
	probation.Get(line("adoption", "no-such-line")).Must(404)
	probation.Get(line("adoption", "offender-notified")).Must(200).Has("Offender notified")
	page := coordinator.Get(line("adoption", "pnc-marker")).Must(200)
	if v := page.Form(line("adoption", "pnc-marker")).Values; v.Get("done_on") != "1/6/2026" || v.Get("by_whom") != "Casey Eastwood" {
		t.Errorf("the form comes with %v", v)
	}
	coordinator.Submit(line("adoption", "pnc-marker"), "", url.Values{"done_on": {"2/6/2026"}}).Must(422).Has("must be today or in the past")
	coordinator.Submit(line("adoption", "pnc-marker"), "", url.Values{}).Must(303)
	coordinator.Submit(line("adoption", "social-services"), "", url.Values{"not_applicable": {"yes"}}).Must(303)
	coordinator.Submit(line("adoption", "offender-notified"), "", url.Values{}).Must(303)
	wrong := line("adoption", "offender-notified") + "/error"
	coordinator.Submit(wrong, wrong, url.Values{}).Must(422).Has("Enter what was wrong")
	coordinator.Submit(wrong, wrong, url.Values{"reason": {"The letter came back"}}).Must(303)
	coordinator.Get(wrong).Must(404) // nothing is left to take back
	coordinator.Get(lines).Must(200).Has("PNC updated with WM marker", "Not applicable", "Still to do:").Lacks("Removal from IOM")
	coordinator.Submit(line("removal", "pnc-marker"), "", url.Values{}).Must(422).Has("begins when a meeting has decided")

	d := s.Decision(t, s.East)
	if _, err := db.Write(t.Context(), s.DB, db.Once(s.Account(authz.Chair, s.East).Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, registration.Deregister(ctx, tx, registration.Removal{Registration: reg, Nominal: of, Justification: "Settled", Reasons: "Engaged",
			ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation, ExitPlan: "Weekly contact for three months", Decision: d})
	}); err != nil {
		t.Fatal(err)
	}
	coordinator.Get(lines).Has("The case closes when these are done", "PNC WM marker removed", "Not needed: none was recorded at adoption")
	coordinator.Submit(line("removal", "offender-notified"), "", url.Values{}).Must(303)
	last := coordinator.Submit(line("removal", "pnc-marker"), "", url.Values{}).Must(303)
	coordinator.Follow(last).Has("No marker is left, so the case is closed", "Closed on 1 Jun 2026")
	coordinator.Get(at(of, "reviews")).Must(200).Has("Deregistered", "Robin Eastwood, Probation Service", "Weekly contact for three months", "Closed")
	coordinator.Get(at(of, "rating")).Must(422).Has("not registered at present")
}

func TestProposalShowsTheEvidenceAndAsksOnceMore(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	partner := s.As(t, s.Account(authz.Partner, s.East))
	path := at(of, "deregistration")
	partner.Get(path).Must(200).Has("Not known to you: ask the co-ordinator or the police", "the meeting decides")
	partner.Submit(path, path, url.Values{}).Must(422).Has("Enter why deregistration is proposed")
	asked := partner.Submit(path, path, url.Values{"reason": {"Nothing since March"}, "criteria": {"good attendance", "reduced risk"}}).Must(200).
		Has("Propose deregistration?", "Until then nothing changes")
	partner.Do("POST", path, asked.Form(path).Values, nil).Must(303)
	partner.Get(path).Must(200).Has("waits for the next meeting", "Nothing since March")
	partner.Get(at(of, "reviews")).Has("Full or good attendance", "Waits for the next meeting")
}

func TestLeadWorkerAndReviewRowByForm(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	police := s.Account(authz.Police, s.East)
	coordinator := s.As(t, s.Account(authz.Coordinator, s.East))
	path := at(of, "lead-worker")
	coordinator.Submit(path, path, url.Values{"lead": {ref.Text(ref.AccountID(police.Account))}, "capacity": {"probation officer"}, "reason": {"Moves"}}).
		Must(422).Has("leads for an agency of the kind", "Moves")
	coordinator.Submit(path, path, url.Values{"lead": {ref.Text(ref.AccountID(police.Account))}, "capacity": {"police officer"}, "reason": {"Moves"}}).Must(303)
	coordinator.Get(at(of, "reviews")).Has("Parker Eastwood, Sussex Police", "Robin Eastwood")

	rows := at(of, "review-rows")
	coordinator.Submit(rows, rows, url.Values{"outcome": {"drop"}, "justification": {""}}).Must(422).Has("Enter the justification")
	wrong := coordinator.Submit(rows, rows, url.Values{"outcome": {"drop"}, "justification": {"No longer needed"}, "reviewed_on": {"31/2/2026"}})
	if v := wrong.Must(422).Has("must be a real date").Form(rows).Values; v.Get("reviewed_on") != "31/2/2026" || v.Get("outcome") != "drop" {
		t.Errorf("what was typed is lost: %v", v)
	}
	coordinator.Submit(rows, rows, url.Values{"outcome": {"drop"}, "justification": {"No longer needed"}}).Must(303)
	coordinator.Get(rows).Has("No longer needed", "Drop")
}
