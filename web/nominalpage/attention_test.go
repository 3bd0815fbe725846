package nominalpage

import (
	"strings"
	"testing"
	"time"

	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/escalation"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/web/nominalpage/frame"
)

var on = clock.MustISO

// quiet is somebody registered of whom nothing wants doing on 1 June 2026.
func quiet() overview {
	v := overview{Person: frame.Person{ID: 7, Today: on("2026-06-01"), Registered: true, Scope: nominal.Scope{Area: 1, Kind: nominal.Responsible, Open: true}}}
	v.Current = registration.Current{ID: 3, Nominal: 7, Rating: rag.Red, RatedOn: on("2026-05-20"), Ratified: true}
	v.row = livelist.Row{Registration: 3, ReviewDue: on("2026-06-20"), VisitDue: on("2026-06-06"), LastVisit: on("2026-05-30")}
	v.ever, v.last = true, registration.Registration{ID: 3}
	for _, line := range registration.Lines {
		v.lists = append(v.lists, registration.Line{List: registration.AdoptionList, Line: line, DoneOn: on("2026-05-20"), ByWhom: "Casey"})
	}
	return v
}

// What wants doing, each by the day on which it begins to: among them the late
// review (R65, R66), the overdue action (R78), the mandatory deregistration (R79,
// R81), and the pre-release plan three months before release (R48).
func TestAttention(t *testing.T) {
	t.Parallel()
	ended := time.Date(2026, 5, 1, 10, 0, 0, 0, clock.London)
	for name, c := range map[string]struct {
		change func(*overview)
		want   string // part of the line; empty: nothing
		late   bool
	}{
		"nothing":                  {func(*overview) {}, "", false},
		"wanted":                   {func(v *overview) { v.Current.Rating = rag.RedAlert }, "Wanted for arrest", true},
		"in custody, not PRISON":   {func(v *overview) { held(v, "2027-06-01"); v.Current.Rating = rag.Red }, "consider PRISON", true},
		"not ratified":             {func(v *overview) { v.Current.Ratified = false }, "the next meeting ratifies", false},
		"review in 7 days":         {func(v *overview) { v.row.ReviewDue = on("2026-06-08") }, "Review of the rating due", false},
		"review in 8 days":         {func(v *overview) { v.row.ReviewDue = on("2026-06-09") }, "", false},
		"review was yesterday":     {func(v *overview) { v.row.ReviewDue = on("2026-05-31") }, "Review of the rating due", true},
		"visit in 2 days":          {func(v *overview) { v.row.VisitDue = on("2026-06-03") }, "Home visit due by 3 Jun 2026", false},
		"visit in 3 days":          {func(v *overview) { v.row.VisitDue = on("2026-06-04") }, "", false},
		"visit late":               {func(v *overview) { v.row.VisitDue = on("2026-05-31") }, "Home visit due", true},
		"an action overdue":        {func(v *overview) { v.row.ActionDues = []clock.Date{on("2026-05-31"), on("2026-06-01")} }, "1 action overdue", true},
		"an action due today":      {func(v *overview) { v.row.ActionDues = []clock.Date{on("2026-06-01")} }, "", false},
		"licence ends in 28 days":  {func(v *overview) { v.HasStatus, v.Status = true, licence("2026-06-29") }, "Licence ends on 29 Jun 2026", false},
		"licence ends in 29 days":  {func(v *overview) { v.HasStatus, v.Status = true, licence("2026-06-30") }, "", false},
		"licence has ended":        {func(v *overview) { v.HasStatus, v.Status = true, licence("2026-05-31") }, "record what holds now", true},
		"release in 84 days":       {func(v *overview) { held(v, "2026-08-24") }, "within 12 weeks", false},
		"release in 85 days":       {func(v *overview) { held(v, "2026-08-25") }, "within three months", false},
		"release in three months":  {func(v *overview) { held(v, "2026-09-01") }, "within three months", false},
		"release after that":       {func(v *overview) { held(v, "2026-09-02") }, "", false},
		"release date has passed":  {func(v *overview) { held(v, "2026-05-31") }, "has passed", true},
		"no release date":          {func(v *overview) { held(v, ""); v.Custody.Why = custody.OnSentence }, "without a release date", false},
		"on remand, none is given": {func(v *overview) { held(v, ""); v.Custody.Why = custody.Remand }, "", false},
		"missed 7 days ago":        {func(v *overview) { met(v, "2026-05-25", contact.DidNotAttend, false) }, "Tell the lead worker", false},
		"missed 8 days ago":        {func(v *overview) { met(v, "2026-05-24", contact.DidNotAttend, false) }, "", false},
		"excused":                  {func(v *overview) { met(v, "2026-06-01", contact.DidNotAttend, true) }, "", false},
		"refused treatment":        {func(v *overview) { met(v, "2026-06-01", contact.RefusedTreatment, false) }, "", false},
		"positive 14 days ago":     {func(v *overview) { v.tests = []drugtest.Test{{Result: drugtest.Positive, TestedOn: on("2026-05-18")}} }, "required assessment", false},
		"positive before that":     {func(v *overview) { v.tests = []drugtest.Test{{Result: drugtest.Positive, TestedOn: on("2026-05-17")}} }, "", false},
		"mandatory": {func(v *overview) {
			v.triggers = []registration.Trigger{{Rule: "R79", Certain: true, Text: "five years"}}
		}, "Mandatory deregistration: five years", true},
		"proposed":                    {func(v *overview) { v.Current.Proposed = true }, "Deregistration proposed", false},
		"adoption line missing":       {func(v *overview) { v.lists = v.lists[1:] }, "Adoption checklist: 1 line to do", false},
		"R60 escalated, by today":     {func(v *overview) { escalated(v, "2026-06-01") }, "Escalated to the East Sussex Delivery Group (resource), answer asked for by 1 Jun 2026", false},
		"R60 escalated, not answered": {func(v *overview) { escalated(v, "2026-05-31") }, "answer asked for by 31 May 2026", true},
		"R60 escalated and answered":  {func(v *overview) { escalated(v, "2026-05-20", escalation.Answer) }, "has answered an escalation (resource): the next meeting", false},
		"R60 closed by a meeting":     {func(v *overview) { escalated(v, "2026-05-20", escalation.Answer, escalation.Closing) }, "", false},
		"R60 a guest reads of none": {func(v *overview) {
			escalated(v, "2026-05-20")
			v.Scope.Kind = nominal.GuestOf
		}, "", false},
		"markers left": {func(v *overview) {
			v.Registered, v.last.EndedAt, v.row = false, &ended, livelist.Row{}
		}, "Deregistered on 1 May 2026, not closed", true},
	} {
		v := quiet()
		c.change(&v)
		all := v.attention()
		switch {
		case c.want == "" && len(all) > 0:
			t.Errorf("%s: %+v", name, all)
		case c.want != "" && (len(all) != 1 || !strings.Contains(all[0].Text, c.want) || all[0].Late != c.late):
			t.Errorf("%s: %+v, want %q (late: %t)", name, all, c.want, c.late)
		}
	}
}

func TestLateThingsComeFirst(t *testing.T) {
	t.Parallel()
	v := quiet()
	v.Current.Ratified = false
	v.row.ActionDues = []clock.Date{on("2026-05-01")}
	v.HasStatus, v.Status = true, licence("2026-06-29")
	all := v.attention()
	if len(all) != 3 || !all[0].Late || all[1].Late || all[2].Late {
		t.Errorf("%+v", all)
	}
	for _, a := range all {
		if a.Why == "" || a.Href == "" {
			t.Errorf("%q says no rule or leads nowhere", a.Text)
		}
	}
}

func licence(ends string) sentence.Status {
	return sentence.Status{Standing: sentence.Licence, From: on("2026-01-01"), Ends: on(ends)}
}

func held(v *overview, expected string) {
	v.InCustody, v.Current.Rating, v.row.VisitDue = true, rag.Prison, clock.Date{}
	v.Custody = custody.Spell{ReceivedOn: on("2026-01-01")}
	if expected != "" {
		v.Custody.Expected = on(expected)
	}
	v.spells = []custody.Spell{v.Custody}
}

func escalated(v *overview, by string, became ...escalation.EntryKind) {
	e := escalation.Escalation{ID: 5, GroupName: "East Sussex", Kind: escalation.Resource, Asked: on(by)}
	for _, k := range became {
		e.Entries = append(e.Entries, escalation.Entry{Kind: k, AnsweredOn: on("2026-05-21")})
	}
	v.escalations = []escalation.Escalation{e}
}

func met(v *overview, day string, o contact.Outcome, excused bool) {
	v.contacts = []contact.Contact{{Kind: contact.Supervision, HeldOn: on(day), Outcome: o, Excused: excused}}
}
