package meeting

import (
	"context"
	"slices"

	"iom/internal/casework/escalation"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// RuleEscalation brings an escalation back with its answer, or because that is
// overdue.
const RuleEscalation = "R60"

// Escalate raises an escalation at an open meeting: from a case of its agenda, or
// with no person (R59, R60). The problems' fields are those of escalation.Check.
func Escalate(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n escalation.New) (made ref.EscalationID, err error) {
	n.Meeting = id
	if n.Nominal != 0 {
		err = onSheet(ctx, d, s, id, n.Nominal, authz.RunMeetings, func(ctx context.Context, tx *db.Tx, _ atCase) (err error) {
			made, err = escalation.Insert(ctx, tx, n)
			return err
		})
		return made, err
	}
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.EscalationID, error) {
		m, err := sitting(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		n.Area = m.Area
		return escalation.Insert(ctx, tx, n)
	})
}

// SettleEscalation records what an open meeting makes of an escalation: it closes it
// with an outcome, or asks again (R60). version is that of the page; fault.Changed
// when something was recorded since. The problems' fields are those of
// escalation.CheckSettlement, and meeting.
func SettleEscalation(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, of ref.EscalationID, version int64, o escalation.Settlement) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := sitting(ctx, tx, id)
		if err != nil {
			return false, err
		}
		e, err := escalation.Take(ctx, tx, of, version)
		if err != nil {
			return false, err
		}
		if ok, err := concerns(ctx, tx, m, e); err != nil || !ok {
			if err == nil {
				err = fault.Refuse("meeting", "R60", "Choose a meeting of the area that escalated")
			}
			return false, err
		}
		if err := escalation.Settle(ctx, tx, e, id, o); err != nil {
			return false, err
		}
		return true, tell(ctx, tx, id, e.Nominal, "record")
	})
	return err
}

// sitting is a meeting that is open, for somebody who runs it and has signed for it.
func sitting(ctx context.Context, tx *db.Tx, id ref.MeetingID) (Meeting, error) {
	m, err := hold(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if err := mustRun(tx, m); err != nil {
		return m, err
	}
	if _, _, err := opened(ctx, tx, id); err != nil {
		return m, err
	}
	return m, mustBe(m, StateOpen)
}

// concerns says whether an escalation is one of the meeting's area: of the node
// itself or of a leaf under it.
func concerns(ctx context.Context, q db.Querier, m Meeting, e escalation.Escalation) (bool, error) {
	areas, err := escalating(ctx, q, m)
	return slices.Contains(areas, e.Area), err
}

func escalating(ctx context.Context, q db.Querier, m Meeting) ([]ref.AreaID, error) {
	areas, err := leavesOf(ctx, q, m.Area)
	return append(areas, m.Area), err
}

// Sitting are the open meetings at which the actor can settle an escalation.
func Sitting(ctx context.Context, q db.Querier, e escalation.Escalation) ([]Meeting, error) {
	coming, err := Coming(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []Meeting
	for _, m := range coming {
		if m.State() != StateOpen {
			continue
		}
		s, err := StandingIn(ctx, q, m)
		if err != nil {
			return nil, err
		}
		ok, err := concerns(ctx, q, m, e)
		if err != nil {
			return nil, err
		}
		if s.Runs && s.Signed && ok {
			all = append(all, m)
		}
	}
	return all, nil
}

// Returning are the escalations that come back to a meeting (R60), those about nobody
// in particular among them: lines of the agenda without a case. A Referral and
// Operational meeting has them; its chair escalated.
func Returning(ctx context.Context, q db.Querier, m Meeting) ([]escalation.Escalation, error) {
	if m.Kind == Practitioners {
		return nil, nil
	}
	areas, err := escalating(ctx, q, m)
	if err != nil {
		return nil, err
	}
	all, err := escalation.NotClosed(ctx, q, areas)
	return slices.DeleteFunc(all, func(e escalation.Escalation) bool {
		_, returns := e.Returns(m.HeldOn)
		return !returns
	}), err
}

// Business are the lines of the agenda without a case: escalations about nobody in
// particular that come back to the meeting while it is not closed, and those that it
// raised or settled, the earliest first (R60).
func Business(ctx context.Context, q db.Querier, m Meeting) (all []escalation.Escalation, err error) {
	if s := m.State(); s == StatePlanned || s == StateOpen {
		if all, err = Returning(ctx, q, m); err != nil {
			return nil, err
		}
	}
	here, err := escalation.At(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range here {
		if !slices.ContainsFunc(all, func(other escalation.Escalation) bool { return other.ID == e.ID }) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b escalation.Escalation) int { return int(a.ID - b.ID) })
	return slices.DeleteFunc(all, func(e escalation.Escalation) bool { return e.Nominal != 0 }), nil
}

// owedBusiness is what a meeting owes of the lines without a case: each that comes
// back is closed or asked again before the meeting ends (R60).
func owedBusiness(ctx context.Context, q db.Querier, m Meeting) ([]Gap, error) {
	all, err := Returning(ctx, q, m)
	var gaps []Gap
	for _, e := range all {
		if e.Nominal == 0 {
			gaps = append(gaps, Gap{Rule: RuleEscalation, Escalation: e.ID, Name: "Line without a case",
				Text: "The escalation that came back is neither closed nor asked again: " + e.Issue})
		}
	}
	return gaps, err
}

// escalated are what of a person's escalations comes back to the meeting.
func (g *gathering) escalated(ctx context.Context, q db.Querier, m Meeting, _ []ref.AreaID) error {
	all, err := Returning(ctx, q, m)
	for _, e := range all {
		if e.Nominal != 0 {
			since, _ := e.Returns(m.HeldOn)
			f := g.of(e.Nominal)
			f.Escalations = append(f.Escalations, Reason{RuleEscalation, e.ReturnText(), since})
		}
	}
	return err
}

// escalationsOf are those about a case that stand on the sheet: not closed, or
// settled at this meeting.
func escalationsOf(ctx context.Context, q db.Querier, m Meeting, n ref.NominalID) ([]escalation.Escalation, error) {
	all, err := escalation.Of(ctx, q, n)
	return slices.DeleteFunc(all, func(e escalation.Escalation) bool {
		return e.State() == escalation.Closed && !slices.ContainsFunc(e.Entries, func(x escalation.Entry) bool { return x.Meeting == m.ID })
	}), err
}
