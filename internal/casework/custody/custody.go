// Package custody keeps the time that a nominal spends in prison: each spell with
// its reception, moves, the release dates that the prison gave one after the
// other, and the release (R48, R117, R121).
package custody

import (
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Why is the ground on which somebody is held.
type Why string

// The grounds.
const (
	Remand          Why = "remand"
	OnSentence      Why = "sentence"
	FixedTermRecall Why = "fixed-term recall"
	StandardRecall  Why = "standard recall"
	OtherGround     Why = "other"
)

// Whys in the order in which they are offered.
var Whys = []Why{Remand, OnSentence, FixedTermRecall, StandardRecall, OtherGround}

// Word is the ground with a capital.
func (w Why) Word() string {
	if w == "" {
		return ""
	}
	return string(w[0]-'a'+'A') + string(w[1:])
}

// Spell is one time in custody, from reception to release.
type Spell struct {
	ID           ref.CustodyID `db:"id"`
	Nominal      ref.NominalID `db:"nominal_id"`
	ReceivedOn   clock.Date    `db:"received_on"`
	ReceivedAt   string        `db:"prison"` // code of the prison of reception
	ReceivedName string        `db:"received_name"`
	Prison       string        `db:"now_prison"` // code of the prison now, after moves
	PrisonName   string        `db:"now_name"`
	Why          Why           `db:"why"`
	Expected     clock.Date    `db:"expected"`    // the latest release date given; zero: none yet
	ReleasedOn   clock.Date    `db:"released_on"` // zero: still in custody
	Source       string        `db:"source"`
	RecordedAt   time.Time     `db:"recorded_at"`
	By           string        `db:"by_name"`
}

// Open says that the person has not been released.
func (s Spell) Open() bool { return s.ReleasedOn.IsZero() }

// Notice is a release date as it was given: expected, or the release itself.
type Notice struct {
	ID         int64         `db:"id"`
	Spell      ref.CustodyID `db:"spell_id"`
	Kind       string        `db:"kind"` // expected release, released
	Day        clock.Date    `db:"day"`
	NotifiedBy string        `db:"notified_by"`
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// Move is a move from one prison to another.
type Move struct {
	ID         int64         `db:"id"`
	Spell      ref.CustodyID `db:"spell_id"`
	Prison     string        `db:"prison"`
	PrisonName string        `db:"prison_name"`
	MovedOn    clock.Date    `db:"moved_on"`
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// Prison is an establishment of the public register.
type Prison struct {
	Code   string `db:"code"`
	Name   string `db:"name"`
	Active bool   `db:"active"`
	Town   string `db:"town"`
}
