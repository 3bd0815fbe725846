package pgserver

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A process is the server's main process, our child.
type process struct {
	command *exec.Cmd
	done    chan struct{} // closed when the process has been waited for

	mu    sync.Mutex
	words []string // the last lines that it reported
}

// keptWords is how many of its last lines are kept for an error message.
const keptWords = 5

// launch starts the server so that it dies with us.
//
// The kernel sends SIGINT, PostgreSQL's fast and clean shutdown, when the thread that started the server ends. Go ends
// threads as it likes, so the server is started and awaited by a goroutine that keeps a thread for itself as long as
// the server lives. The server gets a process group of its own: an interrupt typed at the terminal must reach the
// application alone, which still needs its database to finish what it is doing.
func launch(line []string, who account, log *slog.Logger) (*process, error) {
	started := &process{
		command: who.command(context.Background(), line[0], line[1:]...),
		done:    make(chan struct{}),
	}
	attributes := started.command.SysProcAttr
	attributes.Pdeathsig = syscall.SIGINT
	attributes.Setpgid = true
	output := &lines{take: func(text string) { started.report(log, text) }}
	started.command.Stdout, started.command.Stderr = output, output
	started.command.WaitDelay = time.Second

	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := started.command.Start()
		result <- err
		if err != nil {
			return
		}
		_ = started.command.Wait() // how it ended is told by lastWords
		close(started.done)
	}()
	if err := <-result; err != nil {
		return nil, fmt.Errorf("PostgreSQL cannot be started: %w", err)
	}
	return started, nil
}

// report passes one line of PostgreSQL on, at a level that fits it.
func (p *process) report(log *slog.Logger, text string) {
	p.mu.Lock()
	p.words = append(p.words, text)
	if len(p.words) > keptWords {
		p.words = p.words[1:]
	}
	p.mu.Unlock()
	level := slog.LevelDebug
	switch {
	case strings.HasPrefix(text, "PANIC:"):
		level = slog.LevelError
	case strings.HasPrefix(text, "FATAL:"): // the end of one connection, such as those that come too early
		level = slog.LevelInfo
	}
	log.Log(context.Background(), level, "postgres", slog.String("line", text))
}

// lastWords is what the server reported before it ended.
func (p *process) lastWords() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.words) == 0 {
		return p.command.ProcessState.String()
	}
	return strings.Join(p.words, "; ")
}

// end asks the server to stop with the signal, insists when the time is over, and returns when it has ended.
func (p *process) end(signal syscall.Signal, patience time.Duration) error {
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{signal, patience}, {syscall.SIGQUIT, immediateStop}} {
		_ = p.command.Process.Signal(step.signal) // fails only when it has ended
		select {
		case <-p.done:
			if step.signal != signal {
				return fmt.Errorf("PostgreSQL did not stop within %s and was forced; it will recover at the next start", patience)
			}
			return nil
		case <-time.After(step.patience):
		}
	}
	_ = p.command.Process.Kill()
	<-p.done
	return fmt.Errorf("PostgreSQL did not stop within %s and was killed; it will recover at the next start", patience)
}

// lines hands on what is written to it line by line.
type lines struct {
	take    func(string)
	pending []byte
}

var _ io.Writer = (*lines)(nil)

func (l *lines) Write(chunk []byte) (int, error) {
	l.pending = append(l.pending, chunk...)
	for {
		line, rest, complete := bytes.Cut(l.pending, []byte("\n"))
		if !complete {
			if len(l.pending) > bufio.MaxScanTokenSize { // no line of PostgreSQL is so long
				l.pending = nil
			}
			return len(chunk), nil
		}
		l.take(string(line))
		l.pending = rest
	}
}
