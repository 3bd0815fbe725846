package meetingpage

import (
	"context"
	"strconv"
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/meeting"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

type papersView struct {
	meeting.Papers
	today  clock.Date
	paper  bool
	copied string // who made the copy and when
}

// Papers are the pack of the meeting on screen.
func Papers(c *page.Ctx) error { return drawPapers(c, false) }

// PrintPapers are the pack on paper, a side for each case.
func PrintPapers(c *page.Ctx) error { return drawPapers(c, true) }

// drawPapers shows all cases at once; the log has every one of them, and by the
// address whether they were made for print.
func drawPapers(c *page.Ctx, paper bool) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (papersView, audit.Seen, error) {
		v := papersView{today: q.Today(), paper: paper, copied: "Copy made by " + c.Actor.Name + ", " + c.Now().In(clock.London).Format("2 January 2006, 15:04")}
		var err error
		if v.Papers, err = meeting.PapersOf(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		return v, audit.Listed(v.Nominals()), nil
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	chrome := c.Chrome("Papers of "+v.Meeting.HeldOn.Long(), nil)
	chrome.Print = paper
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	return c.Render(papersPage(chrome, v))
}

// since says from when the changes are counted.
func (v papersView) since() string {
	if v.SinceOn.IsZero() {
		return "Recorded so far"
	}
	return "Changed since the meeting of " + v.SinceOn.Long()
}

// bornOn is when somebody was born, and who leads the case.
func bornOn(p meeting.Paper) string {
	var parts []string
	if !p.Born.IsZero() {
		parts = append(parts, "Born "+p.Born.Long())
	}
	if p.Lead != "" {
		parts = append(parts, "Lead: "+p.Lead)
	}
	return strings.Join(parts, ". ")
}

// foot stands under every sheet of a case: a second one that comes apart from the first
// still says whose it is.
func (v papersView) foot(i int, p meeting.Paper) string {
	if v.copied == "" {
		return ""
	}
	return strconv.Itoa(i+1) + ". " + p.Name + ". " + v.copied
}

// owner is who does an action, and by when.
func owner(a action.Action) string {
	text := a.AgencyName
	if a.AccountName != "" {
		text += ", " + a.AccountName
	}
	text += ", due " + a.DueOn.Short()
	if a.Carried > 0 {
		text += ", carried over " + count(a.Carried, "time", "times")
	}
	return text
}
