package main

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/testdb"
)

// keyboardOver has the command line work on a database of its own.
func keyboardOver(t *testing.T, auditor bool) {
	database := testdb.New(t)
	t.Setenv("DATABASE_URL", database.URL(migrate.App))
	t.Setenv("SESSIONS_DATABASE_URL", database.URL(migrate.Sessions))
	t.Setenv("AUDITOR_DATABASE_URL", "")
	if auditor {
		t.Setenv("AUDITOR_DATABASE_URL", database.URL(migrate.Auditor))
	}
}

// typed runs a command and gives its status and what it printed, complaints last.
func typed(t *testing.T, input string, args ...string) (int, string) {
	t.Helper()
	outside, restore := capture(t, input)
	var complaints bytes.Buffer
	status := run(t.Context(), args, io.Discard, &complaints)
	restore()
	return status, outside() + complaints.String()
}

func capture(t *testing.T, input string) (printed func() string, restore func()) {
	t.Helper()
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := feed.WriteString(input); err != nil {
		t.Fatal(err)
	}
	_ = feed.Close()
	out, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	oldIn, oldOut := os.Stdin, os.Stdout
	os.Stdin, os.Stdout = in, out
	return func() string {
			text, err := os.ReadFile(out.Name())
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}, func() {
			os.Stdin, os.Stdout = oldIn, oldOut
			_ = out.Close()
			_ = in.Close()
		}
}

var first = []string{"user", "add", "--username", "Pat", "--name", "Pat Morgan", "--role", "administrator", "--area", "Sussex", "--agency", "Sussex Police"}

func TestTheFirstAdministratorIsMadeAtTheKeyboard(t *testing.T) {
	keyboardOver(t, true)
	status, printed := typed(t, "", first...)
	if status != 0 {
		t.Fatalf("status %d: %s", status, printed)
	}
	link := regexp.MustCompile(`/set-password/(\S+)`).FindStringSubmatch(printed)
	if link == nil {
		t.Fatalf("no link in %q", printed)
	}
	d, err := db.Open(t.Context(), db.Options{URL: os.Getenv("DATABASE_URL"), Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if _, err := account.UseLink(t.Context(), d, link[1], "lantern mango frost ladder"); err != nil {
		t.Errorf("the link: %v", err)
	}
	if _, list := typed(t, "", "user", "list"); !strings.Contains(list, "Pat Morgan") || !strings.Contains(list, "Administrator, Sussex Police, Sussex") {
		t.Errorf("the list is %q", list)
	}
	if status, again := typed(t, "", "user", "link", "--username", "PAT"); status != 0 || !strings.Contains(again, "/set-password/") {
		t.Errorf("another link: %d %q", status, again)
	}
	if _, log := typed(t, "", "audit", "list", "--json"); !strings.Contains(log, `"command":"account.set_password"`) || strings.Contains(log, link[1]) {
		t.Errorf("the log is %q", log)
	}
}

func TestAFirstPasswordIsReadAndHasToBeChanged(t *testing.T) {
	keyboardOver(t, false)
	if status, printed := typed(t, "short\n", append(first, "--password-stdin")...); status != 2 || !strings.Contains(printed, "15 characters") {
		t.Errorf("a short password: %d %q", status, printed)
	}
	if _, list := typed(t, "", "user", "list"); strings.Contains(list, "Pat") {
		t.Error("an account was made though its password was refused")
	}
	if status, printed := typed(t, "lantern mango frost ladder\n", append(first, "--password-stdin")...); status != 0 || strings.Contains(printed, "lantern") {
		t.Fatalf("%d %q", status, printed)
	}
	if _, log := typed(t, "", "audit", "list"); !strings.Contains(log, "account.create") { // as the application, without the auditor's address
		t.Errorf("the log is %q", log)
	}
}

func TestMistakesAtTheKeyboardAreOneLine(t *testing.T) {
	keyboardOver(t, false)
	if status, printed := typed(t, "", first...); status != 0 {
		t.Fatal(printed)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"user"}, "say what to do"},
		{[]string{"user", "add", "--username", "x"}, "are all needed"},
		{[]string{"user", "add", "--username", "jo", "--name", "Jo", "--role", "king", "--area", "Sussex", "--agency", "Sussex Police"}, "Choose a role"},
		{[]string{"user", "add", "--username", "jo", "--name", "Jo", "--role", "chair", "--area", "Kent", "--agency", "Sussex Police"}, `no area "Kent"; there are Sussex`},
		{[]string{"user", "add", "--username", "jo", "--name", "Jo", "--role", "chair", "--area", "sussex", "--agency", "STAR"}, `no agency "STAR"; there are Sussex Police`},
		{first, "There is an account with this username already"},
		{[]string{"user", "link", "--username", "nobody"}, `no account "nobody"`},
		{[]string{"audit"}, "iom audit list"},
		{[]string{"audit", "list", "--since", "yesterday"}, "give a day as 2006-01-02"},
		{[]string{"audit", "list", "--account", "nobody"}, `no account "nobody"`},
	} {
		status, printed := typed(t, "", c.args...)
		if status != 2 || !strings.Contains(printed, c.says) || strings.Count(strings.TrimSpace(printed), "\n") != 0 {
			t.Errorf("%v: status %d, %q", c.args, status, printed)
		}
	}
}
