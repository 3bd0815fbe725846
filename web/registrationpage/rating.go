package registrationpage

import (
	"context"
	"strings"

	"iom/internal/casework/area"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// ratingView is what the page of the rating between meetings shows.
type ratingView struct {
	base
	now      review.Rating
	prompts  []review.Prompt
	offered  []rag.Rating
	agencies []review.Agency
	told     []review.WantedAlert
	settings rag.Settings
}

func readRating(c *page.Ctx) (v ratingView, err error) {
	v.base, err = load(c, authz.RateBetween, func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		if err := registered(p); err != nil {
			return err
		}
		v.offered = review.OfferedBetween(p.May(authz.RaiseRedAlert), p.May(authz.RateBetween))
		if v.now, err = review.Latest(ctx, q, p.Current.ID); err != nil {
			return err
		}
		if v.prompts, err = review.PromptsOf(ctx, q, p.ID); err != nil {
			return err
		}
		if v.agencies, err = review.AlertAgencies(ctx, q, p.Current.Area); err != nil {
			return err
		}
		if v.settings.AmberVisitDays, err = area.Number(ctx, q, p.Current.Area, area.AmberVisitDays); err != nil {
			return err
		}
		v.told, err = review.AlertsOf(ctx, q, v.now.ID)
		return err
	})
	return v, err
}

// Rating is the form for a rating between meetings.
func Rating(c *page.Ctx) error {
	v, err := readRating(c)
	if err != nil {
		return err
	}
	if len(v.prompts) > 0 {
		v.form.Set("rating", string(v.prompts[0].Rating))
	}
	if r, ok := rag.Parse(c.Query("rating")); ok {
		v.form.Set("rating", string(r))
	}
	decodeRating(v)
	return c.Render(ratingPage(v.chrome(c, "Change the RAG rating", nil), v, int64(v.now.ID)))
}

// Rate rates between meetings: the first time it asks to confirm what follows,
// the second time it does it.
func Rate(c *page.Ctx) error {
	v, err := readRating(c)
	if err != nil {
		return err
	}
	b := decodeRating(v)
	b.Seen = ref.RatingID(c.Version())
	if v.form.OK() && !wantsBack(c) {
		if !isConfirmed(c) {
			return confirmRating(c, v, b)
		}
		_, err := review.RateBetween(c.Context(), c.DB, c.Submission(), b)
		switch {
		case err == nil:
			return c.SeeOther(v.person.At(frame.Reviews), "Rating changed. The next meeting ratifies it")
		case fault.KindOf(err) == fault.Stale:
			return c.Conflict("the RAG rating", v.form, v.asItStands(), int64(v.now.ID))
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return redrawRating(c, v)
}

func redrawRating(c *page.Ctx, v ratingView) error {
	view := ratingPage(v.chrome(c, "Change the RAG rating", v.form), v, c.Version())
	if v.form.OK() { // come back from the confirmation to change something
		return c.Render(view)
	}
	return c.Redraw(view)
}

func confirmRating(c *page.Ctx, v ratingView, b review.Between) error {
	checked := review.Check(review.New{Rating: b.Rating, Reason: b.Reason, Characteristics: b.Characteristics})
	if err := v.form.Take(fault.Refused(checked)); err != nil || !v.form.OK() {
		if err != nil {
			return err
		}
		return redrawRating(c, v)
	}
	effects := review.Consequences(b.Rating, v.settings)
	if b.Rating == rag.RedAlert {
		effects = append(effects, alertEffect(v.agencies, b.Alert))
	}
	effects = append(effects, "The next meeting says whether it ratifies the rating",
		"The rating, the reason and your name stay in the history")
	return c.Render(confirmRatingPage(v.chrome(c, "Confirm the RAG rating", nil), v, ui.ConfirmView{
		Title: "Change the rating from " + string(v.now.Rating) + " to " + string(b.Rating) + "?", Effects: effects,
		Action: v.person.At("rating"), Hidden: kept(c.Hidden(c.Version()), v.form), Button: "Change to " + string(b.Rating), Cancel: v.person.At(frame.Reviews)}))
}

func alertEffect(all []review.Agency, chosen []ref.AgencyID) string {
	var names []string
	for _, a := range all {
		for _, id := range chosen {
			if a.ID == id {
				names = append(names, a.Name)
			}
		}
	}
	if len(names) == 0 {
		return "No agency is told by a wanted alert"
	}
	return "Told at once by a wanted alert: " + strings.Join(names, ", ")
}

// asItStands is the form filled with the rating that somebody else gave meanwhile.
func (v ratingView) asItStands() *form.Form {
	now := form.Blank()
	now.Set("rating", string(v.now.Rating))
	now.Set(characteristicsOf(v.now.Rating), v.now.Characteristics...)
	now.Set("reason", v.now.Reason)
	now.Set("supervision", v.now.Supervision)
	now.Set("agreed_by", v.now.AgreedBy)
	return now
}

// characteristicsOf is the field for the characteristics of a rating: each rating
// has its own, shown only with it.
func characteristicsOf(r rag.Rating) string {
	return "characteristics-" + strings.ReplaceAll(strings.ToLower(string(r)), " ", "-")
}

func decodeRating(v ratingView) review.Between {
	f := v.form
	b := review.Between{Nominal: v.person.ID}
	values := make([]string, len(v.offered))
	for i, r := range v.offered {
		values[i] = string(r)
	}
	b.Rating = rag.Rating(f.Choice("rating", "New rating", form.Required, values...))
	for _, r := range v.offered {
		chosen := f.Choices(characteristicsOf(r), "Characteristics of "+string(r), r.Characteristics()...)
		if r == b.Rating {
			b.Characteristics = chosen
		}
	}
	b.Reason = f.Prose("reason", "Reason for the rating", form.Required)
	b.Supervision = f.Line("supervision", "Frequency of supervision agreed", form.Optional)
	b.AgreedBy = f.Line("agreed_by", "Who agreed it", form.Optional)
	if v.person.May(authz.RaiseRedAlert) {
		agencies, message := decodeAlert(f)
		if b.Rating == rag.RedAlert {
			b.Alert, b.Message = agencies, message
		}
	}
	return b
}

func decodeAlert(f *form.Form) (agencies []ref.AgencyID, message string) {
	for _, id := range f.IDs("agencies", "Agencies to tell") {
		agencies = append(agencies, ref.AgencyID(id))
	}
	return agencies, f.Prose("message", "What the agencies are told", form.Optional)
}

// ratingOptions are the radios: each with its aim and what belongs to it.
func (v ratingView) ratingOptions() []ui.Option {
	var all []ui.Option
	for _, r := range v.offered {
		all = append(all, ui.Option{Value: string(r), Text: string(r), Hint: r.Aim(), Reveal: ratingParts(v, r)})
	}
	return all
}

func (v ratingView) agencyOptions() []ui.Option {
	var all []ui.Option
	for _, a := range v.agencies {
		all = append(all, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
	}
	return all
}

// Alert is the form for telling more agencies of a RED ALERT that stands.
func Alert(c *page.Ctx) error {
	v, err := readRating(c)
	if err != nil {
		return err
	}
	if err := v.mayAlert(); err != nil {
		return err
	}
	decodeAlert(v.form)
	return c.Render(alertPage(v.chrome(c, "Publish a wanted alert", nil), v))
}

// Publish tells more agencies that somebody is wanted.
func Publish(c *page.Ctx) error {
	v, err := readRating(c)
	if err != nil {
		return err
	}
	if err := v.mayAlert(); err != nil {
		return err
	}
	agencies, message := decodeAlert(v.form)
	if v.form.OK() {
		err := review.PublishAlert(c.Context(), c.DB, c.Submission(), v.person.ID, agencies, message)
		if err == nil {
			return c.SeeOther(v.person.At(frame.Reviews), "Wanted alert published")
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(alertPage(v.chrome(c, "Publish a wanted alert", v.form), v))
}

func (v ratingView) mayAlert() error {
	switch {
	case !v.person.May(authz.RaiseRedAlert):
		return fault.Denied("Only the police choose which agencies are told")
	case v.now.Rating != rag.RedAlert:
		return fault.Refuse("", "R40", "A wanted alert goes with a rating of RED ALERT")
	}
	return nil
}
