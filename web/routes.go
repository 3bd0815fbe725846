package web

import (
	"net/http"

	"iom/web/page"
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
	_ = http.MethodGet

	// Home, live list, search

	// Referrals

	// A person's page and facts

	// Registration and rating

	// Actions and plans

	// Meetings

	// Administration and the log
}

var _ page.Handler
