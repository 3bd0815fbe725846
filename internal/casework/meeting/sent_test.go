package meeting_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
)

func (s *table) changes() meeting.Changes {
	s.t.Helper()
	items, err := s.items(authz.Coordinator)
	s.must(err)
	c, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Changes, error) {
		c, ok, err := meeting.SentCopy(ctx, q, s.id)
		if err == nil && !ok {
			s.t.Error("no copy was kept")
		}
		return meeting.ChangesFrom(c.Items, items), err
	})
	s.must(err)
	return c
}

// The chair agrees the agenda (R59), it is sent to everybody invited, and what changes
// from then on is marked: new, no longer due, another reason, left off.
func TestAgreedSentAndChanged(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	red, _ := s.Registered(t, s.East, "Redwood", "Jo", rag.Red)
	added, _ := s.Registered(t, s.East, "Added", "Jo", rag.Green)
	must(t, meeting.Add(ctx, s.DB, s.as(authz.Coordinator), s.id, added, "The landlord rang"))
	gone := s.referred("Gone")
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	send := func() (int, error) { return meeting.SendAgenda(ctx, s.DB, s.as(authz.Coordinator), s.id) }
	_, err := send()
	refused(t, "sending what the chair has not agreed", err, fault.Invalid)
	refused(t, "the co-ordinator agrees", meeting.AgreeAgenda(ctx, s.DB, s.as(authz.Coordinator), s.id), fault.Forbidden)
	must(t, meeting.AgreeAgenda(ctx, s.DB, s.as(authz.Chair), s.id))
	n, err := send()
	must(t, err)
	queued, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]mail.Status, error) {
		return mail.About(ctx, q, meeting.AgendaMail, int64(s.id))
	})
	must(t, err)
	if n != 3 || len(queued) != 3 {
		t.Errorf("%d messages to %d of three who attend", n, len(queued))
	}
	if c := s.changes(); c.Any() {
		t.Errorf("changed at once: %+v", c)
	}

	fresh, _ := s.Registered(t, s.East, "Fresh", "Jo", rag.Red)
	must(t, meeting.LeaveOff(ctx, s.DB, s.as(authz.Coordinator), s.id, red, "Discussed by the practitioners yesterday"))
	_, err = registration.Propose(ctx, s.DB, s.as(authz.Probation), registration.NewProposal{Nominal: added, Reason: "Moved away"})
	must(t, err)
	other := s.plan(s.East)
	first := s.id
	s.id = other
	s.sit(authz.Coordinator)
	s.open()
	must(t, meeting.DecideReferral(ctx, s.DB, s.as(authz.Coordinator), other, gone, meeting.ReferralDecision{Outcome: "rejected", Reason: "Managed elsewhere"}))
	s.id = first
	c := s.changes()
	if !c.New[fresh] || !c.LeftOff[red] || !c.Reasons[added] || len(c.Gone) != 1 || c.Gone[0].Nominal != gone || c.Gone[0].Name != "Gone, Jo" {
		t.Errorf("what changed since it was sent: %+v", c)
	}
	if len(c.New) != 1 || len(c.LeftOff) != 1 || len(c.Reasons) != 1 || len(c.Back) != 0 {
		t.Errorf("more than that is marked: %+v", c)
	}
	must(t, meeting.PutBack(ctx, s.DB, s.as(authz.Coordinator), s.id, red))
	if c := s.changes(); len(c.LeftOff) != 0 {
		t.Errorf("put back, and still marked: %+v", c)
	}
}

// The message names nobody: it says when and where, and how to read the agenda.
func TestTheMessageNamesNobody(t *testing.T) {
	t.Parallel()
	s := lay(t)
	s.Registered(t, s.East, "Redwood", "Jo", rag.Red)
	content, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (mail.Content, error) {
		c, _, err := meeting.ComposeAgenda("https://iom.example")(ctx, q, mail.Message{About: int64(s.id)})
		return c, err
	})
	must(t, err)
	if !strings.Contains(content.Text, "https://iom.example/meetings/"+ref.Text(s.id)+"/agenda") || !strings.Contains(content.Text, "1 June 2026") || !strings.Contains(content.Subject, "1 June 2026") || strings.Contains(content.Text+content.Subject, "Redwood") {
		t.Errorf("the message reads %q: %q", content.Subject, content.Text)
	}
}

// A RED that is left off is explained (R65), and so is an AMBER past its three months
// (R66): no reason, not left off; with one, it stands at the end of the agenda, in the
// minutes, and does not hold up the closing.
func TestLeftOffIsExplained(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	red, _ := s.Registered(t, s.East, "Redwood", "Jo", rag.Red)
	amber, _ := s.Registered(t, s.East, "Amberley", "Jo", rag.Amber)
	s.Clock.Set(clock.NewDate(2026, 9, 2).At(9, 0)) // a day past three months
	s.id = s.plan(s.East)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	off := func(n ref.NominalID, why string) error {
		return meeting.LeaveOff(ctx, s.DB, s.as(authz.Coordinator), s.id, n, why)
	}
	refused(t, "RED without a reason", off(red, " "), fault.Invalid)
	refused(t, "AMBER without a reason", off(amber, ""), fault.Invalid)
	refused(t, "a police officer leaves it off", meeting.LeaveOff(ctx, s.DB, s.as(authz.Police), s.id, red, "no time"), fault.Forbidden)
	must(t, off(red, "In hospital, nothing new"))
	must(t, off(amber, "The lead worker is away"))
	refused(t, "left off twice", off(red, "again"), fault.Invalid)
	s.open()
	items, err := s.items(authz.Coordinator)
	must(t, err)
	if len(items) != 2 || len(meeting.LeftOffOf(items)) != 2 || items[0].LeftOff == nil || items[0].LeftOff.Reason != "In hospital, nothing new" || items[0].LeftOff.By != "Casey Eastwood" {
		t.Fatalf("left off: %+v", items)
	}
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Errorf("missing though explained: %v", gaps)
	}
	must(t, meeting.PutBack(ctx, s.DB, s.as(authz.Coordinator), s.id, amber))
	if gaps := s.gaps(); len(gaps) != 1 || gaps[0].Rule != "R66" {
		t.Errorf("put back and not reviewed: %v", gaps)
	}
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Amber next time"))
	minutes, err := s.minutes(authz.Police)
	must(t, err)
	for _, e := range minutes.Entries {
		explained := len(e.Records) == 1 && e.Records[0].Kind == "Left off the agenda" && e.Records[0].Text == "In hospital, nothing new" && len(e.Silent) == 0
		if explained != (e.Nominal == red) {
			t.Errorf("minutes of %s: %+v", e.Name, e)
		}
	}
}

// Adopted from outside the force: RED for 56 days, lowered before only with a reason
// that is kept, and brought to a meeting when they are over (R93, R94). RED ALERT and
// PRISON stay possible.
func TestTransferredIn(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	n := s.referred("Incoming")
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	adopt := func(r rag.Rating, from registration.TransferIn, early string) error {
		return meeting.DecideReferral(ctx, s.DB, s.as(authz.Coordinator), s.id, n, meeting.ReferralDecision{Outcome: "adopted", Reason: "Agreed with Kent",
			Rating: r, RatingReason: "As in Kent", From: &from, Early: early,
			Lead: registration.Lead{Account: s.account(authz.Probation), Capacity: registration.ProbationOfficer}})
	}
	kent := registration.TransferIn{From: "Kent", AgreedOn: clock.NewDate(2026, 5, 20)}
	refused(t, "without the area", adopt(rag.Red, registration.TransferIn{AgreedOn: kent.AgreedOn}, ""), fault.Invalid)
	refused(t, "agreed in the future", adopt(rag.Red, registration.TransferIn{From: "Kent", AgreedOn: clock.NewDate(2026, 6, 2)}, ""), fault.Invalid)
	refused(t, "beginning at GREEN", adopt(rag.Green, kent, ""), fault.Invalid)
	must(t, adopt(rag.Red, kent, ""))
	rate := func(r rag.Rating, early string) error {
		return meeting.RateEarly(ctx, s.DB, s.as(authz.Coordinator), s.id, n, r, "Engages", nil, "", early)
	}
	refused(t, "AMBER on the day of adoption", rate(rag.Amber, ""), fault.Invalid)
	must(t, rate(rag.Prison, ""))
	must(t, rate(rag.RedAlert, ""))

	// 1 June + 56 days is 27 July.
	again := func(on clock.Date) {
		s.Clock.Set(on.At(9, 0))
		s.id = s.plan(s.East)
		s.sit(authz.Coordinator, authz.Chair)
		s.open()
	}
	again(clock.NewDate(2026, 7, 26))
	refused(t, "GREEN on the 55th day", rate(rag.Green, " "), fault.Invalid)
	must(t, rate(rag.Green, "Kent kept her at GREEN for a year"))
	kept, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (kept string, err error) {
		err = q.QueryRow(ctx, `SELECT string_agg(x.reason || ' ' || r.rating, '; ') FROM rag_early_lowering x JOIN rag_rating r ON r.id = x.rating_id`).Scan(&kept)
		return kept, err
	})
	must(t, err)
	if kept != "Kent kept her at GREEN for a year GREEN" {
		t.Errorf("kept: %q", kept)
	}
	again(clock.NewDate(2026, 7, 27))
	items, err := s.items(authz.Coordinator)
	must(t, err)
	if len(items) != 1 || !items[0].Has("R93") || items[0].Reasons[0].Since != clock.NewDate(2026, 7, 27) {
		t.Errorf("on the 56th day: %+v", items)
	}
	if gaps := s.gaps(); len(gaps) != 1 || gaps[0].Rule != "R93" {
		t.Errorf("the review after eight weeks is owed: %v", gaps)
	}
	must(t, rate(rag.Amber, ""))
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Errorf("reviewed: %v", gaps)
	}
	again(clock.NewDate(2026, 7, 28))
	items, err = s.items(authz.Coordinator)
	must(t, err)
	if len(items) != 0 {
		t.Errorf("after the review: %+v", items)
	}
}

// Of ratings between meetings the one that stands is brought to be ratified (R50); one
// that another has taken the place of since is history.
func TestOnlyTheRatingThatStandsIsRatified(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Jo", rag.Amber)
	between := func(by authz.Role, r rag.Rating) {
		t.Helper()
		s.Clock.Advance(time.Hour)
		_, err := review.RateBetween(t.Context(), s.DB, s.as(by), review.Between{Nominal: n, Rating: r, Reason: "Said of " + string(r)})
		must(t, err)
	}
	between(authz.Police, rag.RedAlert)
	between(authz.Probation, rag.Red)
	s.sit(authz.Coordinator, authz.Chair)
	items, err := s.items(authz.Coordinator)
	must(t, err)
	var told []string
	for _, r := range items[0].Reasons {
		if r.Rule == "R50" {
			told = append(told, r.Text)
		}
	}
	if len(told) != 1 || told[0] != "Rated RED between meetings: to be ratified" {
		t.Errorf("to ratify: %q", told)
	}
	s.open()
	c, err := s.caseOf(authz.Coordinator, n)
	must(t, err)
	if len(c.Waiting) != 1 || c.Waiting[0].Rating != rag.Red {
		t.Errorf("on the sheet: %+v", c.Waiting)
	}
	must(t, meeting.Rate(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, rag.Red, "Agreed by all", nil, ""))
	if gaps := s.gaps(); len(gaps) != 0 {
		t.Errorf("the meeting has rated the case itself, and still owes %v", gaps)
	}
}
