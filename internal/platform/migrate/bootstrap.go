package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The roles of the service. None is a superuser and none is outside row-level security: policies say what each may see,
// so that pg_dump as iom_backup has to be run with --enable-row-security.
const (
	Owner    = "iom_owner"    // owns everything; nobody signs in as it
	Migrate  = "iom_migrate"  // works as the owner, at releases
	App      = "iom_app"      // answers requests
	Jobs     = "iom_jobs"     // background work
	Sessions = "iom_sessions" // keeps the sessions of the signed-in
	Auditor  = "iom_auditor"  // reads the log
	Backup   = "iom_backup"   // reads everything, for pg_dump
	Sealer   = "iom_sealer"   // seals the log
	Finder   = "iom_finder"   // owns the few functions that look past row-level security; nobody signs in as it
)

// Logins are the roles that sign in.
func Logins() []string {
	return []string{Migrate, App, Jobs, Sessions, Auditor, Backup, Sealer}
}

// A Password is set for a role that signs in over the network. A private server needs none.
type Password struct {
	Role, Secret string
}

// Bootstrap makes the roles and the database where they are missing, and sets the passwords given. It may be run again
// at any time: attributes and memberships of the roles are then set to what they should be. The address is that of a superuser, in any
// database of the server.
func Bootstrap(ctx context.Context, superuserURL, dbname string, passwords ...Password) error {
	config, err := pgx.ParseConfig(superuserURL)
	if err != nil {
		return fmt.Errorf("the superuser's address is wrong: %w", err)
	}
	alter, err := passwordSQL(passwords)
	if err != nil {
		return err
	}
	if err := execute(ctx, config, rolesSQL+alter); err != nil {
		return fmt.Errorf("the roles cannot be made: %w", err)
	}
	if err := makeDatabase(ctx, config, dbname); err != nil {
		return fmt.Errorf("the database %s cannot be made: %w", dbname, err)
	}
	inside := config.Copy()
	inside.Database = dbname
	if err := execute(ctx, inside, databaseSQL(dbname)); err != nil {
		return fmt.Errorf("the database %s cannot be prepared: %w", dbname, err)
	}
	return nil
}

// BootstrapSQL is what Bootstrap does without passwords, as a script for psql, for a server whose superuser is somebody
// else. Passwords are set afterwards with \password.
func BootstrapSQL(dbname string) string {
	name := pgx.Identifier{dbname}.Sanitize()
	var script strings.Builder
	script.WriteString("-- Run once by a superuser: psql -v ON_ERROR_STOP=1 -d postgres -f THIS_FILE\n")
	script.WriteString("-- Running it again does no harm. Then give each role that signs in a password:\n")
	for _, role := range Logins() {
		script.WriteString("--   \\password " + role + "\n")
	}
	script.WriteString(rolesSQL)
	fmt.Fprintf(&script, "\nSELECT %s\n  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = %s) \\gexec\n",
		literal(createSQL(dbname)), literal(dbname))
	fmt.Fprintf(&script, "\\connect %s\n", name)
	script.WriteString(databaseSQL(dbname))
	return script.String()
}

// rolesSQL concerns the whole server. Several schemes on one server share the roles.
const rolesSQL = `
DO $$
DECLARE wanted text; extra record;
BEGIN
  PERFORM pg_advisory_xact_lock(7234001); -- of two at once both would find a role missing
  FOREACH wanted IN ARRAY ARRAY['iom_owner', 'iom_migrate', 'iom_app', 'iom_jobs', 'iom_sessions', 'iom_auditor',
                                'iom_backup', 'iom_sealer', 'iom_finder'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS %s', wanted,
      CASE WHEN wanted IN ('iom_owner', 'iom_finder') THEN 'NOLOGIN' ELSE 'LOGIN' END);
  END LOOP;
  FOR extra IN -- what somebody granted by hand
    SELECT above.rolname AS granted, ours.rolname AS member
    FROM pg_auth_members m JOIN pg_roles above ON above.oid = m.roleid JOIN pg_roles ours ON ours.oid = m.member
    WHERE starts_with(ours.rolname, 'iom_') AND (above.rolname, ours.rolname) NOT IN
      (('iom_owner', 'iom_migrate'), ('iom_finder', 'iom_owner'), ('pg_read_all_data', 'iom_backup')) LOOP
    EXECUTE format('REVOKE %I FROM %I', extra.granted, extra.member);
  END LOOP;
  GRANT iom_owner TO iom_migrate;
  GRANT iom_finder TO iom_owner; -- so that a migration can hand a function to it
  GRANT pg_read_all_data TO iom_backup; -- within what the policies let it see
  ALTER ROLE iom_migrate SET role = 'iom_owner';
  ALTER ROLE iom_backup SET default_transaction_read_only = on;
END $$;
`

// databaseSQL concerns one database and runs inside it. Nothing is open to everybody: not to connect, not to make
// temporary tables, not to see the schema.
func databaseSQL(dbname string) string {
	name := pgx.Identifier{dbname}.Sanitize()
	logins := strings.Join(Logins(), ", ")
	return fmt.Sprintf(`
SELECT FROM pg_advisory_xact_lock(7234001);
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO %s;
GRANT USAGE, CREATE ON SCHEMA public TO iom_finder; -- without CREATE no function can be handed to it
%s`, logins, accessSQL(name, logins))
}

// AccessSQL is the part of the preparation that a copy of a database does not inherit: who may connect.
func AccessSQL(dbname string) string {
	return accessSQL(pgx.Identifier{dbname}.Sanitize(), strings.Join(Logins(), ", "))
}

func accessSQL(name, logins string) string {
	return fmt.Sprintf("REVOKE ALL ON DATABASE %s FROM PUBLIC;\nGRANT CONNECT ON DATABASE %s TO %s;\n", name, name, logins)
}

func createSQL(dbname string) string {
	return fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING 'UTF8'", pgx.Identifier{dbname}.Sanitize(), Owner)
}

func makeDatabase(ctx context.Context, config *pgx.ConnConfig, dbname string) (err error) {
	connection, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close(ctx)) }()
	var made bool
	const query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
	if err := connection.QueryRow(ctx, query, dbname).Scan(&made); err != nil || made {
		return err
	}
	_, err = connection.Exec(ctx, createSQL(dbname))
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == "42P04" || refused.Code == "23505") {
		return nil // duplicate_database, unique_violation: another process made it meanwhile
	}
	return err
}

// execute runs statements that have no parameters, as one transaction.
func execute(ctx context.Context, config *pgx.ConnConfig, statements string) error {
	connection, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	_, err = connection.Exec(ctx, statements)
	return errors.Join(err, connection.Close(ctx))
}

func literal(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
