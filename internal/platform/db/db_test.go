package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// bench is a database with one force, one area and one co-ordinator.
type bench struct {
	d       *db.DB
	raw     *pgx.Conn // the superuser's, to look behind the scenes
	account int64
	area    int64
	agency  int64
}

func open(t *testing.T) *bench {
	t.Helper()
	ctx := context.Background()
	database := testdb.New(t)
	raw, err := pgx.Connect(ctx, database.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{raw: raw}
	at := clock.NewManual(time.Date(2026, 6, 1, 9, 0, 0, 0, clock.London))
	for _, step := range []struct {
		sql  string
		into *int64
	}{
		{`INSERT INTO area (kind, name, recorded_at, recorded_by) VALUES ('force', 'Sussex', now(), 1) RETURNING id`, &b.area},
		{`INSERT INTO agency (name, kind, valid_from, recorded_at, recorded_by) VALUES ('Police', 'police', '2020-01-01', now(), 1) RETURNING id`, &b.agency},
		{`INSERT INTO account (kind, username, name, recorded_at, recorded_by) VALUES ('person', 'co', 'Co Ordinator', now(), 1) RETURNING id`, &b.account},
	} {
		if err := raw.QueryRow(ctx, step.sql).Scan(step.into); err != nil {
			t.Fatal(err)
		}
	}
	b.exec(t, `INSERT INTO access_grant (account_id, role, agency_id, area_id, valid_from, recorded_at, recorded_by)
		VALUES ($1, 'coordinator', $2, $3, '2020-01-01', now(), 1)`, b.account, b.agency, b.area)
	b.d, err = db.Open(ctx, db.Options{URL: database.URL(migrate.App), Clock: at, MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.d.Close(); _ = raw.Close(ctx) })
	return b
}

func (b *bench) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.raw.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) count(t *testing.T, sql string) (n int) {
	t.Helper()
	if err := b.raw.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bench) actor(t *testing.T) authz.Actor {
	t.Helper()
	s, err := b.d.StandingOf(context.Background(), b.account)
	if err != nil {
		t.Fatal(err)
	}
	return s.Actor
}

const setSetting = `INSERT INTO area_setting (area_id, key, value, recorded_at, recorded_by) VALUES ($1, 'k', $2, $3, $4)`

func (b *bench) set(value string, record bool) func(context.Context, *db.Tx) (string, error) {
	return func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := tx.Exec(ctx, setSetting, b.area, value, tx.Now(), b.account); err != nil {
			return "", err
		}
		if record {
			tx.Record(audit.Event{Operation: audit.Alter, Command: "setting.set", Area: b.area})
		}
		return value, nil
	}
}

func TestAWriteCommitsWithItsEventOrNotAtAll(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := context.Background()
	if _, err := db.Write(ctx, b.d, db.Once(b.account), b.set("unlogged", false)); err == nil {
		t.Error("a write without an event was accepted")
	}
	if n := b.count(t, `SELECT count(*) FROM area_setting`); n != 0 {
		t.Errorf("%d rows of an unlogged write are there", n)
	}
	if _, err := db.Write(ctx, b.d, db.Once(b.account), b.set("logged", true)); err != nil {
		t.Fatal(err)
	}
	if n := b.count(t, `SELECT count(*) FROM log_event WHERE command = 'setting.set' AND account_id = `+"(SELECT id FROM account WHERE username = 'co')"); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	// The log cannot be written: the write does not happen (security.md 40).
	b.exec(t, `REVOKE INSERT ON log_event FROM iom_app`)
	if _, err := db.Write(ctx, b.d, db.Once(b.account), b.set("log down", true)); err == nil {
		t.Error("a write went through with the log down")
	}
	if n := b.count(t, `SELECT count(*) FROM area_setting`); n != 1 {
		t.Errorf("%d rows, want the logged one alone", n)
	}
}

func TestAFormSentFiftyTimesAtOnceIsDoneOnce(t *testing.T) {
	t.Parallel()
	b := open(t)
	actor := b.actor(t)
	const key = "8f14e45f-ceea-4e0b-9b52-3d2c9d3f1a01"
	var wrong atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			got, err := db.Write(context.Background(), b.d, db.FromForm(actor, "POST /x", key, "r"), b.set("once", true))
			if err != nil || got != "once" {
				wrong.Add(1)
			}
		})
	}
	all.Wait()
	if n := wrong.Load(); n != 0 {
		t.Errorf("%d of 50 did not get the first result", n)
	}
	if n := b.count(t, `SELECT count(*) FROM area_setting`); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
	if n := b.count(t, `SELECT count(*) FROM log_event`); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func TestAFormThatWasRefusedCanBeSentAgain(t *testing.T) {
	t.Parallel()
	b := open(t)
	sub := db.FromForm(b.actor(t), "POST /x", "8f14e45f-ceea-4e0b-9b52-3d2c9d3f1a02", "r")
	refuse := func(context.Context, *db.Tx) (string, error) { return "", fault.Refuse("name", "", "Enter a name") }
	if _, err := db.Write(context.Background(), b.d, sub, refuse); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("got %v", err)
	}
	if got, err := db.Write(context.Background(), b.d, sub, b.set("second try", true)); err != nil || got != "second try" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestARevokedGrantBitesAtTheNextWrite(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.exec(t, `UPDATE access_grant SET revoked_at = now(), revoked_by = 1`)
	_, err := db.Write(context.Background(), b.d, db.Once(b.account), b.set("late", true))
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("got %v, want a refusal", err)
	}
	s, err := b.d.StandingOf(context.Background(), b.account)
	if err != nil || len(s.Actor.Grants) != 0 {
		t.Errorf("grants %v, %v", s.Actor.Grants, err)
	}
}

func TestAViewIsLoggedBeforeItsAnswer(t *testing.T) {
	t.Parallel()
	b := open(t)
	actor := b.actor(t)
	look := func(context.Context, *db.ReadTx) (string, audit.Seen, error) {
		return "a person", audit.Opened(int64(77), b.area), nil
	}
	if got, err := db.View(context.Background(), b.d, actor, "GET /nominals/{id}", look); err != nil || got != "a person" {
		t.Fatalf("got %q, %v", got, err)
	}
	if n := b.count(t, `SELECT count(*) FROM log_event WHERE operation = 'consult' AND nominals = '{77}' AND NOT listed`); n != 1 {
		t.Errorf("%d consultations, want 1", n)
	}
	b.exec(t, `REVOKE INSERT ON log_event FROM iom_app`)
	got, err := db.View(context.Background(), b.d, actor, "GET /nominals/{id}", look)
	if fault.KindOf(err) != fault.Unavailable || got != "" {
		t.Errorf("with the log down: %q, %v; want nothing and 503", got, err)
	}
}

func TestManyViewsAtOnceAreEachLogged(t *testing.T) {
	t.Parallel()
	b := open(t)
	actor := b.actor(t)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			_, _ = db.View(context.Background(), b.d, actor, "list", func(context.Context, *db.ReadTx) (int, audit.Seen, error) {
				return 0, audit.Listed([]int64{int64(i)}), nil
			})
		})
	}
	all.Wait()
	if n := b.count(t, `SELECT count(DISTINCT nominals) FROM log_event WHERE listed`); n != 200 {
		t.Errorf("%d of 200 views are in the log", n)
	}
}

func TestAViewCannotWrite(t *testing.T) {
	t.Parallel()
	b := open(t)
	_, err := db.View(context.Background(), b.d, b.actor(t), "x", func(ctx context.Context, q *db.ReadTx) (int, audit.Seen, error) {
		var id int
		err := q.QueryRow(ctx, setSetting+` RETURNING id`, b.area, "sneaked", q.Now(), b.account).Scan(&id)
		return id, audit.Nobody(), err
	})
	if err == nil || b.count(t, `SELECT count(*) FROM area_setting`) != 0 {
		t.Errorf("a view wrote: %v", err)
	}
}

func TestWithoutAnActorQueriesOfPeopleFail(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := context.Background()
	// An empty table never asks its policy, so each gets a row.
	b.exec(t, `INSERT INTO nominal (id, recorded_at, recorded_by) VALUES (7, now(), 1)`)
	b.exec(t, `INSERT INTO nominal_access (nominal_id, area_id, kind, starts, recorded_by) VALUES (7, $1, 'referral', now(), 1)`, b.area)
	b.exec(t, `INSERT INTO nominal_identity (nominal_id, family_name, source, recorded_at, recorded_by) VALUES (7, 'Doe', 'test', now(), 1)`)
	b.exec(t, `INSERT INTO log_event (at, account_id, operation, command) VALUES (now(), 1, 'consult', 'x')`)
	b.exec(t, `SET ROLE iom_app`)
	for _, table := range []string{"nominal", "nominal_access", "nominal_identity", "log_event"} {
		if _, err := b.raw.Exec(ctx, `SELECT count(*) FROM `+table); err == nil {
			t.Errorf("%s can be read without an actor", table)
		}
	}
}

func TestTheDatabaseDownIsUnavailableAndWritesNothing(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := context.Background()
	_, err := db.Write(ctx, b.d, db.Once(b.account), func(ctx context.Context, tx *db.Tx) (int, error) {
		if _, err := tx.Exec(ctx, setSetting, b.area, "half", tx.Now(), b.account); err != nil {
			return 0, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "x"})
		b.exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'iom_app' AND datname = current_database()`)
		return 1, nil
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	if n := b.count(t, `SELECT count(*) FROM area_setting`); n != 0 {
		t.Error("half a write is there")
	}
}

func TestAViewOfADatabaseThatEndsItIsUnavailable(t *testing.T) {
	t.Parallel()
	b := open(t)
	_, err := db.View(context.Background(), b.d, b.actor(t), "x", func(ctx context.Context, q *db.ReadTx) (int, audit.Seen, error) {
		b.exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'iom_app' AND datname = current_database()`)
		var one int
		err := q.QueryRow(ctx, `SELECT 1`).Scan(&one)
		return one, audit.Nobody(), err
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	if errors.Is(err, context.Canceled) {
		t.Error("a lost database is not the visitor going away")
	}
}
