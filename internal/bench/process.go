package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is the real server, as a process of its own.
type process struct {
	command *exec.Cmd
	addr    string
	ready   time.Duration // from start to the first answer that says so
}

const readyWithin = 30 * time.Second

// launch starts the server over a migrated database.
func launch(ctx context.Context, bin, app, sessions string) (*process, error) {
	addr, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr, command: exec.CommandContext(ctx, bin, "serve", "--insecure-cookies", "--addr", addr)}
	p.command.Env = append(os.Environ(), "DATABASE_URL="+app, "SESSIONS_DATABASE_URL="+sessions)
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	start := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	for time.Since(start) < readyWithin {
		if isReady(ctx, addr) {
			p.ready = time.Since(start)
			return p, nil
		}
		time.Sleep(time.Millisecond)
	}
	return nil, errors.Join(errors.New("bench: the server is not ready in time"), p.stop())
}

func isReady(ctx context.Context, addr string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// resident is the memory that the process holds now, in MB.
func (p *process) resident() (float64, error) {
	file, err := os.Open("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if kb, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(kb, " kB")))
			return float64(n) / 1024, err
		}
	}
	return 0, fmt.Errorf("bench: no resident memory is told for process %d", p.command.Process.Pid)
}

// ticks is how many times a second Linux counts the processor time of a process.
const ticks = 100

// worked is the processor time that the server has used so far, its own and the
// kernel's for it. It is far steadier than the time that passes.
func (p *process) worked() (time.Duration, error) {
	content, err := os.ReadFile("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/stat")
	if err != nil {
		return 0, err
	}
	return workedFrom(string(content))
}

// workedFrom reads a line of /proc/*/stat. The name, in brackets, may hold spaces;
// after it utime and stime are the twelfth and thirteenth fields.
func workedFrom(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 13 {
		return 0, errors.New("bench: no processor time is told")
	}
	var all int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		all += n
	}
	return time.Duration(all) * time.Second / ticks, nil
}

// ask asks this server for a page, as ask does, and notes what the server worked.
func (p *process) ask(ctx context.Context, path string, cookies []string, length time.Duration) (run, error) {
	before, err := p.worked()
	if err != nil {
		return run{}, err
	}
	r, err := ask(ctx, p.addr, path, cookies, length)
	if err != nil {
		return r, err
	}
	after, err := p.worked()
	if n := len(r.took) + r.failed; n > 0 {
		r.worked = (after - before) / time.Duration(n)
	}
	return r, err
}

// stop asks the server to end, once the requests under way are answered, and waits.
func (p *process) stop() error {
	if p == nil { // never started
		return nil
	}
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := p.command.Wait()
	if errors.Is(err, context.Canceled) { // interrupted: the server was asked to end with us
		return nil
	}
	return err
}
