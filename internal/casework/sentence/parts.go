package sentence

import (
	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/platform/clock"
)

// PartOf is what a part of a sentence is spent in.
type PartOf string

// The parts, in their order, and the last third of the licence, which lies over it.
const (
	InPrison     PartOf = "custody"
	OnLicence    PartOf = "licence"
	NoLicence    PartOf = "no licence"
	Supervising  PartOf = "post-sentence supervision"
	InFinalThird PartOf = "final third of the licence"
)

// Part is a stretch of a sentence, its first and last day counted.
type Part struct {
	Of       PartOf
	From, To clock.Date
	Notified bool // a day of it was notified; otherwise all are computed
}

// Parts divides a group of sentences by the dates in force (R126): custody to the day
// before release, licence to its end, then supervision. They follow on without a gap. None
// where the release or the end of the sentence is not known.
func (d Dates) Parts(g Group) []Part {
	release, ends := d.In(g, custody.ConditionalRelease), d.In(g, custody.SentenceEnd)
	if release.Day.IsZero() || ends.Day.IsZero() || release.Day.Before(g.Began()) || ends.Day.Before(release.Day) {
		return nil
	}
	var all []Part
	add := func(of PartOf, from, to clock.Date, notified bool) {
		if !to.Before(from) {
			all = append(all, Part{of, from, to, notified})
		}
	}
	add(InPrison, g.Began(), release.Day.AddDays(-1), release.Notified)
	licence := d.In(g, custody.LicenceEnd)
	last := ends
	if licence.Day.IsZero() {
		add(NoLicence, release.Day, ends.Day, release.Notified || ends.Notified)
	} else {
		last = licence
		add(OnLicence, release.Day, licence.Day, release.Notified || licence.Notified)
	}
	if to := d.In(g, custody.SupervisionEnd); !to.Day.IsZero() {
		add(Supervising, last.Day.AddDays(1), to.Day, last.Notified || to.Notified)
	}
	if !licence.Day.IsZero() && licence.Day.After(release.Day) {
		add(InFinalThird, law.FinalThird(release.Day, licence.Day), licence.Day, release.Notified || licence.Notified)
	}
	return all
}
