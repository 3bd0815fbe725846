package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// The aims of the product.
const (
	aimRatio  = 0.5
	aimP99    = 50 * time.Millisecond
	aimGrowth = 1.2
	aimSort   = 1.3
	aimBytes  = 15_000
	aimMemory = 64.0 // MB
	aimReady  = 300 * time.Millisecond
	aimSearch = 10 * time.Millisecond // p95
	aimFound  = 0.98
	aimTold   = 300 * time.Millisecond // p99
	aimSheet  = 50 * time.Millisecond  // p99
	aimPapers = 3 * time.Second
)

// print writes what was measured beside what was aimed at.
func (b *bench) print(to io.Writer) {
	out := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) } // standard output has gone: nothing to do
	line("\n%d on the list, %d in the past, %d connections, PostgreSQL %d, median of %d rounds of %s in turns\n",
		b.scheme.Listed, b.scheme.Past, connections, b.server.Major(), b.rounds, b.length)
	line("page\trequests/s\tpgbench\tratio\tp50\tp99\twork\tbytes\ttrips\tstatements\tfailed")
	for _, r := range b.results {
		n := 0
		for _, t := range b.seen.trips[r.name] {
			n += len(t.statements)
		}
		line("%s\t%.0f\t%.0f\t%.2f\t%s\t%s\t%s\t%d\t%d\t%d\t%d", r.name, r.rate(), r.limit(), r.ratio(), ms(r.percentile(0.5)), ms(r.percentile(0.99)),
			ms2(r.worked()), r.bytes, len(b.seen.trips[r.name]), n, r.failed)
	}
	if len(b.searches) > 0 {
		line("\nsearch by name, %d of each\tp50\tp95\tfound", sought)
		for _, s := range b.searches {
			line("%s\t%s\t%s\t%.1f %%", s.spelling, ms(s.percentile(0.5)), ms(s.percentile(0.95)), 100*s.found)
		}
	}
	if b.meeting != nil {
		b.meeting.print(line)
	}
	if len(b.results) > 0 && b.results[0].name == listName { // not with -only of other pages
		b.aims(line)
	}
	_ = out.Flush() // standard output has gone: nothing to do
}

// aims writes what was measured beside what was wanted.
func (b *bench) aims(line func(format string, args ...any)) {
	list := b.results[0]
	line("\naim\taimed at\tmeasured\t")
	line("live list against pgbench\tat least %.2f\t%.2f\t%s", aimRatio, list.ratio(), met(list.ratio() >= aimRatio))
	line("live list, p99\tat most %s\t%s\t%s", ms(aimP99), ms(list.percentile(0.99)), met(list.percentile(0.99) <= aimP99))
	line("live list, with the past : without\tat most %.1f\t%.2f\t%s", aimGrowth, b.growth.times(), met(b.growth.times() <= aimGrowth))
	if slowest, spread := b.spread(); spread > 0 {
		line("slowest order (%s) : quickest\tat most %.1f\t%.2f\t%s", slowest, aimSort, spread, met(spread <= aimSort))
	}
	line("live list, bytes\tat most %d\t%d\t%s", aimBytes, list.bytes, met(list.bytes <= aimBytes))
	for _, s := range b.searches {
		took := s.percentile(0.95)
		line("search, %s, p95 and found\tat most %s, at least %.0f %%\t%s, %.1f %%\t%s", s.spelling, ms(aimSearch), 100*aimFound, ms(took), 100*s.found,
			met(took <= aimSearch && s.found >= aimFound))
	}
	line("resident memory\tat most %.0f MB\t%.0f MB\t%s", aimMemory, b.memory, met(b.memory <= aimMemory))
	line("start to ready\tat most %s\t%s\t%s", ms(aimReady), ms(b.full.ready), met(b.full.ready <= aimReady))
}

// print writes what was measured of a meeting beside what was wanted.
func (m meetingResult) print(line func(format string, args ...any)) {
	told := run{took: m.told}
	line("\nmeeting of %d cases\taimed at\tmeasured\t", discussed)
	line("a change reaches %d followers at two processes, p50\t\t%s\t", following, ms(told.percentile(0.5)))
	line("the same, p99\tat most %s\t%s\t%s", ms(aimTold), ms(told.percentile(0.99)), met(told.percentile(0.99) <= aimTold))
	line("changes that did not come, of %d\tnone\t%d\t%s", following*changes, m.lost, met(m.lost == 0))
	line("sheet of a case, one reader, p50\t\t%s\t", ms(m.one.percentile(0.5)))
	line("the same, p99\tat most %s\t%s\t%s", ms(aimSheet), ms(m.one.percentile(0.99)), met(m.one.percentile(0.99) <= aimSheet))
	line("sheet of a case, %d connections, p99\tat most %s\t%s\t%s", connections, ms(aimSheet), ms(m.all.percentile(0.99)), met(m.all.percentile(0.99) <= aimSheet))
	line("the server's work for a sheet\t\t%s\t", ms2(m.one.worked))
	line("papers of %d cases, slowest of %d\tat most %s\t%s\t%s", discussed, len(m.papers.took), ms(aimPapers), ms(m.papers.percentile(1)), met(m.papers.percentile(1) <= aimPapers))
	line("papers, compressed, and the server's work\t\t%d bytes, %s\t", m.papers.bytes, ms2(m.papers.worked))
}

// spread is how many times longer the slowest order takes than the quickest.
func (b *bench) spread() (slowest string, times float64) {
	var low, high float64
	for _, r := range b.results {
		if !r.sort {
			continue
		}
		rate := r.rate()
		if low == 0 || rate < low {
			low, slowest = rate, r.name
		}
		high = max(high, rate)
	}
	if low == 0 {
		return "none", 0
	}
	return slowest, high / low
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "MISSED"
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }

// ms2 is ms to a hundredth.
func ms2(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
