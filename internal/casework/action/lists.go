package action

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// List is one of the lists of actions over all people in scope.
type List string

// The lists.
const (
	Mine       List = "mine"
	MyAgencys  List = "agency"
	AllOpen    List = "open"
	Unassigned List = "unassigned" // the agency has named nobody (R75)
	Done       List = "done"
)

// Lists are all of them, in the order of the tabs.
var Lists = []List{Mine, MyAgencys, AllOpen, Unassigned, Done}

// PerPage is how many actions one page shows.
const PerPage = 50

// CountMost bounds the counts: each action that is counted is asked of the policy.
const CountMost = 500

// Filter is which actions are asked for.
type Filter struct {
	List    List
	Agency  ref.AgencyID // of the owner; 0: any
	Overdue bool
	Area    ref.AreaID // a node; 0: everywhere in scope
}

// Listed is one page of a list: open actions by due date, done ones the latest
// first. Counts are those of each list under the same filter, at most CountMost
// and one. Mine, my agency's and the list itself are counted: the
// others run over people of other areas, of whom the policy has to be asked one by one.
type Listed struct {
	Actions []Action
	Names   map[ref.NominalID]string // family name first
	Counts  map[List]int
	More    bool // there is a page after this one
}

// where is the condition of a list, with its arguments after those given.
func (f Filter) where(list List, actor authz.Actor, today clock.Date) (string, []any) {
	var (
		all  []string
		args []any
	)
	add := func(condition string, value ...any) {
		for _, v := range value {
			args = append(args, v)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		all = append(all, condition)
	}
	if list == Done {
		add("a.discharged_at IS NOT NULL")
	} else {
		add("a.discharged_at IS NULL")
	}
	switch list {
	case Mine:
		add("a.owner_account_id = ?", actor.Account)
	case MyAgencys:
		add("a.owner_agency_id = ANY (?)", full(actor.Agencies()))
	case Unassigned:
		add("a.owner_account_id IS NULL")
	}
	if f.Agency != 0 {
		add("a.owner_agency_id = ?", f.Agency)
	}
	if f.Area != 0 {
		add("a.area_id = ANY (ARRAY(SELECT u.under_id FROM area_under u WHERE u.area_id = ?))", f.Area)
	}
	if f.Overdue && list != Done {
		add("a.due_on < ?", today)
	}
	return " WHERE " + strings.Join(all, " AND "), args
}

func full(all []int64) []int64 {
	if all == nil {
		return []int64{}
	}
	return all
}

// Find answers one page of a list, the names and the counts, in one round trip.
func Find(ctx context.Context, q db.Querier, f Filter, skip int) (Listed, error) {
	if !slices.Contains(Lists, f.List) {
		f.List = Mine
	}
	order := " ORDER BY a.due_on, a.id"
	if f.List == Done {
		order = " ORDER BY a.discharged_at DESC, a.id DESC"
	}
	batch := &pgx.Batch{}
	where, args := f.where(f.List, q.Actor(), q.Today())
	limits := " LIMIT " + strconv.Itoa(PerPage+1) + " OFFSET " + strconv.Itoa(max(0, skip))
	batch.Queue(`SELECT `+columns+from+where+order+limits, args...)
	batch.Queue(`SELECT a.nominal_id, i.family_name, i.given_names FROM (SELECT DISTINCT a.nominal_id FROM (SELECT a.nominal_id FROM action a`+
		where+order+limits+`) a) a CROSS JOIN LATERAL (SELECT x.family_name, x.given_names FROM nominal_identity x
			WHERE x.nominal_id = a.nominal_id ORDER BY x.id DESC LIMIT 1) i`, args...)
	counted := f.counted()
	for _, list := range counted {
		where, args := f.where(list, q.Actor(), q.Today())
		batch.Queue(`SELECT count(*) FROM (SELECT FROM action a`+where+` LIMIT `+strconv.Itoa(CountMost+1)+`) counted`, args...)
	}
	results := q.SendBatch(ctx, batch)
	found, err := readList(results, counted)
	return found, errors.Join(err, results.Close())
}

// counted are the lists whose length is asked for.
func (f Filter) counted() []List {
	all := []List{Mine, MyAgencys}
	if !slices.Contains(all, f.List) {
		all = append(all, f.List)
	}
	return all
}

func readList(from pgx.BatchResults, counted []List) (Listed, error) {
	l := Listed{Names: map[ref.NominalID]string{}, Counts: map[List]int{}}
	rows, err := from.Query()
	if err != nil {
		return l, err
	}
	if l.Actions, err = pgx.CollectRows(rows, pgx.RowToStructByName[Action]); err != nil {
		return l, err
	}
	if l.More = len(l.Actions) > PerPage; l.More {
		l.Actions = l.Actions[:PerPage]
	}
	if rows, err = from.Query(); err != nil {
		return l, err
	}
	var (
		id            ref.NominalID
		family, given string
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &family, &given}, func() error {
		l.Names[id] = family
		if given != "" {
			l.Names[id] += ", " + given
		}
		return nil
	})
	for _, list := range counted {
		if err != nil {
			return l, err
		}
		var n int
		err = from.QueryRow().Scan(&n)
		l.Counts[list] = n
	}
	return l, err
}
