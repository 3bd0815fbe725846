package account_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const right = "lantern mango frost ladder"

// signIn is a try from an office.
func signIn(t *testing.T, s *fixture.Scheme, username, password, device string) (account.Signed, error) {
	t.Helper()
	return account.SignIn(t.Context(), s.DB, account.Try{Username: username, Password: password, Source: "192.0.2.7", Device: device})
}

// person is a co-ordinator of East with a password.
func person(t *testing.T, s *fixture.Scheme) (authz.Actor, ref.AccountID) {
	t.Helper()
	actor := s.Account(authz.Coordinator, s.East)
	id := ref.AccountID(actor.Account)
	if err := account.SetPassword(t.Context(), s.DB, id, right, false); err != nil {
		t.Fatal(err)
	}
	return actor, id
}

func epochOf(t *testing.T, s *fixture.Scheme, id ref.AccountID) int64 {
	t.Helper()
	standing, err := s.DB.StandingOf(t.Context(), int64(id))
	if err != nil {
		t.Fatal(err)
	}
	return standing.SessionEpoch
}

func TestOneAnswerToWhoeverMayNotSignIn(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, id := person(t, s)
	without := s.Account(authz.Coordinator, s.Brighton) // has no password yet
	if _, err := signIn(t, s, strings.ToUpper(actor.Username)+" ", right, ""); err != nil {
		t.Fatalf("the right password: %v", err)
	}
	_, unknown := signIn(t, s, "nobody.at.all", right, "")
	_, wrong := signIn(t, s, actor.Username, right+".", "")
	_, none := signIn(t, s, without.Username, "", "")
	if err := account.Disable(t.Context(), s.DB, s.As(authz.Administrator, s.Force), id); err != nil {
		t.Fatal(err)
	}
	_, disabled := signIn(t, s, actor.Username, right, "")
	for name, err := range map[string]error{"wrong": wrong, "none": none, "disabled": disabled} {
		if err == nil || err.Error() != unknown.Error() {
			t.Errorf("%s: %v, but for an unknown name %v", name, err, unknown)
		}
	}
	if _, err := signIn(t, s, "iom", "", ""); err == nil || err.Error() != unknown.Error() {
		t.Errorf("the application's own account: %v", err)
	}
}

// TestAnUnknownNameIsHashedToo: with no place for a hash nobody is answered, so
// whoever is answered was hashed, under the same parameters. Comparing times
// would say the same only on a machine with nothing else to do.
func TestAnUnknownNameIsHashedToo(t *testing.T) {
	s := fixture.New(t)
	actor, _ := person(t, s)
	without := s.Account(authz.Coordinator, s.Brighton)
	account.TakeAllPlaces(t)
	for _, name := range []string{actor.Username, without.Username, "nobody.at.all"} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err := account.SignIn(ctx, s.DB, account.Try{Username: name, Password: right, Source: "192.0.2.7"})
		cancel()
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s was answered without a hash: %v", name, err)
		}
	}
	decoyed, real, err := account.DecoyParameters()
	if err != nil || decoyed != real {
		t.Errorf("the decoy is hashed with %+v, passwords with %+v, %v", decoyed, real, err)
	}
}

func TestTriesHaveToWaitButAKnownDeviceDoesNot(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, _ := person(t, s)
	signed, err := signIn(t, s, actor.Username, right, "")
	if err != nil || signed.Device == "" || signed.Next != account.Enter {
		t.Fatalf("signing in: %+v, %v", signed, err)
	}
	for _, name := range []string{actor.Username, "nobody.at.all"} {
		for i := range 6 {
			if _, err := signIn(t, s, name, "wrong wrong wrong", ""); strings.Contains(err.Error(), "Wait") {
				t.Fatalf("%s: try %d must wait already", name, i+1)
			}
		}
		if _, err := signIn(t, s, name, right, ""); err == nil || !strings.Contains(err.Error(), "Wait a minute") {
			t.Errorf("%s: the seventh try answers %v", name, err)
		}
	}
	again, err := signIn(t, s, actor.Username, right, signed.Device)
	if err != nil || again.Device != "" {
		t.Errorf("from the known device: %+v, %v", again, err)
	}
	if _, err := signIn(t, s, actor.Username, right, strings.Repeat("A", 43)); err == nil {
		t.Error("a device made up gets past the wait")
	}
	s.Clock.Advance(30 * time.Second)
	if _, err := signIn(t, s, actor.Username, right, ""); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// TestDevicesMadeUpCountTogether: a new one for each try is no way round the wait.
func TestDevicesMadeUpCountTogether(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, _ := person(t, s)
	for i := range 6 {
		_, _ = signIn(t, s, actor.Username, "wrong wrong wrong", strings.Repeat(string(rune('A'+i)), 43))
	}
	if _, err := signIn(t, s, actor.Username, right, strings.Repeat("Z", 43)); err == nil || !strings.Contains(err.Error(), "Wait") {
		t.Errorf("the seventh try from as many devices answers %v", err)
	}
}

func TestAKnownDeviceHasItsOwnLimit(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, _ := person(t, s)
	signed, err := signIn(t, s, actor.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 11 {
		_, _ = signIn(t, s, actor.Username, "wrong wrong wrong", signed.Device)
	}
	if _, err := signIn(t, s, actor.Username, right, signed.Device); err == nil || !strings.Contains(err.Error(), "Wait") {
		t.Errorf("the twelfth try from a known device answers %v", err)
	}
	// The tries of that device do not slow down others.
	if _, err := signIn(t, s, actor.Username, right, ""); err != nil {
		t.Errorf("from another device: %v", err)
	}
}

// TestTriesAtOnceAreCountedToo sends forty together: no more than six are looked at.
func TestTriesAtOnceAreCountedToo(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, _ := person(t, s)
	var looked atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			_, err := signIn(t, s, actor.Username, "wrong wrong wrong", "")
			if err != nil && strings.Contains(err.Error(), "not right") {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if n := looked.Load(); n != 6 {
		t.Errorf("%d of 40 tries at once were looked at, want 6", n)
	}
}

// TestOneSourceWaits tries many names from one place.
func TestOneSourceWaits(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, _ := person(t, s)
	for i := range 101 {
		fail(t, s, "name"+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	if _, err := signIn(t, s, actor.Username, right, ""); err == nil || !strings.Contains(err.Error(), "Wait") {
		t.Errorf("after 101 failures from one source: %v", err)
	}
	if _, err := account.SignIn(t.Context(), s.DB, account.Try{Username: actor.Username, Password: right, Source: "198.51.100.9"}); err != nil {
		t.Errorf("from another source: %v", err)
	}
}

// fail puts a failed try on the count without the hash.
func fail(t *testing.T, s *fixture.Scheme, name string) {
	t.Helper()
	_, err := db.Write(t.Context(), s.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (bool, error) {
		_, err := tx.Exec(ctx, `INSERT INTO sign_in_failure (username_hash, source, at) VALUES ($1, '192.0.2.7', $2)`, name, tx.Now())
		tx.Record(anEvent)
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWithoutARoleNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id, err := account.Create(t.Context(), s.DB, s.As(authz.Administrator, s.Force), account.New{Username: "Jo.New", Name: "Jo  New"})
	if err != nil {
		t.Fatal(err)
	}
	if err := account.SetPassword(t.Context(), s.DB, id, right, false); err != nil {
		t.Fatal(err)
	}
	if _, err := signIn(t, s, "jo.new", right, ""); err == nil || !strings.Contains(err.Error(), "no role") {
		t.Errorf("an account without a role: %v", err)
	}
	if _, err := signIn(t, s, "jo.new", "wrong wrong wrong", ""); err == nil || strings.Contains(err.Error(), "no role") {
		t.Errorf("with the wrong password: %v", err)
	}
}

func TestChangingOnesPassword(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, id := person(t, s)
	const other = "violin cactus harbour nine"
	me := db.Once(actor.Account)
	change := func(current, password string) (int64, error) {
		return account.ChangeOwnPassword(t.Context(), s.DB, me, account.Try{Password: current, Source: "192.0.2.7"}, password)
	}
	if _, err := change("wrong wrong wrong", other); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "current" {
		t.Errorf("with the wrong current password: %v", err)
	}
	if _, err := change(right, "Casey Eastwood 1234567"); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Field != "password" {
		t.Errorf("to one's own name: %v", err)
	}
	before := epochOf(t, s, id)
	epoch, err := change(right, other)
	if err != nil || epoch != before+1 || epochOf(t, s, id) != epoch {
		t.Errorf("changing gives epoch %d after %d, %v", epoch, before, err)
	}
	if _, err := signIn(t, s, actor.Username, right, ""); err == nil {
		t.Error("the old password works")
	}
	if _, err := signIn(t, s, actor.Username, other, ""); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestALinkWorksOnceForADay(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, id := person(t, s)
	admin := s.As(authz.Administrator, s.Force)
	issue := func() account.Link {
		link, err := account.IssueLink(t.Context(), s.DB, admin, id)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	first, second := issue(), issue()
	const other = "violin cactus harbour nine"
	if _, err := account.UseLink(t.Context(), s.DB, first.Token, other); err == nil {
		t.Error("a link works after a later one was made")
	}
	if _, err := account.UseLink(t.Context(), s.DB, second.Token, "short"); fault.ProblemsOf(err)[0].Field != "password" {
		t.Errorf("a short password: %v", err)
	}
	before := epochOf(t, s, id)
	if owner, err := account.UseLink(t.Context(), s.DB, second.Token, other); err != nil || owner.Username != actor.Username {
		t.Fatalf("the link: %+v, %v", owner, err)
	}
	if epochOf(t, s, id) == before {
		t.Error("setting a password left the sessions alive")
	}
	if _, err := account.UseLink(t.Context(), s.DB, second.Token, right); err == nil {
		t.Error("a link works twice")
	}
	if _, err := signIn(t, s, actor.Username, other, ""); err != nil {
		t.Errorf("the password of the link: %v", err)
	}
	late := issue()
	s.Clock.Advance(24 * time.Hour)
	if _, err := account.OpenLink(t.Context(), s.DB, late.Token); err == nil {
		t.Error("a link works after 24 hours")
	}
	if _, err := account.OpenLink(t.Context(), s.DB, "x"); err == nil {
		t.Error("a link made up works")
	}
	open := issue()
	if err := account.Disable(t.Context(), s.DB, admin, id); err != nil {
		t.Fatal(err)
	}
	if _, err := account.OpenLink(t.Context(), s.DB, open.Token); err == nil {
		t.Error("the link of a disabled account works")
	}
}

// TestALinkUsedByManyAtOnceSetsOnePassword: a link works once (ASVS 6.5.1).
func TestALinkUsedByManyAtOnceSetsOnePassword(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	_, id := person(t, s)
	link, err := account.IssueLink(t.Context(), s.DB, s.As(authz.Administrator, s.Force), id)
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := account.UseLink(t.Context(), s.DB, link.Token, "violin cactus harbour nine"); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d uses of one link succeeded", won.Load())
	}
}

func TestTheTokenOfALinkIsNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	_, id := person(t, s)
	admin := s.Account(authz.Administrator, s.Force)
	form := db.FromForm(admin, "POST /admin/accounts/1/link", "00000000-0000-4000-8000-000000000001", "r")
	link, err := account.IssueLink(t.Context(), s.DB, form, id)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump(t, s), link.Token) {
		t.Error("the token is kept")
	}
	if again, err := account.IssueLink(t.Context(), s.DB, form, id); err == nil {
		t.Errorf("a form sent twice shows the link %q, which does not work", again.Token)
	}
}

func TestSomebodyElsesChoiceOfPasswordIsChangedFirst(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor, id := person(t, s)
	if err := account.SetPassword(t.Context(), s.DB, id, right, true); err != nil {
		t.Fatal(err)
	}
	signed, err := signIn(t, s, actor.Username, right, "")
	if err != nil || signed.Next != account.ChangePassword {
		t.Fatalf("next is %v, %v", signed.Next, err)
	}
	link, err := account.OwnLink(t.Context(), s.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.UseLink(t.Context(), s.DB, link.Token, "violin cactus harbour nine"); err != nil {
		t.Fatal(err)
	}
	if signed, err := signIn(t, s, actor.Username, "violin cactus harbour nine", ""); err != nil || signed.Next != account.Enter {
		t.Errorf("afterwards next is %v, %v", signed.Next, err)
	}
}
