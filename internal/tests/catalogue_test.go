package tests

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/testdb"
)

// The catalogue of Postgres is asked what it would allow, whatever the code does
// (security.md 13, 43).

func catalogue(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), testdb.New(t).URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func lines(t *testing.T, conn *pgx.Conn, sql string) []string {
	t.Helper()
	rows, err := conn.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func TestEveryTableWithPersonsDataHasRowLevelSecurity(t *testing.T) {
	t.Parallel()
	conn := catalogue(t)
	const persons = `FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		AND (c.relname = 'nominal' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
			AND NOT a.attisdropped AND a.attname IN ('nominal_id', 'nominals', 'terms')))`
	if n := len(lines(t, conn, `SELECT c.relname::text `+persons)); n < 40 {
		t.Fatalf("only %d tables with a person's data were found: the test looks in the wrong place", n)
	}
	same(t, "without row-level security enabled and forced",
		lines(t, conn, `SELECT c.relname::text `+persons+` AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`))
	same(t, "without a policy that lets the application read",
		lines(t, conn, `SELECT c.relname::text `+persons+` AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
			AND 'iom_app'::regrole = ANY (p.polroles) AND p.polcmd IN ('r', '*'))`))
	same(t, "without a category",
		lines(t, conn, `SELECT c.relname::text `+persons+` AND coalesce(obj_description(c.oid), '') !~ '^category: '`))
	same(t, "policies for everybody",
		lines(t, conn, `SELECT polname::text FROM pg_policy WHERE polroles = '{0}'`))
	same(t, "policies that are always true, for a role other than backup and finder, and the log's readers",
		lines(t, conn, `SELECT p.polrelid::regclass || ' ' || p.polname FROM pg_policy p
			WHERE pg_get_expr(p.polqual, p.polrelid) = 'true' AND NOT p.polroles <@ ARRAY['iom_backup'::regrole, 'iom_finder'::regrole]::oid[]`),
		"log_event auditing")
}

func TestNothingLooksPastRowLevelSecurityUnlisted(t *testing.T) {
	t.Parallel()
	conn := catalogue(t)
	same(t, "views and materialised views",
		lines(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')`))
	same(t, "definer functions",
		lines(t, conn, `SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef`),
		slices.Collect(maps.Keys(definers))...)
	same(t, "definer functions without a fixed search path or not owned by iom_finder",
		lines(t, conn, `SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
			AND (proowner <> 'iom_finder'::regrole OR NOT coalesce(proconfig::text LIKE '%search_path=pg_catalog, public%', false))`))
	same(t, "definer functions that anybody may call",
		lines(t, conn, `SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
			AND has_function_privilege('iom_sessions', oid, 'execute')`))
	same(t, "roles above the policies",
		lines(t, conn, `SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'iom\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)`))
	same(t, "tables not owned by iom_owner",
		lines(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relowner <> 'iom_owner'::regrole`))
	same(t, "roles of the application that may become the owner or the finder",
		lines(t, conn, `SELECT r::text FROM unnest(ARRAY['iom_app', 'iom_jobs', 'iom_sessions', 'iom_auditor', 'iom_backup', 'iom_sealer']) r
			WHERE pg_has_role(r, 'iom_owner', 'member') OR pg_has_role(r, 'iom_finder', 'member')`))
}

// definers are the functions that look past row-level security, each with the
// reason why it may and what it gives away at most.
var definers = map[string]string{
	"actor_of":            "says whom somebody must not see, before a scope exists; ids and the account's own grants",
	"area_in_use":         "an area with cases cannot be divided; yes or no",
	"draft_logged":        "says whether the log has the beginning of a draft; yes or no, of the caller's own",
	"end_guest":           "ends an invitation, for whoever has open access to the case; nothing",
	"find_people":         "the force-wide identity card, logged; name, birth, PNCID, URN and where",
	"freeze_hidden":       "keeps the cases of the agenda that whoever has just opened the meeting must not see; nothing",
	"guest_signed":        "opens the cases that a guest is invited for, once the guest's signature is there, which the caller made or witnessed; nothing",
	"interest_recorded":   "the agenda is one for all who attend (R67); when something of interest was recorded last of whom the caller may know, not what or by whom",
	"guests_moved":        "moves the last day of guests' access with their meeting, for whoever has just moved it; ids of the cases they were invited for",
	"invite_guest":        "gives access to one case, for whoever has open access to it; nothing",
	"last_called":         "says which row is the latest case brought before a meeting; a row's number, its case is read under the policies",
	"learn_name":          "a trigger: keeps the words of a name, of nobody in particular, to look misspelt ones up by; nothing",
	"log_of":              "finds the events of one nominal by an index that a policy cannot use; ids, read again under the policies",
	"publish_drafts":      "makes notes of what was still being typed, for whoever has just closed the meeting; ids of whom they are about",
	"referral_closed":     "a trigger: keeps beside a referral when it was withdrawn or decided; nothing",
	"registration_closed": "a trigger: keeps beside a registration when its last marker was lifted; nothing",
	"search_people":       "finds names by an index that a policy cannot use; ids within the caller's own areas and periods",
	"take_responsibility": "moves the responsible area in one step, for whoever has open access; nothing",
}

// History and the log are added to and never changed: the application has no
// right to. What it may change is listed here by hand.
func TestTheApplicationCannotChangeHistory(t *testing.T) {
	t.Parallel()
	conn := catalogue(t)
	for role, may := range map[string]struct{ remove, change []string }{
		"iom_app": {remove: []string{"live_list"}, change: []string{"live_list"}},
		// Background work keeps its queue, and removes what is kept only for a while (docs/operations.md).
		"iom_jobs": {remove: []string{"live_list", "river_job", "river_leader", "river_queue", "password_link", "password_link_use", "sign_in_failure"},
			change: []string{"live_list", "river_job", "river_leader", "river_queue"}},
	} {
		same(t, role+" may delete from or empty",
			lines(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
				AND (has_table_privilege('`+role+`', oid, 'delete') OR has_table_privilege('`+role+`', oid, 'truncate'))`),
			may.remove...)
		same(t, role+" may change every column of",
			lines(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
				AND has_table_privilege('`+role+`', oid, 'update')`),
			may.change...)
	}
	got := lines(t, conn, `SELECT DISTINCT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'live_list'
		AND has_column_privilege('iom_app', c.oid, a.attnum, 'update')`)
	same(t, "columns that the application may change", got, changeable...)
}

// changeable are the columns that hold the present state of something; what
// happened to it is kept in a table of its own or in the log.
var changeable = strings.Fields(`
	access_grant.revoked_at access_grant.revoked_by
	account.disabled_at account.email account.must_change_password account.name account.password_hash account.session_epoch account.telephone account.version
	action.carried action.discharge_proposed action.discharged_at action.due_on action.owner_account_id action.owner_agency_id action.version
	agency.valid_to agency.version
	area_under.leaf
	case_exclusion.ended_at case_exclusion.ended_by
	case_restriction.ended_at case_restriction.ended_by
	form_use.result
	meeting.chair_id meeting.ends meeting.held_on meeting.joint_chair_id meeting.next_on meeting.place meeting.starts meeting.version
	meeting_slot.due_on meeting_slot.freed_at
	nominal_access.ends
	priority_group.valid_to
	registration.ended_at
	river_job.kind
	sheet_draft.changed_at sheet_draft.ended_at sheet_draft.fields sheet_draft.sequence sheet_draft.writer
	sign_in_failure.succeeded_at
`)
