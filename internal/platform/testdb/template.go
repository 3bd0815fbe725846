package testdb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
	"iom/migrations"
)

const (
	templatePrefix = "iomtemplate_"
	databasePrefix = "iomtest_"

	// emptyTemplate has roles and no migrations. It never changes, so it is never old.
	emptyTemplate = "iomempty"
)

func templateName(hash string) string {
	return templatePrefix + hash
}

// databaseName tells to which process a database belongs, so that those of a killed one can be removed.
func databaseName(process int, number int64) string {
	return fmt.Sprintf("%s%d_%d", databasePrefix, process, number)
}

// prepareTemplates makes what is missing and removes what nobody needs any more. The caller holds the lock start, so
// nobody else does the same at the same time.
func (m *member) prepareTemplates(ctx context.Context) error {
	if err := m.use(ctx, migrations.Hash()); err != nil {
		return err
	}
	if err := m.build(ctx, emptyTemplate, func(string) error { return nil }); err != nil {
		return err
	}
	err := m.build(ctx, templateName(migrations.Hash()), func(url string) error { return migrate.Up(ctx, url) })
	if err != nil {
		return err
	}
	return errors.Join(m.removeOldTemplates(ctx), m.removeOrphans(ctx))
}

// use marks the template as needed as long as this process lives: a session of its own holds a lock on its hash. Other
// programs with other migrations, perhaps of another working copy, may be running at the same time.
func (m *member) use(ctx context.Context, hash string) error {
	connection, err := pgx.Connect(ctx, m.url)
	if err != nil {
		return err
	}
	m.held = connection
	_, err = connection.Exec(ctx, "SELECT pg_advisory_lock_shared($1)", lockKey(hash))
	return err
}

func lockKey(hash string) int64 {
	number, err := strconv.ParseUint(hash, 16, 64)
	if err != nil {
		return 0 // not a hash of ours: all such share a lock
	}
	return int64(number)
}

// build makes a template unless it is there and complete, which shows in that nobody can connect to it any more:
// PostgreSQL refuses to clone a database while somebody is connected.
func (m *member) build(ctx context.Context, name string, fill func(url string) error) error {
	var complete bool
	const query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND NOT datallowconn)"
	if err := m.pool.QueryRow(ctx, query, name).Scan(&complete); err != nil || complete {
		return err
	}
	quoted := pgx.Identifier{name}.Sanitize()
	if _, err := m.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+quoted+" WITH (FORCE)"); err != nil {
		return err
	}
	if err := migrate.Bootstrap(ctx, m.url, name); err != nil {
		return err
	}
	if err := fill(address(m.url).with(name, migrate.Migrate)); err != nil {
		return err
	}
	_, err := m.pool.Exec(ctx, "ALTER DATABASE "+quoted+" ALLOW_CONNECTIONS false")
	return err
}

// removeOldTemplates drops the templates of other migrations that no living process uses.
func (m *member) removeOldTemplates(ctx context.Context) error {
	names, err := m.databases(ctx, templatePrefix)
	if err != nil {
		return err
	}
	for _, name := range names {
		hash := strings.TrimPrefix(name, templatePrefix)
		if hash == migrations.Hash() {
			continue
		}
		var free bool
		// The lock is that of the transaction of this one statement: it only asks. The lock start keeps newcomers out.
		if err := m.pool.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1)", lockKey(hash)).Scan(&free); err != nil {
			return err
		}
		if free {
			if err := m.drop(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

var owningProcess = regexp.MustCompile(`^` + databasePrefix + `(\d+)_\d+$`)

// removeOrphans drops the databases of test programs that were killed.
func (m *member) removeOrphans(ctx context.Context) error {
	names, err := m.databases(ctx, databasePrefix)
	if err != nil {
		return err
	}
	for _, name := range names {
		match := owningProcess.FindStringSubmatch(name)
		if match == nil {
			continue
		}
		process, _ := strconv.Atoi(match[1])
		if errors.Is(syscall.Kill(process, 0), syscall.ESRCH) {
			if err := m.drop(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *member) databases(ctx context.Context, prefix string) ([]string, error) {
	rows, err := m.pool.Query(ctx, "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)", prefix)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (m *member) drop(ctx context.Context, name string) error {
	_, err := m.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	return err
}
