package main

import (
	"encoding/json"
	"strings"
	"testing"

	"iom/internal/platform/clock"
)

// The worked cases through the command, each as the whole of what --json prints (R122-R126).
func TestDatesAsJSON(t *testing.T) {
	for _, c := range []struct {
		args, want string
	}{
		{"--sentenced 2015-02-16 --term 8m --offence 2015-02-16 --remand 21 --on 2026-11-22",
			`CRD 2015-05-26 SLED 2015-09-24 2016-05-26 false 2015-05-26`},
		{"--sentenced 2012-12-17 --term 8m --offence 2012-12-17 --remand 10 --on 2026-11-22",
			`ARD 2013-04-07 SED 2013-08-06 null false 2013-04-05`}, // a Sunday
		{"--sentenced 2021-01-01 --term 3m --offence 2020-04-02 --on 2026-11-22",
			`CRD 2021-02-14 SLED 2021-03-31 2022-02-14 false 2021-02-12`}, // a Sunday
		{"--sentenced 2024-09-20 --term 1y6m --offence 2024-09-20 --on 2026-11-22",
			`CRD 2025-04-26 SLED 2026-03-19 2026-04-26 false 2025-04-25`}, // a Saturday
		{"--sentenced 2025-01-05 --term 20m --offence 2025-01-05 --on 2026-11-22",
			`CRD 2025-09-05 SLED 2026-09-04 null true 2025-09-05`},
		{"--sentenced 2025-01-05 --term 20m --offence 2025-01-05 --on 2026-05-10",
			`CRD 2025-09-05 SLED 2026-09-04 2026-09-05 false 2025-09-05`},
		{"--sentenced 2026-10-02 --term 20m --offence 2026-10-02 --on 2026-11-22",
			`CRD 2027-04-22 SLED 2028-06-01 null false 2027-04-22`},
		{"--sentenced 2016-06-15 --term 6m --offence 2016-06-15 --added 10 --ual 5 --on 2016-07-01",
			`CRD 2016-09-29 SLED 2016-12-19 2017-09-19 false 2016-09-29`},
		{"--sentenced 2016-06-15 --term 6m --offence 2016-06-15 --dob 1998-09-15 --on 2016-07-01",
			`ARD 2016-09-14 SED 2016-12-14 null false 2016-09-14`},
		{"--sentenced 2016-06-15 --term 1d --offence 2016-06-15",
			`ARD 2016-06-15 SED 2016-06-15 null false 2016-06-15`},
		{"--sentenced 2026-10-02 --term 20m --offence 2026-10-02 --on 2026-11-22 --type section-250",
			`CRD 2027-06-02 SLED 2028-06-01 null false 2027-06-02`},
		{"--sentenced 2024-09-20 --term 1y6m --offence 2024-09-20 --on 2026-01-01 --met excluded-40",
			`CRD 2025-06-19 SLED 2026-03-19 2026-06-19 false 2025-06-19`},
	} {
		status, printed := typed(t, "", append([]string{"dates", "--json"}, strings.Fields(c.args)...)...)
		var got map[string]any
		if err := json.Unmarshal([]byte(printed), &got); err != nil || status != 0 {
			t.Errorf("%s: status %d, %q, %v", c.args, status, printed, err)
			continue
		}
		var line []string
		for _, key := range []string{"release_type", "release", "expiry_type", "expiry", "supervision_end", "supervision_ended_by_repeal", "release_practical"} {
			value, _ := json.Marshal(got[key])
			line = append(line, strings.Trim(string(value), `"`))
		}
		if strings.Join(line, " ") != c.want {
			t.Errorf("%s:\n  %s, want\n  %s", c.args, strings.Join(line, " "), c.want)
		}
		if len(got) != 9 || got["rule_set"] == "" || got["source"] == "" || got["rule_set"] == nil || got["source"] == nil {
			t.Errorf("%s: the shape is %q", c.args, printed)
		}
	}
}

// For people: each day with its reason, its rule and its law; what was taken for granted; what is missing and why.
func TestDatesForPeople(t *testing.T) {
	status, printed := typed(t, "", "dates", "--sentenced", "2024-09-20", "--term", "18m", "--offence", "2024-09-20", "--on", "2026-11-22")
	if status != 0 {
		t.Fatal(printed)
	}
	for _, want := range []string{
		"18 months (546 days)", "By the law in force on 22 November 2026.", "26 Apr 2025  Conditional release date (CRD), Saturday", "25 Apr 2025  Practical release day, Friday",
		"40% of 546 days is 219 days", "Release at 40% (SDS40) (law from 10 September 2024 to 30 September 2026)", "SI 2024/844", "26 Apr 2026  Supervision end (TUSED)",
		"  - an adult", "an official date always wins",
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is missing in\n%s", want, printed)
		}
	}
	_, repealed := typed(t, "", "dates", "--sentenced", "2025-06-01", "--term", "6m", "--offence", "2025-06-01", "--on", "2026-11-22")
	if !strings.Contains(repealed, "11 May 2026  Supervision end") || !strings.Contains(repealed, "it would have gone on to 13 August 2026") {
		t.Errorf("the repeal is not told:\n%s", repealed)
	}
	_, old := typed(t, "", "dates", "--sentenced", "2012-12-17", "--term", "8m", "--offence", "2012-12-17", "--on", "2026-11-22")
	if !strings.Contains(old, "No licence: under 12 months, offence before 1 February 2015") {
		t.Errorf("why there is no licence is not told:\n%s", old)
	}
}

// A mistake is one line and status 2; what is not covered is one line and status 3, and never a date.
func TestDatesRefusesAndDoesNotCover(t *testing.T) {
	good := []string{"--sentenced", "2024-09-20", "--term", "18m", "--offence", "2024-09-20"}
	with := func(more ...string) []string { return append(append([]string{}, good...), more...) }
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{nil, 2, "are all needed"},
		{[]string{"--sentenced", "2024-09-20", "--term", "18m"}, 2, "are all needed"},
		{with("--sentenced", "20/9/2024"), 2, "--sentenced: give a day as 2006-01-02"},
		{with("--on", "2024-02-30"), 2, "--on: give a day"},
		{with("--term", "18"), 2, "--term:"},
		{with("--term", "0m"), 2, "at least one day"},
		{with("--remand", "many"), 2, "remand"},
		{with("--remand", "-1"), 2, "Days on remand must be a number"},
		{with("--offence", "2024-09-21"), 2, "cannot be later than the sentence"},
		{with("--dob", "2025-01-01"), 2, "date of birth"},
		{with("--type", "house arrest"), 2, "--type: there is no kind"},
		{with("--met", "luck"), 2, "--met: there is no condition"},
		{with("extra"), 2, "not understood"},
		{with("--term", "life"), 3, "not covered: A life"},
		{with("--type", "extended"), 3, "not covered: "},
		{with("--type", "dto"), 3, "not covered: "},
		{with("--consecutive"), 3, "not covered: "},
		{with("--sentenced", "2004-09-20", "--offence", "2004-01-01"), 3, "older law"},
	} {
		status, printed := typed(t, "", append([]string{"dates"}, c.args...)...)
		if status != c.status || !strings.Contains(printed, c.says) || strings.Count(strings.TrimSpace(printed), "\n") != 0 {
			t.Errorf("%v: status %d, %q", c.args, status, printed)
		}
		if c.status == 3 && !strings.Contains(printed, "Enter the dates that the prison or the probation service has notified") {
			t.Errorf("%v does not ask for the official date: %q", c.args, printed)
		}
	}
	status, printed := typed(t, "", append([]string{"dates", "--json"}, with("--term", "life")...)...)
	if status != 3 || !strings.Contains(printed, `"not_covered":"A life`) || strings.Contains(printed, `"release"`) {
		t.Errorf("as JSON: status %d, %q", status, printed)
	}
}

// --on is today in London when it is left out.
func TestDatesLooksAtTheLawOfToday(t *testing.T) {
	sentence := []string{"dates", "--sentenced", "2025-12-03", "--term", "2y6m", "--offence", "2025-12-02"}
	_, printed := typed(t, "", sentence...)
	_, today := typed(t, "", append(sentence, "--on", clock.Today(clock.System{}).String())...)
	if printed != today || !strings.Contains(printed, "By the law in force on "+clock.Today(clock.System{}).Long()) {
		t.Errorf("%s\nis not\n%s", printed, today)
	}
}
