// Package static holds the built style sheet and scripts, embedded in the
// binary, and serves them under names that carry a hash of their content.
// What is built here by web/assets is not committed; without it the package
// still compiles, and Path gives the plain name.
package static

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is where Handler is mounted.
const Prefix = "/static/"

// forever is for names that change with their content: a year, which is the
// longest that the HTTP standard advises.
const forever = "public, max-age=31536000, immutable"

// The pattern takes every file but the Go sources: a name with a dot that is
// not followed by a g. An empty match would not compile, hence placeholder.txt.
//
//go:embed *.[^g]*
var built embed.FS

type file struct {
	body, zipped []byte
	kind         string
}

var load = sync.OnceValues(func() (map[string]string, map[string]file) {
	names, files, err := read(built)
	if err != nil {
		slog.Error("the built assets cannot be read", "error", err)
	}
	return names, files
})

// read takes the manifest (plain name to hashed name) and the files it names.
func read(from fs.FS) (map[string]string, map[string]file, error) {
	names, files := map[string]string{}, map[string]file{}
	manifest, err := fs.ReadFile(from, "manifest.json")
	if err != nil {
		// Not built: pages work without style and scripts.
		return names, files, nil
	}
	if err := json.Unmarshal(manifest, &names); err != nil {
		return names, files, err
	}
	for _, hashed := range names {
		body, err := fs.ReadFile(from, hashed)
		if err != nil {
			return names, files, err
		}
		files[hashed] = file{body, squeeze(body), mime.TypeByExtension(path.Ext(hashed))}
	}
	return names, files, nil
}

// squeeze compresses once, as small as it gets.
func squeeze(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(body) // a bytes.Buffer does not fail
	_ = z.Close()
	return b.Bytes()
}

// Path gives the address of a built file: Path("app.css") is
// "/static/app.1f2e3d4c5b.css".
func Path(name string) string {
	names, _ := load()
	if hashed, ok := names[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Handler serves the built files below Prefix, compressed where the browser
// takes it. Anything else is a bare 404: no listing, no other file.
func Handler() http.Handler {
	_, files := load()
	return serve(files)
}

func serve(files map[string]file) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Cache-Control", forever)
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		body := f.body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.zipped
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // the browser has gone: nothing to do
		}
	})
}
