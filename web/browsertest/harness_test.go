package browsertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"iom/web/browsertest"
)

// told takes what a test would have failed with.
type told struct {
	testing.TB
	said []string
}

func (r *told) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// The harness must notice what it is there for: a page that breaks its own policy,
// has an error in a script, or keeps somebody out.
func TestTheBrowserNoticesFaults(t *testing.T) {
	t.Parallel()
	const good = `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>%s</main></body></html>`
	pages := map[string]string{
		"/good":   `<form method="post" action="/sent"><label for="a">Name</label><input id="a" name="name"><button>Send</button></form>`,
		"/policy": `<p>One</p><script>document.title = "x"</script>`,
		"/error":  `<p>One</p><script nonce="n">undefined.nothing()</script>`,
		"/axe":    `<img src="/good"><p>One</p><input name="nameless">`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-n'; img-src 'self'; form-action 'self'")
		switch {
		case r.URL.Path == "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
		case r.URL.Path == "/sent":
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = fmt.Fprintf(w, good, "<p>You typed: "+r.FormValue("name")+"</p>")
		default:
			_, _ = fmt.Fprintf(w, good, pages[r.URL.Path])
		}
	}))
	t.Cleanup(server.Close)
	for path, want := range map[string]string{"/good": "", "/policy": "Content Security Policy", "/error": "undefined", "/axe": "label"} {
		r := &told{TB: t}
		tab := browsertest.Open(r, server.URL).Go(path)
		said := strings.Join(r.said, "\n")
		if (want == "") != (said == "") || !strings.Contains(said, want) {
			t.Errorf("%s: the harness says %q, want something with %q", path, said, want)
		}
		if path == "/good" {
			tab.Fill("name", "Joe Bloggs").Press("Send").Has("You typed: Joe Bloggs")
			if tab.Status() != http.StatusUnprocessableEntity || tab.Path() != "/sent" || len(r.said) > 0 {
				t.Errorf("after sending: %s, status %d, %q", tab.Path(), tab.Status(), r.said)
			}
		}
	}
}
