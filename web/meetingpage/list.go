package meetingpage

import (
	"context"
	"strconv"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

type listView struct {
	coming []month
	past   []meeting.Meeting
	more   bool // there are more to come than are listed
	skip   int
	plans  bool
	clocks map[ref.MeetingID]meeting.Deadline // of the past ones whose clock this person sees
	today  clock.Date
	actor  authz.Actor
}

// List is the meetings that are coming and those that were held.
func List(c *page.Ctx) error {
	skip, err := strconv.Atoi(c.Query("skip"))
	if err != nil || skip < 0 {
		skip = 0
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (listView, audit.Seen, error) {
		v := listView{skip: skip, actor: c.Actor, plans: c.Actor.May(authz.RunMeetings)}
		coming, err := meeting.Coming(ctx, q)
		if err != nil {
			return v, audit.Nobody(), err
		}
		v.coming, v.more = byMonth(coming), len(coming) == meeting.ComingMost
		if v.past, err = meeting.Past(ctx, q, skip); err == nil {
			v.today = q.Today()
			v.clocks, err = meeting.Deadlines(ctx, q, v.past)
		}
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	return c.Render(listPage(c.Chrome("Meetings", nil), v))
}

// clock is how a past meeting stands with the circulation of its plans and actions, for
// those who run its meetings.
func (v listView) clock(m meeting.Meeting) string {
	d, ok := v.clocks[m.ID]
	if !ok || !v.actor.MayIn(authz.RunMeetings, int64(m.Area)) {
		return ""
	}
	return d.Words(v.today)
}

func (v listView) paging() ui.Paging {
	var p ui.Paging
	if v.skip > 0 {
		p.Prev = "/meetings?skip=" + strconv.Itoa(max(0, v.skip-meeting.PastMost))
	}
	if len(v.past) == meeting.PastMost {
		p.Next = "/meetings?skip=" + strconv.Itoa(v.skip+meeting.PastMost)
	}
	return p
}

// month is the meetings of one month.
type month struct {
	name     string
	meetings []meeting.Meeting
}

// byMonth parts meetings, which are in order, by their months.
func byMonth(all []meeting.Meeting) []month {
	var months []month
	for _, m := range all {
		name := m.HeldOn.At(12, 0).Format("January 2006")
		if len(months) == 0 || months[len(months)-1].name != name {
			months = append(months, month{name: name})
		}
		last := &months[len(months)-1]
		last.meetings = append(last.meetings, m)
	}
	return months
}

// dayAndTime is when a meeting is held, as a list of a month has it.
func dayAndTime(on clock.Date, starts string) string {
	return on.At(12, 0).Format("Mon 2 January 2006") + " at " + starts
}
