// Package meeting is the Referral and Operational meeting: planned, its agenda
// built from the rules, its papers open to those who signed for confidentiality,
// its decisions recorded on the sheet in the chair's name, its minutes approved
// (R52-R72). It is the highest room of casework: what a meeting decides it has the
// rooms below write, in its own transaction.
package meeting

import (
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Kind is what sort of meeting it is.
type Kind string

// The two that the guide knows.
const (
	Operational   Kind = "referral and operational" // monthly (R52)
	Practitioners Kind = "practitioners"            // weekly, emerging issues (R53)
)

// Title is the kind as a heading.
func (k Kind) Title() string {
	if k == Practitioners {
		return "Practitioners' meeting"
	}
	return "Referral and Operational meeting"
}

// UsualEnd is when a meeting of a kind ends that starts at a time, as nobody said
// otherwise: two hours later, a practitioners' meeting one hour; never on another day.
// The guide says nothing of how long a meeting takes.
func (k Kind) UsualEnd(starts string) string {
	at, err := time.Parse("15:04", starts)
	if err != nil {
		return ""
	}
	end := at.Add(2 * time.Hour)
	if k == Practitioners {
		end = at.Add(time.Hour)
	}
	if end.Day() != at.Day() {
		return "23:59"
	}
	return end.Format("15:04")
}

// endOf is when a meeting ends: as was said, or as its kind usually does.
func endOf(k Kind, starts, ends string) string {
	if ends != "" {
		return ends
	}
	return k.UsualEnd(starts)
}

// State is where a meeting stands. Each but the first has a row that says who
// and when.
type State string

// A planned meeting is open for invitations and has an agenda that recomputes
// itself; an open one has a frozen agenda and a sheet; a closed one has minutes.
const (
	StatePlanned   State = "planned"
	StateOpen      State = "open"
	StateClosed    State = "closed"
	StateApproved  State = "approved"
	StateCancelled State = "cancelled"
)

// Meeting is one meeting with who opened, closed, cancelled and approved it.
type Meeting struct {
	ID        ref.MeetingID
	Area      ref.AreaID // the node; the meeting is for the leaves under it
	AreaName  string
	Kind      Kind
	HeldOn    clock.Date
	Starts    string // 15:04
	Ends      string // 15:04 of the same day; later than Starts
	Place     string
	Chair     ref.AccountID
	ChairName string
	Joint     ref.AccountID // 0: none (R55)
	JointName string
	NextOn    clock.Date // when the one after is expected; never zero
	Version   int64

	OpenedAt, ClosedAt, ApprovedAt, CancelledAt *time.Time // nil: not
	OpenedBy, ClosedBy, ApprovedBy, CancelledBy string     // names
	ClosedReason, CancelledReason               string
	Missing                                     []string // what was missing when the chair closed it; see Gap.Code
	Digest                                      string   // of the approved minutes
	MinutesVersion                              int      // the latest that was approved; 0: none
}

// State is where the meeting stands.
func (m Meeting) State() State {
	switch {
	case m.CancelledAt != nil:
		return StateCancelled
	case m.ApprovedAt != nil:
		return StateApproved
	case m.ClosedAt != nil:
		return StateClosed
	case m.OpenedAt != nil:
		return StateOpen
	}
	return StatePlanned
}

// IsChairedBy says whether the account is in the chair, alone or jointly.
func (m Meeting) IsChairedBy(account ref.AccountID) bool {
	return account == m.Chair || (m.Joint != 0 && account == m.Joint)
}

// GuestsUntil is when a guest's sight of the named cases ends: 14 days after the
// meeting (docs/permissions.md).
func (m Meeting) GuestsUntil() time.Time { return m.HeldOn.AddDays(15).Start() }

// Cadence is how often an area meets (R54).
type Cadence string

// The three that the sources describe.
const (
	Monthly     Cadence = "monthly"
	Fortnightly Cadence = "fortnightly"
	Weekly      Cadence = "weekly"
)

// Next is when the meeting after one on the given day is expected: a month, two
// weeks or one week later, or the first working day after that.
func (c Cadence) Next(on clock.Date) clock.Date {
	next := on.AddMonths(1)
	switch c {
	case Weekly:
		next = on.AddDays(7)
	case Fortnightly:
		next = on.AddDays(14)
	}
	for !next.IsWorkingDay() {
		next = next.AddDays(1)
	}
	return next
}
