package pgserver

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// hostVariable makes this test program a host: it serves the folder named there until it is killed.
const hostVariable = "IOM_PGSERVER_HOST"

func TestMain(m *testing.M) {
	if dir := os.Getenv(hostVariable); dir != "" {
		host(dir)
	}
	code := m.Run()
	os.RemoveAll(base)
	os.Exit(code)
}

func host(dir string) {
	server, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(server.URL("postgres", Superuser))
	select {}
}

// startHost starts a process that serves dir, and returns it with the server's address.
func startHost(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	made := exec.Command(os.Args[0])
	made.Env = append(os.Environ(), hostVariable+"="+dir)
	output, err := made.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = made.Process.Kill(); _ = made.Wait() })
	url, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || !strings.HasPrefix(url, "postgres://") {
		t.Fatalf("the host said %q (%v)", url, err)
	}
	return made, strings.TrimSpace(url)
}

// base holds the folders of the tests. The account that runs the server can enter it, unlike those of t.TempDir.
var base string

// pattern is a stopped cluster that tests copy, since making one takes a second.
var pattern = sync.OnceValues(func() (string, error) {
	var err error
	if base, err = os.MkdirTemp("", "pgserver-test-"); err != nil {
		return "", err
	}
	if err := os.Chmod(base, 0o711); err != nil {
		return "", err
	}
	dir := filepath.Join(base, "pattern")
	server, err := Start(context.Background(), Options{Dir: dir, NoFsync: true})
	if err != nil {
		return "", err
	}
	return dir, server.Stop()
})

// copied is the folder of a cluster that has been used and properly stopped.
func copied(t *testing.T) string {
	t.Helper()
	source, err := pattern()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(source), strings.ReplaceAll(t.Name(), "/", "_"))
	if output, err := exec.Command("cp", "-a", source, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return dir
}

// started is a server that is stopped when the test ends.
func started(t *testing.T, dir string) *Server {
	t.Helper()
	server, err := Start(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

func query(t *testing.T, url, statement string) string {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	var text string
	if err := connection.QueryRow(t.Context(), statement).Scan(&text); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return text
}

// write records a fact that must be there again after whatever the test does next.
func write(t *testing.T, url string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	if _, err := connection.Exec(t.Context(), "CREATE TABLE fact (n int); INSERT INTO fact VALUES (42)"); err != nil {
		t.Fatal(err)
	}
}
