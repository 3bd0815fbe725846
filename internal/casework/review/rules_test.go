package review_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
)

func TestWhenTheNextReviewIsDue(t *testing.T) {
	t.Parallel()
	on := clock.NewDate(2026, 11, 30)
	for rating, want := range map[rag.Rating]clock.Date{
		rag.RedAlert: clock.NewDate(2026, 12, 30),
		rag.Red:      clock.NewDate(2026, 12, 30),
		rag.Amber:    clock.NewDate(2027, 2, 28), // three months from the 30th: the last day of February
		rag.Green:    {},                         // the guide sets no limit
		rag.Prison:   {},
	} {
		if got := review.DueOn(rating, on); got != want {
			t.Errorf("%s reviewed on %s is due on %s, want %s", rating, on, got, want)
		}
	}
}

// A rating is one of five (R38), with a reason (R50) and only its own characteristics
// (R39, R41, R43, R46).
func TestWhichRatingsAreRefused(t *testing.T) {
	t.Parallel()
	meeting := &ref.Decision{Meeting: 1, Chair: 2, AgreedBy: "All"}
	for _, c := range []struct {
		name  string
		n     review.New
		field string
	}{
		{"RED at a meeting", review.New{Rating: rag.Red, Reason: "Recalled", Decision: meeting}, ""},
		{"AMBER at a meeting", review.New{Rating: rag.Amber, Reason: "Better", Decision: meeting}, ""},
		{"GREEN at a meeting", review.New{Rating: rag.Green, Reason: "Stable", Decision: meeting}, ""},
		{"AMBER between meetings", review.New{Rating: rag.Amber, Reason: "Better"}, "rating"},
		{"GREEN between meetings", review.New{Rating: rag.Green, Reason: "Stable"}, "rating"},
		{"RED between meetings", review.New{Rating: rag.Red, Reason: "Recalled"}, ""},
		{"PRISON between meetings", review.New{Rating: rag.Prison, Reason: "Remanded"}, ""},
		{"RED ALERT between meetings", review.New{Rating: rag.RedAlert, Reason: "Wanted"}, ""},
		{"a level of a need", review.New{Rating: "amber", Reason: "x", Decision: meeting}, "rating"},
		{"nothing", review.New{Reason: "x", Decision: meeting}, "rating"},
		{"white space for a reason", review.New{Rating: rag.Red, Reason: " \n", Decision: meeting}, "reason"},
		{"its own characteristic", review.New{Rating: rag.Red, Reason: "x", Characteristics: []string{"Fixed-term recall"}, Decision: meeting}, ""},
		{"of another rating", review.New{Rating: rag.Red, Reason: "x", Characteristics: []string{"Stable in the community"}, Decision: meeting}, "characteristics"},
	} {
		got := ""
		if wrong := review.Check(c.n); len(wrong) > 0 {
			got = wrong[0].Field
		}
		if got != c.field {
			t.Errorf("%s: problem at %q, want %q", c.name, got, c.field)
		}
	}
}

func TestWhatIsOfferedBetweenMeetings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		alert, rate bool
		want        []rag.Rating
	}{
		{true, true, []rag.Rating{rag.RedAlert, rag.Red, rag.Prison}},
		{false, true, []rag.Rating{rag.Red, rag.Prison}},
		{false, false, nil},
	} {
		if got := review.OfferedBetween(c.alert, c.rate); !slices.Equal(got, c.want) {
			t.Errorf("offered %v, want %v", got, c.want)
		}
	}
}

// R51: custody asks for PRISON, coming out after a fixed-term recall for RED.
func TestWhatTheRecordSuggests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		s    review.Standing
		want rag.Rating
	}{
		{"in custody at AMBER", review.Standing{Rating: rag.Amber, InCustody: true}, rag.Prison},
		{"in custody while wanted", review.Standing{Rating: rag.RedAlert, InCustody: true}, rag.Prison},
		{"in custody at PRISON", review.Standing{Rating: rag.Prison, InCustody: true}, ""},
		{"recalled, in custody", review.Standing{Rating: rag.Green, InCustody: true, FixedTermRecall: true}, rag.Prison},
		{"out after a fixed-term recall", review.Standing{Rating: rag.Prison, FixedTermRecall: true, ReleasedSinceRate: true}, rag.Red},
		{"out after a fixed-term recall, at AMBER", review.Standing{Rating: rag.Amber, FixedTermRecall: true, ReleasedSinceRate: true}, rag.Red},
		{"rated since the release", review.Standing{Rating: rag.Amber, FixedTermRecall: true}, ""},
		{"out after a recall and wanted", review.Standing{Rating: rag.RedAlert, FixedTermRecall: true, ReleasedSinceRate: true}, ""},
		{"out and still PRISON", review.Standing{Rating: rag.Prison, ReleasedSinceRate: true}, rag.Red},
		{"in the community at AMBER", review.Standing{Rating: rag.Amber}, ""},
	} {
		got := rag.Rating("")
		if prompts := review.Prompts(c.s); len(prompts) > 0 {
			got = prompts[0].Rating
		}
		if got != c.want {
			t.Errorf("%s: suggests %q, want %q", c.name, got, c.want)
		}
	}
}

// TestARefusedRatingGivesWayToOneThatStood: whatever the history, the case goes
// back to an earlier rating of the same registration that no meeting refused, and
// to the latest of those.
func TestARefusedRatingGivesWayToOneThatStood(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "ratings")
		var history []review.Rating // newest first
		for i := n; i > 0; i-- {
			history = append(history, review.Rating{ID: ref.RatingID(i), Registration: ref.RegistrationID(rapid.IntRange(1, 2).Draw(t, "registration")),
				Outcome: rapid.SampledFrom([]string{"", review.Ratified, review.NotRatified}).Draw(t, "outcome")})
		}
		asked := history[rapid.IntRange(0, n-1).Draw(t, "asked")]
		var want ref.RatingID
		for _, r := range history {
			if r.ID < asked.ID && r.Registration == asked.Registration && r.Outcome != review.NotRatified {
				want = max(want, r.ID)
			}
		}
		if got, ok := review.StoodBefore(history, asked.ID); ok != (want != 0) || got.ID != want {
			t.Fatalf("goes back to %d, want %d", got.ID, want)
		}
	})
}
