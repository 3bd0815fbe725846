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
	Expected     clock.Date    `db:"expected"`    // the release date that was notified last; zero: none yet
	ReleasedOn   clock.Date    `db:"released_on"` // zero: still in custody
	Source       string        `db:"source"`
	RecordedAt   time.Time     `db:"recorded_at"`
	By           string        `db:"by_name"`
}

// Open says that the person has not been released.
func (s Spell) Open() bool { return s.ReleasedOn.IsZero() }

// DateKind is what a notified date is the date of.
type DateKind string

// The kinds. Released is the event itself and no date to come.
const (
	ExpectedRelease    DateKind = "expected release"
	ConditionalRelease DateKind = "conditional release"
	ReRelease          DateKind = "re-release"
	LicenceEnd         DateKind = "licence end"
	SentenceEnd        DateKind = "sentence end"
	SupervisionEnd     DateKind = "supervision end"
	CurfewEligible     DateKind = "HDC eligibility"
	Released           DateKind = "released"
)

// DateKinds are those that prison or probation notify, in the order in which they are offered.
var DateKinds = []DateKind{ExpectedRelease, ConditionalRelease, CurfewEligible, ReRelease, LicenceEnd, SentenceEnd, SupervisionEnd}

// Word is the kind as it is shown, with the abbreviation that prisons use.
func (k DateKind) Word() string {
	switch k {
	case ExpectedRelease:
		return "Release date"
	case ConditionalRelease:
		return "Conditional release date (CRD)"
	case ReRelease:
		return "Re-release date after recall"
	case LicenceEnd:
		return "Licence end date (LED)"
	case SentenceEnd:
		return "Sentence end date (SED)"
	case SupervisionEnd:
		return "Supervision end date"
	case CurfewEligible:
		return "Home detention curfew eligibility date (HDCED)"
	case Released:
		return "Released"
	}
	return string(k)
}

// OfRelease says that the kind is a day on which somebody leaves the prison. Of
// these the latest notified is in force, whichever of them it is.
func (k DateKind) OfRelease() bool {
	return k == ExpectedRelease || k == ConditionalRelease || k == ReRelease
}

// Notice is a date as it was notified, or the release itself (R121).
type Notice struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Spell      ref.CustodyID `db:"spell_id"` // 0: of no time in custody
	Kind       DateKind      `db:"kind"`
	Day        clock.Date    `db:"day"`
	NotifiedBy string        `db:"notified_by"`
	NotifiedOn clock.Date    `db:"notified_on"`
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
