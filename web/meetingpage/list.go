package meetingpage

import (
	"context"
	"strconv"

	"iom/internal/casework/meeting"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

type listView struct {
	coming, past []meeting.Meeting
	skip         int
	plans        bool
}

// List is the meetings that are coming and those that were held.
func List(c *page.Ctx) error {
	skip, err := strconv.Atoi(c.Query("skip"))
	if err != nil || skip < 0 {
		skip = 0
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (listView, audit.Seen, error) {
		v := listView{skip: skip, plans: c.Actor.May(authz.RunMeetings)}
		var err error
		if v.coming, err = meeting.Coming(ctx, q); err != nil {
			return v, audit.Nobody(), err
		}
		v.past, err = meeting.Past(ctx, q, skip)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	return c.Render(listPage(c.Chrome("Meetings", nil), v))
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
