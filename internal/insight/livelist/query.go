package livelist

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// PerPage is how many people one page of the list shows.
const PerPage = 50

// Sort is a column by which the list is ordered.
type Sort string

// The orders. Each has an index; what is not known comes last, but for a person
// without any contact, who comes first.
const (
	ByRating  Sort = "rating"
	ByName    Sort = "name"
	ByLead    Sort = "lead"
	ByStatus  Sort = "status"  // end of licence or order
	ByReview  Sort = "review"  // when the next is due
	ByActions Sort = "actions" // earliest due date
	ByContact Sort = "contact" // the last
	ByVisit   Sort = "visit"   // when the next is due
	ByRelease Sort = "release"
)

// Sorts are all of them.
var Sorts = []Sort{ByRating, ByName, ByLead, ByStatus, ByReview, ByActions, ByContact, ByVisit, ByRelease}

// orders are the clauses: as it is, and the other way round. They must match the
// indexes of live_list word for word.
var orders = map[Sort][2]string{
	ByRating:  {"rating_rank, sort_name, registration_id", "rating_rank DESC, sort_name DESC, registration_id DESC"},
	ByName:    {"sort_name, registration_id", "sort_name DESC, registration_id DESC"},
	ByLead:    {"lead_name, registration_id", "lead_name DESC, registration_id DESC"},
	ByStatus:  {"status_ends_on, registration_id", "status_ends_on DESC NULLS LAST, registration_id DESC"},
	ByReview:  {"review_due_on, registration_id", "review_due_on DESC NULLS LAST, registration_id DESC"},
	ByActions: {"next_action_due, registration_id", "next_action_due DESC NULLS LAST, registration_id DESC"},
	ByContact: {"last_contact_on NULLS FIRST, registration_id", "last_contact_on DESC NULLS LAST, registration_id DESC"},
	ByVisit:   {"visit_due_on, registration_id", "visit_due_on DESC NULLS LAST, registration_id DESC"},
	ByRelease: {"release_on, registration_id", "release_on DESC NULLS LAST, registration_id DESC"},
}

// Due narrows the list to those of whom something wants doing.
type Due string

// What wants doing, by the conditions of the start page, so that a count there and
// the list that it leads to agree.
const (
	OverdueActions Due = "actions"
	ReviewDue      Due = "review"
	VisitLate      Due = "visit"
	VisitSoon      Due = "visit soon" // late, or due within VisitDays
	ToRatify       Due = "ratify"     // rated between meetings
	ReleaseSoon    Due = "release"    // within ReleaseDays (R116-R118)
	ReleaseInYear  Due = "release 12" // within ReleaseMonths
	StatusEnding   Due = "status"     // licence or order ends within StatusDays
	ThirdSoon      Due = "third"      // final third of licence or order begins within StatusDays
	LinesToDo      Due = "checklist"  // of the adoption checklist (R32)
)

// Dues are all of them.
var Dues = []Due{OverdueActions, ReviewDue, VisitLate, VisitSoon, ToRatify, ReleaseSoon, ReleaseInYear, StatusEnding, ThirdSoon, LinesToDo}

// How many days ahead something is named before it is due.
const (
	VisitDays     = 3
	StatusDays    = 28
	ReleaseMonths = 12
)

// Filter is which part of the list is asked for. The zero value is the whole live
// tab, by rating.
type Filter struct {
	Custody bool // the custody tab (R117)
	Area    ref.AreaID
	Rating  rag.Rating
	Agency  ref.AgencyID  // of the lead worker
	Lead    ref.AccountID // the lead worker
	Group   ref.GroupID
	Due     Due
	Sort    Sort // ByRating when empty
	Desc    bool
}

// CountMost bounds the counts of a page. Counting ten thousand people takes twenty
// times as long as showing fifty of them, so beyond this the page says "more than".
const CountMost = 1000

// PrintMost is how many people are printed at once.
const PrintMost = 2000

// Page is one page of the list. Live and Custody count what the filter leaves on
// each tab, at most CountMost and one.
type Page struct {
	Rows          []Row
	Live, Custody int
	Skipped       int  // rows on the pages before
	More          bool // there is a page after this one
	Today         clock.Date
}

// query builds the statements from fixed words; what was asked for goes in as
// parameters.
type query struct {
	where []string
	args  []any
}

// add takes a condition in which ? stands for the value.
func (b *query) add(condition string, value any) {
	b.args = append(b.args, value)
	b.where = append(b.where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(b.args))))
}

func (b *query) clause() string {
	if len(b.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(b.where, " AND ")
}

// narrow is the filter without its tab.
func (f Filter) narrow(today clock.Date) query {
	var b query
	if f.Area != 0 {
		b.add("area_id = ANY (ARRAY(SELECT u.under_id FROM area_under u WHERE u.area_id = ?))", f.Area)
	}
	if f.Rating != "" {
		b.add("rating_rank = ?", f.Rating.Rank())
	}
	if f.Agency != 0 {
		b.add("lead_agency_id = ?", f.Agency)
	}
	if f.Lead != 0 {
		b.add("lead_account_id = ?", f.Lead)
	}
	if f.Group != 0 {
		b.add("? = ANY (group_ids)", f.Group)
	}
	switch f.Due {
	case OverdueActions:
		b.add("next_action_due < ?", today)
	case ReviewDue:
		b.add("review_due_on <= ?", today)
	case VisitLate:
		b.add("visit_due_on < ?", today)
	case VisitSoon:
		b.add("visit_due_on <= ?", today.AddDays(VisitDays))
	case ToRatify:
		b.where = append(b.where, "NOT ratified")
	case ReleaseSoon:
		b.add("release_on >= ?", today)
		b.add("release_on <= ?", today.AddDays(ReleaseDays))
	case ReleaseInYear:
		b.add("release_on >= ?", today)
		b.add("release_on <= ?", today.AddMonths(ReleaseMonths))
	case StatusEnding:
		b.add("status_ends_on >= ?", today)
		b.add("status_ends_on <= ?", today.AddDays(StatusDays))
	case ThirdSoon:
		b.add("final_third_on >= ?", today)
		b.add("final_third_on <= ?", today.AddDays(StatusDays))
	case LinesToDo:
		b.where = append(b.where, "adoption_missing > 0")
	}
	return b
}

// inCustody is Row.InCustody in SQL; ? is the last day of the 12 weeks.
const inCustody = "(rating_rank = 5 AND (release_on IS NULL OR release_on > ?))"

// on is the filter on one of the tabs.
func (f Filter) on(custody bool, today clock.Date) query {
	b := f.narrow(today)
	if custody {
		b.add(inCustody, today.AddDays(ReleaseDays))
	} else {
		b.add("NOT coalesce("+inCustody+", false)", today.AddDays(ReleaseDays))
	}
	return b
}

func (f Filter) order() string {
	both, ok := orders[f.Sort]
	if !ok {
		both = orders[ByRating]
	}
	if f.Desc {
		return both[1]
	}
	return both[0]
}

// Queue puts the statements of a page into a batch, so that a page that asks more
// does so in one round trip; Read then reads their answers in the same order.
// limit 0 is all of them, for print.
func (f Filter) Queue(b *pgx.Batch, today clock.Date, skip, limit int) {
	rows := f.on(f.Custody, today)
	sql := `SELECT ` + rowColumns + ` FROM live_list` + rows.clause() + ` ORDER BY ` + f.order()
	if limit > 0 {
		rows.args = append(rows.args, limit+1, skip)
		sql += ` LIMIT $` + strconv.Itoa(len(rows.args)-1) + ` OFFSET $` + strconv.Itoa(len(rows.args))
	}
	b.Queue(sql, rows.args...)
	for _, custody := range []bool{false, true} {
		tab := f.on(custody, today)
		tab.args = append(tab.args, CountMost+1)
		b.Queue(`SELECT count(*) FROM (SELECT FROM live_list`+tab.clause()+` LIMIT $`+strconv.Itoa(len(tab.args))+`) counted`, tab.args...)
	}
}

// Read reads what Queue asked for.
func Read(from pgx.BatchResults, today clock.Date, skip, limit int) (Page, error) {
	p := Page{Today: today, Skipped: skip}
	found, err := from.Query()
	if err != nil {
		return p, err
	}
	if p.Rows, err = collect(found, PerPage+1); err != nil {
		return p, err
	}
	if p.More = limit > 0 && len(p.Rows) > limit; p.More {
		p.Rows = p.Rows[:limit]
	}
	if err = from.QueryRow().Scan(&p.Live); err != nil {
		return p, err
	}
	return p, from.QueryRow().Scan(&p.Custody)
}

// List answers one page of the list as the actor may see it.
func List(ctx context.Context, q db.Querier, f Filter, skip, limit int) (Page, error) {
	b := &pgx.Batch{}
	f.Queue(b, q.Today(), skip, limit)
	results := q.SendBatch(ctx, b)
	p, err := Read(results, q.Today(), skip, limit)
	return p, errors.Join(err, results.Close())
}

// Of is the summary of one nominal; ok is false for somebody who is not registered.
func Of(ctx context.Context, q db.Querier, nominal ref.NominalID) (r Row, ok bool, err error) {
	rows, err := q.Query(ctx, `SELECT `+rowColumns+` FROM live_list WHERE nominal_id = $1`, nominal)
	if err != nil {
		return Row{}, false, err
	}
	all, err := collect(rows, 1)
	if err != nil || len(all) == 0 {
		return Row{}, false, err
	}
	return all[0], true, nil
}
