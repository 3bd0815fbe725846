package referralpage

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// Find asks whom to refer, so that the person is looked for before a record is made.
func Find(c *page.Ctx) error {
	f := c.Form()
	terms := readTerms(f, c.Today())
	if f.IsSubmitted() && f.OK() {
		id, err := nominal.StoreSearch(c.Context(), c.DB, c.Submission(), "referral.find", terms)
		if err == nil {
			return c.SeeOther("/referrals/found/"+id, "")
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	view := findPage(c.Chrome("Who is referred?", f), f, c.Hidden())
	if f.IsSubmitted() {
		return c.Redraw(view)
	}
	return c.Render(view)
}

func readTerms(f *form.Form, today clock.Date) nominal.Terms {
	t := nominal.Terms{FamilyName: f.Line("family_name", "Family name", form.Optional), GivenNames: f.Line("given_names", "Given names", form.Optional),
		Born: f.PastDate("born", "Date of birth", form.Optional, today)}
	t.PNCIDTyped, t.PNCID = readPNCID(f, today)
	t.URN = f.Line("urn", "URN", form.Optional)
	if f.IsSubmitted() && f.OK() && t.Empty() {
		f.Fail("family_name", "Enter a name, a date of birth, a PNCID or a URN to look for")
	}
	return t
}

// foundView is whom the search found, and the areas in which the reader may refer.
type foundView struct {
	chrome  ui.Chrome
	f       *form.Form
	hidden  ui.FormHidden
	search  string
	terms   nominal.Terms
	warning string // about the PNCID
	cards   []nominal.IdentityCard
	areas   []ui.Option
	own     []ref.AreaID
}

// Found shows whom the search found: identity cards from the whole force, and no
// more than they hold.
func Found(c *page.Ctx) error {
	v, err := readFound(c)
	if err != nil {
		return err
	}
	v.readArea()
	return c.Render(v.draw(c))
}

func readFound(c *page.Ctx) (foundView, error) {
	search := c.Param("search")
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v foundView, seen audit.Seen, err error) {
		v.search = search
		if v.terms, err = nominal.SearchOf(ctx, q, search); err != nil {
			return v, seen, err
		}
		if v.cards, err = nominal.Find(ctx, q, v.terms); err != nil {
			return v, seen, err
		}
		tree, err := area.Tree(ctx, q)
		for _, a := range tree {
			if a.Leaf && q.Actor().MayIn(authz.Refer, int64(a.ID)) {
				v.areas = append(v.areas, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
				v.own = append(v.own, a.ID)
			}
		}
		return v, audit.Listed(v.ids()), err
	})
	v.f = c.Form()
	if v.terms.PNCIDTyped != "" {
		_, v.warning, _ = nominal.ParsePNCID(v.terms.PNCIDTyped, c.Today())
	}
	return v, err
}

func (v foundView) ids() []ref.NominalID {
	ids := []ref.NominalID{}
	for _, card := range v.cards {
		ids = append(ids, card.Nominal)
	}
	return ids
}

// readArea is the area chosen; with only one there is no question.
func (v foundView) readArea() ref.AreaID {
	if len(v.own) == 1 {
		return v.own[0]
	}
	return ref.AreaID(v.f.ID("area", "Area of the referral", form.Required))
}

// Start starts the referral of the person chosen, or of somebody new.
func Start(c *page.Ctx) error {
	v, err := readFound(c)
	if err != nil {
		return err
	}
	n := referral.New{Area: v.readArea(), Search: v.search, Nominal: ref.NominalID(v.f.ID("nominal", "Person", form.Optional))}
	for _, id := range v.f.IDs("shown", "People shown") {
		n.Shown = append(n.Shown, ref.NominalID(id))
	}
	if v.f.OK() {
		begun, err := referral.Start(c.Context(), c.DB, c.Submission(), n)
		switch {
		case err == nil && begun.Continued:
			return c.SeeOther("/referrals/"+ref.Text(begun.ID), "A referral of this person was open already. This is it")
		case err == nil:
			return c.SeeOther("/referrals/"+ref.Text(begun.ID), "Referral started")
		}
		if err := v.f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(v.draw(c))
}

func (v foundView) draw(c *page.Ctx) templ.Component {
	v.chrome = c.Chrome("Is it one of these people?", v.f)
	v.chrome.Back = ui.Link{Text: "Look again", Href: "/referrals/new"}
	v.hidden = c.Hidden()
	for _, id := range v.ids() {
		v.hidden.Extra = append(v.hidden.Extra, ui.Hidden{Name: "shown", Value: ref.Text(id)})
	}
	return foundPage(v)
}

// where says what the card knows of where the person stands.
func where(c nominal.IdentityCard) string {
	switch c.Kind {
	case nominal.Responsible:
		return "On the scheme: " + c.AreaName + " is responsible"
	case nominal.Referring:
		return "Referral open in " + c.AreaName
	case nominal.Known:
		return "Known to " + c.AreaName
	}
	return "Known from earlier"
}

// choice is what the button beside a card says; empty when the person cannot be
// referred by the reader.
func (v foundView) choice(c nominal.IdentityCard) string {
	switch {
	case c.Kind == nominal.Responsible:
		return ""
	case c.Kind == nominal.Referring && slices.Contains(v.own, c.Area):
		return "Go on with the open referral"
	case c.Kind == nominal.Referring:
		return ""
	}
	return "This is the person"
}

// advice is what to do about a person who cannot be referred.
func (v foundView) advice(c nominal.IdentityCard) string {
	if slices.Contains(v.own, c.Area) {
		return "Already on the scheme in your area"
	}
	return "Ask the co-ordinator of " + c.AreaName
}
