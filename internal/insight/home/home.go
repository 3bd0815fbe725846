// Package home answers what needs somebody's attention today: the work that their
// roles ask of them, the most urgent first.
package home

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Kind is one kind of thing that wants doing. They are in the order of the page.
type Kind int

// The kinds.
const (
	Wanted      Kind = iota // alerts for my agencies (R40)
	Recalls                 // papers and PPCS within 24 hours, and the return (R138, R139)
	Hearings                // of breaches, within 14 days, and those whose outcome is not recorded (R144)
	Meetings                // coming, to sign, to write, to close
	Updates                 // written updates that I owe, by meeting (R71)
	Minutes                 // to approve
	Returned                // minutes that the chair sent back
	Circulate               // plans and actions of a meeting that was held (R64)
	Escalations             // not closed by a meeting, for those who run them (R60)
	MyActions               // overdue, and due within a week
	Overdue                 // everybody's, for those who run meetings (R78)
	Unassigned              // my agency has named nobody (R75)
	Discharges              // proposed, for those who discharge
	Visits                  // late, and due within three days
	Reviews                 // late, and due before the next meeting
	Ratify                  // rated between meetings
	Releases                // within 12 weeks (R116-R118)
	Reregister              // left the scheme, five years or more, released within 12 months (R80)
	Licences                // licence or order ends within 28 days
	Thirds                  // of a licence or an order begin within 28 days
	Drafts                  // referrals to finish
	Undecided               // referrals that wait for a meeting
	Checklists              // adoption lines missing (R32)
	Markers                 // left after deregistration (R36)
	GuestCases              // invited for
)

// How many days ahead something is named.
const (
	actionsSoon = 7
	visitsSoon  = 3
	releaseSoon = 84
	licenceSoon = 28
	meetingSoon = 14
	hearingSoon = 14
)

// Shown is how many things of one kind the page names; the others are counted. Of
// markers all are named: no list holds them.
const Shown = 5

// Answered is the note of an escalation that waits for the next meeting with its
// answer. Its day is that of the answer, so that it is never late.
const Answered = "answered"

// CountMost bounds the counts.
const CountMost = 100

// Item is one thing that wants doing.
type Item struct {
	ID      int64 // of the action, the referral or the meeting; 0: the nominal itself
	Nominal ref.NominalID
	Name    string // of the nominal, family name first; of the area for a meeting, or for an escalation about nobody
	What    string
	Day     clock.Date
	Note    string
}

// Block is what there is of one kind.
type Block struct {
	Kind  Kind
	Items []Item // at most Shown
	Count int    // at most CountMost and one
	Late  int    // how many of them should have been done before today
}

// Home is the start page of somebody.
type Home struct {
	Blocks []Block // only those with something in them
	Today  clock.Date
}

// Nominals are the people whom the page names.
func (h Home) Nominals() []ref.NominalID {
	ids := []ref.NominalID{}
	for _, b := range h.Blocks {
		for _, i := range b.Items {
			if i.Nominal != 0 && !slices.Contains(ids, i.Nominal) {
				ids = append(ids, i.Nominal)
			}
		}
	}
	return ids
}

// Load answers for the actor.
func Load(ctx context.Context, q db.Querier) (Home, error) {
	h := Home{Today: q.Today()}
	err := db.Together(ctx, q, h.wanted, h.updates, h.asked, h.reregister)
	slices.SortStableFunc(h.Blocks, func(a, b Block) int { return int(a.Kind - b.Kind) })
	h.latestFirst()
	return h, err
}

// wanted are the alerts for the actor's agencies (R40).
func (h *Home) wanted(ctx context.Context, q db.Querier) error {
	alerts, err := review.WantedAlerts(ctx, q)
	var items []Item
	for _, w := range alerts {
		items = append(items, Item{Nominal: w.Nominal, Name: w.Name, What: w.Message, Day: clock.DateOf(w.RaisedAt), Note: w.RaisedBy})
	}
	h.add(Wanted, items)
	return err
}

// updates are the meetings that the actor does not attend and owes written updates
// for; only whoever leads a case owes any (R71).
func (h *Home) updates(ctx context.Context, q db.Querier) error {
	if len(q.Actor().AreasReading(authz.Casework)) == 0 {
		return nil
	}
	due, err := meeting.MyUpdatesDue(ctx, q)
	if err != nil {
		return err
	}
	var items []Item
	for _, u := range due {
		items = append(items, Item{ID: int64(u.Meeting.ID), Name: u.Meeting.AreaName, What: strconv.Itoa(u.Missing), Day: u.By, Note: u.Meeting.HeldOn.Long()})
	}
	h.add(Updates, items)
	return nil
}

// reregister are people who left the scheme, for whom a meeting has to consider whether
// to register them again (R80). Whoever runs meetings brings them there.
func (h *Home) reregister(ctx context.Context, q db.Querier) error {
	runs := q.Actor().AreasFor(authz.RunMeetings)
	if len(runs) == 0 {
		return nil
	}
	areas := make([]ref.AreaID, len(runs))
	for i, a := range runs {
		areas[i] = ref.AreaID(a)
	}
	all, err := meeting.ToReregister(ctx, q, areas, 0)
	var items []Item
	for _, r := range all {
		if !r.Waits(h.Today) {
			continue
		}
		i := Item{Nominal: r.Nominal, Name: r.Name, Day: r.Release.Day}
		if r.Release.IsComputed() {
			i.What = "computed, not notified"
		}
		items = append(items, i)
	}
	h.add(Reregister, items)
	return err
}

// asked are all that one statement each finds.
func (h *Home) asked(ctx context.Context, q db.Querier) error {
	all := questions(q.Actor(), q.Now())
	batch := &pgx.Batch{}
	for _, a := range all {
		batch.Queue(a.sql, a.args...)
	}
	results := q.SendBatch(ctx, batch)
	return errors.Join(h.read(results, all), results.Close())
}

func (h *Home) read(from pgx.BatchResults, asked []question) error {
	for _, a := range asked {
		rows, err := from.Query()
		if err != nil {
			return err
		}
		items, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Item])
		if err != nil {
			return err
		}
		if a.kind == Circulate {
			for i, item := range items {
				items[i].Day, items[i].Note = meeting.CirculateBy(item.Day, item.Note), ""
			}
		}
		h.add(a.kind, items)
	}
	return nil
}

func (h *Home) add(kind Kind, items []Item) {
	if len(items) == 0 {
		return
	}
	b := Block{Kind: kind, Items: items, Count: len(items)}
	for _, i := range items {
		if dated[kind] && i.Day.Before(h.Today) && i.Note != Answered {
			b.Late++
		}
	}
	if most := shown(kind); len(items) > most {
		b.Items = items[:most]
	}
	h.Blocks = append(h.Blocks, b)
}

// dated are the kinds whose day is the one by which the thing should be done.
var dated = map[Kind]bool{Recalls: true, Hearings: true, Meetings: true, Updates: true, MyActions: true, Overdue: true, Unassigned: true, Visits: true, Reviews: true, Circulate: true,
	Escalations: true}

func shown(kind Kind) int {
	if kind == Markers {
		return CountMost
	}
	return Shown
}

// latestFirst puts before the others what cannot wait: who is wanted, a meeting of
// today, and every kind of which something is late.
func (h *Home) latestFirst() {
	slices.SortStableFunc(h.Blocks, func(a, b Block) int {
		switch x, y := a.presses(h.Today), b.presses(h.Today); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
}

func (b Block) presses(today clock.Date) bool {
	return b.Late > 0 || b.Kind == Wanted || b.Kind == Recalls || b.Kind == Meetings && !b.Items[0].Day.After(today)
}

// question is one kind with the statement that finds it.
type question struct {
	kind Kind
	sql  string
	args []any
}

// questions are those that the actor's roles make theirs. Who runs meetings asks
// for the whole area; others for the cases that they lead.
func questions(actor authz.Actor, now time.Time) []question {
	var all []question
	ask := func(kind Kind, sql string, args ...any) {
		all = append(all, question{kind, sql + atMost, args})
	}
	today := clock.DateOf(now)
	me, agencies := actor.Account, full(actor.Agencies())
	areas := full(actor.AreasReading(authz.Casework))
	runs := full(actor.AreasFor(authz.RunMeetings))
	if actor.May(authz.AttendMeetings) {
		ask(Meetings, meetings, me, runs, today, today.AddDays(meetingSoon))
	}
	if actor.May(authz.ApproveMinutes) {
		ask(Minutes, minutes, me)
	}
	if len(runs) > 0 {
		ask(Returned, returned, runs, me)
		ask(Circulate, circulate, runs)
		ask(Escalations, escalations, runs, today)
	}
	if len(areas) == 0 {
		if actor.May(authz.ReadOwnCases) {
			ask(GuestCases, guestCases, me, now)
		}
		return all
	}
	if records := actor.AreasFor(authz.RecordCustody); len(records) > 0 {
		ask(Recalls, recalls, records, now)
	}
	ask(Hearings, hearings, me, runs, today.AddDays(hearingSoon))
	ask(MyActions, myActions, me, today.AddDays(actionsSoon))
	if len(runs) > 0 {
		ask(Overdue, overdue, runs, today)
	}
	if actor.May(authz.SetOwnAction) {
		ask(Unassigned, unassigned, agencies, areas)
	}
	if ends := actor.AreasFor(authz.EndActions); len(ends) > 0 {
		ask(Discharges, discharges, ends)
	}
	ask(Visits, visits, me, runs, today.AddDays(visitsSoon))
	ask(Reviews, reviews, me, runs, today)
	if decides := actor.AreasFor(authz.Decide); len(decides) > 0 {
		ask(Ratify, ratify, decides)
	}
	ask(Releases, releases, me, runs, today, today.AddDays(releaseSoon))
	ask(Licences, licences, me, runs, today, today.AddDays(licenceSoon))
	ask(Thirds, thirds, me, runs, today, today.AddDays(licenceSoon))
	if refers := actor.AreasFor(authz.Refer); len(refers) > 0 {
		ask(Drafts, drafts, refers, me, agencies, runs)
	}
	if len(runs) > 0 {
		ask(Undecided, undecided, runs)
	}
	if checks := actor.AreasFor(authz.RecordChecklist); len(checks) > 0 {
		ask(Checklists, checklists, checks, me, runs)
		ask(Markers, markers, checks, me, runs)
	}
	return all
}

func full(all []int64) []int64 {
	if all == nil {
		return []int64{}
	}
	return all
}
