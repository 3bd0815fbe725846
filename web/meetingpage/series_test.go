package meetingpage_test

import (
	"net/http"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
)

// TestASeriesThroughThePages: R52, R53, R54. Started, its meetings scanned by month, one
// moved and one cancelled with their reasons, the series changed and ended.
func TestASeriesThroughThePages(t *testing.T) {
	t.Parallel()
	h := enter(t) // 1 June 2026, a Monday
	const list, form = "/meetings/series", "/meetings/series/new"
	h.co.Get(list).Must(200).Has("No series of meetings has been started")
	started := typed("area", ref.Text(h.East), "every", "month by weekday", "nth", "1", "weekday", "2", "from", "1/6/2026", "starts", "10am", "place", "Police station",
		"chair", h.account(authz.Chair), "member", h.account(authz.Police))
	wrong := typed("area", ref.Text(h.East), "every", "weeks", "starts", "10am", "place", "Hub", "from", "1/6/2026", "chair", h.account(authz.Chair))
	h.co.Submit(form, form, wrong).Must(http.StatusUnprocessableEntity).Has("Choose every how many weeks", "Choose a weekday from Monday to Friday", "East Sussex later met fortnightly")
	at := h.co.Submit(form, form, started).Must(http.StatusSeeOther).Location
	h.co.Get(at).Must(200).Has("The first Tuesday of every month", "Tue 2 June 2026 at 10:00", "Tue 1 December 2026", "For 6 months")
	h.co.Get(list).Must(200).Has("The first Tuesday of every month", "East Sussex", "Goes on", "2 Jun 2026")

	all := h.police.Get("/meetings").Must(200).Has("June 2026", "Tue 2 June 2026 at 10:00", "December 2026", "Referral and Operational meeting")
	all.Lacks("Start a series", "Series of meetings")
	var meetings []string
	for _, link := range all.Links() {
		if id, ok := strings.CutPrefix(link, "/meetings/"); ok && !strings.Contains(id, "/") {
			meetings = append(meetings, link)
		}
	}
	if len(meetings) != 7 {
		t.Fatalf("%d meetings, want 7: %v", len(meetings), meetings)
	}
	h.police.Get(meetings[0]).Must(200).Has("7 July 2026", "Put it into your calendar")
	july := meetings[1]
	h.co.Get(july + "/change").Must(200).Has("This meeting is one of a series").Lacks("Date of the meeting after this one")
	moved := typed("held_on", "9/7/2026", "starts", "10:00", "place", "Police station", "chair", h.account(authz.Chair))
	h.co.Submit(july+"/change", july+"/change", moved).Must(http.StatusUnprocessableEntity).Has("Enter the reason why this meeting of the series is moved")
	moved.Set("reason", "The chair is in court")
	moved.Set("ends", "9.30am")
	h.co.Submit(july+"/change", july+"/change", moved).Must(http.StatusUnprocessableEntity).Has("The meeting must end later than it starts, on the same day")
	moved.Set("ends", "12.30")
	h.co.Submit(july+"/change", july+"/change", moved).Must(http.StatusSeeOther)
	h.co.Submit(meetings[2]+"/cancel", meetings[2]+"/cancel", typed("reason", "Nobody is there in August")).Must(http.StatusSeeOther)
	h.co.Get(at).Must(200).Has("Moved from 7 July 2026: The chair is in court", "Cancelled: Nobody is there in August")
	h.co.Get(meetings[0]).Must(200).Has("9 July 2026", "10:00 to 12:00")
	h.co.Get(july).Must(200).Has("10:00 to 12:30")

	change := started
	change.Del("area")
	change.Set("place", "Town Hall")
	change.Set("reason", "The station is closed")
	change.Set("ends", "1pm")
	h.co.Submit(at+"/change", at+"/change", change).Must(http.StatusSeeOther)
	h.co.Get(meetings[3]).Must(200).Has("Town Hall", "10:00 to 13:00")
	h.co.Submit(at+"/end", at+"/end", typed("last_on", "30/9/2026", "reason", "Merged with Brighton")).Must(http.StatusSeeOther)
	h.co.Get(at).Must(200).Has("Until 30 Sep 2026", "Merged with Brighton").Lacks("October")
	h.As(t, h.Account(authz.Coordinator, h.North)).Get(at).Must(http.StatusNotFound)
	h.police.Get(at).Must(http.StatusForbidden)
}

// TestAMeetingInACalendar: R52. The file of a meeting, and the address of somebody's own
// calendar, which works without signing in until it is ended and is shown once.
func TestAMeetingInACalendar(t *testing.T) {
	t.Parallel()
	h := enter(t)
	at := h.plan()
	h.co.Get(at+"/calendar").Must(200).Has("BEGIN:VEVENT", "METHOD:PUBLISH", "DTSTART:20260601T090000Z", "DTEND:20260601T110000Z", "LOCATION:Police station")
	const own = "/account/calendar"
	h.co.Get("/account").Must(200).Has("Your meetings in another calendar")
	h.co.Get(own).Must(200).Has("Make an address").Lacks("End the address")
	body := h.co.Get(own).Form(own).Values
	made := h.co.Do(http.MethodPost, own, body, nil).Must(200)
	_, rest, _ := strings.Cut(made.Text("main"), "/calendar/")
	token := strings.Fields(rest)[0]
	if len(token) != 43 {
		t.Fatalf("the address ends with %q", token)
	}
	stranger := h.Stranger(t)
	if a := stranger.Get("/calendar/" + token).Must(200); !strings.Contains(a.Body, "BEGIN:VEVENT") || strings.Contains(a.Body, "Parker") {
		t.Errorf("the calendar is %s", a.Body)
	}
	h.co.Do(http.MethodPost, own, body, nil).Must(http.StatusUnprocessableEntity).Lacks(token)
	h.co.Get(own).Must(200).Has("Your calendar has had an address since 1 June 2026").Lacks(token)
	h.co.Submit(own, own+"/end", nil).Must(http.StatusSeeOther)
	gone := stranger.Get("/calendar/" + token).Must(http.StatusNotFound)
	never := stranger.Get("/calendar/never-was").Must(http.StatusNotFound)
	if gone.Text("main") != never.Text("main") {
		t.Error("an address that has ended can be told from one that never was")
	}
	h.As(t, h.Account(authz.Analyst, h.East)).Get(own).Must(http.StatusForbidden)
}
