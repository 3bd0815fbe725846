package meetingpage

import (
	"context"

	"iom/internal/casework/meeting"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

const calendarType = "text/calendar; charset=utf-8"

// CalendarFile is a meeting as a file for somebody's calendar.
func CalendarFile(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	m, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, audit.Seen, error) {
		m, err := meeting.Get(ctx, q, id)
		return m, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	return c.Download("meeting-"+m.HeldOn.String()+".ics", calendarType, meeting.CalendarFile(m, c.Origin(), c.Now()))
}

// Calendar is what a calendar program gets at somebody's own address, without signing
// in: what, when and where, and nothing of any case.
func Calendar(c *page.Ctx) error {
	file, err := meeting.CalendarAt(c.Context(), c.DB, c.Param("token"), c.Origin())
	if err != nil {
		return err
	}
	return c.Download("iom-meetings.ics", calendarType, file)
}

const addressPath = "/account/calendar"

// AddressPage says whether one's calendar has an address, and makes or ends it.
func AddressPage(c *page.Ctx) error {
	type standing struct {
		meeting.Address
		has bool
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v standing, seen audit.Seen, err error) {
		v.Address, v.has, err = meeting.AddressOf(ctx, q)
		return v, audit.Nobody(), err
	})
	if err != nil {
		return err
	}
	since := ""
	if v.has {
		since = v.Since.In(clock.London).Format("2 January 2006 at 15:04")
	}
	return c.Render(addressPage(addressChrome(c, "Your meetings in another calendar"), since, c.Hidden(), c.Hidden()))
}

// MakeAddress makes an address and shows it, this once. It is the answer itself, not a
// page to go to: nobody finds it again.
func MakeAddress(c *page.Ctx) error {
	token, err := meeting.MakeAddress(c.Context(), c.DB, c.Submission())
	if err != nil {
		return err
	}
	return c.Render(madeAddressPage(addressChrome(c, "The address of your calendar"), c.Origin()+"/calendar/"+token))
}

// EndAddress ends it at once.
func EndAddress(c *page.Ctx) error {
	if err := meeting.EndAddress(c.Context(), c.DB, c.Submission()); err != nil {
		return err
	}
	return c.SeeOther(addressPath, "The address no longer works")
}

func addressChrome(c *page.Ctx, title string) ui.Chrome {
	chrome := c.Chrome(title, nil)
	chrome.Back = ui.Link{Text: "Your account", Href: "/account"}
	return chrome
}

// fileWords is what the link to a meeting's file says.
func fileWords(m meeting.Meeting) string {
	if m.CancelledAt != nil {
		return "Take it out of your calendar (.ics)"
	}
	return "Put it into your calendar (.ics)"
}
