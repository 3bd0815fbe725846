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

// Kind is one kind of thing that wants doing.
type Kind string

// The kinds, in the order of the page.
const (
	Wanted      Kind = "wanted"       // alerts for my agencies (R40)
	Recalls     Kind = "recalls"      // papers and PPCS within 24 hours, and the return (R138, R139)
	Hearings    Kind = "hearings"     // of breaches, within 14 days, and those whose outcome is not recorded (R144)
	Meetings    Kind = "meetings"     // coming, to sign, to write, to close
	Updates     Kind = "updates"      // written updates that I owe, by meeting (R71)
	Minutes     Kind = "minutes"      // to approve
	Returned    Kind = "returned"     // minutes that the chair sent back
	Circulate   Kind = "circulate"    // plans and actions of a meeting that was held (R64)
	MyActions   Kind = "my actions"   // overdue, and due within a week
	Overdue     Kind = "overdue"      // everybody's, for those who run meetings (R78)
	Unassigned  Kind = "unassigned"   // my agency has named nobody (R75)
	Discharges  Kind = "discharges"   // proposed, for those who discharge
	Visits      Kind = "visits"       // late, and due within three days
	Reviews     Kind = "reviews"      // late, and due before the next meeting
	Ratify      Kind = "ratify"       // rated between meetings
	Releases    Kind = "releases"     // within 12 weeks (R116-R118)
	Licences    Kind = "licences"     // licence or order ends within 28 days
	Thirds      Kind = "final thirds" // of a licence or an order begin within 28 days
	Drafts      Kind = "drafts"       // referrals to finish
	Undecided   Kind = "undecided"    // referrals that wait for a meeting
	Checklists  Kind = "checklists"   // adoption lines missing (R32)
	Markers     Kind = "markers"      // left after deregistration (R36)
	GuestCases  Kind = "guest cases"  // invited for
	actionsSoon      = 7
	visitsSoon       = 3
	releaseSoon      = 84
	licenceSoon      = 28
	meetingSoon      = 14
	hearingSoon      = 14
)

// Shown is how many things of one kind the page names; the others are counted. Of
// markers all are named: no list holds them.
const Shown = 5

// CountMost bounds the counts.
const CountMost = 100

// Item is one thing that wants doing.
type Item struct {
	ID      int64 // of the action, the referral or the meeting; 0: the nominal itself
	Nominal ref.NominalID
	Name    string // of the nominal, family name first; of the area for a meeting
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
	alerts, err := review.WantedAlerts(ctx, q)
	if err != nil {
		return h, err
	}
	var wanted []Item
	for _, w := range alerts {
		wanted = append(wanted, Item{Nominal: w.Nominal, Name: w.Name, What: w.Message, Day: clock.DateOf(w.RaisedAt), Note: w.RaisedBy})
	}
	h.add(Wanted, wanted)
	if err := h.updates(ctx, q); err != nil {
		return h, err
	}
	asked := questions(q.Actor(), q.Now())
	batch := &pgx.Batch{}
	for _, a := range asked {
		batch.Queue(a.sql, a.args...)
	}
	results := q.SendBatch(ctx, batch)
	err = h.read(results, asked)
	h.latestFirst()
	return h, errors.Join(err, results.Close())
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
		if dated[kind] && i.Day.Before(h.Today) {
			b.Late++
		}
	}
	if most := shown(kind); len(items) > most {
		b.Items = items[:most]
	}
	h.Blocks = append(h.Blocks, b)
}

// dated are the kinds whose day is the one by which the thing should be done.
var dated = map[Kind]bool{Recalls: true, Hearings: true, Meetings: true, Updates: true, MyActions: true, Overdue: true, Unassigned: true, Visits: true, Reviews: true, Circulate: true}

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
