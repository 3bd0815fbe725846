package nominalpage

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/insight/history"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// historyView is the tab of the history.
type historyView struct {
	frame.Person
	group  string
	events []history.Event
	paging ui.Paging
}

const historyEach = 40

// History is all that was recorded of a person, the latest first.
func History(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	number, group := pageNumber(c), c.Query("part")
	if !slices.Contains(history.Groups, group) {
		group = ""
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v historyView, seen audit.Seen, err error) {
		if v.Person, err = frame.Load(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.events, err = history.Of(ctx, q, id, group, (number-1)*historyEach, historyEach+1)
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	v.group = group
	v.events, v.paging = paged(v.events, v.At(frame.History)+"?part="+url.QueryEscape(group)+"&", number, historyEach)
	return c.Render(historyPage(c.Chrome("", nil), v))
}

// parts lead to the parts of the history; the first is all of it.
func (v historyView) parts() []ui.NavItem {
	items := []ui.NavItem{{Text: "All", Href: v.At(frame.History), Current: v.group == ""}}
	for _, g := range history.Groups {
		items = append(items, ui.NavItem{Text: upper(g), Href: v.At(frame.History) + "?part=" + url.QueryEscape(g), Current: g == v.group})
	}
	return items
}

func (v historyView) entries() []ui.Entry {
	all := make([]ui.Entry, len(v.events))
	for i, e := range v.events {
		entry := ui.Entry{Title: e.Title, By: e.By, When: e.On.Long(), Stamp: e.On.String(), Text: strings.TrimSpace(e.Text)}
		if e.Late() {
			entry.When += ", recorded " + shortDay(e.RecordedAt)
		}
		entry.Body = eventFoot(e)
		all[i] = entry
	}
	return all
}

func closedText(e history.Event) string {
	if e.Closed == "" {
		return ""
	}
	text := upper(e.Closed) + ": " + e.ClosedFor + ". " + e.ClosedBy
	if e.ClosedAt != nil {
		text += ", " + shortDay(*e.ClosedAt)
	}
	return text
}

// looksView is the page of who has looked. An auditor reads no casework, and sees
// the number of the nominal in place of the name.
type looksView struct {
	id      ref.NominalID
	listed  bool
	looks   []history.Look
	more    string
	full    bool // person is known
	person  frame.Person
	address string
}

const looksEach = 50

// WhoLooked says who has opened the record, and in which lists the name was shown.
func WhoLooked(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	before, _ := ref.Parse[int64](c.Query("before"))
	listed := c.Query("in") == "lists"
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v looksView, seen audit.Seen, err error) {
		scope, err := nominal.LookedScopeOf(ctx, q, id)
		if err != nil {
			return v, seen, err
		}
		v = looksView{id: id, listed: listed, full: c.Actor.MayIn(authz.ReadCases, int64(scope.Area))}
		if v.full {
			if v.person, err = frame.Load(ctx, q, id); err != nil {
				return v, seen, err
			}
		}
		v.looks, err = history.Looks(ctx, q, id, listed, before, looksEach+1)
		return v, audit.Opened(id, scope.Area), err
	})
	if err != nil {
		return err
	}
	v.address = frame.Person{ID: id}.At(frame.WhoLooked)
	if len(v.looks) > looksEach {
		v.looks = v.looks[:looksEach]
		v.more = v.address + "?before=" + ref.Text(v.looks[looksEach-1].ID)
		if listed {
			v.more += "&in=lists"
		}
	}
	if v.full {
		return c.Render(looksTab(c.Chrome("", nil), v))
	}
	return c.Render(looksPage(c.Chrome("Who has looked at nominal "+ref.Text(id), nil), v))
}

// kinds lead to openings and to lists.
func (v looksView) kinds() []ui.NavItem {
	return []ui.NavItem{{Text: "Opened", Href: v.address, Current: !v.listed}, {Text: "Seen in a list", Href: v.address + "?in=lists", Current: v.listed}}
}

// pageWords are the pages in words, by the route that the log holds.
var pageWords = map[string]string{
	"/nominals/{id}": "Overview", "/nominals/{id}/plan": "Plan and actions", "/nominals/{id}/needs": "Needs", "/nominals/{id}/contacts": "Contacts",
	"/nominals/{id}/custody": "Custody and sentence", "/nominals/{id}/reviews": "Reviews", "/nominals/{id}/links": "Links", "/nominals/{id}/history": "History",
	"/nominals/{id}/who-has-looked": "Who has looked", "/live-list": "Live list", "/actions": "Actions", "/": "Home", "/referrals": "Referrals",
	"/nominals/{id}/contacts/new": "Form: log a contact", "/nominals/{id}/actions/new": "Form: set an action", "/nominals/{id}/objectives/new": "Form: add an objective",
	"/nominals/{id}/needs/{pathway}": "Form: assess a need", "/nominals/{id}/drug-tests/new": "Form: record a drug test", "/nominals/{id}/drug-tests/{test}/share": "Form: share a drug test",
	"/nominals/{id}/intelligence/new": "Form: record intelligence", "/nominals/{id}/intelligence/{entry}/share": "Form: share intelligence",
	"/nominals/{id}/custody/new": "Form: record time in custody", "/nominals/{id}/custody/{spell}/expected": "Form: release date", "/nominals/{id}/custody/{spell}/move": "Form: move to another prison",
	"/nominals/{id}/custody/{spell}/release": "Form: release", "/nominals/{id}/status/new": "Form: statutory status", "/nominals/{id}/sentences/new": "Form: record a sentence",
	"/nominals/{id}/scores/new": "Form: record a score", "/nominals/{id}/links/mappa": "Form: MAPPA level", "/nominals/{id}/links/groups": "Form: priority groups",
	"/nominals/{id}/identity": "Form: identity", "/nominals/{id}/warnings/new": "Form: add a warning", "/nominals/{id}/aliases/new": "Form: add another name",
	"/nominals/{id}/addresses/new": "Form: add an address", "/nominals/{id}/phones/new": "Form: add a telephone number", "/nominals/{id}/equality": "Form: protected characteristics",
	"/nominals/{id}/facts/{fact}/{fact_id}": "Form: entered in error", "/nominals/{id}/rating": "Form: change the rating", "/nominals/{id}/wanted-alert": "Form: wanted alert",
	"/nominals/{id}/lead-worker": "Form: change the lead worker", "/nominals/{id}/checklist": "Checklists", "/nominals/{id}/review-rows": "Review rows",
	"/nominals/{id}/checklist/{registration}/{list}/{line}": "Form: checklist line", "/nominals/{id}/checklist/{registration}/{list}/{line}/error": "Form: checklist line in error",
	"/nominals/{id}/deregistration": "Deregistration", "/actions/{id}": "An action", "/contacts/new": "Form: whose contact", "/referrals/{id}": "Referral",
	"/referrals/{id}/{section}": "Referral: a section", "/referrals/{id}/check": "Referral: check and submit", "/referrals/{id}/print": "Referral: printed form",
	"/referrals/{id}/withdraw": "Form: withdraw a referral", "/referrals/found/{search}": "Referral: people found", "/search/{search}": "Search",
	"/meetings/{id}/agenda": "Agenda of a meeting", "/meetings/{id}/sheet": "Record sheet", "/meetings/{id}/sheet/{nominal}": "Record sheet: the case",
	"/meetings/{id}/sheet/{nominal}/deregister": "Form: deregister", "/meetings/{id}/minutes": "Minutes", "/meetings/{id}/minutes/print": "Minutes: printed", "/meetings/{id}": "Meeting",
	"/meetings/{id}/close": "Form: close a meeting", "/meetings/{id}/attendance": "Attendance of a meeting",
}

// pageWord is where somebody looked, in words where they are known.
func pageWord(route string) string {
	path := route
	if _, after, ok := strings.Cut(route, " "); ok {
		path = after
	}
	if word, ok := pageWords[path]; ok {
		return word
	}
	if rest, ok := strings.CutPrefix(path, "/nominals/{id}/"); ok {
		return "Page: " + strings.NewReplacer("/", ", ", "-", " ", "{", "", "}", "").Replace(rest)
	}
	return strings.NewReplacer("{", "", "}", "").Replace(path)
}
