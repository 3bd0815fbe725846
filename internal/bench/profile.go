package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"runtime/pprof"

	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/session"
	"iom/web"
	"iom/web/page"
)

// asking is a page with the sessions that ask for it, each over a connection of its own.
type asking struct {
	path    string
	cookies []string
}

// profiled answers pages within this process and writes where its time went, for
// `go tool pprof`. The client's own small part is in it.
func (b *bench) profiled(ctx context.Context, database string, pages []asking) (err error) {
	d, err := db.Open(ctx, db.Options{URL: b.server.URL(database, migrate.App), Summarise: livelist.Refresh})
	if err != nil {
		return err
	}
	defer d.Close()
	sessions, err := session.New(ctx, b.server.URL(database, migrate.Sessions), clock.System{}, session.Options{Insecure: true})
	if err != nil {
		return err
	}
	defer sessions.Close()
	handler, err := web.Handler(page.App{DB: d, Sessions: sessions, Log: slog.New(slog.DiscardHandler), Insecure: true})
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := web.Server(handler)
	go func() { _ = server.Serve(listener) }() // ends when it is closed
	defer func() { err = errors.Join(err, server.Close()) }()
	out, err := os.Create(b.profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for _, t := range pages {
		if _, err := ask(ctx, listener.Addr().String(), t.path, t.cookies, b.length); err != nil {
			return err
		}
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	for _, t := range pages {
		if _, err := ask(ctx, listener.Addr().String(), t.path, t.cookies, 3*b.length); err != nil {
			return err
		}
	}
	return nil
}
