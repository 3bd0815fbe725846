package meeting

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/contact"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
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

// IssuesSince is the moment from which a practitioners' meeting looks for emerging
// issues: the closing of the meeting before it, of either kind, in its area or above;
// a week before when there was none. day is that moment's.
func IssuesSince(ctx context.Context, q db.Querier, m Meeting) (at time.Time, day clock.Date, err error) {
	found, err := meetings(ctx, q, ` AND EXISTS (SELECT FROM area_under x WHERE x.area_id = m.area_id AND x.under_id = $4) AND m.id <> $5
		AND (m.held_on, m.id) < ($6, $5) AND o.meeting_id IS NOT NULL ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, m.Area, m.ID, m.HeldOn)
	if err != nil {
		return at, day, err
	}
	if len(found) == 0 {
		day = m.HeldOn.AddDays(-7)
		return day.Start(), day, nil
	}
	at = *found[0].OpenedAt
	if found[0].ClosedAt != nil {
		at = *found[0].ClosedAt
	}
	return at, found[0].HeldOn, nil
}

type issues struct {
	meeting Meeting
	areas   []ref.AreaID
	since   time.Time
	day     clock.Date
	facts   map[ref.NominalID]*IssueFacts
}

// gatherIssues reads what the rules ask about everybody in the meeting's area whom
// the actor may see.
func gatherIssues(ctx context.Context, q db.Querier, m Meeting) ([]CaseFacts, error) {
	g := &issues{meeting: m, facts: map[ref.NominalID]*IssueFacts{}}
	var err error
	if g.areas, err = leavesOf(ctx, q, m.Area); err != nil {
		return nil, err
	}
	if g.since, g.day, err = IssuesSince(ctx, q, m); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, db.Querier) error{g.registered, g.changed, g.moved, g.missed, g.overdue, g.added, g.names} {
		if err := step(ctx, q); err != nil {
			return nil, err
		}
	}
	cases := make([]IssueFacts, 0, len(g.facts))
	for _, f := range g.facts {
		cases = append(cases, *f)
	}
	return asCases(cases, m.HeldOn), nil
}

func (g *issues) registered(ctx context.Context, q db.Querier) error {
	due, err := visitsDue(ctx, q, g.areas)
	if err != nil {
		return err
	}
	for n, v := range due {
		g.facts[n] = &IssueFacts{Nominal: n, Registration: v.registration, Rating: v.rating, RatedOn: v.ratedOn, VisitDue: v.due}
	}
	rows, err := q.Query(ctx, `SELECT r.nominal_id, max((w.recorded_at AT TIME ZONE 'Europe/London')::date)
		FROM wanted_alert w JOIN rag_rating r ON r.id = w.rating_id JOIN registration x ON x.id = r.registration_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL GROUP BY 1`, g.areas)
	if err != nil {
		return err
	}
	return g.each(rows, func(f *IssueFacts, on clock.Date) {
		if f.Rating == rag.RedAlert && !on.Before(f.RatedOn) {
			f.AlertedOn = on
		}
	})
}

// each hands a day to the facts of each person of the rows who is registered here.
func (g *issues) each(rows pgx.Rows, do func(f *IssueFacts, on clock.Date)) error {
	var (
		n  ref.NominalID
		on clock.Date
	)
	_, err := pgx.ForEachRow(rows, []any{&n, &on}, func() error {
		if f := g.facts[n]; f != nil {
			do(f, on)
		}
		return nil
	})
	return err
}

func (g *issues) changed(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT r.nominal_id, r.rating, r.rated_on FROM rag_rating r JOIN registration x ON x.id = r.registration_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND r.meeting_id IS NULL AND r.recorded_at > $2
			AND NOT EXISTS (SELECT FROM rag_ratification y WHERE y.rating_id = r.id) ORDER BY r.id`, g.areas, g.since)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		u Unratified
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &u.Rating, &u.RatedOn}, func() error {
		if f := g.facts[n]; f != nil {
			f.Changed = append(f.Changed, u)
		}
		return nil
	})
	return err
}

func (g *issues) moved(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT s.nominal_id, max(s.received_on) FROM custody_spell s JOIN registration x ON x.nominal_id = s.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND s.recorded_at > $2
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id) GROUP BY 1`, g.areas, g.since)
	if err != nil {
		return err
	}
	if err := g.each(rows, func(f *IssueFacts, on clock.Date) { f.ReceivedOn = on }); err != nil {
		return err
	}
	rows, err = q.Query(ctx, `SELECT d.nominal_id, max(d.day) FROM custody_date d JOIN registration x ON x.nominal_id = d.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND d.kind = 'released' AND d.recorded_at > $2
			AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_date' AND c.fact_id = d.id) GROUP BY 1`, g.areas, g.since)
	if err != nil {
		return err
	}
	return g.each(rows, func(f *IssueFacts, on clock.Date) { f.ReleasedOn = on })
}

func (g *issues) missed(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT c.nominal_id, c.kind, c.held_on FROM contact c JOIN registration x ON x.nominal_id = c.nominal_id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL AND c.recorded_at > $2 AND NOT c.excused
			AND c.outcome IN ('did not attend', 'left early', 'not seen')
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = c.id) ORDER BY c.held_on, c.id`, g.areas, g.since)
	if err != nil {
		return err
	}
	var (
		n ref.NominalID
		m MissedContact
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &m.Kind, &m.On}, func() error {
		if f := g.facts[n]; f != nil {
			f.Missed = append(f.Missed, m)
		}
		return nil
	})
	return err
}

func (g *issues) overdue(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, count(*), min(due_on) FROM action
		WHERE area_id = ANY ($1) AND discharged_at IS NULL AND due_on >= $2 AND due_on < $3 GROUP BY 1`, g.areas, g.day, g.meeting.HeldOn)
	if err != nil {
		return err
	}
	var (
		n     ref.NominalID
		count int
		due   clock.Date
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &count, &due}, func() error {
		if f := g.facts[n]; f != nil {
			f.Overdue, f.OldestDue = count, due
		}
		return nil
	})
	return err
}

func (g *issues) added(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT nominal_id, reason, recorded_at FROM agenda_addition WHERE meeting_id = $1`, g.meeting.ID)
	if err != nil {
		return err
	}
	var (
		n      ref.NominalID
		reason string
		at     time.Time
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &reason, &at}, func() error {
		if g.facts[n] == nil {
			g.facts[n] = &IssueFacts{Nominal: n}
		}
		g.facts[n].Added, g.facts[n].AddedOn = reason, clock.DateOf(at)
		return nil
	})
	return err
}

func (g *issues) names(ctx context.Context, q db.Querier) error {
	ids := make([]ref.NominalID, 0, len(g.facts))
	for n := range g.facts {
		ids = append(ids, n)
	}
	names, err := nominal.Names(ctx, q, ids)
	for n, f := range g.facts {
		f.Name = names[n].Sorted()
	}
	return err
}

// standard is how somebody on the scheme stands against the home visits of the rating.
type standard struct {
	registration ref.RegistrationID
	area         ref.AreaID
	rating       rag.Rating
	ratedOn      clock.Date
	due          clock.Date
	held         []rag.Held
}

// visitsDue says of everybody on the scheme in some areas by when the next home visit
// is due, each by the setting of the area (R42, R44, R45, R47).
func visitsDue(ctx context.Context, q db.Querier, areas []ref.AreaID) (map[ref.NominalID]*standard, error) {
	settings := map[ref.AreaID]rag.Settings{}
	for _, a := range areas {
		days, err := area.Number(ctx, q, a, area.AmberVisitDays)
		if err != nil {
			return nil, err
		}
		settings[a] = rag.Settings{AmberVisitDays: days}
	}
	rows, err := q.Query(ctx, `SELECT x.nominal_id, x.id, x.area_id, r.rating, r.rated_on FROM registration x JOIN rag_rating r ON r.registration_id = x.id
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL ORDER BY x.nominal_id, r.id`, areas)
	if err != nil {
		return nil, err
	}
	all := map[ref.NominalID]*standard{}
	var (
		n  ref.NominalID
		at standard
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &at.registration, &at.area, &at.rating, &at.ratedOn}, func() error {
		s := all[n]
		if s == nil {
			s = &standard{registration: at.registration, area: at.area}
			all[n] = s
		}
		s.rating, s.ratedOn = at.rating, at.ratedOn
		s.held = append(s.held, rag.Held{From: at.ratedOn, Rating: at.rating})
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows, err = q.Query(ctx, `SELECT x.nominal_id, v.held_on FROM registration x
		CROSS JOIN LATERAL (SELECT c.held_on FROM contact c WHERE c.nominal_id = x.nominal_id AND c.kind = 'home visit'
			AND c.outcome IN ('attended and stayed', 'left early', 'refused treatment', 'seen')
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'contact' AND f.fact_id = c.id) ORDER BY c.held_on DESC LIMIT 1) v
		WHERE x.area_id = ANY ($1) AND x.ended_at IS NULL`, areas)
	if err != nil {
		return nil, err
	}
	last := map[ref.NominalID]clock.Date{}
	var on clock.Date
	if _, err := pgx.ForEachRow(rows, []any{&n, &on}, func() error { last[n] = on; return nil }); err != nil {
		return nil, err
	}
	for n, s := range all {
		s.due = rag.NextVisit(s.held, last[n], settings[s.area])
	}
	return all, nil
}

// WeeklyRecord is what a practitioners' meeting recorded of a case.
type WeeklyRecord struct {
	Meeting ref.MeetingID
	HeldOn  clock.Date
	Area    string
	Lines   []string
}

// WeekliesSince are the practitioners' meetings since the last Referral and
// Operational meeting before m that recorded something of a case, the earliest first:
// "Since the last monthly meeting, the practitioners' meeting of …" of its papers.
func WeekliesSince(ctx context.Context, q db.Querier, m Meeting, n ref.NominalID) ([]WeeklyRecord, error) {
	all, err := weekliesOf(ctx, q, m, []ref.NominalID{n})
	return all[n], err
}

// weekliesOf is WeekliesSince for several cases, in one read.
func weekliesOf(ctx context.Context, q db.Querier, m Meeting, ids []ref.NominalID) (map[ref.NominalID][]WeeklyRecord, error) {
	var from clock.Date
	before, ok, err := Before(ctx, q, m)
	if err != nil {
		return nil, err
	}
	if ok {
		from = before.HeldOn
	} else {
		from = m.HeldOn.AddMonths(-1)
	}
	rows, err := q.Query(ctx, `
		SELECT x.nominal_id, w.id, w.held_on, a.name, x.line FROM meeting w JOIN area a ON a.id = w.area_id JOIN meeting_opening o ON o.meeting_id = w.id
		LEFT JOIN meeting_closing e ON e.meeting_id = w.id
		CROSS JOIN LATERAL (
			SELECT d.nominal_id, d.id, 1 AS rank, CASE WHEN y.name IS NULL THEN d.text ELSE y.name || ': ' || d.text END AS line
				FROM discussion_note d LEFT JOIN agency y ON y.id = d.agency_id WHERE d.meeting_id = w.id AND d.nominal_id = ANY ($1)
			UNION ALL SELECT r.nominal_id, r.id, 2, 'Rated ' || r.rating || ', to be ratified: ' || r.reason
				FROM rag_rating r WHERE r.nominal_id = ANY ($1) AND r.meeting_id IS NULL AND r.agreed_by LIKE $7
					AND r.recorded_at >= o.recorded_at AND r.recorded_at <= coalesce(e.recorded_at, $5)
			UNION ALL SELECT t.nominal_id, t.id, 3, 'Action ' || t.kind || ': ' || c.text || CASE WHEN t.text = '' OR t.text = c.text THEN '' ELSE '. ' || t.text END
				FROM action_entry t JOIN action c ON c.id = t.action_id WHERE t.meeting_id = w.id AND t.nominal_id = ANY ($1)
			UNION ALL SELECT p.nominal_id, p.id, 4, 'Planned: ' || p.kind || ' on ' || to_char(p.day, 'FMDD FMMonth YYYY') || ', ' || p.purpose
				FROM planned_contact p WHERE p.meeting_id = w.id AND p.nominal_id = ANY ($1)) x
		WHERE w.kind = 'practitioners' AND w.held_on >= $2 AND w.held_on <= $3 AND w.id <> $6
			AND EXISTS (SELECT FROM area_under u WHERE u.area_id = $4 AND u.under_id = w.area_id)
		ORDER BY w.held_on, w.id, x.rank, x.id`, ids, from, m.HeldOn, m.Area, q.Now(), m.ID, agreedWeekly("%"))
	if err != nil {
		return nil, err
	}
	var (
		all  = map[ref.NominalID][]WeeklyRecord{}
		n    ref.NominalID
		one  WeeklyRecord
		line string
	)
	_, err = pgx.ForEachRow(rows, []any{&n, &one.Meeting, &one.HeldOn, &one.Area, &line}, func() error {
		of := all[n]
		if len(of) == 0 || of[len(of)-1].Meeting != one.Meeting {
			of = append(of, WeeklyRecord{Meeting: one.Meeting, HeldOn: one.HeldOn, Area: one.Area})
		}
		last := &of[len(of)-1]
		last.Lines = append(last.Lines, line)
		all[n] = of
		return nil
	})
	return all, err
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

// rateWeekly gives a rating at a practitioners' meeting: a rating between meetings,
// with the rights and the levels of one.
func rateWeekly(ctx context.Context, tx *db.Tx, n review.New, agreed string) error {
	n.AgreedBy = agreedWeekly(agreed)
	_, err := review.Insert(ctx, tx, n)
	return err
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
		UNION SELECT r.nominal_id FROM rag_rating r JOIN agenda_item i ON i.nominal_id = r.nominal_id AND i.meeting_id = $1
			WHERE r.meeting_id IS NULL AND r.agreed_by LIKE $3 AND r.recorded_at >= $2`, m.ID, m.OpenedAt, agreedWeekly("%"))
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
func (c *Case) loadBeside(ctx context.Context, q db.Querier) (err error) {
	if c.Standing.Guest {
		return nil
	}
	if c.Meeting.Kind == Practitioners {
		c.Waiting = nil // the Referral and Operational meeting ratifies
	} else if c.Weeklies, err = WeekliesSince(ctx, q, c.Meeting, c.Item.Nominal); err != nil {
		return err
	}
	c.Escalations, err = escalationsOf(ctx, q, c.Meeting, c.Item.Nominal)
	return err
}

// agreedWeekly names who agreed a rating at a practitioners' meeting. The next
// Referral and Operational meeting ratifies it (R50).
func agreedWeekly(agreed string) string { return "Practitioners' meeting: " + agreed }
