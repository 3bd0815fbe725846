package demo

import (
	"context"

	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// afterRelease plans what some break: a curfew of the licence, which ends in a warning, and an
// appointment of the supervision after it, for which the court fines them. Supervision was
// repealed on 11 May 2026, so there are no such breaches after that.
func (s *show) afterRelease(p *person, of ref.SentenceID, licenceEnds clock.Date) {
	if p.serial%5 == 1 {
		s.plan(s.day().AddDays(17), 9, 40, "a breach of licence", func(ctx context.Context) error {
			if !p.registered || p.spell != 0 || s.day().After(licenceEnds) {
				return nil
			}
			return s.breach(ctx, p, breach.New{Sentence: of, Of: law.OfLicence, Type: law.BrokeCurfew, BreachedOn: s.day().AddDays(-1),
				What: "Out of the address from 22:10 to 23:45; the monitoring company told us in the morning."}, breach.NewStep{Step: breach.Warned, Note: "Seen at the office. Final warning given, curfew explained again."})
		})
	}
	if on := licenceEnds.AddDays(16); p.serial%6 < 2 && law.SupervisionBreach.InForce(on) {
		s.plan(on, 15, 20, "a breach of supervision", func(ctx context.Context) error {
			if p.registered && p.spell == 0 {
				return s.supervisionBreach(ctx, p, of)
			}
			return nil
		})
	}
}

// supervisionBreach is an appointment that was missed while supervision runs. Who has none is let off.
func (s *show) supervisionBreach(ctx context.Context, p *person, of ref.SentenceID) error {
	grounds, err := s.grounds(ctx, p)
	if err != nil || !grounds[breach.Ground{Of: law.OfSupervision, Sentence: of}] {
		return err
	}
	missed, err := s.missed(ctx, p)
	if err != nil {
		return err
	}
	id, err := breach.Record(ctx, s.d, s.as(s.user("probation", p.leaf)), breach.New{Nominal: p.nominal, Sentence: of, Of: law.OfSupervision, Type: law.BrokeAppointment,
		BreachedOn: s.day(), What: "Third appointment missed without a reason given.", Contact: missed, Source: "Probation case record"})
	if err != nil {
		return err
	}
	hearing := s.day().AddDays(35).WorkingDayBefore()
	s.plan(s.day().AddDays(5), 11, 30, "information laid", func(ctx context.Context) error {
		return s.follow(ctx, p, id, breach.NewStep{Step: breach.Laid, ListedOn: hearing})
	})
	s.plan(hearing, 16, 40, "a hearing", func(ctx context.Context) error {
		heard := law.SupervisionCase{HeardOn: s.day(), Finding: law.Breached, Sanction: law.FineSanction, Fine: 80 + p.serial%5*20}
		if p.serial%4 == 0 {
			heard = law.SupervisionCase{HeardOn: s.day(), Finding: law.Reasonable} // a letter from the hospital
		}
		return breach.Hear(ctx, s.d, s.as(s.user("probation", p.leaf)), p.nominal, id, breach.NewHearing{Source: "Court result", Case: heard})
	})
	return nil
}

// ordered gives somebody of East Sussex a community order whose breach is before the court
// in the days to come, which the start page shows.
func (s *show) ordered() {
	s.plan(s.today.AddDays(-12), 15, 30, "a breach of an order", func(ctx context.Context) error {
		var p *person
		for _, c := range s.cases {
			if c.registered && c.spell == 0 && c.told == nil && c.leaf == 0 && (p == nil || c.serial < p.serial) {
				p = c
			}
		}
		if p == nil {
			return nil
		}
		of, err := sentence.Record(ctx, s.d, s.as(s.user("probation", p.leaf)), sentence.New{Nominal: p.nominal, ImposedOn: s.day().AddMonths(-5), Court: "Hastings Magistrates’ Court",
			Offence: p.profile.offences, Type: sentence.Type(sentence.CommunityOrder), OrderEnds: s.day().AddMonths(7), Source: "Court result"})
		if err != nil {
			return err
		}
		missed, err := s.missed(ctx, p)
		if err != nil {
			return err
		}
		listed := s.today.AddDays(8).WorkingDayBefore()
		return s.breach(ctx, p, breach.New{Sentence: of, Of: law.OfCommunity, Type: law.BrokeAppointment, BreachedOn: s.day(), Contact: missed,
			What: "Missed the second appointment within a month; the reason given was not accepted."}, breach.NewStep{Step: breach.Proceedings, ListedOn: listed})
	})
}

// breach records a breach today and, six days later at most, what became of it.
func (s *show) breach(ctx context.Context, p *person, n breach.New, then breach.NewStep) error {
	n.Nominal, n.Source = p.nominal, "Probation case record"
	id, err := breach.Record(ctx, s.d, s.as(s.user("probation", p.leaf)), n)
	if err != nil {
		return err
	}
	s.plan(s.day().AddDays(6), 10, 15, "a step of a breach", func(ctx context.Context) error { return s.follow(ctx, p, id, then) })
	return nil
}

func (s *show) follow(ctx context.Context, p *person, id ref.BreachID, n breach.NewStep) error {
	n.On, n.Source = s.day(), "Probation case record"
	return breach.Follow(ctx, s.d, s.as(s.user("probation", p.leaf)), p.nominal, id, n)
}

// missed logs an appointment of today to which somebody did not come.
func (s *show) missed(ctx context.Context, p *person) (ref.ContactID, error) {
	return contact.Log(ctx, s.d, s.as(s.user("probation", p.leaf)), contact.New{Nominal: p.nominal, Kind: contact.Supervision, HeldOn: s.day(), At: "10:30",
		Outcome: contact.DidNotAttend, Agency: s.agencies["Probation Service"], Log: "Did not come and did not ring. Letter sent.", Source: "Own record"})
}

// grounds are those of today, by the dates in force.
func (s *show) grounds(ctx context.Context, p *person) (map[breach.Ground]bool, error) {
	all, err := ask(ctx, s, s.user("probation", p.leaf), func(ctx context.Context, q *db.ReadTx) ([]breach.Ground, error) {
		dates, err := sentence.DatesOf(ctx, q, p.nominal)
		return breach.Grounds(dates, q.Today()), err
	})
	found := map[breach.Ground]bool{}
	for _, g := range all {
		found[g] = true
	}
	return found, err
}
