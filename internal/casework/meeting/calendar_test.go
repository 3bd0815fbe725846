package meeting_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

var stamp = time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)

// events reads a calendar file back, and holds its lines to RFC 5545: CR LF at the end
// of each, at most 75 octets, no letter cut in two.
func events(t *testing.T, file []byte) (method string, all map[string]*ics.VEvent) {
	t.Helper()
	if !bytes.HasSuffix(file, []byte("END:VCALENDAR\r\n")) {
		t.Fatalf("the file ends with %q", file[max(0, len(file)-20):])
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range cal.CalendarProperties {
		if p.IANAToken == string(ics.PropertyMethod) {
			method = p.Value
		}
	}
	all = map[string]*ics.VEvent{}
	for _, e := range cal.Events() {
		all[e.Id()] = e
	}
	return method, all
}

func property(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

// TestCalendarFileOfAMeeting: R52. What, when in London's time, where, and the way to it;
// the same event at each change, with a higher number; taken out when cancelled; nobody's
// name. A place in long words, of wide letters and of what has a meaning in the file,
// comes back as it was.
func TestCalendarFileOfAMeeting(t *testing.T) {
	t.Parallel()
	m := meeting.Meeting{ID: 7, AreaName: "Brighton & Hove", Kind: meeting.Operational, HeldOn: clock.NewDate(2026, 6, 2), Starts: "10:00", Version: 1,
		Place: "Town Hall; room 3, \\back\" " + strings.Repeat("Straße ", 20) + "\x1b", ChairName: "Cora Chairwell", JointName: "Jo Jointly"}
	for name, c := range map[string]struct {
		change                      func(*meeting.Meeting)
		method, status, starts, seq string
	}{
		"in summer":                   {func(*meeting.Meeting) {}, "PUBLISH", "CONFIRMED", "20260602T090000Z", "0"},
		"in winter":                   {func(m *meeting.Meeting) { m.HeldOn, m.Version = clock.NewDate(2026, 12, 1), 3 }, "PUBLISH", "CONFIRMED", "20261201T100000Z", "2"},
		"the last day of summer time": {func(m *meeting.Meeting) { m.HeldOn = clock.NewDate(2026, 10, 24) }, "PUBLISH", "CONFIRMED", "20261024T090000Z", "0"},
		"cancelled":                   {func(m *meeting.Meeting) { m.Version, m.CancelledAt = 3, &stamp }, "CANCEL", "CANCELLED", "20260602T090000Z", "3"},
	} {
		m := m
		c.change(&m)
		file := meeting.CalendarFile(m, "https://iom.example.org:8443", stamp)
		method, all := events(t, file)
		e := all["meeting-7@iom.example.org"]
		if len(all) != 1 || e == nil {
			t.Errorf("%s: %d events", name, len(all))
			continue
		}
		got := []string{method, property(e, ics.ComponentPropertyStatus), property(e, ics.ComponentPropertyDtStart), property(e, ics.ComponentPropertySequence)}
		if want := []string{c.method, c.status, c.starts, c.seq}; strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for what, want := range map[ics.ComponentProperty]string{
			ics.ComponentPropertySummary: "Referral and Operational meeting, Brighton & Hove", ics.ComponentPropertyDtstamp: "20260601T080000Z",
			ics.ComponentPropertyLocation: "Town Hall; room 3, \\back\" " + strings.TrimSpace(strings.Repeat("Straße ", 20)),
			ics.ComponentPropertyUrl:      "https://iom.example.org:8443/meetings/7",
		} {
			if got := property(e, what); got != want {
				t.Errorf("%s: %s is %q, want %q", name, what, got, want)
			}
		}
		if strings.Contains(string(file), "Chairwell") || strings.Contains(string(file), "Jointly") {
			t.Errorf("%s: the file names somebody", name)
		}
	}
}

// TestTheCalendarAtAnAddress: the meetings to which somebody is invited, and those of the
// areas of who runs meetings, for as long as the address, the account and the role last.
// Of the address nothing is kept by which it could be used (security.md 24).
func TestTheCalendarAtAnAddress(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	ctx, admin := t.Context(), d.As(authz.Administrator, d.Force)
	issue := func(r authz.Role) string {
		t.Helper()
		token, err := meeting.MakeAddress(ctx, d.DB, d.as(r))
		must(t, err)
		return token
	}
	at := func(token string) int {
		t.Helper()
		file, err := meeting.CalendarAt(ctx, d.DB, token, "https://iom.example.org")
		if fault.KindOf(err) == fault.NotFound {
			return -1
		}
		must(t, err)
		method, all := events(t, file)
		if method != "PUBLISH" || strings.Contains(string(file), "Eastwood") {
			t.Errorf("%s, or names somebody: %s", method, file)
		}
		return len(all)
	}
	police, probation, chair := issue(authz.Police), issue(authz.Probation), issue(authz.Chair)
	elsewhere, err := meeting.MakeAddress(ctx, d.DB, d.As(authz.Coordinator, d.North))
	must(t, err)
	if p, q, c, e := at(police), at(probation), at(chair), at(elsewhere); p != 7 || q != 0 || c != 7 || e != 0 {
		t.Errorf("invited to 7: %d; to none: %d; runs 7: %d; runs none: %d", p, q, c, e)
	}
	must(t, meeting.Cancel(ctx, d.DB, d.as(authz.Coordinator), d.slots()[0].Meeting, "Snow"))
	if n := at(police); n != 7 {
		t.Errorf("%d with the cancelled one, want 7", n)
	}
	if n := d.scan(`SELECT count(*) FROM calendar_address WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%'`, police); n != 0 {
		t.Error("the address is kept")
	}
	again := issue(authz.Police)
	if old, n := at(police), at(again); old != -1 || n != 7 {
		t.Errorf("after another was made the first gives %d, the other %d", old, n)
	}
	must(t, meeting.EndAddress(ctx, d.DB, d.as(authz.Police)))
	if n := at(again); n != -1 {
		t.Errorf("ended, it gives %d", n)
	}
	must(t, account.Disable(ctx, d.DB, admin, d.account(authz.Probation)))
	if n := at(probation); n != -1 {
		t.Errorf("of a disabled account it gives %d", n)
	}
	grants, err := grantsOf(d, authz.Chair)
	must(t, err)
	must(t, account.EndGrant(ctx, d.DB, admin, d.account(authz.Chair), grants[0].ID))
	if n := at(chair); n != -1 {
		t.Errorf("without a role it gives %d", n)
	}
	for _, bad := range []string{"", "no-such-address", chair + "x"} {
		if n := at(bad); n != -1 {
			t.Errorf("%q gives %d", bad, n)
		}
	}
	if _, err := meeting.MakeAddress(ctx, d.DB, d.As(authz.Analyst, d.East)); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an analyst's address: %v", err)
	}
}
