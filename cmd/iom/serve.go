package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"iom/internal/platform/clock"
	"iom/internal/platform/live"
	"iom/internal/platform/migrate"
	"iom/internal/platform/session"
	"iom/web"
	"iom/web/page"
)

// drainWithin is how long requests under way may take after a request to stop.
const drainWithin = 20 * time.Second

// runServe serves the application until it is told to stop.
func runServe(ctx context.Context, args []string) (err error) {
	set := flags("serve")
	addr := set.String("addr", "127.0.0.1:8080", "address to listen on; put a proxy with TLS in front")
	dir := set.String("data", "", "folder of the private cluster; not needed when DATABASE_URL is set")
	up := set.Bool("migrate", false, "bring the database to this version first")
	insecure := set.Bool("insecure-cookies", false, "for trying out on loopback without TLS: cookies without Secure")
	behind := set.String("proxy", "", "addresses of the proxies in front, as 127.0.0.1 or 10.0.0.0/24, with commas between; only they are believed about where a request comes from")
	if err := parse(set, args); err != nil {
		return err
	}
	proxies, err := prefixes(*behind)
	if err != nil {
		return err
	}
	post, err := postSettings()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // already closed when serving ended
	where, err := locate(ctx, *dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, where.close()) }()
	if *up {
		if where.migrate == "" {
			return errors.New("--migrate needs MIGRATE_DATABASE_URL: the address for the role iom_migrate")
		}
		if err := migrate.Up(ctx, where.migrate); err != nil {
			return err
		}
	}
	return serve(ctx, where, listener, serving{log: log, clock: clock.System{}, insecure: *insecure, proxies: proxies, post: post})
}

// serving is what differs between serving a scheme and serving the demonstration.
type serving struct {
	log      *slog.Logger
	clock    clock.Clock
	insecure bool
	demo     bool
	proxies  []netip.Prefix // believed about where a request comes from
	post     letterbox
	mailbox  http.Handler // of the demonstration: what its mail server has received; nil: none
	started  func()       // called when requests are answered
}

// serve answers requests until the context ends, then lets those under way finish.
func serve(ctx context.Context, where addresses, listener net.Listener, s serving) error {
	if err := migrate.Check(ctx, where.app); err != nil {
		return err
	}
	d, err := where.open(ctx, s.clock)
	if err != nil {
		return err
	}
	defer d.Close()
	sessions, err := session.New(ctx, where.sessions, s.clock, session.Options{Insecure: s.insecure})
	if err != nil {
		return err
	}
	defer sessions.Close()
	changes, err := live.Listen(ctx, where.app, s.log)
	if err != nil {
		return err
	}
	defer changes.Close()
	handler, err := web.Handler(page.App{DB: d, Sessions: sessions, Log: s.log, Live: changes, Demo: s.demo, Insecure: s.insecure, Proxies: s.proxies})
	if err != nil {
		return err
	}
	if s.mailbox != nil {
		handler = beside(handler, s.mailbox)
	}
	work, err := startBackground(ctx, where, s.clock, s.post, s.log)
	if err != nil {
		return err
	}
	server := web.Server(handler)
	server.ErrorLog = slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)
	server.RegisterOnShutdown(changes.Drain) // streams end at once, their pages come back elsewhere
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	s.log.Info("serving", "address", listener.Addr().String())
	if s.started != nil {
		s.started()
	}
	select {
	case err := <-ended:
		return errors.Join(err, work.stop(ctx))
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWithin)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- work.stop(drain) }()
	err = server.Shutdown(drain)
	if failed := <-stopped; failed != nil {
		s.log.Error("background work", "error", failed)
	}
	if err != nil {
		return fmt.Errorf("some requests were still under way after %s: %w", drainWithin, err)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// mailboxAt is where the demonstration shows what its mail server has received.
const mailboxAt = "/demo/mail/"

// beside serves the demonstration's mailbox beside the application.
func beside(application, mailbox http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(mailboxAt, http.StripPrefix(strings.TrimSuffix(mailboxAt, "/"), mailbox))
	mux.Handle("/", application)
	return mux
}

// prefixes reads the addresses of proxies: single ones or ranges.
func prefixes(text string) (all []netip.Prefix, err error) {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			addr, bad := netip.ParseAddr(part)
			if bad != nil {
				return nil, fmt.Errorf("--proxy: %q is no address; give addresses as 127.0.0.1 or 10.0.0.0/24 with commas between", part)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		all = append(all, prefix)
	}
	return all, nil
}

// listen takes the address before anything else is started.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is in use; choose another with --addr", addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s; give --addr as HOST:PORT: %w", addr, err)
	}
	return listener, nil
}
