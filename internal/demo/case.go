package demo

import (
	"context"
	"fmt"

	"iom/internal/casework/action"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// discuss is one case at one meeting: its referral, its rating, its actions.
func (s *show) discuss(ctx context.Context, p *person, id ref.MeetingID, item meeting.Item, next clock.Date) error {
	by := s.as(s.user("coordinator", p.leaf))
	often := 60
	if s.longAgo() {
		often = 20
	}
	if chance(s.r, often) || p.told != nil {
		if err := meeting.Discuss(ctx, s.d, by, id, p.nominal, pick(s.r, discussions)); err != nil {
			return fmt.Errorf("discussion: %w", err)
		}
	}
	if item.Referral != 0 {
		if err := s.decide(ctx, p, id); err != nil {
			return fmt.Errorf("referral: %w", err)
		}
	}
	if !p.registered {
		return nil
	}
	if p.between != 0 {
		if err := meeting.Ratify(ctx, s.d, by, id, p.nominal, p.between, true, ""); err != nil {
			return fmt.Errorf("ratifying: %w", err)
		}
		p.between = 0
	}
	if item.Referral == 0 {
		if err := s.rate(ctx, p, id); err != nil {
			return fmt.Errorf("rating: %w", err)
		}
	}
	if item.Referral != 0 && p.told != nil {
		return s.openTold(ctx, p, id, next)
	}
	if err := s.work(ctx, p, id, next); err != nil {
		return fmt.Errorf("actions: %w", err)
	}
	if p.proposed {
		if err := s.decideRemoval(ctx, p, id); err != nil {
			return fmt.Errorf("deregistration: %w", err)
		}
	}
	return nil
}

// decide adopts most, rejects some, defers a few once.
func (s *show) decide(ctx context.Context, p *person, id ref.MeetingID) error {
	by := s.as(s.user("coordinator", p.leaf))
	roll := s.r.IntN(100)
	switch {
	case p.told != nil:
		return s.adopt(ctx, p, id, rag.Red)
	case roll < 10:
		return meeting.DecideReferral(ctx, s.d, by, id, p.nominal, meeting.ReferralDecision{Outcome: "rejected",
			Reason: "One agency can manage this; nothing would be gained by more."})
	case roll < 17 && !p.deferred:
		p.deferred = true
		return meeting.DecideReferral(ctx, s.d, by, id, p.nominal, meeting.ReferralDecision{Outcome: "deferred",
			Reason: "The risk and vulnerability assessment is to be completed with health first."})
	}
	return s.adopt(ctx, p, id, rag.Red)
}

// outside are the forces from which some were transferred in.
var outside = []string{"Kent", "Surrey", "Hampshire"}

// adopt takes somebody onto the scheme with a first rating.
func (s *show) adopt(ctx context.Context, p *person, id ref.MeetingID, rating rag.Rating) error {
	lead := registration.Lead{Account: s.accounts[p.lead], Agency: s.agencies["Sussex Police"], Capacity: "police officer"}
	if p.statutory {
		lead.Agency, lead.Capacity = s.agencies["Probation Service"], "probation officer"
	}
	if p.born.AgeOn(s.day()) < 18 {
		p.lead = s.user("youth", p.leaf)
		lead = registration.Lead{Account: s.accounts[p.lead], Agency: s.agencies["Youth Offending Service"], Capacity: "youth offending team worker"}
	}
	var from *registration.TransferIn
	if p.told == nil && p.serial%19 == 4 {
		from = &registration.TransferIn{From: outside[p.serial%len(outside)], AgreedOn: s.day().AddDays(-9)}
		p.redUntil = s.day().AddDays(56)
	}
	err := meeting.DecideReferral(ctx, s.d, s.as(s.user("coordinator", p.leaf)), id, p.nominal, meeting.ReferralDecision{
		From: from, Outcome: "adopted", Reason: "Meets the criteria; a shared plan is needed and nobody else holds one.",
		Rating: rating, RatingReason: "High risk of offending; no plan in place yet.",
		Characteristics: rating.Characteristics()[:1], Supervision: "Weekly", Lead: lead})
	if err != nil {
		return err
	}
	p.registered, p.rating, p.reviews = true, rating, 0
	s.afterAdoption(p)
	return nil
}

// rate reviews the rating: it gets better or worse by what the case promises.
func (s *show) rate(ctx context.Context, p *person, id ref.MeetingID) error {
	next, reason := p.rating, ""
	switch {
	case p.told != nil:
		chapter := p.told.now(s.day())
		next, reason = chapter.rating, chapter.reason
	case p.spell != 0:
		next = rag.Prison
	case p.rating == rag.Red && p.reviews >= 1 && chance(s.r, p.promise/2):
		next = rag.Amber
	case p.rating == rag.Amber && chance(s.r, p.promise/2):
		next = rag.Green
	case p.rating == rag.Amber && chance(s.r, 20), p.rating == rag.Prison:
		next = rag.Red
	case p.rating == rag.Green && chance(s.r, 8):
		next = rag.Amber
	}
	if next == rag.Amber && s.day().Before(p.redUntil) {
		next = rag.Red
	}
	if next == p.rating {
		p.reviews++
	} else {
		p.reviews = 0
	}
	p.rating = next
	if next == rag.Green && p.reviews == 0 && p.told == nil {
		s.proposeLater(p)
	}
	if reason == "" {
		reason = pick(s.r, reviewReasons[next])
	}
	return meeting.Rate(ctx, s.d, s.as(s.user("coordinator", p.leaf)), id, p.nominal, next, reason,
		next.Characteristics()[:1], map[rag.Rating]string{rag.Red: "Weekly", rag.Amber: "Fortnightly", rag.Green: "Monthly"}[next])
}

// work goes through the open actions, ends or carries over each, and sets a new one.
func (s *show) work(ctx context.Context, p *person, id ref.MeetingID, next clock.Date) error {
	by := s.as(s.user("coordinator", p.leaf))
	open, err := ask(ctx, s, s.user("coordinator", p.leaf), func(ctx context.Context, q *db.ReadTx) ([]action.Action, error) {
		return action.OpenOf(ctx, q, p.nominal)
	})
	if err != nil {
		return err
	}
	left := 0
	for _, a := range open {
		change := action.Change{Kind: action.KindEnd, Text: "Done, and of use.", Meeting: id}
		if chance(s.r, 40) {
			change = action.Change{Kind: action.KindCarry, Text: pick(s.r, progressNotes), DueOn: next.AddDays(-3), Meeting: id}
			left++
		}
		if err := meeting.ChangeAction(ctx, s.d, by, id, p.nominal, a.ID, a.Version, change); err != nil {
			return err
		}
	}
	often := 65
	if s.longAgo() {
		often = 25
	}
	if left > 1 || !chance(s.r, often) || p.proposed {
		return nil
	}
	return s.setAction(ctx, p, id, next)
}

// doers are the agencies that actions are set for, with the team's word.
var doers = []struct{ kind, agency, word string }{
	{"police", "Sussex Police", "police"},
	{"probation", "Probation Service", "probation"},
	{"substance misuse", "STAR", "partner"},
	{"housing", "Housing Options", "housing"},
}

func (s *show) setAction(ctx context.Context, p *person, id ref.MeetingID, next clock.Date) error {
	doer := pick(s.r, doers)
	what := pick(s.r, actionTexts[doer.kind])
	owner := s.accounts[s.user(doer.word, p.leaf)]
	if chance(s.r, 12) {
		owner = 0 // the agency has still to name somebody
	}
	due := next.AddDays(-between(s.r, 2, 16))
	if !due.After(s.day()) {
		due = s.day().AddDays(7)
	}
	return meeting.SetAction(ctx, s.d, s.as(s.user("coordinator", p.leaf)), id, p.nominal, action.New{Nominal: p.nominal, Text: what.text,
		Pathway: what.pathway, Agency: s.agencies[doer.agency], Account: owner, DueOn: due, Meeting: id})
}

// decideRemoval deregisters most of those proposed and retains some.
func (s *show) decideRemoval(ctx context.Context, p *person, id ref.MeetingID) error {
	by := s.as(s.user("coordinator", p.leaf))
	p.proposed = false
	if chance(s.r, 15) {
		s.proposeLater(p)
		return meeting.Retain(ctx, s.d, by, id, p.nominal, "Too early: one more quarter at GREEN first.")
	}
	current, err := ask(ctx, s, s.user("coordinator", p.leaf), func(ctx context.Context, q *db.ReadTx) (registration.Current, error) {
		c, _, err := registration.CurrentOf(ctx, q, p.nominal)
		return c, err
	})
	if err != nil {
		return err
	}
	err = meeting.Deregister(ctx, s.d, by, id, p.nominal, registration.Removal{Registration: current.ID, Nominal: p.nominal,
		Justification: "No intelligence for a quarter, full attendance, in work or in treatment.",
		Reasons:       "The shared plan has done its work; one agency can go on alone.",
		ExitOfficer:   s.names[s.accounts[s.user("probation", p.leaf)]], ExitAgency: s.agencies["Probation Service"],
		ExitPlan: "Monthly contact for three months, key-work to go on, a way back through the co-ordinator."})
	if err != nil {
		return err
	}
	p.registered = false
	s.removeMarkers(p)
	return nil
}
