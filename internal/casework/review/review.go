// Package review holds the case ratings of registered people and their history
// (R38-R51): rated at a meeting, or between two meetings and ratified at the
// next. A rating is never changed; the latest row is the current one.
package review

import (
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// New is a rating to record. Reason is always needed (R50); Characteristics are
// those of rag.Rating.Characteristics that apply, and may be empty.
type New struct {
	Registration    ref.RegistrationID
	Nominal         ref.NominalID
	Rating          rag.Rating
	Reason          string
	Characteristics []string
	Supervision     string // frequency of supervision agreed (R42, R44, R47); may be empty
	AgreedBy        string // empty: as the decision says or, between meetings, who records it
	Early           string // why it is lowered within eight weeks of a transfer from outside (R94); else not kept
	// Decision is the meeting that rated; nil between meetings, when the next
	// meeting has to ratify.
	Decision *ref.Decision
	// GivenAt is the practitioners' meeting at which a rating between meetings was
	// given (R53); 0: at none.
	GivenAt ref.MeetingID
}

// Rating is one line of a person's history of ratings.
type Rating struct {
	ID              ref.RatingID
	Registration    ref.RegistrationID
	Nominal         ref.NominalID
	Area            ref.AreaID
	Rating          rag.Rating
	RatedOn         clock.Date
	Reason          string
	Characteristics []string
	Supervision     string
	Meeting         ref.MeetingID // 0: rated between meetings
	HeldOn          clock.Date    // of that meeting
	Chair           ref.AccountID
	ChairName       string
	AgreedBy        string
	RecordedAt      time.Time
	RecordedBy      ref.AccountID
	RecordedByName  string
	// Of a rating between meetings: what the next meeting said of it, if it has.
	Outcome    string // "", Ratified or NotRatified
	AnsweredOn clock.Date
	AnsweredAt ref.MeetingID
	Answer     string // the meeting's reason
}

// What a meeting says of a rating made between meetings.
const (
	Ratified    = "ratified"
	NotRatified = "not ratified"
)

// BetweenMeetings says that no meeting made the rating.
func (r Rating) BetweenMeetings() bool { return r.Meeting == 0 }

// Waits says that the rating was made between meetings and no meeting has
// answered it. The next meeting answers the one that stands: see Unratified.
func (r Rating) Waits() bool { return r.BetweenMeetings() && r.Outcome == "" }
