package meeting

import (
	"context"
	"slices"
	"time"

	"iom/internal/casework/action"
	"iom/internal/casework/escalation"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Case is one case on the sheet: what the meeting looks at, in one read, beside
// who the person is.
type Case struct {
	Meeting  Meeting
	Standing Standing
	Order    []Line // the running order
	At       int    // where this case stands in it
	Item     Item
	Area     ref.AreaID // 0 for a guest

	Registered bool
	Current    registration.Current
	Ratings    []review.Rating  // newest first
	Waiting    []review.Rating  // given between meetings, to be ratified
	Reviewed   *review.Rating   // given at this meeting; nil: not yet
	Transfer   *review.Transfer // adopted from outside the force; nil: not (R93)

	Since   time.Time // the opening of the meeting before, or the start of the record
	Before  *Meeting  // nil: the first
	Changes []News

	Actions []CaseAction
	Needs   []need.Entry
	Notes   []Note
	Drafts  []Draft // being typed: the notes of everybody, the rest the actor's own
	Voices  []Voice

	Referral *referral.Referral
	Decided  *referral.Decided // at this meeting
	Criteria []registration.Criterion
	Proposal *registration.Proposal // that waits
	Removal  *registration.Deregistration
	Rows     []registration.ReviewRow // retain or drop, of this meeting

	Escalations []escalation.Escalation // open, or settled here (R60)
	Weeklies    []WeeklyRecord          // of the practitioners' meetings since the last Referral and Operational one (R53)

	Gaps []Gap
}

// Line is a case in the running order.
type Line struct {
	Item
	Done bool // nothing is missing
}

// CaseAction is an open action, or one that this meeting discharged.
type CaseAction struct {
	action.Action
	Handled bool // progressed, discharged or carried over at this meeting, or set at it
	Entries []ActionEntry
}

// Voice is an agency that attends the meeting or has an interest in the case, and
// whether it has contributed to the case (R59).
type Voice struct {
	Agency   ref.AgencyID
	Name     string
	Spoke    bool
	Attends  bool
	Interest []string // why, as "leads the case"; empty for one that merely attends
}

// Sheet is the running order of a meeting that has been opened, for somebody who
// has signed for it.
func Sheet(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, Standing, []Line, error) {
	m, s, err := begun(ctx, q, id)
	if err != nil {
		return m, s, nil, err
	}
	lines, _, err := runningOrder(ctx, q, m)
	return m, s, lines, err
}

// begun reads a meeting whose sheet has begun, for somebody who has signed for it.
func begun(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, Standing, error) {
	m, s, err := opened(ctx, q, id)
	if err == nil && m.OpenedAt == nil {
		err = fault.Refuse("", "", "The sheet begins when the meeting is opened")
	}
	return m, s, err
}

// runningOrder is the cases of a meeting in their order, and what is missing of them.
func runningOrder(ctx context.Context, q db.Querier, m Meeting) ([]Line, []Gap, error) {
	outcomes, err := outcomesOf(ctx, q, m)
	if err != nil {
		return nil, nil, err
	}
	gaps := Gaps(outcomes)
	lines := make([]Line, len(outcomes))
	for i, o := range outcomes {
		lines[i] = Line{Item: o.Item, Done: !slices.ContainsFunc(gaps, func(g Gap) bool { return g.Nominal == o.Item.Nominal })}
	}
	return lines, gaps, nil
}

// CaseOf is one case of a meeting that has been opened, for somebody who has
// signed for it; fault.Missing when it is not on the agenda as the actor sees it. What
// else a page asks about the person goes beside it, once the meeting is known to be
// open to the actor.
func CaseOf(ctx context.Context, q db.Querier, id ref.MeetingID, n ref.NominalID, beside ...db.Step) (c Case, err error) {
	if c.Meeting, c.Standing, err = begun(ctx, q, id); err != nil {
		return c, err
	}
	c.Item.Nominal = n
	var scope nominal.Scope
	steps := append([]db.Step{db.Into(&scope, nominal.ScopeOf, n), c.loadOrder, c.loadPerson, db.Into(&c.Needs, need.CurrentOf, n),
		db.Into(&c.Ratings, review.History, n), c.loadChanges, c.loadActions, c.loadSaid, c.loadDecisions, c.loadBeside}, beside...)
	if err := db.Together(ctx, q, steps...); err != nil {
		return c, err
	}
	c.Area = scope.Area
	c.sortRatings()
	if !c.Standing.Guest {
		c.Voices = interested(c.Voices, &c)
	}
	return c, nil
}

// loadOrder reads the running order and finds the case in it, then the referral that
// the case is there for.
func (c *Case) loadOrder(ctx context.Context, q db.Querier) error {
	lines, gaps, err := runningOrder(ctx, q, c.Meeting)
	if err != nil {
		return err
	}
	n := c.Item.Nominal
	c.Order, c.At = lines, slices.IndexFunc(lines, func(l Line) bool { return l.Nominal == n })
	if c.At < 0 {
		return fault.Missing()
	}
	c.Item = lines[c.At].Item
	for _, g := range gaps {
		if g.Nominal == n {
			c.Gaps = append(c.Gaps, g)
		}
	}
	return c.loadReferral(ctx, q)
}

// loadPerson reads the registration and what hangs on it.
func (c *Case) loadPerson(ctx context.Context, q db.Querier) (err error) {
	if c.Current, c.Registered, err = registration.CurrentOf(ctx, q, c.Item.Nominal); err != nil || !c.Registered {
		return err
	}
	return db.Together(ctx, q, c.loadTransfer, c.loadRemoval)
}

// sortRatings finds among the ratings the one of this meeting, and the one that waits.
func (c *Case) sortRatings() {
	for i, r := range c.Ratings { // the newest first: of those between meetings the one that stands waits
		if r.Meeting == c.Meeting.ID && c.Reviewed == nil {
			c.Reviewed = &c.Ratings[i]
		}
		ratifies := c.Meeting.Kind != Practitioners // the Referral and Operational meeting does
		if i == 0 && r.Waits() && ratifies && c.Registered && r.Registration == c.Current.ID {
			c.Waiting = append(c.Waiting, r)
		}
	}
}

// loadTransfer reads whether the registration came from outside the force.
func (c *Case) loadTransfer(ctx context.Context, q db.Querier) error {
	t, ok, err := review.TransferOf(ctx, q, c.Current.ID)
	if ok {
		c.Transfer = &t
	}
	return err
}

func (c *Case) loadChanges(ctx context.Context, q db.Querier) error {
	before, ok, err := Before(ctx, q, c.Meeting)
	if err != nil {
		return err
	}
	if ok {
		c.Before, c.Since = &before, *before.OpenedAt
		if before.ClosedAt != nil {
			c.Since = *before.ClosedAt
		}
	}
	c.Changes, err = ChangesSince(ctx, q, c.Item.Nominal, c.Since)
	return err
}

func (c *Case) loadActions(ctx context.Context, q db.Querier) error {
	var (
		all     []action.Action
		entries []ActionEntry
	)
	if err := db.Together(ctx, q, db.Into(&all, action.Of, c.Item.Nominal), func(ctx context.Context, q db.Querier) (err error) {
		entries, err = entriesOf(ctx, q, c.Meeting.ID, c.Item.Nominal)
		return err
	}); err != nil {
		return err
	}
	for _, a := range all {
		at := CaseAction{Action: a, Handled: a.Meeting == c.Meeting.ID}
		for _, e := range entries {
			if e.Action == a.ID {
				at.Entries = append(at.Entries, e)
				at.Handled = at.Handled || e.Here && slices.Contains(dealtWith, e.Kind)
			}
		}
		if a.Open() || at.Handled {
			c.Actions = append(c.Actions, at)
		}
	}
	return nil
}

func (c *Case) loadSaid(ctx context.Context, q db.Querier) error {
	var attendees []Attendee
	err := db.Together(ctx, q, db.Into(&attendees, Attendees, c.Meeting.ID),
		func(ctx context.Context, q db.Querier) (err error) {
			c.Notes, err = notesOf(ctx, q, c.Meeting.ID, c.Item.Nominal)
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			c.Drafts, err = draftsOf(ctx, q, c.Meeting.ID, c.Item.Nominal)
			return err
		})
	if err == nil {
		c.Voices = voices(attendees, c.Notes, c.Item.Nominal)
	}
	return err
}

// interested adds the interest that agencies have in the case, and those that have
// one and do not attend, so that whoever said nothing is seen to have said nothing
// (R59): who leads the case, who owes it an action, who referred it. Those that are
// owed most are named first.
func interested(all []Voice, c *Case) []Voice {
	add := func(agency ref.AgencyID, name, why string) {
		if agency == 0 {
			return
		}
		i := slices.IndexFunc(all, func(v Voice) bool { return v.Agency == agency })
		if i < 0 {
			spoke := slices.ContainsFunc(c.Notes, func(n Note) bool { return n.Agency == agency })
			all, i = append(all, Voice{Agency: agency, Name: name, Spoke: spoke}), len(all)
		}
		if !slices.Contains(all[i].Interest, why) {
			all[i].Interest = append(all[i].Interest, why)
		}
	}
	if c.Registered {
		add(c.Current.LeadAgency, c.Current.LeadAgencyName, "leads the case")
	}
	if c.Referral != nil {
		add(c.Referral.Agency, c.Referral.AgencyName, "referred the case")
	}
	for _, a := range c.Actions {
		if a.Open() {
			add(a.Agency, a.AgencyName, "has an open action")
		}
	}
	slices.SortStableFunc(all, func(a, b Voice) int { return len(b.Interest) - len(a.Interest) })
	return all
}

// voices are the agencies that attend for a case: members who are not away, and
// guests of this case.
func voices(attendees []Attendee, notes []Note, n ref.NominalID) []Voice {
	var all []Voice
	for _, a := range attendees {
		away := a.State == "apologies" || a.State == "absent"
		if away || a.Guest && !slices.Contains(a.Cases, n) || slices.ContainsFunc(all, func(v Voice) bool { return v.Agency == a.Agency }) {
			continue
		}
		spoke := slices.ContainsFunc(notes, func(x Note) bool { return x.Nominal == n && x.Kind == contribution && x.Agency == a.Agency })
		all = append(all, Voice{Agency: a.Agency, Name: a.AgencyName, Spoke: spoke, Attends: true})
	}
	return all
}

// loadReferral reads the referral that the case is on the agenda for. A guest has none.
func (c *Case) loadReferral(ctx context.Context, q db.Querier) error {
	if c.Item.Referral == 0 || c.Standing.Guest {
		return nil
	}
	r, err := referral.Get(ctx, q, c.Item.Referral)
	if err != nil {
		return err
	}
	c.Referral = &r
	for i, d := range r.Decisions {
		if d.Meeting == c.Meeting.ID {
			c.Decided = &r.Decisions[i]
		}
	}
	return nil
}

// loadDecisions reads what this meeting decided of the registration.
func (c *Case) loadDecisions(ctx context.Context, q db.Querier) error {
	var (
		rows  []registration.ReviewRow
		ended []registration.Deregistration
		n     = c.Item.Nominal
	)
	if err := db.Together(ctx, q, db.Into(&rows, registration.Reviews, n), db.Into(&ended, registration.Deregistrations, n)); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Meeting == c.Meeting.ID {
			c.Rows = append(c.Rows, r)
		}
	}
	for i, r := range ended {
		if r.Meeting == c.Meeting.ID {
			c.Removal = &ended[i]
		}
	}
	return nil
}

// loadRemoval reads what speaks for deregistration. A guest has none of it.
func (c *Case) loadRemoval(ctx context.Context, q db.Querier) error {
	if c.Standing.Guest {
		return nil
	}
	var proposals []registration.Proposal
	n := c.Item.Nominal
	if err := db.Together(ctx, q, db.Into(&proposals, registration.Proposals, n), db.Into(&c.Criteria, registration.Criteria, n)); err != nil {
		return err
	}
	for i, p := range proposals {
		if p.Outcome == "" && p.Registration == c.Current.ID && c.Proposal == nil {
			c.Proposal = &proposals[i]
		}
	}
	return nil
}

// SaidOf is as much of a case as is said of it, typed but not sent included: what a
// page that is open asks for at each pause of somebody who writes.
func SaidOf(ctx context.Context, q db.Querier, id ref.MeetingID, n ref.NominalID) (c Case, err error) {
	if c.Meeting, c.Standing, err = opened(ctx, q, id); err != nil {
		return c, err
	}
	if c.Meeting.OpenedAt == nil {
		return c, fault.Missing()
	}
	item, ok, err := frozenCase(ctx, q, c.Meeting, n)
	if err != nil {
		return c, err
	}
	if !ok {
		return c, fault.Missing()
	}
	c.Item = item
	scope, err := nominal.ScopeOf(ctx, q, n)
	if err != nil {
		return c, err
	}
	c.Area = scope.Area
	if c.Notes, err = notesOf(ctx, q, id, n); err != nil {
		return c, err
	}
	c.Drafts, err = draftsOf(ctx, q, id, n)
	return c, err
}

// MayFollow says whether the actor may be told of what changes at a meeting: whoever
// has signed for it and still sees it (R62).
func MayFollow(ctx context.Context, q db.Querier, id ref.MeetingID) error {
	_, _, err := opened(ctx, q, id)
	return err
}
