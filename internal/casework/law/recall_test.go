package law

import (
	"testing"
	"time"

	"iom/internal/platform/clock"
)

// no answers every question with "not met", except those given.
func no(except map[QuestionID]Answer) map[QuestionID]Answer {
	all := map[QuestionID]Answer{}
	for _, q := range RecallQuestions {
		all[q.ID] = NotMet
	}
	for id, a := range except {
		all[id] = a
	}
	return all
}

func one(q Question, a Answer) map[QuestionID]Answer { return map[QuestionID]Answer{q.ID: a} }

// R135 and R136 by the law of each day: 14 and 28 days in 2015, automatic under 12 months in
// 2024, under four years in 2025, 56 days for adults from 31 March 2026.
func TestWhichRecallByR135AndR136(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, on, term, born string
		answers              map[QuestionID]Answer
		verdict              RecallVerdict
		fixed                RecallKind
		rule                 RuleSet
	}{
		{"2016, under 12 months", "2016-06-01", "6m", "", no(nil), ToBeFixed, FixedTerm14, Recall2015},
		{"2016, 12 months", "2016-06-01", "12m", "", no(nil), ToBeFixed, FixedTerm28, Recall2015},
		{"2016, risk of serious harm", "2016-06-01", "6m", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm14, Recall2015},
		{"2016, nothing known", "2016-06-01", "6m", "", nil, ToBeAsked, FixedTerm14, Recall2015},
		{"the last day of that law", "2024-04-01", "6m", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm14, Recall2015},
		{"2024, automatic whatever the risk", "2024-04-02", "6m", "", no(one(AskHarm, Met)), ToBeFixed, FixedTerm14, Recall2024},
		{"2024, charged with a serious offence and a risk", "2024-06-01", "6m", "", no(map[QuestionID]Answer{AskSerious.ID: Met, AskHarm.ID: Met}), ToBeStandard, FixedTerm14, Recall2024},
		{"2024, charged, and no risk", "2024-06-01", "6m", "", no(one(AskSerious, Met)), ToBeFixed, FixedTerm14, Recall2024},
		{"2024, level not known, no risk: fixed either way", "2024-06-01", "6m", "", no(one(AskMAPPA, NotKnown)), ToBeFixed, FixedTerm14, Recall2024},
		{"2024, level not known, and a risk", "2024-06-01", "6m", "", no(map[QuestionID]Answer{AskMAPPA.ID: NotKnown, AskHarm.ID: Met}), ToBeAsked, FixedTerm14, Recall2024},
		{"2024, under 18 is not in the list", "2024-06-01", "6m", "2006-06-02", no(one(AskHarm, Met)), ToBeStandard, FixedTerm14, Recall2024},
		{"2024, 12 months is not in the list", "2024-06-01", "12m", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm28, Recall2024},
		{"the day before FTR 48", "2025-09-01", "3y", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm28, Recall2024},
		{"FTR 48, under four years", "2025-09-02", "3y", "", no(one(AskHarm, Met)), ToBeFixed, FixedTerm28, Recall48},
		{"FTR 48, under 12 months", "2025-09-02", "6m", "", no(one(AskHarm, Met)), ToBeFixed, FixedTerm14, Recall48},
		{"FTR 48, exactly four years", "2025-09-02", "4y", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm28, Recall48},
		{"FTR 48, MAPPA level 2", "2025-09-02", "3y", "", no(map[QuestionID]Answer{AskMAPPA.ID: Met, AskHarm.ID: Met}), ToBeStandard, FixedTerm28, Recall48},
		{"the day before FTR 56", "2026-03-30", "5y", "", no(one(AskHarm, Met)), ToBeStandard, FixedTerm28, Recall48},
		{"FTR 56, any length", "2026-03-31", "5y", "", no(one(AskHarm, Met)), ToBeFixed, FixedTerm56, Recall56},
		{"FTR 56, under 12 months", "2026-03-31", "6m", "", no(nil), ToBeFixed, FixedTerm56, Recall56},
		{"FTR 56, a new charge", "2026-03-31", "5y", "", no(one(AskCharged, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, terrorism", "2026-03-31", "5y", "", no(one(AskTerrorism, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, foreign power", "2026-03-31", "5y", "", no(one(AskForeign, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, to the Board", "2026-03-31", "5y", "", no(one(AskBoard, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, particular concern", "2026-03-31", "5y", "", no(one(AskSpecial, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, MAPPA category 4", "2026-03-31", "5y", "", no(one(AskMAPPA4, Met)), ToBeStandard, FixedTerm56, Recall56},
		{"FTR 56, one answer missing", "2026-03-31", "5y", "", no(one(AskForeign, NotKnown)), ToBeAsked, FixedTerm56, Recall56},
		{"FTR 56, one missing and one met: standard for certain", "2026-03-31", "5y", "", no(map[QuestionID]Answer{AskForeign.ID: NotKnown, AskMAPPA.ID: Met}), ToBeStandard, FixedTerm56, Recall56},
		{"under 18, under 12 months", "2026-04-01", "6m", "2008-04-02", no(one(AskHarm, Met)), ToBeFixed, FixedTerm14, RecallYoung},
		{"under 18, 12 months, no risk", "2026-04-01", "12m", "2008-04-02", no(nil), ToBeFixed, FixedTerm28, RecallYoung},
		{"under 18, 12 months, risk", "2026-04-01", "12m", "2008-04-02", no(one(AskHarm, Met)), ToBeStandard, FixedTerm28, RecallYoung},
		{"18 that day", "2026-04-02", "6m", "2008-04-02", no(nil), ToBeFixed, FixedTerm56, Recall56},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		r := Recall{On: day(c.on), Sentenced: day(c.on).AddDays(-100), Term: term, Answers: c.answers}
		if c.born != "" {
			r.Born = day(c.born)
		}
		got, problems := Advise(r)
		if len(problems) > 0 || got.Verdict != c.verdict || got.Fixed != c.fixed || got.Rule.ID != c.rule.ID || got.Why == "" || len(got.Asked) == 0 {
			t.Errorf("%s: %+v %+v, want %s, %s, %s", c.name, got, problems, c.verdict, c.fixed, c.rule.ID)
		}
	}
}

func TestARecallNeedsItsSentence(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Recall{
		"no sentence": {On: day("2026-04-01")}, "no day": {Sentenced: day("2026-01-01"), Term: Term{Months: 6}},
		"before the sentence": {On: day("2025-12-31"), Sentenced: day("2026-01-01"), Term: Term{Months: 6}},
		"older law":           {On: day("2015-01-31"), Sentenced: day("2015-01-01"), Term: Term{Months: 6}},
	} {
		if _, problems := Advise(r); len(problems) != 1 {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

// R136 and R137: the worked cases of re-release, the cap at the end of the sentence among them.
func TestRereleaseByR136AndR137(t *testing.T) {
	t.Parallel()
	far := day("2030-01-01")
	for _, c := range []struct {
		name   string
		r      Return
		want   string
		capped bool
	}{
		{"14 days", Return{Kind: FixedTerm14, On: day("2024-12-27"), Expiry: far}, "2025-01-09", false},
		{"28 days", Return{Kind: FixedTerm28, On: day("2025-08-22"), Expiry: far}, "2025-09-18", false},
		{"56 days", Return{Kind: FixedTerm56, On: day("2027-04-08"), Expiry: far}, "2027-06-02", false},
		{"56 days, the sentence ends first", Return{Kind: FixedTerm56, On: day("2026-11-14"), Expiry: day("2026-12-21")}, "2026-12-21", true},
		{"the sentence ends on the last day", Return{Kind: FixedTerm14, On: day("2024-12-27"), Expiry: day("2025-01-09")}, "2025-01-09", false},
		{"shorter than 14 days", Return{Kind: FixedTerm14, On: day("2024-12-27"), Expiry: day("2024-12-30")}, "2024-12-30", true},
		{"at large meanwhile", Return{Kind: FixedTerm14, On: day("2024-12-27"), Expiry: far, AtLarge: 3}, "2025-01-12", false},
		{"from curfew, release due later", Return{Kind: FixedTerm28, On: day("2025-08-22"), Expiry: far, FromHDC: true, Requisite: day("2025-10-01")}, "2025-10-01", false},
		{"from curfew, release due earlier", Return{Kind: FixedTerm28, On: day("2025-08-22"), Expiry: far, FromHDC: true, Requisite: day("2025-09-01")}, "2025-09-18", false},
		{"standard", Return{Kind: StandardRecall, On: day("2025-08-22"), Expiry: far}, "2030-01-01", false},
	} {
		got, problems := c.r.Release()
		if len(problems) > 0 || iso(got.On) != c.want || got.Capped != c.capped || got.Automatic != c.r.Kind.Fixed() {
			t.Errorf("%s: %+v %+v", c.name, got, problems)
		}
	}
	if _, problems := (Return{Kind: FixedTerm14, On: day("2025-01-02"), Expiry: day("2025-01-01")}).Release(); len(problems) != 1 {
		t.Error("a return after the end of the sentence is taken")
	}
	if got, _ := (Return{Kind: FixedTerm14, On: day("2026-03-21"), Expiry: far}).Release(); iso(got.On) != "2026-04-03" || iso(got.Practical) != "2026-04-02" {
		t.Errorf("Good Friday: %+v", got) // 14 days from 21 March end on Good Friday, 3 April
	}
}

// Recalls that were running on 31 March 2026 ended with the tranche of their sentence (R136).
func TestRecallsThatWereConverted(t *testing.T) {
	t.Parallel()
	far := day("2030-01-01")
	for _, c := range []struct {
		name, returned string
		length         int
		expiry         clock.Date
		want           string
	}{
		{"long in prison, short sentence", "2025-06-01", 1701, far, "2026-03-31"},
		{"a day longer", "2025-06-01", 1702, far, "2026-04-14"},
		{"the longest", "2025-06-01", 4439, far, "2026-05-12"},
		{"56 days end later", "2026-03-20", 1701, far, "2026-05-14"},
		{"the sentence ends first", "2025-06-01", 4439, day("2026-05-01"), "2026-05-01"},
	} {
		got, problems := Return{Kind: StandardRecall, On: day(c.returned), Expiry: c.expiry}.Converted(c.length)
		if len(problems) > 0 || iso(got.On) != c.want {
			t.Errorf("%s: %+v %+v", c.name, got, problems)
		}
	}
	if _, problems := (Return{Kind: StandardRecall, On: day("2026-04-01"), Expiry: far}).Converted(500); len(problems) != 1 {
		t.Error("a recall after the change was converted")
	}
}

// R138 and R139: 24 hours by the clock, over a weekend and over the change to summer time alike.
func TestTheClockOfThePapersByR138AndR139(t *testing.T) {
	t.Parallel()
	decided := day("2026-03-28").At(15, 0) // a Saturday; clocks go forward that night
	p := Papers{Decided: decided}
	if got := p.SendBy().In(clock.London).Format("2006-01-02 15:04"); got != "2026-03-29 16:00" {
		t.Errorf("due %s", got)
	}
	due := decided.Add(24 * time.Hour)
	if p.SentLate(due) || !p.SentLate(due.Add(time.Second)) {
		t.Error("late before the time, or not late after it")
	}
	p.Sent = due
	if p.SentLate(due.Add(time.Hour)) {
		t.Error("sent in time, and late")
	}
	p.Sent = due.Add(time.Minute)
	if !p.SentLate(due.Add(time.Hour)) {
		t.Error("sent late, and not late")
	}
	if !p.ProcessBy().IsZero() || p.ProcessedLate(due.Add(1000*time.Hour)) {
		t.Error("PPCS is late before it has the papers")
	}
	p.Received = p.Sent.Add(time.Hour)
	if !p.ProcessBy().Equal(p.Received.Add(24*time.Hour)) || !p.ProcessedLate(p.Received.Add(25*time.Hour)) {
		t.Error("PPCS is not held to 24 hours")
	}
	now := p.Received.Add(time.Hour)
	if got := p.Check(now); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	p.Received = p.Sent.Add(-time.Hour)
	if got := p.Check(now); len(got) != 1 || got[0].Field != "received_at" {
		t.Errorf("received before it was sent: %+v", got)
	}
	if got := (Papers{}).Check(now); len(got) != 1 || got[0].Field != "decided_at" {
		t.Errorf("%+v", got)
	}
	if got := (Papers{Decided: now.Add(time.Minute)}).Check(now); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

// R140: Part B on day 28 of a standard recall, never of a fixed-term one.
func TestPartBByR140(t *testing.T) {
	t.Parallel()
	for _, k := range RecallKinds {
		got := Return{Kind: k, On: day("2026-04-01")}.PartBDue()
		if k == StandardRecall && iso(got) != "2026-04-28" || k != StandardRecall && !got.IsZero() {
			t.Errorf("%s: %s", k, got)
		}
	}
}
