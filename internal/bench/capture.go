package main

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/session"
	"iom/web"
	"iom/web/page"
)

// trip is one round trip of a request: one statement, or a batch.
type trip struct {
	statements []statement
}

type statement struct {
	sql  string
	args []any
}

// recorder notes the statements that a request sends.
type recorder struct {
	trips []trip
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	r.trips = append(r.trips, trip{[]statement{{q.SQL, q.Args}}})
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, b pgx.TraceBatchStartData) context.Context {
	var t trip
	for _, q := range b.Batch.QueuedQueries {
		t.statements = append(t.statements, statement{q.SQL, q.Arguments})
	}
	r.trips = append(r.trips, t)
	return ctx
}

func (r *recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// captured is what the pages ask of Postgres, and sessions with which to ask for
// the pages.
type captured struct {
	cookies map[ref.AccountID][]string
	trips   map[string][]trip // by the name of the page
}

// capture answers each page once, in this process, and notes what it asks of
// Postgres from the session on to the log.
func capture(ctx context.Context, app, sessions string, accounts []ref.AccountID, pages []target) (c captured, err error) {
	r := &recorder{}
	d, err := db.Open(ctx, db.Options{URL: app, Summarise: livelist.Refresh, Tracer: r})
	if err != nil {
		return c, err
	}
	defer d.Close()
	manager, err := session.New(ctx, sessions, clock.System{}, session.Options{Insecure: true, Tracer: r})
	if err != nil {
		return c, err
	}
	defer manager.Close()
	c = captured{cookies: map[ref.AccountID][]string{}, trips: map[string][]trip{}}
	for _, id := range accounts {
		for range connections {
			cookie, err := signIn(ctx, d, manager, id)
			if err != nil {
				return c, err
			}
			c.cookies[id] = append(c.cookies[id], cookie)
		}
	}
	handler, err := web.Handler(page.App{DB: d, Sessions: manager, Log: slog.New(slog.DiscardHandler), Insecure: true})
	if err != nil {
		return c, err
	}
	for _, p := range pages {
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, p.path, http.NoBody)
		request.Header.Set("Cookie", c.cookies[p.as][0])
		answer := httptest.NewRecorder()
		r.trips = nil
		handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			return c, fmt.Errorf("bench: %s answers %d", p.path, answer.Code)
		}
		c.trips[p.name] = r.trips
	}
	return c, nil
}

// signIn begins a session and gives its cookie.
func signIn(ctx context.Context, d *db.DB, m *session.Manager, id ref.AccountID) (string, error) {
	var failed error
	door := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		standing, err := d.StandingOf(r.Context(), int64(id))
		if err == nil {
			err = m.Begin(r.Context(), int64(id), standing.SessionEpoch)
		}
		failed = err
		_, _ = io.WriteString(w, "in")
	}))
	answer := httptest.NewRecorder()
	door.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody))
	if failed != nil {
		return "", failed
	}
	for _, cookie := range answer.Result().Cookies() {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", errors.New("bench: signing in set no cookie")
}

// text is an argument as Postgres reads it.
func text(arg any) (string, error) {
	switch v := arg.(type) {
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.999999Z07:00"), nil
	case []byte:
		return `\x` + hex.EncodeToString(v), nil
	case pgtype.DateValuer:
		day, err := v.DateValue()
		return day.Time.Format(time.DateOnly), err
	case *time.Time:
		if v != nil {
			return text(*v)
		}
	case driver.Valuer:
		inner, err := v.Value()
		if err != nil {
			return "", err
		}
		return text(inner)
	}
	return plain(reflect.ValueOf(arg))
}

func plain(v reflect.Value) (string, error) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			part, err := text(v.Index(i).Interface())
			if err != nil {
				return "", err
			}
			parts = append(parts, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(part)+`"`)
		}
		return "{" + strings.Join(parts, ",") + "}", nil
	default:
		return "", fmt.Errorf("bench: an argument of kind %s cannot be given to pgbench", v.Kind())
	}
}
