package sentence

import (
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/platform/clock"
)

func ofMonths(imposed string, months int) Sentence {
	return Sentence{ID: 1, Kind: Custody, Custodial: law.Standard, ImposedOn: day(imposed), OffenceOn: day(imposed), Months: months, Relation: Alone}
}

// The two that the guide draws, to the day (R126): 6 months are 3 of custody, 3 of licence and
// 9 of supervision; 18 months are 9, 9 and 3.
func TestPartsOfTheGuidesDrawingsByR126(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of   Sentence
		want []Part
	}{
		"6 months": {ofMonths("2016-06-15", 6), []Part{
			{InPrison, day("2016-06-15"), day("2016-09-13"), false}, {OnLicence, day("2016-09-14"), day("2016-12-14"), false},
			{Supervising, day("2016-12-15"), day("2017-09-14"), false}}},
		"18 months": {ofMonths("2016-02-10", 18), []Part{
			{InPrison, day("2016-02-10"), day("2016-11-08"), false}, {OnLicence, day("2016-11-09"), day("2017-08-09"), false},
			{Supervising, day("2017-08-10"), day("2017-11-09"), false}}},
	} {
		d := Dates{Groups: Groups([]Sentence{c.of}, nil, clock.Date{}, day("2016-07-01"))}
		got := d.Parts(d.Groups[0])
		if len(got) != 4 || got[3].Of != InFinalThird || got[3].To != c.want[1].To {
			t.Fatalf("%s: %+v", name, got)
		}
		for i, want := range c.want {
			if got[i] != want {
				t.Errorf("%s: %+v, want %+v", name, got[i], want)
			}
		}
	}
}

// A notified date moves the parts, and the days that the court gave for remand do.
func TestANotifiedDateMovesTheParts(t *testing.T) {
	t.Parallel()
	s := ofMonths("2016-06-15", 6)
	moved := []Adjustment{{Sentence: 1, Moves: OnRemand, Days: 10, Dated: s.ImposedOn}}
	d := Dates{Groups: Groups([]Sentence{s}, moved, clock.Date{}, day("2016-07-01"))}
	got := d.Parts(d.Groups[0])
	if got[0].To != day("2016-09-03") || got[1].To != day("2016-12-04") {
		t.Errorf("10 days of remand: %+v", got)
	}
	d.Notices = []custody.Notice{{ID: 1, Kind: custody.ConditionalRelease, Day: day("2016-08-31"), NotifiedOn: day("2016-07-01")}}
	if got = d.Parts(d.Groups[0]); got[0].To != day("2016-08-30") || !got[0].Notified || got[1].From != day("2016-08-31") {
		t.Errorf("notified: %+v", got)
	}
}

// Supervision is known only where both its days are: an end that was notified after a sentence whose
// own end is not known gives none (R144).
func TestTheDaysOfSupervisionForTheCourtByR144(t *testing.T) {
	t.Parallel()
	notice := custody.Notice{ID: 1, Kind: custody.SupervisionEnd, Day: day("2017-10-01"), NotifiedOn: day("2016-12-01")}
	s := ofMonths("2016-06-15", 6)
	d := Dates{Groups: Groups([]Sentence{s}, nil, clock.Date{}, day("2016-12-20")), Notices: []custody.Notice{notice}}
	if got, ok := d.Supervised(1); !ok || got.Begins != day("2016-12-15") || got.Meant != day("2017-10-01") {
		t.Errorf("six months: %+v, %t", got, ok)
	}
	s.Custodial, s.Months = law.Life, 0
	d = Dates{Groups: Groups([]Sentence{s}, nil, clock.Date{}, day("2016-12-20")), Notices: []custody.Notice{notice}}
	if got, ok := d.Supervised(1); ok {
		t.Errorf("life: %+v", got)
	}
}

// Whatever the sentence, the parts begin with it, follow on without a gap and never
// overlap; and licence with supervision is never more than the law's days.
func TestPartsFollowOnWithoutAGap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := ofMonths("2016-01-01", rapid.IntRange(1, 60).Draw(t, "months"))
		s.ImposedOn = s.ImposedOn.AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
		s.OffenceOn = s.ImposedOn
		d := Dates{Groups: Groups([]Sentence{s}, nil, clock.Date{}, s.ImposedOn.AddDays(rapid.IntRange(0, 2000).Draw(t, "on")))}
		at := s.ImposedOn
		for _, p := range d.Parts(d.Groups[0]) {
			if p.Of == InFinalThird {
				continue
			}
			if p.From != at || p.To.Before(p.From) {
				t.Fatalf("%+v begins elsewhere than on %s", p, at)
			}
			at = p.To.AddDays(1)
		}
		if at == s.ImposedOn {
			t.Fatal("there are no parts")
		}
	})
}
