package main

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

func TestAScriptHasTheSameRoundTripsAndValues(t *testing.T) {
	t.Parallel()
	got, variables, err := script([]trip{
		{[]statement{{"SELECT data FROM session WHERE token_hash = $1 AND note = $2", []any{[]byte{1, 255}, ""}}}},
		{[]statement{{"BEGIN", nil}, {"SELECT $1::text, $2::date, $2::date, $3::bigint[]", []any{ref.NominalID(7), clock.NewDate(2026, 6, 1), []int64{1, 2}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "SELECT data FROM session WHERE token_hash = :s1a1 AND note = '';\n\\startpipeline\nBEGIN;\n" +
		"SELECT :s3a1::text, '2026-06-01'::date, '2026-06-01'::date, :s3a3::bigint[];\n\\endpipeline\n"
	if got != want {
		t.Errorf("the script is\n%s, want\n%s", got, want)
	}
	if want := []string{`s1a1=\x01ff`, "s3a1=7", `s3a3={"1","2"}`}; !slices.Equal(variables, want) {
		t.Errorf("the variables are %q, want %q", variables, want)
	}
	// pgbench would take :MI for a variable, and no more than that may change.
	got, _, err = script([]trip{{[]statement{{"SELECT to_char($1::timestamptz, 'HH24:MI'), '12:30'::text", []any{"2026-06-01"}}}}})
	if want := "SELECT to_char(:s1a1::timestamptz, ('HH24:' || 'MI')), '12:30'::text;\n"; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if _, _, err := script([]trip{{[]statement{{"SELECT $1", []any{1.5}}}}}); err == nil {
		t.Error("an argument that cannot be given was left out silently")
	}
}

func TestOnlyTheLastSecondsCount(t *testing.T) {
	t.Parallel()
	output := "progress: 1.0 s, 10.0 tps, lat 1 ms\nprogress: 2.0 s, 500.0 tps, lat 1 ms\nprogress: 3.0 s, 700.0 tps, lat 1 ms\ntps = 1\n"
	if got, err := rate(output, 2); err != nil || got != 600 {
		t.Errorf("%v a second, %v; want 600", got, err)
	}
	if _, err := rate(output, 4); err == nil {
		t.Error("a second that pgbench does not tell of was made up")
	}
}

func TestMedianAndPercentile(t *testing.T) {
	t.Parallel()
	r := run{took: []time.Duration{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}
	if r.percentile(0.5) != 6 || r.percentile(0.99) != 10 || (run{}).percentile(0.5) != 0 {
		t.Errorf("percentiles %d and %d, want 6 and 10", r.percentile(0.5), r.percentile(0.99))
	}
	of := result{runs: []run{{perSecond: 50}, {perSecond: 90}, {perSecond: 10}}, limits: []float64{100, 100, 100}}
	if of.ratio() != 0.5 || of.rate() != 50 {
		t.Errorf("ratio %v, rate %v; want the median", of.ratio(), of.rate())
	}
}

func TestAnAnswerIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	in := bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno" +
		"HTTP/1.1 200 OK\r\n\r\n"))
	for _, want := range []struct {
		ok     bool
		length int
		fails  bool
	}{{true, 3, false}, {false, 2, false}, {false, 0, true}} {
		ok, length, err := answer(in)
		if ok != want.ok || length != want.length || (err != nil) != want.fails {
			t.Errorf("%v, %d, %v; want %+v", ok, length, err, want)
		}
	}
}

func TestTheWorkOfAProcessIsRead(t *testing.T) {
	t.Parallel()
	// The fields of proc(5): state is the third, utime the fourteenth, stime the fifteenth.
	line := "42 (a (very) odd name) S 1 42 42 0 -1 4194560 900 0 3 0 250 50 7 8 20 0 12 0 3600 1 2"
	if got, err := workedFrom(line); err != nil || got != 3*time.Second {
		t.Errorf("%v, %v; want 250 and 50 hundredths", got, err)
	}
	if _, err := workedFrom("42 (cut) S 1"); err == nil {
		t.Error("a line that tells no time was read")
	}
	if own, err := (&process{command: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}).worked(); err != nil || own < 0 {
		t.Errorf("of this very process: %v, %v", own, err)
	}
}
