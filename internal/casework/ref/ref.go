// Package ref holds the typed ids of the nouns of casework, so that the id of a
// nominal cannot be given where that of a registration is asked for, and the
// values that several nouns share.
package ref

import "strconv"

// One type for each noun.
type (
	AccountID      int64
	GrantID        int64
	AreaID         int64
	AgencyID       int64
	NominalID      int64
	ReferralID     int64
	RegistrationID int64
	RatingID       int64
	MeetingID      int64
	SeriesID       int64
	ActionID       int64
	ObjectiveID    int64
	ContactID      int64
	CustodyID      int64
	SentenceID     int64
	RecallID       int64
	ConditionID    int64 // of a licence
	BreachID       int64
	BreachStepID   int64
	GroupID        int64
	CirculationID  int64
	PlannedID      int64 // of a planned contact
	EscalationID   int64
)

// Zero means "none" for every id; Postgres holds it as NULL where a column may
// be empty (use Null).

// Null is the id for a column that may be empty: nil when it is zero.
func Null[ID ~int64](id ID) *int64 {
	if id == 0 {
		return nil
	}
	v := int64(id)
	return &v
}

// Parse reads an id from an address or a form; ok is false for anything but a
// positive whole number.
func Parse[ID ~int64](text string) (id ID, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || text[0] == '+' {
		return 0, false
	}
	return ID(n), true
}

// Text is an id as it stands in an address or a form; empty when it is zero.
func Text[ID ~int64](id ID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// Decision is what a meeting decided: at which meeting, who was in the chair
// and so accountable for it (R3), and who agreed.
type Decision struct {
	Meeting  MeetingID
	Chair    AccountID
	AgreedBy string
}
