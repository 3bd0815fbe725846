package web

import (
	"net/http"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/web/actionpage"
	"iom/web/adminpage"
	"iom/web/auditpage"
	"iom/web/contactpage"
	"iom/web/escalationpage"
	"iom/web/homepage"
	"iom/web/livelistpage"
	"iom/web/meetingpage"
	"iom/web/nominalpage"
	"iom/web/page"
	"iom/web/referralpage"
	"iom/web/registrationpage"
	"iom/web/searchpage"
	"iom/web/signinpage"
)

// publicRoutes need no signing in. With /healthz, /readyz and /static/ they are
// all that answers a stranger.
var publicRoutes = []string{
	"GET /sign-in",
	"POST /sign-in",
	"GET /set-password/{token}",
	"POST /set-password/{token}",
	"GET /calendar/{token}",
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
	r.public(http.MethodGet, "/calendar/{token}", meetingpage.Calendar)
	r.get("/account/calendar", authz.AttendMeetings, audit.None, meetingpage.AddressPage)
	r.post("/account/calendar", authz.AttendMeetings, audit.Alter, meetingpage.MakeAddress)
	r.post("/account/calendar/end", authz.AttendMeetings, audit.Alter, meetingpage.EndAddress)
	r.get("/unsent/{form}", authz.Anyone, audit.None, page.Unsent)

	// Home, live list, search
	r.get("/search", authz.ReadOwnCases, audit.None, searchpage.Show)
	r.post("/search", authz.ReadOwnCases, audit.Consult, searchpage.Submit)
	r.get("/search/{search}", authz.ReadOwnCases, audit.Consult, searchpage.Found)
	r.get("/", authz.Anyone, audit.Consult, homepage.Show)
	r.get("/live-list", authz.ReadOwnCases, audit.Consult, livelistpage.Show)

	// Referrals
	r.get("/referrals", authz.Refer, audit.Consult, referralpage.List)
	r.get("/referrals/new", authz.Refer, audit.None, referralpage.Find)
	r.post("/referrals/new", authz.Refer, audit.Consult, referralpage.Find)
	r.get("/referrals/found/{search}", authz.Refer, audit.Consult, referralpage.Found)
	r.post("/referrals/found/{search}", authz.Refer, audit.Collect, referralpage.Start)
	r.get("/referrals/{id}", authz.Refer, audit.Consult, referralpage.Show)
	r.get("/referrals/{id}/check", authz.Refer, audit.Consult, referralpage.Check)
	r.post("/referrals/{id}/check", authz.Refer, audit.Collect, referralpage.Submit)
	r.get("/referrals/{id}/withdraw", authz.Refer, audit.Consult, referralpage.Withdraw)
	r.post("/referrals/{id}/withdraw", authz.Refer, audit.Alter, referralpage.Withdraw)
	r.get("/referrals/{id}/print", authz.Refer, audit.Consult, referralpage.Print)
	r.get("/referrals/{id}/{section}", authz.Refer, audit.Consult, referralpage.Section)
	r.post("/referrals/{id}/{section}", authz.Refer, audit.Collect, referralpage.Section)

	// A person's page and facts
	r.get("/nominals/{id}", authz.ReadOwnCases, audit.Consult, nominalpage.Show)
	r.get("/nominals/{id}/needs", authz.ReadOwnCases, audit.Consult, nominalpage.Needs)
	r.get("/nominals/{id}/contacts", authz.ReadOwnCases, audit.Consult, nominalpage.Contacts)
	r.get("/nominals/{id}/custody", authz.ReadOwnCases, audit.Consult, nominalpage.Custody)
	r.get("/nominals/{id}/links", authz.ReadOwnCases, audit.Consult, nominalpage.Links)
	r.get("/nominals/{id}/history", authz.ReadOwnCases, audit.Consult, nominalpage.History)
	r.get("/nominals/{id}/who-has-looked", authz.SeeWhoLooked, audit.Consult, nominalpage.WhoLooked)
	r.get("/nominals/{id}/contacts/new", authz.RecordContact, audit.Consult, nominalpage.Contact)
	r.post("/nominals/{id}/contacts/new", authz.RecordContact, audit.Collect, nominalpage.Contact)
	r.get("/nominals/{id}/needs/{pathway}", authz.RecordContact, audit.Consult, nominalpage.Need)
	r.post("/nominals/{id}/needs/{pathway}", authz.RecordContact, audit.Collect, nominalpage.Need)
	r.get("/nominals/{id}/drug-tests/new", authz.RecordDrugTest, audit.Consult, nominalpage.DrugTest)
	r.post("/nominals/{id}/drug-tests/new", authz.RecordDrugTest, audit.Collect, nominalpage.DrugTest)
	r.get("/nominals/{id}/drug-tests/{test}/share", authz.RecordDrugTest, audit.Consult, nominalpage.ShareDrugTest)
	r.post("/nominals/{id}/drug-tests/{test}/share", authz.RecordDrugTest, audit.Disclose, nominalpage.ShareDrugTest)
	r.get("/nominals/{id}/custody/new", authz.RecordCustody, audit.Consult, nominalpage.Receive)
	r.post("/nominals/{id}/custody/new", authz.RecordCustody, audit.Collect, nominalpage.Receive)
	r.get("/nominals/{id}/custody/{spell}/expected", authz.RecordCustody, audit.Consult, nominalpage.Expected)
	r.post("/nominals/{id}/custody/{spell}/expected", authz.RecordCustody, audit.Collect, nominalpage.Expected)
	r.get("/nominals/{id}/custody/{spell}/move", authz.RecordCustody, audit.Consult, nominalpage.Move)
	r.post("/nominals/{id}/custody/{spell}/move", authz.RecordCustody, audit.Collect, nominalpage.Move)
	r.get("/nominals/{id}/custody/{spell}/release", authz.RecordCustody, audit.Consult, nominalpage.Release)
	r.post("/nominals/{id}/custody/{spell}/release", authz.RecordCustody, audit.Collect, nominalpage.Release)
	r.get("/nominals/{id}/status/new", authz.RecordCustody, audit.Consult, nominalpage.Status)
	r.post("/nominals/{id}/status/new", authz.RecordCustody, audit.Collect, nominalpage.Status)
	r.get("/nominals/{id}/sentences/new", authz.RecordCustody, audit.Consult, nominalpage.Sentence)
	r.post("/nominals/{id}/sentences/new", authz.RecordCustody, audit.Collect, nominalpage.Sentence)
	r.get("/nominals/{id}/scores/new", authz.RecordCustody, audit.Consult, nominalpage.Score)
	r.post("/nominals/{id}/scores/new", authz.RecordCustody, audit.Collect, nominalpage.Score)
	r.get("/nominals/{id}/links/mappa", authz.RecordCustody, audit.Consult, nominalpage.MAPPA)
	r.post("/nominals/{id}/links/mappa", authz.RecordCustody, audit.Collect, nominalpage.MAPPA)
	r.get("/nominals/{id}/links/groups", authz.RecordContact, audit.Consult, nominalpage.Groups)
	r.post("/nominals/{id}/links/groups", authz.RecordContact, audit.Alter, nominalpage.Groups)
	r.get("/nominals/{id}/intelligence/new", authz.RecordIntel, audit.Consult, nominalpage.Intelligence)
	r.post("/nominals/{id}/intelligence/new", authz.RecordIntel, audit.Collect, nominalpage.Intelligence)
	r.get("/nominals/{id}/intelligence/{entry}/share", authz.RecordIntel, audit.Consult, nominalpage.ShareIntelligence)
	r.post("/nominals/{id}/intelligence/{entry}/share", authz.RecordIntel, audit.Disclose, nominalpage.ShareIntelligence)
	r.get("/nominals/{id}/identity", authz.RecordContact, audit.Consult, nominalpage.Identity)
	r.post("/nominals/{id}/identity", authz.RecordContact, audit.Alter, nominalpage.Identity)
	r.get("/nominals/{id}/warnings/new", authz.RecordContact, audit.Consult, nominalpage.Warning)
	r.post("/nominals/{id}/warnings/new", authz.RecordContact, audit.Collect, nominalpage.Warning)
	r.get("/nominals/{id}/aliases/new", authz.RecordContact, audit.Consult, nominalpage.Alias)
	r.post("/nominals/{id}/aliases/new", authz.RecordContact, audit.Collect, nominalpage.Alias)
	r.get("/nominals/{id}/addresses/new", authz.RecordContact, audit.Consult, nominalpage.Address)
	r.post("/nominals/{id}/addresses/new", authz.RecordContact, audit.Collect, nominalpage.Address)
	r.get("/nominals/{id}/phones/new", authz.RecordContact, audit.Consult, nominalpage.Phone)
	r.post("/nominals/{id}/phones/new", authz.RecordContact, audit.Collect, nominalpage.Phone)
	r.get("/nominals/{id}/equality", authz.RecordEquality, audit.Consult, nominalpage.Equality)
	r.post("/nominals/{id}/equality", authz.RecordEquality, audit.Collect, nominalpage.Equality)
	r.get("/nominals/{id}/facts/{fact}/{fact_id}", authz.RecordContact, audit.Consult, nominalpage.Correct)
	r.post("/nominals/{id}/facts/{fact}/{fact_id}", authz.RecordContact, audit.Alter, nominalpage.Correct)
	r.get("/contacts/new", authz.RecordContact, audit.Consult, contactpage.New)

	// Registration and rating
	r.get("/nominals/{id}/reviews", authz.ReadOwnCases, audit.Consult, registrationpage.Reviews)
	r.get("/nominals/{id}/rating", authz.RateBetween, audit.Consult, registrationpage.Rating)
	r.post("/nominals/{id}/rating", authz.RateBetween, audit.Collect, registrationpage.Rate)
	r.get("/nominals/{id}/wanted-alert", authz.RaiseRedAlert, audit.Consult, registrationpage.Alert)
	r.post("/nominals/{id}/wanted-alert", authz.RaiseRedAlert, audit.Disclose, registrationpage.Publish)
	r.get("/nominals/{id}/lead-worker", authz.RateBetween, audit.Consult, registrationpage.Lead)
	r.post("/nominals/{id}/lead-worker", authz.RateBetween, audit.Alter, registrationpage.ChangeLead)
	r.get("/nominals/{id}/checklist", authz.ReadCases, audit.Consult, registrationpage.Checklist)
	r.get("/nominals/{id}/checklist/{registration}/{list}/{line}", authz.RecordChecklist, audit.Consult, registrationpage.Line)
	r.post("/nominals/{id}/checklist/{registration}/{list}/{line}", authz.RecordChecklist, audit.Collect, registrationpage.RecordLine)
	r.get("/nominals/{id}/checklist/{registration}/{list}/{line}/error", authz.RecordChecklist, audit.Consult, registrationpage.Correction)
	r.post("/nominals/{id}/checklist/{registration}/{list}/{line}/error", authz.RecordChecklist, audit.Alter, registrationpage.CorrectLine)
	r.get("/nominals/{id}/review-rows", authz.ReadCases, audit.Consult, registrationpage.ReviewRows)
	r.post("/nominals/{id}/review-rows", authz.Decide, audit.Collect, registrationpage.AddReviewRow)
	r.get("/nominals/{id}/deregistration", authz.ReadCases, audit.Consult, registrationpage.Deregistration)
	r.post("/nominals/{id}/deregistration", authz.Contribute, audit.Collect, registrationpage.Propose)

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
	r.get("/meetings", authz.AttendMeetings, audit.Consult, meetingpage.List)
	r.get("/meetings/new", authz.RunMeetings, audit.Consult, meetingpage.New)
	r.post("/meetings/new", authz.RunMeetings, audit.Collect, meetingpage.Plan)
	r.get("/meetings/series", authz.RunMeetings, audit.Consult, meetingpage.SeriesList)
	r.get("/meetings/series/new", authz.RunMeetings, audit.Consult, meetingpage.NewSeries)
	r.post("/meetings/series/new", authz.RunMeetings, audit.Collect, meetingpage.StartSeries)
	r.get("/meetings/series/{series}", authz.RunMeetings, audit.Consult, meetingpage.ShowSeries)
	r.get("/meetings/series/{series}/change", authz.RunMeetings, audit.Consult, meetingpage.ChangeSeries)
	r.post("/meetings/series/{series}/change", authz.RunMeetings, audit.Alter, meetingpage.SaveSeries)
	r.get("/meetings/series/{series}/end", authz.RunMeetings, audit.Consult, meetingpage.EndSeries)
	r.post("/meetings/series/{series}/end", authz.RunMeetings, audit.Alter, meetingpage.ConfirmEndSeries)
	r.get("/meetings/{id}", authz.AttendMeetings, audit.Consult, meetingpage.Show)
	r.get("/meetings/{id}/calendar", authz.AttendMeetings, audit.Consult, meetingpage.CalendarFile)
	r.get("/meetings/{id}/change", authz.RunMeetings, audit.Consult, meetingpage.Change)
	r.post("/meetings/{id}/change", authz.RunMeetings, audit.Alter, meetingpage.SaveChange)
	r.get("/meetings/{id}/cancel", authz.RunMeetings, audit.Consult, meetingpage.CancelMeeting)
	r.post("/meetings/{id}/cancel", authz.RunMeetings, audit.Alter, meetingpage.Cancel)
	r.get("/meetings/{id}/agenda", authz.AttendMeetings, audit.Consult, meetingpage.Agenda)
	r.post("/meetings/{id}/agenda", authz.RunMeetings, audit.Collect, meetingpage.AddCase)
	r.get("/meetings/{id}/agenda/order", authz.RunMeetings, audit.Consult, meetingpage.OrderPage)
	r.post("/meetings/{id}/agenda/order", authz.RunMeetings, audit.Alter, meetingpage.Order)
	r.post("/meetings/{id}/agenda/leave-off", authz.RunMeetings, audit.Collect, meetingpage.LeaveOff)
	r.post("/meetings/{id}/agenda/put-back", authz.RunMeetings, audit.Alter, meetingpage.PutBack)
	r.post("/meetings/{id}/agenda/agree", authz.ApproveMinutes, audit.Collect, meetingpage.AgreeAgenda)
	r.post("/meetings/{id}/agenda/send", authz.RunMeetings, audit.Disclose, meetingpage.SendAgenda)
	r.get("/meetings/{id}/agenda/frequencies", authz.AttendMeetings, audit.Consult, meetingpage.Frequencies)
	r.post("/meetings/{id}/agenda/frequencies", authz.Decide, audit.Collect, meetingpage.AgreeFrequencies)
	r.get("/meetings/{id}/attendance", authz.RunMeetings, audit.Consult, meetingpage.Attendance)
	r.post("/meetings/{id}/attendance", authz.RunMeetings, audit.Collect, meetingpage.CallRoll)
	r.post("/meetings/{id}/attendance/members", authz.RunMeetings, audit.Collect, meetingpage.InviteMembers)
	r.post("/meetings/{id}/attendance/guests", authz.RunMeetings, audit.Disclose, meetingpage.InviteGuest)
	r.post("/meetings/{id}/attendance/guests/end", authz.RunMeetings, audit.Alter, meetingpage.EndGuest)
	r.get("/meetings/{id}/sign", authz.AttendMeetings, audit.Consult, meetingpage.SignPage)
	r.post("/meetings/{id}/sign", authz.AttendMeetings, audit.Collect, meetingpage.Sign)
	r.get("/meetings/{id}/statement", authz.ApproveMinutes, audit.Consult, meetingpage.StatementPage)
	r.post("/meetings/{id}/statement", authz.ApproveMinutes, audit.Collect, meetingpage.SaveStatement)
	r.get("/meetings/{id}/open", authz.RunMeetings, audit.Consult, meetingpage.OpenPage)
	r.post("/meetings/{id}/open", authz.RunMeetings, audit.Collect, meetingpage.Open)
	r.get("/meetings/{id}/sheet", authz.AttendMeetings, audit.Consult, meetingpage.Sheet)
	r.get("/meetings/{id}/sheet/{nominal}", authz.AttendMeetings, audit.Consult, meetingpage.CasePage)
	r.watch("/meetings/{id}/display", authz.AttendMeetings, audit.Consult, meetingpage.Display)
	r.post("/meetings/{id}/display", authz.RunMeetings, audit.Disclose, meetingpage.StartDisplay)
	r.post("/meetings/{id}/display/end", authz.RunMeetings, audit.Alter, meetingpage.EndDisplays)
	r.watch("/meetings/{id}/live", authz.AttendMeetings, audit.None, meetingpage.Follow)
	r.watch("/meetings/{id}/sheet/{nominal}/live", authz.AttendMeetings, audit.Consult, meetingpage.CaseLive)
	r.post("/meetings/{id}/sheet/{nominal}/call", authz.RunMeetings, audit.Collect, meetingpage.Call)
	r.post("/meetings/{id}/sheet/{nominal}/draft/{block}", authz.Contribute, audit.Collect, meetingpage.SaveDraft)
	r.post("/meetings/{id}/sheet/{nominal}/discussion", authz.RunMeetings, audit.Collect, meetingpage.Discuss)
	r.post("/meetings/{id}/sheet/{nominal}/contribution", authz.Contribute, audit.Collect, meetingpage.Contribute)
	r.post("/meetings/{id}/sheet/{nominal}/decision", authz.Decide, audit.Collect, meetingpage.DecideReferral)
	r.post("/meetings/{id}/sheet/{nominal}/review", authz.Decide, audit.Collect, meetingpage.Rate)
	r.post("/meetings/{id}/sheet/{nominal}/defer", authz.Decide, audit.Collect, meetingpage.DeferReview)
	r.post("/meetings/{id}/sheet/{nominal}/ratify", authz.Decide, audit.Collect, meetingpage.Ratify)
	r.post("/meetings/{id}/sheet/{nominal}/actions", authz.SetAnyAction, audit.Collect, meetingpage.SetAction)
	r.post("/meetings/{id}/sheet/{nominal}/actions/{action}", authz.EndActions, audit.Alter, meetingpage.ChangeAction)
	r.post("/meetings/{id}/sheet/{nominal}/needs", authz.RunMeetings, audit.Collect, meetingpage.Assess)
	r.post("/meetings/{id}/sheet/{nominal}/retain", authz.Decide, audit.Collect, meetingpage.Retain)
	r.get("/meetings/{id}/sheet/{nominal}/deregister", authz.Decide, audit.Consult, meetingpage.DeregisterPage)
	r.post("/meetings/{id}/sheet/{nominal}/deregister", authz.Decide, audit.Alter, meetingpage.Deregister)
	r.get("/meetings/{id}/close", authz.RunMeetings, audit.Consult, meetingpage.ClosePage)
	r.post("/meetings/{id}/close", authz.RunMeetings, audit.Collect, meetingpage.Close)
	r.get("/meetings/{id}/minutes", authz.AttendMeetings, audit.Consult, meetingpage.Minutes)
	r.post("/meetings/{id}/minutes", authz.ApproveMinutes, audit.Alter, meetingpage.ApproveMinutes)
	r.get("/meetings/{id}/minutes/print", authz.AttendMeetings, audit.Consult, meetingpage.PrintMinutes)

	r.get("/meetings/{id}/diary", authz.AttendMeetings, audit.Consult, meetingpage.Diary)
	r.post("/meetings/{id}/diary", authz.RecordContact, audit.Collect, meetingpage.PlanContact)

	// Escalations to the delivery groups
	r.get("/escalations", authz.ReadCases, audit.Consult, escalationpage.List)
	r.get("/escalations/new", authz.RunMeetings, audit.Consult, escalationpage.New)
	r.post("/escalations/new", authz.RunMeetings, audit.Collect, escalationpage.Raise)
	r.get("/escalations/{id}", authz.ReadCases, audit.Consult, escalationpage.Show)
	r.post("/escalations/{id}", authz.RunMeetings, audit.Collect, escalationpage.Tell)
	r.post("/escalations/{id}/settle", authz.RunMeetings, audit.Collect, escalationpage.Settle)

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
