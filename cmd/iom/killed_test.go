package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/migrate"
	"iom/web/webtest"
)

// TestMain lets the program of the tests be the product itself, in a process that
// can be killed.
func TestMain(m *testing.M) {
	if args := os.Getenv("IOM_TEST_RUN"); args != "" {
		os.Exit(run(context.Background(), strings.Fields(args), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

var servingAt = regexp.MustCompile(`"address":"([^"]+)"`)

// served starts the application in a process of its own; kill ends it at once.
func served(t *testing.T, scheme *fixture.Scheme) (at string, kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(self)
	process.Env = append(os.Environ(), "IOM_TEST_RUN=serve --addr 127.0.0.1:0 --insecure-cookies",
		"DATABASE_URL="+scheme.TestDB.URL(migrate.App), "SESSIONS_DATABASE_URL="+scheme.TestDB.URL(migrate.Sessions))
	said, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = process.Process.Kill() // SIGKILL; it may have been killed already
		_ = process.Wait()
	}
	t.Cleanup(kill)
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if found := servingAt.FindStringSubmatch(lines.Text()); found != nil {
			return "http://" + found[1], kill
		}
	}
	t.Fatal("the application does not come to serve")
	return "", nil
}

// TestKilledWhileSomebodyTypes: the process is killed in the middle of typing, and
// nothing that was shown as saved is missing (security.md 46).
func TestKilledWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	const password = "seven quiet herons by the estuary"
	scheme := fixture.New(t, fixture.On(clock.Today(clock.System{})))
	n, _ := scheme.Registered(t, scheme.East, "Redwood", "Rae", rag.Red)
	co := scheme.Account(authz.Coordinator, scheme.East)
	if err := account.SetPassword(t.Context(), scheme.DB, ref.AccountID(co.Account), password, false); err != nil {
		t.Fatal(err)
	}
	id, err := meeting.Plan(t.Context(), scheme.DB, scheme.As(authz.Coordinator, scheme.East), meeting.New{Area: scheme.East, Kind: meeting.Operational,
		HeldOn: clock.Today(scheme.Clock), Starts: "10:00", Place: "Police station", Chair: ref.AccountID(scheme.Account(authz.Chair, scheme.East).Account)})
	if err != nil {
		t.Fatal(err)
	}
	at := "/meetings/" + ref.Text(id)
	page := at + "/sheet/" + ref.Text(n)
	site := webtest.Over(t, scheme)
	enter := func() (*webtest.Client, func()) {
		address, kill := served(t, scheme)
		site.URL = address
		c := site.Stranger(t)
		c.Submit("/sign-in", "/sign-in", url.Values{"username": {co.Username}, "password": {password}}).Must(http.StatusSeeOther)
		return c, kill
	}
	c, kill := enter()
	c.Submit(at+"/sign", at+"/sign", url.Values{"signed_as": {"My name"}}).Must(http.StatusSeeOther)
	c.Submit(at+"/open", at+"/open", nil).Must(http.StatusSeeOther)
	form := c.Get(page).Form(page + "/discussion").Values

	var saved atomic.Int64 // the last that was shown as saved
	enough, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for i := int64(1); ; i++ {
			answer, err := c.Open(t.Context(), http.MethodPost, page+"/draft/discussion", url.Values{"_csrf": form["_csrf"], "_key": form["_key"],
				"_writer": {"11111111-1111-4111-8111-111111111111"}, "_base": {strconv.FormatInt(i-1, 10)}, "_sequence": {strconv.FormatInt(i, 10)},
				"discussion-text": {fmt.Sprintf("As far as %d", i)}}, http.Header{"Accept": {"application/json"}})
			if err != nil {
				return
			}
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return
			}
			if saved.Store(i); i == 25 {
				close(enough)
			}
		}
	}()
	select {
	case <-enough:
	case <-gone:
		t.Fatalf("only %d were saved", saved.Load())
	}
	kill()
	<-gone
	c, _ = enter()
	text := c.Get(page).Must(http.StatusOK).Form(page + "/discussion").Values.Get("discussion-text")
	found, err := strconv.ParseInt(strings.TrimPrefix(text, "As far as "), 10, 64)
	if last := saved.Load(); err != nil || found < last || found > last+1 {
		t.Errorf("%q is there, and %d was shown as saved", text, last)
	}
}
