// Package clock is where the application gets its time from. Nothing else asks
// the machine: a test, and the demonstration scheme, set their own.
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // London's rules must be there on a machine without zone files
)

// London is the zone of every legal day in the product.
var London = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// System is the machine's own clock, in London, to the microsecond that
// Postgres keeps.
type System struct{}

// Now is the present moment.
func (System) Now() time.Time { return time.Now().In(London).Truncate(time.Microsecond) }

// Today is the legal day in London.
func Today(c Clock) Date { return DateOf(c.Now()) }

// Manual is a clock that stands still until it is moved. It is safe for use by
// several goroutines.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual starts a manual clock at the moment given.
func NewManual(at time.Time) *Manual { return &Manual{now: at.In(London)} }

// Now is the moment to which the clock was last set.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set moves the clock to a moment, earlier or later.
func (m *Manual) Set(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = at.In(London)
}

// Advance moves the clock on.
func (m *Manual) Advance(by time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(by)
}
