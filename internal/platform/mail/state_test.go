package mail

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var asked = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return asked.Add(d) }

func TestJudge(t *testing.T) {
	t.Parallel()
	again := after(3 * time.Hour)
	one := func(o Outcome, code int) try { return try{ID: 1, TriedAt: asked, Outcome: o, Code: code} }
	withAgain := func(x try) try { x.Again = &again; return x }
	for _, c := range []struct {
		what  string
		tries []try
		now   time.Time
		state State
		since time.Time
		next  time.Time
		open  bool
	}{
		{"not tried yet", nil, asked, Waiting, asked, asked, false},
		{"not tried for a week, since there was no server", nil, after(7 * 24 * time.Hour), Waiting, asked, asked, false},
		{"taken", []try{one(accepted, 250)}, asked, Sent, asked, time.Time{}, false},
		{"refused", []try{one(refused, 550)}, after(time.Hour), Failed, asked, asked, false},
		{"not now: again in a minute", []try{one(tryLater, 450)}, asked, Waiting, asked, after(time.Minute), false},
		{"not now, twice: again in two", []try{one(tryLater, 450), {ID: 2, TriedAt: after(time.Minute), Outcome: tryLater}}, after(time.Minute), Waiting, asked, after(3 * time.Minute), false},
		{"under way", []try{one("", 0)}, after(9 * time.Minute), Waiting, asked, after(10 * time.Minute), true},
		{"begun and never ended", []try{one("", 0)}, after(10 * time.Minute), Unknown, asked, after(10 * time.Minute), false},
		{"the connection was lost", []try{one(unknown, 0)}, asked, Unknown, asked, asked, false},
		{"the connection was lost, a year ago", []try{one(unknown, 0)}, after(365 * 24 * time.Hour), Unknown, asked, asked, false},
		{"lost, and asked for again", []try{withAgain(one(unknown, 0))}, again, Waiting, again, again, false},
		{"died, and asked for again", []try{withAgain(one("", 0))}, again, Waiting, again, again, false},
		{"asked for again a week ago, with no server since", []try{withAgain(one(refused, 550))}, again.Add(7 * 24 * time.Hour), Waiting, again, again, false},
		{"asked for again, then not now: the pauses begin anew", []try{withAgain(one(refused, 550)), {ID: 2, TriedAt: again, Outcome: tryLater}}, again, Waiting, again, again.Add(time.Minute), false},
		{"asked for again, then taken", []try{withAgain(one(unknown, 0)), {ID: 2, TriedAt: again, Outcome: accepted}}, again, Sent, again, time.Time{}, false},
		{"not taken for five days less a second", []try{one(tryLater, 0)}, after(5*24*time.Hour - time.Second), Waiting, asked, after(time.Minute), false},
		{"not taken for five days", []try{one(tryLater, 0)}, after(5 * 24 * time.Hour), Failed, asked, after(time.Minute), false},
	} {
		s := judge(asked, c.tries, c.now)
		if s.state != c.state || !s.since.Equal(c.since) || !s.next.Equal(c.next) || s.open != c.open {
			t.Errorf("%s: %s since %s, next %s, open %v; want %s since %s, next %s, open %v", c.what, s.state, s.since, s.next, s.open, c.state, c.since, c.next, c.open)
		}
	}
}

func TestPauseGrowsToAnHour(t *testing.T) {
	t.Parallel()
	for tries, want := range map[int]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 6: 32 * time.Minute, 7: time.Hour, 100: time.Hour} {
		if got := Pause(tries); got != want {
			t.Errorf("after %d tries %s, want %s", tries, got, want)
		}
	}
}

// Whatever the history: after a try that may have been delivered, nothing waits or is
// tried unless somebody asked for it after that try; and what was taken stays taken.
func TestNothingThatMayHaveGoneIsRepeatedBlindly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tries []try
		at := asked
		for i := range rapid.IntRange(1, 8).Draw(t, "tries") {
			at = at.Add(time.Duration(rapid.IntRange(11, 90).Draw(t, "minutes")) * time.Minute)
			y := try{ID: int64(i + 1), TriedAt: at, Outcome: rapid.SampledFrom([]Outcome{accepted, tryLater, refused, unknown, ""}).Draw(t, "outcome")}
			if rapid.Bool().Draw(t, "again") {
				again := at.Add(time.Minute)
				y.Again = &again
			}
			tries = append(tries, y)
		}
		s := judge(asked, tries, at.Add(11*time.Minute))
		last := tries[len(tries)-1]
		taken := false
		for _, y := range tries {
			taken = taken || y.Outcome == accepted
		}
		switch {
		case taken && s.state != Sent:
			t.Fatalf("it was taken, and is %s", s.state)
		case !taken && last.Again == nil && (last.Outcome == unknown || last.Outcome == "") && s.state != Unknown:
			t.Fatalf("it may have gone, and is %s", s.state)
		case !taken && last.Again == nil && last.Outcome == refused && s.state != Failed:
			t.Fatalf("it was refused, and is %s", s.state)
		}
	})
}
