package meeting_test

import (
	"context"
	"sync"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func insertBetween(ctx context.Context, tx *db.Tx, reg ref.RegistrationID, n ref.NominalID) (ref.RatingID, error) {
	return review.Insert(ctx, tx, review.New{Registration: reg, Nominal: n, Rating: rag.Red, Reason: "Intelligence"})
}

// papers opens everything of the meeting that shows a case.
func (s *table) papers(r authz.Role, n ref.NominalID) map[string]error {
	_, minutes := s.minutes(r)
	_, one := s.caseOf(r, n)
	_, sheet := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Line, error) {
		_, _, lines, err := meeting.Sheet(ctx, q, s.id)
		return lines, err
	})
	return map[string]error{"sheet": sheet, "case": one, "minutes": minutes}
}

// TestSignature: nothing of a case opens for anybody, co-ordinator and chair
// included, before the signature; everything that the role allows opens after it.
func TestSignature(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	roles := []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner, authz.Guest}
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Police), s.account(authz.Probation), s.account(authz.Partner)}))
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{n}))
	s.open()
	for _, r := range roles {
		for paper, err := range s.papers(r, n) {
			if !meeting.IsUnsigned(err) {
				t.Errorf("%s opens the %s without signing: %v", r, paper, err)
			}
		}
		if err := meeting.Contribute(ctx, s.DB, s.as(r), s.id, n, 0, "x"); !meeting.IsUnsigned(err) {
			t.Errorf("%s contributes without signing: %v", r, err)
		}
		if r == authz.Guest && s.sees(r, n) {
			t.Error("a guest sees the person before signing (R62)")
		}
		must(t, s.sign(r))
		if !s.sees(r, n) {
			t.Errorf("%s does not see the person after signing", r)
		}
		for paper, err := range s.papers(r, n) {
			if err != nil {
				t.Errorf("%s cannot open the %s after signing: %v", r, paper, err)
			}
		}
	}
	for _, r := range roles {
		_, err := s.caseOf(r, other)
		if r == authz.Guest {
			refused(t, "guest opens a case not named", err, fault.NotFound)
		} else if err != nil {
			t.Errorf("%s opens the other case: %v", r, err)
		}
	}
	s.guestLimits(n, other)
}

// sees says whether the person's record is in the scope of a role.
func (s *table) sees(r authz.Role, n ref.NominalID) bool {
	s.t.Helper()
	_, err := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (nominal.Scope, error) {
		return nominal.ScopeOf(ctx, q, n)
	})
	return err == nil
}

// guestLimits: a guest's agenda and minutes hold the named case alone; the guest
// contributes to it, decides nothing, and sees nothing when the time is over.
func (s *table) guestLimits(n, other ref.NominalID) {
	s.t.Helper()
	ctx, as := s.t.Context(), s.as(authz.Guest)
	if items, err := s.items(authz.Guest); err != nil || len(items) != 1 || items[0].Nominal != n {
		s.t.Errorf("guest's agenda: %v, %v", items, err)
	}
	if m, err := s.minutes(authz.Guest); err != nil || len(m.Entries) != 1 || m.Entries[0].Nominal != n {
		s.t.Errorf("guest's minutes: %v, %v", m.Entries, err)
	}
	s.must(meeting.Contribute(ctx, s.DB, as, s.id, n, 0, "He has a room with us"))
	refused(s.t, "guest on the other case", meeting.Contribute(ctx, s.DB, as, s.id, other, 0, "x"), fault.NotFound)
	refused(s.t, "guest for another agency", meeting.Contribute(ctx, s.DB, as, s.id, n, s.Police, "x"), fault.Forbidden)
	refused(s.t, "guest rates", meeting.Rate(ctx, s.DB, as, s.id, n, rag.Green, "x", nil, ""), fault.Forbidden)
	refused(s.t, "guest notes the discussion", meeting.Discuss(ctx, s.DB, as, s.id, n, "x"), fault.Forbidden)
	s.Clock.Set(s.get(authz.Guest).GuestsUntil())
	_, err := s.caseOf(authz.Guest, n)
	refused(s.t, "guest 15 days later", err, fault.NotFound)
}

// TestGuestOfTwoMeetings: what one invitation shows, another meeting does not.
func TestGuestOfTwoMeetings(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co, gale := t.Context(), s.as(authz.Coordinator), s.account(authz.Guest)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.plan(s.East), gale, []ref.NominalID{other}))
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, gale, []ref.NominalID{n}))
	must(t, s.sign(authz.Guest))
	if items, err := s.items(authz.Guest); err != nil || len(items) != 1 || items[0].Nominal != n {
		t.Errorf("the guest's agenda before the opening: %v, %v", items, err)
	}
	s.open()
	if items, err := s.items(authz.Guest); err != nil || len(items) != 1 || items[0].Nominal != n {
		t.Errorf("the guest's agenda after the opening: %v, %v", items, err)
	}
	_, err := s.caseOf(authz.Guest, other)
	refused(t, "guest opens the case of the other meeting", err, fault.NotFound)
}

// TestEndGuest takes the case away at once.
func TestEndGuest(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{n}))
	must(t, s.sign(authz.Guest))
	s.open()
	_, err := s.caseOf(authz.Guest, n)
	must(t, err)
	must(t, meeting.EndGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), n))
	_, err = s.caseOf(authz.Guest, n)
	refused(t, "guest after the invitation was ended", err, fault.NotFound)
}

// TestSigningAfterwards: once the meeting is closed, no signature is taken.
func TestSigningAfterwards(t *testing.T) {
	t.Parallel()
	s := lay(t)
	must(t, meeting.Invite(t.Context(), s.DB, s.as(authz.Coordinator), s.id, []ref.AccountID{s.account(authz.Police)}))
	refused(t, "signing without being invited", s.sign(authz.Partner), fault.Invalid)
	must(t, s.sign(authz.Coordinator))
	s.open()
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Coordinator), s.id, ""))
	refused(t, "signing after closing", s.sign(authz.Police), fault.Invalid)
}

// TestRestated: who had the old words on the page is shown the new ones.
func TestRestated(t *testing.T) {
	t.Parallel()
	s := lay(t)
	must(t, s.sign(authz.Coordinator))
	must(t, meeting.Restate(t.Context(), s.DB, s.as(authz.Chair), s.East, "Our own words"))
	refused(t, "signing words that are no longer the area's", meeting.Sign(t.Context(), s.DB, s.as(authz.Chair), s.id, 0, "C"), fault.Stale)
	must(t, s.sign(authz.Chair))
	refused(t, "an empty name", meeting.Sign(t.Context(), s.DB, s.as(authz.Chair), s.id, 2, " "), fault.Invalid)
}

// TestScope: another area does not know of the meeting, and roles that do not
// decide are refused.
func TestScope(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner)
	s.open()
	_, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.Brighton), func(ctx context.Context, q *db.ReadTx) (meeting.Meeting, error) {
		return meeting.Get(ctx, q, s.id)
	})
	refused(t, "another area reads the meeting", err, fault.NotFound)
	refused(t, "another area notes", meeting.Discuss(ctx, s.DB, s.As(authz.Coordinator, s.Brighton), s.id, n, "x"), fault.NotFound)
	for _, r := range []authz.Role{authz.Police, authz.Probation, authz.Partner} {
		refused(t, string(r)+" rates", meeting.Rate(ctx, s.DB, s.as(r), s.id, n, rag.Green, "x", nil, ""), fault.Forbidden)
		refused(t, string(r)+" closes", meeting.Close(ctx, s.DB, s.as(r), s.id, ""), fault.Forbidden)
		refused(t, string(r)+" retains", meeting.Retain(ctx, s.DB, s.as(r), s.id, n, "x"), fault.Forbidden)
		refused(t, string(r)+" plans", func() error {
			_, err := meeting.Plan(ctx, s.DB, s.as(r), meeting.New{Area: s.East})
			return err
		}(), fault.Forbidden)
		must(t, meeting.Contribute(ctx, s.DB, s.as(r), s.id, n, 0, "our part"))
	}
	abroad, _ := s.Registered(t, s.Brighton, "Rowan", "Rob", rag.Red)
	refused(t, "a case of another area on the agenda", meeting.Add(ctx, s.DB, s.as(authz.Coordinator), s.id, abroad, "x"), fault.Invalid)
	refused(t, "a case that is not on the agenda", meeting.Discuss(ctx, s.DB, s.as(authz.Coordinator), s.id, abroad, "x"), fault.NotFound)
}

// TestAtOnce: of several who open or close a meeting at once, one does.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	s := lay(t)
	s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	s.sit(authz.Coordinator, authz.Chair)
	co, chair := s.as(authz.Coordinator), s.as(authz.Chair)
	race(t, "open", func(i int) error {
		_, err := meeting.Open(t.Context(), s.DB, []db.Submission{co, chair}[i%2], s.id)
		return err
	})
	race(t, "close", func(i int) error {
		return meeting.Close(t.Context(), s.DB, []db.Submission{co, chair}[i%2], s.id, "")
	})
}

func race(t *testing.T, what string, fn func(i int) error) {
	t.Helper()
	const runners = 4
	errs := make([]error, runners)
	var wait sync.WaitGroup
	for i := range runners {
		wait.Go(func() { errs[i] = fn(i) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	if won != 1 {
		t.Errorf("%s: %d of %d won, want 1", what, won, runners)
	}
}
