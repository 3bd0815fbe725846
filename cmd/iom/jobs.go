package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/job"
	"iom/internal/platform/mail"
)

// background is the part of the program that works while nobody waits.
type background struct {
	d      *db.DB
	runner *job.Runner
}

// startBackground starts it. Without an address for its role this process does no
// background work, which then waits for one that does.
func startBackground(ctx context.Context, where addresses, c clock.Clock, post letterbox, log *slog.Logger) (*background, error) {
	if where.jobs == "" {
		log.Warn("this process does no background work: JOBS_DATABASE_URL is not set")
		return nil, nil
	}
	d, err := db.Open(ctx, db.Options{URL: where.jobs, Clock: c, MaxConns: 6, Summarise: livelist.Refresh, SummariseLater: livelist.RefreshLater})
	if err != nil {
		return nil, fmt.Errorf("the database cannot be reached for background work; check JOBS_DATABASE_URL: %w", err)
	}
	runner, err := job.Start(ctx, job.Options{URL: where.jobs, DB: d, Plan: plan(d, post), Log: log})
	if err != nil {
		d.Close()
		return nil, err
	}
	return &background{d: d, runner: runner}, nil
}

// plan is everything that is done in the background, and by whom.
func plan(d *db.DB, post letterbox) *job.Plan {
	p := &job.Plan{}
	p.Do(livelist.Anew, livelist.RefreshAll)
	p.Daily(account.Purge, 3, 30, account.PurgeOld)
	p.Daily(meeting.Ahead, 4, 0, meeting.PlanAhead)
	p.Do(mail.Deliver, sender(d, post).Send)
	return p
}

// sender is the post, with the composer of each kind of message.
func sender(d *db.DB, post letterbox) *mail.Sender {
	s := &mail.Sender{Settings: post.Settings, AddressOf: account.EmailOf, SecureDomains: area.SecureDomainsOf}
	s.Composes(meeting.AgendaMail, meeting.ComposeAgenda(post.origin))
	s.Composes(meeting.CirculationMail, meeting.Courier{DB: d, Origin: post.origin}.Compose)
	return s
}

// stop lets what is under way finish, for as long as the context lasts.
func (b *background) stop(ctx context.Context) error {
	if b == nil {
		return nil
	}
	defer b.d.Close()
	return b.runner.Stop(ctx)
}

// letterbox is how mail goes out, and where it says that the application is.
type letterbox struct {
	mail.Settings
	origin string // as https://iom.example.police.uk; empty: messages have no links
}

// postSettings are those of the environment.
func postSettings() (p letterbox, err error) {
	if p.Settings, err = mail.FromEnvironment(os.Getenv); err != nil {
		return p, errors.Join(errors.New("the mail server's settings are wrong"), err)
	}
	p.origin = strings.TrimSuffix(os.Getenv("PUBLIC_URL"), "/")
	if at, err := url.Parse(p.origin); p.origin != "" && (err != nil || at.Scheme != "https" || at.Host == "" || at.Path != "" || at.User != nil || at.RawQuery != "") {
		return p, errors.New("PUBLIC_URL must be the address at which people find the application and no more, as https://iom.example.police.uk")
	}
	return p, nil
}
