package migrate

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"

	"github.com/golang-migrate/migrate/v4"
	driver "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
)

// UpFrom is Up with other migrations.
var UpFrom = up

// DownFrom takes every step back. The application has no such command: it would destroy records.
func DownFrom(ctx context.Context, url string, files fs.FS) error {
	steps, err := iofs.New(files, ".")
	if err != nil {
		return err
	}
	pool, err := sql.Open("pgx/v5", url)
	if err != nil {
		return err
	}
	defer pool.Close()
	target, err := driver.WithInstance(pool, &driver.Config{MigrationsTable: table})
	if err != nil {
		return err
	}
	runner, err := migrate.NewWithInstance("embedded", steps, "postgres", target)
	if err != nil {
		return err
	}
	err = runner.Down()
	sourceErr, targetErr := runner.Close()
	return errors.Join(err, sourceErr, targetErr)
}
