package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// leavesOf are the areas whose cases a meeting of the node discusses.
func leavesOf(ctx context.Context, q db.Querier, node ref.AreaID) ([]ref.AreaID, error) {
	tree, err := area.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	var ids []ref.AreaID
	for _, a := range area.Leaves(tree, node) {
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// gather reads what the rules of the agenda ask about everybody in the meeting's
// area whom the actor may see, in a handful of queries however many they are.
func gather(ctx context.Context, q db.Querier, m Meeting) ([]CaseFacts, error) {
	if m.Kind == Practitioners {
		return gatherIssues(ctx, q, m)
	}
	areas, err := leavesOf(ctx, q, m.Area)
	if err != nil {
		return nil, err
	}
	g := &gathering{facts: map[ref.NominalID]*CaseFacts{}}
	for _, step := range []func(context.Context, db.Querier, Meeting, []ref.AreaID) error{
		g.registered, g.informed, g.dates, g.unratified, g.proposed, g.triggers, g.deregistered, g.referred, g.actions, g.escalated, g.added, g.guests, g.names,
	} {
		if err := step(ctx, q, m, areas); err != nil {
			return nil, err
		}
	}
	cases := make([]CaseFacts, 0, len(g.facts))
	for _, f := range g.facts {
		cases = append(cases, *f)
	}
	slices.SortFunc(cases, func(a, b CaseFacts) int { return int(a.Nominal - b.Nominal) })
	return cases, nil
}

type gathering struct {
	facts map[ref.NominalID]*CaseFacts
}

func (g *gathering) of(id ref.NominalID) *CaseFacts {
	if g.facts[id] == nil {
		g.facts[id] = &CaseFacts{Nominal: id}
	}
	return g.facts[id]
}

// dates are the release and the end of licence or order that are in force, of those
// on the scheme: as the live list and the person's page show them.
func (g *gathering) dates(ctx context.Context, q db.Querier, _ Meeting, _ []ref.AreaID) error {
	var ids []ref.NominalID
	for id, f := range g.facts {
		if f.Registration != 0 {
			ids = append(ids, id)
		}
	}
	all, err := recall.DatesOfAll(ctx, q, ids)
	for id, d := range all {
		f := g.of(id)
		f.ReleaseOn, f.ReleaseByLaw = d.Release.Day, d.Release.IsComputed()
		if d.HasStatus && d.Status.Standing.Statutory() && !d.InCustody {
			f.Standing, f.EndsOn, f.EndsByLaw, f.FinalThird = d.Status.Standing.Word(), d.Status.Ends, d.Status.EndsInForce.IsComputed(), d.Status.FinalThird
		}
	}
	return err
}

func (g *gathering) registered(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	rows, err := q.Query(ctx, `
		SELECT x.nominal_id, x.id, r.rating, r.rated_on, v.reviewed_on, x.began_on, coalesce(t.from_area, ''), l.agency_id, y.name, c.name
		FROM registration x
		CROSS JOIN LATERAL (SELECT rating, rated_on FROM rag_rating y WHERE y.registration_id = x.id ORDER BY y.id DESC LIMIT 1) r
		CROSS JOIN LATERAL (SELECT max(rated_on) AS reviewed_on FROM rag_rating y WHERE y.registration_id = x.id AND y.meeting_id IS NOT NULL) v
		CROSS JOIN LATERAL (SELECT agency_id, account_id FROM lead_worker y WHERE y.registration_id = x.id ORDER BY y.id DESC LIMIT 1) l
		JOIN agency y ON y.id = l.agency_id
		JOIN account c ON c.id = l.account_id
		LEFT JOIN registration_transfer_in t ON t.registration_id = x.id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL`, areas)
	if err != nil {
		return err
	}
	var (
		id                     ref.NominalID
		reg                    ref.RegistrationID
		rating                 rag.Rating
		rated, reviewed, began clock.Date
		from                   string
		leads                  Presenter
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &reg, &rating, &rated, &reviewed, &began, &from, &leads.Agency, &leads.Name, &leads.Officer}, func() error {
		f := g.of(id)
		f.Registration, f.Rating, f.RatedOn, f.ReviewedOn = reg, rating, rated, reviewed
		f.TransferFrom, f.AdoptedOn, f.Presents = from, began, leads
		return nil
	})
	return err
}

func (g *gathering) unratified(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	all, err := review.Unratified(ctx, q, areas)
	for _, r := range all {
		f := g.of(r.Nominal)
		f.Unratified = append(f.Unratified, Unratified{r.Rating, r.RatedOn})
	}
	return err
}

func (g *gathering) proposed(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	all, err := registration.Proposed(ctx, q, areas)
	for _, p := range all {
		f := g.of(p.Nominal)
		if f.ProposedOn.IsZero() {
			f.ProposedOn = clock.DateOf(p.ProposedAt)
		}
	}
	return err
}

// triggers are the mandatory grounds of deregistration that no meeting has
// answered (R79, R81).
func (g *gathering) triggers(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	all, err := registration.MandatoryIn(ctx, q, areas)
	for _, t := range all {
		text := "Mandatory deregistration: " + t.Text
		if t.Note != "" {
			text += ". " + t.Note
		}
		f := g.of(t.Nominal)
		f.Triggers = append(f.Triggers, Reason{t.Rule, text, t.Since})
	}
	return err
}

// deregistered are people who left the scheme, serve five years or more and have
// a release date (R80).
func (g *gathering) deregistered(ctx context.Context, q db.Querier, m Meeting, areas []ref.AreaID) error {
	all, err := ToReregister(ctx, q, areas, m.ID)
	for _, r := range all {
		f := g.of(r.Nominal)
		f.LongSentence, f.ReleaseOn, f.ReleaseByLaw, f.BroughtFor = true, r.Release.Day, r.Release.IsComputed(), r.brought
	}
	return err
}

func (g *gathering) referred(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	all, err := referral.Undecided(ctx, q, areas)
	if err != nil {
		return err
	}
	ids := make([]ref.ReferralID, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	contacts, err := referral.Contacts(ctx, q, ids)
	for _, r := range all {
		f := g.of(r.Nominal)
		f.Referral, f.SubmittedOn, f.Deferred, f.ReferredBy, f.Contact = r.ID, clock.DateOf(r.SubmittedAt), r.TimesDeferred, r.AgencyName, contacts[r.ID]
		f.Presents = Presenter{Agency: r.Agency, Name: r.AgencyName, Officer: contacts[r.ID]}
	}
	return err
}

func (g *gathering) actions(ctx context.Context, q db.Querier, _ Meeting, areas []ref.AreaID) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, count(*), min(due_on) FROM action WHERE area_id = ANY ($1) AND discharged_at IS NULL GROUP BY 1`, areas)
	if err != nil {
		return err
	}
	var (
		id    ref.NominalID
		count int
		due   clock.Date
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &count, &due}, func() error {
		f := g.of(id)
		f.OpenActions, f.OldestDue = count, due
		return nil
	})
	return err
}

func (g *gathering) added(ctx context.Context, q db.Querier, m Meeting, _ []ref.AreaID) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, reason, recorded_at FROM agenda_addition WHERE meeting_id = $1`, m.ID)
	if err != nil {
		return err
	}
	var (
		id     ref.NominalID
		reason string
		at     time.Time
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &reason, &at}, func() error {
		f := g.of(id)
		f.Added, f.AddedOn = reason, clock.DateOf(at)
		return nil
	})
	return err
}

// guests present the cases that they are invited for, where they are on the agenda.
func (g *gathering) guests(ctx context.Context, q db.Querier, m Meeting, _ []ref.AreaID) error {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (x.nominal_id) x.nominal_id, t.agency_id, y.name, c.name FROM meeting_guest_case x
		JOIN meeting_attendee t ON t.meeting_id = x.meeting_id AND t.account_id = x.account_id
		JOIN agency y ON y.id = t.agency_id JOIN account c ON c.id = t.account_id
		WHERE x.meeting_id = $1 ORDER BY x.nominal_id, x.recorded_at`, m.ID)
	if err != nil {
		return err
	}
	var (
		id    ref.NominalID
		guest Presenter
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &guest.Agency, &guest.Name, &guest.Officer}, func() error {
		if f := g.facts[id]; f != nil {
			f.Presents = guest
		}
		return nil
	})
	return err
}

func (g *gathering) names(ctx context.Context, q db.Querier, _ Meeting, _ []ref.AreaID) error {
	ids := make([]ref.NominalID, 0, len(g.facts))
	for id := range g.facts {
		ids = append(ids, id)
	}
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return err
	}
	for id, f := range g.facts {
		f.Name = names[id].Sorted()
	}
	return nil
}
