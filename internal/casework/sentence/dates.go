package sentence

import (
	"cmp"
	"slices"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// InForce is the day that counts where several are known, and where it comes from.
// A notified one always wins over a computed one.
type InForce struct {
	Day      clock.Date     // zero: none is known
	Notified bool           // by Notice; otherwise computed by Rule
	Notice   custody.Notice // the latest, when Notified
	Computed law.Day        // what the law makes of it, beside a notified one too; its On is zero where there is none
}

// IsComputed says that the day was worked out and not notified.
func (f InForce) IsComputed() bool { return !f.Notified && !f.Day.IsZero() }

// Differs says that the law makes another day of it than the one that was notified.
func (f InForce) Differs() bool {
	return f.Notified && !f.Computed.On.IsZero() && f.Computed.On != f.Notice.Day
}

// DateInForce is the latest notified of some dates; where none was notified, the
// computed one (R121).
func DateInForce(notices []custody.Notice, computed law.Day) InForce {
	f := InForce{Day: computed.On, Computed: computed}
	for _, n := range notices {
		if !f.Notified || n.Later(f.Notice) {
			f.Day, f.Notified, f.Notice = n.Day, true, n
		}
	}
	return f
}

// Group is a sentence with those that are concurrent or consecutive to it, and what
// the law of a day makes of them together.
type Group struct {
	Sentences  []Sentence // the first imposed first
	Each       []law.Computed
	Uncovered  law.NotCovered // Why is empty where the dates are computed
	Wrong      []string       // entries that contradict each other
	Until      clock.Date     // day on which the next group was imposed; zero: none was
	Release    law.Day        // the latest of those of the sentences, as for each of the next
	Practical  law.Day
	Licence    law.Day // its zero On: there is none, and Why
	Expiry     law.Day
	Curfew     law.Day
	Supervised law.Supervision
	Months     law.Day
	Weeks      law.Day
	FinalThird law.Day
	Assumed    []law.Question
}

// Began is the day on which the first of the group was imposed.
func (g Group) Began() clock.Date { return g.Sentences[0].ImposedOn }

// Computed says that the law's dates are there.
func (g Group) Computed() bool { return len(g.Each) > 0 }

// Speaks says that a notice is about this group: it was given after the first was
// imposed, and not after the next group was.
func (g Group) Speaks(n custody.Notice) bool {
	return !n.NotifiedOn.Before(g.Began()) && (g.Until.IsZero() || n.NotifiedOn.Before(g.Until))
}

// Groups puts custodial sentences together that are concurrent or consecutive, the
// latest group first, and computes their dates by the law of a day (R122-R126).
func Groups(all []Sentence, moved []Adjustment, born, on clock.Date) []Group {
	roots := map[ref.SentenceID]ref.SentenceID{}
	byID := map[ref.SentenceID]Sentence{}
	for _, s := range all {
		byID[s.ID] = s
	}
	for _, s := range all {
		root, steps := s, 0
		for root.Related != 0 && steps <= len(all) {
			next, there := byID[root.Related]
			if !there { // closed as entered in error
				break
			}
			root, steps = next, steps+1
		}
		roots[s.ID] = root.ID
	}
	members := map[ref.SentenceID][]Sentence{}
	for _, s := range all {
		if s.Kind == Custody {
			members[roots[s.ID]] = append(members[roots[s.ID]], s)
		}
	}
	var groups []Group
	for _, m := range members {
		slices.SortFunc(m, func(a, b Sentence) int { return cmp.Or(a.ImposedOn.DaysSince(b.ImposedOn), cmp.Compare(a.ID, b.ID)) })
		groups = append(groups, compute(m, moved, born, on))
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(b.Began().DaysSince(a.Began()), cmp.Compare(b.Sentences[0].ID, a.Sentences[0].ID))
	})
	for i := range groups {
		if i > 0 {
			groups[i].Until = groups[i-1].Began()
		}
	}
	return groups
}

// Input is what the law asks of a sentence.
func (s Sentence) Input(moved []Adjustment, born clock.Date) law.Input {
	in := law.Input{Kind: s.Custodial, Sentenced: s.ImposedOn, Offence: s.OffenceOn, Born: born, Consecutive: s.Relation == Consecutive,
		Term: law.Term{Years: s.Years, Months: s.Months, Weeks: s.Weeks, Days: s.Days}, Answers: map[law.QuestionID]law.Answer{}}
	for _, c := range s.Conditions {
		in.Answers[law.QuestionID(c)] = law.Met
	}
	for _, m := range moved {
		if m.Sentence != s.ID {
			continue
		}
		switch m.Moves {
		case OnRemand:
			in.Remand += m.Days
		case OnTaggedBail:
			in.TaggedBail += m.Days
		case AddedDays:
			in.Added += m.Days
		case RestoredDays:
			in.Added -= m.Days
		case AtLarge:
			in.AtLarge += m.Days
		case AtLargeLater:
			in.AtLater += m.Days
		}
	}
	in.Added = max(0, in.Added)
	return in
}

// compute asks the law for each of some sentences served at the same time: somebody
// is released when the last lets go, and the licence lasts as long as the longest. Terms
// one after another are not computed, and one that is not covered leaves the others uncovered too.
func compute(all []Sentence, moved []Adjustment, born, on clock.Date) Group {
	g := Group{Sentences: all}
	for _, s := range all {
		switch r := law.Dates(s.Input(moved, born), on).(type) {
		case law.NotCovered:
			g.Each, g.Uncovered = nil, r
			return g
		case law.Wrong:
			g.Each = nil
			for _, p := range r.Problems {
				g.Wrong = append(g.Wrong, p.Text)
			}
			g.Uncovered = law.NotCovered{Why: "The entries contradict each other", Ask: "Correct the sentence, or enter the dates that the prison or the probation service has notified"}
			return g
		case law.Computed:
			g.Each = append(g.Each, r)
		}
	}
	for i, c := range g.Each {
		if i == 0 || c.Release.On.After(g.Release.On) {
			g.Release, g.Practical, g.Weeks, g.Months, g.Curfew = c.Release, c.Practical, c.Weeks, c.Months, c.Curfew
		}
		if i == 0 || c.Expiry.On.After(g.Expiry.On) {
			g.Expiry = c.Expiry
		}
		if i == 0 || c.Licence.On.After(g.Licence.On) {
			g.Licence = c.Licence
		}
		if i == 0 || c.Supervision.Ends.After(g.Supervised.Ends) {
			g.Supervised = c.Supervision
		}
		for _, q := range c.Assumed {
			if !slices.Contains(g.Assumed, q) {
				g.Assumed = append(g.Assumed, q)
			}
		}
	}
	g.FinalThird = g.Each[0].FinalThird
	if !g.Licence.On.IsZero() {
		g.FinalThird.On = law.FinalThird(g.Release.On, g.Licence.On)
	}
	return g
}

// Dates is what is known of one person's sentences and dates, as of a day.
type Dates struct {
	Sentences   []Sentence // the latest first
	Adjustments []Adjustment
	Ends        []End
	Notices     []custody.Notice // the latest notified first
	Groups      []Group          // the latest first
	Status      Status           // with the end in force
	HasStatus   bool
	Release     InForce // from the present custody; its zero Day: in the community, or none known
	Spell       custody.Spell
	InCustody   bool
}

// Line is one date of a group of sentences: what is in force, and what the law makes of it.
type Line struct {
	Kind custody.DateKind
	InForce
}

// Lines are the dates of a group, whether known or not, in the order of DateKinds.
func (d Dates) Lines(g Group) []Line {
	computed := map[custody.DateKind]law.Day{custody.ConditionalRelease: g.Release, custody.CurfewEligible: g.Curfew,
		custody.LicenceEnd: g.Licence, custody.SentenceEnd: g.Expiry, custody.SupervisionEnd: g.Supervised.Day(), custody.ExpectedRelease: g.Practical}
	var all []Line
	for _, k := range custody.DateKinds {
		l := Line{Kind: k, InForce: DateInForce(d.about(g, k), computed[k])}
		if !l.Day.IsZero() || k != custody.ReRelease {
			all = append(all, l)
		}
	}
	return all
}

// about are the notices of a kind that speak of a group; the end that was recorded
// with a status counts as one.
func (d Dates) about(g Group, kinds ...custody.DateKind) []custody.Notice {
	var all []custody.Notice
	for _, n := range d.Notices {
		if slices.Contains(kinds, n.Kind) && g.Speaks(n) {
			all = append(all, n)
		}
	}
	return all
}

// standingKind is the kind of date that ends a status.
func standingKind(s Standing) (custody.DateKind, bool) {
	switch s {
	case Licence:
		return custody.LicenceEnd, true
	case PostSentence:
		return custody.SupervisionEnd, true
	}
	return "", false
}

// statusEnds finds the end of the current status that is in force. The end that was
// said with the status is one notice among the others; the latest counts. Where there
// is none, the law's of the sentence to which the status belongs, or the order's own.
func (d Dates) statusEnds() InForce {
	s := d.Status
	var notices []custody.Notice
	if !s.Ends.IsZero() {
		notices = append(notices, custody.Notice{Nominal: s.Nominal, Day: s.Ends, NotifiedBy: s.Source, NotifiedOn: clock.DateOf(s.RecordedAt), RecordedAt: s.RecordedAt, By: s.By})
	}
	if kind, ok := standingKind(s.Standing); ok {
		for _, g := range d.Groups {
			if g.Began().After(s.From) {
				continue // imposed since
			}
			computed := g.Licence
			if kind == custody.SupervisionEnd {
				computed = g.Supervised.Day()
			}
			return DateInForce(append(notices, d.about(g, kind)...), computed)
		}
		for _, n := range d.Notices { // no sentence is recorded to which they could belong
			if n.Kind == kind && (len(d.Groups) == 0 || n.NotifiedOn.Before(d.Groups[len(d.Groups)-1].Began())) {
				notices = append(notices, n)
			}
		}
		return DateInForce(notices, law.Day{})
	}
	return DateInForce(append(notices, d.orderEnds()...), law.Day{})
}

// orderEnds is the end of the latest order of the status's kind, as the court or its
// early end said it.
func (d Dates) orderEnds() []custody.Notice {
	kind, ok := map[Standing]Kind{OnCommunity: CommunityOrder, OnSuspended: Suspended, OnYouthOrder: YouthOrder}[d.Status.Standing]
	for _, s := range d.Sentences {
		if !ok || s.Kind != kind || s.ImposedOn.After(d.Status.From) || s.OrderEnds.IsZero() {
			continue
		}
		n := custody.Notice{Nominal: s.Nominal, Day: s.OrderEnds, NotifiedBy: s.Court, NotifiedOn: s.ImposedOn, RecordedAt: s.RecordedAt, By: s.By}
		if e, ended := endOf(d.Ends, s.ID); ended {
			n.Day, n.NotifiedBy, n.NotifiedOn, n.RecordedAt, n.By = e.On, e.Source, clock.DateOf(e.RecordedAt), e.RecordedAt, e.By
		}
		return []custody.Notice{n}
	}
	return nil
}

func endOf(all []End, s ref.SentenceID) (End, bool) {
	for _, e := range all {
		if e.Sentence == s {
			return e, true
		}
	}
	return End{}, false
}

// ReleaseBy is the next release from the present custody: the one that was notified for
// it last or, where none was, the one computed; the zero InForce in the community.
func (d Dates) ReleaseBy(computed law.Day) InForce {
	if !d.InCustody {
		return InForce{}
	}
	var notices []custody.Notice
	for _, n := range d.Notices {
		if n.Kind.OfRelease() && n.Spell == d.Spell.ID {
			notices = append(notices, n)
		}
	}
	return DateInForce(notices, computed)
}

// releaseByLaw is the practical day of release by the law, of somebody who is in custody
// for a sentence. Room recall works out the end of a recall, which this room does not know.
func (d Dates) releaseByLaw() (computed law.Day) {
	if len(d.Groups) == 0 {
		return computed
	}
	g := d.Groups[0]
	sentenced := d.Spell.Why == custody.OnSentence || d.Spell.Why == custody.Remand && !g.Began().Before(d.Spell.ReceivedOn)
	if sentenced && g.Computed() && !g.Practical.On.Before(d.Spell.ReceivedOn) {
		computed = g.Practical
		computed.Rule = g.Release.Rule
	}
	return computed
}

// settle works out what follows from the rows, as of a day.
func (d *Dates) settle(born, today clock.Date) {
	d.Groups = Groups(d.Sentences, d.Adjustments, born, today)
	d.Release = d.ReleaseBy(d.releaseByLaw())
	if !d.HasStatus {
		return
	}
	s := &d.Status
	s.EndsInForce = d.statusEnds()
	s.Ends = s.EndsInForce.Day
	if (s.Standing == Licence || s.Standing == OnCommunity || s.Standing == OnSuspended) && s.Ends.After(s.From) {
		s.FinalThird = law.FinalThird(s.From, s.Ends)
	}
}

// Difference says in words that the law makes another day of it than the one that was
// notified; empty where they agree or one is missing (R121).
func (f InForce) Difference() string {
	if !f.Differs() {
		return ""
	}
	text := "Computed " + f.Computed.On.Long() + " by: " + f.Computed.Rule.Name
	if f.Computed.Rule.Law != "" {
		text += " (" + f.Computed.Rule.Law + ")"
	}
	return text + ". " + f.Notice.NotifiedBy + " notified " + f.Notice.Day.Long() + " on " + f.Notice.NotifiedOn.Long() + ": the notified date is used"
}
