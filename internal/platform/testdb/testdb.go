// Package testdb gives each test a PostgreSQL database of its own, with every migration applied, in a few milliseconds.
//
//	func TestSubmit(t *testing.T) {
//		t.Parallel()
//		database := testdb.New(t)
//		pool := open(t, database.URL(migrate.App))
//		…
//	}
//
// All test programs of one user share one private server (see keeper.go). The migrations are applied once to a template
// keyed by their hash, and New clones it. Nothing needs to be set up or started, and nothing is left running: the server
// stops by itself when no test has used it for two minutes. Its data is not durable, and lies in memory where there is
// room.
package testdb

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
	"iom/migrations"
)

// A DB is a database that belongs to one test and is dropped at its end, whoever is still connected.
type DB struct {
	// Name is the database's name on the shared server.
	Name string

	url string // the superuser's, in the database postgres
}

// patience bounds every step, so that a fault shows as a failed test and not as a hanging one. It is generous, since a
// busy machine is no fault.
const patience = 2 * time.Minute

// New clones the migrated database for a test.
func New(t testing.TB) *DB {
	t.Helper()
	return clone(t, templateName(migrations.Hash()))
}

// NewEmpty is a database as migrate.Bootstrap leaves it, with the roles and without any migration.
func NewEmpty(t testing.TB) *DB {
	t.Helper()
	return clone(t, emptyTemplate)
}

// URL is the address of the database for a role: one of package migrate's, or "postgres" for the superuser, who is not
// bound by row-level security and therefore proves nothing about it.
func (d *DB) URL(role string) string {
	return address(d.url).with(d.Name, role)
}

// shared is this process's hold on the server, made by the first test that asks.
var shared = sync.OnceValues(func() (*member, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	home, err := defaultHome()
	if err != nil {
		return nil, err
	}
	return home.join(ctx)
})

var sequence atomic.Int64

func clone(t testing.TB, template string) *DB {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	made := &DB{Name: databaseName(os.Getpid(), sequence.Add(1)), url: server.url}
	name := pgx.Identifier{made.Name}.Sanitize()
	// Copying files is several times quicker than the default of going through the write-ahead log.
	create := fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE %s STRATEGY file_copy", name, migrate.Owner,
		pgx.Identifier{template}.Sanitize())
	if _, err := server.pool.Exec(ctx, create); err != nil {
		t.Fatalf("testdb: the template cannot be cloned: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if _, err := server.pool.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("testdb: the database cannot be dropped: %v", err)
		}
	})
	if _, err := server.pool.Exec(ctx, migrate.AccessSQL(made.Name)); err != nil {
		t.Fatalf("testdb: the database cannot be prepared: %v", err)
	}
	return made
}

// Superuser is the role that URL takes for the superuser.
const Superuser = pgserver.Superuser
