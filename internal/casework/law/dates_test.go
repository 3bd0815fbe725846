package law

import (
	"slices"
	"testing"

	"iom/internal/platform/clock"
)

// sentenced is an input in one line.
func sentenced(on, term, offence string, change ...func(*Input)) Input {
	t, err := ParseTerm(term)
	if err != nil {
		panic(err)
	}
	in := Input{Kind: Standard, Sentenced: day(on), Term: t, Offence: day(offence), Answers: map[QuestionID]Answer{}}
	for _, c := range change {
		c(&in)
	}
	return in
}

func remand(days int) func(*Input)   { return func(in *Input) { in.Remand = days } }
func tagged(days int) func(*Input)   { return func(in *Input) { in.TaggedBail = days } }
func added(days int) func(*Input)    { return func(in *Input) { in.Added = days } }
func atLarge(days int) func(*Input)  { return func(in *Input) { in.AtLarge = days } }
func laterUAL(days int) func(*Input) { return func(in *Input) { in.AtLater = days } }
func born(on string) func(*Input)    { return func(in *Input) { in.Born = day(on) } }
func kind(k Kind) func(*Input)       { return func(in *Input) { in.Kind = k } }
func met(q Question) func(*Input)    { return func(in *Input) { in.Answers[q.ID] = Met } }

func computed(t *testing.T, in Input, on string) Computed {
	t.Helper()
	c, ok := Dates(in, day(on)).(Computed)
	if !ok {
		t.Fatalf("not computed: %+v", Dates(in, day(on)))
	}
	return c
}

func iso(d clock.Date) string {
	if d.IsZero() {
		return "none"
	}
	return d.String()
}

// supervisedTo is the end where supervision goes, or went, to its end.
func supervisedTo(c Computed) string {
	if c.Supervision.State != RunsToEnd {
		return "none"
	}
	return iso(c.Supervision.Ends)
}

// The worked cases of the public record and the guide's two drawn examples (R122-R126), each by the law of a day.
// The expected days are those of the Ministry of Justice's own examples, or counted by hand.
func TestWorkedCasesToTheDay(t *testing.T) {
	t.Parallel()
	const today = "2026-11-22"
	for _, c := range []struct {
		name                                      string
		in                                        Input
		on                                        string
		release, released, expiry, expires, tused string
		rule                                      RuleSet
	}{
		{"1: half, remand (R125)", sentenced("2015-02-16", "8m", "2015-02-16", remand(21)), today, "CRD", "2015-05-26", "SLED", "2015-09-24", "2016-05-26", HalfWay},
		{"2: half, offence before 1 February 2015 (R122, R123)", sentenced("2012-12-17", "8m", "2012-12-17", remand(10)), today, "ARD", "2013-04-07", "SED", "2013-08-06", "none", HalfWay},
		{"5: half, from the first of a month", sentenced("2021-01-01", "3m", "2020-04-02"), today, "CRD", "2021-02-14", "SLED", "2021-03-31", "2022-02-14", HalfWay},
		{"11: 40%", sentenced("2024-09-20", "1y6m", "2024-09-20"), today, "CRD", "2025-04-26", "SLED", "2026-03-19", "2026-04-26", Forty},
		{"13: 40%, supervision repealed", sentenced("2025-01-05", "20m", "2025-01-05"), today, "CRD", "2025-09-05", "SLED", "2026-09-04", "none", Forty},
		{"13: the same under the law before the repeal", sentenced("2025-01-05", "20m", "2025-01-05"), "2026-05-10", "CRD", "2025-09-05", "SLED", "2026-09-04", "2026-09-05", Forty},
		{"14: one-third", sentenced("2026-10-02", "20m", "2026-10-02"), today, "CRD", "2027-04-22", "SLED", "2028-06-01", "none", Third},
		{"the guide's 6 months: 3 + 3 + 9 (R126)", sentenced("2016-06-15", "6m", "2016-06-15"), today, "CRD", "2016-09-14", "SLED", "2016-12-14", "2017-09-14", HalfWay},
		{"the guide's 18 months: 9 + 9 + 3 (R126)", sentenced("2016-02-10", "18m", "2016-02-10"), today, "CRD", "2016-11-09", "SLED", "2017-08-09", "2017-11-09", HalfWay},

		{"one day (R123)", sentenced("2016-06-15", "1d", "2016-06-15"), today, "ARD", "2016-06-15", "SED", "2016-06-15", "none", HalfWay},
		{"two days have licence and supervision (R124)", sentenced("2016-06-15", "2d", "2016-06-15"), today, "CRD", "2016-06-15", "SLED", "2016-06-16", "2017-06-15", HalfWay},
		{"offence on 31 January 2015 (R122)", sentenced("2015-06-15", "6m", "2015-01-31"), today, "ARD", "2015-09-14", "SED", "2015-12-14", "none", HalfWay},
		{"offence on 1 February 2015 (R122)", sentenced("2015-06-15", "6m", "2015-02-01"), today, "CRD", "2015-09-14", "SLED", "2015-12-14", "2016-09-14", HalfWay},
		{"12 months for an old offence has a licence, no supervision (R122)", sentenced("2015-06-15", "12m", "2015-01-31"), today, "CRD", "2015-12-14", "SLED", "2016-06-14", "none", HalfWay},
		{"under 18 on release, under 12 months (R123)", sentenced("2016-06-15", "6m", "2016-06-15", born("1998-09-15")), today, "ARD", "2016-09-14", "SED", "2016-12-14", "none", HalfWay},
		{"18 on the day of release (R123)", sentenced("2016-06-15", "6m", "2016-06-15", born("1998-09-14")), today, "CRD", "2016-09-14", "SLED", "2016-12-14", "2017-09-14", HalfWay},
		{"under 18 on release, 12 months (R123)", sentenced("2016-06-15", "12m", "2016-06-15", born("1999-09-15")), today, "CRD", "2016-12-14", "SLED", "2017-06-14", "none", HalfWay},
		{"exactly two years: no supervision (R124)", sentenced("2016-06-15", "2y", "2016-06-15"), today, "CRD", "2017-06-14", "SLED", "2018-06-14", "none", HalfWay},
		{"a day under two years (R124)", sentenced("2016-06-15", "729d", "2016-06-15"), today, "CRD", "2017-06-14", "SLED", "2018-06-13", "2018-06-14", HalfWay},
		{"23 months at 40%: licence of 12 months by itself (R125)", sentenced("2024-09-20", "23m", "2024-09-20"), "2025-01-01", "CRD", "2025-06-26", "SLED", "2026-08-19", "none", Forty},

		{"tagged bail counts as remand does", sentenced("2015-02-16", "8m", "2015-02-16", tagged(21)), today, "CRD", "2015-05-26", "SLED", "2015-09-24", "2016-05-26", HalfWay},
		{"added days move release alone, not supervision (R125)", sentenced("2016-06-15", "6m", "2016-06-15", added(10)), today, "CRD", "2016-09-24", "SLED", "2016-12-14", "2017-09-14", HalfWay},
		{"added days never past the end", sentenced("2016-06-15", "6m", "2016-06-15", added(200)), today, "CRD", "2016-12-14", "SLED", "2016-12-14", "2017-09-14", HalfWay},
		{"at large before release moves everything", sentenced("2016-06-15", "6m", "2016-06-15", atLarge(5)), today, "CRD", "2016-09-19", "SLED", "2016-12-19", "2017-09-19", HalfWay},
		{"at large after release moves the ends", sentenced("2016-06-15", "6m", "2016-06-15", laterUAL(5)), today, "CRD", "2016-09-14", "SLED", "2016-12-19", "2017-09-19", HalfWay},
		{"more remand than custody: released at once", sentenced("2016-06-15", "6m", "2016-06-15", remand(120)), today, "CRD", "2016-06-15", "SLED", "2016-08-16", "2017-06-15", HalfWay},
		{"supervision over a 29 February", sentenced("2019-08-31", "12m", "2019-08-31"), today, "CRD", "2020-02-29", "SLED", "2020-08-30", "2021-02-28", HalfWay},

		{"40% for one running on 10 September 2024, tranche 1", sentenced("2024-05-09", "10m", "2022-02-04"), today, "CRD", "2024-09-10", "SLED", "2025-03-08", "2025-09-07", Forty},
		{"the same by the law of the day before", sentenced("2024-05-09", "10m", "2022-02-04"), "2024-09-09", "CRD", "2024-10-07", "SLED", "2025-03-08", "2025-10-07", HalfWay},
		{"40% tranche 2: five years or more", sentenced("2021-12-10", "6y", "2021-12-10"), today, "CRD", "2024-10-22", "SLED", "2027-12-09", "none", Forty},
		{"exactly five years is tranche 2", sentenced("2022-06-01", "5y", "2022-06-01"), today, "CRD", "2024-10-22", "SLED", "2027-05-31", "none", Forty},
		{"half on 10 September 2024 itself stays", sentenced("2024-04-11", "10m", "2024-04-11"), today, "CRD", "2024-09-10", "SLED", "2025-02-10", "2025-09-10", HalfWay},
		{"excluded from 40%", sentenced("2024-09-20", "1y6m", "2024-09-20", met(AskExcluded40)), "2026-01-01", "CRD", "2025-06-19", "SLED", "2026-03-19", "2026-06-19", HalfWayKept},
		{"excluded since 16 December 2024", sentenced("2024-09-20", "1y6m", "2024-09-20", met(AskExcludedLater)), "2025-01-01", "CRD", "2025-06-19", "SLED", "2026-03-19", "2026-06-19", HalfWayKept},
		{"the same by the law of the day before", sentenced("2024-09-20", "1y6m", "2024-09-20", met(AskExcludedLater)), "2024-12-15", "CRD", "2025-04-26", "SLED", "2026-03-19", "2026-04-26", Forty},
		{"excluded from 40% and running when it began", sentenced("2024-05-09", "10m", "2022-02-04", met(AskExcluded40)), today, "CRD", "2024-10-07", "SLED", "2025-03-08", "2025-10-07", HalfWayKept},
		{"excluded from 40% and released before it began", sentenced("2023-01-02", "6m", "2022-02-04", met(AskExcluded40)), today, "CRD", "2023-04-02", "SLED", "2023-07-01", "2024-04-02", HalfWay},
		{"half before the day of tranche 2: not held for it", sentenced("2021-10-01", "6y", "2021-10-01"), today, "CRD", "2024-09-30", "SLED", "2027-09-30", "none", HalfWay},
		{"a licence of 365 days is 12 months by itself (R125)", sentenced("2019-03-01", "730d", "2019-03-01"), today, "CRD", "2020-02-28", "SLED", "2021-02-27", "none", HalfWay},
		{"a licence of 364 days is not (R125)", sentenced("2019-03-01", "729d", "2019-03-01"), today, "CRD", "2020-02-28", "SLED", "2021-02-26", "2021-02-28", HalfWay},
		{"two-thirds", sentenced("2023-01-10", "9y", "2022-07-01", met(AskPlus)), "2026-01-01", "CRD", "2029-01-09", "SLED", "2032-01-09", "none", TwoThirds},

		{"two years have no supervision whatever the share (R124)", sentenced("2023-01-10", "2y", "2022-07-01", met(AskPlus)), "2026-01-01", "CRD", "2024-05-11", "SLED", "2025-01-09", "none", TwoThirds},

		{"one-third comes with tranche 3", sentenced("2025-12-03", "2y6m", "2025-12-02"), today, "CRD", "2026-11-10", "SLED", "2028-06-02", "none", Third},
		{"the same by the law of the day before", sentenced("2025-12-03", "2y6m", "2025-12-02"), "2026-09-30", "CRD", "2026-12-03", "SLED", "2028-06-02", "none", Forty},
		{"added days come after the day of the tranche", sentenced("2025-12-03", "2y6m", "2025-12-02", added(30)), today, "CRD", "2026-12-10", "SLED", "2028-06-02", "none", Third},
		{"released at 40% before the tranche", sentenced("2025-12-03", "2y6m", "2025-12-02", remand(30)), today, "CRD", "2026-11-03", "SLED", "2028-05-03", "none", Forty},
		{"added days do not bring the tranche nearer", sentenced("2025-12-03", "2y6m", "2025-12-02", remand(30), added(10)), today, "CRD", "2026-11-13", "SLED", "2028-05-03", "none", Forty},
		{"one-third for an old offence under 12 months has a licence", sentenced("2026-10-05", "8m", "2014-06-01"), today, "CRD", "2026-12-24", "SLED", "2027-06-04", "none", Third},
		{"detention under section 250 keeps 40%", sentenced("2026-10-02", "20m", "2026-10-02", kind(Section250)), today, "CRD", "2027-06-02", "SLED", "2028-06-01", "none", FortyKept},
		{"excluded from one-third keeps 40%", sentenced("2026-10-02", "20m", "2026-10-02", met(AskExcludedThird)), today, "CRD", "2027-06-02", "SLED", "2028-06-01", "none", FortyKept},
		{"the law of a day before the sentence is not asked", sentenced("2026-10-02", "20m", "2026-10-02"), "2020-01-01", "CRD", "2027-04-22", "SLED", "2028-06-01", "none", Third},
	} {
		got := computed(t, c.in, c.on)
		for _, check := range []struct{ what, got, want string }{
			{"release", got.Release.Mark.Short() + " " + iso(got.Release.On), c.release + " " + c.released},
			{"expiry", got.Expiry.Mark.Short() + " " + iso(got.Expiry.On), c.expiry + " " + c.expires},
			{"supervision", supervisedTo(got), c.tused},
			{"rule set", got.Release.Rule.ID, c.rule.ID},
		} {
			if check.got != check.want {
				t.Errorf("%s: %s %s, want %s", c.name, check.what, check.got, check.want)
			}
		}
	}
}

// R125, and the repeal of it: supervision that was over by 10 May 2026 stays as history,
// what was running ended on 11 May 2026, what had not begun never did.
func TestTheRepealEndsSupervisionUnderR125(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, on, sentenced string
		state               SupervisionState
		begins, ends        string
	}{
		{"over before", "2026-11-22", "2024-09-20", RunsToEnd, "2025-03-20", "2025-12-01"},
		{"running, seen before the repeal", "2026-05-10", "2025-06-01", RunsToEnd, "2025-12-01", "2026-08-13"},
		{"running, seen on the day of the repeal", "2026-05-11", "2025-06-01", EndedByTheRepeal, "2025-12-01", "2026-05-11"},
		{"running, seen later", "2026-11-22", "2025-06-01", EndedByTheRepeal, "2025-12-01", "2026-05-11"},
		{"not begun", "2026-11-22", "2025-12-01", EndedByTheRepeal, "none", "none"},
		{"sentenced after", "2026-11-22", "2026-06-01", NoSupervision, "none", "none"},
	} {
		got := computed(t, sentenced(c.sentenced, "6m", c.sentenced), c.on).Supervision
		if got.State != c.state || iso(got.Begins) != c.begins || iso(got.Ends) != c.ends {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// What the repeal took away does not change when release comes at one-third later: by the law
// before it, 19 months from 1 April 2026 meant release at 40% on 18 November 2026 and supervision to 18 November 2027 (R125).
func TestOneThirdDoesNotRewriteWhatTheRepealEnded(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"2026-05-11", "2026-11-22"} {
		got := computed(t, sentenced("2026-04-01", "19m", "2026-04-01"), on)
		if got.Supervision.State != EndedByTheRepeal || iso(got.Supervision.Meant) != "2027-11-18" {
			t.Errorf("by the law of %s: %+v", on, got.Supervision)
		}
	}
	if got := computed(t, sentenced("2026-04-01", "19m", "2026-04-01"), "2026-11-22"); iso(got.Release.On) != "2026-10-13" || got.Release.Rule.ID != Third.ID {
		t.Errorf("%+v", got.Release)
	}
}

// Sentences whose law is not held give no date, and say so.
func TestWhatIsNotCoveredHasNoDate(t *testing.T) {
	t.Parallel()
	ok := sentenced("2024-09-20", "18m", "2024-09-20")
	for name, change := range map[string]func(*Input){
		"extended": kind(Extended), "life": kind(Life), "training order": kind(Training), "particular concern": kind(Concern), "default": kind(InDefault),
		"several terms":       func(in *Input) { in.Consecutive = true },
		"offence not known":   func(in *Input) { in.Offence = clock.Date{} },
		"before 2005":         func(in *Input) { in.Sentenced, in.Offence = day("2005-04-03"), day("2005-01-01") },
		"old offence, 2010":   func(in *Input) { in.Sentenced, in.Offence = day("2010-04-03"), day("2005-04-03") },
		"unknown offence '10": func(in *Input) { in.Sentenced, in.Offence = day("2010-04-03"), clock.Date{} },
	} {
		in := ok
		change(&in)
		got, is := Dates(in, day("2026-11-22")).(NotCovered)
		if !is || got.Why == "" || got.Ask == "" {
			t.Errorf("%s: %+v", name, Dates(in, day("2026-11-22")))
		}
	}
	long := sentenced("2024-09-20", "3y", "2024-09-20")
	long.Offence = clock.Date{}
	if _, is := Dates(long, day("2026-11-22")).(Computed); !is {
		t.Error("the day of the offence decides nothing for three years passed in 2024")
	}
}

func TestWrongEntriesAreSaidAtTheirField(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Input){
		"kind": kind(""), "sentenced": func(in *Input) { in.Sentenced, in.Offence = clock.Date{}, clock.Date{} }, "term": func(in *Input) { in.Term = Term{} },
		"offence": func(in *Input) { in.Offence = day("2024-09-21") }, "born": born("2024-09-21"),
		"remand": remand(-1), "tagged_bail": tagged(20001), "added": added(-1), "ual": atLarge(-1), "ual_later": laterUAL(-1),
	} {
		in := sentenced("2024-09-20", "18m", "2024-09-20", change)
		got, is := Dates(in, day("2026-11-22")).(Wrong)
		if !is || len(got.Problems) != 1 || got.Problems[0].Field != want {
			t.Errorf("%s: %+v", want, Dates(in, day("2026-11-22")))
		}
	}
}

// R120: curfew moves nothing else; by the Ministry's examples and by hand.
func TestHomeDetentionCurfew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, on string
		in       Input
		want     string
	}{
		{"half of custody", "2026-05-10", sentenced("2015-02-16", "8m", "2015-02-16", remand(21)), "2015-03-28"},
		{"half of custody at 40%", "2026-05-10", sentenced("2025-01-05", "20m", "2025-01-05"), "2025-05-07"},
		{"365 days before release", "2026-05-10", sentenced("2025-06-06", "60m", "2022-04-20", remand(352), atLarge(20)), "2025-07-10"},
		{"180 days before release, before 2025", "2024-09-09", sentenced("2024-02-19", "4y", "2023-10-22"), "2025-08-23"},
		{"less than six weeks", "2026-05-10", sentenced("2016-06-15", "82d", "2016-06-15"), "none"},
		{"six weeks", "2026-05-10", sentenced("2016-06-15", "84d", "2016-06-15"), "2016-07-13"},
		{"at least 14 days after the sentence", "2026-05-10", sentenced("2016-06-15", "6m", "2016-06-15", remand(60)), "2016-06-29"},
		{"release within 14 days", "2026-05-10", sentenced("2016-06-15", "6m", "2016-06-15", remand(85)), "none"},
		{"registered", "2026-05-10", sentenced("2015-02-16", "8m", "2015-02-16", met(AskSexOffender)), "none"},
		{"two-thirds", "2026-05-10", sentenced("2023-01-10", "9y", "2022-07-01", met(AskPlus)), "none"},
		{"one-third", "2026-11-22", sentenced("2026-10-02", "20m", "2026-10-02"), "none"},
		{"eligible from 2 September 2026", "2026-09-02", sentenced("2026-05-03", "20m", "2026-05-03"), "none"},
		{"the same by the law of the day before", "2026-09-01", sentenced("2026-05-03", "20m", "2026-05-03"), "2026-09-02"},
		{"before the tranche of 40% at half's day", "2026-05-10", sentenced("2021-12-10", "6y", "2021-12-10"), "2024-06-13"},
	} {
		if got := iso(computed(t, c.in, c.on).Curfew.On); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Easter 2026: Good Friday 3 April, Easter Monday 6 April. Christmas 2026: Friday; Boxing Day in lieu Monday 28 December.
func TestPracticalDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ legal, practical, beforeFriday string }{
		{"2025-04-26", "2025-04-25", "2025-04-24"}, // a Saturday; Friday; Thursday
		{"2026-04-06", "2026-04-02", "2026-04-01"},
		{"2026-12-28", "2026-12-24", "2026-12-23"},
		{"2027-04-22", "2027-04-22", "none"}, // a Thursday
		{"2023-06-03", "2023-06-02", "none"}, // before the Friday scheme
	} {
		p := practical(day(c.legal))
		if got := iso(p.On); got != c.practical {
			t.Errorf("%s: %s, want %s", c.legal, got, c.practical)
		}
		if got := iso(beforeFriday(p.On).On); got != c.beforeFriday {
			t.Errorf("%s before Friday: %s, want %s", c.legal, got, c.beforeFriday)
		}
	}
}

// R116 and R117: 84 days; the final third of 30 days is the last 10.
func TestPlanningDays(t *testing.T) {
	t.Parallel()
	c := computed(t, sentenced("2024-09-20", "1y6m", "2024-09-20"), "2025-01-01")
	// Release 26 April 2025; the licence has 328 days, of which the last 109 begin on 1 December 2025.
	for what, pair := range map[string][2]string{
		"12 weeks": {iso(c.Weeks.On), "2025-02-01"}, "12 months": {iso(c.Months.On), "2024-04-26"}, "final third": {iso(c.FinalThird.On), "2025-12-01"},
		"of 30 days": {iso(FinalThird(day("2026-04-01"), day("2026-04-30"))), "2026-04-21"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
}

// Every day says which rule made it and from when that is law; what was taken for granted is said.
func TestEveryDaySaysItsRule(t *testing.T) {
	t.Parallel()
	c := computed(t, sentenced("2026-10-02", "20m", "2026-10-02", born("2009-01-01")), "2026-11-22")
	marks := []Mark{}
	for _, d := range c.Days() {
		marks = append(marks, d.Mark)
	}
	// 12 months before release was before the sentence; no curfew, no supervision, and a Thursday needs no other day.
	if want := []Mark{WeeksBefore, CRD, Practical, FinalThirdOn, SLED}; !slices.Equal(marks, want) {
		t.Errorf("%v, want %v", marks, want)
	}
	for i, d := range c.Days() {
		if d.Why == "" || d.Rule.Name == "" || d.Rule.Source == "" || d.Rule.Period() == "" || d.Mark == "" {
			t.Errorf("%+v", d)
		}
		if i > 0 && d.On.Before(c.Days()[i-1].On) {
			t.Errorf("%s stands after %s", d.Mark, c.Days()[i-1].Mark)
		}
	}
	asked := map[QuestionID]bool{}
	for _, q := range c.Assumed {
		asked[q.ID] = true
	}
	if !asked[AskExcludedThird.ID] || !asked[AskSection250.ID] || asked[AskExcluded40.ID] {
		t.Errorf("assumed %+v", c.Assumed)
	}
	if one := computed(t, sentenced("2012-12-17", "8m", "2012-12-17"), "2026-11-22"); one.RuleSet() != HalfWay.Name+"; "+NoLicenceBefore2015.Name {
		t.Errorf("rule set %q", one.RuleSet())
	}
}
