package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// PlanOf is the plan of one case of a meeting as it stands now, with its actions.
type PlanOf struct {
	Nominal    ref.NominalID
	Name       string
	Born       clock.Date
	Rating     rag.Rating // empty: not on the scheme
	Lead       string
	Objectives []PlanObjective
	Actions    []PlanAction
}

// PlanObjective is an objective of the current registration (R76).
type PlanObjective struct{ Pathway, Text, Measure string }

// PlanAction is an action that is open, or that the meeting discharged (R73, R74).
type PlanAction struct {
	Text, Pathway string
	Owner         string // the agency and, if it has named one, the person (R75)
	DueOn         clock.Date
	Carried       int
	Happened      string // what the meeting did: set, progress, carried over, discharged; empty: nothing
	Note          string
}

// PlanPapers are the updated plans and actions of a meeting as one reader may see them.
type PlanPapers struct {
	Meeting  Meeting
	Standing Standing
	Plans    []PlanOf
}

// PlansOf are the plans and actions of a meeting's cases, in the order of the minutes:
// for whoever has signed for the meeting (R62), a guest those of the named cases (R58).
func PlansOf(ctx context.Context, q db.Querier, id ref.MeetingID) (p PlanPapers, err error) {
	minutes, err := MinutesOf(ctx, q, id)
	if err != nil {
		return p, err
	}
	p.Meeting, p.Standing = minutes.Meeting, minutes.Standing
	at := map[ref.NominalID]*PlanOf{}
	ids := []ref.NominalID{}
	p.Plans = make([]PlanOf, len(minutes.Entries))
	for i, e := range minutes.Entries {
		p.Plans[i] = PlanOf{Nominal: e.Nominal, Name: e.Name, Born: e.Born}
		at[e.Nominal] = &p.Plans[i]
		ids = append(ids, e.Nominal)
	}
	if err := standingsOf(ctx, q, ids, at); err != nil {
		return p, err
	}
	if err := objectivesOf(ctx, q, ids, at); err != nil {
		return p, err
	}
	return p, actionsOf(ctx, q, id, ids, at)
}

func standingsOf(ctx context.Context, q db.Querier, ids []ref.NominalID, at map[ref.NominalID]*PlanOf) error {
	rows, err := q.Query(ctx, `
		SELECT g.nominal_id, coalesce((SELECT x.rating FROM rag_rating x WHERE x.registration_id = g.id ORDER BY x.id DESC LIMIT 1), ''),
			coalesce((SELECT c.name || ', ' || y.name FROM lead_worker w JOIN account c ON c.id = w.account_id JOIN agency y ON y.id = w.agency_id
				WHERE w.registration_id = g.id ORDER BY w.id DESC LIMIT 1), '')
		FROM registration g WHERE g.nominal_id = ANY ($1) AND g.ended_at IS NULL`, ids)
	if err != nil {
		return err
	}
	var (
		n            ref.NominalID
		rating, lead string
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &rating, &lead}, func() error {
		at[n].Rating, at[n].Lead = rag.Rating(rating), lead
		return nil
	})
	return err
}

func objectivesOf(ctx context.Context, q db.Querier, ids []ref.NominalID, at map[ref.NominalID]*PlanOf) error {
	rows, err := q.Query(ctx, `
		SELECT o.nominal_id, o.pathway, o.text, o.measure FROM plan_objective o JOIN registration g ON g.id = o.registration_id AND g.ended_at IS NULL
		WHERE o.nominal_id = ANY ($1) ORDER BY o.nominal_id, o.id`, ids)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		o PlanObjective
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &o.Pathway, &o.Text, &o.Measure}, func() error {
		at[n].Objectives = append(at[n].Objectives, o)
		return nil
	})
	return err
}

func actionsOf(ctx context.Context, q db.Querier, id ref.MeetingID, ids []ref.NominalID, at map[ref.NominalID]*PlanOf) error {
	rows, err := q.Query(ctx, `
		SELECT a.nominal_id, a.text, a.pathway, y.name || coalesce(', ' || c.name, ''), a.due_on, a.carried,
			coalesce(e.kind, ''), CASE WHEN e.text IS NULL OR e.text = a.text THEN '' ELSE e.text END
		FROM action a JOIN agency y ON y.id = a.owner_agency_id LEFT JOIN account c ON c.id = a.owner_account_id
		LEFT JOIN LATERAL (SELECT kind, text FROM action_entry e WHERE e.action_id = a.id AND e.meeting_id = $1 ORDER BY e.id DESC LIMIT 1) e ON true
		WHERE a.nominal_id = ANY ($2) AND (a.discharged_at IS NULL OR e.kind = 'discharged')
		ORDER BY a.nominal_id, a.discharged_at IS NOT NULL, a.due_on, a.id`, id, ids)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		a PlanAction
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &a.Text, &a.Pathway, &a.Owner, &a.DueOn, &a.Carried, &a.Happened, &a.Note}, func() error {
		at[n].Actions = append(at[n].Actions, a)
		return nil
	})
	return err
}
