package nominalpage

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"iom/internal/casework/drugtest"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// DrugTest records a drug test.
func DrugTest(c *page.Ctx) error {
	var n drugtest.New
	var agencies []ui.Option
	return task{
		title: "Record a drug test", tab: frame.Needs, button: "Record test", notice: "Drug test recorded", may: authz.RecordDrugTest,
		guide: "Read by the agency that made the test, the co-ordinator and probation. A single result can be shared with another agency.",
		ready: offerAgencies(&agencies),
		preset: func(f *form.Form, p frame.Person) {
			f.Set("tested_on", c.Today().Typed())
			f.Set("agency", strconv.FormatInt(p.Actor.AgencyIn(int64(p.Scope.Area)), 10))
		},
		read: func(f *form.Form) {
			n = drugtest.New{TestedOn: f.PastDate("tested_on", "Date of the test", form.Required, c.Today()),
				Result: drugtest.Result(f.Choice("result", "Result", form.Required, texts(drugtest.Results)...)), Substances: f.Line("substances", "Substances", form.Optional),
				Agency: ref.AgencyID(f.ID("agency", "Agency that made the test", form.Required)), Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := drugtest.Record(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return drugTestFields(f, agencies) },
	}.serve(c)
}

// ShareDrugTest passes one result to another agency (R209).
func ShareDrugTest(c *page.Ctx) error {
	test, ok := ref.Parse[int64](c.Param("test"))
	if !ok {
		return fault.Missing()
	}
	var (
		with     ref.AgencyID
		reason   string
		agencies []ui.Option
		shown    drugtest.Test
	)
	return task{
		title: "Share one drug test result", tab: frame.Needs, button: "Share result", notice: "Result shared", may: authz.RecordDrugTest,
		guide: "The agency sees this one result and no other test.",
		ready: toShare(drugtest.Of, func(t drugtest.Test) bool { return t.ID == test }, &shown, &agencies),
		read: func(f *form.Form) {
			with, reason = ref.AgencyID(f.ID("share_with", "Agency", form.Required)), f.Prose("reason", "Why the agency needs it", form.Required)
		},
		do: func(id ref.NominalID) error {
			return drugtest.Share(c.Context(), c.DB, c.Submission(), id, test, with, reason)
		},
		view: func(f *form.Form) templ.Component { return shareTestFields(f, shown, agencies) },
	}.serve(c)
}

// holds says whether the actor holds the test, and so may share and correct it.
func (v needsView) holds(t drugtest.Test) bool {
	if !v.May(authz.RecordDrugTest) {
		return false
	}
	for _, g := range v.Actor.Grants {
		if g.Role.Reads(authz.DrugTests) {
			return true
		}
	}
	return v.Actor.WorksFor(int64(t.Agency))
}

func joined(names []string) string { return strings.Join(names, ", ") }
