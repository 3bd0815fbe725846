package meeting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
)

// CaseFacts are what the rules of the agenda ask about one person. A zero value
// stands for "none".
type CaseFacts struct {
	Nominal ref.NominalID
	Name    string // family name first, for the order

	Referral    ref.ReferralID // submitted and undecided
	SubmittedOn clock.Date
	Deferred    int    // times
	ReferredBy  string // the agency
	Contact     string // who presents it there (R2)

	Presents Presenter // of the referral or, of somebody registered, who leads

	Registration ref.RegistrationID // current
	Rating       rag.Rating
	RatedOn      clock.Date
	ReviewedOn   clock.Date   // last RAG review at a meeting
	Unratified   []Unratified // review.Unratified: at most one, the rating that stands
	TransferFrom string       // adopted from this scheme outside the force; empty: not (R93)
	AdoptedOn    clock.Date
	ProposedOn   clock.Date // an open proposal to deregister
	Triggers     []Reason   // mandatory deregistration (R79, R81)

	ReleaseOn    clock.Date // from the present custody, the date in force
	ReleaseByLaw bool       // it was worked out and not notified
	Standing     string     // statutory status in the community
	EndsOn       clock.Date // of it, the date in force
	EndsByLaw    bool       // it was worked out and not notified
	FinalThird   clock.Date // first day of the last third of the licence or the order
	LongSentence bool       // was deregistered and serves five years or more (R80)
	BroughtFor   clock.Date // the day of R80, 12 months before release, for which it was discussed before

	InformedAt time.Time // when something of interest was recorded last; zero: nothing is on record (R67)
	MetAt      time.Time // since when no Referral and Operational meeting has had the case before it

	OpenActions int
	OldestDue   clock.Date

	Escalations []Reason // that come back (R60)
	Issues      []Reason // of a practitioners' meeting: what came up, and all that it looks at (R53)

	Added   string // by hand, with this reason
	AddedOn clock.Date
}

// Unratified is a rating given between meetings that no meeting has looked at.
type Unratified struct {
	Rating  rag.Rating
	RatedOn clock.Date
}

// Reason is a rule that puts a case on the agenda, and since when it does.
type Reason struct {
	Rule  string     `json:"rule"`
	Text  string     `json:"text"`
	Since clock.Date `json:"since"`
}

// Presenter is the agency that brings a case to the meeting, and its officer: whoever
// referred it (R2), and of somebody registered the lead worker.
type Presenter struct {
	Agency  ref.AgencyID
	Name    string
	Officer string
}

// Item is a case on the agenda with everything that put it there.
type Item struct {
	Nominal      ref.NominalID
	Name         string
	Referral     ref.ReferralID
	Registration ref.RegistrationID
	Rating       rag.Rating // empty: not registered
	Reasons      []Reason   // never empty, weightiest first
	Presents     Presenter  // of an agenda that is not frozen
	LeftOff      *LeftOff   // left for the next meeting, with the reason; nil: discussed
}

// Has says whether the rule is one of those that put the case there.
func (i Item) Has(rule string) bool {
	return slices.ContainsFunc(i.Reasons, func(r Reason) bool { return r.Rule == rule })
}

// Rules of the agenda, by the number under which docs/rules.md explains each.
const (
	RuleReferral     = "R68"  // a new referral, or one deferred to this meeting
	RuleRed          = "R65"  // RED ALERT and RED: at every meeting
	RuleTransfer     = "R93"  // adopted from outside: after eight weeks at RED
	RuleRatify       = "R50"  // rated between meetings: this meeting ratifies or not
	RuleCustody      = "R79"  // five years or more imposed
	RuleMAPPA        = "R81"  // MAPPA level 3
	RuleDeregister   = "R86"  // a proposal to deregister
	RuleAmber        = "R66"  // AMBER: every three months
	RuleInterest     = "R67"  // PRISON: new information of interest since the last meeting
	RuleRelease      = "R117" // PRISON: 12 weeks before release
	RuleReregister   = "R80"  // five years or more: 12 months before release
	RuleOpenActions  = "R69"  // open actions are progressed, discharged or carried over
	RuleEnding       = "R208" // the statutory status ends, and with it what holds without consent; or its final third begins
	RuleAddedByChair = "R59"  // put there by hand
)

// Weeks and months of the rules.
const (
	releaseDays    = 84 // 12 weeks before release (R117)
	planLead       = 3  // months before release: the pre-release plan (R48)
	amberMonths    = 3  // R66
	reregisterLead = 12 // months before release (R80)
)

// Heading is the rule in a few words, for counts and headings.
func Heading(rule string) string {
	switch rule {
	case RuleReferral:
		return "New referrals"
	case RuleRed:
		return "RED ALERT and RED"
	case RuleTransfer:
		return "Transferred in: review after eight weeks"
	case RuleRatify:
		return "Ratings to ratify"
	case RuleCustody:
		return "Mandatory deregistration: custody"
	case RuleMAPPA:
		return "Mandatory deregistration: MAPPA level 3"
	case RuleDeregister:
		return "Deregistrations proposed"
	case RuleAmber:
		return "AMBER due for review"
	case RuleInterest:
		return "PRISON: new information of interest"
	case RuleRelease:
		return "Release within 12 weeks"
	case RuleReregister:
		return "Registration again before release"
	case RuleOpenActions:
		return "Open actions"
	case RuleEscalation:
		return "Escalations answered or overdue"
	case RuleWanted, RuleDiary, RuleMoved, RuleVisit, RuleMissed, RuleEmerging:
		return weeklyHeading(rule)
	case RuleEnding:
		return "Licence, order or supervision ends"
	case RuleAddedByChair:
		return "Added by hand"
	}
	return rule
}

// rulesInOrder is the running order: what needs the meeting's decision first.
var rulesInOrder = []string{RuleReferral, RuleRed, RuleTransfer, RuleRatify, RuleCustody, RuleMAPPA, RuleDeregister, RuleAmber, RuleInterest, RuleRelease,
	RuleReregister, RuleEnding, RuleWanted, RuleDiary, RuleMoved, RuleVisit, RuleMissed, RuleEscalation, RuleOpenActions, RuleAddedByChair}

// Agenda is whom a meeting discusses and why: whatever is due now or falls due
// before the next meeting, so that "at least every three months" holds even when
// the day lies between two meetings. A case stands once, with every rule that put
// it there. meeting and next are the days of this one and the one after.
//
// The order is that of rulesInOrder by each case's weightiest rule, RED ALERT
// before RED, then by name.
func Agenda(cases []CaseFacts, meeting, next clock.Date) []Item {
	items := []Item{}
	for _, c := range cases {
		reasons := reasonsFor(c, meeting, next)
		if len(reasons) == 0 {
			continue
		}
		items = append(items, Item{Nominal: c.Nominal, Name: c.Name, Referral: c.Referral, Registration: c.Registration, Rating: c.Rating, Reasons: reasons, Presents: c.Presents})
	}
	slices.SortFunc(items, byRules)
	return items
}

// byRules is the running order that the rules give.
func byRules(a, b Item) int {
	return cmp.Or(
		cmp.Compare(weight(a.Reasons[0].Rule), weight(b.Reasons[0].Rule)),
		cmp.Compare(urgency(a), urgency(b)),
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.Nominal, b.Nominal))
}

func weight(rule string) int { return slices.Index(rulesInOrder, rule) }

// urgency puts RED ALERT before RED within R65; elsewhere all are alike.
func urgency(i Item) int {
	if i.Reasons[0].Rule == RuleRed {
		return i.Rating.Rank()
	}
	return 0
}

// reasonsFor lists the rules that apply to one person, in the running order.
func reasonsFor(c CaseFacts, meeting, next clock.Date) []Reason {
	if c.Issues != nil {
		return c.Issues
	}
	var all []Reason
	add := func(rule, text string, since clock.Date) {
		all = append(all, Reason{Rule: rule, Text: text, Since: since})
	}
	if c.Referral != 0 {
		add(RuleReferral, referralText(c), c.SubmittedOn)
	}
	if c.Registration != 0 {
		all = append(all, registeredReasons(c, meeting, next)...)
	} else if c.LongSentence && !c.ReleaseOn.IsZero() {
		if point := c.ReleaseOn.AddMonths(-reregisterLead); point.Before(next) && c.BroughtFor != point {
			add(RuleReregister, "Release is expected on "+c.ReleaseOn.Long()+": consider registration again"+byLaw(c.ReleaseByLaw), point)
		}
	}
	all = append(all, c.Escalations...)
	if c.OpenActions > 0 {
		add(RuleOpenActions, actionsText(c, meeting), c.OldestDue)
	}
	if c.Added != "" {
		add(RuleAddedByChair, c.Added, c.AddedOn)
	}
	return all
}

// registeredReasons are the rules for somebody on the scheme.
func registeredReasons(c CaseFacts, meeting, next clock.Date) []Reason {
	var all []Reason
	if c.Rating == rag.RedAlert || c.Rating == rag.Red {
		all = append(all, Reason{RuleRed, c.Rating.Word() + ": discussed and reviewed at every meeting", c.RatedOn})
	}
	if c.TransferFrom != "" {
		if point := review.RedUntil(c.AdoptedOn); point.Before(next) && c.ReviewedOn.Before(point) {
			all = append(all, Reason{RuleTransfer, "Transferred in from " + c.TransferFrom + ": eight weeks at RED end on " + point.Long() + ", then a review", point})
		}
	}
	for _, u := range c.Unratified {
		all = append(all, Reason{RuleRatify, "Rated " + u.Rating.Word() + " between meetings: to be ratified", u.RatedOn})
	}
	all = append(all, c.Triggers...)
	if !c.ProposedOn.IsZero() {
		all = append(all, Reason{RuleDeregister, "Deregistration proposed", c.ProposedOn})
	}
	if c.Rating == rag.Amber {
		if due := c.ReviewedOn.AddMonths(amberMonths); due.Before(next) {
			all = append(all, Reason{RuleAmber, amberText(c.ReviewedOn, due, meeting), due})
		}
	}
	if c.Rating == rag.Prison && c.InformedAt.After(c.MetAt) {
		// What it is says who may read it, on the person's page; here it has no name.
		met := clock.DateOf(c.MetAt)
		all = append(all, Reason{RuleInterest, "New information of interest since " + met.Long(), met})
	}
	if c.Rating == rag.Prison && !c.ReleaseOn.IsZero() {
		if point := c.ReleaseOn.AddDays(-releaseDays); point.Before(next) {
			all = append(all, Reason{RuleRelease, releaseText(c.ReleaseOn, point) + byLaw(c.ReleaseByLaw), point})
		}
	}
	return append(all, endingReasons(c, meeting, next)...)
}

// endingReasons are the end of the licence, the order or the supervision before the
// next meeting, or one that has passed with nothing recorded since; and the final third,
// at the meeting before which it does not begin and after which it does.
func endingReasons(c CaseFacts, meeting, next clock.Date) []Reason {
	var all []Reason
	if !c.EndsOn.IsZero() && c.EndsOn.Before(next) {
		text := c.Standing + " ends on " + c.EndsOn.Long()
		if c.EndsOn.Before(meeting) {
			text = c.Standing + " ended on " + c.EndsOn.Long() + ": record what holds now"
		}
		all = append(all, Reason{RuleEnding, text + byLaw(c.EndsByLaw), c.EndsOn})
	}
	if !c.FinalThird.Before(meeting) && c.FinalThird.Before(next) {
		all = append(all, Reason{RuleEnding, c.Standing + ": the final third begins on " + c.FinalThird.Long(), c.FinalThird})
	}
	return all
}

// byLaw says of a date that nobody has notified it.
func byLaw(computed bool) string {
	if computed {
		return " (computed, not notified)"
	}
	return ""
}

// releaseText names both limits of the guide, which differ by days: the review 12
// weeks before release (R117) and the plan three months before (R48).
func releaseText(release, point clock.Date) string {
	return "Release is expected on " + release.Long() + ", 12 weeks after " + point.Long() +
		"; the pre-release plan starts three months before, on " + release.AddMonths(-planLead).Long() + " (R48)"
}

func referralText(c CaseFacts) string {
	text := "Referral to decide"
	if c.ReferredBy != "" {
		text += ", presented by " + c.ReferredBy
	}
	if c.Contact != "" {
		text += ", " + c.Contact
	}
	switch {
	case c.Deferred == 1:
		text += "; deferred once"
	case c.Deferred > 1:
		text += fmt.Sprintf("; deferred %d times", c.Deferred)
	}
	return text
}

func amberText(reviewed, due, meeting clock.Date) string {
	if due.Before(meeting) {
		return "AMBER: the review was due on " + due.Long() + ", three months after " + reviewed.Long()
	}
	return "AMBER: the review falls due on " + due.Long() + ", three months after " + reviewed.Long()
}

func actionsText(c CaseFacts, meeting clock.Date) string {
	text := "1 open action"
	if c.OpenActions > 1 {
		text = fmt.Sprintf("%d open actions", c.OpenActions)
	}
	if c.OldestDue.Before(meeting) {
		return text + "; the oldest was due on " + c.OldestDue.Long()
	}
	return text + "; the first is due on " + c.OldestDue.Long()
}

// Count is how many cases a rule put on the agenda.
type Count struct {
	Rule  string
	Cases int
}

// Counts says how many cases each rule put on the agenda, in the running order,
// leaving out rules that put none.
func Counts(items []Item) []Count {
	var all []Count
	for _, rule := range rulesInOrder {
		n := 0
		for _, i := range items {
			if i.Has(rule) {
				n++
			}
		}
		if n > 0 {
			all = append(all, Count{rule, n})
		}
	}
	return all
}
