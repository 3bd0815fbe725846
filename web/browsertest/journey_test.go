package browsertest_test

import (
	"strings"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/browsertest"
)

// jennie is the case of the newsletter: a long history of stealing to pay for
// drugs, no settled home, children in care; adopted, visited at home every week by
// police and probation together, referred to STAR and to an intensive project; in
// time she trusted her probation officer, told of abuse, found a place to live, and
// her offending fell.
type jennie struct {
	*town
	person  string // address of her page
	nominal string
}

// TestJennie takes her from referral to deregistration in the browser, and then
// has the auditor read who did what. No page on the way breaks its own policy or
// the rules of accessibility: the harness sees to that.
func TestJennie(t *testing.T) {
	t.Parallel()
	j := &jennie{town: newTown(t)}
	j.referred()
	first := j.plan(clock.NewDate(2026, 6, 8))
	j.on(clock.NewDate(2026, 6, 8))
	j.opened(first)
	j.adopted(first)
	j.closed(first)
	j.markers("adoption")
	j.worked(clock.NewDate(2026, 6, 15), "Resistant at first; does not trust professionals")

	second := j.plan(clock.NewDate(2026, 7, 13))
	j.on(clock.NewDate(2026, 7, 13))
	j.opened(second)
	j.rated(second, rag.Amber, "No new intelligence; keeps most appointments", "carried over")
	j.closed(second)
	j.worked(clock.NewDate(2026, 7, 20), "Told her probation officer of abuse; the man was arrested")

	third := j.plan(clock.NewDate(2026, 8, 10))
	j.on(clock.NewDate(2026, 8, 10))
	j.opened(third)
	j.rated(third, rag.Green, "Has temporary accommodation; keeps every appointment", "discharged")
	j.closed(third)

	j.proposed()
	last := j.plan(clock.NewDate(2026, 9, 14))
	j.on(clock.NewDate(2026, 9, 14))
	j.opened(last)
	j.deregistered(last)
	j.closed(last)
	j.markers("removal")
	j.gone()
	j.audited()
}

// referred enters her through the forms, as the co-ordinator.
func (j *jennie) referred() {
	tab := j.in(authz.Coordinator)
	tab.Go("/referrals/new").Fill("family_name", "Marlowe", "given_names", "Jennie", "born", "4/5/1988").Press("Find the person")
	tab.Press("Add as a new person").Has("Jennie Marlowe")
	at := tab.Path()
	for _, s := range []struct {
		section string
		answers []string
	}{
		{"personal", []string{"sex", "female", "no_warnings", "yes", "address", "Stays with relatives", "preferences", "An all-female team"}},
		{"details", []string{"agency", ref.Text(j.Police), "contact", "Parker Eastwood", "date", "1/6/2026"}},
		{"justification", []string{"evidence", "A long history of theft to pay for drugs", "scores.0.type", "OGRS3", "scores.0.value", "81", "scores.0.scored_on", "20/5/2026",
			"index_offences", "Theft from shops", "considered", "local crime priorities", "considered", "intelligence", "considered", "cost of crime"}},
		{"history", []string{"known_for", "Theft from shops"}},
		{"agencies", []string{"agencies.0.agency", "STAR Drug and Alcohol Service", "agencies.0.person", "Sam Eastwood"}},
		{"pathways", []string{"accommodation.level", "red", "accommodation.needs", "Sleeps on relatives' sofas"}},
		{"risk", []string{"narrative", "Risk to shop staff when withdrawing", "vulnerability", "Her children are in care"}},
		{"considerations", []string{"complex_needs", "yes", "intelligence", "yes", "multi_agency", "yes", "pattern", "yes",
			"benefit", "One plan that all agencies hold her to", "elsewhere", "no"}},
		{"rating", []string{"rating", "RED", "why", "Disengaged from treatment"}},
	} {
		tab.Go(at + "/" + s.section).Fill(s.answers...).Press("Save and continue")
		if strings.HasSuffix(tab.Path(), s.section) {
			tab.Fatalf("%s is not saved", s.section)
		}
	}
	tab.Go(at + "/check").Press("Submit referral")
	j.person = tab.Go(at).Link(`^/nominals/\d+$`)
	j.nominal = strings.TrimPrefix(j.person, "/nominals/")
}

// plan plans the next meeting and invites the members.
func (j *jennie) plan(on clock.Date) string {
	tab := j.in(authz.Coordinator)
	tab.Go("/meetings/new").Fill("area", ref.Text(j.East), "held_on", on.Typed(), "starts", "10am", "place", "Eastbourne police station",
		"chair", j.id(authz.Chair)).Send("/meetings/new")
	at := tab.Path()
	tab.Go(at+"/attendance").FillIn("/members", "member", j.id(authz.Police), "member", j.id(authz.Probation), "member", j.id(authz.Partner)).Send("/members")
	return at
}

// opened has everybody sign the statement and the chair open the meeting.
func (j *jennie) opened(at string) {
	j.in(authz.Coordinator).Go(at + "/agenda").Has("Marlowe, Jennie")
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner} {
		tab := j.in(role).Go(at + "/sign")
		tab.Fill("signed_as", j.Account(role, j.East).Name).Press("Sign")
	}
	tab := j.in(authz.Coordinator).Go(at + "/attendance")
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner} {
		tab.FillIn("/attendance", "roll-"+j.id(role), "present")
	}
	tab.Send("/attendance")
	j.in(authz.Chair).Go(at + "/open").Send("/open")
}

// sheet is her page on the record sheet of a meeting.
func (j *jennie) sheet(role authz.Role, at string) *browsertest.Tab {
	return j.in(role).Go(at + "/sheet/" + j.nominal)
}

// adopted records the decision of the first meeting and sets the actions.
func (j *jennie) adopted(at string) {
	j.sheet(authz.Police, at).FillIn("/contribution", "contribution-text", "Arrested four times since January").Keep("/contribution").
		Soon("Note kept").Check()
	tab := j.sheet(authz.Coordinator, at)
	tab.FillIn("/discussion", "discussion-text", "One plan for the home, the habit and the children").Keep("/discussion").Soon("Note kept")
	tab.FillIn("/decision", "decision-outcome", "adopted", "decision-reason", "High risk of reoffending", "decision-rating", "RED",
		"decision-rating_reason", "Disengaged from treatment", "decision-of-red", rag.Red.Characteristics()[3],
		"decision-lead", j.id(authz.Probation), "decision-capacity", "probation officer").Send("/decision")
	tab.Has("RED")
	for _, a := range []struct{ text, owner string }{
		{"Visit at home every week, together with probation", ref.Text(j.Police) + "-" + j.id(authz.Police)},
		{"Supervise weekly at the probation office", ref.Text(j.Probation) + "-" + j.id(authz.Probation)},
		{"Offer treatment and the intensive project", ref.Text(j.Star) + "-0"},
	} {
		tab.FillIn("/actions", "actions-text", a.text, "actions-owner", a.owner, "actions-pathway", "drugs and alcohol", "actions-due", "10/7/2026").Send("/actions")
	}
	tab.Has("Visit at home every week")
}

// worked has the police and the probation officer log a joint visit and say how
// their actions go.
func (j *jennie) worked(on clock.Date, said string) {
	j.on(on)
	for _, role := range []authz.Role{authz.Police, authz.Probation} {
		tab := j.in(role)
		tab.Go(j.person+"/contacts/new").Fill("kind", "home visit", "outcome", "seen", "log", said).Send("/contacts/new")
		tab.Go("/actions").Has("Marlowe")
		link := tab.Link(`^/actions/\d+$`)
		tab.Go(link).Fill("what", "progress", "note", said).Press("Save")
		tab.Go(link).Has(said)
	}
}

// rated reviews her rating at a meeting, and does the same with each open action.
func (j *jennie) rated(at string, to rag.Rating, why, what string) {
	tab := j.sheet(authz.Coordinator, at)
	tab.FillIn("/review", "review-rating", string(to), "review-reason", why, characteristics(to), to.Characteristics()[0]).Send("/review")
	for _, form := range tab.Forms(`/actions/\d+$`) {
		id := form[strings.LastIndex(form, "/")+1:]
		block := "action-" + id
		tab.FillIn("/actions/"+id, block+"-what", what, block+"-note", "Discussed at the meeting")
		if what == "carried over" {
			tab.FillIn("/actions/"+id, block+"-due", "7/8/2026")
		}
		tab.Send("/actions/" + id)
	}
	tab.Go(j.person).Has(string(to))
}

func characteristics(of rag.Rating) string {
	return "review-of-" + strings.ToLower(strings.ReplaceAll(string(of), " ", "-"))
}

// closed ends a meeting with nothing missing and has the chair approve the minutes.
func (j *jennie) closed(at string) {
	tab := j.in(authz.Coordinator).Go(at + "/close")
	tab.Has("0 things are missing").Send("/close")
	j.in(authz.Chair).Go(at + "/minutes").Has("Marlowe").Press("Approve the minutes")
}

// markers fills in a checklist.
func (j *jennie) markers(list string) {
	for _, line := range []string{"offender-notified", "niche-markers", "pnc-marker", "social-services"} {
		tab := j.in(authz.Coordinator).Go(j.person + "/checklist")
		link := tab.Link("/" + list + "/" + line + "$")
		tab.Go(link).Press("Save")
	}
}

// proposed brings her deregistration to the next meeting.
func (j *jennie) proposed() {
	tab := j.in(authz.Probation).Go(j.person + "/deregistration")
	tab.Fill("reason", "Prolific offending has ended; support goes on without the scheme").Press("Continue")
	tab.Press("Propose deregistration").Has("Deregistration")
}

// deregistered records the decision of the last meeting.
func (j *jennie) deregistered(at string) {
	tab := j.sheet(authz.Coordinator, at)
	tab.FillIn("/review", "review-rating", "GREEN", "review-reason", "Stable", characteristics(rag.Green), rag.Green.Characteristics()[1]).Send("/review")
	tab.Go(at+"/sheet/"+j.nominal+"/deregister").Fill("justification", "Reduced risk as assessed by all agencies", "reasons", "Good attendance; no offending",
		"exit_plan", "Keeps her key worker at STAR and her probation officer", "exit_officer", "Robin Eastwood", "exit_agency", ref.Text(j.Probation)).Send("/deregister")
	tab.Has("Deregistered")
}

// gone checks that she has left the live list and that her history has not.
func (j *jennie) gone() {
	tab := j.in(authz.Coordinator)
	tab.Go("/live-list").Lacks("Marlowe")
	tab.Go(j.person+"/reviews").Has("RED", "AMBER", "GREEN", "Deregister")
	tab.Go(j.person + "/history").Has("Marlowe")
}

// audited has the auditor read who did what.
func (j *jennie) audited() {
	tab := j.in(authz.Auditor)
	tab.Go("/audit?nominal="+j.nominal).Has(j.Account(authz.Coordinator, j.East).Name, j.Account(authz.Police, j.East).Name,
		j.Account(authz.Probation, j.East).Name)
	tab.Lacks("Marlowe")
	if tab.Go(j.person); tab.Status() == 200 {
		tab.Fatalf("the auditor reads a case")
	}
}
