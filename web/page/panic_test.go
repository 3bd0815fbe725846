package page_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"iom/web/page"
)

// A panic is a page with a number that the log knows, and says nothing of what
// went wrong; the process lives (security.md 39).
func TestAPanicIsAPageWithANumber(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := page.App{Log: slog.New(slog.NewTextHandler(&log, nil)), Insecure: true}
	handler := app.Public("GET /x", func(*page.Ctx) error { panic("the canary's name") })
	answer := httptest.NewRecorder()
	handler(answer, httptest.NewRequest(http.MethodGet, "/x", nil))

	if answer.Code != http.StatusInternalServerError {
		t.Errorf("status %d", answer.Code)
	}
	shown := answer.Body.String()
	if strings.Contains(shown, "canary") || strings.Contains(log.String(), "the canary") {
		t.Error("what the panic said is on the page or in the log")
	}
	_, rest, found := strings.Cut(log.String(), "request=")
	number, _, _ := strings.Cut(rest, " ")
	if !found || number == "" || !strings.Contains(shown, number) {
		t.Errorf("the page does not name the request %q of the log", number)
	}
	if answer.Header().Get("Content-Security-Policy") == "" {
		t.Error("no security policy on the page of a fault")
	}
}
