package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"

	"iom/internal/demo"
	"iom/internal/insight/livelist"
	"iom/internal/platform/clock"
	"iom/internal/platform/mail"
	"iom/internal/platform/mail/smtptest"
	"iom/internal/platform/migrate"
)

// demoSeed makes the same invented people every time.
const demoSeed = 20260101

// runDemo makes the demonstration scheme in a folder, or takes the one that is
// there, and serves it until it is told to stop.
func runDemo(ctx context.Context, args []string) (err error) {
	set := flags("demo")
	addr := set.String("addr", "127.0.0.1:8080", "loopback address to listen on")
	dir := set.String("data", "data", "folder of the demonstration; made when it is new")
	if err := parse(set, args); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // already closed when serving ended
	if err := openFolder(*dir); err != nil {
		return err
	}
	where, err := locate(ctx, filepath.Join(*dir, "postgres"), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, where.close()) }()
	accounts, err := prepareDemo(ctx, where, *dir)
	if err != nil {
		return err
	}
	// A mail server of its own: nothing leaves the machine, and one can see what would.
	server, err := smtptest.Start()
	if err != nil {
		return fmt.Errorf("the demonstration's mail server cannot start: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	post := letterbox{mail.Settings{Host: server.Host(), Port: server.Port(), From: "iom@sussex.example"}, "http://" + listener.Addr().String()}
	return serve(ctx, where, listener, serving{log: log, clock: clock.System{}, insecure: true, demo: true, post: post, mailbox: server.Page(), started: func() {
		printAccounts(accounts)
		fmt.Printf("\nMail that is sent arrives at http://%s%s and nowhere else.", listener.Addr(), mailboxAt)
		fmt.Printf("\nSign in at http://%s/sign-in with any of these. Everybody in the scheme is invented. Stop with Ctrl-C.\n", listener.Addr())
	}})
}

// openFolder makes the folder, and lets the user who runs PostgreSQL pass through
// it to the folder below.
func openFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w", dir, err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if os.Geteuid() == 0 && info.Mode().Perm()&0o001 == 0 {
		return os.Chmod(dir, info.Mode().Perm()|0o011)
	}
	return nil
}

// prepareDemo makes the scheme in an empty database, or reads the accounts of the
// one that was made here before.
func prepareDemo(ctx context.Context, where addresses, dir string) ([]demo.Credentials, error) {
	if where.migrate == "" {
		return nil, errors.New("set MIGRATE_DATABASE_URL: the address for the role iom_migrate")
	}
	if err := migrate.Up(ctx, where.migrate); err != nil {
		return nil, err
	}
	kept := filepath.Join(dir, "accounts.json")
	if content, err := os.ReadFile(kept); err == nil {
		var accounts []demo.Credentials
		if err := json.Unmarshal(content, &accounts); err != nil {
			return nil, fmt.Errorf("%s cannot be read; remove the folder %s and start again: %w", kept, dir, err)
		}
		return accounts, nil
	}
	fmt.Println("Making the demonstration scheme: five years of an invented Sussex. This takes a few minutes the first time.")
	accounts, err := demo.Make(ctx, where.app, demo.Options{Today: clock.Today(clock.System{}), Seed: demoSeed, Summarise: livelist.Refresh})
	if errors.Is(err, demo.ErrNotEmpty) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("the scheme could not be made; remove the folder %s and start again: %w", dir, err)
	}
	content, err := json.MarshalIndent(accounts, "", "  ")
	if err != nil {
		return nil, err
	}
	return accounts, os.WriteFile(kept, append(content, '\n'), 0o600)
}

func printAccounts(accounts []demo.Credentials) {
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "USERNAME\tPASSWORD\tROLE\tAREA\tAGENCY")
	for _, a := range accounts {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.Username, a.Password, a.Role, a.Area, a.Agency)
	}
	_ = table.Flush() // standard output has gone: nothing to do
}
