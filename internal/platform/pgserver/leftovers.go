package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long the processes of an earlier server get to end. Their parent is gone, so they are on their way.
const patience = 15 * time.Second

// clearLeftovers deals with what a killed process leaves behind in the cluster's folder.
//
// We hold the folder's lock, so no other process of ours serves it. Server processes may still be on their way out, or
// somebody may have started a server by hand: they are awaited, then reported. Then postmaster.pid may name a process
// that is long gone. PostgreSQL copes with that, except when the number has been given to another process meanwhile,
// as happens after the restart of a container: it would refuse to start. Only in that case is the file removed, since
// it also tells PostgreSQL about shared memory in use.
func clearLeftovers(ctx context.Context, data string) error {
	pause := time.NewTicker(10 * time.Millisecond)
	defer pause.Stop()
	deadline := time.After(patience)
	for running := processesIn(data); len(running) > 0; running = processesIn(data) {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-deadline:
			return fmt.Errorf("%s: process %d: %w", data, running[0], ErrInUse)
		case <-pause.C:
		}
	}
	file := filepath.Join(data, "postmaster.pid")
	pid, err := namedProcess(file)
	if err != nil || pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return err
	}
	return os.Remove(file)
}

// namedProcess is the process number in a postmaster.pid, 0 when there is none.
func namedProcess(file string) (int, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 0 {
		return 0, nil // PostgreSQL says more about a damaged file than we could
	}
	return pid, nil
}

// processesIn lists the server processes of a cluster. PostgreSQL makes the data folder the working folder of them all.
func processesIn(data string) []int {
	entries, _ := filepath.Glob("/proc/[0-9]*/cwd")
	var found []int
	for _, entry := range entries {
		if folder, err := os.Readlink(entry); err == nil && folder == data {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
			if strings.HasPrefix(commandName(pid), "postgres") {
				found = append(found, pid)
			}
		}
	}
	return found
}

// commandName is empty for a process that has gone.
func commandName(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return strings.TrimSpace(string(text))
}
