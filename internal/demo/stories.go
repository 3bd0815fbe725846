package demo

import (
	"context"

	"iom/internal/casework/action"
	"iom/internal/casework/contact"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// The two cases that the East Sussex newsletter published, entered as it tells
// them. What it does not tell (names but for Jennie's, dates, offences by count)
// is invented here.

// chapter is what a meeting says of a told case from some months after adoption on.
type chapter struct {
	months int // after the referral
	rating rag.Rating
	reason string
}

// story is a case whose course is known.
type story struct {
	referredOn clock.Date
	chapters   []chapter
}

// now is the chapter of a day.
func (t *story) now(on clock.Date) chapter {
	latest := t.chapters[0]
	for _, c := range t.chapters {
		if !t.referredOn.AddMonths(c.months).After(on) {
			latest = c
		}
	}
	return latest
}

var jennie = profile{
	offences: "Theft from shops; burglary non-dwelling", group: "SAC",
	evidence: "Long history of acquisitive offending to pay for drugs. Arrested for theft most weeks.",
	history:  "Acquisitive offences over many years, all linked to drug misuse.",
	needs: map[string]string{
		"accommodation":         "Lives on the sofas of family members; no home of her own",
		"drugs and alcohol":     "Dependent; not in treatment",
		"children and families": "Her children were taken into care",
		"domestic abuse":        "Not yet spoken of; ask with care",
	},
}

var caller = profile{
	offences: "Domestic violence: assault; criminal damage", group: "DV", domestic: true,
	evidence: "33 calls to the police over six months about him, from his partner and from neighbours.",
	history:  "Known for domestic violence. Past work by single agencies ended with no change.",
	needs: map[string]string{
		"domestic abuse":                    "Risk to the victim rises with each call",
		"drugs and alcohol":                 "Drinks when under stress",
		"attitudes, thinking and behaviour": "Sees the calls as the problem",
	},
}

// tell plans the two cases, both in East Sussex.
func (s *show) tell() {
	s.ordered()
	s.recalledYesterday()
	s.tellJennie(s.today.AddMonths(-min(14, s.months-2)))
	s.tellCaller(s.today.AddMonths(-min(9, s.months-2)))
}

func (s *show) tellJennie(on clock.Date) {
	p := &person{family: "Larkrise", given: "Jennie", female: true, born: clock.NewDate(on.Year-34, 5, 17), profile: &jennie, serial: 990001, promise: 70,
		statutory: true, lead: s.user("probation", 0), told: &story{on, []chapter{
			{0, rag.Red, "Offends to pay for drugs, no home, does not yet trust professionals."},
			{5, rag.Amber, "Sees police and probation together each week and has begun with STAR. Offending is down."},
			{10, rag.Green, "In temporary accommodation, engages with all agencies; prolific offending greatly reduced."},
		}}}
	s.plan(on, 10, 0, "Jennie's referral", func(ctx context.Context) error { return s.refer(ctx, p) })
	s.note(p, on.AddMonths(1).AddDays(9), contact.HomeVisit, "First joint visit, by two women. Wary; agreed to be seen again next week at the probation office.")
	s.note(p, on.AddMonths(2).AddDays(3), contact.Supervision, "Introduced to Fulfilling Lives, who offer intensive support to people whom services find hard to reach.")
	s.note(p, on.AddMonths(4), contact.Supervision, "Spoke for the first time of years of domestic abuse. Safety plan made; police told with her agreement.")
	s.note(p, on.AddMonths(7), contact.PoliceContact, "The man she named was prosecuted and sentenced to a long term in prison. Told her in person, with her probation officer.")
	s.note(p, on.AddMonths(9), contact.HomeVisit, "Seen in her temporary accommodation. Settled, proud of it; asks about seeing her children.")
}

func (s *show) tellCaller(on clock.Date) {
	p := &person{family: "Stormont", given: "Neil", born: clock.NewDate(on.Year-41, 2, 3), profile: &caller, serial: 990002, promise: 60, lead: s.user("police2", 0),
		told: &story{on, []chapter{
			{0, rag.Red, "33 calls in six months; the risk to the victim is high."},
			{3, rag.Amber, "No call since the work began; sessions on relationships kept."},
			{7, rag.Green, "Six months without a single call to the police."},
		}}}
	s.plan(on, 11, 0, "a referral", func(ctx context.Context) error {
		if err := s.refer(ctx, p); err != nil {
			return err
		}
		return s.calls(ctx, p, 33)
	})
	s.note(p, on.AddMonths(1).AddDays(12), contact.HomeVisit, "Seen alone. Agreed to sessions with the domestic abuse worker and to no contact after drinking.")
	s.note(p, on.AddMonths(5), contact.HomeVisit, "Seen at home; calm. The victim, seen apart, says it has been quiet.")
}

// calls enters the calls to the police of the six months before a referral.
func (s *show) calls(ctx context.Context, p *person, n int) error {
	for i := range n {
		if _, err := contact.Log(ctx, s.d, s.as(s.user("police", p.leaf)), contact.New{Nominal: p.nominal, Kind: contact.CallToPolice,
			HeldOn: s.day().AddDays(-2 - i*178/n), Outcome: contact.NoAppointment, Agency: s.agencies["Sussex Police"],
			Log: "Call to the address about a domestic incident.", Source: "Command and control log"}); err != nil {
			return err
		}
	}
	return nil
}

// note logs a contact on a day, if it is past and the case still runs.
func (s *show) note(p *person, on clock.Date, kind contact.Kind, text string) {
	s.plan(on, 16, 0, "a told contact", func(ctx context.Context) error {
		if !p.registered {
			return nil
		}
		_, err := contact.Log(ctx, s.d, s.as(s.user("probation", p.leaf)), contact.New{Nominal: p.nominal, Kind: kind, HeldOn: s.day(), At: "14:00",
			Outcome: contact.OutcomesOf(kind)[0], Agency: s.agencies["Probation Service"], JointAgency: s.jointly(kind), Log: text, Source: "Own record"})
		return err
	})
}

// jointly is the second agency of a home visit (R188).
func (s *show) jointly(kind contact.Kind) ref.AgencyID {
	if kind == contact.HomeVisit {
		return s.agencies["Sussex Police"]
	}
	return 0
}

// open sets the first actions of a told case at the meeting that adopts it.
func (s *show) openTold(ctx context.Context, p *person, id ref.MeetingID, next clock.Date) error {
	first := []action.New{
		{Text: "Refer to STAR and report whether the first appointment was kept", Pathway: "drugs and alcohol", Agency: s.agencies["STAR"], Account: s.accounts[s.user("partner", 0)]},
		{Text: "Visit at home each week, police and probation together", Pathway: "attitudes, thinking and behaviour", Agency: s.agencies["Sussex Police"], Account: s.accounts[s.user("police", 0)]},
	}
	if p.female {
		first = append(first, action.New{Text: "Refer to Fulfilling Lives; all workers to be women", Pathway: "other", Agency: s.agencies["Probation Service"], Account: s.accounts[s.user("probation", 0)]})
	}
	for _, a := range first {
		a.Nominal, a.Meeting, a.DueOn = p.nominal, id, next.AddDays(-5)
		if err := meeting.SetAction(ctx, s.d, s.as(s.user("coordinator", p.leaf)), id, p.nominal, a); err != nil {
			return err
		}
	}
	return nil
}
