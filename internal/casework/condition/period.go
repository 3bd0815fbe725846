package condition

import (
	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

// Period is the licence of a sentence, or its supervision, by the dates in force.
type Period struct {
	None    string     // why there is none, in words; empty: there is one
	Begins  clock.Date // zero: not known
	Last    clock.Date // last day; zero: not known
	Stopped clock.Date // day of the repeal that ended it before its last day; zero: none did
}

// Holds says that it has begun and is not over on a day.
func (p Period) Holds(on clock.Date) bool {
	return p.None == "" && !p.Begins.IsZero() && !on.Before(p.Begins) && (p.Last.IsZero() || !on.After(p.Last)) && (p.Stopped.IsZero() || on.Before(p.Stopped))
}

// Ends is the day on which it ends or ended, as it is shown.
func (p Period) Ends() clock.Date {
	if !p.Stopped.IsZero() {
		return p.Stopped
	}
	return p.Last
}

// LicenceOf is the licence of a sentence. Where the law of the day makes none and none was
// notified, there is none; where nothing can be computed, there may be one.
func LicenceOf(d sentence.Dates, id ref.SentenceID) Period {
	g, ok := d.GroupOf(id)
	if !ok {
		return Period{None: "Only a custodial sentence has a licence"}
	}
	p := Period{Begins: d.In(g, custody.ConditionalRelease).Day, Last: d.In(g, custody.LicenceEnd).Day}
	if p.Last.IsZero() && g.Computed() && dated(g) {
		p.None = "This sentence has no licence. " + g.Licence.Why
	}
	return p
}

// dated says that the day of each offence is known: without it the law makes the fewest days.
func dated(g sentence.Group) bool {
	for _, s := range g.Sentences {
		if s.OffenceOn.IsZero() {
			return false
		}
	}
	return true
}

// SupervisionOf is the post-sentence supervision after a sentence. From 11 May 2026 there is
// none: what was running stopped on that day, and what had not begun never did (R124, R125).
func SupervisionOf(d sentence.Dates, id ref.SentenceID) Period {
	s, ok := d.Supervised(id)
	switch {
	case !ok && s.Why != "":
		return Period{None: "There is no post-sentence supervision after this sentence. " + s.Why}
	case !ok:
		return Period{None: "There is no post-sentence supervision after this sentence"}
	}
	return supervised(s.Begins, s.Meant)
}

// supervised is supervision from a day to the last day by the law before the repeal.
func supervised(begins, last clock.Date) Period {
	p := Period{Begins: begins, Last: last}
	repeal := law.SupervisionRepealed.From
	switch {
	case !begins.Before(repeal):
		p.None = "The repeal of " + repeal.Long() + " came before supervision began"
	case !last.Before(repeal):
		p.Stopped = repeal
	}
	return p
}
