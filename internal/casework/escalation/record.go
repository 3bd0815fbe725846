package escalation

import (
	"context"
	"strings"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Raise raises an escalation between meetings (R60). It needs authz.RunMeetings in
// the area. The problems' fields are those of Check.
func Raise(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.EscalationID, error) {
	n.Meeting = 0
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.EscalationID, error) { return Insert(ctx, tx, n) })
}

// Insert raises an escalation within a command of the meeting. An area out of the
// actor's reach is fault.Missing.
func Insert(ctx context.Context, tx *db.Tx, n New) (id ref.EscalationID, err error) {
	if n.Nominal != 0 {
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RunMeetings)
		if err != nil {
			return 0, err
		}
		n.Area = scope.Area
	} else if err := db.Must(tx, authz.RunMeetings, int64(n.Area)); err != nil {
		return 0, err
	}
	tree, err := area.Tree(ctx, tx)
	if err != nil {
		return 0, err
	}
	var groups []ref.AreaID
	for _, a := range GroupsFor(tree, n.Area) {
		groups = append(groups, a.ID)
	}
	if n.Group == 0 && len(groups) == 1 {
		n.Group = groups[0]
	}
	if err := fault.Refused(Check(n, groups, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO escalation (area_id, group_id, nominal_id, meeting_id, kind, issue, tried, answer_by, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`, n.Area, n.Group, ref.Null(n.Nominal), ref.Null(n.Meeting), n.Kind,
		strings.TrimSpace(n.Issue), strings.TrimSpace(n.Tried), n.AnswerBy, tx.Now(), tx.Actor().Account).Scan(&id)
	if err != nil {
		return 0, err
	}
	tx.Record(event("raise", id, n.Area, n.Nominal, "kind", "issue", "tried", "group", "answer_by"))
	return id, nil
}

// Tell records what was heard from the delivery group: that it has taken note, how
// it gets on, or its answer (R60). The group's members have no accounts of their
// own: whoever runs the meetings of the area records it, and an answer names who
// gave it. version is that of the page; fault.Changed when something was recorded
// since. The problems' fields are those of CheckReport.
func Tell(ctx context.Context, d *db.DB, s db.Submission, id ref.EscalationID, version int64, r Report) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		e, err := Take(ctx, tx, id, version)
		if err != nil {
			return false, err
		}
		if r.Kind != Answer {
			r.AnsweredBy, r.AnsweredOn = "", clock.Date{}
		}
		if err := fault.Refused(CheckReport(e, r, tx.Today())); err != nil {
			return false, err
		}
		return true, add(ctx, tx, e, Entry{Kind: r.Kind, Text: r.Text, AnsweredBy: r.AnsweredBy, AnsweredOn: r.AnsweredOn})
	})
	return err
}

// Settle records within a command of the meeting what it makes of an escalation
// that Take has given. The problems' fields are those of CheckSettlement.
func Settle(ctx context.Context, tx *db.Tx, e Escalation, at ref.MeetingID, s Settlement) error {
	if err := fault.Refused(CheckSettlement(e, s, tx.Today())); err != nil {
		return err
	}
	if s.Kind == Closing {
		s.AnswerBy = clock.Date{}
	}
	return add(ctx, tx, e, Entry{Kind: s.Kind, Text: s.Outcome, AnswerBy: s.AnswerBy, Meeting: at})
}

// Take reads an escalation for whoever adds to it: two who do so at once wait for
// each other. It needs authz.RunMeetings in its area.
func Take(ctx context.Context, tx *db.Tx, id ref.EscalationID, version int64) (e Escalation, err error) {
	if err := tx.Lock(ctx, "escalation", int64(id)); err != nil {
		return e, err
	}
	if e, err = Get(ctx, tx, id); err != nil {
		return e, err
	}
	if e.Nominal != 0 {
		_, err = nominal.Must(ctx, tx, e.Nominal, authz.RunMeetings)
	} else {
		err = db.Must(tx, authz.RunMeetings, int64(e.Area))
	}
	if err == nil && e.Version() != version {
		err = fault.Changed()
	}
	return e, err
}

func add(ctx context.Context, tx *db.Tx, e Escalation, x Entry) error {
	var on, by *clock.Date
	if !x.AnsweredOn.IsZero() {
		on = &x.AnsweredOn
	}
	if !x.AnswerBy.IsZero() {
		by = &x.AnswerBy
	}
	_, err := tx.Exec(ctx, `INSERT INTO escalation_entry (escalation_id, kind, text, answered_by, answered_on, answer_by, meeting_id, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, e.ID, x.Kind, strings.TrimSpace(x.Text), strings.TrimSpace(x.AnsweredBy), on, by,
		ref.Null(x.Meeting), tx.Now(), tx.Actor().Account)
	tx.Record(event(string(x.Kind), e.ID, e.Area, e.Nominal, "text", "answered_by", "answered_on", "answer_by"))
	return err
}

func event(command string, id ref.EscalationID, at ref.AreaID, n ref.NominalID, fields ...string) audit.Event {
	e := audit.Event{Operation: audit.Collect, Command: "escalation." + command, Area: int64(at), Object: "escalation", ObjectID: int64(id), Fields: fields}
	if n != 0 {
		e.Nominals = []int64{int64(n)}
	}
	return e
}
