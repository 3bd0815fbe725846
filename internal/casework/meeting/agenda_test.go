package meeting_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// naive reads the guide once more, rule by rule and day by day, without sharing a
// line with the product: which rules put this person before the meeting.
func naive(c meeting.CaseFacts, next clock.Date) []string {
	rules := map[string]bool{}
	registered := c.Registration != 0
	if c.Referral != 0 {
		rules["R68"] = true
	}
	if registered && (c.Rating == "RED" || c.Rating == "RED ALERT") {
		rules["R65"] = true
	}
	if registered && len(c.Unratified) > 0 {
		rules["R50"] = true
	}
	if registered {
		for _, t := range c.Triggers {
			rules[t.Rule] = true
		}
	}
	if registered && c.ProposedOn != (clock.Date{}) {
		rules["R86"] = true
	}
	// AMBER: if the meeting left it to the next one, more than three months would
	// have gone by on a day before that.
	if registered && c.Rating == "AMBER" {
		for day := c.ReviewedOn; day.Before(next); day = day.AddDays(1) {
			if day == c.ReviewedOn.AddMonths(3) {
				rules["R66"] = true
			}
		}
		if !c.ReviewedOn.AddMonths(3).After(c.ReviewedOn) {
			rules["R66"] = true
		}
	}
	// PRISON: on some day before the next meeting, release is 84 days off or fewer.
	if registered && c.Rating == "PRISON" && c.ReleaseOn != (clock.Date{}) {
		if c.ReleaseOn.DaysSince(next.AddDays(-1)) <= 84 {
			rules["R117"] = true
		}
	}
	// PRISON: something of interest came after the meetings last had the case before them.
	if registered && c.Rating == "PRISON" && c.InformedAt.Sub(c.MetAt) > 0 {
		rules["R67"] = true
	}
	// Adopted from outside: on some day before the next meeting eight weeks at RED are
	// over, and no meeting has reviewed the case since they were.
	if registered && c.TransferFrom != "" {
		over := c.AdoptedOn
		for range 8 * 7 {
			over = over.AddDays(1)
		}
		if over.DaysSince(next) < 0 && c.ReviewedOn.DaysSince(over) < 0 {
			rules["R93"] = true
		}
	}
	// Five years or more and off the scheme: 12 months before release, once.
	if !registered && c.LongSentence && c.ReleaseOn != (clock.Date{}) {
		day := c.ReleaseOn.AddMonths(-12)
		if day.DaysSince(next) < 0 && c.BroughtFor != day {
			rules["R80"] = true
		}
	}
	if c.OpenActions > 0 {
		rules["R69"] = true
	}
	if c.Added != "" {
		rules["R59"] = true
	}
	var all []string
	for r := range rules {
		all = append(all, r)
	}
	slices.Sort(all)
	return all
}

var (
	today   = clock.NewDate(2026, 6, 1)
	dates   = rapid.Custom(func(t *rapid.T) clock.Date { return today.AddDays(rapid.IntRange(-500, 500).Draw(t, "days")) })
	ratings = rapid.SampledFrom(rag.Ratings)
)

// about is any day, and half the time one close to the day given: where a limit lies, a
// reading of the rules goes wrong by a day.
func about(t *rapid.T, label string, day clock.Date) clock.Date {
	if rapid.Bool().Draw(t, label+" anywhere") {
		return dates.Draw(t, label)
	}
	return day.AddDays(rapid.IntRange(-2, 2).Draw(t, label))
}

func maybe(t *rapid.T, label string) clock.Date {
	if rapid.Bool().Draw(t, label) {
		return clock.Date{}
	}
	return dates.Draw(t, label)
}

func someCase(t *rapid.T, id int, next clock.Date) meeting.CaseFacts {
	c := meeting.CaseFacts{Nominal: ref.NominalID(id), Name: rapid.SampledFrom([]string{"Ash", "birch", "Cedar", "Ash, Ann"}).Draw(t, "name")}
	if rapid.Bool().Draw(t, "referred") {
		c.Referral, c.SubmittedOn, c.Deferred = ref.ReferralID(id), dates.Draw(t, "submitted"), rapid.IntRange(0, 3).Draw(t, "deferred")
	}
	if rapid.Bool().Draw(t, "registered") {
		c.Registration, c.Rating, c.RatedOn, c.ReviewedOn = ref.RegistrationID(id), ratings.Draw(t, "rating"), dates.Draw(t, "rated"), about(t, "reviewed", next.AddMonths(-3))
	}
	if c.MetAt = next.AddDays(-30).At(10, 0); rapid.Bool().Draw(t, "of interest") {
		c.InformedAt = c.MetAt.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "seconds")) * time.Second)
	}
	if rapid.Bool().Draw(t, "from outside") {
		c.TransferFrom, c.AdoptedOn = "Kent", about(t, "adopted", next.AddDays(-56))
	}
	for range rapid.IntRange(0, 2).Draw(t, "unratified") {
		c.Unratified = append(c.Unratified, meeting.Unratified{Rating: rag.Red, RatedOn: dates.Draw(t, "between")})
	}
	if rapid.Bool().Draw(t, "trigger") {
		c.Triggers = append(c.Triggers, meeting.Reason{Rule: rapid.SampledFrom([]string{"R79", "R81"}).Draw(t, "which"), Text: "x", Since: dates.Draw(t, "since")})
	}
	c.ProposedOn, c.ReleaseOn, c.LongSentence = maybe(t, "proposed"), maybe(t, "release"), rapid.Bool().Draw(t, "long")
	if !c.ReleaseOn.IsZero() {
		c.ReleaseOn = about(t, "near release", next.AddDays(84))
	}
	if !c.ReleaseOn.IsZero() && rapid.Bool().Draw(t, "brought") {
		c.BroughtFor = c.ReleaseOn.AddMonths(-12)
	}
	if c.OpenActions = rapid.IntRange(0, 3).Draw(t, "actions"); c.OpenActions > 0 {
		c.OldestDue = dates.Draw(t, "due")
	}
	if rapid.Bool().Draw(t, "added") {
		c.Added, c.AddedOn = "the chair asks", dates.Draw(t, "on")
	}
	return c
}

// TestAgendaIsTheRules: R67 and R68, for random histories the agenda holds exactly the cases,
// and for each exactly the rules, that the naive reading gives.
func TestAgendaIsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := today.AddDays(rapid.IntRange(0, 60).Draw(t, "on"))
		next := on.AddDays(rapid.IntRange(1, 45).Draw(t, "next"))
		var cases []meeting.CaseFacts
		want := map[ref.NominalID]string{}
		for id := 1; id <= rapid.IntRange(0, 12).Draw(t, "cases"); id++ {
			c := someCase(t, id, next)
			cases = append(cases, c)
			if rules := naive(c, next); len(rules) > 0 {
				want[c.Nominal] = strings.Join(rules, " ")
			}
		}
		items := meeting.Agenda(cases, on, next)
		got := map[ref.NominalID]string{}
		for _, i := range items {
			var rules []string
			for _, r := range i.Reasons {
				rules = append(rules, r.Rule)
				if r.Since.IsZero() || r.Text == "" {
					t.Fatalf("case %d: rule %s says neither why nor since when", i.Nominal, r.Rule)
				}
			}
			slices.Sort(rules)
			if _, twice := got[i.Nominal]; twice {
				t.Fatalf("case %d stands twice", i.Nominal)
			}
			got[i.Nominal] = strings.Join(slices.Compact(rules), " ")
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("agenda %v, the rules say %v", got, want)
		}
	})
}

// TestAgendaDays puts a case on each side of the day that decides.
func TestAgendaDays(t *testing.T) {
	t.Parallel()
	on, next := clock.NewDate(2026, 6, 4), clock.NewDate(2026, 7, 2)
	amber := func(reviewed clock.Date) meeting.CaseFacts {
		return meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: rag.Amber, RatedOn: reviewed, ReviewedOn: reviewed}
	}
	prison := func(release clock.Date) meeting.CaseFacts {
		return meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: rag.Prison, RatedOn: on, ReviewedOn: on, ReleaseOn: release}
	}
	transferred := func(adopted, reviewed clock.Date, r rag.Rating) meeting.CaseFacts {
		return meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: r, RatedOn: adopted, ReviewedOn: reviewed, TransferFrom: "Kent", AdoptedOn: adopted}
	}
	long := func(release clock.Date) meeting.CaseFacts {
		return meeting.CaseFacts{Nominal: 1, LongSentence: true, ReleaseOn: release}
	}
	for name, c := range map[string]struct {
		facts meeting.CaseFacts
		want  bool
	}{
		"AMBER reviewed on 1 April falls due on 1 July, before the next":                     {amber(clock.NewDate(2026, 4, 1)), true},
		"AMBER reviewed on 2 April is in time at the next meeting":                           {amber(clock.NewDate(2026, 4, 2)), false},
		"AMBER reviewed on 4 March was due on the day of the meeting":                        {amber(clock.NewDate(2026, 3, 4)), true},
		"PRISON: 84 days before 23 September is 1 July":                                      {prison(clock.NewDate(2026, 9, 23)), true},
		"PRISON: 84 days before 24 September is the day of the next meeting":                 {prison(clock.NewDate(2026, 9, 24)), false},
		"PRISON: three months before 30 September is 30 June, 12 weeks is later (R48, R117)": {prison(clock.NewDate(2026, 9, 30)), false},
		"transfer lowered early: 8 weeks from 6 May is 1 July (R93)":                         {transferred(clock.NewDate(2026, 5, 6), clock.NewDate(2026, 6, 4), rag.Green), true},
		"transfer lowered early: 8 weeks from 7 May is the next meeting's (R93)":             {transferred(clock.NewDate(2026, 5, 7), clock.NewDate(2026, 6, 4), rag.Green), false},
		"transfer reviewed on the 56th day, 4 May (R93)":                                     {transferred(clock.NewDate(2026, 3, 9), clock.NewDate(2026, 5, 4), rag.Green), false},
		"transfer reviewed on the 55th day, 3 May (R93)":                                     {transferred(clock.NewDate(2026, 3, 9), clock.NewDate(2026, 5, 3), rag.Green), true},
		"PRISON without a release date":                                                      {prison(clock.Date{}), false},
		"long sentence: 12 months before 1 July 2027 is before the next":                     {long(clock.NewDate(2027, 7, 1)), true},
		"long sentence: 12 months before 2 July 2027 is the next meeting's":                  {long(clock.NewDate(2027, 7, 2)), false},
		"GREEN is on no agenda by a rule":                                                    {meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: rag.Green, RatedOn: on, ReviewedOn: clock.NewDate(2025, 1, 1)}, false},
		"RED is on every agenda, though it was reviewed the day before":                      {meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: rag.Red, RatedOn: on, ReviewedOn: on.AddDays(-1)}, true},
		"a long sentence of somebody registered is not R80's":                                {meeting.CaseFacts{Nominal: 1, Registration: 1, Rating: rag.Green, LongSentence: true, ReleaseOn: on}, false},
		"a rating between meetings of somebody no longer registered is history":              {meeting.CaseFacts{Nominal: 1, Unratified: []meeting.Unratified{{Rating: rag.Red, RatedOn: on}}}, false},
	} {
		if got := len(meeting.Agenda([]meeting.CaseFacts{c.facts}, on, next)) == 1; got != c.want {
			t.Errorf("%s: on the agenda %v, want %v", name, got, c.want)
		}
	}
}

// TestAgendaOrder: what the meeting decides comes first, RED ALERT before RED,
// then by name; and the counts say how many cases each rule brought.
func TestAgendaOrder(t *testing.T) {
	t.Parallel()
	on := clock.NewDate(2026, 6, 4)
	registered := func(id int64, name string, r rag.Rating) meeting.CaseFacts {
		return meeting.CaseFacts{Nominal: ref.NominalID(id), Name: name, Registration: ref.RegistrationID(id), Rating: r, RatedOn: on, ReviewedOn: clock.NewDate(2026, 1, 1)}
	}
	acting := registered(6, "Fir", rag.Green)
	acting.OpenActions, acting.OldestDue = 2, on
	items := meeting.Agenda([]meeting.CaseFacts{acting, registered(5, "Elm", rag.Amber), registered(4, "Dogwood", rag.Red), registered(3, "cedar", rag.Red),
		registered(2, "Yew", rag.RedAlert), {Nominal: 1, Name: "Zelkova", Referral: 1, SubmittedOn: on}}, on, on.AddMonths(1))
	var names []string
	for _, i := range items {
		names = append(names, i.Name)
	}
	if got, want := strings.Join(names, " "), "Zelkova Yew cedar Dogwood Elm Fir"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(meeting.Counts(items)), "[{R68 1} {R65 3} {R66 1} {R69 1}]"; got != want {
		t.Errorf("counts %s, want %s", got, want)
	}
}

func TestCadence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cadence  meeting.Cadence
		on, want clock.Date
	}{
		{meeting.Monthly, clock.NewDate(2026, 6, 4), clock.NewDate(2026, 7, 6)},         // 4 July is a Saturday
		{meeting.Monthly, clock.NewDate(2026, 1, 30), clock.NewDate(2026, 3, 2)},        // 28 February is a Saturday
		{meeting.Fortnightly, clock.NewDate(2026, 12, 11), clock.NewDate(2026, 12, 29)}, // Christmas, a weekend, its substitute day
		{meeting.Weekly, clock.NewDate(2026, 6, 4), clock.NewDate(2026, 6, 11)},
	} {
		if got := c.cadence.Next(c.on); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.cadence, c.on, got, c.want)
		}
	}
}
