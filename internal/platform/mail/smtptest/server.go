// Package smtptest is a mail server on loopback that keeps what it receives in memory:
// for tests, and for the demonstration, which shows it on a page (Server.Page). It speaks
// real SMTP and can be told to be down, slow, unwilling or unreliable.
package smtptest

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Manner is how a server behaves. The zero Manner takes everything at once.
type Manner struct {
	Down       bool          // nobody listens
	Slow       time.Duration // before the answer to a message
	Recipient  int           // the answer to each recipient, as 450 or 550; 0: 250
	Message    int           // the answer to each message, as 451 or 554; 0: 250
	DropBefore bool          // the connection breaks before the end of a message has come
	DropAfter  bool          // the message is kept, and the connection breaks before the answer
}

// Server is a running mail server.
type Server struct {
	addr string // with the port, which it keeps when it is down for a while

	mu       sync.Mutex
	manner   Manner
	running  *smtp.Server
	received []Message
	arrived  chan struct{} // closed and replaced at each message
}

// Start starts a server on a free port of loopback.
func Start() (*Server, error) {
	s := &Server{addr: "127.0.0.1:0", arrived: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s, s.up()
}

// Host and Port are where it listens.
func (s *Server) Host() string {
	host, _, _ := net.SplitHostPort(s.addr)
	return host
}

// Port is the port on which it listens, also while it is down.
func (s *Server) Port() int {
	addr, err := net.ResolveTCPAddr("tcp", s.addr)
	if err != nil {
		return 0
	}
	return addr.Port
}

// Behave changes how it behaves from now on.
func (s *Server) Behave(m Manner) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner = m
	switch {
	case m.Down && s.running != nil:
		err := s.running.Close()
		s.running = nil
		return err
	case !m.Down && s.running == nil:
		return s.up()
	}
	return nil
}

// Close ends it.
func (s *Server) Close() error { return s.Behave(Manner{Down: true}) }

// Received are the messages that it has taken, earliest first.
func (s *Server) Received() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

// Await returns when it has taken so many messages.
func (s *Server) Await(ctx context.Context, n int) ([]Message, error) {
	for {
		s.mu.Lock()
		have, arrived := slices.Clone(s.received), s.arrived
		s.mu.Unlock()
		if len(have) >= n {
			return have, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return have, fmt.Errorf("%d of %d messages came: %w", len(have), n, ctx.Err())
		}
	}
}

// up listens; the lock is held.
func (s *Server) up() error {
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	s.addr = listener.Addr().String()
	running := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	running.Domain = "mail.invalid"
	running.MaxMessageBytes = 50 << 20
	running.ReadTimeout, running.WriteTimeout = time.Minute, time.Minute
	running.ErrorLog = silent{}
	s.running = running
	go func() { _ = running.Serve(listener) }() // ends with Close
	return nil
}

func (s *Server) now() Manner {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.manner
}

func (s *Server) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, m)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// session is one connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	from   string
	to     []string
}

// Reset, Logout, Mail, Rcpt and Data are those of smtp.Session.
func (c *session) Reset() { c.from, c.to = "", nil }

// Logout is the end of a connection.
func (c *session) Logout() error { return nil }

// Mail begins a message.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

// Rcpt adds a recipient.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if code := c.server.now().Recipient; code != 0 {
		return &smtp.SMTPError{Code: code, Message: "not this recipient"}
	}
	c.to = append(c.to, to)
	return nil
}

// Data takes a message.
func (c *session) Data(r io.Reader) error {
	manner := c.server.now()
	if manner.DropBefore {
		_, _ = io.ReadFull(r, make([]byte, 64)) // a little of it
		return c.conn.Conn().Close()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if manner.Slow > 0 {
		time.Sleep(manner.Slow) // the slowness itself, not a wait for something
	}
	if manner.Message != 0 {
		return &smtp.SMTPError{Code: manner.Message, Message: "not this message"}
	}
	m, err := parse(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: "this is no message: " + err.Error()}
	}
	m.From, m.To, m.At = c.from, c.to, time.Now()
	c.server.keep(m)
	if manner.DropAfter {
		return c.conn.Conn().Close()
	}
	return nil
}

// silent drops the server's lines about connections that broke.
type silent struct{}

// Printf and Println are those of smtp.Logger.
func (silent) Printf(string, ...any) {}

// Println drops a line.
func (silent) Println(...any) {}
