package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// longestSocket is the most bytes that the path of a Unix socket may have.
const longestSocket = 107

// ErrInUse means that another process serves the folder.
var ErrInUse = errors.New("another process is running the database in this folder: stop that one first, or choose another folder")

// prepareFolder makes the folder if need be, hands it to the account, closes it to everybody else and proves that the
// account can enter it. It returns the absolute path.
func prepareFolder(dir string, who account) (string, error) {
	if dir == "" {
		return "", errors.New("the database needs a folder for its data, and none was named")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("the folder for the database cannot be made: %w", err)
	}
	// Links are followed once, so that the processes of the cluster can be known by their working folder.
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	if err := foreign(dir); err != nil {
		return "", err
	}
	if err := who.owns(filepath.Join(dir, "data")); err != nil {
		return "", err
	}
	if err := who.own(dir); err != nil {
		return "", fmt.Errorf("the folder for the database must belong to the user %s: %w", who.name, err)
	}
	if err := writable(dir, who); err != nil {
		return "", err
	}
	return dir, who.reach(dir)
}

// foreign refuses a folder that holds other things, since the folder is about to change owner and be closed.
func foreign(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("the folder for the database cannot be read: %w", err)
	}
	for _, entry := range entries {
		switch entry.Name() {
		case "data", "data.new", "run", "lock", "lost+found":
		default:
			return fmt.Errorf("the folder %s holds %s, which does not belong to the database: choose an empty folder",
				dir, entry.Name())
		}
	}
	return nil
}

func writable(dir string, who account) error {
	probe, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("the folder for the database cannot be written to: %w", err)
	}
	if who.change != nil { // so that the account itself may start the server another day
		err = probe.Chown(who.uid, who.gid)
	}
	return errors.Join(err, probe.Close())
}

// takeLock makes sure that one process at a time manages the folder. The kernel lets go of it when that process ends,
// however it ends.
func takeLock(dir string) (*os.File, error) {
	path := filepath.Join(dir, "lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the folder for the database cannot be written to: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, ErrInUse), file.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s cannot be locked: %w", path, err), file.Close())
	}
	return file, nil
}

// socketFolder makes the folder of the socket: run, or a folder with a short name where the path would be too long for
// a socket; then run is a link to it. The function that it returns removes the latter.
func socketFolder(dir string, who account) (string, func(), error) {
	path := filepath.Join(dir, "run")
	forgetLink(path)
	if fits(path) && !strings.ContainsAny(path, `,"`) {
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", nil, fmt.Errorf("no folder for the database's socket can be made: %w", err)
		}
		return path, func() {}, who.own(path)
	}
	short, err := os.MkdirTemp("", "iom-pg-")
	if err != nil {
		return "", nil, fmt.Errorf("no folder for the database's socket can be made: %w", err)
	}
	tidy := func() { removeSocket(short); forgetLink(path) }
	if !fits(short) {
		tidy()
		return "", nil, fmt.Errorf("the path %s is too long for a socket: set TMPDIR to a shorter one", short)
	}
	_ = os.Remove(path) // an empty run of earlier days, when the folder had a shorter name
	if err := errors.Join(who.own(short), who.reach(short), os.Symlink(short, path)); err != nil {
		tidy()
		return "", nil, err
	}
	return short, tidy, nil
}

func fits(socketFolder string) bool {
	return len(filepath.Join(socketFolder, ".s.PGSQL."+port)) <= longestSocket
}

// forgetLink removes the link to a short folder, and that folder, as a killed process leaves them.
func forgetLink(path string) {
	if short, err := os.Readlink(path); err == nil {
		removeSocket(short)
		_ = os.Remove(path)
	}
}

// removeSocket removes a short folder by naming what PostgreSQL leaves in it, so that nothing else can be lost.
func removeSocket(short string) {
	for _, name := range []string{".s.PGSQL." + port, ".s.PGSQL." + port + ".lock", ""} {
		_ = os.Remove(filepath.Join(short, name))
	}
}
