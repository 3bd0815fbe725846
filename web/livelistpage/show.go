// Package livelistpage is the live list: everybody on the scheme, with what is
// late, in the order and under the filters that somebody asks for.
package livelistpage

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
)

// view is what the page shows.
type view struct {
	livelist.Page
	livelist.Offers
	filter livelist.Filter
	number int // of the page, from 0
	print  bool
	by     string // who prints, and when
	anew   bool   // the list is being worked out anew
}

// Show is the live list.
func Show(c *page.Ctx) error {
	v := parse(c)
	limit := livelist.PerPage
	if v.print {
		limit = livelist.PrintMost
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (view, audit.Seen, error) {
		today := q.Today()
		batch := &pgx.Batch{}
		v.filter.Queue(batch, today, v.number*limit, limit)
		livelist.QueueOffers(batch, c.Actor, today)
		livelist.QueueAnew(batch)
		results := q.SendBatch(ctx, batch)
		var err error
		v.Page, err = livelist.Read(results, today, v.number*limit, limit)
		if err == nil {
			v.Offers, err = livelist.ReadOffers(results)
		}
		if err == nil {
			v.anew, err = livelist.ReadAnew(results)
		}
		err = errors.Join(err, results.Close())
		ids := make([]ref.NominalID, len(v.Rows))
		for i := range v.Rows {
			ids[i] = v.Rows[i].Nominal
		}
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome("Live list", nil)
	chrome.Wide = true
	if v.print {
		chrome.Print = true
		v.by = c.Actor.Name + ", " + c.Now().In(clock.London).Format("2 January 2006 at 15:04")
		return c.Render(printPage(chrome, v))
	}
	return c.Render(listPage(chrome, v))
}

// parse reads the address; what makes no sense is left out.
func parse(c *page.Ctx) view {
	q := c.R.URL.Query()
	var v view
	v.filter.Custody = q.Get("tab") == "custody"
	v.filter.Area, _ = ref.Parse[ref.AreaID](q.Get("area"))
	v.filter.Rating, _ = rag.Parse(q.Get("rating"))
	if v.filter.Rating.Rank() == 0 {
		v.filter.Rating = ""
	}
	v.filter.Agency, _ = ref.Parse[ref.AgencyID](q.Get("agency"))
	v.filter.Lead, _ = ref.Parse[ref.AccountID](q.Get("lead"))
	v.filter.Group, _ = ref.Parse[ref.GroupID](q.Get("group"))
	if due := livelist.Due(q.Get("due")); slices.Contains(livelist.Dues, due) {
		v.filter.Due = due
	}
	name, desc := strings.CutPrefix(q.Get("sort"), "-")
	if sort := livelist.Sort(name); slices.Contains(livelist.Sorts, sort) {
		v.filter.Sort, v.filter.Desc = sort, desc
	} else {
		v.filter.Sort = firstSort(v.filter.Custody)
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 {
		v.number = min(n-1, 100_000)
	}
	v.print = q.Get("print") == "yes"
	if v.print {
		v.number = 0
	}
	return v
}

// firstSort is the order of a tab before anybody asks for another: the most urgent
// first, and in custody the next release first.
func firstSort(custody bool) livelist.Sort {
	if custody {
		return livelist.ByRelease
	}
	return livelist.ByRating
}

// address is that of the list under a filter.
func address(f livelist.Filter, number int) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Custody {
		set("tab", "custody")
	}
	set("area", ref.Text(f.Area))
	set("rating", string(f.Rating))
	set("agency", ref.Text(f.Agency))
	set("lead", ref.Text(f.Lead))
	set("group", ref.Text(f.Group))
	set("due", string(f.Due))
	set("sort", sortWord(f))
	if number > 0 {
		set("page", strconv.Itoa(number+1))
	}
	if len(values) == 0 {
		return "/live-list"
	}
	return "/live-list?" + values.Encode()
}

// sortWord is the order as it stands in an address; empty for the first one.
func sortWord(f livelist.Filter) string {
	switch {
	case f.Desc:
		return "-" + string(f.Sort)
	case f.Sort != firstSort(f.Custody):
		return string(f.Sort)
	}
	return ""
}
