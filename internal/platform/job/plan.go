package job

import (
	"context"
	"fmt"
	"time"

	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Task is a job as its worker gets it.
type Task struct {
	Job
	DB    *db.DB      // the connections are those of iom_jobs
	Actor authz.Actor // the system account of the area, for db.View
	Try   int         // 1 at the first; not counting those that ended with Later
}

// Submission is what db.Write wants: the system account of the area asks.
func (t Task) Submission() db.Submission { return db.Once(t.Actor.Account) }

// Worker does jobs of one kind. An error has it asked again after a pause, up to
// 25 times over most of a day; the error is in the program's log and must hold no
// personal data. It heeds the end of its context: a stop of the program that took
// too long, or ten minutes.
type Worker func(ctx context.Context, t Task) error

// Later is what a worker returns that is not done and wants to be asked again after
// a pause, as often as that takes.
func Later(after time.Duration) error { return later{after} }

type later struct{ after time.Duration }

// Error says what it is.
func (l later) Error() string { return fmt.Sprintf("again in %s", l.after) }

// Plan is who does what. The zero Plan is empty and ready.
type Plan struct {
	workers map[Kind]Worker
	daily   map[Kind]timeOfDay
}

type timeOfDay struct{ hour, minute int }

// Do has a worker do the jobs of a kind. A kind has one worker.
func (p *Plan) Do(k Kind, w Worker) {
	if p.workers == nil {
		p.workers = map[Kind]Worker{}
	}
	if _, taken := p.workers[k]; taken || k == "" || w == nil {
		panic(fmt.Sprintf("job: %q has a worker already, or none", k))
	}
	p.workers[k] = w
}

// Daily has a worker called once a day at a time of day in London, with a job for
// the application as a whole. When no process runs at that time it is done as soon as
// one does. The hour is 2 or later, where no change of the clocks makes a day of the
// two calendars, London's and that of UTC, differ.
func (p *Plan) Daily(k Kind, hour, minute int, w Worker) {
	if hour < 2 || hour > 23 || minute < 0 || minute > 59 {
		panic(fmt.Sprintf("job: %q cannot be daily at %d:%02d", k, hour, minute))
	}
	p.Do(k, w)
	if p.daily == nil {
		p.daily = map[Kind]timeOfDay{}
	}
	p.daily[k] = timeOfDay{hour, minute}
}

// next is the first such time after now.
func (t timeOfDay) next(now time.Time) time.Time {
	today := clock.DateOf(now)
	if at := today.At(t.hour, t.minute); at.After(now) {
		return at
	}
	return today.AddDays(1).At(t.hour, t.minute)
}

// The pauses after failures: 10 seconds, twice as long each time, an hour at most.
const (
	firstPause   = 10 * time.Second
	longestPause = time.Hour
)

// pause is how long to wait after so many failures.
func pause(failures int) time.Duration {
	if failures > 9 {
		return longestPause
	}
	return min(longestPause, firstPause<<max(0, failures-1))
}
