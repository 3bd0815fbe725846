package meetingpage

import (
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
)

// step records one thing of a case and comes back to its block. do reads the form
// and, when that is well, records.
func step(c *page.Ctx, block, notice string, do func(id ref.MeetingID, n ref.NominalID, f *form.Form) error) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	err = do(id, n, f)
	if fault.KindOf(err) == fault.Stale {
		return drawCase(c, f, block, true)
	}
	if err := take(f, block, err); err != nil {
		return signFirst(c, id, err)
	}
	if f.OK() && c.WantsJSON() {
		return c.JSON(savedAnswer{Outcome: meeting.SavedSent, At: clockTime(c.Now())})
	}
	if f.OK() {
		return c.SeeOther(caseAt(id, n, "")+"#"+block, notice)
	}
	return drawCase(c, f, block, false)
}

// take puts the problems of a command under the fields of a block. Agency and
// person of an action are one field.
func take(f *form.Form, block string, err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	for _, p := range fault.ProblemsOf(err) {
		field := p.Field
		if block == actionsBlock && (field == "agency" || field == "account") {
			field = "owner"
		}
		f.Fail(block+"-"+field, p.Text)
	}
	return nil
}

// Discuss notes what was said.
func Discuss(c *page.Ctx) error {
	return step(c, discussionBlock, "Note kept", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		text := decodeDiscussion(f)
		if !f.OK() {
			return nil
		}
		return meeting.Discuss(c.Context(), c.DB, c.Submission(), id, n, text)
	})
}

// Contribute notes what an agency contributed.
func Contribute(c *page.Ctx) error {
	return step(c, contributionBlock, "Contribution kept", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		agency, text := decodeContribution(f)
		if !f.OK() {
			return nil
		}
		return meeting.Contribute(c.Context(), c.DB, c.Submission(), id, n, agency, text)
	})
}

// DecideReferral decides the referral.
func DecideReferral(c *page.Ctx) error {
	return step(c, decisionBlock, "Decision recorded", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		d := decodeDecision(f)
		if !f.OK() {
			return nil
		}
		return meeting.DecideReferral(c.Context(), c.DB, c.Submission(), id, n, d)
	})
}

// Rate reviews the rating.
func Rate(c *page.Ctx) error {
	return step(c, reviewBlock, "RAG review recorded", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		r := decodeReview(f)
		if !f.OK() {
			return nil
		}
		return meeting.RateEarly(c.Context(), c.DB, c.Submission(), id, n, r.rating, r.reason, r.characteristics, r.supervision, r.early)
	})
}

// DeferReview puts an AMBER review off.
func DeferReview(c *page.Ctx) error {
	return step(c, deferBlock, "Review deferred", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		why := decodeDefer(f)
		if !f.OK() {
			return nil
		}
		return meeting.DeferReview(c.Context(), c.DB, c.Submission(), id, n, why)
	})
}

// Ratify answers a rating that was given between meetings.
func Ratify(c *page.Ctx) error {
	rating, _ := ref.Parse[ref.RatingID](c.R.PostFormValue("rating"))
	return step(c, ratifyBlock(rating), "Answer recorded", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		ratified, why := decodeRatify(f, rating)
		if rating == 0 {
			f.Fail("", "Choose the rating that is to be answered")
		}
		if !f.OK() {
			return nil
		}
		return meeting.Ratify(c.Context(), c.DB, c.Submission(), id, n, rating, ratified, why)
	})
}

// SetAction sets an action.
func SetAction(c *page.Ctx) error {
	return step(c, actionsBlock, "Action set", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		a := decodeAction(f)
		if !f.OK() {
			return nil
		}
		return meeting.SetAction(c.Context(), c.DB, c.Submission(), id, n, a)
	})
}

// ChangeAction progresses, discharges or carries over an action.
func ChangeAction(c *page.Ctx) error {
	of, err := page.ID[ref.ActionID](c, "action")
	if err != nil {
		return err
	}
	return step(c, actionBlock(of), "Action updated", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		change := decodeChange(f, of)
		if !f.OK() {
			return nil
		}
		return meeting.ChangeAction(c.Context(), c.DB, c.Submission(), id, n, of, c.Version(), change)
	})
}

// Assess updates a pathway.
func Assess(c *page.Ctx) error {
	return step(c, needsBlock, "Need updated", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		a := decodeNeed(f)
		if !f.OK() {
			return nil
		}
		return meeting.Assess(c.Context(), c.DB, c.Submission(), id, n, a)
	})
}

// Retain keeps the person on the scheme.
func Retain(c *page.Ctx) error {
	return step(c, removalBlock, "Retained", func(id ref.MeetingID, n ref.NominalID, f *form.Form) error {
		why := decodeRetain(f)
		if !f.OK() {
			return nil
		}
		return meeting.Retain(c.Context(), c.DB, c.Submission(), id, n, why)
	})
}
