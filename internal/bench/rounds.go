package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/migrate"
)

// result is what was measured of one page, round by round.
type result struct {
	target
	runs   []run
	limits []float64 // pgbench with the same statements, transactions a second
	bytes  int
	failed int // answers other than 200 in all rounds
}

func (r result) rate() float64 {
	var all []float64
	for _, one := range r.runs {
		all = append(all, one.perSecond)
	}
	return median(all)
}

func (r result) limit() float64 { return median(r.limits) }

// ratio is the median of the ratios of each round: what disturbs the machine for
// a while disturbs both. 0 when pgbench was not asked.
func (r result) ratio() float64 {
	var all []float64
	for i, limit := range r.limits {
		all = append(all, r.runs[i].perSecond/limit)
	}
	return median(all)
}

func (r result) percentile(share float64) time.Duration {
	var all []float64
	for _, one := range r.runs {
		all = append(all, float64(one.percentile(share)))
	}
	return time.Duration(median(all))
}

// worked is the processor time of the server for one request.
func (r result) worked() time.Duration {
	var all []float64
	for _, one := range r.runs {
		all = append(all, float64(one.worked))
	}
	return time.Duration(median(all))
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// round measures a page and then pgbench, after a short warming up. The aims are
// about the live list, so that its pages are measured longest and with pgbench in
// each round; the orders are compared with each other alone, and the other pages
// with pgbench once.
func (b *bench) round(ctx context.Context, r *result) error {
	cookies, length := b.seen.cookies[r.as], b.length
	isList := strings.HasPrefix(r.name, listName)
	if !isList {
		length /= 2
	}
	if _, err := ask(ctx, b.full.addr, r.path, cookies, length/4); err != nil {
		return err
	}
	one, err := b.full.ask(ctx, r.path, cookies, length)
	if err != nil {
		return err
	}
	r.runs, r.bytes = append(r.runs, one), one.bytes
	r.failed += one.failed
	if !isList && (r.sort || len(r.limits) > 0) {
		return nil
	}
	limit, err := pgbench(ctx, b.pgbench, b.dir, b.server.URL(with, migrate.App), b.seen.trips[r.name], b.length)
	if err != nil {
		return err
	}
	r.limits = append(r.limits, limit)
	return nil
}

// comparison is one page over both databases.
type comparison struct {
	with, without []run
}

// times is how many times longer the page takes with a past.
func (c comparison) times() float64 {
	var all []float64
	for i := range c.with {
		all = append(all, c.without[i].perSecond/c.with[i].perSecond)
	}
	return median(all)
}

func (b *bench) compare(ctx context.Context, t target) (c comparison, err error) {
	cookies := b.seen.cookies[t.as]
	if _, err := ask(ctx, b.empty.addr, t.path, cookies, b.length/2); err != nil {
		return c, err
	}
	for range b.rounds + 2 {
		past, err := ask(ctx, b.full.addr, t.path, cookies, b.length)
		if err != nil {
			return c, err
		}
		now, err := ask(ctx, b.empty.addr, t.path, cookies, b.length)
		if err != nil {
			return c, err
		}
		c.with, c.without = append(c.with, past), append(c.without, now)
	}
	return c, nil
}

// copySessions lets the same cookies in at both databases, and lets pgbench, which
// works as the application's role alone, load a session as the application does.
func copySessions(ctx context.Context, from, to string) (err error) {
	source, err := pgx.Connect(ctx, from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close(context.WithoutCancel(ctx))) }()
	if _, err := source.Exec(ctx, `GRANT SELECT ON session TO `+migrate.App); err != nil {
		return err
	}
	type row struct {
		Hash, Data []byte
		Expires    time.Time
	}
	found, err := source.Query(ctx, `SELECT token_hash AS hash, data, expires_at AS expires FROM session`)
	if err != nil {
		return err
	}
	rows, err := pgx.CollectRows(found, pgx.RowToStructByName[row])
	if err != nil {
		return err
	}
	target, err := pgx.Connect(ctx, to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close(context.WithoutCancel(ctx))) }()
	for _, r := range rows {
		if _, err := target.Exec(ctx, `INSERT INTO session (token_hash, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, r.Hash, r.Data, r.Expires); err != nil {
			return err
		}
	}
	return nil
}
