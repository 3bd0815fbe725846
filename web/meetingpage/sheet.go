package meetingpage

import (
	"context"

	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/page"
	"iom/web/ui"
)

type sheetView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	lines    []meeting.Line
	business []escalation.Escalation
	screens  []meeting.Screen
	own      func() ui.FormHidden
}

// Sheet is the running order of the meeting.
func Sheet(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (sheetView, audit.Seen, error) {
		var v sheetView
		var err error
		if v.meeting, v.standing, v.lines, err = meeting.Sheet(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if !v.standing.Guest {
			if v.business, err = meeting.Business(ctx, q, v.meeting); err != nil {
				return v, audit.Nobody(), err
			}
		}
		v.screens, err = meeting.Screens(ctx, q, id)
		items := make([]meeting.Item, len(v.lines))
		for i, l := range v.lines {
			items[i] = l.Item
		}
		return v, seen(items), err
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	v.own = c.OwnHidden
	chrome := c.Chrome("Record sheet of "+v.meeting.HeldOn.Long(), nil)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	return c.Render(sheetPage(chrome, v))
}

// first is the case to begin with: the first where something is missing.
func (v sheetView) first() (meeting.Line, bool) {
	for _, l := range v.lines {
		if !l.Done {
			return l, true
		}
	}
	if len(v.lines) == 0 {
		return meeting.Line{}, false
	}
	return v.lines[0], true
}

func (v sheetView) open() bool { return v.meeting.State() == meeting.StateOpen }

func (v sheetView) done() int {
	n := 0
	for _, l := range v.lines {
		if l.Done {
			n++
		}
	}
	return n
}
