package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// With the database gone a page says so, at 503, and nothing is half-written; when
// it is back the same session goes on.
func TestTheDatabaseDownIsAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	client := site.As(t, site.Account(authz.Coordinator, site.East))
	client.Get("/live-list").Must(http.StatusOK)
	form := client.Get("/referrals/new").Must(http.StatusOK).Form("")

	super, err := pgx.Connect(t.Context(), site.TestDB.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close(context.Background()) })
	exec := func(sql string) {
		t.Helper()
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(`REVOKE CONNECT ON DATABASE ` + site.TestDB.Name + ` FROM iom_app`)
	exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'iom_app' AND datname = current_database()`)

	for _, answer := range []*webtest.Answer{
		client.Get("/live-list"),
		client.Do(http.MethodPost, form.Action, form.Values, nil),
	} {
		answer.Must(http.StatusServiceUnavailable).Has("not available")
		if answer.Header.Get("Retry-After") == "" || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("the page that says so lacks its headers")
		}
	}
	if ready := client.Get("/readyz"); ready.Status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d", ready.Status)
	}
	client.Get("/healthz").Must(http.StatusOK)

	exec(`GRANT CONNECT ON DATABASE ` + site.TestDB.Name + ` TO iom_app`)
	client.Get("/live-list").Must(http.StatusOK)
}
