package meeting_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// moveTo moves the meeting by hand.
func (s *table) moveTo(id ref.MeetingID, day clock.Date) {
	s.t.Helper()
	m, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, error) {
		return meeting.Get(ctx, q, id)
	})
	s.must(err)
	s.must(meeting.Change(s.t.Context(), s.DB, s.as(authz.Coordinator), id, m.Version,
		meeting.New{HeldOn: day, Starts: m.Starts, Place: m.Place, Chair: m.Chair, Reason: "The room is being painted"}))
}

// count asks as nobody whom a policy stops.
func (s *table) count(sql string, args ...any) (n int) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.TestDB.URL("postgres"))
	s.must(err)
	s.must(conn.QueryRow(s.t.Context(), sql, args...).Scan(&n))
	s.must(conn.Close(s.t.Context()))
	return n
}

// TestAMovedMeetingMovesItsGuests: R58. A guest's sight of the named case ends 14 days
// after the meeting, also after one that was moved: by three weeks later, the guest still
// reads the case the day after the new day, and until the fourteenth day after it, and
// not on the fifteenth. What was open before stays on the record.
func TestAMovedMeetingMovesItsGuests(t *testing.T) {
	t.Parallel()
	s := lay(t) // on 1 June 2026
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	taken, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	guest := s.account(authz.Guest)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, guest, []ref.NominalID{n, taken}))
	must(t, s.sign(authz.Guest))
	s.Clock.Set(clock.NewDate(2026, 6, 1).At(15, 0))
	must(t, meeting.EndGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, guest, taken))
	s.moveTo(s.id, clock.NewDate(2026, 6, 22))
	for _, c := range []struct {
		day  clock.Date
		sees bool
	}{
		{clock.NewDate(2026, 6, 2), true}, {clock.NewDate(2026, 6, 16), true}, // 15 days after the former day
		{clock.NewDate(2026, 6, 23), true}, {clock.NewDate(2026, 7, 6), true}, {clock.NewDate(2026, 7, 7), false},
	} {
		s.Clock.Set(c.day.At(12, 0))
		if got := s.sees(authz.Guest, n); got != c.sees {
			t.Errorf("on %s the guest sees the case: %t, want %t", c.day, got, c.sees)
		}
		if s.sees(authz.Guest, taken) {
			t.Errorf("on %s the guest sees again what was taken away", c.day)
		}
	}
	if rows := s.count(`SELECT count(*) FROM nominal_access WHERE kind = 'guest' AND nominal_id = $1 AND account_id = $2`, n, guest); rows != 2 {
		t.Errorf("%d rows of access, want 2: the first one ended, another begun", rows)
	}
	if rows := s.count(`SELECT count(*) FROM log_event WHERE command = 'meeting.move guests' AND operation = 'disclose' AND nominals = ARRAY[$1::bigint]`, n); rows != 1 {
		t.Errorf("%d events say that the case stays open for longer, want 1", rows)
	}
}

// TestAMeetingMovedForwardAndBack: R58, R62. Moved to an earlier day the access ends
// earlier; to a day long past, at once; and to a later one it goes on. Whoever has not
// signed still has to.
func TestAMeetingMovedForwardAndBack(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{n}))
	s.moveTo(s.id, clock.NewDate(2026, 6, 8))
	if s.sees(authz.Guest, n) {
		t.Error("moving the meeting opens the case before the signature (R62)")
	}
	must(t, s.sign(authz.Guest))
	if !s.sees(authz.Guest, n) {
		t.Error("the signature does not open the case of a meeting that was moved")
	}
	s.moveTo(s.id, clock.NewDate(2026, 5, 20))
	s.Clock.Set(clock.NewDate(2026, 6, 3).At(12, 0))
	if !s.sees(authz.Guest, n) {
		t.Error("14 days after the earlier day the guest sees nothing")
	}
	s.Clock.Set(clock.NewDate(2026, 6, 4).At(12, 0))
	if s.sees(authz.Guest, n) {
		t.Error("15 days after the earlier day the guest still sees the case")
	}
	s.moveTo(s.id, clock.NewDate(2026, 4, 1)) // typed wrongly
	s.moveTo(s.id, clock.NewDate(2026, 7, 1))
	s.Clock.Set(clock.NewDate(2026, 7, 15).At(12, 0))
	if !s.sees(authz.Guest, n) {
		t.Error("put right, the access does not go on")
	}
}

// TestAnotherMeetingOfTheSameDayKeepsItsGuest: R58. Two meetings of one day name the same
// guest for the same case; one is moved to an earlier day. The other still gives sight of
// the case until 14 days after it.
func TestAnotherMeetingOfTheSameDayKeepsItsGuest(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other := s.plan(s.East)
	for _, id := range []ref.MeetingID{s.id, other} {
		must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), id, s.account(authz.Guest), []ref.NominalID{n}))
	}
	must(t, s.sign(authz.Guest))
	s.moveTo(other, clock.NewDate(2026, 5, 19))
	s.Clock.Set(clock.NewDate(2026, 6, 15).At(12, 0))
	if !s.sees(authz.Guest, n) {
		t.Error("the meeting that was moved took the access of the other with it")
	}
	refused(t, "a guest moves the meeting", meeting.Change(t.Context(), s.DB, s.as(authz.Guest), s.id, 1, meeting.New{}), fault.Forbidden)
}

// TestAMovedMeetingGivesNobodyElsesCase: R58. Whom another area has taken over is that area's to show:
// a meeting that East moves leaves the guest's last day where it was.
func TestAMovedMeetingGivesNobodyElsesCase(t *testing.T) {
	t.Parallel()
	s := lay(t) // on 1 June 2026
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{n}))
	must(t, s.sign(authz.Guest))
	s.takenOver(n, s.Brighton)
	s.moveTo(s.id, clock.NewDate(2026, 9, 1))
	for day, sees := range map[clock.Date]bool{clock.NewDate(2026, 6, 15): true, clock.NewDate(2026, 6, 16): false, clock.NewDate(2026, 9, 10): false} {
		s.Clock.Set(day.At(12, 0))
		if got := s.sees(authz.Guest, n); got != sees {
			t.Errorf("on %s the guest sees the case: %t, want %t", day, got, sees)
		}
	}
}

// TestAMovedMeetingWaitsForItsOwnSignature: R62. Of two meetings of a day to which a guest is invited
// for the same case, the guest signed for one; the other is moved, and opens the case when they sign for it.
func TestAMovedMeetingWaitsForItsOwnSignature(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	invite := func(id ref.MeetingID) {
		must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), id, s.account(authz.Guest), []ref.NominalID{n}))
	}
	invite(s.id)
	must(t, s.sign(authz.Guest))
	other := s.plan(s.East)
	invite(other)
	s.moveTo(other, clock.NewDate(2026, 9, 1))
	s.Clock.Set(clock.NewDate(2026, 8, 31).At(12, 0))
	if s.sees(authz.Guest, n) {
		t.Error("the guest sees the case without having signed for the meeting that was moved")
	}
	s.id = other
	must(t, s.sign(authz.Guest))
	if !s.sees(authz.Guest, n) {
		t.Error("the guest has signed, and does not see the case")
	}
}

// TestASignatureOpensItsOwnMeeting: R62. Signing for a meeting opens nothing for longer than 14 days
// after it, though the guest is invited for the same case to a later one.
func TestASignatureOpensItsOwnMeeting(t *testing.T) {
	t.Parallel()
	s := lay(t) // on 1 June 2026
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	later := s.plan(s.East)
	s.moveTo(later, clock.NewDate(2026, 9, 1))
	for _, id := range []ref.MeetingID{s.id, later} {
		must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), id, s.account(authz.Guest), []ref.NominalID{n}))
	}
	must(t, s.sign(authz.Guest))
	s.Clock.Set(clock.NewDate(2026, 6, 16).At(12, 0))
	if s.sees(authz.Guest, n) {
		t.Error("the guest still sees the case 15 days after the meeting that they signed for")
	}
}

// takenOver makes another area responsible for somebody, who was referred there before.
func (s *table) takenOver(n ref.NominalID, by ref.AreaID) {
	s.t.Helper()
	s.Account(authz.Coordinator, by)
	s.count(`WITH x AS (INSERT INTO nominal_access (nominal_id, area_id, kind, starts, recorded_by) VALUES ($1, $2, 'referral', '2020-01-01', 1) RETURNING 1) SELECT count(*) FROM x`, n, by)
	_, err := db.Write(s.t.Context(), s.DB, s.As(authz.Coordinator, by), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test", Nominals: []int64{int64(n)}})
		_, err := tx.Exec(ctx, `SELECT take_responsibility($1, $2, $3)`, n, by, tx.Now())
		return true, err
	})
	s.must(err)
}
