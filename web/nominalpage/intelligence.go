package nominalpage

import (
	"github.com/a-h/templ"

	"iom/internal/casework/intelligence"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// Intelligence records an entry, and with which agencies it may be shared.
func Intelligence(c *page.Ctx) error {
	var n intelligence.New
	var agencies []ui.Option
	return task{
		title: "Record intelligence", tab: frame.Overview, button: "Record intelligence", notice: "Intelligence recorded", may: authz.RecordIntel,
		guide:  "Read by the co-ordinator, chairs, police and probation. Other agencies read only an entry that you share with them.",
		ready:  offerAgencies(&agencies),
		preset: func(f *form.Form, _ frame.Person) { f.Set("dated", c.Today().Typed()) },
		read: func(f *form.Form) {
			n = intelligence.New{Dated: f.PastDate("dated", "Date of the intelligence", form.Required, c.Today()), Text: f.Prose("text", "Intelligence", form.Required),
				Increases: f.Tick("increases_risk", "Points to more risk of harm or offending"), ShareWith: agencyIDs(f.IDs("share_with", "Share with")),
				Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := intelligence.Record(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return intelligenceFields(f, agencies) },
	}.serve(c)
}

// intelligenceShown is how many entries stand on the overview.
const intelligenceShown = 10

// ShareIntelligence marks an entry as shareable with agencies.
func ShareIntelligence(c *page.Ctx) error {
	entry, ok := ref.Parse[int64](c.Param("entry"))
	if !ok {
		return fault.Missing()
	}
	var (
		with     []ref.AgencyID
		agencies []ui.Option
		shown    intelligence.Entry
	)
	return task{
		title: "Share intelligence", tab: frame.Overview, button: "Share", notice: "Intelligence shared", may: authz.RecordIntel,
		guide: "The people of these agencies who work on this case can read this entry, and no other. Sharing cannot be taken back.",
		ready: toShare(intelligence.Of, func(e intelligence.Entry) bool { return e.ID == entry }, &shown, &agencies),
		read:  func(f *form.Form) { with = agencyIDs(f.IDs("share_with", "Share with")) },
		do: func(id ref.NominalID) error {
			return intelligence.Share(c.Context(), c.DB, c.Submission(), id, entry, with)
		},
		view: func(f *form.Form) templ.Component { return shareIntelligenceFields(f, shown, agencies) },
	}.serve(c)
}

func agencyIDs(all []int64) []ref.AgencyID {
	made := make([]ref.AgencyID, len(all))
	for i, id := range all {
		made[i] = ref.AgencyID(id)
	}
	return made
}
