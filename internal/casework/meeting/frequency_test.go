package meeting_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The en-bloc item has whoever is at AMBER or GREEN and would go more than a month
// without an agreed frequency if the meeting left it to the next (R44, R47).
func TestFrequenciesAreAgreedMonthly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		next := today.AddDays(rapid.IntRange(1, 40).Draw(t, "next"))
		var all []meeting.FrequencyFacts
		want := map[ref.NominalID]string{}
		for id := 1; id <= rapid.IntRange(0, 10).Draw(t, "cases"); id++ {
			f := meeting.FrequencyFacts{Nominal: ref.NominalID(id), Rating: ratings.Draw(t, "rating"), RatedOn: dates.Draw(t, "rated"), VisitDays: rapid.SampledFrom([]int{10, 14}).Draw(t, "days")}
			if rapid.Bool().Draw(t, "agreed") {
				f.Last, f.LastFor, f.LastOn = "twice a month", ratings.Draw(t, "for"), dates.Draw(t, "last")
			}
			all = append(all, f)
			if f.Rating != "AMBER" && f.Rating != "GREEN" {
				continue
			}
			proposed, from := "monthly", f.RatedOn
			if f.Rating == "AMBER" {
				proposed = fmt.Sprintf("every %d days", f.VisitDays)
			}
			if f.Last != "" && f.LastFor == f.Rating {
				proposed, from = f.Last, f.LastOn.AddMonths(1)
			}
			if next.DaysSince(from) > 0 {
				want[f.Nominal] = proposed
			}
		}
		got := map[ref.NominalID]string{}
		for _, f := range meeting.Frequencies(all, next) {
			got[f.Nominal] = f.Proposed
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("en bloc %v, the rules say %v", got, want)
		}
	})
}

func (s *table) frequencies(id ref.MeetingID) map[string]string {
	s.t.Helper()
	lines, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Frequency, error) {
		_, lines, err := meeting.FrequenciesOf(ctx, q, id)
		return lines, err
	})
	s.must(err)
	got := map[string]string{}
	for _, f := range lines {
		got[f.Name] = f.Proposed + "/" + f.Here
	}
	return got
}

// Frequencies are agreed in one go with exceptions (R44, R47); each is a row of the
// person, and what was agreed is proposed a month later.
func TestFrequenciesAgreedEnBloc(t *testing.T) {
	t.Parallel()
	s := lay(t)
	amber, _ := s.Registered(t, s.East, "Ash", "Jo", rag.Amber)
	green, _ := s.Registered(t, s.East, "Birch", "Jo", rag.Green)
	late, _ := s.Registered(t, s.East, "Elm", "Jo", rag.Green)
	s.Registered(t, s.East, "Fir", "Jo", rag.Red)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	if got, want := fmt.Sprint(s.frequencies(s.id)), "map[Ash, Jo:every 14 days/ Birch, Jo:monthly/ Elm, Jo:monthly/]"; got != want {
		t.Fatalf("proposed %s, want %s", got, want)
	}
	all := []meeting.Agreed{{Nominal: amber, Frequency: "weekly"}, {Nominal: green, Frequency: "monthly"}, {Nominal: late, Frequency: ""}}
	agree := func(r authz.Role, all []meeting.Agreed) error {
		_, err := meeting.AgreeFrequencies(t.Context(), s.DB, s.as(r), s.id, all)
		return err
	}
	refused(t, "before the meeting is open", agree(authz.Coordinator, all), fault.Invalid)
	s.open()
	refused(t, "a police officer", agree(authz.Police, all), fault.Forbidden)
	refused(t, "words not offered", agree(authz.Coordinator, []meeting.Agreed{{Nominal: amber, Frequency: "now and then"}}), fault.Invalid)
	must(t, agree(authz.Coordinator, all))
	refused(t, "the same once more", agree(authz.Coordinator, all), fault.Invalid)
	if got, want := fmt.Sprint(s.frequencies(s.id)), "map[Ash, Jo:every 14 days/weekly Birch, Jo:monthly/monthly Elm, Jo:monthly/]"; got != want {
		t.Errorf("agreed %s, want %s", got, want)
	}
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, "the rest next time"))
	refused(t, "after the closing", agree(authz.Coordinator, []meeting.Agreed{{Nominal: late, Frequency: "weekly"}}), fault.Invalid)
	if got, want := fmt.Sprint(s.frequencies(s.id)), "map[Ash, Jo:every 14 days/weekly Birch, Jo:monthly/monthly]"; got != want {
		t.Errorf("of the closed meeting %s, want %s", got, want)
	}
	s.Clock.Set(clock.NewDate(2026, 7, 1).At(9, 0))
	next := s.plan(s.East)
	if got, want := fmt.Sprint(s.frequencies(next)), "map[Ash, Jo:weekly/ Birch, Jo:monthly/ Elm, Jo:monthly/]"; got != want {
		t.Errorf("a month later %s, want %s", got, want)
	}
}
