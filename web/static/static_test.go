package static

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built3() fstest.MapFS {
	return fstest.MapFS{
		"manifest.json":      {Data: []byte(`{"app.css": "app.0123456789.css", "app.js": "app.abcdef0123.js"}`)},
		"app.0123456789.css": {Data: []byte(strings.Repeat("body{margin:0}", 50))},
		"app.abcdef0123.js":  {Data: []byte("export {}")},
		"secret.txt":         {Data: []byte("not in the manifest")},
	}
}

func get(t *testing.T, method, path, accept string) *http.Response {
	t.Helper()
	_, files, err := read(built3())
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	serve(files).ServeHTTP(w, r)
	return w.Result()
}

func TestServedForeverUnderTheHashedName(t *testing.T) {
	t.Parallel()
	plain := get(t, http.MethodGet, "/static/app.0123456789.css", "")
	body, _ := io.ReadAll(plain.Body)
	if plain.StatusCode != 200 || len(body) != 700 {
		t.Errorf("%d, %d bytes", plain.StatusCode, len(body))
	}
	for name, want := range map[string]string{
		"Content-Type": "text/css; charset=utf-8", "Content-Length": "700", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", "Content-Encoding": "",
	} {
		if got := plain.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	small := get(t, http.MethodGet, "/static/app.0123456789.css", "gzip, br")
	if small.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed for a browser that takes it")
	}
	z, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unzipped, err := io.ReadAll(z); err != nil || string(unzipped) != string(body) {
		t.Errorf("compressed content differs: %v", err)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/static/", "/static/app.css", "/static/manifest.json", "/static/secret.txt", "/static/static.go", "/static/../static.go", "/static/app.0123456789.css/"} {
		if got := get(t, http.MethodGet, path, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := get(t, http.MethodPost, "/static/app.abcdef0123.js", ""); got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", got.StatusCode)
	}
	if got := get(t, http.MethodHead, "/static/app.abcdef0123.js", ""); got.StatusCode != 200 || got.Header.Get("Content-Length") != "9" {
		t.Errorf("HEAD: %d %s", got.StatusCode, got.Header.Get("Content-Length"))
	}
}

func TestManifestThatPromisesTooMuchIsAnError(t *testing.T) {
	t.Parallel()
	if _, _, err := read(fstest.MapFS{"manifest.json": {Data: []byte(`{"app.css": "app.gone.css"}`)}}); err == nil {
		t.Error("a missing file is not noticed")
	}
	if _, _, err := read(fstest.MapFS{"manifest.json": {Data: []byte(`{`)}}); err == nil {
		t.Error("a torn manifest is not noticed")
	}
	if names, files, err := read(fstest.MapFS{"placeholder.txt": {}}); err != nil || len(names)+len(files) != 0 {
		t.Errorf("without a build: %v %v %v", names, files, err)
	}
}

// TestSourcesAreNotEmbedded: the binary carries what was built, not this file.
func TestSourcesAreNotEmbedded(t *testing.T) {
	t.Parallel()
	entries, err := built.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			t.Errorf("%s is embedded", e.Name())
		}
	}
}
