package livelistpage

import (
	"bytes"
	"strconv"
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/web/ui"
)

// crowded is a full page under filters that offer much.
func crowded() (ui.Chrome, view) {
	today := clock.NewDate(2026, 6, 1)
	v := view{filter: livelist.Filter{Sort: livelist.ByRating}}
	v.Page = livelist.Page{Live: livelist.CountMost + 1, Custody: 312, More: true, Today: today}
	for i := range livelist.PerPage {
		r := livelist.Row{Nominal: ref.NominalID(1000 + i), Rating: rag.Ratings[i%5], Ratified: i%7 > 0, Family: "Larkrise", Given: "Jo",
			Born: clock.NewDate(1990, 1, 1+i), LeadName: "Robin Eastwood", AgencyName: "Probation Service", Status: "licence",
			StatusEnds: today.AddDays(200 - 10*i), MAPPA: i % 3, Groups: []ref.GroupID{ref.GroupID(i % 9)}, ReviewDue: today.AddDays(i - 10),
			Open: 2, ActionDues: []clock.Date{today.AddDays(i - 20), today.AddDays(i)}, NextAction: today.AddDays(i - 20), LastContact: today.AddDays(-i),
			LastVisit: today.AddDays(-2 * i), VisitDue: today.AddDays(7 - i)}
		if i%3 == 0 {
			r.Warnings = []string{"Violent", "Weapons"}
		}
		v.Rows = append(v.Rows, r)
	}
	for i := range 60 {
		v.Leads = append(v.Leads, livelist.Offer{ID: int64(i), Name: "Worker " + strconv.Itoa(i)})
	}
	for i := range 9 {
		v.Groups = append(v.Groups, livelist.Offer{ID: int64(i), Name: "Group " + strconv.Itoa(i), Note: "G" + strconv.Itoa(i)})
	}
	return ui.Chrome{Title: "Live list", Wide: true, Nonce: "nonce", CSRF: "token", Person: "Casey Eastwood"}, v
}

// BenchmarkPage draws the page, without the database. What it allocates is most of
// what the live list costs the server.
func BenchmarkPage(b *testing.B) {
	chrome, v := crowded()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := listPage(chrome, v).Render(b.Context(), &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
