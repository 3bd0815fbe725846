package nominalpage

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"iom/internal/casework/area"
	"iom/internal/casework/link"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// linksView is the tab of links.
type linksView struct {
	frame.Person
	mappa  []link.MAPPA
	groups []groupAnswer
}

// groupAnswer is a priority group of the area's list and what was answered.
type groupAnswer struct {
	area.Group
	Answer string // yes, no, or empty: not answered, which is never No
}

// Links is how the scheme stands to other arrangements: MAPPA, priority groups.
func Links(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v linksView, seen audit.Seen, err error) {
		if v.Person, err = frame.Load(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.mappa, err = link.MAPPAHistory(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.groups, err = answersOf(ctx, q, v.Person)
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	return c.Render(linksPage(c.Chrome("", nil), v))
}

// answersOf is the area's list of groups with the answers for a person.
func answersOf(ctx context.Context, q db.Querier, p frame.Person) ([]groupAnswer, error) {
	answered, err := link.Groups(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	list, err := area.PriorityGroups(ctx, q, p.Scope.Area)
	if err != nil {
		return nil, err
	}
	all := make([]groupAnswer, len(list))
	for i, g := range list {
		all[i] = groupAnswer{Group: g}
		for _, a := range answered {
			if a.Group == g.ID {
				all[i].Answer = map[bool]string{true: "yes", false: "no"}[a.Member]
			}
		}
	}
	return all, nil
}

// Groups records to which priority groups somebody belongs (R24).
func Groups(c *page.Ctx) error {
	var (
		list    []groupAnswer
		answers []link.Membership
		source  string
	)
	return task{
		title: "Priority groups", tab: frame.Links, button: "Save", notice: "Priority groups saved", may: authz.RecordContact, first: true,
		guide: "The list is the area's own. Leave a group without an answer when you do not know.",
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			list, err = answersOf(ctx, q, p)
			return err
		},
		preset: func(f *form.Form, _ frame.Person) {
			for _, g := range list {
				f.Set(groupField(g), g.Answer)
			}
		},
		read: func(f *form.Form) {
			answers = nil
			for _, g := range list {
				if yes, answered := f.YesNo(groupField(g), groupName(g.Group), form.Optional); answered {
					answers = append(answers, link.Membership{Group: g.ID, Member: yes})
				}
			}
			source = f.Line("source", "Source", form.Required)
		},
		do: func(id ref.NominalID) error {
			return link.SetGroups(c.Context(), c.DB, c.Submission(), id, answers, source)
		},
		view: func(f *form.Form) templ.Component { return groupFields(f, list) },
	}.serve(c)
}

func groupField(g groupAnswer) string { return "group-" + ref.Text(g.ID) }

// groupName is the name of a group. The form prints "MAPPA 1", which many take for
// the category; it means the level.
func groupName(g area.Group) string {
	if g.Name == "MAPPA 1" {
		return "MAPPA level 1"
	}
	return g.Name
}

// MAPPA records a MAPPA level (R100-R103).
func MAPPA(c *page.Ctx) error {
	var n link.NewMAPPA
	return task{
		title: "Record a MAPPA level", tab: frame.Links, button: "Save level", notice: "MAPPA level saved", may: authz.RecordCustody,
		guide:  "The level says how the person is managed. The category says why, and is another thing.",
		preset: func(f *form.Form, _ frame.Person) { f.Set("from_on", c.Today().Typed()) },
		read: func(f *form.Form) {
			level, _ := strconv.Atoi(f.Choice("level", "Level", form.Required, "1", "2", "3", "0"))
			category, _ := strconv.Atoi(f.Choice("category", "Category", form.Optional, "1", "2", "3", "4"))
			n = link.NewMAPPA{Level: level, Category: category, From: f.PastDate("from_on", "Date from which it holds", form.Required, c.Today()),
				Note: f.Prose("note", "Note", form.Optional), Source: f.Line("source", "Source", form.Required)}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := link.RecordMAPPA(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return mappaFields(f) },
	}.serve(c)
}
