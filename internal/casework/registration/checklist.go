package registration

import (
	"context"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// RecordLine records a line of a checklist of a registration, with date and by
// whom (R32, R35). It needs authz.RecordChecklist in the area; lines about a
// marker on PNC or Niche only police or the co-ordinator record. When with it no
// marker is left on a deregistered case, the case closes (R36): closed says so.
func RecordLine(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, reg ref.RegistrationID, n NewLine) (closed bool, err error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, of, authz.RecordChecklist)
		if err != nil {
			return false, err
		}
		if ForPolice(n.Line) && !MayRecordMarker(tx.Actor(), scope.Area) {
			return false, fault.Denied("Lines about PNC and Niche are recorded by police or the co-ordinator")
		}
		r, facts, err := lineFacts(ctx, tx, of, reg, n)
		if err != nil {
			return false, err
		}
		if err := fault.Refused(CheckLine(n, facts)); err != nil {
			return false, err
		}
		if err := insertLine(ctx, tx, r.ID, of, n); err != nil {
			return false, err
		}
		tx.Touch(int64(of))
		tx.Record(audit.Event{Operation: audit.Collect, Command: "registration.checklist", Area: int64(r.Area), Nominals: []int64{int64(of)},
			Object: "registration", ObjectID: int64(r.ID), Fields: []string{n.List + ": " + n.Line}})
		return closeWhenDone(ctx, tx, r)
	})
}

// CorrectLine says that the current entry of a line was made in error; the one
// before it counts again, if there is one. It needs what RecordLine needs, and a
// case that is not closed. The problem's field is reason.
func CorrectLine(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, reg ref.RegistrationID, list, name, reason string) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		scope, err := nominal.Must(ctx, tx, of, authz.RecordChecklist)
		if err != nil {
			return false, err
		}
		if ForPolice(name) && !MayRecordMarker(tx.Actor(), scope.Area) {
			return false, fault.Denied("Lines about PNC and Niche are recorded by police or the co-ordinator")
		}
		r, facts, err := lineFacts(ctx, tx, of, reg, NewLine{List: list, Line: name})
		if err != nil {
			return false, err
		}
		lines, err := Checklists(ctx, tx, r.ID)
		if err != nil {
			return false, err
		}
		now := lines.Get(list, name)
		switch {
		case now.ID == 0:
			return false, fault.Missing()
		case name == Conference:
			return false, fault.Refuse("", "R32", "The conference's line follows from the meeting's decision and is not entered by hand")
		case facts.Closed:
			return false, fault.Refuse("", "R36", "The case is closed, so its checklists can no longer be changed")
		}
		if err := nominal.CloseFact(ctx, tx, of, "checklist_line", now.ID, nominal.EnteredInError, strings.TrimSpace(reason), clock.Date{}); err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "registration.checklist.correct", Area: int64(r.Area), Nominals: []int64{int64(of)},
			Object: "registration", ObjectID: int64(r.ID), Fields: []string{list + ": " + name}})
		return true, nil
	})
	return err
}

// MayRecordMarker says whether somebody may record the lines about PNC and Niche
// in an area: police or the co-ordinator.
func MayRecordMarker(a authz.Actor, area ref.AreaID) bool {
	return a.Holds(authz.Police, int64(area)) || a.Holds(authz.Coordinator, int64(area)) || a.Holds(authz.System, int64(area))
}

// Close closes a deregistered case. It refuses while an adoption line has no
// matching removal, naming each (R36). RecordLine closes by itself; this is for a
// case that could not close then.
func Close(ctx context.Context, d *db.DB, s db.Submission, of ref.NominalID, reg ref.RegistrationID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if _, err := nominal.Must(ctx, tx, of, authz.RecordChecklist); err != nil {
			return false, err
		}
		r, _, err := lineFacts(ctx, tx, of, reg, NewLine{})
		if err != nil {
			return false, err
		}
		if r.EndedAt == nil {
			return false, fault.Refuse("", "R86", "The person is still registered. A meeting decides to deregister before the case can close")
		}
		if r.ClosedAt != nil {
			return false, fault.Refuse("", "R36", "The case is closed already")
		}
		all, err := Checklists(ctx, tx, r.ID)
		if err != nil {
			return false, err
		}
		if missing := MissingRemoval(all); len(missing) > 0 {
			return false, fault.Refuse("", "R36", "The case cannot close yet. Still to do: "+strings.Join(Words(RemovalList, missing), "; "))
		}
		return closeWhenDone(ctx, tx, r)
	})
	return err
}

// Words are lines as the form calls them.
func Words(list string, lines []string) []string {
	words := make([]string, len(lines))
	for i, line := range lines {
		words[i] = LineWord(list, line)
	}
	return words
}

func lineFacts(ctx context.Context, tx *db.Tx, of ref.NominalID, reg ref.RegistrationID, n NewLine) (r Registration, f LineFacts, err error) {
	if err = tx.Lock(ctx, "nominal", int64(of)); err != nil {
		return r, f, err
	}
	all, err := Of(ctx, tx, of)
	if err != nil {
		return r, f, err
	}
	if r, err = in(all, reg); err != nil {
		return r, f, err
	}
	lines, err := Checklists(ctx, tx, r.ID)
	if err != nil {
		return r, f, err
	}
	f = LineFacts{Today: tx.Today(), Closed: r.ClosedAt != nil, Adopted: lines.Get(AdoptionList, n.Line)}
	f.DecidedOn, err = decidedOn(ctx, tx, r.ID)
	return r, f, err
}

func insertLine(ctx context.Context, tx *db.Tx, reg ref.RegistrationID, of ref.NominalID, n NewLine) error {
	if n.NotApplicable {
		n.DoneOn, n.ByWhom = clock.Date{}, ""
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO checklist_line (registration_id, nominal_id, list, line, done_on, by_whom, not_applicable, note, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		reg, of, n.List, n.Line, n.DoneOn, n.ByWhom, n.NotApplicable, n.Note, tx.Now(), tx.Actor().Account)
	return err
}

// conferenceLine does the first line of a list, which is the meeting's own
// decision, by the chair.
func conferenceLine(ctx context.Context, tx *db.Tx, reg ref.RegistrationID, of ref.NominalID, list string, on clock.Date, d ref.Decision) error {
	chair, err := account.NameOf(ctx, tx, d.Chair)
	if err != nil {
		return err
	}
	return insertLine(ctx, tx, reg, of, NewLine{List: list, Line: Conference, DoneOn: on, ByWhom: chair + ", in the chair"})
}

// closeWhenDone closes a deregistered case on which no marker is left.
func closeWhenDone(ctx context.Context, tx *db.Tx, r Registration) (closed bool, err error) {
	if r.EndedAt == nil || r.ClosedAt != nil {
		return false, nil
	}
	all, err := Checklists(ctx, tx, r.ID)
	if err != nil || len(MissingRemoval(all)) > 0 {
		return false, err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO registration_closure (registration_id, nominal_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, r.ID, r.Nominal, tx.Now(), tx.Actor().Account)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	tx.Record(audit.Event{Operation: audit.Alter, Command: "registration.close", Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "registration", ObjectID: int64(r.ID), Fields: []string{"closed"}})
	return true, nil
}
