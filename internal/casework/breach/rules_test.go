package breach

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

var day = clock.MustISO

// The six months that the guide draws: licence from 14 September to 14 December 2016, supervision
// from 15 December 2016 to 14 September 2017 (R126). Beside it a community order and a suspended
// sentence, and a sentence of today, which no supervision follows.
func known(on string) sentence.Dates {
	custodial := sentence.Sentence{ID: 1, Kind: sentence.Custody, Custodial: law.Standard, ImposedOn: day("2016-06-15"), OffenceOn: day("2016-06-01"), Months: 6, Relation: sentence.Alone}
	community := sentence.Sentence{ID: 2, Kind: sentence.CommunityOrder, ImposedOn: day("2016-10-01"), OrderEnds: day("2017-09-30")}
	suspended := sentence.Sentence{ID: 3, Kind: sentence.Suspended, ImposedOn: day("2016-10-01"), OrderEnds: day("2018-09-30")}
	ended := sentence.Sentence{ID: 4, Kind: sentence.CommunityOrder, ImposedOn: day("2016-10-01"), OrderEnds: day("2017-09-30")}
	life := sentence.Sentence{ID: 5, Kind: sentence.Custody, Custodial: law.Life, Life: true, ImposedOn: day("2003-01-01")}
	all := []sentence.Sentence{custodial, community, suspended, ended, life}
	return sentence.Dates{Sentences: all, Groups: sentence.Groups(all, nil, clock.Date{}, day(on)),
		Ends: []sentence.End{{Sentence: 4, How: sentence.CompletedEarly, On: day("2017-01-31")}}}
}

func TestCheckNewByR142R144AndR178(t *testing.T) {
	t.Parallel()
	left := &contact.Contact{ID: 7, HeldOn: day("2016-10-03"), Outcome: contact.LeftEarly}
	excused := &contact.Contact{ID: 7, HeldOn: day("2016-10-03"), Outcome: contact.DidNotAttend, Excused: true}
	refused := &contact.Contact{ID: 7, HeldOn: day("2016-10-03"), Outcome: contact.RefusedTreatment}
	stayed := &contact.Contact{ID: 7, HeldOn: day("2016-10-03"), Outcome: contact.Attended}
	for name, c := range map[string]struct {
		change func(*New)
		from   *contact.Contact
		want   string // field and rule; empty: allowed
	}{
		"of licence":                        {func(*New) {}, nil, ""},
		"of licence, first day":             {func(n *New) { n.BreachedOn = day("2016-09-14") }, nil, ""},
		"of licence, last day":              {func(n *New) { n.BreachedOn = day("2016-12-14") }, nil, ""},
		"of licence, after its end":         {func(n *New) { n.BreachedOn = day("2016-12-15") }, nil, "breached_on R178"},
		"before the sentence":               {func(n *New) { n.BreachedOn = day("2016-06-14") }, nil, "breached_on R178"},
		"tomorrow":                          {func(n *New) { n.BreachedOn = day("2017-02-02") }, nil, "breached_on R179"},
		"on no day":                         {func(n *New) { n.BreachedOn = clock.Date{} }, nil, "breached_on R179"},
		"of nothing":                        {func(n *New) { n.Of = "bail" }, nil, "of R178"},
		"of no type":                        {func(n *New) { n.Type = "" }, nil, "type R178"},
		"of no sentence":                    {func(n *New) { n.Sentence = 99 }, nil, "sentence R178"},
		"without words":                     {func(n *New) { n.What = " " }, nil, "what R178"},
		"without a source":                  {func(n *New) { n.Source = "" }, nil, "source R178"},
		"a licence of a community order":    {func(n *New) { n.Sentence = 2 }, nil, "sentence R178"},
		"a licence of unknown dates":        {func(n *New) { n.Sentence = 5 }, nil, ""},
		"of supervision, first day":         {func(n *New) { n.Of, n.BreachedOn = law.OfSupervision, day("2016-12-15") }, nil, ""},
		"of supervision, during licence":    {func(n *New) { n.Of, n.BreachedOn = law.OfSupervision, day("2016-12-14") }, nil, "breached_on R144"},
		"of supervision that is not known":  {func(n *New) { n.Of, n.Sentence = law.OfSupervision, 5 }, nil, "sentence R144"},
		"of a community order":              {func(n *New) { n.Of, n.Sentence = law.OfCommunity, 2 }, nil, ""},
		"of a community order, a suspended": {func(n *New) { n.Of, n.Sentence = law.OfCommunity, 3 }, nil, "sentence R178"},
		"of a suspended sentence":           {func(n *New) { n.Of, n.Sentence = law.OfSuspended, 3 }, nil, ""},
		"of an order, before it":            {func(n *New) { n.Of, n.Sentence, n.BreachedOn = law.OfSuspended, 3, day("2016-09-30") }, nil, "breached_on R178"},
		"of an order that was completed":    {func(n *New) { n.Of, n.Sentence, n.BreachedOn = law.OfCommunity, 4, day("2017-02-01") }, nil, "breached_on R178"},
		"of an order, its last day":         {func(n *New) { n.Of, n.Sentence, n.BreachedOn = law.OfCommunity, 4, day("2017-01-31") }, nil, ""},

		"left early (R142)":            {func(n *New) { n.Contact = 7 }, left, ""},
		"left early, as offending":     {func(n *New) { n.Contact, n.Type = 7, law.Offended }, left, "type R143"},
		"begun after the missed one":   {func(n *New) { n.Contact, n.BreachedOn = 7, day("2016-10-04") }, left, "breached_on R142"},
		"excused":                      {func(n *New) { n.Contact = 7 }, excused, "contact R142"},
		"refused treatment (R142)":     {func(n *New) { n.Contact = 7 }, refused, "contact R142"},
		"attended and stayed":          {func(n *New) { n.Contact = 7 }, stayed, "contact R142"},
		"a contact recorded already":   {func(n *New) { n.Contact = 8 }, left, "contact R142"},
		"an order broken on a licence": {func(n *New) { n.Order = 11 }, nil, "order R147"},
	} {
		n := New{Sentence: 1, Of: law.OfLicence, Type: law.BrokeAppointment, BreachedOn: day("2016-10-03"), What: "Missed", Source: "probation"}
		c.change(&n)
		before := []Breach{{ID: 1, Of: law.OfLicence, Sentence: 1, Contact: 8}}
		got := CheckNew(n, known("2017-02-01"), before, c.from, day("2017-02-01"))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field+" "+got[0].Rule != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// Whoever tries to record a refusal of treatment as a breach is told why it is none (R142).
func TestRefusingTreatmentIsNoBreachByR142(t *testing.T) {
	t.Parallel()
	n := New{Sentence: 1, Of: law.OfLicence, Type: law.BrokeAppointment, BreachedOn: day("2016-10-03"), What: "Refused", Contact: 7, Source: "probation"}
	got := CheckNew(n, known("2017-02-01"), nil, &contact.Contact{ID: 7, HeldOn: day("2016-10-03"), Outcome: contact.RefusedTreatment}, day("2017-02-01"))
	if len(got) != 1 || got[0].Field != "contact" || got[0].Text != "Refusing treatment is not a breach: the condition is to attend and to stay" {
		t.Errorf("%+v", got)
	}
}

// The repeal of 11 May 2026 keeps a breach that began before it, and none after (R144). The
// sentence of six months from 15 June 2025 ends on 14 December 2025; its supervision was to last
// until 14 September 2026.
func TestABreachBeforeTheRepealIsKeptByR144(t *testing.T) {
	t.Parallel()
	s := sentence.Sentence{ID: 1, Kind: sentence.Custody, Custodial: law.Standard, ImposedOn: day("2025-06-15"), OffenceOn: day("2025-06-01"), Months: 6, Relation: sentence.Alone}
	d := sentence.Dates{Sentences: []sentence.Sentence{s}, Groups: sentence.Groups([]sentence.Sentence{s}, nil, clock.Date{}, day("2026-06-20")),
		Notices: []custody.Notice{{ID: 1, Kind: custody.SupervisionEnd, Day: day("2026-09-14"), NotifiedOn: day("2025-09-14")}}}
	for on, want := range map[string]int{"2025-12-14": 1, "2025-12-15": 0, "2026-05-10": 0, "2026-05-11": 1, "2026-06-19": 1} {
		n := New{Sentence: 1, Of: law.OfSupervision, Type: law.BrokeCurfew, BreachedOn: day(on), What: "Out at night", Source: "probation"}
		if got := CheckNew(n, d, nil, nil, day("2026-06-20")); len(got) != want || want > 0 && (got[0].Field != "breached_on" || got[0].Rule != "R144") {
			t.Errorf("%s: %+v", on, got)
		}
		if has := slices.Contains(Grounds(d, day(on)), Ground{law.OfSupervision, 1}); has != (want == 0) {
			t.Errorf("%s: supervision in force: %t", on, has)
		}
	}
	days, _ := d.Supervised(1)
	b := Breach{Of: law.OfSupervision, BreachedOn: day("2026-05-10"), Steps: []Entry{{Step: Laid, On: day("2026-05-20")}}}
	n := NewHearing{Case: law.SupervisionCase{HeardOn: day("2026-06-15"), Finding: law.Breached, Sanction: law.FineSanction, Fine: 150}, Source: "court"}
	if got := CheckHearing(b, n, days, day("2026-06-20")); len(got) > 0 {
		t.Errorf("heard after the repeal: %+v", got)
	}
}

func TestGroundsOnADay(t *testing.T) {
	t.Parallel()
	lic, pss := Ground{law.OfLicence, 1}, Ground{law.OfSupervision, 1}
	com, sus, end := Ground{law.OfCommunity, 2}, Ground{law.OfSuspended, 3}, Ground{law.OfCommunity, 4}
	for on, want := range map[string][]Ground{
		"2016-06-14": nil, "2016-09-13": nil, "2016-09-14": {lic}, "2016-12-14": {lic, com, sus, end}, "2016-12-15": {pss, com, sus, end},
		"2017-02-01": {pss, com, sus}, "2017-09-15": {com, sus}, "2018-09-30": {sus}, "2018-10-01": nil,
	} {
		if got := Grounds(known(on), day(on)); !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", on, got, want)
		}
	}
}

func steps(of law.BreachOf, all ...Step) Breach {
	b := Breach{ID: 1, Sentence: 1, Of: of, BreachedOn: day("2017-01-02")}
	for i, s := range all {
		b.Steps = append(b.Steps, Entry{ID: ref.BreachStepID(i + 1), Step: s, On: day("2017-01-10")})
	}
	return b
}

func TestWhatFollowsABreach(t *testing.T) {
	t.Parallel()
	ordered := steps(law.OfSupervision, Laid, Heard)
	ordered.Steps[1].Sanction, ordered.Steps[1].OrderEnds = law.DefaultUnpaidWork, day("2017-03-31")
	completed := ordered
	completed.Steps = append(slices.Clone(ordered.Steps), Entry{Step: Completed, On: day("2017-02-20")})
	for name, c := range map[string]struct {
		b    Breach
		want []Step
		open bool
	}{
		"licence":              {steps(law.OfLicence), []Step{Warned, Recalled, NoAction}, true},
		"licence, warned":      {steps(law.OfLicence, Warned), []Step{Recalled, NoAction}, false},
		"licence, recalled":    {steps(law.OfLicence, Warned, Recalled), nil, false},
		"licence, nothing":     {steps(law.OfLicence, NoAction), nil, false},
		"supervision":          {steps(law.OfSupervision), []Step{Warned, Laid, NoAction}, true},
		"supervision, laid":    {steps(law.OfSupervision, Warned, Laid), []Step{Listed, Heard, NoAction}, true},
		"supervision, listed":  {steps(law.OfSupervision, Laid, Listed), []Step{Listed, Heard, NoAction}, true},
		"supervision, heard":   {steps(law.OfSupervision, Laid, Heard), nil, false},
		"supervision, ordered": {ordered, []Step{Completed}, false},
		"order completed":      {completed, nil, false},
		"order":                {steps(law.OfCommunity), []Step{Warned, Proceedings, NoAction}, true},
		"order, proceedings":   {steps(law.OfSuspended, Proceedings), []Step{Listed, Decided, NoAction}, true},
		"order, decided":       {steps(law.OfSuspended, Proceedings, Decided), nil, false},
	} {
		if got := c.b.Next(); !slices.Equal(got, c.want) || c.b.Open() != c.open {
			t.Errorf("%s: %v, open %t", name, got, c.b.Open())
		}
	}
	if on := ordered.OrderRan(); on != day("2017-03-31") {
		t.Errorf("the order runs to %s", on)
	}
	if on := completed.OrderRan(); on != day("2017-02-20") {
		t.Errorf("the completed order ran to %s", on)
	}
}

func TestCheckStep(t *testing.T) {
	t.Parallel()
	recalls := []recall.Recall{{ID: 5, Sentence: 1}, {ID: 6, Sentence: 2}}
	for name, c := range map[string]struct {
		b    Breach
		n    NewStep
		want string
	}{
		"warned":                         {steps(law.OfLicence), NewStep{Step: Warned}, ""},
		"warned twice":                   {steps(law.OfLicence, Warned), NewStep{Step: Warned}, "step"},
		"recalled":                       {steps(law.OfLicence, Warned), NewStep{Step: Recalled, Recall: 5}, ""},
		"recalled, not recorded yet":     {steps(law.OfLicence), NewStep{Step: Recalled}, ""},
		"recalled from another sentence": {steps(law.OfLicence), NewStep{Step: Recalled, Recall: 6}, "recall"},
		"a warning with a recall":        {steps(law.OfLicence), NewStep{Step: Warned, Recall: 5}, "recall"},
		"after the recall":               {steps(law.OfLicence, Recalled), NewStep{Step: NoAction, Note: "x"}, "step"},
		"no action, no reason":           {steps(law.OfLicence), NewStep{Step: NoAction, Note: " "}, "note"},
		"a licence before a court":       {steps(law.OfLicence), NewStep{Step: Laid}, "step"},
		"information laid":               {steps(law.OfSupervision), NewStep{Step: Laid, ListedOn: day("2017-03-01")}, ""},
		"listed without a day":           {steps(law.OfSupervision, Laid), NewStep{Step: Listed}, "listed_on"},
		"listed before it was decided":   {steps(law.OfSupervision, Laid), NewStep{Step: Listed, ListedOn: day("2017-01-19")}, "listed_on"},
		"listed again":                   {steps(law.OfSupervision, Laid, Listed), NewStep{Step: Listed, ListedOn: day("2017-01-20")}, ""},
		"a warning with a hearing":       {steps(law.OfSupervision), NewStep{Step: Warned, ListedOn: day("2017-03-01")}, "listed_on"},
		"heard without a finding":        {steps(law.OfSupervision, Laid), NewStep{Step: Heard}, "step"},
		"completed, and no order":        {steps(law.OfSupervision, Laid, Heard), NewStep{Step: Completed}, "step"},
		"revoked by hand":                {steps(law.OfSupervision, Laid), NewStep{Step: Revoked}, "step"},
		"decided too early":              {steps(law.OfCommunity), NewStep{Step: Decided, Outcome: Dismissed}, "step"},
		"decided":                        {steps(law.OfCommunity, Proceedings), NewStep{Step: Decided, Outcome: Amended}, ""},
		"decided without an outcome":     {steps(law.OfCommunity, Proceedings), NewStep{Step: Decided}, "outcome"},
		"a community order activated":    {steps(law.OfCommunity, Proceedings), NewStep{Step: Decided, Outcome: Activated}, "outcome"},
		"a suspended sentence activated": {steps(law.OfSuspended, Proceedings), NewStep{Step: Decided, Outcome: Activated}, ""},
		"a warning with an outcome":      {steps(law.OfCommunity), NewStep{Step: Warned, Outcome: Dismissed}, "outcome"},
		"tomorrow":                       {steps(law.OfLicence), NewStep{Step: Warned, On: day("2017-02-02")}, "happened_on"},
		"before the breach":              {steps(law.OfLicence), NewStep{Step: Warned, On: day("2017-01-01")}, "happened_on"},
		"before the last step":           {steps(law.OfLicence, Warned), NewStep{Step: Recalled, On: day("2017-01-09")}, "happened_on"},
		"no such step":                   {steps(law.OfLicence), NewStep{Step: "lost"}, "step"},
	} {
		if c.n.On.IsZero() {
			c.n.On = day("2017-01-20")
		}
		c.n.Source = "probation"
		got := CheckStep(c.b, c.n, recalls, day("2017-02-01"))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
	for field, n := range map[string]NewStep{"happened_on": {Step: Warned, Source: "x"}, "source": {Step: Warned, On: day("2017-01-20")}} {
		if got := CheckStep(steps(law.OfLicence), n, nil, day("2017-02-01")); len(got) != 1 || got[0].Field != field {
			t.Errorf("without %s: %+v", field, got)
		}
	}
	order := steps(law.OfSupervision, Laid, Heard)
	order.Steps[1].Sanction, order.Steps[1].OrderEnds = law.DefaultCurfew, day("2017-01-31")
	if got := CheckStep(order, NewStep{Step: Completed, On: day("2017-02-01"), Source: "x"}, nil, day("2017-02-01")); len(got) != 1 || got[0].Rule != "R148" {
		t.Errorf("completed after its end: %+v", got)
	}
}

// R147: an order is broken while it runs, and another of the same supervision is not it.
func TestABreachOfAnOrderByR147(t *testing.T) {
	t.Parallel()
	earlier := steps(law.OfSupervision, Laid, Heard)
	earlier.Steps[1].ID, earlier.Steps[1].On = 11, day("2017-01-20")
	earlier.Steps[1].Sanction, earlier.Steps[1].OrderEnds = law.DefaultUnpaidWork, day("2017-03-31")
	for name, c := range map[string]struct {
		on    string
		order ref.BreachStepID
		want  string
	}{
		"first day": {"2017-01-20", 11, ""}, "last day": {"2017-03-31", 11, ""}, "before it": {"2017-01-19", 11, "breached_on"},
		"after it": {"2017-04-01", 11, "breached_on"}, "another hearing": {"2017-02-01", 1, "order"},
	} {
		n := New{Sentence: 1, Of: law.OfSupervision, Type: law.BrokeOther, BreachedOn: day(c.on), What: "No work done", Order: c.order, Source: "x"}
		got := CheckNew(n, known("2017-05-01"), []Breach{earlier}, nil, day("2017-05-01"))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field != c.want || got[0].Rule != "R147") {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

func TestCheckHearingByR144AndR146(t *testing.T) {
	t.Parallel()
	days := law.Supervision{Begins: day("2016-12-15"), Meant: day("2017-09-14")}
	fined := law.SupervisionCase{HeardOn: day("2017-01-25"), Finding: law.Breached, Sanction: law.FineSanction, Fine: 200}
	for name, c := range map[string]struct {
		b      Breach
		change func(*NewHearing)
		want   string
	}{
		"fined":                   {steps(law.OfSupervision, Laid), func(*NewHearing) {}, ""},
		"no action (R145)":        {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.Sanction, n.Case.Fine = law.NoAction, 0 }, ""},
		"vary (R145)":             {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.Sanction, n.Case.Fine = law.RecommendVary, 0 }, ""},
		"fined nothing":           {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.Fine = 0 }, "fine R146"},
		"fined too much":          {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.Fine = 1001 }, "fine R146"},
		"no information was laid": {steps(law.OfSupervision, Warned), func(*NewHearing) {}, "heard_on R144"},
		"heard already":           {steps(law.OfSupervision, Laid, Heard), func(*NewHearing) {}, "finding R144"},
		"withdrawn":               {steps(law.OfSupervision, Laid, NoAction), func(*NewHearing) {}, "finding R144"},
		"of a licence":            {steps(law.OfLicence), func(*NewHearing) {}, "finding R144"},
		"tomorrow":                {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.HeardOn = day("2017-02-02") }, "heard_on R144"},
		"before it was laid":      {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.HeardOn = day("2017-01-09") }, "heard_on R144"},
		"on no day":               {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.HeardOn = clock.Date{} }, "heard_on R144"},
		"nothing was found":       {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case = law.SupervisionCase{HeardOn: n.Case.HeardOn} }, "finding R144"},
		"no breach, and a fine":   {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Case.Finding = law.Complied }, "sanction R144"},
		"without a source":        {steps(law.OfSupervision, Laid), func(n *NewHearing) { n.Source = " " }, "source R144"},
		"an order past the end": {steps(law.OfSupervision, Laid), func(n *NewHearing) {
			n.Case.Sanction, n.Case.Fine, n.Case.UnpaidHours, n.Case.OrderEnds = law.DefaultUnpaidWork, 0, 40, day("2017-09-15")
		}, "order_ends R148"},
		"an order to the last day": {steps(law.OfSupervision, Laid), func(n *NewHearing) {
			n.Case.Sanction, n.Case.Fine, n.Case.UnpaidHours, n.Case.OrderEnds = law.DefaultUnpaidWork, 0, 40, day("2017-09-14")
		}, ""},
	} {
		n := NewHearing{Case: fined, Source: "court"}
		c.change(&n)
		got := CheckHearing(c.b, n, days, day("2017-02-01"))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field+" "+got[0].Rule != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// Whatever is tried, what is accepted keeps the limits of R146 to R148, read here by hand.
func TestNoSanctionPassesTheLimitsByR146ToR148(t *testing.T) {
	t.Parallel()
	accepted := 0
	property := func(t *rapid.T) {
		begins := day("2016-12-15")
		ends := begins.AddDays(rapid.IntRange(40, 300).Draw(t, "days of supervision"))
		b := Breach{Of: law.OfSupervision, BreachedOn: begins.AddDays(rapid.IntRange(-1, 50).Draw(t, "breached"))}
		b.Steps = []Entry{{Step: Laid, On: b.BreachedOn}}
		c := law.SupervisionCase{HeardOn: b.BreachedOn.AddDays(rapid.IntRange(-2, 120).Draw(t, "heard")), Absconded: rapid.Bool().Draw(t, "absconded"),
			Finding:  rapid.SampledFrom(append([]law.Finding{law.Breached, law.Breached, law.Breached, law.Breached, ""}, law.Findings...)).Draw(t, "finding"),
			Sanction: rapid.SampledFrom(append([]law.Sanction{""}, law.Sanctions...)).Draw(t, "sanction")}
		amount := func(of law.Sanction, most int) int {
			if c.Sanction != of && !rapid.SampledFrom([]bool{true, false, false, false, false, false, false, false, false, false}).Draw(t, "another") {
				return 0
			}
			return rapid.IntRange(0, most).Draw(t, string(of))
		}
		c.Fine, c.CommittalDays = amount(law.FineSanction, 1200), amount(law.Committal, 20)
		c.UnpaidHours, c.CurfewDays = amount(law.DefaultUnpaidWork, 80), amount(law.DefaultCurfew, 100)
		if c.Sanction.Order() {
			c.OrderEnds = c.HeardOn.AddDays(rapid.IntRange(-1, 120).Draw(t, "order ends"))
		}
		if len(CheckHearing(b, NewHearing{Case: c, Source: "court"}, law.Supervision{Begins: begins, Meant: ends}, day("2020-01-01"))) > 0 {
			return
		}
		accepted++
		given := 0
		for _, n := range []int{c.Fine, c.CommittalDays, c.UnpaidHours, c.CurfewDays} {
			given += min(n, 1)
		}
		switch {
		case given > 1, c.Fine > 1000, c.CommittalDays > 14, c.UnpaidHours > 60, c.UnpaidHours > 0 && c.UnpaidHours < 20, c.CurfewDays > 0 && c.CurfewDays < 20:
			t.Fatalf("past the limits: %+v", c)
		case given > 0 && c.Finding != law.Breached:
			t.Fatalf("a sanction without a breach: %+v", c)
		case (c.UnpaidHours > 0 || c.CurfewDays > 0) && (c.OrderEnds.After(ends) || c.OrderEnds.Before(c.HeardOn)):
			t.Fatalf("the order runs past %s: %+v", ends, c)
		case c.HeardOn.After(ends) && given > 0 && !c.Absconded:
			t.Fatalf("sanctioned after the end for somebody who did not abscond: %+v", c)
		case b.BreachedOn.Before(begins) || b.BreachedOn.After(ends):
			t.Fatalf("a breach on %s", b.BreachedOn)
		}
	}
	for range 5 { // of a hundred cases a handful are accepted
		rapid.Check(t, property)
	}
	if accepted == 0 {
		t.Error("no case was accepted: the property says nothing")
	}
}

// Whatever steps are tried, those accepted follow in the order of their days, at most one of
// them decides, and nothing follows it but the end of an order.
func TestStepsNeverGoBack(t *testing.T) {
	t.Parallel()
	every := []Step{Warned, NoAction, Recalled, Laid, Proceedings, Listed, Heard, Decided, Completed, Revoked}
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.SampledFrom(law.BreachOfs).Draw(t, "of")
		b := steps(of)
		for range rapid.IntRange(1, 12).Draw(t, "tries") {
			n := NewStep{Step: rapid.SampledFrom(every).Draw(t, "step"), On: b.BreachedOn.AddDays(rapid.IntRange(-1, 40).Draw(t, "on")), Note: "x", Source: "x"}
			if n.Step == Listed {
				n.ListedOn = n.On.AddDays(10)
			}
			if n.Step == Decided {
				n.Outcome = Dismissed
			}
			if len(CheckStep(b, n, nil, day("2020-01-01"))) == 0 {
				b.Steps = append(b.Steps, Entry{Step: n.Step, On: n.On, ListedOn: n.ListedOn, Outcome: n.Outcome})
			}
		}
		for i, e := range b.Steps {
			if i > 0 && e.On.Before(b.Steps[i-1].On) {
				t.Fatalf("%+v goes back", b.Steps)
			}
			if last := i == len(b.Steps)-1; !last && slices.Contains([]Step{NoAction, Recalled, Decided}, e.Step) {
				t.Fatalf("something follows: %+v", b.Steps)
			}
			if e.Step == Heard || e.Step == Revoked || e.Step == Completed {
				t.Fatalf("without a hearing: %+v", b.Steps)
			}
		}
	})
}
