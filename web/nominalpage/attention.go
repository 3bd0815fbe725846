package nominalpage

import (
	"slices"
	"strconv"
	"strings"

	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/escalation"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/nominalpage/frame"
	"iom/web/ui"
)

// How long ahead something is called up.
const (
	licenceDays = 28 // a licence or order that ends
	soonDays    = 7  // a review, a visit
)

// attention is what wants doing, the late things first. Each line says which rule
// asks for it and leads to where it is done.
func (v overview) attention() []ui.Attention {
	var all []ui.Attention
	if v.Registered {
		all = append(all, v.ofRating()...)
		all = append(all, v.ofDeregistration()...)
		all = append(all, v.ofWork()...)
	}
	all = append(all, v.ofEscalations()...)
	all = append(all, v.ofRecall()...)
	all = append(all, v.ofExplanation()...)
	all = append(all, v.ofBreaches()...)
	all = append(all, v.ofDates()...)
	all = append(all, v.ofMissed()...)
	all = append(all, v.ofTests()...)
	all = append(all, v.ofMarkers()...)
	all = append(all, v.ofReferral()...)
	slices.SortStableFunc(all, func(a, b ui.Attention) int {
		switch {
		case a.Late == b.Late:
			return 0
		case a.Late:
			return -1
		}
		return 1
	})
	return all
}

// step is where something is done, for whoever may; the others read of it on the
// tab instead.
func (v overview) step(page string, p authz.Permission, instead string) string {
	if v.Scope.Kind == "guest" || !v.May(p) {
		return v.At(instead)
	}
	return v.At(page)
}

func (v overview) ofRating() (all []ui.Attention) {
	if v.Current.Rating == rag.RedAlert {
		all = append(all, ui.Attention{Text: "Wanted for arrest", Href: v.At(frame.Reviews), Why: "R38, R40", When: "Since " + v.Current.RatedOn.Short(), Late: true})
	}
	for _, p := range review.Prompts(v.standing()) {
		all = append(all, ui.Attention{Text: p.Text, Href: v.step("rating", authz.RateBetween, frame.Reviews), Why: "R51", Late: true})
	}
	if !v.Current.Ratified {
		all = append(all, ui.Attention{Text: "Rated " + string(v.Current.Rating) + " between meetings: the next meeting ratifies it", Href: v.At(frame.Reviews), Why: "R50"})
	}
	if due := v.row.ReviewDue; !due.IsZero() && due.DaysSince(v.Today) <= soonDays {
		when, late := daysTo(due, v.Today)
		all = append(all, ui.Attention{Text: "Review of the rating due " + due.Short(), Href: v.At(frame.Reviews), Why: "R65, R66", When: when, Late: late})
	}
	if missing := registration.MissingAdoption(v.lists); len(missing) > 0 {
		all = append(all, ui.Attention{Text: "Adoption checklist: " + plural(len(missing), "line") + " to do (" +
			strings.Join(registration.Words(registration.AdoptionList, missing), ", ") + ")", Href: v.step("checklist", authz.ReadCases, frame.Reviews), Why: "R32"})
	}
	return all
}

func (v overview) ofDeregistration() (all []ui.Attention) {
	for _, t := range v.triggers {
		text := "Mandatory deregistration: " + t.Text
		if !t.Certain {
			text = "Mandatory deregistration may apply: " + t.Text
		}
		all = append(all, ui.Attention{Text: text, Href: v.step("deregistration", authz.ReadCases, frame.Reviews), Why: strings.TrimSpace(t.Rule + ". " + t.Note), Late: true})
	}
	if v.Current.Proposed {
		all = append(all, ui.Attention{Text: "Deregistration proposed: the next meeting decides", Href: v.step("deregistration", authz.ReadCases, frame.Reviews), Why: "R86"})
	}
	return all
}

func (v overview) ofWork() (all []ui.Attention) {
	if n := v.row.Overdue(v.Today); n > 0 {
		all = append(all, ui.Attention{Text: plural(n, "action") + " overdue", Href: v.At(frame.Plan), Why: "R78", Late: true})
	}
	if due := v.row.VisitDue; !due.IsZero() && due.DaysSince(v.Today) <= 2 {
		when, late := daysTo(due, v.Today)
		text := "Home visit due by " + due.Short()
		if v.row.LastVisit.IsZero() {
			text += ": none recorded yet"
		}
		all = append(all, ui.Attention{Text: text, Href: v.step("contacts/new", authz.RecordContact, frame.Contacts), Why: "Visits " + v.Current.Rating.Standard() + " at " + string(v.Current.Rating) + ", " + visitRule(v.Current.Rating), When: when, Late: late})
	}
	return all
}

// ofEscalations are those about the person that no meeting has closed (R60). A guest
// knows one case from one meeting, and reads of none.
func (v overview) ofEscalations() (all []ui.Attention) {
	if v.Scope.Kind == nominal.GuestOf {
		return nil
	}
	for _, e := range v.escalations {
		a := ui.Attention{Href: "/escalations/" + ref.Text(e.ID), Why: "R60"}
		switch e.State() {
		case escalation.Closed:
			continue
		case escalation.Answered:
			a.Text = e.ReturnText() + ": the next meeting looks at the answer"
		default:
			a.Text = "Escalated to the " + e.GroupName + " Delivery Group (" + string(e.Kind) + "), answer asked for by " + e.AnswerBy().Short()
			if e.Overdue(v.Today) {
				a.When, a.Late = daysTo(e.AnswerBy(), v.Today)
			}
		}
		all = append(all, a)
	}
	return all
}

func visitRule(r rag.Rating) string {
	return map[rag.Rating]string{rag.Red: "R42", rag.Amber: "R44, R45", rag.Green: "R47"}[r]
}

// ofDates are the ends and releases to come.
func (v overview) ofDates() (all []ui.Attention) {
	if v.HasStatus && !v.Status.Ends.IsZero() && v.Status.Ends.DaysSince(v.Today) <= licenceDays && !v.InCustody {
		when, passed := daysTo(v.Status.Ends, v.Today)
		text := v.Status.Standing.Word() + " ends on " + v.Status.Ends.Short()
		if passed {
			text, when = v.Status.Standing.Word()+" ended on "+v.Status.Ends.Short()+": record what holds now", ""
		}
		all = append(all, ui.Attention{Text: text, Href: v.At(frame.Custody), Why: "R19, R208", When: when, Late: passed})
	}
	if !v.InCustody {
		return all
	}
	switch release := v.Custody.Expected; {
	case release.IsZero():
		if v.Custody.Why != custody.Remand {
			all = append(all, ui.Attention{Text: "In custody without a release date: ask the prison", Href: v.At(frame.Custody), Why: "R121"})
		}
	case release.Before(v.Today):
		all = append(all, ui.Attention{Text: "The expected release on " + release.Short() + " has passed: record the release or a new date", Href: v.At(frame.Custody), Why: "R121", Late: true})
	case custody.WithinLiveList(release, v.Today):
		when, _ := daysTo(release, v.Today)
		all = append(all, ui.Attention{Text: "Release on " + release.Short() + " within 12 weeks: resettlement plan, meeting at the gate", Href: v.At(frame.Plan), Why: "R116, R117, R119", When: when})
	case !release.After(v.Today.AddMonths(3)):
		all = append(all, ui.Attention{Text: "Release on " + release.Short() + " within three months: start the pre-release plan", Href: v.At(frame.Plan), Why: "R48"})
	}
	return all
}

func (v overview) ofMissed() (all []ui.Attention) {
	for _, k := range v.missed() {
		all = append(all, ui.Attention{Text: k.Kind.Word() + " on " + k.HeldOn.Short() + ": " + string(k.Outcome) + ". Tell the lead worker and police", Href: v.At(frame.Contacts), Why: "R191"})
	}
	return all
}

// ofTests are positive tests of the last fortnight, for those who read them: each
// asks for an assessment and a follow-up appointment (R189).
func (v overview) ofTests() (all []ui.Attention) {
	for _, t := range v.tests {
		if t.Result == drugtest.Positive && v.Today.DaysSince(t.TestedOn) <= 14 {
			all = append(all, ui.Attention{Text: "Positive drug test on " + t.TestedOn.Short() + ": required assessment and follow-up appointment",
				Href: v.At(frame.Needs) + "#drug-tests", Why: "R189"})
		}
	}
	return all
}

// ofMarkers are those left up after deregistration (R36).
func (v overview) ofMarkers() []ui.Attention {
	if !v.ever || v.last.EndedAt == nil || v.last.ClosedAt != nil {
		return nil
	}
	missing := registration.MissingRemoval(v.lists)
	if len(missing) == 0 {
		return nil
	}
	return []ui.Attention{{Text: "Deregistered on " + v.last.EndedOn().Short() + ", not closed: " + strings.Join(registration.Words(registration.RemovalList, missing), ", "),
		Href: v.step("checklist", authz.ReadCases, frame.Reviews), Why: "R36", Late: true}}
}

func (v overview) ofReferral() []ui.Attention {
	r, ok := v.open()
	if !ok {
		return nil
	}
	text := "A referral was started and not submitted"
	switch r.State {
	case referral.Submitted:
		text = "A referral awaits the decision of a meeting"
	case referral.Deferred:
		text = "A referral was deferred to the next meeting"
	}
	return []ui.Attention{{Text: text, Href: "/referrals/" + ref.Text(r.ID), Why: "R9", When: "Since " + clock.DateOf(r.StartedAt).Short()}}
}

// plural counts things in words: 1 day, 2 days.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
