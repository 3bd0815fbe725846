package registration_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/contact"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/link"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

var today = clock.NewDate(2026, 6, 1)

func is(t *testing.T, name string, c registration.Criterion, want registration.State) {
	t.Helper()
	if c.State != want || c.Why == "" || c.Text() == "" {
		t.Errorf("%s: %s (%s), want %s", name, c.State, c.Why, want)
	}
	if want != registration.NotKnown && c.State == registration.Met && len(c.Evidence) == 0 {
		t.Errorf("%s: met without evidence", name)
	}
}

func custody(on clock.Date, years, months, weeks, days int) sentence.Sentence {
	return sentence.Sentence{Kind: sentence.Custody, ImposedOn: on, Court: "Lewes Crown Court", Years: years, Months: months, Weeks: weeks, Days: days}
}

// TestFiveYearsToTheDay counts by the calendar: from 1 June 2026 five years have
// 1,826 days (one leap day, in 2028), from 1 March 2023 1,827 (2024 and 2028).
func TestFiveYearsToTheDay(t *testing.T) {
	t.Parallel()
	on, leap := clock.NewDate(2026, 6, 1), clock.NewDate(2023, 3, 1)
	life := custody(on, 0, 0, 0, 0)
	life.Life = true
	community := custody(on, 6, 0, 0, 0)
	community.Kind = sentence.CommunityOrder
	for _, c := range []struct {
		name string
		s    sentence.Sentence
		long bool
	}{
		{"five years", custody(on, 5, 0, 0, 0), true},
		{"sixty months", custody(on, 0, 60, 0, 0), true},
		{"four years and twelve months", custody(on, 4, 12, 0, 0), true},
		{"four years eleven months", custody(on, 4, 11, 0, 0), false},
		{"four years eleven months and 30 days, May has 31", custody(on, 4, 11, 0, 30), false},
		{"four years eleven months and 31 days", custody(on, 4, 11, 0, 31), true},
		{"1,825 days", custody(on, 0, 0, 0, 1825), false},
		{"1,826 days", custody(on, 0, 0, 0, 1826), true},
		{"1,826 days over two leap days", custody(leap, 0, 0, 0, 1826), false},
		{"1,827 days over two leap days", custody(leap, 0, 0, 0, 1827), true},
		{"260 weeks", custody(on, 0, 0, 260, 0), false},
		{"260 weeks and 6 days", custody(on, 0, 0, 260, 6), true},
		{"from 29 February", custody(clock.NewDate(2024, 2, 29), 5, 0, 0, 0), true},
		{"life", life, true},
		{"six years of a community order", community, false},
	} {
		if got := registration.LongCustody(c.s); got != c.long {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestFiveYearsFiresOnlySinceRegistration(t *testing.T) {
	t.Parallel()
	began := clock.NewDate(2026, 1, 10)
	five := func(on clock.Date) sentence.Sentence { return custody(on, 5, 0, 0, 0) }
	three := custody(clock.NewDate(2026, 3, 1), 3, 0, 0, 0)
	for _, c := range []struct {
		name string
		all  []sentence.Sentence
		want registration.State
	}{
		{"no sentence", nil, registration.NotMet},
		{"the day before", []sentence.Sentence{five(began.AddDays(-1))}, registration.NotMet},
		{"on the day", []sentence.Sentence{five(began)}, registration.Met},
		{"later", []sentence.Sentence{five(began.AddDays(50))}, registration.Met},
		{"short", []sentence.Sentence{three}, registration.NotMet},
		{"two of one day, five years in sum", []sentence.Sentence{three, three}, registration.NotKnown},
		{"two of two days", []sentence.Sentence{three, custody(clock.NewDate(2026, 3, 2), 3, 0, 0, 0)}, registration.NotMet},
		{"two before registration", []sentence.Sentence{custody(began.AddDays(-1), 3, 0, 0, 0), custody(began.AddDays(-1), 3, 0, 0, 0)}, registration.NotMet},
	} {
		is(t, c.name, registration.CheckFiveYears(began, c.all), c.want)
	}
}

// TestLongerIsNeverShort: a sentence that is long stays long with anything added.
func TestLongerIsNeverShort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := clock.NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "on"))
		part := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		s := custody(on, part("years", 6), part("months", 24), part("weeks", 60), part("days", 400))
		more := s
		more.Days += part("more days", 50)
		more.Months += part("more months", 5)
		if registration.LongCustody(s) && !registration.LongCustody(more) {
			t.Fatalf("%s is long and %s is not", s.Term(), more.Term())
		}
		// In days alone, five years are 1,826 or 1,827 at every start.
		days := custody(on, 0, 0, 0, part("whole", 3000))
		if long := registration.LongCustody(days); long && days.Days < 1826 || !long && days.Days >= 1827 {
			t.Fatalf("%d days from %s: long %v", days.Days, on, long)
		}
	})
}

// R81 and R82: level 3 is mandatory deregistration, and the guide's own contradiction
// is shown with it: both places are named, and that the meeting decides.
func TestMAPPALevel3IsShownWithTheContradiction(t *testing.T) {
	t.Parallel()
	for level := range 4 {
		c := registration.CheckMAPPA(link.MAPPA{Level: level, From: today}, level > 0)
		want := registration.NotMet
		if level == 3 {
			want = registration.Met
		}
		is(t, "MAPPA level", c, want)
		if !c.Mandatory || (c.Note != "") != (level == 3) {
			t.Errorf("level %d: %+v", level, c)
		}
		for _, said := range []string{"R81", "R103", "The meeting decides"} {
			if strings.Contains(c.Note, said) != (level == 3) {
				t.Errorf("level %d: the note says of %s: %q", level, said, c.Note)
			}
		}
	}
}

// No intelligence for more than three months (R83), computed from the day of the
// latest (R84).
func TestIntelligence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		may    bool
		latest clock.Date
		want   registration.State
	}{
		{"today", true, today, registration.NotMet},
		{"three months ago to the day", true, clock.NewDate(2026, 3, 1), registration.NotMet},
		{"a day more", true, clock.NewDate(2026, 2, 28), registration.Met},
		{"never", true, clock.Date{}, registration.NotKnown},
		{"may not read", false, clock.Date{}, registration.NotKnown},
		{"may not read what is there", false, today, registration.NotKnown},
	} {
		got := registration.CheckIntelligence(c.may, c.latest, today)
		is(t, c.name, got, c.want)
		if !c.may && len(got.Evidence) > 0 {
			t.Errorf("%s: tells %+v", c.name, got.Evidence)
		}
	}
}

// Negative drug tests (R83), computed from the results of three months (R84).
func TestDrugTests(t *testing.T) {
	t.Parallel()
	test := func(on clock.Date, r drugtest.Result) drugtest.Test { return drugtest.Test{TestedOn: on, Result: r} }
	old := clock.NewDate(2026, 2, 28)
	for _, c := range []struct {
		name string
		all  []drugtest.Test
		want registration.State
	}{
		{"none", nil, registration.NotKnown},
		{"negative", []drugtest.Test{test(today, drugtest.Negative)}, registration.Met},
		{"negative three months ago", []drugtest.Test{test(clock.NewDate(2026, 3, 1), drugtest.Negative)}, registration.Met},
		{"only an old one", []drugtest.Test{test(old, drugtest.Negative)}, registration.NotKnown},
		{"one positive among them", []drugtest.Test{test(today, drugtest.Negative), test(today, drugtest.Positive)}, registration.NotMet},
		{"positive first", []drugtest.Test{test(today, drugtest.Positive), test(today, drugtest.Negative)}, registration.NotMet},
		{"an old positive", []drugtest.Test{test(today, drugtest.Negative), test(old, drugtest.Positive)}, registration.Met},
		{"refused", []drugtest.Test{test(today, drugtest.Refused)}, registration.NotMet},
		{"not taken", []drugtest.Test{test(today, drugtest.NotTaken)}, registration.NotKnown},
	} {
		is(t, c.name, registration.CheckDrugTests(true, c.all, today), c.want)
		hidden := registration.CheckDrugTests(false, c.all, today)
		is(t, c.name+", not readable", hidden, registration.NotKnown)
		if len(hidden.Evidence) > 0 {
			t.Errorf("%s: tells %+v", c.name, hidden.Evidence)
		}
	}
}

// Full or good attendance (R83), computed from the appointments kept (R84).
func TestAttendance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                      string
		attended, missed, excused int
		want                      registration.State
	}{
		{"none", 0, 0, 3, registration.NotKnown},
		{"all", 4, 0, 1, registration.Met},
		{"nine of ten", 9, 1, 0, registration.Met},
		{"eight of nine", 8, 1, 0, registration.NotMet},
		{"none of two", 0, 2, 0, registration.NotMet},
	} {
		is(t, c.name, registration.CheckAttendance(contact.Rate{Attended: c.attended, Missed: c.missed, Excused: c.excused}, today), c.want)
	}
}

// Reduced risk (R83), as far as the ratings and needs tell.
func TestReducedRisk(t *testing.T) {
	t.Parallel()
	rated := func(newestFirst ...rag.Rating) (all []review.Rating) {
		for i, r := range newestFirst {
			all = append(all, review.Rating{ID: ref.RatingID(len(newestFirst) - i), Rating: r, RatedOn: today})
		}
		return all
	}
	drugs := func(newestFirst ...need.Level) (all []need.Entry) {
		for _, l := range newestFirst {
			all = append(all, need.Entry{Pathway: need.Substances, Level: l, On: today})
		}
		return all
	}
	for _, c := range []struct {
		name    string
		ratings []review.Rating
		needs   []need.Entry
		want    registration.State
	}{
		{"nothing", nil, nil, registration.NotKnown},
		{"never reviewed", rated(rag.Red), nil, registration.NotMet},
		{"RED to GREEN", rated(rag.Green, rag.Amber, rag.Red), drugs(need.Green, need.Red), registration.Met},
		{"RED to AMBER, the need as it was", rated(rag.Amber, rag.Red), drugs(need.Red), registration.Met},
		{"RED to AMBER, the need graver", rated(rag.Amber, rag.Red), drugs(need.Red, need.Amber), registration.NotKnown},
		{"AMBER to RED", rated(rag.Red, rag.Amber), drugs(need.Green, need.Red), registration.NotMet},
		{"there and back", rated(rag.Amber, rag.Red, rag.Amber), nil, registration.NotMet},
		{"in prison now", rated(rag.Prison, rag.Red), nil, registration.NotKnown},
		{"adopted in prison", rated(rag.Green, rag.Prison), nil, registration.NotKnown},
	} {
		is(t, c.name, registration.CheckRisk(c.ratings, c.needs), c.want)
	}
}

// Risk managed in another forum (R83): MAPPA level 2 or 3.
func TestAnotherForum(t *testing.T) {
	t.Parallel()
	for level, want := range []registration.State{registration.NotKnown, registration.NotKnown, registration.Met, registration.Met} {
		is(t, "level", registration.CheckForum(level, today, "MAPPA level"), want)
	}
}
