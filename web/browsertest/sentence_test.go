package browsertest_test

import (
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/browsertest"
)

// sentenced is somebody whose sentence is taken through the browser, with the day
// that each step should lead to, counted by hand.
type sentenced struct {
	*town
	person string // address of the page
}

// TestASentenceInTheBrowser enters a sentence, a correction of the remand, the date that
// the prison notifies, the licence, a breach of it, a recall and the return to custody;
// the live list, the agenda, the start page and the picture follow each of them.
//
// The days by hand: 24 months from 2 March 2026 are 731 days, to 1 March 2028. By the law of
// June 2026 40 % of them, rounded up, are 293: 19 December 2026, a Saturday, so that the person
// is let out on Friday 18 December. Ten days on remand: Wednesday 9 December (R126).
func TestASentenceInTheBrowser(t *testing.T) {
	t.Parallel()
	s := &sentenced{town: newTown(t)}
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	s.person = "/nominals/" + ref.Text(id)

	s.record("custody/new", "received_on", "2/3/2026", "prison", "Lewes", "why", "sentence", "source", "Prison")
	s.record("sentences/new", "imposed_on", "2/3/2026", "court", "Lewes Crown Court", "offence", "Burglary of a dwelling", "offence_on", "1/2/2026",
		"type", "standard determinate sentence", "months", "24", "source", "Court register")
	s.custody().Has("18 Dec 2026 (computed, not notified)", "A. Custody", "B. Licence").Fits(320)
	days := s.custody().Link(`/sentences/\d+/days$`)
	s.at(days).Fill("kind", "remand", "days", "10", "dated", "2/3/2026", "source", "Prison").Press("Record days")
	s.custody().Has("9 Dec 2026 (computed, not notified)").Lacks("18 Dec 2026")

	s.rated("PRISON", "Sentenced to 24 months")
	s.list("?tab=custody").Has("Marsh, Kit", "9 Dec 2026", "computed")
	s.list("").Lacks("Marsh, Kit")

	// The prison's date wins, and is within 12 weeks: the case comes to the live tab, the start
	// page and the agenda (R117, R121).
	s.record("dates/new", "date-0", "24/8/2026", "notified_by", "Lewes OMU", "notified_on", "1/6/2026", "source", "Letter")
	s.custody().Has("24 Aug 2026", "Lewes OMU", "Computed 9 December 2026")
	s.list("").Has("Marsh, Kit", "24 Aug 2026")
	s.in(authz.Coordinator).Go("/").Has("Releases within 12 weeks", "Marsh, Kit", "24 Aug 2026")
	s.agenda(clock.NewDate(2026, 6, 8)).Has("Release is expected on 24 August 2026")

	// Released on licence; a breach of its curfew a week later is dealt with by the recall.
	s.on(clock.NewDate(2026, 8, 24))
	release := s.custody().Link(`/custody/\d+/release$`)
	s.at(release).Fill("day", "24/8/2026", "notified_by", "Lewes OMU", "source", "Prison").Press("Record release")
	s.record("status/new", "status", "licence", "from_on", "24/8/2026", "source", "Licence")
	s.rated("RED", "Released today: the first weeks carry the risk")
	s.list("").Has("Marsh, Kit", "Licence")
	s.on(clock.NewDate(2026, 9, 1))
	s.record("breaches/new", "of", "licence", "type", "curfew", "breached_on", "31/8/2026", "what", "Out all night", "source", "Monitoring company")
	s.record("recalls/new", "decided_on", "1/9/2026", "decided_time", "8am", "decided_by", "Robin Eastwood", "reason", "Broke the curfew on the eighth night", "source", "Probation")
	s.custody().Has("Licence, curfew, 31 Aug 2026", "Part A and papers to PPCS by 2 Sep 2026 at 08:00")
	s.in(authz.Coordinator).Go("/").Has("Recalls under way", "Marsh, Kit")

	recall := s.custody().Link(`/recalls/\d+/step$`)
	recall = recall[:len(recall)-len("/step")]
	for _, step := range [][2]string{{"papers sent", "08:10"}, {"papers received", "08:20"}, {"licence revoked", "08:30"}} {
		s.at(recall+"/step").Fill("step", step[0], "at_on", "1/9/2026", "at_time", step[1], "source", "PPCS").Press("Save")
	}
	s.at(recall+"/kind").Fill("kind", "fixed-term recall of 56 days", "kind_reason", "As PPCS wrote", "source", "PPCS").Press("Save answers")
	s.on(clock.NewDate(2026, 9, 7))
	s.at(recall+"/return").Fill("returned_on", "7/9/2026", "prison", "Lewes", "source", "Prison").Press("Record return")

	// 56 days from 7 September, which counts, end on Sunday 1 November: out on Friday 30 October (R136).
	s.custody().Has("30 Oct 2026 (computed, not notified)", "C. Fixed-term recall of 56 days", "D. Final third of the licence").Fits(320)
	s.rated("PRISON", "Back on a recall")
	s.list("").Has("Marsh, Kit", "30 Oct 2026")
	s.in(authz.Coordinator).Go("/").Has("Releases within 12 weeks", "30 Oct 2026").Lacks("Recalls under way")
	s.agenda(clock.NewDate(2026, 9, 14)).Has("Release is expected on 30 October 2026")
	s.at(s.person+"/history").Has("Breach of licence: curfew", "Recall decided in principle", "Recall: fixed-term recall of 56 days")
}

// at opens a page as the probation officer.
func (s *sentenced) at(path string) *browsertest.Tab { return s.in(authz.Probation).Go(path) }

func (s *sentenced) custody() *browsertest.Tab { return s.at(s.person + "/custody") }

func (s *sentenced) list(query string) *browsertest.Tab {
	return s.in(authz.Coordinator).Go("/live-list" + query)
}

// record fills in a form of the person and sends it; it must be taken.
func (s *sentenced) record(form string, pairs ...string) {
	s.t.Helper()
	at := s.person + "/" + form
	if tab := s.at(at).Fill(pairs...).Send(at); tab.Path() == at {
		tab.Fatalf("%s is not taken", form)
	}
}

// agenda plans a meeting and opens what it would discuss.
func (s *sentenced) agenda(on clock.Date) *browsertest.Tab {
	s.t.Helper()
	tab := s.in(authz.Coordinator).Go("/meetings/new")
	tab.Fill("area", ref.Text(s.East), "held_on", on.Typed(), "starts", "10am", "place", "Eastbourne police station", "chair", s.id(authz.Chair)).Send("/meetings/new")
	return tab.Go(tab.Path() + "/agenda")
}

// rated gives the person a rating, and confirms it.
func (s *sentenced) rated(rating, reason string) {
	s.t.Helper()
	s.at(s.person+"/rating").Fill("rating", rating, "reason", reason).Press("Continue").Press("Change to " + rating).Has(rating)
}
