package meeting

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/action"
	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Papers are the pack of a meeting: a side for each case, in the order of the agenda.
type Papers struct {
	Meeting  Meeting
	Standing Standing
	Since    time.Time  // what changed is counted from here: the end of the meeting before
	SinceOn  clock.Date // its day; zero: there was none
	Cases    []Paper
	EnBloc   []Frequency // to be agreed in one go, for everybody but a guest (R44, R47)
}

// Nominals are the people whom the pack shows, each once.
func (p Papers) Nominals() []ref.NominalID {
	ids := make([]ref.NominalID, len(p.Cases))
	for i, c := range p.Cases {
		ids[i] = c.Nominal
	}
	for _, f := range p.EnBloc {
		if !slices.Contains(ids, f.Nominal) {
			ids = append(ids, f.Nominal)
		}
	}
	return ids
}

// Paper is one case of the pack.
type Paper struct {
	Item
	Born      clock.Date
	Warnings  []string // R16
	Lead      string   // who leads it and for which agency; empty for a referral
	Ratings   []review.Rating
	Changes   []News // the latest first
	More      bool   // more has changed than is shown
	Needs     []need.Entry
	Actions   []action.Action // open
	Updates   []Note          // written updates for this meeting
	Weeklies  []WeeklyRecord  // what the practitioners' meetings since the last monthly one decided (R53)
	MoreRated bool            // the RAG history goes further back
}

// A side holds so much of what can be long; the person's pages have the rest.
const (
	paperChanges = 12
	paperRatings = 8
)

// PapersOf is the pack for somebody who has signed for the meeting (R62); a guest has
// the cases named (R58). It takes the same number of reads however many cases there
// are.
func PapersOf(ctx context.Context, q db.Querier, id ref.MeetingID) (p Papers, err error) {
	if p.Meeting, p.Standing, err = opened(ctx, q, id); err != nil {
		return p, err
	}
	items, err := discussed(ctx, q, p.Meeting, p.Standing)
	if err != nil {
		return p, err
	}
	if err := p.sinceLast(ctx, q); err != nil {
		return p, err
	}
	pack := pack{ids: make([]ref.NominalID, len(items)), at: make(map[ref.NominalID]int, len(items)), cases: make([]Paper, len(items))}
	for i, item := range items {
		pack.ids[i], pack.at[item.Nominal], pack.cases[i] = item.Nominal, i, Paper{Item: item}
	}
	for _, load := range []func(context.Context, db.Querier, *Papers) error{pack.persons, pack.ratings, pack.changes, pack.needs, pack.actions, pack.updates, pack.weeklies} {
		if err := load(ctx, q, &p); err != nil {
			return p, err
		}
	}
	p.Cases = pack.cases
	if !p.Standing.Guest {
		p.EnBloc, err = frequencies(ctx, q, p.Meeting)
	}
	return p, err
}

// sinceLast finds the meeting of the same kind before this one. What was decided at
// another kind between them is among what changed (R53).
func (p *Papers) sinceLast(ctx context.Context, q db.Querier) error {
	err := q.QueryRow(ctx, `
		SELECT coalesce(e.recorded_at, o.recorded_at), m.held_on FROM meeting m
		JOIN meeting_opening o ON o.meeting_id = m.id LEFT JOIN meeting_closing e ON e.meeting_id = m.id
		WHERE m.area_id = $1 AND m.kind = $2 AND m.id <> $3 AND (m.held_on, m.id) < ($4, $3)
		ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, p.Meeting.Area, p.Meeting.Kind, p.Meeting.ID, p.Meeting.HeldOn).Scan(&p.Since, &p.SinceOn)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// pack is the papers while they are put together.
type pack struct {
	ids   []ref.NominalID
	at    map[ref.NominalID]int
	cases []Paper
}

func (k *pack) of(n ref.NominalID) *Paper { return &k.cases[k.at[n]] }

func (k *pack) persons(ctx context.Context, q db.Querier, _ *Papers) error {
	born, err := birthsOf(ctx, q, k.ids)
	if err != nil {
		return err
	}
	items := make([]Item, len(k.cases))
	for i := range k.cases {
		items[i] = k.cases[i].Item
		k.cases[i].Born = born[items[i].Nominal]
	}
	leads, err := allocated(ctx, q, items)
	if err != nil {
		return err
	}
	for _, l := range leads {
		k.of(l.Nominal).Lead = l.OfficerName + ", " + l.AgencyName
	}
	rows, err := q.Query(ctx, `SELECT nominal_id, text FROM nominal_warning w WHERE nominal_id = ANY ($1)
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'nominal_warning' AND c.fact_id = w.id) ORDER BY id`, k.ids)
	if err != nil {
		return err
	}
	var (
		n    ref.NominalID
		text string
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &text}, func() error {
		k.of(n).Warnings = append(k.of(n).Warnings, text)
		return nil
	})
	return err
}

func (k *pack) ratings(ctx context.Context, q db.Querier, _ *Papers) error {
	all, err := review.Histories(ctx, q, k.ids)
	for _, r := range all {
		p := k.of(r.Nominal)
		if p.Registration != r.Registration {
			continue
		}
		if p.MoreRated = len(p.Ratings) == paperRatings; !p.MoreRated {
			p.Ratings = append(p.Ratings, r)
		}
		if len(p.Ratings) == 1 {
			p.Rating = p.Ratings[0].Rating
		}
	}
	return err
}

func (k *pack) changes(ctx context.Context, q db.Querier, p *Papers) error {
	all, err := changesOf(ctx, q, k.ids, p.Since, paperChanges+1)
	for n, news := range all {
		c := k.of(n)
		if c.More = len(news) > paperChanges; c.More {
			news = news[:paperChanges]
		}
		c.Changes = news
	}
	return err
}

func (k *pack) needs(ctx context.Context, q db.Querier, _ *Papers) error {
	all, err := need.CurrentOfAll(ctx, q, k.ids)
	for _, e := range all {
		k.of(e.Nominal).Needs = append(k.of(e.Nominal).Needs, e)
	}
	return err
}

func (k *pack) actions(ctx context.Context, q db.Querier, _ *Papers) error {
	all, err := action.OpenOfAll(ctx, q, k.ids)
	for _, a := range all {
		k.of(a.Nominal).Actions = append(k.of(a.Nominal).Actions, a)
	}
	return err
}

// weeklies are on the pack of a Referral and Operational meeting, as on its sheet; a
// guest has none.
func (k *pack) weeklies(ctx context.Context, q db.Querier, p *Papers) error {
	if p.Standing.Guest || p.Meeting.Kind == Practitioners {
		return nil
	}
	all, err := weekliesOf(ctx, q, p.Meeting, k.ids)
	for n, some := range all {
		k.of(n).Weeklies = some
	}
	return err
}

func (k *pack) updates(ctx context.Context, q db.Querier, p *Papers) error {
	all, err := notesOf(ctx, q, p.Meeting.ID, 0)
	for _, n := range all {
		if _, here := k.at[n.Nominal]; here && n.Kind == writtenUpdate {
			k.of(n.Nominal).Updates = append(k.of(n.Nominal).Updates, n)
		}
	}
	return err
}
