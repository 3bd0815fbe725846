package meeting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
)

// R65, R68: the agenda that is kept is the whole one, also when a co-ordinator opens the
// meeting who must not see some of its cases: one for a conflict of interest, one that is
// restricted to others, one that was referred. The others find them in the running order
// with the rule that put them there; the opener learns nothing, neither from the answer
// nor from the agenda, the sheet, the closing or the minutes.
func TestTheAgendaIsWholeWhoeverOpens(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	cedar, _ := s.Registered(t, s.East, "Cedar", "Cy", rag.Red)
	beech, _ := s.Registered(t, s.East, "Beech", "Bo", rag.Red)
	alder, _ := s.Registered(t, s.East, "Alder", "Al", rag.Red)
	referred := s.referred("Newby")
	green, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	conn := s.super()
	exec := func(sql string, args ...any) {
		t.Helper()
		_, err := conn.Exec(ctx, sql, args...)
		s.must(err)
	}
	for _, n := range []ref.NominalID{beech, referred} {
		exec(`INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, '', now(), 1)`, n, s.account(authz.Coordinator))
	}
	exec(`INSERT INTO case_restriction (nominal_id, named, reason, recorded_at, recorded_by) VALUES ($1, $2, '', now(), 1)`, cedar, []ref.AccountID{s.account(authz.Chair)})

	count, err := meeting.Open(ctx, s.DB, s.as(authz.Coordinator), s.id)
	s.must(err)
	if count != 1 {
		t.Errorf("R68 the opener is told of %d cases, and sees one", count)
	}
	sees := func(r authz.Role) string {
		t.Helper()
		items, err := s.items(r)
		s.must(err)
		var all []string
		for _, i := range items {
			all = append(all, i.Name+" "+i.Reasons[0].Rule)
		}
		return strings.Join(all, "; ")
	}
	for r, want := range map[authz.Role]string{
		authz.Chair:       "Newby, Jo R68; Alder, Al R65; Beech, Bo R65; Cedar, Cy R65",
		authz.Police:      "Newby, Jo R68; Alder, Al R65; Beech, Bo R65",
		authz.Coordinator: "Alder, Al R65",
	} {
		if got := sees(r); got != want {
			t.Errorf("R65, R68 the %s finds %q, want %q", r, got, want)
		}
	}
	for _, n := range []ref.NominalID{beech, cedar, referred} {
		if _, err := s.caseOf(authz.Coordinator, n); err == nil {
			t.Errorf("R68 the opener opens the case %d", n)
		}
		if _, err := s.caseOf(authz.Chair, n); err != nil {
			t.Errorf("R68 the chair cannot open the case %d: %v", n, err)
		}
	}
	gaps := func(r authz.Role) (all []ref.NominalID) {
		t.Helper()
		found, err := fixture.Read(t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Gap, error) {
			return meeting.Missing(ctx, q, s.get(authz.Chair))
		})
		s.must(err)
		for _, g := range found {
			all = append(all, g.Nominal)
		}
		slices.Sort(all)
		return all
	}
	if got, want := gaps(authz.Chair), []ref.NominalID{cedar, beech, alder, referred}; !slices.Equal(got, want) {
		t.Errorf("R65 the chair misses %v, want %v", got, want)
	}
	if got := gaps(authz.Coordinator); !slices.Equal(got, []ref.NominalID{alder}) {
		t.Errorf("R65 the opener misses %v", got)
	}
	m, err := s.minutes(authz.Coordinator)
	s.must(err)
	if text := fmt.Sprintf("%+v", m); strings.Contains(text, "Beech") || strings.Contains(text, "Cedar") || strings.Contains(text, "Newby") {
		t.Errorf("R68 the opener reads of a hidden case: %s", text)
	}
	// The log says who was shown whom: the opener the one case, the area's background work all of them.
	looked := func(command string) (all []int64) {
		t.Helper()
		s.must(conn.QueryRow(ctx, `SELECT nominals FROM log_event WHERE command = $1`, command).Scan(&all))
		slices.Sort(all)
		return all
	}
	if got := looked("meeting.open"); !slices.Equal(got, []int64{int64(alder)}) {
		t.Errorf("the log has the opener shown %v", got)
	}
	if got, want := looked("meeting.whole agenda"), []int64{int64(cedar), int64(beech), int64(alder), int64(referred)}; !slices.Equal(got, want) {
		t.Errorf("the log has %v worked out, want %v", got, want)
	}
	// Nobody keeps in that way somebody whom they may see, nor for a meeting that another opened.
	exec(`INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, '', now(), 1)`, green, s.account(authz.Police))
	for r, what := range map[authz.Role]string{authz.Police: "for a meeting that another opened", authz.Coordinator: "whom the opener sees"} {
		_, err := db.Write(ctx, s.DB, s.as(r), func(ctx context.Context, tx *db.Tx) (bool, error) {
			tx.Record(audit.Event{Operation: audit.Collect, Command: "test", Nominals: []int64{int64(green)}})
			_, err := tx.Exec(ctx, `SELECT freeze_hidden($1, jsonb_build_array(jsonb_build_object('nominal', $2::bigint, 'position', 9, 'reasons', '[]'::jsonb)))`, s.id, green)
			return true, err
		})
		s.must(err)
		var kept int
		s.must(conn.QueryRow(ctx, `SELECT count(*) FROM agenda_item`).Scan(&kept))
		if kept != 4 {
			t.Errorf("R68 somebody was kept %s: %d cases", what, kept)
		}
	}
}
