package livelist

import (
	"strings"

	"github.com/jackc/pgx/v5"
)

// columns are those of live_list, each beside the field that it is read into.
// A page reads fifty rows of them: finding the fields by reflection, row by row,
// took a sixth of the server's time.
var columns = []struct {
	name string
	into func(r *Row) any
}{
	{"registration_id", func(r *Row) any { return &r.Registration }},
	{"nominal_id", func(r *Row) any { return &r.Nominal }},
	{"area_id", func(r *Row) any { return &r.Area }},
	{"rating", func(r *Row) any { return &r.Rating }},
	{"rating_rank", func(r *Row) any { return &r.Rank }},
	{"rated_on", func(r *Row) any { return &r.RatedOn }},
	{"ratified", func(r *Row) any { return &r.Ratified }},
	{"sort_name", func(r *Row) any { return &r.SortName }},
	{"family_name", func(r *Row) any { return &r.Family }},
	{"given_names", func(r *Row) any { return &r.Given }},
	{"born", func(r *Row) any { return &r.Born }},
	{"warnings", func(r *Row) any { return &r.Warnings }},
	{"lead_account_id", func(r *Row) any { return &r.LeadAccount }},
	{"lead_name", func(r *Row) any { return &r.LeadName }},
	{"lead_agency_id", func(r *Row) any { return &r.LeadAgency }},
	{"lead_agency", func(r *Row) any { return &r.AgencyName }},
	{"status", func(r *Row) any { return &r.Status }},
	{"status_ends_on", func(r *Row) any { return &r.StatusEnds }},
	{"prison", func(r *Row) any { return &r.Prison }},
	{"release_on", func(r *Row) any { return &r.ReleaseOn }},
	{"mappa_level", func(r *Row) any { return &r.MAPPA }},
	{"group_ids", func(r *Row) any { return &r.Groups }},
	{"registered_on", func(r *Row) any { return &r.RegisteredOn }},
	{"reviewed_on", func(r *Row) any { return &r.ReviewedOn }},
	{"review_due_on", func(r *Row) any { return &r.ReviewDue }},
	{"open_actions", func(r *Row) any { return &r.Open }},
	{"action_dues", func(r *Row) any { return &r.ActionDues }},
	{"next_action_due", func(r *Row) any { return &r.NextAction }},
	{"last_contact_on", func(r *Row) any { return &r.LastContact }},
	{"last_visit_on", func(r *Row) any { return &r.LastVisit }},
	{"visit_due_on", func(r *Row) any { return &r.VisitDue }},
	{"deregistration_proposed", func(r *Row) any { return &r.Proposed }},
	{"adoption_missing", func(r *Row) any { return &r.LinesMissing }},
	{"release_computed", func(r *Row) any { return &r.ReleaseByLaw }},
	{"status_computed", func(r *Row) any { return &r.StatusByLaw }},
	{"final_third_on", func(r *Row) any { return &r.FinalThird }},
}

// rowColumns is what a statement selects for collect.
var rowColumns = func() string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}()

// collect reads rows of rowColumns, of which so many are expected.
func collect(rows pgx.Rows, expected int) ([]Row, error) {
	var (
		r    Row
		all  = make([]Row, 0, expected)
		into = make([]any, len(columns))
	)
	for i, c := range columns {
		into[i] = c.into(&r)
	}
	_, err := pgx.ForEachRow(rows, into, func() error {
		all = append(all, r)
		return nil
	})
	return all, err
}
