package meetingpage

import (
	"context"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// OpenPage asks once more before the agenda is kept as it stands.
func OpenPage(c *page.Ctx) error { return drawOpen(c, c.Form()) }

// Open opens the meeting.
func Open(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	_, err = meeting.Open(c.Context(), c.DB, c.Submission(), id)
	if err == nil {
		return c.SeeOther(at(id, sheetPart), "The meeting is open")
	}
	if err := f.Take(err); err != nil {
		return err
	}
	return drawOpen(c, f)
}

func drawOpen(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (showView, audit.Seen, error) {
		v, err := readShow(ctx, q, id)
		if err == nil {
			err = db.Must(q, authz.RunMeetings, int64(v.meeting.Area))
		}
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	chrome := c.Chrome("Open the meeting", f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f.IsSubmitted() {
		return c.Redraw(openPage(chrome, v, c.Hidden()))
	}
	return c.Render(openPage(chrome, v, c.Hidden()))
}

type closeView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	gaps     []meeting.Gap
	stale    []staleCase    // what nobody has updated for a month (R70)
	left     []meeting.Item // for the next meeting, each with its reason (R65)
	form     *form.Form
	hidden   ui.FormHidden
}

// staleCase is a case with what of it nobody has updated for a month.
type staleCase struct {
	meeting.Item
	what []meeting.Stale
}

// staleText says what was not updated, and when it was.
func staleText(x meeting.Stale) string {
	if x.Last.IsZero() {
		return x.What + ": nothing recorded yet (" + meeting.RuleUpdated + ")"
	}
	return x.What + ": last updated on " + x.Last.Long() + " (" + meeting.RuleUpdated + ")"
}

// notUpdated says of each case what was not updated, and leads to where it is put right.
func (v closeView) notUpdated() []ui.Link {
	var all []ui.Link
	for _, c := range v.stale {
		words := make([]string, len(c.what))
		for i, x := range c.what {
			words[i] = strings.ToLower(x.What[:1]) + x.What[1:] + " last updated on " + x.Last.Long()
			if x.Last.IsZero() {
				words[i] = strings.ToLower(x.What[:1]) + x.What[1:] + " never recorded"
			}
		}
		part := "needs"
		if c.what[0].What == meeting.Interventions {
			part = "actions"
		}
		all = append(all, ui.Link{Text: c.Name + ": " + strings.Join(words, "; "), Href: caseAt(v.meeting.ID, c.Nominal, "") + "#" + part})
	}
	return all
}

// ClosePage is what is missing, each with the place where it is put right.
func ClosePage(c *page.Ctx) error { return drawClose(c, c.Form()) }

// Close closes the meeting.
func Close(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	why := f.Prose("reason", "Reason", form.Optional)
	if f.OK() {
		err := meeting.Close(c.Context(), c.DB, c.Submission(), id, why)
		if err == nil {
			return c.SeeOther(at(id, minutesPart), "The meeting is closed")
		}
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	return drawClose(c, f)
}

func drawClose(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (closeView, audit.Seen, error) {
		v := closeView{form: f}
		var err error
		var lines []meeting.Line
		if v.meeting, v.standing, lines, err = meeting.Sheet(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		if err := db.Must(q, authz.RunMeetings, int64(v.meeting.Area)); err != nil {
			return v, audit.Nobody(), err
		}
		items := make([]meeting.Item, len(lines))
		for i, l := range lines {
			items[i] = l.Item
		}
		v.left = meeting.LeftOffOf(items)
		stale, err := meeting.NotUpdatedOf(ctx, q, v.meeting, items)
		if err != nil {
			return v, audit.Nobody(), err
		}
		for _, i := range items {
			if x := stale[i.Nominal]; len(x) > 0 {
				v.stale = append(v.stale, staleCase{i, x})
			}
		}
		if v.gaps, err = meeting.Missing(ctx, q, v.meeting); err != nil {
			return v, audit.Nobody(), err
		}
		ids := []ref.NominalID{}
		for _, i := range v.left {
			ids = append(ids, i.Nominal)
		}
		for _, x := range v.stale {
			ids = append(ids, x.Nominal)
		}
		for _, g := range v.gaps {
			if g.Nominal != 0 {
				ids = append(ids, g.Nominal)
			}
		}
		return v, audit.Listed(ids), nil
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	if !f.IsSubmitted() {
		f.Prose("reason", "Reason", form.Optional)
	}
	v.hidden = c.Hidden()
	chrome := c.Chrome("Close the meeting", f)
	chrome.Back = ui.Link{Text: "Back to the record sheet", Href: at(id, sheetPart)}
	if f.IsSubmitted() {
		return c.Redraw(closePage(chrome, v))
	}
	return c.Render(closePage(chrome, v))
}

// attention is what is missing as a list of links.
func (v closeView) attention() []ui.Attention {
	var all []ui.Attention
	for _, g := range v.gaps {
		href := caseAt(v.meeting.ID, g.Nominal, "") + "#" + g.Part
		if g.Escalation != 0 {
			href = "/escalations/" + ref.Text(g.Escalation)
		}
		all = append(all, ui.Attention{Text: g.Name + ": " + g.Text, Why: g.Rule + ", " + meeting.Heading(g.Rule), Href: href})
	}
	return all
}

// mayClose says whether this person may close the meeting as it stands.
func (v closeView) mayClose() bool { return len(v.gaps) == 0 || v.standing.Chairs }
