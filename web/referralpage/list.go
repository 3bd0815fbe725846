package referralpage

import (
	"context"
	"slices"
	"strconv"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// The tabs of the list.
const (
	unfinished = "unfinished"
	awaiting   = "awaiting"
	decided    = "decided"
)

// decidedEach is how many decided referrals stand on one page.
const decidedEach = 50

// listView is the referrals of the reader's areas.
type listView struct {
	chrome   ui.Chrome
	tab      string
	tabs     []ui.NavItem
	rows     []referral.Summary
	f        *form.Form
	areas    []ui.Option
	applied  []ui.Applied
	paging   ui.Paging
	manyArea bool
}

// List is the referrals to finish, awaiting a decision, and decided.
func List(c *page.Ctx) error {
	tab := c.Query("show")
	if tab != awaiting && tab != decided {
		tab = unfinished
	}
	chosen, _ := ref.Parse[ref.AreaID](c.Query("area"))
	before, _ := ref.Parse[ref.ReferralID](c.Query("before"))
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (listView, audit.Seen, error) {
		v, err := readList(ctx, q, tab, chosen, before)
		ids := []ref.NominalID{}
		for _, r := range v.rows {
			ids = append(ids, r.Nominal)
		}
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	v.f = form.Blank()
	v.f.Set("area", ref.Text(chosen))
	v.f.ID("area", "Area", form.Optional)
	v.chrome = c.Chrome("Referrals", nil)
	v.chrome.Wide = true
	return c.Render(listPage(v))
}

func readList(ctx context.Context, q *db.ReadTx, tab string, chosen ref.AreaID, before ref.ReferralID) (v listView, err error) {
	v.tab = tab
	own := referral.AreasReferring(q)
	tree, err := area.Tree(ctx, q)
	if err != nil {
		return v, err
	}
	areas := v.choose(tree, own, chosen)
	open, err := referral.Unfinished(ctx, q, areas)
	if err != nil {
		return v, err
	}
	waiting, err := referral.Undecided(ctx, q, areas)
	if err != nil {
		return v, err
	}
	v.tabs = []ui.NavItem{
		{Text: "To finish", Href: listAddress(unfinished, chosen), Number: strconv.Itoa(len(open)), Current: tab == unfinished},
		{Text: "Awaiting a decision", Href: listAddress(awaiting, chosen), Number: strconv.Itoa(len(waiting)), Current: tab == awaiting},
		{Text: "Decided", Href: listAddress(decided, chosen), Current: tab == decided},
	}
	switch tab {
	case unfinished:
		v.rows = open
	case awaiting:
		v.rows = waiting
	default:
		if v.rows, err = referral.Ended(ctx, q, areas, before, decidedEach+1); err != nil {
			return v, err
		}
		if len(v.rows) > decidedEach {
			v.rows = v.rows[:decidedEach]
			v.paging.Next = listAddress(decided, chosen) + "&before=" + ref.Text(v.rows[decidedEach-1].ID)
		}
		if before != 0 {
			v.paging.Prev = listAddress(decided, chosen)
		}
	}
	return v, nil
}

// choose narrows the reader's areas to those under the one chosen, and offers
// what can be chosen.
func (v *listView) choose(tree []area.Area, own []ref.AreaID, chosen ref.AreaID) []ref.AreaID {
	for _, a := range tree {
		if a.Leaf && slices.Contains(own, a.ID) {
			v.areas = append(v.areas, ui.Option{Value: ref.Text(a.ID), Text: a.Path})
		}
		if a.ID == chosen {
			v.applied = []ui.Applied{{Text: "Area: " + a.Path, Without: "?show=" + v.tab}}
		}
	}
	v.manyArea = len(v.areas) > 1
	if len(v.applied) == 0 {
		return own
	}
	var narrowed []ref.AreaID
	for _, a := range area.Leaves(tree, chosen) {
		if slices.Contains(own, a.ID) {
			narrowed = append(narrowed, a.ID)
		}
	}
	return narrowed
}

func listAddress(tab string, chosen ref.AreaID) string {
	at := "/referrals?show=" + tab
	if chosen != 0 {
		at += "&area=" + ref.Text(chosen)
	}
	return at
}

// empty says that a tab has nothing.
func (v listView) empty() string {
	return map[string]string{unfinished: "No referral is waiting to be finished.", awaiting: "No referral awaits a decision.",
		decided: "No referral has been decided."}[v.tab]
}

// on is the day that matters on the tab.
func (v listView) on(r referral.Summary) string {
	switch {
	case v.tab == unfinished:
		return moment(r.SavedAt)
	case v.tab == awaiting:
		return moment(r.SubmittedAt)
	case r.DecidedAt.IsZero():
		return moment(r.SavedAt)
	}
	return moment(r.DecidedAt)
}

func (v listView) when() string {
	return map[string]string{unfinished: "Last saved", awaiting: "Submitted", decided: "Decided"}[v.tab]
}
