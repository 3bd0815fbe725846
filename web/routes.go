package web

import (
	"net/http"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
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

	// Meetings

	// Administration and the log
}

var _ page.Handler
