package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/custody"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
)

// scheme is what the measured databases have in common: the accounts that ask.
type scheme struct {
	Coordinator, Worker ref.AccountID
	Leaves              []ref.AreaID
	Workers             []ref.AccountID
	Agencies            []ref.AgencyID // of each worker
	Listed, Past        int            // people
}

var (
	families = strings.Fields(`Abery Ambleton Barlby Bexhurst Brindle Calloway Chidwick Copsale Dallow Denslow Eastry Elmhurst Farrant Fenwold
		Garside Glynde Hadlow Halstow Hurstan Ickley Jarvist Kestle Kirdwell Lambry Lodsworth Marlow Mayhew Netley Newick Oakhurst Ormby
		Pagham Pevensby Quillan Ravensby Ringmore Saltdean Selham Telscombe Thakeham Upwell Verrall Wadhurst Warnham Yapton Zeal`)
	givenNames = strings.Fields(`Aaron Abigail Adam Amir Ben Bethany Callum Carl Chantelle Connor Craig Daniel Darren Dean Emma Farid Gareth
		Gemma Hassan Ian Jade Jamie Jason Jordan Kai Karl Kayleigh Kieran Lee Leon Liam Lisa Luke Marcus Megan Nathan Oliver Paul Rhys
		Ryan Sam Scott Sean Shane Stacey Stephen Tariq Tyler Wayne Zac`)
)

// makeScheme makes areas, agencies and accounts by the real commands.
func makeScheme(ctx context.Context, d *db.DB) (s scheme, err error) {
	_, err = db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := custody.LoadPrisons(ctx, tx); err != nil {
			return false, err
		}
		force, err := area.Insert(ctx, tx, area.New{Kind: area.Force, Name: "The force"})
		if err != nil {
			return false, err
		}
		for i := range 6 {
			leaf, err := area.Insert(ctx, tx, area.New{Parent: force, Kind: area.Plain, Name: fmt.Sprintf("Area %d", i+1)})
			if err != nil {
				return false, err
			}
			s.Leaves = append(s.Leaves, leaf)
		}
		for _, g := range area.PrintedGroups {
			if _, err := area.InsertPriorityGroup(ctx, tx, force, g.Name, g.Short); err != nil {
				return false, err
			}
		}
		return true, s.people(ctx, tx, force)
	})
	return s, err
}

func (s *scheme) people(ctx context.Context, tx *db.Tx, force ref.AreaID) error {
	var all []ref.AgencyID
	for i, kind := range []string{"police", "probation", "council", "substance misuse", "housing", "youth"} {
		id, err := agency.Insert(ctx, tx, agency.New{Name: fmt.Sprintf("Agency %d", i+1), Kind: kind, From: clock.NewDate(2015, 1, 1)})
		if err != nil {
			return err
		}
		all = append(all, id)
	}
	join := func(n int, role authz.Role, of ref.AgencyID, at ref.AreaID) (ref.AccountID, error) {
		id, err := account.Insert(ctx, tx, account.New{Username: fmt.Sprintf("worker%d", n), Name: givenNames[n%len(givenNames)] + " " + families[n%len(families)]})
		if err != nil {
			return 0, err
		}
		_, err = account.InsertGrant(ctx, tx, account.NewGrant{Account: id, Role: role, Agency: of, Area: at})
		return id, err
	}
	for n := range 60 {
		role, of := authz.Partner, all[2+n%4]
		switch n % 3 {
		case 0:
			role, of = authz.Police, all[0]
		case 1:
			role, of = authz.Probation, all[1]
		}
		id, err := join(n, role, of, s.Leaves[n%len(s.Leaves)])
		if err != nil {
			return err
		}
		s.Workers, s.Agencies = append(s.Workers, id), append(s.Agencies, of)
	}
	var err error
	s.Worker = s.Workers[0]
	s.Coordinator, err = join(len(s.Workers), authz.Coordinator, all[1], force)
	return err
}

//go:embed people.sql
var peopleSQL string

// populate writes the people numbered first to last, registered now or in the past.
func (s scheme) populate(ctx context.Context, url string, first, last int, past bool) error {
	if last < first {
		return nil
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	script := strings.NewReplacer(":first", strconv.Itoa(first), ":last", strconv.Itoa(last), ":past", strconv.FormatBool(past),
		":areas", literal(s.Leaves), ":workers", literal(s.Workers), ":agencies", literal(s.Agencies),
		":families", literal(families), ":given", literal(givenNames)).Replace(peopleSQL)
	// Foreign keys are not asked, and nobody waits for the disk: these rows are made up.
	for _, sql := range []string{`SET session_replication_role = replica`, `SET synchronous_commit = off`, `SET work_mem = '64MB'`, `SET timezone = 'Europe/London'`,
		`INSERT INTO meeting (area_id, kind, held_on, starts, place, chair_id, recorded_at, recorded_by)
			SELECT 1, 'referral and operational', current_date - 28 * n, '10:00', 'The office', 1, current_date - 28 * n, 1 FROM generate_series(1, 100) n
			WHERE NOT EXISTS (SELECT FROM meeting)`,
		"BEGIN;" + script + ";COMMIT"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("bench: the people cannot be made: %w", err)
		}
	}
	return nil
}

// settle does what autovacuum does in time: statistics for the planner, and the
// pending entries of the indexes merged.
func settle(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, `VACUUM ANALYZE`)
	return err
}

// literal is a list as an array constant of SQL.
func literal[T any](all []T) string {
	parts := make([]string, len(all))
	for i, v := range all {
		parts[i] = fmt.Sprint(v)
	}
	return `'{` + strings.Join(parts, ",") + `}'`
}

// databases makes the two that are compared, the same people on the list, without
// and with a past; or takes those that an earlier run left in the folder.
func databases(ctx context.Context, server *pgserver.Server, dir string, listed, past int) (s scheme, err error) {
	kept := filepath.Join(dir, "scheme.json")
	if content, err := os.ReadFile(kept); err == nil {
		return s, json.Unmarshal(content, &s)
	}
	if s, err = newDatabases(ctx, server, listed, past); err != nil {
		return s, err
	}
	content, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	return s, os.WriteFile(kept, content, 0o600)
}

func newDatabases(ctx context.Context, server *pgserver.Server, listed, past int) (s scheme, err error) {
	if err := migrate.Bootstrap(ctx, server.URL("postgres", pgserver.Superuser), without); err != nil {
		return s, err
	}
	if err := migrate.Up(ctx, server.URL(without, migrate.Migrate)); err != nil {
		return s, err
	}
	if s, err = onTheList(ctx, server, listed); err != nil {
		return s, err
	}
	s.Listed, s.Past = listed, past
	return s, withPast(ctx, server, s, listed, past)
}

// onTheList makes the scheme and everybody who is registered now.
func onTheList(ctx context.Context, server *pgserver.Server, listed int) (s scheme, err error) {
	d, err := db.Open(ctx, db.Options{URL: server.URL(without, migrate.App), Summarise: livelist.Refresh})
	if err != nil {
		return s, err
	}
	defer d.Close()
	if s, err = makeScheme(ctx, d); err != nil {
		return s, err
	}
	super := server.URL(without, pgserver.Superuser)
	if err := s.populate(ctx, super, 1, listed, false); err != nil {
		return s, err
	}
	if err := settle(ctx, super); err != nil {
		return s, err
	}
	rows, err := livelist.Rebuild(ctx, d)
	if err == nil && rows != listed {
		err = fmt.Errorf("bench: %d people are on the list, not %d", rows, listed)
	}
	return s, err
}

func withPast(ctx context.Context, server *pgserver.Server, s scheme, listed, past int) error {
	conn, err := pgx.Connect(ctx, server.URL("postgres", pgserver.Superuser))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+with+` TEMPLATE `+without); err != nil {
		return err
	}
	if err := migrate.Bootstrap(ctx, server.URL("postgres", pgserver.Superuser), with); err != nil {
		return err
	}
	if err := s.populate(ctx, server.URL(with, pgserver.Superuser), listed+1, listed+past, true); err != nil {
		return err
	}
	for _, name := range []string{without, with} {
		if err := settle(ctx, server.URL(name, pgserver.Superuser)); err != nil {
			return err
		}
	}
	return nil
}
