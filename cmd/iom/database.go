package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
)

// dbname is the database on a private cluster.
const dbname = "iom"

// addresses are those of one database for the roles that the product uses.
type addresses struct {
	app, sessions, migrate, auditor, jobs string
	server                                *pgserver.Server // private; nil when DATABASE_URL names one
}

// locate finds the database: the one that DATABASE_URL names, or the private
// cluster under the data folder, which it starts.
func locate(ctx context.Context, dir string, log *slog.Logger) (addresses, error) {
	if app := os.Getenv("DATABASE_URL"); app != "" {
		a := addresses{app: app, sessions: os.Getenv("SESSIONS_DATABASE_URL"), migrate: os.Getenv("MIGRATE_DATABASE_URL"),
			auditor: os.Getenv("AUDITOR_DATABASE_URL"), jobs: os.Getenv("JOBS_DATABASE_URL")}
		if a.sessions == "" {
			return a, errors.New("DATABASE_URL is set, so SESSIONS_DATABASE_URL must be set too: the address for the role iom_sessions")
		}
		return a, nil
	}
	if dir == "" {
		return addresses{}, errors.New("name a folder with --data, or set DATABASE_URL and SESSIONS_DATABASE_URL")
	}
	server, err := pgserver.Start(ctx, pgserver.Options{Dir: dir, Log: log})
	if err != nil {
		return addresses{}, err
	}
	if err := migrate.Bootstrap(ctx, server.URL("postgres", pgserver.Superuser), dbname); err != nil {
		return addresses{}, errors.Join(err, server.Stop())
	}
	return addresses{
		app:      server.URL(dbname, migrate.App),
		sessions: server.URL(dbname, migrate.Sessions),
		migrate:  server.URL(dbname, migrate.Migrate),
		auditor:  server.URL(dbname, migrate.Auditor),
		jobs:     server.URL(dbname, migrate.Jobs),
		server:   server,
	}, nil
}

// close stops the private cluster, if there is one.
func (a addresses) close() error {
	if a.server == nil {
		return nil
	}
	return a.server.Stop()
}

// open connects the application to its database, with the summary of the live
// list wired in.
func (a addresses) open(ctx context.Context, c clock.Clock) (*db.DB, error) {
	d, err := db.Open(ctx, db.Options{URL: a.app, Clock: c, Summarise: livelist.Refresh, SummariseLater: livelist.RefreshLater})
	if err != nil {
		return nil, fmt.Errorf("the database cannot be reached; check that it runs and that DATABASE_URL is right: %w", err)
	}
	return d, nil
}
