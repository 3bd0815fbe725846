package condition

import (
	"slices"
	"testing"

	"iom/internal/casework/law"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

// R132: the supervisor proposes, the governor sets, and amends on request; R134: each time
// with why; R129: one of the first eight is left out only with a reason; R141: both limbs.
func TestCheckSetByR129R132R134AndR141(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	of := sentence.Sentence{Kind: sentence.Custody, ImposedOn: day("2025-07-01")}
	supervision := supervised(day("2026-01-01"), day("2026-09-12"))
	standing := []Set{{ID: 2, Step: SetUp, From: day("2026-01-01"), Chosen: append(usual(), Chosen{Number: 10})}, {ID: 1, Step: Proposed}}
	drugs := Chosen{Number: 9, Why: "Heroin", Limbs: both}
	good := NewSet{Step: SetUp, DoneBy: "Governor Ashdown", DoneOn: day("2025-09-10"), From: day("2026-01-01"), Chosen: usual(), Why: "To stay away from offending", Source: "prison"}
	amended := good
	amended.Step, amended.DoneOn, amended.From, amended.RequestedBy, amended.RequestedOn = Amended, day("2026-03-02"), day("2026-03-03"), "Robin Eastwood", day("2026-03-01")
	amended.LeftOutWhy = "Treatment has ended"
	without := func(number int) []Chosen {
		return slices.DeleteFunc(usual(), func(c Chosen) bool { return c.Number == number })
	}
	for name, c := range map[string]struct {
		n      NewSet
		before []Set
		change func(*NewSet)
		want   string
	}{
		"the first eight":                 {good, nil, func(*NewSet) {}, ""},
		"proposed needs no day in force":  {good, nil, func(n *NewSet) { n.Step, n.From = Proposed, day("2027-01-01") }, ""},
		"set after it was proposed":       {good, standing[1:], func(*NewSet) {}, ""},
		"set twice":                       {good, standing, func(n *NewSet) { n.LeftOutWhy = "x" }, "step"},
		"proposed after it was set":       {good, standing, func(n *NewSet) { n.Step, n.LeftOutWhy = Proposed, "x" }, "step"},
		"amended, and nothing set":        {amended, standing[1:], func(*NewSet) {}, "step"},
		"no such step":                    {good, nil, func(n *NewSet) { n.Step = "agreed" }, "step"},
		"by nobody":                       {good, nil, func(n *NewSet) { n.DoneBy = " " }, "done_by"},
		"one of the first eight left out": {good, nil, func(n *NewSet) { n.Chosen = without(7) }, "left_out_why"},
		"left out with its reason":        {good, nil, func(n *NewSet) { n.Chosen, n.LeftOutWhy = without(7), "Has family in France" }, ""},
		"an address missing":              {good, nil, func(n *NewSet) { n.Chosen = append(without(5), Chosen{Number: 5, Brackets: []string{" "}}) }, "bracket-5-0"},
		"a wording changed by brackets":   {good, nil, func(n *NewSet) { n.Chosen = append(without(5), Chosen{Number: 5, Brackets: []string{"[his] flat"}}) }, "bracket-5-0"},
		"an eleventh":                     {good, nil, func(n *NewSet) { n.Chosen = append(usual(), Chosen{Number: 11}) }, "number"},
		"one twice":                       {good, nil, func(n *NewSet) { n.Chosen = append(usual(), Chosen{Number: 1}) }, "number"},
		"drug testing by both limbs":      {good, nil, func(n *NewSet) { n.Chosen = append(usual(), drugs) }, ""},
		"drug testing by one": {good, nil, func(n *NewSet) {
			one := drugs
			one.Limbs.Contribution = law.NotKnown
			n.Chosen = append(usual(), one)
		}, "contribution"},
		"drug testing without why": {good, nil, func(n *NewSet) { n.Chosen = append(usual(), Chosen{Number: 9, Limbs: both}) }, "why-9"},
		"drug appointments without why": {good, nil, func(n *NewSet) {
			n.Chosen = append(usual(), Chosen{Number: 10, Brackets: []string{"with STAR, Station Road"}})
		}, "why-10"},
		"without why":                          {good, nil, func(n *NewSet) { n.Why = "" }, "why"},
		"without a source":                     {good, nil, func(n *NewSet) { n.Source = "" }, "source"},
		"before the sentence":                  {good, nil, func(n *NewSet) { n.DoneOn = day("2025-06-30") }, "done_on"},
		"in force before it began":             {good, nil, func(n *NewSet) { n.From = day("2025-12-31") }, "from_on"},
		"in force on no day":                   {good, nil, func(n *NewSet) { n.From = clock.Date{} }, "from_on"},
		"in force on the last day":             {good, nil, func(n *NewSet) { n.From = day("2026-05-10") }, ""},
		"in force on the day of the repeal":    {good, nil, func(n *NewSet) { n.From = day("2026-05-11") }, "from_on"},
		"amended":                              {amended, standing, func(*NewSet) {}, ""},
		"removed without a reason":             {amended, standing, func(n *NewSet) { n.LeftOutWhy = "" }, "left_out_why"},
		"amended on nobody's request":          {amended, standing, func(n *NewSet) { n.RequestedBy = "" }, "requested_by"},
		"amended before it was asked for":      {amended, standing, func(n *NewSet) { n.RequestedOn = day("2026-03-03") }, "requested_on"},
		"amended without the day of asking":    {amended, standing, func(n *NewSet) { n.RequestedOn = clock.Date{} }, "requested_on"},
		"amended from before what it replaces": {amended, []Set{{ID: 3, Step: SetUp, From: day("2026-04-01"), Chosen: usual()}}, func(*NewSet) {}, "from_on"},
	} {
		n := c.n
		n.Chosen = slices.Clone(n.Chosen)
		c.change(&n)
		at(t, name, CheckSet(n, of, supervision, c.before, today), c.want)
	}
	late := good
	late.DoneOn, late.From = day("2026-05-11"), day("2026-05-11")
	if got := CheckSet(late, of, supervision, nil, today); len(got) != 2 || got[0].Field != "done_on" || got[1].Field != "from_on" {
		t.Errorf("set on the day of the repeal: %+v", got)
	}
	at(t, "in the future", CheckSet(good, of, supervision, nil, day("2025-09-09")), "done_on")
	at(t, "where there is no supervision", CheckSet(good, of, Period{None: "One day"}, nil, today), "number")
}

// An amendment takes the place of what was in force, from its own day (R132).
func TestWhichRequirementsAreInForceByR132(t *testing.T) {
	t.Parallel()
	supervision := supervised(day("2026-01-01"), day("2026-09-12"))
	all := []Set{{ID: 3, Step: Amended, From: day("2026-03-03")}, {ID: 2, Step: SetUp, From: day("2026-01-01")}, {ID: 1, Step: Proposed}}
	for on, want := range map[string]int64{"2025-12-31": 0, "2026-01-01": 2, "2026-03-02": 2, "2026-03-03": 3, "2026-05-10": 3, "2026-05-11": 0, "2026-09-12": 0} {
		if got, ok := InForce(all, supervision, day(on)); got.ID != want || ok != (want != 0) {
			t.Errorf("on %s: %d", on, got.ID)
		}
	}
	licence := Period{Begins: day("2025-09-12")}
	for on, want := range map[string]bool{"2025-09-11": false, "2025-09-12": true} {
		if Late(Set{Step: Proposed, DoneOn: day(on)}, licence) != want || Late(Set{Step: SetUp, DoneOn: day(on)}, licence) || Late(Set{Step: Proposed, DoneOn: day(on)}, Period{}) {
			t.Errorf("proposed on %s, released on 12 September: late is not %t", on, want)
		}
	}
	if got := Until(all[1], all, supervision); got != "3 March 2026, when it was amended" {
		t.Errorf("what was set: %q", got)
	}
	if got := Until(all[0], all, supervision); got != "11 May 2026: the repeal ended it" {
		t.Errorf("what was amended: %q", got)
	}
	if got := Until(all[0], all, supervised(day("2025-01-01"), day("2025-09-12"))); got != "12 September 2025, the end of supervision" {
		t.Errorf("over before the repeal: %q", got)
	}
	if got := Until(all[2], all, supervision); got != "" {
		t.Errorf("a proposal is in force until %q", got)
	}
}

// R133: considered, agreed or not; a disagreement goes to PPCS on a day.
func TestCheckRecommendationByR133(t *testing.T) {
	t.Parallel()
	today := day("2026-06-01")
	supervision := supervised(day("2026-01-01"), day("2026-09-12"))
	good := NewRecommendation{Court: "Hastings Magistrates’ Court", RecommendedOn: day("2026-03-02"), Recommends: "Drug appointments", ConsideredBy: "Robin Eastwood",
		ConsideredOn: day("2026-03-05"), Outcome: Agreed, Reason: "It would help", Source: "court"}
	disagreed := good
	disagreed.Outcome, disagreed.ReferredOn = Disagreed, day("2026-03-06")
	for name, c := range map[string]struct {
		n      NewRecommendation
		change func(*NewRecommendation)
		want   string
	}{
		"agreed":                          {good, func(*NewRecommendation) {}, ""},
		"agreed, and referred":            {good, func(n *NewRecommendation) { n.ReferredOn = day("2026-03-06") }, "referred_on"},
		"disagreed, and referred":         {disagreed, func(*NewRecommendation) {}, ""},
		"disagreed, not referred":         {disagreed, func(n *NewRecommendation) { n.ReferredOn = clock.Date{} }, "referred_on"},
		"referred before it was weighed":  {disagreed, func(n *NewRecommendation) { n.ReferredOn = day("2026-03-04") }, "referred_on"},
		"neither":                         {good, func(n *NewRecommendation) { n.Outcome = "" }, "outcome"},
		"before supervision":              {good, func(n *NewRecommendation) { n.RecommendedOn = day("2025-12-31") }, "recommended_on"},
		"on the last day":                 {good, func(n *NewRecommendation) { n.RecommendedOn, n.ConsideredOn = day("2026-05-10"), day("2026-05-12") }, ""},
		"on the day of the repeal":        {good, func(n *NewRecommendation) { n.RecommendedOn, n.ConsideredOn = day("2026-05-11"), day("2026-05-12") }, "recommended_on"},
		"considered before it was made":   {good, func(n *NewRecommendation) { n.ConsideredOn = day("2026-03-01") }, "considered_on"},
		"considered in the future":        {good, func(n *NewRecommendation) { n.ConsideredOn = day("2026-06-02") }, "considered_on"},
		"considered by nobody":            {good, func(n *NewRecommendation) { n.ConsideredBy = "" }, "considered_by"},
		"by no court":                     {good, func(n *NewRecommendation) { n.Court = "" }, "court"},
		"of nothing":                      {good, func(n *NewRecommendation) { n.Recommends = "" }, "recommends"},
		"without a reason":                {good, func(n *NewRecommendation) { n.Reason = "" }, "reason"},
		"without a source":                {good, func(n *NewRecommendation) { n.Source = "" }, "source"},
		"disagreed without the day at it": {good, func(n *NewRecommendation) { n.Outcome = Disagreed }, "referred_on"},
	} {
		n := c.n
		c.change(&n)
		at(t, name, CheckRecommendation(n, supervision, today), c.want)
	}
	at(t, "where there is no supervision", CheckRecommendation(good, Period{None: "One day"}, today), "recommends")
}
