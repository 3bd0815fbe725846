package nominalpage

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"iom/internal/casework/agency"
	"iom/internal/casework/contact"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// What of the diary stands on the tab: everything to come, and what has passed within
// the months that the page measures.
const plannedAhead = 13 // months; nothing is planned further ahead

func readPlanned(ctx context.Context, q db.Querier, id ref.NominalID) ([]contact.Planned, error) {
	return contact.PlannedFor(ctx, q, []ref.NominalID{id}, q.Today().AddMonths(-measuredMonths), q.Today().AddMonths(plannedAhead))
}

// planned are the planned contacts of the tab: those to come, the next first, then
// those that nobody has logged, the latest first. What was logged is in the log; what
// was called off is named until its day has passed.
func (v contactsView) planned() (coming, past []contact.Planned) {
	for _, p := range v.diary {
		switch {
		case p.NotLogged(v.Today):
			past = append(past, p)
		case p.Outcome == "" && !p.Day.Before(v.Today):
			coming = append(coming, p)
		}
	}
	slices.Reverse(past)
	return coming, past
}

// logAt leads to the form that logs the contact for the plan.
func (v contactsView) logAt(p contact.Planned) string {
	return v.At("contacts/new") + "?" + url.Values{"planned": {ref.Text(p.ID)}}.Encode()
}

func (v contactsView) callOffAt(p contact.Planned) string {
	return v.At("planned/" + ref.Text(p.ID) + "/call-off")
}

// plannedWhen is the day of a planned contact with its time.
func plannedWhen(p contact.Planned) string {
	if p.At == "" {
		return p.Day.Long()
	}
	return p.Day.Long() + " at " + p.At
}

// plannedBy says who goes: the person named, the agency, and the other one of a joint
// visit (R188).
func plannedBy(p contact.Planned) string {
	text := p.AgencyName
	if p.OwnerName != "" {
		text = p.OwnerName + ", " + text
	}
	if p.JointAgencyName != "" {
		text += ", jointly with " + p.JointAgencyName
	}
	return text
}

// forPlan fills a blank log with the planned contact that it is for: on its day, or
// today for one that is to come.
func forPlan(f *form.Form, p contact.Planned, today clock.Date) {
	day := p.Day
	if day.After(today) {
		day = today
	}
	f.Set("planned", ref.Text(p.ID))
	f.Set("held_on", day.Typed())
	f.Set("at_time", p.At)
	f.Set("kind", string(p.Kind))
	f.Set("agency", ref.Text(p.Agency))
	if p.JointAgency != 0 {
		f.Set("joint_agency", ref.Text(p.JointAgency))
	}
}

// planAsked reads the plan for which a contact is logged, if the form is for one.
// Another's plan is none; so is one that was kept or called off meanwhile.
func planAsked(ctx context.Context, q db.Querier, c *page.Ctx, id ref.NominalID) (p contact.Planned, err error) {
	planned, ok := ref.Parse[ref.PlannedID](cmp.Or(c.R.PostFormValue("planned"), c.Query("planned")))
	if !ok {
		return p, nil
	}
	p, err = contact.PlanOf(ctx, q, id, planned)
	if fault.KindOf(err) == fault.NotFound || err == nil && !p.Stands() {
		return contact.Planned{}, nil
	}
	return p, err
}

// PlanContact plans a contact between meetings (R42, R44).
func PlanContact(c *page.Ctx) error {
	var (
		n                contact.NewPlan
		owners, agencies []ui.Option
	)
	return task{
		title: "Plan a contact", tab: frame.Contacts, button: "Plan the contact", notice: "Planned", may: authz.RecordContact, first: true,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			owners, agencies, err = offerOwners(ctx, q, p.Scope.Area)
			return err
		},
		preset: func(f *form.Form, p frame.Person) {
			f.Set("owner", strconv.FormatInt(p.Actor.AgencyIn(int64(p.Scope.Area)), 10)+"-"+strconv.FormatInt(p.Actor.Account, 10))
		},
		read: func(f *form.Form) {
			n = contact.NewPlan{Kind: contact.Kind(f.Choice("kind", "Kind of contact", form.Required, texts(contact.PlannedKinds)...)), Day: f.Date("day", "Day", form.Required),
				At: f.Time("at_time", "Time", form.Optional), Purpose: f.Line("purpose", "What the contact is for", form.Required),
				JointAgency: ref.AgencyID(f.ID("joint_agency", "Joint visit with", form.Optional))}
			n.Agency, n.Owner = parseOwner(f.Choice("owner", "Who sees the person", form.Required, valuesOf(owners)...))
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := contact.Plan(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return planFields(f, owners, agencies) },
	}.serve(c)
}

// offerOwners reads who can see somebody of an area: each agency of today, alone and
// with each of its people there.
func offerOwners(ctx context.Context, q db.Querier, at ref.AreaID) (owners, agencies []ui.Option, err error) {
	all, err := agency.Current(ctx, q, q.Today())
	if err != nil {
		return nil, nil, err
	}
	people, err := contact.Owners(ctx, q, at)
	for _, a := range all {
		agencies = append(agencies, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
		owners = append(owners, ui.Option{Value: ref.Text(a.ID) + "-0", Text: a.Name + ": nobody named yet"})
		for _, p := range people {
			if p.Agency == a.ID {
				owners = append(owners, ui.Option{Value: ref.Text(a.ID) + "-" + ref.Text(p.ID), Text: a.Name + ": " + p.Name})
			}
		}
	}
	return owners, agencies, err
}

// parseOwner takes apart the agency and the person that are one choice of a form.
func parseOwner(value string) (ref.AgencyID, ref.AccountID) {
	of, who, _ := strings.Cut(value, "-")
	agencyID, _ := ref.Parse[ref.AgencyID](of)
	accountID, _ := ref.Parse[ref.AccountID](who)
	return agencyID, accountID
}

func valuesOf(options []ui.Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.Value
	}
	return all
}

// CallOff calls a planned contact off, with the reason (R42).
func CallOff(c *page.Ctx) error {
	planned, err := page.ID[ref.PlannedID](c, "planned")
	if err != nil {
		return err
	}
	var (
		reason string
		p      contact.Planned
	)
	return task{
		title: "Call off this contact", tab: frame.Contacts, button: "Call off", notice: "Called off", may: authz.RecordContact, danger: true,
		guide: "Tell the person, and the others who were to come.",
		ready: func(ctx context.Context, q *db.ReadTx, of frame.Person) (err error) {
			p, err = contact.PlanOf(ctx, q, of.ID, planned)
			return err
		},
		read: func(f *form.Form) { reason = f.Prose("reason", "Why", form.Required) },
		do: func(id ref.NominalID) error {
			return contact.CallOff(c.Context(), c.DB, c.Submission(), id, planned, reason)
		},
		view: func(f *form.Form) templ.Component { return callOffFields(f, p) },
	}.serve(c)
}

// became says what has become of a plan that stands no longer.
func became(p contact.Planned) string {
	switch {
	case p.CalledOff != "":
		return "Called off: " + p.CalledOff
	case p.Outcome != "":
		return "Logged: " + string(p.Outcome)
	}
	return ""
}
