package meeting_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/job"
	"iom/internal/platform/migrate"
)

// diary is a scheme with a series of East Sussex: the first Tuesday of every month at
// 10:00. Today is 1 June 2026, a Monday.
type diary struct {
	*fixture.Scheme
	t  *testing.T
	id ref.SeriesID
}

func begin(t *testing.T, s *fixture.Scheme) *diary {
	t.Helper()
	d := &diary{Scheme: s, t: t}
	for _, r := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation} {
		s.Account(r, s.East)
	}
	id, err := meeting.StartSeries(t.Context(), s.DB, d.as(authz.Coordinator), meeting.NewSeries{Area: s.East, Kind: meeting.Operational, Terms: d.terms(1, time.Tuesday)})
	must(t, err)
	d.id = id
	return d
}

func (d *diary) as(r authz.Role) db.Submission { return d.As(r, d.East) }
func (d *diary) account(r authz.Role) ref.AccountID {
	return ref.AccountID(d.Account(r, d.East).Account)
}

func (d *diary) terms(nth int, weekday time.Weekday) meeting.Terms {
	return meeting.Terms{Rhythm: meeting.Rhythm{Every: meeting.MonthByWeekday, Nth: nth, Weekday: weekday}, From: clock.Today(d.Clock), Starts: "10:00",
		Place: "Police station", Chair: d.account(authz.Chair), Members: []ref.AccountID{d.account(authz.Police), d.account(authz.Coordinator)}}
}

// slots are the meetings of the series as the co-ordinator sees them.
func (d *diary) slots() []meeting.Slot {
	d.t.Helper()
	all, err := fixture.Read(d.t, d.Scheme, d.Account(authz.Coordinator, d.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Slot, error) {
		return meeting.Slots(ctx, q, d.id, clock.NewDate(2000, 1, 1))
	})
	must(d.t, err)
	return all
}

// stands fails unless the series has these meetings: the day, an arrow to the next
// meeting, and "cancelled".
func (d *diary) stands(when string, want ...string) {
	d.t.Helper()
	var got []string
	for _, s := range d.slots() {
		line := s.HeldOn.String()[5:] + ">" + s.NextOn.String()[5:]
		if s.Cancelled {
			line = s.HeldOn.String()[5:] + " cancelled"
		}
		got = append(got, line)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		d.t.Errorf("%s:\n got %s\nwant %s", when, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func (d *diary) get(id ref.MeetingID) meeting.Meeting {
	d.t.Helper()
	m, err := fixture.Read(d.t, d.Scheme, d.Account(authz.Coordinator, d.East), func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, error) {
		return meeting.Get(ctx, q, id)
	})
	must(d.t, err)
	return m
}

// move moves a meeting of the series by hand.
func (d *diary) move(id ref.MeetingID, to clock.Date, reason string) error {
	m := d.get(id)
	return meeting.Change(d.t.Context(), d.DB, d.as(authz.Coordinator), id, m.Version,
		meeting.New{HeldOn: to, Starts: m.Starts, Place: m.Place, Chair: m.Chair, Reason: reason})
}

// TestASeriesPlansItselfAhead: R52. Six months from the day on which it is made, each
// with its members (R56), each leading to the next one.
func TestASeriesPlansItselfAhead(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	d.stands("made", "06-02>07-07", "07-07>08-04", "08-04>09-01", "09-01>10-06", "10-06>11-03", "11-03>12-01", "12-01>01-05")
	m := d.get(d.slots()[0].Meeting)
	attendees, err := fixture.Read(t, d.Scheme, d.Account(authz.Coordinator, d.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Attendee, error) {
		return meeting.Attendees(ctx, q, m.ID)
	})
	must(t, err)
	who := map[ref.AccountID]bool{}
	for _, a := range attendees {
		who[a.Account] = true
	}
	if len(who) != 3 || !who[d.account(authz.Chair)] || !who[d.account(authz.Police)] || !who[d.account(authz.Coordinator)] {
		t.Errorf("attendees %+v", attendees)
	}
	if m.Kind != meeting.Operational || m.Starts != "10:00" || m.Place != "Police station" || m.Chair != d.account(authz.Chair) {
		t.Errorf("planned %+v", m)
	}
	// Two at once in one area are allowed, and one of the past is planned by hand.
	_, err = meeting.StartSeries(t.Context(), d.DB, d.as(authz.Coordinator), meeting.NewSeries{Area: d.East, Kind: meeting.Practitioners, Terms: d.terms(1, time.Tuesday)})
	must(t, err)
	late, err := meeting.Plan(t.Context(), d.DB, d.as(authz.Coordinator), meeting.New{Area: d.East, Kind: meeting.Operational, HeldOn: clock.NewDate(2026, 5, 5),
		Starts: "10:00", Place: "Police station", Chair: d.account(authz.Chair)})
	must(t, err)
	if got := d.get(late).NextOn; got != clock.NewDate(2026, 6, 2) {
		t.Errorf("after the one recorded late comes %s, want the series' first", got)
	}
}

// TestWhatSomebodyMovedOrCancelledStays: the series neither moves it back nor plans it
// again, and the meeting before it looks as far as the new day (R52).
func TestWhatSomebodyMovedOrCancelledStays(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	july, august := d.slots()[1].Meeting, d.slots()[2].Meeting
	if err := d.move(july, clock.NewDate(2026, 7, 9), " "); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "reason" {
		t.Errorf("moved without a reason: %v", err)
	}
	must(t, d.move(july, clock.NewDate(2026, 7, 9), "The chair is in court"))
	must(t, meeting.Cancel(t.Context(), d.DB, d.as(authz.Coordinator), august, "Nobody is there in August"))
	want := []string{"06-02>07-09", "07-09>09-01", "08-04 cancelled", "09-01>10-06", "10-06>11-03", "11-03>12-01", "12-01>01-05"}
	d.stands("moved and cancelled", want...)
	if n := d.scan(`SELECT count(*) FROM meeting_change WHERE meeting_id = $1 AND held_on = '2026-07-07' AND reason = 'The chair is in court' AND series_version IS NULL`, july); n != 1 {
		t.Errorf("%d rows keep what July was", n)
	}
	// The series changes its place: what was decided by hand stays.
	terms := d.terms(1, time.Tuesday)
	terms.Place = "Town Hall"
	must(t, meeting.ChangeSeries(t.Context(), d.DB, d.as(authz.Coordinator), d.id, 1, terms, "The station is closed"))
	d.stands("at another place", want...)
	if place, other := d.get(july).Place, d.get(d.slots()[3].Meeting).Place; place != "Police station" || other != "Town Hall" {
		t.Errorf("July at %q, September at %q", place, other)
	}
	// A meeting moved onto the day of the next one leads past it.
	must(t, d.move(july, clock.NewDate(2026, 9, 1), "Later"))
	d.stands("two on one day", "06-02>09-01", "08-04 cancelled", "09-01>10-06", "09-01>10-06", "10-06>11-03", "11-03>12-01", "12-01>01-05")
}

// scan reads one number as the application's own hand.
func (d *diary) scan(sql string, args ...any) (n int) {
	d.t.Helper()
	n, err := fixture.Read(d.t, d.Scheme, d.Account(authz.Coordinator, d.East), func(ctx context.Context, q *db.ReadTx) (n int, err error) {
		err = q.QueryRow(ctx, sql, args...).Scan(&n)
		return n, err
	})
	must(d.t, err)
	return n
}

// TestAChangedSeries: from its first day on meetings move within their month, and those
// of months or weeks that it no more names are cancelled; what it was before stays. Back
// again they are planned anew. It ends with its last day (R52, R54).
func TestAChangedSeries(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	ctx, co := t.Context(), d.as(authz.Coordinator)
	terms := d.terms(3, time.Thursday)
	terms.From = clock.NewDate(2026, 8, 1)
	must(t, meeting.ChangeSeries(ctx, d.DB, co, d.id, 1, terms, "The chair has another duty"))
	d.stands("from August on Thursdays", "06-02>07-07", "07-07>08-20", "08-20>09-17", "09-17>10-15", "10-15>11-19", "11-19>12-17")
	refused(t, "a stale change", meeting.ChangeSeries(ctx, d.DB, co, d.id, 1, terms, "Again"), fault.Stale)
	refused(t, "without a reason", meeting.ChangeSeries(ctx, d.DB, co, d.id, 2, terms, ""), fault.Invalid)
	terms.From = clock.NewDate(2026, 5, 31)
	refused(t, "from yesterday", meeting.ChangeSeries(ctx, d.DB, co, d.id, 2, terms, "Back"), fault.Invalid)

	fortnightly := d.terms(0, time.Thursday)
	fortnightly.Rhythm = meeting.Rhythm{Every: meeting.Weeks, Weeks: 2, Weekday: time.Thursday}
	fortnightly.From = clock.NewDate(2026, 11, 1)
	must(t, meeting.ChangeSeries(ctx, d.DB, co, d.id, 2, fortnightly, "Too much for one meeting"))
	d.stands("fortnightly from November", "06-02>07-07", "07-07>08-20", "08-20>09-17", "09-17>10-15", "10-15>11-05", "11-05>11-19", "11-19>12-03")
	back := d.terms(1, time.Tuesday)
	back.From = clock.NewDate(2026, 10, 20)
	must(t, meeting.ChangeSeries(ctx, d.DB, co, d.id, 3, back, "It was enough"))
	d.stands("monthly again", "06-02>07-07", "07-07>08-20", "08-20>09-17", "09-17>10-15", "10-15>11-03", "11-03>12-01", "12-01>01-05")
	refused(t, "ended yesterday", meeting.EndSeries(ctx, d.DB, co, d.id, 4, clock.NewDate(2026, 5, 31), "Merged"), fault.Invalid)
	must(t, meeting.EndSeries(ctx, d.DB, co, d.id, 4, clock.NewDate(2026, 9, 30), "Merged with Brighton"))
	d.stands("ended", "06-02>07-07", "07-07>08-20", "08-20>09-17", "09-17>10-19") // a month by the area's cadence: 17 October is a Saturday
	refused(t, "ended again", meeting.EndSeries(ctx, d.DB, co, d.id, 4, clock.NewDate(2026, 9, 30), "Merged"), fault.Invalid)
	refused(t, "changed after its end", meeting.ChangeSeries(ctx, d.DB, co, d.id, 4, d.terms(1, time.Tuesday), "More"), fault.Invalid)
	if n := d.scan(`SELECT count(*) FROM meeting_cancellation WHERE reason = 'The series of meetings ends: Merged with Brighton'`); n != 3 {
		t.Errorf("%d meetings say why they are cancelled, want 3", n)
	}
}

// TestWhoeverCountsOnAMeetingKeepsIt: the series leaves what somebody has signed for.
func TestWhoeverCountsOnAMeetingKeepsIt(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	first := d.slots()[0].Meeting
	statement, err := fixture.Read(t, d.Scheme, d.Account(authz.Police, d.East), func(ctx context.Context, q *db.ReadTx) (meeting.Statement, error) {
		return meeting.StatementFor(ctx, q, d.East)
	})
	must(t, err)
	must(t, meeting.Sign(t.Context(), d.DB, d.as(authz.Police), first, statement.ID, "Police"))
	must(t, meeting.EndSeries(t.Context(), d.DB, d.as(authz.Coordinator), d.id, 1, clock.Today(d.Clock), "Over"))
	d.stands("ended today", "06-02>07-02")
}

// TestOnlyWhoRunsMeetingsHasSeries: R59, and those of one's own areas alone.
func TestOnlyWhoRunsMeetingsHasSeries(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	ctx := t.Context()
	for name, s := range map[string]db.Submission{"police": d.as(authz.Police), "another area": d.As(authz.Coordinator, d.North)} {
		_, err := meeting.StartSeries(ctx, d.DB, s, meeting.NewSeries{Area: d.East, Kind: meeting.Operational, Terms: d.terms(1, time.Tuesday)})
		refused(t, name+" starts one", err, fault.Forbidden)
		refused(t, name+" changes it", meeting.ChangeSeries(ctx, d.DB, s, d.id, 1, d.terms(2, time.Tuesday), "Why not"), fault.NotFound)
		refused(t, name+" ends it", meeting.EndSeries(ctx, d.DB, s, d.id, 1, clock.Today(d.Clock), "Why not"), fault.NotFound)
	}
}

// TestTheSeriesGoesOnByItself: R52, R53. The daily job plans what is due by then, once,
// as many months ahead as the area wants, and waits where the chair may not chair.
func TestTheSeriesGoesOnByItself(t *testing.T) {
	t.Parallel()
	d := begin(t, fixture.New(t))
	background, err := db.Open(t.Context(), db.Options{URL: d.TestDB.URL(migrate.Jobs), Clock: d.Clock, MaxConns: 2})
	must(t, err)
	t.Cleanup(background.Close)
	night := func() {
		t.Helper()
		d.Clock.Set(clock.Today(d.Clock).AddDays(1).At(5, 0))
		who, err := background.BackgroundOf(t.Context(), 0)
		must(t, err)
		must(t, meeting.PlanAhead(t.Context(), job.Task{Job: job.Job{Kind: meeting.Ahead}, DB: background, Actor: who.Actor, Try: 1}))
	}
	night()
	if n := len(d.slots()); n != 7 {
		t.Errorf("%d meetings the day after, want 7: up to 2 December", n)
	}
	d.Clock.Set(clock.NewDate(2026, 7, 4).At(12, 0))
	night()
	if all := d.slots(); len(all) != 8 || all[7].HeldOn != clock.NewDate(2027, 1, 5) || all[6].NextOn != all[7].HeldOn {
		t.Errorf("a month later %d meetings, want 8 with 5 January", len(all))
	}
	_, err = area.Choose(t.Context(), d.DB, d.As(authz.Administrator, d.Force), d.East, map[area.Key]string{area.MonthsAhead: "9"})
	must(t, err)
	night()
	night()
	if n := len(d.slots()); n != 11 {
		t.Errorf("%d meetings with nine months ahead, want 11", n)
	}
	grants, err := grantsOf(d, authz.Chair)
	must(t, err)
	must(t, account.EndGrant(t.Context(), d.DB, d.As(authz.Administrator, d.Force), d.account(authz.Chair), grants[0].ID))
	d.Clock.Set(clock.NewDate(2026, 9, 4).At(12, 0))
	night()
	if n := len(d.slots()); n != 11 {
		t.Errorf("%d meetings without a chair, want 11 as before", n)
	}
}

// grantsOf are the roles of East's account of a role.
func grantsOf(d *diary, r authz.Role) ([]account.Grant, error) {
	return fixture.Read(d.t, d.Scheme, d.Account(authz.Administrator, d.Force), func(ctx context.Context, q *db.ReadTx) ([]account.Grant, error) {
		return account.Grants(ctx, q, d.account(r))
	})
}
