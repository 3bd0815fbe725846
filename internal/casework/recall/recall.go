// Package recall keeps a recall to prison from the decision in principle to the
// release (R51, R135-R140): the 24 hours for the papers and again for PPCS, the
// exclusions that were asked one by one, the kind of recall, and the return to custody.
//
// Which kind the law of the day provides for, and when it ends, room law works out
// when it is read; PPCS decides, and a date that the prison has notified wins.
package recall

import (
	"time"

	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Step is what happens to a recall after the decision in principle.
type Step string

// The steps, in their order; a recall that is not carried on is withdrawn.
const (
	Sent      Step = "papers sent"     // Part A and all papers, to PPCS
	Received  Step = "papers received" // by PPCS, complete
	Revoked   Step = "licence revoked" // PPCS has processed them
	Withdrawn Step = "withdrawn"
)

// Steps in their order.
var Steps = []Step{Sent, Received, Revoked, Withdrawn}

// Word is the step as it is shown.
func (s Step) Word() string {
	switch s {
	case Sent:
		return "Part A and papers sent to PPCS"
	case Received:
		return "Papers received by PPCS, complete"
	case Revoked:
		return "Processed by PPCS: licence revoked"
	case Withdrawn:
		return "Recall not carried on"
	}
	return string(s)
}

// Reply is an answer to an exclusion, with what it rests on.
type Reply struct {
	Answer   law.Answer
	Evidence string
}

// Recall is one recall with all that has happened to it.
type Recall struct {
	ID         ref.RecallID   `db:"id"`
	Nominal    ref.NominalID  `db:"nominal_id"`
	Sentence   ref.SentenceID `db:"sentence_id"`
	DecidedAt  time.Time      `db:"decided_at"`
	DecidedBy  string         `db:"decided_by"`
	Reason     string         `db:"reason"`
	Source     string         `db:"source"`
	RecordedAt time.Time      `db:"recorded_at"`
	By         string         `db:"by_name"`

	SentAt      *time.Time     `db:"sent_at"`
	ReceivedAt  *time.Time     `db:"received_at"`
	RevokedAt   *time.Time     `db:"revoked_at"`
	WithdrawnAt *time.Time     `db:"withdrawn_at"`
	WithdrawnOf string         `db:"withdrawn_of"` // why it was not carried on
	Kind        law.RecallKind `db:"kind"`         // as PPCS decided it; empty: not decided yet
	KindReason  string         `db:"kind_reason"`  // why it is another one than the law came to
	Spell       ref.CustodyID  `db:"spell_id"`     // 0: not back in custody
	ReturnedOn  clock.Date     `db:"returned_on"`
	ReleasedOn  clock.Date     `db:"released_on"` // zero: not released since

	Replies map[law.QuestionID]Reply `db:"-"`
}

// Open says that something is still to be done: neither withdrawn nor back in custody.
func (r Recall) Open() bool { return r.WithdrawnAt == nil && r.Spell == 0 }

// Papers is the clock of the recall (R138, R139).
func (r Recall) Papers() law.Papers {
	return law.Papers{Decided: r.DecidedAt, Sent: moment(r.SentAt), Received: moment(r.ReceivedAt), Executed: moment(r.RevokedAt)}
}

func moment(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// Answers are the replies without their evidence.
func (r Recall) Answers() map[law.QuestionID]law.Answer {
	all := map[law.QuestionID]law.Answer{}
	for id, reply := range r.Replies {
		all[id] = reply.Answer
	}
	return all
}
