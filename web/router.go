// Package web is the pages of the product: every address on one screen
// (routes.go), and the one way in which a request comes to its handler.
package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/web/page"
	"iom/web/static"
)

// Route is one address: who may ask, and which legal operation it is. There is
// no way to add an address without them.
type Route struct {
	Method     string
	Pattern    string
	Permission authz.Permission // empty on the short list of public pages
	Operation  audit.Operation
	handler    page.Handler
	watched    bool // asked for by a page itself: no use of the session
}

// router gathers the routes and makes the handler of all of them.
type router struct {
	routes []Route
}

func (r *router) get(pattern string, p authz.Permission, op audit.Operation, h page.Handler) {
	r.routes = append(r.routes, Route{http.MethodGet, pattern, p, op, h, false})
}

// watch adds what an open page asks for by itself, when it is told of a change: it
// does not keep the session alive.
func (r *router) watch(pattern string, p authz.Permission, op audit.Operation, h page.Handler) {
	r.routes = append(r.routes, Route{http.MethodGet, pattern, p, op, h, true})
}

func (r *router) post(pattern string, p authz.Permission, op audit.Operation, h page.Handler) {
	r.routes = append(r.routes, Route{http.MethodPost, pattern, p, op, h, false})
}

// public adds a page that needs no signing in. Its list is a golden file.
func (r *router) public(method, pattern string, h page.Handler) {
	r.routes = append(r.routes, Route{method, pattern, "", audit.None, h, false})
}

// Routes lists every address, for the start-up check and for the tests.
func Routes() []Route {
	var r router
	addRoutes(&r)
	return r.routes
}

// check refuses a route that says too little about itself.
func check(routes []Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		name := r.Method + " " + r.Pattern
		switch {
		case r.handler == nil:
			return fmt.Errorf("route %s has no handler", name)
		case r.Operation == "":
			return fmt.Errorf("route %s declares no legal operation", name)
		case r.Permission == "" && r.Operation != audit.None:
			return fmt.Errorf("route %s declares no permission", name)
		case r.Permission == "" && !slices.Contains(publicRoutes, name):
			return fmt.Errorf("route %s is not on the list of public pages", name)
		case seen[name]:
			return fmt.Errorf("route %s is there twice", name)
		}
		seen[name] = true
	}
	return nil
}

// Handler serves the product. It fails when a route says too little about itself.
func Handler(app page.App) (http.Handler, error) {
	routes := Routes()
	if err := check(routes); err != nil {
		return nil, err
	}
	return handler(app, routes), nil
}

func handler(app page.App, routes []Route) http.Handler {
	pages := chi.NewRouter()
	for _, r := range routes {
		name := r.Method + " " + r.Pattern
		if r.Permission == "" {
			pages.Method(r.Method, r.Pattern, app.Public(name, r.handler))
			if r.Method == http.MethodGet {
				pages.Method(http.MethodHead, r.Pattern, app.Public(name, r.handler))
			}
			continue
		}
		signed := app.Signed(name, r.Permission, r.handler)
		if r.watched {
			signed = app.Watched(name, r.Permission, r.handler)
		}
		pages.Method(r.Method, r.Pattern, signed)
		if r.Method == http.MethodGet {
			pages.Method(http.MethodHead, r.Pattern, signed)
		}
	}
	// An address that leads nowhere asks for signing in first, as every other does.
	pages.NotFound(app.Signed("GET *", authz.Anyone, page.NotFound))
	pages.MethodNotAllowed(app.Signed("GET *", authz.Anyone, func(c *page.Ctx) error { return c.NotAllowed(methodsAt(pages, c.R.URL.Path)) }))

	root := http.NewServeMux()
	root.Handle("/static/", static.Handler())
	root.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") })
	root.HandleFunc("GET /readyz", ready(app))
	root.Handle("/", http.NewCrossOriginProtection().Handler(app.Sessions.Wrap(pages)))
	return page.Hardened(root)
}

// methodsAt are those that an address knows.
func methodsAt(pages *chi.Mux, path string) []string {
	var known []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		if pages.Match(chi.NewRouteContext(), method, path) {
			known = append(known, method)
		}
	}
	return known
}

// ready says whether requests can be answered now.
func ready(app page.App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := app.DB.Ready(r.Context()); err != nil {
			plain(w, http.StatusServiceUnavailable, "the database cannot be reached\n")
			return
		}
		plain(w, http.StatusOK, "ready\n")
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the caller has gone: nothing to do
}

// Server is an HTTP server with limits on every phase, so that a slow or silent
// client holds nothing for long.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// String is the line of a route in the golden list.
func (r Route) String() string {
	permission := string(r.Permission)
	if permission == "" {
		permission = "public"
	}
	return strings.Join([]string{r.Method, r.Pattern, permission, string(r.Operation)}, "\t")
}
