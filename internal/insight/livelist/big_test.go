package livelist_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/fixture"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/testdb"
)

// crowd puts people straight into the tables, without the commands, spread over
// the leaves: for questions of speed.
func crowd(t *testing.T, s *fixture.Scheme, listed int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	leaves := []int64{int64(s.East), int64(s.Brighton), int64(s.North), int64(s.South)}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`SET session_replication_role = replica`, nil},
		{`INSERT INTO nominal_access (nominal_id, area_id, kind, starts, recorded_by)
			SELECT n, ($1::bigint[])[1 + n % 4], 'responsible', '2020-01-01', 1 FROM generate_series(1, $2::int) n`, []any{leaves, listed}},
		{`INSERT INTO live_list (registration_id, nominal_id, area_id, rating, rating_rank, rated_on, ratified, sort_name, family_name,
				given_names, born, warnings, lead_account_id, lead_name, lead_agency_id, lead_agency, status, status_ends_on, prison,
				release_on, mappa_level, group_ids, registered_on, reviewed_on, review_due_on, open_actions, action_dues, next_action_due,
				last_contact_on, last_visit_on, visit_due_on, deregistration_proposed, adoption_missing)
			SELECT n, n, ($1::bigint[])[1 + n % 4], (ARRAY['RED ALERT', 'RED', 'AMBER', 'GREEN', 'PRISON'])[r], r, d, true, 'name ' || md5(n::text),
				'Name', md5(n::text), d - 9000, CASE WHEN n % 3 = 0 THEN ARRAY['Violent'] ELSE '{}' END, 1 + n % 40, 'Worker ' || n % 40,
				1 + n % 6, 'Agency', 'licence', CASE WHEN n % 2 = 0 THEN d + 200 END, CASE WHEN r = 5 THEN 'HMP' ELSE '' END,
				CASE WHEN r = 5 AND n % 4 <> 0 THEN d + 300 END, n % 3, CASE WHEN n % 5 < 2 THEN ARRAY[1 + n % 7]::bigint[] ELSE '{}' END, d - 100, d - 20, d + n % 90 - 10, n % 4,
				CASE WHEN n % 4 > 0 THEN ARRAY[d + n % 30 - 5] ELSE '{}' END, CASE WHEN n % 4 > 0 THEN d + n % 30 - 5 END,
				CASE WHEN n % 50 > 0 THEN d - n % 60 END, d - 10, CASE WHEN r BETWEEN 2 AND 4 THEN d + n % 14 - 5 END, false, 0
			FROM (SELECT n, 1 + (n * 7919) % 5 AS r, DATE '2026-06-01' AS d FROM generate_series(1, $2::int) n) g`, []any{leaves, listed}},
		{`ANALYZE live_list`, nil},
	} {
		if _, err := conn.Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryOrderHasItsIndex asks Postgres how it would answer, under row-level
// security: each order, both ways and on both tabs, is read from an index and
// nothing is sorted.
func TestEveryOrderHasItsIndex(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	crowd(t, s, 10_000)
	for name, actor := range map[string]authz.Actor{"whole force": s.Account(authz.Coordinator, s.Force), "one area": s.Account(authz.Partner, s.East)} {
		_, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) (bool, error) {
			for _, sort := range livelist.Sorts {
				for _, f := range []livelist.Filter{{Sort: sort}, {Sort: sort, Desc: true}, {Sort: sort, Custody: true}, {Sort: sort, Desc: true, Custody: true}} {
					plan, err := explain(ctx, q, f)
					if err != nil {
						return false, err
					}
					if strings.Contains(plan, "Sort Key") || !strings.Contains(plan, "using live_list_") {
						t.Errorf("%s, %+v: not read in the order of an index:\n%s", name, f, plan)
					}
				}
			}
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func explain(ctx context.Context, q db.Querier, f livelist.Filter) (string, error) {
	var b pgx.Batch
	f.Queue(&b, q.Today(), 0, livelist.PerPage)
	listing := b.QueuedQueries[0]
	rows, err := q.Query(ctx, `EXPLAIN `+listing.SQL, listing.Arguments...)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}

// TestTheCasesOfOneAgencyHaveTheirIndex: in the order of the page, nothing is sorted.
func TestTheCasesOfOneAgencyHaveTheirIndex(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	crowd(t, s, 10_000)
	plan, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.Force), func(ctx context.Context, q *db.ReadTx) (string, error) {
		return explain(ctx, q, livelist.Filter{Agency: 3})
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plan, "Sort Key") || !strings.Contains(plan, "using live_list_agency") {
		t.Errorf("not read in the order of its index:\n%s", plan)
	}
}
