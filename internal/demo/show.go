package demo

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// show plays five years: events in the order of their time, each at its moment of
// the clock, each free to plan further ones.
type show struct {
	world
	d      *db.DB
	clock  *clock.Manual
	r      *rand.Rand
	today  clock.Date
	months int // of history
	coming
	cases map[ref.NominalID]*person
}

// person is one invented nominal and what the play knows of the case.
type person struct {
	leaf        int
	family      string
	given       string
	female      bool
	born        clock.Date
	profile     *profile
	serial      int
	promise     int // how likely things go well, in a hundred
	nominal     ref.NominalID
	referral    ref.ReferralID
	deferred    bool
	registered  bool
	rating      rag.Rating
	reviews     int // at this rating
	between     ref.RatingID
	lead        string // username
	statutory   bool
	statuses    int        // recorded so far
	redUntil    clock.Date // transferred in from another force: not lowered before
	spell       ref.CustodyID
	sentence    ref.SentenceID // for which in custody
	release     clock.Date
	licenceEnds clock.Date
	proposed    bool
	closed      bool   // no marker is left
	told        *story // whose course is known; nil for the others
}

// event is something that happens at a moment.
type event struct {
	at    time.Time
	order int // of two at the same moment the one planned first
	what  string
	do    func(ctx context.Context) error
}

// coming are the events that have not happened yet, earliest first.
type coming struct {
	events []event
	seq    int
}

// Len, Less, Swap, Push and Pop are those of heap.Interface.
func (c *coming) Len() int { return len(c.events) }

// Less orders by time, then by when the event was planned.
func (c *coming) Less(i, j int) bool {
	a, b := c.events[i], c.events[j]
	if a.at.Equal(b.at) {
		return a.order < b.order
	}
	return a.at.Before(b.at)
}

// Swap exchanges two events.
func (c *coming) Swap(i, j int) { c.events[i], c.events[j] = c.events[j], c.events[i] }

// Push adds an event.
func (c *coming) Push(x any) { c.events = append(c.events, x.(event)) }

// Pop takes the last event.
func (c *coming) Pop() any {
	last := c.events[len(c.events)-1]
	c.events = c.events[:len(c.events)-1]
	return last
}

// plan has something happen at a time of a day. What would be after today does
// not happen.
func (s *show) plan(day clock.Date, hour, minute int, what string, do func(ctx context.Context) error) {
	if !day.Before(s.today) {
		return
	}
	s.seq++
	heap.Push(&s.coming, event{day.At(hour, minute), s.seq, what, do})
}

// play runs every event until none is left.
func (s *show) play(ctx context.Context) error {
	for s.Len() > 0 {
		e := heap.Pop(&s.coming).(event)
		if e.at.After(s.clock.Now()) {
			s.clock.Set(e.at)
		}
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("%s on %s: %w", e.what, clock.DateOf(e.at), err)
		}
		s.clock.Advance(time.Second)
	}
	return nil
}

// user is the username of somebody of the team of a leaf.
func (s *show) user(word string, leaf int) string { return word + "." + leaves[leaf].word }

// day is the day to which the clock is set.
func (s *show) day() clock.Date { return clock.Today(s.clock) }

// longAgo says that the day is more than half a year back: what happened then is
// written up more thinly.
func (s *show) longAgo() bool { return s.today.DaysSince(s.day()) > 183 }
