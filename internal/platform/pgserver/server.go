// Package pgserver runs a private PostgreSQL server of the installed version (15 or newer) under a folder, for a
// scheme that has no database server of its own, for the demonstration and for tests.
//
// The server listens on a Unix socket only, in a folder that no other user can enter, and that is its whole
// authentication: whoever may open the folder may connect as any role. It runs as the user who starts it or, started by
// root, as the user postgres. It dies with the process that started it.
//
// Under Options.Dir are data (the cluster), run (the socket, where the path is short enough) and lock.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Superuser is the role that owns the cluster.
const Superuser = "postgres"

// port only names the socket's file: nothing listens on a network.
const port = "5432"

// A fast shutdown (clients are disconnected, everything is written) gets fastStop; then the server is told to drop
// everything, which is safe but makes the next start recover, and gets immediateStop before it is killed.
const (
	fastStop      = 60 * time.Second
	immediateStop = 5 * time.Second
)

// Options say where a server keeps its data and how careful it is with it.
type Options struct {
	// Dir holds everything that belongs to the server. It is made when it is missing, and from then on belongs to the
	// user who runs the server, closed to all others.
	Dir string

	// NoFsync gives up durability for speed: a crash of the machine loses the data. For tests alone.
	NoFsync bool

	// Log receives what PostgreSQL reports. Statements, parameters and error texts, which could hold personal data, are
	// switched off at the source. Nil means silence.
	Log *slog.Logger
}

// A Server is a running PostgreSQL.
type Server struct {
	socket  string // folder of the socket
	major   int
	process *process
	lock    *os.File
	tidy    func() // removes a socket folder that was made outside Dir
	once    sync.Once
	stopErr error
}

// Start makes the cluster if the folder is new, starts the server and returns once it answers. Every error is meant to
// be read by the person at the keyboard, and says what to do where something can be done.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	who, err := runAs()
	if err != nil {
		return nil, err
	}
	dir, err := prepareFolder(options.Dir, who)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	server, err := start(ctx, dir, who, options)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	server.lock = lock
	return server, nil
}

// start does what Start does while the folder is held for us alone.
func start(ctx context.Context, dir string, who account, options Options) (*Server, error) {
	data := filepath.Join(dir, "data")
	installed, err := choose(data)
	if err != nil {
		return nil, err
	}
	if err := clearLeftovers(ctx, data); err != nil {
		return nil, err
	}
	if err := initialise(ctx, installed, data, who, options); err != nil {
		return nil, err
	}
	socket, tidy, err := socketFolder(dir, who)
	if err != nil {
		return nil, err
	}
	running, err := launch(command(installed, data, socket, options), who, options.Log)
	if err != nil {
		tidy()
		return nil, err
	}
	server := &Server{socket: socket, major: installed.major, process: running, tidy: tidy}
	if err := server.ready(ctx); err != nil {
		running.end(syscall.SIGINT, fastStop)
		tidy()
		return nil, err
	}
	return server, nil
}

// ready waits until the server takes a connection. A server that recovers from a crash may take long, so that only the
// context and the end of the process limit the wait.
func (s *Server) ready(ctx context.Context) error {
	pause := 2 * time.Millisecond
	for {
		connection, err := pgconn.Connect(ctx, s.URL("postgres", Superuser))
		if err == nil {
			return connection.Close(ctx)
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("PostgreSQL did not start: %s", s.process.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL was not ready in time (%w): %w", context.Cause(ctx), err)
		case <-time.After(pause):
			pause = min(2*pause, 20*time.Millisecond)
		}
	}
}

// URL is the address of a database for a role, as pgx, psql and pg_dump read it. It holds no secret.
func (s *Server) URL(database, role string) string {
	address := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database}
	address.RawQuery = url.Values{"host": {s.socket}, "port": {port}}.Encode()
	return address.String()
}

// Major is the server's major version, 15 or more.
func (s *Server) Major() int {
	return s.major
}

// Done is closed when the server has ended, whether asked to or not.
func (s *Server) Done() <-chan struct{} {
	return s.process.done
}

// Stop disconnects everybody, has everything written, waits for the end and lets go of the folder. It may be called
// more than once; the error says that the server had to be forced.
func (s *Server) Stop() error {
	s.once.Do(func() {
		s.stopErr = s.process.end(syscall.SIGINT, fastStop)
		s.tidy()
		s.stopErr = errors.Join(s.stopErr, s.lock.Close())
	})
	return s.stopErr
}

// command is the server's command line. Settings are given here rather than in files of the cluster, so that a cluster
// made by an older build runs with the settings of this one.
func command(installed installation, data, socket string, options Options) []string {
	settings := []string{
		"listen_addresses=", "port=" + port,
		"unix_socket_directories=" + quoteList(socket), "unix_socket_permissions=0700",
		"max_connections=100", "shared_buffers=128MB",
		"timezone=UTC", "log_timezone=UTC", "client_encoding=UTF8",
		"jit=off", // its compile time exceeds what these short statements take
		"logging_collector=off", "log_destination=stderr", "log_line_prefix=",
		// What follows keeps personal data out of the log: no statement, no parameter, no message about a value.
		"log_statement=none", "log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse",
		"log_min_duration_statement=-1", "log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
	}
	if options.NoFsync {
		settings = append(settings, "fsync=off", "full_page_writes=off", "synchronous_commit=off",
			"wal_level=minimal", "max_wal_senders=0", "autovacuum=off", "max_connections=400")
	} else {
		settings = append(settings, "fsync=on", "full_page_writes=on", "synchronous_commit=on")
	}
	line := []string{installed.tool("postgres"), "-D", data}
	for _, setting := range settings {
		line = append(line, "-c", setting)
	}
	return line
}

// quoteList makes one path safe as the only member of a PostgreSQL list setting.
func quoteList(path string) string {
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}
