package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// An account is the operating-system user that the server runs as. PostgreSQL refuses to run as root.
type account struct {
	name string
	uid  int
	gid  int
	// change is nil when the server runs as the user who starts it.
	change *syscall.Credential
}

// runAs is the current user or, for root, the user postgres.
func runAs() (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "uid " + strconv.Itoa(os.Geteuid()), uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	found, err := user.Lookup("postgres")
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL does not run as root, and this machine has no user postgres: %w", ErrNotInstalled)
	}
	uid, err1 := strconv.Atoi(found.Uid)
	gid, err2 := strconv.Atoi(found.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return account{}, fmt.Errorf("the ids of the user postgres cannot be read: %w", err)
	}
	return account{
		name: found.Username, uid: uid, gid: gid,
		change: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
	}, nil
}

// own gives a folder to the account and closes it to everybody else.
func (a account) own(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	if a.change != nil {
		if err := os.Lchown(dir, a.uid, a.gid); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// owns refuses a cluster that another user made: the server would not open its files.
func (a account) owns(data string) error {
	info, err := os.Stat(data)
	if err != nil {
		return nil // there is none yet, or what comes next says why it cannot be read
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != a.uid {
		return fmt.Errorf("the data in %s belongs to the user with id %d, but the database would run as %s (%d): "+
			"start it as the former, or hand the folder over with `chown -R %d:%d %s`",
			data, owner, a.name, a.uid, a.uid, a.gid, filepath.Dir(data))
	}
	return nil
}

// command is a program run as the account, in a neutral folder and without the caller's PG* variables, which would
// change what PostgreSQL's programs do.
func (a account) command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	made := exec.CommandContext(ctx, program, arguments...)
	made.Dir = "/"
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "LC_") && name != "LANG" && name != "LANGUAGE" {
			made.Env = append(made.Env, variable)
		}
	}
	made.Env = append(made.Env, "LC_ALL=C.UTF-8")
	made.SysProcAttr = &syscall.SysProcAttr{Credential: a.change}
	return made
}

// reach proves that the account can enter a folder. It matters for root, whose own home is closed to postgres. The
// system is asked, by trying, since modes alone do not tell (access lists, mounts).
func (a account) reach(dir string) error {
	if a.change == nil || a.enters(dir) {
		return nil
	}
	closed := dir
	for parent := filepath.Dir(closed); parent != closed && !a.enters(parent); parent = filepath.Dir(parent) {
		closed = parent
	}
	return fmt.Errorf("the database runs as the user %s, who cannot enter %s: run `chmod o+x %s`, "+
		"or keep the data elsewhere, such as under /var/lib/iom", a.name, closed, closed)
}

func (a account) enters(dir string) bool {
	return a.command(context.Background(), "/bin/sh", "-c", `cd -- "$1"`, "sh", dir).Run() == nil
}
