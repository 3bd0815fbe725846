package condition

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/law"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

// at says that a check found exactly one problem, at the field; "" is none.
func at(t *testing.T, name string, got []fault.Problem, want string) {
	t.Helper()
	if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0].Field != want) {
		t.Errorf("%s: %+v, want %q", name, got, want)
	}
}

var both = Limbs{Propensity: law.Met, PropensityEvidence: "Heroin since 2019", Contribution: law.Met, ContributionEvidence: "Steals to pay for it"}

// R127: the governor sets standard and additional conditions, in force from a day on. R141:
// drug testing needs both limbs, each with its evidence.
func TestCheckNewByR127AndR141(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	of := sentence.Sentence{ID: 7, Kind: sentence.Custody, ImposedOn: day("2026-01-10")}
	licence := Period{Begins: day("2026-05-01"), Last: day("2026-09-09")}
	good := New{Sentence: 7, Standard: Standards[:2], SetBy: "Governor Ashdown", SetOn: day("2026-04-20"), From: day("2026-05-01"), Source: "licence"}
	for name, c := range map[string]struct {
		change func(*New, *Period)
		want   string
	}{
		"standard":                   {func(*New, *Period) {}, ""},
		"nothing at all":             {func(n *New, _ *Period) { n.Standard = nil }, "standard"},
		"words that no list has":     {func(n *New, _ *Period) { n.Standard = []string{"Be kind"} }, "standard"},
		"no licence":                 {func(_ *New, l *Period) { l.None = "One day" }, "standard"},
		"already there":              {func(n *New, _ *Period) { n.Standard = Standards[4:5] }, "standard"},
		"there before, and ended":    {func(n *New, _ *Period) { n.Standard = Standards[5:6] }, ""},
		"a curfew":                   {func(n *New, _ *Period) { n.Standard, n.Kind, n.Words = nil, Curfew, "At home from 19:00 to 07:00" }, ""},
		"a kind without words":       {func(n *New, _ *Period) { n.Kind = Curfew }, "words"},
		"words without a kind":       {func(n *New, _ *Period) { n.Words = "At home" }, "kind"},
		"a kind that no list has":    {func(n *New, _ *Period) { n.Kind, n.Words = "fine", "Pay" }, "kind"},
		"set by nobody":              {func(n *New, _ *Period) { n.SetBy = " " }, "set_by"},
		"set before the sentence":    {func(n *New, _ *Period) { n.SetOn = day("2026-01-09") }, "set_on"},
		"set in the future":          {func(n *New, _ *Period) { n.SetOn, n.From = day("2026-06-02"), day("2026-06-02") }, "set_on"},
		"in force before it was set": {func(n *New, _ *Period) { n.From = day("2026-04-19") }, "from_on"},
		"in force in the future":     {func(n *New, _ *Period) { n.From = day("2026-07-01") }, ""},
		"in force on the last day":   {func(n *New, _ *Period) { n.From = day("2026-09-09") }, ""},
		"in force after the licence": {func(n *New, _ *Period) { n.From = day("2026-09-10") }, "from_on"},
		"no source":                  {func(n *New, _ *Period) { n.Source = "" }, "source"},
		"drug testing by both limbs": {func(n *New, _ *Period) { n.Kind, n.Words, n.Limbs = DrugTesting, "Be tested", both }, ""},
		"drug testing, propensity alone": {func(n *New, _ *Period) {
			n.Kind, n.Words, n.Limbs = DrugTesting, "Be tested", both
			n.Limbs.Contribution = law.NotMet
		}, "contribution"},
		"drug testing, contribution alone": {func(n *New, _ *Period) {
			n.Kind, n.Words, n.Limbs = DrugTesting, "Be tested", both
			n.Limbs.Propensity = law.NotKnown
		}, "propensity"},
		"drug testing without evidence": {func(n *New, _ *Period) {
			n.Kind, n.Words, n.Limbs = DrugTesting, "Be tested", both
			n.Limbs.PropensityEvidence = " "
		}, "propensity_evidence"},
	} {
		n, l := good, licence
		c.change(&n, &l)
		before := []Condition{{Sentence: 7, Words: Standards[4]}, {Sentence: 7, Words: Standards[5], EndedOn: day("2026-05-20")}, {Sentence: 8, Words: Standards[0]}}
		at(t, name, CheckNew(n, of, l, before, today), c.want)
	}
}

// R127: an amendment is an end and a new condition; a removal says who and why.
func TestAmendingAndEndingByR127(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	of := sentence.Sentence{Kind: sentence.Custody, ImposedOn: day("2026-01-10")}
	licence := Period{Begins: day("2026-05-01"), Last: day("2026-09-09")}
	c := Condition{Kind: Curfew, Words: "At home from 19:00", From: day("2026-05-01")}
	over := c
	over.EndedOn = day("2026-05-20")
	good := Amendment{Words: "At home from 21:00", SetBy: "Governor Ashdown", SetOn: day("2026-05-28"), From: day("2026-06-01"), Why: "In work", Source: "letter"}
	for name, k := range map[string]struct {
		c      Condition
		change func(*Amendment)
		want   string
	}{
		"amended":                    {c, func(*Amendment) {}, ""},
		"ended already":              {over, func(*Amendment) {}, "words"},
		"the same words":             {c, func(a *Amendment) { a.Words = c.Words }, "words"},
		"no words":                   {c, func(a *Amendment) { a.Words = "" }, "words"},
		"no reason":                  {c, func(a *Amendment) { a.Why = "" }, "why"},
		"before the condition":       {c, func(a *Amendment) { a.SetOn, a.From = day("2026-04-01"), day("2026-04-30") }, "from_on"},
		"of drug testing, one limb":  {Condition{Kind: DrugTesting, From: c.From}, func(a *Amendment) { a.Limbs = both; a.Limbs.Propensity = law.NotMet }, "propensity"},
		"of drug testing, both":      {Condition{Kind: DrugTesting, From: c.From}, func(a *Amendment) { a.Limbs = both }, ""},
		"of a curfew asks no limb":   {c, func(a *Amendment) { a.Limbs = Limbs{} }, ""},
		"set by nobody, as with new": {c, func(a *Amendment) { a.SetBy = "" }, "set_by"},
	} {
		a := good
		k.change(&a)
		at(t, name, CheckAmendment(k.c, a, of, licence, today), k.want)
	}
	end := NewEnd{On: day("2026-05-20"), EndedBy: "Governor Ashdown", Why: "Moved away", Source: "letter"}
	for name, k := range map[string]struct {
		c      Condition
		change func(*NewEnd)
		want   string
	}{
		"removed":            {c, func(*NewEnd) {}, ""},
		"removed twice":      {over, func(*NewEnd) {}, "ended_on"},
		"before it held":     {c, func(n *NewEnd) { n.On = day("2026-04-30") }, "ended_on"},
		"in the future":      {c, func(n *NewEnd) { n.On = day("2026-06-02") }, "ended_on"},
		"by nobody":          {c, func(n *NewEnd) { n.EndedBy = "" }, "ended_by"},
		"without a reason":   {c, func(n *NewEnd) { n.Why = " " }, "why"},
		"without its source": {c, func(n *NewEnd) { n.Source = " " }, "source"},
	} {
		n := end
		k.change(&n)
		at(t, name, CheckEnd(k.c, n, today), k.want)
	}
	for on, want := range map[string]bool{"2026-04-30": false, "2026-05-01": true, "2026-05-19": true, "2026-05-20": false} {
		if over.Holds(day(on), licence.Last) != want {
			t.Errorf("a condition from 1 to 20 May holds on %s: %t", on, !want)
		}
	}
	if !c.Holds(day("2026-09-09"), licence.Last) || c.Holds(day("2026-09-10"), licence.Last) {
		t.Error("a condition ends with the licence")
	}
}

// R130: at the start of the licence, and again at the start of supervision "depending on the
// time elapsed": we read that as more than 28 days before the start.
func TestWhatIsOwedByR130(t *testing.T) {
	t.Parallel()
	licence := Period{Begins: day("2025-09-01"), Last: day("2025-12-31")}
	supervision := supervised(day("2026-01-01"), day("2026-09-01"))
	for name, c := range map[string]struct {
		explained []string
		today     string
		since     string // empty: nothing is owed
	}{
		"before the licence":                          {nil, "2025-08-31", ""},
		"licence began":                               {nil, "2025-09-01", "2025-09-01"},
		"explained on the day":                        {[]string{"2025-09-01"}, "2025-09-02", ""},
		"explained 28 days before":                    {[]string{"2025-08-04"}, "2025-09-02", ""},
		"explained 29 days before":                    {[]string{"2025-08-03"}, "2025-09-02", "2025-09-01"},
		"explained tomorrow counts not yet":           {[]string{"2025-09-03"}, "2025-09-02", "2025-09-01"},
		"supervision began, explained at the licence": {[]string{"2025-09-01"}, "2026-01-01", "2026-01-01"},
		"supervision began, explained 28 days before": {[]string{"2025-12-04"}, "2026-01-01", ""},
		"supervision began, explained 29 days before": {[]string{"2025-12-03"}, "2026-01-01", "2026-01-01"},
		"supervision began, explained again":          {[]string{"2025-09-01", "2026-01-05"}, "2026-01-06", ""},
		"on the last day before the repeal":           {nil, "2026-05-10", "2026-01-01"},
		"on the day of the repeal":                    {nil, "2026-05-11", ""},
	} {
		var days []clock.Date
		for _, d := range c.explained {
			days = append(days, day(d))
		}
		text, since, owed := Owed(licence, supervision, days, day(c.today))
		if owed != (c.since != "") || owed && (since != day(c.since) || text == "") {
			t.Errorf("%s: %q since %s, %t", name, text, since, owed)
		}
	}
	if _, _, owed := Owed(Period{None: "no licence", Begins: day("2025-09-01")}, Period{None: "none"}, nil, day("2025-10-01")); owed {
		t.Error("without a licence something is owed")
	}
	of := sentence.Sentence{Kind: sentence.Custody, ImposedOn: day("2025-06-01")}
	for name, c := range map[string]struct {
		n    NewExplanation
		want string
	}{
		"explained":           {NewExplanation{On: day("2025-09-01"), ExplainedBy: "Robin Eastwood", Source: "probation"}, ""},
		"by nobody":           {NewExplanation{On: day("2025-09-01"), Source: "probation"}, "explained_by"},
		"before the sentence": {NewExplanation{On: day("2025-05-31"), ExplainedBy: "Robin Eastwood", Source: "probation"}, "explained_on"},
		"in the future":       {NewExplanation{On: day("2025-09-03"), ExplainedBy: "Robin Eastwood", Source: "probation"}, "explained_on"},
		"on no day":           {NewExplanation{ExplainedBy: "Robin Eastwood", Source: "probation"}, "explained_on"},
		"from nowhere":        {NewExplanation{On: day("2025-09-01"), ExplainedBy: "Robin Eastwood"}, "source"},
	} {
		at(t, name, CheckExplained(c.n, of, day("2025-09-02")), c.want)
	}
}

// Supervision by the repeal of 11 May 2026 (R124): what ran stops on that day, what had not
// begun never does, what was over stays as it was.
func TestSupervisionAndTheRepealOfR124(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begins, last string
		ends         string // empty: there is none
		holds        string // last day on which it holds
	}{
		"over before":            {"2025-01-01", "2025-09-01", "2025-09-01", "2025-09-01"},
		"over the day before":    {"2025-06-01", "2026-05-10", "2026-05-10", "2026-05-10"},
		"meant to end that day":  {"2025-06-01", "2026-05-11", "2026-05-11", "2026-05-10"},
		"running":                {"2026-01-01", "2026-09-01", "2026-05-11", "2026-05-10"},
		"begun the day before":   {"2026-05-10", "2026-09-01", "2026-05-11", "2026-05-10"},
		"to begin on that day":   {"2026-05-11", "2026-09-01", "", ""},
		"to begin long after it": {"2026-12-01", "2027-02-01", "", ""},
	} {
		p := supervised(day(c.begins), day(c.last))
		if c.ends == "" {
			if p.None == "" || p.Holds(day(c.begins)) {
				t.Errorf("%s: %+v", name, p)
			}
			continue
		}
		if p.Ends() != day(c.ends) || !p.Holds(day(c.holds)) || p.Holds(day(c.holds).AddDays(1)) || !p.Holds(day(c.begins)) || p.Holds(day(c.begins).AddDays(-1)) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// Only numbers of the list, only its wording, and nothing in force after the repeal,
// whatever is accepted (R128, R131, R129).
func TestWhateverIsAcceptedIsOfTheTenByR128R129AndR131(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begins := day("2025-01-01").AddDays(rapid.IntRange(0, 700).Draw(t, "begins"))
		supervision := supervised(begins, begins.AddDays(rapid.IntRange(0, 365).Draw(t, "length")))
		text := rapid.SampledFrom([]string{"", " ", "12 Sandpiper Way", "[x]", "St Anne’s"})
		var n NewSet
		n.Step = rapid.SampledFrom(append(slices.Clone(Steps), "")).Draw(t, "step")
		n.DoneBy, n.Why, n.Source, n.RequestedBy = "Governor", text.Draw(t, "why"), "prison", "Robin Eastwood"
		n.DoneOn = begins.AddDays(rapid.IntRange(-60, 400).Draw(t, "done"))
		n.From = n.DoneOn.AddDays(rapid.IntRange(-1, 90).Draw(t, "from"))
		n.RequestedOn, n.LeftOutWhy = n.DoneOn, text.Draw(t, "left out")
		for range rapid.IntRange(0, 12).Draw(t, "count") {
			c := Chosen{Number: rapid.IntRange(-1, 12).Draw(t, "number"), Why: text.Draw(t, "own why"), Limbs: Limbs{Propensity: rapid.SampledFrom([]law.Answer{law.Met, law.NotMet, law.NotKnown}).Draw(t, "limb"),
				PropensityEvidence: text.Draw(t, "evidence"), Contribution: law.Met, ContributionEvidence: "x"}}
			for range rapid.IntRange(0, 2).Draw(t, "brackets") {
				c.Brackets = append(c.Brackets, text.Draw(t, "bracket"))
			}
			n.Chosen = append(n.Chosen, c)
		}
		if rapid.Bool().Draw(t, "usual") { // so that many are accepted
			n.Chosen = usual()
		}
		of := sentence.Sentence{Kind: sentence.Custody, ImposedOn: day("2024-06-01")}
		if len(CheckSet(n, of, supervision, nil, day("2026-12-01"))) > 0 {
			return
		}
		made := Set{ID: 1, Step: n.Step, From: n.From, Chosen: n.Chosen}
		seen := map[int]bool{}
		for _, c := range made.Chosen {
			if c.Number < 1 || c.Number > 10 || seen[c.Number] {
				t.Fatalf("requirement %d", c.Number)
			}
			seen[c.Number] = true
			want := map[int]string{1: "Be of good behaviour", 2: "Not commit any offence", 3: "Keep in touch with the supervisor", 4: "Receive visits from the supervisor",
				6: "Only undertake approved work and notify changes", 7: "Not travel outside the British Isles", 8: "Participate in activities as directed by the supervisor",
				9: "Undertake drug testing"}[c.Number]
			switch c.Number {
			case 5:
				want = "Reside at the approved address " + c.Brackets[0] + " and get permission beforehand for one or more nights away"
			case 10:
				want = "Attend drug appointments " + c.Brackets[0]
			}
			if c.Text() != want {
				t.Fatalf("%q, the list says %q", c.Text(), want)
			}
			if c.Number >= 9 && c.Why == "" || c.Number == 9 && c.Limbs.Propensity != law.Met {
				t.Fatalf("%+v", c)
			}
		}
		for number := 1; number <= 8; number++ {
			if !seen[number] && n.LeftOutWhy == "" {
				t.Fatalf("requirement %d is left out without a reason", number)
			}
		}
		for _, on := range []string{"2026-05-11", "2026-05-12", "2026-06-01", "2027-01-01"} {
			if _, ok := InForce([]Set{made}, supervision, day(on)); ok {
				t.Fatalf("in force on %s: %+v in %+v", on, made, supervision)
			}
		}
		if !n.DoneOn.Before(day("2026-05-11")) || n.Step != Proposed && !n.From.Before(day("2026-05-11")) {
			t.Fatalf("set after the repeal: %+v", n)
		}
	})
}

// usual are the first eight, filled.
func usual() []Chosen {
	var all []Chosen
	for number := 1; number <= 8; number++ {
		c := Chosen{Number: number}
		if number == 5 {
			c.Brackets = []string{"12 Sandpiper Way"}
		}
		all = append(all, c)
	}
	return all
}
