package mail

import "time"

// State is what has become of a message.
type State string

// The states. Only a message that waits is tried by itself.
const (
	Waiting State = "waiting" // not tried yet, or the server could not take it: it is tried again
	Sent    State = "sent"    // the server has accepted it
	Failed  State = "failed"  // refused for good, nothing to send or no usable address, or not taken for five days
	Unknown State = "unknown" // the connection was lost after the whole message had gone out: it may have arrived
)

// Outcome is how one try ended.
type Outcome string

// The outcomes. A try that has none is under way, or its process died.
const (
	accepted Outcome = "accepted"
	tryLater Outcome = "later"
	refused  Outcome = "refused"
	unknown  Outcome = "unknown"
)

// GiveUpAfter is how long a message is tried, from when it was asked for or from when
// somebody asked again.
const GiveUpAfter = 5 * 24 * time.Hour

// try is one attempt, with what came of it.
type try struct {
	ID      int64
	TriedAt time.Time
	Outcome Outcome // empty: none is known
	Code    int
	Again   *time.Time // somebody asked to send it again after this try
}

// Pause is how long to wait after so many tries in a row that the server could not
// take: a minute, twice as long each time, an hour at most.
func Pause(tries int) time.Duration {
	if tries > 6 {
		return time.Hour
	}
	return min(time.Hour, time.Minute<<max(0, tries-1))
}

// standing is what follows from the tries.
type standing struct {
	state State
	since time.Time // of waiting: from when; else when it got into the state
	next  time.Time // of waiting: not before
	code  int       // the last answer of the server; 0: none
	last  try       // the last try; zero when there is none
	open  bool      // it is under way, as far as anybody knows
}

// judge says how a message stands at a moment. A try whose end nobody wrote down
// counts as under way for as long as a try can take, and then as unknown: it is not
// repeated, since two copies of somebody's papers are worse than one that is late and
// seen to be late.
func judge(asked time.Time, tries []try, now time.Time) standing {
	s := standing{state: Waiting, since: asked, next: asked}
	deferred := 0
	for _, t := range tries {
		s.last, s.code, s.open = t, t.Code, false
		switch t.Outcome {
		case accepted:
			return standing{state: Sent, since: t.TriedAt, code: t.Code, last: t}
		case refused:
			s.state, s.since = Failed, t.TriedAt
		case unknown:
			s.state, s.since = Unknown, t.TriedAt
		case tryLater:
			deferred++
			s.next = t.TriedAt.Add(Pause(deferred))
		default:
			s.open, s.next = true, t.TriedAt.Add(longestTry)
			if !now.Before(s.next) {
				s.state, s.since, s.open = Unknown, t.TriedAt, false
			}
		}
		if t.Again != nil {
			s.state, s.since, s.next, s.open = Waiting, *t.Again, *t.Again, false
			deferred = 0
		}
	}
	if s.state == Waiting && !s.open && s.last.ID != 0 && !now.Before(s.since.Add(GiveUpAfter)) && s.last.Again == nil {
		s.state, s.since = Failed, s.last.TriedAt
	}
	return s
}
