package testdb_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
	"iom/migrations"
)

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

func number(t testing.TB, connection *pgx.Conn, query string, arguments ...any) int {
	t.Helper()
	var got int
	if err := connection.QueryRow(t.Context(), query, arguments...).Scan(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := testdb.New(t), testdb.New(t)
	first, second := connect(t, one.URL(migrate.Migrate)), connect(t, two.URL(migrate.Migrate))
	if _, err := first.Exec(t.Context(), "CREATE TABLE only_here (n int)"); err != nil {
		t.Fatal(err)
	}
	const query = "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"
	if here, there := number(t, first, query), number(t, second, query); here != 1 || there != 0 {
		t.Errorf("the table is %d times here and %d times there", here, there)
	}
}

func TestAllMigrationsAreApplied(t *testing.T) {
	t.Parallel()
	connection := connect(t, testdb.New(t).URL(migrate.App))
	if got := number(t, connection, "SELECT version FROM schema_migrations"); got != int(migrations.Latest()) {
		t.Errorf("the clone is at version %d of %d", got, migrations.Latest())
	}
}

func TestAnEmptyDatabaseHasNoTables(t *testing.T) {
	t.Parallel()
	connection := connect(t, testdb.NewEmpty(t).URL(migrate.Migrate))
	if got := number(t, connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); got != 0 {
		t.Errorf("it has %d tables", got)
	}
}

// A copy of a database inherits neither its owner nor who may connect; both are set again.
func TestACloneIsAsCloselyGuardedAsTheOriginal(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	super := connect(t, database.URL(testdb.Superuser))
	var owner string
	err := super.QueryRow(t.Context(),
		"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()").Scan(&owner)
	if err != nil || owner != migrate.Owner {
		t.Errorf("the owner is %q (%v)", owner, err)
	}
	app := connect(t, database.URL(migrate.App))
	if _, err := app.Exec(t.Context(), "CREATE TEMPORARY TABLE scratch (n int)"); err == nil {
		t.Error("the application can make temporary tables, which Bootstrap takes from everybody")
	}
}

func TestTheDatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("inner", func(t *testing.T) {
		database := testdb.New(t)
		name = database.Name
		// Still connected at the end: the database goes all the same.
		if _, err := pgx.Connect(t.Context(), database.URL(migrate.App)); err != nil {
			t.Fatal(err)
		}
	})
	super := connect(t, testdb.NewEmpty(t).URL(testdb.Superuser))
	if got := number(t, super, "SELECT count(*) FROM pg_database WHERE datname = $1", name); got != 0 {
		t.Errorf("the database %s is still there", name)
	}
}

// BenchmarkNew is the price that every test pays. The aim is under 60 ms.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		testdb.New(b)
	}
}
