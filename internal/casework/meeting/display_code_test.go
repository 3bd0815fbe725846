package meeting_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/fault"
)

const (
	room      = "192.0.2.10" // the address of the machine of the room
	elsewhere = "192.0.2.77"
	unusable  = "This code cannot be used. A code works once and for ten minutes: ask the co-ordinator for a new one"
)

// begun is a meeting that is open and signed for by who runs it.
func begun(t *testing.T) *table {
	t.Helper()
	s := lay(t)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	s.open()
	return s
}

func (s *table) code(r authz.Role) meeting.ScreenCode {
	s.t.Helper()
	made, err := meeting.MakeDisplayCode(s.t.Context(), s.DB, s.as(r), s.id)
	s.must(err)
	return made
}

// types is the answer to a code: empty when it is taken.
func (s *table) types(code, source string) string {
	s.t.Helper()
	r, err := meeting.StartDisplayByCode(s.t.Context(), s.DB, code, source)
	if fault.KindOf(err) == fault.Invalid {
		return fault.ProblemsOf(err)[0].Text
	}
	s.must(err)
	if r.Meeting != s.id || r.Screen == 0 {
		s.t.Errorf("the code shows %+v, want meeting %d", r, s.id)
	}
	return ""
}

// TestACodeWorksOnce: R63, security.md 16 and 21. Of twenty at the same time one becomes
// the screen; it is one of who made the code, and of the code nothing is kept by which it
// could be used.
func TestACodeWorksOnce(t *testing.T) {
	t.Parallel()
	s := begun(t)
	made := s.code(authz.Coordinator)
	if n := s.count(`SELECT count(*) FROM display_code WHERE octet_length(code_hash) = 32 AND encode(code_hash, 'escape') NOT LIKE '%' || $1 || '%'`, made.Code); n != 1 {
		t.Error("the code itself is kept")
	}
	var (
		mu    sync.Mutex
		won   []meeting.Room
		group sync.WaitGroup
	)
	for range 20 {
		group.Go(func() {
			r, err := meeting.StartDisplayByCode(t.Context(), s.DB, made.Code, room)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, r)
			case fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Text != unusable:
				t.Errorf("one that came too late: %v", err)
			}
		})
	}
	group.Wait()
	if len(won) != 1 || won[0].Meeting != s.id || won[0].Account != s.account(authz.Coordinator) {
		t.Fatalf("%+v have the screen, want one, of the co-ordinator", won)
	}
	if n := s.count(`SELECT count(*) FROM meeting_display WHERE meeting_id = $1`, s.id); n != 1 {
		t.Errorf("%d screens were set up", n)
	}
	if n := s.count(`SELECT count(*) FROM log_event WHERE command = 'meeting.start display by code' AND outcome = 'refused'`); n != 19 {
		t.Errorf("the log has %d refusals, want 19", n)
	}
}

// TestACodeThatCannotBeUsed: one answer to a code that never was, was used, has run out
// after ten minutes, was replaced, is of a meeting that closed, and of somebody who may
// not run the meeting any more (security.md 18, 21).
func TestACodeThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	s := begun(t)
	want := func(when, code, answer string) {
		t.Helper()
		if got := s.types(code, room); got != answer {
			t.Errorf("%s: %q, want %q", when, got, answer)
		}
	}
	want("never made", "ACEF-GHJK", unusable)
	want("nothing that could be one", "'; DROP TABLE", unusable)
	first := s.code(authz.Coordinator)
	second := s.code(authz.Coordinator)
	want("replaced", first.Code, unusable)
	want("typed as it is read out", " "+strings.ToLower(second.Shown())+" ", "")
	want("used", second.Code, unusable)

	late := s.code(authz.Chair)
	if at := s.Clock.Now().Add(10 * time.Minute); !late.Expires.Equal(at) {
		t.Errorf("it runs out at %s, want %s", late.Expires, at)
	}
	s.Clock.Advance(10*time.Minute - time.Second)
	want("in the last second", late.Code, "")
	late = s.code(authz.Chair)
	s.Clock.Advance(10 * time.Minute)
	want("after ten minutes", late.Code, unusable)

	ended := s.code(authz.Chair)
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, "Fire alarm"))
	want("of a meeting that is closed", ended.Code, unusable)
	refused(t, "a code for a closed meeting", errOf(meeting.MakeDisplayCode(t.Context(), s.DB, s.as(authz.Chair), s.id)), fault.Invalid)
}

func errOf[A any](_ A, err error) error { return err }

// TestWhoGetsACode: whoever runs the meeting and has signed for it; and only as long as
// they do.
func TestWhoGetsACode(t *testing.T) {
	t.Parallel()
	s := begun(t)
	refused(t, "the police", errOf(meeting.MakeDisplayCode(t.Context(), s.DB, s.as(authz.Police), s.id)), fault.Forbidden)
	refused(t, "the co-ordinator of another area", errOf(meeting.MakeDisplayCode(t.Context(), s.DB, s.As(authz.Coordinator, s.North), s.id)), fault.NotFound)
	submission := s.as(authz.Coordinator)
	made, err := meeting.MakeDisplayCode(t.Context(), s.DB, submission, s.id)
	must(t, err)
	must(t, account.Disable(t.Context(), s.DB, s.As(authz.Administrator, s.Force), ref.AccountID(s.account(authz.Coordinator))))
	if got := s.types(made.Code, room); got != unusable {
		t.Errorf("of a disabled account: %q", got)
	}
}

// TestTriesOfACodeHaveToWait: security.md 19. Twenty wrong codes from an address, and the
// next has to wait, right or wrong; another address does not, and neither does signing in
// elsewhere. After the wait the right one is taken.
func TestTriesOfACodeHaveToWait(t *testing.T) {
	t.Parallel()
	s := begun(t)
	for i := range 21 { // the wait begins when one more than the free ones was wrong
		if got := s.types("ACEFGHJK", room); got != unusable {
			t.Fatalf("try %d: %q", i+1, got)
		}
	}
	made := s.code(authz.Coordinator)
	const wait = "Too many tries. Wait a minute and try again"
	if got := s.types(made.Code, room); got != wait {
		t.Errorf("the right code after 21 wrong ones: %q, want %q", got, wait)
	}
	if got := s.types("ACEFGHJK", elsewhere); got != unusable {
		t.Errorf("from another address: %q", got)
	}
	s.Clock.Advance(31 * time.Second)
	if got := s.types(made.Code, room); got != "" {
		t.Errorf("after the wait: %q", got)
	}
	if n := s.count(`SELECT count(*) FROM sign_in_failure WHERE source = $1 AND succeeded_at IS NULL`, room); n != 21 {
		t.Errorf("%d tries count, want 21: the right one does not", n)
	}
}

// TestCodesAreReadWithoutMistake: eight characters, none of which looks like another, all
// of them used.
func TestCodesAreReadWithoutMistake(t *testing.T) {
	t.Parallel()
	s := begun(t)
	seen := map[rune]bool{}
	for range 60 {
		made := s.code(authz.Coordinator)
		if len(made.Code) != 8 || len(made.Shown()) != 9 || strings.ContainsAny(made.Code, "01258BDILOSUZ") || strings.ToUpper(made.Code) != made.Code {
			t.Fatalf("a code is %q, shown as %q", made.Code, made.Shown())
		}
		if meeting.CanonicalCode(" "+strings.ToLower(made.Shown())) != made.Code {
			t.Errorf("%q typed in small letters is not itself", made.Shown())
		}
		for _, r := range made.Code {
			seen[r] = true
		}
	}
	if len(seen) != 23 {
		t.Errorf("60 codes use %d characters, want all 23", len(seen))
	}
}

// What ends the screens of a meeting ends the code that was made for one, and so does what ends its
// maker's sessions, such as a change of password (security.md 23).
func TestACodeEndsWithTheScreensAndWithItsMakersSessions(t *testing.T) {
	t.Parallel()
	s := begun(t)
	made := s.code(authz.Coordinator)
	must(t, meeting.EndDisplays(t.Context(), s.DB, s.as(authz.Coordinator), s.id))
	if got := s.types(made.Code, "192.0.2.1"); got == "" {
		t.Error("a code works though the screens were ended")
	}
	made = s.code(authz.Coordinator)
	s.count(`WITH x AS (UPDATE account SET session_epoch = session_epoch + 1 WHERE id = $1 RETURNING 1) SELECT count(*) FROM x`, s.account(authz.Coordinator))
	if got := s.types(made.Code, "192.0.2.1"); got == "" {
		t.Error("a code works though its maker's sessions were ended")
	}
	if got := s.types(s.code(authz.Coordinator).Code, "192.0.2.1"); got != "" {
		t.Errorf("a new code does not work: %s", got)
	}
}
