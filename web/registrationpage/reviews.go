package registrationpage

import (
	"context"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// reviewsView is what the tab of meetings and reviews shows.
type reviewsView struct {
	checklistView
	ratings   []review.Rating
	prompts   []review.Prompt
	triggers  []registration.Trigger
	leads     []registration.LeadWorker
	rows      []registration.ReviewRow
	proposals []registration.Proposal
	ended     []registration.Deregistration
	told      []review.WantedAlert
}

// Reviews is the tab with everything about somebody's time on the scheme: the
// ratings, the lead workers, the reviews, the proposals and the decisions.
func Reviews(c *page.Ctx) error {
	var v reviewsView
	var err error
	v.base, err = load(c, "", func(ctx context.Context, q *db.ReadTx, p frame.Person) error { return v.read(ctx, q, p.ID) })
	if err != nil {
		return err
	}
	return c.Render(reviewsPage(c.Chrome("", nil), v))
}

func (v *reviewsView) read(ctx context.Context, q *db.ReadTx, of ref.NominalID) (err error) {
	times, err := registration.Of(ctx, q, of)
	if err != nil {
		return err
	}
	lists, err := registration.ChecklistsOf(ctx, q, of)
	if err != nil {
		return err
	}
	for _, r := range times {
		v.all = append(v.all, checked{r, lists[r.ID]})
	}
	if v.ratings, err = review.History(ctx, q, of); err != nil {
		return err
	}
	if len(v.ratings) > 0 {
		if v.told, err = review.AlertsOf(ctx, q, v.ratings[0].ID); err != nil {
			return err
		}
	}
	if v.prompts, err = review.PromptsOf(ctx, q, of); err != nil {
		return err
	}
	if v.triggers, err = registration.MandatoryOf(ctx, q, of); err != nil {
		return err
	}
	return v.readDecisions(ctx, q, of)
}

func (v *reviewsView) readDecisions(ctx context.Context, q *db.ReadTx, of ref.NominalID) (err error) {
	if v.leads, err = registration.Leads(ctx, q, of); err != nil {
		return err
	}
	if v.rows, err = registration.Reviews(ctx, q, of); err != nil {
		return err
	}
	if v.proposals, err = registration.Proposals(ctx, q, of); err != nil {
		return err
	}
	v.ended, err = registration.Deregistrations(ctx, q, of)
	return err
}

// reviewDue is the last day on which the next review is in time; zero where no
// rule sets one.
func (v reviewsView) reviewDue() clock.Date {
	for _, r := range v.ratings {
		if r.Registration == v.person.Current.ID && !r.BetweenMeetings() {
			return review.DueOn(v.person.Current.Rating, r.RatedOn)
		}
	}
	return clock.Date{}
}

// mayAlert says whether the actor may tell agencies of the RED ALERT that stands.
func (v reviewsView) mayAlert() bool {
	return v.person.Registered && v.person.Current.Rating == "RED ALERT" && v.person.May(authz.RaiseRedAlert)
}

// decisionOn is the decision that ended a registration.
func (v reviewsView) decisionOn(id ref.RegistrationID) (registration.Deregistration, bool) {
	for _, d := range v.ended {
		if d.Registration == id {
			return d, true
		}
	}
	return registration.Deregistration{}, false
}

// ratingEntries are the ratings as a timeline.
func (v reviewsView) ratingEntries() []ui.Entry {
	var all []ui.Entry
	for _, r := range v.ratings {
		all = append(all, ui.Entry{Title: string(r.Rating), By: r.RecordedByName, When: r.RatedOn.Long(), Stamp: r.RatedOn.String(), Text: r.Reason, Body: ratingBody(r)})
	}
	return all
}

// toChecklist is the link to the checklists; a guest has none.
func (v reviewsView) toChecklist() ui.Link {
	if v.person.Scope.Kind == nominal.GuestOf {
		return ui.Link{}
	}
	return ui.Link{Text: "Open", Href: v.person.At("checklist")}
}
