package livelist_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/testdb"
)

// TestTheFiltersAgainstANaiveReading: for any filter, order and page, and for each
// way of being allowed to see, the list is what a loop over everybody finds.
func TestTheFiltersAgainstANaiveReading(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	crowd(t, s, 400)
	everybody := all(t, s, s.Account(authz.Coordinator, s.Force))
	if len(everybody) != 400 {
		t.Fatalf("%d people", len(everybody))
	}
	leaves := map[ref.AreaID][]ref.AreaID{s.East: {s.East}, s.Brighton: {s.Brighton}, s.West: {s.North, s.South}, s.North: {s.North}, s.South: {s.South},
		s.Force: {s.East, s.Brighton, s.North, s.South}}
	viewers := prepare(t, s, leaves)
	today := clock.Today(s.Clock)
	rapid.Check(t, func(rt *rapid.T) {
		who := rapid.SampledFrom(viewers).Draw(rt, "viewer")
		f := livelist.Filter{
			Custody: rapid.Bool().Draw(rt, "custody"), Desc: rapid.Bool().Draw(rt, "desc"),
			Sort: rapid.SampledFrom(livelist.Sorts).Draw(rt, "sort"),
			Due:  rapid.SampledFrom(append([]livelist.Due{"", ""}, livelist.Dues...)).Draw(rt, "due"),
			Area: rapid.SampledFrom([]ref.AreaID{0, 0, s.Force, s.East, s.West, s.South}).Draw(rt, "area"),
		}
		if rapid.Bool().Draw(rt, "narrow") {
			f.Rating = rapid.SampledFrom(append([]rag.Rating{""}, rag.Ratings...)).Draw(rt, "rating")
			f.Agency = rapid.SampledFrom([]ref.AgencyID{0, 0, 1, 3}).Draw(rt, "agency")
			f.Lead = rapid.SampledFrom([]ref.AccountID{0, 0, 0, 7}).Draw(rt, "lead")
			f.Group = rapid.SampledFrom([]ref.GroupID{0, 0, 2}).Draw(rt, "group")
		}
		skip := rapid.SampledFrom([]int{0, 0, 10, 300}).Draw(rt, "skip")
		want := naive(everybody, f, today, func(r livelist.Row) bool {
			return who.sees(r) && (f.Area == 0 || slices.Contains(leaves[f.Area], r.Area))
		})
		other := f
		other.Custody = !f.Custody
		others := naive(everybody, other, today, func(r livelist.Row) bool {
			return who.sees(r) && (f.Area == 0 || slices.Contains(leaves[f.Area], r.Area))
		})
		got, err := fixture.Read(t, s, who.actor, func(ctx context.Context, q *db.ReadTx) (livelist.Page, error) {
			return livelist.List(ctx, q, f, skip, 20)
		})
		if err != nil {
			rt.Fatal(err)
		}
		live, custody := len(want), len(others)
		if f.Custody {
			live, custody = custody, live
		}
		part := want[min(skip, len(want)):min(skip+20, len(want))]
		if !slices.Equal(ids(got.Rows), ids(part)) || got.Live != live || got.Custody != custody || got.More != (len(want) > skip+20) {
			rt.Fatalf("%s, %+v: %v (live %d, custody %d), want %v (%d, %d)", who.name, f, ids(got.Rows), got.Live, got.Custody, ids(part), live, custody)
		}
	})
}

type viewer struct {
	name  string
	actor authz.Actor
	sees  func(livelist.Row) bool
}

// prepare makes the ways of seeing: a force, an area, a guest of three cases, and
// somebody from whom two cases are kept.
func prepare(t *testing.T, s *fixture.Scheme, leaves map[ref.AreaID][]ref.AreaID) []viewer {
	t.Helper()
	in := func(at ref.AreaID) func(livelist.Row) bool {
		return func(r livelist.Row) bool { return slices.Contains(leaves[at], r.Area) }
	}
	guest, kept := s.Account(authz.Guest, s.Force), s.Account(authz.Police, s.West)
	conn, err := pgx.Connect(t.Context(), s.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	hidden := []int64{2, 3, 6, 7, 10} // West has those of remainder 2 and 3
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`SET session_replication_role = replica`, nil},
		{`INSERT INTO nominal_access (nominal_id, account_id, kind, starts, ends, recorded_by)
			SELECT n, $1, 'guest', '2026-05-01', '2026-06-15', 1 FROM unnest(ARRAY[5, 6, 7]) n`, []any{guest.Account}},
		{`INSERT INTO nominal_access (nominal_id, account_id, kind, starts, ends, recorded_by) VALUES (8, $1, 'guest', '2026-05-01', '2026-05-31', 1)`, []any{guest.Account}},
		{`INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) SELECT n, $1, 'Related', '2026-05-01', 1 FROM unnest($2::bigint[]) n`, []any{kept.Account, hidden}},
	} {
		if _, err := conn.Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatal(err)
		}
	}
	kept = s.Account(authz.Police, s.West) // with what is kept from them
	return []viewer{
		{"force", s.Account(authz.Chair, s.Force), func(livelist.Row) bool { return true }},
		{"East", s.Account(authz.Partner, s.East), in(s.East)},
		{"West", s.Account(authz.Probation, s.West), in(s.West)},
		{"guest", guest, func(r livelist.Row) bool { return r.Nominal >= 5 && r.Nominal <= 7 }},
		{"excluded", kept, func(r livelist.Row) bool { return in(s.West)(r) && !slices.Contains(hidden, int64(r.Nominal)) }},
		{"administrator", s.Account(authz.Administrator, s.Force), func(livelist.Row) bool { return false }},
	}
}

func all(t *testing.T, s *fixture.Scheme, actor authz.Actor) []livelist.Row {
	t.Helper()
	var rows []livelist.Row
	for _, custody := range []bool{false, true} {
		p, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) (livelist.Page, error) {
			return livelist.List(ctx, q, livelist.Filter{Custody: custody}, 0, 0)
		})
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, p.Rows...)
	}
	return rows
}

func ids(rows []livelist.Row) []int64 {
	found := []int64{}
	for _, r := range rows {
		found = append(found, int64(r.Registration))
	}
	return found
}

// naive filters and sorts in a loop.
func naive(everybody []livelist.Row, f livelist.Filter, today clock.Date, sees func(livelist.Row) bool) []livelist.Row {
	var found []livelist.Row
	for _, r := range everybody {
		inside := r.Rating == rag.Prison && (r.ReleaseOn.IsZero() || r.ReleaseOn.DaysSince(today) > 84)
		keep := sees(r) && inside == f.Custody && (f.Rating == "" || r.Rating == f.Rating) && (f.Agency == 0 || *r.LeadAgency == f.Agency) &&
			(f.Lead == 0 || *r.LeadAccount == f.Lead) && (f.Group == 0 || slices.Contains(r.Groups, f.Group))
		switch f.Due {
		case livelist.OverdueActions:
			keep = keep && slices.ContainsFunc(r.ActionDues, func(due clock.Date) bool { return due.Before(today) })
		case livelist.ReviewDue:
			keep = keep && !r.ReviewDue.IsZero() && !r.ReviewDue.After(today)
		case livelist.VisitLate:
			keep = keep && !r.VisitDue.IsZero() && r.VisitDue.Before(today)
		case livelist.VisitSoon:
			keep = keep && within(r.VisitDue, clock.Date{}, today.AddDays(3))
		case livelist.ToRatify:
			keep = keep && !r.Ratified
		case livelist.ReleaseSoon:
			keep = keep && within(r.ReleaseOn, today, today.AddDays(84))
		case livelist.ReleaseInYear:
			keep = keep && within(r.ReleaseOn, today, today.AddMonths(12))
		case livelist.ThirdSoon:
			keep = keep && within(r.FinalThird, today, today.AddDays(28))
		case livelist.StatusEnding:
			keep = keep && within(r.StatusEnds, today, today.AddDays(28))
		case livelist.LinesToDo:
			keep = keep && r.LinesMissing > 0
		}
		if keep {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b livelist.Row) int {
		c := byColumn(f, a, b)
		if c == 0 {
			c = cmp.Compare(a.Registration, b.Registration)
			if f.Desc {
				c = -c
			}
		}
		return c
	})
	return found
}

// byColumn compares in the direction asked for; what is not known comes last, but
// for a person without contact when the list runs forward.
func byColumn(f livelist.Filter, a, b livelist.Row) int {
	turn := func(c int) int {
		if f.Desc {
			return -c
		}
		return c
	}
	days := func(x, y clock.Date) int {
		if x.IsZero() || y.IsZero() {
			c := cmp.Compare(yes(x.IsZero()), yes(y.IsZero()))
			if f.Sort == livelist.ByContact && !f.Desc {
				return -c
			}
			return c
		}
		return turn(x.DaysSince(y))
	}
	switch f.Sort {
	case livelist.ByName:
		return turn(strings.Compare(a.SortName, b.SortName))
	case livelist.ByLead:
		return turn(strings.Compare(a.LeadName, b.LeadName))
	case livelist.ByStatus:
		return days(a.StatusEnds, b.StatusEnds)
	case livelist.ByReview:
		return days(a.ReviewDue, b.ReviewDue)
	case livelist.ByActions:
		return days(a.NextAction, b.NextAction)
	case livelist.ByContact:
		return days(a.LastContact, b.LastContact)
	case livelist.ByVisit:
		return days(a.VisitDue, b.VisitDue)
	case livelist.ByRelease:
		return days(a.ReleaseOn, b.ReleaseOn)
	}
	return turn(cmp.Or(cmp.Compare(a.Rank, b.Rank), strings.Compare(a.SortName, b.SortName)))
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// within says that a day is known and neither before nor after.
func within(day, first, last clock.Date) bool {
	return !day.IsZero() && !day.Before(first) && !day.After(last)
}
