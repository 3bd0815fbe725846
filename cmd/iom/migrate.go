package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"iom/internal/platform/migrate"
)

// runMigrate brings the database to the version of this build.
func runMigrate(ctx context.Context, args []string) (err error) {
	set := flags("migrate")
	dir := set.String("data", "", "folder of the private cluster; not needed when MIGRATE_DATABASE_URL is set")
	script := set.Bool("print-bootstrap", false, "print the SQL with which a superuser makes the roles and the database, and do nothing")
	if err := parse(set, args); err != nil {
		return err
	}
	if *script {
		fmt.Print(migrate.BootstrapSQL(dbname))
		return nil
	}
	where, err := locate(ctx, *dir, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, where.close()) }()
	if where.migrate == "" {
		return errors.New("set MIGRATE_DATABASE_URL: the address for the role iom_migrate")
	}
	if err := migrate.Up(ctx, where.migrate); err != nil {
		return err
	}
	have, _, _, err := migrate.Version(ctx, where.migrate)
	if err == nil {
		fmt.Printf("The database is at version %d.\n", have)
	}
	return err
}
