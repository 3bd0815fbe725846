// Package breach keeps the breaches of licences, of post-sentence supervision and of orders
// in the community (R142, R144-R148, R178): what was broken and how, from which day, and what
// became of it, each step a row of its own.
//
// What a court may do about a breach of supervision, room law says; nothing else is recorded.
// What courts decide about orders, and probation about licences, is recorded as it was decided.
package breach

import (
	"strings"
	"time"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Step is what becomes of a breach.
type Step string

// The steps. Which of them fit depends on what was broken (Breach.Next).
const (
	Warned      Step = "warning"
	NoAction    Step = "no further action"
	Recalled    Step = "recall decided"     // of a licence
	Laid        Step = "information laid"   // of supervision, by probation (R144)
	Proceedings Step = "breach proceedings" // of an order
	Listed      Step = "hearing listed"
	Heard       Step = "heard"           // of supervision, with finding and sanction (Hear)
	Decided     Step = "court outcome"   // of an order
	Completed   Step = "order completed" // a supervision default order
	Revoked     Step = "order revoked"   // by the hearing about the breach of it (R147)
)

// Word is the step as it is offered and shown.
func (s Step) Word() string {
	switch s {
	case Recalled:
		return "Recall to prison decided"
	case Laid:
		return "Information laid before the magistrates’ court by probation"
	case Proceedings:
		return "Breach proceedings begun"
	case Heard:
		return "Heard by the magistrates’ court"
	case Decided:
		return "Decided by the court"
	case Completed:
		return "Supervision default order completed"
	case Revoked:
		return "Supervision default order revoked"
	}
	return capital(string(s))
}

// Waits says that something is to follow the step: a hearing, or its outcome.
func (s Step) Waits() bool { return s == Laid || s == Proceedings || s == Listed }

// Outcome is what a court decided about the breach of an order.
type Outcome string

// The outcomes.
const (
	Dismissed  Outcome = "dismissed"
	Continues  Outcome = "order continues"
	Amended    Outcome = "order amended"
	Resentence Outcome = "order revoked and resentenced"
	Activated  Outcome = "suspended sentence activated"
)

// OutcomesOf are those that a court has for a kind of order; none for anything else.
func OutcomesOf(of law.BreachOf) []Outcome {
	switch of {
	case law.OfCommunity:
		return []Outcome{Dismissed, Continues, Amended, Resentence}
	case law.OfSuspended:
		return []Outcome{Dismissed, Continues, Amended, Resentence, Activated}
	}
	return nil
}

// Word is the outcome with a capital.
func (o Outcome) Word() string { return capital(string(o)) }

// Entry is one step as it was recorded. From Finding on it is what the magistrates' court
// made of a breach of supervision; empty for every step but Heard.
type Entry struct {
	ID         ref.BreachStepID `db:"id"`
	Breach     ref.BreachID     `db:"breach_id"`
	Step       Step             `db:"step"`
	On         clock.Date       `db:"happened_on"`
	ListedOn   clock.Date       `db:"listed_on"` // of the hearing to come; zero: not known
	Outcome    Outcome          `db:"outcome"`
	Recall     ref.RecallID     `db:"recall_id"` // 0: none recorded
	Cause      ref.BreachStepID `db:"cause_id"`  // the hearing that revoked the order
	Note       string           `db:"note"`
	Source     string           `db:"source"`
	RecordedAt time.Time        `db:"recorded_at"`
	By         string           `db:"by_name"`

	Finding       law.Finding  `db:"finding"`
	Sanction      law.Sanction `db:"sanction"`
	FinePence     int          `db:"fine_pence"`
	CommittalDays int          `db:"committal_days"`
	UnpaidHours   int          `db:"unpaid_hours"`
	CurfewDays    int          `db:"curfew_days"`
	OrderEnds     clock.Date   `db:"order_ends_on"`
	Absconded     bool         `db:"absconded"`
}

// Court is the case that was heard, as the law looks at it: its fine is in pounds.
func (e Entry) Court(b Breach) law.SupervisionCase {
	return law.SupervisionCase{BreachedOn: b.BreachedOn, HeardOn: e.On, Finding: e.Finding, Sanction: e.Sanction, Fine: e.FinePence / pence,
		CommittalDays: e.CommittalDays, UnpaidHours: e.UnpaidHours, CurfewDays: e.CurfewDays, OrderEnds: e.OrderEnds, Absconded: e.Absconded, OfOrder: b.Order != 0}
}

// pence of a pound: money is kept in pence, and the law of sanctions speaks of pounds.
const pence = 100

// Breach is one breach with what became of it.
type Breach struct {
	ID          ref.BreachID     `db:"id"`
	Nominal     ref.NominalID    `db:"nominal_id"`
	Sentence    ref.SentenceID   `db:"sentence_id"`
	Of          law.BreachOf     `db:"of_what"`
	Type        law.BreachType   `db:"type"`
	BreachedOn  clock.Date       `db:"breached_on"` // first day
	What        string           `db:"what"`
	Contact     ref.ContactID    `db:"contact_id"` // 0: it comes from none
	ContactWord string           `db:"contact_word"`
	Order       ref.BreachStepID `db:"order_id"` // hearing of the supervision default order that was broken; 0: none
	Source      string           `db:"source"`
	RecordedAt  time.Time        `db:"recorded_at"`
	By          string           `db:"by_name"`
	Steps       []Entry          `db:"-"` // in the order in which they happened
}

// last is the latest step.
func (b Breach) last() (e Entry, ok bool) {
	if len(b.Steps) == 0 {
		return e, false
	}
	return b.Steps[len(b.Steps)-1], true
}

// find is the first step of a sort.
func (b Breach) find(s Step) (Entry, bool) {
	for _, e := range b.Steps {
		if e.Step == s {
			return e, true
		}
	}
	return Entry{}, false
}

func (b Breach) has(s Step) bool { _, ok := b.find(s); return ok }

// Open says that something is still to be done: nothing was, or a court is still to decide.
func (b Breach) Open() bool {
	e, ok := b.last()
	return !ok || e.Step.Waits()
}

// Hearing is the day on which the court is to hear it; zero where none is listed.
func (b Breach) Hearing() clock.Date {
	e, _ := b.last()
	return e.ListedOn
}

// DefaultOrder is the supervision default order that the court made, if it made one (R146).
func (b Breach) DefaultOrder() (Entry, bool) {
	e, ok := b.find(Heard)
	return e, ok && e.Sanction.Order()
}

// OrderRan is the last day on which the supervision default order ran: when it was revoked or
// completed, or else the day to which the court made it.
func (b Breach) OrderRan() clock.Date {
	order, ok := b.DefaultOrder()
	if !ok {
		return clock.Date{}
	}
	for _, e := range b.Steps {
		if e.Step == Completed || e.Step == Revoked {
			return e.On
		}
	}
	return order.OrderEnds
}

// Next are the steps that may follow, in the order in which they are offered. A hearing about
// supervision is recorded with its finding (Hear); an order is revoked by one.
func (b Breach) Next() []Step {
	if b.has(NoAction) || b.has(Recalled) || b.has(Decided) {
		return nil
	}
	if b.has(Heard) {
		if _, ok := b.DefaultOrder(); ok && !b.has(Completed) && !b.has(Revoked) {
			return []Step{Completed}
		}
		return nil
	}
	begins, decides := Laid, Heard
	switch b.Of {
	case law.OfLicence:
		begins, decides = Recalled, ""
	case law.OfCommunity, law.OfSuspended:
		begins, decides = Proceedings, Decided
	}
	if b.has(begins) {
		return []Step{Listed, decides, NoAction}
	}
	all := []Step{begins, NoAction}
	if !b.has(Warned) {
		all = append([]Step{Warned}, all...)
	}
	return all
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
