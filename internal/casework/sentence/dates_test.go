package sentence

import (
	"strings"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// The latest notified date is in force, whichever was recorded last; one that the law
// computes counts only where none was notified, and a difference is said (R121).
func TestANotifiedDateWins(t *testing.T) {
	t.Parallel()
	computed := law.Day{On: day("2027-03-03"), Rule: law.Forty}
	first := custody.Notice{ID: 1, Day: day("2027-03-12"), NotifiedBy: "Lewes", NotifiedOn: day("2027-02-02"), RecordedAt: day("2027-02-02").At(9, 0)}
	late := custody.Notice{ID: 2, Day: day("2027-03-20"), NotifiedBy: "Lewes", NotifiedOn: day("2027-01-05"), RecordedAt: day("2027-02-09").At(9, 0)}
	again := custody.Notice{ID: 3, Day: day("2027-03-03"), NotifiedBy: "Lewes", NotifiedOn: day("2027-02-02"), RecordedAt: day("2027-02-02").At(17, 0)}
	for _, c := range []struct {
		name     string
		notices  []custody.Notice
		computed law.Day
		want     clock.Date
		differs  bool
	}{
		{"nothing known", nil, law.Day{}, clock.Date{}, false},
		{"computed alone", nil, computed, day("2027-03-03"), false},
		{"notified beside another one computed", []custody.Notice{first}, computed, day("2027-03-12"), true},
		{"an older notice recorded later", []custody.Notice{first, late}, computed, day("2027-03-12"), true},
		{"two of one day, the later one agrees", []custody.Notice{first, late, again}, computed, day("2027-03-03"), false},
		{"notified where nothing is computed", []custody.Notice{late}, law.Day{}, day("2027-03-20"), false},
	} {
		f := DateInForce(c.notices, c.computed)
		if f.Day != c.want || f.Differs() != c.differs || f.IsComputed() != (len(c.notices) == 0 && !c.want.IsZero()) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	text := DateInForce([]custody.Notice{first}, computed).Difference()
	for _, want := range []string{"Computed 3 March 2027", "40%", "SI 2024/844", "Lewes notified 12 March 2027 on 2 February 2027", "the notified date is used"} {
		if !strings.Contains(text, want) {
			t.Errorf("the difference %q lacks %q", text, want)
		}
	}
}

func imposed(id ref.SentenceID, on string, months int, relation Relation, related ref.SentenceID) Sentence {
	return Sentence{ID: id, Kind: Custody, Custodial: law.Standard, ImposedOn: day(on), OffenceOn: day(on), Months: months, Relation: relation, Related: related}
}

// Case 1 of the Ministry's examples: 8 months from 16 February 2015 with 21 days of
// remand. CRD 26 May 2015, SLED 24 September 2015, supervision to 26 May 2016 (R122-R126).
func TestRemandMovesTheDatesByR126(t *testing.T) {
	t.Parallel()
	s := imposed(1, "2015-02-16", 8, Alone, 0)
	moved := []Adjustment{{Sentence: 1, Moves: OnRemand, Days: 20}, {Sentence: 1, Moves: OnRemand, Days: 1}, {Sentence: 2, Moves: OnRemand, Days: 99}}
	g := Groups([]Sentence{s}, moved, clock.Date{}, day("2016-01-01"))[0]
	if g.Release.On != day("2015-05-26") || g.Licence.On != day("2015-09-24") || g.Supervised.Ends != day("2016-05-26") {
		t.Errorf("release %s, licence %s, supervision %s", g.Release.On, g.Licence.On, g.Supervised.Ends)
	}
	moved = append(moved, Adjustment{Sentence: 1, Moves: AddedDays, Days: 14}, Adjustment{Sentence: 1, Moves: RestoredDays, Days: 4})
	if g := Groups([]Sentence{s}, moved, clock.Date{}, day("2016-01-01"))[0]; g.Release.On != day("2015-06-05") || g.Licence.On != day("2015-09-24") {
		t.Errorf("with ten added days: release %s, licence %s", g.Release.On, g.Licence.On)
	}
}

// Of terms served at the same time the latest day counts for each date. Terms one after
// another, and kinds that are not covered, give no date and ask for the official one.
func TestGroupsOfSentences(t *testing.T) {
	t.Parallel()
	long, short := imposed(1, "2024-09-20", 18, Alone, 0), imposed(2, "2024-09-20", 6, Concurrent, 1)
	on := day("2024-10-01")
	g := Groups([]Sentence{short, long}, nil, clock.Date{}, on)
	// 18 months from 20 September 2024: CRD 26 April 2025, SLED 19 March 2026.
	if len(g) != 1 || len(g[0].Sentences) != 2 || g[0].Release.On != day("2025-04-26") || g[0].Licence.On != day("2026-03-19") {
		t.Errorf("concurrent: %+v", g)
	}
	short.Relation = Consecutive
	if g := Groups([]Sentence{short, long}, nil, clock.Date{}, on); len(g) != 1 || g[0].Computed() || g[0].Uncovered.Ask == "" || !g[0].Release.On.IsZero() {
		t.Errorf("consecutive: %+v", g)
	}
	for _, kind := range []law.Kind{law.Extended, law.Life, law.Training, law.Concern} {
		s := imposed(3, "2024-09-20", 60, Alone, 0)
		s.Custodial, s.Life = kind, kind == law.Life
		if g := Groups([]Sentence{s}, nil, clock.Date{}, on); g[0].Computed() || g[0].Uncovered.Why == "" {
			t.Errorf("%s: %+v", kind, g)
		}
	}
	earlier := imposed(4, "2020-01-10", 12, Alone, 0)
	both := Groups([]Sentence{long, earlier}, nil, clock.Date{}, on)
	if len(both) != 2 || both[0].Began() != day("2024-09-20") || both[1].Until != day("2024-09-20") {
		t.Fatalf("two sentences: %+v", both)
	}
	old := custody.Notice{NotifiedOn: day("2020-02-01")}
	if both[0].Speaks(old) || !both[1].Speaks(old) {
		t.Error("a notice of 2020 speaks of the sentence of 2020 and not of the one of 2024")
	}
}

func TestCheckAdjustment(t *testing.T) {
	t.Parallel()
	of := imposed(1, "2026-05-01", 18, Alone, 0)
	good := NewAdjustment{Moves: AddedDays, Days: 7, Dated: day("2026-05-20"), Source: "prison"}
	for name, c := range map[string]struct {
		change func(*NewAdjustment)
		want   string
	}{
		"good": {func(*NewAdjustment) {}, ""}, "nothing": {func(n *NewAdjustment) { n.Moves = "" }, "kind"},
		"no days": {func(n *NewAdjustment) { n.Days = 0 }, "days"}, "before the sentence": {func(n *NewAdjustment) { n.Dated = day("2026-04-30") }, "dated"},
		"tomorrow": {func(n *NewAdjustment) { n.Dated = day("2026-06-02") }, "dated"}, "without a source": {func(n *NewAdjustment) { n.Source = "" }, "source"},
	} {
		n := good
		c.change(&n)
		one(t, name, CheckAdjustment(n, of, day("2026-06-01")), c.want)
	}
	of.Kind = Fine
	if got := CheckAdjustment(good, of, day("2026-06-01")); len(got) != 1 {
		t.Errorf("a fine: %+v", got)
	}
}

// An order ends early once, before its day, and only a suspended sentence is activated (R208).
func TestCheckEnd(t *testing.T) {
	t.Parallel()
	of := Sentence{ID: 1, Kind: CommunityOrder, ImposedOn: day("2026-01-10"), OrderEnds: day("2027-01-09")}
	good := NewEnd{How: Revoked, On: day("2026-05-20"), Source: "court"}
	today := day("2026-06-01")
	one(t, "revoked", CheckEnd(good, of, false, today), "")
	activated := good
	activated.How = Activated
	one(t, "a community order activated", CheckEnd(activated, of, false, today), "how")
	of.Kind = Suspended
	one(t, "a suspended sentence activated", CheckEnd(activated, of, false, today), "")
	early := good
	early.On = day("2026-01-09")
	one(t, "before it was imposed", CheckEnd(early, of, false, today), "ended_on")
	if got := CheckEnd(good, of, true, today); len(got) != 1 {
		t.Errorf("a second end: %+v", got)
	}
	of.Kind = Custody
	if got := CheckEnd(good, of, false, today); len(got) != 1 {
		t.Errorf("custody: %+v", got)
	}
}
