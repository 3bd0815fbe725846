package registrationpage

import (
	"context"

	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// proposalView is what the page of the criteria and the proposal shows.
type proposalView struct {
	base
	criteria  []registration.Criterion
	proposals []registration.Proposal
}

func readProposal(c *page.Ctx) (v proposalView, err error) {
	v.base, err = load(c, authz.Contribute, func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		if err := registered(p); err != nil {
			return err
		}
		if v.criteria, err = registration.Criteria(ctx, q, p.ID); err != nil {
			return err
		}
		v.proposals, err = registration.Proposals(ctx, q, p.ID)
		return err
	})
	return v, err
}

// Deregistration shows the criteria with their evidence, and the form for a
// proposal. The criteria that are met come ticked.
func Deregistration(c *page.Ctx) error {
	v, err := readProposal(c)
	if err != nil {
		return err
	}
	var met []string
	for _, k := range v.criteria {
		if k.State == registration.Met {
			met = append(met, k.Key)
		}
	}
	v.form.Set("criteria", met...)
	decodeProposal(v)
	return c.Render(proposalPage(v.chrome(c, "Deregistration", nil), v))
}

// Propose proposes deregistration, after asking once more.
func Propose(c *page.Ctx) error {
	v, err := readProposal(c)
	if err != nil {
		return err
	}
	n := decodeProposal(v)
	if v.form.OK() && !wantsBack(c) {
		if err := v.form.Take(fault.Refused(registration.CheckProposal(n))); err != nil {
			return err
		}
		if v.form.OK() && !isConfirmed(c) {
			return c.Render(confirmProposalPage(v.chrome(c, "Confirm the proposal", nil), v, v.confirm(c)))
		}
	}
	if v.form.OK() && !wantsBack(c) {
		if _, err := registration.Propose(c.Context(), c.DB, c.Submission(), n); err == nil {
			return c.SeeOther(v.person.At(frame.Reviews), "Deregistration proposed. The next meeting decides")
		} else if err := v.form.Take(err); err != nil {
			return err
		}
	}
	view := proposalPage(v.chrome(c, "Deregistration", v.form), v)
	if v.form.OK() {
		return c.Render(view)
	}
	return c.Redraw(view)
}

func (v proposalView) confirm(c *page.Ctx) ui.ConfirmView {
	return ui.ConfirmView{
		Title: "Propose deregistration?",
		Effects: []string{
			"The case goes on the agenda of the next meeting, with your reason and the criteria as they stand then",
			"The meeting decides. Until then nothing changes: visits, reviews and actions go on",
			"If the meeting deregisters, it names an exit officer and an exit plan, and every marker has to be removed",
		},
		Action: v.person.At("deregistration"), Hidden: kept(c.Hidden(), v.form), Button: "Propose deregistration", Cancel: v.person.At(frame.Reviews),
	}
}

func decodeProposal(v proposalView) registration.NewProposal {
	f := v.form
	return registration.NewProposal{
		Nominal:  v.person.ID,
		Criteria: f.Choices("criteria", "Criteria relied on", registration.CriterionKeys...),
		Reason:   f.Prose("reason", "Why deregistration is proposed", form.Required),
	}
}

// criteriaOptions are the criteria to rely on, each with how it stands.
func (v proposalView) criteriaOptions() []ui.Option {
	var all []ui.Option
	for _, k := range v.criteria {
		all = append(all, ui.Option{Value: k.Key, Text: k.Text(), Hint: upper(string(k.State))})
	}
	return all
}

// mandatory are the mandatory criteria that the record shows as met.
func (v proposalView) mandatory() []registration.Criterion {
	var all []registration.Criterion
	for _, k := range v.criteria {
		if k.Mandatory && k.State == registration.Met {
			all = append(all, k)
		}
	}
	return all
}
