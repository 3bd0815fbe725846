package custody

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Dated is a kind of date with its day.
type Dated struct {
	Kind DateKind
	Day  clock.Date
}

// NewNotice is what prison or probation notified of one person: often several dates at once.
type NewNotice struct {
	Nominal    ref.NominalID
	Dates      []Dated
	NotifiedBy string
	NotifiedOn clock.Date
	Source     string
}

// Notify records official dates; the ones before stay, so that each change can be
// dated (R121). The latest notified is in force.
func Notify(ctx context.Context, d *db.DB, s db.Submission, n NewNotice) (ref.NominalID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.NominalID, error) {
		return n.Nominal, notify(ctx, tx, n)
	})
}

func notify(ctx context.Context, tx *db.Tx, n NewNotice) error {
	scope, err := locked(ctx, tx, n.Nominal)
	if err != nil {
		return err
	}
	spell, held, err := CurrentOf(ctx, tx, n.Nominal)
	if err != nil {
		return err
	}
	if err := fault.Refused(CheckNotice(n, spell, held, tx.Today())); err != nil {
		return err
	}
	fields := []string{"notified_by", "notified_on", "source"}
	for _, d := range n.Dates {
		of := ref.CustodyID(0)
		if d.Kind.OfRelease() && held {
			of = spell.ID
		}
		if err := addDate(ctx, tx, n.Nominal, of, d.Kind, Notified{Day: d.Day, NotifiedBy: n.NotifiedBy, NotifiedOn: n.NotifiedOn, Source: n.Source}); err != nil {
			return err
		}
		fields = append(fields, string(d.Kind))
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "custody.notify", Area: int64(scope.Area), Nominals: []int64{int64(n.Nominal)},
		Object: "custody_date", Fields: fields})
	tx.Touch(int64(n.Nominal))
	return nil
}

// FieldOf is the field of a form for the date of a kind.
func FieldOf(k DateKind) string { return "date-" + fmt.Sprint(slices.Index(DateKinds, k)) }

// CheckNotice says what keeps official dates from being recorded. held says that the
// person is in custody, in the spell given.
func CheckNotice(n NewNotice, spell Spell, held bool, today clock.Date) []fault.Problem {
	var w wrong
	if len(n.Dates) == 0 {
		w.add(FieldOf(DateKinds[0]), "Enter at least one date")
	}
	of := map[DateKind]clock.Date{}
	for _, d := range n.Dates {
		field := FieldOf(d.Kind)
		switch {
		case !slices.Contains(DateKinds, d.Kind):
			w.add("", "Choose the kind of date from the list")
		case d.Day.IsZero():
			w.add(field, "Enter the date")
		case (d.Kind == ExpectedRelease || d.Kind == ReRelease) && !held:
			w.add(field, "The record does not have this person in custody. Record the reception first")
		case d.Kind.OfRelease() && held && d.Day.Before(spell.ReceivedOn):
			w.add(field, "The release cannot be before the reception on "+spell.ReceivedOn.Long())
		}
		of[d.Kind] = d.Day
	}
	w.order(FieldOf(SentenceEnd), "The sentence cannot end before the licence", of[LicenceEnd], of[SentenceEnd])
	w.order(FieldOf(LicenceEnd), "The licence cannot end before the release", of[ConditionalRelease], of[LicenceEnd])
	if strings.TrimSpace(n.NotifiedBy) == "" {
		w.add("notified_by", "Enter who notified the date, such as the offender management unit of the prison")
	}
	switch {
	case n.NotifiedOn.IsZero():
		w.add("notified_on", "Enter the day on which it was notified")
	case n.NotifiedOn.After(today):
		w.add("notified_on", "The day on which it was notified must be today or in the past")
	}
	w.sourced(n.Source)
	return w
}

// Later says that a notice was given after another one: of two of the same day, the
// one that was recorded later.
func (n Notice) Later(other Notice) bool {
	if n.NotifiedOn != other.NotifiedOn {
		return n.NotifiedOn.After(other.NotifiedOn)
	}
	return n.RecordedAt.After(other.RecordedAt)
}
