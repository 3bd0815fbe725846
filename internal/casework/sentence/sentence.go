// Package sentence keeps what courts imposed, the statutory status that follows
// from it, and the scores of reoffending that practitioners enter (R4, R19, R208).
//
// A sentence is kept as it was imposed, with what moves it (remand, added days) and
// what ends it early as rows of their own. Its dates are of two sorts: those that the prison or
// the probation service notified (room custody), which are in force, and those of the law (room
// law), worked out when they are read and never stored (R121-R126). DatesOf puts the two beside
// each other, for the list, the agenda, the start page and the person's own page alike.
package sentence

import (
	"slices"
	"strings"
	"time"

	"iom/internal/casework/law"
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

// Type is what sort of sentence a court passed, chosen from one list: a custodial one
// by the name that the law has for it, the others by their kind.
type Type string

// Determinate is the type of most custodial sentences.
const Determinate = Type(law.Standard)

// Types in the order in which they are offered.
var Types = func() []Type {
	var all []Type
	for _, k := range law.Kinds {
		all = append(all, Type(k))
	}
	for _, k := range Kinds {
		if k != Custody {
			all = append(all, Type(k))
		}
	}
	return all
}()

// Kind is custody, or the type itself; empty for what is no type.
func (t Type) Kind() Kind {
	switch {
	case slices.Contains(law.Kinds, law.Kind(t)):
		return Custody
	case slices.Contains(Kinds, Kind(t)) && Kind(t) != Custody:
		return Kind(t)
	}
	return ""
}

// Custodial is the kind by which the law knows it; empty for one that is not custodial.
func (t Type) Custodial() law.Kind {
	if t.Kind() == Custody {
		return law.Kind(t)
	}
	return ""
}

// Word is the type with a capital.
func (t Type) Word() string { return capital(string(t)) }

// Relation says how a term stands to another one.
type Relation string

// The relations.
const (
	Alone       Relation = "alone"
	Concurrent  Relation = "concurrent"
	Consecutive Relation = "consecutive"
)

// Relations in the order in which they are offered.
var Relations = []Relation{Alone, Concurrent, Consecutive}

// Word is the relation as it is offered.
func (r Relation) Word() string {
	switch r {
	case Concurrent:
		return "Concurrent: served at the same time as another sentence"
	case Consecutive:
		return "Consecutive: served after another sentence"
	}
	return "On its own"
}

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
	Custodial  law.Kind       `db:"custody_type"` // empty for one that is not custodial
	Relation   Relation       `db:"relation"`
	Related    ref.SentenceID `db:"related_id"`    // to which it is concurrent or consecutive
	OrderEnds  clock.Date     `db:"order_ends_on"` // as the court said it; zero: no order, or not known
	Conditions []string       `db:"conditions"`    // law.Question ids that are known to be met
	Source     string         `db:"source"`
	RecordedAt time.Time      `db:"recorded_at"`
	By         string         `db:"by_name"`
}

// Term is the length of the sentence.
func (s Sentence) Term() Term { return Term{s.Years, s.Months, s.Weeks, s.Days, s.Life} }

// Type is what sort of sentence it is, as it is chosen.
func (s Sentence) Type() Type {
	if s.Kind == Custody {
		return Type(s.Custodial)
	}
	return Type(s.Kind)
}

// Order says that it is an order in the community, which has an end of its own.
func (k Kind) Order() bool { return k == Suspended || k == CommunityOrder || k == YouthOrder }

// Moves is what moved the dates of a custodial sentence.
type Moves string

// What moves them.
const (
	OnRemand      Moves = "remand"
	OnTaggedBail  Moves = "tagged bail"
	AddedDays     Moves = "added days"
	RestoredDays  Moves = "added days given back"
	AtLarge       Moves = "unlawfully at large before release"
	AtLargeLater  Moves = "unlawfully at large after release"
	mostDaysMoved       = 20000
)

// AllMoves in the order in which they are offered.
var AllMoves = []Moves{OnRemand, OnTaggedBail, AddedDays, RestoredDays, AtLarge, AtLargeLater}

// Word says what was credited or added.
func (m Moves) Word() string {
	switch m {
	case OnRemand:
		return "Days on remand"
	case OnTaggedBail:
		return "Days credited for tagged bail"
	case AddedDays:
		return "Days added for offences in prison"
	case RestoredDays:
		return "Added days given back"
	case AtLarge:
		return "Days unlawfully at large before release"
	case AtLargeLater:
		return "Days unlawfully at large after release"
	}
	return string(m)
}

// Adjustment is days that move the dates of a sentence.
type Adjustment struct {
	ID         int64          `db:"id"`
	Nominal    ref.NominalID  `db:"nominal_id"`
	Sentence   ref.SentenceID `db:"sentence_id"`
	Moves      Moves          `db:"kind"`
	Days       int            `db:"days"`
	Dated      clock.Date     `db:"dated"`
	Source     string         `db:"source"`
	RecordedAt time.Time      `db:"recorded_at"`
	By         string         `db:"by_name"`
}

// How an order ended before its day.
const (
	Revoked        = "revoked"
	CompletedEarly = "completed early"
	Activated      = "activated"
)

// EarlyEnds are the ways in which an order ends early.
var EarlyEnds = []string{Revoked, CompletedEarly, Activated}

// End is the early end of an order.
type End struct {
	ID         int64          `db:"id"`
	Nominal    ref.NominalID  `db:"nominal_id"`
	Sentence   ref.SentenceID `db:"sentence_id"`
	How        string         `db:"how"`
	On         clock.Date     `db:"ended_on"`
	Source     string         `db:"source"`
	RecordedAt time.Time      `db:"recorded_at"`
	By         string         `db:"by_name"`
}

// Tags are the kinds of electronic monitoring.
var Tags = []string{"home detention curfew", "licence curfew", "curfew of an order", "bail curfew", "location monitoring", "alcohol monitoring"}

// Tag is electronic monitoring from a day to a day (R120, R177).
type Tag struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Kind       string        `db:"kind"`
	Starts     clock.Date    `db:"starts_on"`
	Ends       clock.Date    `db:"ends_on"`    // as it was set; zero: no end known
	RemovedOn  clock.Date    `db:"removed_on"` // taken off before; zero: it was not
	RemovedWhy string        `db:"removed_why"`
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

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

	// Of the current status alone (StatusOf): where Ends comes from, and the first
	// day of the last third of the licence or the order.
	EndsInForce InForce    `db:"-"`
	FinalThird  clock.Date `db:"-"`
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
