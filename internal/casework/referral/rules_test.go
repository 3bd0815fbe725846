package referral_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/referral"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// rules are the rule numbers of problems with their sections, as "R7 considerations".
func rules(all []fault.Problem) []string {
	named := []string{}
	for _, p := range all {
		named = append(named, p.Rule+" "+p.Field)
	}
	slices.Sort(named)
	return slices.Compact(named)
}

// What Appendix 2 and the guidance for referrals want before a referral goes to the
// meeting, for an adult and for a child (R8); each case names its rule.
func TestWhatASubmissionNeeds(t *testing.T) {
	t.Parallel()
	if got := rules(referral.MaySubmit(complete(), today)); len(got) != 0 {
		t.Fatalf("a complete referral: %v", got)
	}
	if got := rules(referral.MaySubmit(completeChild(), today)); len(got) != 0 {
		t.Fatalf("a complete referral of a child: %v", got)
	}
	for name, c := range map[string]struct {
		without func(f *referral.Form)
		want    []string
	}{
		"no name":             {func(f *referral.Form) { f.Personal.FamilyName = " " }, []string{"R13 personal"}},
		"no birth":            {func(f *referral.Form) { f.Personal.Born = clock.Date{} }, []string{"R13 personal"}},
		"born tomorrow":       {func(f *referral.Form) { f.Personal.Born = today.AddDays(1) }, []string{"R107 youth", "R13 personal"}},
		"warnings unanswered": {func(f *referral.Form) { f.Personal.Warnings = nil }, []string{"R16 personal"}},
		"warnings none":       {func(f *referral.Form) { f.Personal.Warnings, f.Personal.NoWarnings = nil, true }, nil},
		"warnings and none":   {func(f *referral.Form) { f.Personal.NoWarnings = true }, []string{"R16 personal"}},
		"no contact":          {func(f *referral.Form) { f.Details.Contact = "" }, []string{"R17 details"}},
		"no date":             {func(f *referral.Form) { f.Details.Date = clock.Date{} }, []string{"R17 details"}},
		"dated tomorrow":      {func(f *referral.Form) { f.Details.Date = today.AddDays(1) }, []string{"R17 details"}},
		"no evidence":         {func(f *referral.Form) { f.Justification.Evidence = "" }, []string{"R18 justification"}},
		"no score":            {func(f *referral.Form) { f.Justification.Scores = nil }, []string{"R4 justification"}},
		"no score, and why":   {func(f *referral.Form) { f.Justification.Scores, f.Justification.NoScore = nil, "First offence" }, nil},
		"no index offence":    {func(f *referral.Form) { f.Justification.IndexOffences = "" }, []string{"R19 justification"}},
		"SED before LED":      {func(f *referral.Form) { f.Justification.LED, f.Justification.SED = today, today.AddDays(-1) }, []string{"R19 justification"}},
		"cost not considered": {func(f *referral.Form) {
			f.Justification.Considered = []string{"intelligence", "local crime priorities"}
		}, []string{"R4 justification"}},
		"nothing considered, and why": {func(f *referral.Form) { f.Justification.Considered, f.Justification.Considering = nil, "Urgent" }, nil},
		"no history":                  {func(f *referral.Form) { f.History = referral.History{} }, []string{"R20 history"}},
		"convictions only":            {func(f *referral.Form) { f.History = referral.History{Convictions: "4 for theft"} }, nil},
		"agencies unanswered":         {func(f *referral.Form) { f.Agencies.Rows = nil }, []string{"R21 agencies"}},
		"agencies none":               {func(f *referral.Form) { f.Agencies = referral.Agencies{None: true} }, nil},
		"no pathway":                  {func(f *referral.Form) { f.Pathways.Rows = nil }, []string{"R22 pathways"}},
		"red without a need":          {func(f *referral.Form) { f.Pathways.Rows = []referral.Pathway{{Pathway: "health", Level: "red"}} }, []string{"R22 pathways"}},
		"a case rating for a pathway": {func(f *referral.Form) {
			f.Pathways.Rows = []referral.Pathway{{Pathway: "health", Level: "RED ALERT", Needs: "x"}}
		}, []string{"R22 pathways"}},
		"groups unanswered":           {func(f *referral.Form) { f.Groups = referral.Groups{} }, nil},
		"no risk assessment":          {func(f *referral.Form) { f.Risk.Narrative = "" }, []string{"R26 risk"}},
		"no vulnerability":            {func(f *referral.Form) { f.Risk.Vulnerability = "" }, nil}, // R12 reminds
		"question 1":                  {func(f *referral.Form) { f.Considerations.ComplexNeeds = "" }, []string{"R27 considerations"}},
		"question 2":                  {func(f *referral.Form) { f.Considerations.Intelligence = "" }, []string{"R28 considerations"}},
		"question 3":                  {func(f *referral.Form) { f.Considerations.MultiAgency = "" }, []string{"R29 considerations"}},
		"question 4":                  {func(f *referral.Form) { f.Considerations.Pattern = "" }, []string{"R30 considerations"}},
		"question 5":                  {func(f *referral.Form) { f.Considerations.Benefit = "" }, []string{"R31 considerations"}},
		"elsewhere unanswered":        {func(f *referral.Form) { f.Considerations.Elsewhere = "" }, []string{"R7 considerations"}},
		"elsewhere, and nothing more": {func(f *referral.Form) { f.Considerations.Elsewhere = referral.Yes }, []string{"R7 considerations"}},
		"elsewhere, which and why": {func(f *referral.Form) {
			c := &f.Considerations
			c.Elsewhere, c.ElsewhereWhich, c.ElsewhereWhy = referral.Yes, "MAPPA 2", "Ends in May"
		}, nil},
		"no rating":                 {func(f *referral.Form) { f.Rating = referral.Rating{} }, []string{"R3 rating"}},
		"a rating without reason":   {func(f *referral.Form) { f.Rating.Reason = "" }, []string{"R3 rating"}},
		"a need level for a rating": {func(f *referral.Form) { f.Rating.Rating, f.Rating.Characteristics = "red", nil }, []string{"R38 rating"}},
		"another rating's feature":  {func(f *referral.Form) { f.Rating.Characteristics = []string{"Stable in the community"} }, []string{"R38 rating"}},
		"a child of 17":             {func(f *referral.Form) { f.Personal.Born = childBorn }, []string{"R107 youth"}},
		"18 on the day":             {func(f *referral.Form) { f.Personal.Born = clock.NewDate(2008, 6, 1) }, nil},
		"17 on the day of the referral": {func(f *referral.Form) {
			f.Personal.Born, f.Details.Date = clock.NewDate(2008, 5, 30), clock.NewDate(2026, 5, 29)
		},
			[]string{"R107 youth"}},
	} {
		f := complete()
		c.without(&f)
		if got := rules(referral.MaySubmit(f, today)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A child can be referred as an adult can, and is never accepted automatically (R8):
// R107 wants both assessments; R108 is no way in; R109 waits until adoption.
func TestAChildIsNeverAcceptedAutomatically(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change        func(y *referral.Youth)
		submit, adopt []string
	}{
		"all there":                     {func(*referral.Youth) {}, nil, nil},
		"high risk alone":               {func(y *referral.Youth) { y.Harm = referral.No }, []string{"R107 youth"}, []string{"R107 youth"}},
		"harm alone":                    {func(y *referral.Youth) { y.HighRisk = "" }, []string{"R107 youth"}, []string{"R107 youth"}},
		"without evidence":              {func(y *referral.Youth) { y.HarmText = "" }, []string{"R107 youth"}, []string{"R107 youth"}},
		"ISS and gang are no way round": {func(y *referral.Youth) { y.ISS, y.Gang, y.Harm = referral.Yes, referral.Yes, referral.No }, []string{"R107 youth"}, []string{"R107 youth"}},
		"not discussed":                 {func(y *referral.Youth) { y.DiscussedOn = clock.Date{} }, nil, []string{"R109 youth"}},
		"without the sergeant":          {func(y *referral.Youth) { y.Sergeant = "" }, nil, []string{"R109 youth"}},
		"without the YOT":               {func(y *referral.Youth) { y.Worker = "" }, nil, []string{"R109 youth"}},
		"nothing said":                  {func(y *referral.Youth) { y.Said = "" }, nil, []string{"R109 youth"}},
	} {
		f := completeChild()
		c.change(&f.Youth)
		if got := rules(referral.MaySubmit(f, today)); !slices.Equal(got, c.submit) {
			t.Errorf("%s: submit %v, want %v", name, got, c.submit)
		}
		if got := rules(referral.MayAdopt(f, today)); !slices.Equal(got, c.adopt) {
			t.Errorf("%s: adopt %v, want %v", name, got, c.adopt)
		}
	}
	adult := complete()
	if got := referral.MayAdopt(adult, today); len(got) != 0 {
		t.Errorf("an adult: %v", got)
	}
	adult.Considerations.Elsewhere = ""
	if got := rules(referral.MayAdopt(adult, today)); !slices.Equal(got, []string{"R7 considerations"}) {
		t.Errorf("R7 unanswered: %v", got)
	}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	f := completeChild()
	f.Personal.PNCIDTyped, f.Personal.PNCID = "20030011985Z", "2003/0011985Z"
	f.Risk.Vulnerability, f.Youth.Said, f.Youth.Gang = "", "", referral.Yes
	want := []string{"R108 youth", "R109 youth", "R12 risk", "R13 personal", "R22 pathways", "R24 groups"}
	if got := rules(referral.Reminders(f, 7, today)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Whatever is answered: the rules do not panic, a child is told apart from an
// adult by the 18th birthday alone, every problem leads to a section, and a form
// that may be adopted as a child has its discussion.
func TestRulesOverAnyForm(t *testing.T) {
	t.Parallel()
	yesNo := rapid.SampledFrom([]referral.YesNo{"", referral.Yes, referral.No})
	text := rapid.SampledFrom([]string{"", "something"})
	day := rapid.Custom(func(t *rapid.T) clock.Date { return today.AddDays(rapid.IntRange(-12000, 5).Draw(t, "days")) })
	rapid.Check(t, func(t *rapid.T) {
		f := complete()
		f.Personal.Born, f.Details.Date = day.Draw(t, "born"), day.Draw(t, "date")
		f.Considerations.Elsewhere, f.Considerations.ElsewhereWhich, f.Considerations.ElsewhereWhy = yesNo.Draw(t, "elsewhere"), text.Draw(t, "which"), text.Draw(t, "why")
		f.Youth = referral.Youth{HighRisk: yesNo.Draw(t, "high"), HighRiskText: text.Draw(t, "ht"), Harm: yesNo.Draw(t, "harm"), HarmText: text.Draw(t, "hat"),
			ISS: yesNo.Draw(t, "iss"), Gang: yesNo.Draw(t, "gang"), Sergeant: text.Draw(t, "ds"), Worker: text.Draw(t, "yot"), Said: text.Draw(t, "said"),
			DiscussedOn: rapid.SampledFrom([]clock.Date{{}, today}).Draw(t, "on")}
		f.Rating.Rating = rapid.SampledFrom(rag.Ratings).Draw(t, "rating")
		for _, p := range append(referral.MaySubmit(f, today), referral.MayAdopt(f, today)...) {
			if _, ok := referral.ParseSection(p.Field); !ok || p.Text == "" {
				t.Fatalf("%+v leads nowhere", p)
			}
		}
		eighteen := clock.NewDate(f.Personal.Born.Year+18, f.Personal.Born.Month, f.Personal.Born.Day)
		if child := referral.IsChild(f, today); child != f.Details.Date.Before(eighteen) {
			t.Fatalf("born %s, referred %s: child %t", f.Personal.Born, f.Details.Date, child)
		}
		if len(referral.MayAdopt(f, today)) > 0 {
			return
		}
		c, y := f.Considerations, f.Youth
		if c.Elsewhere == "" || c.Elsewhere == referral.Yes && (c.ElsewhereWhich == "" || c.ElsewhereWhy == "") {
			t.Fatal("adopted without R7")
		}
		if f.Details.Date.Before(eighteen) && (y.HighRisk != referral.Yes || y.Harm != referral.Yes || y.DiscussedOn.IsZero() || y.Said == "") {
			t.Fatal("a child adopted without R107 or R109")
		}
	})
}

// What is saved comes back, and what an unanswered form holds is no answer.
func TestAnswersComeBackFromJSON(t *testing.T) {
	t.Parallel()
	f := completeChild()
	for _, section := range referral.Order {
		stored, err := json.Marshal(f.Of(section))
		if err != nil {
			t.Fatal(err)
		}
		back := reflect.New(reflect.TypeOf(f.Of(section)))
		if err := json.Unmarshal(stored, back.Interface()); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back.Elem().Interface(), f.Of(section)) {
			t.Errorf("%s: %s", section, stored)
		}
	}
	var blank referral.Form
	for _, section := range referral.Order {
		for _, line := range blank.Of(section).Lines() {
			if line.Value != "" {
				t.Errorf("%s of a blank form: %q", line.Label, line.Value)
			}
		}
	}
	if got := len(blank.Pathways.Lines()); got != len(need.Pathways) {
		t.Errorf("%d pathways", got)
	}
}
