package migrate_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
	"iom/internal/platform/testdb"
)

// ownServer is a server apart from the one that all packages share, for tests that change what concerns a whole server.
// Making one takes a second, so that these tests have it in common.
var ownServer = sync.OnceValues(func() (*pgserver.Server, error) {
	var err error
	if ownDir, err = os.MkdirTemp("", "migrate-test-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(ownDir, 0o711); err != nil {
		return nil, err
	}
	return pgserver.Start(context.Background(), pgserver.Options{Dir: filepath.Join(ownDir, "pg"), NoFsync: true})
})

var ownDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if ownDir != "" {
		if server, err := ownServer(); err == nil {
			_ = server.Stop()
		}
		os.RemoveAll(ownDir)
	}
	os.Exit(code)
}

func own(t *testing.T) (*pgserver.Server, string) {
	t.Helper()
	server, err := ownServer()
	if err != nil {
		t.Fatal(err)
	}
	return server, server.URL("postgres", pgserver.Superuser)
}

// What house.md says of the roles, as the catalogue shows it: who signs in, and that nobody stands above the policies.
func TestBootstrapMakesTheRoles(t *testing.T) {
	t.Parallel()
	connection := connect(t, testdb.NewEmpty(t).URL(testdb.Superuser))
	rows, err := connection.Query(t.Context(), `SELECT format('%s %s %s', rolname,
		CASE WHEN rolcanlogin THEN 'login' ELSE 'nologin' END,
		CASE WHEN rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication THEN 'POWER' ELSE 'plain' END)
		FROM pg_roles WHERE starts_with(rolname, 'iom_') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"iom_app login plain", "iom_auditor login plain", "iom_backup login plain", "iom_finder nologin plain",
		"iom_jobs login plain", "iom_migrate login plain", "iom_owner nologin plain", "iom_sealer login plain",
		"iom_sessions login plain",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the roles are\n%v", strings.Join(got, "\n"))
	}
}

// Only iom_migrate works as the owner; the rest can neither become it nor make anything.
func TestOnlyMigrateIsTheOwner(t *testing.T) {
	t.Parallel()
	database := testdb.NewEmpty(t)
	for _, role := range migrate.Logins() {
		connection := connect(t, database.URL(role))
		_, err := connection.Exec(t.Context(), "SET ROLE iom_owner; CREATE TABLE made_by_"+role+" (n int)")
		if (err == nil) != (role == migrate.Migrate) {
			t.Errorf("%s as the owner: %v", role, err)
		}
		_, err = connection.Exec(t.Context(), "RESET ROLE; CREATE TABLE public.own_"+role+" (n int)")
		if (err == nil) != (role == migrate.Migrate) {
			t.Errorf("%s making a table: %v", role, err)
		}
	}
}

func TestRolesOutsideTheListCannotConnect(t *testing.T) {
	t.Parallel()
	server, super := own(t)
	if err := migrate.Bootstrap(t.Context(), super, "closed"); err != nil {
		t.Fatal(err)
	}
	do(t, super, "CREATE ROLE stranger LOGIN")
	if connection, err := pgx.Connect(t.Context(), server.URL("closed", "stranger")); err == nil {
		connection.Close(t.Context())
		t.Error("a role of another application can connect")
	}
}

// Several at once, and again later, with a database name that needs quoting.
func TestBootstrapCanBeRepeated(t *testing.T) {
	t.Parallel()
	_, super := own(t)
	const name = `o'ne "odd" name`
	var together sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		together.Go(func() { errs[i] = migrate.Bootstrap(t.Context(), super, name) })
	}
	together.Wait()
	errs = append(errs, migrate.Bootstrap(t.Context(), super, name))
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	// Not while another test is at the roles, hence the lock.
	do(t, super, "SELECT pg_advisory_xact_lock(7234001); ALTER ROLE iom_sealer SUPERUSER; GRANT iom_owner TO iom_sealer")
	if err := migrate.Bootstrap(t.Context(), super, name); err != nil {
		t.Fatal(err)
	}
	if ask[bool](t, super, "SELECT rolsuper FROM pg_roles WHERE rolname = 'iom_sealer'") {
		t.Error("a role that had been made a superuser still is one")
	}
	if ask[bool](t, super, "SELECT pg_has_role('iom_sealer', 'iom_owner', 'MEMBER')") {
		t.Error("a role that had been let work as the owner still may")
	}
	if !ask[bool](t, super, "SELECT pg_has_role('iom_migrate', 'iom_owner', 'MEMBER')") {
		t.Error("iom_migrate may no longer work as the owner")
	}
}

// The script for psql makes what Bootstrap makes: the migrations run on either.
func TestTheScriptDoesTheSame(t *testing.T) {
	t.Parallel()
	server, super := own(t)
	script := filepath.Join(t.TempDir(), "bootstrap.sql")
	if err := os.WriteFile(script, []byte(migrate.BootstrapSQL("casework")), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		psql := exec.Command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, "-d", super)
		if output, err := psql.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	if err := migrate.Up(t.Context(), server.URL("casework", migrate.Migrate)); err != nil {
		t.Error(err)
	}
	if err := migrate.Check(t.Context(), server.URL("casework", migrate.App)); err != nil {
		t.Error(err)
	}
}

// The server asks for passwords here, and takes exactly the one that was set.
func TestPasswordsAreSetWithoutBeingSent(t *testing.T) {
	t.Parallel()
	server, super := own(t)
	const secret = `fifteen 'or" \more$`
	if err := migrate.Bootstrap(t.Context(), super, "locked", migrate.Password{Role: migrate.App, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	rules := "local locked iom_app scram-sha-256\nlocal all all trust\n"
	if err := os.WriteFile(filepath.Join(ownDir, "pg", "data", "pg_hba.conf"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, super, "SELECT pg_reload_conf()")
	config, err := pgx.ParseConfig(server.URL("locked", migrate.App))
	if err != nil {
		t.Fatal(err)
	}
	for password, right := range map[string]bool{secret: true, secret + "x": false} {
		config.Password = password
		connection, err := pgconn.ConnectConfig(t.Context(), &config.Config)
		if (err == nil) != right {
			t.Errorf("the password %q: %v", password, err)
		}
		if err == nil {
			connection.Close(t.Context())
		}
	}
}

func TestPasswordsThatWillNotDo(t *testing.T) {
	t.Parallel()
	url := testdb.NewEmpty(t).URL(testdb.Superuser)
	for _, password := range []migrate.Password{
		{Role: migrate.App, Secret: "only fourteen!"},
		{Role: migrate.App, Secret: "café and something more"},
		{Role: migrate.Owner, Secret: "the owner does not sign in"},
		{Role: "postgres", Secret: "the superuser is not ours"},
	} {
		if err := migrate.Bootstrap(t.Context(), url, "unused", password); err == nil {
			t.Errorf("%v is accepted", password)
		}
	}
	if ask[bool](t, url, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'unused')") {
		t.Error("a database was made all the same")
	}
}
