package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/law"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

// afterAdoption plans what follows: the lines of the checklist, the status, and
// the months of work.
func (s *show) afterAdoption(p *person) {
	coordinator := s.user("coordinator", p.leaf)
	for i, line := range []string{registration.Notified, registration.NicheMarkers, registration.PNCMarker, registration.SocialServices} {
		if chance(s.r, 8) {
			continue // forgotten: the person's page says so
		}
		n := registration.NewLine{List: registration.AdoptionList, Line: line}
		s.plan(s.day().AddDays(1+i), 11, i, "adoption checklist", func(ctx context.Context) error {
			return s.line(ctx, p, coordinator, n)
		})
	}
	if p.statutory {
		s.plan(s.day().AddDays(1), 9, 30, "status", func(ctx context.Context) error {
			return s.status(ctx, p, pick(s.r, []sentence.Standing{sentence.Licence, sentence.OnCommunity, sentence.OnSuspended}),
				s.day().AddDays(-between(s.r, 10, 60)), s.day().AddDays(between(s.r, 250, 700)), "Probation case record")
		})
	}
	s.plan(s.day().AddDays(between(s.r, 3, 9)), 15, s.r.IntN(60), "work", func(ctx context.Context) error { return s.weeks(ctx, p, s.day()) })
}

// status records the statutory status, and that the person goes on by consent when
// it ends, unless something else has been recorded by then.
func (s *show) status(ctx context.Context, p *person, standing sentence.Standing, from, ends clock.Date, source string) error {
	p.statuses++
	mine := p.statuses
	s.plan(ends.AddDays(1), 9, 15, "end of the status", func(ctx context.Context) error {
		if !p.registered || p.statuses != mine || chance(s.r, 10) {
			return nil
		}
		_, err := sentence.RecordStatus(ctx, s.d, s.as(s.user("probation", p.leaf)), sentence.NewStatus{Nominal: p.nominal,
			Standing: sentence.Voluntary, From: s.day(), Source: "Agreed with the person"})
		return err
	})
	_, err := sentence.RecordStatus(ctx, s.d, s.as(s.user("probation", p.leaf)), sentence.NewStatus{Nominal: p.nominal, Standing: standing,
		From: from, Ends: ends, Source: source})
	return err
}

func (s *show) line(ctx context.Context, p *person, user string, n registration.NewLine) error {
	if p.closed {
		return nil
	}
	current, err := s.current(ctx, p, user)
	if err != nil {
		return err
	}
	n.DoneOn, n.ByWhom = s.day(), s.names[s.accounts[s.user("police", p.leaf)]]
	if n.Line == registration.SocialServices {
		n.DoneOn, n.ByWhom, n.NotApplicable = clock.Date{}, "", true
	}
	p.closed, err = registration.RecordLine(ctx, s.d, s.as(user), p.nominal, current, n)
	return err
}

// weeks logs what happened since the last time, and then now and then something
// that changes the case. Long ago a month is written up at once, lately each week.
func (s *show) weeks(ctx context.Context, p *person, since clock.Date) error {
	if !p.registered {
		return nil
	}
	if err := s.contacts(ctx, p, since); err != nil {
		return fmt.Errorf("contacts of %s %s: %w", p.given, p.family, err)
	}
	if p.told == nil && p.spell == 0 {
		if err := s.turn(ctx, p); err != nil {
			return fmt.Errorf("a turn for %s %s: %w", p.given, p.family, err)
		}
	}
	from, step := s.day(), between(s.r, 26, 34)
	if s.today.DaysSince(from) < 100 {
		step = between(s.r, 5, 9)
	}
	s.plan(from.AddDays(step), 15, s.r.IntN(60), "work", func(ctx context.Context) error { return s.weeks(ctx, p, from) })
	return nil
}

// contacts logs visits and appointments since a day, each by who held it.
func (s *show) contacts(ctx context.Context, p *person, since clock.Date) error {
	every := map[rag.Rating]int{rag.RedAlert: 10, rag.Red: 6, rag.Amber: 12, rag.Green: 24, rag.Prison: 30}[p.rating]
	span := max(1, s.day().DaysSince(since))
	most := 3
	if s.longAgo() {
		most = 1
	}
	for n := range min(most, max(1, span/every)) {
		on := s.day().AddDays(-s.r.IntN(min(span, 28)))
		kind, user, agency := contact.HomeVisit, s.user("police", p.leaf), "Sussex Police"
		joint := ref.AgencyID(0)
		switch {
		case p.spell != 0:
			kind = contact.PrisonVisit
		case n == 0 && chance(s.r, 70):
			joint = s.agencies["Probation Service"]
		case chance(s.r, 50):
			kind, user, agency = contact.Supervision, s.user("probation", p.leaf), "Probation Service"
		default:
			kind, user, agency = contact.KeyWork, s.user("partner", p.leaf), "STAR"
		}
		outcome := contact.OutcomesOf(kind)[0]
		if chance(s.r, 18) && len(contact.OutcomesOf(kind)) > 1 {
			outcome = contact.OutcomesOf(kind)[1]
		}
		log := "Seen in the visits hall; spoke of work and of release."
		if texts := contactLogs[string(kind)]; len(texts) > 0 {
			log = pick(s.r, texts)
		}
		if outcome != contact.OutcomesOf(kind)[0] {
			log = pick(s.r, missedLogs)
		}
		if _, err := contact.Log(ctx, s.d, s.as(user), contact.New{Nominal: p.nominal, Kind: kind, HeldOn: on, At: pad(between(s.r, 9, 17), 2) + ":30",
			Outcome: outcome, Agency: s.agencies[agency], JointAgency: joint, Log: log, Source: "Own record"}); err != nil {
			return err
		}
	}
	if chance(s.r, 20) && p.spell == 0 && p.told == nil {
		result := drugtest.Negative
		if !chance(s.r, p.promise) {
			result = drugtest.Positive
		}
		if _, err := drugtest.Record(ctx, s.d, s.as(s.user("partner", p.leaf)), drugtest.New{Nominal: p.nominal, TestedOn: s.day(), Result: result,
			Substances: "Opiates, cocaine", Agency: s.agencies["STAR"], Source: "Key-work session"}); err != nil {
			return err
		}
	}
	return nil
}

// turn is something that changes the case between meetings.
func (s *show) turn(ctx context.Context, p *person) error {
	if chance(s.r, 12) && p.rating == rag.Red {
		if _, err := intelligence.Record(ctx, s.d, s.as(s.user("police", p.leaf)), intelligence.New{Nominal: p.nominal, Dated: s.day(),
			Increases: true, Text: pick(s.r, intelligenceTexts), Source: "Neighbourhood officer"}); err != nil {
			return err
		}
	}
	risk := map[rag.Rating]int{rag.Red: 6, rag.Amber: 3, rag.Green: 1}[p.rating]
	if s.today.DaysSince(s.day()) < 100 {
		risk /= 2 // weekly now, where it was monthly
	}
	switch {
	case chance(s.r, risk):
		return s.imprison(ctx, p)
	case p.rating == rag.Red && chance(s.r, 2):
		return s.wanted(ctx, p)
	}
	return nil
}

// prisons by sex: where people from Sussex mostly go.
var prisons = map[bool][]string{true: {"BZI", "DWI"}, false: {"LWI", "LWI", "HOI", "FDI"}}

// imprison takes somebody into custody with a sentence and a release date.
func (s *show) imprison(ctx context.Context, p *person) error {
	police, probation := s.as(s.user("police", p.leaf)), s.as(s.user("probation", p.leaf))
	months := pick(s.r, []int{4, 6, 8, 12, 16, 24})
	day := s.day()
	offence := day.AddDays(-between(s.r, 20, 70))
	kind, remand := sentence.Determinate, months*2 // some of them waited for the court in prison
	if months == 16 {
		kind = sentence.Type(law.OtherCustod) // its dates are the prison's alone
	}
	release, licenceEnds := officialDates(law.Input{Kind: law.Standard, Sentenced: day, Offence: offence, Term: law.Term{Months: months}, Remand: remand}, day)
	if months == 8 {
		release, licenceEnds = release.AddDays(9), licenceEnds.AddDays(9) // the prison counts nine days of remand less: the page shows the difference
	}
	imposed, err := sentence.Record(ctx, s.d, probation, sentence.New{Nominal: p.nominal, ImposedOn: day, Court: "Lewes Crown Court", Offence: p.profile.offences,
		OffenceOn: offence, Type: kind, Term: sentence.Term{Months: months}, Remand: remand, Source: "Court result"})
	if err != nil {
		return err
	}
	spell, err := custody.Receive(ctx, s.d, police, custody.New{Nominal: p.nominal, ReceivedOn: day, Prison: pick(s.r, prisons[p.female]), Why: custody.OnSentence,
		Expected: release, NotifiedBy: "Prison offender management unit", Source: "Prison"})
	if err != nil {
		return err
	}
	if _, err := custody.Notify(ctx, s.d, probation, custody.NewNotice{Nominal: p.nominal, NotifiedBy: "Prison offender management unit", NotifiedOn: day, Source: "Prison",
		Dates: []custody.Dated{{Kind: custody.LicenceEnd, Day: licenceEnds}, {Kind: custody.SentenceEnd, Day: licenceEnds}}}); err != nil {
		return err
	}
	p.spell, p.sentence, p.release, p.licenceEnds = spell, imposed, release, licenceEnds
	if err := s.between(ctx, p, s.user("probation", p.leaf), review.Between{Rating: rag.Prison, Reason: "Sentenced today."}); err != nil {
		return err
	}
	s.plan(later(release.AddDays(-7), day.AddDays(1)), 9, 40, "licence conditions", func(ctx context.Context) error { return s.bind(ctx, p, imposed, release) })
	s.plan(release, 10, 0, "release", func(ctx context.Context) error { return s.free(ctx, p) })
	return nil
}

// officialDates are the days that the prison gives for a sentence: those of the law of
// the day on which it works them out.
func officialDates(in law.Input, on clock.Date) (release, licenceEnds clock.Date) {
	if c, ok := law.Dates(in, on).(law.Computed); ok {
		return later(c.Practical.On, on.AddDays(1)), c.Expiry.On
	}
	return on.AddMonths(in.Term.Months / 2), on.AddMonths(in.Term.Months)
}

func later(a, b clock.Date) clock.Date {
	if b.After(a) {
		return b
	}
	return a
}

// free records the release, the licence and the rating that goes with it.
func (s *show) free(ctx context.Context, p *person) error {
	if p.spell == 0 || !p.registered {
		return nil
	}
	if err := custody.Release(ctx, s.d, s.as(s.user("police", p.leaf)), p.nominal, p.spell, custody.Notified{Day: s.day(), NotifiedBy: "Prison", Source: "Prison"}); err != nil {
		return err
	}
	p.spell = 0
	s.afterRelease(p, p.sentence, p.licenceEnds)
	s.recallLater(p, p.sentence, p.licenceEnds)
	if err := s.status(ctx, p, sentence.Licence, s.day(), later(p.licenceEnds, s.day().AddDays(30)), "Licence"); err != nil {
		return err
	}
	if chance(s.r, 15) {
		if _, err := sentence.RecordTag(ctx, s.d, s.as(s.user("probation", p.leaf)), sentence.NewTag{Nominal: p.nominal, Kind: sentence.Tags[1],
			Starts: s.day(), Ends: s.day().AddDays(90), Source: "Licence"}); err != nil {
			return err
		}
	}
	p.statutory = true
	return s.between(ctx, p, s.user("probation", p.leaf), review.Between{Rating: rag.Red, Reason: "Released today: the first weeks carry the risk.",
		Supervision: "Weekly"})
}

// wanted raises RED ALERT, tells the agencies that the officer chooses, and has
// the person arrested within days.
func (s *show) wanted(ctx context.Context, p *person) error {
	police := s.user("police", p.leaf)
	if err := s.between(ctx, p, police, review.Between{Rating: rag.RedAlert, Reason: pick(s.r, reviewReasons[rag.RedAlert]),
		Alert:   []ref.AgencyID{s.agencies["Probation Service"], s.agencies["STAR"], s.agencies["Housing Options"]},
		Message: "Wanted for arrest. Do not approach; ring 101 and quote the URN."}); err != nil {
		return err
	}
	s.plan(s.day().AddDays(between(s.r, 2, 12)), 21, 15, "arrest", func(ctx context.Context) error {
		if p.rating != rag.RedAlert || !p.registered {
			return nil
		}
		return s.between(ctx, p, police, review.Between{Rating: rag.Red, Reason: "Arrested and bailed with conditions."})
	})
	return nil
}

// between rates somebody between meetings.
func (s *show) between(ctx context.Context, p *person, user string, b review.Between) error {
	b.Nominal, b.Characteristics = p.nominal, b.Rating.Characteristics()[:1]
	latest, err := s.latestRating(ctx, p, user)
	if err != nil {
		return err
	}
	b.Seen = latest
	id, err := review.RateBetween(ctx, s.d, s.as(user), b)
	if err != nil {
		return fmt.Errorf("rating %s between meetings: %w", b.Rating, err)
	}
	p.between, p.rating, p.reviews = id, b.Rating, 0
	return nil
}

// proposeLater has the lead agency propose deregistration after some months at GREEN.
func (s *show) proposeLater(p *person) {
	s.plan(s.day().AddDays(between(s.r, 60, 200)), 14, 0, "proposal", func(ctx context.Context) error {
		if !p.registered || p.rating != rag.Green || p.proposed {
			return nil
		}
		_, err := registration.Propose(ctx, s.d, s.as(s.user("probation", p.leaf)), registration.NewProposal{Nominal: p.nominal,
			Reason: "Stable for a quarter; the plan has done its work."})
		p.proposed = err == nil
		return err
	})
}

// removeMarkers does the lines of the removal checklist in the days after; one in
// ten has a marker left, which the home page shows.
func (s *show) removeMarkers(p *person) {
	for i, line := range []string{registration.Notified, registration.NicheMarkers, registration.PNCMarker, registration.SocialServices} {
		if line == registration.PNCMarker && chance(s.r, 10) {
			continue
		}
		n := registration.NewLine{List: registration.RemovalList, Line: line}
		s.plan(s.day().AddDays(2+i), 11, 30, "removal checklist", func(ctx context.Context) error {
			return s.line(ctx, p, s.user("coordinator", p.leaf), n)
		})
	}
}

// sortedKeys makes going through a map the same every time.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
