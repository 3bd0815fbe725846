package nominalpage

import (
	"context"

	"iom/internal/casework/area"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/insight/history"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// overview is what the first page of a person shows.
type overview struct {
	frame.Person
	row          livelist.Row // when registered
	ratings      []review.Rating
	spells       []custody.Spell
	triggers     []registration.Trigger
	lists        registration.Lists
	last         registration.Registration // current or past; zero: never registered
	ever         bool
	contacts     []contact.Contact // of the last week, at least the latest five
	attendance   contact.Rate
	visits       history.Kept
	needs        []need.Entry
	tests        []drugtest.Test // those that the actor may read
	intelligence []intelligence.Entry
	equality     []nominal.Characteristic
	referrals    []referral.Summary
	amberDays    int
}

// measuredMonths is how far back attendance and visits are measured on the page.
const measuredMonths = 3

// Show is the overview of a person: what needs attention first.
func Show(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (overview, audit.Seen, error) {
		v, err := loadOverview(ctx, q, id)
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	return c.Render(overviewPage(c.Chrome("", nil), v, v.attention()))
}

func loadOverview(ctx context.Context, q *db.ReadTx, id ref.NominalID) (v overview, err error) {
	if v.Person, err = frame.Load(ctx, q, id); err != nil {
		return v, err
	}
	if err = v.loadCase(ctx, q); err != nil {
		return v, err
	}
	return v, v.loadFacts(ctx, q)
}

// loadCase reads how the case stands.
func (v *overview) loadCase(ctx context.Context, q *db.ReadTx) (err error) {
	if v.Registered {
		if v.row, _, err = livelist.Of(ctx, q, v.ID); err != nil {
			return err
		}
	}
	all, err := registration.Of(ctx, q, v.ID)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		v.last, v.ever = all[0], true
		if v.lists, err = registration.Checklists(ctx, q, v.last.ID); err != nil {
			return err
		}
	}
	if v.ratings, err = review.History(ctx, q, v.ID); err != nil {
		return err
	}
	if v.triggers, err = registration.MandatoryOf(ctx, q, v.ID); err != nil {
		return err
	}
	v.referrals, err = referral.Of(ctx, q, v.ID)
	return err
}

// loadFacts reads what is known of the person.
func (v *overview) loadFacts(ctx context.Context, q *db.ReadTx) (err error) {
	if v.spells, err = custody.Of(ctx, q, v.ID); err != nil {
		return err
	}
	if v.contacts, err = contact.Recent(ctx, q, v.ID, 20); err != nil {
		return err
	}
	since := q.Today().AddMonths(-measuredMonths)
	if v.attendance, err = contact.Attendance(ctx, q, v.ID, since); err != nil {
		return err
	}
	if v.needs, err = need.CurrentOf(ctx, q, v.ID); err != nil {
		return err
	}
	if v.tests, err = drugtest.Of(ctx, q, v.ID); err != nil {
		return err
	}
	if v.intelligence, err = intelligence.Of(ctx, q, v.ID); err != nil {
		return err
	}
	if v.equality, err = nominal.EqualityOf(ctx, q, v.ID); err != nil {
		return err
	}
	if !v.Registered {
		return nil
	}
	if v.amberDays, err = area.Number(ctx, q, v.Current.Area, area.AmberVisitDays); err != nil {
		return err
	}
	// One before the time that is measured counts towards its first days.
	visits, err := contact.Visits(ctx, q, v.ID, v.Current.BeganOn)
	if err != nil {
		return err
	}
	v.visits = history.VisitsKept(v.held(), visits, since, q.Today(), rag.Settings{AmberVisitDays: v.amberDays})
	return nil
}

// held are the ratings of the present registration in the order of time.
func (v overview) held() []rag.Held {
	var all []rag.Held
	for i := len(v.ratings) - 1; i >= 0; i-- { // the newest first
		if r := v.ratings[i]; r.Registration == v.Current.ID {
			all = append(all, rag.Held{From: r.RatedOn, Rating: r.Rating})
		}
	}
	return all
}

// standing is what the record says when it is asked which rating it points to.
func (v overview) standing() review.Standing {
	return review.StandingFrom(v.Current.Rating, v.Current.RatedOn, v.spells)
}

// recent are the contacts shown on the overview.
func (v overview) recent() []contact.Contact { return v.contacts[:min(5, len(v.contacts))] }

// missed are the appointments of the last week that were missed without an
// acceptable reason: the lead worker and police should know the same day (R191).
func (v overview) missed() (all []contact.Contact) {
	for _, k := range v.contacts {
		if k.HeldOn.DaysSince(v.Today) >= -7 && (k.Outcome == contact.DidNotAttend || k.Outcome == contact.LeftEarly) && !k.Excused {
			all = append(all, k)
		}
	}
	return all
}

// open is the referral that waits to be finished or decided, if there is one.
func (v overview) open() (referral.Summary, bool) {
	for _, r := range v.referrals {
		if r.State.Open() {
			return r, true
		}
	}
	return referral.Summary{}, false
}

// daysTo says how far off a day is, in words; late when it has passed.
func daysTo(day, today clock.Date) (text string, late bool) {
	switch n := day.DaysSince(today); {
	case n < -1:
		return plural(-n, "day") + " overdue", true
	case n == -1:
		return "1 day overdue", true
	case n == 0:
		return "Today", false
	case n == 1:
		return "Tomorrow", false
	default:
		return "In " + plural(n, "day"), false
	}
}
