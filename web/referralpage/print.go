package referralpage

import (
	"context"
	"slices"
	"strings"

	"iom/internal/casework/area"
	"iom/internal/casework/contact"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

// printView is the whole case in the order of the paper form (R37), as it is
// today and not only as it was submitted.
type printView struct {
	base
	printed    string
	personal   referral.Personal
	scores     []string
	needs      referral.Pathways
	groups     []groupLine
	registered bool
	lists      registration.Lists
	events     []event
	reviews    []registration.ReviewRow
	removal    registration.Deregistration // zero: not removed
	child      bool
}

// groupLine is a priority group with Y, N or nothing.
type groupLine struct{ name, answer string }

// event is a line of the contact and event log and of later needs reviews (R33).
type event struct {
	on                        clock.Date
	forceNumber, log, outcome string
}

// eventsMost bounds a print.
const eventsMost = 2000

// Print is the form on paper.
func Print(c *page.Ctx) error {
	id, err := page.ID[ref.ReferralID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (printView, audit.Seen, error) {
		v, err := readPrint(ctx, q, id)
		return v, v.seen(), err
	})
	if err != nil {
		return err
	}
	v.chrome = c.Chrome("IOM referral form", nil)
	v.chrome.Print = true
	v.chrome.Back = ui.Link{Text: "Back to the referral", Href: v.href("")}
	v.printed = "Printed by " + c.Actor.Name + ", " + c.Actor.AgencyAs + ", on " + moment(c.Now())
	return c.Render(printPage(v))
}

func readPrint(ctx context.Context, q *db.ReadTx, id ref.ReferralID) (v printView, err error) {
	if v.base, err = load(ctx, q, id); err != nil {
		return v, err
	}
	v.child = referral.IsChild(v.r.Form, q.Today())
	if err = v.readPerson(ctx, q); err != nil {
		return v, err
	}
	all, err := registration.Of(ctx, q, v.r.Nominal)
	if err != nil {
		return v, err
	}
	for _, r := range all {
		if r.Referral == v.r.ID {
			v.registered = true
			if err := v.readRegistration(ctx, q, r); err != nil {
				return v, err
			}
		}
	}
	return v, v.readEvents(ctx, q)
}

// readPerson reads what is known of the person now; before the submission that is
// what the form says.
func (v *printView) readPerson(ctx context.Context, q *db.ReadTx) error {
	f := v.r.Form
	offered, err := area.PriorityGroups(ctx, q, v.r.Area)
	if err != nil {
		return err
	}
	if v.r.SubmittedAt.IsZero() {
		v.personal, v.needs = f.Personal, f.Pathways
		for _, g := range offered {
			v.groups = append(v.groups, groupLine{g.Name, f.Groups.Of(g.ID).Word()})
		}
		for _, s := range f.Justification.Scores {
			v.scores = append(v.scores, s.Type+" "+s.Value+", "+s.On.Long())
		}
		return nil
	}
	card, err := nominal.CardOf(ctx, q, v.r.Nominal)
	if err != nil {
		return err
	}
	v.personal = referral.KnownOf(card)
	answers, err := nominal.GroupAnswersOf(ctx, q, v.r.Nominal)
	if err != nil {
		return err
	}
	for _, g := range offered {
		line := groupLine{name: g.Name}
		if member, ok := answers[g.ID]; ok {
			line.answer = map[bool]string{true: "Yes", false: "No"}[member]
		}
		v.groups = append(v.groups, line)
	}
	needs, err := need.CurrentOf(ctx, q, v.r.Nominal)
	if err != nil {
		return err
	}
	for _, n := range needs {
		v.needs.Rows = append(v.needs.Rows, referral.Pathway{Pathway: string(n.Pathway), Level: string(n.Level), Needs: n.Needs, Actions: n.Actions})
	}
	scores, err := sentence.Scores(ctx, q, v.r.Nominal)
	for _, s := range scores {
		v.scores = append(v.scores, s.Type+" "+s.Value+", "+s.On.Long())
	}
	return err
}

func (v *printView) readRegistration(ctx context.Context, q *db.ReadTx, r registration.Registration) (err error) {
	if v.lists, err = registration.Checklists(ctx, q, r.ID); err != nil {
		return err
	}
	reviews, err := registration.Reviews(ctx, q, v.r.Nominal)
	if err != nil {
		return err
	}
	for _, row := range reviews {
		if row.Registration == r.ID {
			v.reviews = append(v.reviews, row)
		}
	}
	slices.SortStableFunc(v.reviews, func(a, b registration.ReviewRow) int { return a.ReviewedOn.DaysSince(b.ReviewedOn) })
	removals, err := registration.Deregistrations(ctx, q, v.r.Nominal)
	for _, d := range removals {
		if d.Registration == r.ID {
			v.removal = d
		}
	}
	return err
}

// readEvents reads the contacts since the referral and the later reviews of
// needs, the earliest first.
func (v *printView) readEvents(ctx context.Context, q *db.ReadTx) error {
	since := clock.DateOf(v.r.StartedAt)
	if d := v.r.Form.Details.Date; !d.IsZero() {
		since = d
	}
	contacts, err := contact.Page(ctx, q, v.r.Nominal, 0, eventsMost)
	if err != nil {
		return err
	}
	for _, e := range contacts {
		if e.HeldOn.Before(since) {
			continue
		}
		who := e.AgencyName
		if e.JointAgencyName != "" {
			who += " with " + e.JointAgencyName
		}
		v.events = append(v.events, event{e.HeldOn, e.ForceNumber, e.Kind.Word() + ", " + who + ": " + e.Log, lines(e.Outcome.Word(), e.Result)})
	}
	reviews, err := need.HistoryOf(ctx, q, v.r.Nominal, "")
	for _, n := range reviews {
		if n.Source == referral.Source(v.r.ID) || n.On.Before(since) {
			continue
		}
		v.events = append(v.events, event{on: n.On, log: "Needs review, " + string(n.Pathway) + ": " + lines(n.Needs, n.Actions), outcome: n.Level.Word()})
	}
	slices.SortStableFunc(v.events, func(a, b event) int { return a.on.DaysSince(b.on) })
	return err
}

func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "\n")
}

// line is what a checklist says of a line: the day, and by whom.
func (v printView) line(list, name string) (on, by string) {
	l := v.lists.Get(list, name)
	if l.NotApplicable {
		return "Not applicable", ""
	}
	return l.DoneOn.Long(), l.ByWhom
}

// person is the first part of the form.
func (v printView) person() []referral.Line {
	name := nominal.Name{Family: v.personal.FamilyName, Given: v.personal.GivenNames}
	return append([]referral.Line{{Label: "Name", Value: name.Full()}}, among(v.personal.Lines(), "Date of birth", "URN", "PNCID", "Address",
		"Postcode", "Contact numbers", "E-mail address", "National Insurance", "Warnings (PNC/Niche)")...)
}

// among are the lines of a section whose labels are given, in that order.
func among(all []referral.Line, labels ...string) []referral.Line {
	kept := make([]referral.Line, 0, len(labels))
	for _, label := range labels {
		for _, l := range all {
			if l.Label == label {
				kept = append(kept, l)
			}
		}
	}
	return kept
}

// ledSED is the box "LED/ SED" of the form.
func ledSED(j referral.Justification) string {
	var parts []string
	if !j.LED.IsZero() {
		parts = append(parts, "LED "+j.LED.Long())
	}
	if !j.SED.IsZero() {
		parts = append(parts, "SED "+j.SED.Long())
	}
	return strings.Join(parts, "\n")
}
