package sentence

import (
	"testing"

	"iom/internal/casework/law"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func one(t *testing.T, name string, got []fault.Problem, want string) {
	t.Helper()
	if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0].Field != want) {
		t.Errorf("%s: %+v, want %q", name, got, want)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := New{ImposedOn: day("2026-05-01"), Court: "Lewes Crown Court", Offence: "Robbery", Type: Determinate, Term: Term{Years: 2}, Source: "court register"}
	for name, c := range map[string]struct {
		change func(*New)
		want   string
	}{
		"good":                        {func(*New) {}, ""},
		"no type":                     {func(s *New) { s.Type = "" }, "type"},
		"in the future":               {func(s *New) { s.ImposedOn = day("2026-06-02") }, "imposed_on"},
		"offence after the sentence":  {func(s *New) { s.OffenceOn = day("2026-05-02") }, "offence_on"},
		"offence on the same day":     {func(s *New) { s.OffenceOn = day("2026-05-01") }, ""},
		"custody without a length":    {func(s *New) { s.Term = Term{} }, "years"},
		"life":                        {func(s *New) { s.Type, s.Term = Type(law.Life), Term{} }, ""},
		"life and years":              {func(s *New) { s.Type, s.Term = Type(law.Life), Term{Years: 20} }, "years"},
		"a fine has no length":        {func(s *New) { s.Type, s.Term = Type(Fine), Term{} }, ""},
		"an order without its end":    {func(s *New) { s.Type, s.Term = Type(CommunityOrder), Term{} }, "order_ends_on"},
		"an order that ended before":  {func(s *New) { s.Type, s.Term, s.OrderEnds = Type(CommunityOrder), Term{}, day("2026-04-30") }, "order_ends_on"},
		"an order":                    {func(s *New) { s.Type, s.Term, s.OrderEnds = Type(CommunityOrder), Term{}, day("2027-05-01") }, ""},
		"custody with an order's end": {func(s *New) { s.OrderEnds = day("2027-05-01") }, "order_ends_on"},
		"consecutive to nothing":      {func(s *New) { s.Relation = Consecutive }, "related"},
		"a relation that is not said": {func(s *New) { s.Related = 7 }, "relation"},
		"an order after another": {func(s *New) {
			s.Type, s.OrderEnds, s.Relation, s.Related = Type(Suspended), day("2027-05-01"), Consecutive, 7
		}, "relation"},
		"a fine with remand":          {func(s *New) { s.Type, s.Term, s.Remand = Type(Fine), Term{}, 3 }, "remand"},
		"remand":                      {func(s *New) { s.Remand = 3 }, ""},
		"no court":                    {func(s *New) { s.Court = "" }, "court"},
		"no offence":                  {func(s *New) { s.Offence = "\n" }, "offence"},
		"dates without their source":  {func(s *New) { s.Source = "" }, "source"},
		"date of the sentence absent": {func(s *New) { s.ImposedOn, s.OffenceOn = clock.Date{}, day("2026-01-01") }, "imposed_on"},
	} {
		s := good
		c.change(&s)
		one(t, name, Check(s, day("2026-06-01")), c.want)
	}
}

func TestCheckStatus(t *testing.T) {
	t.Parallel()
	good := NewStatus{Standing: Licence, From: day("2026-05-01"), Ends: day("2027-05-01"), Source: "probation"}
	for name, c := range map[string]struct {
		change func(*NewStatus)
		want   string
	}{
		"good":                      {func(*NewStatus) {}, ""},
		"none chosen":               {func(s *NewStatus) { s.Standing, s.Ends = "", clock.Date{} }, "status"},
		"ends before it begins":     {func(s *NewStatus) { s.Ends = day("2026-04-30") }, "ends_on"},
		"begins tomorrow":           {func(s *NewStatus) { s.From = day("2026-06-02") }, "from_on"},
		"voluntary has no end":      {func(s *NewStatus) { s.Standing = Voluntary }, "ends_on"},
		"voluntary without an end":  {func(s *NewStatus) { s.Standing, s.Ends = Voluntary, clock.Date{} }, ""},
		"an order without an end":   {func(s *NewStatus) { s.Standing, s.Ends = OnCommunity, clock.Date{} }, ""},
		"without a source":          {func(s *NewStatus) { s.Source = " " }, "source"},
		"ends on the day it begins": {func(s *NewStatus) { s.Ends = s.From }, ""},
	} {
		s := good
		c.change(&s)
		one(t, name, CheckStatus(s, day("2026-06-01")), c.want)
	}
}

func TestCheckScore(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{"74": true, "0": true, "100": true, "7.5": true, "74%": true, "99.99": true, "100.00": true,
		"100.5": false, "101": false, "-1": false, "high": false, "": false, "7,5": false} {
		got := CheckScore(NewScore{Type: "OGRS3", Value: value, On: day("2026-05-01"), Source: "OASys"}, day("2026-06-01"))
		want := ""
		if !ok {
			want = "value"
		}
		one(t, value, got, want)
	}
	one(t, "another instrument", CheckScore(NewScore{Type: "other", Value: "high", On: day("2026-05-01"), Source: "x"}, day("2026-06-01")), "")
	one(t, "no such instrument", CheckScore(NewScore{Type: "OGRS9", Value: "7", On: day("2026-05-01"), Source: "x"}, day("2026-06-01")), "type")
	one(t, "tomorrow", CheckScore(NewScore{Type: "OGP", Value: "7", On: day("2026-06-02"), Source: "x"}, day("2026-06-01")), "scored_on")
}

func TestTermInWords(t *testing.T) {
	t.Parallel()
	for want, term := range map[string]Term{
		"": {}, "life": {Life: true}, "1 year": {Years: 1}, "18 months": {Months: 18}, "2 years and 6 months": {Years: 2, Months: 6},
		"1 year, 2 months, 3 weeks and 1 day": {Years: 1, Months: 2, Weeks: 3, Days: 1},
	} {
		if got := term.String(); got != want {
			t.Errorf("%+v: %q, want %q", term, got, want)
		}
	}
}
