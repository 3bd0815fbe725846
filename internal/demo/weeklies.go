package demo

import (
	"context"
	"fmt"
	"time"

	"iom/internal/casework/contact"
	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// hub is the leaf whose practitioners meet every week, on Fridays, for the last weeks
// of the history.
const hub, weeksBack = 2, 9

var weeklyNotes = []string{
	"Police and probation keep in touch by telephone on the days without a visit.",
	"Evening visit agreed, since nobody is in during the day.",
	"Key worker to see him at the office straight after supervision.",
	"Local policing team briefed; sightings to be passed on the same day.",
}

// weeklies plans the practitioners' meetings of the hub (R53), and two escalations to
// the delivery groups, one of them answered (R60).
func (s *show) weeklies() {
	friday := s.today.AddDays(-7 * weeksBack)
	for friday.Weekday() != time.Friday {
		friday = friday.AddDays(1)
	}
	for ; friday.Before(s.endOfWeeklies()); friday = friday.AddDays(7) {
		if friday.IsWorkingDay() && friday.After(s.today.AddMonths(-s.months).AddDays(60)) {
			s.planWeekly(friday, friday.AddDays(14).After(s.today) && !friday.AddDays(7).After(s.today))
		}
	}
	raised := s.today.AddDays(-40)
	if raised.Before(s.today.AddMonths(-s.months).AddDays(60)) {
		return
	}
	s.plan(raised, 15, 0, "an escalation", func(ctx context.Context) error {
		chair := s.as(s.user("chair", 0))
		id, err := escalation.Raise(ctx, s.d, chair, escalation.New{Area: s.areas[leaves[0].name], Kind: escalation.Resource,
			Issue: "No emergency accommodation for single men in the county: three people were released to no address this quarter.",
			Tried: "Both housing representatives have asked their authorities; the night shelter is full until further notice.", AnswerBy: raised.AddDays(28)})
		if err != nil {
			return err
		}
		s.plan(raised.AddDays(21), 11, 0, "the answer to an escalation", func(ctx context.Context) error {
			return escalation.Tell(ctx, s.d, s.as(s.user("chair", 0)), id, 0, escalation.Report{Kind: escalation.Answer, AnsweredBy: "The chair of the delivery group",
				AnsweredOn: raised.AddDays(20), Text: "Two rooms are kept for people on the scheme from next month. The co-ordinator books them through housing options."})
		})
		return nil
	})
}

// endOfWeeklies is the day before which the hub's meetings are planned one by one: its
// series goes on from there (series).
func (s *show) endOfWeeklies() clock.Date { return s.today.AddDays(15) }

func (s *show) planWeekly(held clock.Date, escalates bool) {
	var id ref.MeetingID
	planned := held.AddDays(-10)
	if !planned.Before(s.today) {
		planned = s.today.AddDays(-1)
	}
	s.plan(planned, 9, 40, "planning a practitioners' meeting", func(ctx context.Context) (err error) {
		coordinator := s.as(s.user("coordinator", hub))
		id, err = meeting.Plan(ctx, s.d, coordinator, meeting.New{Area: s.areas[leaves[hub].name], Kind: meeting.Practitioners, HeldOn: held, Starts: "09:30",
			Place: rhythm[hub].place, Chair: s.accounts[s.user("chair", hub)], NextOn: held.AddDays(7)})
		if err != nil {
			return err
		}
		var invited []ref.AccountID
		for _, word := range attendees[:2] {
			invited = append(invited, s.accounts[s.user(word, hub)])
		}
		return meeting.Invite(ctx, s.d, s.as(s.user("coordinator", hub)), id, invited)
	})
	s.plan(held, 9, 30, "a practitioners' meeting", func(ctx context.Context) error { return s.holdWeekly(ctx, id, escalates) })
}

// holdWeekly runs a practitioners' meeting: a word about each case, the visits of the
// week for those rated RED, and once an escalation.
func (s *show) holdWeekly(ctx context.Context, id ref.MeetingID, escalates bool) error {
	for _, word := range append([]string{"coordinator", "chair"}, attendees[:2]...) {
		if err := s.sign(ctx, id, s.user(word, hub)); err != nil {
			return fmt.Errorf("%s signs: %w", word, err)
		}
	}
	coordinator := s.user("coordinator", hub)
	if _, err := meeting.Open(ctx, s.d, s.as(coordinator), id); err != nil {
		return fmt.Errorf("opening: %w", err)
	}
	items, err := ask(ctx, s, coordinator, func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
		_, items, err := meeting.Items(ctx, q, id)
		return items, err
	})
	if err != nil {
		return err
	}
	for i, item := range items {
		if err := meeting.Discuss(ctx, s.d, s.as(coordinator), id, item.Nominal, pick(s.r, weeklyNotes)); err != nil {
			return err
		}
		if item.Rating == rag.Red && i%3 != 2 {
			if _, err := meeting.PlanContact(ctx, s.d, s.as(s.user("police", hub)), id, contact.NewPlan{Nominal: item.Nominal, Day: s.day().AddDays(1 + i%5), At: "18:00",
				Kind: contact.HomeVisit, Purpose: "Weekly visit, address and company", Agency: s.agencies["Sussex Police"], JointAgency: s.agencies["Probation Service"]}); err != nil {
				return fmt.Errorf("planning a visit: %w", err)
			}
		}
		if escalates && item.Rating == rag.Red {
			escalates = false
			if _, err := meeting.Escalate(ctx, s.d, s.as(coordinator), id, escalation.New{Nominal: item.Nominal, Kind: escalation.Service,
				Issue: "No place in detoxification before the end of the licence; the waiting list is fourteen weeks.",
				Tried: "The treatment service has asked for a transfer to two other providers.", AnswerBy: s.day().AddDays(21)}); err != nil {
				return fmt.Errorf("escalating: %w", err)
			}
		}
		s.clock.Advance(2 * time.Minute)
	}
	if err := meeting.Close(ctx, s.d, s.as(s.user("chair", hub)), id, ""); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	s.plan(s.day().AddDays(3), 15, 0, "minutes", func(ctx context.Context) error { return s.approve(ctx, s.user("chair", hub), id) })
	return nil
}
