package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"iom/internal/casework/contact"
	"iom/internal/casework/escalation"
	"iom/internal/casework/rag"
)

// planned is what stands in the diary of one case of the first leaf between meetings:
// how many days before or after today, who goes, and what for (R42, R44).
var planned = []struct {
	days          int
	kind          contact.Kind
	at, word      string
	joint         bool
	purpose, late string // late: it was called off the day before, for this reason
}{
	{-2, contact.OfficeVisit, "10:30", "probation", false, "Go through the letter from housing", ""},
	{1, contact.HomeVisit, "17:45", "police", true, "Who lives there, and how the week went", ""},
	{2, contact.KeyWork, "11:00", "partner", false, "Script and next appointment", ""},
	{3, contact.HomeVisit, "18:15", "probation", true, "Check the address for the tag", "Given an appointment at the hospital that afternoon"},
}

// diary plans contacts of some cases of the first leaf (R42, R44), of which nobody has
// logged one, and raises an escalation about one of them that the delivery group should
// have answered by now (R60).
func (s *show) diary() {
	const leaf = 0
	before := s.today.AddDays(-4)
	if before.Before(s.today.AddMonths(-s.months).AddDays(60)) {
		return
	}
	s.plan(before, 16, 20, "planning contacts", func(ctx context.Context) error {
		for i, p := range s.close(leaf) {
			for j, c := range planned {
				if (i+j)%2 == 0 {
					if err := s.planContact(ctx, leaf, p, j); err != nil {
						return fmt.Errorf("%s: %w", c.kind, err)
					}
				}
			}
		}
		return nil
	})
	s.plan(s.today.AddDays(-25), 15, 30, "an escalation about a case", func(ctx context.Context) error {
		for _, p := range s.close(leaf)[:min(1, len(s.close(leaf)))] {
			_, err := escalation.Raise(ctx, s.d, s.as(s.user("coordinator", leaf)), escalation.New{Nominal: p.nominal, Kind: escalation.Service,
				Issue: "No assessment by mental health services: the referral was closed twice because he did not open the letters.",
				Tried: "His key worker offered to bring him; the service answers that it writes to patients only.", AnswerBy: s.today.AddDays(-4)})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// close are up to four cases of a leaf that are seen often: RED and AMBER, the first
// recorded first.
func (s *show) close(leaf int) (some []*person) {
	for _, p := range s.cases {
		if p.leaf == leaf && p.registered && p.spell == 0 && (p.rating == rag.Red || p.rating == rag.Amber) {
			some = append(some, p)
		}
	}
	slices.SortFunc(some, func(a, b *person) int { return cmp.Compare(a.nominal, b.nominal) })
	return some[:min(4, len(some))]
}

func (s *show) planContact(ctx context.Context, leaf int, p *person, j int) error {
	c := planned[j]
	of := map[string]string{"police": "Sussex Police", "probation": "Probation Service", "partner": "STAR"}
	n := contact.NewPlan{Nominal: p.nominal, Day: s.today.AddDays(c.days), At: c.at, Kind: c.kind, Purpose: c.purpose, Agency: s.agencies[of[c.word]], Owner: s.accounts[s.user(c.word, leaf)]}
	if c.joint {
		n.JointAgency = s.agencies[of[map[string]string{"police": "probation", "probation": "police"}[c.word]]]
	}
	id, err := contact.Plan(ctx, s.d, s.as(s.user(c.word, leaf)), n)
	if err != nil || c.late == "" {
		return err
	}
	s.plan(s.today.AddDays(-1), 12, 10, "calling a contact off", func(ctx context.Context) error {
		return contact.CallOff(ctx, s.d, s.as(s.user(c.word, leaf)), p.nominal, id, c.late)
	})
	return nil
}
