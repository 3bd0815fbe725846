package signinpage_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

const (
	right = "lantern mango frost ladder"
	other = "violin cactus harbour nine"
)

// site has a co-ordinator of East with a password.
func site(t *testing.T) (*webtest.Site, authz.Actor) {
	t.Helper()
	s := webtest.New(t)
	actor := s.Account(authz.Coordinator, s.East)
	if err := account.SetPassword(t.Context(), s.DB, ref.AccountID(actor.Account), right, false); err != nil {
		t.Fatal(err)
	}
	return s, actor
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestSigningInLeadsToThePageAskedFor(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	c := s.Stranger(t)
	asked := c.Get("/account").Must(http.StatusSeeOther)
	if asked.Location != "/sign-in?next=%2Faccount" {
		t.Fatalf("a stranger is led to %s", asked.Location)
	}
	in := c.Submit(asked.Location, "/sign-in", values("username", actor.Username, "password", right)).Must(http.StatusSeeOther)
	if in.Location != "/account" {
		t.Errorf("signing in leads to %s", in.Location)
	}
	c.Get("/account").Must(http.StatusOK).Has("Casey Eastwood", "Co-ordinator, Sussex Police, East Sussex")
	if again := c.Get("/sign-in").Must(http.StatusSeeOther); again.Location != "/" {
		t.Errorf("the page to sign in leads somebody signed in to %s", again.Location)
	}
	c.Submit("/account", "/sign-out", nil).Must(http.StatusSeeOther)
	c.Get("/account").Must(http.StatusSeeOther)
	c.Get("/sign-in").Must(http.StatusOK).Has("You have signed out")
}

// TestNobodyIsLedElsewhere: only pages of this site follow signing in.
func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	for next, want := range map[string]string{
		"/actions?tab=mine":          "/actions?tab=mine",
		"//evil.example":             "/",
		"/\\evil.example":            "/",
		"https://evil.example/":      "/",
		"javascript:alert(1)":        "/",
		"/\t/evil.example":           "/",
		"/%0d%0aSet-Cookie:x=1":      "/%0d%0aSet-Cookie:x=1",
		"/sign-out":                  "/",
		"evil.example":               "/",
		"/x/..//evil.example":        "/x/..//evil.example",
		strings.Repeat("/long", 500): "/",
	} {
		c := s.Stranger(t)
		form := c.Get("/sign-in").Form("/sign-in")
		form.Values.Set("username", actor.Username)
		form.Values.Set("password", right)
		form.Values.Set("next", next)
		a := c.Do(http.MethodPost, "/sign-in", form.Values, nil).Must(http.StatusSeeOther)
		if got := a.Header.Get("Location"); got != want {
			t.Errorf("next %.40q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAWrongTryKeepsTheNameAndNotThePassword(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	c := s.Stranger(t)
	wrong := c.Submit("/sign-in?next=/actions", "/sign-in", values("username", actor.Username, "password", "my secret guess")).Must(http.StatusUnprocessableEntity)
	wrong.Has("The username or the password is not right").Lacks("my secret guess")
	again := wrong.Form("/sign-in")
	if again.Values.Get("username") != actor.Username || again.Values.Get("next") != "/actions" {
		t.Errorf("the form comes back with %v", again.Values)
	}
	unknown := c.Submit("/sign-in", "/sign-in", values("username", "nobody.here", "password", "my secret guess")).Must(http.StatusUnprocessableEntity)
	if strings.ReplaceAll(unknown.Text("main"), "nobody.here", "") != strings.ReplaceAll(wrong.Text("main"), actor.Username, "") {
		t.Errorf("an unknown name is answered %q, a known one %q", unknown.Text("main"), wrong.Text("main"))
	}
	empty := c.Submit("/sign-in", "/sign-in", values("username", "", "password", "")).Must(http.StatusUnprocessableEntity)
	empty.Has("Enter your username", "Enter your password")
}

// TestEverySessionEnds at a change of password, at disabling and when an
// administrator says so (ASVS 7.4.2, 7.4.3); the one that changed it goes on.
func TestEverySessionEnds(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	page := "/admin/accounts/" + ref.Text(ref.AccountID(actor.Account))
	signedIn := func(c *webtest.Client) bool { return c.Get("/account").Status == http.StatusOK }

	here, there := s.As(t, actor), s.As(t, actor)
	here.Submit("/account/password", "/account/password", values("current", right, "password", other, "again", other+"x")).
		Must(http.StatusUnprocessableEntity).Has("The two passwords are not the same").Lacks(other)
	here.Submit("/account/password", "/account/password", values("current", other, "password", other, "again", other)).
		Must(http.StatusUnprocessableEntity).Has("This is not your password now")
	here.Submit("/account/password", "/account/password", values("current", right, "password", other, "again", other)).Must(http.StatusSeeOther)
	if !signedIn(here) || signedIn(there) {
		t.Errorf("after a change of password: here %v, elsewhere %v", signedIn(here), signedIn(there))
	}
	admin.Submit(page, page+"/sign-out", nil).Must(http.StatusSeeOther)
	if signedIn(here) {
		t.Error("signed in after an administrator ended all sessions")
	}
	back := s.As(t, actor)
	admin.Submit(page+"/disable", page+"/disable", nil).Must(http.StatusSeeOther)
	if signedIn(back) {
		t.Error("signed in while disabled")
	}
	s.Stranger(t).Submit("/sign-in", "/sign-in", values("username", actor.Username, "password", other)).Must(http.StatusUnprocessableEntity)
	admin.Submit(page, page+"/enable", nil).Must(http.StatusSeeOther)
	if signedIn(back) {
		t.Error("an old session lives again after enabling")
	}
	s.Stranger(t).Submit("/sign-in", "/sign-in", values("username", actor.Username, "password", other)).Must(http.StatusSeeOther)
}

func TestSessionsRunOut(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	c := s.As(t, actor)
	s.Clock.Advance(14*time.Minute + 59*time.Second)
	c.Get("/account").Must(http.StatusOK)
	s.Clock.Advance(15 * time.Minute)
	c.Get("/account").Must(http.StatusSeeOther)
}

func TestALinkFromTheAdministrator(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	admin := s.As(t, s.Account(authz.Administrator, s.Force))
	made := admin.Submit("/admin/accounts/new", "/admin/accounts/new", values("name", "Jo Whitfield", "username", "Jo.Whitfield",
		"role", "partner", "agency", ref.Text(s.Star), "area", ref.Text(s.North))).Must(http.StatusSeeOther)
	shown := admin.Submit(made.Location, made.Location+"/link", nil).Must(http.StatusOK)
	address := shown.Text("code")
	link := strings.TrimPrefix(address, "http://"+strings.TrimPrefix(s.URL, "http://"))
	if !strings.HasPrefix(link, "/set-password/") {
		t.Fatalf("the link is %q", address)
	}
	admin.Get(made.Location).Must(http.StatusOK).Has("Not set yet").Lacks(link)

	jo := s.Stranger(t)
	jo.Submit(link, "", values("password", "Jo Whitfield STAR 1", "again", "Jo Whitfield STAR 1")).Must(http.StatusUnprocessableEntity).Has("too easy to guess")
	jo.Submit(link, "", values("password", right, "again", right)).Must(http.StatusSeeOther)
	jo.Submit("/sign-in", "/sign-in", values("username", "jo.whitfield", "password", right)).Must(http.StatusSeeOther)
	jo.Get("/account").Must(http.StatusOK).Has("Partner agency, STAR Drug and Alcohol Service, North")
	s.Stranger(t).Get(link).Must(http.StatusUnprocessableEntity).Has("This link does not work").Lacks("Whitfield")
}

func TestOnesOwnDetails(t *testing.T) {
	t.Parallel()
	s, actor := site(t)
	c, stale := s.As(t, actor), s.As(t, actor)
	old := stale.Get("/account").Form("/account")
	c.Submit("/account", "/account", values("email", "not an address")).Must(http.StatusUnprocessableEntity).Has("Enter an e-mail address as")
	c.Submit("/account", "/account", values("email", "casey@example.police.uk", "telephone", "01273 000000",
		"name", "Somebody Else", "username", "root")).Must(http.StatusSeeOther)
	a := c.Get("/account").Must(http.StatusOK).Has("Casey Eastwood", actor.Username)
	if f := a.Form("/account"); f.Values.Get("email") != "casey@example.police.uk" || f.Values.Get("telephone") != "01273 000000" {
		t.Errorf("the details are %v", f.Values)
	}
	old.Values.Set("telephone", "07700 900123")
	stale.Do(http.MethodPost, "/account", old.Values, nil).Must(http.StatusConflict).Has("07700 900123", "01273 000000")
}
