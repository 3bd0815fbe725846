// Command bench measures the real server over a generated scheme: pages against
// pgbench with the same statements, growth with the past, bytes, memory, start.
// Both run in turns, several times, and the median counts, since a machine is
// never quiet: only ratios within one run mean anything.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
)

// The databases that are compared.
const (
	without = "iom_now"
	with    = "iom_past"
)

type options struct {
	iom, pgbench string
	dir          string
	listed, past int
	rounds       int
	length       time.Duration
	keep         bool
	only         string
	explain      bool
	above        float64 // milliseconds
	profile      string
}

func main() {
	var o options
	flag.StringVar(&o.iom, "iom", "bin/iom", "the program that is measured")
	flag.StringVar(&o.pgbench, "pgbench", "pgbench", "pgbench of the installed PostgreSQL")
	flag.IntVar(&o.listed, "listed", 10_000, "people on the list")
	flag.IntVar(&o.past, "past", 200_000, "people who were deregistered")
	flag.IntVar(&o.rounds, "rounds", 3, "how many times each is measured, in turns")
	flag.DurationVar(&o.length, "length", 2*time.Second, "how long each round of each lasts, in whole seconds")
	flag.StringVar(&o.dir, "dir", "", "a folder for the databases, which are kept there for another run; a temporary one when empty")
	flag.BoolVar(&o.keep, "hold", false, "keep the servers up after the table until interrupted, for looking closer")
	flag.StringVar(&o.only, "only", "", "measure only the pages whose name begins so, or search, or meeting")
	flag.BoolVar(&o.explain, "explain", false, "do not measure, but say what Postgres does for each statement")
	flag.Float64Var(&o.above, "above", 3, "with -explain: show the plans of statements that take more milliseconds than this")
	flag.StringVar(&o.profile, "profile", "", "do not measure, but write where the server's own time goes to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, o options) (err error) {
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "iom-bench-"); err != nil {
			return err
		}
		// The cluster may belong to another user, who has to come through.
		if err := os.Chmod(dir, 0o711); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	server, err := pgserver.Start(ctx, pgserver.Options{Dir: filepath.Join(dir, "postgres"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	start := time.Now()
	fmt.Printf("Making %d people on the list and %d in the past. This takes some minutes.\n", o.listed, o.past)
	s, err := databases(ctx, server, dir, o.listed, o.past)
	if err != nil {
		return err
	}
	fmt.Printf("Made in %s.\n", time.Since(start).Round(time.Second))
	b := bench{options: o, server: server, scheme: s, dir: dir}
	defer func() { err = errors.Join(err, b.stop()) }() // before the database: deferred calls run last first
	if err := b.run(ctx); err != nil {
		return err
	}
	if o.explain || o.profile != "" {
		return nil
	}
	b.print(os.Stdout)
	if o.keep {
		fmt.Println("Held:", server.URL(with, pgserver.Superuser), "http://"+b.full.addr, b.seen.cookies[s.Coordinator][0])
		<-ctx.Done()
	}
	return nil
}

// target is a page that is measured.
type target struct {
	name, path string
	as         ref.AccountID
	sort       bool // one of the orders that are compared
}

// listName is the page that the aims are about.
const listName = "live list"

func targets(s scheme) []target {
	all := []target{
		{name: listName, path: "/live-list", as: s.Coordinator},
		{name: "live list, one area", path: "/live-list", as: s.Worker},
		{name: "live list, one lead", path: "/live-list?lead=" + ref.Text(s.Workers[7]), as: s.Coordinator},
		{name: "live list, custody", path: "/live-list?tab=custody", as: s.Coordinator},
		{name: "home", path: "/", as: s.Coordinator},
		{name: "referrals", path: "/referrals", as: s.Coordinator},
		{name: "meetings", path: "/meetings", as: s.Coordinator},
		{name: "person", path: "/nominals/17", as: s.Coordinator},
		{name: "person: plan", path: "/nominals/17/plan", as: s.Coordinator},
		{name: "actions: mine", path: "/actions", as: s.Worker},
		{name: "actions: all open", path: "/actions?list=open", as: s.Coordinator},
		{name: "actions: done", path: "/actions?list=done", as: s.Coordinator},
	}
	for _, sort := range livelist.Sorts {
		all = append(all, target{"sorted by " + string(sort), "/live-list?sort=" + string(sort), s.Coordinator, true})
	}
	return all
}

// bench is one run of everything.
type bench struct {
	options
	server *pgserver.Server
	scheme scheme
	dir    string

	seen        captured
	full, empty *process // over the database with the past, and without
	results     []result
	growth      comparison
	searches    []searched
	meeting     *meetingResult
	memory      float64 // MB, after all
}

func (b *bench) run(ctx context.Context) (err error) {
	address := func(name, role string) string { return b.server.URL(name, role) }
	accounts := []ref.AccountID{b.scheme.Coordinator, b.scheme.Worker}
	if b.only == searchName {
		b.searches, err = b.search(ctx)
		return err
	}
	if b.only == "" || b.only == meetingName {
		m, err := b.meet(ctx)
		if b.meeting = &m; err != nil || b.only != "" {
			return err
		}
	}
	all := slices.DeleteFunc(targets(b.scheme), func(t target) bool { return !strings.HasPrefix(t.name, b.only) })
	if len(all) == 0 {
		return errors.New("no page has such a name")
	}
	if b.seen, err = capture(ctx, address(with, migrate.App), address(with, migrate.Sessions), accounts, all); err != nil {
		return err
	}
	if err := copySessions(ctx, address(with, pgserver.Superuser), address(without, pgserver.Superuser)); err != nil {
		return err
	}
	if b.explain {
		return b.explainAll(ctx, os.Stdout, with, all)
	}
	if b.profile != "" {
		pages := make([]asking, len(all))
		for i, t := range all {
			pages[i] = asking{t.path, b.seen.cookies[t.as]}
		}
		return b.profiled(ctx, with, pages)
	}
	if b.full, err = launch(ctx, b.iom, address(with, migrate.App), address(with, migrate.Sessions)); err != nil {
		return err
	}
	if b.empty, err = launch(ctx, b.iom, address(without, migrate.App), address(without, migrate.Sessions)); err != nil {
		return err
	}
	for _, t := range all {
		b.results = append(b.results, result{target: t})
	}
	for n := range b.rounds { // each page once, then again: what disturbs the machine for a while disturbs no page alone
		for i := range b.results {
			if err := b.round(ctx, &b.results[i]); err != nil {
				return err
			}
		}
		fmt.Fprintf(os.Stderr, "Round %d of %d is done.\n", n+1, b.rounds)
	}
	if b.only == "" {
		if b.searches, err = b.search(ctx); err != nil {
			return err
		}
	}
	if b.growth, err = b.compare(ctx, all[0]); err != nil {
		return err
	}
	b.memory, err = b.full.resident()
	return err
}

func (b *bench) stop() error { return errors.Join(b.full.stop(), b.empty.stop()) }
