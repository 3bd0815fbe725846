package action

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Progress appends what has been done. meeting is 0 between meetings.
func Progress(ctx context.Context, tx *db.Tx, id ref.ActionID, text string, meeting ref.MeetingID) error {
	return Apply(ctx, tx, id, 0, Change{Kind: KindProgress, Text: text, Meeting: meeting})
}

// ProposeDischarge says that the agency thinks the action complete; the meeting,
// the chair or the co-ordinator discharges it.
func ProposeDischarge(ctx context.Context, tx *db.Tx, id ref.ActionID, text string, meeting ref.MeetingID) error {
	return Apply(ctx, tx, id, 0, Change{Kind: KindPropose, Text: text, Meeting: meeting})
}

// Discharge ends an action (R74).
func Discharge(ctx context.Context, tx *db.Tx, id ref.ActionID, text string, meeting ref.MeetingID) error {
	return Apply(ctx, tx, id, 0, Change{Kind: KindEnd, Text: text, Meeting: meeting})
}

// CarryOver gives an action a later due date and counts it (R74).
func CarryOver(ctx context.Context, tx *db.Tx, id ref.ActionID, newDue clock.Date, text string, meeting ref.MeetingID) error {
	return Apply(ctx, tx, id, 0, Change{Kind: KindCarry, DueOn: newDue, Text: text, Meeting: meeting})
}

// Assign names the agency and the person who will do it (R75). Agency 0 keeps
// the agency; account 0 names nobody.
func Assign(ctx context.Context, tx *db.Tx, id ref.ActionID, agency ref.AgencyID, account ref.AccountID, text string, meeting ref.MeetingID) error {
	return Apply(ctx, tx, id, 0, Change{Kind: KindAssign, Agency: agency, Account: account, Text: text, Meeting: meeting})
}

// Update makes one change to one action in a transaction of its own. version is
// the one that was on the page; fault.Changed when somebody else saved since.
func Update(ctx context.Context, d *db.DB, s db.Submission, id ref.ActionID, version int64, c Change) error {
	if version <= 0 {
		return fault.Changed() // a form that lost its version is stale, never the newest
	}
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, Apply(ctx, tx, id, version, c)
	})
	return err
}

// Picked is an action as it stood on a page: its version guards the change.
type Picked struct {
	ID      ref.ActionID
	Version int64
}

// ManyMost bounds how many actions are changed at once: one page of them.
const ManyMost = 100

// UpdateMany makes the same change to several actions: all of them or none. What
// is wrong with the change itself is said once, under its field; what is wrong
// with one of the actions is said under the field "action-<id>".
func UpdateMany(ctx context.Context, d *db.DB, s db.Submission, picked []Picked, c Change) (int, error) {
	if len(picked) == 0 {
		return 0, fault.Refuse("action", "", "Choose at least one action")
	}
	if len(picked) > ManyMost {
		return 0, fault.Refuse("action", "", fmt.Sprintf("Choose at most %d actions", ManyMost))
	}
	// Locks are taken in one order, so that two who change the same actions wait
	// and do not block each other.
	picked = slices.Clone(picked)
	slices.SortFunc(picked, func(a, b Picked) int { return int(a.ID - b.ID) })
	picked = slices.CompactFunc(picked, func(a, b Picked) bool { return a.ID == b.ID })
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		if problems := CheckChange(c, tx.Today()); len(problems) > 0 {
			return 0, fault.Refused(problems)
		}
		var problems []fault.Problem
		for _, p := range picked {
			err := fault.Changed() // a row that lost its version is stale
			if p.Version > 0 {
				err = Apply(ctx, tx, p.ID, p.Version, c)
			}
			if text, ok := rowProblem(err); ok {
				problems = append(problems, fault.Problem{Field: RowField(p.ID), Text: named(ctx, tx, p.ID) + text})
			} else if err != nil {
				return 0, err
			}
		}
		return len(picked), fault.Refused(problems)
	})
}

// RowField is the field under which a problem of one of several actions is said.
func RowField(id ref.ActionID) string { return "action-" + strconv.FormatInt(int64(id), 10) }

// named is the beginning of the action's text, so that a problem says which action
// it is about when the page no longer shows it; empty for one out of scope.
func named(ctx context.Context, tx *db.Tx, id ref.ActionID) string {
	a, err := Get(ctx, tx, id)
	if err != nil {
		return ""
	}
	return "“" + a.Short() + "”: "
}

// rowProblem is what stops one of several actions, in words; ok is false for an
// error that concerns them all.
func rowProblem(err error) (text string, ok bool) {
	switch fault.KindOf(err) {
	case fault.Forbidden, fault.Invalid:
		return err.Error(), true
	case fault.Stale:
		return "Somebody else has changed this action since you opened the page. Look at it again", true
	case fault.NotFound:
		return "This action is no longer there", true
	}
	return "", false
}

// Apply makes one change within a transaction: it checks the record, the
// permission in its area and the rules, writes the new state and appends the
// line of history. version 0 takes the action as it is now.
func Apply(ctx context.Context, tx *db.Tx, id ref.ActionID, version int64, c Change) error {
	if err := tx.Lock(ctx, "action", int64(id)); err != nil {
		return err
	}
	a, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := nominal.Must(ctx, tx, a.Nominal, authz.SetOwnAction); err != nil {
		return err
	}
	if !Allowed(tx.Actor(), a, c) {
		return fault.Denied(refusal(c.Kind))
	}
	if version != 0 && version != a.Version {
		return fault.Changed()
	}
	problems := CheckChange(c, tx.Today())
	if problem := MayChange(a, c); problem != nil {
		problems = append(problems, *problem)
	}
	if c.Kind == KindAssign {
		problem, err := ownerProblem(ctx, tx, a.Area, c.agency(a), c.Account)
		if err != nil {
			return err
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
	}
	if err := fault.Refused(problems); err != nil {
		return err
	}
	return write(ctx, tx, a, c)
}

func refusal(k Kind) string {
	if k == KindEnd || k == KindCarry {
		return "Only the chair or the co-ordinator can discharge an action or carry it over. You can propose its discharge"
	}
	return "This action is with another agency"
}

func write(ctx context.Context, tx *db.Tx, a Action, c Change) error {
	after, fields := a.after(c, tx)
	if err := update(ctx, tx, after); err != nil {
		return err
	}
	entry := c
	if c.Kind == KindAssign {
		entry.Agency = c.agency(a)
	} else {
		entry.Agency, entry.Account = 0, 0
	}
	if c.Kind != KindCarry {
		entry.DueOn = clock.Date{}
	}
	if err := appendEntry(ctx, tx, a.ID, a.Nominal, string(c.Kind), entry); err != nil {
		return err
	}
	tx.Record(audit.Event{Operation: audit.Alter, Command: "action." + commands[c.Kind], Area: int64(a.Area), Nominals: []int64{int64(a.Nominal)},
		Object: "action", ObjectID: int64(a.ID), Fields: fields})
	if c.Kind == KindCarry || c.Kind == KindEnd {
		tx.Touch(int64(a.Nominal))
	}
	return nil
}

var commands = map[Kind]string{KindProgress: "progress", KindPropose: "propose discharge", KindAssign: "assign", KindCarry: "carry over", KindEnd: "discharge"}

// after is the action as the change leaves it, with the fields that it concerns.
func (a Action) after(c Change, tx *db.Tx) (Action, []string) {
	switch c.Kind {
	case KindPropose:
		a.DischargeProposed = true
		return a, []string{"note", "discharge_proposed"}
	case KindAssign:
		a.Agency, a.Account = c.agency(a), c.Account
		return a, []string{"note", "owner"}
	case KindCarry:
		// The meeting has looked at it and it goes on: a proposal to discharge is spent.
		a.DueOn, a.Carried, a.DischargeProposed = c.DueOn, a.Carried+1, false
		return a, []string{"note", "due_on", "carried"}
	case KindEnd:
		at := tx.Now()
		a.DischargedAt, a.DischargeProposed = &at, false
		return a, []string{"note", "discharged_at"}
	}
	return a, []string{"note"}
}
