package testdb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"iom/internal/platform/pgserver"
)

// The keeper is a process that holds the shared server. Test programs come and go, each ended by `go test` when it is
// done, and several run at once; none of them can be the server's parent. So the first of them starts itself once more,
// detached, with a variable in the environment that makes it a keeper before any test could run.
//
// A keeper cannot be forgotten: it ends, and the data with it, when no test program has lived for a while, or when the
// server has died. Should the keeper be killed, the server dies with it, and the next test program starts anew.
const (
	keeperVariable = "IOM_TESTDB_KEEPER" // the home's folder
	idleVariable   = "IOM_TESTDB_IDLE"   // as a duration
)

func init() {
	dir := os.Getenv(keeperVariable)
	if dir == "" {
		return
	}
	idle, err := time.ParseDuration(os.Getenv(idleVariable))
	if err == nil {
		err = home{dir: dir, idle: idle}.keep(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// startKeeper starts a keeper and waits until its server answers. The caller holds the lock start.
func (h home) startKeeper(ctx context.Context) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	log, err := os.Create(h.path("keeper.log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	keeper := exec.Command(self)
	keeper.Dir = "/"
	keeper.Env = append(os.Environ(), keeperVariable+"="+h.dir, idleVariable+"="+h.idle.String())
	keeper.Stderr = log
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // apart from the terminal and from the signals of `go test`
	answer, err := keeper.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := keeper.Start(); err != nil {
		return "", err
	}
	stop := context.AfterFunc(ctx, func() { answer.Close() })
	defer stop()
	url, err := bufio.NewReader(answer).ReadString('\n')
	if err != nil {
		said, _ := os.ReadFile(log.Name())
		return "", fmt.Errorf("the server for tests did not start: %s", strings.TrimSpace(string(said)))
	}
	go func() { _ = keeper.Wait() }() // it may end before us, and should not stay as a zombie
	return strings.TrimSpace(url), nil
}

// keep is the life of a keeper. It writes the server's address to answer and closes it.
func (h home) keep(answer *os.File) (err error) {
	var users *os.File // let go of last, so that a test program that waits for it finds everything cleared away
	defer func() { users.Close() }()
	alone, err := h.lock("keeper", syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return err
	}
	defer alone.Close()
	if err := os.WriteFile(alone.Name(), fmt.Appendln(nil, os.Getpid()), 0o600); err != nil { // for whoever wonders
		return err
	}
	run, err := h.freshRun()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(run)) }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server, err := pgserver.Start(ctx, pgserver.Options{Dir: filepath.Join(run, "pg"), NoFsync: true, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	url := server.URL("postgres", Superuser)
	if err := os.WriteFile(h.path("url"), []byte(url+"\n"), 0o600); err != nil {
		return err
	}
	defer os.Remove(h.path("url"))
	if _, err := fmt.Fprintln(answer, url); err != nil {
		return err
	}
	if err := answer.Close(); err != nil {
		return err
	}
	users, err = h.untilUnused(server.Done())
	return err
}

// freshRun is a new folder for the data; what earlier keepers may have left is removed.
func (h home) freshRun() (string, error) {
	old, err := filepath.Glob(h.path("run-*"))
	if err != nil {
		return "", err
	}
	for _, dir := range old {
		_ = os.RemoveAll(dir) // a server that is still stopping may write to it; the next keeper tries again
	}
	run, err := os.MkdirTemp(h.dir, "run-")
	if err != nil {
		return "", err
	}
	return run, os.Chmod(run, 0o711) // the server may run as another user, who has to get through
}

// untilUnused returns when no test program has been alive for the idle time, with the lock that keeps new ones out, or
// when the server has died.
func (h home) untilUnused(died <-chan struct{}) (*os.File, error) {
	beat := min(time.Second, h.idle/4)
	quiet := time.Duration(0)
	for {
		select {
		case <-died:
			return nil, errors.New("the server for tests has died")
		case <-time.After(beat):
		}
		users, err := h.lock("users", syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EWOULDBLOCK):
			quiet = 0
		case err != nil:
			return nil, err
		case quiet >= h.idle:
			return users, nil
		default:
			users.Close()
			quiet += beat
		}
	}
}
