package meetingpage

import (
	"context"

	"iom/internal/casework/agency"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type deregisterView struct {
	caseView
	agencies []ui.Option
	form     *form.Form
}

// DeregisterPage asks for the justification, the reasons and the exit plan, and
// says what follows, before somebody leaves the scheme.
func DeregisterPage(c *page.Ctx) error { return drawDeregister(c, c.Form()) }

// Deregister takes the person off the scheme, in the chair's name.
func Deregister(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	r := decodeRemoval(f)
	if f.OK() {
		err := meeting.Deregister(c.Context(), c.DB, c.Submission(), id, n, r)
		if err == nil {
			return c.SeeOther(caseAt(id, n, "")+"#"+removalBlock, "Deregistered. The markers have to come down: see the removal checklist")
		}
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	return drawDeregister(c, f)
}

func decodeRemoval(f *form.Form) registration.Removal {
	return registration.Removal{
		Criteria:      f.Choices("criteria", "Criteria relied on", registration.CriterionKeys...),
		Justification: f.Prose("justification", "Justification for removal", form.Required),
		Reasons:       f.Prose("reasons", "Reasons for removal", form.Required),
		ExitPlan:      f.Prose("exit_plan", "Exit plan", form.Required),
		ExitOfficer:   f.Line("exit_officer", "Officer responsible for the exit plan", form.Required),
		ExitAgency:    ref.AgencyID(f.ID("exit_agency", "Agency of that officer", form.Required)),
	}
}

func drawDeregister(c *page.Ctx, f *form.Form) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (deregisterView, audit.Seen, error) {
		v := deregisterView{form: f}
		var seen audit.Seen
		var err error
		if v.caseView, seen, err = readCase(ctx, q, id, n); err != nil {
			return v, seen, err
		}
		if !v.decides {
			return v, seen, fault.Denied("Only the chair or the co-ordinator records this, while the meeting is open")
		}
		if !v.Registered {
			return v, seen, fault.Denied("This person is not registered at present")
		}
		v.agencies, err = agencyOptions(ctx, q)
		return v, seen, err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	if !f.IsSubmitted() {
		v.preset(f)
		decodeRemoval(f)
	}
	v.hidden = c.Hidden()
	v.hidden.Guard = true
	chrome := c.Chrome("Deregister "+v.person.Name(), f)
	chrome.Back = ui.Link{Text: "Back to the record sheet", Href: caseAt(id, n, "")}
	if f.IsSubmitted() {
		return c.Redraw(deregisterPage(chrome, v))
	}
	return c.Render(deregisterPage(chrome, v))
}

// preset offers what the record and the proposal say already.
func (v deregisterView) preset(f *form.Form) {
	var met []string
	for _, c := range v.Criteria {
		if c.State == registration.Met {
			met = append(met, c.Key)
		}
	}
	if v.Proposal != nil {
		f.Set("justification", v.Proposal.Reason)
		if len(v.Proposal.Criteria) > 0 {
			met = v.Proposal.Criteria
		}
	}
	f.Set("criteria", met...)
	f.Set("exit_officer", v.Current.LeadName)
	f.Set("exit_agency", ref.Text(v.Current.LeadAgency))
}

func agencyOptions(ctx context.Context, q db.Querier) ([]ui.Option, error) {
	all, err := agency.Current(ctx, q, q.Today())
	var options []ui.Option
	for _, a := range all {
		options = append(options, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
	}
	return options, err
}

// criterionOptions are the criteria with how each stands in the record.
func (v deregisterView) criterionOptions() []ui.Option {
	var options []ui.Option
	for _, c := range v.Criteria {
		options = append(options, ui.Option{Value: c.Key, Text: c.Text(), Hint: upper(string(c.State)) + ". " + c.Why})
	}
	return options
}
