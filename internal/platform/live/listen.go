package live

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// How the listening connection is kept: how soon it is tried again, at most how
// rarely, and how long it may be silent before it is asked whether it lives.
const (
	firstRetry   = 100 * time.Millisecond
	lastRetry    = 5 * time.Second
	silentMost   = 30 * time.Second
	answerWithin = 5 * time.Second
)

// Listen listens for changes on a connection of its own. A connection that is lost
// is made anew, and then everybody is told to catch up. It fails when the first
// one cannot be made.
func Listen(ctx context.Context, url string, log *slog.Logger) (*Hub, error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	h := newHub()
	listening, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	go h.run(listening, conn, url, log)
	return h, nil
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "iom live"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

func (h *Hub) run(ctx context.Context, conn *pgx.Conn, url string, log *slog.Logger) {
	defer close(h.ended)
	for {
		err := h.hear(ctx, conn)
		_ = conn.Close(context.WithoutCancel(ctx)) // lost already, or not needed any more
		if ctx.Err() != nil {
			return
		}
		log.Warn("the connection that listens for changes was lost", "error", err.Error())
		if conn = again(ctx, url); conn == nil {
			return
		}
		log.Info("listening for changes again")
		h.lost()
	}
}

// hear passes on what comes until the connection is lost.
func (h *Hub) hear(ctx context.Context, conn *pgx.Conn) error {
	for {
		bounded, cancel := context.WithTimeout(ctx, silentMost)
		note, err := conn.WaitForNotification(bounded)
		silent := bounded.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			if c, ok := parse(note.Payload); ok {
				h.pass(c)
			}
		case silent && !conn.IsClosed():
			if err := ping(ctx, conn); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return conn.Ping(ctx)
}

// again connects, however long it takes; nil when the process stops first.
func again(ctx context.Context, url string) *pgx.Conn {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		if conn, err := connect(ctx, url); err == nil {
			return conn
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}
