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
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

type displayView struct {
	meeting.Shown
	person frame.Person // of the case
	said   caseView     // for its notes
	today  clock.Date
}

// Display is the meeting on the wall: the case that it has before it, and of the
// others only how many there are.
func Display(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (displayView, audit.Seen, error) {
		v, seen, err := readDisplay(ctx, q, id, c.Display)
		return v, c.Glance(seen, int64(v.Case.Item.Nominal)), err
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	return c.Render(displayPage(c.Chrome("Display of "+v.Meeting.HeldOn.Long(), nil), v))
}

func readDisplay(ctx context.Context, q *db.ReadTx, id ref.MeetingID, screen int64) (displayView, audit.Seen, error) {
	v := displayView{today: q.Today()}
	var err error
	if screen != 0 {
		if err := meeting.MayShow(ctx, q, id, screen); err != nil {
			return v, audit.Nobody(), err
		}
	}
	if v.Shown, err = meeting.Display(ctx, q, id); err != nil || v.At == 0 {
		return v, audit.Nobody(), err
	}
	if v.person, err = frame.Load(ctx, q, v.Case.Item.Nominal); err != nil {
		return v, audit.Nobody(), err
	}
	v.said = caseView{Case: v.Case, now: q.Now(), today: v.today}
	return v, v.person.Seen(), nil
}

// StartDisplay gives the session of this browser up for showing the meeting.
func StartDisplay(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	screen, err := meeting.StartDisplay(c.Context(), c.DB, c.Submission(), id)
	if err != nil {
		return signFirst(c, id, err)
	}
	if err := c.Sessions.Display(c.Context(), screen); err != nil {
		return fault.Down(err)
	}
	return c.SeeOther(at(id, "display"), "")
}

// DisplayCode makes a code for the screen of the room and shows it, this once. It is the
// answer itself, not a page to go to: nobody finds it again.
func DisplayCode(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	code, err := meeting.MakeDisplayCode(c.Context(), c.DB, c.Submission(), id)
	if err != nil {
		return signFirst(c, id, err)
	}
	chrome := c.Chrome("Code for the screen of the room", nil)
	chrome.Back = ui.Link{Text: "Back to the record sheet", Href: at(id, sheetPart)}
	return c.Render(displayCodePage(chrome, id, code, c.Origin()+"/sign-in?display"))
}

// EndDisplays ends every screen of the meeting.
func EndDisplays(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := meeting.EndDisplays(c.Context(), c.DB, c.Submission(), id); err != nil {
		return signFirst(c, id, err)
	}
	return c.SeeOther(at(id, sheetPart), "The displays have been ended")
}

// caseID is the case on the wall, for the script that keeps it up to date.
func (v displayView) caseID() string {
	if v.At == 0 {
		return "0"
	}
	return ref.Text(v.Case.Item.Nominal)
}

// who is the person's age and who leads, in one line.
func (v displayView) who() string {
	if lead := v.person.Lead(); lead != "" {
		return v.person.Born() + ". Lead: " + lead
	}
	return v.person.Born()
}

// done counts the cases that are finished.
func (v displayView) done() int {
	n := 0
	for _, d := range v.Done {
		if d {
			n++
		}
	}
	return n
}

// silent are the agencies with an interest in the case, or at the meeting, that have
// said nothing yet (R59).
func (v displayView) silent() string {
	var names []string
	for _, a := range v.Case.Voices {
		if !a.Spoke {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, ", ")
}

// screensMost is how much of a list fits on a wall.
const screensMost = 6

func (v displayView) changes() []meeting.News {
	return v.Case.Changes[:min(len(v.Case.Changes), screensMost)]
}
