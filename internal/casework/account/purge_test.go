package account_test

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/internal/platform/migrate"

	"github.com/jackc/pgx/v5"
)

// What signing in leaves behind goes 30 days after it has lost its use, and not a
// second before; and each time is in the log.
func TestThePurgeKeepsThirtyDays(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	raw, err := pgx.Connect(t.Context(), s.TestDB.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close(context.Background()) })
	edge := s.Clock.Now().Add(-30 * 24 * time.Hour)
	if _, err := raw.Exec(t.Context(), `DELETE FROM password_link_use`); err != nil {
		t.Fatal(err)
	}
	for what, at := range map[string]time.Time{"old": edge.Add(-time.Second), "young": edge} {
		if _, err := raw.Exec(t.Context(), `INSERT INTO sign_in_failure (username_hash, source, at) VALUES ($1, '', $2)`, what, at); err != nil {
			t.Fatal(err)
		}
		if _, err := raw.Exec(t.Context(), `WITH made AS (INSERT INTO password_link (account_id, token_hash, expires_at, recorded_at, recorded_by)
			VALUES (1, convert_to($1, 'UTF8'), $2, $2, 1) RETURNING id) INSERT INTO password_link_use (link_id, recorded_at) SELECT id, $2 FROM made`, what, at); err != nil {
			t.Fatal(err)
		}
	}
	d, err := db.Open(t.Context(), db.Options{URL: s.TestDB.URL(migrate.Jobs), Clock: s.Clock, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	who, err := d.BackgroundOf(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := account.PurgeOld(t.Context(), job.Task{DB: d, Actor: who.Actor}); err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{
		`SELECT string_agg(username_hash, ' ' ORDER BY 1) FROM sign_in_failure WHERE username_hash IN ('old', 'young')`:                                  "young",
		`SELECT string_agg(convert_from(token_hash, 'UTF8'), ' ') FROM password_link WHERE token_hash IN ('old', 'young')`:                               "young",
		`SELECT count(*)::text FROM password_link_use`:                                                                                                   "1",
		`SELECT count(*)::text FROM log_event WHERE operation = 'erase' AND command = 'account.purge' AND object IN ('sign-in tries', 'password links')`: "2",
	} {
		var got string
		if err := raw.QueryRow(t.Context(), what).Scan(&got); err != nil || got != want {
			t.Errorf("%s gives %q, want %q (%v)", what, got, want, err)
		}
	}
}
