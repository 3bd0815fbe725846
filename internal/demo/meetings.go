package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// rhythm is when each leaf meets: the nth of a weekday in every month, at an hour.
var rhythm = []struct {
	nth     int
	weekday time.Weekday
	hour    int
	place   string
}{
	{1, time.Tuesday, 10, "Hastings Police Station, conference room"},
	{2, time.Wednesday, 14, "Hove Town Hall, room 3"},
	{2, time.Tuesday, 10, "Crawley Police Station, briefing room"},
	{3, time.Thursday, 10, "Centenary House, Worthing"},
}

// attendees of each meeting, by the word of the team: core members who come. The chair
// and the co-ordinator are there by themselves.
var attendees = []string{"police", "probation", "partner", "housing"}

// meetsOn is the day of a leaf's meeting in a month, or the next working day.
func meetsOn(leaf, year int, month time.Month) clock.Date {
	d := clock.NewDate(year, month, 1)
	for d.Weekday() != rhythm[leaf].weekday {
		d = d.AddDays(1)
	}
	d = d.AddDays(7 * (rhythm[leaf].nth - 1))
	for !d.IsWorkingDay() {
		d = d.AddDays(1)
	}
	return d
}

// calendar plans every monthly meeting from a day on, and what happens there. The
// first two after today are planned too.
func (s *show) calendar(from clock.Date) {
	for leaf := range leaves {
		for year, month := from.Year, from.Month; ; {
			held, next := meetsOn(leaf, year, month), meetsOn(leaf, year, month+1)
			if held.After(s.today.AddMonths(2)) {
				break
			}
			if held.After(from) {
				s.planMeeting(leaf, held, next)
			}
			if month++; month > 12 {
				year, month = year+1, 1
			}
		}
	}
}

func (s *show) planMeeting(leaf int, held, next clock.Date) {
	var id ref.MeetingID
	planned := held.AddDays(-28)
	if !planned.Before(s.today) {
		planned = s.today.AddDays(-1)
	}
	s.plan(planned, 9, 30, "planning a meeting", func(ctx context.Context) (err error) {
		chair := s.accounts[s.user("chair", leaf)]
		id, err = meeting.Plan(ctx, s.d, s.as(s.user("coordinator", leaf)), meeting.New{
			Area: s.areas[leaves[leaf].name], Kind: meeting.Operational, HeldOn: held, Starts: pad(rhythm[leaf].hour, 2) + ":00",
			Place: rhythm[leaf].place, Chair: chair, NextOn: next})
		if err != nil {
			return err
		}
		return meeting.InviteCore(ctx, s.d, s.as(s.user("coordinator", leaf)), id)
	})
	ready := held.AddDays(-7)
	if !ready.Before(s.today) {
		ready = s.today.AddDays(-2)
	}
	if planned.Before(ready) && s.today.DaysSince(ready) < 183 {
		s.plan(ready, 15, 0, "the agenda", func(ctx context.Context) error { return s.agenda(ctx, leaf, id) })
		s.absence(leaf, &id, held, ready)
	}
	s.plan(held, rhythm[leaf].hour, 0, "a meeting of "+leaves[leaf].name, func(ctx context.Context) error { return s.hold(ctx, leaf, id, next) })
}

// hold runs a meeting: statement signed, roll called, opened, each case decided,
// closed; the chair approves the minutes two days later.
func (s *show) hold(ctx context.Context, leaf int, id ref.MeetingID, next clock.Date) error {
	coordinator := s.as(s.user("coordinator", leaf))
	roll := map[ref.AccountID]string{}
	there := attendees
	if s.longAgo() {
		there = attendees[:1]
	}
	for _, word := range append([]string{"coordinator", "chair"}, there...) {
		user := s.user(word, leaf)
		roll[s.accounts[user]] = "present"
		if slices.Contains(attendees[2:], word) && chance(s.r, 15) {
			roll[s.accounts[user]] = "apologies"
			continue
		}
		if err := s.sign(ctx, id, user); err != nil {
			return fmt.Errorf("%s signs: %w", user, err)
		}
	}
	if _, err := meeting.Open(ctx, s.d, coordinator, id); err != nil {
		return fmt.Errorf("opening: %w", err)
	}
	if err := meeting.CallRoll(ctx, s.d, coordinator, id, roll); err != nil {
		return fmt.Errorf("roll-call: %w", err)
	}
	items, err := ask(ctx, s, s.user("coordinator", leaf), func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
		_, items, err := meeting.Items(ctx, q, id)
		return items, err
	})
	if err != nil {
		return err
	}
	for _, item := range items {
		p := s.cases[item.Nominal]
		if p == nil || item.LeftOff != nil {
			continue
		}
		if err := s.discuss(ctx, p, id, item, next); err != nil {
			return fmt.Errorf("%s %s: %w", p.given, p.family, err)
		}
		s.clock.Advance(3 * time.Minute)
	}
	if !s.longAgo() {
		if err := s.enBloc(ctx, leaf, id); err != nil {
			return fmt.Errorf("frequencies: %w", err)
		}
	}
	if err := meeting.Close(ctx, s.d, s.as(s.user("chair", leaf)), id, "Time ran out; the rest comes back next month"); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	s.plan(s.day().AddDays(1), 11, 0, "circulating", func(ctx context.Context) error { return s.circulate(ctx, leaf, id, meeting.Plans) })
	s.plan(s.day().AddDays(2), 16, 0, "minutes", func(ctx context.Context) error {
		if err := s.approve(ctx, s.user("chair", leaf), id); err != nil {
			return err
		}
		if s.longAgo() {
			return nil
		}
		return s.circulate(ctx, leaf, id, meeting.MinutesPapers)
	})
	return nil
}

// agenda makes the agenda ready: one RED is left for the next meeting and why, whoever
// presents last comes first, the chair agrees and the co-ordinator sends it.
func (s *show) agenda(ctx context.Context, leaf int, id ref.MeetingID) error {
	coordinator := s.as(s.user("coordinator", leaf))
	items, err := ask(ctx, s, s.user("coordinator", leaf), func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
		_, items, err := meeting.Items(ctx, q, id)
		return items, err
	})
	if err != nil {
		return err
	}
	if n := len(items); n > 3 {
		red := slices.IndexFunc(items, func(i meeting.Item) bool { return i.Has(meeting.RuleRed) && !i.Has(meeting.RuleRatify) })
		if red >= 0 {
			if err := meeting.LeaveOff(ctx, s.d, coordinator, id, items[red].Nominal, "Discussed in full by the practitioners this week; the lead worker is on leave."); err != nil {
				return err
			}
		}
		if err := meeting.SetOrder(ctx, s.d, coordinator, id, 0, map[ref.NominalID]int{items[n-1].Nominal: 1}); err != nil {
			return err
		}
	}
	if err := meeting.AgreeAgenda(ctx, s.d, s.as(s.user("chair", leaf)), id); err != nil {
		return err
	}
	_, err = meeting.SendAgenda(ctx, s.d, coordinator, id)
	return err
}

// enBloc agrees the frequencies of supervision as proposed.
func (s *show) enBloc(ctx context.Context, leaf int, id ref.MeetingID) error {
	lines, err := ask(ctx, s, s.user("coordinator", leaf), func(ctx context.Context, q *db.ReadTx) ([]meeting.Frequency, error) {
		_, lines, err := meeting.FrequenciesOf(ctx, q, id)
		return lines, err
	})
	if err != nil {
		return err
	}
	var all []meeting.Agreed
	for _, f := range lines {
		if f.Here == "" {
			all = append(all, meeting.Agreed{Nominal: f.Nominal, Frequency: f.Proposed})
		}
	}
	if len(all) == 0 {
		return nil
	}
	_, err = meeting.AgreeFrequencies(ctx, s.d, s.as(s.user("coordinator", leaf)), id, all)
	return err
}

// circulate sends what a meeting has come to. Of long ago only the co-ordinator has a
// copy: the mail of five years would be nobody's to read.
func (s *show) circulate(ctx context.Context, leaf int, id ref.MeetingID, kind string) error {
	coordinator := s.user("coordinator", leaf)
	to := []ref.AccountID{s.accounts[coordinator]}
	if !s.longAgo() {
		for _, word := range append([]string{"chair"}, attendees...) {
			to = append(to, s.accounts[s.user(word, leaf)])
		}
	}
	_, err := meeting.Circulate(ctx, s.d, s.as(coordinator), id, kind, "To carry out what the meeting agreed", to)
	return err
}

// approve reads the minutes and approves what was read.
func (s *show) approve(ctx context.Context, chair string, id ref.MeetingID) error {
	digest, err := ask(ctx, s, chair, func(ctx context.Context, q *db.ReadTx) (string, error) {
		minutes, err := meeting.MinutesOf(ctx, q, id)
		if err != nil {
			return "", err
		}
		return meeting.Digest(minutes)
	})
	if err != nil {
		return err
	}
	return meeting.Approve(ctx, s.d, s.as(chair), id, digest)
}

// sign signs the statement that is in force, as the person's own name.
func (s *show) sign(ctx context.Context, id ref.MeetingID, user string) error {
	statement, err := ask(ctx, s, user, func(ctx context.Context, q *db.ReadTx) (meeting.Statement, error) {
		m, err := meeting.Get(ctx, q, id)
		if err != nil {
			return meeting.Statement{}, err
		}
		return meeting.StatementFor(ctx, q, m.Area)
	})
	if err != nil {
		return err
	}
	return meeting.Sign(ctx, s.d, s.as(user), id, statement.ID, s.names[s.accounts[user]])
}

// ask asks a question as somebody of the scheme.
func ask[R any](ctx context.Context, s *show, user string, fn func(ctx context.Context, q *db.ReadTx) (R, error)) (R, error) {
	var none R
	standing, err := s.d.StandingOf(ctx, int64(s.accounts[user]))
	if err != nil {
		return none, err
	}
	return db.View(ctx, s.d, standing.Actor, "demo", func(ctx context.Context, q *db.ReadTx) (R, audit.Seen, error) {
		answer, err := fn(ctx, q)
		return answer, audit.Nobody(), err
	})
}
