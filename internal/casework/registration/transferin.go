package registration

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// TransferIn is that somebody is adopted from a scheme outside the force (R92). From
// it follow eight weeks at RED and a review (R93, R94), which review.TransferOf reads.
type TransferIn struct {
	From     string     // the force or scheme
	AgreedOn clock.Date // when the two agreed it
}

// CheckTransferIn says what is wrong with a transfer from outside. The problems'
// fields are from and agreed_on.
func CheckTransferIn(t TransferIn, today clock.Date) []fault.Problem {
	var wrong []fault.Problem
	if strings.TrimSpace(t.From) == "" {
		wrong = append(wrong, fault.Problem{Field: "from", Rule: "R92", Text: "Enter the force or scheme from which the person is transferred"})
	}
	switch {
	case t.AgreedOn.IsZero():
		wrong = append(wrong, fault.Problem{Field: "agreed_on", Rule: "R92", Text: "Enter the date on which the transfer was agreed"})
	case t.AgreedOn.After(today):
		wrong = append(wrong, fault.Problem{Field: "agreed_on", Rule: "R92", Text: "The date on which the transfer was agreed must be today or in the past"})
	}
	return wrong
}

func insertTransferIn(ctx context.Context, tx *db.Tx, id ref.RegistrationID, of ref.NominalID, area ref.AreaID, t TransferIn) error {
	_, err := tx.Exec(ctx, `INSERT INTO registration_transfer_in (registration_id, nominal_id, from_area, agreed_on, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6)`, id, of, strings.TrimSpace(t.From), t.AgreedOn, tx.Now(), tx.Actor().Account)
	tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.transfer in", Area: int64(area), Nominals: []int64{int64(of)},
		Object: "registration", ObjectID: int64(id), Fields: []string{"from", "agreed on"}})
	return err
}
