package testdb

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"iom/internal/platform/migrate"
)

// A home is the folder through which the test programs of one user find the shared server. Everything in it is guarded
// by locks that the kernel lets go of when their holder ends, however it ends:
//
//	start   held while a program looks for the server, starts it or prepares a template: one at a time
//	users   shared by all programs that use the server, as long as they live
//	keeper  held by the process that keeps the server, as long as it lives
//
// The file url, written by the keeper, is where the server is.
type home struct {
	dir  string
	idle time.Duration // how long the server outlives its last user
}

// roomNeeded is the free space below which memory is not used for the data.
const roomNeeded = 2 << 30

// defaultHome is in memory where there is room, else in the folder for temporary files. Its name has the user and a
// digest of how the roles are made: they belong to the whole server, so that a working copy that makes them differently
// must not share it.
func defaultHome() (home, error) {
	base := os.TempDir()
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && memory.Bavail*uint64(memory.Bsize) >= roomNeeded {
		base = "/dev/shm"
	}
	roles := sha256.Sum256([]byte(migrate.BootstrapSQL("")))
	name := fmt.Sprintf("iom-testdb-%d-%x", os.Geteuid(), roles[:4])
	place := home{dir: filepath.Join(base, name), idle: 2 * time.Minute}
	return place, place.prepare()
}

// prepare makes the folder. Its name can be foreseen, so one that belongs to somebody else is refused.
func (h home) prepare() error {
	if err := os.Mkdir(h.dir, 0o711); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(h.dir)
	if err != nil {
		return err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); !known || !info.IsDir() || int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a folder of this user: remove it", h.dir)
	}
	return nil
}

func (h home) path(name string) string {
	return filepath.Join(h.dir, name)
}

// lock takes a lock, waiting for it unless how says otherwise.
func (h home) lock(name string, how int) (*os.File, error) {
	file, err := os.OpenFile(h.path(name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the lock %s: %w", file.Name(), err), file.Close())
	}
	return file, nil
}

// A member is a process's hold on the running server.
type member struct {
	url   string // the superuser's, in the database postgres
	pool  *pgxpool.Pool
	held  *pgx.Conn // holds the lock on our template
	users *os.File
}

// join finds the server or starts it, and makes the templates that are missing.
func (h home) join(ctx context.Context) (*member, error) {
	start, err := h.lock("start", syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer start.Close()
	users, err := h.lock("users", syscall.LOCK_SH) // waits while a keeper is stopping the server
	if err != nil {
		return nil, err
	}
	joined := &member{users: users}
	if joined.url, err = h.find(ctx); err != nil {
		return nil, errors.Join(err, users.Close())
	}
	if joined.pool, err = pgxpool.New(ctx, joined.url); err != nil {
		return nil, errors.Join(err, users.Close())
	}
	if err := joined.prepareTemplates(ctx); err != nil {
		joined.leave()
		return nil, err
	}
	return joined, nil
}

// leave is for the tests of this package; a test program leaves by ending.
func (m *member) leave() {
	if m.held != nil {
		_ = m.held.Close(context.Background())
	}
	m.pool.Close()
	m.users.Close()
}

// find returns the address of the server, starting a keeper if none is alive.
func (h home) find(ctx context.Context) (string, error) {
	keeper, err := h.lock("keeper", syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		keeper.Close()
		return h.startKeeper(ctx)
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return "", err
	}
	text, err := os.ReadFile(h.path("url"))
	return strings.TrimSpace(string(text)), err
}

// An address is a URL of the server that can be pointed at another database and role.
type address string

func (a address) with(database, role string) string {
	parsed, err := url.Parse(string(a))
	if err != nil {
		panic("testdb: " + err.Error()) // the keeper wrote it
	}
	parsed.User, parsed.Path = url.User(role), "/"+database
	return parsed.String()
}
