package authz_test

import (
	"slices"
	"strings"
	"testing"

	"iom/internal/platform/authz"
)

var letters = map[string]authz.Role{"Co": authz.Coordinator, "Ch": authz.Chair, "Po": authz.Police, "Pr": authz.Probation, "Pa": authz.Partner,
	"Gu": authz.Guest, "An": authz.Analyst, "Au": authz.Auditor, "Ad": authz.Administrator}

// roles reads "Co Ch" as the roles that it names.
func roles(text string) (all []authz.Role) {
	for _, l := range strings.Fields(text) {
		all = append(all, letters[l])
	}
	return all
}

// TestEachRoleMayWhatItsWorkAsks: R157, written by hand from docs/permissions.md.
// The roles are those of the guide; a lead worker is a relation to a case and gives
// no right of its own.
func TestEachRoleMayWhatItsWorkAsks(t *testing.T) {
	t.Parallel()
	for permission, who := range map[authz.Permission]string{
		authz.Anyone: "Co Ch Po Pr Pa Gu An Au Ad", authz.ReadCases: "Co Ch Po Pr Pa", authz.ReadOwnCases: "Co Ch Po Pr Pa Gu", authz.FindPeople: "Co Po Pr Pa",
		authz.Refer: "Co Ch Po Pr Pa", authz.RunMeetings: "Co Ch", authz.ApproveMinutes: "Ch", authz.AttendMeetings: "Co Ch Po Pr Pa Gu",
		authz.Contribute: "Co Ch Po Pr Pa Gu", authz.Decide: "Co Ch", authz.RaiseRedAlert: "Po", authz.RateBetween: "Co Ch Po Pr",
		authz.SetAnyAction: "Co Ch", authz.SetOwnAction: "Co Ch Po Pr Pa", authz.EndActions: "Co Ch", authz.RecordContact: "Co Po Pr Pa",
		authz.RecordCustody: "Co Po Pr", authz.RecordIntel: "Co Po", authz.RecordChecklist: "Co Po Pr", authz.SeeWhoLooked: "Co Ch Au",
		authz.ReadNumbers: "Co Ch Po Pr Pa An", authz.ReadLog: "Au", authz.ManageAccounts: "Ad", authz.RecordEquality: "Co Ch Po Pr Pa",
		authz.RecordDrugTest: "Co Po Pr Pa",
	} {
		want := roles(who)
		for _, r := range authz.Roles {
			if r.Has(permission) != slices.Contains(want, r) {
				t.Errorf("%s may %q: %v", r, permission, r.Has(permission))
			}
		}
	}
	for category, who := range map[authz.Category]string{authz.Casework: "Co Ch Po Pr Pa", authz.Intelligence: "Co Ch Po Pr", authz.Health: "Co Pr",
		authz.DrugTests: "Co Pr", authz.Equality: "Co"} {
		want := roles(who)
		for _, r := range authz.Roles {
			if r.Reads(category) != slices.Contains(want, r) {
				t.Errorf("%s reads %q: %v", r, category, r.Reads(category))
			}
		}
	}
}

// A right holds in the areas of its own grant and in no other, and an agency is that
// of the grant which covers the area.
func TestARightHoldsWhereItWasGranted(t *testing.T) {
	t.Parallel()
	a := authz.Actor{Agency: 1, Grants: []authz.Grant{
		{Role: authz.Police, Agency: 1, Area: 10, Areas: []int64{10, 11}},
		{Role: authz.Partner, Agency: 2, Area: 20, Areas: []int64{20}}}}
	for _, c := range []struct {
		p    authz.Permission
		area int64
		want bool
	}{
		{authz.RecordIntel, 10, true}, {authz.RecordIntel, 11, true}, {authz.RecordIntel, 20, false}, {authz.RecordContact, 20, true},
		{authz.RecordContact, 30, false}, {authz.RunMeetings, 10, false},
	} {
		if got := a.MayIn(c.p, c.area); got != c.want {
			t.Errorf("%q in %d: %v", c.p, c.area, got)
		}
	}
	if got := a.AreasFor(authz.RecordContact); !slices.Equal(got, []int64{10, 11, 20}) {
		t.Errorf("records contacts in %v", got)
	}
	if got := a.AreasReading(authz.Intelligence); !slices.Equal(got, []int64{10, 11}) {
		t.Errorf("reads intelligence in %v", got)
	}
	if a.AgencyIn(11) != 1 || a.AgencyIn(20) != 2 || a.MayEverywhere(authz.RecordContact) || !a.Holds(authz.Partner, 20) || a.Holds(authz.Partner, 10) {
		t.Errorf("%+v", a)
	}
}
