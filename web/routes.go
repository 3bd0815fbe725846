package web

import (
	"net/http"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/web/actionpage"
	"iom/web/adminpage"
	"iom/web/auditpage"
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
	r.get("/admin", authz.ManageAccounts, audit.None, adminpage.Index)
	r.get("/admin/accounts", authz.ManageAccounts, audit.None, adminpage.Accounts)
	r.get("/admin/accounts/new", authz.ManageAccounts, audit.None, adminpage.NewAccount)
	r.post("/admin/accounts/new", authz.ManageAccounts, audit.Collect, adminpage.MakeAccount)
	r.get("/admin/accounts/{id}", authz.ManageAccounts, audit.None, adminpage.Account)
	r.get("/admin/accounts/{id}/details", authz.ManageAccounts, audit.None, adminpage.Details)
	r.post("/admin/accounts/{id}/details", authz.ManageAccounts, audit.Alter, adminpage.SaveDetails)
	r.get("/admin/accounts/{id}/roles/new", authz.ManageAccounts, audit.None, adminpage.NewRole)
	r.post("/admin/accounts/{id}/roles/new", authz.ManageAccounts, audit.Alter, adminpage.GiveRole)
	r.get("/admin/accounts/{id}/roles/{grant}/end", authz.ManageAccounts, audit.None, adminpage.EndRole)
	r.post("/admin/accounts/{id}/roles/{grant}/end", authz.ManageAccounts, audit.Alter, adminpage.ConfirmEndRole)
	r.post("/admin/accounts/{id}/link", authz.ManageAccounts, audit.Alter, adminpage.MakeLink)
	r.get("/admin/accounts/{id}/disable", authz.ManageAccounts, audit.None, adminpage.Disable)
	r.post("/admin/accounts/{id}/disable", authz.ManageAccounts, audit.Alter, adminpage.ConfirmDisable)
	r.post("/admin/accounts/{id}/enable", authz.ManageAccounts, audit.Alter, adminpage.Enable)
	r.post("/admin/accounts/{id}/sign-out", authz.ManageAccounts, audit.Alter, adminpage.SignOutEverywhere)
	r.get("/admin/agencies", authz.ManageAccounts, audit.None, adminpage.Agencies)
	r.post("/admin/agencies", authz.ManageAccounts, audit.Collect, adminpage.AddAgency)
	r.get("/admin/agencies/{id}/end", authz.ManageAccounts, audit.None, adminpage.EndAgency)
	r.post("/admin/agencies/{id}/end", authz.ManageAccounts, audit.Alter, adminpage.ConfirmEndAgency)
	r.get("/admin/areas", authz.ManageAccounts, audit.None, adminpage.Areas)
	r.get("/admin/areas/new", authz.ManageAccounts, audit.None, adminpage.NewArea)
	r.post("/admin/areas/new", authz.ManageAccounts, audit.Collect, adminpage.AddArea)
	r.get("/admin/areas/{id}", authz.ManageAccounts, audit.None, adminpage.Area)
	r.post("/admin/areas/{id}", authz.ManageAccounts, audit.Alter, adminpage.Choose)
	r.post("/admin/areas/{id}/groups", authz.ManageAccounts, audit.Collect, adminpage.AddGroup)
	r.get("/admin/areas/{id}/groups/{group}/end", authz.ManageAccounts, audit.None, adminpage.EndGroup)
	r.post("/admin/areas/{id}/groups/{group}/end", authz.ManageAccounts, audit.Alter, adminpage.ConfirmEndGroup)
	r.get("/audit", authz.ReadLog, audit.Consult, auditpage.Show)
}

var _ page.Handler
