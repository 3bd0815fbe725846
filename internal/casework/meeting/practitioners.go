package meeting

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/contact"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// The practitioners' meeting of each hub, every week, sees to it that emerging
// issues are addressed between two Referral and Operational meetings (R53). It has
// the same sheet with a shorter agenda. Referrals, reviews at every level and
// deregistrations stay with the group that the chair answers for: what it rates is a
// rating between meetings, which the next Referral and Operational meeting ratifies
// (R50).

// Rules of its agenda, beside those of agenda.go.
const (
	RuleWanted   = "R40"  // RED ALERT, and the alert to agencies
	RuleDiary    = "R42"  // RED: the weekly diary co-ordination
	RuleMoved    = "R51"  // into custody, or out of it
	RuleVisit    = "R49"  // the home visit that the rating asks for is overdue
	RuleMissed   = "R191" // an appointment that was missed
	RuleEmerging = "R53"  // whatever brought the case here
)

// IssueFacts are what the rules of the practitioners' agenda ask about one person.
// A zero value stands for "none". What happened counts from the last meeting on.
type IssueFacts struct {
	Nominal      ref.NominalID
	Name         string // family name first
	Registration ref.RegistrationID
	Rating       rag.Rating
	RatedOn      clock.Date

	AlertedOn  clock.Date // agencies were last sent a wanted alert
	Changed    []Unratified
	ReceivedOn clock.Date // into custody
	ReleasedOn clock.Date
	VisitDue   clock.Date // the last day of the standard (R42, R44, R47)
	Missed     []MissedContact
	Overdue    int // open actions that fell due and were not done
	OldestDue  clock.Date

	Added   string // by hand, with this reason
	AddedOn clock.Date
}

// MissedContact is an appointment that was missed without an acceptable reason.
type MissedContact struct {
	Kind contact.Kind
	On   clock.Date
}

// EmergingIssues is whom a practitioners' meeting discusses and why (R53): RED ALERT
// and RED, whose diary it co-ordinates every week (R42), and whoever has an issue
// that came up since the last meeting. The order is that of Agenda.
func EmergingIssues(cases []IssueFacts, meeting clock.Date) []Item {
	return Agenda(asCases(cases, meeting), meeting, meeting)
}

// asCases are the facts of the agenda for which the issues speak alone.
func asCases(all []IssueFacts, meeting clock.Date) []CaseFacts {
	cases := make([]CaseFacts, 0, len(all))
	for _, c := range all {
		if reasons := issuesOf(c, meeting); len(reasons) > 0 {
			cases = append(cases, CaseFacts{Nominal: c.Nominal, Name: c.Name, Registration: c.Registration, Rating: c.Rating, RatedOn: c.RatedOn, Issues: reasons})
		}
	}
	return cases
}

func issuesOf(c IssueFacts, meeting clock.Date) []Reason {
	var all []Reason
	add := func(rule, text string, since clock.Date) { all = append(all, Reason{rule, text, since}) }
	if c.Registration != 0 {
		switch c.Rating {
		case rag.RedAlert:
			text := "RED ALERT: wanted for arrest"
			if c.AlertedOn.IsZero() {
				text += "; no agency has been alerted"
			} else {
				text += "; agencies alerted on " + c.AlertedOn.Long()
			}
			add(RuleWanted, text, c.RatedOn)
		case rag.Red:
			add(RuleDiary, "RED: diary of the coming week", c.RatedOn)
		}
		for _, u := range c.Changed {
			add(RuleRatify, "Rated "+u.Rating.Word()+" between meetings: for the next Referral and Operational meeting to ratify", u.RatedOn)
		}
		if !c.ReceivedOn.IsZero() {
			add(RuleMoved, "Received into custody", c.ReceivedOn)
		}
		if !c.ReleasedOn.IsZero() {
			add(RuleMoved, "Released from custody", c.ReleasedOn)
		}
		if !c.VisitDue.IsZero() && c.VisitDue.Before(meeting) {
			add(RuleVisit, "The "+c.Rating.Standard()+" home visit of "+c.Rating.Word()+" was due by "+c.VisitDue.Long(), c.VisitDue)
		}
		for _, m := range c.Missed {
			add(RuleMissed, "Missed: "+string(m.Kind), m.On)
		}
		if c.Overdue > 0 {
			text := "1 action became overdue"
			if c.Overdue > 1 {
				text = fmt.Sprintf("%d actions became overdue", c.Overdue)
			}
			add(RuleOpenActions, text+"; the oldest was due on "+c.OldestDue.Long(), c.OldestDue)
		}
	}
	if c.Added != "" {
		add(RuleAddedByChair, c.Added, c.AddedOn)
	}
	slices.SortStableFunc(all, func(a, b Reason) int { return cmp.Compare(weight(a.Rule), weight(b.Rule)) })
	return all
}

// weeklyGaps are what a practitioners' meeting owes of a case before it closes: that
// something is recorded of the issue (R53). It owes no review, no referral and no
// deregistration, and leaves open actions to the Referral and Operational meeting.
func weeklyGaps(o Outcome) []Gap {
	if o.Said {
		return nil
	}
	return []Gap{{Rule: RuleEmerging, Nominal: o.Item.Nominal, Name: o.Item.Name, Text: "Nothing is recorded of what brought the case here", Part: discussion}}
}

// decidesCases refuses what a practitioners' meeting does not decide (R53).
func decidesCases(m Meeting, what string) error {
	if m.Kind != Practitioners {
		return nil
	}
	return fault.Refuse("", "R53", "A practitioners' meeting does not "+what+". Bring the case to the next Referral and Operational meeting")
}

// weeklyHeading is Heading for the rules of the practitioners' agenda.
func weeklyHeading(rule string) string {
	switch rule {
	case RuleWanted:
		return "Wanted for arrest"
	case RuleDiary:
		return "RED: diary of the week"
	case RuleMoved:
		return "Into or out of custody"
	case RuleVisit:
		return "Home visit overdue"
	case RuleMissed:
		return "Appointments missed"
	}
	return "Emerging issues"
}

// beside adds to the outcomes what the practitioners' meeting and the escalations ask.
func beside(ctx context.Context, q db.Querier, m Meeting, at map[ref.NominalID]*Outcome) error {
	if m.Kind != Practitioners {
		all, err := Returning(ctx, q, m)
		for _, e := range all {
			if o := at[e.Nominal]; o != nil {
				o.Escalations++
			}
		}
		return err
	}
	for _, o := range at {
		o.Weekly = true
	}
	rows, err := q.Query(ctx, `
		SELECT nominal_id FROM discussion_note WHERE meeting_id = $1
		UNION SELECT nominal_id FROM need WHERE meeting_id = $1
		UNION SELECT nominal_id FROM action_entry WHERE meeting_id = $1
		UNION SELECT nominal_id FROM planned_contact WHERE meeting_id = $1
		UNION SELECT nominal_id FROM escalation WHERE meeting_id = $1 AND nominal_id IS NOT NULL
		UNION SELECT nominal_id FROM rag_rating WHERE given_at_meeting_id = $1`, m.ID)
	if err != nil {
		return err
	}
	var n ref.NominalID
	_, err = pgx.ForEachRow(rows, []any{&n}, func() error {
		if o := at[n]; o != nil {
			o.Said = true
		}
		return nil
	})
	return err
}

// loadBeside adds to a case the escalations about it and what the practitioners'
// meetings recorded since the last Referral and Operational one. A guest has neither.
func (c *Case) loadBeside(ctx context.Context, q db.Querier) error {
	if c.Standing.Guest {
		return nil
	}
	return db.Together(ctx, q,
		func(ctx context.Context, q db.Querier) (err error) {
			if c.Meeting.Kind != Practitioners {
				c.Weeklies, err = WeekliesSince(ctx, q, c.Meeting, c.Item.Nominal)
			}
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			c.Escalations, err = escalationsOf(ctx, q, c.Meeting, c.Item.Nominal)
			return err
		})
}
