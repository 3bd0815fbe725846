// Package migrate brings a database to the schema of this build, and prepares a PostgreSQL server for it.
//
// Bootstrap, run once by a superuser, makes the roles and the database. Up, run by iom_migrate at every release, applies
// the migrations that are missing. Check is what the service asks before it serves.
package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	driver "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx/v5" of database/sql, which golang-migrate works through

	"iom/migrations"
)

// table is where golang-migrate keeps the number of the schema.
const table = "schema_migrations"

// lockTimeout is how long a process waits while another one migrates the same database.
const lockTimeout = 30 * time.Minute

// Up applies every migration that the database lacks, as the role in the address. Of two processes that start at once
// one does the work and the other waits for it.
//
// A migration that fails leaves nothing behind, as each is one transaction, and the database keeps its earlier version:
// mend what stands in the way and run it again. A cancelled context stops Up between two migrations.
func Up(ctx context.Context, url string) error {
	return up(ctx, url, migrations.FS)
}

func up(ctx context.Context, url string, files fs.FS) (err error) {
	steps, err := iofs.New(files, ".")
	if err != nil {
		return fmt.Errorf("the migrations cannot be read: %w", err)
	}
	pool, err := sql.Open("pgx/v5", url)
	if err != nil {
		return fmt.Errorf("the address of the database for migrations is wrong: %w", err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("the database cannot be reached; start it, or mend its address: %w", err)
	}
	target, err := driver.WithInstance(pool, &driver.Config{MigrationsTable: table})
	if err != nil {
		return fmt.Errorf("the database cannot be prepared for migrations: %w", err)
	}
	runner, err := migrate.NewWithInstance("embedded", steps, "postgres", target)
	if err != nil {
		return errors.Join(err, target.Close())
	}
	runner.LockTimeout = lockTimeout
	defer func() {
		sourceErr, targetErr := runner.Close()
		err = errors.Join(err, sourceErr, targetErr)
	}()
	if err := run(ctx, runner, steps); err != nil {
		return err
	}
	return readable(ctx, pool)
}

// readable lets those who check the version read it, which no migration could grant before it is there. Processes that
// come here at once take turns: PostgreSQL refuses to change one table's rights in two transactions at the same time.
func readable(ctx context.Context, pool *sql.DB) (err error) {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for _, statement := range []string{
		"SELECT pg_advisory_xact_lock(hashtext('" + table + ": rights'))",
		"GRANT SELECT ON " + table + " TO iom_app, iom_jobs, iom_backup",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// run applies the steps. After a failure it puts the version back, as the failed step was rolled back whole.
func run(ctx context.Context, runner *migrate.Migrate, steps source.Driver) error {
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-ctx.Done():
			runner.GracefulStop <- true
		case <-finished:
		}
	}()
	err := runner.Up()
	var failed database.Error // of a statement, as opposed to *database.Error; it does not unwrap
	var dirty migrate.ErrDirty
	switch {
	case err == nil, errors.Is(err, migrate.ErrNoChange):
		return context.Cause(ctx)
	case errors.As(err, &dirty):
		return dirtyError(uint(dirty.Version))
	case errors.As(err, &failed) && errors.As(failed.OrigErr, new(*pgconn.PgError)):
		version, _, versionErr := runner.Version()
		if versionErr != nil {
			return errors.Join(err, versionErr)
		}
		return errors.Join(fmt.Errorf("migration %d failed and was rolled back: %w", version, err),
			restore(runner, steps, version))
	default:
		return fmt.Errorf("the database cannot be migrated: %w", err)
	}
}

// restore sets the version to the one before the step that failed.
func restore(runner *migrate.Migrate, steps source.Driver, failed uint) error {
	before, err := steps.Prev(failed)
	if errors.Is(err, fs.ErrNotExist) {
		return runner.Force(-1) // golang-migrate's number for an empty database
	}
	if err != nil {
		return err
	}
	return runner.Force(int(before))
}

func dirtyError(version uint) error {
	return fmt.Errorf("migration %d was interrupted: look whether its changes are in the database, then have the owner "+
		"run `UPDATE %s SET dirty = false` if they are, or also set version = %d if they are not", version, table, version-1)
}

// Version is the version that the database has, 0 when it is empty, and the one that this build wants. Dirty means that
// the process was killed in the middle of a migration. The role in the address needs only to read schema_migrations.
func Version(ctx context.Context, url string) (have, want uint, dirty bool, err error) {
	want = migrations.Latest()
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, want, false, fmt.Errorf("the database cannot be reached; start it, or mend its address: %w", err)
	}
	defer func() { err = errors.Join(err, connection.Close(ctx)) }()
	err = connection.QueryRow(ctx, "SELECT version, dirty FROM "+table).Scan(&have, &dirty)
	var refused *pgconn.PgError
	if errors.Is(err, pgx.ErrNoRows) || errors.As(err, &refused) && refused.Code == "42P01" { // undefined_table
		return 0, want, false, nil
	}
	if err != nil {
		return 0, want, false, fmt.Errorf("the version of the database cannot be read: %w", err)
	}
	return have, want, dirty, nil
}

// Check is nil when the database has the schema of this build. Otherwise it says in one line what to do.
func Check(ctx context.Context, url string) error {
	have, want, dirty, err := Version(ctx, url)
	switch {
	case err != nil:
		return err
	case dirty:
		return dirtyError(have)
	case have < want:
		return fmt.Errorf("the database is at version %d and this build needs %d: run `iom migrate` first", have, want)
	case have > want:
		return fmt.Errorf("the database is at version %d and this build knows only %d: install the newer build", have, want)
	}
	return nil
}
