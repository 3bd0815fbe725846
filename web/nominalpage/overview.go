package nominalpage

import (
	"context"
	"time"

	"iom/internal/casework/area"
	"iom/internal/casework/breach"
	"iom/internal/casework/condition"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/escalation"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/insight/history"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
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
	recalls      []recall.Recall
	escalations  []escalation.Escalation // the latest first; none for a guest
	explained    []condition.Explanation
	breaches     []breach.Breach
	now          time.Time
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
	since := q.Today().AddMonths(-measuredMonths)
	v.now = q.Now()
	var (
		listed bool
		visits []clock.Date
	)
	err = db.Together(ctx, q,
		db.Into(&v.Person, frame.Load, id),
		db.Maybe(&v.row, &listed, livelist.Of, id),
		func(ctx context.Context, q db.Querier) (err error) {
			visits, err = v.loadRegistration(ctx, q, id)
			return err
		},
		db.Into(&v.recalls, recall.Of, id),
		func(ctx context.Context, q db.Querier) (err error) {
			if q.Actor().May(authz.ReadCases) {
				v.escalations, err = escalation.Of(ctx, q, id)
			}
			return err
		},
		db.Into(&v.explained, condition.Explanations, id),
		db.Into(&v.breaches, breach.Of, id),
		db.Into(&v.ratings, review.History, id),
		db.Into(&v.triggers, registration.MandatoryOf, id),
		db.Into(&v.referrals, referral.Of, id),
		db.Into(&v.spells, custody.Of, id),
		func(ctx context.Context, q db.Querier) (err error) {
			v.contacts, err = contact.Recent(ctx, q, id, 20)
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			v.attendance, err = contact.Attendance(ctx, q, id, since)
			return err
		},
		db.Into(&v.needs, need.CurrentOf, id),
		db.Into(&v.tests, drugtest.Of, id),
		db.Into(&v.intelligence, intelligence.Of, id),
		db.Into(&v.equality, nominal.EqualityOf, id),
	)
	if err == nil && v.Registered {
		v.visits = history.VisitsKept(v.held(), visits, since, q.Today(), rag.Settings{AmberVisitDays: v.amberDays})
	}
	return v, err
}

// loadRegistration reads the last registration, with its checklists and what its
// area has set, and gives the days of the home visits in it. One before the time
// that is measured counts towards its first days.
func (v *overview) loadRegistration(ctx context.Context, q db.Querier, id ref.NominalID) (visits []clock.Date, err error) {
	all, err := registration.Of(ctx, q, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	v.last, v.ever = all[0], true
	err = db.Together(ctx, q,
		db.Into(&v.lists, registration.Checklists, v.last.ID),
		func(ctx context.Context, q db.Querier) (err error) {
			v.amberDays, err = area.Number(ctx, q, v.last.Area, area.AmberVisitDays)
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			visits, err = contact.Visits(ctx, q, id, v.last.BeganOn)
			return err
		},
	)
	return visits, err
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
		if k.HeldOn.DaysSince(v.Today) >= -7 && k.Missed() {
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
