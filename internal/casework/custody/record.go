package custody

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is a spell to be recorded. A spell of the past has its release as well.
type New struct {
	Nominal    ref.NominalID
	ReceivedOn clock.Date
	Prison     string // code
	Why        Why
	Expected   clock.Date // zero: none given yet
	NotifiedBy string     // who gave the expected date
	ReleasedOn clock.Date // zero: still in custody
	Source     string
}

// Notified is a date as somebody gave it.
type Notified struct {
	Day        clock.Date
	NotifiedBy string
	NotifiedOn clock.Date // zero: today
	Source     string
}

// NewMove is a move to another prison.
type NewMove struct {
	Prison  string // code
	MovedOn clock.Date
	Source  string
}

// Receive records that somebody was taken into custody.
func Receive(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.CustodyID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.CustodyID, error) {
		scope, err := locked(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		spells, err := Of(ctx, tx, n.Nominal)
		if err != nil {
			return 0, err
		}
		if err := fault.Refused(CheckNew(n, spells, tx.Today())); err != nil {
			return 0, err
		}
		if err := isPrison(ctx, tx, n.Prison); err != nil {
			return 0, err
		}
		id, err := insert(ctx, tx, n)
		if err != nil {
			return 0, err
		}
		note(tx, scope, n.Nominal, "custody.receive", id, "received_on", "prison", "why", "expected_on", "released_on", "notified_by", "source")
		return id, nil
	})
}

func insert(ctx context.Context, tx *db.Tx, n New) (id ref.CustodyID, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO custody_spell (nominal_id, received_on, prison, why, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, n.Nominal, n.ReceivedOn, n.Prison, n.Why, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err == nil && !n.Expected.IsZero() {
		err = addDate(ctx, tx, n.Nominal, id, ExpectedRelease, Notified{Day: n.Expected, NotifiedBy: n.NotifiedBy, Source: n.Source})
	}
	if err == nil && !n.ReleasedOn.IsZero() {
		err = addDate(ctx, tx, n.Nominal, id, Released, Notified{Day: n.ReleasedOn, NotifiedBy: n.NotifiedBy, Source: n.Source})
	}
	return id, err
}

// Expect records a release date as the prison gave it; the ones before stay, so
// that each change can be dated (R121).
func Expect(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, spell ref.CustodyID, n Notified) error {
	return change(ctx, d, s, id, spell, "custody.expect", []string{"expected_on", "notified_by", "source"}, func(ctx context.Context, tx *db.Tx, of Spell, _ clock.Date) error {
		if err := fault.Refused(CheckExpected(n, of)); err != nil {
			return err
		}
		return addDate(ctx, tx, id, spell, ExpectedRelease, n)
	})
}

// Release records that somebody was released.
func Release(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, spell ref.CustodyID, n Notified) error {
	return change(ctx, d, s, id, spell, "custody.release", []string{"released_on", "notified_by", "source"}, func(ctx context.Context, tx *db.Tx, of Spell, lastMove clock.Date) error {
		if err := fault.Refused(CheckRelease(n, of, lastMove, tx.Today())); err != nil {
			return err
		}
		return addDate(ctx, tx, id, spell, Released, n)
	})
}

// Transfer records a move to another prison (R212).
func Transfer(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, spell ref.CustodyID, n NewMove) error {
	return change(ctx, d, s, id, spell, "custody.move", []string{"prison", "moved_on", "source"}, func(ctx context.Context, tx *db.Tx, of Spell, lastMove clock.Date) error {
		if err := fault.Refused(CheckMove(n, of, lastMove, tx.Today())); err != nil {
			return err
		}
		if err := isPrison(ctx, tx, n.Prison); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO custody_move (spell_id, nominal_id, prison, moved_on, source, recorded_at, recorded_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, spell, id, n.Prison, n.MovedOn, n.Source, tx.Now(), tx.Actor().Account)
		return err
	})
}

// Facts that Correct can close.
const (
	FactSpell = "custody_spell"
	FactDate  = "custody_date"
	FactMove  = "custody_move"
)

// Correct says that a spell, a date or a move was entered in error.
func Correct(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, fact string, factID int64, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if fact != FactSpell && fact != FactDate && fact != FactMove {
			return false, fault.Missing()
		}
		if err := nominal.CloseFact(ctx, tx, id, fact, factID, nominal.EnteredInError, reason, clock.Date{}); err != nil {
			return false, err
		}
		// A release taken back opens its spell again: it must not run into another.
		spells, err := Of(ctx, tx, id)
		if err != nil {
			return false, err
		}
		if err := apart(spells); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "custody.correct", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: fact, ObjectID: factID, Fields: []string{"reason"}})
		return true, nil
	})
	return err
}

func apart(spells []Spell) error {
	for i, a := range spells {
		for _, b := range spells[i+1:] {
			if Overlap(a.ReceivedOn, a.ReleasedOn, b.ReceivedOn, b.ReleasedOn) {
				return fault.Refuse("", "R121", "Without this, two times in custody would overlap. Correct the later one first")
			}
		}
	}
	return nil
}

// change does something to a spell of the nominal that is still recorded as one.
func change(ctx context.Context, d *db.DB, s db.Submission, id ref.NominalID, spell ref.CustodyID, command string, fields []string,
	do func(ctx context.Context, tx *db.Tx, of Spell, lastMove clock.Date) error) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := locked(ctx, tx, id)
		if err != nil {
			return false, err
		}
		of, lastMove, err := find(ctx, tx, id, spell)
		if err != nil {
			return false, err
		}
		if err := do(ctx, tx, of, lastMove); err != nil {
			return false, err
		}
		note(tx, scope, id, command, spell, fields...)
		return true, nil
	})
	return err
}

// locked checks the permission and makes changes to one person's custody wait for
// each other, so that two receptions at once cannot overlap.
func locked(ctx context.Context, tx *db.Tx, id ref.NominalID) (nominal.Scope, error) {
	scope, err := nominal.Must(ctx, tx, id, authz.RecordCustody)
	if err != nil {
		return scope, err
	}
	return scope, tx.Lock(ctx, "custody", int64(id))
}

// find gives a spell of the nominal and the day of its last move.
func find(ctx context.Context, q db.Querier, id ref.NominalID, spell ref.CustodyID) (Spell, clock.Date, error) {
	spells, err := Of(ctx, q, id)
	if err != nil {
		return Spell{}, clock.Date{}, err
	}
	moves, err := Moves(ctx, q, id)
	if err != nil {
		return Spell{}, clock.Date{}, err
	}
	for _, s := range spells {
		if s.ID != spell {
			continue
		}
		for _, m := range moves { // the latest first
			if m.Spell == spell {
				return s, m.MovedOn, nil
			}
		}
		return s, clock.Date{}, nil
	}
	return Spell{}, clock.Date{}, fault.Missing()
}

func addDate(ctx context.Context, tx *db.Tx, id ref.NominalID, spell ref.CustodyID, kind DateKind, n Notified) error {
	by := n.NotifiedBy
	if by == "" {
		by = n.Source
	}
	on := n.NotifiedOn
	if on.IsZero() {
		on = tx.Today()
	}
	_, err := tx.Exec(ctx, `INSERT INTO custody_date (spell_id, nominal_id, kind, day, notified_by, notified_on, source, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, ref.Null(spell), id, kind, n.Day, by, on, n.Source, tx.Now(), tx.Actor().Account)
	return err
}

func isPrison(ctx context.Context, q db.Querier, code string) error {
	var name string
	err := q.QueryRow(ctx, `SELECT name FROM prison WHERE code = $1`, code).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Refuse("prison", "", "Choose the prison from the list")
	}
	return err
}

func note(tx *db.Tx, scope nominal.Scope, id ref.NominalID, command string, spell ref.CustodyID, fields ...string) {
	tx.Record(audit.Event{Operation: audit.Collect, Command: command, Area: int64(scope.Area), Nominals: []int64{int64(id)},
		Object: "custody", ObjectID: int64(spell), Fields: fields})
	tx.Touch(int64(id))
}
