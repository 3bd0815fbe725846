package livelist_test

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/action"
	"iom/internal/casework/contact"
	"iom/internal/casework/link"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/testdb"
)

func (l *life) rows() []livelist.Row {
	p := ask(l, func(ctx context.Context, q *db.ReadTx) (livelist.Page, error) {
		live, err := livelist.List(ctx, q, livelist.Filter{Sort: livelist.ByName}, 0, 0)
		if err != nil {
			return live, err
		}
		held, err := livelist.List(ctx, q, livelist.Filter{Sort: livelist.ByName, Custody: true}, 0, 0)
		live.Rows = append(live.Rows, held.Rows...)
		return live, err
	})
	slices.SortFunc(p.Rows, func(a, b livelist.Row) int { return int(a.Registration - b.Registration) })
	return p.Rows
}

func (l *life) empty() {
	conn, err := pgx.Connect(l.t.Context(), l.TestDB.URL(testdb.Superuser))
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(l.t.Context())) }()
	if _, err := conn.Exec(l.t.Context(), `DELETE FROM live_list`); err != nil {
		l.t.Fatal(err)
	}
}

// compare asks the rooms themselves.
func (l *life) compare(r livelist.Row) {
	l.t.Helper()
	type rooms struct {
		card    nominal.Card
		current registration.Current
		ok      bool
		actions []action.Action
		mappa   link.MAPPA
		status  sentence.Status
		visits  []clock.Date
		review  clock.Date
		lists   registration.Lists
	}
	x := ask(l, func(ctx context.Context, q *db.ReadTx) (x rooms, err error) {
		if x.card, err = nominal.CardOf(ctx, q, r.Nominal); err != nil {
			return x, err
		}
		if x.current, x.ok, err = registration.CurrentOf(ctx, q, r.Nominal); err != nil {
			return x, err
		}
		if x.actions, err = action.OpenOf(ctx, q, r.Nominal); err != nil {
			return x, err
		}
		if x.mappa, _, err = link.MAPPAOf(ctx, q, r.Nominal); err != nil {
			return x, err
		}
		if x.status, _, err = sentence.StatusOf(ctx, q, r.Nominal); err != nil {
			return x, err
		}
		if x.visits, err = contact.Visits(ctx, q, r.Nominal, clock.NewDate(2000, 1, 1)); err != nil {
			return x, err
		}
		if x.lists, err = registration.Checklists(ctx, q, r.Registration); err != nil {
			return x, err
		}
		x.review, err = review.ReviewedOn(ctx, q, r.Registration)
		return x, err
	})
	spell, inside := custodyOf(l, r.Nominal)
	var groups []ref.GroupID
	for _, g := range x.card.Groups {
		groups = append(groups, g.ID)
	}
	var visit clock.Date
	if len(x.visits) > 0 {
		visit = x.visits[len(x.visits)-1]
	}
	var prison string
	var release clock.Date
	if inside {
		prison, release = spell.PrisonName, spell.Expected
	}
	for what, same := range map[string]bool{
		"registration": x.ok && x.current.ID == r.Registration && x.current.Rating == r.Rating && x.current.RatedOn == r.RatedOn && x.current.Ratified == r.Ratified,
		"lead":         r.LeadAccount != nil && *r.LeadAccount == x.current.LeadAccount && r.LeadName == x.current.LeadName && r.AgencyName == x.current.LeadAgencyName,
		"name":         r.Family == x.card.Identity.FamilyName && r.Given == x.card.Identity.GivenNames && r.Born == x.card.Identity.Born,
		"warnings":     len(r.Warnings) == len(x.card.Warnings),
		"groups":       slices.Equal(r.Groups, groups),
		"actions":      r.Open == len(x.actions) && (r.Open == 0) == r.NextAction.IsZero() && (r.Open == 0 || r.NextAction == x.actions[0].DueOn),
		"MAPPA":        r.MAPPA == x.mappa.Level,
		"status":       r.Status == string(x.status.Standing) && r.StatusEnds == x.status.Ends,
		"custody":      r.Prison == prison && r.ReleaseOn == release,
		"visit":        r.LastVisit == visit,
		"review":       r.ReviewedOn == x.review && r.ReviewDue == review.DueOn(r.Rating, x.review),
		"proposal":     r.Proposed == x.current.Proposed,
		"checklist":    r.LinesMissing == len(registration.MissingAdoption(x.lists)),
	} {
		if !same {
			l.t.Errorf("%s: the row says\n%+v\nthe rooms say\n%+v", what, r, x)
		}
	}
}
