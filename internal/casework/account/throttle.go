package account

import (
	"fmt"
	"math"
	"time"
)

// Tries are the failed ones that count for the next: how many, and when the last was.
type Tries struct {
	Count int
	Last  time.Time
}

// A bucket is how many failed tries are free, and for how long they count.
type bucket struct {
	free   int
	counts time.Duration
}

// The buckets. A device from which the account has been used before has one of
// its own, so that nobody elsewhere can lock its user out (ASVS 6.1.1). All
// others share that of the account and that of their source, which is large
// since a whole office can stand behind one address.
var (
	ofKnownDevice = bucket{free: 10, counts: 24 * time.Hour}
	ofAccount     = bucket{free: 5, counts: 24 * time.Hour}
	ofSource      = bucket{free: 100, counts: time.Hour}
	ofCode        = bucket{free: 20, counts: time.Hour} // one-time codes, of a source: they belong to nobody who could be locked out
)

// The first wait, which doubles with each further failure, and the longest.
const (
	firstWait   = 30 * time.Second
	longestWait = 15 * time.Minute
)

// wait is how long somebody must wait at the moment given before the next try.
func (b bucket) wait(t Tries, now time.Time) time.Duration {
	over := t.Count - b.free
	if over <= 0 {
		return 0
	}
	pause := longestWait
	if over <= 6 {
		pause = min(longestWait, firstWait<<(over-1))
	}
	return max(0, t.Last.Add(pause).Sub(now))
}

// waitText says how long to wait, in words.
func waitText(wait time.Duration) string {
	if wait <= time.Minute {
		return "Too many tries. Wait a minute and try again"
	}
	return fmt.Sprintf("Too many tries. Wait %d minutes and try again", int(math.Ceil(wait.Minutes())))
}
