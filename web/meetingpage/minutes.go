package meetingpage

import (
	"context"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/page"
	"iom/web/ui"
)

type minutesView struct {
	meeting.Minutes
	digest string
	hidden ui.FormHidden
	stale  bool
	paper  bool
	copied string // who made the copy and when, on paper
}

// Minutes are the minutes as they stand: a draft, or approved.
func Minutes(c *page.Ctx) error { return drawMinutes(c, false, false) }

// PrintMinutes are the minutes on paper.
func PrintMinutes(c *page.Ctx) error { return drawMinutes(c, true, false) }

// ApproveMinutes approves the minutes that were read.
func ApproveMinutes(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = meeting.Approve(c.Context(), c.DB, c.Submission(), id, c.R.PostFormValue("digest"))
	switch {
	case err == nil:
		return c.SeeOther(at(id, minutesPart), "Minutes approved")
	case fault.KindOf(err) == fault.Stale:
		return drawMinutes(c, false, true)
	}
	if err := c.Form().Take(err); err != nil {
		return signFirst(c, id, err)
	}
	return drawMinutes(c, false, false)
}

func drawMinutes(c *page.Ctx, paper, stale bool) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (minutesView, audit.Seen, error) {
		v := minutesView{paper: paper, stale: stale, copied: c.Actor.Name + ", " + c.Now().In(clock.London).Format("2 January 2006, 15:04")}
		var err error
		if v.Minutes, err = meeting.MinutesOf(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		v.digest, err = meeting.Digest(v.Minutes)
		ids := make([]ref.NominalID, len(v.Entries))
		for i, e := range v.Entries {
			ids[i] = e.Nominal
		}
		return v, audit.Listed(ids), err
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	v.hidden = c.Hidden()
	v.hidden.Extra = []ui.Hidden{{Name: "digest", Value: v.digest}}
	f := c.Form()
	chrome := c.Chrome("Minutes of "+v.Meeting.HeldOn.Long(), f)
	chrome.Print = paper
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	switch {
	case stale:
		return c.Stale(minutesPage(chrome, v))
	case f.IsSubmitted():
		return c.Redraw(minutesPage(chrome, v))
	}
	return c.Render(minutesPage(chrome, v))
}

// may says whether this person approves the minutes now.
func (v minutesView) may() bool {
	return !v.paper && v.Standing.Chairs && v.Meeting.State() == meeting.StateClosed
}

// status says how far the minutes are.
func (v minutesView) status() string {
	_, _, approved, _ := moment(v.Meeting)
	switch v.Meeting.State() {
	case meeting.StateApproved:
		return "Approved on " + approved + "."
	case meeting.StateClosed:
		return "Draft, from what was recorded at the meeting. The chair has not approved it yet."
	}
	return "Draft: the meeting is still open."
}

// born is the date of birth beside a name.
func born(e meeting.Entry) string {
	if e.Born.IsZero() {
		return ""
	}
	return ", born " + e.Born.Long()
}

// shareOf lists who attended in one state of the roll-call.
func (v minutesView) shareOf(state string) []string {
	var all []string
	for _, a := range v.Attendees {
		if a.State == state {
			who := a.Name + ", " + a.AgencyName
			if a.Guest {
				who += " (guest)"
			}
			all = append(all, who)
		}
	}
	return all
}

func silent(e meeting.Entry) string { return strings.Join(e.Silent, ", ") }
