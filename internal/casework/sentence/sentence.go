// Package sentence keeps what courts imposed, the statutory status that follows
// from it, and the scores of reoffending that practitioners enter (R4, R19, R208).
// Dates come from the prison or the probation service and are never computed here.
package sentence

import (
	"strings"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Kind is the kind of a sentence.
type Kind string

// The kinds.
const (
	Custody        Kind = "custody"
	Suspended      Kind = "suspended sentence"
	CommunityOrder Kind = "community order"
	Fine           Kind = "fine"
	YouthOrder     Kind = "youth order"
	Other          Kind = "other"
)

// Kinds in the order in which they are offered.
var Kinds = []Kind{Custody, Suspended, CommunityOrder, YouthOrder, Fine, Other}

// Word is the kind with a capital.
func (k Kind) Word() string { return capital(string(k)) }

// Term is the length of a sentence as the court said it.
type Term struct {
	Years, Months, Weeks, Days int
	Life                       bool
}

// Sentence is a sentence as it was imposed.
type Sentence struct {
	ID         ref.SentenceID `db:"id"`
	Nominal    ref.NominalID  `db:"nominal_id"`
	ImposedOn  clock.Date     `db:"imposed_on"`
	Court      string         `db:"court"`
	Offence    string         `db:"offence"`
	OffenceOn  clock.Date     `db:"offence_on"` // zero: not known
	Kind       Kind           `db:"kind"`
	Years      int            `db:"years"`
	Months     int            `db:"months"`
	Weeks      int            `db:"weeks"`
	Days       int            `db:"days"`
	Life       bool           `db:"life"`
	LED        clock.Date     `db:"licence_ends_on"`  // licence end; zero: not given
	SED        clock.Date     `db:"sentence_ends_on"` // sentence end; zero: not given
	Source     string         `db:"source"`
	RecordedAt time.Time      `db:"recorded_at"`
	By         string         `db:"by_name"`
}

// Term is the length of the sentence.
func (s Sentence) Term() Term { return Term{s.Years, s.Months, s.Weeks, s.Days, s.Life} }

// Standing is the ground on which somebody is supervised.
type Standing string

// The grounds; the last two are no statutory ones.
const (
	Licence         Standing = "licence"
	PostSentence    Standing = "post-sentence supervision"
	OnCommunity     Standing = "community order"
	OnSuspended     Standing = "suspended sentence order"
	OnYouthOrder    Standing = "youth order"
	Bail            Standing = "bail"
	Voluntary       Standing = "voluntary"
	NoStatutoryHold Standing = "none"
)

// Standings in the order in which they are offered.
var Standings = []Standing{Licence, PostSentence, OnCommunity, OnSuspended, OnYouthOrder, Bail, Voluntary, NoStatutoryHold}

// Word is the ground as it is shown.
func (s Standing) Word() string {
	if s == NoStatutoryHold {
		return "No statutory supervision"
	}
	return capital(string(s))
}

// Statutory says that the law requires the supervision.
func (s Standing) Statutory() bool { return s != "" && s != Voluntary && s != NoStatutoryHold }

// Status is the statutory status from a day on.
type Status struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Standing   Standing      `db:"status"`
	From       clock.Date    `db:"from_on"`
	Ends       clock.Date    `db:"ends_on"` // zero: no end known
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// ScoreTypes are the instruments whose scores are kept.
var ScoreTypes = []string{"OGRS3", "OGRS4", "OGP", "OVP", "YOGRS", "other"}

// Score is a score of reoffending as a practitioner entered it.
type Score struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Type       string        `db:"type"`
	Value      string        `db:"value"`
	On         clock.Date    `db:"scored_on"`
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
