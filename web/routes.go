package web

import (
	"net/http"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/web/actionpage"
	"iom/web/page"
	"iom/web/signinpage"
)

// publicRoutes need no signing in. With /healthz, /readyz and /static/ they are
// all that answers a stranger.
var publicRoutes = []string{
	"GET /sign-in",
	"POST /sign-in",
	"GET /set-password/{token}",
	"POST /set-password/{token}",
}

// addRoutes is every address of the product on one screen: method, pattern,
// permission, legal operation, handler.
func addRoutes(r *router) {
	// Signing in, one's own account
	r.public(http.MethodGet, "/sign-in", signinpage.Show)
	r.public(http.MethodPost, "/sign-in", signinpage.Submit)
	r.public(http.MethodGet, "/set-password/{token}", signinpage.SetPassword)
	r.public(http.MethodPost, "/set-password/{token}", signinpage.SavePassword)
	r.post("/sign-out", authz.Anyone, audit.None, signinpage.SignOut)
	r.get("/account", authz.Anyone, audit.None, signinpage.Account)
	r.post("/account", authz.Anyone, audit.None, signinpage.SaveAccount)
	r.get("/account/password", authz.Anyone, audit.None, signinpage.Password)
	r.post("/account/password", authz.Anyone, audit.None, signinpage.ChangePassword)

	// Home, live list, search

	// Referrals

	// A person's page and facts

	// Registration and rating

	// Actions and plans
	r.get("/actions", authz.ReadOwnCases, audit.Consult, actionpage.List)
	r.post("/actions", authz.SetOwnAction, audit.Alter, actionpage.Change)
	r.get("/actions/{id}", authz.ReadOwnCases, audit.Consult, actionpage.Show)
	r.post("/actions/{id}", authz.SetOwnAction, audit.Alter, actionpage.Update)
	r.get("/nominals/{id}/plan", authz.ReadOwnCases, audit.Consult, actionpage.Plan)
	r.get("/nominals/{id}/actions/new", authz.SetOwnAction, audit.Consult, actionpage.New)
	r.post("/nominals/{id}/actions/new", authz.SetOwnAction, audit.Collect, actionpage.Set)
	r.get("/nominals/{id}/objectives/new", authz.SetOwnAction, audit.Consult, actionpage.NewObjective)
	r.post("/nominals/{id}/objectives/new", authz.SetOwnAction, audit.Collect, actionpage.AddObjective)

	// Meetings

	// Administration and the log
}

var _ page.Handler
