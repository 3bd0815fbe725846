package migrate_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
	"iom/migrations"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

func ask[T any](t *testing.T, url, query string, arguments ...any) T {
	t.Helper()
	var got T
	if err := connect(t, url).QueryRow(t.Context(), query, arguments...).Scan(&got); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

func do(t *testing.T, url, statement string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// steps makes migrations from the statements that go up.
func steps(statements ...string) fstest.MapFS {
	made := fstest.MapFS{}
	for i, statement := range statements {
		number := "000" + string(rune('1'+i))
		made[number+"_step.up.sql"] = &fstest.MapFile{Data: []byte(statement)}
		made[number+"_step.down.sql"] = &fstest.MapFile{Data: []byte("SELECT 1")}
	}
	return made
}

func TestTwoProcessesAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	url := testdb.NewEmpty(t).URL(migrate.Migrate)
	files := steps("CREATE TABLE ran (n int)", "INSERT INTO ran VALUES (1)", "INSERT INTO ran VALUES (2)")
	var together sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		together.Go(func() { errs[i] = migrate.UpFrom(t.Context(), url, files) })
	}
	together.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if got := ask[int](t, url, "SELECT count(*) FROM ran"); got != 2 {
		t.Errorf("the two steps ran %d times", got)
	}
}

func TestAFailedMigrationLeavesNothingAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	database := testdb.NewEmpty(t)
	url := database.URL(migrate.Migrate)
	bad := steps("CREATE TABLE first (n int)", "CREATE TABLE second (n int); SELECT 1/0")
	err := migrate.UpFrom(t.Context(), url, bad)
	if err == nil || !strings.Contains(err.Error(), "migration 2 failed and was rolled back") {
		t.Errorf("the error is %v", err)
	}
	if got := ask[int](t, url, "SELECT version FROM schema_migrations WHERE NOT dirty"); got != 1 {
		t.Errorf("the database is at version %d", got)
	}
	good := steps("CREATE TABLE first (n int)", "CREATE TABLE second (n int)")
	if err := migrate.UpFrom(t.Context(), url, good); err != nil {
		t.Error(err)
	}
	if got := ask[int](t, url, "SELECT version FROM schema_migrations WHERE NOT dirty"); got != 2 {
		t.Errorf("the database is then at version %d", got)
	}
}

func TestAFailedFirstMigrationLeavesAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	url := testdb.NewEmpty(t).URL(migrate.Migrate)
	if err := migrate.UpFrom(t.Context(), url, steps("SELECT 1/0")); err == nil {
		t.Fatal("a failing migration succeeds")
	}
	if err := migrate.UpFrom(t.Context(), url, steps("CREATE TABLE first (n int)")); err != nil {
		t.Error(err)
	}
}

func TestACancelledUpStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := migrate.UpFrom(ctx, testdb.NewEmpty(t).URL(migrate.Migrate), steps("SELECT 1")); err == nil {
		t.Error("a cancelled Up reports success")
	}
}

// What a migration makes belongs to the owner, who cannot sign in, and not to the role that runs it.
func TestTheOwnerOwnsEverything(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).URL(testdb.Superuser)
	const query = `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind IN ('r', 'S', 'v') AND pg_get_userbyid(relowner) <> $1`
	if got := ask[int](t, url, query, migrate.Owner); got != 0 {
		t.Errorf("%d tables, sequences or views belong to somebody else", got)
	}
}

func TestVersionAndCheckSayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare string // as the owner
		have    uint
		dirty   bool
		says    string // empty: fit to serve
	}{
		"current": {"SELECT 1", migrations.Latest(), false, ""},
		"older":   {"UPDATE schema_migrations SET version = 0", 0, false, "run `iom migrate`"},
		"newer":   {"UPDATE schema_migrations SET version = 9999", 9999, false, "install the newer build"},
		"broken":  {"UPDATE schema_migrations SET dirty = true", migrations.Latest(), true, "interrupted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := testdb.New(t)
			do(t, database.URL(migrate.Migrate), test.prepare)
			app := database.URL(migrate.App)
			have, want, dirty, err := migrate.Version(t.Context(), app)
			if err != nil || have != test.have || want != migrations.Latest() || dirty != test.dirty {
				t.Errorf("have %d, want %d, dirty %v, %v", have, want, dirty, err)
			}
			expect(t, migrate.Check(t.Context(), app), test.says)
		})
	}
}

func TestAnEmptyDatabaseIsOlder(t *testing.T) {
	t.Parallel()
	url := testdb.NewEmpty(t).URL(migrate.App)
	have, want, dirty, err := migrate.Version(t.Context(), url)
	if have != 0 || want == 0 || dirty || err != nil {
		t.Errorf("have %d, want %d, dirty %v, %v", have, want, dirty, err)
	}
	expect(t, migrate.Check(t.Context(), url), "run `iom migrate`")
	expect(t, migrate.Check(t.Context(), "postgres://nobody@/none?host=/nowhere"), "cannot be reached")
}

func expect(t *testing.T, err error, says string) {
	t.Helper()
	switch {
	case says == "" && err != nil:
		t.Errorf("refused: %v", err)
	case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
		t.Errorf("the error should say %q: %v", says, err)
	}
}

// Every step down undoes its step up, back to nothing, and the way up is open again.
func TestTheWayDownAndUpAgain(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).URL(migrate.Migrate)
	if err := migrate.DownFrom(t.Context(), url, migrations.FS); err != nil {
		t.Fatal(err)
	}
	const left = `SELECT coalesce(string_agg(name, ', '), '') FROM (
		SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
		UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
			(SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')) AS object WHERE name <> 'schema_migrations'`
	if got := ask[string](t, url, left); got != "" {
		t.Errorf("the steps down leave %s", got)
	}
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Error(err)
	}
}
